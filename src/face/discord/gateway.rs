//! The gateway: one connection a shard, kept through all that happens to connections.
//!
//! twilight-gateway speaks Discord's protocol (<https://discord.com/developers/docs/events/gateway>): it keeps
//! heartbeats, takes a lost session up again where it was, and waits longer after each attempt that fails. Here
//! stands what it leaves to its user: connections that say nothing at all, a bound to what is under way, closings
//! that no new attempt will mend, and the end.
//!
//! serenity's gateway is not used. It forgets the session, and with it all that is asked meanwhile, where
//! the second attempt at a connection fails; it does not end where Discord refuses its shards; and it logs
//! what it cannot read, which may be what people write.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use futures_util::StreamExt;
use serenity::{all::BotGateway, http::Http};
use tokio::{
    sync::{Semaphore, oneshot, watch},
    task::JoinSet,
    time::{Instant, timeout},
};
use twilight_gateway::{
    CloseFrame, Config, ConfigBuilder, Intents, Message, Shard, ShardId, ShardState,
    error::{ReceiveMessageError, ReceiveMessageErrorType},
    queue::{InMemoryQueue, Queue},
};

use super::{
    DiscordError, Token,
    bot::{self, Bot},
    connection::{self, ApiBase},
    delivery::{attempt, cause},
    events::{self, Kind},
    searching::lock,
};
use crate::face::current::Current;

/// After how long a connection that says nothing is given up: Discord answers a heartbeat every 41 seconds.
const SILENCE: Duration = Duration::from_mins(2);

/// The same where it has not said hello, from the attempt to connect on, which may itself take ten seconds.
const NO_HELLO: Duration = Duration::from_secs(12);

/// After so many attempts in a row the waits between them, which double, begin again: half a minute is enough.
const ATTEMPTS: u8 = 6;

/// How often it is looked whether a connection still says anything.
const LOOK: Duration = Duration::from_secs(3);

/// How many events are looked at at once, in all shards together, beyond the searches that may wait.
const ROOM: usize = 1024;

/// How long an event waits for that. Longer, and the heartbeats would stand still.
const ROOM_WITHIN: Duration = Duration::from_secs(10);

/// The wait before Discord is asked again for its gateway, at first and at most.
const AGAIN: (Duration, Duration) = (Duration::from_secs(2), Duration::from_mins(1));

/// Whose turn it is to identify: at Discord's pace, and nobody's once the end has begun.
#[derive(Clone, Debug)]
struct Identification {
    queue: InMemoryQueue,
    end: watch::Receiver<bool>,
    /// Identification that do not come. One that is taken back would be asked for again.
    withheld: Arc<Mutex<Vec<oneshot::Sender<()>>>>,
}

impl Queue for Identification {
    fn enqueue(&self, shard: u32) -> oneshot::Receiver<()> {
        if !*self.end.borrow() {
            return self.queue.enqueue(shard);
        }
        let (turn, coming) = oneshot::channel();
        lock(&self.withheld).push(turn);
        coming
    }
}

/// What shards have in common.
#[derive(Clone)]
struct Common {
    current: Current<Bot>,
    http: Arc<Http>,
    room: Arc<Semaphore>,
    end: watch::Receiver<bool>,
}

/// The shards of this process, while this lives.
pub struct Gateway {
    end: watch::Sender<bool>,
    shards: JoinSet<Result<(), DiscordError>>,
}

impl Gateway {
    /// Asks Discord where its gateway is, and begins to connect. Without a base of its own, it is asked
    /// until it answers.
    ///
    /// # Errors
    /// Where it refuses the token, or nothing answers at `base`.
    pub async fn open(
        current: &Current<Bot>,
        http: &Arc<Http>,
        token: &Token,
        base: Option<&ApiBase>,
    ) -> Result<Self, DiscordError> {
        let found = find(http, base).await?;
        let bot = current.get();
        let (range, total) = bot.settings.shards.shards(found.shards);
        let limit = &found.session_start_limit;
        tracing::info!(
            first = range.start(),
            last = range.end(),
            total,
            identifications_left = limit.remaining,
            "connecting to Discord"
        );
        bot.run.metrics.shards(range.clone());
        let (end, ended) = watch::channel(false);
        let whole = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
        let queue = InMemoryQueue::new(
            u16::try_from(limit.max_concurrency).unwrap_or(1).max(1),
            whole(limit.remaining.min(limit.total)),
            Duration::from_millis(limit.reset_after),
            whole(limit.total),
        );
        let intents = Intents::from_bits_truncate(connection::intents(&bot.settings).bits());
        let config = ConfigBuilder::new(token.reveal().to_owned(), intents)
            .proxy_url(found.url.trim_end_matches('/').to_owned())
            .queue(Identification {
                queue,
                end: ended.clone(),
                withheld: Arc::default(),
            })
            .build();
        let waiting = bot.settings.concurrent_searches + bot.settings.waiting_searches;
        let common = Common {
            current: current.clone(),
            http: Arc::clone(http),
            room: Arc::new(Semaphore::new((waiting + ROOM).min(Semaphore::MAX_PERMITS))),
            end: ended,
        };
        let mut shards = JoinSet::new();
        for number in range {
            // The numbers were checked where they were read.
            if let Some(id) = ShardId::new_checked(number, total) {
                shards.spawn(keep(Shard::with_config(id, config.clone()), common.clone()));
            }
        }
        Ok(Self { end, shards })
    }

    /// Waits until a shard is lost for good, and says why.
    pub async fn lost(&mut self) -> DiscordError {
        loop {
            match self.shards.join_next().await {
                Some(Ok(Ok(()))) => {}
                Some(Ok(Err(error))) => return error,
                Some(Err(error)) => return DiscordError::Connection(error.to_string()),
                None => return DiscordError::Connection("no shard is left".to_owned()),
            }
        }
    }

    /// Says goodbye on all shards.
    pub async fn close(mut self) {
        self.end.send_replace(true);
        while self.shards.join_next().await.is_some() {}
    }
}

/// Where the gateway is, and how many shards Discord wants.
async fn find(http: &Http, base: Option<&ApiBase>) -> Result<BotGateway, DiscordError> {
    let mut wait = AGAIN.0;
    loop {
        let error = match attempt(|| http.get_bot_gateway()).await {
            Ok(found) => return Ok(found),
            Err(error) => error,
        };
        let status = match &error {
            serenity::Error::Http(error) => error.status_code().map(|status| status.as_u16()),
            _ => None,
        };
        match (status, base) {
            (Some(401), _) => return Err(DiscordError::InvalidToken),
            (_, Some(base)) => {
                let told = format!("{} gave no gateway: {}", base.as_str(), cause(error));
                return Err(DiscordError::NoGateway(told));
            }
            // A machine that has just started may have no network yet.
            (_, None) => {
                tracing::warn!(cause = cause(error), ?wait, "Discord cannot be reached");
                tokio::time::sleep(wait).await;
                wait = (wait * 2).min(AGAIN.1);
            }
        }
    }
}

/// Keeps one shard until the end.
async fn keep(mut shard: Shard<Identification>, mut common: Common) -> Result<(), DiscordError> {
    let id = shard.id();
    let mut ending = false;
    let mut quiet = Quiet::new();
    loop {
        let message = tokio::select! {
            message = timeout(LOOK, shard.next()) => message,
            _ = common.end.wait_for(|end| *end), if !ending => {
                if !matches!(shard.state(), ShardState::Active) {
                    return Ok(());
                }
                shard.close(CloseFrame::NORMAL);
                ending = true;
                continue;
            }
        };
        let frame = match message {
            Ok(Some(Ok(Message::Text(frame)))) => Some(frame),
            Ok(Some(Ok(Message::Close(frame)))) => {
                if ending {
                    return Ok(());
                }
                let code = frame.map(|frame| frame.code);
                if shard.state() == ShardState::FatallyClosed {
                    return Err(refused(code, id));
                }
                tracing::info!(
                    shard = id.number(),
                    code,
                    "the connection is lost, and made again"
                );
                None
            }
            Ok(Some(Err(error))) => {
                if report(&error, &shard) >= ATTEMPTS {
                    shard = renewed(&shard);
                }
                None
            }
            Ok(None) => return Err(refused(None, id)),
            Err(_) if quiet.is_too_long(&shard) => {
                tracing::warn!(
                    shard = id.number(),
                    "the connection says nothing; it is made again"
                );
                shard = renewed(&shard);
                None
            }
            Err(_) => {
                connected(&common, &shard);
                continue;
            }
        };
        quiet = Quiet::new();
        let kind = frame.as_deref().and_then(events::kind);
        if ending && kind == Some(Kind::Hello) {
            // The old connection went without a goodbye of Discord's.
            return Ok(());
        }
        if let (Some(Kind::Ready), Some(frame)) = (kind, &frame) {
            events::ready(&common.current, &common.http, id, frame);
        }
        connected(&common, &shard);
        if let (Some(kind), Some(frame)) = (kind, frame)
            && !matches!(kind, Kind::Hello | Kind::Ready)
        {
            pass_on(&common, kind, frame).await;
        }
    }
}

/// How long a connection has said nothing.
struct Quiet {
    since: Instant,
    greeted: Option<bool>,
}

impl Quiet {
    fn new() -> Self {
        Self {
            since: Instant::now(),
            greeted: None,
        }
    }

    /// Whether it has for longer than a connection does that is one.
    fn is_too_long(&mut self, shard: &Shard<Identification>) -> bool {
        // A connection has a pace from its hello on. One that was lost meanwhile begins again.
        let greeted = shard.ratelimiter().is_some();
        if self
            .greeted
            .replace(greeted)
            .is_some_and(|was| was != greeted)
        {
            self.since = Instant::now();
        }
        let patience = match shard.state() {
            _ if greeted => SILENCE,
            ShardState::Disconnected { reconnect_attempts } => {
                NO_HELLO + Duration::from_secs(1 << reconnect_attempts.min(ATTEMPTS))
            }
            _ => NO_HELLO,
        };
        self.since.elapsed() > patience
    }
}

/// The same shard on a connection of its own, with the session that it had.
fn renewed(shard: &Shard<Identification>) -> Shard<Identification> {
    let config: Config<Identification> = shard.config().clone();
    let mut config = ConfigBuilder::from(config);
    if let Some(session) = shard.session() {
        config = config.session(session.clone());
        if let Some(url) = shard.resume_url() {
            config = config.resume_url(url.to_owned());
        }
    }
    Shard::with_config(shard.id(), config.build())
}

/// Tells the log what went wrong, without what was received. Says how many attempts have failed.
fn report(error: &ReceiveMessageError, shard: &Shard<Identification>) -> u8 {
    let number = shard.id().number();
    if matches!(error.kind(), ReceiveMessageErrorType::Reconnect) {
        let attempts = match shard.state() {
            ShardState::Disconnected { reconnect_attempts } => reconnect_attempts,
            _ => 0,
        };
        let cause = std::error::Error::source(error).map(ToString::to_string);
        tracing::warn!(
            shard = number,
            attempts,
            cause,
            "Discord's gateway cannot be reached"
        );
        return attempts;
    }
    tracing::warn!(shard = number, "what the gateway sent could not be read");
    0
}

/// Notes whether a shard is connected, and tells the service manager when all are.
fn connected(common: &Common, shard: &Shard<Identification>) {
    let active = matches!(shard.state(), ShardState::Active);
    let bot = common.current.get();
    if bot.run.metrics.shard(shard.id().number(), active) && active {
        bot::ready();
    }
}

/// Gives an event to a task of its own, so that one that fails fails alone. There is room for so many: where
/// there is none for long, the event is dropped, and counted.
async fn pass_on(common: &Common, kind: Kind, frame: String) {
    let room = Arc::clone(&common.room);
    let Ok(Ok(place)) = timeout(ROOM_WITHIN, room.acquire_owned()).await else {
        common.current.get().run.metrics.event_dropped();
        tracing::warn!(?kind, "an event was dropped: too much is under way");
        return;
    };
    // Whatever is replaced from now on, this event is answered as of now.
    let (bot, http) = (common.current.get(), Arc::clone(&common.http));
    tokio::spawn(async move {
        let _held = place;
        events::hear(&bot, &http, kind, &frame).await;
    });
}

/// What it means that Discord closed a shard for good.
fn refused(code: Option<u16>, id: ShardId) -> DiscordError {
    match code {
        Some(4004) => DiscordError::InvalidToken,
        Some(4010) => DiscordError::InvalidShard(format!("{}/{}", id.number(), id.total())),
        Some(4011) => DiscordError::TooFewShards(id.total()),
        Some(4012) => DiscordError::Outdated,
        Some(4013 | 4014) => DiscordError::DisallowedIntents,
        Some(code) => DiscordError::Connection(format!("Discord closed it with code {code}")),
        None => DiscordError::Connection("Discord closed it".to_owned()),
    }
}
