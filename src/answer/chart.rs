//! How much the articles tell of each stretch of time: what a picture of a timeline shows.

use std::collections::BTreeSet;

use jiff::{ToSpan, civil::Date};

use crate::timex::Interval;

/// How long the stretches are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// A day each.
    Day,
    /// A week each, from Monday.
    Week,
    /// A calendar month each.
    Month,
}

/// One stretch of time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bar {
    /// Its days.
    pub interval: Interval,
    /// How many articles tell of a day in it.
    pub articles: usize,
    /// The days in it that the timeline tells, by their first day.
    pub chosen: Vec<Date>,
}

/// Stretches of time that follow each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chart {
    /// How long each is.
    pub step: Step,
    /// The stretches, in order, at least one and at most [`MOST_BARS`].
    pub bars: Vec<Bar>,
}

/// How many bars can be told apart.
pub const MOST_BARS: usize = 120;

/// How many days, and how many weeks, are shown one by one.
const DAYS: i32 = 75;
const WEEKS: i32 = 110;

impl Chart {
    /// The chart of `told` (which article tells of which day) around the `chosen` days. Nothing where none is
    /// chosen, or where they lie too far apart for a picture.
    #[must_use]
    pub fn of(told: &[(u64, Interval)], chosen: &[Interval]) -> Option<Self> {
        let first = chosen.iter().map(|interval| interval.begin()).min()?;
        let last = chosen.iter().map(|interval| interval.begin()).max()?;
        let days = first.until(last).ok()?.get_days();
        let step = match days {
            0..DAYS => Step::Day,
            DAYS..=770 if days / 7 < WEEKS => Step::Week,
            _ => Step::Month,
        };
        let mut bars = Vec::new();
        let mut begin = step.begin(step.before(step.begin(first)?)?)?;
        let end = step.after(step.after(step.begin(last)?)?)?;
        while begin < end {
            if bars.len() == MOST_BARS {
                return None;
            }
            let next = step.after(begin)?;
            bars.push(Bar {
                interval: Interval::new(begin, next)?,
                articles: 0,
                chosen: Vec::new(),
            });
            begin = next;
        }
        let place = |bars: &[Bar], day: Date| {
            let after = bars.partition_point(|bar| bar.interval.begin() <= day);
            after
                .checked_sub(1)
                .filter(|&at| bars.get(at).is_some_and(|bar| bar.interval.contains(day)))
        };
        // A month says nothing of the day that it begins with.
        let finest = if step == Step::Month { 31 } else { 7 };
        let different: BTreeSet<(usize, u64)> = told
            .iter()
            .filter(|(_, interval)| interval.days() <= finest)
            .filter_map(|(article, interval)| Some((place(&bars, interval.begin())?, *article)))
            .collect();
        for (at, _) in different {
            if let Some(bar) = bars.get_mut(at) {
                bar.articles += 1;
            }
        }
        for interval in chosen {
            let at = place(&bars, interval.begin());
            if let Some(bar) = at.and_then(|at| bars.get_mut(at)) {
                bar.chosen.push(interval.begin());
            }
        }
        Some(Self { step, bars })
    }

    /// The most articles that tell of one stretch.
    #[must_use]
    pub fn most(&self) -> usize {
        self.bars
            .iter()
            .map(|bar| bar.articles)
            .max()
            .unwrap_or_default()
    }
}

impl Step {
    /// The first day of the stretch that `day` lies in.
    fn begin(self, day: Date) -> Option<Date> {
        match self {
            Self::Day => Some(day),
            Self::Week => day
                .checked_sub(i32::from(day.weekday().to_monday_zero_offset()).days())
                .ok(),
            Self::Month => Some(day.first_of_month()),
        }
    }

    fn after(self, begin: Date) -> Option<Date> {
        match self {
            Self::Day => begin.checked_add(1.day()),
            Self::Week => begin.checked_add(7.days()),
            Self::Month => begin.checked_add(1.month()),
        }
        .ok()
    }

    fn before(self, begin: Date) -> Option<Date> {
        match self {
            Self::Day => begin.checked_sub(1.day()),
            Self::Week => begin.checked_sub(7.days()),
            Self::Month => begin.checked_sub(1.month()),
        }
        .ok()
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn day(day: i8) -> Interval {
        Interval::day(date(2021, 2, day)).expect("a day")
    }

    #[test]
    fn each_day_between_the_chosen_ones_counts_its_articles_once() {
        let told = [(1, day(3)), (1, day(3)), (2, day(3)), (2, day(5))];
        let chart = Chart::of(&told, &[day(3), day(6)]).expect("a chart");
        assert_eq!(chart.step, Step::Day);
        let counts: Vec<usize> = chart.bars.iter().map(|bar| bar.articles).collect();
        assert_eq!(counts, [0, 2, 0, 1, 0, 0]);
        assert_eq!(chart.most(), 2);
        assert_eq!(chart.bars[1].chosen, [date(2021, 2, 3)]);
    }

    #[test]
    fn long_spans_are_shown_by_week_or_month_and_longer_ones_not_at_all() {
        let years = |years: i16| Interval::day(date(2021 - years, 2, 3)).expect("a day");
        let step = |first| Chart::of(&[], &[first, day(3)]).map(|chart| chart.step);
        assert_eq!(step(years(1)), Some(Step::Week));
        assert_eq!(step(years(5)), Some(Step::Month));
        assert_eq!(step(years(500)), None);
        assert_eq!(Chart::of(&[], &[]), None);
    }
}
