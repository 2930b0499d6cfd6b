//! A page → what is sent: an embed, or plain text where embeds are not allowed.

use std::sync::Arc;

use serenity::{
    all::MessageFlags,
    builder::{
        CreateActionRow, CreateAllowedMentions, CreateAttachment, CreateEmbed,
        CreateInteractionResponseMessage, CreateMessage, EditAttachments, EditInteractionResponse,
        EditMessage,
    },
};

use super::{
    button::{self, State},
    markdown::shorten,
    page::Page,
};
use crate::face::picture::FILE_NAME;

/// The stripe beside an answer.
const FOUND: u32 = 0x2f_6f_9f;
/// The stripe beside "I don't know".
const NOT_FOUND: u32 = 0x8a_8f_94;

/// An answer on its pages.
#[derive(Clone, Debug)]
pub struct Paged {
    /// The pages, never none.
    pub pages: Vec<Page>,
    /// Whether anything was found.
    pub answered: bool,
    /// Whether to ask below it if it helped.
    pub asks: bool,
    /// The picture of it, if it has one.
    pub picture: Option<Picture>,
}

/// A picture with what is read aloud in its place.
#[derive(Clone, Debug)]
pub struct Picture {
    /// The content of a PNG file.
    pub file: Arc<[u8]>,
    /// What it shows, in words.
    pub alternative: String,
}

/// The longest description of an attachment that Discord takes.
const LONGEST_ALTERNATIVE: usize = 1024;

impl Picture {
    fn attachment(&self) -> CreateAttachment {
        CreateAttachment::bytes(self.file.to_vec(), FILE_NAME)
            .description(shorten(&self.alternative, LONGEST_ALTERNATIVE))
    }
}

/// How an answer is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// As an embed.
    Embed,
    /// As plain text: where the bot may not embed links.
    Plain,
}

/// One page with its buttons, in every form that a request takes.
#[derive(Clone)]
pub struct Sheet {
    content: String,
    embeds: Vec<CreateEmbed>,
    rows: Vec<CreateActionRow>,
    picture: Option<Picture>,
}

impl Sheet {
    /// Page `page` of `paged` (the last where there are fewer).
    #[must_use]
    pub fn of(paged: &Paged, page: usize, state: &State, look: Look) -> Self {
        let page = page.min(paged.pages.len().saturating_sub(1));
        let rows = button::rows(state, page, paged.pages.len(), paged.asks);
        let (title, body) = paged
            .pages
            .get(page)
            .map_or(("", ""), |page| (&page.title, &page.body));
        match look {
            Look::Embed => Self {
                content: String::new(),
                embeds: vec![embed(title, body, paged.answered)],
                rows,
                picture: paged.picture.clone(),
            },
            Look::Plain => Self {
                content: plain(title, body),
                embeds: Vec::new(),
                rows,
                // Where links may not be embedded, files may mostly not be attached.
                picture: None,
            },
        }
    }

    /// A panel of ours: both texts escaped, with what can be pressed or chosen below.
    #[must_use]
    pub fn panel(title: &str, body: &str, rows: Vec<CreateActionRow>) -> Self {
        Self {
            content: String::new(),
            embeds: vec![embed(title, body, true)],
            rows,
            picture: None,
        }
    }

    /// What is told unasked: both texts escaped, nothing to press.
    #[must_use]
    pub fn told(title: &str, body: &str, look: Look) -> Self {
        match look {
            Look::Embed => Self::panel(title, body, Vec::new()),
            Look::Plain => Self {
                content: plain(title, body),
                embeds: Vec::new(),
                rows: Vec::new(),
                picture: None,
            },
        }
    }

    /// A sentence of ours, without buttons.
    #[must_use]
    pub fn sentence(sentence: &str) -> Self {
        Self {
            content: sentence.to_owned(),
            embeds: Vec::new(),
            rows: Vec::new(),
            picture: None,
        }
    }

    /// The same without its picture: for a message that has it already.
    #[must_use]
    pub fn without_picture(self) -> Self {
        Self {
            picture: None,
            ..self
        }
    }

    fn attachments(&self) -> impl Iterator<Item = CreateAttachment> {
        self.picture.iter().map(Picture::attachment)
    }

    /// As a new message.
    pub fn message(&self) -> CreateMessage {
        let message = CreateMessage::new()
            .embeds(self.embeds.clone())
            .components(self.rows.clone())
            .add_files(self.attachments())
            .allowed_mentions(nobody());
        if self.content.is_empty() {
            message
        } else {
            message
                .content(&self.content)
                .flags(MessageFlags::SUPPRESS_EMBEDS)
        }
    }

    /// In place of a message's content.
    pub fn edit(&self) -> EditMessage {
        let edit = EditMessage::new()
            .content(&self.content)
            .embeds(self.embeds.clone())
            .components(self.rows.clone())
            // The picture of an earlier answer goes with it.
            .attachments(
                self.attachments()
                    .fold(EditAttachments::new(), EditAttachments::add),
            )
            .allowed_mentions(nobody());
        // The flag hides embeds of ours as well; a sheet with one must clear it.
        edit.flags(if self.content.is_empty() {
            MessageFlags::empty()
        } else {
            MessageFlags::SUPPRESS_EMBEDS
        })
    }

    /// As the response to an interaction.
    pub fn response(&self) -> CreateInteractionResponseMessage {
        CreateInteractionResponseMessage::new()
            .content(&self.content)
            .embeds(self.embeds.clone())
            .components(self.rows.clone())
            .add_files(self.attachments())
            .allowed_mentions(nobody())
    }

    /// In place of a deferred response.
    pub fn deferred(&self) -> EditInteractionResponse {
        let edit = EditInteractionResponse::new()
            .content(&self.content)
            .embeds(self.embeds.clone())
            .components(self.rows.clone())
            .allowed_mentions(nobody());
        self.attachments()
            .fold(edit, EditInteractionResponse::new_attachment)
    }
}

/// Pings nobody, not even the person replied to.
fn nobody() -> CreateAllowedMentions {
    CreateAllowedMentions::new().replied_user(false)
}

fn embed(title: &str, body: &str, answered: bool) -> CreateEmbed {
    let embed = CreateEmbed::new().color(if answered { FOUND } else { NOT_FOUND });
    let embed = if title.is_empty() {
        embed
    } else {
        embed.title(title)
    };
    if body.is_empty() {
        embed
    } else {
        embed.description(body)
    }
}

/// A page as plain text.
#[must_use]
pub fn plain(title: &str, body: &str) -> String {
    match (title.is_empty(), body.is_empty()) {
        (true, _) => body.to_owned(),
        (false, true) => format!("**{title}**"),
        (false, false) => format!("**{title}**\n{body}"),
    }
}
