//! Passages: an article read once, its paragraphs with their sentences, time expressions, quotations
//! and dates. This is what is indexed, and all that answers are made from.

use crate::{
    article::Article, dating::Dated, language::FurnitureKind, quotation::Quotation, text::Span,
    timex::Timex,
};

/// One sentence.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Sentence {
    /// Where it stands in the article's text.
    pub span: Span,
    /// When what it tells of happened, likeliest first; empty for general statements.
    pub dates: Vec<Dated>,
}

/// One paragraph.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Passage {
    /// The paragraph's number in its article, from 1.
    pub number: u32,
    /// Where it stands in the article's text.
    pub span: Span,
    /// What it is, if it is not prose.
    pub furniture: Option<FurnitureKind>,
    /// Its sentences, in order.
    pub sentences: Vec<Sentence>,
    /// Its time expressions, in order; spans count in the article's text.
    pub timexes: Vec<Timex>,
    /// The quotations that begin in it, in order; spans count in the article's text.
    pub quotations: Vec<Quotation>,
}

/// An article with all that was found in it.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Document {
    /// The article.
    pub article: Article,
    /// Its paragraphs, in order.
    pub passages: Vec<Passage>,
}
