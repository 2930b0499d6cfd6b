//! Terms of the dictionary that go on as somebody began.

use std::collections::BTreeMap;

use super::Embedded;
use crate::index::{Counted, IndexError};

/// How many terms of the dictionary a completion or a search for near words looks at, at most.
const TERMS_SCANNED: usize = 50_000;

impl Embedded {
    /// The terms of a raw field that begin with `prefix` (after mapping by `keep`), most frequent first.
    pub(super) fn completions(
        &self,
        field: tantivy::schema::Field,
        prefix: &str,
        mut keep: impl FnMut(&str) -> Option<(usize, String)>,
    ) -> Result<Vec<(usize, Counted)>, IndexError> {
        let searcher = self.reader.searcher();
        let mut found: BTreeMap<String, (usize, u64)> = BTreeMap::new();
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
                if let Some((rank, text)) = keep(term) {
                    found.entry(text).or_insert((rank, 0)).1 += u64::from(stream.value().doc_freq);
                }
            }
        }
        let mut counted: Vec<(usize, Counted)> = found
            .into_iter()
            .map(|(text, (rank, articles))| (rank, Counted { text, articles }))
            .collect();
        counted.sort_by(|(a_rank, a), (b_rank, b)| {
            a_rank
                .cmp(b_rank)
                .then(b.articles.cmp(&a.articles))
                .then(a.text.cmp(&b.text))
        });
        Ok(counted)
    }
}
