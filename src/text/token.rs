//! Words, numbers and marks.

use super::Span;

/// What a token is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TokenKind {
    /// Letters, with apostrophes inside: `don't`, `Navalny’s`, `U` of `U.S.` by itself.
    Word,
    /// Digits, with separators between digits: `7,000`, `3.5`.
    Number,
    /// One character that is neither.
    Mark,
}

/// One token of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// Where it stands.
    pub span: Span,
    /// What it is made of.
    pub kind: TokenKind,
}

/// The tokens of `text` in order; white space is left out. Allocates nothing.
#[must_use]
pub fn tokens(text: &str) -> Tokens<'_> {
    Tokens { text, at: 0 }
}

/// The tokens of the stretch `span` of `text`, with their places in `text`.
pub fn tokens_in(text: &str, span: Span) -> impl Iterator<Item = Token> {
    tokens(span.of(text)).map(move |token| Token {
        span: token.span.shifted(span.start()),
        ..token
    })
}

/// The tokens of a text that are left.
#[derive(Clone, Debug)]
pub struct Tokens<'t> {
    text: &'t str,
    at: usize,
}

impl Iterator for Tokens<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        // Between most words stands one blank.
        if self.text.as_bytes().get(self.at) == Some(&b' ') {
            self.at += 1;
        }
        let mut rest = self.text.get(self.at..)?;
        if !rest.as_bytes().first()?.is_ascii_alphanumeric() {
            rest = rest.trim_start();
        }
        let start = self.text.len() - rest.len();
        let first = rest.chars().next()?;
        let (kind, len) = if first.is_alphabetic() {
            (
                TokenKind::Word,
                run(rest, char::is_alphabetic, |mark| matches!(mark, '\'' | '’')),
            )
        } else if first.is_numeric() {
            (
                TokenKind::Number,
                run(rest, char::is_numeric, |mark| matches!(mark, '.' | ',')),
            )
        } else {
            (TokenKind::Mark, first.len_utf8())
        };
        self.at = start + len;
        Span::new(self.text, start, self.at).map(|span| Token { span, kind })
    }
}

/// The length in bytes of the run at the start of `rest` whose characters are `inside`, or one `joint`
/// between two of them. Combining marks stay with their letter.
fn run(rest: &str, inside: impl Fn(char) -> bool, joint: impl Fn(char) -> bool) -> usize {
    let bytes = rest.as_bytes();
    let mut end = 0;
    // Nearly all letters are ASCII, which need not be decoded and are never combining marks.
    while let Some(&byte) = bytes.get(end) {
        let letter = if byte.is_ascii() {
            char::from(byte)
        } else if let Some(letter) = at(rest, end) {
            letter
        } else {
            break;
        };
        let length = letter.len_utf8();
        let goes_on = inside(letter)
            || (!byte.is_ascii() && unicode_normalization::char::is_combining_mark(letter))
            || (joint(letter) && at(rest, end + length).is_some_and(&inside));
        if !goes_on {
            break;
        }
        end += length;
    }
    end
}

/// The character that begins at byte `place`.
fn at(text: &str, place: usize) -> Option<char> {
    text.get(place..)?.chars().next()
}
