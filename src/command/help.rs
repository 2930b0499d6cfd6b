//! `help`: what can be asked, from the table of commands.

use super::{ArgumentKind, COMMANDS, Command, command};
use crate::{
    answer::{Answer, Line, Request},
    archive::{Archive, ArchiveError},
    language::Wording,
};

/// Answers `help`, or `help <command>`.
///
/// # Errors
/// None; the signature is every command's.
pub fn answer(archive: &Archive, request: &Request) -> Result<Answer, ArchiveError> {
    let wording = &archive.language().wording;
    let lines = match command(&request.argument) {
        Some(command) => one(command, wording),
        None => COMMANDS
            .iter()
            .map(|command| Line {
                label: usage(command),
                text: about(command, wording).to_owned(),
            })
            .collect(),
    };
    Ok(Answer {
        command: "help",
        argument: request.argument.clone(),
        title: wording.say("title_help", &[]),
        groups: Vec::new(),
        lines,
        citations: Vec::new(),
        chart: None,
        notes: vec![wording.say("help_footer", &[])],
    })
}

/// `when <topic>`, `timeline [topic]`.
#[must_use]
pub fn usage(command: &Command) -> String {
    match (command.argument, command.required) {
        (ArgumentKind::None, _) => command.name.to_owned(),
        (_, true) => format!("{} <{}>", command.name, command.argument_name),
        (_, false) => format!("{} [{}]", command.name, command.argument_name),
    }
}

/// What `command` is for, in the words of `wording`; the table's own words are English.
#[must_use]
pub fn about<'w>(command: &Command, wording: &'w Wording) -> &'w str {
    wording
        .find(&format!("about_{}", command.name))
        .unwrap_or(command.help)
}

fn one(command: &Command, wording: &Wording) -> Vec<Line> {
    let mut lines = vec![Line {
        label: usage(command),
        text: about(command, wording).to_owned(),
    }];
    if !command.example.is_empty() {
        lines.push(Line {
            label: format!("{} {}", command.name, command.example),
            text: wording.say("help_example", &[]),
        });
    }
    if !command.aliases.is_empty() {
        lines.push(Line {
            label: command.aliases.join(", "),
            text: wording.say("help_aliases", &[]),
        });
    }
    lines
}
