//! Many records at once, and each of them for certain.
//!
//! A `_bulk` that is answered may still have left some records out, for want of room (429) or because a node
//! has just gone (503). Exactly those are sent again, after a pause that grows; what is refused for good is
//! told by the article's id.

use std::{collections::BTreeMap, thread, time::Duration};

use serde::Deserialize;
use ureq::http::Method;

use super::{
    connection::{Failure, FailureKind, Patience},
    records::Operation,
    store::Store,
};
use crate::index::IndexError;

/// How much is sent at once, in bytes and in records.
const BULK_BYTES: usize = 5 << 20;
const BULK_OPERATIONS: usize = 4000;

/// The first pause before what was not taken is sent again, the longest, and all of them together.
pub const FIRST_PAUSE: Duration = Duration::from_millis(100);
pub const LONGEST_PAUSE: Duration = Duration::from_secs(4);
pub const ALL_PAUSES: Duration = Duration::from_mins(1);

#[derive(Deserialize)]
struct Taken {
    errors: bool,
    #[serde(default)]
    items: Vec<BTreeMap<String, Item>>,
}

#[derive(Deserialize)]
struct Item {
    status: u16,
    error: Option<ItemError>,
}

#[derive(Deserialize)]
struct ItemError {
    reason: Option<String>,
}

impl Store {
    /// Does all of this, or says what could not be done. What is done is safe, but not visible yet.
    pub fn bulk(&self, operations: &[Operation]) -> Result<(), IndexError> {
        let mut part: Vec<&Operation> = Vec::new();
        let mut bytes = 0;
        for operation in operations {
            let full = bytes + operation.lines.len() > BULK_BYTES || part.len() >= BULK_OPERATIONS;
            if full && !part.is_empty() {
                self.send(std::mem::take(&mut part))?;
                bytes = 0;
            }
            bytes += operation.lines.len();
            part.push(operation);
        }
        if part.is_empty() {
            return Ok(());
        }
        self.send(part)
    }

    /// Sends operations until each of them is done. A `_bulk` that is answered may still have left some out:
    /// exactly those are sent again, after a pause that grows.
    fn send(&self, mut left: Vec<&Operation>) -> Result<(), IndexError> {
        let path = format!(
            "{}/_bulk?timeout=30s&filter_path=errors,items.*.status,items.*.error.reason",
            self.index
        );
        let mut pause = FIRST_PAUSE;
        let mut waited = Duration::ZERO;
        loop {
            let body: String = left
                .iter()
                .map(|operation| operation.lines.as_str())
                .collect();
            let taken: Result<Taken, Failure> =
                self.connection
                    .call(&Method::POST, &path, body.as_bytes(), Patience::Writing);
            let reason = match taken {
                Ok(taken) if !taken.errors => return Ok(()),
                Ok(taken) => {
                    let (again, reason) = self.sort_out(&left, &taken.items)?;
                    left = again;
                    reason
                }
                Err(failure) if matches!(failure.kind, FailureKind::Busy(_)) => failure.to_string(),
                Err(failure) => return Err(failure.into()),
            };
            if left.is_empty() {
                return Ok(());
            }
            if waited >= ALL_PAUSES {
                return Err(self.refused(&format!(
                    "has not taken {} records for a minute: {reason}",
                    left.len()
                )));
            }
            tracing::debug!(records = left.len(), ?pause, reason, "to be sent again");
            thread::sleep(pause);
            waited += pause;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    /// What must be sent again of what was sent, and why.
    fn sort_out<'o>(
        &self,
        sent: &[&'o Operation],
        items: &[BTreeMap<String, Item>],
    ) -> Result<(Vec<&'o Operation>, String), IndexError> {
        if items.len() != sent.len() {
            return Err(self.refused("does not say what it did with each record"));
        }
        let mut again = Vec::new();
        let mut why = String::new();
        let mut refused: Option<(&Operation, &Item)> = None;
        let mut more = 0;
        for (&operation, item) in sent.iter().zip(items) {
            let Some(item) = item.values().next() else {
                return Err(self.refused("does not say what it did with each record"));
            };
            match (item.status, &item.error) {
                // What is to be removed may be gone.
                (200..=299, _) | (404, None) => {}
                (429 | 502..=504, error) => {
                    if let Some(reason) = error.as_ref().and_then(|error| error.reason.as_ref()) {
                        why.clone_from(reason);
                    }
                    again.push(operation);
                }
                _ if refused.is_none() => refused = Some((operation, item)),
                _ => more += 1,
            }
        }
        let Some((operation, item)) = refused else {
            return Ok((again, why));
        };
        let reason = item
            .error
            .as_ref()
            .and_then(|error| error.reason.as_deref());
        let others = if more > 0 {
            format!(", and {more} more records")
        } else {
            String::new()
        };
        Err(IndexError::Document {
            id: operation.about.clone(),
            reason: format!(
                "the search cluster refuses it{others} (status {}): {}",
                item.status,
                reason.unwrap_or("it does not say why")
            ),
        })
    }
}
