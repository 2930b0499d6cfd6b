//! Keeping the archive up to date while the bot runs, on a thread of its own.
//!
//! The file system tells of changes; what it cannot tell of (a network folder, more folders than may be
//! watched) is found by looking again every few minutes. Answers never wait for it: a search sees the last
//! commit, and a refresh that fails leaves it as it is.

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        mpsc::{Receiver, RecvTimeoutError, Sender, SyncSender, channel, sync_channel},
    },
    thread,
    time::Duration,
};

use jiff::Timestamp;
use notify::{EventKind, RecommendedWatcher, RecursiveMode, Watcher};
use tracing::{debug, info, warn};

use crate::{
    archive::{Archive, Refreshed},
    article::{FeedReader, Outcome, Polled},
    face::{discord::Arrivals, metrics::Metrics},
};

/// How long nothing more must happen before a change is taken in: a file is rarely written in one go.
const QUIET: Duration = Duration::from_millis(250);

/// How often a change is waited upon in this way, so that a file that grows for ever is read all the same.
const QUIET_WAITS: usize = 4;

/// After how long the folders are looked at though nothing was heard of them.
const LOOK_AGAIN: Duration = Duration::from_mins(5);

/// The same where they cannot be watched.
const LOOK_AGAIN_UNWATCHED: Duration = Duration::from_secs(30);

/// How often it is looked whether another process took something in.
const LOOK_ON: Duration = Duration::from_mins(1);

/// What is kept up to date, and how.
pub struct Upkeep {
    /// Folders and files of articles.
    pub paths: Vec<PathBuf>,
    /// Whether changes are taken in while the bot runs.
    pub watch: bool,
    /// Whether this process takes in what is new; else it only looks whether another one did.
    pub takes_in: bool,
    /// Feeds on the web.
    pub feeds: FeedReader,
    /// Where it is counted.
    pub metrics: Arc<Metrics>,
    /// Who is told that articles came in.
    pub arrivals: Arrivals,
}

/// What keeps to an archive from now on.
pub struct Renewed {
    /// The archive.
    pub archive: Arc<Archive>,
    /// Folders and files of articles.
    pub paths: Vec<PathBuf>,
    /// Whether changes are taken in while the bot runs.
    pub watch: bool,
    /// Feeds on the web.
    pub feeds: FeedReader,
}

/// What the thread is told.
enum Told {
    /// Something has changed at the paths.
    Changed,
    /// To stand still until it is told what to go on with, and to say that it does.
    Pause(SyncSender<()>, Receiver<Renewed>),
}

/// What heard of something, or of nothing for a while.
enum Heard {
    Change,
    Nothing,
    Renewed(Box<Renewed>),
}

/// A thread that keeps an archive up to date, as it is seen by whoever may give it another.
pub struct Keeper(Sender<Told>);

/// A thread that stands still. When this goes, it goes on as before.
pub struct Paused(Sender<Renewed>);

impl Keeper {
    /// Lets the thread stand still, so that nothing is written to its archive; nothing where that takes longer than
    /// `patience`, since articles are being read.
    #[must_use]
    pub fn pause(&self, patience: Duration) -> Option<Paused> {
        let (standing, stands) = sync_channel(1);
        let (renew, renewed) = channel();
        self.0.send(Told::Pause(standing, renewed)).ok()?;
        stands.recv_timeout(patience).ok()?;
        Some(Paused(renew))
    }
}

impl Paused {
    /// Lets the thread go on with this.
    pub fn go_on_with(self, renewed: Renewed) {
        // Where the thread is gone, the archive is asked as it is.
        let _ = self.0.send(renewed);
    }
}

/// Takes in what has changed since the archive was opened, and what changes from now on. Returns at once.
#[must_use]
pub fn start(archive: Arc<Archive>, upkeep: Upkeep) -> Keeper {
    let (tell, told) = channel();
    let keeper = Keeper(tell.clone());
    let keep = move || keep_told(archive, upkeep, &tell, &told);
    if let Err(error) = thread::Builder::new().name("upkeep".to_owned()).spawn(keep) {
        warn!(%error, "the archive is not kept up to date");
    }
    keeper
}

/// As [`start`], on this thread, for ever.
pub fn keep(archive: Arc<Archive>, upkeep: Upkeep) {
    let (tell, told) = channel();
    keep_told(archive, upkeep, &tell, &told);
}

fn keep_told(
    mut archive: Arc<Archive>,
    mut upkeep: Upkeep,
    tell: &Sender<Told>,
    told: &Receiver<Told>,
) {
    loop {
        let renewed = if upkeep.takes_in && !archive.is_read_only() {
            take_in(&archive, &mut upkeep, tell, told)
        } else {
            look_on(&archive, &upkeep, told)
        };
        let Renewed {
            archive: other,
            paths,
            watch,
            feeds,
        } = renewed;
        archive = other;
        upkeep = Upkeep {
            paths,
            watch,
            feeds,
            ..upkeep
        };
        upkeep.arrivals.articles_came();
    }
}

/// Takes in what is new, until it is told to do so with something else.
fn take_in(
    archive: &Archive,
    upkeep: &mut Upkeep,
    tell: &Sender<Told>,
    told: &Receiver<Told>,
) -> Renewed {
    // Watching begins before the first look, so that nothing falls between the two.
    let watcher = upkeep
        .watch
        .then(|| watcher(&upkeep.paths, tell.clone()))
        .flatten();
    let patience = if watcher.is_some() {
        LOOK_AGAIN
    } else {
        LOOK_AGAIN_UNWATCHED
    };
    refresh(archive, upkeep);
    loop {
        if poll(archive, &mut upkeep.feeds, now()) > 0 {
            upkeep.arrivals.articles_came();
        }
        let due = upkeep.feeds.next().map(|next| until(next, now()));
        let patience = match (upkeep.watch, due) {
            (true, due) => due.map_or(patience, |due| due.min(patience)),
            (false, due) => due.unwrap_or(Duration::MAX),
        };
        match wait(told, patience) {
            Heard::Renewed(renewed) => return *renewed,
            Heard::Change if upkeep.watch => refresh(archive, upkeep),
            // A feed may have been what was waited for.
            Heard::Nothing if upkeep.watch && due.is_none_or(|due| due > patience) => {
                refresh(archive, upkeep);
            }
            Heard::Change | Heard::Nothing => {}
        }
    }
}

/// Looks now and then whether another process took something in, and says so; until it is told to look at
/// something else.
fn look_on(archive: &Archive, upkeep: &Upkeep, told: &Receiver<Told>) -> Renewed {
    let mut seen = archive.index().highest().unwrap_or_default();
    loop {
        if let Heard::Renewed(renewed) = wait(told, LOOK_ON) {
            return *renewed;
        }
        // An index that is away now is looked at again.
        if let Ok(highest) = archive.index().highest()
            && highest != seen
        {
            seen = highest;
            upkeep.arrivals.articles_came();
        }
    }
}

/// Asks the feeds that are due, and takes in what they send. Says how many articles were new.
pub fn poll(archive: &Archive, feeds: &mut FeedReader, now: Timestamp) -> u64 {
    let mut new = 0;
    for Polled { url, outcome } in feeds.poll(now) {
        match outcome {
            Outcome::Articles(entries) => {
                let mut articles = Vec::new();
                for entry in entries {
                    match entry {
                        Ok(article) => articles.push(article),
                        Err(reason) => {
                            debug!(feed = url, %reason, "an entry of a feed is left out");
                        }
                    }
                }
                match archive.take_in(&url, articles) {
                    Ok(0) => {}
                    Ok(count) => {
                        info!(feed = url, articles = count, "took in what a feed sent");
                        new += count;
                    }
                    Err(error) => {
                        warn!(feed = url, %error, "what a feed sent could not be taken in");
                    }
                }
            }
            Outcome::Unchanged => {}
            Outcome::Failed(reason, again) => {
                let again = again.map(|again| again.to_string());
                warn!(feed = url, %reason, again, "a feed could not be read");
            }
        }
    }
    new
}

fn now() -> Timestamp {
    #[expect(
        clippy::disallowed_methods,
        reason = "a face is where the clock is read"
    )]
    Timestamp::now()
}

/// How long it is until `next`; at least a second, so that a clock that was set back is no busy loop.
fn until(next: Timestamp, now: Timestamp) -> Duration {
    Duration::try_from(next.duration_since(now))
        .unwrap_or_default()
        .max(Duration::from_secs(1))
}

/// Waits until something has changed and all is quiet again, until something else is to be kept, or for as long as
/// `patience` says.
fn wait(told: &Receiver<Told>, patience: Duration) -> Heard {
    match told.recv_timeout(patience) {
        Ok(Told::Pause(standing, renewed)) => stand(&standing, &renewed),
        Ok(Told::Changed) => settle(told),
        Err(RecvTimeoutError::Timeout) => Heard::Nothing,
        Err(RecvTimeoutError::Disconnected) => {
            // Nobody is left to tell of anything; looking again every now and then is what remains.
            thread::sleep(patience);
            Heard::Nothing
        }
    }
}

/// Waits until all is quiet after a change.
fn settle(told: &Receiver<Told>) -> Heard {
    for _ in 0..QUIET_WAITS {
        let Ok(mut next) = told.recv_timeout(QUIET) else {
            break;
        };
        // All that has come in meanwhile counts as one.
        loop {
            if let Told::Pause(standing, renewed) = next
                && let Heard::Renewed(renewed) = stand(&standing, &renewed)
            {
                return Heard::Renewed(renewed);
            }
            match told.try_recv() {
                Ok(another) => next = another,
                Err(_) => break,
            }
        }
    }
    Heard::Change
}

/// Stands still until whoever asked for it says what to go on with, or goes away.
fn stand(standing: &SyncSender<()>, renewed: &Receiver<Renewed>) -> Heard {
    // Whoever asked may have lost patience.
    if standing.send(()).is_err() {
        return Heard::Nothing;
    }
    match renewed.recv() {
        Ok(renewed) => Heard::Renewed(Box::new(renewed)),
        Err(_) => Heard::Nothing,
    }
}

/// A watcher of `paths`; nothing where they cannot be watched.
fn watcher(paths: &[PathBuf], tell: Sender<Told>) -> Option<RecommendedWatcher> {
    let heard = move |event: notify::Result<notify::Event>| {
        let reading = event.is_ok_and(|event| matches!(event.kind, EventKind::Access(_)));
        if !reading {
            // After the end of the thread nobody listens.
            let _ = tell.send(Told::Changed);
        }
    };
    let watched = notify::recommended_watcher(heard).and_then(|mut watcher| {
        for path in paths {
            // A file that is replaced is another file: its folder tells of it.
            let (place, mode) = if path.is_dir() {
                (path.as_path(), RecursiveMode::Recursive)
            } else {
                let folder = path
                    .parent()
                    .filter(|folder| !folder.as_os_str().is_empty());
                (
                    folder.unwrap_or(Path::new(".")),
                    RecursiveMode::NonRecursive,
                )
            };
            watcher.watch(place, mode)?;
        }
        Ok(watcher)
    });
    watched
        .inspect_err(|error| warn!(%error, "the articles cannot be watched; they are looked at now and then"))
        .ok()
}

fn refresh(archive: &Archive, upkeep: &Upkeep) {
    let refreshed = archive.refresh(&upkeep.paths, &|_| {});
    upkeep
        .metrics
        .refreshed(refreshed.is_ok(), now().as_duration().as_secs_f64());
    match refreshed {
        Ok(refreshed) if refreshed.changed() => {
            let Refreshed { articles, gone, .. } = refreshed;
            info!(articles, gone, "took in what is new");
            upkeep.arrivals.articles_came();
        }
        Ok(_) => {}
        Err(error) => {
            warn!(%error, "what is new could not be taken in; answers come from what is known");
        }
    }
}
