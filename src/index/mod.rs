//! Full-text and date look-ups over documents, behind one trait.
//!
//! What is retrieved is a window: some paragraphs of an article that follow each other, about as long as
//! a reader takes in at once. Single paragraphs of news are too short to hold a question's words
//! together, whole articles too long.

mod days;
mod embedded;
mod frequencies;
mod part;
mod query;
mod record;
mod remote;
mod terms;
mod vocabulary;
mod window;

pub use embedded::{Embedded, Opened};
pub use part::{Part, Partial};
pub use query::{Concept, Phrase, Query};
pub use record::{FileRecord, Known, Record};
pub use remote::{Cluster, Credentials, Remote};
pub use terms::{Term, Terms};
pub use window::{Window, windows};

use std::sync::Arc;

use jiff::civil::Date;

use crate::{article::Fingerprint, passage::Document};

/// An index that failed.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    /// The embedded index.
    #[error("the index failed: {0}")]
    Engine(#[from] tantivy::TantivyError),
    /// The folder of an index.
    #[error("the index at {folder} {reason}")]
    Folder {
        /// The folder.
        folder: String,
        /// What is wrong with it, and what to do.
        reason: String,
    },
    /// A search cluster.
    #[error("the search cluster at {cluster} {reason}")]
    Remote {
        /// Its addresses, without credentials.
        cluster: String,
        /// What is wrong, as the end of a sentence about it.
        reason: String,
    },
    /// An index that this process may only read.
    #[error("the index is kept by another process; this one only reads it")]
    ReadOnly,
    /// A document that cannot be written or read back.
    #[error("document {id} cannot be stored: {reason}")]
    Document {
        /// The article's id or number.
        id: String,
        /// What is wrong.
        reason: String,
    },
}

/// A window that a query found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hit {
    /// The article's number.
    pub article: u64,
    /// The window's first and last paragraph, by number.
    pub paragraphs: (u32, u32),
    /// BM25 with boosts, comparable within one search.
    pub score: f32,
}

/// How much an index holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Size {
    /// Articles.
    pub articles: u64,
    /// Windows.
    pub windows: u64,
    /// Paragraphs.
    pub passages: u64,
    /// Sentences.
    pub sentences: u64,
    /// Time expressions.
    pub timexes: u64,
    /// Quotations, indirect ones aside.
    pub quotations: u64,
    /// The first and last publication date.
    pub published: Option<(Date, Date)>,
}

/// A term of the archive and how many articles have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted {
    /// The word or name.
    pub text: String,
    /// In how many articles.
    pub articles: u64,
}

/// A place where documents are kept and found.
///
/// Articles are numbered from 1 in the order in which they were added. Beside them an index remembers the
/// files they came from, so that what is visible and what is remembered can never disagree.
pub trait Index: Send + Sync {
    /// Adds documents; a document whose id is there already takes its place. Found after [`Index::commit`].
    ///
    /// # Errors
    /// Where the index fails.
    fn add(&self, records: &[Record<'_>]) -> Result<(), IndexError>;

    /// Removes the articles with these numbers. Gone after [`Index::commit`].
    ///
    /// # Errors
    /// Where the index fails.
    fn remove(&self, numbers: &[u64]) -> Result<(), IndexError>;

    /// What is known of the articles with these ids, those included that are not committed yet.
    ///
    /// # Errors
    /// Where the index fails.
    fn known(&self, ids: &[&str]) -> Result<Vec<Option<Known>>, IndexError>;

    /// The ids of all committed articles that are not removed, and by what the same article is known
    /// elsewhere; nothing where there may be more than one process can compare. Then
    /// [`Index::prints_like`] is asked.
    ///
    /// # Errors
    /// Where the index fails.
    fn prints(&self) -> Result<Option<Vec<(String, Fingerprint)>>, IndexError> {
        Ok(None)
    }

    /// Of the committed articles those that may be the same as one of these.
    ///
    /// # Errors
    /// Where the index fails.
    fn prints_like(&self, prints: &[Fingerprint])
    -> Result<Vec<(String, Fingerprint)>, IndexError>;

    /// Remembers a file that was read whole, in place of what was known of it. Kept by [`Index::commit`].
    ///
    /// # Errors
    /// Where the index fails.
    fn remember(&self, file: &FileRecord) -> Result<(), IndexError>;

    /// Forgets files, not their articles. Forgotten by [`Index::commit`].
    ///
    /// # Errors
    /// Where the index fails.
    fn forget(&self, paths: &[&str]) -> Result<(), IndexError>;

    /// The files that are remembered, in no order.
    ///
    /// # Errors
    /// Where the index fails.
    fn files(&self) -> Result<Vec<FileRecord>, IndexError>;

    /// The numbers of the committed articles of each of these files, in no order.
    ///
    /// # Errors
    /// Where the index fails.
    fn articles_of(&self, paths: &[&str]) -> Result<Vec<Vec<u64>>, IndexError>;

    /// Makes what was added and removed visible, all at once, and keeps it.
    ///
    /// # Errors
    /// Where the index fails; then the last state stays.
    fn commit(&self) -> Result<(), IndexError>;

    /// Says that all files have been read: an index that this one was built to replace may go.
    ///
    /// # Errors
    /// Where it cannot be removed.
    fn complete(&self) -> Result<(), IndexError>;

    /// The files of the index whose content is not what was written; none where it keeps no files here.
    ///
    /// # Errors
    /// Where they cannot be read.
    fn damaged(&self) -> Result<Vec<String>, IndexError>;

    /// Whether another process writes this index, and this one may only read it.
    fn is_read_only(&self) -> bool;

    /// The best windows for `query`, best first.
    ///
    /// # Errors
    /// Where the index fails.
    fn search(&self, query: &Query, limit: usize) -> Result<Vec<Hit>, IndexError>;

    /// The document with this number.
    ///
    /// # Errors
    /// Where the index fails.
    fn document(&self, number: u64) -> Result<Option<Arc<Document>>, IndexError>;

    /// The documents with these numbers, in their order; nothing for one that is not there. One call, so that
    /// a backend can bring them in the order in which it keeps them.
    ///
    /// # Errors
    /// Where the index fails.
    fn documents(&self, numbers: &[u64]) -> Result<Vec<Option<Arc<Document>>>, IndexError> {
        numbers
            .iter()
            .map(|number| self.document(*number))
            .collect()
    }

    /// The number of the article with this id.
    ///
    /// # Errors
    /// Where the index fails.
    fn number(&self, id: &str) -> Result<Option<u64>, IndexError>;

    /// The numbers of the newest articles by publication, newest first, after the first `skip`.
    ///
    /// # Errors
    /// Where the index fails.
    fn newest(&self, skip: usize, limit: usize) -> Result<Vec<u64>, IndexError>;

    /// The highest number of an article, so that what came in since can be told from what was there. A backend
    /// that cannot say it exactly gives the highest of the newest articles.
    ///
    /// # Errors
    /// Where the index fails.
    fn highest(&self) -> Result<u64, IndexError> {
        Ok(self.newest(0, 1000)?.into_iter().max().unwrap_or(0))
    }

    /// For each stem, how many windows have it.
    ///
    /// # Errors
    /// Where the index fails.
    fn frequencies(&self, stems: &[&str]) -> Result<Vec<u64>, IndexError>;

    /// Words that begin with the folded `prefix`, the most frequent first.
    ///
    /// # Errors
    /// Where the index fails.
    fn words(&self, prefix: &str, limit: usize) -> Result<Vec<Counted>, IndexError>;

    /// Words spelt nearly like the folded `word`, the nearest and most frequent first.
    ///
    /// # Errors
    /// Where the index fails.
    fn near(&self, word: &str, limit: usize) -> Result<Vec<Counted>, IndexError>;

    /// Names of people and organisations with a word that begins with the folded `prefix`, the most
    /// frequent first.
    ///
    /// # Errors
    /// Where the index fails.
    fn names(&self, prefix: &str, limit: usize) -> Result<Vec<Counted>, IndexError>;

    /// How much it holds, as of the last commit.
    ///
    /// # Errors
    /// Where the index fails.
    fn size(&self) -> Result<Size, IndexError>;
}

/// What the headline's and the speaker's fields weigh beside the text, in every backend.
const HEADLINE_WEIGHT: f32 = 0.35;
const SPEAKER_WEIGHT: f32 = 0.5;
