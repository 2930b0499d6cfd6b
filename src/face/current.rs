//! What holds now, and may be replaced while it is used.
//!
//! Whoever begins something takes what holds at that moment and keeps to it; nobody waits for anybody. What was
//! replaced goes when its last user is done.

use std::sync::Arc;

use tokio::sync::watch;

/// A value that is replaced as a whole. Copies see the same.
#[derive(Debug)]
pub struct Current<T>(watch::Sender<Arc<T>>);

impl<T> Clone for Current<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T> Current<T> {
    /// This holds.
    #[must_use]
    pub fn new(value: Arc<T>) -> Self {
        Self(watch::Sender::new(value))
    }

    /// What holds now.
    #[must_use]
    pub fn get(&self) -> Arc<T> {
        Arc::clone(&self.0.borrow())
    }

    /// From now on, this holds.
    pub fn replace(&self, value: Arc<T>) {
        self.0.send_replace(value);
    }
}
