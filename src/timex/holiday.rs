//! The date of a named day in a given year.

use jiff::{
    ToSpan,
    civil::{Date, Weekday},
};

use super::calendar;
use crate::language::When;

/// The date that `when` gives in `year`.
pub(super) fn date(when: When, year: i16) -> Option<Date> {
    match when {
        When::Fixed(month, day) => calendar::date(year, month, day),
        When::Nth(nth, weekday, month) => calendar::date(year, month, 1)?
            .nth_weekday_of_month(nth, named(weekday)?)
            .ok(),
        When::After(weekday, day, month) => calendar::date(year, month, day)?
            .nth_weekday(1, named(weekday)?)
            .ok(),
        When::Easter(days) => calendar::easter(year)?
            .checked_add(i64::from(days).days())
            .ok(),
        When::OrthodoxEaster(days) => calendar::orthodox_easter(year)?
            .checked_add(i64::from(days).days())
            .ok(),
    }
}

fn named(weekday: u8) -> Option<Weekday> {
    Weekday::from_monday_one_offset(i8::try_from(weekday).ok()?).ok()
}
