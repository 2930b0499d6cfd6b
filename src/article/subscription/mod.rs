//! Feeds on the web that are read again and again: RSS, Atom and JSON Feed, by their address.
//!
//! [`Schedule`] says when a feed is due and with what it is asked, `fetch` asks, and [`FeedReader`] does
//! both for all feeds, whenever it is told what time it is. Nothing is kept beyond the process: a feed is
//! read whole once after a start, and what of it is known already the archive tells.

mod fetch;
mod reach;
mod schedule;

pub use schedule::{Heard, Schedule, Validators};

use std::{collections::BTreeMap, ops::ControlFlow, path::PathBuf, thread, time::Duration};

use jiff::{SignedDuration, Timestamp};
use url::Url;

use self::fetch::{Answer, Limits};
use super::{
    Article, File, Unreadable,
    format::{self, ARTICLE_LIMIT},
};

/// A feed that cannot be read by its address.
#[derive(Debug, thiserror::Error)]
#[error("{address:?} is no address of a feed: it must begin with http:// or https://")]
pub struct NoFeed {
    address: String,
}

/// What came of one feed that was due.
#[derive(Debug)]
pub struct Polled {
    /// The feed's address.
    pub url: String,
    /// What it said.
    pub outcome: Outcome,
}

/// What a feed said.
#[derive(Debug)]
pub enum Outcome {
    /// Its entries: those that are articles, and why others are none.
    Articles(Vec<Result<Article, Unreadable>>),
    /// Nothing new since it was last read.
    Unchanged,
    /// It could not be read; the reason, and when it is asked again, if ever.
    Failed(Unreadable, Option<Timestamp>),
}

/// Reads feeds by their addresses, each when it is due.
pub struct FeedReader {
    agent: ureq::Agent,
    limits: Limits,
    feeds: Vec<Subscribed>,
}

struct Subscribed {
    url: Url,
    schedule: Schedule,
}

/// How many sites are asked at once.
const AT_ONCE: usize = 8;

impl FeedReader {
    /// A reader of the feeds at `addresses`, each asked once in `interval`.
    ///
    /// # Errors
    /// Names an address that is none on the web.
    pub fn new(addresses: &[String], interval: SignedDuration) -> Result<Self, NoFeed> {
        Self::with_limits(addresses, interval, Duration::from_secs(30), ARTICLE_LIMIT)
    }

    /// As [`FeedReader::new`], with limits of one's own: how long an answer may take, and how many bytes.
    ///
    /// # Errors
    /// As [`FeedReader::new`].
    pub fn with_limits(
        addresses: &[String],
        interval: SignedDuration,
        time: Duration,
        bytes: u64,
    ) -> Result<Self, NoFeed> {
        let limits = Limits {
            time,
            bytes,
            redirects: 5,
            private: false,
        };
        let mut feeds: Vec<Subscribed> = Vec::new();
        for address in addresses {
            let url = Url::parse(address.trim())
                .ok()
                .filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
                .ok_or_else(|| NoFeed {
                    address: address.clone(),
                })?;
            if feeds.iter().all(|feed| feed.url != url) {
                feeds.push(Subscribed {
                    url,
                    schedule: Schedule::new(interval),
                });
            }
        }
        Ok(Self {
            agent: fetch::agent(limits),
            limits,
            feeds,
        })
    }

    /// The same, which may or may not be led into private networks, this machine's own included.
    #[must_use]
    pub fn private(mut self, allowed: bool) -> Self {
        self.limits.private = allowed;
        self.agent = fetch::agent(self.limits);
        self
    }

    /// When the next feed is due; never, if there is none, or all are gone.
    #[must_use]
    pub fn next(&self) -> Option<Timestamp> {
        self.feeds
            .iter()
            .filter_map(|feed| feed.schedule.next())
            .min()
    }

    /// Asks every feed that is due at `now`, and says what came of it, in the order of the addresses. Blocks
    /// until all have answered or taken too long. Feeds of one site are asked one after the other.
    pub fn poll(&mut self, now: Timestamp) -> Vec<Polled> {
        let (agent, limits) = (&self.agent, self.limits);
        let mut sites: BTreeMap<String, Vec<(usize, &mut Subscribed)>> = BTreeMap::new();
        for (place, feed) in self.feeds.iter_mut().enumerate() {
            if feed.schedule.is_due(now) {
                let site = feed.url.host_str().unwrap_or_default().to_owned();
                sites.entry(site).or_default().push((place, feed));
            }
        }
        // Each thread takes sites until none is left.
        let sites = std::sync::Mutex::new(sites.into_values());
        let mut polled = thread::scope(|scope| {
            let threads: Vec<_> = (0..AT_ONCE)
                .map(|_| {
                    scope.spawn(|| {
                        let mut polled = Vec::new();
                        loop {
                            let site = match sites.lock() {
                                Ok(mut sites) => sites.next(),
                                Err(_) => None,
                            };
                            let Some(site) = site else {
                                return polled;
                            };
                            for (place, feed) in site {
                                polled.push((place, feed.poll(agent, limits, now)));
                            }
                        }
                    })
                })
                .collect();
            threads
                .into_iter()
                .filter_map(|thread| thread.join().ok())
                .flatten()
                .collect::<Vec<_>>()
        });
        polled.sort_by_key(|(place, _)| *place);
        polled.into_iter().map(|(_, polled)| polled).collect()
    }
}

impl Subscribed {
    fn poll(&mut self, agent: &ureq::Agent, limits: Limits, now: Timestamp) -> Polled {
        let answer = fetch::fetch(
            agent,
            self.url.as_str(),
            self.schedule.validators(),
            limits,
            now,
        );
        // Who is let in is for the feed's server alone, and for no log.
        let mut shown = self.url.clone();
        let _ = shown.set_username("").and(shown.set_password(None));
        let url = shown.to_string();
        let (heard, outcome) = match answer {
            Answer::Unchanged => (Heard::Unchanged, Ok(None)),
            Answer::Busy(wait, reason) => (Heard::Busy(wait), Err(reason)),
            Answer::Gone(reason) => (Heard::Gone, Err(reason)),
            Answer::Failed(reason) => (Heard::Failed, Err(reason)),
            Answer::Sent {
                bytes,
                encoding,
                validators,
            } => match feed_entries(&url, &bytes, encoding.as_deref()) {
                Ok(articles) => (Heard::Sent(validators), Ok(Some(articles))),
                // What cannot be read now must be sent again when it can.
                Err(reason) => (Heard::Failed, Err(reason)),
            },
        };
        self.schedule.heard(now, heard);
        let outcome = match outcome {
            Ok(Some(articles)) => Outcome::Articles(articles),
            Ok(None) => Outcome::Unchanged,
            Err(reason) => Outcome::Failed(
                Unreadable {
                    path: url.clone(),
                    line: None,
                    reason,
                },
                self.schedule.next(),
            ),
        };
        Polled { url, outcome }
    }
}

/// The entries of a feed, in XML or JSON, as `url` sent them: those that are articles, and why others are
/// none. `encoding` is the name of theirs where the sender told one.
///
/// # Errors
/// Says why it is no feed.
pub fn feed_entries(
    url: &str,
    bytes: &[u8],
    encoding: Option<&str>,
) -> Result<Vec<Result<Article, Unreadable>>, String> {
    if !bytes.trim_ascii_start().starts_with(b"{") {
        let entries = format::feed_entries(bytes, encoding)?;
        let left_out = |line, reason| Unreadable {
            path: url.to_owned(),
            line: Some(line),
            reason,
        };
        return Ok(entries
            .into_iter()
            .map(|(line, entry)| entry.map_err(|reason| left_out(line, reason)))
            .collect());
    }
    let json = format::by_ending("json").ok_or("is in JSON, which is not read here")?;
    let file = File {
        location: PathBuf::from(url),
        path: url.to_owned(),
        format: json,
        packing: None,
        size: bytes.len() as u64,
        modified: None,
    };
    let mut entries = Vec::new();
    let _ = (json.read)(&file, &mut &*bytes, &mut |entry| {
        entries.push(entry.map(|found| Article {
            path: None,
            ..found.article
        }));
        ControlFlow::Continue(())
    });
    Ok(entries)
}
