//! When a feed is asked next, and what it is asked with. Knows no network and no clock.
//!
//! A feed is asked at its interval, and told what is known of it already (`ETag` and `Last-Modified`, RFC
//! 9110), so that it need not send it again. One that asks for rest gets it (`Retry-After`), and one that
//! fails is asked half as often after each failure, once a day at the least. One that is gone for good
//! (410) is asked no more.

use jiff::{SignedDuration, Timestamp};

/// The longest that a feed is left alone, whatever it asks for.
const LONGEST: SignedDuration = SignedDuration::from_hours(24);

/// The shortest interval that is polite.
const SHORTEST: SignedDuration = SignedDuration::from_secs(60);

/// What a feed said of itself when it was last read, for it to compare.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Validators {
    /// The value of its `ETag`.
    pub etag: Option<String>,
    /// The value of its `Last-Modified`.
    pub last_modified: Option<String>,
}

/// What came of asking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heard {
    /// It sent what it has.
    Sent(Validators),
    /// It has nothing new.
    Unchanged,
    /// It wants to be left alone, perhaps for this long.
    Busy(Option<SignedDuration>),
    /// It could not be read.
    Failed,
    /// It does not exist any more, and says so.
    Gone,
}

/// The state of one feed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schedule {
    interval: SignedDuration,
    validators: Validators,
    failures: u32,
    /// None: not again.
    next: Option<Timestamp>,
}

impl Schedule {
    /// A feed that is due at once, and from then on at this interval; but not more often than once a minute.
    #[must_use]
    pub fn new(interval: SignedDuration) -> Self {
        Self {
            interval: interval.clamp(SHORTEST, LONGEST),
            validators: Validators::default(),
            failures: 0,
            next: Some(Timestamp::MIN),
        }
    }

    /// When it is due; never, if it is gone.
    #[must_use]
    pub fn next(&self) -> Option<Timestamp> {
        self.next
    }

    /// Whether it is due.
    #[must_use]
    pub fn is_due(&self, now: Timestamp) -> bool {
        self.next.is_some_and(|next| next <= now)
    }

    /// What it is asked with.
    #[must_use]
    pub fn validators(&self) -> &Validators {
        &self.validators
    }

    /// Takes note of what came of asking at `now`.
    pub fn heard(&mut self, now: Timestamp, heard: Heard) {
        let wait = match heard {
            Heard::Sent(validators) => {
                self.validators = validators;
                self.failures = 0;
                self.interval
            }
            Heard::Unchanged => {
                self.failures = 0;
                self.interval
            }
            Heard::Busy(Some(wait)) => wait.clamp(self.interval, LONGEST),
            Heard::Busy(None) | Heard::Failed => {
                self.failures = self.failures.saturating_add(1);
                let times = 1i32.checked_shl(self.failures.min(20)).unwrap_or(i32::MAX);
                self.interval
                    .checked_mul(times)
                    .map_or(LONGEST, |wait| wait.min(LONGEST))
            }
            Heard::Gone => {
                self.next = None;
                return;
            }
        };
        self.next = Some(now.checked_add(wait).unwrap_or(Timestamp::MAX));
    }
}
