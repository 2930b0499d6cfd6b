//! What is shown of a sentence too long to be read at once: its clauses around the words in bold.
//!
//! A sentence is cut at the marks between its clauses and, where a clause is too long by itself, between its words.
//! Of the runs that are short enough the one with the most words in bold is shown, of several the middle one, in
//! which most stands before and behind them.

use super::gather::EXCERPT_LENGTH;
use crate::text::Span;

/// The marks that end a clause, where white space follows.
const MARKS: [char; 6] = [',', ';', ':', '.', '–', '—'];

/// A stretch that is not cut any further.
#[derive(Clone, Copy, Debug)]
struct Piece {
    span: Span,
    /// How many characters stand before it and before what follows it.
    from: usize,
    to: usize,
    /// How many words in bold begin in it.
    bold: usize,
}

/// What is shown of the stretch `span` of `text`: all of it, or of a long one the clauses with the most of `bold`.
#[must_use]
pub(super) fn cut(text: &str, span: Span, bold: &[Span]) -> Span {
    if span.of(text).chars().count() <= EXCERPT_LENGTH {
        return span;
    }
    let pieces = pieces(text, span, bold);
    let mut best: (usize, Vec<Span>) = (0, Vec::new());
    let mut last = 0;
    let mut held = 0;
    for (first, piece) in pieces.iter().enumerate() {
        while let Some(next) = pieces.get(last)
            && next.to - piece.from <= EXCERPT_LENGTH
        {
            held += next.bold;
            last += 1;
        }
        let end = last.checked_sub(1).filter(|&end| end >= first);
        if let Some(end) = end.and_then(|end| pieces.get(end)) {
            if held > best.0 {
                best = (held, Vec::new());
            }
            if held == best.0 {
                best.1.push(piece.span.join(end.span));
            }
        }
        held = held.saturating_sub(piece.bold);
        last = last.max(first + 1);
    }
    let middle = best.1.len().saturating_sub(1) / 2;
    // Where nothing is in bold, a sentence is known by how it begins.
    let chosen = if best.0 == 0 { 0 } else { middle };
    best.1.get(chosen).copied().unwrap_or(span)
}

/// The clauses of a stretch, long ones as their words, in order.
fn pieces(text: &str, span: Span, bold: &[Span]) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut counted = 0;
    let mut add = |span: Span| {
        let length = span.of(text).chars().count();
        let begins = |bold: &&Span| span.start() <= bold.start() && bold.start() < span.end();
        let shown = span.trimmed(text);
        if !shown.is_empty() {
            pieces.push(Piece {
                span: shown,
                from: counted,
                to: counted + span.of(text).trim_end().chars().count(),
                bold: bold.iter().filter(begins).count(),
            });
        }
        counted += length;
    };
    for clause in split(text, span, |before| MARKS.contains(&before)) {
        if clause.of(text).trim().chars().count() <= EXCERPT_LENGTH {
            add(clause);
        } else {
            split(text, clause, |_| true).into_iter().for_each(&mut add);
        }
    }
    pieces
}

/// A stretch split behind the white space that follows what `ends` says.
fn split(text: &str, span: Span, ends: impl Fn(char) -> bool) -> Vec<Span> {
    let mut parts = Vec::new();
    let mut start = span.start();
    let (mut before, mut ended) = (' ', false);
    for (at, letter) in span.of(text).char_indices() {
        if letter.is_whitespace() {
            ended |= ends(before);
        } else if ended {
            parts.extend(Span::new(text, start, span.start() + at));
            start = span.start() + at;
            ended = false;
        }
        before = letter;
    }
    parts.extend(Span::new(text, start, span.end()));
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown<'t>(text: &'t str, bold: &str) -> &'t str {
        let bold: Vec<Span> = text
            .match_indices(bold)
            .filter_map(|(at, word)| Span::new(text, at, at + word.len()))
            .collect();
        cut(text, Span::whole(text), &bold).of(text)
    }

    #[test]
    fn a_sentence_short_enough_is_shown_whole() {
        let text = "The dam burst, and the town was under water.";
        assert_eq!(shown(text, "town"), text);
    }

    #[test]
    fn a_long_sentence_is_cut_between_clauses_around_the_words_in_bold() {
        let filling = "where the river had risen for days and nobody had seen it, ".repeat(8);
        let text = format!("{filling}the dam burst at dawn, {filling}and that was all.");
        let shown = shown(&text, "dawn");
        assert!(shown.contains("the dam burst at dawn,"), "{shown}");
        assert!(shown.starts_with("where the river"), "{shown}");
        assert!(shown.ends_with(','), "{shown}");
        assert!(shown.chars().count() <= EXCERPT_LENGTH, "{shown}");
    }

    #[test]
    fn a_long_clause_is_cut_between_words_and_a_word_without_end_is_left() {
        let text = format!("{}dawn {}", "rain ".repeat(100), "rain ".repeat(100));
        let shown = shown(&text, "dawn");
        assert!(shown.contains("dawn"), "{shown}");
        assert!(shown.chars().count() <= EXCERPT_LENGTH, "{shown}");
        assert!(
            shown.starts_with("rain ") && shown.ends_with("rain"),
            "{shown}"
        );
        let word = "a".repeat(1_000);
        assert_eq!(super::cut(&word, Span::whole(&word), &[]).of(&word), word);
    }
}
