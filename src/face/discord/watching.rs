//! `/watch`, `/watches`, `/unwatch`: what somebody wants to be told of, and where.

use serenity::{
    all::{
        ChannelId, CommandDataOptionValue, CommandInteraction, GuildId, Permissions, ResolvedValue,
    },
    builder::{AutocompleteChoice, CreateAutocompleteResponse},
};

use super::{
    bot::Bot,
    look::Sheet,
    markdown::{escape_line, shorten, units},
    news::first_due,
    server_commands::{Asking, may_manage},
};
use crate::{
    archive::ArchiveError,
    store::{Added, Pace, Place, Store, Watch},
};

/// How many watches a server, or a direct channel, can have.
const MOST_WATCHES: usize = 25;

/// The longest topic, in UTF-16 units: what a choice can carry.
pub const LONGEST_TOPIC: u16 = 100;

/// The paces as they are chosen.
pub const PACES: [&str; 3] = ["at-once", "daily", "weekly"];

impl Bot {
    /// Begins a watch.
    pub(super) async fn begin_watch(&self, asking: Asking<'_>, interaction: &CommandInteraction) {
        let manners = asking.manners;
        let topic = words(interaction, "topic");
        let topic = topic.split_whitespace().collect::<Vec<_>>().join(" ");
        let language = manners.archive.language();
        let says_something = crate::index::Terms::new(&topic, &language.words)
            .next()
            .is_some();
        if !says_something || units(&topic) > usize::from(LONGEST_TOPIC) {
            return self
                .say_privately(asking, &manners.say("watch_no_topic", &[]))
                .await;
        }
        let pace = Some(words(interaction, "pace")).filter(|pace| !pace.is_empty());
        let Ok(pace) = pace.unwrap_or(Pace::AtOnce.name()).parse::<Pace>() else {
            let sentence = manners.say("discord_unknown_command", &[]);
            return self.say_privately(asking, &sentence).await;
        };
        let channel = match channel_for(interaction) {
            Ok(channel) => channel,
            Err(key) => return self.say_privately(asking, &manners.say(key, &[])).await,
        };
        let archive = self.places.plain(None).archive;
        let highest = tokio::task::spawn_blocking(move || archive.index().highest());
        let looked = match highest.await {
            Ok(Ok(highest)) => highest,
            Ok(Err(error)) => {
                let failure = ArchiveError::from(error).into();
                let id = asking.responding.id.get();
                let sentence = Self::failure_sentence(manners, id, &failure);
                return self.say_privately(asking, &sentence).await;
            }
            Err(_) => 0,
        };
        let now = (self.run.now)();
        let set = manners.placed.set.language.as_deref();
        let watch = Watch {
            id: interaction.id.get(),
            place: asking.place,
            channel: channel.get(),
            owner: interaction.user.id.get(),
            topic: topic.clone(),
            pace,
            language: set.unwrap_or(&interaction.locale).to_owned(),
            due: first_due(pace, now),
            looked,
        };
        let added = match asking.store.add_watch(&watch, MOST_WATCHES).await {
            Ok(added) => added,
            Err(error) => return self.fail_panel(asking, error).await,
        };
        let key = match added {
            Added::New => "watch_new",
            Added::There => "watch_there",
            Added::TooMany => "watch_too_many",
        };
        let pace = manners.say(&format!("choice_{pace}"), &[]);
        let places = [
            ("topic", topic.as_str()),
            ("pace", &pace),
            ("most", &MOST_WATCHES.to_string()),
        ];
        // The channel's code must stay what it is.
        let sentence = format!("{} <#{channel}>", escape_line(&manners.say(key, &places)));
        self.say_privately(asking, &sentence).await;
    }

    /// Lists the watches of a place.
    pub(super) async fn list_watches(&self, asking: Asking<'_>) {
        let manners = asking.manners;
        let watches = match asking.store.watches(asking.place).await {
            Ok(watches) => watches,
            Err(error) => return self.fail_panel(asking, error).await,
        };
        let lines: Vec<String> = watches
            .iter()
            .map(|watch| {
                let pace = manners.say(&format!("choice_{}", watch.pace), &[]);
                format!(
                    "- **{}** · {} · <#{}>",
                    escape_line(&watch.topic),
                    escape_line(&pace),
                    watch.channel
                )
            })
            .collect();
        let body = if lines.is_empty() {
            escape_line(&manners.say("watches_none", &[]))
        } else {
            lines.join("\n")
        };
        let title = escape_line(&manners.say("title_watches", &[]));
        let sheet = Sheet::panel(&title, &body, Vec::new());
        let response =
            serenity::builder::CreateInteractionResponse::Message(sheet.response().ephemeral(true));
        self.answer_panel(asking, response).await;
    }

    /// Ends a watch: whoever set it may, and those who manage the server.
    pub(super) async fn finish_watch(&self, asking: Asking<'_>, interaction: &CommandInteraction) {
        let manners = asking.manners;
        let wanted = words(interaction, "topic").trim();
        let watches = match asking.store.watches(asking.place).await {
            Ok(watches) => watches,
            Err(error) => return self.fail_panel(asking, error).await,
        };
        // A choice names the watch by its number; what is written by hand, by its topic.
        let named = |watch: &&Watch| watch.id.to_string() == wanted;
        let same = |watch: &&Watch| watch.topic.to_lowercase() == wanted.to_lowercase();
        let found = watches
            .iter()
            .find(named)
            .or_else(|| watches.iter().find(same));
        let Some(watch) = found else {
            let sentence = manners.say("watch_unknown", &[]);
            return self.say_privately(asking, &sentence).await;
        };
        let owns = watch.owner == interaction.user.id.get();
        if !owns && !may_manage(interaction.member.as_deref()) {
            let sentence = manners.say("watch_not_yours", &[]);
            return self.say_privately(asking, &sentence).await;
        }
        if let Err(error) = asking.store.end_watch(asking.place, watch.id).await {
            return self.fail_panel(asking, error).await;
        }
        let sentence = manners.say("watch_over", &[("topic", &watch.topic)]);
        self.say_privately(asking, &escape_line(&sentence)).await;
    }

    pub(super) async fn say_privately(&self, asking: Asking<'_>, sentence: &str) {
        self.whisper(
            asking.http,
            asking.responding.id,
            asking.responding.token,
            sentence,
        )
        .await;
    }
}

/// The channel that a watch is told in: one in which whoever asks may write themselves.
fn channel_for(interaction: &CommandInteraction) -> Result<ChannelId, &'static str> {
    if interaction.guild_id.is_none() {
        return Ok(interaction.channel_id);
    }
    for option in interaction.data.options() {
        if let ResolvedValue::Channel(channel) = option.value {
            let may = channel.permissions.unwrap_or_default();
            let writes = Permissions::VIEW_CHANNEL | Permissions::SEND_MESSAGES;
            return if may.contains(writes) || may.administrator() {
                Ok(channel.id)
            } else {
                Err("watch_channel_closed")
            };
        }
    }
    Ok(interaction.channel_id)
}

/// The words said with the option `name`.
pub fn words<'i>(interaction: &'i CommandInteraction, name: &str) -> &'i str {
    interaction
        .data
        .options
        .iter()
        .find(|option| option.name == name)
        .and_then(|option| match &option.value {
            CommandDataOptionValue::String(value) => Some(value.as_str()),
            _ => None,
        })
        .unwrap_or_default()
}

/// The watches of a place whose topics have `written` in them, to be chosen from.
pub async fn choices(
    store: &Store,
    guild: Option<GuildId>,
    channel: ChannelId,
    written: &str,
) -> CreateAutocompleteResponse {
    let place = Place(guild.map_or(channel.get(), GuildId::get));
    let written = written.trim().to_lowercase();
    let watches = store.watches(place).await.unwrap_or_default();
    let choices = watches
        .iter()
        .filter(|watch| watch.topic.to_lowercase().contains(&written))
        .take(25)
        .map(|watch| AutocompleteChoice::new(shorten(&watch.topic, 100), watch.id.to_string()))
        .collect();
    CreateAutocompleteResponse::new().set_choices(choices)
}
