//! `names.toml`: first names and the gender they usually tell.

use std::collections::HashSet;

use crate::text::bare;

/// The content of `names.toml`: names in running text, white space between them.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Names {
    male: String,
    female: String,
    /// All of them, folded as topics are.
    #[serde(skip)]
    first: HashSet<String>,
}

impl Names {
    /// First names of men.
    pub fn male(&self) -> impl Iterator<Item = &str> {
        self.male.split_whitespace()
    }

    /// First names of women.
    pub fn female(&self) -> impl Iterator<Item = &str> {
        self.female.split_whitespace()
    }

    /// Whether a word, folded by [`bare`], is a first name.
    #[must_use]
    pub fn is_first_name(&self, word: &str) -> bool {
        self.first.contains(word)
    }

    pub(super) fn validate(&mut self) -> Vec<String> {
        self.first = self.male().chain(self.female()).map(bare).collect();
        let male: HashSet<&str> = self.male().collect();
        self.female()
            .filter(|name| male.contains(name))
            .map(|name| format!("{name:?} stands in both lists"))
            .collect()
    }
}
