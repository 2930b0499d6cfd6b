//! The way to Discord: token, API base, intents.

use std::{fmt, net::IpAddr, sync::Arc, time::Duration};

use serenity::{
    all::GatewayIntents,
    builder::CreateAllowedMentions,
    http::{Http, HttpBuilder},
};

use super::{DiscordError, Settings, pace::Hold};
use crate::face::metrics::Metrics;

/// The environment variable that holds another base of Discord's API, for tests and for API proxies.
pub const API_BASE_VARIABLE: &str = "DISCORD_API_BASE";

/// A bot's token. It is printed nowhere: `Debug` hides it.
#[derive(Clone)]
pub struct Token(String);

impl Token {
    /// Takes a token as it was copied: blanks around it and a leading `Bot ` are dropped.
    ///
    /// # Errors
    /// Where it cannot be a token: empty, or with characters that no token has.
    pub fn new(token: &str) -> Result<Self, DiscordError> {
        let token = token.trim();
        let token = token
            .strip_prefix("Bot")
            .filter(|rest| rest.is_empty() || rest.starts_with(char::is_whitespace))
            .unwrap_or(token)
            .trim();
        // Anything else would fail as an HTTP header later, with an error that names no cause.
        if token.is_empty() || !token.chars().all(|c| c.is_ascii_graphic()) {
            return Err(DiscordError::MalformedToken);
        }
        Ok(Self(token.to_owned()))
    }
}

impl Token {
    /// The value of the `Authorization` header.
    pub(super) fn authorization(&self) -> String {
        format!("Bot {}", self.0)
    }

    /// The token itself, for whoever identifies the bot by it.
    pub(super) fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Token(…)")
    }
}

/// Another base of Discord's API than Discord's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiBase(String);

impl ApiBase {
    /// Reads a base: `https://…`, or `http://…` on the loopback interface, so that no token travels in
    /// the clear.
    ///
    /// # Errors
    /// Where it is neither.
    pub fn new(base: &str) -> Result<Self, DiscordError> {
        let refuse = |reason: &'static str| DiscordError::ApiBase {
            base: base.to_owned(),
            reason,
        };
        let base = base.trim().trim_end_matches('/');
        let (scheme, rest) = base.split_once("://").ok_or_else(|| {
            refuse("it is no address; write http://127.0.0.1:PORT or https://HOST")
        })?;
        if rest.is_empty() || rest.contains(|c: char| "/?#@".contains(c) || c.is_whitespace()) {
            return Err(refuse(
                "only a host and a port are possible, without a path",
            ));
        }
        match scheme {
            "https" => Ok(Self(base.to_owned())),
            "http" if is_loopback(rest) => Ok(Self(base.to_owned())),
            "http" => Err(refuse(
                "http is allowed on this machine only (127.0.0.1, [::1], localhost); use https",
            )),
            _ => Err(refuse("only http on this machine and https are possible")),
        }
    }

    /// The base, as it was given.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The base that the environment names, if it names one.
    ///
    /// # Errors
    /// As [`ApiBase::new`].
    pub fn from_environment() -> Result<Option<Self>, DiscordError> {
        match std::env::var(API_BASE_VARIABLE) {
            Ok(base) if !base.trim().is_empty() => Self::new(&base).map(Some),
            _ => Ok(None),
        }
    }
}

fn is_loopback(authority: &str) -> bool {
    let host = match authority.strip_prefix('[') {
        Some(rest) => rest.split_once(']').map_or(rest, |(host, _)| host),
        None => authority
            .split_once(':')
            .map_or(authority, |(host, _)| host),
    };
    host == "localhost"
        || host
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

/// How long a request may take from its connection to the end of its response. Waiting for a rate limit is not
/// part of it.
const REQUEST: Duration = Duration::from_secs(10);

/// What requests are sent with.
pub(super) fn client() -> Result<reqwest::Client, DiscordError> {
    reqwest::Client::builder()
        .use_rustls_tls()
        .timeout(REQUEST)
        .build()
        .map_err(|error| DiscordError::Connection(error.to_string()))
}

/// The REST client, which counts in `metrics` where it has to wait, and holds all requests where Discord refuses one
/// for the sake of all. No message of ours may ping anyone, whatever it says.
pub(super) fn http(
    token: &Token,
    client: reqwest::Client,
    base: Option<&ApiBase>,
    metrics: &Arc<Metrics>,
    hold: Hold,
) -> Http {
    let builder = HttpBuilder::new(&token.0)
        .client(client)
        .default_allowed_mentions(CreateAllowedMentions::new());
    let mut http = match base {
        // serenity passes over the base where its own rate limiter is on; what stands at the base limits.
        Some(base) => builder.proxy(&base.0).ratelimiter_disabled(true),
        None => builder,
    }
    .build();
    if let Some(limits) = &mut http.ratelimiter {
        let metrics = Arc::clone(metrics);
        limits.set_ratelimit_callback(Box::new(move |limit| {
            let (seconds, global) = (limit.timeout.as_secs_f64(), limit.global);
            tracing::debug!(seconds, global, "rate limited");
            metrics.rate_limited(global);
            if global {
                hold.begin(limit.timeout);
            }
        }));
    }
    http
}

/// What is listened to: nothing but messages.
pub(super) fn intents(settings: &Settings) -> GatewayIntents {
    let intents =
        GatewayIntents::GUILDS | GatewayIntents::GUILD_MESSAGES | GatewayIntents::DIRECT_MESSAGES;
    if settings.message_content {
        intents | GatewayIntents::MESSAGE_CONTENT
    } else {
        intents
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn http_is_allowed_on_loopback_only() {
        for base in [
            "http://127.0.0.1:8080",
            "http://127.8.9.1",
            "http://localhost:1/",
            "http://[::1]:80",
            "https://proxy.example",
        ] {
            assert!(ApiBase::new(base).is_ok(), "{base}");
        }
        for base in [
            "http://example.org",
            "http://127.0.0.1.example.org",
            "http://localhost.example.org:80",
            "http://127.0.0.1@example.org",
            "ws://127.0.0.1",
            "127.0.0.1:80",
            "https://",
            "",
            "https://proxy.example/api",
        ] {
            assert!(ApiBase::new(base).is_err(), "{base}");
        }
    }

    #[test]
    fn a_token_shows_itself_nowhere_and_must_look_like_one() {
        let token = Token::new(" Bot abc.def \n").unwrap();
        assert_eq!(format!("{token:?}"), "Token(…)");
        assert_eq!(token.0, "abc.def");
        for wrong in ["", "  ", "Bot ", "abc\ndef", "ключ"] {
            assert!(Token::new(wrong).is_err(), "{wrong:?}");
        }
    }
}
