//! Whether a text has the kind of thing that a question asks for.

use crate::{
    language::{Expected, Language},
    text::{Span, TokenKind, fold, tokens},
};

/// The words in the stretch `span` of `text` that a question expects, in order, outside those that only repeat the
/// question: its numbers, names or dates.
pub fn expected_words<'a>(
    language: &'a Language,
    expected: Expected,
    text: &'a str,
    span: Span,
    matched: &'a [Span],
    dates: &'a [Span],
) -> impl Iterator<Item = Span> + 'a {
    let cues = &language.questions.cues;
    let part = span.of(text);
    let money = part.contains(|letter: char| letter.is_ascii_digit());
    let mut before = String::new();
    let mut first = true;
    tokens(part).filter_map(move |token| {
        let word = token.span.of(part);
        let place = token.span.shifted(span.start());
        let repeats = matched.iter().any(|known| known.overlaps(place));
        let folded = fold(word);
        let date = dates.iter().any(|date| date.overlaps(place));
        // The first word of a sentence has a capital whether it is a name or not.
        let common =
            first && (language.words.is_stop_word(&folded) || language.related.knows(&folded));
        let capital = word.starts_with(char::is_uppercase) && !repeats && !date && !common;
        let listed = |list: &[String]| list.iter().any(|known| *known == folded);
        // The digits of "H1N1" and of a shortened address count nothing.
        let alone = !part
            .get(..token.span.start())
            .is_some_and(|before| before.ends_with(char::is_alphabetic));
        let number = token.kind == TokenKind::Number && alone || listed(&cues.numbers);
        let found = match expected {
            Expected::Date => date,
            Expected::Number => number && !date && !repeats,
            Expected::Money => money && (listed(&cues.money) || matches!(word, "$" | "£" | "€")),
            Expected::Person | Expected::Name => capital && folded.chars().count() > 1,
            Expected::Place => capital && cues.place.contains(&before),
            Expected::Reason => listed(&cues.reason),
            Expected::Definition => listed(&cues.definition),
        };
        if token.kind != TokenKind::Mark {
            before = folded.into_owned();
            first = false;
        } else if matches!(word, "“" | "\"" | "‘") {
            first = true;
        }
        found.then_some(place)
    })
}
