//! Discord in one process: a gateway and a REST server on loopback.
//!
//! What the bot sends is recorded, checked ([`checks`]), and takes effect: messages appear, change and
//! vanish as they would. Faults are put in its way on demand.

#![allow(dead_code, reason = "the tests and the bench each use a part of it")]

pub mod checks;
pub mod gateway;
pub mod limits;
pub mod payload;
pub mod rest;

use std::{
    collections::{HashMap, HashSet},
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use axum::serve::ListenerExt;
use serde_json::Value;
use tokio::sync::watch;

use self::{checks::Checks, gateway::Session};

/// The bot's own id, and its application's.
pub const ME: u64 = 900_000_000_000_000_001;
pub const APPLICATION: u64 = 900_000_000_000_000_002;
/// The server, a channel and a thread in it, a direct channel, two people.
pub const GUILD: u64 = 100_000_000_000_000_001;
pub const CHANNEL: u64 = 100_000_000_000_000_002;
pub const THREAD: u64 = 100_000_000_000_000_003;
pub const DIRECT: u64 = 100_000_000_000_000_004;
/// Another server, and a channel in it.
pub const OTHER_GUILD: u64 = 100_000_000_000_000_005;
pub const OTHER_CHANNEL: u64 = 100_000_000_000_000_006;
/// A channel in a server on the next shard.
pub const FAR_CHANNEL: u64 = CHANNEL + (1 << 22);
pub const ANN: u64 = 200_000_000_000_000_001;
pub const BOB: u64 = 200_000_000_000_000_002;

/// 2021-02-15 at noon, as a snowflake: every id that the fake gives out is a little later.
const FIRST_ID: u64 = (1_613_390_400_000 - 1_420_070_400_000) << 22;

/// How long anything may take before a test gives up. Far longer than anything takes.
const PATIENCE: Duration = Duration::from_secs(30);

/// A request that the bot made.
#[derive(Clone, Debug)]
pub struct Request {
    pub method: String,
    pub path: String,
    pub body: Value,
    /// The files sent with it, by their field's name.
    pub files: Vec<(String, Vec<u8>)>,
    pub status: u16,
    pub at: std::time::Instant,
}

/// A message in a channel.
#[derive(Clone, Debug)]
pub struct Shown {
    pub id: u64,
    pub channel: u64,
    pub nonce: Option<String>,
    pub ephemeral: bool,
    /// As the gateway and REST would give it.
    pub json: Value,
}

impl Shown {
    /// Title, description and content, one below the other.
    pub fn text(&self) -> String {
        let embed = &self.json["embeds"][0];
        [
            &embed["title"],
            &embed["description"],
            &self.json["content"],
        ]
        .iter()
        .filter_map(|part| part.as_str())
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join("\n")
    }

    /// The buttons, in order.
    pub fn buttons(&self) -> Vec<Value> {
        self.json["components"]
            .as_array()
            .into_iter()
            .flatten()
            .flat_map(|row| row["components"].as_array().cloned().unwrap_or_default())
            .collect()
    }

    /// The id of the button with this emoji.
    pub fn button(&self, emoji: &str) -> String {
        self.buttons()
            .iter()
            .find(|button| button["emoji"]["name"].as_str() == Some(emoji))
            .unwrap_or_else(|| panic!("no button {emoji} in {:#}", self.json["components"]))
            ["custom_id"]
            .as_str()
            .unwrap()
            .to_owned()
    }

    /// The label of the button between the arrows: `2/5`.
    pub fn pages(&self) -> Option<String> {
        self.buttons()
            .iter()
            .find_map(|button| button["label"].as_str().map(str::to_owned))
    }
}

/// In place of a status: no response comes.
pub const NEVER: u16 = 0;
/// In place of a status: the connection is closed.
pub const RESET: u16 = 1;

/// Something that goes wrong with the next requests that match.
#[derive(Clone, Debug)]
pub struct Fault {
    pub method: &'static str,
    /// A part of the path.
    pub path: &'static str,
    /// How often.
    pub times: usize,
    /// The response's; or [`NEVER`], or [`RESET`].
    pub status: u16,
    pub body: Value,
    /// Whether the request takes effect all the same, and only the response is lost.
    pub after_effect: bool,
}

/// A rate limit that the next requests meet, whatever they are.
#[derive(Clone, Debug)]
pub struct Refusal {
    /// A part of the path.
    pub path: &'static str,
    /// How many requests are refused.
    pub times: usize,
    /// `user`, `shared` or `global`.
    pub scope: &'static str,
    pub retry_after: f64,
}

#[derive(Default)]
pub struct World {
    pub refusals: Vec<Refusal>,
    /// Until when a path may not be asked for again, and the requests that came too early.
    pub closed_until: HashMap<String, std::time::Instant>,
    pub early: Vec<String>,
    pub requests: Vec<Request>,
    pub messages: Vec<Shown>,
    pub deleted: HashSet<u64>,
    /// Files that were sent, by name, in order.
    pub files: Vec<(String, Vec<u8>)>,
    pub faults: Vec<Fault>,
    pub problems: Vec<String>,
    /// Tokens of interactions: the message they belong to and whether they were responded to.
    pub interactions: HashMap<String, rest::Responding>,
    pub commands: Vec<Value>,
    pub choices: HashMap<String, Value>,
    /// Modals that were opened, by the tokens of their interactions.
    pub modals: HashMap<String, Value>,
    /// Channels without permission to embed links, and without permission to write.
    pub without_embeds: HashSet<u64>,
    pub mute: HashSet<u64>,
    /// Channels that are gone, those without permission to read their history, and people whose direct
    /// messages are closed.
    pub gone: HashSet<u64>,
    pub without_history: HashSet<u64>,
    pub closed: HashSet<u64>,
    /// Whose the application is; Ann's, where nobody else is named.
    pub owner: u64,
    /// The team that owns it, if one does.
    pub team: serde_json::Value,
    pub session: Session,
    /// Discord's rate limits, where they are kept.
    pub limits: Option<limits::Limits>,
}

pub struct Shared {
    pub world: Mutex<World>,
    changed: watch::Sender<u64>,
    ids: AtomicU64,
    checks: Option<Checks>,
    pub gateway: String,
}

impl Shared {
    pub fn id(&self) -> u64 {
        self.ids.fetch_add(1 << 22, Ordering::Relaxed)
    }

    /// Lets so many seconds pass, as far as ids tell the time.
    pub fn pass(&self, seconds: u64) {
        self.ids
            .fetch_add((seconds * 1000) << 22, Ordering::Relaxed);
    }

    pub fn world(&self) -> std::sync::MutexGuard<'_, World> {
        self.world
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// Tells all that wait that something happened.
    pub fn touch(&self) {
        self.changed.send_modify(|count| *count += 1);
    }
}

/// The fake, while this lives.
pub struct Fake {
    pub shared: Arc<Shared>,
    pub base: String,
}

impl Fake {
    /// Starts both servers.
    pub async fn start() -> Self {
        Self::start_with(Some(Checks::open())).await
    }

    /// The same behind TLS, as `discord.com`, with the client that finds it there.
    pub async fn start_as_discord() -> (Self, reqwest::Client) {
        let name = "discord.com";
        let made = rcgen::generate_simple_self_signed([name.to_owned()]).unwrap();
        let rest = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let client = reqwest::Client::builder()
            .use_rustls_tls()
            .add_root_certificate(reqwest::Certificate::from_der(made.cert.der()).unwrap())
            .resolve(name, rest.local_addr().unwrap())
            .timeout(Duration::from_secs(3))
            .build()
            .unwrap();
        let listener = rest::Sealed::new(rest, &made);
        (Self::over(Some(Checks::open()), listener).await, client)
    }

    pub async fn start_with(checks: Option<Checks>) -> Self {
        let rest = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let rest = rest.tap_io(|stream| stream.set_nodelay(true).unwrap());
        Self::over(checks, rest).await
    }

    async fn over(
        checks: Option<Checks>,
        rest: impl axum::serve::Listener<Addr = std::net::SocketAddr>,
    ) -> Self {
        let sockets = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", rest.local_addr().unwrap());
        let shared = Arc::new(Shared {
            world: Mutex::default(),
            changed: watch::Sender::new(0),
            ids: AtomicU64::new(FIRST_ID),
            checks,
            gateway: format!("ws://{}/", sockets.local_addr().unwrap()),
        });
        tokio::spawn(gateway::listen(sockets, Arc::clone(&shared)));
        tokio::spawn(rest::serve(rest, Arc::clone(&shared)));
        Self { shared, base }
    }

    /// Waits until `found` finds something.
    pub async fn until<T>(&self, what: &str, mut found: impl FnMut(&World) -> Option<T>) -> T {
        let mut changed = self.shared.changed.subscribe();
        let waiting = async {
            loop {
                changed.borrow_and_update();
                if let Some(found) = found(&self.shared.world()) {
                    return found;
                }
                changed.changed().await.unwrap();
            }
        };
        let found = tokio::time::timeout(PATIENCE, waiting).await;
        found.unwrap_or_else(|_| {
            panic!(
                "waited in vain for {what}; requests: {:#?}",
                self.requests()
            )
        })
    }

    /// Waits until the bot has registered its commands, and so knows who it is.
    pub async fn registered(&self) {
        self.until("the slash commands", |world| {
            let mut requests = world.requests.iter();
            requests
                .any(|request| request.method == "PUT")
                .then_some(())
        })
        .await;
    }

    pub fn requests(&self) -> Vec<Request> {
        self.shared.world().requests.clone()
    }

    /// Requests to post a message, or to respond with one.
    pub fn count(&self, method: &str, part: &str) -> usize {
        self.requests()
            .iter()
            .filter(|request| request.method == method && request.path.contains(part))
            .count()
    }

    /// The bot's messages that are there now.
    pub fn shown(&self) -> Vec<Shown> {
        self.shared.world().messages.clone()
    }

    pub fn fault(&self, fault: Fault) {
        self.shared.world().faults.push(fault);
    }

    /// Waits until the bot has identified itself and READY was sent.
    pub async fn ready(&self, times: usize) {
        self.until("READY", |world| {
            (world.session.ready >= times).then_some(())
        })
        .await;
    }
}

impl Drop for Fake {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            let world = self.shared.world();
            assert!(world.problems.is_empty(), "{:#?}", world.problems);
        }
    }
}
