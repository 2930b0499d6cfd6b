//! Discord: questions in, answers out, over serenity alone.
//!
//! The table of commands stays the only one: prefix commands, slash commands and their autocompletion are
//! read off it, so that no command framework stands beside it. The way of a message:
//! [`events`] (what Discord says) → [`address`] (is it for the bot, and what does it ask) → [`searching`] (the
//! archive, on a thread that may block) → [`page`] (the answer as pages of Markdown) → [`look`] (an
//! embed or plain text) → [`delivery`] (sent, with the faults that sending has).
//!
//! What a server sets for itself, and what is watched for, stands in the database ([`places`], [`news`]); the
//! commands for that are a second, small table ([`server_commands`]).
//!
//! Nothing is kept of a question but, for the recent ones, which message answers it. What a button needs to
//! know stands in the button.
//!
//! Left out: sharding (wanted from 2500 servers on), voice, and Discord's cache, which no answer needs.

pub mod address;
mod autocompletion;
pub mod button;
mod connection;
mod cooldown;
mod delivery;
mod events;
mod examination;
mod export;
mod interaction;
pub mod look;
pub mod markdown;
mod news;
mod pace;
pub mod page;
mod places;
mod privacy;
mod question;
mod recent;
mod registration;
mod searching;
mod secrecy;
mod server_commands;
mod settings;
pub mod settings_form;
mod settings_panel;
mod under_way;
mod watching;

use std::{future::Future, sync::Arc, time::Duration};

use serenity::{
    Client,
    all::{ChannelId, GatewayError, UserId},
};

use tokio::sync::watch;

pub use connection::{API_BASE_VARIABLE, ApiBase, Token};
pub use examination::{Finding, examine};
pub use news::{Arrivals, Now};
pub use searching::Answering;
pub use settings::{Rate, Settings};

use cooldown::{Cooldown, TooFast};
use delivery::{Delivery, cause, reference};
use pace::Turns;
use places::{Manners, Places};
use recent::Recent;
use searching::{Failure, Search};
use under_way::UnderWay;

use crate::{
    archive::Archive,
    face::metrics::Metrics,
    store::{Store, StoreError},
};

/// How long answers under way may take after the end was asked for.
const LAST_ANSWERS: Duration = Duration::from_millis(4500);

/// How long the gateway may take to close.
const LAST_WORDS: Duration = Duration::from_millis(400);

/// What keeps the bot from running; each says what to do.
#[derive(Debug, thiserror::Error)]
pub enum DiscordError {
    /// The token cannot be one.
    #[error(
        "DISCORD_TOKEN holds no bot token: copy it from the Discord Developer Portal (your application, \
         page \"Bot\", \"Reset Token\")"
    )]
    MalformedToken,
    /// Discord does not know the token.
    #[error(
        "Discord does not accept the token in DISCORD_TOKEN: make a new one in the Discord Developer \
         Portal (your application, page \"Bot\", \"Reset Token\") and set DISCORD_TOKEN to it"
    )]
    InvalidToken,
    /// The message content intent is not switched on.
    #[error(
        "Discord does not let this bot read messages: switch on \"Message Content Intent\" in the Discord \
         Developer Portal (your application, page \"Bot\", \"Privileged Gateway Intents\"), or set \
         message_content = false in the [discord] section of the configuration"
    )]
    DisallowedIntents,
    /// The API base cannot be used.
    #[error("{API_BASE_VARIABLE} is {base:?}: {reason}")]
    ApiBase {
        /// What was given.
        base: String,
        /// Why not.
        reason: &'static str,
    },
    /// No gateway is to be found at the API base.
    #[error("{API_BASE_VARIABLE} names no API that answers: {0}")]
    NoGateway(String),
    /// A setting is wrong.
    #[error("in the [discord] section of the configuration: {0}")]
    Settings(String),
    /// The database cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Signals cannot be heard.
    #[error("the signals that end the bot cannot be heard: {0}")]
    Signal(#[from] std::io::Error),
    /// The connection is lost for good.
    #[error("the connection to Discord is lost: {0}; start the bot again")]
    Connection(String),
}

/// A bot that is ready to run.
pub struct Discord {
    archive: Arc<Archive>,
    store: Option<Store>,
    settings: Settings,
    token: Token,
    base: Option<ApiBase>,
    answering: Arc<Answering>,
    arrivals: Arrivals,
    now: Arc<Now>,
    metrics: Arc<Metrics>,
}

/// What all that happens in one run shares.
struct Bot {
    settings: Settings,
    now: Arc<Now>,
    places: Places,
    search: Search,
    cooldown: Cooldown,
    /// Turning pages costs a search, too, but a person turns many in a row.
    turns: Cooldown,
    recent: Recent,
    turns_to_answer: Turns,
    delivery: Delivery,
    under_way: UnderWay,
    counted: Counted,
    me: watch::Sender<Option<UserId>>,
    registered: std::sync::atomic::AtomicBool,
    metrics: Arc<Metrics>,
}

/// Runs the bot on its own runtime until SIGTERM or Ctrl-C; servers' settings are kept in the database at
/// `store`, where that is not empty, and `arrivals` tells
/// what comes into the archive. No thread of it is waited for afterwards: a search
/// that blocks must not hold up the end.
///
/// # Errors
/// See [`DiscordError`].
pub fn serve(
    archive: Arc<Archive>,
    settings: Settings,
    store: &str,
    arrivals: Arrivals,
    token: Token,
    metrics: Arc<Metrics>,
) -> Result<(), DiscordError> {
    secrecy::keep();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    let ended = runtime.block_on(run(archive, settings, store, arrivals, token, metrics));
    runtime.shutdown_background();
    ended
}

/// Runs the bot until SIGTERM or Ctrl-C; the API's base is the environment's.
///
/// # Errors
/// See [`DiscordError`].
pub async fn run(
    archive: Arc<Archive>,
    settings: Settings,
    store: &str,
    arrivals: Arrivals,
    token: Token,
    metrics: Arc<Metrics>,
) -> Result<(), DiscordError> {
    let base = ApiBase::from_environment()?;
    let end = signals()?;
    let store = if store.is_empty() {
        None
    } else {
        Some(Store::open(store).await?)
    };
    let ended = Discord::new(archive, settings, token)
        .api_base(base)
        .store(store.clone())
        .arrivals(arrivals)
        .metrics(metrics)
        .run_until(end)
        .await;
    if let Some(store) = store {
        store.close().await;
    }
    ended
}

/// The answers that were said to have helped, or not, lately.
struct Counted(moka::sync::Cache<u64, ()>);

impl Counted {
    fn new() -> Self {
        Self(moka::sync::Cache::new(10_000))
    }

    /// Whether `message` was not counted before.
    fn insert(&self, message: u64) -> bool {
        self.0.entry(message).or_insert(()).is_fresh()
    }
}

/// Hears SIGTERM and Ctrl-C from now on.
fn signals() -> Result<impl Future<Output = ()>, std::io::Error> {
    #[cfg(unix)]
    let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    Ok(async move {
        #[cfg(unix)]
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = terminate.recv() => {}
        }
        #[cfg(not(unix))]
        drop(tokio::signal::ctrl_c().await);
    })
}

impl Discord {
    /// A bot that answers from `archive`.
    #[must_use]
    pub fn new(archive: Arc<Archive>, settings: Settings, token: Token) -> Self {
        Self {
            archive,
            store: None,
            settings,
            token,
            base: None,
            answering: Arc::new(|archive, call| (call.command.answer)(archive, &call.request)),
            arrivals: Arrivals::default(),
            now: news::system_clock(),
            metrics: Arc::default(),
        }
    }

    /// The same, counting in `metrics`.
    #[must_use]
    pub fn metrics(mut self, metrics: Arc<Metrics>) -> Self {
        self.metrics = metrics;
        self
    }

    /// The same at another base of the API.
    #[must_use]
    pub fn api_base(mut self, base: Option<ApiBase>) -> Self {
        self.base = base;
        self
    }

    /// The same with a database, in which servers keep settings of their own.
    #[must_use]
    pub fn store(mut self, store: Option<Store>) -> Self {
        self.store = store;
        self
    }

    /// The same, told by `arrivals` of articles that come in.
    #[must_use]
    pub fn arrivals(mut self, arrivals: Arrivals) -> Self {
        self.arrivals = arrivals;
        self
    }

    /// The same by another clock.
    #[must_use]
    pub fn clock(mut self, now: Arc<Now>) -> Self {
        self.now = now;
        self
    }

    /// The same with something between the commands and their answers.
    #[must_use]
    pub fn answering(mut self, answering: Arc<Answering>) -> Self {
        self.answering = answering;
        self
    }

    /// Runs until `end`; what is under way then is finished within five seconds.
    ///
    /// # Errors
    /// See [`DiscordError`].
    pub async fn run_until(self, end: impl Future<Output = ()>) -> Result<(), DiscordError> {
        self.settings.validate()?;
        let places = Places::new(self.archive, &self.settings, self.store);
        let bot = Arc::new(Bot::new(
            places,
            self.answering,
            self.settings,
            self.now,
            self.metrics,
        ));
        let intents = connection::intents(&bot.settings);
        let http = connection::http(&self.token, self.base.as_ref());
        let mut client = serenity::client::ClientBuilder::new_with_http(http, intents)
            .event_handler(events::Events(Arc::clone(&bot)))
            .await
            .map_err(connection_error)?;
        if let Some(base) = self.base {
            // Where the API does not answer, serenity goes to Discord itself, which was not asked for.
            let gateway = client.ws_url.lock().await.clone();
            if gateway == DISCORDS_GATEWAY {
                return Err(DiscordError::NoGateway(format!(
                    "{} gave no gateway",
                    base.as_str()
                )));
            }
        }
        // Dropped with this function: what it was at is kept in the database.
        let mut watching = tokio::task::JoinSet::new();
        if bot.places.store().is_some() {
            watching.spawn(Arc::clone(&bot).watch(Arc::clone(&client.http), self.arrivals));
        }
        let ended = tokio::select! {
            ended = client.start() => Some(ended),
            () = end => None,
        };
        if let Some(ended) = ended {
            return ended.map_err(connection_error);
        }
        bot.end(&client).await;
        Ok(())
    }
}

/// Where serenity connects when the API names no gateway.
const DISCORDS_GATEWAY: &str = "wss://gateway.discord.gg";

impl Bot {
    fn new(
        places: Places,
        answering: Arc<Answering>,
        settings: Settings,
        now: Arc<Now>,
        metrics: Arc<Metrics>,
    ) -> Self {
        let turns = Settings {
            user_cooldown: Rate {
                burst: settings.user_cooldown.burst.saturating_mul(4),
                seconds: settings.user_cooldown.seconds / 4.0,
            },
            channel_cooldown: Rate {
                burst: 0,
                ..settings.channel_cooldown
            },
            ..settings.clone()
        };
        Self {
            now,
            places,
            search: Search::new(answering, &settings, Arc::clone(&metrics)),
            cooldown: Cooldown::new(&settings),
            turns: Cooldown::new(&turns),
            recent: Recent::new(settings.recent_answers),
            turns_to_answer: Turns::default(),
            delivery: Delivery::new(settings.requests_per_second),
            under_way: UnderWay::new(),
            counted: Counted::new(),
            me: watch::Sender::new(None),
            registered: std::sync::atomic::AtomicBool::new(false),
            metrics,
            settings,
        }
    }

    /// The bot's own id. Each event has a task of its own, so that the first message can be looked at before
    /// READY, which names the bot: it waits for that.
    async fn me(&self) -> Option<UserId> {
        let mut me = self.me.subscribe();
        *me.wait_for(Option::is_some).await.ok()?
    }

    /// Finishes what is under way, and says goodbye.
    async fn end(&self, client: &Client) {
        tracing::info!("ending: finishing answers under way");
        if !self.under_way.finish(LAST_ANSWERS).await {
            tracing::warn!("some answers were not finished in time");
        }
        let goodbye = client.shard_manager.shutdown_all();
        drop(tokio::time::timeout(LAST_WORDS, goodbye).await);
    }

    /// Counts a question, by the pace of its place.
    fn may_ask(&self, manners: &Manners, user: UserId, channel: ChannelId) -> Result<(), TooFast> {
        let own = manners.placed.cooldown.as_ref();
        own.unwrap_or(&self.cooldown).ask(user, channel)
    }

    /// What a person is told who asks too fast.
    fn wait_sentence(manners: &Manners, wait: Duration) -> String {
        // Rounded up: "0 seconds" would be no help, and too early would be refused again.
        let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
        if seconds <= 1 {
            manners.say("discord_wait_a_second", &[])
        } else {
            manners.say("discord_wait", &[("seconds", &seconds.to_string())])
        }
    }

    /// What a person is told when there is no answer; the log has the cause under the same reference.
    fn failure_sentence(manners: &Manners, id: u64, failure: &Failure) -> String {
        let reference = reference(id);
        tracing::error!(reference, cause = %failure, "a question was not answered");
        let key = match failure {
            Failure::Busy => "discord_busy",
            Failure::TooLong(_) => "discord_too_long",
            Failure::Archive(_) | Failure::Panicked(_) | Failure::Store(_) => "discord_failed",
        };
        manners.say(key, &[("reference", &reference)])
    }
}

/// What an error of the connection means for the person who started the bot.
fn connection_error(error: serenity::Error) -> DiscordError {
    match &error {
        serenity::Error::Gateway(
            GatewayError::InvalidAuthentication | GatewayError::NoAuthentication,
        ) => DiscordError::InvalidToken,
        serenity::Error::Gateway(
            GatewayError::DisallowedGatewayIntents | GatewayError::InvalidGatewayIntents,
        ) => DiscordError::DisallowedIntents,
        serenity::Error::Http(http) if http.status_code().is_some_and(|code| code == 401) => {
            DiscordError::InvalidToken
        }
        _ => DiscordError::Connection(cause(error)),
    }
}
