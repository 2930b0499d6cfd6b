//! From a message to its answer, and after it through edit and deletion.

use std::{
    future::Future,
    hash::{DefaultHasher, Hash, Hasher},
    time::Duration,
};

use jiff::{civil::Date, tz::TimeZone};
use serenity::{
    all::{
        ChannelId, GuildId, Message, MessageId, MessageType, MessageUpdateEvent, Timestamp, UserId,
    },
    http::Http,
};

use super::{
    address::{self, Asked, Heard},
    bot::Bot,
    button::{self, State},
    delivery::{Destination, Undelivered, report},
    look::{Look, Sheet},
    pace::Turn,
    places::Manners,
    recent::{Exchange, Pair},
    searching::Failure,
};
use crate::command::Call;

/// An edit makes a question of a message that was none only as long as the talk is still there.
const LATE_EDIT: Duration = Duration::from_mins(15);

/// How long Discord shows that someone is typing, less a margin.
const TYPING_LASTS: Duration = Duration::from_secs(8);

/// The message that is answered.
#[derive(Clone, Copy)]
struct Question<'a> {
    id: MessageId,
    channel: ChannelId,
    asker: UserId,
    /// Its place among the questions of its asker, where it is a new one.
    turn: Option<&'a Turn<'a>>,
}

/// What a message says, new or edited.
struct Said<'a> {
    content: &'a str,
    written: Timestamp,
    private: bool,
    reply: bool,
    previous: Option<&'a Call>,
}

/// What a message has become.
struct Edit {
    asked: Option<Asked>,
    edited: Timestamp,
    text: u64,
}

impl Bot {
    /// Hears a new message.
    pub(super) async fn hear(&self, http: &Http, message: &Message) {
        if message.author.bot
            || message.webhook_id.is_some()
            || !is_said(message.kind)
            || message.content.is_empty()
        {
            return;
        }
        let Some(me) = self.run.me().await else {
            return;
        };
        let reply_to = message
            .referenced_message
            .as_deref()
            .filter(|to| to.author.id == me);
        let previous = reply_to.and_then(previous_call);
        let Some(manners) = self.manners_of(message.guild_id).await else {
            return;
        };
        let said = Said {
            content: &message.content,
            written: message.timestamp,
            private: message.guild_id.is_none(),
            reply: reply_to.is_some(),
            previous: previous.as_ref(),
        };
        let Some(asked) = self.read(&manners, me, &said) else {
            return;
        };
        let Some(_work) = self.run.under_way.begin() else {
            return;
        };
        // From here on, answers to later questions of the same person wait for this one.
        let turn = self.run.turns_to_answer.take(message.author.id, message.id);
        let heard = self.places.speaks_in(http, &manners, message.channel_id);
        if !heard.await {
            return;
        }
        let pair = self.run.recent.remember(message.id);
        let mut exchange = pair.lock().await;
        if pair.is_superseded(None) {
            // Its edit or its deletion was faster.
            return;
        }
        exchange.asker = Some(message.author.id);
        exchange.previous = previous;
        exchange.replies = reply_to.is_some();
        exchange.text = hash(&message.content);
        let question = Question {
            id: message.id,
            channel: message.channel_id,
            asker: message.author.id,
            turn: Some(&turn),
        };
        if self.run.delivery.is_crowded(question.channel) {
            if self.run.delivery.may_tell(question.channel) {
                let sentence = Self::failure_sentence(&manners, question.id.get(), &Failure::Busy);
                self.show(http, question, &pair, &mut exchange, |_| {
                    Sheet::sentence(&sentence)
                })
                .await;
            }
            return;
        }
        if let Err(too_fast) = self.may_ask(&manners, question.asker, question.channel) {
            if !too_fast.told {
                let sentence = Self::wait_sentence(&manners, too_fast.wait);
                self.show(http, question, &pair, &mut exchange, |_| {
                    Sheet::sentence(&sentence)
                })
                .await;
            }
            return;
        }
        self.reply(http, &manners, question, asked, &pair, &mut exchange)
            .await;
    }

    /// Hears that a message was edited.
    pub(super) async fn hear_edit(&self, http: &Http, event: &MessageUpdateEvent) {
        // Discord also reports embeds that it made of links; those are no edits.
        let (Some(content), Some(edited)) = (&event.content, event.edited_timestamp) else {
            return;
        };
        let Some(me) = self.run.me().await else {
            return;
        };
        let author = event.author.as_ref();
        if author.is_some_and(|author| author.bot)
            || event.webhook_id.flatten().is_some()
            || event.kind.is_some_and(|kind| !is_said(kind))
        {
            return;
        }
        let known = self.run.recent.get(event.id);
        let written = event.timestamp.unwrap_or_else(|| event.id.created_at());
        if known.is_none() && edited.unix_timestamp() - written.unix_timestamp() > late_edit() {
            return;
        }
        let Some(_work) = self.run.under_way.begin() else {
            return;
        };
        let reply_to = event
            .referenced_message
            .as_ref()
            .and_then(Option::as_deref)
            .filter(|to| to.author.id == me);
        let mut previous = reply_to.and_then(previous_call);
        let mut replies = reply_to.is_some();
        let mut person = author.map(|author| author.id);
        if let Some(known) = &known {
            known.edit(edited);
            let exchange = known.lock().await;
            previous = previous.or_else(|| exchange.previous.clone());
            replies |= exchange.replies;
            person = person.or(exchange.asker);
        }
        let Some(person) = person else { return };
        let Some(manners) = self.manners_of(event.guild_id).await else {
            return;
        };
        let said = Said {
            content,
            written,
            private: event.guild_id.is_none(),
            reply: replies,
            previous: previous.as_ref(),
        };
        let asked = self.read(&manners, me, &said);
        let pair = match (known, &asked) {
            (Some(pair), _) => pair,
            (None, Some(_)) => self.run.recent.remember(event.id),
            (None, None) => return,
        };
        let heard = self.places.speaks_in(http, &manners, event.channel_id);
        if !heard.await {
            return;
        }
        let question = Question {
            id: event.id,
            channel: event.channel_id,
            asker: person,
            turn: None,
        };
        let edit = Edit {
            asked,
            edited,
            text: hash(content),
        };
        self.follow_edit(http, &manners, question, &pair, edit)
            .await;
    }

    async fn follow_edit(
        &self,
        http: &Http,
        manners: &Manners,
        question: Question<'_>,
        pair: &Pair,
        edit: Edit,
    ) {
        let Edit {
            asked,
            edited,
            text,
        } = edit;
        pair.edit(edited);
        let mut exchange = pair.lock().await;
        // Where its edit was noted before it was answered, the same text still wants its answer.
        let unchanged = exchange.text == text && exchange.answer.is_some();
        if pair.is_superseded(Some(edited)) || exchange.edited == Some(edited) {
            return;
        }
        exchange.edited = Some(edited);
        exchange.asker = Some(question.asker);
        exchange.text = text;
        if unchanged {
            return;
        }
        let Some(asked) = asked else {
            // It is no question any more.
            if let Some(posted) = exchange.answer.take() {
                report(question.id, self.run.delivery.delete(http, posted).await);
            }
            return;
        };
        if let Err(too_fast) = self.may_ask(manners, question.asker, question.channel) {
            // An answer that stays behind its question would be wrong; it comes later instead.
            tokio::time::sleep(too_fast.wait).await;
            if pair.is_superseded(Some(edited)) {
                return;
            }
        }
        self.reply(http, manners, question, asked, pair, &mut exchange)
            .await;
    }

    /// Hears that a message was deleted.
    pub(super) async fn hear_deletion(&self, http: &Http, message: MessageId) {
        let Some(pair) = self.run.recent.get(message) else {
            return;
        };
        pair.delete();
        let Some(_work) = self.run.under_way.begin() else {
            return;
        };
        // An answer under way is awaited here, and deleted by whoever posts it or by us.
        if let Some(posted) = pair.lock().await.answer.take() {
            report(message, self.run.delivery.delete(http, posted).await);
        }
        self.run.recent.forget(message);
    }

    /// Searches and shows the answer, when its turn comes.
    async fn reply(
        &self,
        http: &Http,
        manners: &Manners,
        question: Question<'_>,
        asked: Asked,
        pair: &Pair,
        exchange: &mut Exchange,
    ) {
        if self.run.delivery.is_silent(question.channel) {
            return;
        }
        let search = self.search.answer(manners, &asked);
        let found = self.with_typing(http, question.channel, search).await;
        match found {
            Ok(mut paged) => {
                if let Some(turn) = question.turn {
                    turn.come().await;
                }
                let state = State {
                    asker: question.asker,
                    call: asked.call,
                };
                paged.asks = self.asks(&paged, &state);
                self.show(http, question, pair, exchange, |look| {
                    Sheet::of(&paged, 0, &state, look)
                })
                .await;
            }
            Err(failure) => {
                let sentence = Self::failure_sentence(manners, question.id.get(), &failure);
                self.show(http, question, pair, exchange, |_| {
                    Sheet::sentence(&sentence)
                })
                .await;
            }
        }
    }

    /// Posts a sheet, or puts it in place of the one that is there.
    async fn show(
        &self,
        http: &Http,
        question: Question<'_>,
        pair: &Pair,
        exchange: &mut Exchange,
        sheet: impl Fn(Look) -> Sheet,
    ) {
        if pair.is_superseded(exchange.edited) {
            // Whoever noted the edit or the deletion waits for the lock, and goes on from here.
            return;
        }
        if let Some(posted) = exchange.answer {
            let shown = self
                .run
                .delivery
                .edit(http, posted, &sheet(posted.look))
                .await;
            if matches!(shown, Err(Undelivered::Gone(_))) {
                // Removed by its asker or by a moderator: it does not come back.
                exchange.answer = None;
            }
            return report(question.id, shown);
        }
        if self.run.delivery.is_silent(question.channel) {
            let refused = Undelivered::Forbidden("refused a moment ago".to_owned());
            return report(question.id, Err(refused));
        }
        let to = Destination {
            channel: question.channel,
            question: Some(question.id),
        };
        let nonce = format!("{}-{}", question.id, exchange.count);
        exchange.count += 1;
        match self.run.delivery.post(http, to, nonce, sheet).await {
            Ok(posted) if pair.is_deleted() => {
                report(question.id, self.run.delivery.delete(http, posted).await);
            }
            Ok(posted) => exchange.answer = Some(posted),
            Err(error) => report(question.id, Err(error)),
        }
    }

    /// Waits for `work`, and shows that it is under way where that takes longer than a moment.
    async fn with_typing<T>(
        &self,
        http: &Http,
        channel: ChannelId,
        work: impl Future<Output = T>,
    ) -> T {
        tokio::pin!(work);
        let mut wait = self.settings.typing_delay();
        loop {
            match tokio::time::timeout(wait, &mut work).await {
                Ok(done) => return done,
                Err(_) => self.run.delivery.show_typing(http, channel).await,
            }
            wait = TYPING_LASTS;
        }
    }

    /// How the bot behaves where a message was written; nothing where that cannot be known.
    async fn manners_of(&self, guild: Option<GuildId>) -> Option<Manners> {
        match self.places.manners(guild, None).await {
            Ok(manners) => Some(manners),
            Err(failure) => {
                tracing::warn!(%failure, "a message was not heard: its server's settings are not known");
                None
            }
        }
    }

    fn read(&self, manners: &Manners, me: UserId, said: &Said<'_>) -> Option<Asked> {
        let heard = Heard {
            content: said.content,
            me: me.get(),
            prefix: &manners.prefix,
            today: day(said.written),
            private: said.private,
            reply: said.reply,
            previous: said.previous,
            longest: self.settings.question_length,
        };
        address::read(&heard, manners.archive.language())
    }
}

/// Whether a person wrote the message; the rest are notices of Discord's.
fn is_said(kind: MessageType) -> bool {
    matches!(kind, MessageType::Regular | MessageType::InlineReply)
}

/// What a message of the bot was the answer to, by its buttons.
fn previous_call(message: &Message) -> Option<Call> {
    button::state_of(&button::ids_of(&message.components)).map(|state| state.call)
}

/// The day on which something was written, in Greenwich: the one place that is in nobody's favour.
#[must_use]
pub fn day(written: Timestamp) -> Date {
    jiff::Timestamp::from_second(written.unix_timestamp())
        .unwrap_or_default()
        .to_zoned(TimeZone::UTC)
        .date()
}

fn hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

fn late_edit() -> i64 {
    i64::try_from(LATE_EDIT.as_secs()).unwrap_or(i64::MAX)
}
