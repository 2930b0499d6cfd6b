//! Paragraphs and sentences.
//!
//! Sentence bounds follow the plain rules of UAX #29 as far as news needs them: a terminator, closing
//! marks, white space, then something that can begin a sentence; abbreviations, initials and decimal
//! points are no end. Sentences joined give back their paragraph, white space between them aside.

use rustc_hash::FxHashSet;

use super::{Span, fold};

/// Words whose full stop ends no sentence (`Mr.`, `Gen.`), folded, without the stop.
#[derive(Clone, Debug, Default)]
pub struct Abbreviations(FxHashSet<String>);

impl Abbreviations {
    /// The set of `words`, each given with or without its last full stop.
    pub fn new<'w>(words: impl IntoIterator<Item = &'w str>) -> Self {
        Self(
            words
                .into_iter()
                .map(|word| fold(word.trim_end_matches('.')).into_owned())
                .collect(),
        )
    }

    /// Whether `word` (without its last full stop) is one of them.
    #[must_use]
    pub fn contains(&self, word: &str) -> bool {
        self.0.contains(fold(word).as_ref())
    }
}

/// The paragraphs of `text`: stretches between line ends, without empty ones.
///
/// Archives put either an empty line or one line end between paragraphs; in both a line end never falls
/// inside a sentence, except in texts wrapped at a fixed width, where a line that ends without a
/// terminator and is followed by a line that starts in lower case goes on.
#[must_use]
pub fn paragraphs(text: &str) -> Vec<Span> {
    let mut found: Vec<Span> = Vec::new();
    let mut start = 0;
    let mut blank_before = true;
    for line in text.split_inclusive('\n') {
        let end = start + line.len();
        if let Some(span) = Span::new(text, start, end).map(|span| span.trimmed(text)) {
            if span.is_empty() {
                blank_before = true;
            } else {
                match found.last_mut() {
                    Some(last) if !blank_before && goes_on(last.of(text), span.of(text)) => {
                        *last = last.join(span);
                    }
                    _ => found.push(span),
                }
                blank_before = false;
            }
        }
        start = end;
    }
    found
}

/// Whether `line` is the continuation of the wrapped line that ends `before`.
fn goes_on(before: &str, line: &str) -> bool {
    let open = before
        .chars()
        .next_back()
        .is_some_and(|last| last.is_alphanumeric() || matches!(last, ',' | '-' | ';'));
    open && line.chars().next().is_some_and(char::is_lowercase)
}

/// The sentences of the stretch `within` of `text`, in order, each without white space at its ends.
#[must_use]
pub fn sentences(text: &str, within: Span, abbreviations: &Abbreviations) -> Vec<Span> {
    let part = within.of(text);
    let mut found = Vec::new();
    let mut start = 0;
    let mut from = 0;
    while let Some((at, letter)) = terminator(part, from) {
        let mut end = at + letter.len_utf8();
        end += part
            .get(end..)
            .unwrap_or_default()
            .chars()
            .take_while(|&next| is_terminator(next) || is_closing(next))
            .map(char::len_utf8)
            .sum::<usize>();
        from = end;
        let rest = part.get(end..).unwrap_or_default();
        let ended = part.get(start..at).unwrap_or_default();
        if ends_here(
            ended,
            letter,
            part.get(at..end).unwrap_or_default(),
            rest,
            abbreviations,
        ) {
            push(text, within, start, end, &mut found);
            start = end;
        }
    }
    push(text, within, start, part.len(), &mut found);
    found
}

fn push(text: &str, within: Span, start: usize, end: usize, found: &mut Vec<Span>) {
    if let Some(span) = Span::new(text, within.start() + start, within.start() + end) {
        let span = span.trimmed(text);
        if !span.is_empty() {
            found.push(span);
        }
    }
}

/// The first terminator of `part` from byte `from` on, and where it stands.
fn terminator(part: &str, from: usize) -> Option<(usize, char)> {
    // Of most bytes one look tells that no terminator begins with them.
    const ELLIPSIS: u8 = 0xE2;
    let mut from = from;
    loop {
        let rest = part.as_bytes().get(from..)?;
        let at = from
            + rest
                .iter()
                .position(|byte| matches!(byte, b'.' | b'!' | b'?' | &ELLIPSIS))?;
        match part.get(at..)?.chars().next()? {
            letter if is_terminator(letter) => return Some((at, letter)),
            other => from = at + other.len_utf8(),
        }
    }
}

fn is_terminator(letter: char) -> bool {
    matches!(letter, '.' | '!' | '?' | '…')
}

fn is_closing(letter: char) -> bool {
    matches!(letter, '"' | '\'' | '”' | '’' | '»' | '“' | ')' | ']')
}

fn ends_here(
    before: &str,
    terminator: char,
    run: &str,
    rest: &str,
    abbreviations: &Abbreviations,
) -> bool {
    if !rest.starts_with(char::is_whitespace) {
        return rest.is_empty();
    }
    let Some(next) = rest
        .trim_start()
        .chars()
        .find(|letter| !is_opening(*letter))
    else {
        return true;
    };
    if next.is_lowercase() {
        return false;
    }
    if terminator != '.' || run.chars().count() > 1 {
        return true;
    }
    let word_start = before.rfind(|letter: char| {
        letter.is_whitespace() || matches!(letter, '(' | '“' | '"' | '-' | '—')
    });
    let word = word_start.map_or(before, |at| before.get(at..).unwrap_or_default());
    let word = word.trim_start_matches(|letter: char| !letter.is_alphanumeric());
    let initial = word.chars().count() == 1 && word.chars().all(char::is_uppercase);
    !(initial || abbreviations.contains(word))
}

fn is_opening(letter: char) -> bool {
    matches!(letter, '"' | '\'' | '“' | '‘' | '«' | '„' | '(' | '[' | '”')
}
