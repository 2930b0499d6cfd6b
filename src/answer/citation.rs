//! Where an excerpt comes from.

use jiff::civil::Date;

use crate::article::Article;

/// One source of an answer. Of the same article, each paragraph cited is its own citation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Citation {
    /// The article's id.
    pub article: String,
    /// Its headline, or its first sentence, shortened at a word.
    pub headline: String,
    /// Where it appeared.
    pub outlet: Option<String>,
    /// When it appeared.
    pub published: Date,
    /// Its address on the web.
    pub url: Option<String>,
    /// Its file, below the archive's folder.
    pub path: Option<String>,
    /// The paragraph's number, from 1.
    pub paragraph: u32,
}

impl Citation {
    /// The citation of paragraph `paragraph` of `article`, which is shown under `headline`.
    #[must_use]
    pub fn new(article: &Article, headline: String, paragraph: u32) -> Self {
        Self {
            article: article.id.clone(),
            headline,
            outlet: article.outlet.clone(),
            published: article.published,
            url: article.url.clone(),
            path: article.path.clone(),
            paragraph,
        }
    }
}
