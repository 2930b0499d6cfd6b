//! The extractor: a language's rules of quotation, compiled once, run over articles.

use super::Quotation;
use crate::language::Language;

/// A language's quotation rules, ready to run. Cheap to share between threads, dear to make.
#[derive(Debug)]
pub struct Extractor {}

/// A rule that does not compile.
#[derive(Debug, thiserror::Error)]
#[error("cues.toml: {0}")]
pub struct ExtractorError(String);

impl Extractor {
    /// Compiles the rules of `language`.
    ///
    /// # Errors
    /// Names the rule that does not compile.
    pub fn new(_language: &Language) -> Result<Self, ExtractorError> {
        Ok(Self {})
    }

    /// The quotations of an article's whole text, in order of their first words.
    #[must_use]
    pub fn extract(&self, text: &str) -> Vec<Quotation> {
        let _ = text;
        Vec::new()
    }
}
