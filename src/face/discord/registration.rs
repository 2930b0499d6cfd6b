//! The table of commands as Discord's slash commands, described in every language that the bot speaks.
//!
//! A question can be asked in servers, in direct messages, and by whoever has installed the bot for
//! themselves, wherever they are.

use serenity::{
    all::{CommandOptionType, CommandType, InstallationContext, InteractionContext},
    builder::{CreateCommand, CreateCommandOption},
};

use super::{autocompletion::completes, markdown::shorten};
use crate::{
    command::{ArgumentKind, Command, help::about},
    language::{Language, Wording},
};

/// Discord's limit to a description.
const LONGEST_DESCRIPTION: usize = 100;

/// Every command of `table`.
#[must_use]
pub fn commands(table: &[Command], language: &Language, longest: usize) -> Vec<CreateCommand> {
    table
        .iter()
        .map(|command| {
            let mut described = CreateCommand::new(command.name)
                .description(description(about(command, &language.wording)))
                .contexts(vec![
                    InteractionContext::Guild,
                    InteractionContext::BotDm,
                    InteractionContext::PrivateChannel,
                ])
                .integration_types(vec![InstallationContext::Guild, InstallationContext::User]);
            for (locale, wording) in translations(language) {
                described =
                    described.description_localized(locale, description(about(command, wording)));
            }
            if command.argument == ArgumentKind::None {
                described
            } else {
                described.add_option(option(command, language, longest))
            }
        })
        .collect()
}

/// "Search the archive", in the menu of a message.
pub fn menu(language: &Language) -> CreateCommand {
    let mut menu = CreateCommand::new(language.wording.say("menu_search", &[]))
        .kind(CommandType::Message)
        .contexts(vec![
            InteractionContext::Guild,
            InteractionContext::BotDm,
            InteractionContext::PrivateChannel,
        ])
        .integration_types(vec![InstallationContext::Guild, InstallationContext::User]);
    for (locale, wording) in translations(language) {
        menu = menu.name_localized(locale, wording.say("menu_search", &[]));
    }
    menu
}

/// The languages that the bot speaks beside the one of `language`, each by Discord's name for it.
pub fn translations(language: &Language) -> impl Iterator<Item = (&str, &Wording)> {
    language
        .wordings
        .iter()
        .filter(|(code, _)| **code != language.words.code)
        .map(|(code, wording)| (code.as_str(), wording.as_ref()))
}

/// `text` within Discord's limit.
#[must_use]
pub fn description(text: &str) -> String {
    shorten(text, LONGEST_DESCRIPTION)
}

fn option(command: &Command, language: &Language, longest: usize) -> CreateCommandOption {
    let example = |wording: &Wording| {
        description(&wording.say("discord_example", &[("example", command.example)]))
    };
    let mut option = CreateCommandOption::new(
        CommandOptionType::String,
        command.argument_name,
        example(&language.wording),
    )
    .required(command.required)
    .set_autocomplete(completes(command.argument))
    .max_length(u16::try_from(longest).unwrap_or(u16::MAX));
    for (locale, wording) in translations(language) {
        option = option.description_localized(locale, example(wording));
    }
    option
}
