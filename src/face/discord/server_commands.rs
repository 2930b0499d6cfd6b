//! The commands that are about the bot in Discord and not about the archive: a second, small table.
//!
//! They exist as slash commands only, and answer whoever uses them alone. What a row
//! says of permissions is shown by Discord and checked here again: a server's administrators can offer a
//! command to others, and a request can be forged. Descriptions are wording (`about_<name>`).

use serenity::{
    all::{
        CommandInteraction, CommandOptionType, InstallationContext, InteractionContext, Member,
        Permissions,
    },
    builder::{CreateCommand, CreateCommandOption},
    http::Http,
};

use super::{
    bot::Bot,
    export::{EXPORTS, FORMATS},
    interaction::{Responding, elsewhere},
    places::Manners,
    registration::{description, translations},
    watching::{LONGEST_TOPIC, PACES},
};
use crate::{
    language::Language,
    store::{Place, Store},
};

/// One row.
pub struct ServerCommand {
    /// Its name.
    pub name: &'static str,
    /// What it does.
    pub action: Action,
    /// Whether only those who manage the server may use it there; in direct messages, everyone is at home.
    pub manages: bool,
    /// Whether it means something in direct messages.
    pub private: bool,
    /// Whether it is of no use without a database.
    pub stored: bool,
    /// What can be said with it.
    pub options: &'static [ServerOption],
}

/// What a command does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Shows the server's settings, to be changed.
    Settings,
    /// Begins a watch.
    Watch,
    /// Lists the watches.
    Watches,
    /// Ends a watch.
    Unwatch,
    /// Gives an answer's evidence as a file.
    Export,
    /// Lists what is kept, to be removed.
    Privacy,
    /// Reads the configuration anew, for whoever owns the bot.
    Reload,
}

/// Something that can be said with a command. Its description is wording (`option_<command>_<name>`).
pub struct ServerOption {
    /// Its name.
    pub name: &'static str,
    /// What it is.
    pub kind: OptionKind,
    /// Whether it must be said.
    pub required: bool,
}

/// What an option is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OptionKind {
    /// Words, so many at most; completed as the archive's topics are, or by this command itself.
    Words(u16),
    /// A channel of the server.
    Channel,
    /// One of these; each is wording (`choice_<value>`).
    OneOf(&'static [&'static str]),
}

/// Every command, in the order in which Discord is told of them.
pub static SERVER_COMMANDS: &[ServerCommand] = &[
    ServerCommand {
        name: "settings",
        action: Action::Settings,
        manages: true,
        private: false,
        stored: true,
        options: &[],
    },
    ServerCommand {
        name: "watch",
        action: Action::Watch,
        manages: true,
        private: true,
        stored: true,
        options: &[
            ServerOption {
                name: "topic",
                kind: OptionKind::Words(LONGEST_TOPIC),
                required: true,
            },
            ServerOption {
                name: "channel",
                kind: OptionKind::Channel,
                required: false,
            },
            ServerOption {
                name: "pace",
                kind: OptionKind::OneOf(&PACES),
                required: false,
            },
        ],
    },
    ServerCommand {
        name: "watches",
        action: Action::Watches,
        manages: false,
        private: true,
        stored: true,
        options: &[],
    },
    ServerCommand {
        name: "unwatch",
        action: Action::Unwatch,
        manages: false,
        private: true,
        stored: true,
        options: &[ServerOption {
            name: "topic",
            kind: OptionKind::Words(LONGEST_TOPIC),
            required: true,
        }],
    },
    ServerCommand {
        name: "export",
        action: Action::Export,
        manages: false,
        private: true,
        stored: false,
        options: &[
            ServerOption {
                name: "topic",
                kind: OptionKind::Words(LONGEST_TOPIC),
                required: true,
            },
            ServerOption {
                name: "what",
                kind: OptionKind::OneOf(&EXPORTS),
                required: false,
            },
            ServerOption {
                name: "format",
                kind: OptionKind::OneOf(&FORMATS),
                required: false,
            },
        ],
    },
    ServerCommand {
        name: "privacy",
        action: Action::Privacy,
        manages: false,
        private: true,
        stored: true,
        options: &[],
    },
    // Discord knows no command for the owner alone: it is shown to few, and refused to all others.
    ServerCommand {
        name: "reload",
        action: Action::Reload,
        manages: true,
        private: true,
        stored: false,
        options: &[],
    },
];

/// The command called `name`.
#[must_use]
pub fn server_command(name: &str) -> Option<&'static ServerCommand> {
    SERVER_COMMANDS.iter().find(|command| command.name == name)
}

/// Every row as Discord is told of it; without a database, those that can do without, and `/reload` where
/// there is something to read anew.
#[must_use]
pub fn commands(language: &Language, stored: bool, reloads: bool) -> Vec<CreateCommand> {
    SERVER_COMMANDS
        .iter()
        .filter(|command| stored || !command.stored)
        .filter(|command| reloads || command.action != Action::Reload)
        .map(|command| {
            let key = format!("about_{}", command.name);
            let mut contexts = vec![InteractionContext::Guild];
            if command.private {
                contexts.push(InteractionContext::BotDm);
            }
            let mut described = CreateCommand::new(command.name)
                .description(description(&language.wording.say(&key, &[])))
                .contexts(contexts)
                .integration_types(vec![InstallationContext::Guild]);
            for (locale, wording) in translations(language) {
                described =
                    described.description_localized(locale, description(&wording.say(&key, &[])));
            }
            if command.manages {
                described = described.default_member_permissions(Permissions::MANAGE_GUILD);
            }
            for option in command.options {
                described = described.add_option(said_with(command, option, language));
            }
            described
        })
        .collect()
}

fn said_with(
    command: &ServerCommand,
    option: &ServerOption,
    language: &Language,
) -> CreateCommandOption {
    let key = format!("option_{}_{}", command.name, option.name);
    let kind = match option.kind {
        OptionKind::Words(_) | OptionKind::OneOf(_) => CommandOptionType::String,
        OptionKind::Channel => CommandOptionType::Channel,
    };
    let text = description(&language.wording.say(&key, &[]));
    let mut said = CreateCommandOption::new(kind, option.name, text).required(option.required);
    for (locale, wording) in translations(language) {
        said = said.description_localized(locale, description(&wording.say(&key, &[])));
    }
    match option.kind {
        OptionKind::Words(longest) => said.max_length(longest).set_autocomplete(true),
        OptionKind::Channel => said.channel_types(super::settings_panel::TALKING.to_vec()),
        OptionKind::OneOf(values) => {
            for value in values {
                let key = format!("choice_{value}");
                let translated: std::collections::HashMap<String, String> = translations(language)
                    .map(|(locale, wording)| (locale.to_owned(), wording.say(&key, &[])))
                    .collect();
                let name = language.wording.say(&key, &[]);
                said = said.add_string_choice_localized(name, *value, translated);
            }
            said
        }
    }
}

/// Whether a member may change what holds for the whole server.
#[must_use]
pub fn may_manage(member: Option<&Member>) -> bool {
    member
        .and_then(|member| member.permissions)
        .is_some_and(|may| may.manage_guild() || may.administrator())
}

impl Bot {
    /// Follows a command of the table.
    pub(super) async fn serve_command(
        &self,
        http: &Http,
        interaction: &CommandInteraction,
        command: &ServerCommand,
    ) {
        let asked = (interaction.id, interaction.token.as_str());
        let (guild, locale) = (interaction.guild_id, interaction.locale.as_str());
        let Some(serving) = self.begin(http, asked, guild, locale).await else {
            return;
        };
        let (responding, manners) = (serving.responding, &serving.manners);
        if command.action == Action::Export {
            let closed = !self
                .places
                .speaks_in(http, manners, interaction.channel_id)
                .await;
            if closed {
                let sentence = elsewhere(manners);
                return self
                    .whisper(http, responding.id, responding.token, &sentence)
                    .await;
            }
            return self.export(http, responding, manners, interaction).await;
        }
        if command.action == Action::Reload {
            return self
                .serve_reload(http, responding, manners, interaction)
                .await;
        }
        let Some(store) = self.places.store() else {
            let sentence = manners.say("discord_unknown_command", &[]);
            return self
                .whisper(http, responding.id, responding.token, &sentence)
                .await;
        };
        let member = interaction.member.as_deref();
        let refusal = if guild.is_none() && !command.private {
            Some("server_only")
        } else if guild.is_some() && command.manages && !may_manage(member) {
            Some("server_manage_only")
        } else {
            None
        };
        if let Some(key) = refusal {
            let sentence = manners.say(key, &[]);
            return self
                .whisper(http, responding.id, responding.token, &sentence)
                .await;
        }
        let place = Place(guild.map_or(interaction.channel_id.get(), serenity::all::GuildId::get));
        let asking = Asking {
            http,
            responding,
            store,
            place,
            manners,
        };
        match command.action {
            Action::Settings => self.show_settings(asking).await,
            Action::Watch => self.begin_watch(asking, interaction).await,
            Action::Watches => self.list_watches(asking).await,
            Action::Unwatch => self.finish_watch(asking, interaction).await,
            Action::Privacy => self.tell_privacy(asking, interaction).await,
            // Answered above: they need no database.
            Action::Export | Action::Reload => {}
        }
    }
}

/// What every command of the table works with.
#[derive(Clone, Copy)]
pub struct Asking<'a> {
    /// The way to Discord.
    pub http: &'a Http,
    /// What is responded to.
    pub responding: Responding<'a>,
    /// The database.
    pub store: &'a Store,
    /// Where it was asked.
    pub place: Place,
    /// How the bot behaves there.
    pub manners: &'a Manners,
}
