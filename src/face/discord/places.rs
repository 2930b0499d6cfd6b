//! What holds where: the configuration file, and over it what a server has set for itself.
//!
//! A server's settings are kept in memory, read anew when they are changed here, and once a minute, since
//! another process may have changed them. Where the database does not answer, what was last read holds; a
//! server of which nothing is known yet is then not answered at all, since its settings may forbid it.

use std::{sync::Arc, time::Duration};

use moka::sync::Cache;
use serenity::{
    all::{Channel, ChannelId, GuildId},
    http::Http,
};

use super::{
    cooldown::Cooldown,
    delivery::attempt,
    searching::Failure,
    settings::{Rate, Settings},
};
use crate::{
    archive::Archive,
    index::Part,
    store::{GuildSettings, Place, Store},
    timex::Interval,
};

/// How long settings are taken for what they are.
const FRESH: Duration = Duration::from_mins(1);

/// How long the database may take: Discord waits three seconds for the response to a command.
const PATIENCE: Duration = Duration::from_secs(2);

/// How long a thread is taken to be of the channel it was of.
const PARENTS_KEPT: Duration = Duration::from_hours(1);

/// Of how many servers and threads something is remembered.
const REMEMBERED: u64 = 10_000;

/// All places, as far as they are known.
pub struct Places {
    store: Option<Store>,
    archive: Arc<Archive>,
    settings: Settings,
    known: Cache<Place, Arc<Placed>>,
    fresh: Cache<Place, ()>,
    parents: Cache<u64, Option<u64>>,
    /// Where nothing is set.
    plain: Arc<Placed>,
}

/// A place with its settings, and the archive as it is seen from there.
pub struct Placed {
    /// What was set there.
    pub set: GuildSettings,
    /// The part of the archive that is answered from.
    pub archive: Archive,
    /// The cooldown of its own, if it has one.
    pub cooldown: Option<Cooldown>,
}

/// How the bot behaves towards one person at one place.
#[derive(Clone)]
pub struct Manners {
    /// The place.
    pub placed: Arc<Placed>,
    /// Its part of the archive, spoken of in the person's language.
    pub archive: Archive,
    /// What prefix commands begin with.
    pub prefix: String,
    /// What they begin with where nothing is set.
    pub default_prefix: String,
    /// How many excerpts an answer has at most.
    pub excerpts: Option<usize>,
    /// How long an excerpt may be.
    pub excerpt_length: usize,
}

impl Manners {
    /// A sentence of ours, in the person's language.
    #[must_use]
    pub fn say(&self, key: &str, places: &[(&str, &str)]) -> String {
        self.archive.language().wording.say(key, places)
    }
}

impl Places {
    /// No place is known yet.
    #[must_use]
    pub fn new(archive: Arc<Archive>, settings: &Settings, store: Option<Store>) -> Self {
        Self {
            plain: Arc::new(Placed {
                set: GuildSettings::default(),
                archive: Archive::clone(&archive),
                cooldown: None,
            }),
            store,
            archive,
            settings: settings.clone(),
            known: Cache::new(REMEMBERED),
            fresh: Cache::builder()
                .max_capacity(REMEMBERED)
                .time_to_live(FRESH)
                .build(),
            parents: Cache::builder()
                .max_capacity(REMEMBERED)
                .time_to_live(PARENTS_KEPT)
                .build(),
        }
    }

    /// The same places under other settings of the bot's, and with another archive. What is known of them stays
    /// known, so that a database that is away now is no loss.
    #[must_use]
    pub fn renewed(&self, archive: Arc<Archive>, settings: &Settings) -> Self {
        let renewed = Self::new(archive, settings, self.store.clone());
        for (place, placed) in &self.known {
            renewed.take(*place, placed.set.clone());
        }
        for (thread, parent) in &self.parents {
            renewed.parents.insert(*thread, parent);
        }
        renewed
    }

    /// The database, where there is one.
    #[must_use]
    pub fn store(&self) -> Option<&Store> {
        self.store.as_ref()
    }

    /// How the bot behaves in `guild`, towards a person with this locale. A direct message is in no server.
    ///
    /// # Errors
    /// Where the server's settings are not known and cannot be read.
    pub async fn manners(
        &self,
        guild: Option<GuildId>,
        locale: Option<&str>,
    ) -> Result<Manners, Failure> {
        let placed = match (guild, &self.store) {
            (Some(guild), Some(store)) => self.placed(Place(guild.get()), store).await?,
            _ => Arc::clone(&self.plain),
        };
        Ok(self.towards(placed, locale))
    }

    /// How the bot behaves where nothing is set.
    #[must_use]
    pub fn plain(&self, locale: Option<&str>) -> Manners {
        self.towards(Arc::clone(&self.plain), locale)
    }

    fn towards(&self, placed: Arc<Placed>, locale: Option<&str>) -> Manners {
        let set = &placed.set;
        let archive = match set.language.as_deref().or(locale) {
            Some(language) => placed.archive.speaking(language),
            None => placed.archive.clone(),
        };
        let whole = |number: u32| usize::try_from(number).unwrap_or(usize::MAX);
        Manners {
            archive,
            prefix: set
                .prefix
                .clone()
                .unwrap_or_else(|| self.settings.prefix.clone()),
            default_prefix: self.settings.prefix.clone(),
            excerpts: set
                .excerpts
                .map(whole)
                .or(Some(self.settings.evidence_limit).filter(|limit| *limit > 0)),
            excerpt_length: set.excerpt_length.map_or(usize::MAX, whole),
            placed,
        }
    }

    async fn placed(&self, place: Place, store: &Store) -> Result<Arc<Placed>, Failure> {
        let known = self.known.get(&place);
        if self.fresh.contains_key(&place)
            && let Some(known) = known
        {
            return Ok(known);
        }
        let asking = tokio::time::timeout(PATIENCE, store.settings(place));
        let asked = asking.await;
        match asked.unwrap_or_else(|_| Err(sqlx::Error::PoolTimedOut.into())) {
            Ok(set) => Ok(self.take(place, set)),
            Err(error) => match known {
                Some(known) => {
                    tracing::warn!(%error, "settings could not be read; what was read before holds");
                    // Not with every message again.
                    self.fresh.insert(place, ());
                    Ok(known)
                }
                None => Err(Failure::Store(error)),
            },
        }
    }

    /// Takes note of a place's settings.
    pub fn take(&self, place: Place, set: GuildSettings) -> Arc<Placed> {
        self.fresh.insert(place, ());
        if let Some(known) = self.known.get(&place)
            && known.set == set
        {
            // Its cooldown goes on counting.
            return known;
        }
        let placed = Arc::new(Placed {
            archive: self.archive.within(part(&set)),
            cooldown: set.cooldown.map(|pace| {
                Cooldown::new(&Settings {
                    user_cooldown: Rate {
                        burst: pace.burst,
                        seconds: f64::from(pace.seconds.max(1)),
                    },
                    ..self.settings.clone()
                })
            }),
            set,
        });
        self.known.insert(place, Arc::clone(&placed));
        placed
    }

    /// Forgets what is known of a place.
    pub fn forget(&self, place: Place) {
        self.known.invalidate(&place);
        self.fresh.invalidate(&place);
    }

    /// Whether the bot answers in `channel`: in a thread, it does where it does in the channel of the thread.
    pub async fn speaks_in(&self, http: &Http, manners: &Manners, channel: ChannelId) -> bool {
        let channels = &manners.placed.set.channels;
        if channels.is_empty() || channels.contains(&channel.get()) {
            return true;
        }
        let parent = match self.parents.get(&channel.get()) {
            Some(parent) => parent,
            None => match attempt(|| http.get_channel(channel)).await {
                Ok(found) => {
                    let parent = parent(&found);
                    self.parents.insert(channel.get(), parent);
                    parent
                }
                // What cannot be looked at is not one of those that were named.
                Err(_) => None,
            },
        };
        parent.is_some_and(|parent| channels.contains(&parent))
    }
}

/// The channel that a thread is of.
fn parent(channel: &Channel) -> Option<u64> {
    match channel {
        Channel::Guild(channel) if channel.thread_metadata.is_some() => {
            channel.parent_id.map(ChannelId::get)
        }
        _ => None,
    }
}

/// The part of the archive that was set.
#[must_use]
pub fn part(set: &GuildSettings) -> Part {
    let from = set.published_from.unwrap_or(jiff::civil::Date::MIN);
    let until = set
        .published_until
        .and_then(|day| day.tomorrow().ok())
        .unwrap_or(jiff::civil::Date::MAX);
    let published = (set.published_from.is_some() || set.published_until.is_some())
        // Days in the wrong order are refused where they are set; here they mean what they say, nothing.
        .then(|| Interval::new(from, until).or_else(|| Interval::day(jiff::civil::Date::MIN)))
        .flatten();
    Part {
        outlets: set.outlets.clone(),
        published,
    }
}
