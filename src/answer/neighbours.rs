//! How much of an article an excerpt needs: a sentence, and the ones beside it without which it answers less.

use super::{
    candidate::Candidate,
    expected::has_expected,
    found::Found,
    gather::EXCERPT_LENGTH,
    topic::Topic,
};
use crate::{language::Language, text::Span};

/// How many sentences beside the best one are shown with it at most, and what one must be worth.
const NEIGHBOURS: usize = 2;
const ENOUGH: f32 = 0.08;

/// What it is worth when the sentence leans on the one before, and when a neighbour has the kind of thing
/// that is asked for and the sentence has not.
const LEANING_WORTH: f32 = 0.1;
const EXPECTED_WORTH: f32 = 0.2;

/// What the sentence that follows is worth where this much of the question is still missing: the answer is
/// more often behind the words that ask than before them.
const FOLLOWING_WORTH: f32 = 0.08;
const MUCH_MISSING: f32 = 0.25;

/// A sentence that begins with one of these leans on the one before it.
const LEANING: [&str; 9] = [
    "he", "she", "it", "they", "this", "that", "these", "those", "his",
];

/// The sentence of a candidate, with the ones beside it that it needs, as long as all is short enough to be
/// read at once.
#[must_use]
pub fn with_neighbours(language: &Language, topic: &Topic, candidate: &Candidate) -> Span {
    let Some(own) = candidate.sentence().map(|sentence| sentence.span) else {
        return Span::whole("");
    };
    let prose = candidate
        .document
        .passages
        .iter()
        .filter(|passage| passage.furniture.is_none());
    let sentences: Vec<Span> = prose
        .clone()
        .flat_map(|passage| &passage.sentences)
        .map(|sentence| sentence.span)
        .collect();
    let dates: Vec<Span> = prose
        .flat_map(|passage| &passage.timexes)
        .map(|timex| timex.span)
        .collect();
    let Some(at) = sentences.iter().position(|span| *span == own) else {
        return own;
    };
    let body = candidate.document.article.body.as_str();
    let mut excerpt = Growing {
        language,
        topic,
        body,
        dates: &dates,
        sentences: &sentences,
        first: at,
        last: at,
        found: Found::read(&language.words, topic, body, own),
    };
    while excerpt.last - excerpt.first < NEIGHBOURS && excerpt.grow() {}
    excerpt.span().unwrap_or(own)
}

/// An excerpt that grows by whole sentences.
struct Growing<'a> {
    language: &'a Language,
    topic: &'a Topic,
    body: &'a str,
    dates: &'a [Span],
    sentences: &'a [Span],
    first: usize,
    last: usize,
    found: Found,
}

impl Growing<'_> {
    fn span(&self) -> Option<Span> {
        self.between(self.first, self.last)
    }

    fn between(&self, first: usize, last: usize) -> Option<Span> {
        Some(self.sentences.get(first)?.join(*self.sentences.get(last)?))
    }

    /// Takes in the neighbour that is worth most, if one is worth enough and fits.
    fn grow(&mut self) -> bool {
        let beside = [self.first.checked_sub(1), self.last.checked_add(1)];
        let worth = beside.into_iter().flatten().filter_map(|index| {
            let whole = self.between(self.first.min(index), self.last.max(index))?;
            let fits = whole.of(self.body).chars().count() <= EXCERPT_LENGTH;
            let (worth, found) = self.worth(index)?;
            (fits && worth >= ENOUGH).then_some((worth, index, found))
        });
        let Some((_, index, found)) = worth.max_by(|a, b| a.0.total_cmp(&b.0)) else {
            return false;
        };
        self.first = self.first.min(index);
        self.last = self.last.max(index);
        self.found.join(&found);
        true
    }

    /// What the sentence at `index`, beside the excerpt, adds to it.
    fn worth(&self, index: usize) -> Option<(f32, Found)> {
        let span = *self.sentences.get(index)?;
        let found = Found::read(&self.language.words, self.topic, self.body, span);
        let mut worth = found.gain(&self.found, self.topic);
        if index < self.first && leans(self.sentences.get(self.first)?.of(self.body)) {
            worth += LEANING_WORTH;
        }
        if index > self.last && self.found.share(self.topic) < 1.0 - MUCH_MISSING {
            worth += FOLLOWING_WORTH;
        }
        if let Some(expected) = self.topic.expected {
            let has = |span: Span, matched: &[Span]| {
                has_expected(
                    self.language,
                    expected,
                    self.body,
                    span,
                    matched,
                    self.dates,
                )
            };
            if !has(self.span()?, &self.found.matched) && has(span, &found.matched) {
                worth += EXPECTED_WORTH;
            }
        }
        Some((worth, found))
    }
}

/// Whether a sentence begins with a word that stands for something in the one before.
pub(super) fn leans(sentence: &str) -> bool {
    let first = sentence
        .split(|letter: char| !letter.is_alphabetic())
        .find(|word| !word.is_empty())
        .unwrap_or_default();
    LEANING.contains(&first.to_lowercase().as_str())
}
