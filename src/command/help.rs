//! `help`: what can be asked, from the table of commands.

use super::{ArgumentKind, COMMANDS, Command, command};
use crate::{
    answer::{Answer, Line, Request},
    archive::{Archive, ArchiveError},
};

/// Answers `help`, or `help <command>`.
///
/// # Errors
/// None; the signature is every command's.
pub fn answer(archive: &Archive, request: &Request) -> Result<Answer, ArchiveError> {
    let wording = &archive.language().wording;
    let lines = match command(&request.argument) {
        Some(command) => one(command),
        None => COMMANDS
            .iter()
            .map(|command| Line {
                label: usage(command),
                text: command.help.to_owned(),
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

fn one(command: &Command) -> Vec<Line> {
    let mut lines = vec![Line {
        label: usage(command),
        text: command.help.to_owned(),
    }];
    if !command.example.is_empty() {
        lines.push(Line {
            label: format!("{} {}", command.name, command.example),
            text: "an example".to_owned(),
        });
    }
    if !command.aliases.is_empty() {
        lines.push(Line {
            label: command.aliases.join(", "),
            text: "other names for it".to_owned(),
        });
    }
    lines
}
