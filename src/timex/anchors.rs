//! What the text has said so far: the dates that later expressions count from.

use jiff::civil::Date;

use super::{
    Basis, Grain, Interval, TimexKind, calendar,
    meaning::Meaning,
    resolve::Resolved,
    value::{Amount, Calendar, TimexValue, Unit},
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
    period: Option<Calendar>,
    /// Whether the text has gone on from that period to the year so far ("the nine months").
    year_so_far: bool,
    /// The last known stretch of each grain up to the year, with its place in the order of mention.
    by_grain: [Option<(u32, Calendar)>; 7],
    mentions: u32,
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
            year_so_far: false,
            by_grain: [None; 7],
            mentions: 0,
            explicit_past: 0,
            deictic: 0,
        }
    }

    /// Notes what an expression came to.
    pub(super) fn note(&mut self, resolved: &Resolved, meaning: Meaning) {
        // After "the nine months" a year earlier is no quarter's any more.
        if let TimexValue::Length(parts) = &resolved.value
            && let [(Amount::Thousandths(6000 | 9000), Unit::Month)] = parts.as_slice()
        {
            self.year_so_far = true;
        }
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
            // "a year earlier" looks back from the period reported, however often it is said.
            Grain::Quarter | Grain::Half
                if matches!(
                    meaning,
                    Meaning::Quarter | Meaning::Half | Meaning::LatestPeriod
                ) =>
            {
                // A quarter still to come is an outlook, not the report.
                let outlook = interval.end() > self.reference;
                // Nor is the year before with which a report compares.
                let older = self
                    .period
                    .and_then(Calendar::interval)
                    .is_some_and(|known| interval.end() <= known.begin());
                if self.period.is_none() || !(outlook || older) {
                    self.period = Some(value);
                    self.year_so_far = false;
                }
            }
            Grain::Decade | Grain::Century => return,
            _ => {}
        }
        match resolved.basis {
            // "the 1979 revolution" is in the news; a day of 1979 is history.
            Basis::Explicit
                if value.grain() <= Grain::Month
                    && interval.end() < self.reference
                    && interval.begin().year() + 1 < self.reference.year() =>
            {
                self.explicit_past = self.explicit_past.saturating_add(1);
            }
            Basis::Deictic => self.deictic = self.deictic.saturating_add(1),
            _ => {}
        }
        self.last = Some(value);
        self.mentions = self.mentions.saturating_add(1);
        if let Some(place) = self.by_grain.get_mut(value.grain() as usize) {
            *place = Some((self.mentions, value));
        }
    }

    /// The last known stretch that is no longer than `grain`: "that day" is no year's.
    pub(super) fn last_within(&self, grain: Grain) -> Option<Calendar> {
        self.by_grain
            .iter()
            .take(grain as usize + 1)
            .flatten()
            .max_by_key(|(mention, _)| *mention)
            .map(|&(_, value)| value)
    }

    /// Whether dates without a year belong to the date before rather than to the reference: a text that
    /// has named dates years before its publication and nothing near it tells a history.
    pub(super) fn narrative(&self) -> bool {
        self.explicit_past > self.deictic.saturating_mul(2)
    }

    /// The period that "a year earlier" looks back from, if the text reports on one.
    pub(super) fn period(&self) -> Option<Calendar> {
        if self.year_so_far {
            Some(calendar::containing(self.reference, Grain::Year))
        } else {
            self.period
        }
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
