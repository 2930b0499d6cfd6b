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

use notify::{EventKind, RecommendedWatcher, RecursiveMode, Watcher};
use tracing::{info, warn};

use crate::{
    archive::{Archive, Refreshed},
    face::metrics::Metrics,
};

/// How long nothing more must happen before a change is taken in: a file is rarely written in one go.
const QUIET: Duration = Duration::from_millis(250);

/// How often a change is waited upon in this way, so that a file that grows for ever is read all the same.
const QUIET_WAITS: usize = 4;

/// After how long the folders are looked at though nothing was heard of them.
const LOOK_AGAIN: Duration = Duration::from_mins(5);

/// The same where they cannot be watched.
const LOOK_AGAIN_UNWATCHED: Duration = Duration::from_secs(30);

/// Takes in what has changed at `paths` since the archive was opened, and, if `watch` is set, what changes
/// from now on. Returns at once.
pub fn start(archive: Arc<Archive>, paths: Vec<PathBuf>, watch: bool, metrics: Arc<Metrics>) {
    if archive.is_read_only() {
        return;
    }
    let keep = move || {
        let (tell, told) = channel();
        // Watching begins before the first look, so that nothing falls between the two.
        let watcher = watch.then(|| watcher(&paths, tell)).flatten();
        let patience = if watcher.is_some() {
            LOOK_AGAIN
        } else {
            LOOK_AGAIN_UNWATCHED
        };
        refresh(&archive, &paths, &metrics);
        while watch && wait(&told, patience) {
            refresh(&archive, &paths, &metrics);
        }
    };
    if let Err(error) = thread::Builder::new().name("upkeep".to_owned()).spawn(keep) {
        warn!(%error, "the archive is not kept up to date");
    }
}

/// Waits until something has changed and all is quiet again, or for as long as `patience` says. Says whether
/// to go on.
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
        Err(RecvTimeoutError::Timeout) => true,
        Err(RecvTimeoutError::Disconnected) => {
            // Nobody is left to tell of anything; looking again every now and then is what remains.
            thread::sleep(patience);
            true
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
                let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
                (folder.unwrap_or(Path::new(".")), RecursiveMode::NonRecursive)
            };
            watcher.watch(place, mode)?;
        }
        Ok(watcher)
    });
    watched
        .inspect_err(|error| warn!(%error, "the articles cannot be watched; they are looked at now and then"))
        .ok()
}

fn refresh(archive: &Archive, paths: &[PathBuf], metrics: &Metrics) {
    let refreshed = archive.refresh(paths, &|_| {});
    #[expect(
        clippy::disallowed_methods,
        reason = "a face is where the clock is read"
    )]
    let now = jiff::Timestamp::now();
    metrics.refreshed(refreshed.is_ok(), now.as_duration().as_secs_f64());
    match refreshed {
        Ok(refreshed) if refreshed.changed() => {
            let Refreshed { articles, gone, .. } = refreshed;
            info!(articles, gone, "took in what is new");
        }
        Ok(_) => {}
        Err(error) => warn!(%error, "what is new could not be taken in; answers come from what is known"),
    }
}
