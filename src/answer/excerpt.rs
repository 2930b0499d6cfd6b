//! Verbatim by construction.

use crate::{article::Article, text::Span};

/// A stretch of an article's text, and nothing else: it can be made in no other way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excerpt {
    article: String,
    text: String,
    span: Span,
    code_points: (usize, usize),
}

impl Excerpt {
    /// Cuts `span` out of the text of `article`; nothing where the span does not fit it.
    #[must_use]
    pub fn cut(article: &Article, span: Span) -> Option<Self> {
        let text = article.body.get(span.start()..span.end())?.to_owned();
        let before = article.body.get(..span.start())?.chars().count();
        let code_points = (before, before + text.chars().count());
        Some(Self {
            article: article.id.clone(),
            text,
            span,
            code_points,
        })
    }

    /// The id of the article.
    #[must_use]
    pub fn article(&self) -> &str {
        &self.article
    }

    /// The words.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Where they stand in the article's text, in bytes.
    #[must_use]
    pub fn span(&self) -> Span {
        self.span
    }

    /// Where they stand in the article's text, in Unicode code points: first, and after the last.
    #[must_use]
    pub fn code_points(&self) -> (usize, usize) {
        self.code_points
    }
}
