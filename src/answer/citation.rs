//! Where an excerpt comes from.

use jiff::civil::Date;

use crate::{language::Language, passage::Document};

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
    /// Where it appeared as well: outlets, or else addresses or files.
    pub also: Vec<String>,
    /// The paragraph's number, from 1.
    pub paragraph: u32,
}

impl Citation {
    /// The citation of paragraph `paragraph` of a document, which is shown under `headline`.
    #[must_use]
    pub fn new(document: &Document, headline: String, paragraph: u32) -> Self {
        let article = &document.article;
        let mut also = Vec::new();
        for appearance in &document.also {
            let named = appearance
                .outlet
                .as_ref()
                .filter(|outlet| Some(*outlet) != article.outlet.as_ref());
            let place = named
                .or(appearance.url.as_ref())
                .or(appearance.path.as_ref());
            also.extend(place.filter(|place| !also.contains(*place)).cloned());
        }
        Self {
            also,
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

/// How many other places are named.
const PLACES: usize = 3;

/// Where the cited article appeared as well, in words.
#[must_use]
pub fn also_in(language: &Language, citation: &Citation) -> Option<String> {
    let named: Vec<&str> = citation
        .also
        .iter()
        .take(PLACES)
        .map(String::as_str)
        .collect();
    if named.is_empty() {
        return None;
    }
    let more = if citation.also.len() > PLACES {
        ", …"
    } else {
        ""
    };
    let places = format!("{}{more}", named.join(", "));
    Some(language.wording.say("also_in", &[("places", &places)]))
}
