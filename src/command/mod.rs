//! The one table of commands, and how a message becomes a call of one of them.
//!
//! From a row come the prefix command, the slash command with its autocompletion, the terminal's, the
//! help, and a test that the README documents it.

pub mod help;
mod read;
mod table;

pub use read::{Call, follow_up, read_prefixed, read_question, read_words};
pub use table::{ArgumentKind, COMMANDS, Command, command};
