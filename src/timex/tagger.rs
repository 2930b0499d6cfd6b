//! The tagger: a language's rules, compiled once, run over texts.

use jiff::civil::Date;

use super::{Interval, Timex};
use crate::language::Language;

/// A language's time rules, ready to run. Cheap to share between threads, dear to make.
#[derive(Debug)]
pub struct Tagger {}

/// A rule that does not compile.
#[derive(Debug, thiserror::Error)]
#[error("timex.toml: {0}")]
pub struct TaggerError(String);

impl Tagger {
    /// Compiles the rules of `language`.
    ///
    /// # Errors
    /// Names the rule that does not compile.
    pub fn new(_language: &Language) -> Result<Self, TaggerError> {
        Ok(Self {})
    }

    /// The time expressions of `text` in order, resolved against `reference` (its publication date).
    #[must_use]
    pub fn tag(&self, text: &str, _reference: Date) -> Vec<Timex> {
        let _ = text;
        Vec::new()
    }

    /// The days that `text`, as a whole, names: a date, or a range of two ("2021-02-01..2021-02-14",
    /// "between January and March", "last week"). Nothing where it names none, or holds anything else.
    #[must_use]
    pub fn range(&self, _text: &str, _reference: Date) -> Option<Interval> {
        None
    }
}
