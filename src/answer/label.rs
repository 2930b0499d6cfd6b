//! Dates as they are read aloud.

use jiff::civil::Date;

use crate::{
    dating::{DateBasis, Dated},
    language::Language,
    timex::{Interval, Modifier},
};

/// "12 February 2021", "late January 2021", "spring 2021", "8 to 14 February 2021", "the 1990s".
#[must_use]
pub fn date_label(language: &Language, dated: &Dated) -> String {
    let value = dated.value.to_string();
    let whole =
        whole_label(language, &value).unwrap_or_else(|| interval_label(language, dated.interval));
    let key = match dated.modifier {
        Some(Modifier::Start) => "date_early",
        Some(Modifier::Mid) => "date_mid",
        Some(Modifier::End) => "date_late",
        Some(Modifier::Approx) => "date_about",
        Some(Modifier::Before) => "date_before",
        Some(Modifier::After) => "date_after",
        Some(Modifier::OnOrBefore) => "date_until",
        Some(Modifier::OnOrAfter) => "date_since",
        _ => return whole,
    };
    // Many languages put other words before a day than before a month or a year.
    let key = if dated.interval.days() == 1 {
        format!("{key}_day")
    } else {
        key.to_owned()
    };
    language.wording.say(&key, &[("date", &whole)])
}

/// The label of a TIMEX3 value that is no day: a month, a season, a quarter, a year, a decade.
fn whole_label(language: &Language, value: &str) -> Option<String> {
    let date = value.split('T').next()?;
    let (year, rest) = date.split_once('-').unwrap_or((date, ""));
    if !year.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    match (year.len(), rest) {
        (4, "") => Some(year.to_owned()),
        (3, "") => Some(
            language
                .wording
                .say("date_decade", &[("decade", &format!("{year}0"))]),
        ),
        (4, rest) => {
            let wording = &language.wording;
            if matches!(rest, "SP" | "SU" | "FA" | "WI") {
                let season = wording.say(&format!("season_{}", rest.to_lowercase()), &[]);
                return Some(wording.say("date_season", &[("season", &season), ("year", year)]));
            }
            let part = match rest {
                "Q1" => "date_quarter_1",
                "Q2" => "date_quarter_2",
                "Q3" => "date_quarter_3",
                "Q4" => "date_quarter_4",
                "H1" => "date_half_1",
                "H2" => "date_half_2",
                _ => {
                    let month = rest.parse().ok().filter(|_| rest.len() == 2)?;
                    return month_label(language, month, year);
                }
            };
            Some(wording.say(part, &[("year", year)]))
        }
        _ => None,
    }
}

/// An interval by its first and last day, as short as it can be said; a whole month or year by its name.
#[must_use]
pub fn interval_label(language: &Language, interval: Interval) -> String {
    let (first, last) = (interval.begin(), interval.last());
    if first == last {
        return day_label(language, first);
    }
    if Interval::month(first) == Some(interval) {
        let year = first.year().to_string();
        return month_label(language, first.month(), &year).unwrap_or(year);
    }
    if Interval::year(first) == Some(interval) {
        return first.year().to_string();
    }
    let from = if first.year() != last.year() {
        day_label(language, first)
    } else if first.month() != last.month() {
        spelt(language, "date_day_of_month", first)
    } else {
        spelt(language, "date_day_alone", first)
    };
    language.wording.say(
        "date_range",
        &[("from", &from), ("to", &day_label(language, last))],
    )
}

/// "12 February 2021", "12. Februar 2021".
#[must_use]
pub fn day_label(language: &Language, day: Date) -> String {
    spelt(language, "date_day", day)
}

/// A day as `key` spells it.
fn spelt(language: &Language, key: &str, day: Date) -> String {
    let month = month_name(language, day.month()).unwrap_or_default();
    let (number, year) = (day.day().to_string(), day.year().to_string());
    let places = [("day", number.as_str()), ("month", month), ("year", &year)];
    language.wording.say(key, &places)
}

/// "February 2021".
fn month_label(language: &Language, month: i8, year: &str) -> Option<String> {
    let month = month_name(language, month)?;
    let places = [("month", month), ("year", year)];
    Some(language.wording.say("date_month", &places))
}

fn month_name(language: &Language, month: i8) -> Option<&str> {
    language.wording.find(&format!("month_{month}"))
}

/// Where a date was found, in our own words.
#[must_use]
pub fn basis_label(language: &Language, basis: DateBasis) -> String {
    let key = match basis {
        DateBasis::Stated => "basis_stated",
        DateBasis::Carried => "basis_carried",
        DateBasis::Published => "basis_published",
    };
    language.wording.say(key, &[])
}
