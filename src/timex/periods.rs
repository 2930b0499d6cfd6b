//! Seasons, quarters, halves, named days, and what is nearest to a date: which year is meant.

use jiff::civil::{Date, Weekday};

use super::{
    Basis, Grain,
    anchors::Direction,
    calendar,
    class::Class,
    dates::{around, choose, in_narrative, narrative_year, said_year, small},
    holiday,
    pattern::Captures,
    resolve::{Given, Resolved, date},
    value::{Calendar, Season, Unit, Year},
};

/// A season's name, by its year or its nearness.
pub(super) fn in_season(
    season: Season,
    year: Option<(i16, Basis)>,
    parts: &Captures,
    given: &Given<'_>,
) -> (Calendar, Basis) {
    let value = |year: i16| Calendar::Season(Year::Is(year), season);
    if let Some((year, basis)) = year {
        return (value(year), basis);
    }
    if in_narrative(parts, given).is_some() {
        let from = around(parts, given).0;
        let year = match season {
            // The winter of January is the one that began the year before.
            Season::Winter if from.month() <= 2 && finely(given) => from.year() - 1,
            _ => narrative_year(season.first_month(), given),
        };
        return (value(year), Basis::Anaphoric);
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
        None if over(latest)
            && matches!(
                given.direction(),
                Some(Direction::Ahead | Direction::Either)
            ) =>
        {
            latest + 1
        }
        None => latest,
    };
    (value(chosen), Basis::Deictic)
}

/// Whether the last date spoken of tells its month.
fn finely(given: &Given<'_>) -> bool {
    let last = given.anchors.last;
    last.is_some_and(|last| last.grain() <= Grain::Season)
}

/// "that summer": the one of the year spoken of, in news as in a history.
pub(super) fn that_season(season: Season, given: &Given<'_>) -> Resolved {
    let year = given
        .anchors
        .last
        .and_then(Calendar::interval)
        .map(|last| (last.begin().year(), Basis::Anaphoric));
    let (value, basis) = in_season(season, year, &Captures::NONE, given);
    date(value, basis)
}

/// A named day, by its year or its nearness.
pub(super) fn feast(
    index: usize,
    year: Option<(i16, Basis)>,
    parts: &Captures,
    given: &Given<'_>,
) -> Option<(Calendar, Basis)> {
    let when = *given.holidays.get(index)?;
    if let Some((year, basis)) = year {
        return Some((Calendar::day(holiday::date(when, year)?), basis));
    }
    let (from, years) = around(parts, given);
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
        in_narrative(parts, given).unwrap_or(Basis::Deictic),
    ))
}

/// "the following Monday", "the previous March": the nearest after or before the date spoken of.
pub(super) fn beside(parts: &Captures, given: &Given<'_>) -> Option<Resolved> {
    let ahead = match parts.get(Class::Beside)? {
        // "next Monday" is counted from now.
        2 => return None,
        by => by > 0,
    };
    let (from, basis) = match given.anchors.last {
        // "In 1943 … the following spring" is that of 1944.
        Some(last) if ahead && last.grain() >= Grain::Year => {
            (last.interval()?.last(), Basis::Anaphoric)
        }
        Some(last) => (last.interval()?.begin(), Basis::Anaphoric),
        None => (given.reference(), Basis::Deictic),
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
        .or_else(|| parts.get(Class::QuarterName))
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
    let year = if begun || given.direction() == Some(Direction::Ahead) {
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

/// "the latest quarter", "the 1988 period".
pub(super) fn latest_period(parts: &Captures, given: &Given<'_>) -> Resolved {
    let said = said_year(parts, given).map(|(year, _)| Year::Is(year));
    let value = match (said, given.anchors.period()) {
        (None, _) => given.anchors.latest_period(),
        (Some(year), Some(Calendar::Quarter(_, quarter))) => Calendar::Quarter(year, quarter),
        (Some(year), Some(Calendar::Half(_, half))) => Calendar::Half(year, half),
        (Some(year), _) => Calendar::Year(year),
    };
    date(value, Basis::Anaphoric)
}

/// The same period a year before.
pub(super) fn year_earlier(period: Calendar, basis: Basis) -> Option<Resolved> {
    let before = |year: Year| match year {
        Year::Is(year) => Some(Year::Is(year.checked_sub(1)?)),
        Year::Any => None,
    };
    let value = match period {
        Calendar::Quarter(year, quarter) => Calendar::Quarter(before(year)?, quarter),
        Calendar::Half(year, half) => Calendar::Half(before(year)?, half),
        Calendar::Month(year, month) => Calendar::Month(before(year)?, month),
        Calendar::Year(year) => Calendar::Year(before(year)?),
        other => {
            let day = calendar::shift(other.interval()?.begin(), Unit::Year, -1)?;
            calendar::containing(day, Grain::Year)
        }
    };
    Some(date(value, basis))
}
