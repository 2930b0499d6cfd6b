//! Slash commands, autocompletion and buttons.

use std::time::Duration;

use serenity::{
    all::{CommandDataOptionValue, CommandInteraction, ComponentInteraction, InteractionId},
    builder::{
        Builder, CreateInteractionResponse, CreateInteractionResponseMessage,
        EditInteractionResponse,
    },
    http::Http,
};

use super::{
    Bot,
    address::within,
    autocompletion,
    button::{self, Press, Pressed, State},
    delivery::{attempt, report, undelivered},
    look::{Look, Sheet},
    question::day,
};
use crate::command::{Call, command};

/// Discord waits three seconds for choices; after two they are no longer of use.
const CHOICES_WITHIN: Duration = Duration::from_secs(2);

impl Bot {
    /// Answers a slash command.
    pub(super) async fn slash(&self, http: &Http, interaction: &CommandInteraction) {
        let Some(_work) = self.under_way.begin() else {
            return;
        };
        let today = day(interaction.id.created_at());
        let argument = interaction
            .data
            .options
            .iter()
            .find_map(|option| match &option.value {
                CommandDataOptionValue::String(value) => Some(value.as_str()),
                _ => None,
            })
            .unwrap_or_default();
        let Some(command) = command(&interaction.data.name) else {
            // A command of an earlier version that Discord still offers.
            let sentence = self.say("discord_unknown_command", &[]);
            return self
                .whisper(http, interaction.id, &interaction.token, &sentence)
                .await;
        };
        if let Err(too_fast) = self
            .cooldown
            .ask(interaction.user.id, interaction.channel_id)
        {
            let sentence = self.wait_sentence(too_fast.wait);
            return self
                .whisper(http, interaction.id, &interaction.token, &sentence)
                .await;
        }
        let asked = within(
            Call::new(command, argument, today),
            self.settings.question_length,
        );
        let state = State {
            asker: interaction.user.id,
            call: asked.call.clone(),
        };
        let answer = async {
            match self.search.answer(&asked).await {
                Ok(paged) => Sheet::of(&paged, 0, &state, Look::Embed),
                Err(failure) => {
                    Sheet::sentence(&self.failure_sentence(interaction.id.get(), &failure))
                }
            }
        };
        tokio::pin!(answer);
        let Ok(sheet) = tokio::time::timeout(self.settings.defer_delay(), &mut answer).await else {
            let deferred =
                CreateInteractionResponse::Defer(CreateInteractionResponseMessage::new());
            self.respond(http, interaction.id, &interaction.token, deferred)
                .await;
            let sheet = answer.await;
            return self
                .respond_later(http, interaction.id, &interaction.token, &sheet)
                .await;
        };
        let response = CreateInteractionResponse::Message(sheet.response());
        self.respond(http, interaction.id, &interaction.token, response)
            .await;
    }

    /// Offers choices for a half-written argument.
    pub(super) async fn complete(&self, http: &Http, interaction: &CommandInteraction) {
        let Some(_work) = self.under_way.begin() else {
            return;
        };
        let suggestions = match (
            command(&interaction.data.name),
            interaction.data.autocomplete(),
        ) {
            (Some(command), Some(option)) => tokio::time::timeout(
                CHOICES_WITHIN,
                self.search.suggest(command.argument, option.value),
            )
            .await
            .unwrap_or_default(),
            _ => Vec::new(),
        };
        let response =
            CreateInteractionResponse::Autocomplete(autocompletion::response(&suggestions));
        // Once only: choices that come late are choices for something else.
        if let Err(error) = response
            .execute(http, (interaction.id, &interaction.token))
            .await
        {
            report(interaction.id, Err(undelivered(error)));
        }
    }

    /// Follows a pressed button.
    pub(super) async fn press(&self, http: &Http, interaction: &ComponentInteraction) {
        let Some(_work) = self.under_way.begin() else {
            return;
        };
        let (id, token) = (interaction.id, interaction.token.as_str());
        let ids = button::ids_of(&interaction.message.components);
        let Some(Pressed { press, state }) = button::read(&interaction.data.custom_id, &ids) else {
            let sentence = self.say("discord_stale_button", &[]);
            return self.whisper(http, id, token, &sentence).await;
        };
        if state.asker != interaction.user.id {
            let sentence = self.say("discord_not_yours", &[]);
            return self.whisper(http, id, token, &sentence).await;
        }
        let page = match press {
            Press::Turn(page) => page,
            Press::Remove => {
                self.respond(http, id, token, CreateInteractionResponse::Acknowledge)
                    .await;
                let removed = attempt(|| interaction.delete_response(http)).await;
                return report(id, removed.map_err(undelivered));
            }
        };
        if let Err(too_fast) = self.turns.ask(interaction.user.id, interaction.channel_id) {
            let sentence = self.wait_sentence(too_fast.wait);
            return self.whisper(http, id, token, &sentence).await;
        }
        let look = if interaction.message.embeds.is_empty() {
            Look::Plain
        } else {
            Look::Embed
        };
        let asked = within(state.call.clone(), usize::MAX);
        let answer = self.search.answer(&asked);
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
            Ok(paged) => {
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
                let sentence = self.failure_sentence(id.get(), &failure);
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

    /// Says something that only the person who asked sees.
    async fn whisper(&self, http: &Http, id: InteractionId, token: &str, sentence: &str) {
        let response = CreateInteractionResponse::Message(
            Sheet::sentence(sentence).response().ephemeral(true),
        );
        self.respond(http, id, token, response).await;
    }

    async fn respond(
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
