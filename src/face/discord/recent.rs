//! Recent questions with their answers, so that an answer follows its question when that is edited or
//! deleted. Bounded, in memory only, and without the words of either.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use moka::sync::Cache;
use serenity::all::{ChannelId, MessageId, Timestamp, UserId};
use tokio::sync::{Mutex, MutexGuard};

use super::{look::Look, searching::lock};
use crate::command::Call;

/// A question and what became of it.
#[derive(Default)]
pub struct Pair {
    deleted: AtomicBool,
    /// When it was last edited, of the edits that were heard of, answered or not.
    edited: std::sync::Mutex<Option<Timestamp>>,
    state: Mutex<Exchange>,
}

/// What is known of a question.
#[derive(Default)]
pub struct Exchange {
    /// Who asked.
    pub asker: Option<UserId>,
    /// What it replies to.
    pub previous: Option<Call>,
    /// Whether it replies to a message of the bot.
    pub replies: bool,
    /// A hash of its text: an edit that leaves the text alone is none.
    pub text: u64,
    /// The edit that was answered last.
    pub edited: Option<Timestamp>,
    /// How many messages have been posted for it.
    pub count: u32,
    /// The answer.
    pub answer: Option<Posted>,
}

/// A message of the bot.
#[derive(Clone, Copy, Debug)]
pub struct Posted {
    /// Where.
    pub channel: ChannelId,
    /// Which.
    pub message: MessageId,
    /// How it looks.
    pub look: Look,
}

impl Pair {
    /// Waits until nothing else is done for this question.
    pub async fn lock(&self) -> MutexGuard<'_, Exchange> {
        self.state.lock().await
    }

    /// Notes that the question is gone.
    pub fn delete(&self) {
        self.deleted.store(true, Ordering::Release);
    }

    /// Notes that the question was edited, so that work on what it said before can be left.
    pub fn edit(&self, edited: Timestamp) {
        let mut newest = lock(&self.edited);
        *newest = (*newest).max(Some(edited));
    }

    /// Whether the question is gone, or has been edited after `edited`.
    #[must_use]
    pub fn is_superseded(&self, edited: Option<Timestamp>) -> bool {
        self.is_deleted() || *lock(&self.edited) > edited
    }

    /// Whether the question is gone.
    #[must_use]
    pub fn is_deleted(&self) -> bool {
        self.deleted.load(Ordering::Acquire)
    }
}

/// The recent questions.
pub struct Recent(Cache<u64, Arc<Pair>>);

impl Recent {
    /// A memory for so many.
    #[must_use]
    pub fn new(most: u64) -> Self {
        Self(Cache::new(most))
    }

    /// The question, remembered from now on.
    #[must_use]
    pub fn remember(&self, question: MessageId) -> Arc<Pair> {
        self.0.get_with(question.get(), Arc::default)
    }

    /// The question, if it is remembered.
    #[must_use]
    pub fn get(&self, question: MessageId) -> Option<Arc<Pair>> {
        self.0.get(&question.get())
    }

    /// Forgets the question.
    pub fn forget(&self, question: MessageId) {
        self.0.invalidate(&question.get());
    }
}
