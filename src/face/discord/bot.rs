//! The bot as it is at a moment ([`Bot`]), and what outlives a change of its configuration ([`Run`]).
//!
//! Each event takes the bot that holds when it comes in, and keeps to it until it is answered: a
//! configuration that is read anew makes another bot beside, over the same run.

use std::{
    sync::{Arc, atomic::AtomicBool},
    time::Duration,
};

use serenity::all::{ChannelId, UserId};
use tokio::sync::{mpsc, watch};

use super::{
    cooldown::{Cooldown, TooFast},
    delivery::{Delivery, reference},
    news::Now,
    pace::Turns,
    places::{Manners, Places},
    recent::Recent,
    reload::Call,
    searching::{Answering, Failure, Search},
    settings::{Rate, Settings},
    under_way::UnderWay,
};
use crate::{archive::Archive, face::metrics::Metrics};

/// How long answers under way may take after the end was asked for.
const LAST_ANSWERS: Duration = Duration::from_millis(4500);

/// What all that happens in one run shares.
pub struct Run {
    pub now: Arc<Now>,
    pub recent: Recent,
    pub turns_to_answer: Turns,
    pub delivery: Delivery,
    pub under_way: UnderWay,
    pub counted: Counted,
    pub me: watch::Sender<Option<UserId>>,
    pub registered: AtomicBool,
    pub metrics: Arc<Metrics>,
    /// Who reads the configuration anew; nothing where it cannot be.
    pub reloads: Option<mpsc::Sender<Call>>,
}

impl Run {
    /// Nothing has happened yet.
    #[must_use]
    pub fn new(
        settings: &Settings,
        now: Arc<Now>,
        metrics: Arc<Metrics>,
        reloads: Option<mpsc::Sender<Call>>,
    ) -> Self {
        Self {
            now,
            recent: Recent::new(settings.recent_answers),
            turns_to_answer: Turns::default(),
            delivery: Delivery::new(settings.requests_per_second),
            under_way: UnderWay::new(),
            counted: Counted::new(),
            me: watch::Sender::new(None),
            registered: AtomicBool::new(false),
            metrics,
            reloads,
        }
    }

    /// Whether the configuration can be read anew.
    #[must_use]
    pub fn reads_anew(&self) -> bool {
        self.reloads.is_some()
    }

    /// The bot's own id. Each event has a task of its own, so that the first message can be looked at before
    /// READY, which names the bot: it waits for that.
    pub async fn me(&self) -> Option<UserId> {
        let mut me = self.me.subscribe();
        *me.wait_for(Option::is_some).await.ok()?
    }

    /// Finishes what is under way.
    pub async fn finish(&self) {
        tracing::info!("ending: finishing answers under way");
        if !self.under_way.finish(LAST_ANSWERS).await {
            tracing::warn!("some answers were not finished in time");
        }
    }
}

/// Tells the service manager that all is up.
pub fn ready() {
    // Without one there is nobody to tell.
    let _ = sd_notify::notify(&[sd_notify::NotifyState::Ready]);
}

/// The answers that were said to have helped, or not, lately.
pub struct Counted(moka::sync::Cache<u64, ()>);

impl Counted {
    fn new() -> Self {
        Self(moka::sync::Cache::new(10_000))
    }

    /// Whether `message` was not counted before.
    pub fn insert(&self, message: u64) -> bool {
        self.0.entry(message).or_insert(()).is_fresh()
    }
}

/// The bot with one configuration.
pub struct Bot {
    pub run: Arc<Run>,
    pub settings: Settings,
    pub places: Places,
    pub search: Search,
    pub cooldown: Arc<Cooldown>,
    /// Turning pages costs a search, too, but a person turns many in a row.
    pub turns: Arc<Cooldown>,
}

impl Bot {
    /// The first of a run.
    #[must_use]
    pub fn new(
        run: Arc<Run>,
        places: Places,
        answering: Arc<Answering>,
        settings: Settings,
    ) -> Self {
        Self {
            search: Search::new(answering, &settings, Arc::clone(&run.metrics)),
            cooldown: Arc::new(Cooldown::new(&settings)),
            turns: Arc::new(Cooldown::new(&turning(&settings))),
            run,
            places,
            settings,
        }
    }

    /// The same with another configuration and archive. What is the same goes on counting.
    #[must_use]
    pub fn renewed(&self, settings: Settings, archive: Arc<Archive>) -> Self {
        let paces = |settings: &Settings| (settings.user_cooldown, settings.channel_cooldown);
        let same = paces(&self.settings) == paces(&settings);
        let cooldown = |kept: &Arc<Cooldown>, settings: &Settings| {
            if same {
                Arc::clone(kept)
            } else {
                Arc::new(Cooldown::new(settings))
            }
        };
        Self {
            run: Arc::clone(&self.run),
            places: self.places.renewed(archive, &settings),
            search: self.search.renewed(&self.settings, &settings),
            cooldown: cooldown(&self.cooldown, &settings),
            turns: cooldown(&self.turns, &turning(&settings)),
            settings,
        }
    }

    /// Counts a question, by the pace of its place.
    pub fn may_ask(
        &self,
        manners: &Manners,
        user: UserId,
        channel: ChannelId,
    ) -> Result<(), TooFast> {
        let own = manners.placed.cooldown.as_ref();
        own.unwrap_or(&self.cooldown).ask(user, channel)
    }

    /// What a person is told who asks too fast.
    pub fn wait_sentence(manners: &Manners, wait: Duration) -> String {
        // Rounded up: "0 seconds" would be no help, and too early would be refused again.
        let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
        if seconds <= 1 {
            manners.say("discord_wait_a_second", &[])
        } else {
            manners.say("discord_wait", &[("seconds", &seconds.to_string())])
        }
    }

    /// What a person is told when there is no answer; the log has the cause under the same reference.
    pub fn failure_sentence(manners: &Manners, id: u64, failure: &Failure) -> String {
        let reference = reference(id);
        tracing::error!(reference, cause = %failure, "a question was not answered");
        let key = match failure {
            Failure::Busy => "discord_busy",
            Failure::TooLong(_) => "discord_too_long",
            Failure::Archive(_) | Failure::Panicked(_) | Failure::Store(_) => "discord_failed",
        };
        manners.say(key, &[("reference", &reference)])
    }
}

/// The pace at which pages may be turned.
fn turning(settings: &Settings) -> Settings {
    Settings {
        user_cooldown: Rate {
            burst: settings.user_cooldown.burst.saturating_mul(4),
            seconds: settings.user_cooldown.seconds / 4.0,
        },
        channel_cooldown: Rate {
            burst: 0,
            ..settings.channel_cooldown
        },
        ..settings.clone()
    }
}
