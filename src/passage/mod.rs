//! Passages: an article read once, its paragraphs with their sentences, time expressions, quotations
//! and dates. This is what is indexed, and all that answers are made from.

mod reader;

pub use reader::{Reader, ReaderError};

use crate::{
    article::{Appearance, Article},
    dating::{Dated, Scene},
    language::FurnitureKind,
    quotation::Quotation,
    text::Span,
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
    /// Its sentences, in order. A post is one sentence: its text, without its writer and date.
    pub sentences: Vec<Sentence>,
    /// Its time expressions, in order; spans count in the article's text.
    pub timexes: Vec<Timex>,
    /// The quotations that begin in it, in order; spans count in the article's text.
    pub quotations: Vec<Quotation>,
}

impl Passage {
    /// Whether its sentences may stand as evidence: prose and posts do; teasers, credits and lines that
    /// only point at what follows do not.
    #[must_use]
    pub fn is_evidence(&self) -> bool {
        matches!(self.furniture, None | Some(FurnitureKind::Post))
    }
}

/// An article with all that was found in it.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Document {
    /// The article.
    pub article: Article,
    /// Where it appeared as well.
    pub also: Vec<Appearance>,
    /// Its paragraphs, in order.
    pub passages: Vec<Passage>,
}

/// How long a first sentence may be, in characters, where it stands for a missing headline.
const HEADLINE_LENGTH: usize = 90;

/// All that the dater needs of a document, in one row each.
#[derive(Clone, Debug, Default)]
pub struct Rows {
    sentences: Vec<Span>,
    timexes: Vec<Timex>,
    quotations: Vec<Quotation>,
}

impl Rows {
    /// The scene of `article`, whose rows these are.
    #[must_use]
    pub fn scene<'a>(&'a self, article: &'a Article) -> Scene<'a> {
        Scene {
            text: &article.body,
            published: article.published,
            sentences: &self.sentences,
            timexes: &self.timexes,
            quotations: &self.quotations,
        }
    }
}

impl Document {
    /// Its sentences, time expressions and quotations, each in one row.
    #[must_use]
    pub fn rows(&self) -> Rows {
        let mut rows = Rows::default();
        for passage in &self.passages {
            rows.sentences
                .extend(passage.sentences.iter().map(|sentence| sentence.span));
            rows.timexes.extend(passage.timexes.iter().cloned());
            rows.quotations.extend(passage.quotations.iter().cloned());
        }
        rows
    }

    /// The headline; where the article has none, its first sentence, shortened at a word.
    #[must_use]
    pub fn headline(&self) -> String {
        if let Some(headline) = self
            .article
            .headline
            .as_deref()
            .filter(|headline| !headline.is_empty())
        {
            return headline.to_owned();
        }
        let first = self
            .passages
            .iter()
            .filter(|passage| passage.furniture.is_none())
            .find_map(|passage| passage.sentences.first());
        let sentence = first.map_or(self.article.id.as_str(), |sentence| {
            sentence.span.of(&self.article.body)
        });
        shorten(sentence, HEADLINE_LENGTH)
    }

    /// The words of `span`, a span of the article's text.
    #[must_use]
    pub fn text(&self, span: Span) -> &str {
        span.of(&self.article.body)
    }
}

/// `text` on one line, cut after a whole word so that it has at most `limit` characters, an ellipsis included.
#[must_use]
pub fn shorten(text: &str, limit: usize) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= limit {
        return line;
    }
    let cut: String = line.chars().take(limit.saturating_sub(1)).collect();
    let whole = cut.rfind(' ').and_then(|at| cut.get(..at)).unwrap_or(&cut);
    format!(
        "{}…",
        whole.trim_end_matches(|mark: char| !mark.is_alphanumeric())
    )
}
