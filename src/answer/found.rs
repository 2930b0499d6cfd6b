//! What was found of a topic in a stretch of text.

use super::topic::Topic;
use crate::{index::Terms, language::Words, text::Span};

/// How many words apart two neighbouring words of a question may stand to be close.
const CLOSE: usize = 4;

/// What a first name is worth where only its family name stands.
const FAMILY: f32 = 0.8;

/// How far from a match, in bytes, something is worth half of what it is beside it.
const NEAR: f32 = 30.0;

/// How far before a word its number may stand, in bytes.
const COUNTED: usize = 25;

/// What was found of each term of a topic in some text: the worth of its best match, 0 to 1.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// For each term of the topic, the worth of its best match.
    pub worth: Vec<f32>,
    /// The words that matched, in order.
    pub matched: Vec<Span>,
    /// For each match, the term's index, its place among the words and its worth.
    places: Vec<(usize, usize, f32)>,
    /// How many terms the text has, topic or not.
    pub words: usize,
}

impl Found {
    /// Nothing of `topic`.
    #[must_use]
    pub fn nothing(topic: &Topic) -> Self {
        Self {
            worth: vec![0.0; topic.terms.len()],
            ..Self::default()
        }
    }

    /// Looks for the terms of `topic` in the stretch `span` of `text`.
    #[must_use]
    pub fn read(words: &Words, topic: &Topic, text: &str, span: Span) -> Self {
        let mut found = Self::nothing(topic);
        let part = span.of(text);
        for term in Terms::new(part, words) {
            found.words += 1;
            let Some((index, worth)) = topic.matches(&term.stem, term.span.of(part)) else {
                continue;
            };
            if let Some(known) = found.worth.get_mut(index) {
                *known = known.max(worth);
            }
            found.places.push((index, term.position, worth));
            found.matched.push(term.span.shifted(span.start()));
        }
        found.know_families(topic);
        found
    }

    /// Takes a first name as found where its family name is: news name a person in full once.
    fn know_families(&mut self, topic: &Topic) {
        for (index, term) in topic.terms.iter().enumerate() {
            let family = term.family.and_then(|family| self.worth.get(family));
            let known = family.map_or(0.0, |worth| FAMILY * worth);
            if let Some(worth) = self.worth.get_mut(index) {
                *worth = worth.max(known);
            }
        }
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
            [(a, at, _), (b, next, _)] => (*a, *b) == pair && at + 1 == *next,
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
            (Some((_, first, _)), Some((_, last, _))) if self.places.len() > 1 => {
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
            .filter(|two| matches!(two, [(a, ..), (b, ..)] if a < b))
            .count();
        ratio(kept, self.places.len().saturating_sub(1))
    }

    /// The share of the topic's rarity that was found in the asker's own words.
    #[must_use]
    pub fn exact(&self, topic: &Topic) -> f32 {
        share(topic, self.worth.iter().map(|&worth| own(worth)))
    }

    /// The share of the topic's neighbouring terms that stand close to each other here, by their rarity; 1 where it
    /// has but one term.
    #[must_use]
    pub fn close_pairs(&self, topic: &Topic) -> f32 {
        if topic.terms.len() < 2 {
            return 1.0;
        }
        let (mut close, mut all) = (0.0, 0.0);
        for (first, two) in topic.terms.windows(2).enumerate() {
            let rarity: f32 = two.iter().map(|term| term.rarity).sum();
            all += rarity;
            let at = |index: usize| {
                let of = self.places.iter().filter(move |place| place.0 == index);
                of.map(|place| place.1)
            };
            if at(first).any(|a| at(first + 1).any(|b| a.abs_diff(b) <= CLOSE)) {
                close += rarity;
            }
        }
        close / f32::max(all, f32::EPSILON)
    }

    /// How often each term occurs here in the asker's own word.
    pub fn occurrences(&self) -> impl Iterator<Item = usize> {
        let exact = self.places.iter().filter(|place| own(place.2) > 0.0);
        exact.map(|place| place.0)
    }

    /// Where the term `index` matches, in order.
    pub fn matches_of(&self, index: usize) -> impl Iterator<Item = Span> {
        let matches = self.matched.iter().zip(&self.places);
        matches
            .filter(move |(_, place)| place.0 == index)
            .map(|(span, _)| *span)
    }

    /// How many of its terms say nothing of the topic.
    #[must_use]
    pub fn fresh(&self) -> usize {
        self.words.saturating_sub(self.matched.len())
    }

    /// How near the matches stand to the stretch `at` of the same text: the topic's rarity around it, each match
    /// for less the farther away it is.
    #[must_use]
    pub fn nearness(&self, topic: &Topic, at: Span) -> f32 {
        let mut worth = vec![0.0_f32; topic.terms.len()];
        for (span, (index, _, value)) in self.matched.iter().zip(&self.places) {
            let gap = span.start().saturating_sub(at.end()) + at.start().saturating_sub(span.end());
            #[expect(clippy::cast_precision_loss, reason = "bytes of a sentence")]
            let near = value / (1.0 + gap as f32 / NEAR);
            if let Some(known) = worth.get_mut(*index) {
                *known = known.max(near);
            }
        }
        share(topic, worth.into_iter())
    }

    /// Whether the stretch `at` stands right before a match of the term `index`.
    #[must_use]
    pub fn counts(&self, index: usize, at: Span) -> bool {
        self.matches_of(index)
            .any(|span| span.start() >= at.end() && span.start() - at.end() <= COUNTED)
    }
}

/// Whether a match is by the asker's own word.
fn own(worth: f32) -> f32 {
    if worth >= 1.0 { 1.0 } else { 0.0 }
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
