//! The way to a cluster: one call over HTTP, made to whichever node answers.
//!
//! Every call the index makes may be made twice without harm, so what fails on one node is tried on the
//! next, with a growing pause after each round. A call that nobody answers fails within three seconds; then
//! the breaker opens. What is written may take longer to be answered, but not to be taken.
//!
//! Certificates are checked against those the system trusts, so that a private authority is set up once, for
//! all programs. No proxy is used: a cluster is near.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

use serde::de::DeserializeOwned;
use ureq::{
    Agent, Error,
    http::{Method, Request, header},
    tls::{RootCerts, TlsConfig},
};

use super::{
    address::{Cluster, Credentials},
    breaker::{Admission, Breaker, now},
};
use crate::index::IndexError;

/// How long a connection may take to be made.
const CONNECT: Duration = Duration::from_secs(1);

/// How long a node may work on what it was given to write.
const WRITE: Duration = Duration::from_mins(1);

/// The first pause between two rounds over the nodes.
const PAUSE: Duration = Duration::from_millis(50);

/// Connections that are kept open to each node.
const CONNECTIONS: usize = 16;

/// The longest answer that is read: the documents of some hundred articles fit many times.
const ANSWER_AT_MOST: u64 = 512 << 20;

/// The longest reason of a cluster that is repeated, in characters.
const REASON_AT_MOST: usize = 300;

/// What a call asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Patience {
    /// Something that somebody waits for.
    Reading,
    /// Something that is written.
    Writing,
}

/// A call that brought nothing.
#[derive(Debug)]
pub struct Failure {
    cluster: Arc<str>,
    /// What happened.
    pub kind: FailureKind,
    reason: String,
}

/// Why a call brought nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailureKind {
    /// Nobody answered.
    Away,
    /// The cluster answered that it cannot now, with this status.
    Busy(u16),
    /// The cluster answered that it will not, with this status.
    Refused(u16),
}

impl From<Failure> for IndexError {
    fn from(failure: Failure) -> Self {
        Self::Remote {
            cluster: failure.cluster.to_string(),
            reason: failure.reason,
        }
    }
}

/// The way to a cluster.
pub struct Connection {
    nodes: Vec<String>,
    /// The nodes, as they are told.
    cluster: Arc<str>,
    credentials: Credentials,
    agent: Agent,
    breaker: Breaker,
    patience: Duration,
    /// The node that answered last.
    preferred: AtomicUsize,
}

impl Connection {
    /// The way to `cluster`. Nothing is sent yet.
    pub fn new(cluster: &Cluster) -> Self {
        let tls = TlsConfig::builder()
            .root_certs(RootCerts::PlatformVerifier)
            .build();
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .proxy(None)
            .timeout_connect(Some(CONNECT))
            .max_idle_connections(CONNECTIONS * cluster.nodes.len())
            .max_idle_connections_per_host(CONNECTIONS)
            .user_agent(concat!("dateline/", env!("CARGO_PKG_VERSION")))
            .tls_config(tls)
            .build();
        Self {
            nodes: cluster.nodes.clone(),
            cluster: cluster.nodes.join(", ").into(),
            credentials: cluster.credentials.clone(),
            agent: Agent::new_with_config(config),
            breaker: Breaker::default(),
            patience: cluster.patience,
            preferred: AtomicUsize::new(0),
        }
    }

    /// Makes a call and reads its answer.
    pub fn call<T: DeserializeOwned>(
        &self,
        method: &Method,
        path: &str,
        body: &[u8],
        patience: Patience,
    ) -> Result<T, Failure> {
        let answer = self.exchange(method, path, body, patience)?;
        serde_json::from_slice(&answer).map_err(|error| {
            self.failure(
                FailureKind::Refused(200),
                &format!("answers in a way that is not understood: {error}"),
            )
        })
    }

    /// A failure in this cluster's name.
    pub fn failure(&self, kind: FailureKind, reason: &str) -> Failure {
        Failure {
            cluster: Arc::clone(&self.cluster),
            kind,
            reason: self.credentials.covered(reason),
        }
    }

    /// Makes a call to one node after the other until one answers.
    fn exchange(
        &self,
        method: &Method,
        path: &str,
        body: &[u8],
        patience: Patience,
    ) -> Result<Vec<u8>, Failure> {
        let admission = self.breaker.admit().map_err(|reason| {
            self.failure(
                FailureKind::Away,
                &format!("{reason}; it will be asked again soon"),
            )
        })?;
        let begun = now();
        let mut pause = PAUSE;
        let mut last;
        loop {
            let first = self.preferred.load(Ordering::Relaxed);
            last = None;
            for at in (first..).take(self.nodes.len()) {
                let number = at % self.nodes.len();
                let left = self.patience.saturating_sub(begun.elapsed());
                if left.is_zero() {
                    break;
                }
                let limit = match patience {
                    Patience::Writing => WRITE,
                    // Enough is left to ask another one.
                    Patience::Reading if self.nodes.len() > 1 => left.min(self.patience * 2 / 3),
                    Patience::Reading => left,
                };
                match self.ask(number, method, path, body, limit) {
                    Ok(answer) => {
                        self.breaker.answered();
                        self.preferred.store(number, Ordering::Relaxed);
                        return Ok(answer);
                    }
                    Err(failure) => {
                        tracing::debug!(node = self.nodes.get(number), %failure, "a call failed");
                        if let FailureKind::Refused(_) = failure.kind {
                            self.breaker.answered();
                            return Err(failure);
                        }
                        last = Some(failure);
                    }
                }
            }
            let out_of_time = begun.elapsed() + pause >= self.patience;
            if admission == Admission::Probe || out_of_time {
                break;
            }
            thread::sleep(pause);
            pause *= 2;
        }
        let failure =
            last.unwrap_or_else(|| self.failure(FailureKind::Away, "does not answer in time"));
        // A cluster with too much to do is there, and a pause for all would make nothing better.
        if failure.kind == FailureKind::Busy(429) {
            self.breaker.answered();
        } else {
            self.breaker.failed(&failure.reason);
        }
        Err(failure)
    }

    /// Makes a call to one node.
    fn ask(
        &self,
        node: usize,
        method: &Method,
        path: &str,
        body: &[u8],
        limit: Duration,
    ) -> Result<Vec<u8>, Failure> {
        let root = self.nodes.get(node).map_or("", String::as_str);
        let mut request = Request::builder()
            .method(method)
            .uri(format!("{root}/{path}"));
        if let Some(credentials) = self.credentials.header() {
            request = request.header(header::AUTHORIZATION, credentials);
        }
        if !body.is_empty() {
            let kind = if path.contains("/_bulk") || path.contains("/_msearch") {
                "application/x-ndjson"
            } else {
                "application/json"
            };
            request = request.header(header::CONTENT_TYPE, kind);
        }
        let unusable = |error: &dyn fmt::Display| {
            self.failure(
                FailureKind::Refused(0),
                &format!("cannot be asked: {error}"),
            )
        };
        let bare = matches!(*method, Method::GET | Method::DELETE);
        let answer = if bare {
            let request = request.body(()).map_err(|error| unusable(&error))?;
            let request = self.agent.configure_request(request);
            self.agent.run(request.timeout_global(Some(limit)).build())
        } else {
            let request = request.body(body).map_err(|error| unusable(&error))?;
            let request = self.agent.configure_request(request);
            self.agent.run(request.timeout_global(Some(limit)).build())
        };
        let mut answer = answer.map_err(|error| self.unanswered(&error))?;
        let status = answer.status().as_u16();
        let content = answer
            .body_mut()
            .with_config()
            .limit(ANSWER_AT_MOST)
            .read_to_vec()
            .map_err(|error| self.unanswered(&error))?;
        match status {
            200..=299 => Ok(content),
            _ => Err(self.refusal(status, &content)),
        }
    }

    /// What is said of a call that nobody answered.
    fn unanswered(&self, error: &Error) -> Failure {
        let reason = match error {
            Error::Timeout(_) => "does not answer in time".to_owned(),
            Error::HostNotFound => "is not known by that name".to_owned(),
            Error::Io(error) => format!("does not answer ({error})"),
            Error::Rustls(error) => format!("cannot be trusted ({error})"),
            Error::BodyExceedsLimit(_) => "answers at too great a length".to_owned(),
            error => format!("does not answer ({error})"),
        };
        self.failure(FailureKind::Away, &reason)
    }

    /// What is said of a call that was answered with an error.
    fn refusal(&self, status: u16, content: &[u8]) -> Failure {
        let told = reason_in(content);
        let reason = match status {
            401 | 403 if self.credentials == Credentials::None => format!(
                "asks who we are (status {status}): set DATELINE_INDEX_API_KEY, or DATELINE_INDEX_USER and \
                 DATELINE_INDEX_PASSWORD"
            ),
            401 => "does not accept the credentials of the environment (status 401)".to_owned(),
            403 => format!("does not allow this (status 403){told}"),
            429 => format!("has too much to do (status 429){told}"),
            502..=504 => format!("is not ready (status {status}){told}"),
            _ => format!("refuses (status {status}){told}"),
        };
        let kind = match status {
            429 | 502..=504 => FailureKind::Busy(status),
            // The node that was asked lost another one while it answered; its replicas answer the next call.
            500 if lost_a_node(content) => FailureKind::Busy(status),
            _ => FailureKind::Refused(status),
        };
        self.failure(kind, &reason)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.reason)
    }
}

/// Whether an error tells of nothing but a node that went away in the middle of the call.
fn lost_a_node(content: &[u8]) -> bool {
    const TOLD: [&str; 5] = [
        "node_disconnected_exception",
        "node_not_connected_exception",
        "node_closed_exception",
        "connect_transport_exception",
        "no_shard_available_action_exception",
    ];
    let content = String::from_utf8_lossy(content);
    TOLD.iter().any(|told| content.contains(told))
}

/// The reason that an answer gives, behind a colon; nothing where it gives none.
fn reason_in(content: &[u8]) -> String {
    let Ok(answer) = serde_json::from_slice::<serde_json::Value>(content) else {
        return String::new();
    };
    let error = answer.get("error").unwrap_or(&answer);
    let root = error
        .get("root_cause")
        .and_then(|causes| causes.get(0))
        .unwrap_or(error);
    let reason = [root, error]
        .into_iter()
        .find_map(|place| place.get("reason")?.as_str())
        .or_else(|| error.as_str());
    reason.map_or_else(String::new, |reason| {
        let reason: String = reason
            .chars()
            .filter(|letter| !letter.is_control())
            .take(REASON_AT_MOST)
            .collect();
        format!(": {reason}")
    })
}
