//! Terms of the dictionary that go on as somebody began, or are spelt nearly like a word.

use std::collections::BTreeMap;

use tantivy::{Term as EngineTerm, query::FuzzyTermQuery};

use super::Embedded;
use crate::index::{
    Counted, IndexError,
    vocabulary::{edits_allowed, nearest_first},
};

/// How many terms of the dictionary a completion looks at in each segment, at most.
const TERMS_SCANNED: usize = 50_000;

/// Terms of several segments: each one's rank, and how many articles have it.
#[derive(Default)]
struct Terms(BTreeMap<String, (usize, u64)>);

impl Terms {
    fn add(&mut self, text: String, rank: usize, articles: u32) {
        self.0.entry(text).or_insert((rank, 0)).1 += u64::from(articles);
    }

    /// Those of the lowest rank first, of equals the most frequent.
    fn sorted(self) -> Vec<Counted> {
        let terms = self.0.into_iter();
        let terms = terms.map(|(text, (rank, articles))| (rank, Counted { text, articles }));
        nearest_first(terms.collect())
    }
}

impl Embedded {
    /// The terms of a raw field that begin with `prefix` (after mapping by `keep`), most frequent first.
    pub(super) fn completions(
        &self,
        field: tantivy::schema::Field,
        prefix: &str,
        mut keep: impl FnMut(&str) -> Option<String>,
    ) -> Result<Vec<Counted>, IndexError> {
        let searcher = self.reader.searcher();
        let mut found = Terms::default();
        for segment in searcher.segment_readers() {
            let index = segment.inverted_index(field)?;
            let mut stream = index
                .terms()
                .range()
                .ge(prefix)
                .into_stream()
                .map_err(tantivy::TantivyError::from)?;
            let mut scanned = 0;
            while stream.advance() && scanned < TERMS_SCANNED {
                scanned += 1;
                let Ok(term) = std::str::from_utf8(stream.key()) else {
                    continue;
                };
                if !term.starts_with(prefix) {
                    break;
                }
                if let Some(text) = keep(term) {
                    found.add(text, 0, stream.value().doc_freq);
                }
            }
        }
        Ok(found.sorted())
    }

    /// Words spelt nearly like `word`, the nearest and most frequent first.
    pub(super) fn misspelt(&self, word: &str) -> Result<Vec<Counted>, IndexError> {
        let letters = word.chars().count();
        // Who misspells a word mostly gets its first letter right; that keeps the look-up short.
        let (Some(first), Some(allowed)) = (word.chars().next(), edits_allowed(letters)) else {
            return Ok(Vec::new());
        };
        let field = self.fields.word;
        let edits = u8::try_from(allowed).unwrap_or(1);
        let near = FuzzyTermQuery::new(EngineTerm::from_field_text(field, word), edits, true);
        let first = first.to_string();
        let searcher = self.reader.searcher();
        let mut found = Terms::default();
        for segment in searcher.segment_readers() {
            let index = segment.inverted_index(field)?;
            let terms = index.terms().search(near.automaton()?).ge(&first);
            let mut stream = terms.into_stream().map_err(tantivy::TantivyError::from)?;
            while stream.advance() {
                let Ok(term) = std::str::from_utf8(stream.key()) else {
                    continue;
                };
                if !term.starts_with(&first) {
                    break;
                }
                let distance = strsim::osa_distance(word, term);
                if (1..=allowed).contains(&distance) {
                    found.add(term.to_owned(), distance, stream.value().doc_freq);
                }
            }
        }
        Ok(found.sorted())
    }
}
