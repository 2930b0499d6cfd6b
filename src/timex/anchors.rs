//! What the text has said so far: the dates that later expressions count from.

use jiff::civil::Date;

use super::{
    Grain, Interval, TimexKind, calendar,
    genre::Genre,
    meaning::Meaning,
    resolve::Resolved,
    value::{Amount, Calendar, TimexValue, Unit},
};

/// Which way from the reference an expression without a year or week is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Direction {
    Back,
    Ahead,
    /// The clause is in the present, which tells of both.
    Either,
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
    pub(super) genre: Genre,
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
            genre: Genre::default(),
        }
    }

    /// Notes what an expression came to; `from_now` where its own words count from the reference.
    pub(super) fn note(&mut self, resolved: &Resolved, meaning: Meaning, from_now: bool) {
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
        // "Today it is a museum" is said in passing, and the history goes on from where it was.
        if from_now && self.narrative() {
            return;
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

    /// Whether dates without a year belong to the date before rather than to the reference.
    pub(super) fn narrative(&self) -> bool {
        self.genre.is_history()
    }

    /// The first day of what a history has told of last; nothing in news.
    pub(super) fn told(&self) -> Option<Date> {
        if !self.narrative() {
            return None;
        }
        match self.last.and_then(Calendar::interval) {
            Some(last) => Some(last.begin()),
            None => calendar::date(self.genre.year?, 1, 1),
        }
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

    /// What "two days later" counts from: the last date that is stated no coarser than the unit, unless the
    /// text has gone on from it to a coarser one ("in August").
    pub(super) fn counted_from(&self, unit: Unit) -> Option<Date> {
        let begin = |value: Calendar| value.interval().map(Interval::begin);
        let last = self.last.and_then(begin)?;
        let fine = self
            .last_within(unit.grain().unwrap_or(Grain::Day))
            .and_then(begin)
            .filter(|&fine| fine >= last);
        // A day is not counted from a year.
        let coarse = self
            .last
            .is_some_and(|last| last.grain() >= Grain::Half && unit >= Unit::Week);
        fine.or_else(|| (!coarse).then_some(last))
    }

    /// The last day spoken of, if any was.
    pub(super) fn last_day(&self) -> Option<Date> {
        self.last_within(Grain::Day)
            .and_then(Calendar::interval)
            .map(Interval::begin)
    }

    /// The day that a bare clock time belongs to.
    pub(super) fn day(&self) -> Date {
        let last = self.last.filter(|last| last.grain() == Grain::Day);
        match last.and_then(Calendar::interval) {
            Some(last) => last.begin(),
            None if self.narrative() => self.last_day().unwrap_or(self.reference),
            None => self.reference,
        }
    }
}
