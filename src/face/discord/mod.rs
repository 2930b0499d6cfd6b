//! Discord: questions in, answers out: over serenity's REST client and models, and twilight's gateway.
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
//! [`gateway`] keeps the connections, one a shard; [`bot`] is what they are answered by, which a configuration
//! that is read anew ([`reload`]) replaces as a whole.
//!
//! Left out: voice, and Discord's cache, which no answer needs.

pub mod address;
mod autocompletion;
mod bot;
pub mod button;
mod connection;
mod cooldown;
mod delivery;
mod events;
mod examination;
mod export;
mod gateway;
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
mod reload;
mod searching;
mod secrecy;
mod server_commands;
mod settings;
pub mod settings_form;
mod settings_panel;
mod sharding;
mod under_way;
mod watching;

use std::{future::Future, sync::Arc, time::Duration};

use tokio::{
    sync::{mpsc, oneshot},
    task::JoinSet,
    time::timeout,
};

pub use connection::{API_BASE_VARIABLE, ApiBase, Token};
pub use examination::{Finding, examine};
pub use news::{Arrivals, Now};
pub use reload::{Reading, Reloaded, Renewal};
pub use searching::Answering;
pub use settings::{Rate, Settings};
pub use sharding::Sharding;

use bot::{Bot, Run};
use gateway::Gateway;
use places::Places;
use reload::Call;

use crate::{
    archive::Archive,
    face::{current::Current, metrics::Metrics},
    store::{Store, StoreError},
};

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
    /// The shards are none of this bot's.
    #[error(
        "Discord does not take shard {0}: correct `shards` in the [discord] section of the configuration, or \
         leave it empty"
    )]
    InvalidShard(String),
    /// The bot is in too many servers for so few shards.
    #[error(
        "this bot is in too many servers for {0} shards: leave `shards` in the [discord] section of the \
         configuration empty, or raise the number behind its slash in every process"
    )]
    TooFewShards(u32),
    /// Discord has moved on.
    #[error(
        "Discord no longer speaks this program's version of its protocol: install a newer Dateline"
    )]
    Outdated,
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

impl DiscordError {
    /// Whether the same may work in a while, so that starting again makes sense.
    #[must_use]
    pub fn is_passing(&self) -> bool {
        match self {
            Self::NoGateway(_) | Self::Connection(_) => true,
            Self::Store(error) => !matches!(error, StoreError::Url | StoreError::Content(_)),
            _ => false,
        }
    }
}

/// A bot that is ready to run.
pub struct Discord {
    archive: Arc<Archive>,
    store: Option<Store>,
    settings: Settings,
    token: Token,
    base: Option<ApiBase>,
    client: Option<reqwest::Client>,
    answering: Arc<Answering>,
    arrivals: Arrivals,
    now: Arc<Now>,
    metrics: Arc<Metrics>,
    reading: Option<Arc<Reading>>,
    hangups: Option<mpsc::Receiver<()>>,
}

/// Runs the bot on its own runtime until SIGTERM or Ctrl-C; SIGHUP lets it read its configuration anew.
/// Servers' settings are kept in the database at `store`, where that is not empty. No thread of it is waited
/// for afterwards: a search that blocks must not hold up the end.
///
/// # Errors
/// See [`DiscordError`].
pub fn serve(discord: Discord, store: &str) -> Result<(), DiscordError> {
    secrecy::keep();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    let ended = runtime.block_on(run(discord, store));
    runtime.shutdown_background();
    ended
}

async fn run(mut discord: Discord, store: &str) -> Result<(), DiscordError> {
    discord.base = ApiBase::from_environment()?;
    let (end, hangups) = signals()?;
    discord.hangups = Some(hangups);
    let store = if store.is_empty() {
        None
    } else {
        Some(Store::open(store).await?)
    };
    let ended = discord.store(store.clone()).run_until(end).await;
    if let Some(store) = store {
        store.close().await;
    }
    ended
}

/// Hears SIGTERM and Ctrl-C from now on, and SIGHUP. Where a person has started the bot in a terminal, the last
/// means that the terminal is closed, which ends the bot as well.
fn signals() -> Result<(impl Future<Output = ()>, mpsc::Receiver<()>), std::io::Error> {
    let (call, calls) = mpsc::channel(1);
    #[cfg(unix)]
    let (mut terminate, mut hangup) = {
        use tokio::signal::unix::{SignalKind, signal};
        (
            signal(SignalKind::terminate())?,
            signal(SignalKind::hangup())?,
        )
    };
    let end = async move {
        #[cfg(unix)]
        {
            let closed = std::io::IsTerminal::is_terminal(&std::io::stdin());
            let hung_up = async {
                while hangup.recv().await.is_some() && !closed {
                    // One that is not taken yet asks for the same.
                    let _ = call.try_send(());
                }
            };
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
                () = hung_up => {}
            }
        }
        #[cfg(not(unix))]
        {
            let _kept = call;
            drop(tokio::signal::ctrl_c().await);
        }
    };
    Ok((end, calls))
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
            client: None,
            answering: Arc::new(|archive, call| (call.command.answer)(archive, &call.request)),
            arrivals: Arrivals::default(),
            now: news::system_clock(),
            metrics: Arc::default(),
            reading: None,
            hangups: None,
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

    /// The same, whose requests are sent with this client.
    #[must_use]
    pub fn client(mut self, client: reqwest::Client) -> Self {
        self.client = Some(client);
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

    /// The same, which can read its configuration anew in this way.
    #[must_use]
    pub fn reading(mut self, reading: Arc<Reading>) -> Self {
        self.reading = Some(reading);
        self
    }

    /// Runs until `end`; what is under way then is finished within five seconds.
    ///
    /// # Errors
    /// See [`DiscordError`].
    pub async fn run_until(self, end: impl Future<Output = ()>) -> Result<(), DiscordError> {
        self.settings.validate()?;
        let client = match self.client {
            Some(client) => client,
            None => connection::client()?,
        };
        let (reload, reloads) = mpsc::channel::<Call>(8);
        let run = Arc::new(Run::new(
            &self.settings,
            self.now,
            self.metrics,
            self.reading.is_some().then_some(reload.clone()),
        ));
        let http = Arc::new(connection::http(
            &self.token,
            client,
            self.base.as_ref(),
            &run.metrics,
            run.delivery.hold(),
        ));
        let places = Places::new(self.archive, &self.settings, self.store);
        let bot = Bot::new(Arc::clone(&run), places, self.answering, self.settings);
        let stored = bot.places.store().is_some();
        let current = Current::new(Arc::new(bot));

        // Dropped with this function: what is not done by then is kept in the database, or asked for again.
        let mut beside = JoinSet::new();
        if let Some(reading) = self.reading {
            beside.spawn(reload::serve(
                reloads,
                reading,
                current.clone(),
                Arc::clone(&http),
            ));
        }
        if let Some(mut hangups) = self.hangups {
            beside.spawn(async move {
                while hangups.recv().await.is_some() {
                    // What it gives is in the log.
                    let _ = reload.send(oneshot::channel().0).await;
                }
            });
        }
        if stored {
            let (current, http) = (current.clone(), Arc::clone(&http));
            beside.spawn(news::watch(current, http, self.arrivals));
        }
        let base = self.base.as_ref();
        tokio::pin!(end);
        loop {
            let mut gateway = tokio::select! {
                gateway = Gateway::open(&current, &http, &self.token, base) => gateway?,
                () = &mut end => return Ok(()),
            };
            let lost = tokio::select! {
                lost = gateway.lost() => lost,
                () = &mut end => {
                    run.finish().await;
                    // What it was at is done; nobody is kept waiting for a goodbye.
                    let _ = timeout(LAST_WORDS, gateway.close()).await;
                    return Ok(());
                }
            };
            let automatic = current.get().settings.shards == Sharding::Automatic;
            match lost {
                // The bot is in more servers than when it was started: it needs more shards now.
                DiscordError::TooFewShards(_) if automatic => {}
                error => return Err(error),
            }
        }
    }
}
