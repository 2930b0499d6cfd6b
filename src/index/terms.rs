//! The words of a text as they are indexed and sought: folded, without stop words, stemmed.
//!
//! Initialisms in capitals keep their meaning ("US" is not "us"), stops inside them aside ("U.S."), and
//! numbers lose their thousands separators.

use std::{borrow::Cow, cell::RefCell, sync::Arc};

use rustc_hash::FxHashMap;

use crate::{
    language::Words,
    text::{Span, Token, TokenKind, Tokens, fold, stem_folded, tokens},
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
    tokens: Tokens<'a>,
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
            tokens: tokens(text),
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

/// What is known of a word as it is written.
#[derive(Clone)]
struct Known {
    /// As stop words are listed; nothing for initialisms, which are none.
    folded: Option<Box<str>>,
    stem: Arc<str>,
}

/// The stem of one token; nothing for a stop word.
fn term(word: &str, words: &Words) -> Option<Arc<str>> {
    // A text has few different words: most are known already, and need not be folded and stemmed again.
    thread_local! {
        static KNOWN: RefCell<FxHashMap<Box<str>, Known>> = RefCell::default();
    }
    const KEPT: usize = 1 << 16;
    let stem = |known: &Known| {
        let stops = known
            .folded
            .as_deref()
            .is_some_and(|folded| words.is_stop_word(folded));
        (!stops && !known.stem.is_empty()).then(|| Arc::clone(&known.stem))
    };
    KNOWN.with_borrow_mut(|all| {
        if let Some(known) = all.get(word) {
            return stem(known);
        }
        let known = read(word);
        let stem = stem(&known);
        if all.len() >= KEPT {
            all.clear();
        }
        all.insert(word.into(), known);
        stem
    })
}

fn read(word: &str) -> Known {
    // A decimal point separates, a thousands separator does not: 3.5 is not 35.
    let decimal = word.contains('.') && word.starts_with(char::is_numeric);
    let bare: Cow<'_, str> = if word.contains(['.', ',']) && !decimal {
        word.chars()
            .filter(|mark| !matches!(mark, '.' | ','))
            .collect::<String>()
            .into()
    } else {
        word.into()
    };
    let capitals = bare.chars().count() > 1 && bare.chars().all(char::is_uppercase);
    let folded = fold(&bare);
    if capitals {
        Known {
            folded: None,
            stem: folded.as_ref().into(),
        }
    } else {
        Known {
            stem: stem_folded(&folded).into(),
            folded: Some(folded.into()),
        }
    }
}
