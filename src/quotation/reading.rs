//! An article as attribution reads it: paragraphs of sentences of tokens, in which a quoted stretch is
//! one token and a bracket is none.
//!
//! A sentence here is a reporter's sentence: what is quoted lies inside it, however many sentences it
//! holds. So `“A. B. C,” she said` is one sentence of three tokens.

use super::lexicon::{Classes, Lexicon};
use super::marks::Stretch;
use crate::text::{Abbreviations, Span, TokenKind, tokens};

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A word, a number, or a compound of them.
    Word,
    /// A mark of punctuation.
    Mark(char),
    /// A quoted stretch, by its index.
    Quote(usize),
    /// Round or square brackets with what is in them.
    Bracket,
}

/// One token.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    pub(super) span: Span,
    pub(super) kind: Kind,
    pub(super) classes: Classes,
}

impl Token {
    pub(super) fn is(self, classes: Classes) -> bool {
        self.classes.any(classes)
    }

    pub(super) fn is_mark(self, mark: char) -> bool {
        self.kind == Kind::Mark(mark)
    }

    pub(super) fn is_dash(self) -> bool {
        matches!(self.kind, Kind::Mark('—' | '–' | '-' | '―'))
    }
}

/// A sentence: a range of tokens.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sentence {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) paragraph: usize,
}

/// The whole reading.
#[derive(Debug, Default)]
pub(super) struct Reading {
    pub(super) tokens: Vec<Token>,
    pub(super) sentences: Vec<Sentence>,
}

/// The longest sentence, in tokens: longer ones are cut, which keeps every search short on any text.
const LONGEST: usize = 300;

/// The most quoted stretches of a sentence: for each of them the whole sentence is searched, so that one
/// with more is cut too.
const MOST_QUOTED: usize = 8;

impl Reading {
    /// Reads `paragraphs` of `text`; `stretches` lie in them in order.
    pub(super) fn new(
        text: &str,
        paragraphs: &[Span],
        stretches: &[Stretch],
        lexicon: &Lexicon,
        abbreviations: &Abbreviations,
    ) -> Self {
        let mut reading = Self::default();
        let mut next = 0;
        for (paragraph, &span) in paragraphs.iter().enumerate() {
            let first = reading.tokens.len();
            let mut at = span.start();
            while let Some(stretch) = stretches
                .get(next)
                .filter(|stretch| stretch.extent.start() < span.end())
            {
                if let Some(gap) = Span::new(text, at, stretch.extent.start()) {
                    reading.words(text, gap, abbreviations);
                }
                reading.tokens.push(Token {
                    span: stretch.extent,
                    kind: Kind::Quote(next),
                    classes: Classes::NONE,
                });
                at = stretch.extent.end();
                next += 1;
            }
            if let Some(gap) = Span::new(text, at, span.end().max(at)) {
                reading.words(text, gap, abbreviations);
            }
            reading.cut(text, first, paragraph, stretches, lexicon);
        }
        reading
    }

    /// Adds the words and marks of `gap`, without their classes.
    fn words(&mut self, text: &str, gap: Span, abbreviations: &Abbreviations) {
        let mut bracket: Option<usize> = None;
        let mut joined = false;
        for token in tokens(gap.of(text)) {
            let span = token.span.shifted(gap.start());
            let adjoins = self
                .tokens
                .last()
                .is_some_and(|last| last.span.end() == span.start() && span.start() > gap.start());
            let letter = span.of(text).chars().next().unwrap_or(' ');
            if token.kind == TokenKind::Mark {
                let last_is_word = adjoins
                    && self
                        .tokens
                        .last()
                        .is_some_and(|last| last.kind == Kind::Word);
                match letter {
                    '.' if last_is_word && self.abbreviates(text, abbreviations) => {
                        if let Some(last) = self.tokens.last_mut() {
                            last.span = last.span.join(span);
                            last.classes = last.classes.or(Classes::ABBREVIATED);
                        }
                        joined = true;
                        continue;
                    }
                    '-' | '&' | '\'' | '’' | '/' | '_' | '@' | '#'
                        if last_is_word && letter != '@' || matches!(letter, '@' | '#') =>
                    {
                        // A joint: whether it joins is seen at the next token.
                        self.tokens.push(Token {
                            span,
                            kind: Kind::Mark(letter),
                            classes: Classes::NONE,
                        });
                        continue;
                    }
                    '(' | '[' => bracket = Some(self.tokens.len()),
                    ')' | ']' => {
                        if let Some(start) = bracket.take()
                            && let Some(open) = self.tokens.get(start).copied()
                            && self.tokens.len() - start < 16
                        {
                            self.tokens.truncate(start);
                            self.tokens.push(Token {
                                span: open.span.join(span),
                                kind: Kind::Bracket,
                                classes: Classes::NONE,
                            });
                            continue;
                        }
                    }
                    _ => {}
                }
                joined = false;
                self.tokens.push(Token {
                    span,
                    kind: Kind::Mark(letter),
                    classes: Classes::NONE,
                });
                continue;
            }
            // "U." and "S." make "U.S."; "co", "-" and "founder" make "co-founder".
            if adjoins
                && joined
                && self
                    .tokens
                    .last()
                    .is_some_and(|last| last.kind == Kind::Word)
            {
                if let Some(last) = self.tokens.last_mut() {
                    last.span = last.span.join(span);
                }
                continue;
            }
            joined = false;
            // "the senators’ words": an apostrophe that no word adjoins ends the plural before it.
            if !adjoins {
                self.close_possessive(text);
            }
            if adjoins && self.join(span) {
                continue;
            }
            self.tokens.push(Token {
                span,
                kind: Kind::Word,
                classes: Classes::NONE,
            });
        }
    }

    /// Joins the word at `span` to what stands before the joint that was read last. Says whether there is one.
    fn join(&mut self, span: Span) -> bool {
        let Some(joint) = self.tokens.last().copied() else {
            return false;
        };
        if !matches!(
            joint.kind,
            Kind::Mark('-' | '&' | '\'' | '’' | '/' | '_' | '@' | '#')
        ) {
            return false;
        }
        self.tokens.pop();
        let before = self
            .tokens
            .last_mut()
            .filter(|last| last.kind == Kind::Word && last.span.end() == joint.span.start());
        let word = |span| Token {
            span,
            kind: Kind::Word,
            classes: Classes::NONE,
        };
        match before {
            Some(last) => last.span = last.span.join(span),
            // A dash before a name: "-Jo Park, Leeds".
            None if joint.is_dash() => self.tokens.extend([joint, word(span)]),
            None => self.tokens.push(word(joint.span.join(span))),
        }
        true
    }

    /// Makes an apostrophe part of the plural that it follows.
    fn close_possessive(&mut self, text: &str) {
        let [.., plural, mark] = self.tokens.as_mut_slice() else {
            return;
        };
        if matches!(mark.kind, Kind::Mark('’' | '\''))
            && plural.kind == Kind::Word
            && plural.span.end() == mark.span.start()
            && plural.span.of(text).ends_with('s')
        {
            plural.span = plural.span.join(mark.span);
            self.tokens.pop();
        }
    }

    /// Whether the last word is one whose full stop ends no sentence.
    fn abbreviates(&self, text: &str, abbreviations: &Abbreviations) -> bool {
        self.tokens.last().is_some_and(|last| {
            let word = last.span.of(text);
            let tail = word.rsplit('.').next().unwrap_or(word);
            (tail.chars().count() == 1 && tail.chars().all(char::is_uppercase))
                || (word.len() < 12 && abbreviations.contains(word))
        })
    }

    /// Cuts the tokens from `first` on into sentences and gives them their classes.
    fn cut(
        &mut self,
        text: &str,
        first: usize,
        paragraph: usize,
        stretches: &[Stretch],
        lexicon: &Lexicon,
    ) {
        let mut start = first;
        let end = self.tokens.len();
        let mut initial = true;
        let mut quoted = 0;
        for at in first..end {
            let next = self.tokens.get(at + 1).copied().filter(|_| at + 1 < end);
            let Some(token) = self.tokens.get_mut(at) else {
                break;
            };
            if token.kind == Kind::Word {
                token.classes = token
                    .classes
                    .or(lexicon.classes(token.span.of(text), initial));
                initial = false;
            } else if matches!(token.kind, Kind::Mark(':' | '—' | '–' | '•' | '…')) {
                initial = true;
            }
            let token = *token;
            let ends = match token.kind {
                Kind::Mark('.' | '!' | '?' | '…' | ';') => !next.is_some_and(|next| {
                    goes_on(text, next)
                        || matches!(next.kind, Kind::Mark('.' | '!' | '?' | '…' | ')'))
                }),
                // "…, of Dallas, Tex. “I will stay.”"
                Kind::Word
                    if token.classes.any(Classes::ABBREVIATED)
                        && token.span.of(text).ends_with('.') =>
                {
                    next.is_some_and(|next| match next.kind {
                        Kind::Quote(index) => stretches.get(index).is_some_and(|stretch| {
                            let content = stretch.content.of(text);
                            content.starts_with(char::is_uppercase)
                                && content.ends_with(['.', ',', '!', '?'])
                        }),
                        _ => false,
                    }) && !token.classes.any(Classes::TITLE)
                }
                Kind::Quote(index) => {
                    let stopped = stretches
                        .get(index)
                        .and_then(|stretch| {
                            stretch
                                .content
                                .of(text)
                                .trim_end_matches(['’', '\'', '"', '”', ')', ' '])
                                .chars()
                                .next_back()
                        })
                        .is_some_and(|last| matches!(last, '.' | '!' | '?' | '…'));
                    // After a comma no sentence begins.
                    initial = !stretches
                        .get(index)
                        .is_some_and(|stretch| stretch.content.of(text).ends_with(','));
                    stopped
                        && next.is_some_and(|next| {
                            !goes_on(text, next) && !matches!(next.kind, Kind::Mark(_))
                        })
                }
                _ => false,
            };
            quoted += usize::from(matches!(token.kind, Kind::Quote(_)));
            if ends || at + 1 == end || at + 1 - start >= LONGEST || quoted >= MOST_QUOTED {
                self.sentences.push(Sentence {
                    start,
                    end: at + 1,
                    paragraph,
                });
                start = at + 1;
                initial = true;
                quoted = 0;
            }
        }
    }
}

/// Whether a sentence goes on with `next` after a full stop.
fn goes_on(text: &str, next: Token) -> bool {
    match next.kind {
        Kind::Word => next
            .span
            .of(text)
            .chars()
            .next()
            .is_some_and(char::is_lowercase),
        Kind::Mark(',' | ';' | ':') => true,
        _ => false,
    }
}
