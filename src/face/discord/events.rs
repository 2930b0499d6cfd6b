//! What Discord says, passed on.

use std::sync::{Arc, atomic::Ordering};

use serenity::{
    all::{
        ChannelId, Command as SlashCommand, ConnectionStage, Guild, GuildId, Interaction, Message,
        MessageId, MessageUpdateEvent, Ready, ResumedEvent, ShardStageUpdateEvent,
        UnavailableGuild,
    },
    client::{Context, EventHandler},
    http::RatelimitInfo,
};

use super::{
    Bot,
    delivery::{attempt, cause},
    privacy::PRIVACY,
    registration,
    server_commands::{self, server_command},
    settings_panel::PANEL,
};
use crate::{command::COMMANDS, store::Place};

/// Each event arrives on a task of its own, so that one which fails fails alone.
pub struct Events(pub Arc<Bot>);

#[serenity::async_trait]
impl EventHandler for Events {
    async fn ready(&self, context: Context, ready: Ready) {
        let bot = &self.0;
        // A reconnection brings the same again.
        bot.me.send_replace(Some(ready.user.id));
        tracing::info!(user = %ready.user.id, servers = ready.guilds.len(), "ready");
        bot.metrics.gateway(true);
        // Without a service manager there is nobody to tell.
        let _ = sd_notify::notify(&[sd_notify::NotifyState::Ready]);
        if bot.registered.swap(true, Ordering::AcqRel) {
            return;
        }
        // Without slash commands, those of an earlier run would stay and answer nothing.
        let table = if bot.settings.slash_commands {
            COMMANDS
        } else {
            &[]
        };
        let plain = bot.places.plain(None);
        let language = plain.archive.language();
        let mut commands = registration::commands(table, language, bot.settings.question_length);
        if bot.settings.slash_commands {
            let stored = bot.places.store().is_some();
            commands.extend(server_commands::commands(language, stored));
            commands.push(registration::menu(language));
        }
        match attempt(|| SlashCommand::set_global_commands(&context.http, commands.clone())).await {
            Ok(commands) => tracing::debug!(count = commands.len(), "slash commands registered"),
            Err(error) => {
                // Messages are still heard; the next READY tries again.
                bot.registered.store(false, Ordering::Release);
                tracing::error!(
                    cause = cause(error),
                    "the slash commands were not registered"
                );
            }
        }
    }

    async fn resume(&self, _: Context, _: ResumedEvent) {
        tracing::info!("resumed");
        self.0.metrics.gateway(true);
    }

    async fn shard_stage_update(&self, _: Context, event: ShardStageUpdateEvent) {
        tracing::debug!(shard = event.shard_id.0, stage = %event.new, "the connection changed");
        self.0
            .metrics
            .gateway(matches!(event.new, ConnectionStage::Connected));
    }

    async fn ratelimit(&self, limit: RatelimitInfo) {
        tracing::debug!(
            seconds = limit.timeout.as_secs_f64(),
            global = limit.global,
            "rate limited"
        );
        self.0.metrics.rate_limited(limit.global);
    }

    async fn message(&self, context: Context, message: Message) {
        self.0.hear(&context.http, &message).await;
    }

    async fn message_update(
        &self,
        context: Context,
        _: Option<Message>,
        _: Option<Message>,
        event: MessageUpdateEvent,
    ) {
        self.0.hear_edit(&context.http, &event).await;
    }

    async fn message_delete(
        &self,
        context: Context,
        _: ChannelId,
        message: MessageId,
        _: Option<GuildId>,
    ) {
        self.0.hear_deletion(&context.http, message).await;
    }

    async fn message_delete_bulk(
        &self,
        context: Context,
        _: ChannelId,
        messages: Vec<MessageId>,
        _: Option<GuildId>,
    ) {
        for message in messages {
            self.0.hear_deletion(&context.http, message).await;
        }
    }

    async fn guild_delete(&self, _: Context, gone: UnavailableGuild, _: Option<Guild>) {
        // A server that is only out of reach comes back, and finds its settings as they were.
        if gone.unavailable {
            return;
        }
        let place = Place(gone.id.get());
        self.0.places.forget(place);
        if let Some(store) = self.0.places.store() {
            match store.forget_place(place).await {
                Ok(()) => {
                    tracing::info!(server = %gone.id, "left; all that was kept of it is gone");
                }
                Err(error) => tracing::error!(server = %gone.id, %error, "left, but not forgotten"),
            }
        }
    }

    async fn interaction_create(&self, context: Context, interaction: Interaction) {
        let (bot, http) = (&self.0, &context.http);
        match interaction {
            Interaction::Command(command) => match server_command(&command.data.name) {
                Some(row) => bot.serve_command(http, &command, row).await,
                None => bot.slash(http, &command).await,
            },
            Interaction::Autocomplete(command) => bot.complete(http, &command).await,
            Interaction::Component(component) if component.data.custom_id.starts_with(PANEL) => {
                bot.press_panel(http, &component).await;
            }
            Interaction::Component(component) if component.data.custom_id.starts_with(PRIVACY) => {
                bot.press_privately(http, &component).await;
            }
            Interaction::Component(component) => bot.press(http, &component).await,
            Interaction::Modal(modal) => bot.submit(http, &modal).await,
            _ => {}
        }
    }
}
