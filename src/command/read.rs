//! Message → call.

use jiff::civil::Date;

use super::{ArgumentKind, Command, command};
use crate::{
    answer::Request,
    language::Language,
    text::{TokenKind, fold, tokens},
};

/// A command with what is asked of it.
#[derive(Clone)]
pub struct Call {
    /// The command.
    pub command: &'static Command,
    /// The request.
    pub request: Request,
}

impl Call {
    /// A call of `command` with the default request. What nobody sees in the argument is no part of it.
    #[must_use]
    pub fn new(command: &'static Command, argument: &str, today: Date) -> Self {
        let seen: String = argument.chars().filter(|&letter| !unseen(letter)).collect();
        Self {
            command,
            request: Request {
                argument: seen.trim().to_owned(),
                today,
                limit: None,
                question: None,
                uptime: None,
            },
        }
    }
}

/// Whether a character is not seen and joins nothing: copied along with a word, it would make another word of it,
/// and those that turn the direction of what follows would turn our words around it as well.
fn unseen(letter: char) -> bool {
    matches!(
        letter,
        '\0' | '\u{ad}'
            | '\u{61c}'
            | '\u{180e}'
            | '\u{200b}'
            | '\u{200e}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}'
    )
}

/// Reads `when protests`: the first word a command's name or alias, the rest its argument. Nothing where
/// the first word is no command.
#[must_use]
pub fn read_words(text: &str, today: Date) -> Option<Call> {
    let (name, argument) = first_word(text);
    Some(Call::new(command(name)?, argument, today))
}

/// Reads `!when protests` where `prefix` is `!`.
#[must_use]
pub fn read_prefixed(text: &str, prefix: &str, today: Date) -> Option<Call> {
    read_words(text.trim_start().strip_prefix(prefix)?, today)
}

/// Reads a question in plain words: with "when", "who said", "what happened on" it goes to the command
/// that answers it, a command's name with a fitting argument is that command, and all else is asked.
#[must_use]
pub fn read_question(text: &str, today: Date, language: &Language) -> Option<Call> {
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    let opened = language.questions.opening(text);
    if let Some((name, topic)) = opened.filter(|(_, topic)| !topic.is_empty()) {
        let mut call = Call::new(command(name)?, &topic, today);
        call.request.question = Some(text.to_owned());
        return Some(call);
    }
    if let Some(call) = named(text, today) {
        return Some(call);
    }
    Some(Call::new(command("ask")?, text, today))
}

/// Reads a reply to an answer: a question that names no topic of its own ("and who said that?") takes
/// the topic of `previous`.
#[must_use]
pub fn follow_up(text: &str, previous: &Call, language: &Language) -> Option<Call> {
    let today = previous.request.today;
    let opened = language.questions.opening(text.trim());
    let argument = &previous.request.argument;
    if let Some((name, topic)) = &opened {
        return if has_topic(topic, language) {
            read_question(text, today, language)
        } else {
            Some(Call::new(command(name)?, argument, today))
        };
    }
    // "Quote", "timeline?": a command's name alone says what is wanted, and not of what.
    let (name, rest) = first_word(text);
    let bare = command(name.trim_end_matches('?')).filter(|_| !has_topic(rest, language));
    if let Some(command) = bare {
        let of_topic = command.name != "help"
            && !matches!(
                command.argument,
                ArgumentKind::None | ArgumentKind::Date | ArgumentKind::Article
            );
        let argument = if of_topic { argument } else { rest };
        return Some(Call::new(command, argument, today));
    }
    if has_topic(text, language) {
        return read_question(text, today, language);
    }
    // "Why?": the question is asked of the topic.
    let question = text.trim().trim_end_matches(['?', '!', '.']);
    let question = format!("{question} {argument}");
    Some(Call::new(command("ask")?, &question, today))
}

fn first_word(text: &str) -> (&str, &str) {
    let text = text.trim();
    text.split_once(char::is_whitespace).unwrap_or((text, ""))
}

/// Whether `text` has a word that says what it is about.
fn has_topic(text: &str, language: &Language) -> bool {
    tokens(text)
        .filter(|token| token.kind != TokenKind::Mark)
        .any(|token| {
            let word = fold(token.span.of(text));
            !language.words.is_stop_word(&word)
                && !language
                    .questions
                    .pointers
                    .iter()
                    .any(|pointer| *pointer == word)
        })
}

/// A command by its own name, in plain words. Names are also everyday words, so the argument must look
/// like one of that command: "on the roof" is no date, "who won the vote" no person.
fn named(text: &str, today: Date) -> Option<Call> {
    let (name, argument) = first_word(text);
    let command = command(name).filter(|command| command.name == name.to_lowercase())?;
    let words = argument.split_whitespace().count();
    let fits = match command.argument {
        ArgumentKind::None => words == 0,
        ArgumentKind::Date => {
            argument.contains(|letter: char| letter.is_ascii_digit()) || words == 1
        }
        ArgumentKind::Person => {
            words == 1
                || argument
                    .split_whitespace()
                    .all(|word| word.starts_with(char::is_uppercase))
        }
        ArgumentKind::Article => words == 1,
        ArgumentKind::Topic | ArgumentKind::Search | ArgumentKind::Question => true,
    };
    fits.then(|| Call::new(command, argument, today))
}
