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
    language.wording.say(key, &[("date", &whole)])
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
            if let Some(season) = language.words.seasons.get(rest) {
                return Some(format!("{season} {year}"));
            }
            if let Some(number) = rest.strip_prefix('Q').or_else(|| rest.strip_prefix('H')) {
                let key = if rest.starts_with('Q') {
                    "date_quarter"
                } else {
                    "date_half"
                };
                let ordinal = language.wording.say(&format!("ordinal_{number}"), &[]);
                return Some(
                    language
                        .wording
                        .say(key, &[("ordinal", &ordinal), ("year", year)]),
                );
            }
            let month: usize = rest.parse().ok().filter(|_| rest.len() == 2)?;
            let name = language.words.months.get(month.checked_sub(1)?)?;
            Some(format!("{name} {year}"))
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
        return format!("{} {}", month_name(language, first), first.year());
    }
    if Interval::year(first) == Some(interval) {
        return first.year().to_string();
    }
    let from = if first.year() != last.year() {
        day_label(language, first)
    } else if first.month() != last.month() {
        format!("{} {}", first.day(), month_name(language, first))
    } else {
        first.day().to_string()
    };
    language.wording.say(
        "date_range",
        &[("from", &from), ("to", &day_label(language, last))],
    )
}

/// "12 February 2021".
#[must_use]
pub fn day_label(language: &Language, day: Date) -> String {
    format!("{} {} {}", day.day(), month_name(language, day), day.year())
}

fn month_name(language: &Language, day: Date) -> &str {
    let index = usize::try_from(day.month() - 1).unwrap_or_default();
    language.words.months.get(index).map_or("", String::as_str)
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
