//! What stands in an excerpt instead of a word of the question: who asks for what is not told often asks for what
//! is told of something else, the "Norse kings" of a text on Danish kings, or what happened "in Oslo" of what
//! happened in Bergen.

use super::{
    found::Found,
    topic::{Topic, TopicTerm},
};
use crate::{
    language::Language,
    text::{Span, Token, TokenKind, fold, tokens, tokens_in},
};

/// A match worth less than this does not make a word told.
pub(super) const TOLD: f32 = 0.3;

/// An excerpt, word by word.
pub(super) struct Instead<'a> {
    language: &'a Language,
    topic: &'a Topic,
    found: &'a Found,
    text: &'a str,
    tokens: Vec<Token>,
}

impl<'a> Instead<'a> {
    /// Reads the stretch `span` of `text`, in which `found` was found.
    pub fn read(
        language: &'a Language,
        topic: &'a Topic,
        found: &'a Found,
        text: &'a str,
        span: Span,
    ) -> Self {
        Self {
            language,
            topic,
            found,
            text,
            tokens: tokens_in(text, span).collect(),
        }
    }

    /// The greatest rarity of a missing word that in the question stands right before one that is told, where
    /// another word stands before that one wherever it is told.
    pub fn replaced(&self) -> f32 {
        let pairs = self.topic.pairs.iter();
        let replaced = pairs.filter(|&&(first, second)| {
            let mut told = self.found.matches_of(second).peekable();
            self.is_missing(first) && told.peek().is_some() && told.all(|at| self.is_described(at))
        });
        greatest(replaced.filter_map(|&(first, _)| self.topic.terms.get(first)))
    }

    /// The greatest rarity of a missing name that in the question stands behind a preposition, where another name
    /// stands behind the same one.
    pub fn elsewhere(&self, question: &str) -> f32 {
        let ties = &self.language.grammar.ties;
        let asked: Vec<Token> = tokens(question).collect();
        let replaced = asked.windows(2).filter_map(|two| {
            let [tie, name] = two else { return None };
            let tie = fold(tie.span.of(question));
            let mut terms = self.topic.terms.iter();
            let term = terms.position(|term| term.name && term.span == name.span)?;
            let replaced = self.is_missing(term)
                && ties.iter().any(|known| *known == tie)
                && self.has_other_name_behind(&tie);
            self.topic.terms.get(term).filter(|_| replaced)
        });
        greatest(replaced)
    }

    fn is_missing(&self, term: usize) -> bool {
        let worth = self.found.worth.get(term);
        worth.is_some_and(|worth| *worth < TOLD)
    }

    /// Whether a word that says something stands right before the one at `span`.
    fn is_described(&self, span: Span) -> bool {
        let at = self
            .tokens
            .partition_point(|token| token.span.start() < span.start());
        let before = at.checked_sub(1).and_then(|before| self.tokens.get(before));
        before
            .is_some_and(|before| before.kind != TokenKind::Mark && !self.is_stop_word(before.span))
    }

    fn has_other_name_behind(&self, tie: &str) -> bool {
        self.tokens.windows(2).any(|two| match two {
            [before, name] => {
                let word = name.span.of(self.text);
                word.starts_with(char::is_uppercase)
                    && fold(before.span.of(self.text)) == tie
                    && !self.is_stop_word(name.span)
                    && self.topic.term_of(word).is_none()
            }
            _ => false,
        })
    }

    fn is_stop_word(&self, span: Span) -> bool {
        self.language.words.is_stop_word(&fold(span.of(self.text)))
    }
}

/// The greatest rarity of some terms.
fn greatest<'t>(terms: impl Iterator<Item = &'t TopicTerm>) -> f32 {
    terms.map(|term| term.rarity).fold(0.0, f32::max)
}
