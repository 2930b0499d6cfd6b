//! What an index remembers beside the documents: which file each came from, and which files were read.

use crate::{
    article::{Fingerprint, Unreadable},
    passage::Document,
};

/// A document on its way into an index.
#[derive(Clone, Copy, Debug)]
pub struct Record<'d> {
    /// The document.
    pub document: &'d Document,
    /// The file or feed that holds the article.
    pub file: &'d str,
    /// A hash of the article as it was read, by which a change is noticed.
    pub fingerprint: u64,
    /// By what the same article is known elsewhere.
    pub print: Fingerprint,
}

/// What is known of an article without reading it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// The article's number.
    pub number: u64,
    /// The file or feed that holds it.
    pub file: String,
    /// A hash of the article as it was read.
    pub fingerprint: u64,
}

/// A file that was read whole.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct FileRecord {
    /// Its place in the file system.
    pub path: String,
    /// Its length in bytes when it was read.
    pub size: u64,
    /// When it was last changed, in nanoseconds since 1970, as the file system tells it.
    pub modified: i128,
    /// A hash of its content.
    pub hash: u128,
    /// What was left out of it, the first few.
    pub left_out: Vec<Unreadable>,
    /// How many more were left out of it.
    pub left_out_more: u64,
    /// Whether something was left out because another file has an article of the same id.
    pub gave_way: bool,
}

/// What is counted of a document.
#[derive(Clone, Copy, Debug, Default)]
pub struct Contents {
    /// Paragraphs.
    pub passages: u64,
    /// Sentences.
    pub sentences: u64,
    /// Time expressions.
    pub timexes: u64,
    /// Quotations, indirect ones aside.
    pub quotations: u64,
}

impl Contents {
    /// Counts what stands in `document`.
    pub fn of(document: &Document) -> Self {
        let mut counted = Self::default();
        for passage in &document.passages {
            counted.passages += 1;
            counted.sentences += passage.sentences.len() as u64;
            counted.timexes += passage.timexes.len() as u64;
            counted.quotations += passage
                .quotations
                .iter()
                .filter(|quotation| quotation.kind != crate::quotation::QuotationKind::Indirect)
                .count() as u64;
        }
        counted
    }
}
