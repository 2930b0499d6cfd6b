//! Sending, with the faults that sending has.
//!
//! A request that failed for a passing reason is sent again, and only one that cannot take effect twice:
//! posts carry a nonce that Discord enforces, edits and deletions are what they are. What the bot may not
//! do in a channel is remembered for a while, since each refusal counts towards a ban of the whole bot. Every
//! attempt waits for its turn at Discord's [`pace`](super::pace).

use std::{future::Future, time::Duration};

use moka::sync::Cache;
use serenity::{
    all::{ChannelId, MessageId, MessageReference, MessageReferenceKind, Nonce},
    http::{Http, HttpError},
};

use super::{
    look::{Look, Sheet},
    pace::{Hold, Pace},
    recent::Posted,
};

/// The waits before each new attempt.
const WAITS: [Duration; 3] = [
    Duration::from_millis(300),
    Duration::from_millis(1200),
    Duration::from_millis(4800),
];

/// Missing permissions.
const MISSING_PERMISSIONS: isize = 50013;
/// No reply without permission to read the channel's history.
const NO_HISTORY: isize = 160_002;

/// Why something was not sent.
#[derive(Debug, thiserror::Error)]
pub enum Undelivered {
    /// The bot may not do that here.
    #[error("the bot may not do that here: {0}")]
    Forbidden(String),
    /// What it is about is gone.
    #[error("it is gone: {0}")]
    Gone(String),
    /// Anything else.
    #[error("{0}")]
    Failed(String),
}

/// What channels do not allow, as far as it was tried.
pub struct Delivery {
    plain: Cache<u64, ()>,
    silent: Cache<u64, ()>,
    /// Channels in which somebody was told lately that too many ask.
    told: Cache<u64, ()>,
    /// Channels that show that the bot is typing.
    typing: Cache<u64, ()>,
    pace: Pace,
}

/// Where a message goes.
#[derive(Clone, Copy, Debug)]
pub struct Destination {
    /// The channel.
    pub channel: ChannelId,
    /// The message replied to, if it is a reply.
    pub question: Option<MessageId>,
}

impl Delivery {
    /// Nothing is known yet.
    #[must_use]
    pub fn new(requests_per_second: u32) -> Self {
        let cache = |seconds| {
            Cache::builder()
                .max_capacity(10_000)
                .time_to_live(Duration::from_secs(seconds))
                .build()
        };
        Self {
            plain: cache(600),
            silent: cache(60),
            told: cache(30),
            typing: cache(7),
            pace: Pace::new(requests_per_second),
        }
    }

    /// By what all that is sent can be held.
    #[must_use]
    pub fn hold(&self) -> Hold {
        self.pace.hold()
    }

    /// Whether an answer in `channel` would come too late, since too many wait to be posted.
    #[must_use]
    pub fn is_crowded(&self, channel: ChannelId) -> bool {
        self.pace.is_crowded(channel)
    }

    /// Whether nobody in `channel` was told lately that too many ask. Telling everybody would only add to it.
    #[must_use]
    pub fn may_tell(&self, channel: ChannelId) -> bool {
        self.told.entry(channel.get()).or_insert(()).is_fresh()
    }

    /// Shows that an answer is coming, unless that is shown there already or requests must wait for more.
    pub async fn show_typing(&self, http: &Http, channel: ChannelId) {
        if self.pace.is_free() && self.typing.entry(channel.get()).or_insert(()).is_fresh() {
            let _under_way = self.pace.request().await;
            // Where it fails there is nothing to be done: it is only a courtesy.
            drop(channel.broadcast_typing(http).await);
        }
    }

    /// Whether nothing can be posted in `channel` at the moment.
    #[must_use]
    pub fn is_silent(&self, channel: ChannelId) -> bool {
        self.silent.contains_key(&channel.get())
    }

    /// Posts what `sheet` gives for a look. Of two posts with the same nonce Discord makes one.
    ///
    /// # Errors
    /// Where the channel refuses it even as plain text, or sending fails.
    pub async fn post(
        &self,
        http: &Http,
        to: Destination,
        nonce: String,
        sheet: impl Fn(Look) -> Sheet,
    ) -> Result<Posted, Undelivered> {
        let key = to.channel.get();
        let mut look = if self.plain.contains_key(&key) {
            Look::Plain
        } else {
            Look::Embed
        };
        let mut question = to.question;
        loop {
            let mut message = sheet(look)
                .message()
                .nonce(Nonce::String(nonce.clone()))
                .enforce_nonce(true);
            if let Some(question) = question {
                message = message.reference_message(
                    MessageReference::new(MessageReferenceKind::Default, to.channel)
                        .message_id(question)
                        // A question deleted meanwhile must not make its answer an error.
                        .fail_if_not_exists(false),
                );
            }
            let turn = Some((&self.pace, Some(to.channel)));
            let error = match paced(turn, || to.channel.send_message(http, message.clone())).await {
                Ok(posted) => {
                    if look == Look::Plain {
                        self.plain.insert(key, ());
                    }
                    return Ok(Posted {
                        channel: to.channel,
                        message: posted.id,
                        look,
                    });
                }
                Err(error) => error,
            };
            match code(&error) {
                Some(MISSING_PERMISSIONS) if look == Look::Embed => look = Look::Plain,
                Some(NO_HISTORY) if question.is_some() => question = None,
                _ => {
                    let undelivered = undelivered(error);
                    if matches!(undelivered, Undelivered::Forbidden(_)) {
                        self.silent.insert(key, ());
                    }
                    return Err(undelivered);
                }
            }
        }
    }

    /// Puts `sheet` in place of a message of the bot.
    ///
    /// # Errors
    /// Where the message is gone, or sending fails.
    pub async fn edit(
        &self,
        http: &Http,
        posted: Posted,
        sheet: &Sheet,
    ) -> Result<(), Undelivered> {
        let Posted {
            channel, message, ..
        } = posted;
        let turn = Some((&self.pace, None));
        paced(turn, || channel.edit_message(http, message, sheet.edit()))
            .await
            .map(drop)
            .map_err(undelivered)
    }

    /// Deletes a message of the bot.
    ///
    /// # Errors
    /// Where it fails; not where it is gone already.
    pub async fn delete(&self, http: &Http, posted: Posted) -> Result<(), Undelivered> {
        let turn = Some((&self.pace, None));
        match paced(turn, || posted.channel.delete_message(http, posted.message))
            .await
            .map_err(undelivered)
        {
            Err(Undelivered::Gone(_)) | Ok(()) => Ok(()),
            Err(error) => Err(error),
        }
    }
}

/// Sends, and sends again what failed for a passing reason. Only for requests that cannot take effect twice.
///
/// # Errors
/// The last error.
pub async fn attempt<T, F>(send: impl FnMut() -> F) -> serenity::Result<T>
where
    F: Future<Output = serenity::Result<T>>,
{
    paced(None, send).await
}

/// The same, each attempt in its turn: that of any request, or of a new message in a channel.
async fn paced<T, F>(
    turn: Option<(&Pace, Option<ChannelId>)>,
    mut send: impl FnMut() -> F,
) -> serenity::Result<T>
where
    F: Future<Output = serenity::Result<T>>,
{
    let mut waits = WAITS.iter();
    loop {
        let under_way = match turn {
            Some((pace, Some(channel))) => Some(pace.message(channel).await),
            Some((pace, None)) => Some(pace.request().await),
            None => None,
        };
        // No bound here: a wait that Discord asks for is kept, however long it is. What is sent is given up by
        // the client itself where no response comes.
        let error = match send().await {
            Ok(done) => return Ok(done),
            Err(error) if !is_passing(&error) => return Err(error),
            Err(error) => error,
        };
        drop(under_way);
        let Some(wait) = waits.next() else {
            return Err(error);
        };
        tracing::debug!(
            cause = cause(error),
            ?wait,
            "a request failed for a passing reason"
        );
        tokio::time::sleep(*wait).await;
    }
}

/// Whether the same request may succeed in a moment.
fn is_passing(error: &serenity::Error) -> bool {
    match error {
        serenity::Error::Http(HttpError::UnsuccessfulRequest(response)) => {
            let status = response.status_code.as_u16();
            status == 429 || status >= 500
        }
        serenity::Error::Http(HttpError::Request(error)) => {
            // A response that came and did not parse is no reason to ask again.
            !error.is_decode() && !error.is_builder()
        }
        _ => false,
    }
}

/// Discord's own error code.
fn code(error: &serenity::Error) -> Option<isize> {
    match error {
        serenity::Error::Http(HttpError::UnsuccessfulRequest(response)) => {
            Some(response.error.code)
        }
        _ => None,
    }
}

/// What kind of refusal it is.
pub fn undelivered(error: serenity::Error) -> Undelivered {
    let status = match &error {
        serenity::Error::Http(error) => error.status_code().map(|status| status.as_u16()),
        _ => None,
    };
    match status {
        Some(403) => Undelivered::Forbidden(cause(error)),
        Some(404) => Undelivered::Gone(cause(error)),
        _ => Undelivered::Failed(cause(error)),
    }
}

/// An error in words, without the address of the request, which may hold an interaction's token.
#[must_use]
pub fn cause(error: serenity::Error) -> String {
    match error {
        serenity::Error::Http(HttpError::Request(error)) => error.without_url().to_string(),
        serenity::Error::Http(HttpError::UnsuccessfulRequest(response)) => format!(
            "{} {} (code {})",
            response.status_code.as_u16(),
            HttpError::UnsuccessfulRequest(response.clone()),
            response.error.code
        ),
        error => error.to_string(),
    }
}

/// A short name for what happened with the message or interaction `id`: its last seven digits in base 36.
#[must_use]
pub fn reference(id: u64) -> String {
    super::button::base36(id % 36_u64.pow(7)).to_uppercase()
}

/// Tells the log what became of an answer to the message or interaction `id`.
pub fn report(id: impl Into<u64>, sent: Result<(), Undelivered>) {
    let reference = reference(id.into());
    match sent {
        Ok(()) => {}
        Err(Undelivered::Gone(cause)) => {
            tracing::info!(reference, cause, "it was gone before it was answered");
        }
        Err(Undelivered::Forbidden(cause)) => {
            tracing::warn!(reference, cause, "an answer is not allowed here");
        }
        Err(Undelivered::Failed(cause)) => {
            tracing::error!(reference, cause, "an answer was not delivered");
        }
    }
}
