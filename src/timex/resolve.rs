//! Captured parts → a value, by the reference date and the dates mentioned before.

use jiff::civil::Date;

use super::{
    Basis, Grain, Interval, TimexKind,
    anchors::{Anchors, Direction},
    calendar,
    class::Class,
    context::Context,
    dates,
    length::{amount, every, length, whole},
    lexicon::Lexicon,
    meaning::Meaning,
    pattern::Captures,
    periods,
    value::{Calendar, PartOfDay, Season, TimeOfDay, TimexValue, Unit, Vague, Year},
};
use crate::language::When;

/// What an expression came to.
#[derive(Clone, Debug)]
pub(super) struct Resolved {
    pub(super) kind: TimexKind,
    pub(super) value: TimexValue,
    pub(super) basis: Basis,
    /// The days that it covers where its value does not say: "the past three months".
    pub(super) interval: Option<Interval>,
}

/// What resolution looks up.
#[derive(Clone, Copy, Debug)]
pub(super) struct Given<'g> {
    pub(super) lexicon: &'g Lexicon,
    pub(super) holidays: &'g [When],
    pub(super) half: u16,
    pub(super) anchors: &'g Anchors,
    /// The direction that the asker sets and that holds without exception.
    pub(super) asked: Option<Direction>,
    /// What the clause says, if nothing is set.
    pub(super) context: Context<'g>,
    /// Where the expression stands, in lexemes.
    pub(super) from: usize,
    pub(super) to: usize,
}

impl Given<'_> {
    pub(super) fn reference(&self) -> Date {
        self.anchors.reference
    }

    /// Which way to look for a date without a year. Only few expressions need it, and it is dear.
    pub(super) fn direction(&self) -> Option<Direction> {
        self.asked
            .or_else(|| self.context.direction(self.from, self.to))
    }
}

pub(super) fn date(value: Calendar, basis: Basis) -> Resolved {
    Resolved {
        kind: TimexKind::Date,
        value: TimexValue::Calendar(value),
        basis,
        interval: None,
    }
}

fn vague(vague: Vague) -> Resolved {
    Resolved {
        kind: TimexKind::Date,
        value: TimexValue::Vague(vague),
        basis: Basis::None,
        interval: None,
    }
}

/// The value of a match; nothing where it denotes no time after all.
pub(super) fn resolve(meaning: Meaning, parts: &Captures, given: &Given<'_>) -> Option<Resolved> {
    match meaning {
        Meaning::Nothing => None,
        Meaning::Calendar => dates::calendar(parts, given),
        Meaning::Shifted => shifted(parts, given),
        Meaning::Following => following(parts, given),
        Meaning::Same => same(parts, given),
        Meaning::Known => known(parts, given),
        Meaning::Ago => offset(parts, given, -1, false),
        Meaning::Hence => offset(parts, given, 1, false),
        Meaning::Earlier => offset(parts, given, -1, true),
        Meaning::Later => offset(parts, given, 1, true),
        Meaning::Accounts if unit(parts) == Some(Unit::Quarter) => {
            Some(periods::latest_period(parts, given))
        }
        Meaning::Length
            if given.context.counts_ahead(given.from, given.to)
                && parts.get(Class::Number).is_some()
                && parts.nth(Class::Number, 1).is_none()
                && unit(parts).is_some_and(|unit| unit <= Unit::Day) =>
        {
            offset(parts, given, 1, false)
        }
        Meaning::Length | Meaning::Accounts => length(parts, given).map(|value| Resolved {
            kind: TimexKind::Duration,
            value,
            basis: Basis::None,
            interval: None,
        }),
        Meaning::Quarter => periods::quarter(parts, given),
        Meaning::Half => periods::half(parts, given),
        Meaning::LatestPeriod => Some(periods::latest_period(parts, given)),
        Meaning::YearEarlierPeriod => periods::year_earlier(
            given
                .anchors
                .period()
                .unwrap_or_else(|| calendar::containing(given.reference(), Grain::Year)),
            Basis::Anaphoric,
        ),
        Meaning::OneBefore => beside_last(parts, given, -1),
        Meaning::OneAfter => beside_last(parts, given, 1),
        Meaning::BeforeLast => from_now(parts, given, -2),
        Meaning::AfterNext => from_now(parts, given, 2),
        Meaning::DayOfMonth => dates::day_of_month(parts, given),
        Meaning::Every => every(parts, given),
        Meaning::Recurring => Some(Resolved {
            kind: TimexKind::Set,
            value: given
                .lexicon
                .recurrence(parts.get(Class::Recurrence)?)?
                .clone(),
            basis: Basis::None,
            interval: None,
        }),
        Meaning::Past => Some(vague(Vague::Past)),
        Meaning::Present => Some(vague(Vague::Present)),
        Meaning::Future => Some(vague(Vague::Future)),
    }
}

pub(super) fn unit(parts: &Captures) -> Option<Unit> {
    parts
        .get(Class::Unit)
        .or_else(|| parts.get(Class::Units))
        .and_then(Unit::at)
}

/// "last week", "this year", "the past three months".
fn shifted(parts: &Captures, given: &Given<'_>) -> Option<Resolved> {
    let by = i64::from(parts.get(Class::Shift)?);
    let unit = unit(parts)?;
    let counted = parts.get(Class::Number).is_some() || parts.get(Class::Some).is_some();
    // A decade or a century that is past or to come is counted from now, not by the calendar.
    let long = by != 0 && matches!(unit, Unit::Decade | Unit::Century);
    if counted || long || parts.get(Class::Units).is_some() || unit >= Unit::Hour {
        return Some(Resolved {
            kind: TimexKind::Duration,
            value: length(parts, given)?,
            basis: Basis::None,
            interval: span_of(parts, given, unit, by),
        });
    }
    moved(given.reference(), unit, by).map(|value| date(value, Basis::Deictic))
}

/// The days of "the past three months" up to the reference, of "the next two weeks" from it on.
fn span_of(parts: &Captures, given: &Given<'_>, unit: Unit, by: i64) -> Option<Interval> {
    let count = parts
        .get(Class::Number)
        .and(whole(amount(parts, given, 0)))?;
    let reference = given.reference();
    let far = calendar::shift(reference, unit, by.checked_mul(count)?)?;
    match by {
        -1 => Interval::new(
            far.tomorrow().ok()?.min(reference),
            reference.tomorrow().ok()?,
        ),
        1 => Interval::new(reference, far.tomorrow().ok()?),
        _ => None,
    }
}

/// The stretch of `unit` that lies `by` units from the one `day` is in.
pub(super) fn moved(day: Date, unit: Unit, by: i64) -> Option<Calendar> {
    let moved = calendar::shift(first_of(day, unit), unit, by)?;
    if unit == Unit::Weekend {
        return Some(calendar::weekend(moved));
    }
    Some(calendar::containing(moved, unit.grain()?))
}

/// The first day of the stretch that `day` is in, so that moving by months cannot skip a short one.
fn first_of(day: Date, unit: Unit) -> Date {
    let Some(grain) = unit.grain() else {
        return day;
    };
    calendar::containing(day, grain)
        .interval()
        .map_or(day, super::Interval::begin)
}

/// "the following month", "the previous day", "the next morning": from the date spoken of.
fn following(parts: &Captures, given: &Given<'_>) -> Option<Resolved> {
    if parts.get(Class::Weekday).is_some()
        || parts.get(Class::Month).is_some()
        || parts.get(Class::Season).is_some()
    {
        return periods::beside(parts, given);
    }
    if let Some(part) = parts.get(Class::Part).and_then(PartOfDay::at) {
        let by = parts.get(Class::Beside)?.min(1);
        let day = calendar::shift(given.anchors.day(), Unit::Day, i64::from(by))?;
        return Some(at_part(day, part, given));
    }
    let unit = unit(parts)?;
    let by = match parts.get(Class::Beside)? {
        2 if unit == Unit::Day || given.anchors.narrative() => 1,
        2 => return None,
        by => i64::from(by),
    };
    match given.anchors.last_within(unit.grain()?) {
        Some(last) => {
            let day = last.interval()?.begin();
            moved(day, unit, by).map(|value| date(value, Basis::Anaphoric))
        }
        None => moved(given.reference(), unit, by).map(|value| date(value, Basis::Deictic)),
    }
}

/// "the week before last", "the week after next".
fn from_now(parts: &Captures, given: &Given<'_>, by: i64) -> Option<Resolved> {
    moved(given.reference(), unit(parts)?, by).map(|value| date(value, Basis::Deictic))
}

/// "the year before", with nothing behind it that it would be before.
fn beside_last(parts: &Captures, given: &Given<'_>, by: i64) -> Option<Resolved> {
    if let Some(part) = parts.get(Class::Part).and_then(PartOfDay::at) {
        let day = calendar::shift(given.anchors.day(), Unit::Day, by)?;
        return Some(at_part(day, part, given));
    }
    let unit = unit(parts)?;
    let (from, basis) = match given.anchors.counted_from(unit) {
        Some(last) => (last, Basis::Anaphoric),
        None => (given.reference(), Basis::Deictic),
    };
    moved(from, unit, by).map(|value| date(value, basis))
}

/// "that year", "the same day".
fn same(parts: &Captures, given: &Given<'_>) -> Option<Resolved> {
    if let Some(part) = parts.get(Class::Part).and_then(PartOfDay::at) {
        return Some(at_part(given.anchors.day(), part, given));
    }
    if let Some(season) = parts.get(Class::Season).and_then(Season::at) {
        return Some(periods::that_season(season, given));
    }
    let unit = unit(parts)?;
    let (day, basis) = match given
        .anchors
        .last_within(unit.grain()?)
        .and_then(Calendar::interval)
    {
        Some(last) => (last.begin(), Basis::Anaphoric),
        None => (given.reference(), Basis::Deictic),
    };
    moved(day, unit, 0).map(|value| date(value, basis))
}

fn at_part(day: Date, part: PartOfDay, given: &Given<'_>) -> Resolved {
    Resolved {
        kind: TimexKind::Time,
        value: TimexValue::Clock(Calendar::day(day), TimeOfDay::Part(part)),
        basis: if given.anchors.last.is_some() {
            Basis::Anaphoric
        } else {
            Basis::Deictic
        },
        interval: None,
    }
}

/// "the year", "the quarter", "the weekend".
fn known(parts: &Captures, given: &Given<'_>) -> Option<Resolved> {
    let unit = unit(parts)?;
    if let Some((year, basis)) = dates::said_year(parts, given) {
        return Some(date(Calendar::Year(Year::Is(year)), basis));
    }
    match unit {
        Unit::Quarter => Some(date(given.anchors.latest_period(), Basis::Anaphoric)),
        Unit::Weekend => {
            let ahead = given.direction() == Some(Direction::Ahead);
            let weekend = given.reference().weekday().to_monday_one_offset() >= 6;
            let by = if ahead || weekend { 0 } else { -1 };
            moved(given.reference(), unit, by).map(|value| date(value, Basis::Deictic))
        }
        _ => {
            let (day, basis) = match given.anchors.told() {
                Some(told) => (
                    given.anchors.counted_from(unit).unwrap_or(told),
                    Basis::Anaphoric,
                ),
                None => (given.reference(), Basis::Deictic),
            };
            moved(day, unit, 0).map(|value| date(value, basis))
        }
    }
}

/// "two weeks ago", "a year earlier".
fn offset(parts: &Captures, given: &Given<'_>, sign: i64, anaphoric: bool) -> Option<Resolved> {
    let unit = unit(parts)?;
    let Some(count) = whole(amount(parts, given, 0))
        .filter(|_| parts.get(Class::Unit).is_some() || parts.get(Class::Number).is_some())
    else {
        return Some(vague(if sign < 0 { Vague::Past } else { Vague::Future }));
    };
    if unit == Unit::Year
        && count == 1
        && sign < 0
        && let Some(period) = given.anchors.period()
    {
        return periods::year_earlier(period, Basis::Anaphoric);
    }
    let (from, basis) = match given.anchors.counted_from(unit) {
        Some(last) if anaphoric => (last, Basis::Anaphoric),
        _ => (given.reference(), Basis::Deictic),
    };
    if unit >= Unit::Hour {
        return Some(date(Calendar::day(from), basis));
    }
    let day = calendar::shift(from, unit, sign.checked_mul(count)?)?;
    Some(date(calendar::containing(day, unit.grain()?), basis))
}
