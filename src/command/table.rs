//! The table.

use crate::{
    answer::{Answer, Request},
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
pub static COMMANDS: &[Command] = &[];

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
