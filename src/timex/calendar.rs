//! Calendar arithmetic that gives nothing where a day does not exist.

use jiff::{
    ToSpan,
    civil::{Date, ISOWeekDate, Weekday},
};

use super::{Calendar, Grain, Interval, Season, Unit, Year};

/// The day, if there is one.
pub(super) fn date(year: i16, month: u8, day: u8) -> Option<Date> {
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// `count` years from the first day of `year`.
pub(super) fn years(year: i16, count: i16) -> Option<Interval> {
    Interval::new(date(year, 1, 1)?, date(year.checked_add(count)?, 1, 1)?)
}

/// `count` months from the first day of `month`.
pub(super) fn months(year: i16, month: u8, count: i64) -> Option<Interval> {
    let begin = date(year, month, 1)?;
    Interval::new(begin, begin.checked_add(count.months()).ok()?)
}

/// `count` days from `begin`.
pub(super) fn days(begin: Date, count: i64) -> Option<Interval> {
    Interval::new(begin, begin.checked_add(count.days()).ok()?)
}

/// A weekday of an ISO week.
pub(super) fn weekday(year: i16, week: u8, weekday: Weekday) -> Option<Date> {
    ISOWeekDate::new(year, i8::try_from(week).ok()?, weekday)
        .ok()
        .map(ISOWeekDate::date)
}

/// `day` moved by `count` units; months keep the day of the month where they have it.
pub(super) fn shift(day: Date, unit: Unit, count: i64) -> Option<Date> {
    // Nothing in news lies further off, and jiff refuses spans beyond its range by an error anyway.
    if count.abs() > 200_000 {
        return None;
    }
    let span = match unit {
        Unit::Century => count.checked_mul(100)?.try_years(),
        Unit::Decade => count.checked_mul(10)?.try_years(),
        Unit::Year => count.try_years(),
        Unit::Season | Unit::Quarter => count.checked_mul(3)?.try_months(),
        Unit::Month => count.try_months(),
        Unit::Week | Unit::Weekend => count.try_weeks(),
        Unit::Day => count.try_days(),
        Unit::Hour | Unit::Minute | Unit::Second | Unit::Any => 0.try_days(),
    };
    day.checked_add(span?).ok()
}

/// Fallible spans by unit, which [`ToSpan`] offers only as panicking ones.
trait TrySpan {
    fn try_years(self) -> Option<jiff::Span>;
    fn try_months(self) -> Option<jiff::Span>;
    fn try_weeks(self) -> Option<jiff::Span>;
    fn try_days(self) -> Option<jiff::Span>;
}

impl TrySpan for i64 {
    fn try_years(self) -> Option<jiff::Span> {
        jiff::Span::new().try_years(self).ok()
    }
    fn try_months(self) -> Option<jiff::Span> {
        jiff::Span::new().try_months(self).ok()
    }
    fn try_weeks(self) -> Option<jiff::Span> {
        jiff::Span::new().try_weeks(self).ok()
    }
    fn try_days(self) -> Option<jiff::Span> {
        jiff::Span::new().try_days(self).ok()
    }
}

/// The stretch of the given grain that `day` lies in.
pub(super) fn containing(day: Date, grain: Grain) -> Calendar {
    let year = Year::Is(day.year());
    let month = day.month().unsigned_abs();
    match grain {
        Grain::Day => Calendar::day(day),
        Grain::Week => {
            let week = day.iso_week_date();
            Calendar::Week(Year::Is(week.year()), Some(week.week().unsigned_abs()))
        }
        Grain::Month => Calendar::Month(year, Some(month)),
        Grain::Quarter => Calendar::Quarter(year, Some((month - 1) / 3 + 1)),
        Grain::Season => season_of(day),
        Grain::Half => Calendar::Half(year, Some((month - 1) / 6 + 1)),
        Grain::Year => Calendar::Year(year),
        Grain::Decade => Calendar::Decade(day.year().unsigned_abs() / 10),
        Grain::Century => Calendar::Century(u8::try_from(day.year() / 100).unwrap_or(0)),
    }
}

/// The weekend of the ISO week that `day` lies in.
pub(super) fn weekend(day: Date) -> Calendar {
    let week = day.iso_week_date();
    Calendar::Weekend(Year::Is(week.year()), Some(week.week().unsigned_abs()))
}

/// The season that `day` lies in; January and February belong to the winter of the year before.
fn season_of(day: Date) -> Calendar {
    let (year, season) = match day.month() {
        3..=5 => (day.year(), Season::Spring),
        6..=8 => (day.year(), Season::Summer),
        9..=11 => (day.year(), Season::Autumn),
        12 => (day.year(), Season::Winter),
        _ => (day.year() - 1, Season::Winter),
    };
    Calendar::Season(Year::Is(year), season)
}

/// Western Easter Sunday of `year` (Gauss's method as Meeus, Jones and Butcher give it).
#[expect(
    clippy::many_single_char_names,
    reason = "the letters are those of the published method"
)]
pub(super) fn easter(year: i16) -> Option<Date> {
    let y = i32::from(year);
    let (a, b, c) = (y % 19, y / 100, y % 100);
    let (d, e) = (b / 4, b % 4);
    let f = (b + 8) / 25;
    let g = (b - f + 1) / 3;
    let h = (19 * a + b - d - g + 15) % 30;
    let (i, k) = (c / 4, c % 4);
    let l = (32 + 2 * e + 2 * i - h - k) % 7;
    let m = (a + 11 * h + 22 * l) / 451;
    let n = h + l - 7 * m + 114;
    date(
        year,
        u8::try_from(n / 31).ok()?,
        u8::try_from(n % 31 + 1).ok()?,
    )
}

/// Eastern Easter Sunday of `year` in the Gregorian calendar (Meeus's Julian method and the calendars'
/// distance, which is right from 1583 on).
#[expect(
    clippy::many_single_char_names,
    reason = "the letters are those of the published method"
)]
pub(super) fn orthodox_easter(year: i16) -> Option<Date> {
    let y = i32::from(year);
    let (a, b, c) = (y % 4, y % 7, y % 19);
    let d = (19 * c + 15) % 30;
    let e = (2 * a + 4 * b - d + 34) % 7;
    let n = d + e + 114;
    let julian = date(
        year,
        u8::try_from(n / 31).ok()?,
        u8::try_from(n % 31 + 1).ok()?,
    )?;
    let ahead = i64::from(y / 100 - y / 400 - 2);
    julian.checked_add(ahead.days()).ok()
}
