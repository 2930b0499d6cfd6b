//! The archive: articles and their index, opened once and asked many times.

mod intake;
mod refresh;
mod source;
mod suggest;

pub use refresh::{Progress, Refreshed};
pub use suggest::Suggestion;

use std::{
    hash::Hasher,
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
    sync::Arc,
};

use rayon::prelude::*;
use tracing::error;
use twox_hash::XxHash3_64;

use crate::{
    article::{Article, Fingerprint, Unreadable},
    index::{
        Cluster, Embedded, Hit, Index, IndexError, Opened, Part, Partial, Query, Record, Remote,
        Size,
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

/// Articles and their index, and the words in which they are spoken of.
///
/// [`Archive::within`] and [`Archive::speaking`] give other views of the same: what they share is not copied.
#[derive(Clone)]
pub struct Archive {
    reader: Arc<Reader>,
    language: Arc<Language>,
    index: Arc<dyn Index>,
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
        let index = Arc::new(Embedded::in_memory(Arc::clone(&language))?);
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
        let (index, opened) = Embedded::in_folder(folder, version, &language)?;
        Ok((Self::over(Arc::new(index), language)?, opened))
    }

    /// The archive whose index is in `cluster`. Nothing is sent yet. Whoever only asks does no more;
    /// [`Archive::refresh`] makes this process the one that writes.
    ///
    /// # Errors
    /// Where the rules fail.
    pub fn in_cluster(cluster: &Cluster, language: Arc<Language>) -> Result<Self, ArchiveError> {
        let index = Remote::new(cluster, version(&language), Arc::clone(&language));
        Self::over(Arc::new(index), language)
    }

    /// An archive over any index.
    ///
    /// # Errors
    /// Where the rules fail.
    pub fn over(index: Arc<dyn Index>, language: Arc<Language>) -> Result<Self, ArchiveError> {
        Ok(Self {
            reader: Arc::new(Reader::new(Arc::clone(&language))?),
            language,
            index,
        })
    }

    /// The same articles under other rules for questions and answers. Rules by which articles are read must be the
    /// same: what was found in them stays as it is.
    ///
    /// # Errors
    /// Where the rules fail.
    pub fn under(&self, language: Arc<Language>) -> Result<Self, ArchiveError> {
        Self::over(Arc::clone(&self.index), language)
    }

    /// Takes in the articles that `feed` has sent to `other`, an archive that is about to be replaced by this one.
    /// Says how many were new here.
    ///
    /// # Errors
    /// Where one of the two indexes fails.
    pub fn take_over(&self, other: &Self, feed: &str) -> Result<u64, ArchiveError> {
        let mut articles = Vec::new();
        for number in other.index.articles_of(&[feed])?.concat() {
            articles.extend(
                other
                    .index
                    .document(number)?
                    .map(|document| document.article.clone()),
            );
        }
        if articles.is_empty() {
            return Ok(0);
        }
        self.take_in(feed, articles)
    }

    /// The same archive without what lies outside of `part`. It is only read.
    #[must_use]
    pub fn within(&self, part: Part) -> Self {
        if part.is_whole() {
            return self.clone();
        }
        let words = Arc::clone(&self.language.words);
        Self {
            index: Arc::new(Partial::new(Arc::clone(&self.index), part, words)),
            ..self.clone()
        }
    }

    /// The same archive, spoken of in the language that `locale` names, where the bot speaks it.
    #[must_use]
    pub fn speaking(&self, locale: &str) -> Self {
        Self {
            language: Arc::new(self.language.speaking(locale)),
            ..self.clone()
        }
    }

    /// An archive of these articles alone, in memory. Its own numbers begin with 1, in their order; an article
    /// that is not there is passed over.
    ///
    /// # Errors
    /// Where an index fails.
    pub fn of_articles(&self, numbers: &[u64]) -> Result<Self, ArchiveError> {
        let documents: Vec<Arc<Document>> = self
            .index
            .documents(numbers)?
            .into_iter()
            .flatten()
            .collect();
        let records: Vec<Record<'_>> = documents
            .iter()
            .map(|document| Record {
                document,
                file: "",
                fingerprint: 0,
                print: Fingerprint::of(&document.article),
            })
            .collect();
        let index = Embedded::in_memory(Arc::clone(self.reader.language()))?;
        index.add(&records)?;
        index.commit()?;
        Ok(Self {
            index: Arc::new(index),
            ..self.clone()
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
            self.write(batch.into_par_iter().map(Arrival::of).collect(), |_| "")?;
        }
        self.index.commit()?;
        Ok(())
    }

    /// Reads a batch of articles on all cores, and gives it to the index in its order.
    fn write<'f>(
        &self,
        batch: Vec<Arrival>,
        file: impl Fn(usize) -> &'f str,
    ) -> Result<(), ArchiveError> {
        let read: Vec<(Document, u64, Fingerprint, usize)> = batch
            .into_par_iter()
            .filter_map(|arrival| {
                let Arrival {
                    article,
                    fingerprint,
                    print,
                    file,
                } = arrival;
                let id = article.id.clone();
                // An article that our rules fail on costs that article.
                let Ok(document) = catch_unwind(AssertUnwindSafe(|| self.reader.read(article)))
                else {
                    error!(
                        id,
                        "the article is left out: reading it failed, which is a fault of Dateline"
                    );
                    return None;
                };
                Some((document, fingerprint, print, file))
            })
            .collect();
        let records: Vec<Record<'_>> = read
            .iter()
            .map(|(document, fingerprint, print, number)| Record {
                document,
                file: file(*number),
                fingerprint: *fingerprint,
                print: *print,
            })
            .collect();
        Ok(self.index.add(&records)?)
    }

    /// The archive's language.
    #[must_use]
    pub fn language(&self) -> &Language {
        &self.language
    }

    /// The tools that read articles, for those who read questions.
    #[must_use]
    pub fn reader(&self) -> &Reader {
        &self.reader
    }

    /// Whether another process takes in what is new.
    #[must_use]
    pub fn is_read_only(&self) -> bool {
        self.index.is_read_only()
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
        let hits = self.index.search(query, limit)?;
        let numbers: Vec<u64> = hits.iter().map(|hit| hit.article).collect();
        let documents = self.index.documents(&numbers)?;
        // An article that went away between the two look-ups is no error: it is just not there.
        Ok(hits
            .into_iter()
            .zip(documents)
            .filter_map(|(hit, document)| Some((hit, document?)))
            .collect())
    }

    /// The index itself, for look-ups of words, names and numbers.
    #[must_use]
    pub fn index(&self) -> &dyn Index {
        self.index.as_ref()
    }
}

/// An article that is to be read.
struct Arrival {
    article: Article,
    /// A hash of it as it was read.
    fingerprint: u64,
    /// By what the same article is known elsewhere.
    print: Fingerprint,
    /// The file it stands in, by its place in the list of files.
    file: usize,
}

/// How many articles are read before they go to the index together.
const BATCH: usize = 256;

/// What a stored index depends on beside the rules: to be raised with every change of what is stored, and
/// with every change of the code that reads articles.
const STORED: u64 = 3;

/// The version of what an index of this program with these rules holds.
fn version(language: &Language) -> u64 {
    let mut hasher = XxHash3_64::new();
    hasher.write_u64(STORED);
    hasher.write(env!("CARGO_PKG_VERSION").as_bytes());
    hasher.write_u64(language.reading_fingerprint);
    hasher.finish()
}
