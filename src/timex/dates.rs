//! Parts of the calendar and the clock → a date: which year, which week, which century.

use jiff::{
    ToSpan,
    civil::{Date, Weekday},
};

use super::{
    Basis, Grain, TimexKind,
    anchors::Direction,
    calendar,
    class::Class,
    figures, holiday,
    pattern::Captures,
    resolve::{Given, Resolved, date, moved},
    value::{Calendar, PartOfDay, Season, TimeOfDay, TimexValue, Unit, Year},
};

fn small(number: i32) -> Option<u8> {
    u8::try_from(number).ok()
}

/// The value of calendar and clock parts.
pub(super) fn calendar(parts: &Captures, given: &Given<'_>) -> Option<Resolved> {
    let time = time_of_day(parts)?;
    let (value, basis) = match day_part(parts, given)? {
        Some(found) => found,
        None => {
            // A clock time alone belongs to the day spoken of.
            time?;
            let day = given.anchors.day();
            let basis = if day == given.reference() {
                Basis::Deictic
            } else {
                Basis::Anaphoric
            };
            (Calendar::day(day), basis)
        }
    };
    // What does not exist is no date: "February 30".
    value.interval()?;
    let Some(mut time) = time else {
        return Some(date(value, basis));
    };
    let mut value = value;
    // "last night" is the night before; "this morning" is today's.
    if let TimeOfDay::Part(part) = time
        && let Some(shift) = parts.get(Class::Shift)
        && parts.get(Class::Weekday).is_none()
    {
        let day = given
            .reference()
            .checked_add(i64::from(shift).days())
            .ok()?;
        value = Calendar::day(day);
        time = TimeOfDay::Part(part);
    }
    Some(Resolved {
        kind: TimexKind::Time,
        value: TimexValue::Clock(value, time),
        basis,
        interval: None,
    })
}

/// The time of day; `None` outside where a clock time does not exist.
fn time_of_day(parts: &Captures) -> Option<Option<TimeOfDay>> {
    let half = parts.get(Class::HalfDay);
    let to_24 = |hour: i32| -> Option<u8> {
        let hour = match half {
            Some(half) if (1..=12).contains(&hour) => hour % 12 + half,
            Some(_) => return None,
            None => hour,
        };
        small(hour).filter(|&hour| hour <= 24)
    };
    if let Some(clock) = parts.get(Class::Clock) {
        let (hour, minute, second) = (clock / 10_000, clock / 100 % 100, clock % 100);
        let hour = to_24(hour)?;
        let minute = small(minute)?;
        return Some(Some(match second {
            99 if minute == 99 => TimeOfDay::Hour(hour),
            99 => TimeOfDay::Minute(hour, minute),
            second => TimeOfDay::Second(hour, minute, small(second)?),
        }));
    }
    if half.is_some() || parts.get(Class::Zone).is_some() {
        if let Some(hour) = parts.get(Class::Number) {
            if hour % 1000 == 0 {
                return Some(Some(TimeOfDay::Minute(to_24(hour / 1000)?, 0)));
            }
            // "9.30 a.m." is read as a decimal number by the lexer.
            let (hour, minute) = (hour / 1000, hour % 1000 / 10);
            return (minute < 60).then_some(Some(TimeOfDay::Minute(to_24(hour)?, small(minute)?)));
        }
    }
    // "1530 GMT", "0530 hours"
    if let Some(clock) = parts.get(Class::FourFigureClock) {
        let (hour, minute) = (small(clock / 100)?, small(clock % 100)?);
        return Some(Some(TimeOfDay::Minute(hour, minute)));
    }
    match parts.get(Class::Part).or_else(|| parts.get(Class::DayPart)) {
        Some(part) => PartOfDay::at(part).map(|part| Some(TimeOfDay::Part(part))),
        None => Some(None),
    }
}

/// The year that is said: "2014", "'98", "last year".
fn said_year(parts: &Captures, given: &Given<'_>) -> Option<(i16, Basis)> {
    if parts.get(Class::Zone).is_none()
        && let Some(year) = parts.get(Class::Year)
    {
        return Some((i16::try_from(year).ok()?, Basis::Explicit));
    }
    // "the year two thousand"
    if let Some(year) = parts
        .get(Class::Number)
        .filter(|_| parts.get(Class::HalfDay).is_none() && parts.get(Class::Zone).is_none())
    {
        let year = i16::try_from(year / 1000).ok()?;
        return (1000..3000)
            .contains(&year)
            .then_some((year, Basis::Explicit));
    }
    if let Some(short) = parts.get(Class::ShortYear) {
        return Some((
            i16::try_from(figures::full_year(short)).ok()?,
            Basis::Explicit,
        ));
    }
    if parts.get(Class::YearWord).is_some()
        && let Some(shift) = parts.get(Class::Shift)
    {
        return Some((
            given
                .reference()
                .year()
                .checked_add(i16::try_from(shift).ok()?)?,
            Basis::Deictic,
        ));
    }
    None
}

/// The stretch of the calendar that the parts name; `Some(None)` where they name none, `None` where they
/// contradict the calendar.
#[expect(
    clippy::option_option,
    reason = "nothing named and nothing possible are two answers"
)]
fn day_part(parts: &Captures, given: &Given<'_>) -> Option<Option<(Calendar, Basis)>> {
    let reference = given.reference();
    if let Some(packed) = parts.get(Class::Date) {
        let year = Year::Is(i16::try_from(packed / 10_000).ok()?);
        let (month, day) = (small(packed / 100 % 100), small(packed % 100));
        let value = match day {
            Some(0) => Calendar::Month(year, month),
            day => Calendar::Day(year, month, day),
        };
        return Some(Some((value, Basis::Explicit)));
    }
    if parts.get(Class::DayPart).is_some() {
        return Some(Some((Calendar::day(reference), Basis::Deictic)));
    }
    if let Some(days) = parts.get(Class::DayWord) {
        // "the day after tomorrow" goes on the way that "tomorrow" points.
        let farther = if parts.get(Class::Unit).is_some() {
            days.signum()
        } else {
            0
        };
        let day = reference
            .checked_add(i64::from(days + farther).days())
            .ok()?;
        return Some(Some((Calendar::day(day), Basis::Deictic)));
    }
    let year = said_year(parts, given);
    if let Some(index) = parts.get(Class::Holiday) {
        return feast(usize::try_from(index).ok()?, year, parts, given).map(Some);
    }
    if let Some(month) = parts.get(Class::Month).and_then(small) {
        let day = parts.get(Class::Day).or_else(|| parts.get(Class::Ordinal));
        return match day.and_then(small) {
            Some(day) => month_day(month, day, year, parts, given).map(Some),
            None if day.is_some() => None,
            None => bare_month(month, year, parts, given).map(Some),
        };
    }
    if let Some(season) = parts.get(Class::Season).and_then(Season::at) {
        return in_season(season, year, parts, given).map(Some);
    }
    if let Some(weekday) = parts.get(Class::Weekday) {
        let weekday = Weekday::from_monday_one_offset(i8::try_from(weekday).ok()?).ok()?;
        return bare_weekday(weekday, parts, given)
            .map(|day| Some((Calendar::day(day), Basis::Deictic)));
    }
    if let Some(decade) = parts.get(Class::Decade) {
        let decade = if decade < 10 {
            let century = i32::from(reference.year() / 100);
            let latest = century * 10 + decade;
            if latest * 10 > i32::from(reference.year()) {
                latest - 10
            } else {
                latest
            }
        } else {
            decade
        };
        return Some(Some((
            Calendar::Decade(u16::try_from(decade).ok()?),
            Basis::Explicit,
        )));
    }
    // An ordinal alone counts centuries; every other use of one has a month beside it.
    if year.is_none()
        && let Some(ordinal) = parts.get(Class::Ordinal)
    {
        return Some(Some((
            Calendar::Century(small(ordinal.checked_sub(1)?)?),
            Basis::Explicit,
        )));
    }
    if let Some((year, basis)) = year {
        return Some(Some((Calendar::Year(Year::Is(year)), basis)));
    }
    Some(None)
}

/// The likeliest of the candidates: the nearest, where days against the clause's direction count for
/// three. Prose looks a few weeks ahead even in the past tense ("extended its offer to Dec. 15").
fn choose(candidates: &[Date], reference: Date, given: &Given<'_>) -> Option<Date> {
    let cost = |day: &Date| {
        let days = reference
            .until(*day)
            .map_or(i32::MAX, |span| span.get_days());
        let against = match given.direction {
            Some(Direction::Back) => days > 0,
            Some(Direction::Ahead) => days < 0,
            None => false,
        };
        days.saturating_abs()
            .saturating_mul(if against { 3 } else { 1 })
    };
    if given.strict {
        return match given.direction {
            Some(Direction::Ahead) => candidates.iter().filter(|&&day| day >= reference).min(),
            _ => candidates.iter().filter(|&&day| day <= reference).max(),
        }
        .copied();
    }
    candidates.iter().min_by_key(|day| cost(day)).copied()
}

/// The years around the one that dates without a year belong to.
fn around(given: &Given<'_>) -> (Date, [i16; 3]) {
    let from = match given.anchors.last.and_then(Calendar::interval) {
        Some(last) if given.anchors.narrative() => last.begin(),
        _ => given.reference(),
    };
    let year = from.year();
    (from, [year - 1, year, year + 1])
}

/// In a history a date without a year goes on from the one before.
fn in_narrative(given: &Given<'_>) -> Option<Basis> {
    (given.anchors.narrative() && given.anchors.last.is_some()).then_some(Basis::Anaphoric)
}

fn month_day(
    month: u8,
    day: u8,
    year: Option<(i16, Basis)>,
    parts: &Captures,
    given: &Given<'_>,
) -> Option<(Calendar, Basis)> {
    if let Some((year, basis)) = year {
        return calendar::date(year, month, day).map(|day| (Calendar::day(day), basis));
    }
    let (from, years) = around(given);
    let basis = in_narrative(given);
    let candidates: Vec<Date> = years
        .into_iter()
        .filter_map(|year| calendar::date(year, month, day))
        .collect();
    if basis.is_some() {
        // The year spoken of holds until a date says otherwise.
        let same = calendar::date(from.year(), month, day)?;
        return Some((Calendar::day(same), Basis::Anaphoric));
    }
    // A weekday beside it settles the year.
    if let Some(weekday) = parts
        .get(Class::Weekday)
        .and_then(|weekday| i8::try_from(weekday).ok())
        && let Some(&agreeing) = candidates
            .iter()
            .filter(|day| day.weekday().to_monday_one_offset() == weekday)
            .min_by_key(|day| {
                from.until(**day)
                    .map_or(i32::MAX, |span| span.get_days().abs())
            })
    {
        return Some((Calendar::day(agreeing), Basis::Deictic));
    }
    let chosen = choose(&candidates, from, given)?;
    Some((Calendar::day(chosen), Basis::Deictic))
}

fn bare_month(
    month: u8,
    year: Option<(i16, Basis)>,
    parts: &Captures,
    given: &Given<'_>,
) -> Option<(Calendar, Basis)> {
    let value = |year: i16| Calendar::Month(Year::Is(year), Some(month));
    if let Some((year, basis)) = year {
        return Some((value(year), basis));
    }
    if in_narrative(given).is_some() {
        return Some((value(around(given).0.year()), Basis::Anaphoric));
    }
    let reference = given.reference();
    let this = reference.month().unsigned_abs();
    let year = reference.year();
    let back = if month <= this { year } else { year - 1 };
    let ahead = if month >= this { year } else { year + 1 };
    let chosen = match parts.get(Class::Shift) {
        Some(-1) if month == this => year - 1,
        Some(1) if month == this => year + 1,
        Some(-1) => back,
        Some(1) => ahead,
        Some(_) => year,
        None if given.direction == Some(Direction::Ahead) => ahead,
        None => back,
    };
    Some((value(chosen), Basis::Deictic))
}

fn in_season(
    season: Season,
    year: Option<(i16, Basis)>,
    parts: &Captures,
    given: &Given<'_>,
) -> Option<(Calendar, Basis)> {
    let value = |year: i16| Calendar::Season(Year::Is(year), season);
    if let Some((year, basis)) = year {
        return Some((value(year), basis));
    }
    if in_narrative(given).is_some() {
        return Some((value(around(given).0.year()), Basis::Anaphoric));
    }
    let reference = given.reference();
    let begun = |year: i16| {
        value(year)
            .interval()
            .is_some_and(|i| i.begin() <= reference)
    };
    let over = |year: i16| value(year).interval().is_some_and(|i| i.end() <= reference);
    let mut latest = reference.year() + 1;
    while !begun(latest) && latest > reference.year() - 2 {
        latest -= 1;
    }
    let chosen = match parts.get(Class::Shift) {
        Some(-1) if !over(latest) => latest - 1,
        Some(-1) => latest,
        Some(1) => latest + 1,
        // "this winter" in January is the one that goes on.
        Some(_) if !over(latest) => latest,
        Some(_) => reference.year(),
        None if given.direction == Some(Direction::Ahead) && over(latest) => latest + 1,
        None => latest,
    };
    Some((value(chosen), Basis::Deictic))
}

fn bare_weekday(weekday: Weekday, parts: &Captures, given: &Given<'_>) -> Option<Date> {
    let reference = given.reference();
    // "Tuesday of last week"
    if parts.get(Class::WeekWord).is_some()
        && let Some(shift) = parts.get(Class::Shift)
    {
        let Calendar::Week(Year::Is(year), Some(week)) =
            moved(reference, Unit::Week, i64::from(shift))?
        else {
            return None;
        };
        return calendar::weekday(year, week, weekday);
    }
    let ahead = i64::from(reference.weekday().until(weekday));
    let back = -i64::from(reference.weekday().since(weekday));
    let days = match parts.get(Class::Shift) {
        Some(-1) if back == 0 => -7,
        Some(-1) => back,
        Some(1) if ahead == 0 => 7,
        Some(1 | 0) => ahead,
        _ if given.direction == Some(Direction::Ahead) => ahead,
        _ => back,
    };
    reference.checked_add(days.days()).ok()
}

fn feast(
    index: usize,
    year: Option<(i16, Basis)>,
    parts: &Captures,
    given: &Given<'_>,
) -> Option<(Calendar, Basis)> {
    let when = *given.holidays.get(index)?;
    if let Some((year, basis)) = year {
        return Some((Calendar::day(holiday::date(when, year)?), basis));
    }
    let (from, years) = around(given);
    let candidates: Vec<Date> = years
        .into_iter()
        .filter_map(|year| holiday::date(when, year))
        .collect();
    let day = match parts.get(Class::Shift) {
        Some(-1) => candidates.iter().filter(|&&day| day < from).max().copied(),
        Some(1) => candidates.iter().filter(|&&day| day > from).min().copied(),
        Some(_) => holiday::date(when, from.year()),
        None => choose(&candidates, from, given),
    }?;
    Some((
        Calendar::day(day),
        in_narrative(given).unwrap_or(Basis::Deictic),
    ))
}

/// "the following Monday", "the previous March": the nearest after or before the date spoken of.
pub(super) fn beside(parts: &Captures, given: &Given<'_>) -> Option<Resolved> {
    let (from, basis) = match given.anchors.last.and_then(Calendar::interval) {
        Some(last) => (last.begin(), Basis::Anaphoric),
        None => (given.reference(), Basis::Deictic),
    };
    let ahead = match parts.get(Class::Beside)? {
        // "next Monday" is counted from now.
        2 => return None,
        by => by > 0,
    };
    if let Some(weekday) = parts.get(Class::Weekday) {
        let weekday = Weekday::from_monday_one_offset(i8::try_from(weekday).ok()?).ok()?;
        let day = from.nth_weekday(if ahead { 1 } else { -1 }, weekday).ok()?;
        return Some(date(Calendar::day(day), basis));
    }
    let candidate = |year: i16| {
        if let Some(month) = parts.get(Class::Month) {
            return Some(Calendar::Month(Year::Is(year), Some(small(month)?)));
        }
        Season::at(parts.get(Class::Season)?).map(|season| Calendar::Season(Year::Is(year), season))
    };
    let year = from.year();
    let mut candidates: Vec<Calendar> = [year - 1, year, year + 1]
        .into_iter()
        .filter_map(candidate)
        .filter(|value| {
            value.interval().is_some_and(|days| {
                if ahead {
                    days.begin() > from
                } else {
                    days.end() <= from
                }
            })
        })
        .collect();
    if !ahead {
        candidates.reverse();
    }
    candidates.first().map(|&value| date(value, basis))
}

/// "the third quarter", "the third quarter of 2020".
pub(super) fn quarter(parts: &Captures, given: &Given<'_>) -> Option<Resolved> {
    let quarter = parts
        .get(Class::Ordinal)
        .or_else(|| parts.get(Class::Day))
        .and_then(small)
        .filter(|quarter| (1..=4).contains(quarter))?;
    let value = |year: i16| Calendar::Quarter(Year::Is(year), Some(quarter));
    if let Some((year, basis)) = said_year(parts, given) {
        return Some(date(value(year), basis));
    }
    let reference = given.reference();
    let begun = value(reference.year())
        .interval()
        .is_some_and(|interval| interval.begin() <= reference);
    let year = if begun || given.direction == Some(Direction::Ahead) {
        reference.year()
    } else {
        reference.year() - 1
    };
    Some(date(value(year), Basis::Deictic))
}

/// "the first half of 2020", "the second half".
pub(super) fn half(parts: &Captures, given: &Given<'_>) -> Option<Resolved> {
    let half = parts
        .get(Class::Ordinal)
        .and_then(small)
        .filter(|half| (1..=2).contains(half))?;
    let (year, basis) = said_year(parts, given).unwrap_or_else(|| {
        match given.anchors.last.and_then(Calendar::year) {
            Some(year)
                if given
                    .anchors
                    .last
                    .is_some_and(|last| last.grain() == Grain::Year) =>
            {
                (year, Basis::Anaphoric)
            }
            _ => (given.reference().year(), Basis::Deictic),
        }
    });
    Some(date(Calendar::Half(Year::Is(year), Some(half)), basis))
}
