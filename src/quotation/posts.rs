//! Posts of social networks set into an article: `TEXT — Name (@handle) Month D, YYYY`.
//!
//! What a post looks like is data (`furniture.toml`).

use super::{Quotation, QuotationKind, Speaker};
use std::sync::Arc;

use crate::language::{Furniture, FurnitureKind};
use crate::text::Span;
use regex::Regex;

#[derive(Debug)]
pub(super) struct Posts {
    furniture: Arc<Furniture>,
}

impl Posts {
    pub(super) fn new(furniture: &Arc<Furniture>) -> Self {
        Self {
            furniture: Arc::clone(furniture),
        }
    }

    /// Takes the posts out of `paragraphs`, and leaves out what is no prose.
    pub(super) fn split(&self, text: &str, paragraphs: &[Span]) -> (Vec<Quotation>, Vec<Span>) {
        let mut posts = Vec::new();
        let mut prose = Vec::new();
        for &paragraph in paragraphs {
            let words = paragraph.of(text);
            match self.furniture.rule(words) {
                Some(rule) if rule.kind == FurnitureKind::Post => {
                    posts.extend(rule.regex().and_then(|regex| post(text, paragraph, regex)));
                }
                Some(_) => {}
                None => prose.push(paragraph),
            }
        }
        (posts, prose)
    }
}

fn post(text: &str, paragraph: Span, regex: &Regex) -> Option<Quotation> {
    let groups = regex.captures(paragraph.of(text))?;
    let group = |name: &str| {
        let found = groups.name(name)?;
        Span::new(
            text,
            paragraph.start() + found.start(),
            paragraph.start() + found.end(),
        )
        .map(|span| span.trimmed(text))
        .filter(|span| !span.is_empty())
    };
    let content = group("text")?;
    let name = group("name")?;
    Some(Quotation {
        content: vec![content],
        extent: content,
        kind: QuotationKind::Direct,
        cue: None,
        speaker: Some(Speaker {
            mention: name,
            name: Some(name),
            handle: group("handle"),
        }),
        posted: group("date"),
        confidence: 1.0,
    })
}
