//! The table.

use super::help;
use crate::{
    answer::{self, Answer, Request},
    archive::{Archive, ArchiveError},
};

/// What a command's argument names; it decides what autocompletion offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArgumentKind {
    /// Nothing is asked.
    None,
    /// Words of the archive.
    Topic,
    /// A date or a range.
    Date,
    /// A person or an organisation.
    Person,
    /// An article's number or id.
    Article,
    /// A question in plain words.
    Question,
    /// Search syntax.
    Search,
}

/// One row: all that Dateline knows of a command.
pub struct Command {
    /// Its name: lower case, letters only.
    pub name: &'static str,
    /// Other names for it in prefix commands and in the terminal.
    pub aliases: &'static [&'static str],
    /// What its argument names.
    pub argument: ArgumentKind,
    /// The argument's name in usage lines and in slash commands: lower case.
    pub argument_name: &'static str,
    /// Whether it means nothing without its argument.
    pub required: bool,
    /// One sentence of at most 100 characters, for help and for Discord.
    pub help: &'static str,
    /// An argument that is worth trying.
    pub example: &'static str,
    /// The answer to a request.
    pub answer: fn(&Archive, &Request) -> Result<Answer, ArchiveError>,
}

/// Every command, in the order of the help.
pub static COMMANDS: &[Command] = &[
    Command {
        name: "when",
        aliases: &["date"],
        argument: ArgumentKind::Topic,
        argument_name: "topic",
        required: true,
        help: "The dates on which something happened, best first, each with the sentence that says so.",
        example: "protests",
        answer: answer::when::answer,
    },
    Command {
        name: "quote",
        aliases: &["quotes", "said"],
        argument: ArgumentKind::Topic,
        argument_name: "topic",
        required: true,
        help: "Who said what about something, or what a person said, word for word.",
        example: "heart",
        answer: answer::quote::answer,
    },
    Command {
        name: "on",
        aliases: &["day"],
        argument: ArgumentKind::Date,
        argument_name: "date",
        required: true,
        help: "What happened on a day or in a range of days.",
        example: "February 12",
        answer: answer::on::answer,
    },
    Command {
        name: "timeline",
        aliases: &["chronology"],
        argument: ArgumentKind::Topic,
        argument_name: "topic",
        required: false,
        help: "The days that matter, in order, with one sentence each.",
        example: "Navalny",
        answer: answer::timeline::answer,
    },
    Command {
        name: "who",
        aliases: &["whois"],
        argument: ArgumentKind::Person,
        argument_name: "person",
        required: true,
        help: "Who somebody is, what they said and what is reported of them.",
        example: "Leonid Volkov",
        answer: answer::who::answer,
    },
    Command {
        name: "search",
        aliases: &["find"],
        argument: ArgumentKind::Search,
        argument_name: "words",
        required: true,
        help: "Full text: \"a phrase\", -without, before:2021-02-10, after:2021-02-01, source:name.",
        example: "court -Berlin",
        answer: answer::search::answer,
    },
    Command {
        name: "article",
        aliases: &["read"],
        argument: ArgumentKind::Article,
        argument_name: "article",
        required: true,
        help: "One article, whole, with its dates and speakers.",
        example: "1",
        answer: answer::article::answer,
    },
    Command {
        name: "ask",
        aliases: &["question"],
        argument: ArgumentKind::Question,
        argument_name: "question",
        required: true,
        help: "The sentence that answers a question, or an honest “I don't know”.",
        example: "how many people were detained?",
        answer: answer::ask::answer,
    },
    Command {
        name: "sources",
        aliases: &["articles"],
        argument: ArgumentKind::None,
        argument_name: "",
        required: false,
        help: "The articles of this archive, newest first.",
        example: "",
        answer: answer::overview::sources,
    },
    Command {
        name: "status",
        aliases: &["about"],
        argument: ArgumentKind::None,
        argument_name: "",
        required: false,
        help: "How many articles there are, how new they are, and how long the bot has been running.",
        example: "",
        answer: answer::overview::status,
    },
    Command {
        name: "help",
        aliases: &["commands"],
        argument: ArgumentKind::Topic,
        argument_name: "command",
        required: false,
        help: "What you can ask.",
        example: "when",
        answer: help::answer,
    },
];

/// The command called `name`, by name or alias, case aside.
#[must_use]
pub fn command(name: &str) -> Option<&'static Command> {
    let name = name.to_lowercase();
    COMMANDS
        .iter()
        .find(|command| command.name == name)
        .or_else(|| {
            COMMANDS
                .iter()
                .find(|command| command.aliases.contains(&name.as_str()))
        })
}
