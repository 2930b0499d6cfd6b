//! What the bot tells those who run it: Prometheus metrics, and whether it lives and is ready.
//!
//! `GET /metrics` is in the `OpenMetrics` text format; `/healthz` answers 200 as long as the process can
//! answer at all; `/readyz` answers 200 where every shard of this process is connected and the archive can be
//! asked, else 503 with the reason. No metric has a label that a person in a channel could choose.

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicI64, AtomicU64},
    },
    thread,
    time::Duration,
};

use axum::{Router, extract::State, http::StatusCode, http::header::CONTENT_TYPE, routing::get};
use prometheus_client::{
    encoding::{EncodeLabelSet, text::encode},
    metrics::{
        counter::Counter,
        family::Family,
        gauge::Gauge,
        histogram::{Histogram, exponential_buckets},
    },
    registry::{Registry, Unit},
};
use tracing::{info, warn};

use super::current::Current;
use crate::archive::Archive;

/// An answer's labels.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    /// The command's name.
    command: &'static str,
    /// `answered`, `nothing`, `busy`, `too_long` or `failed`.
    outcome: &'static str,
}

/// A question's label.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Asked {
    /// The command's name.
    command: &'static str,
}

/// A rate limit's label.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Limited {
    /// `global` or `route`.
    scope: &'static str,
}

/// A shard's label.
#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfShard {
    /// Its number.
    shard: u32,
}

/// How a question ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// With evidence.
    Answered,
    /// With "I don't know".
    Nothing,
    /// Too many were waiting.
    Busy,
    /// It took too long.
    TooLong,
    /// The archive failed, or the search panicked.
    Failed,
}

impl Outcome {
    fn name(self) -> &'static str {
        match self {
            Self::Answered => "answered",
            Self::Nothing => "nothing",
            Self::Busy => "busy",
            Self::TooLong => "too_long",
            Self::Failed => "failed",
        }
    }
}

/// What is counted while the bot runs. Cheap to count in, shared by all who do.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    answers: Family<Answered, Counter>,
    seconds: Family<Asked, Histogram, fn() -> Histogram>,
    rate_limited: Family<Limited, Counter>,
    waiting: Gauge,
    gateway: Gauge,
    shards: Family<OfShard, Gauge>,
    reconnections: Family<OfShard, Counter>,
    dropped: Counter,
    reloads: Counter,
    reload_failures: Counter,
    /// The shards of this process, and whether they are connected.
    connected: Mutex<BTreeMap<u32, bool>>,
    articles: Gauge,
    windows: Gauge,
    refreshes: Counter,
    refresh_failures: Counter,
    refreshed: Gauge<f64, AtomicU64>,
}

impl Default for Metrics {
    fn default() -> Self {
        let seconds: fn() -> Histogram = || Histogram::new(exponential_buckets(0.001, 2.0, 14));
        let mut metrics = Self {
            registry: Registry::with_prefix("dateline"),
            answers: Family::default(),
            seconds: Family::new_with_constructor(seconds),
            rate_limited: Family::default(),
            waiting: Gauge::default(),
            gateway: Gauge::default(),
            shards: Family::default(),
            reconnections: Family::default(),
            dropped: Counter::default(),
            reloads: Counter::default(),
            reload_failures: Counter::default(),
            connected: Mutex::default(),
            articles: Gauge::default(),
            windows: Gauge::default(),
            refreshes: Counter::default(),
            refresh_failures: Counter::default(),
            refreshed: Gauge::default(),
        };
        let registry = &mut metrics.registry;
        registry.register(
            "answers",
            "Questions by command and outcome",
            metrics.answers.clone(),
        );
        registry.register_with_unit(
            "answer",
            "Time from a question's arrival to its answer, sending aside",
            Unit::Seconds,
            metrics.seconds.clone(),
        );
        registry.register(
            "rate_limited",
            "Requests to Discord that had to wait for a rate limit",
            metrics.rate_limited.clone(),
        );
        registry.register(
            "waiting",
            "Questions that wait for their search or are searched for",
            metrics.waiting.clone(),
        );
        registry.register(
            "gateway_connected",
            "1 while every shard of this process is connected to Discord's gateway",
            metrics.gateway.clone(),
        );
        registry.register(
            "shard_connected",
            "1 while the shard is connected",
            metrics.shards.clone(),
        );
        registry.register(
            "shard_losses",
            "Times a shard's connection was lost",
            metrics.reconnections.clone(),
        );
        registry.register(
            "events_dropped",
            "Events of Discord's that came faster than they could be looked at",
            metrics.dropped.clone(),
        );
        registry.register(
            "reloads",
            "Times the configuration was read anew",
            metrics.reloads.clone(),
        );
        registry.register(
            "reload_failures",
            "Times the new configuration was wrong and the old one was kept",
            metrics.reload_failures.clone(),
        );
        registry.register(
            "articles",
            "Articles in the index",
            metrics.articles.clone(),
        );
        registry.register("windows", "Windows in the index", metrics.windows.clone());
        registry.register(
            "refreshes",
            "Times the archive was looked through for what is new",
            metrics.refreshes.clone(),
        );
        registry.register(
            "refresh_failures",
            "Times what is new could not be taken in",
            metrics.refresh_failures.clone(),
        );
        registry.register_with_unit(
            "refreshed_timestamp",
            "When the archive was last looked through, since 1970",
            Unit::Seconds,
            metrics.refreshed.clone(),
        );
        metrics
    }
}

impl Metrics {
    /// A question came in; what is returned counts it as under way until it is dropped.
    #[must_use]
    pub fn begin(&self) -> Waiting {
        self.waiting.inc();
        Waiting(self.waiting.clone())
    }

    /// A question to a command ended after this time.
    pub fn end(&self, command: &'static str, outcome: Outcome, took: Duration) {
        let outcome = outcome.name();
        self.answers
            .get_or_create(&Answered { command, outcome })
            .inc();
        self.seconds
            .get_or_create(&Asked { command })
            .observe(took.as_secs_f64());
    }

    /// A request to Discord has to wait for a rate limit.
    pub fn rate_limited(&self, global: bool) {
        let scope = if global { "global" } else { "route" };
        self.rate_limited.get_or_create(&Limited { scope }).inc();
    }

    /// This process has these shards; none is connected yet.
    pub fn shards(&self, shards: impl IntoIterator<Item = u32>) {
        let shards: BTreeMap<u32, bool> = shards.into_iter().map(|id| (id, false)).collect();
        self.shards.clear();
        for &shard in shards.keys() {
            self.shards.get_or_create(&OfShard { shard }).set(0);
        }
        *self.connected() = shards;
        self.gateway.set(0);
    }

    /// A shard is connected, or is not. Says whether all of them are, and were not before.
    pub fn shard(&self, shard: u32, connected: bool) -> bool {
        let mut shards = self.connected();
        let before = shards.insert(shard, connected);
        if before == Some(connected) {
            return false;
        }
        let all = shards.values().all(|&connected| connected);
        drop(shards);
        let label = OfShard { shard };
        if before == Some(true) && !connected {
            self.reconnections.get_or_create(&label).inc();
        }
        self.shards.get_or_create(&label).set(i64::from(connected));
        self.gateway.set(i64::from(all));
        all
    }

    /// An event came faster than it could be looked at.
    pub fn event_dropped(&self) {
        self.dropped.inc();
    }

    /// The configuration was read anew.
    pub fn reloaded(&self, succeeded: bool) {
        self.reloads.inc();
        if !succeeded {
            self.reload_failures.inc();
        }
    }

    /// The archive was looked through at this time, in seconds since 1970.
    pub fn refreshed(&self, succeeded: bool, at: f64) {
        self.refreshes.inc();
        if succeeded {
            self.refreshed.set(at);
        } else {
            self.refresh_failures.inc();
        }
    }

    /// What is not connected, in words; nothing where all is.
    fn missing(&self) -> Option<String> {
        let shards = self.connected();
        if shards.is_empty() {
            return Some("not connected to Discord's gateway".to_owned());
        }
        let missing: Vec<String> = shards
            .iter()
            .filter(|&(_, &connected)| !connected)
            .map(|(shard, _)| shard.to_string())
            .collect();
        (!missing.is_empty()).then(|| {
            format!(
                "not connected to Discord's gateway: shard {} (of {} here)",
                missing.join(", "),
                shards.len()
            )
        })
    }

    fn connected(&self) -> MutexGuard<'_, BTreeMap<u32, bool>> {
        // What is guarded here is whole at every moment.
        self.connected
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// A question under way.
#[derive(Debug)]
pub struct Waiting(Gauge<i64, AtomicI64>);

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.dec();
    }
}

struct Told {
    metrics: Arc<Metrics>,
    archive: Current<Archive>,
}

/// Serves the metrics at `address`, on a thread of its own.
///
/// # Errors
/// Where the address cannot be listened at.
pub fn serve(
    address: SocketAddr,
    metrics: Arc<Metrics>,
    archive: Current<Archive>,
) -> std::io::Result<SocketAddr> {
    let listener = std::net::TcpListener::bind(address)?;
    listener.set_nonblocking(true)?;
    let address = listener.local_addr()?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let serve = async move {
        let router = Router::new()
            .route("/metrics", get(write))
            .route("/healthz", get(|| async { "ok\n" }))
            .route("/readyz", get(ready))
            .with_state(Arc::new(Told { metrics, archive }));
        let listener = tokio::net::TcpListener::from_std(listener)?;
        axum::serve(listener, router).await
    };
    thread::Builder::new()
        .name("metrics".to_owned())
        .spawn(move || {
            if let Err(error) = runtime.block_on(serve) {
                warn!(%error, "metrics are no longer served");
            }
        })?;
    info!(%address, "metrics are served");
    Ok(address)
}

async fn write(
    State(told): State<Arc<Told>>,
) -> Result<([(axum::http::HeaderName, &'static str); 1], String), StatusCode> {
    let archive = told.archive.get();
    // A search cluster that is away must not hold up what tells of it.
    let size = tokio::task::spawn_blocking(move || archive.size()).await;
    if let Ok(Ok(size)) = size {
        let count = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        told.metrics.articles.set(count(size.articles));
        told.metrics.windows.set(count(size.windows));
    }
    let mut text = String::new();
    encode(&mut text, &told.metrics.registry).map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    Ok(([(CONTENT_TYPE, kind)], text))
}

async fn ready(State(told): State<Arc<Told>>) -> (StatusCode, String) {
    if let Some(missing) = told.metrics.missing() {
        return (StatusCode::SERVICE_UNAVAILABLE, format!("{missing}\n"));
    }
    let archive = told.archive.get();
    match tokio::task::spawn_blocking(move || archive.size()).await {
        Ok(Ok(_)) => (StatusCode::OK, "ready\n".to_owned()),
        Ok(Err(error)) => (StatusCode::SERVICE_UNAVAILABLE, format!("{error}\n")),
        Err(_) => (
            StatusCode::SERVICE_UNAVAILABLE,
            "the archive cannot be asked\n".to_owned(),
        ),
    }
}
