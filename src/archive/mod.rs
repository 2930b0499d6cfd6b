//! The archive: articles and their index, opened once and asked many times.

mod refresh;
mod suggest;

pub use refresh::{Progress, Refreshed};
pub use suggest::Suggestion;

use std::{
    hash::Hasher,
    path::{Path, PathBuf},
    sync::Arc,
};

use rayon::prelude::*;
use twox_hash::XxHash3_64;

use crate::{
    article::{Article, Unreadable},
    index::{
        Cluster, Embedded, Hit, Index, IndexError, Opened, Query, Record, Remote, Size,
    },
    language::Language,
    passage::{Document, Reader, ReaderError},
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

/// Articles and their index.
pub struct Archive {
    reader: Reader,
    index: Box<dyn Index>,
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
        let archive = Self::in_memory(language)?;
        let refreshed = archive.refresh(paths, &|_| {})?;
        Ok((archive, refreshed.left_out))
    }

    /// An archive in memory that holds nothing yet.
    ///
    /// # Errors
    /// Where the rules or the index fail.
    pub fn in_memory(language: Arc<Language>) -> Result<Self, ArchiveError> {
        let index = Box::new(Embedded::in_memory(Arc::clone(&language))?);
        Self::over(index, language)
    }

    /// The archive whose index is kept in `folder`, as it was left, and how it was found.
    /// [`Archive::refresh`] then takes in what has changed since.
    ///
    /// # Errors
    /// Where the rules fail, or the folder cannot be used.
    pub fn in_folder(
        folder: &Path,
        language: Arc<Language>,
    ) -> Result<(Self, Opened), ArchiveError> {
        let version = version(&language);
        let (index, opened) = Embedded::in_folder(folder, version, Arc::clone(&language))?;
        Ok((Self::over(Box::new(index), language)?, opened))
    }

    /// The archive whose index is in `cluster`. Nothing is sent yet. Whoever only asks does no more;
    /// [`Archive::refresh`] makes this process the one that writes.
    ///
    /// # Errors
    /// Where the rules fail.
    pub fn in_cluster(cluster: &Cluster, language: Arc<Language>) -> Result<Self, ArchiveError> {
        let index = Remote::new(cluster, version(&language), Arc::clone(&language));
        Self::over(Box::new(index), language)
    }

    /// An archive over any index.
    ///
    /// # Errors
    /// Where the rules fail.
    pub fn over(index: Box<dyn Index>, language: Arc<Language>) -> Result<Self, ArchiveError> {
        Ok(Self {
            reader: Reader::new(language)?,
            index,
        })
    }

    /// Reads `articles` on all cores and makes them answerable. They are numbered in the order given.
    ///
    /// # Errors
    /// Where the index fails.
    pub fn add(&self, articles: Vec<Article>) -> Result<(), ArchiveError> {
        let mut articles = articles.into_iter();
        loop {
            let batch: Vec<_> = articles.by_ref().take(BATCH).collect();
            if batch.is_empty() {
                break;
            }
            let batch = batch.into_iter().map(|article| (article, 0)).collect();
            self.write(batch, |_| "")?;
        }
        self.index.commit()?;
        Ok(())
    }

    /// Reads a batch of articles on all cores, and gives it to the index in its order.
    fn write<'f>(
        &self,
        batch: Vec<(Article, usize)>,
        file: impl Fn(usize) -> &'f str,
    ) -> Result<(), ArchiveError> {
        let read: Vec<(Document, u64, usize)> = batch
            .into_par_iter()
            .map(|(article, file)| {
                let fingerprint = fingerprint(&article);
                (self.reader.read(article), fingerprint, file)
            })
            .collect();
        let records: Vec<Record<'_>> = read
            .iter()
            .map(|(document, fingerprint, number)| Record {
                document,
                file: file(*number),
                fingerprint: *fingerprint,
            })
            .collect();
        Ok(self.index.add(&records)?)
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

    /// How much the archive holds, and the days it spans.
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

/// How many articles are read before they go to the index together.
const BATCH: usize = 256;

/// What a stored index depends on beside the rules: to be raised with every change of what is stored, and
/// with every change of the code that reads articles.
const STORED: u64 = 1;

/// The version of what an index of this program with these rules holds.
fn version(language: &Language) -> u64 {
    let mut hasher = XxHash3_64::new();
    hasher.write_u64(STORED);
    hasher.write(env!("CARGO_PKG_VERSION").as_bytes());
    hasher.write_u64(language.reading_fingerprint);
    hasher.finish()
}

/// A hash of an article as it was read.
fn fingerprint(article: &Article) -> u64 {
    // An article always can be written; if not, it only would be read again.
    XxHash3_64::oneshot(&postcard::to_allocvec(article).unwrap_or_default())
}
