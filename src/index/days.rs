//! Days as index terms, so that "what happened on …" is a look-up and not a scan.
//!
//! A date of few days is indexed under each of its days, and under its month and year; a month or a
//! year under itself as a whole as well. The terms bring up every window that may fit; the exact
//! comparison of intervals is made on the documents.

use jiff::{ToSpan, civil::Date};

use crate::timex::Interval;

/// The longest interval that is indexed day by day, in days.
const DAY_BY_DAY: i32 = 31;

/// The terms under which something that happened in `interval` is indexed.
pub fn indexed(interval: Interval) -> Vec<String> {
    let mut terms = Vec::new();
    let days = interval.days();
    if days < 28 {
        terms.extend(each_day(interval).map(|day| format!("d{day}")));
    }
    if days <= 366 {
        terms.extend(
            each_month(interval).map(|day| month_term(if days < 28 { 'm' } else { 'M' }, day)),
        );
    }
    let years = i32::from(interval.last().year()) - i32::from(interval.begin().year());
    if years < 10 {
        terms.extend(
            (0..=years).map(|offset| year_term('y', i32::from(interval.begin().year()) + offset)),
        );
    }
    if days > 366 || (days >= 365 && interval.begin().day_of_year() == 1) {
        terms.push(year_term('Y', i32::from(interval.begin().year())));
    }
    terms
}

/// The terms to look up for what happened in `interval`, each with a weight: the finer the date, the more.
pub fn sought(interval: Interval) -> Vec<(String, f32)> {
    let mut terms = Vec::new();
    let days = interval.days();
    if days <= DAY_BY_DAY {
        terms.extend(each_day(interval).map(|day| (format!("d{day}"), 3.0)));
    }
    if days <= 366 {
        terms.extend(each_month(interval).map(|day| (month_term('M', day), 1.0)));
        if days >= 28 {
            terms.extend(each_month(interval).map(|day| (month_term('m', day), 2.0)));
        }
    }
    let first = i32::from(interval.begin().year());
    let last = i32::from(interval.last().year());
    for year in first..=last.min(first + 100) {
        terms.push((year_term('Y', year), 0.5));
        if days >= 365 {
            terms.push((year_term('y', year), 2.0));
        }
    }
    terms
}

fn each_day(interval: Interval) -> impl Iterator<Item = Date> {
    interval
        .begin()
        .series(1.day())
        .take_while(move |&day| day < interval.end())
}

fn each_month(interval: Interval) -> impl Iterator<Item = Date> {
    interval
        .begin()
        .first_of_month()
        .series(1.month())
        .take_while(move |&day| day < interval.end())
}

fn month_term(kind: char, day: Date) -> String {
    format!("{kind}{}", day.strftime("%Y-%m"))
}

fn year_term(kind: char, year: i32) -> String {
    format!("{kind}{year}")
}

/// A day as a number, in which days are compared and stored.
pub fn days_since_1970(day: Date) -> i64 {
    i64::from(
        jiff::civil::date(1970, 1, 1)
            .until(day)
            .map_or(0, |span| span.get_days()),
    )
}

/// The day with this number.
pub fn day_of_1970(days: i64) -> Option<Date> {
    jiff::civil::date(1970, 1, 1).checked_add(days.days()).ok()
}
