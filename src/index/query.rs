//! What is sought, in no engine's language.

use crate::timex::Interval;

/// One thing sought: the stem of a word, or any of several that say the same.
#[derive(Clone, Debug, PartialEq)]
pub struct Concept {
    /// Stems and their weights; the best that matches counts. The asker's own word weighs 1.
    pub stems: Vec<(String, f32)>,
    /// What the concept weighs beside the others.
    pub weight: f32,
    /// Whether nothing is found without it.
    pub required: bool,
}

/// Stems that must stand together.
#[derive(Clone, Debug, PartialEq)]
pub struct Phrase {
    /// The stems with their places relative to the first; a place left out is a stop word.
    pub stems: Vec<(usize, String)>,
    /// What it weighs beside the concepts.
    pub weight: f32,
    /// Whether nothing is found without it.
    pub required: bool,
}

/// A query over windows. Empty, it finds nothing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Query {
    /// What is sought.
    pub concepts: Vec<Concept>,
    /// What must or may stand together.
    pub phrases: Vec<Phrase>,
    /// Stems that must not occur.
    pub without: Vec<String>,
    /// Stems of a speaker's name: windows in which such a speaker is quoted weigh more.
    pub speakers: Vec<String>,
    /// Only windows that tell of something within these days.
    pub happened: Option<Interval>,
    /// Only articles published within these days.
    pub published: Option<Interval>,
    /// Only articles of this outlet, case aside.
    pub outlet: Option<String>,
    /// Only windows with quotations.
    pub quoting: bool,
    /// Everything that passes the filters, where nothing is sought.
    pub everything: bool,
}
