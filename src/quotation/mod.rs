//! Quotations and who said them, in the terms of the Penn Attribution Relations Corpus (PARC 3.0): the
//! content, the cue, the source.
//!
//! From bottom to top: `lexicon` (the language's words by class), `marks` (which marks open and close),
//! `reading` (tokens and reporter's sentences, a quoted stretch being one token), `clause` and `subject`
//! (noun phrases, verbs and their subjects, without a parser), `people` (names and what they stand
//! for), `attribution` and `indirect` (cue and source inside a sentence), `scribe` and `carried` (the article as a
//! whole: speakers carried over, pronouns), `speech` (what is speech, which stretches are one
//! quotation), `posts` (social networks), and [`Extractor`] over them all.
//!
//! Left out: two apostrophes in a row as a double mark (they may as well be seconds or inches), names
//! that stand only inside quotation marks, speakers named only in headlines, transcripts without marks
//! ("Q: … A: …"), and dialogue without any attribution, whose speakers take turns. Whom a pronoun means is
//! told by nearness alone: a conditional logit over a dozen features of the candidates, learned on the
//! training articles, chose no better under cross-validation. Verb forms and adverbs that no list holds
//! are told by the English endings -ed, -ing and -ly.

mod attribution;
mod carried;
mod clause;
mod extractor;
mod indirect;
mod lexicon;
mod marks;
mod people;
mod posts;
mod reading;
mod scribe;
mod speech;
mod subject;

pub use extractor::{Extraction, Extractor, ExtractorError};
pub use people::Person;

use crate::text::Span;

/// How the words are given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub enum QuotationKind {
    /// Whole sentences in marks, or an embedded post: the speaker's own words.
    Direct,
    /// The reporter's sentence with some of the speaker's words in marks.
    Mixed,
    /// Reported without marks: "Volkov said that …". Never shown in quotation marks.
    Indirect,
}

/// Who said it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Speaker {
    /// The words that name the speaker at this quotation: "he", "Volkov", "a spokesman".
    pub mention: Span,
    /// The fullest name in the article for the same person or organisation, where one was found; a
    /// common noun stands for itself.
    pub name: Option<Span>,
    /// The account's handle, of a post.
    pub handle: Option<Span>,
}

/// One quotation.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Quotation {
    /// The quoted words, without their marks: one span, or several where the speaker's name or a new
    /// paragraph stands in between ("A," she said. "B."). In order, never empty.
    pub content: Vec<Span>,
    /// From the first mark to the last, marks included (and for a post, the post's text alone).
    pub extent: Span,
    /// How the words are given.
    pub kind: QuotationKind,
    /// The verb or phrase that announces it.
    pub cue: Option<Span>,
    /// Who said it; nothing where no rule is sure enough.
    pub speaker: Option<Speaker>,
    /// The date written under a post.
    pub posted: Option<Span>,
    /// How sure the rule that chose the speaker is, from 0 to 1.
    pub confidence: f32,
}
