//! Stretches of days.

use jiff::{ToSpan, civil::Date};

/// A half-open range of days, never empty.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
pub struct Interval {
    begin: Date,
    end: Date,
}

/// How fine a date is stated.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Grain {
    Day,
    Week,
    Month,
    Quarter,
    Season,
    Half,
    Year,
    Decade,
    Century,
}

impl Interval {
    /// The days from `begin` up to, not including, `end`; nothing if that is no day.
    #[must_use]
    pub fn new(begin: Date, end: Date) -> Option<Self> {
        (begin < end).then_some(Self { begin, end })
    }

    /// One day. (The calendar's very last day, 9999-12-31, has no day after it and gives nothing.)
    #[must_use]
    pub fn day(day: Date) -> Option<Self> {
        day.tomorrow().ok().and_then(|end| Self::new(day, end))
    }

    /// The month that `day` lies in.
    #[must_use]
    pub fn month(day: Date) -> Option<Self> {
        let begin = day.first_of_month();
        begin
            .checked_add(1.month())
            .ok()
            .and_then(|end| Self::new(begin, end))
    }

    /// The year that `day` lies in.
    #[must_use]
    pub fn year(day: Date) -> Option<Self> {
        let begin = day.first_of_year();
        begin
            .checked_add(1.year())
            .ok()
            .and_then(|end| Self::new(begin, end))
    }

    /// The first day.
    #[must_use]
    pub fn begin(self) -> Date {
        self.begin
    }

    /// The day after the last.
    #[must_use]
    pub fn end(self) -> Date {
        self.end
    }

    /// The last day.
    #[must_use]
    pub fn last(self) -> Date {
        self.end.yesterday().unwrap_or(self.begin)
    }

    /// How many days.
    #[must_use]
    pub fn days(self) -> i32 {
        self.begin.until(self.end).map_or(1, |span| span.get_days())
    }

    /// Whether `day` lies inside.
    #[must_use]
    pub fn contains(self, day: Date) -> bool {
        self.begin <= day && day < self.end
    }

    /// Whether all of `other` lies inside.
    #[must_use]
    pub fn covers(self, other: Self) -> bool {
        self.begin <= other.begin && other.end <= self.end
    }

    /// Whether the two share a day.
    #[must_use]
    pub fn overlaps(self, other: Self) -> bool {
        self.begin < other.end && other.begin < self.end
    }

    /// The days from the first of either to the last of either.
    #[must_use]
    pub fn join(self, other: Self) -> Self {
        Self {
            begin: self.begin.min(other.begin),
            end: self.end.max(other.end),
        }
    }

    /// The days that both have.
    #[must_use]
    pub fn intersection(self, other: Self) -> Option<Self> {
        Self::new(self.begin.max(other.begin), self.end.min(other.end))
    }

    /// Its first (0), middle (1) or last (2) third, in whole days; all of it where it has fewer than three.
    #[must_use]
    pub fn third(self, index: u8) -> Self {
        let days = self.days();
        if days < 3 {
            return self;
        }
        let cut = |part: i32| {
            self.begin
                .checked_add((days * part / 3).days())
                .unwrap_or(self.end)
        };
        let (begin, end) = match index {
            0 => (self.begin, cut(1)),
            1 => (cut(1), cut(2)),
            _ => (cut(2), self.end),
        };
        Self::new(begin, end).unwrap_or(self)
    }
}
