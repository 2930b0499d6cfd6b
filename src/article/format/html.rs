//! HTML: a page as it was saved, with one article.
//!
//! The text is what Mozilla's Readability takes for it, in its port `legible`; menus, teasers and forms
//! stay out. What the page says of the article beside the text is read by [`metadata`]. The encoding is the
//! one that the page declares, or else is detected. Left out: pages that make their text by script, unless
//! they carry it in JSON-LD as well.

use std::{io::BufRead, ops::ControlFlow};

use super::{Article, File, Found, Sink, metadata, whole};
use crate::article::{encoding, markup, nesting, opening_date::opening_date};

/// Reads the page as one article.
pub(super) fn read(file: &File, input: &mut dyn BufRead, sink: &mut Sink<'_>) -> ControlFlow<()> {
    sink(whole(file, input).and_then(|bytes| {
        let declared = encoding::of_page(&bytes).or_else(|| encoding::of_xml(&bytes));
        let page = encoding::decode_as_shown(&bytes, declared.as_deref());
        article(file, &page)
            .map(|article| Found { line: 1, article })
            .map_err(|reason| file.unreadable(None, reason))
    }))
}

/// More elements than this no article's page has; and a tree of them takes memory.
const ELEMENTS: usize = 200_000;

/// Less than this is no article but what is left of a page that makes its text by script.
const LEAST: usize = 200;

fn article(file: &File, page: &str) -> Result<Article, String> {
    if page.trim().is_empty() {
        return Err("is empty".to_owned());
    }
    nesting::check(page)?;
    let metadata = metadata::read(page);
    let options = legible::Options::new()
        .max_elems_to_parse(ELEMENTS)
        .disable_json_ld(true);
    let extracted = legible::parse(page, None, Some(options));
    let shown = match &extracted {
        Ok(article) => markup::text(&article.content),
        Err(legible::Error::TooManyElements(..)) => {
            return Err(format!(
                "has more than {ELEMENTS} elements, which no article has"
            ));
        }
        Err(_) => String::new(),
    };
    let body = match metadata.text {
        Some(carried) if shown.len() < LEAST && carried.len() > shown.len() => carried,
        _ => shown,
    };
    if body.trim().is_empty() {
        return Err("has no text that could be an article".to_owned());
    }
    let published = metadata
        .published
        .or_else(|| opening_date(&body))
        .ok_or_else(|| {
            let stated = metadata.unreadable.map(|reason| format!(" ({reason})"));
            format!(
                "has no date that can be read{}: add <meta property=\"article:published_time\" \
             content=\"YYYY-MM-DD\"> to its head",
                stated.unwrap_or_default()
            )
        })?;
    let extracted = extracted.ok();
    Ok(Article {
        id: file.id(),
        headline: metadata
            .headline
            .or_else(|| extracted.as_ref().map(|it| it.title.clone())),
        byline: metadata.byline.or_else(|| extracted?.byline),
        outlet: metadata.outlet,
        published,
        url: metadata.url,
        path: Some(file.path.clone()),
        body,
    })
}
