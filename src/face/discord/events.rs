//! What Discord says, passed on.
//!
//! A frame is looked at twice: for its kind, which costs next to nothing, and whole where it is of a kind that
//! the bot listens to. What cannot be read is told without a word of it: it may be what people write.

use std::{borrow::Cow, sync::Arc, sync::atomic::Ordering};

use serde::{Deserialize, de::DeserializeOwned};
use serenity::{
    all::{
        Command as SlashCommand, Interaction, Message, MessageDeleteBulkEvent, MessageDeleteEvent,
        MessageUpdateEvent, Ready, UnavailableGuild,
    },
    http::Http,
};
use twilight_gateway::ShardId;

use super::{
    bot::Bot,
    delivery::{attempt, cause},
    privacy::PRIVACY,
    registration,
    server_commands::{self, server_command},
    settings_panel::PANEL,
};
use crate::{command::COMMANDS, face::current::Current, store::Place};

/// An event that the bot listens to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A connection begins.
    Hello,
    /// A session begins.
    Ready,
    /// A message.
    Message,
    /// A message was edited.
    Edit,
    /// A message was deleted.
    Deletion,
    /// Messages were deleted.
    Deletions,
    /// A server is gone, or out of reach.
    ServerGone,
    /// A command, a button, a form, half a word.
    Interaction,
}

/// The operation with which a connection begins.
const HELLO: u8 = 10;

#[derive(Deserialize)]
struct Head<'f> {
    op: u8,
    #[serde(borrow)]
    t: Option<Cow<'f, str>>,
}

#[derive(Deserialize)]
struct Frame<T> {
    d: T,
}

/// What kind of event a frame is; nothing where nobody listens to it.
#[must_use]
pub fn kind(frame: &str) -> Option<Kind> {
    let head: Head<'_> = serde_json::from_str(frame).ok()?;
    if head.op == HELLO {
        return Some(Kind::Hello);
    }
    match head.t?.as_ref() {
        "READY" => Some(Kind::Ready),
        "MESSAGE_CREATE" => Some(Kind::Message),
        "MESSAGE_UPDATE" => Some(Kind::Edit),
        "MESSAGE_DELETE" => Some(Kind::Deletion),
        "MESSAGE_DELETE_BULK" => Some(Kind::Deletions),
        "GUILD_DELETE" => Some(Kind::ServerGone),
        "INTERACTION_CREATE" => Some(Kind::Interaction),
        _ => None,
    }
}

/// What a frame is about.
fn read<T: DeserializeOwned>(kind: Kind, frame: &str) -> Option<T> {
    match serde_json::from_str::<Frame<T>>(frame) {
        Ok(frame) => Some(frame.d),
        Err(error) => {
            // The error itself may quote what it fails on.
            let (fault, column) = (error.classify(), error.column());
            tracing::warn!(?kind, ?fault, column, "an event could not be read");
            None
        }
    }
}

/// Takes note of who the bot is. Every session begins with it.
pub fn ready(current: &Current<Bot>, http: &Arc<Http>, shard: ShardId, frame: &str) {
    let Some(ready) = read::<Ready>(Kind::Ready, frame) else {
        return;
    };
    let bot = current.get();
    http.set_application_id(ready.application.id);
    bot.run.me.send_replace(Some(ready.user.id));
    tracing::info!(user = %ready.user.id, shard = shard.number(), servers = ready.guilds.len(), "ready");
    // The commands are the application's: of several processes, the one with the first shard registers them.
    if shard.number() == 0 && !bot.run.registered.swap(true, Ordering::AcqRel) {
        let http = Arc::clone(http);
        tokio::spawn(async move { bot.register(&http).await });
    }
}

/// Looks at an event.
pub async fn hear(bot: &Bot, http: &Http, kind: Kind, frame: &str) {
    match kind {
        Kind::Hello | Kind::Ready => {}
        Kind::Message => {
            if let Some(message) = read::<Message>(kind, frame) {
                bot.hear(http, &message).await;
            }
        }
        Kind::Edit => {
            if let Some(event) = read::<MessageUpdateEvent>(kind, frame) {
                bot.hear_edit(http, &event).await;
            }
        }
        Kind::Deletion => {
            if let Some(event) = read::<MessageDeleteEvent>(kind, frame) {
                bot.hear_deletion(http, event.message_id).await;
            }
        }
        Kind::Deletions => {
            if let Some(event) = read::<MessageDeleteBulkEvent>(kind, frame) {
                for message in event.ids {
                    bot.hear_deletion(http, message).await;
                }
            }
        }
        Kind::ServerGone => {
            if let Some(gone) = read::<UnavailableGuild>(kind, frame) {
                bot.forget_server(&gone).await;
            }
        }
        Kind::Interaction => {
            if let Some(interaction) = read::<Interaction>(kind, frame) {
                bot.interact(http, interaction).await;
            }
        }
    }
}

impl Bot {
    /// Tells Discord of the commands.
    pub(super) async fn register(&self, http: &Http) {
        // Without slash commands, those of an earlier run would stay and answer nothing.
        let table = if self.settings.slash_commands {
            COMMANDS
        } else {
            &[]
        };
        let plain = self.places.plain(None);
        let language = plain.archive.language();
        let mut commands = registration::commands(table, language, self.settings.question_length);
        if self.settings.slash_commands {
            let (stored, reloads) = (self.places.store().is_some(), self.run.reads_anew());
            commands.extend(server_commands::commands(language, stored, reloads));
            commands.push(registration::menu(language));
        }
        match attempt(|| SlashCommand::set_global_commands(http, commands.clone())).await {
            Ok(commands) => tracing::debug!(count = commands.len(), "slash commands registered"),
            Err(error) => {
                // Messages are still heard; the next READY tries again.
                self.run.registered.store(false, Ordering::Release);
                tracing::error!(
                    cause = cause(error),
                    "the slash commands were not registered"
                );
            }
        }
    }

    async fn forget_server(&self, gone: &UnavailableGuild) {
        // A server that is only out of reach comes back, and finds its settings as they were.
        if gone.unavailable {
            return;
        }
        let place = Place(gone.id.get());
        self.places.forget(place);
        if let Some(store) = self.places.store() {
            match store.forget_place(place).await {
                Ok(()) => {
                    tracing::info!(server = %gone.id, "left; all that was kept of it is gone");
                }
                Err(error) => tracing::error!(server = %gone.id, %error, "left, but not forgotten"),
            }
        }
    }

    async fn interact(&self, http: &Http, interaction: Interaction) {
        match interaction {
            Interaction::Command(command) => match server_command(&command.data.name) {
                Some(row) => self.serve_command(http, &command, row).await,
                None => self.slash(http, &command).await,
            },
            Interaction::Autocomplete(command) => self.complete(http, &command).await,
            Interaction::Component(component) if component.data.custom_id.starts_with(PANEL) => {
                self.press_panel(http, &component).await;
            }
            Interaction::Component(component) if component.data.custom_id.starts_with(PRIVACY) => {
                self.press_privately(http, &component).await;
            }
            Interaction::Component(component) => self.press(http, &component).await,
            Interaction::Modal(modal) => self.submit(http, &modal).await,
            _ => {}
        }
    }
}
