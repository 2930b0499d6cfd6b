//! Dating: on which day did it happen.
//!
//! For an event mentioned at a place in an article, or for a sentence, a choice between the dates stated in
//! the sentence, those carried from before, those at which the same thing is mentioned elsewhere, and the
//! publication date. Each candidate is weighed by named features (the verb's tense and whether it reports
//! speech, which verb a date belongs to, clauses and words in between, distance) whose weights are data,
//! learned offline by `data/scripts/dating.py`: a conditional logit, as in discrete-choice models. Two
//! candidates of one date count together.
//!
//! Left out: order between events without dates, and the length of what lasts.

mod account;
mod candidates;
mod clause;
mod dater;
mod features;

pub use dater::{Dater, Scene, Told, Weighed};
pub use features::unknown_features;

use crate::timex::{Interval, Modifier, TimexValue};

/// Where a date was found.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum DateBasis {
    /// In the sentence itself.
    Stated,
    /// In the text before it, or where the same thing is mentioned elsewhere.
    Carried,
    /// Nowhere: it is the article's publication date.
    Published,
}

impl DateBasis {
    /// The word for it in annotations and JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Stated => "stated",
            Self::Carried => "carried",
            Self::Published => "published",
        }
    }
}

/// When something happened.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Dated {
    /// The days it covers.
    pub interval: Interval,
    /// The date as TIMEX3 writes it: `2021-02-12`, `2021-01`, `2020`.
    pub value: TimexValue,
    /// "late January": the modifier, where there is one.
    pub modifier: Option<Modifier>,
    /// Where it was found.
    pub basis: DateBasis,
}
