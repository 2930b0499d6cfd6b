//! `contraries.tsv`: words that say the contrary of each other.
//!
//! A line is two folded words with a tab between them: `increase`, `decrease`. It is made from `WordNet` by
//! `data/scripts/contraries.py`. Inflected forms are known by their stem.

use std::collections::HashMap;

use crate::text::{fold, stem_folded};

/// The content of `contraries.tsv`: by stem, the stems of the contraries.
#[derive(Debug, Default)]
pub struct Contraries(HashMap<String, Vec<String>>);

impl Contraries {
    /// Reads the table.
    ///
    /// # Errors
    /// All that is wrong with it, line by line.
    pub(super) fn read(text: &str) -> Result<Self, Vec<String>> {
        let mut found = Self::default();
        let mut problems = Vec::new();
        for (number, line) in text.lines().enumerate() {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            match line.split_once('\t') {
                Some((one, other)) if fold(one) == one && fold(other) == other => {
                    let (one, other) = (stem_folded(one), stem_folded(other));
                    found.0.entry(one.clone()).or_default().push(other.clone());
                    found.0.entry(other).or_default().push(one);
                }
                _ => problems.push(format!(
                    "line {}: two folded words and a tab are needed",
                    number + 1
                )),
            }
        }
        if problems.is_empty() {
            Ok(found)
        } else {
            Err(problems)
        }
    }

    /// The stems of the contraries of a folded word.
    pub fn of(&self, folded: &str) -> impl Iterator<Item = &str> + use<'_> {
        self.0
            .get(&stem_folded(folded))
            .into_iter()
            .flatten()
            .map(String::as_str)
    }
}
