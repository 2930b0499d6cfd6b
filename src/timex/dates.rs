//! Parts of the calendar and the clock → a date: which year, which week, which century.

use jiff::{
    ToSpan,
    civil::{Date, Weekday},
};

use super::{
    Basis, Grain, Interval, TimexKind,
    anchors::Direction,
    calendar,
    class::Class,
    clock, figures,
    pattern::Captures,
    periods::{feast, in_season},
    resolve::{Given, Resolved, date, moved},
    value::{Calendar, Season, TimeOfDay, TimexValue, Unit, Year},
};

pub(super) fn small(number: i32) -> Option<u8> {
    u8::try_from(number).ok()
}

/// The value of calendar and clock parts.
pub(super) fn calendar(parts: &Captures, given: &Given<'_>) -> Option<Resolved> {
    let time = clock::time_of_day(parts)?;
    let (mut value, basis) = if let Some(found) = day_part(parts, given)? {
        found
    } else {
        // A clock time alone belongs to the day spoken of.
        time?;
        let day = given.anchors.day();
        let basis = if day == given.reference() {
            Basis::Deictic
        } else {
            Basis::Anaphoric
        };
        (Calendar::day(day), basis)
    };
    // What does not exist is no date: "February 30".
    value.interval()?;
    let Some(time) = time else {
        return Some(date(value, basis));
    };
    // "last night" is the night before; "this morning" is today's.
    if matches!(time, TimeOfDay::Part(_))
        && let Some(shift) = parts.get(Class::Shift)
        && parts.get(Class::Weekday).is_none()
    {
        let day = given
            .reference()
            .checked_add(i64::from(shift).days())
            .ok()?;
        value = Calendar::day(day);
    }
    Some(Resolved {
        kind: TimexKind::Time,
        value: TimexValue::Clock(value, time),
        basis,
        interval: None,
    })
}

/// No text speaks of a year so far ahead by its last two figures.
const FAR_AHEAD: i16 = 20;

/// The year that is said: "2014", "'98", "last year".
pub(super) fn said_year(parts: &Captures, given: &Given<'_>) -> Option<(i16, Basis)> {
    if let Some(year) = parts.get(Class::Year) {
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
        let year = i16::try_from(figures::full_year(short)).ok()?;
        // "'68" is no year to come.
        let far = year > given.reference().year().saturating_add(FAR_AHEAD);
        return Some((if far { year - 100 } else { year }, Basis::Explicit));
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
            None => Some(Some(bare_month(month, year, parts, given))),
        };
    }
    if let Some(season) = parts.get(Class::Season).and_then(Season::at) {
        return Some(Some(in_season(season, year, parts, given)));
    }
    if let Some(weekday) = parts.get(Class::Weekday) {
        let weekday = Weekday::from_monday_one_offset(i8::try_from(weekday).ok()?).ok()?;
        // In a history it is the first such day from the day spoken of.
        if parts.get(Class::Shift).is_none()
            && given.anchors.narrative()
            && let Some(last) = given.anchors.last_day()
        {
            let days = i64::from(last.weekday().until(weekday));
            let day = last.checked_add(days.days()).ok()?;
            return Some(Some((Calendar::day(day), Basis::Anaphoric)));
        }
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
/// more. Prose looks a few weeks ahead even in the past tense ("extended its offer to Dec. 15"), but the
/// future hardly looks back.
pub(super) fn choose(candidates: &[Date], reference: Date, given: &Given<'_>) -> Option<Date> {
    let direction = given.direction();
    let ahead = given.context.looks_ahead(given.from);
    let cost = |day: &Date| {
        let days = reference
            .until(*day)
            .map_or(i32::MAX, |span| span.get_days());
        let times = match direction {
            Some(Direction::Back) if days > 0 => 3,
            // "They were home by Christmas": the preposition says less than a verb.
            Some(Direction::Ahead) if days < 0 && ahead => 3,
            Some(Direction::Ahead) if days < 0 => 8,
            _ => 1,
        };
        days.saturating_abs().saturating_mul(times)
    };
    if given.asked.is_some() {
        return match direction {
            Some(Direction::Ahead) => candidates.iter().filter(|&&day| day >= reference).min(),
            _ => candidates.iter().filter(|&&day| day <= reference).max(),
        }
        .copied();
    }
    candidates.iter().min_by_key(|day| cost(day)).copied()
}

/// The years around the one that dates without a year belong to.
pub(super) fn around(parts: &Captures, given: &Given<'_>) -> (Date, [i16; 3]) {
    let told = in_narrative(parts, given).and_then(|_| given.anchors.told());
    let from = told.unwrap_or(given.reference());
    let year = from.year();
    (from, [year - 1, year, year + 1])
}

/// How many months a history looks back to within a year; further back lies the year after.
const LOOKING_BACK: u8 = 4;

/// The year of a month in a history: the one spoken of, until the months begin anew.
pub(super) fn narrative_year(month: u8, given: &Given<'_>) -> i16 {
    let from = given.anchors.told().unwrap_or(given.reference());
    let fine = given
        .anchors
        .last
        .is_some_and(|last| last.grain() <= Grain::Season);
    let told = from.month().unsigned_abs();
    // "It lasted until May" never looks back.
    let turned = told > month.saturating_add(LOOKING_BACK)
        || told > month && given.context.looks_ahead(given.from);
    from.year().saturating_add(i16::from(fine && turned))
}

/// In a history a date without a year goes on from the one before, unless it counts from now ("last May")
/// or lies ahead of now ("the trial will begin in May").
pub(super) fn in_narrative(parts: &Captures, given: &Given<'_>) -> Option<Basis> {
    given.anchors.told()?;
    let from_now = parts.get(Class::Shift).is_some();
    (!from_now && !given.context.is_to_come(given.from, given.to)).then_some(Basis::Anaphoric)
}

/// "the 12th": a day of the month spoken of, or of the one after where the month is too far gone.
pub(super) fn day_of_month(parts: &Captures, given: &Given<'_>) -> Option<Resolved> {
    let day = parts.get(Class::DayOfMonth).and_then(small)?;
    if let Some(weekday) = parts.get(Class::Weekday) {
        return weekday_of_month(weekday, day, parts, given);
    }
    let last = given
        .anchors
        .last_within(Grain::Month)
        .and_then(Calendar::interval);
    let from = last.map_or(given.reference(), Interval::begin);
    let mut months = [-1, 0, 1].into_iter().filter_map(|by| {
        let month = calendar::shift(from.first_of_month(), Unit::Month, by)?;
        calendar::date(month.year(), month.month().unsigned_abs(), day)
    });
    let (found, basis) = if last.is_some() {
        (months.find(|&day| day >= from)?, Basis::Anaphoric)
    } else {
        let candidates: Vec<Date> = months.collect();
        (choose(&candidates, from, given)?, Basis::Deictic)
    };
    Some(date(Calendar::day(found), basis))
}

/// "Tuesday the 3rd": of the months around, the nearest in which the two agree.
fn weekday_of_month(
    weekday: i32,
    day: u8,
    parts: &Captures,
    given: &Given<'_>,
) -> Option<Resolved> {
    let from = around(parts, given).0;
    let candidates: Vec<Date> = (-6..=6)
        .filter_map(|by| {
            let month = calendar::shift(from.first_of_month(), Unit::Month, by)?;
            calendar::date(month.year(), month.month().unsigned_abs(), day)
        })
        .filter(|day| i32::from(day.weekday().to_monday_one_offset()) == weekday)
        .collect();
    let found = choose(&candidates, from, given)?;
    Some(date(
        Calendar::day(found),
        in_narrative(parts, given).unwrap_or(Basis::Deictic),
    ))
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
    let (from, years) = around(parts, given);
    let basis = in_narrative(parts, given);
    let candidates: Vec<Date> = years
        .into_iter()
        .filter_map(|year| calendar::date(year, month, day))
        .collect();
    // A day of the last week is news even in a text that tells of long ago.
    let reference = given.reference();
    if let Some(fresh) = calendar::date(reference.year(), month, day)
        && given.asked.is_none()
        && reference
            .since(fresh)
            .is_ok_and(|ago| (0..=7).contains(&ago.get_days()))
    {
        return Some((Calendar::day(fresh), Basis::Deictic));
    }
    if basis.is_some() {
        let same = calendar::date(narrative_year(month, given), month, day)?;
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
) -> (Calendar, Basis) {
    let value = |year: i16| Calendar::Month(Year::Is(year), Some(month));
    if let Some((year, basis)) = year {
        return (value(year), basis);
    }
    if in_narrative(parts, given).is_some() {
        return (value(narrative_year(month, given)), Basis::Anaphoric);
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
        None => match given.direction() {
            Some(Direction::Ahead) => ahead,
            // "The case is heard in May": the nearer one.
            Some(Direction::Either) => {
                let months = (i16::from(month) - i16::from(this)).rem_euclid(12);
                if (1..6).contains(&months) {
                    ahead
                } else {
                    back
                }
            }
            Some(Direction::Back) | None => back,
        },
    };
    (value(chosen), Basis::Deictic)
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
        _ if given.direction() == Some(Direction::Ahead) => ahead,
        _ => back,
    };
    reference.checked_add(days.days()).ok()
}
