//! The date that a text itself gives at its begin, where nothing beside it does.
//!
//! Three forms, and each only with its year: a line that says when it was published
//! (`Published 3 February 2021`), the dateline of an agency (`LONDON, Feb 3, 2021 (Reuters) —`), and a line
//! that is nothing but a date. Where the text gives two that differ, none is taken. Left out: days that
//! are told in running text, and datelines without a year, which would have to be guessed.

use jiff::civil::Date;

use super::day::{Written, is_time, stated_day, written};

/// How many lines with something in them are looked at.
const LINES: usize = 6;

/// How much of a line is looked at, in bytes: room for a long place name.
const WIDTH: usize = 160;

/// Words that say that the date behind them is the day of publication.
const PUBLISHED: &[&str] = &[
    "first published",
    "originally published",
    "published",
    "posted",
    "issued",
    "released",
    "dated",
    "date",
];

/// The date of a text's dateline, if it has one and no other beside it.
pub(super) fn opening_date(text: &str) -> Option<Date> {
    let lines = || {
        text.lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .take(LINES)
    };
    let forms: [fn(&str) -> Option<Date>; 3] = [said_published, of_agency, nothing_else];
    forms.into_iter().find_map(|form| {
        let mut found = lines().filter_map(form);
        let first = found.next()?;
        Some(found.all(|other| other == first).then_some(first))
    })?
}

/// `Published: 3 February 2021, 10:15 GMT`.
fn said_published(line: &str) -> Option<Date> {
    let rest = PUBLISHED.iter().find_map(|said| {
        let head = line.get(..said.len())?;
        head.eq_ignore_ascii_case(said)
            .then(|| line.get(said.len()..))?
    })?;
    let rest = rest.strip_prefix(':').unwrap_or(rest);
    let rest = rest.strip_prefix([' ', '\t'])?.trim_start();
    let rest = rest.strip_prefix("on ").unwrap_or(rest);
    // The writer, or when the text was changed, may stand behind a line.
    let date = rest.split(['|', '·', '•']).next().unwrap_or(rest);
    nothing_else(date.trim())
}

/// `ST. PETERSBURG, Russia, Feb. 3, 2021 (AP) — …`.
fn of_agency(line: &str) -> Option<Date> {
    let end = line
        .char_indices()
        .map(|(at, letter)| at + letter.len_utf8())
        .take_while(|end| *end <= WIDTH)
        .last()?;
    let head = line.get(..end)?;
    // The place is written in capitals, at least its first word.
    let place = head.split([',', ' ']).next()?;
    let capitals = place.chars().filter(|letter| letter.is_alphabetic());
    if capitals.clone().count() < 2 || !capitals.clone().all(char::is_uppercase) {
        return None;
    }
    // Behind the place and a comma, or a blank in "LONDON 3 February 2021".
    head.char_indices()
        .filter(|(_, letter)| *letter == ' ')
        .find_map(|(at, _)| {
            let Written { day, length } = written(head.get(at + 1..)?)?;
            let rest = line.get(at + 1 + length..)?.trim_start_matches([',', ' ']);
            let ends = rest.is_empty() || rest.starts_with(['(', '-', '–', '—', '/']);
            ends.then_some(day)?
        })
}

/// `Wednesday, 3 February 2021` or `2021-02-03`, perhaps with a time, and nothing else.
fn nothing_else(line: &str) -> Option<Date> {
    if line.len() > WIDTH {
        return None;
    }
    // A line of digits is not taken for a date here: it may be any number.
    let is_number = line.bytes().all(|byte| byte.is_ascii_digit());
    match written(line) {
        Some(Written { day, length }) => is_time(line.get(length..)?).then_some(day)?,
        None if is_number => None,
        None => stated_day(line).ok(),
    }
}
