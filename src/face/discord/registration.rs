//! The table of commands as Discord's slash commands.

use serenity::{
    all::{CommandOptionType, InstallationContext, InteractionContext},
    builder::{CreateCommand, CreateCommandOption},
};

use super::{autocompletion::completes, markdown::shorten};
use crate::{
    command::{ArgumentKind, Command},
    language::Language,
};

/// Discord's limit to a description.
const LONGEST_DESCRIPTION: usize = 100;

/// Every command of `table`.
#[must_use]
pub fn commands(table: &[Command], language: &Language, longest: usize) -> Vec<CreateCommand> {
    table
        .iter()
        .map(|command| {
            let described = CreateCommand::new(command.name)
                .description(shorten(command.help, LONGEST_DESCRIPTION))
                .contexts(vec![InteractionContext::Guild, InteractionContext::BotDm])
                .integration_types(vec![InstallationContext::Guild]);
            if command.argument == ArgumentKind::None {
                described
            } else {
                described.add_option(option(command, language, longest))
            }
        })
        .collect()
}

fn option(command: &Command, language: &Language, longest: usize) -> CreateCommandOption {
    let example = language
        .wording
        .say("discord_example", &[("example", command.example)]);
    CreateCommandOption::new(
        CommandOptionType::String,
        command.argument_name,
        shorten(&example, LONGEST_DESCRIPTION),
    )
    .required(command.required)
    .set_autocomplete(completes(command.argument))
    .max_length(u16::try_from(longest).unwrap_or(u16::MAX))
}
