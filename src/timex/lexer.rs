//! Text → lexemes: words, figures and marks with what they may mean in a time expression.
//!
//! Finer than [`crate::text::tokens`], which quotation and search share: figures are read as days,
//! years, ISO and slashed dates, clock times and decades here, a possessive is a lexeme of its own, and
//! addresses of the net and handles of social networks are passed over as one mark.

use super::{
    DateOrder,
    class::{Class, Sense},
    figures,
    lexicon::{LONGEST, Lexicon, Mark},
};

/// One word, figure or mark.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lexeme {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) kind: Kind,
    /// White space stands before it.
    pub(super) spaced: bool,
    /// It begins with a capital letter.
    pub(super) capital: bool,
    /// The lexicon's entry.
    pub(super) entry: Option<u32>,
    /// Senses that its form alone gives.
    own: [Sense; 3],
    own_len: u8,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Word,
    Figure,
    Mark,
    /// The gap between two paragraphs.
    Break,
}

impl Lexeme {
    pub(super) fn new(start: usize, end: usize, kind: Kind, spaced: bool) -> Self {
        Self {
            start,
            end,
            kind,
            spaced,
            capital: false,
            entry: None,
            own: [Sense {
                symbol: u16::MAX,
                value: 0,
            }; 3],
            own_len: 0,
        }
    }

    /// Adds a sense; a fourth is dropped.
    pub(super) fn mean(&mut self, class: Class, value: i32) {
        if let Some(place) = self.own.get_mut(usize::from(self.own_len)) {
            *place = Sense::of(class, value);
            self.own_len += 1;
        }
    }

    /// The senses of its form.
    pub(super) fn own(&self) -> &[Sense] {
        self.own.get(..usize::from(self.own_len)).unwrap_or(&[])
    }

    /// Its value as `class`, by form or by the lexicon.
    pub(super) fn value(&self, class: Class, lexicon: &Lexicon) -> Option<i32> {
        // Most words mean nothing of time.
        if self.own_len == 0 && self.entry.is_none() {
            return None;
        }
        let symbol = class.symbol();
        let entry = self.entry.and_then(|index| lexicon.entry_at(index));
        self.own()
            .iter()
            .chain(entry.into_iter().flat_map(|entry| &entry.senses))
            .find(|sense| sense.symbol == symbol)
            .map(|sense| sense.value)
    }
}

/// How texts are read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reading {
    pub(super) order: DateOrder,
    /// A person typed it as a date: case says nothing, and `2021-02` is a month.
    pub(super) typed: bool,
}

/// Reads all of `text`.
pub(super) fn lex(text: &str, lexicon: &Lexicon, reading: Reading) -> Vec<Lexeme> {
    // News has a word to six characters; reading them in one go saves the growing.
    let mut found = Vec::with_capacity(text.len() / 5 + 8);
    let bytes = text.as_bytes();
    let mut at = 0;
    let mut spaced = true;
    while let Some(&byte) = bytes.get(at) {
        if byte.is_ascii_whitespace() {
            let end = at + run(bytes, at, u8::is_ascii_whitespace);
            let gap = bytes.get(at..end).unwrap_or_default();
            if memchr::memchr_iter(b'\n', gap).nth(1).is_some() {
                found.push(Lexeme::new(at, at, Kind::Break, true));
            }
            spaced = true;
            at = end;
            continue;
        }
        // "2021-02-14T10:00": the letter between date and time is no word's beginning.
        let joint = byte == b'T'
            && !spaced
            && bytes.get(at + 1).is_some_and(u8::is_ascii_digit)
            && found
                .last()
                .is_some_and(|last: &Lexeme| last.value(Class::Date, lexicon).is_some());
        let lexeme = if joint {
            let mut lexeme = Lexeme::new(at, at + 1, Kind::Mark, spaced);
            lexeme.entry = lexicon.get("t");
            lexeme
        } else if byte.is_ascii_digit() {
            figures::figure(text, at, spaced, lexicon, reading)
        } else if byte.is_ascii_alphabetic() || !byte.is_ascii() {
            word(text, at, spaced, lexicon, reading)
        } else if matches!(byte, b'@' | b'#' | b'_')
            && bytes.get(at + 1).is_some_and(u8::is_ascii_alphanumeric)
        {
            let end = at + 1 + run(bytes, at + 1, |b| b.is_ascii_alphanumeric() || *b == b'_');
            Lexeme::new(at, end, Kind::Mark, spaced)
        } else if byte == b'\'' {
            apostrophe(text, at, 1, spaced, lexicon)
        } else {
            mark(text, at, at + 1, spaced, lexicon)
        };
        // A lexeme always covers something; the largest step keeps a fault from becoming a loop.
        at = lexeme.end.max(at + 1);
        while !text.is_char_boundary(at) {
            at += 1;
        }
        if lexeme.kind != Kind::Break {
            found.push(lexeme);
        }
        spaced = lexeme.kind == Kind::Break;
    }
    found
}

fn run(bytes: &[u8], from: usize, inside: impl Fn(&u8) -> bool) -> usize {
    bytes
        .get(from..)
        .unwrap_or_default()
        .iter()
        .take_while(|byte| inside(byte))
        .count()
}

fn mark(text: &str, start: usize, end: usize, spaced: bool, lexicon: &Lexicon) -> Lexeme {
    let mut lexeme = Lexeme::new(start, end, Kind::Mark, spaced);
    // A hyphen joins only what stands close on both sides; else it is a dash.
    let glued = !spaced
        && text
            .as_bytes()
            .get(end)
            .is_some_and(|next| !next.is_ascii_whitespace());
    let sign = match text.get(start..end).unwrap_or_default() {
        "’" => "'",
        sign => sign,
    };
    if sign != "-" || glued {
        lexeme.entry = lexicon.get(sign);
    }
    lexeme
}

/// A word, or one character that is neither letter nor figure outside ASCII.
fn word(text: &str, start: usize, spaced: bool, lexicon: &Lexicon, reading: Reading) -> Lexeme {
    let rest = text.get(start..).unwrap_or_default();
    let mut letters = rest.chars();
    let first = letters.next().unwrap_or(' ');
    if !first.is_alphanumeric() {
        let end = start + first.len_utf8();
        if matches!(first, '’' | '‘') {
            return apostrophe(text, start, first.len_utf8(), spaced, lexicon);
        }
        if first.is_whitespace() {
            // A space outside ASCII is a space: the caller only notes it.
            return Lexeme::new(start, end, Kind::Break, spaced);
        }
        if let Some(part) = figures::vulgar_fraction(first) {
            let mut lexeme = Lexeme::new(start, end, Kind::Figure, spaced);
            lexeme.mean(Class::Number, part);
            return lexeme;
        }
        return mark(text, start, end, spaced, lexicon);
    }
    let len = word_length(rest);
    let end = start + len;
    if rest
        .get(len..)
        .is_some_and(|after| after.starts_with("://"))
    {
        let end = start + rest.find(char::is_whitespace).unwrap_or(rest.len());
        return Lexeme::new(start, end, Kind::Mark, spaced);
    }
    let mut lexeme = Lexeme::new(start, end, Kind::Word, spaced);
    lexeme.capital = first.is_uppercase();
    let mut buffer = String::new();
    // Whole with its apostrophe first ("won't", "o'clock"), then without.
    let after = rest.get(len..).unwrap_or_default();
    if let Some(tail) = after
        .strip_prefix('\'')
        .or_else(|| after.strip_prefix('’'))
        .filter(|tail| tail.starts_with(|letter: char| letter.is_ascii_lowercase()))
    {
        let tail_len = run(tail.as_bytes(), 0, u8::is_ascii_lowercase);
        let possessive = tail.get(..tail_len) == Some("s");
        let mark_len = after.len() - tail.len();
        fold(rest.get(..len).unwrap_or_default(), &mut buffer);
        buffer.push('\'');
        buffer.push_str(tail.get(..tail_len).unwrap_or_default());
        if let Some(index) = lexicon.get(&buffer).filter(|_| !possessive) {
            lexeme.end = end + mark_len + tail_len;
            lexeme.entry = Some(index);
            return lexeme;
        }
    }
    if len > LONGEST {
        return lexeme;
    }
    let written = rest.get(..len).unwrap_or_default();
    // Most words are in lower case already, and those need no copy.
    lexeme.entry = if written.bytes().all(|byte| byte.is_ascii_lowercase()) {
        lexicon.get(written)
    } else {
        buffer.clear();
        fold(written, &mut buffer);
        lexicon.get(&buffer)
    };
    let Some(entry) = lexeme.entry.and_then(|index| lexicon.entry_at(index)) else {
        return lexeme;
    };
    if entry.is(Mark::Capital) && !lexeme.capital && !reading.typed {
        lexeme.entry = None;
        return lexeme;
    }
    if entry.is(Mark::Abbreviation) && after.starts_with('.') {
        lexeme.end += 1;
    }
    lexeme
}

/// The length of the word that `rest` begins with: letters and figures, and single letters with stops
/// between ("p.m.", "U.S."), the last stop included.
fn word_length(rest: &str) -> usize {
    let initials = initials_length(rest.as_bytes());
    if initials > 0 {
        return initials;
    }
    // Nearly all words are ASCII, which need not be decoded.
    let plain = run(rest.as_bytes(), 0, u8::is_ascii_alphanumeric);
    let further = rest.get(plain..).unwrap_or_default();
    if further.as_bytes().first().is_none_or(u8::is_ascii) {
        return plain;
    }
    further
        .char_indices()
        .find(|(_, letter)| {
            !(letter.is_alphanumeric() || unicode_normalization::char::is_combining_mark(*letter))
        })
        .map_or(rest.len(), |(at, _)| plain + at)
}

fn initials_length(bytes: &[u8]) -> usize {
    let mut len = 0;
    while bytes.get(len).is_some_and(u8::is_ascii_alphabetic) && bytes.get(len + 1) == Some(&b'.') {
        len += 2;
    }
    // "p.m" without its last stop is as common.
    let last = bytes.get(len).is_some_and(u8::is_ascii_alphabetic)
        && !bytes.get(len + 1).is_some_and(u8::is_ascii_alphanumeric);
    match (len, last) {
        (2, true) => 3,
        (2, false) | (0, _) => 0,
        _ => len,
    }
}

fn fold(word: &str, out: &mut String) {
    if word.is_ascii() {
        out.push_str(word);
        out.make_ascii_lowercase();
    } else {
        out.extend(word.chars().flat_map(char::to_lowercase));
    }
}

/// A lexeme that begins with an apostrophe: "'s", "'98", or the mark alone.
fn apostrophe(text: &str, start: usize, len: usize, spaced: bool, lexicon: &Lexicon) -> Lexeme {
    let from = start + len;
    let bytes = text.as_bytes();
    let digits = run(bytes, from, u8::is_ascii_digit);
    let glued = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_alphanumeric);
    if digits == 2 {
        let number = figures::number(text.get(from..from + 2).unwrap_or_default()).unwrap_or(0);
        let end = from + 2;
        if bytes.get(end) == Some(&b's') && number % 10 == 0 && !glued(end + 1) {
            let mut lexeme = Lexeme::new(start, end + 1, Kind::Figure, spaced);
            lexeme.mean(Class::Decade, number / 10);
            return lexeme;
        }
        if !glued(end) {
            let mut lexeme = Lexeme::new(start, end, Kind::Figure, spaced);
            lexeme.mean(Class::ShortYear, number);
            return lexeme;
        }
    }
    let letters = run(bytes, from, u8::is_ascii_lowercase);
    if !spaced && letters > 0 && !glued(from + letters) {
        let mut lexeme = Lexeme::new(start, from + letters, Kind::Word, spaced);
        let tail = text.get(from..from + letters).unwrap_or_default();
        let mut written = String::with_capacity(4);
        written.push('\'');
        written.push_str(tail);
        lexeme.entry = lexicon.get(&written);
        return lexeme;
    }
    mark(text, start, from, spaced, lexicon)
}
