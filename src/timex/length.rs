//! Lengths of time and what recurs: "two years and eight months", "every other Monday".

use super::{
    Basis, TimexKind,
    class::Class,
    pattern::Captures,
    resolve::{Given, Resolved, unit},
    value::{Amount, Calendar, PartOfDay, Season, TimeOfDay, TimexValue, Unit, Year},
};

/// How many: a number, "several", "half", or one.
pub(super) fn amount(parts: &Captures, given: &Given<'_>, index: usize) -> Amount {
    let thousandths = |number: i32| Amount::Thousandths(u64::from(number.unsigned_abs()));
    if let Some(number) = parts.nth(Class::Number, index) {
        return thousandths(number);
    }
    if let Some(day) = parts.get(Class::Day) {
        return thousandths(day.saturating_mul(1000));
    }
    if parts.get(Class::Some).is_some() {
        return Amount::Some;
    }
    let place = |symbol: u16| parts.iter().position(|sense| sense.symbol == symbol);
    match (place(given.half), place(Class::Unit.symbol())) {
        (Some(half), Some(unit)) if half < unit => Amount::Thousandths(500),
        // "an hour and a half"
        (Some(_), _) => Amount::Thousandths(1500),
        (None, _) => Amount::Thousandths(1000),
    }
}

/// The length captured: "15 minutes", "two years and eight months", "weeks".
pub(super) fn length(parts: &Captures, given: &Given<'_>) -> Option<TimexValue> {
    let Some(first) = unit(parts) else {
        // "a while"
        return Some(TimexValue::Length(vec![(Amount::Some, Unit::Any)]));
    };
    let counted = parts.get(Class::Unit).is_some() || parts.get(Class::Number).is_some();
    let many = if counted {
        amount(parts, given, 0)
    } else {
        Amount::Some
    };
    let mut lengths = vec![(many, first)];
    let second = if parts.get(Class::Unit).is_some() {
        parts.get(Class::Units)
    } else {
        parts.nth(Class::Units, 1)
    };
    let second = second.and_then(Unit::at);
    // "25 years, 5 years" are two lengths.
    if second.is_some_and(|second| second <= first) {
        return None;
    }
    if let Some(second) = second
        && let Some(more) = parts.nth(Class::Number, 1).or_else(|| {
            (parts.get(Class::Unit).is_some())
                .then(|| parts.nth(Class::Number, 0))
                .flatten()
        })
    {
        lengths.push((Amount::Thousandths(u64::from(more.unsigned_abs())), second));
    }
    Some(TimexValue::Length(lengths))
}

pub(super) fn whole(amount: Amount) -> Option<i64> {
    match amount {
        Amount::Some => None,
        Amount::Thousandths(number) => i64::try_from(number / 1000).ok(),
    }
}

/// "every Monday", "each July", "every two weeks".
pub(super) fn every(parts: &Captures, given: &Given<'_>) -> Option<Resolved> {
    let small = |number: i32| u8::try_from(number).ok();
    let value = if let Some(weekday) = parts
        .get(Class::Weekday)
        .or_else(|| parts.get(Class::Weekdays))
    {
        TimexValue::Calendar(Calendar::Weekday(Year::Any, None, small(weekday)?))
    } else if let Some(month) = parts.get(Class::Month) {
        TimexValue::Calendar(Calendar::Month(Year::Any, small(month)))
    } else if let Some(season) = parts.get(Class::Season) {
        TimexValue::Calendar(Calendar::Season(Year::Any, Season::at(season)?))
    } else if let Some(part) = parts.get(Class::Part) {
        TimexValue::Clock(
            Calendar::Day(Year::Any, None, None),
            TimeOfDay::Part(PartOfDay::at(part)?),
        )
    } else {
        length(parts, given)?
    };
    Some(Resolved {
        kind: TimexKind::Set,
        value,
        basis: Basis::None,
        interval: None,
    })
}
