//! What speaks for a sentence: the features by which candidates are weighed.
//!
//! Each is a number of about 0 to 1, so that the weights in `data/<language>/ranking.toml` can be compared.

use super::topic::Topic;
use crate::{
    index::Terms,
    language::{Expected, Language, Words},
    text::{Span, TokenKind, fold, tokens},
};

/// The features' names, in the order of their values.
pub const NAMES: [&str; 21] = [
    "coverage",
    "context",
    "before",
    "after",
    "headline",
    "article",
    "rank",
    "strength",
    "pairs",
    "proximity",
    "order",
    "names",
    "rarest",
    "expected",
    "unexpected",
    "short",
    "long",
    "early",
    "missed",
    "missed_name",
    "missed_number",
];

/// The values, in the order of [`NAMES`].
pub type Features = [f32; NAMES.len()];

/// What was found of each term of a topic in some text: the worth of its best match, 0 to 1.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// For each term of the topic, the worth of its best match.
    pub worth: Vec<f32>,
    /// The words that matched, in order.
    pub matched: Vec<Span>,
    /// For each match, the term's index and its place among the words.
    places: Vec<(usize, usize)>,
    /// How many terms the text has, topic or not.
    pub words: usize,
}

impl Found {
    /// Looks for the terms of `topic` in the stretch `span` of `text`.
    #[must_use]
    pub fn read(words: &Words, topic: &Topic, text: &str, span: Span) -> Self {
        let mut found = Self {
            worth: vec![0.0; topic.terms.len()],
            ..Self::default()
        };
        let part = span.of(text);
        for term in Terms::new(part, words) {
            found.words += 1;
            let Some((index, worth)) = topic.matches(&term.stem, term.span.of(part)) else {
                continue;
            };
            if let Some(known) = found.worth.get_mut(index) {
                *known = known.max(worth);
            }
            found.places.push((index, term.position));
            found.matched.push(term.span.shifted(span.start()));
        }
        found
    }

    /// The share of the topic's rarity that was found, 0 to 1.
    #[must_use]
    pub fn share(&self, topic: &Topic) -> f32 {
        share(topic, self.worth.iter().copied())
    }

    /// The share of the topic's rarity found in several places, each with the weight of a match there;
    /// of each term the best counts.
    #[must_use]
    pub fn best(topic: &Topic, places: &[(f32, &Self)]) -> f32 {
        let worth = (0..topic.terms.len()).map(|term| {
            let in_place = |(weight, found): &(f32, &Self)| {
                weight * found.worth.get(term).copied().unwrap_or_default()
            };
            places.iter().map(in_place).fold(0.0, f32::max)
        });
        share(topic, worth)
    }

    /// The share of the topic's rarity that is here and not in `other`.
    #[must_use]
    pub fn gain(&self, other: &Self, topic: &Topic) -> f32 {
        let more = self
            .worth
            .iter()
            .zip(&other.worth)
            .map(|(here, there)| (here - there).max(0.0));
        share(topic, more)
    }

    /// Takes in what was found in another stretch.
    pub fn join(&mut self, other: &Self) {
        for (known, worth) in self.worth.iter_mut().zip(&other.worth) {
            *known = known.max(*worth);
        }
        self.matched.extend(&other.matched);
    }

    /// Whether two terms stand side by side here.
    #[must_use]
    pub fn has_pair(&self, pair: (usize, usize)) -> bool {
        self.places.windows(2).any(|two| match two {
            [(a, at), (b, next)] => (*a, *b) == pair && at + 1 == *next,
            _ => false,
        })
    }

    /// The share of the topic's pairs that stand side by side here.
    #[must_use]
    pub fn pairs(&self, topic: &Topic) -> f32 {
        let together = topic.pairs.iter().filter(|pair| self.has_pair(**pair));
        ratio(together.count(), topic.pairs.len())
    }

    /// How densely the matches stand: their number over the words from the first to the last.
    #[must_use]
    pub fn proximity(&self) -> f32 {
        match (self.places.first(), self.places.last()) {
            (Some((_, first)), Some((_, last))) if self.places.len() > 1 => {
                ratio(self.places.len(), last - first + 1)
            }
            _ => 0.0,
        }
    }

    /// The share of neighbouring matches that keep the question's order.
    #[must_use]
    pub fn order(&self) -> f32 {
        let kept = self
            .places
            .windows(2)
            .filter(|two| matches!(two, [(a, _), (b, _)] if a < b))
            .count();
        ratio(kept, self.places.len().saturating_sub(1))
    }
}

/// The share of the topic's rarity that `worth` (one value a term) makes up.
#[must_use]
pub fn share(topic: &Topic, worth: impl Iterator<Item = f32>) -> f32 {
    let total = topic.rarity();
    if total <= 0.0 {
        return 0.0;
    }
    topic
        .terms
        .iter()
        .zip(worth)
        .map(|(term, worth)| term.rarity * worth)
        .sum::<f32>()
        / total
}

/// `part` of `whole`, 0 where there is no whole.
#[expect(clippy::cast_precision_loss, reason = "counts of words")]
#[must_use]
pub fn ratio(part: usize, whole: usize) -> f32 {
    if whole == 0 {
        0.0
    } else {
        part as f32 / whole as f32
    }
}

/// Whether the stretch `span` of `text` has what a question expects, outside the words that only repeat
/// the question: a number, a name, a date.
#[must_use]
pub fn has_expected(
    language: &Language,
    expected: Expected,
    text: &str,
    span: Span,
    matched: &[Span],
    dates: &[Span],
) -> bool {
    expected_words(language, expected, text, span, matched, dates)
        .next()
        .is_some()
}

/// The words in the stretch `span` of `text` that a question expects, in order.
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
        let capital = word.starts_with(char::is_uppercase) && !first && !repeats && !date;
        let listed = |list: &[String]| list.iter().any(|known| *known == folded);
        let number = token.kind == TokenKind::Number || listed(&cues.numbers);
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
