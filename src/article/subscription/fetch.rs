//! Asks for one feed over HTTP. Blocks.
//!
//! Addresses are those that the operator of the bot configured, never one from a message, so that an address
//! within the operator's own network is as good as another. Only http and https are spoken, a redirect is
//! followed a few times and to these alone, and an answer has its limits in time and size, unpacked.

use std::{io::Read as _, time::Duration};

use jiff::{SignedDuration, Timestamp, fmt::rfc2822};
use ureq::{
    Agent,
    http::{HeaderMap, StatusCode, header},
};

use super::schedule::Validators;

/// How a feed is asked.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    pub time: Duration,
    pub bytes: u64,
    pub redirects: u32,
}

/// What came back.
pub(super) enum Answer {
    Sent {
        bytes: Vec<u8>,
        /// The encoding's name, where the sender tells it.
        encoding: Option<String>,
        validators: Validators,
    },
    Unchanged,
    Busy(Option<SignedDuration>, String),
    Gone(String),
    Failed(String),
}

const ACCEPTED: &str = "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5";

pub(super) fn agent(limits: Limits) -> Agent {
    Agent::config_builder()
        .timeout_global(Some(limits.time))
        .max_redirects(limits.redirects)
        .max_redirects_will_error(true)
        .http_status_as_error(false)
        .user_agent(concat!(
            env!("CARGO_PKG_NAME"),
            "/",
            env!("CARGO_PKG_VERSION"),
            " (feed reader)"
        ))
        .build()
        .new_agent()
}

/// Asks for the feed at `url`. `now` is what a date in the answer is compared with.
pub(super) fn fetch(
    agent: &Agent,
    url: &str,
    validators: &Validators,
    limits: Limits,
    now: Timestamp,
) -> Answer {
    let mut request = agent.get(url).header(header::ACCEPT, ACCEPTED);
    if let Some(etag) = &validators.etag {
        request = request.header(header::IF_NONE_MATCH, etag);
    }
    if let Some(date) = &validators.last_modified {
        request = request.header(header::IF_MODIFIED_SINCE, date);
    }
    let response = match request.call() {
        Ok(response) => response,
        Err(error) => return Answer::Failed(format!("cannot be fetched: {error}")),
    };
    let status = response.status();
    let headers = response.headers();
    match status {
        StatusCode::OK => {}
        StatusCode::NOT_MODIFIED => return Answer::Unchanged,
        StatusCode::GONE => return Answer::Gone(refused(status)),
        StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => {
            return Answer::Busy(retry_after(headers, now), refused(status));
        }
        _ => return Answer::Failed(refused(status)),
    }
    let validators = Validators {
        etag: text(headers, &header::ETAG),
        last_modified: text(headers, &header::LAST_MODIFIED),
    };
    let encoding = text(headers, &header::CONTENT_TYPE).and_then(|kind| charset(&kind));
    let mut bytes = Vec::new();
    let body = response.into_body().into_reader();
    match body.take(limits.bytes + 1).read_to_end(&mut bytes) {
        Err(error) => Answer::Failed(format!("cannot be fetched whole: {error}")),
        Ok(_) if bytes.len() as u64 > limits.bytes => Answer::Failed(format!(
            "is larger than {} MB, which no feed is",
            limits.bytes / (1024 * 1024)
        )),
        Ok(_) => Answer::Sent {
            bytes,
            encoding,
            validators,
        },
    }
}

fn refused(status: StatusCode) -> String {
    format!("is answered with {status}")
}

fn text(headers: &HeaderMap, name: &header::HeaderName) -> Option<String> {
    Some(headers.get(name)?.to_str().ok()?.to_owned())
}

/// How long to wait, told in seconds or as a date.
fn retry_after(headers: &HeaderMap, now: Timestamp) -> Option<SignedDuration> {
    let told = text(headers, &header::RETRY_AFTER)?;
    match told.trim().parse::<u32>() {
        Ok(seconds) => Some(SignedDuration::from_secs(i64::from(seconds))),
        Err(_) => Some(
            rfc2822::parse(told.trim())
                .ok()?
                .timestamp()
                .duration_since(now),
        ),
    }
}

/// The encoding of a content type.
fn charset(kind: &str) -> Option<String> {
    kind.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        let value = value.trim().trim_matches('"');
        (name.trim().eq_ignore_ascii_case("charset") && !value.is_empty()).then(|| value.to_owned())
    })
}
