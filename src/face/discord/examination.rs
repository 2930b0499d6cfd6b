//! Whether Discord would let the bot work: its token, its intents, its permissions, and this machine's clock.
//!
//! Asked over plain HTTPS, without a connection to the gateway, so that a bot that runs is not disturbed.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp, fmt::rfc2822};
use serde::de::DeserializeOwned;
use ureq::{Agent, http::header};

use super::{
    DiscordError, Settings, Sharding,
    connection::{ApiBase, Token},
};

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What was looked at.
    pub what: &'static str,
    /// What was found, or what is wrong and what to do.
    pub told: Result<String, String>,
}

/// The permissions without which something does not work, by their bit, and what for.
const PERMISSIONS: [(u64, &str); 5] = [
    (1 << 10, "View Channels"),
    (1 << 11, "Send Messages"),
    (1 << 14, "Embed Links"),
    (1 << 16, "Read Message History"),
    (1 << 38, "Send Messages in Threads"),
];

/// Who may do everything.
const ADMINISTRATOR: u64 = 1 << 3;

/// The flags of an application that may read messages, in few servers or in many.
const MESSAGE_CONTENT: u64 = (1 << 18) | (1 << 19);

/// How far the clock may be off before days are counted wrong for somebody.
const CLOCK: SignedDuration = SignedDuration::from_secs(60);

#[derive(serde::Deserialize)]
struct Me {
    username: String,
}

#[derive(serde::Deserialize)]
struct Application {
    #[serde(default)]
    flags: u64,
}

#[derive(serde::Deserialize)]
struct Gateway {
    shards: u32,
    session_start_limit: Limit,
}

#[derive(serde::Deserialize)]
struct Limit {
    remaining: u32,
    reset_after: u64,
}

#[derive(serde::Deserialize)]
struct Server {
    name: String,
    permissions: String,
}

/// Looks at all of it. `now` is what this machine's clock says.
#[must_use]
pub fn examine(
    token: &Token,
    base: Option<&ApiBase>,
    settings: &Settings,
    now: Timestamp,
) -> Vec<Finding> {
    let discord = Asking {
        agent: Agent::config_builder()
            .timeout_global(Some(Duration::from_secs(10)))
            .http_status_as_error(false)
            .build()
            .new_agent(),
        base: base.map_or("https://discord.com", ApiBase::as_str),
        token,
    };
    let (me, clock) = match discord.ask::<Me>("users/@me") {
        Ok((me, date)) => (Ok(me), date.map(|date| judge_clock(date, now))),
        Err(told) => (Err(told), None),
    };
    let known = me.is_ok();
    let mut findings = vec![Finding {
        what: "token",
        told: me.map(|me| format!("it is {}'s", me.username)),
    }];
    findings.extend(clock.map(|told| Finding {
        what: "clock",
        told,
    }));
    if !known {
        // Discord would say the same to every further question.
        return findings;
    }
    findings.push(Finding {
        what: "intents",
        told: discord
            .ask::<Application>("oauth2/applications/@me")
            .and_then(|(application, _)| judge_intents(settings, application.flags)),
    });
    findings.push(Finding {
        what: "shards",
        told: discord
            .ask::<Gateway>("gateway/bot")
            .and_then(|(gateway, _)| judge_shards(settings.shards, &gateway)),
    });
    findings.push(Finding {
        what: "permissions",
        told: discord
            .ask::<Vec<Server>>("users/@me/guilds?limit=200")
            .and_then(|(servers, _)| judge_permissions(&servers)),
    });
    findings
}

struct Asking<'a> {
    agent: Agent,
    base: &'a str,
    token: &'a Token,
}

impl Asking<'_> {
    /// What Discord answers, and when it says it is.
    fn ask<T: DeserializeOwned>(&self, path: &str) -> Result<(T, Option<Timestamp>), String> {
        let answer = self
            .agent
            .get(format!("{}/api/v10/{path}", self.base))
            .header(header::AUTHORIZATION, self.token.authorization())
            .call()
            .map_err(|error| format!("Discord cannot be reached: {error}"))?;
        match answer.status().as_u16() {
            200 => {}
            401 => return Err(DiscordError::InvalidToken.to_string()),
            429 => return Err("Discord asks to wait; try again in a minute".to_owned()),
            status => {
                return Err(format!(
                    "Discord answered with status {status}; try again later"
                ));
            }
        }
        let date = answer
            .headers()
            .get(header::DATE)
            .and_then(|date| date.to_str().ok())
            .and_then(|date| rfc2822::parse(date).ok())
            .map(|date| date.timestamp());
        let body = answer
            .into_body()
            .read_to_vec()
            .map_err(|error| format!("Discord cannot be reached: {error}"))?;
        serde_json::from_slice(&body)
            .map(|value| (value, date))
            .map_err(|error| format!("Discord answered with something else: {error}"))
    }
}

fn judge_clock(discord: Timestamp, now: Timestamp) -> Result<String, String> {
    let off = now.duration_since(discord);
    if off.abs() > CLOCK {
        let seconds = off.abs().as_secs();
        let direction = if off.is_positive() { "ahead" } else { "behind" };
        Err(format!(
            "this machine's clock is {seconds} seconds {direction}: \"yesterday\" may be the wrong day; \
             switch on time synchronisation"
        ))
    } else {
        Ok("it agrees with Discord's".to_owned())
    }
}

fn judge_intents(settings: &Settings, flags: u64) -> Result<String, String> {
    let allowed = flags & MESSAGE_CONTENT != 0;
    match (settings.message_content, allowed) {
        (true, false) => Err(DiscordError::DisallowedIntents.to_string()),
        (true, true) => Ok("it may read messages".to_owned()),
        (false, _) => Ok("it does not ask to read messages".to_owned()),
    }
}

fn judge_shards(sharding: Sharding, gateway: &Gateway) -> Result<String, String> {
    let (range, total) = sharding.shards(gateway.shards);
    let here = range.end() - range.start() + 1;
    let Limit {
        remaining,
        reset_after,
    } = gateway.session_start_limit;
    if remaining < here {
        let minutes = reset_after.div_ceil(60_000);
        return Err(format!(
            "Discord lets this bot connect {remaining} more times in the next {minutes} minutes, and it needs \
             {here}: find out what starts it again and again, and wait"
        ));
    }
    // Discord wants one for 1000 servers, and refuses one with more than 2500.
    if u64::from(total) * 5 < u64::from(gateway.shards) * 2 {
        return Err(format!(
            "Discord wants {} shards, and there are {total}: leave `shards` in the [discord] section empty, or \
             raise the number behind its slash in every process",
            gateway.shards
        ));
    }
    Ok(match (sharding, total) {
        (_, 1) => "one is enough".to_owned(),
        (Sharding::Automatic, _) => format!("it runs the {total} that Discord wants"),
        (Sharding::Part { .. }, _) => format!(
            "it runs {here} of {total} ({sharding}); Discord wants {}",
            gateway.shards
        ),
    })
}

fn judge_permissions(servers: &[Server]) -> Result<String, String> {
    let mut lacking = Vec::new();
    for server in servers {
        let granted: u64 = server.permissions.parse().unwrap_or_default();
        let missing: Vec<&str> = PERMISSIONS
            .iter()
            .filter(|(bit, _)| granted & (bit | ADMINISTRATOR) == 0)
            .map(|(_, name)| *name)
            .collect();
        if !missing.is_empty() {
            lacking.push(format!("{:?} lacks {}", server.name, missing.join(", ")));
        }
    }
    match (servers.len(), lacking.is_empty()) {
        (0, _) => Err("it is in no server yet: invite it as README.md says".to_owned()),
        (_, false) => Err(format!(
            "{}; give the bot's role what it lacks, or invite the bot again",
            lacking.join("; ")
        )),
        (1, true) => Ok("it has what it needs in its server".to_owned()),
        (count, true) => Ok(format!("it has what it needs in {count} servers")),
    }
}
