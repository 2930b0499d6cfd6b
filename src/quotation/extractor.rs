//! The extractor: a language's rules of quotation, compiled once, run over articles.
//!
//! One pass: paragraphs, posts taken out (`posts`), marks paired (`marks`), tokens and reporter's
//! sentences (`reading`), names (`people`), then sentence by sentence the speakers (`scribe`).

use super::Quotation;
use super::lexicon::Lexicon;
use super::marks::{Stretch, stretches};
use super::people::{People, Person};
use super::posts;
use super::reading::Reading;
use super::scribe::Scribe;
use crate::language::Language;
use crate::text::{Abbreviations, Span, paragraphs};

/// A language's quotation rules, ready to run. Cheap to share between threads, dear to make.
#[derive(Debug)]
pub struct Extractor {
    lexicon: Lexicon,
    abbreviations: Abbreviations,
    posts: posts::Posts,
}

/// What is wrong with the language's rules.
#[derive(Debug, thiserror::Error)]
#[error("cues.toml: {0}")]
pub struct ExtractorError(String);

/// What one pass over an article finds.
#[derive(Clone, Debug, Default)]
pub struct Extraction {
    /// The quotations, in order of their first words.
    pub quotations: Vec<Quotation>,
    /// The people and organisations named, in order of their first mention.
    pub people: Vec<Person>,
}

impl Extractor {
    /// Compiles the rules of `language`.
    ///
    /// # Errors
    /// Where the language lists no verb that announces speech.
    pub fn new(language: &Language) -> Result<Self, ExtractorError> {
        if language
            .cues
            .verbs
            .iter()
            .all(|verbs| verbs.forms.is_empty())
        {
            return Err(ExtractorError(
                "lists no verb: nothing would announce speech".to_owned(),
            ));
        }
        Ok(Self {
            lexicon: Lexicon::new(language),
            abbreviations: language.words.abbreviations().clone(),
            posts: posts::Posts::new(&language.furniture),
        })
    }

    /// The quotations of an article's whole text, in order of their first words.
    #[must_use]
    pub fn extract(&self, text: &str) -> Vec<Quotation> {
        self.read(text).quotations
    }

    /// The quotations of an article's whole text, and everyone it names, in one pass.
    #[must_use]
    pub fn read(&self, text: &str) -> Extraction {
        let all = paragraphs(text);
        let (posts, prose) = self.posts.split(text, &all);
        let stretches = stretches(text, &prose, &self.lexicon);
        let prose = merged(prose, &stretches);
        let reading = Reading::new(text, &prose, &stretches, &self.lexicon, &self.abbreviations);
        let people = People::new(text, &reading);
        let mut quotations = Scribe::new(text, &self.lexicon, &stretches, &reading, &people).read();
        quotations.extend(posts);
        quotations.sort_by_key(|quotation| quotation.extent.start());
        Extraction {
            quotations,
            people: people.into_list(),
        }
    }
}

/// Paragraphs that one quoted stretch runs through become one.
fn merged(paragraphs: Vec<Span>, stretches: &[Stretch]) -> Vec<Span> {
    let mut merged: Vec<Span> = Vec::with_capacity(paragraphs.len());
    let mut next = 0;
    for paragraph in paragraphs {
        while stretches
            .get(next)
            .is_some_and(|stretch| stretch.extent.end() <= paragraph.start())
        {
            next += 1;
        }
        match merged.last_mut() {
            Some(last)
                if stretches.get(next).is_some_and(|stretch| {
                    stretch.extent.start() < last.end() && stretch.extent.end() > paragraph.start()
                }) =>
            {
                *last = last.join(paragraph);
            }
            _ => merged.push(paragraph),
        }
    }
    merged
}
