//! A circuit breaker: while the cluster is away, whoever asks is told so at once and not after a time-out.
//!
//! After M. Nygard, "Release It!": closed while calls are answered; open for a while after one that was
//! not; then a single call is let through, and what becomes of it decides.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

/// How long nobody asks a cluster that was away.
const COOL_DOWN: Duration = Duration::from_secs(2);

/// How long the call that tries again may take before another one tries.
const PROBE: Duration = Duration::from_secs(4);

/// What a call may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Admission {
    /// Ask, and try again where that fails.
    Free,
    /// Ask once: the cluster was away when it was asked last.
    Probe,
}

/// The state of the way to a cluster.
#[derive(Debug, Default)]
pub struct Breaker {
    open: Mutex<Option<Open>>,
}

#[derive(Debug)]
struct Open {
    until: Instant,
    reason: String,
}

impl Breaker {
    /// Whether a call may be made; if not, why the last one failed.
    pub fn admit(&self) -> Result<Admission, String> {
        let mut open = self.state();
        match open.as_mut() {
            None => Ok(Admission::Free),
            Some(open) if now() < open.until => Err(open.reason.clone()),
            Some(open) => {
                // The others wait for what this one finds out.
                open.until = now() + PROBE;
                Ok(Admission::Probe)
            }
        }
    }

    /// Notes that the cluster answered.
    pub fn answered(&self) {
        *self.state() = None;
    }

    /// Notes that it did not, and why.
    pub fn failed(&self, reason: &str) {
        *self.state() = Some(Open {
            until: now() + COOL_DOWN,
            reason: reason.to_owned(),
        });
    }

    fn state(&self) -> MutexGuard<'_, Option<Open>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The time that has passed, as far as time-outs are concerned. It enters no answer.
#[expect(
    clippy::disallowed_methods,
    reason = "how long a cluster is silent is measured, not what day it is"
)]
pub fn now() -> Instant {
    Instant::now()
}
