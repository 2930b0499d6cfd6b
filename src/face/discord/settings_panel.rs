//! `/settings`: what a server has set, shown and changed by select menus and modals.
//!
//! Its components carry no state: which server they change is told by the interaction itself, and what may
//! be chosen is looked up again when it is chosen, so that nothing in a `custom_id` or a value is believed.

use std::collections::BTreeMap;

use serenity::{
    all::{
        ActionRowComponent, ChannelId, ChannelType, ComponentInteraction,
        ComponentInteractionDataKind, GuildId, ModalInteraction,
    },
    builder::{
        CreateActionRow, CreateInteractionResponse, CreateSelectMenu, CreateSelectMenuKind,
        CreateSelectMenuOption,
    },
    http::Http,
};

use super::{
    bot::Bot,
    interaction::Serving,
    look::Sheet,
    markdown::{escape_line, shorten, units},
    places::Manners,
    server_commands::{Asking, may_manage},
    settings_form::{Change, Refused, modal, understand},
};
use crate::{
    answer::day_label,
    archive::Archive,
    store::{AskingPace, GuildSettings, Place, StoreError},
};

/// What the ids of the panel begin with.
pub const PANEL: &str = "s:";

/// Channels that people talk in.
pub const TALKING: [ChannelType; 6] = [
    ChannelType::Text,
    ChannelType::News,
    ChannelType::Forum,
    ChannelType::PublicThread,
    ChannelType::PrivateThread,
    ChannelType::Voice,
];

/// Discord shows so many options of a menu.
const MOST_OPTIONS: usize = 25;

/// The longest label and value of an option.
const LONGEST_OPTION: usize = 100;

/// Of how many of the newest articles the outlets are offered.
const OUTLETS_OF: usize = 500;

/// What can be set, in the order of the menu.
const SETTINGS: [&str; 8] = [
    "prefix", "language", "channels", "outlets", "days", "excerpts", "cooldown", "reset",
];

impl Bot {
    /// Shows the panel.
    pub(super) async fn show_settings(&self, asking: Asking<'_>) {
        let sheet = panel(asking.manners, &asking.manners.placed.set, None);
        let response = CreateInteractionResponse::Message(sheet.response().ephemeral(true));
        self.answer_panel(asking, response).await;
    }

    /// Follows a choice in the panel.
    pub(super) async fn choose_setting(
        &self,
        asking: Asking<'_>,
        interaction: &ComponentInteraction,
    ) {
        if !may_manage(interaction.member.as_ref()) {
            return self.refuse_panel(asking, "server_manage_only").await;
        }
        // What is shown and offered must be what holds now.
        let set = match asking.store.settings(asking.place).await {
            Ok(set) => set,
            Err(error) => return self.fail_panel(asking, error).await,
        };
        let manners = asking.manners;
        let id = interaction.data.custom_id.strip_prefix(PANEL);
        let change: Change = match (id.unwrap_or_default(), &interaction.data.kind) {
            ("menu", ComponentInteractionDataKind::StringSelect { values }) => {
                let chosen = values.first().map(String::as_str).unwrap_or_default();
                if let Some(modal) = modal(manners, &set, chosen) {
                    let response = CreateInteractionResponse::Modal(modal);
                    return self.answer_panel(asking, response).await;
                }
                if chosen == "reset" {
                    Box::new(|set| *set = GuildSettings::default())
                } else {
                    let outlets = self.outlets(&set, chosen).await;
                    let menu = menu_of(manners, &set, chosen, &outlets);
                    return self.update_panel(asking, &set, menu).await;
                }
            }
            ("channels", ComponentInteractionDataKind::ChannelSelect { values }) => {
                let channels = values
                    .iter()
                    .map(|id| id.get())
                    .take(MOST_OPTIONS)
                    .collect();
                Box::new(move |set| set.channels = channels)
            }
            ("outlets", ComponentInteractionDataKind::StringSelect { values }) => {
                let offered = self.outlets(&set, "outlets").await;
                let chosen = values
                    .iter()
                    .filter(|value| offered.contains(value))
                    .cloned()
                    .collect();
                Box::new(move |set| set.outlets = chosen)
            }
            ("language", ComponentInteractionDataKind::StringSelect { values }) => {
                let chosen = values
                    .first()
                    .filter(|code| manners.archive.language().wordings.contains_key(*code))
                    .cloned();
                Box::new(move |set| set.language = chosen)
            }
            _ => return self.refuse_panel(asking, "discord_stale_button").await,
        };
        self.change_settings(asking, change).await;
    }

    /// Follows what somebody wrote into a modal of the panel.
    pub(super) async fn write_setting(&self, asking: Asking<'_>, interaction: &ModalInteraction) {
        if !may_manage(interaction.member.as_ref()) {
            return self.refuse_panel(asking, "server_manage_only").await;
        }
        let mut written = BTreeMap::new();
        for row in &interaction.data.components {
            for component in &row.components {
                if let ActionRowComponent::InputText(input) = component {
                    let value = input.value.as_deref().unwrap_or_default().trim();
                    written.insert(input.custom_id.as_str(), value);
                }
            }
        }
        let field = |name: &str| written.get(name).copied().unwrap_or_default();
        let name = interaction.data.custom_id.strip_prefix(PANEL);
        match understand(name.unwrap_or_default(), field) {
            Ok(change) => self.change_settings(asking, change).await,
            Err(Refused(key)) => self.refuse_panel(asking, key).await,
        }
    }

    async fn change_settings(&self, asking: Asking<'_>, change: Change) {
        let changed = asking.store.change_settings(asking.place, change).await;
        let set = match changed {
            Ok(set) => set,
            Err(error) => return self.fail_panel(asking, error).await,
        };
        tracing::info!(server = asking.place.0, "settings changed");
        self.places.take(asking.place, set.clone());
        // The language may be another one now.
        let locale = set.language.clone();
        let manners = locale.map(|language| Manners {
            archive: asking.manners.archive.speaking(&language),
            ..asking.manners.clone()
        });
        let asking = Asking {
            manners: manners.as_ref().unwrap_or(asking.manners),
            ..asking
        };
        self.update_panel(asking, &set, None).await;
    }

    /// The outlets that can be chosen: those of the newest articles, and those that are set.
    async fn outlets(&self, set: &GuildSettings, chosen: &str) -> Vec<String> {
        if chosen != "outlets" {
            return Vec::new();
        }
        let archive = self.places.plain(None).archive;
        let found = tokio::task::spawn_blocking(move || outlets_of(&archive)).await;
        let mut outlets: Vec<String> = set.outlets.iter().cloned().collect();
        for outlet in found.unwrap_or_default() {
            if !outlets.contains(&outlet) {
                outlets.push(outlet);
            }
        }
        outlets.truncate(MOST_OPTIONS);
        outlets
    }

    async fn update_panel(
        &self,
        asking: Asking<'_>,
        set: &GuildSettings,
        menu: Option<CreateActionRow>,
    ) {
        let sheet = panel(asking.manners, set, menu);
        let response = CreateInteractionResponse::UpdateMessage(sheet.response());
        self.answer_panel(asking, response).await;
    }

    async fn refuse_panel(&self, asking: Asking<'_>, key: &'static str) {
        let sentence = asking.manners.say(key, &[]);
        self.whisper(
            asking.http,
            asking.responding.id,
            asking.responding.token,
            &sentence,
        )
        .await;
    }

    pub(super) async fn fail_panel(&self, asking: Asking<'_>, error: StoreError) {
        let id = asking.responding.id;
        let sentence = Self::failure_sentence(asking.manners, id.get(), &error.into());
        self.whisper(asking.http, id, asking.responding.token, &sentence)
            .await;
    }

    pub(super) async fn answer_panel(
        &self,
        asking: Asking<'_>,
        response: CreateInteractionResponse,
    ) {
        self.respond(
            asking.http,
            asking.responding.id,
            asking.responding.token,
            response,
        )
        .await;
    }

    /// Follows a component of the panel.
    pub(super) async fn press_panel(&self, http: &Http, interaction: &ComponentInteraction) {
        let asked = (interaction.id, interaction.token.as_str());
        let (guild, locale) = (interaction.guild_id, interaction.locale.as_str());
        let Some(serving) = self.begin(http, asked, guild, locale).await else {
            return;
        };
        if let Some(asking) = self.in_server(http, &serving, guild).await {
            self.choose_setting(asking, interaction).await;
        }
    }

    /// Follows a button below the list of what is kept.
    pub(super) async fn press_privately(&self, http: &Http, interaction: &ComponentInteraction) {
        let asked = (interaction.id, interaction.token.as_str());
        let (guild, locale) = (interaction.guild_id, interaction.locale.as_str());
        let Some(serving) = self.begin(http, asked, guild, locale).await else {
            return;
        };
        let (responding, manners) = (serving.responding, &serving.manners);
        let Some(store) = self.places.store() else {
            let sentence = manners.say("discord_stale_button", &[]);
            return self
                .whisper(http, responding.id, responding.token, &sentence)
                .await;
        };
        let asking = Asking {
            http,
            responding,
            store,
            place: Place(guild.map_or(interaction.channel_id.get(), GuildId::get)),
            manners,
        };
        self.press_privacy(asking, interaction).await;
    }

    /// Follows a modal that the panel opened.
    pub(super) async fn submit(&self, http: &Http, interaction: &ModalInteraction) {
        let asked = (interaction.id, interaction.token.as_str());
        let (guild, locale) = (interaction.guild_id, interaction.locale.as_str());
        let Some(serving) = self.begin(http, asked, guild, locale).await else {
            return;
        };
        if let Some(asking) = self.in_server(http, &serving, guild).await {
            self.write_setting(asking, interaction).await;
        }
    }

    /// What the panel works with; where there is no server or no database, it belongs to an earlier run.
    async fn in_server<'a>(
        &'a self,
        http: &'a Http,
        serving: &'a Serving<'a>,
        guild: Option<GuildId>,
    ) -> Option<Asking<'a>> {
        let (responding, manners) = (serving.responding, &serving.manners);
        if let (Some(store), Some(guild)) = (self.places.store(), guild) {
            return Some(Asking {
                http,
                responding,
                store,
                place: Place(guild.get()),
                manners,
            });
        }
        let sentence = manners.say("discord_stale_button", &[]);
        self.whisper(http, responding.id, responding.token, &sentence)
            .await;
        None
    }
}

/// The outlets of the newest articles, the most frequent first.
fn outlets_of(archive: &Archive) -> Vec<String> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let numbers = archive.index().newest(0, OUTLETS_OF).unwrap_or_default();
    for number in numbers {
        let document = archive.index().document(number).ok().flatten();
        let outlet = document.and_then(|document| document.article.outlet.clone());
        if let Some(outlet) = outlet.filter(|outlet| (1..=LONGEST_OPTION).contains(&units(outlet)))
        {
            *counts.entry(outlet).or_default() += 1;
        }
    }
    let mut outlets: Vec<(String, usize)> = counts.into_iter().collect();
    outlets.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    outlets.into_iter().map(|(outlet, _)| outlet).collect()
}

/// What is set, and the menu of what can be; below it `menu`, where one of them is being changed.
fn panel(manners: &Manners, set: &GuildSettings, menu: Option<CreateActionRow>) -> Sheet {
    let body: Vec<String> = SETTINGS
        .iter()
        .filter(|name| **name != "reset")
        .map(|name| {
            let label = manners.say(&format!("settings_{name}"), &[]);
            format!(
                "**{}** – {}",
                escape_line(&label),
                value(manners, set, name)
            )
        })
        .collect();
    let options = SETTINGS
        .iter()
        .map(|name| {
            let label = manners.say(&format!("settings_{name}"), &[]);
            let about = manners.say(&format!("settings_about_{name}"), &[]);
            CreateSelectMenuOption::new(shorten(&label, LONGEST_OPTION), *name)
                .description(shorten(&about, LONGEST_OPTION))
        })
        .collect();
    let choose = CreateSelectMenu::new(
        format!("{PANEL}menu"),
        CreateSelectMenuKind::String { options },
    )
    .placeholder(manners.say("settings_choose", &[]));
    let mut rows = vec![CreateActionRow::SelectMenu(choose)];
    rows.extend(menu);
    let title = escape_line(&manners.say("settings_title", &[]));
    Sheet::panel(&title, &body.join("\n"), rows)
}

/// What is set, in words, escaped.
fn value(manners: &Manners, set: &GuildSettings, name: &str) -> String {
    let language = manners.archive.language();
    let words = match name {
        "prefix" => {
            let prefix = set.prefix.as_ref().unwrap_or(&manners.default_prefix);
            // Nothing can be escaped within code.
            return format!("`{}`", prefix.replace('`', "ˋ"));
        }
        "language" => match &set.language {
            Some(code) => manners.say(&format!("language_{code}"), &[]),
            None => manners.say("settings_language_none", &[]),
        },
        "channels" if set.channels.is_empty() => manners.say("settings_channels_none", &[]),
        "channels" => {
            let channels = set.channels.iter().map(|channel| format!("<#{channel}>"));
            return channels.collect::<Vec<_>>().join(", ");
        }
        "outlets" if set.outlets.is_empty() => manners.say("settings_outlets_none", &[]),
        "outlets" => {
            let outlets: Vec<String> = set.outlets.iter().cloned().collect();
            shorten(&outlets.join(", "), 600)
        }
        "days" => {
            let from = set.published_from.map(|day| day_label(language, day));
            let until = set.published_until.map(|day| day_label(language, day));
            match (from, until) {
                (None, None) => manners.say("settings_days_none", &[]),
                (Some(from), None) => manners.say("settings_days_since", &[("from", &from)]),
                (None, Some(until)) => manners.say("settings_days_up_to", &[("until", &until)]),
                (Some(from), Some(until)) => {
                    manners.say("settings_days_both", &[("from", &from), ("until", &until)])
                }
            }
        }
        "excerpts" => {
            let own = || manners.say("settings_excerpts_own", &[]);
            let number = set.excerpts.map_or_else(own, |number| number.to_string());
            let length = set.excerpt_length.map_or_else(
                || manners.say("settings_excerpts_whole", &[]),
                |length| {
                    manners.say(
                        "settings_excerpts_shortened",
                        &[("length", &length.to_string())],
                    )
                },
            );
            format!("{number}, {length}")
        }
        _ => match set.cooldown {
            None => manners.say("settings_cooldown_none", &[]),
            Some(AskingPace { burst: 0, .. }) => manners.say("settings_cooldown_unlimited", &[]),
            Some(AskingPace { burst, seconds }) => manners.say(
                "settings_cooldown_value",
                &[
                    ("burst", &burst.to_string()),
                    ("seconds", &seconds.to_string()),
                ],
            ),
        },
    };
    escape_line(&words)
}

/// The menu by which `name` is chosen.
fn menu_of(
    manners: &Manners,
    set: &GuildSettings,
    name: &str,
    outlets: &[String],
) -> Option<CreateActionRow> {
    let id = format!("{PANEL}{name}");
    let menu = match name {
        "channels" => CreateSelectMenu::new(
            id,
            CreateSelectMenuKind::Channel {
                channel_types: Some(TALKING.to_vec()),
                default_channels: Some(
                    set.channels
                        .iter()
                        .filter(|channel| (1..u64::MAX).contains(*channel))
                        .map(|channel| ChannelId::new(*channel))
                        .take(MOST_OPTIONS)
                        .collect(),
                )
                .filter(|channels: &Vec<ChannelId>| !channels.is_empty()),
            },
        )
        .min_values(0)
        .max_values(25),
        "outlets" => {
            if outlets.is_empty() {
                return None;
            }
            let options: Vec<CreateSelectMenuOption> = outlets
                .iter()
                .map(|outlet| {
                    CreateSelectMenuOption::new(outlet, outlet)
                        .default_selection(set.outlets.contains(outlet))
                })
                .collect();
            let most = u8::try_from(options.len()).unwrap_or(25);
            CreateSelectMenu::new(id, CreateSelectMenuKind::String { options })
                .min_values(0)
                .max_values(most)
        }
        "language" => {
            let mut options = vec![
                CreateSelectMenuOption::new(manners.say("settings_language_none", &[]), "none")
                    .default_selection(set.language.is_none()),
            ];
            for code in manners.archive.language().wordings.keys() {
                let name = manners.say(&format!("language_{code}"), &[]);
                options.push(
                    CreateSelectMenuOption::new(name, code)
                        .default_selection(set.language.as_ref() == Some(code)),
                );
            }
            CreateSelectMenu::new(id, CreateSelectMenuKind::String { options })
        }
        _ => return None,
    };
    Some(CreateActionRow::SelectMenu(
        menu.placeholder(manners.say(&format!("settings_{name}"), &[])),
    ))
}
