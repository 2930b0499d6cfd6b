//! The terminal: the command line, the chat, and the streams that other programs read.
//!
//! [`Arguments`] is what a person may type; each subcommand has a module. Answers are rendered by
//! [`render`] for people and by [`json`] for programs; neither prints. Everything that prints goes through
//! [`Console`], so that width, colour and a closed pipe are dealt with in one place. No runtime is started.

mod annotate;
mod arguments;
mod ask;
mod chat;
mod check;
mod completion;
mod console;
mod doctor;
mod harmless;
mod index;
pub mod json;
mod opening;
pub mod render;
mod stream;

pub use annotate::annotate;
pub use arguments::{Action, Arguments, AskArguments, Common, Manner, parse, print_completions};
pub use ask::{Asking, ask, ask_batch};
pub use chat::chat;
pub use check::check;
pub use console::{Console, is_closed_pipe};
pub use doctor::doctor;
pub use harmless::{harmless, harmless_lines};
pub use index::index;
pub use opening::{Keeping, Opening, open, open_as_it_is};

/// How a subcommand ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It did what was asked.
    Done,
    /// Nothing was found, or something that was checked is not in order.
    Nothing,
}

impl From<Outcome> for std::process::ExitCode {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Done => Self::SUCCESS,
            Outcome::Nothing => Self::from(1),
        }
    }
}

/// The day it is where this machine stands.
#[must_use]
pub fn today() -> jiff::civil::Date {
    #[expect(
        clippy::disallowed_methods,
        reason = "a face is where the clock is read"
    )]
    jiff::Zoned::now().date()
}
