//! Dating: on which day did it happen.
//!
//! For a sentence, or an event mentioned at a place in it, chooses between a date stated there, one
//! carried from before, and the publication date.

mod dater;

pub use dater::{Dater, Scene};

use crate::timex::{Interval, Modifier, TimexValue};

/// Where a date was found.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum DateBasis {
    /// In the sentence itself.
    Stated,
    /// In the text before it.
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
