//! `related.tsv`: words that may stand for the one that somebody asks with, and how safely each does.
//!
//! A line is a folded word, a tab, and other words with their weights: `theft`, `larceny:0.80 robbery:0.49`.
//! The lines are sorted by their word. Others written with a capital are names or made of names
//! ("Danish", "Denmark"). The table knows no inflections that a stemmer knows: a word that has no line of
//! its own is looked up by its stem. It is made from `WordNet` by `data/scripts/related.py`, which says how;
//! corrections belong into the `synonyms` of `questions.toml`.
//!
//! The file stays one string in memory, in which lines are found by bisection.

use std::{ops::Range, sync::OnceLock};

use crate::text::{fold, stem_folded};

/// What a relation of another word with the same stem is worth, where the word asked with has no line of
/// its own, and where it has one: "detained" has what "detain" has, but "university" little of "universe".
const BY_STEM: f32 = 0.9;
const BESIDE_OWN: f32 = 0.6;

/// The content of `related.tsv`.
#[derive(Debug, Default)]
pub struct Related {
    text: Box<str>,
    /// Where the lines stand in the text, comments left out.
    lines: Box<[Range<u32>]>,
    /// The lines by the stem of their word, made when first needed.
    by_stem: OnceLock<Box<[u32]>>,
}

impl Related {
    /// Reads the table.
    ///
    /// # Errors
    /// All that is wrong with it, line by line.
    pub(super) fn read(text: String) -> Result<Self, Vec<String>> {
        let mut problems = Vec::new();
        let mut lines = Vec::new();
        let mut start = 0;
        let mut before = "";
        for (number, line) in text.split_inclusive('\n').enumerate() {
            let range = start..start + line.len();
            start = range.end;
            let line = line.trim_end();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let mut fail = |reason: String| problems.push(format!("line {}: {reason}", number + 1));
            let word = word(line);
            if word <= before {
                fail(format!("{word:?} must stand before {before:?}"));
            }
            if let Err(reason) = check(line) {
                fail(reason);
            }
            before = word;
            match (u32::try_from(range.start), u32::try_from(range.end)) {
                (Ok(start), Ok(end)) => lines.push(start..end),
                _ => fail("the table is larger than four gigabytes".to_owned()),
            }
        }
        if problems.is_empty() {
            Ok(Self {
                text: text.into_boxed_str(),
                lines: lines.into(),
                by_stem: OnceLock::new(),
            })
        } else {
            Err(problems)
        }
    }

    /// The folded words that may stand for `word`, each with what it is worth, more than 0 and less than 1.
    /// A word may be told twice.
    ///
    /// Of a `name` only names and what is made of them is told: what stands for a bush does not stand for
    /// Mr Bush.
    #[must_use]
    pub fn of(&self, word: &str, name: bool) -> Vec<(String, f32)> {
        let folded = fold(word);
        let mut found = Vec::new();
        let mut tell = |line: &str, worth: f32| {
            for (other, weight) in others(line) {
                if !name || other.starts_with(char::is_uppercase) {
                    found.push((fold(other).into_owned(), weight * worth));
                }
            }
        };
        let own = self.own(&folded);
        if let Some(own) = own {
            tell(self.line(own), 1.0);
        }
        let worth = if own.is_some() { BESIDE_OWN } else { BY_STEM };
        for line in self.with_stem(&stem_folded(&folded)) {
            if Some(line) != own {
                tell(self.line(line), worth);
            }
        }
        found
    }

    /// Whether it has a line for a folded word or its singular: then it is a common word rather than a name.
    #[must_use]
    pub fn knows(&self, folded: &str) -> bool {
        let singular = folded.strip_suffix('s').unwrap_or(folded);
        self.own(folded).is_some() || self.own(singular).is_some()
    }

    /// The line of a folded word.
    fn own(&self, folded: &str) -> Option<&Range<u32>> {
        let found = self
            .lines
            .binary_search_by(|line| word(self.line(line)).cmp(folded));
        self.lines.get(found.ok()?)
    }

    /// The words that have a line, in order, each with its others as they are written.
    pub fn iter(&self) -> impl Iterator<Item = (&str, impl Iterator<Item = (&str, f32)>)> {
        self.lines.iter().map(|line| {
            let line = self.line(line);
            (word(line), others(line))
        })
    }

    fn line(&self, range: &Range<u32>) -> &str {
        let range = range.start as usize..range.end as usize;
        self.text.get(range).unwrap_or_default().trim_end()
    }

    fn with_stem(&self, stem: &str) -> impl Iterator<Item = &Range<u32>> {
        let stem_at = |index: u32| {
            let line = self.lines.get(index as usize);
            line.map(|line| stem_folded(word(self.line(line))))
                .unwrap_or_default()
        };
        let by_stem = self.by_stem.get_or_init(|| {
            let count = u32::try_from(self.lines.len()).unwrap_or(u32::MAX);
            let mut sorted: Vec<u32> = (0..count).collect();
            sorted.sort_by_cached_key(|&index| stem_at(index));
            sorted.into()
        });
        let from = by_stem.partition_point(|&index| stem_at(index).as_str() < stem);
        let stem = stem.to_owned();
        by_stem
            .iter()
            .skip(from)
            .take_while(move |&&index| stem_at(index) == stem)
            .filter_map(|&index| self.lines.get(index as usize))
    }
}

/// The word of a line.
fn word(line: &str) -> &str {
    line.split_once('\t').map_or(line, |(word, _)| word)
}

/// The others of a line.
fn others(line: &str) -> impl Iterator<Item = (&str, f32)> {
    let rest = line.split_once('\t').map_or("", |(_, rest)| rest);
    rest.split(' ').filter_map(|pair| {
        let (other, weight) = pair.split_once(':')?;
        Some((other, weight.parse().ok()?))
    })
}

/// What is wrong with a line.
fn check(line: &str) -> Result<(), String> {
    let (word, rest) = line
        .split_once('\t')
        .ok_or_else(|| "a word, a tab and other words are needed".to_owned())?;
    if word.is_empty() || fold(word) != word {
        return Err(format!("{word:?} is not folded"));
    }
    for pair in rest.split(' ') {
        let weight = |(_, weight): (&str, &str)| weight.parse::<f32>().ok();
        let parts = pair.split_once(':');
        if !parts
            .and_then(weight)
            .is_some_and(|weight| weight > 0.0 && weight < 1.0)
        {
            return Err(format!("{pair:?} is no word with a weight between 0 and 1"));
        }
        if parts.is_some_and(|(other, _)| fold(other) == word) {
            return Err(format!("{word:?} is related to itself"));
        }
    }
    Ok(())
}
