//! What BM25 counts: windows, and not the records of articles and files that lie beside them.
//!
//! Scores thus do not depend on how many files the articles came in, and are those that another backend
//! gives to the same windows.

use tantivy::{Searcher, Term, query::Bm25StatisticsProvider, schema::Field};

use super::schema::{Fields, Kind};

/// The statistics of the windows of an index.
pub struct WindowStatistics<'s> {
    searcher: &'s Searcher,
    windows: u64,
}

impl<'s> WindowStatistics<'s> {
    /// The statistics of what `searcher` sees. Windows that were removed count until their segment is
    /// merged, as their terms do.
    pub fn new(searcher: &'s Searcher, fields: Fields) -> tantivy::Result<Self> {
        let window = Term::from_field_u64(fields.kind, Kind::Window as u64);
        Ok(Self {
            searcher,
            windows: searcher.doc_freq(&window)?,
        })
    }
}

impl Bm25StatisticsProvider for WindowStatistics<'_> {
    fn total_num_tokens(&self, field: Field) -> tantivy::Result<u64> {
        Bm25StatisticsProvider::total_num_tokens(self.searcher, field)
    }

    fn total_num_docs(&self) -> tantivy::Result<u64> {
        Ok(self.windows)
    }

    fn doc_freq(&self, term: &Term) -> tantivy::Result<u64> {
        self.searcher.doc_freq(term)
    }
}
