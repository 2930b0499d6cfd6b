//! Completion in the chat: a command's name, then what the archive has for its argument.

use std::sync::Arc;

use rustyline::{
    Context, Helper, Result, completion::Completer, completion::Pair, highlight::Highlighter,
    hint::Hinter, validate::Validator,
};

use super::harmless;
use crate::{
    archive::{Archive, Suggestion},
    command::{ArgumentKind, COMMANDS, command},
};

/// How many suggestions are listed.
const LISTED: usize = 20;

/// What completes a line of the chat.
pub(super) struct Completion {
    pub(super) archive: Arc<Archive>,
    pub(super) prefix: String,
}

impl Completer for Completion {
    type Candidate = Pair;

    fn complete(&self, line: &str, at: usize, _: &Context<'_>) -> Result<(usize, Vec<Pair>)> {
        let typed = line.get(..at).unwrap_or_default();
        let bare = typed.trim_start();
        let bare = bare.strip_prefix(&self.prefix).unwrap_or(bare);
        let Some((name, argument)) = bare.split_once(char::is_whitespace) else {
            let names = COMMANDS
                .iter()
                .filter(|row| row.name.starts_with(bare))
                .map(|row| Pair {
                    display: row.name.to_owned(),
                    replacement: format!("{} ", row.name),
                })
                .collect();
            return Ok((at - bare.len(), names));
        };
        let Some(row) = command(name) else {
            return Ok((at, Vec::new()));
        };
        let argument = argument.trim_start();
        let suggested = match row.argument {
            ArgumentKind::None | ArgumentKind::Date => Vec::new(),
            ArgumentKind::Topic | ArgumentKind::Question | ArgumentKind::Search => {
                self.archive.suggest_topics(argument, LISTED)
            }
            ArgumentKind::Person => self.archive.suggest_people(argument, LISTED),
            ArgumentKind::Article => self.archive.suggest_articles(argument, LISTED),
        };
        Ok((at - argument.len(), suggested.iter().map(pair).collect()))
    }
}

fn pair(suggestion: &Suggestion) -> Pair {
    Pair {
        display: harmless(&suggestion.label).into_owned(),
        replacement: harmless(&suggestion.value).into_owned(),
    }
}

impl Hinter for Completion {
    type Hint = String;
}
impl Highlighter for Completion {}
impl Validator for Completion {}
impl Helper for Completion {}
