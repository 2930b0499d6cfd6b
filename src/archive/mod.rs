//! The archive: articles and their index, opened once and asked many times.

mod suggest;

pub use suggest::Suggestion;

use std::{
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
};

use rayon::prelude::*;

use crate::{
    article::{self, Article, Unreadable},
    index::{Embedded, Hit, Index, IndexError, Query, Size},
    language::Language,
    passage::{Document, Reader, ReaderError},
    quotation::QuotationKind,
};

/// An archive that cannot answer now.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// The index failed.
    #[error(transparent)]
    Index(#[from] IndexError),
    /// The language's rules do not compile.
    #[error("the language's rules do not compile: {0}")]
    Rules(#[from] ReaderError),
}

/// What was found in the articles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Counts {
    /// Articles.
    pub articles: usize,
    /// Paragraphs.
    pub passages: usize,
    /// Sentences.
    pub sentences: usize,
    /// Time expressions.
    pub timexes: usize,
    /// Quotations, indirect ones aside.
    pub quotations: usize,
}

impl Counts {
    fn count(&mut self, document: &Document) {
        self.articles += 1;
        self.passages += document.passages.len();
        for passage in &document.passages {
            self.sentences += passage.sentences.len();
            self.timexes += passage.timexes.len();
            self.quotations += passage
                .quotations
                .iter()
                .filter(|quotation| quotation.kind != QuotationKind::Indirect)
                .count();
        }
    }
}

/// How many articles are read before they go to the index together.
const BATCH: usize = 256;

/// Articles and their index.
pub struct Archive {
    reader: Reader,
    index: Box<dyn Index>,
    counts: Mutex<Counts>,
}

impl Archive {
    /// Reads the articles at `paths` (folders and files), and indexes them in memory.
    ///
    /// # Errors
    /// Only where the rules or the index fail; articles that cannot be read are told in the second value.
    pub fn open(
        paths: &[PathBuf],
        language: Arc<Language>,
    ) -> Result<(Self, Vec<Unreadable>), ArchiveError> {
        let archive = Self::empty(language)?;
        let mut reading = article::read(paths);
        reading
            .articles
            .sort_by(|a, b| a.published.cmp(&b.published).then_with(|| a.id.cmp(&b.id)));
        archive.add(reading.articles)?;
        Ok((archive, reading.unreadable))
    }

    /// An archive in memory that holds nothing yet.
    ///
    /// # Errors
    /// Where the rules or the index fail.
    pub fn empty(language: Arc<Language>) -> Result<Self, ArchiveError> {
        let index = Box::new(Embedded::in_memory(Arc::clone(&language))?);
        Ok(Self {
            reader: Reader::new(language)?,
            index,
            counts: Mutex::default(),
        })
    }

    /// Reads `articles` on all cores and makes them answerable. They are numbered in the order given.
    ///
    /// # Errors
    /// Where the index fails.
    pub fn add(&self, articles: Vec<Article>) -> Result<(), ArchiveError> {
        let mut articles = articles.into_iter();
        loop {
            let batch: Vec<Article> = articles.by_ref().take(BATCH).collect();
            if batch.is_empty() {
                break;
            }
            let documents: Vec<Document> = batch
                .into_par_iter()
                .map(|article| self.reader.read(article))
                .collect();
            self.index.add(&documents)?;
            let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
            for document in &documents {
                counts.count(document);
            }
        }
        self.index.commit()?;
        Ok(())
    }

    /// The archive's language.
    #[must_use]
    pub fn language(&self) -> &Language {
        self.reader.language()
    }

    /// The tools that read articles, for those who read questions.
    #[must_use]
    pub fn reader(&self) -> &Reader {
        &self.reader
    }

    /// What was found in the articles.
    #[must_use]
    pub fn counts(&self) -> Counts {
        *self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How much the index holds, and the days it spans.
    ///
    /// # Errors
    /// Where the index fails.
    pub fn size(&self) -> Result<Size, ArchiveError> {
        Ok(self.index.size()?)
    }

    /// The best windows for `query`, each with its document, best first.
    ///
    /// # Errors
    /// Where the index fails.
    pub fn search(
        &self,
        query: &Query,
        limit: usize,
    ) -> Result<Vec<(Hit, Arc<Document>)>, ArchiveError> {
        let mut found = Vec::new();
        for hit in self.index.search(query, limit)? {
            // An article that went away between the two look-ups is no error: it is just not there.
            if let Some(document) = self.index.document(hit.article)? {
                found.push((hit, document));
            }
        }
        Ok(found)
    }

    /// The index itself, for look-ups of words, names and numbers.
    #[must_use]
    pub fn index(&self) -> &dyn Index {
        self.index.as_ref()
    }
}
