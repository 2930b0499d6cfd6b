//! The archive: articles and their index, opened once and asked many times.

use std::{path::PathBuf, sync::Arc};

use crate::{article::Unreadable, language::Language};

/// An archive that cannot answer now.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// The index failed.
    #[error("the index failed: {0}")]
    Index(String),
    /// The language's rules do not compile.
    #[error("the language's rules do not compile: {0}")]
    Rules(String),
}

/// What an autocompletion offers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestion {
    /// What is shown.
    pub label: String,
    /// What is filled in.
    pub value: String,
}

/// The counts of an archive.
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

/// Articles and their index.
pub struct Archive {
    language: Arc<Language>,
}

impl Archive {
    /// Reads the articles at `paths`, and indexes them in memory.
    ///
    /// # Errors
    /// Only where the rules or the index fail; articles that cannot be read are told in the second value.
    pub fn open(
        paths: &[PathBuf],
        language: Arc<Language>,
    ) -> Result<(Self, Vec<Unreadable>), ArchiveError> {
        let reading = crate::article::read(paths);
        Ok((Self { language }, reading.unreadable))
    }

    /// The archive's language.
    #[must_use]
    pub fn language(&self) -> &Language {
        &self.language
    }

    /// Names and terms of the archive that begin with `prefix`, the most frequent first.
    #[must_use]
    pub fn suggest_topics(&self, _prefix: &str, _limit: usize) -> Vec<Suggestion> {
        Vec::new()
    }

    /// People and organisations of the archive with a word that begins with `prefix`.
    #[must_use]
    pub fn suggest_people(&self, _prefix: &str, _limit: usize) -> Vec<Suggestion> {
        Vec::new()
    }

    /// Articles whose headline has a word that begins with `prefix`, or whose number it is; newest first.
    #[must_use]
    pub fn suggest_articles(&self, _prefix: &str, _limit: usize) -> Vec<Suggestion> {
        Vec::new()
    }
}
