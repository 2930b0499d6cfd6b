//! TIMEX3 values: what an expression denotes, as TimeML 1.2.1 writes it.
//!
//! A value may leave parts open: `XXXX-WXX-1` is any Monday, `PXD` some days. Printing and parsing live
//! in [`super::notation`]. Left out: years before Christ, seconds' fractions, repeating intervals, and
//! time zones other than `Z`, none of which news annotations use.

use jiff::civil::{Date, Weekday};

use super::{Grain, Interval, calendar};

/// A TIMEX3 `value`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum TimexValue {
    /// A stretch of the calendar: `2021-02-14`, `2021-W06`, `198`.
    Calendar(Calendar),
    /// A time of day on a day: `2021-02-14T09:00`, `2021-02-14TEV`.
    Clock(Calendar, TimeOfDay),
    /// A length of time: `P2Y`, `PT15M`; never empty, the longest unit first.
    Length(Vec<(Amount, Unit)>),
    /// A time that the text leaves vague: `PRESENT_REF`.
    Vague(Vague),
}

/// A year, or any.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Year {
    /// `XXXX`.
    Any,
    /// A year of the calendar, 1 to 9999.
    Is(i16),
}

/// A stretch of the calendar; `None` in a part is `XX`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Calendar {
    /// `19` is the 20th century.
    Century(u8),
    /// `198` are the 1980s.
    Decade(u16),
    /// `1989`.
    Year(Year),
    /// `FY1989`.
    FiscalYear(Year),
    /// `1989-H1`.
    Half(Year, Option<u8>),
    /// `1989-Q3`.
    Quarter(Year, Option<u8>),
    /// `1989-SU`.
    Season(Year, Season),
    /// `1989-10`.
    Month(Year, Option<u8>),
    /// `1989-W42`.
    Week(Year, Option<u8>),
    /// `1989-W42-WE`.
    Weekend(Year, Option<u8>),
    /// `1989-W42-1`: the weekday counts from Monday, 1.
    Weekday(Year, Option<u8>, u8),
    /// `1989-10-27`.
    Day(Year, Option<u8>, Option<u8>),
}

/// TIMEX3's seasons, of the northern hemisphere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Season {
    Spring,
    Summer,
    Autumn,
    Winter,
}

/// A time of day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TimeOfDay {
    /// `T09`.
    Hour(u8),
    /// `T09:30`.
    Minute(u8, u8),
    /// `T09:30:05`.
    Second(u8, u8, u8),
    /// `TEV`.
    Part(PartOfDay),
}

/// TIMEX3's parts of the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names say it")]
pub enum PartOfDay {
    Morning,
    Midday,
    Afternoon,
    Evening,
    Night,
    Daytime,
}

/// How many.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Amount {
    /// `X`: some.
    Some,
    /// A number, in thousandths.
    Thousandths(u64),
}

/// What lengths are counted in, the longest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Unit {
    Century,
    Decade,
    Year,
    Season,
    Quarter,
    Month,
    Week,
    Weekend,
    Day,
    Hour,
    Minute,
    Second,
    /// Not said which: `PXX`.
    Any,
}

/// A time that is only said to be past, present or future.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Vague {
    Past,
    Present,
    Future,
}

/// A string that is no TIMEX3 value.
#[derive(Debug, thiserror::Error)]
#[error("{0:?} is no TIMEX3 value")]
pub struct ValueError(pub(super) String);

impl TimexValue {
    /// The value of one day.
    #[must_use]
    pub fn day(day: Date) -> Self {
        Self::Calendar(Calendar::day(day))
    }

    /// Whether the notation can write it: a year before the first or after 9999 it cannot.
    #[must_use]
    pub fn can_be_written(&self) -> bool {
        self.to_string()
            .parse()
            .is_ok_and(|again: Self| again == *self)
    }

    /// The days that it covers, if it is a known stretch of the calendar.
    #[must_use]
    pub fn interval(&self) -> Option<Interval> {
        match self {
            Self::Calendar(calendar) | Self::Clock(calendar, _) => calendar.interval(),
            Self::Length(_) | Self::Vague(_) => None,
        }
    }

    /// How fine it is stated, if it is a stretch of the calendar.
    #[must_use]
    pub fn grain(&self) -> Option<Grain> {
        match self {
            Self::Calendar(calendar) => Some(calendar.grain()),
            Self::Clock(..) => Some(Grain::Day),
            Self::Length(_) | Self::Vague(_) => None,
        }
    }
}

impl Calendar {
    /// One day.
    #[must_use]
    pub fn day(day: Date) -> Self {
        Self::Day(
            Year::Is(day.year()),
            Some(day.month().unsigned_abs()),
            Some(day.day().unsigned_abs()),
        )
    }

    /// The days that it covers, where every part of it is known and exists.
    #[must_use]
    pub fn interval(self) -> Option<Interval> {
        match self {
            Self::Century(century) => calendar::years(i16::from(century) * 100, 100),
            Self::Decade(decade) => {
                calendar::years(i16::try_from(decade).ok()?.checked_mul(10)?, 10)
            }
            Self::Year(Year::Is(year)) | Self::FiscalYear(Year::Is(year)) => {
                calendar::years(year, 1)
            }
            Self::Half(Year::Is(year), Some(half)) => calendar::months(
                year,
                half.checked_sub(1)?.checked_mul(6)?.checked_add(1)?,
                6,
            ),
            Self::Quarter(Year::Is(year), Some(quarter)) => calendar::months(
                year,
                quarter.checked_sub(1)?.checked_mul(3)?.checked_add(1)?,
                3,
            ),
            Self::Season(Year::Is(year), season) => calendar::months(year, season.first_month(), 3),
            Self::Month(Year::Is(year), Some(month)) => calendar::months(year, month, 1),
            Self::Week(Year::Is(year), Some(week)) => {
                let monday = calendar::weekday(year, week, Weekday::Monday)?;
                calendar::days(monday, 7)
            }
            Self::Weekend(Year::Is(year), Some(week)) => {
                let saturday = calendar::weekday(year, week, Weekday::Saturday)?;
                calendar::days(saturday, 2)
            }
            Self::Weekday(Year::Is(year), Some(week), weekday) => {
                let weekday = Weekday::from_monday_one_offset(i8::try_from(weekday).ok()?).ok()?;
                Interval::day(calendar::weekday(year, week, weekday)?)
            }
            Self::Day(Year::Is(year), Some(month), Some(day)) => {
                Interval::day(calendar::date(year, month, day)?)
            }
            _ => None,
        }
    }

    /// How fine it is stated.
    #[must_use]
    pub fn grain(self) -> Grain {
        match self {
            Self::Century(_) => Grain::Century,
            Self::Decade(_) => Grain::Decade,
            Self::Year(_) | Self::FiscalYear(_) => Grain::Year,
            Self::Half(..) => Grain::Half,
            Self::Quarter(..) => Grain::Quarter,
            Self::Season(..) => Grain::Season,
            Self::Month(..) => Grain::Month,
            Self::Week(..) => Grain::Week,
            Self::Weekend(..) | Self::Weekday(..) | Self::Day(..) => Grain::Day,
        }
    }

    /// Its year, where it has a known one.
    #[must_use]
    pub fn year(self) -> Option<i16> {
        match self {
            Self::Year(Year::Is(year))
            | Self::FiscalYear(Year::Is(year))
            | Self::Half(Year::Is(year), _)
            | Self::Quarter(Year::Is(year), _)
            | Self::Season(Year::Is(year), _)
            | Self::Month(Year::Is(year), _)
            | Self::Week(Year::Is(year), _)
            | Self::Weekend(Year::Is(year), _)
            | Self::Weekday(Year::Is(year), ..)
            | Self::Day(Year::Is(year), ..) => Some(year),
            _ => None,
        }
    }
}

impl Season {
    /// The season that the lexicon stores under `index`.
    pub(super) fn at(index: i32) -> Option<Self> {
        Self::ALL.get(usize::try_from(index).ok()?).copied()
    }

    /// The month in which it begins, by the meteorologists' reckoning; winter begins in December of
    /// the year that it is named by.
    #[must_use]
    pub fn first_month(self) -> u8 {
        match self {
            Self::Spring => 3,
            Self::Summer => 6,
            Self::Autumn => 9,
            Self::Winter => 12,
        }
    }
}

impl PartOfDay {
    /// The part that the lexicon stores under `index`.
    pub(super) fn at(index: i32) -> Option<Self> {
        Self::ALL.get(usize::try_from(index).ok()?).copied()
    }
}

impl Unit {
    /// The unit that the lexicon stores under `index`.
    pub(super) fn at(index: i32) -> Option<Self> {
        let index = usize::try_from(index).ok()?;
        Self::ALL.get(index).copied()
    }

    /// The grain of the same size; nothing for units shorter than a day.
    #[must_use]
    pub fn grain(self) -> Option<Grain> {
        Some(match self {
            Self::Century => Grain::Century,
            Self::Decade => Grain::Decade,
            Self::Year => Grain::Year,
            Self::Season => Grain::Season,
            Self::Quarter => Grain::Quarter,
            Self::Month => Grain::Month,
            Self::Week => Grain::Week,
            Self::Weekend | Self::Day => Grain::Day,
            Self::Hour | Self::Minute | Self::Second | Self::Any => return None,
        })
    }
}
