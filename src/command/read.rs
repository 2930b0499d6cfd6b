//! Message → call.

use jiff::civil::Date;

use super::{Command, command};
use crate::{answer::Request, language::Language};

/// A command with what is asked of it.
#[derive(Clone)]
pub struct Call {
    /// The command.
    pub command: &'static Command,
    /// The request.
    pub request: Request,
}

/// Reads `when protests`: the first word a command's name or alias, the rest its argument. Nothing where the
/// first word is no command.
#[must_use]
pub fn read_words(text: &str, today: Date) -> Option<Call> {
    let text = text.trim();
    let (name, argument) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    Some(call(command(name)?, argument, today))
}

/// Reads `!when protests` where `prefix` is `!`.
#[must_use]
pub fn read_prefixed(text: &str, prefix: &str, today: Date) -> Option<Call> {
    read_words(text.trim_start().strip_prefix(prefix)?, today)
}

/// Reads a question in plain words: with "when", "who said", "what happened on" it goes to the command
/// that answers it, else to `ask`. A command's name at the start is a command.
#[must_use]
pub fn read_question(text: &str, today: Date, _language: &Language) -> Option<Call> {
    read_words(text, today).or_else(|| Some(call(command("ask")?, text, today)))
}

/// Reads a reply to an answer: a question that names no topic of its own ("and who said that?") takes
/// the topic of `previous`.
#[must_use]
pub fn follow_up(text: &str, previous: &Call, language: &Language) -> Option<Call> {
    read_question(text, previous.request.today, language)
}

/// A call of `command` with the default request.
#[must_use]
pub fn call(command: &'static Command, argument: &str, today: Date) -> Call {
    Call {
        command,
        request: Request {
            argument: argument.trim().to_owned(),
            today,
            limit: None,
            uptime: None,
        },
    }
}
