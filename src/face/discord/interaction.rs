//! Slash commands, autocompletion and buttons.

use std::time::Duration;

use serenity::{
    all::{
        CommandDataOptionValue, CommandInteraction, CommandType, ComponentInteraction, GuildId,
        InteractionId, MessageType, ResolvedTarget,
    },
    builder::{
        Builder, CreateAutocompleteResponse, CreateInteractionResponse,
        CreateInteractionResponseMessage, EditInteractionResponse,
    },
    http::Http,
};

use super::{
    address::{within, without_codes},
    autocompletion,
    bot::Bot,
    button::{self, Press, Pressed, State},
    delivery::{attempt, report, undelivered},
    look::{Look, Paged, Sheet},
    places::Manners,
    question::day,
    server_commands::{Action, server_command},
    under_way::Work,
    watching,
};
use crate::{
    command::{ArgumentKind, Call, command},
    store::Place,
};

/// Discord waits three seconds for choices; after two they are no longer of use.
const CHOICES_WITHIN: Duration = Duration::from_secs(2);

/// What is needed to respond.
#[derive(Clone, Copy)]
pub struct Responding<'a> {
    /// The interaction.
    pub id: InteractionId,
    /// Its token.
    pub token: &'a str,
}

/// An interaction that is being served: the bot does not end before it.
pub struct Serving<'a> {
    /// What is responded to.
    pub responding: Responding<'a>,
    /// How the bot behaves there.
    pub manners: Manners,
    _work: Work,
}

/// What the argument of the command `name` names, where the archive can complete it.
fn completed(name: &str) -> Option<ArgumentKind> {
    match server_command(name).map(|command| command.action) {
        Some(Action::Watch | Action::Export) => Some(ArgumentKind::Topic),
        Some(_) => None,
        None => command(name).map(|command| command.argument),
    }
}

/// What a message says, as words that are sought: nothing in it is search syntax.
fn sought(content: &str) -> String {
    let words = without_codes(content, 0)
        .0
        .replace(['"', '“', '”', '„', ':'], " ");
    let words = words
        .split_whitespace()
        .map(|word| word.trim_start_matches('-'));
    words.collect::<Vec<_>>().join(" ")
}

/// Where the bot answers instead, in words.
pub(super) fn elsewhere(manners: &Manners) -> String {
    let channels: Vec<String> = manners
        .placed
        .set
        .channels
        .iter()
        .take(10)
        .map(|channel| format!("<#{channel}>"))
        .collect();
    manners.say("discord_elsewhere", &[("channels", &channels.join(", "))])
}

impl Bot {
    /// Answers a slash command.
    pub(super) async fn slash(&self, http: &Http, interaction: &CommandInteraction) {
        let asked = (interaction.id, interaction.token.as_str());
        let (guild, locale) = (interaction.guild_id, interaction.locale.as_str());
        let Some(serving) = self.begin(http, asked, guild, locale).await else {
            return;
        };
        let manners = &serving.manners;
        let today = day(interaction.id.created_at());
        let written = interaction
            .data
            .options
            .iter()
            .find_map(|option| match &option.value {
                CommandDataOptionValue::String(value) => Some(value.as_str()),
                _ => None,
            })
            .unwrap_or_default();
        // The menu of a message searches for what the message says.
        let (name, argument) = match interaction.data.target() {
            Some(ResolvedTarget::Message(message)) => ("search", sought(&message.content)),
            _ => (interaction.data.name.as_str(), written.to_owned()),
        };
        let private = interaction.data.kind == CommandType::Message;
        let Some(command) = command(name) else {
            // A command of an earlier version that Discord still offers.
            let sentence = manners.say("discord_unknown_command", &[]);
            return self
                .whisper(http, interaction.id, &interaction.token, &sentence)
                .await;
        };
        let channel = interaction.channel_id;
        if !self.places.speaks_in(http, manners, channel).await {
            let sentence = elsewhere(manners);
            return self
                .whisper(http, interaction.id, &interaction.token, &sentence)
                .await;
        }
        if let Err(too_fast) = self.may_ask(manners, interaction.user.id, channel) {
            let sentence = Self::wait_sentence(manners, too_fast.wait);
            return self
                .whisper(http, interaction.id, &interaction.token, &sentence)
                .await;
        }
        let asked = within(
            Call::new(command, &argument, today),
            self.settings.question_length,
        );
        let state = State {
            asker: interaction.user.id,
            call: asked.call.clone(),
        };
        let answer = async {
            match self.search.answer(manners, &asked).await {
                Ok(mut paged) => {
                    paged.asks = self.asks(&paged, &state);
                    Sheet::of(&paged, 0, &state, Look::Embed)
                }
                Err(failure) => Sheet::sentence(&Self::failure_sentence(
                    manners,
                    interaction.id.get(),
                    &failure,
                )),
            }
        };
        tokio::pin!(answer);
        let Ok(sheet) = tokio::time::timeout(self.settings.defer_delay(), &mut answer).await else {
            let deferred = CreateInteractionResponse::Defer(
                CreateInteractionResponseMessage::new().ephemeral(private),
            );
            self.respond(http, interaction.id, &interaction.token, deferred)
                .await;
            let sheet = answer.await;
            return self
                .respond_later(http, interaction.id, &interaction.token, &sheet)
                .await;
        };
        let response = CreateInteractionResponse::Message(sheet.response().ephemeral(private));
        self.respond(http, interaction.id, &interaction.token, response)
            .await;
    }

    /// Offers choices for a half-written argument.
    pub(super) async fn complete(&self, http: &Http, interaction: &CommandInteraction) {
        let Some(_work) = self.run.under_way.begin() else {
            return;
        };
        let suggesting = async {
            let manners = self
                .places
                .manners(interaction.guild_id, Some(interaction.locale.as_str()));
            match (
                completed(&interaction.data.name),
                interaction.data.autocomplete(),
                manners.await,
            ) {
                (Some(kind), Some(option), Ok(manners)) => {
                    self.search.suggest(&manners, kind, option.value).await
                }
                _ => Vec::new(),
            }
        };
        let suggestions = tokio::time::timeout(CHOICES_WITHIN, suggesting)
            .await
            .unwrap_or_default();
        let response = if interaction.data.name == "unwatch" {
            self.watches_to_end(interaction).await
        } else {
            autocompletion::response(&suggestions)
        };
        let response = CreateInteractionResponse::Autocomplete(response);
        // Once only: choices that come late are choices for something else.
        if let Err(error) = response
            .execute(http, (interaction.id, &interaction.token))
            .await
        {
            report(interaction.id, Err(undelivered(error)));
        }
    }

    /// The watches that a half-written `/unwatch` can end.
    async fn watches_to_end(&self, interaction: &CommandInteraction) -> CreateAutocompleteResponse {
        let written = interaction.data.autocomplete().map(|option| option.value);
        match self.places.store() {
            Some(store) => {
                let (guild, channel) = (interaction.guild_id, interaction.channel_id);
                let choices = watching::choices(store, guild, channel, written.unwrap_or_default());
                let choices = tokio::time::timeout(CHOICES_WITHIN, choices).await;
                choices.unwrap_or_else(|_| CreateAutocompleteResponse::new())
            }
            None => CreateAutocompleteResponse::new(),
        }
    }

    /// Follows a pressed button.
    pub(super) async fn press(&self, http: &Http, interaction: &ComponentInteraction) {
        let (id, token) = (interaction.id, interaction.token.as_str());
        // An answer to a message is in the server's language, and stays so when it is turned.
        let locale = if interaction.message.kind == MessageType::InlineReply {
            None
        } else {
            Some(interaction.locale.as_str())
        };
        let guild = interaction.guild_id;
        let Some(serving) = self.begin(http, (id, token), guild, locale).await else {
            return;
        };
        let manners = &serving.manners;
        let ids = button::ids_of(&interaction.message.components);
        let Some(Pressed { press, state }) = button::read(&interaction.data.custom_id, &ids) else {
            let sentence = manners.say("discord_stale_button", &[]);
            return self.whisper(http, id, token, &sentence).await;
        };
        if state.asker != interaction.user.id {
            let sentence = manners.say("discord_not_yours", &[]);
            return self.whisper(http, id, token, &sentence).await;
        }
        let page = match press {
            Press::Turn(page) => page,
            Press::Helped(helped) => {
                return self.count(http, interaction, manners, &state, helped).await;
            }
            Press::Remove => {
                self.respond(http, id, token, CreateInteractionResponse::Acknowledge)
                    .await;
                let removed = attempt(|| interaction.delete_response(http)).await;
                return report(id, removed.map_err(undelivered));
            }
        };
        let channel = interaction.channel_id;
        if !self.places.speaks_in(http, manners, channel).await {
            let sentence = elsewhere(manners);
            return self.whisper(http, id, token, &sentence).await;
        }
        if let Err(too_fast) = self.turns.ask(interaction.user.id, channel) {
            let sentence = Self::wait_sentence(manners, too_fast.wait);
            return self.whisper(http, id, token, &sentence).await;
        }
        let look = if interaction.message.embeds.is_empty() {
            Look::Plain
        } else {
            Look::Embed
        };
        let asked = within(state.call.clone(), usize::MAX);
        let answer = self.search.answer(manners, &asked);
        tokio::pin!(answer);
        let found = tokio::time::timeout(self.settings.defer_delay(), &mut answer).await;
        let acknowledged = found.is_err();
        let found = if let Ok(found) = found {
            found
        } else {
            self.respond(http, id, token, CreateInteractionResponse::Acknowledge)
                .await;
            answer.await
        };
        match found {
            Ok(mut paged) => {
                // Asked once: whoever has said so is not asked on the next page.
                paged.asks = button::asks(&interaction.message.components);
                // The picture stays as it is while pages are turned.
                let sheet = Sheet::of(&paged, page, &state, look).without_picture();
                if acknowledged {
                    self.respond_later(http, id, token, &sheet).await;
                } else {
                    let response = CreateInteractionResponse::UpdateMessage(sheet.response());
                    self.respond(http, id, token, response).await;
                }
            }
            // The page that is there stays; only the person who pressed hears of it.
            Err(failure) => {
                let sentence = Self::failure_sentence(manners, id.get(), &failure);
                if acknowledged {
                    let followup = serenity::builder::CreateInteractionResponseFollowup::new()
                        .content(sentence)
                        .ephemeral(true);
                    let sent = followup.execute(http, (None, token)).await;
                    report(id, sent.map(drop).map_err(undelivered));
                } else {
                    self.whisper(http, id, token, &sentence).await;
                }
            }
        }
    }

    /// Whether an answer asks if it helped: where that can be counted, and it answers a question.
    pub(super) fn asks(&self, paged: &Paged, state: &State) -> bool {
        let answers = state.call.command.argument != ArgumentKind::None
            && !matches!(state.call.command.name, "help" | "article");
        self.places.store().is_some() && paged.answered && answers
    }

    /// Counts whether an answer helped, once.
    async fn count(
        &self,
        http: &Http,
        interaction: &ComponentInteraction,
        manners: &Manners,
        state: &State,
        helped: bool,
    ) {
        let (id, token) = (interaction.id, interaction.token.as_str());
        let rows = &interaction.message.components;
        let place = Place(
            interaction
                .guild_id
                .map_or(interaction.channel_id.get(), GuildId::get),
        );
        let (Some(store), true) = (self.places.store(), button::asks(rows)) else {
            let sentence = manners.say("discord_stale_button", &[]);
            return self.whisper(http, id, token, &sentence).await;
        };
        // Pressed again before the buttons are gone, it counts no more.
        if !self.run.counted.insert(interaction.message.id.get()) {
            return self
                .respond(http, id, token, CreateInteractionResponse::Acknowledge)
                .await;
        }
        let kind = state.call.command.name;
        if let Err(error) = store.count_feedback(place, kind, helped).await {
            let sentence = Self::failure_sentence(manners, id.get(), &error.into());
            return self.whisper(http, id, token, &sentence).await;
        }
        let rows = button::asked(rows);
        let response = CreateInteractionResponse::UpdateMessage(
            CreateInteractionResponseMessage::new().components(rows),
        );
        self.respond(http, id, token, response).await;
        let thanks = serenity::builder::CreateInteractionResponseFollowup::new()
            .content(manners.say("feedback_thanks", &[]))
            .ephemeral(true);
        let sent = thanks.execute(http, (None, token)).await;
        report(id, sent.map(drop).map_err(undelivered));
    }

    /// Begins to serve an interaction, unless the bot is ending. Where it cannot be known how the bot behaves
    /// there, it says so.
    pub(super) async fn begin<'a>(
        &self,
        http: &Http,
        (id, token): (InteractionId, &'a str),
        guild: Option<GuildId>,
        locale: impl Into<Option<&str>>,
    ) -> Option<Serving<'a>> {
        let work = self.run.under_way.begin()?;
        let locale = locale.into();
        match self.places.manners(guild, locale).await {
            Ok(manners) => Some(Serving {
                responding: Responding { id, token },
                manners,
                _work: work,
            }),
            Err(failure) => {
                let plain = self.places.plain(locale);
                let sentence = Self::failure_sentence(&plain, id.get(), &failure);
                self.whisper(http, id, token, &sentence).await;
                None
            }
        }
    }

    /// Says something that only the person who asked sees.
    pub(super) async fn whisper(
        &self,
        http: &Http,
        id: InteractionId,
        token: &str,
        sentence: &str,
    ) {
        let response = CreateInteractionResponse::Message(
            Sheet::sentence(sentence).response().ephemeral(true),
        );
        self.respond(http, id, token, response).await;
    }

    pub(super) async fn respond(
        &self,
        http: &Http,
        id: InteractionId,
        token: &str,
        response: CreateInteractionResponse,
    ) {
        // A second response to the same interaction is refused, so that sending again is safe.
        let sent = attempt(|| response.clone().execute(http, (id, token))).await;
        report(id, sent.map_err(undelivered));
    }

    async fn respond_later(&self, http: &Http, id: InteractionId, token: &str, sheet: &Sheet) {
        let edit: EditInteractionResponse = sheet.deferred();
        let sent = attempt(|| edit.clone().execute(http, token)).await;
        report(id, sent.map(drop).map_err(undelivered));
    }
}
