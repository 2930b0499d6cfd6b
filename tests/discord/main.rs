//! The bot in a Discord of its own, over real sockets: an in-process gateway and REST server on
//! loopback. Each request that the bot sends is checked against Discord's published description.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::disallowed_methods,
    clippy::similar_names,
    reason = "a test that cannot go on fails, and a fake Discord has a clock"
)]

mod asking;
mod attacks;
mod buttons;
mod clock;
mod connection;
mod crowd;
mod databases;
mod fake;
mod faults;
mod files_and_feedback;
mod following;
mod hostile;
mod killing;
mod load;
mod outages;
mod process;
mod raw;
mod refusals;
mod reloading;
mod rendering;
mod settings;
mod sharding;
mod stage;
mod watching;
