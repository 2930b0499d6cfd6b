//! Keeping the archive up to date while the bot runs, on a thread of its own.
//!
//! The file system tells of changes; what it cannot tell of (a network folder, more folders than may be
//! watched) is found by looking again every few minutes. Answers never wait for it: a search sees the last
//! commit, and a refresh that fails leaves it as it is.

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        mpsc::{Receiver, RecvTimeoutError, Sender, channel},
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

/// Takes in what has changed since the archive was opened, and what changes from now on. Returns at once.
pub fn start(archive: Arc<Archive>, upkeep: Upkeep) {
    let keep = move || keep(&archive, upkeep);
    if let Err(error) = thread::Builder::new().name("upkeep".to_owned()).spawn(keep) {
        warn!(%error, "the archive is not kept up to date");
    }
}

/// As [`start`], on this thread.
pub fn keep(archive: &Archive, mut upkeep: Upkeep) {
    if !upkeep.takes_in || archive.is_read_only() {
        return look_on(archive, &upkeep);
    }
    let (tell, told) = channel();
    // Watching begins before the first look, so that nothing falls between the two.
    let watcher = upkeep.watch.then(|| watcher(&upkeep.paths, tell)).flatten();
    let patience = if watcher.is_some() {
        LOOK_AGAIN
    } else {
        LOOK_AGAIN_UNWATCHED
    };
    refresh(archive, &upkeep);
    loop {
        if poll(archive, &mut upkeep.feeds, now()) > 0 {
            upkeep.arrivals.articles_came();
        }
        let due = upkeep.feeds.next().map(|next| until(next, now()));
        match (upkeep.watch, due) {
            (true, due) => {
                let patience = due.map_or(patience, |due| due.min(patience));
                if wait(&told, patience) || due.is_none_or(|due| due > patience) {
                    refresh(archive, &upkeep);
                }
            }
            (false, Some(due)) => thread::sleep(due),
            (false, None) => return,
        }
    }
}

/// Looks now and then whether another process took something in, and says so.
fn look_on(archive: &Archive, upkeep: &Upkeep) {
    let mut seen = archive.index().highest().unwrap_or_default();
    loop {
        thread::sleep(LOOK_ON);
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

/// Waits until something has changed and all is quiet again, or for as long as `patience` says. Says whether
/// something has changed.
fn wait(told: &Receiver<()>, patience: Duration) -> bool {
    match told.recv_timeout(patience) {
        Ok(()) => {
            for _ in 0..QUIET_WAITS {
                if told.recv_timeout(QUIET).is_err() {
                    break;
                }
                while told.try_recv().is_ok() {}
            }
            true
        }
        Err(RecvTimeoutError::Timeout) => false,
        Err(RecvTimeoutError::Disconnected) => {
            // Nobody is left to tell of anything; looking again every now and then is what remains.
            thread::sleep(patience);
            false
        }
    }
}

/// A watcher of `paths`; nothing where they cannot be watched.
fn watcher(paths: &[PathBuf], tell: Sender<()>) -> Option<RecommendedWatcher> {
    let heard = move |event: notify::Result<notify::Event>| {
        let reading = event.is_ok_and(|event| matches!(event.kind, EventKind::Access(_)));
        if !reading {
            // After the end of the thread nobody listens.
            let _ = tell.send(());
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
