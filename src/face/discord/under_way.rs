//! What is under way, so that an end can wait for it.

use std::{sync::Mutex, time::Duration};

use tokio::sync::mpsc::{Receiver, Sender, channel};

use super::searching::lock;

/// Counts what is under way and admits nothing once it is closed.
pub struct UnderWay {
    /// Each piece of work holds a clone; when the last is gone, the receiver hears it.
    open: Mutex<Option<Sender<()>>>,
    done: tokio::sync::Mutex<Receiver<()>>,
}

/// Work under way, while this lives.
pub struct Work(#[expect(dead_code, reason = "it counts by being alive")] Sender<()>);

impl UnderWay {
    /// Nothing is under way yet.
    #[must_use]
    pub fn new() -> Self {
        let (open, done) = channel(1);
        Self {
            open: Mutex::new(Some(open)),
            done: tokio::sync::Mutex::new(done),
        }
    }

    /// Begins a piece of work, unless the end has begun.
    #[must_use]
    pub fn begin(&self) -> Option<Work> {
        lock(&self.open).clone().map(Work)
    }

    /// Admits no more and waits for what is under way, at most so long. Says whether all of it was finished.
    pub async fn finish(&self, most: Duration) -> bool {
        drop(lock(&self.open).take());
        let mut done = self.done.lock().await;
        // Nothing is ever sent; the channel closes with the last sender.
        tokio::time::timeout(most, done.recv()).await.is_ok()
    }
}
