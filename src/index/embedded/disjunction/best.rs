//! The best windows so far.

use std::{
    cmp::{Ordering, Reverse},
    collections::BinaryHeap,
};

use tantivy::{DocAddress, Score};

/// The best windows so far.
pub struct Best {
    limit: usize,
    /// The worst on top.
    kept: BinaryHeap<Reverse<Scored>>,
}

/// A window and its score. The better one is greater: of equals the earlier.
#[derive(Clone, Copy, PartialEq)]
struct Scored(Score, DocAddress);

impl Eq for Scored {}

impl Ord for Scored {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0
            .total_cmp(&other.0)
            .then_with(|| other.1.cmp(&self.1))
    }
}

impl PartialOrd for Scored {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Best {
    /// None yet of `limit` windows.
    pub fn new(limit: usize) -> Self {
        Self {
            limit,
            kept: BinaryHeap::with_capacity(limit.saturating_add(1).min(4096)),
        }
    }

    /// The score that a window must exceed.
    pub fn worst(&self) -> Score {
        match self.kept.peek() {
            Some(Reverse(worst)) if self.kept.len() >= self.limit => worst.0,
            _ => 0.0,
        }
    }

    /// Takes in a window that scores more than the worst; says what the worst is now.
    pub fn offer(&mut self, score: Score, window: DocAddress) -> Score {
        self.kept.push(Reverse(Scored(score, window)));
        if self.kept.len() > self.limit {
            self.kept.pop();
        }
        self.worst()
    }

    /// Best first.
    pub fn sorted(self) -> Vec<(Score, DocAddress)> {
        let kept = self.kept.into_sorted_vec();
        kept.into_iter()
            .map(|Reverse(Scored(score, window))| (score, window))
            .collect()
    }
}
