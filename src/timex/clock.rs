//! Hours, minutes and parts of the day → a time of day.

use super::{
    class::Class,
    dates::small,
    pattern::Captures,
    value::{PartOfDay, TimeOfDay},
};

/// The half of the day that "o'clock" leaves open.
const O_CLOCK: i32 = 24;

/// The time of day, if one is named; nothing where it does not exist.
#[expect(
    clippy::option_option,
    reason = "nothing named and nothing possible are two answers"
)]
pub(super) fn time_of_day(parts: &Captures) -> Option<Option<TimeOfDay>> {
    let half = parts.get(Class::HalfDay);
    let to_24 = |hour: i32| -> Option<u8> {
        let hour = match half {
            // "eight o'clock in the evening"
            Some(O_CLOCK) => {
                let late = [PartOfDay::Afternoon, PartOfDay::Evening, PartOfDay::Night];
                let part = parts.get(Class::Part).and_then(PartOfDay::at);
                let late = part.is_some_and(|part| late.contains(&part)) && hour < 12;
                hour + if late { 12 } else { 0 }
            }
            Some(half) if hour <= 12 => hour % 12 + half,
            // "14:00 p.m." says the same twice, and "14:00 a.m." is no time.
            Some(12) | None => hour,
            Some(_) => return None,
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
    if (half.is_some() || parts.get(Class::Zone).is_some())
        && let Some(hour) = parts.get(Class::Number)
    {
        // "9.30 a.m." is read as a decimal number by the lexer.
        let (hour, minute) = (hour / 1000, hour % 1000 / 10);
        return (minute < 60).then_some(Some(TimeOfDay::Minute(to_24(hour)?, small(minute)?)));
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
