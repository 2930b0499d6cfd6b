//! `language.toml`: the words that hold a language together.

use rustc_hash::FxHashSet;

use crate::text::{Abbreviations, fold};

/// The content of `language.toml`.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    /// The language's name in English.
    pub name: String,
    /// Its BCP 47 tag.
    pub code: String,
    abbreviations: Vec<String>,
    #[serde(rename = "stop_words")]
    stop: Vec<String>,
    #[serde(skip)]
    abbreviation_set: Abbreviations,
    #[serde(skip)]
    stop_set: FxHashSet<String>,
}

impl Words {
    /// Words whose full stop ends no sentence.
    #[must_use]
    pub fn abbreviations(&self) -> &Abbreviations {
        &self.abbreviation_set
    }

    /// Whether the folded word says nothing of what a text is about.
    #[must_use]
    pub fn is_stop_word(&self, folded: &str) -> bool {
        self.stop_set.contains(folded)
    }

    pub(super) fn validate(&mut self) -> Vec<String> {
        self.abbreviation_set = Abbreviations::new(self.abbreviations.iter().map(String::as_str));
        self.stop_set = self
            .stop
            .iter()
            .map(|word| fold(word).into_owned())
            .collect();
        Vec::new()
    }
}
