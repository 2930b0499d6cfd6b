//! `/privacy`: what is kept of whoever asks, and of the server, and its removal.
//!
//! The buttons carry no state: of whom something is removed is told by the interaction itself.

use serenity::{
    all::{ButtonStyle, CommandInteraction, ComponentInteraction},
    builder::{CreateActionRow, CreateButton, CreateInteractionResponse},
};

use super::{
    bot::Bot,
    look::Sheet,
    markdown::{escape_line, shorten},
    server_commands::{Asking, may_manage},
};
use crate::store::{Place, StoreError};

/// What the ids of the buttons begin with.
pub const PRIVACY: &str = "p:";

/// How many watches are listed by name.
const LISTED: usize = 10;

impl Bot {
    /// Lists what is kept.
    pub(super) async fn tell_privacy(&self, asking: Asking<'_>, interaction: &CommandInteraction) {
        let manages = interaction.guild_id.is_some() && may_manage(interaction.member.as_deref());
        match Self::kept(asking, interaction.user.id.get(), manages).await {
            Ok(sheet) => {
                let message = sheet.response().ephemeral(true);
                let response = CreateInteractionResponse::Message(message);
                self.answer_panel(asking, response).await;
            }
            Err(error) => self.fail_panel(asking, error).await,
        }
    }

    /// Follows a button below that list.
    pub(super) async fn press_privacy(
        &self,
        asking: Asking<'_>,
        interaction: &ComponentInteraction,
    ) {
        let person = interaction.user.id.get();
        let manages = interaction.guild_id.is_some() && may_manage(interaction.member.as_ref());
        let removed = match interaction.data.custom_id.strip_prefix(PRIVACY) {
            Some("me") => asking.store.forget_person(person).await,
            Some("server") if manages => {
                let removed = asking.store.forget_place(asking.place).await;
                self.places.forget(asking.place);
                removed
            }
            Some("server") => {
                let sentence = asking.manners.say("server_manage_only", &[]);
                return self.say_privately(asking, &sentence).await;
            }
            _ => {
                let sentence = asking.manners.say("discord_stale_button", &[]);
                return self.say_privately(asking, &sentence).await;
            }
        };
        let sheet = match removed {
            Ok(()) => Self::kept(asking, person, manages).await,
            Err(error) => Err(error),
        };
        match sheet {
            Ok(sheet) => {
                let response = CreateInteractionResponse::UpdateMessage(sheet.response());
                self.answer_panel(asking, response).await;
            }
            Err(error) => self.fail_panel(asking, error).await,
        }
    }

    async fn kept(asking: Asking<'_>, person: u64, manages: bool) -> Result<Sheet, StoreError> {
        let manners = asking.manners;
        let mut lines = vec![escape_line(&manners.say("privacy_nothing_else", &[]))];
        let own = asking.store.watches_of(person).await?;
        lines.push(String::new());
        lines.push(format!(
            "**{}**",
            escape_line(&manners.say("privacy_of_you", &[]))
        ));
        if own.is_empty() {
            lines.push(escape_line(&manners.say("privacy_none", &[])));
        }
        for watch in own.iter().take(LISTED) {
            let topic = shorten(&watch.topic, 80);
            let said = manners.say("privacy_watch", &[("topic", &topic)]);
            lines.push(format!("- {} <#{}>", escape_line(&said), watch.channel));
        }
        if own.len() > LISTED {
            let count = (own.len() - LISTED).to_string();
            lines.push(escape_line(
                &manners.say("privacy_more", &[("count", &count)]),
            ));
        }
        let mut buttons = vec![button("me", &manners.say("privacy_remove_me", &[]))];
        if manages {
            lines.push(String::new());
            lines.push(format!(
                "**{}**",
                escape_line(&manners.say("privacy_of_server", &[]))
            ));
            lines.extend(Self::kept_of(asking, asking.place).await?);
            buttons.push(button("server", &manners.say("privacy_remove_server", &[])));
        }
        let title = escape_line(&manners.say("title_privacy", &[]));
        let rows = vec![CreateActionRow::Buttons(buttons)];
        Ok(Sheet::panel(&title, &lines.join("\n"), rows))
    }

    async fn kept_of(asking: Asking<'_>, place: Place) -> Result<Vec<String>, StoreError> {
        let manners = asking.manners;
        let mut lines = Vec::new();
        let set = asking.store.settings(place).await?;
        if set != crate::store::GuildSettings::default() {
            lines.push(format!(
                "- {}",
                escape_line(&manners.say("privacy_settings", &[]))
            ));
        }
        let watches = asking.store.watches(place).await?.len().to_string();
        let said = manners.say("privacy_watches", &[("count", &watches)]);
        lines.push(format!("- {}", escape_line(&said)));
        for counts in asking.store.feedback(place).await? {
            let places = [
                ("kind", counts.kind.as_str()),
                ("helped", &counts.helped.to_string()),
                ("not", &counts.not.to_string()),
            ];
            let said = manners.say("privacy_feedback", &places);
            lines.push(format!("- {}", escape_line(&said)));
        }
        Ok(lines)
    }
}

fn button(what: &str, label: &str) -> CreateButton {
    CreateButton::new(format!("{PRIVACY}{what}"))
        .style(ButtonStyle::Danger)
        .label(shorten(label, 80))
}
