//! How fast people and channels may ask: the generic cell rate algorithm, as `governor` has it.

use std::{
    num::NonZeroU32,
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter, clock::Clock};
use moka::sync::Cache;
use serenity::all::{ChannelId, UserId};
use tokio::time::Instant;

use super::settings::{Rate, Settings, seconds};

/// After so many questions, those who have asked nothing for a while are forgotten.
const SWEEP: u32 = 1024;

/// The cooldowns of all people and channels.
pub struct Cooldown {
    users: Option<DefaultKeyedRateLimiter<u64>>,
    channels: Option<DefaultKeyedRateLimiter<u64>>,
    /// Until when a person has been told to wait: telling it twice would be the noise it is meant to stop.
    told: Cache<u64, Instant>,
    asked: AtomicU32,
}

/// Too fast.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooFast {
    /// How long to wait.
    pub wait: Duration,
    /// Whether the person has been told of it already.
    pub told: bool,
}

impl Cooldown {
    /// Cooldowns as `settings` want them.
    #[must_use]
    pub fn new(settings: &Settings) -> Self {
        Self {
            users: limiter(settings.user_cooldown),
            channels: limiter(settings.channel_cooldown),
            told: Cache::new(10_000),
            asked: AtomicU32::new(0),
        }
    }

    /// Counts a question of `user` in `channel`.
    ///
    /// # Errors
    /// Where one of them asks too fast.
    pub fn ask(&self, user: UserId, channel: ChannelId) -> Result<(), TooFast> {
        if self.asked.fetch_add(1, Ordering::Relaxed) % SWEEP == SWEEP - 1 {
            for limiter in [&self.users, &self.channels].into_iter().flatten() {
                limiter.retain_recent();
            }
        }
        let wait = match check(self.users.as_ref(), user.get()) {
            // A person who must wait takes nothing from the channel.
            Some(wait) => Some(wait),
            None => check(self.channels.as_ref(), channel.get()),
        };
        let Some(wait) = wait else {
            return Ok(());
        };
        let now = Instant::now();
        let told = self.told.get(&user.get()).is_some_and(|until| now < until);
        if !told {
            self.told.insert(user.get(), now + wait);
        }
        Err(TooFast { wait, told })
    }
}

fn limiter(rate: Rate) -> Option<DefaultKeyedRateLimiter<u64>> {
    let burst = NonZeroU32::new(rate.burst)?;
    let quota = Quota::with_period(seconds(rate.seconds))?.allow_burst(burst);
    Some(RateLimiter::keyed(quota))
}

fn check(limiter: Option<&DefaultKeyedRateLimiter<u64>>, key: u64) -> Option<Duration> {
    let limiter = limiter?;
    let refused = limiter.check_key(&key).err()?;
    Some(refused.wait_time_from(limiter.clock().now()))
}
