//! The words of a text as they are indexed and sought: folded, without stop words, stemmed.
//!
//! Initialisms in capitals keep their meaning ("US" is not "us"), stops inside them aside ("U.S."), and
//! numbers lose their thousands separators.

use std::{borrow::Cow, cell::RefCell, sync::Arc};

use rustc_hash::FxHashMap;

use crate::{
    language::Words,
    text::{Span, Token, TokenKind, fold, stem_folded, tokens},
};

/// One word that says something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// Where it stands.
    pub span: Span,
    /// How many words and numbers stand before it, stop words counted.
    pub position: usize,
    /// Its stem.
    pub stem: Arc<str>,
}

/// Iterates over the terms of a text.
pub struct Terms<'a> {
    text: &'a str,
    words: &'a Words,
    tokens: Box<dyn Iterator<Item = Token> + 'a>,
    held: Option<Token>,
    position: usize,
}

impl<'a> Terms<'a> {
    /// The terms of `text`.
    #[must_use]
    pub fn new(text: &'a str, words: &'a Words) -> Self {
        Self {
            text,
            words,
            tokens: Box::new(tokens(text)),
            held: None,
            position: 0,
        }
    }

    /// The token that starts at `token`, grown over the letters of an initialism with stops ("U.S.").
    fn initialism(&mut self, first: Token) -> Token {
        let mut grown = first;
        let single = |token: Token, text: &str| {
            token.kind == TokenKind::Word && token.span.of(text).chars().count() == 1
        };
        if !single(first, self.text) {
            return first;
        }
        loop {
            let Some(stop) = self.tokens.next() else {
                return grown;
            };
            if stop.span.of(self.text) != "." || stop.span.start() != grown.span.end() {
                self.held = Some(stop);
                return grown;
            }
            let Some(letter) = self.tokens.next() else {
                return grown;
            };
            if !single(letter, self.text) || letter.span.start() != stop.span.end() {
                self.held = Some(letter);
                return grown;
            }
            grown.span = grown.span.join(letter.span);
        }
    }
}

impl Iterator for Terms<'_> {
    type Item = Term;

    fn next(&mut self) -> Option<Term> {
        loop {
            let token = self.held.take().or_else(|| self.tokens.next())?;
            if token.kind == TokenKind::Mark {
                continue;
            }
            let token = self.initialism(token);
            let position = self.position;
            self.position += 1;
            if let Some(stem) = term(token.span.of(self.text), self.words) {
                return Some(Term {
                    span: token.span,
                    position,
                    stem,
                });
            }
        }
    }
}

/// The stem of one token; nothing for a stop word.
fn term(word: &str, words: &Words) -> Option<Arc<str>> {
    let bare: Cow<'_, str> = if word.contains(['.', ',']) {
        word.chars()
            .filter(|mark| !matches!(mark, '.' | ','))
            .collect::<String>()
            .into()
    } else {
        word.into()
    };
    // A decimal point separates, a thousands separator does not: 3.5 is not 35.
    let bare = if word.contains('.') && word.starts_with(char::is_numeric) {
        Cow::Borrowed(word)
    } else {
        bare
    };
    let capitals = bare.chars().count() > 1 && bare.chars().all(char::is_uppercase);
    let folded = fold(&bare);
    if !capitals && words.is_stop_word(&folded) {
        return None;
    }
    // A text has few different words: most stems are known already.
    thread_local! {
        static KNOWN: RefCell<FxHashMap<Box<str>, Arc<str>>> = RefCell::default();
    }
    const KEPT: usize = 1 << 16;
    KNOWN
        .with_borrow_mut(|known| {
            if let Some(stem) = known.get(folded.as_ref()) {
                return Some(Arc::clone(stem));
            }
            let stem: Arc<str> = if capitals {
                folded.as_ref().into()
            } else {
                stem_folded(&folded).into()
            };
            if known.len() >= KEPT {
                known.clear();
            }
            if !capitals {
                known.insert(folded.into(), Arc::clone(&stem));
            }
            Some(stem)
        })
        .filter(|stem| !stem.is_empty())
}
