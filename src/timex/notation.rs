//! TIMEX3's notation of values: printing and parsing without loss.

use std::fmt;

use super::value::{
    Amount, Calendar, PartOfDay, Season, TimeOfDay, TimexValue, Unit, Vague, ValueError, Year,
};

impl fmt::Display for TimexValue {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Calendar(calendar) => write!(out, "{calendar}"),
            Self::Clock(calendar, time) => write!(out, "{calendar}T{time}"),
            Self::Length(parts) => {
                out.write_str("P")?;
                let mut clock = false;
                for &(amount, unit) in parts {
                    if unit >= Unit::Hour && unit != Unit::Any && !clock {
                        out.write_str("T")?;
                        clock = true;
                    }
                    write!(out, "{amount}{}", unit.code())?;
                }
                Ok(())
            }
            Self::Vague(Vague::Past) => out.write_str("PAST_REF"),
            Self::Vague(Vague::Present) => out.write_str("PRESENT_REF"),
            Self::Vague(Vague::Future) => out.write_str("FUTURE_REF"),
        }
    }
}

/// A two-figure part, or `XX`.
struct Two(Option<u8>);

impl fmt::Display for Two {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(number) => write!(out, "{number:02}"),
            None => out.write_str("XX"),
        }
    }
}

/// A one-figure part, or `X`.
struct One(Option<u8>);

impl fmt::Display for One {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(number) => write!(out, "{number}"),
            None => out.write_str("X"),
        }
    }
}

impl fmt::Display for Year {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Any => out.write_str("XXXX"),
            Self::Is(year) => write!(out, "{year:04}"),
        }
    }
}

impl fmt::Display for Calendar {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Century(century) => write!(out, "{century:02}"),
            Self::Decade(decade) => write!(out, "{decade:03}"),
            Self::Year(year) => write!(out, "{year}"),
            Self::FiscalYear(year) => write!(out, "FY{year}"),
            Self::Half(year, half) => write!(out, "{year}-H{}", One(half)),
            Self::Quarter(year, quarter) => write!(out, "{year}-Q{}", One(quarter)),
            Self::Season(year, season) => write!(out, "{year}-{}", season.code()),
            Self::Month(year, month) => write!(out, "{year}-{}", Two(month)),
            Self::Week(year, week) => write!(out, "{year}-W{}", Two(week)),
            Self::Weekend(year, week) => write!(out, "{year}-W{}-WE", Two(week)),
            Self::Weekday(year, week, weekday) => write!(out, "{year}-W{}-{weekday}", Two(week)),
            Self::Day(year, month, day) => write!(out, "{year}-{}-{}", Two(month), Two(day)),
        }
    }
}

impl fmt::Display for TimeOfDay {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Hour(hour) => write!(out, "{hour:02}"),
            Self::Minute(hour, minute) => write!(out, "{hour:02}:{minute:02}"),
            Self::Second(hour, minute, second) => write!(out, "{hour:02}:{minute:02}:{second:02}"),
            Self::Part(part) => out.write_str(part.code()),
        }
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Some => out.write_str("X"),
            Self::Thousandths(number) => {
                write!(out, "{}", number / 1000)?;
                match number % 1000 {
                    0 => Ok(()),
                    rest => {
                        let rest = format!("{rest:03}");
                        write!(out, ".{}", rest.trim_end_matches('0'))
                    }
                }
            }
        }
    }
}

impl Season {
    pub(super) const ALL: [Self; 4] = [Self::Spring, Self::Summer, Self::Autumn, Self::Winter];

    /// TIMEX3's two letters.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Spring => "SP",
            Self::Summer => "SU",
            Self::Autumn => "FA",
            Self::Winter => "WI",
        }
    }

    /// The season of the two letters.
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|season| season.code() == code)
    }
}

impl PartOfDay {
    pub(super) const ALL: [Self; 6] = [
        Self::Morning,
        Self::Midday,
        Self::Afternoon,
        Self::Evening,
        Self::Night,
        Self::Daytime,
    ];

    /// TIMEX3's two letters.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Morning => "MO",
            Self::Midday => "MI",
            Self::Afternoon => "AF",
            Self::Evening => "EV",
            Self::Night => "NI",
            Self::Daytime => "DT",
        }
    }

    /// The part of the two letters.
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|part| part.code() == code)
    }
}

impl Unit {
    pub(super) const ALL: [Self; 13] = [
        Self::Century,
        Self::Decade,
        Self::Year,
        Self::Season,
        Self::Quarter,
        Self::Month,
        Self::Week,
        Self::Weekend,
        Self::Day,
        Self::Hour,
        Self::Minute,
        Self::Second,
        Self::Any,
    ];

    /// TIMEX3's letters; those of hours, minutes and seconds follow a `T`, which parts them from months and seasons.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Century => "CE",
            Self::Decade => "DE",
            Self::Year => "Y",
            Self::Quarter => "Q",
            Self::Month | Self::Minute => "M",
            Self::Week => "W",
            Self::Weekend => "WE",
            Self::Day => "D",
            Self::Hour => "H",
            Self::Season | Self::Second => "S",
            Self::Any => "X",
        }
    }

    /// The unit whose letters `text` begins with; of several the one with most letters.
    fn at_start(text: &str, clock: bool) -> Option<Self> {
        Self::ALL
            .into_iter()
            .filter(|&unit| (unit >= Self::Hour && unit != Self::Any) == clock)
            .filter(|unit| text.starts_with(unit.code()))
            .max_by_key(|unit| unit.code().len())
    }

    /// The unit of an English name in the singular, as data files write it.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        Some(match name {
            "century" => Self::Century,
            "decade" => Self::Decade,
            "year" => Self::Year,
            "season" => Self::Season,
            "quarter" => Self::Quarter,
            "month" => Self::Month,
            "week" => Self::Week,
            "weekend" => Self::Weekend,
            "day" => Self::Day,
            "hour" => Self::Hour,
            "minute" => Self::Minute,
            "second" => Self::Second,
            "any" => Self::Any,
            _ => return None,
        })
    }
}

impl std::str::FromStr for TimexValue {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        parse(text).ok_or_else(|| ValueError(text.to_owned()))
    }
}

fn parse(text: &str) -> Option<TimexValue> {
    match text {
        "PAST_REF" => return Some(TimexValue::Vague(Vague::Past)),
        "PRESENT_REF" => return Some(TimexValue::Vague(Vague::Present)),
        "FUTURE_REF" => return Some(TimexValue::Vague(Vague::Future)),
        _ => {}
    }
    if let Some(length) = text.strip_prefix('P') {
        return parse_length(length).map(TimexValue::Length);
    }
    match text.split_once('T') {
        Some((calendar, time)) => Some(TimexValue::Clock(
            parse_calendar(calendar)?,
            parse_time(time)?,
        )),
        None => parse_calendar(text).map(TimexValue::Calendar),
    }
}

fn parse_length(text: &str) -> Option<Vec<(Amount, Unit)>> {
    let mut parts: Vec<(Amount, Unit)> = Vec::new();
    let mut clock = false;
    let mut rest = text;
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix('T') {
            if clock || after.is_empty() {
                return None;
            }
            clock = true;
            rest = after;
        }
        let (amount, after) = if let Some(after) = rest.strip_prefix('X') {
            (Amount::Some, after)
        } else {
            let end = rest.find(|letter: char| !(letter.is_ascii_digit() || letter == '.'))?;
            (parse_amount(rest.get(..end)?)?, rest.get(end..)?)
        };
        let unit = Unit::at_start(after, clock)?;
        // The longest unit comes first, so that a length has one spelling.
        if parts.last().is_some_and(|&(_, last)| last >= unit) {
            return None;
        }
        parts.push((amount, unit));
        rest = after.strip_prefix(unit.code())?;
    }
    (!parts.is_empty()).then_some(parts)
}

fn parse_amount(text: &str) -> Option<Amount> {
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    if part.len() > 3 || whole.is_empty() || part.is_empty() {
        return None;
    }
    let whole: u64 = whole.parse().ok()?;
    let scale = [1, 100, 10, 1].get(part.len()).copied()?;
    let part: u64 = part.parse().ok()?;
    Some(Amount::Thousandths(
        whole.checked_mul(1000)?.checked_add(part * scale)?,
    ))
}

fn parse_time(text: &str) -> Option<TimeOfDay> {
    if let Some(part) = PartOfDay::of_code(text) {
        return Some(TimeOfDay::Part(part));
    }
    let mut parts = text.split(':').map(|part| two(part, 0, 59).flatten());
    let hour = parts.next()??;
    let time = match (parts.next(), parts.next()) {
        (None, _) => TimeOfDay::Hour(hour),
        (Some(minute), None) => TimeOfDay::Minute(hour, minute?),
        (Some(minute), Some(second)) => TimeOfDay::Second(hour, minute?, second?),
    };
    (hour <= 24 && parts.next().is_none()).then_some(time)
}

fn parse_calendar(text: &str) -> Option<Calendar> {
    let (first, rest) = match text.split_once('-') {
        Some((first, rest)) => (first, Some(rest)),
        None => (text, None),
    };
    if let Some(year) = first.strip_prefix("FY") {
        return match rest {
            None => Some(Calendar::FiscalYear(year_of(year)?)),
            Some(_) => None,
        };
    }
    let Some(rest) = rest else {
        if first == "XXXX" {
            return Some(Calendar::Year(Year::Any));
        }
        if !first.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        return match first.len() {
            2 => first.parse().ok().map(Calendar::Century),
            3 => first.parse().ok().map(Calendar::Decade),
            4 => year_of(first).map(Calendar::Year),
            _ => None,
        };
    };
    let year = year_of(first)?;
    if let Some(season) = Season::of_code(rest) {
        return Some(Calendar::Season(year, season));
    }
    if let Some(half) = rest.strip_prefix('H') {
        return one(half, 2).map(|half| Calendar::Half(year, half));
    }
    if let Some(quarter) = rest.strip_prefix('Q') {
        return one(quarter, 4).map(|quarter| Calendar::Quarter(year, quarter));
    }
    if let Some(week) = rest.strip_prefix('W') {
        return match week.split_once('-') {
            None => Some(Calendar::Week(year, two(week, 1, 53)?)),
            Some((week, "WE")) => Some(Calendar::Weekend(year, two(week, 1, 53)?)),
            Some((week, day)) => Some(Calendar::Weekday(year, two(week, 1, 53)?, one(day, 7)??)),
        };
    }
    match rest.split_once('-') {
        None => Some(Calendar::Month(year, two(rest, 1, 12)?)),
        Some((month, day)) => Some(Calendar::Day(year, two(month, 1, 12)?, two(day, 1, 31)?)),
    }
}

fn year_of(text: &str) -> Option<Year> {
    if text == "XXXX" {
        return Some(Year::Any);
    }
    (text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit()))
        .then(|| text.parse().ok().map(Year::Is))
        .flatten()
}

/// A two-figure part between `least` and `most`; `Some(None)` for `XX`.
#[expect(
    clippy::option_option,
    reason = "a part left open and a wrong part are two answers"
)]
fn two(text: &str, least: u8, most: u8) -> Option<Option<u8>> {
    if text == "XX" {
        return Some(None);
    }
    if text.len() != 2 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let number = text.parse().ok()?;
    (least..=most).contains(&number).then_some(Some(number))
}

/// A one-figure part from 1 to `most`; `Some(None)` for `X`.
#[expect(
    clippy::option_option,
    reason = "a part left open and a wrong part are two answers"
)]
fn one(text: &str, most: u8) -> Option<Option<u8>> {
    match text.as_bytes() {
        [b'X'] => Some(None),
        [digit @ b'1'..=b'9'] if digit - b'0' <= most => Some(Some(digit - b'0')),
        _ => None,
    }
}

impl serde::Serialize for TimexValue {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for TimexValue {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}
