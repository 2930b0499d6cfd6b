//! Time expressions in news, tagged and resolved: text → [`Timex`].
//!
//! Spans, types, values and modifiers are those of TIMEX3 (TimeML 1.2.1); beside a resolved value stands
//! the [`Interval`] of days that it covers, which is what answers depend on.

mod interval;
mod tagger;
mod value;

pub use interval::{Grain, Interval};
pub use tagger::{Tagger, TaggerError};
pub use value::{TimexValue, ValueError};

use crate::text::Span;

/// TIMEX3's types.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub enum TimexKind {
    /// A calendar date of any grain: "February 12", "last month", "the 1990s".
    Date,
    /// A time of day, or a date with one: "9 a.m.", "Friday night".
    Time,
    /// A length of time: "almost a month".
    Duration,
    /// A recurring time: "every Monday".
    Set,
}

/// TIMEX3's `mod`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[expect(missing_docs, reason = "the names are TIMEX3's own")]
pub enum Modifier {
    Before,
    After,
    OnOrBefore,
    OnOrAfter,
    LessThan,
    MoreThan,
    EqualOrLess,
    EqualOrMore,
    Start,
    Mid,
    End,
    Approx,
}

/// From what a value was resolved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub enum Basis {
    /// The expression says it all: "3 February 2021", "2014".
    Explicit,
    /// Resolved against the reference date: "last week", "on Friday", "February 12".
    Deictic,
    /// Resolved against a date mentioned before: "the following day", "that month".
    Anaphoric,
    /// Not resolved, or nothing to resolve: durations, sets, `PAST_REF`.
    None,
}

/// One time expression.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Timex {
    /// Where it stands.
    pub span: Span,
    /// Its type.
    pub kind: TimexKind,
    /// Its value, as TIMEX3 writes it.
    pub value: TimexValue,
    /// Its modifier.
    pub modifier: Option<Modifier>,
    /// The days it covers, where it is a point or stretch of the calendar; modifiers narrow it ("late
    /// January" is the last third of that month).
    pub interval: Option<Interval>,
    /// From what it was resolved.
    pub basis: Basis,
}
