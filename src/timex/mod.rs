//! Time expressions in news, tagged and resolved: text → [`Timex`].
//!
//! Spans, types, values and modifiers are those of TIMEX3 (TimeML 1.2.1); beside a resolved value stands
//! the [`Interval`] of days that it covers, which is what answers depend on.
//!
//! A text passes four stages, each linear in its length: the lexer reads words, figures and marks; numbers
//! and names of days are joined; patterns over classes of words (`data/en/timex.toml`) find expressions
//! with what modifies them; each is resolved from what was said before it: the reference date, the last
//! date of a fitting grain, the reporting period, and the tense of the clause. A text that opens on days
//! long past and names none near its reference is taken for a history, where dates without a year go on
//! from the one before.
//!
//! Left out: years before 1000, seasons of the southern hemisphere, repetition counts of sets (`freq`,
//! `quant`), lengths counted from events ("three days after the vote" is a length), and time zones,
//! which are tagged but not converted.

mod anchors;
mod calendar;
mod candidates;
mod class;
mod clock;
mod context;
mod dates;
mod figures;
mod genre;
mod holiday;
mod interval;
mod length;
mod lexer;
mod lexicon;
mod meaning;
mod notation;
mod numeral;
mod pattern;
mod periods;
mod range;
mod resolve;
mod rules;
mod tagger;
mod value;

pub use interval::{Grain, Interval};
pub use tagger::{Tagger, TaggerError};
pub use value::{
    Amount, Calendar, PartOfDay, Season, TimeOfDay, TimexValue, Unit, Vague, ValueError, Year,
};

pub use crate::language::DateOrder;
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

impl Modifier {
    const NAMES: [(&'static str, Self); 12] = [
        ("BEFORE", Self::Before),
        ("AFTER", Self::After),
        ("ON_OR_BEFORE", Self::OnOrBefore),
        ("ON_OR_AFTER", Self::OnOrAfter),
        ("LESS_THAN", Self::LessThan),
        ("MORE_THAN", Self::MoreThan),
        ("EQUAL_OR_LESS", Self::EqualOrLess),
        ("EQUAL_OR_MORE", Self::EqualOrMore),
        ("START", Self::Start),
        ("MID", Self::Mid),
        ("END", Self::End),
        ("APPROX", Self::Approx),
    ];
}

impl std::fmt::Display for Modifier {
    /// As TIMEX3 writes it.
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let name = Self::NAMES
            .iter()
            .find(|(_, modifier)| modifier == self)
            .map_or("", |(name, _)| name);
        out.write_str(name)
    }
}

impl std::str::FromStr for Modifier {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::NAMES
            .iter()
            .find(|(name, _)| *name == text)
            .map(|&(_, modifier)| modifier)
            .ok_or(())
    }
}

impl TimexKind {
    const NAMES: [(&'static str, Self); 4] = [
        ("DATE", Self::Date),
        ("TIME", Self::Time),
        ("DURATION", Self::Duration),
        ("SET", Self::Set),
    ];
}

impl std::fmt::Display for TimexKind {
    /// As TIMEX3 writes it.
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let name = Self::NAMES
            .iter()
            .find(|(_, kind)| kind == self)
            .map_or("", |(name, _)| name);
        out.write_str(name)
    }
}

impl std::str::FromStr for TimexKind {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::NAMES
            .iter()
            .find(|(name, _)| *name == text)
            .map(|&(_, kind)| kind)
            .ok_or(())
    }
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
