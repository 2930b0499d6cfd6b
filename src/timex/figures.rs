//! What figures may mean: numbers, days, years, dates, clock times, decades.

use super::{
    DateOrder, calendar,
    class::Class,
    lexer::{Kind, Lexeme, Reading},
    lexicon::Lexicon,
};

/// The years that news speaks of by four bare figures.
const YEARS: std::ops::RangeInclusive<i32> = 1000..=2999;

/// Reads the figures at byte `start`.
pub(super) fn figure(
    text: &str,
    start: usize,
    spaced: bool,
    lexicon: &Lexicon,
    reading: Reading,
) -> Lexeme {
    let rest = text.as_bytes().get(start..).unwrap_or_default();
    let mut lexeme = Lexeme::new(start, start, Kind::Figure, spaced);
    if let Some((len, date)) = date(rest, reading) {
        lexeme.end = start + len;
        // A day that does not exist is nothing else either.
        if let Some(date) = date {
            lexeme.mean(Class::Date, date);
        }
        return lexeme;
    }
    if let Some((len, clock)) = clock(rest).or_else(|| dotted_clock(rest)) {
        lexeme.end = start + len;
        lexeme.mean(Class::Clock, clock);
        return lexeme;
    }
    let digits = digits(rest, 0);
    let figures = text.get(start..start + digits).unwrap_or_default();
    let (len, thousandths) = amount(rest, digits);
    lexeme.end = start + len;
    if len == digits
        && let Some((more, part)) = fraction(rest, digits)
    {
        lexeme.end = start + more;
        lexeme.mean(Class::Number, part);
        return lexeme;
    }
    let after = rest.get(len..).unwrap_or_default();
    let letters = after
        .iter()
        .take_while(|byte| byte.is_ascii_alphabetic())
        .count();
    if letters > 0 || after.first() == Some(&b'_') {
        let tail = text
            .get(start + len..start + len + letters)
            .unwrap_or_default();
        glued_tail(&mut lexeme, figures, tail, lexicon, len == digits);
        return lexeme;
    }
    let plain = len == digits;
    // "1990's" is a decade, and so is "1990s", which ends in letters.
    if plain
        && digits == 4
        && figures.ends_with('0')
        && after.starts_with(b"'s")
        && !after.get(2).is_some_and(u8::is_ascii_alphanumeric)
        && let Some(year) = number(figures).filter(|year| YEARS.contains(year))
    {
        lexeme.end += 2;
        lexeme.mean(Class::Decade, year / 10);
        return lexeme;
    }
    if plain && let Some(number) = number(figures) {
        if digits <= 2 && (1..=31).contains(&number) {
            lexeme.mean(Class::Day, number);
        }
        if digits == 4 && YEARS.contains(&number) {
            lexeme.mean(Class::Year, number);
        }
        if digits == 4 && number <= 2400 && number % 100 < 60 {
            lexeme.mean(Class::FourFigureClock, number);
        }
    }
    if let Some(thousandths) = thousandths {
        lexeme.mean(Class::Number, thousandths);
    }
    lexeme
}

/// Letters right behind figures: "12th", "1990s", "9pm"; anything else makes them no number.
fn glued_tail(lexeme: &mut Lexeme, figures: &str, tail: &str, lexicon: &Lexicon, plain: bool) {
    let Some(number) = number(figures).filter(|_| plain) else {
        lexeme.end += tail.len();
        return;
    };
    match tail {
        "st" | "nd" | "rd" | "th" => {
            lexeme.end += tail.len();
            lexeme.mean(Class::Ordinal, number);
            if (1..=31).contains(&number) {
                lexeme.mean(Class::Day, number);
                lexeme.mean(Class::DayOfMonth, number);
            }
        }
        "s" if figures.len() == 4 && number % 10 == 0 && YEARS.contains(&number) => {
            lexeme.end += 1;
            lexeme.mean(Class::Decade, number / 10);
        }
        "s" if figures.len() == 2 && number % 10 == 0 => {
            lexeme.end += 1;
            lexeme.mean(Class::Decade, number / 10);
        }
        _ => {
            let known = lexicon
                .get(&tail.to_ascii_lowercase())
                .and_then(|index| lexicon.entry_at(index))
                .is_some_and(|entry| {
                    entry.senses.iter().any(|sense| {
                        [Class::HalfDay, Class::Unit, Class::Units]
                            .iter()
                            .any(|class| class.symbol() == sense.symbol)
                    })
                });
            if known {
                if (1..=31).contains(&number) {
                    lexeme.mean(Class::Day, number);
                }
                if let Some(thousandths) = number.checked_mul(1000) {
                    lexeme.mean(Class::Number, thousandths);
                }
            } else {
                // "737s", "3D", "4chan": a name.
                lexeme.end += tail.len();
            }
        }
    }
}

/// The number of at most six figures, so that its thousandths fit.
pub(super) fn number(figures: &str) -> Option<i32> {
    (!figures.is_empty() && figures.len() <= 6)
        .then(|| figures.parse().ok())
        .flatten()
}

/// Thousandths of `½` and its like.
pub(super) fn vulgar_fraction(sign: char) -> Option<i32> {
    Some(match sign {
        '½' => 500,
        '¼' => 250,
        '¾' => 750,
        '⅓' => 333,
        '⅔' => 667,
        _ => return None,
    })
}

fn digits(bytes: &[u8], from: usize) -> usize {
    bytes
        .get(from..)
        .unwrap_or_default()
        .iter()
        .take_while(|byte| byte.is_ascii_digit())
        .count()
}

fn part(bytes: &[u8], from: usize, len: usize) -> Option<i32> {
    std::str::from_utf8(bytes.get(from..from + len)?)
        .ok()
        .and_then(number)
}

/// "1,234.5": the length, and the thousandths where they fit.
fn amount(bytes: &[u8], first: usize) -> (usize, Option<i32>) {
    let mut len = first;
    let mut whole: i64 = part(bytes, 0, first.min(7)).map_or(i64::MAX, i64::from);
    if first <= 3 {
        while bytes.get(len) == Some(&b',') && digits(bytes, len + 1) == 3 {
            let group = part(bytes, len + 1, 3).unwrap_or(0);
            whole = whole.saturating_mul(1000).saturating_add(i64::from(group));
            len += 4;
        }
    }
    let mut thousandths = whole.saturating_mul(1000);
    if bytes.get(len) == Some(&b'.') {
        let places = digits(bytes, len + 1);
        if places > 0 {
            let shown = places.min(3);
            let scale = [1000, 100, 10, 1].get(shown).copied().unwrap_or(1);
            let decimals = part(bytes, len + 1, shown).unwrap_or(0);
            thousandths = thousandths.saturating_add(i64::from(decimals * scale));
            len += 1 + places;
        }
    }
    (len, i32::try_from(thousandths).ok())
}

/// "1/2" behind `digits` figures: the length of all and the thousandths.
fn fraction(bytes: &[u8], len: usize) -> Option<(usize, i32)> {
    if bytes.get(len) != Some(&b'/') || digits(bytes, len + 1) != 1 || len > 1 {
        return None;
    }
    let (over, under) = (part(bytes, 0, len)?, part(bytes, len + 1, 1)?);
    (over < under && bytes.get(len + 2) != Some(&b'/')).then(|| (len + 2, over * 1000 / under))
}

/// "2021-02-14", "14/02/2021", "14.02.2021", and "2021-02" where a person typed it: its length, and
/// the date if there is such a day.
fn date(bytes: &[u8], reading: Reading) -> Option<(usize, Option<i32>)> {
    let first = digits(bytes, 0);
    let sign = *bytes.get(first)?;
    if !matches!(sign, b'-' | b'/' | b'.') || !matches!(first, 1 | 2 | 4) {
        return None;
    }
    let second = digits(bytes, first + 1);
    if !matches!(second, 1 | 2) {
        return None;
    }
    let third_at = first + 1 + second + 1;
    let has_third = bytes.get(third_at - 1) == Some(&sign);
    let third = if has_third {
        digits(bytes, third_at)
    } else {
        0
    };
    let (a, b) = (part(bytes, 0, first)?, part(bytes, first + 1, second)?);
    if third == 0 {
        let ends = !bytes
            .get(third_at - 1)
            .is_some_and(u8::is_ascii_alphanumeric);
        return (reading.typed && sign == b'-' && first == 4 && second == 2 && ends)
            .then(|| (third_at - 1, pack(a, b, 0)));
    }
    let c = part(bytes, third_at, third)?;
    let end = third_at + third;
    // "2021-02-14T10:00" goes on with a clock time; any other letter, figure or sign makes it no date.
    let next = bytes.get(end).copied().unwrap_or(b' ');
    let clock = next == b'T' && bytes.get(end + 1).is_some_and(u8::is_ascii_digit);
    let goes_on = next.is_ascii_alphanumeric()
        || (next == sign && bytes.get(end + 1).is_some_and(u8::is_ascii_digit));
    if goes_on && !clock {
        return None;
    }
    let packed = match (first, third) {
        (4, 1 | 2) if sign != b'.' => pack(a, b, c),
        (1 | 2, 4) => by_order(a, b, c, reading.order),
        // "12.5.3" is a version and "1-2-3" a score: two figures of a year need the slash.
        (1 | 2, 2) if sign == b'/' => by_order(a, b, full_year(c), reading.order),
        _ => return None,
    };
    // Day nought, which stands for a whole month inside, is written nowhere.
    Some((end, packed.filter(|packed| packed % 100 != 0)))
}

fn by_order(first: i32, second: i32, year: i32, order: DateOrder) -> Option<i32> {
    let (day, month) = match order {
        DateOrder::DayMonth => (first, second),
        DateOrder::MonthDay => (second, first),
    };
    // Where the configured order gives no date, the other is meant: "02/14/2021".
    pack(year, month, day).or_else(|| pack(year, day, month))
}

/// 69 to 99 are the last century's.
pub(super) fn full_year(short: i32) -> i32 {
    if short >= 69 {
        1900 + short
    } else {
        2000 + short
    }
}

fn pack(year: i32, month: i32, day: i32) -> Option<i32> {
    let exists = calendar::date(
        i16::try_from(year).ok()?,
        u8::try_from(month).ok()?,
        u8::try_from(day.max(1)).ok()?,
    )
    .is_some();
    (exists && YEARS.contains(&year)).then_some(year * 10_000 + month * 100 + day)
}

/// "9.30" of "9.30pm", where the letters tell that it is no decimal number; packed with 99 where open.
fn dotted_clock(bytes: &[u8]) -> Option<(usize, i32)> {
    let first = digits(bytes, 0);
    let end = first + 3;
    let half = matches!(bytes.get(end), Some(b'a' | b'p' | b'A' | b'P'))
        && matches!(bytes.get(end + 1), Some(b'm' | b'M'))
        && !bytes.get(end + 2).is_some_and(u8::is_ascii_alphanumeric);
    if !half
        || !matches!(first, 1 | 2)
        || bytes.get(first) != Some(&b'.')
        || digits(bytes, first + 1) != 2
    {
        return None;
    }
    let (hour, minute) = (part(bytes, 0, first)?, part(bytes, first + 1, 2)?);
    (hour <= 24 && minute < 60).then_some((end, hour * 10_000 + minute * 100 + 99))
}

/// "9:30", "09:30:05", packed with 99 where open.
fn clock(bytes: &[u8]) -> Option<(usize, i32)> {
    let first = digits(bytes, 0);
    if !matches!(first, 1 | 2) || bytes.get(first) != Some(&b':') || digits(bytes, first + 1) != 2 {
        return None;
    }
    let (hour, minute) = (part(bytes, 0, first)?, part(bytes, first + 1, 2)?);
    let mut end = first + 3;
    let mut second = 99;
    if bytes.get(end) == Some(&b':') && digits(bytes, end + 1) == 2 {
        second = part(bytes, end + 1, 2)?;
        end += 3;
    }
    let more = bytes.get(end) == Some(&b':') && bytes.get(end + 1).is_some_and(u8::is_ascii_digit);
    let sound = hour <= 24 && minute < 60 && (second < 60 || second == 99) && !more;
    sound.then_some((end, hour * 10_000 + minute * 100 + second))
}
