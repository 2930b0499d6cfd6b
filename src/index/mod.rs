//! Full-text and date look-ups over documents, behind one trait.
//!
//! What is retrieved is a window: some paragraphs of an article that follow each other, about as long as
//! a reader takes in at once. Single paragraphs of news are too short to hold a question's words
//! together, whole articles too long.

mod days;
mod embedded;
mod query;
mod schema;
mod terms;
mod window;

pub use embedded::Embedded;
pub use query::{Concept, Phrase, Query};
pub use terms::{Term, Terms};
pub use window::{Window, windows};

use std::sync::Arc;

use jiff::civil::Date;

use crate::passage::Document;

/// An index that failed.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    /// The embedded index.
    #[error("the index failed: {0}")]
    Engine(#[from] tantivy::TantivyError),
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
/// Articles are numbered from 1 in the order in which they were added.
pub trait Index: Send + Sync {
    /// Adds documents; a document whose id is there already takes its place. Found after [`Index::commit`].
    ///
    /// # Errors
    /// Where the index fails.
    fn add(&self, documents: &[Document]) -> Result<(), IndexError>;

    /// Removes the articles with these ids. Gone after [`Index::commit`].
    ///
    /// # Errors
    /// Where the index fails.
    fn remove(&self, ids: &[&str]) -> Result<(), IndexError>;

    /// Makes what was added and removed visible, all at once, and keeps it.
    ///
    /// # Errors
    /// Where the index fails; then the last state stays.
    fn commit(&self) -> Result<(), IndexError>;

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

    /// How much it holds.
    ///
    /// # Errors
    /// Where the index fails.
    fn size(&self) -> Result<Size, IndexError>;
}
