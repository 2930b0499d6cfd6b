//! Discord's rate limits: 50 requests a second in all, and a bucket for each route and channel, told in the headers
//! of every response. What is beyond is refused with 429 and counted.
//!
//! Left out: the limits of routes that the bot seldom uses, which Discord does not publish either.

use std::{
    collections::{HashMap, VecDeque},
    time::{Duration, Instant},
};

use serde_json::{Value, json};

/// How many requests a second Discord takes of one bot.
const A_SECOND: usize = 50;

/// The state of all buckets.
#[derive(Default)]
pub struct Limits {
    /// When the requests of the last second arrived.
    all: VecDeque<Instant>,
    buckets: HashMap<String, Bucket>,
    /// How often a request was refused: those of all, and those of a bucket.
    pub refused_in_all: usize,
    pub refused_in_buckets: usize,
    /// The first of those, for the failure of a test to tell.
    pub first_refused: Option<String>,
}

/// So many requests from the first on until it is reset.
struct Bucket {
    reset: Instant,
    used: usize,
}

/// What a response tells of its bucket, and whether the request was refused.
#[derive(Default)]
pub struct Taken {
    pub headers: Vec<(&'static str, String)>,
    pub refused: Option<Value>,
}

impl Limits {
    /// Counts a request.
    pub fn take(&mut self, method: &str, path: &str, now: Instant) -> Taken {
        // Responses to interactions have limits of their own.
        if path.starts_with("/interactions/") || path.starts_with("/webhooks/") {
            return Taken::default();
        }
        while let Some(&oldest) = self.all.front()
            && now.duration_since(oldest) >= Duration::from_secs(1)
        {
            self.all.pop_front();
        }
        if self.all.len() >= A_SECOND {
            self.refused_in_all += 1;
            return Taken {
                headers: vec![
                    ("retry-after", "1".to_owned()),
                    ("x-ratelimit-global", "true".to_owned()),
                    ("x-ratelimit-scope", "global".to_owned()),
                ],
                refused: Some(refusal(1.0, true)),
            };
        }
        self.all.push_back(now);
        let Some((name, most, period)) = bucket(method, path) else {
            return Taken::default();
        };
        let bucket = self.buckets.entry(name.clone()).or_insert(Bucket {
            reset: now + period,
            used: 0,
        });
        if now >= bucket.reset {
            bucket.reset = now + period;
            bucket.used = 0;
        }
        let rest = (bucket.reset - now).as_secs_f64();
        let refused = bucket.used >= most;
        bucket.used = (bucket.used + 1).min(most);
        let mut headers = vec![
            ("x-ratelimit-limit", most.to_string()),
            ("x-ratelimit-remaining", (most - bucket.used).to_string()),
            ("x-ratelimit-reset-after", format!("{rest:.3}")),
            ("x-ratelimit-bucket", name),
        ];
        if refused {
            self.refused_in_buckets += 1;
            self.first_refused
                .get_or_insert_with(|| format!("{method} {path}, {rest:.3} s before the reset"));
            headers.push(("retry-after", format!("{rest:.3}")));
            headers.push(("x-ratelimit-scope", "user".to_owned()));
        }
        Taken {
            headers,
            refused: refused.then(|| refusal(rest, false)),
        }
    }
}

fn refusal(seconds: f64, global: bool) -> Value {
    json!({"message": "You are being rate limited.", "retry_after": seconds, "global": global, "code": 0})
}

/// The bucket of a request: its name, how many it takes, and until when.
fn bucket(method: &str, path: &str) -> Option<(String, usize, Duration)> {
    let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
    let (channel, most, seconds) = match (method, parts.as_slice()) {
        ("POST", ["channels", channel, "messages" | "typing"])
        | ("PATCH", ["channels", channel, "messages", _]) => (channel, 5, 5),
        ("DELETE", ["channels", channel, "messages", _]) => (channel, 5, 1),
        _ => return None,
    };
    let kind = parts.get(2).copied().unwrap_or_default();
    let name = format!("{method}-{kind}-{channel}");
    Some((name, most, Duration::from_secs(seconds)))
}
