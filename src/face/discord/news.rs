//! Watches: what came in is looked at, made into messages, and sent.
//!
//! Three steps, each of which can be cut off at any moment and goes on where it was: looking at new articles
//! (what was found, and how far was looked, are kept together), making messages (what a message tells is told
//! from then on), and sending (a message is kept until it is there). A sender that died may have posted: whoever
//! takes a message that was tried before looks for it in the channel first, and the nonce, which Discord
//! remembers for some minutes, covers what is too new to be found.

use std::{sync::Arc, time::Duration};

use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use serenity::{
    all::{ChannelId, GetMessages, GuildId, Message, MessageId, UserId},
    http::Http,
};
use tokio::sync::watch;

use super::{
    bot::Bot,
    delivery::{Destination, Undelivered, attempt, undelivered},
    look::Sheet,
    markdown::{escape_line, units},
    page,
    searching::Failure,
};
use crate::{
    answer::news,
    archive::{Archive, ArchiveError},
    face::current::Current,
    store::{Finding, Pace, Post, Recipient, Store, StoreError, Watch},
};

/// How long nothing is looked at where nobody says that something came in.
const LOOK_EVERY: Duration = Duration::from_secs(20);

/// How many articles are looked at together.
const TOGETHER: u64 = 1000;

/// How many findings of the articles that are looked at together are kept of each watch.
const KEPT: usize = 20;

/// How many earlier findings a new one is compared with.
const COMPARED: u32 = 100;

/// How many findings a message tells; the others are counted.
const TOLD: usize = 8;

/// How many findings one message can count.
const COUNTED: u32 = 500;

/// The pause between two messages of watches in a channel.
const PAUSE: SignedDuration = SignedDuration::from_secs(60);

/// How long a sender holds a message: longer than all its attempts take.
const HELD: SignedDuration = SignedDuration::from_secs(120);

/// How many messages are sent in one go.
const AT_ONCE: u32 = 20;

/// After so many attempts, days after the first, a message is given up.
const LAST_ATTEMPT: u32 = 300;

/// The longest wait between two attempts.
const LONGEST_WAIT: i64 = 900;

/// How long what was told is remembered.
const REMEMBERED: SignedDuration = SignedDuration::from_hours(30 * 24);

/// How long an excerpt may be in a message of a watch.
const EXCERPT: usize = 400;

/// How clocks of ours and of Discord's may differ, in milliseconds, where a message is looked for.
const SKEW: i64 = 120_000;

/// The first millisecond of Discord's ids.
const DISCORDS_EPOCH: i64 = 1_420_070_400_000;

/// Tells the bot that articles came in. Cheap to copy; of use to any thread.
#[derive(Clone, Debug)]
pub struct Arrivals(watch::Sender<u64>);

impl Default for Arrivals {
    fn default() -> Self {
        Self(watch::Sender::new(0))
    }
}

impl Arrivals {
    /// Says that articles are new in the archive. Which, is not asked: each watch remembers how far it has
    /// looked, so that a call that is lost, or made twice, loses and doubles nothing.
    pub fn articles_came(&self) {
        self.0.send_modify(|calls| *calls += 1);
    }
}

/// What tells the time: the system's clock, unless a test says otherwise.
pub type Now = dyn Fn() -> Timestamp + Send + Sync;

/// The system's clock.
#[must_use]
pub fn system_clock() -> Arc<Now> {
    #[expect(clippy::disallowed_methods, reason = "a face has a clock")]
    Arc::new(Timestamp::now)
}

/// Why a round of the watches was not finished; the next one goes on.
#[derive(Debug, thiserror::Error)]
enum Unfinished {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    #[error("the search panicked")]
    Panicked,
    #[error(transparent)]
    Settings(#[from] Failure),
}

/// Looks, makes and sends, whenever something comes in and now and then, until the end.
pub async fn watch(current: Current<Bot>, http: Arc<Http>, arrivals: Arrivals) {
    let mut calls = arrivals.0.subscribe();
    let run = Arc::clone(&current.get().run);
    // Nothing can be told before Discord is reached.
    let Some(me) = run.me().await else { return };
    loop {
        calls.mark_unchanged();
        let Some(work) = run.under_way.begin() else {
            return;
        };
        // Each round goes by what holds when it begins.
        if let Err(error) = current.get().round(&http, me).await {
            tracing::error!(%error, "watches were not told; they will be");
        }
        drop(work);
        // Nobody who could call is left where this fails; the clock goes on.
        let called = async {
            if calls.changed().await.is_err() {
                std::future::pending::<()>().await;
            }
        };
        drop(tokio::time::timeout(LOOK_EVERY, called).await);
    }
}

impl Bot {
    async fn round(&self, http: &Http, me: UserId) -> Result<(), Unfinished> {
        let Some(store) = self.places.store() else {
            return Ok(());
        };
        self.look(store).await?;
        self.make(store).await?;
        self.send(http, store, me).await?;
        store.forget_told((self.run.now)() - REMEMBERED).await?;
        Ok(())
    }

    /// Looks at what is new for each watch.
    async fn look(&self, store: &Store) -> Result<(), Unfinished> {
        let archive = self.places.plain(None).archive;
        let whole = archive.clone();
        let highest = blocking(move || whole.index().highest().map_err(ArchiveError::from)).await?;
        store.begin_again(highest).await?;
        loop {
            let behind = store.watches_behind(highest).await?;
            let Some(looked) = behind.iter().map(|watch| watch.looked).min() else {
                return Ok(());
            };
            // Those that are furthest behind come first, and no further than to the next: so articles are read
            // once for all watches that have not looked at them.
            let next = behind
                .iter()
                .map(|watch| watch.looked)
                .filter(|next| *next > looked)
                .min();
            let until = highest
                .min(next.unwrap_or(highest))
                .min(looked.saturating_add(TOGETHER));
            let numbers: Vec<u64> = (looked + 1..=until).collect();
            let whole = archive.clone();
            let new = blocking(move || whole.of_articles(&numbers)).await?;
            for watch in behind.iter().filter(|watch| watch.looked == looked) {
                let told = store.last_findings(watch.id, COMPARED).await?;
                let findings = self.find(&new, watch, told).await?;
                store
                    .found(watch, until, &findings, (self.run.now)())
                    .await?;
            }
        }
    }

    /// What the articles of `new` say of what is watched.
    async fn find(
        &self,
        new: &Archive,
        watch: &Watch,
        told: Vec<Finding>,
    ) -> Result<Vec<Finding>, Unfinished> {
        let guild = GuildId::new(watch.place.0.clamp(1, u64::MAX - 1));
        let manners = self.places.manners(Some(guild), None).await?;
        let part = super::places::part(&manners.placed.set);
        let new = new.within(part).speaking(&watch.language);
        let topic = watch.topic.clone();
        let today = (self.run.now)().to_zoned(TimeZone::UTC).date();
        let whole = self.places.plain(None).archive;
        let length = manners.excerpt_length.min(EXCERPT);
        let found = blocking(move || {
            let told: Vec<String> = told.into_iter().map(|finding| finding.excerpt).collect();
            let answer = news::answer(&new, &topic, today, &told, KEPT)?;
            let mut findings = Vec::new();
            for evidence in answer.evidence() {
                let citation = evidence
                    .citations
                    .first()
                    .and_then(|number| answer.citations.get(*number));
                let Some(citation) = citation else { continue };
                findings.push(Finding {
                    article: citation.article.clone(),
                    number: whole.index().number(&citation.article)?.unwrap_or(0),
                    excerpt: evidence.excerpt.text().to_owned(),
                    shown: page::told(evidence, citation, new.language(), length),
                });
            }
            Ok(findings)
        })
        .await;
        match found {
            // One article that nobody can read must not keep all others from being told.
            Err(Unfinished::Panicked) => {
                tracing::error!(watch = watch.id, "looking for a watch panicked");
                Ok(Vec::new())
            }
            found => found,
        }
    }

    /// Makes the messages that are due, at most one a channel and pause.
    async fn make(&self, store: &Store) -> Result<(), Unfinished> {
        let now = (self.run.now)();
        for watch in store.watches_due(now).await? {
            let last = store.last_post(watch.channel).await?;
            // A last one that is still to come is of a clock that has been set back.
            if last.is_some_and(|last| last <= now && now < last + PAUSE) {
                continue;
            }
            let findings = store.untold(watch.id, COUNTED).await?;
            let (title, body) = self.compose(&watch, &findings);
            let due = next_due(&watch, now);
            let texts = (title.as_str(), body.as_str());
            store.make_post(&watch, &findings, texts, due, now).await?;
        }
        Ok(())
    }

    /// The message that tells of `findings`.
    fn compose(&self, watch: &Watch, findings: &[Finding]) -> (String, String) {
        let manners = self.places.plain(Some(&watch.language));
        let title = page::title(&manners.say("title_news", &[("topic", &watch.topic)]));
        let mut body = String::new();
        let mut told = 0;
        for finding in findings.iter().take(TOLD) {
            // Room for the line that counts the others.
            if told > 0 && units(&body) + units(&finding.shown) + 120 > self.settings.page_length {
                break;
            }
            if told > 0 {
                body.push_str("\n\n");
            }
            body.push_str(&finding.shown);
            told += 1;
        }
        let more = findings.len() - told;
        if more > 0 {
            let said = manners.say("news_more", &[("count", &more.to_string())]);
            body.push_str("\n\n");
            body.push_str(&escape_line(&said));
        }
        (title, body)
    }

    /// Sends what is on its way.
    async fn send(&self, http: &Http, store: &Store, me: UserId) -> Result<(), Unfinished> {
        loop {
            let now = (self.run.now)();
            let posts = store.take_posts(now, now + HELD, AT_ONCE).await?;
            let all = posts.len() < AT_ONCE as usize;
            for post in posts {
                self.send_one(http, store, me, &post).await?;
            }
            if all {
                return Ok(());
            }
        }
    }

    async fn send_one(
        &self,
        http: &Http,
        store: &Store,
        me: UserId,
        post: &Post,
    ) -> Result<(), Unfinished> {
        match self.deliver(http, me, post).await {
            Ok(()) => store.post_sent(&post.id, (self.run.now)()).await?,
            Err(Undelivered::Forbidden(cause) | Undelivered::Gone(cause)) => {
                tracing::info!(post = post.id, cause, "a watch cannot be told");
                let watch = match post.watch {
                    Some(watch) => store.watch(watch).await?,
                    None => None,
                };
                match watch {
                    Some(watch) => self.end_unheard(store, &watch).await?,
                    None => store.drop_post(&post.id).await?,
                }
            }
            Err(Undelivered::Failed(cause)) if post.attempts >= LAST_ATTEMPT => {
                tracing::error!(post = post.id, cause, "a message was given up");
                store.drop_post(&post.id).await?;
            }
            Err(Undelivered::Failed(cause)) => {
                let wait = 1_i64 << post.attempts.min(12);
                let wait = SignedDuration::from_secs((5 * wait).min(LONGEST_WAIT));
                tracing::warn!(post = post.id, cause, ?wait, "a message will be sent later");
                store.postpone(&post.id, (self.run.now)() + wait).await?;
            }
        }
        Ok(())
    }

    /// Posts a message, unless it is there.
    async fn deliver(&self, http: &Http, me: UserId, post: &Post) -> Result<(), Undelivered> {
        let channel = match post.to {
            Recipient::Channel(channel) => channel_of(channel)?,
            Recipient::Person(person) => {
                let person = UserId::new(person.clamp(1, u64::MAX - 1));
                attempt(|| person.create_dm_channel(http))
                    .await
                    .map_err(undelivered)?
                    .id
            }
        };
        if let Some(tried) = post.tried
            && is_there(http, me, channel, post, tried.min((self.run.now)())).await?
        {
            return Ok(());
        }
        let to = Destination {
            channel,
            question: None,
        };
        self.run
            .delivery
            .post(http, to, post.id.clone(), |look| {
                Sheet::told(&post.title, &post.body, look)
            })
            .await
            .map(drop)
    }

    /// Ends a watch that nobody hears, and tells whoever set it.
    async fn end_unheard(&self, store: &Store, watch: &Watch) -> Result<(), Unfinished> {
        let manners = self.places.plain(Some(&watch.language));
        let title = page::title(&manners.say("title_watch_ended", &[]));
        let body = format!("<#{}>\n{}", watch.channel, {
            let said = manners.say("watch_ended", &[("topic", &watch.topic)]);
            escape_line(&said)
        });
        store
            .end_unheard(watch, (&title, &body), (self.run.now)())
            .await?;
        Ok(())
    }
}

/// Runs what blocks on a thread that may.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, ArchiveError> + Send + 'static,
) -> Result<T, Unfinished> {
    let done = tokio::task::spawn_blocking(work).await;
    Ok(done.map_err(|_| Unfinished::Panicked)??)
}

/// When the next message of `watch` is due, if one is made now.
fn next_due(watch: &Watch, now: Timestamp) -> Timestamp {
    match watch.pace.seconds() {
        None => now + PAUSE,
        // The hour stays, however late this one is.
        Some(seconds) => {
            let late = now.as_second().saturating_sub(watch.due.as_second()).max(0);
            let next = watch.due.as_second() + seconds * (late / seconds + 1);
            Timestamp::from_second(next).unwrap_or(now + PAUSE)
        }
    }
}

fn channel_of(id: u64) -> Result<ChannelId, Undelivered> {
    (1..u64::MAX)
        .contains(&id)
        .then(|| ChannelId::new(id))
        .ok_or_else(|| Undelivered::Gone("there is no such channel".to_owned()))
}

/// Whether a message that was tried at `tried` is in its channel.
async fn is_there(
    http: &Http,
    me: UserId,
    channel: ChannelId,
    post: &Post,
    tried: Timestamp,
) -> Result<bool, Undelivered> {
    let since = (tried.as_millisecond() - SKEW - DISCORDS_EPOCH).max(1);
    let after = MessageId::new(u64::try_from(since).unwrap_or(1) << 22);
    let found =
        attempt(|| channel.messages(http, GetMessages::new().after(after).limit(100))).await;
    match found.map_err(undelivered) {
        Ok(messages) => Ok(messages
            .iter()
            .any(|message| message.author.id == me && is_same(message, post))),
        // Where the history cannot be read, the nonce alone must do.
        Err(Undelivered::Forbidden(_)) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Whether `message` says what `post` says; Discord trims and joins blanks.
fn is_same(message: &Message, post: &Post) -> bool {
    let plain = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let said = match message.embeds.first() {
        Some(embed) => super::look::plain(
            embed.title.as_deref().unwrap_or_default(),
            embed.description.as_deref().unwrap_or_default(),
        ),
        None => message.content.clone(),
    };
    plain(&said) == plain(&super::look::plain(&post.title, &post.body))
}

/// When a watch that is set at `now` is first due.
#[must_use]
pub fn first_due(pace: Pace, now: Timestamp) -> Timestamp {
    let seconds = pace.seconds().unwrap_or(0);
    now + SignedDuration::from_secs(seconds)
}
