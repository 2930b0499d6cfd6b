//! The words and names of a document by which it is completed and by which misspelt words are mended.

use std::{borrow::Cow, collections::BTreeSet};

use rustc_hash::FxHashSet;

use super::Counted;
use crate::{
    passage::Document,
    text::{TokenKind, fold, tokens},
};

/// What parts a word of a name from the whole name, in a name's term.
const NAME_MARK: char = '\u{1}';

/// The document's different words of three letters and more, folded, without a possessive, in order.
pub fn words(document: &Document) -> Vec<Cow<'_, str>> {
    let body = &document.article.body;
    // Most words of a text have been seen in it as they stand: those need not be folded again.
    let mut seen = FxHashSet::default();
    let mut words: Vec<Cow<'_, str>> = tokens(body)
        .filter(|token| token.kind == TokenKind::Word)
        .map(|token| token.span.of(body))
        .filter(|word| seen.insert(*word))
        .map(|word| match fold(word) {
            Cow::Borrowed(folded) => folded.strip_suffix("'s").unwrap_or(folded).into(),
            Cow::Owned(folded) => match folded.strip_suffix("'s") {
                Some(bare) => bare.to_owned().into(),
                None => folded.into(),
            },
        })
        .filter(|word: &Cow<'_, str>| word.chars().nth(2).is_some())
        .collect();
    words.sort_unstable();
    words.dedup();
    words
}

/// The names of those who are quoted, as terms: each under every one of its words.
pub fn name_terms(document: &Document) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for speaker in document
        .passages
        .iter()
        .flat_map(|passage| &passage.quotations)
        .filter_map(|quotation| quotation.speaker.as_ref())
    {
        let name = document.text(speaker.name.unwrap_or(speaker.mention));
        let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
        if !name.starts_with(char::is_uppercase) || name.contains(NAME_MARK) {
            continue;
        }
        for token in tokens(&name).filter(|token| token.kind == TokenKind::Word) {
            found.insert(format!("{}{NAME_MARK}{name}", fold(token.span.of(&name))));
        }
    }
    found
}

/// The name that a name's term stands for.
pub fn name_of_term(term: &str) -> Option<&str> {
    term.split_once(NAME_MARK).map(|(_, name)| name)
}

/// How far a word of so many letters may be from one that was meant, in edits; nothing for short words.
pub fn edits_allowed(letters: usize) -> Option<usize> {
    match letters {
        0..=3 => None,
        4..=7 => Some(1),
        _ => Some(2),
    }
}

/// Words with their distance from one that was meant: the nearest and most frequent first, in every backend.
pub fn nearest_first(mut words: Vec<(usize, Counted)>) -> Vec<Counted> {
    words.sort_by(|(a_far, a), (b_far, b)| {
        a_far
            .cmp(b_far)
            .then(b.articles.cmp(&a.articles))
            .then(a.text.cmp(&b.text))
    });
    words.into_iter().map(|(_, counted)| counted).collect()
}
