//! What only an index in a cluster can get wrong: other processes, nodes that end, calls that fail.
//!
//! The contract of an index is `tests/index.rs`'s, which runs it here as well.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]
#![expect(
    clippy::disallowed_methods,
    reason = "a test that waits for another process must give up some time"
)]
#![expect(clippy::indexing_slicing, reason = "a test that cannot go on fails")]

mod answers;
mod fake;
mod faults;
mod nodes;
mod stage;
mod writers;
