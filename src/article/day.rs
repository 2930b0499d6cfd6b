//! The day that an article states for itself.
//!
//! ISO 8601, the dates of mail and feeds (RFC 5322), and dates written out in English, which is what
//! metadata is written in everywhere. It is the day that the article names, wherever on earth: of a date
//! with a time and a zone the day is taken as it stands. Left out: dates of figures whose order nobody can
//! know (03/02/2021), and figures that count seconds.

use jiff::civil::Date;

/// Reads `YYYY-MM-DD`, and nothing else.
///
/// # Errors
/// A whole sentence that names what was found, and tells a day that does not exist from no date at all.
pub fn date(text: &str) -> Result<Date, String> {
    let shaped = text.len() == 10
        && text.bytes().enumerate().all(|(place, byte)| match place {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    if shaped {
        text.parse()
            .map_err(|_| format!("{text} is no day of the calendar"))
    } else {
        Err(format!(
            "{:?} is no date of the form YYYY-MM-DD",
            shown(text)
        ))
    }
}

/// The day of a date, or of a date with a time: the day that the article itself states, wherever on earth.
///
/// # Errors
/// As [`date`].
pub fn stated_day(stated: &str) -> Result<Date, String> {
    let stated = stated.trim();
    if let Some(day) = year_first(stated) {
        return date(&day);
    }
    match written(stated) {
        Some(Written { day, length }) if is_time(stated.get(length..).unwrap_or_default()) => {
            day.ok_or_else(|| format!("{:?} is no day of the calendar", shown(stated)))
        }
        _ if is_ambiguous(stated) => Err(format!(
            "{:?} may be two dates, the day first or the month: write YYYY-MM-DD",
            shown(stated)
        )),
        _ => date(stated),
    }
}

fn shown(text: &str) -> String {
    text.chars().take(40).collect()
}

/// The day, as `YYYY-MM-DD`, of `2021-02-03`, `2021/02/03`, `2021.02.03` or `20210203`, alone or with a
/// time behind it.
fn year_first(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    let digits = |from: usize, to: usize| {
        let part = text.get(from..to)?;
        part.bytes()
            .all(|byte| byte.is_ascii_digit())
            .then_some(part)
    };
    let year = digits(0, 4)?;
    let (month, day, end) = match bytes.get(4)? {
        mark @ (b'-' | b'/' | b'.') if bytes.get(7) == Some(mark) => {
            (digits(5, 7)?, digits(8, 10)?, 10)
        }
        byte if byte.is_ascii_digit() => (digits(4, 6)?, digits(6, 8)?, 8),
        _ => return None,
    };
    let rest = text.get(end..)?;
    let ends = rest.is_empty()
        || rest
            .strip_prefix(['T', 't', ' '])
            .is_some_and(|time| time.starts_with(|letter: char| letter.is_ascii_digit()));
    ends.then(|| format!("{year}-{month}-{day}"))
}

/// Whether the text is three numbers of which the last is a year.
fn is_ambiguous(text: &str) -> bool {
    let mut parts = text.split(|letter: char| !letter.is_ascii_digit());
    let mut next = |lengths: [usize; 2]| {
        parts
            .next()
            .is_some_and(|part| lengths.contains(&part.len()))
    };
    next([1, 2]) && next([1, 2]) && next([2, 4])
}

/// A date written out, at the beginning of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Written {
    /// The day, unless the calendar has none such.
    pub day: Option<Date>,
    /// How many bytes it takes.
    pub length: usize,
}

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

const WEEKDAYS: [&str; 7] = [
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
];

/// The date that `text` begins with: `3 February 2021`, `Feb. 3rd, 2021`, `Wed, 03 Feb 2021`,
/// `Wednesday the 3rd of February, 2021`.
pub(super) fn written(text: &str) -> Option<Written> {
    let mut words = Words { text, at: 0 };
    let mut word = words.next()?;
    if is_short_for(word, &WEEKDAYS, 3).is_some() {
        word = words.next()?;
    }
    if word.eq_ignore_ascii_case("the") {
        word = words.next()?;
    }
    let (day, month) = if let Some(month) = is_short_for(word, &MONTHS, 3) {
        (number(words.next()?)?, month)
    } else {
        let day = number(word)?;
        let mut month = words.next()?;
        if month.eq_ignore_ascii_case("of") {
            month = words.next()?;
        }
        (day, is_short_for(month, &MONTHS, 3)?)
    };
    let year = words.next()?;
    let year: i16 = (year.len() == 4).then(|| year.parse().ok())??;
    let month = i8::try_from(month + 1).ok()?;
    Some(Written {
        day: Date::new(year, month, day).ok(),
        length: words.at,
    })
}

/// The words of a date, one after the other: letters or figures, with little between them.
struct Words<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Words<'t> {
    fn next(&mut self) -> Option<&'t str> {
        let rest = self.text.get(self.at..)?;
        let word = rest.trim_start_matches([' ', '\t', ',', '.', '-', '\u{a0}']);
        // Words may stand apart by no more than a comma and a blank.
        let gap = rest.len() - word.len();
        let end = word
            .find(|letter: char| !letter.is_alphanumeric())
            .unwrap_or(word.len());
        if end == 0 || gap > 3 || (gap == 0 && self.at > 0) {
            return None;
        }
        self.at += gap + end;
        word.get(..end)
    }
}

/// Which of `names` the word is, in full or in at least `least` letters.
fn is_short_for(word: &str, names: &[&str], least: usize) -> Option<usize> {
    let word = word.to_ascii_lowercase();
    // More than three letters are short for nothing but September, Tuesday and Thursday.
    let whole_enough =
        word.len() == least || ["sept", "tues", "thur", "thurs"].contains(&word.as_str());
    names
        .iter()
        .position(|name| *name == word || (whole_enough && name.starts_with(&word)))
}

/// The day of a month: `3`, `03`, `3rd`.
fn number(word: &str) -> Option<i8> {
    let digits = word
        .find(|letter: char| !letter.is_ascii_digit())
        .unwrap_or(word.len());
    let ending = word.get(digits..)?.to_ascii_lowercase();
    if !["", "st", "nd", "rd", "th"].contains(&ending.as_str()) || digits > 2 {
        return None;
    }
    word.get(..digits)?.parse().ok()
}

/// Whether `text` is nothing, or a time of the day with or without its zone, as it stands behind a date.
pub(super) fn is_time(text: &str) -> bool {
    let mut words = text
        .split(|letter: char| !(letter.is_alphanumeric() || "+-.".contains(letter)))
        .map(|word| word.trim_matches(['.', '-']))
        .filter(|word| !word.is_empty());
    // "6:30 p.m. EST (1130 GMT)" and "at 23:30:00 +0100" are as long as it gets.
    words.by_ref().take(9).all(|word| {
        word.starts_with(|letter: char| letter.is_ascii_digit() || letter == '+')
            || ["at", "am", "pm", "a.m", "p.m", "noon", "z", "utc"]
                .iter()
                .any(|known| word.eq_ignore_ascii_case(known))
            || ((2..=4).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_uppercase()))
    }) && words.next().is_none()
}
