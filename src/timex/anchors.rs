//! What the text has said so far: the dates that later expressions count from.

use jiff::civil::Date;

use super::{
    Basis, Grain, Interval, TimexKind, calendar,
    resolve::Resolved,
    value::{Calendar, TimexValue, Unit},
};

/// Which way from the reference an expression without a year or week is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Direction {
    Back,
    Ahead,
}

/// The dates that expressions count from. Everything in it comes from before the expression.
#[derive(Clone, Copy, Debug)]
pub(super) struct Anchors {
    pub(super) reference: Date,
    /// The last known stretch of the calendar, a day to a year.
    pub(super) last: Option<Calendar>,
    /// The last reporting period: a quarter, a half.
    pub(super) period: Option<Calendar>,
    /// Whether the text so far tells a history rather than news.
    explicit_past: u16,
    deictic: u16,
}

impl Anchors {
    pub(super) fn new(reference: Date) -> Self {
        Self {
            reference,
            last: None,
            period: None,
            explicit_past: 0,
            deictic: 0,
        }
    }

    /// Notes what an expression came to.
    pub(super) fn note(&mut self, resolved: &Resolved) {
        let (TimexValue::Calendar(value) | TimexValue::Clock(value, _)) = resolved.value else {
            return;
        };
        let Some(interval) = value.interval() else {
            return;
        };
        if resolved.kind == TimexKind::Set {
            return;
        }
        match value.grain() {
            Grain::Quarter | Grain::Half => self.period = Some(value),
            Grain::Decade | Grain::Century => return,
            _ => {}
        }
        match resolved.basis {
            Basis::Explicit
                if interval.end() < self.reference
                    && interval.begin().year() + 1 < self.reference.year() =>
            {
                self.explicit_past = self.explicit_past.saturating_add(1);
            }
            Basis::Deictic => self.deictic = self.deictic.saturating_add(1),
            _ => {}
        }
        self.last = Some(value);
    }

    /// Whether dates without a year belong to the date before rather than to the reference: a text that
    /// has named dates years before its publication and nothing near it tells a history.
    pub(super) fn narrative(&self) -> bool {
        self.explicit_past > 2 * self.deictic
    }

    /// The period that "the latest quarter" means: the one spoken of, else the last one over.
    pub(super) fn latest_period(&self) -> Calendar {
        self.period.unwrap_or_else(|| {
            let before =
                calendar::shift(self.reference, Unit::Quarter, -1).unwrap_or(self.reference);
            calendar::containing(before, Grain::Quarter)
        })
    }

    /// The day that a bare clock time belongs to.
    pub(super) fn day(&self) -> Date {
        self.last
            .filter(|last| last.grain() == Grain::Day)
            .and_then(Calendar::interval)
            .map_or(self.reference, Interval::begin)
    }
}
