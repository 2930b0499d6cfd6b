//! Sentences that may answer: how well each fits a topic, and where.
//!
//! Windows are retrieved by the index; here their sentences are weighed by how much of the topic's
//! rarity they hold themselves, and, for less, their neighbours, their window and their headline. In news
//! the words of a question seldom stand in one sentence.

use std::sync::Arc;

use super::topic::Topic;
use crate::{
    archive::{Archive, ArchiveError},
    index::{Hit, Query, Terms},
    language::{FurnitureKind, Words},
    passage::{Document, Passage, Sentence},
    text::Span,
};

/// What a match is worth in the sentence before or after, elsewhere in the window, and in the headline.
const NEIGHBOUR: f32 = 0.5;
const WINDOW: f32 = 0.3;
const HEADLINE: f32 = 0.3;

/// What the window's rank, and words that stand together as in the question, add at most.
const RANK_BONUS: f32 = 0.15;
const PAIR_BONUS: f32 = 0.15;

/// What a sentence of few words loses: it is a caption or a crosshead more often than an answer.
const SHORT_PENALTY: f32 = 0.15;
const SHORT: usize = 4;

/// A sentence that may answer.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// The article's number.
    pub number: u64,
    /// Its document.
    pub document: Arc<Document>,
    /// The index of its passage in the document.
    pub passage: usize,
    /// The index of the sentence in its passage.
    pub sentence: usize,
    /// How well it fits, about 0 to 1.3.
    pub score: f32,
    /// How much of the topic's rarity the sentence holds itself, 0 to 1.
    pub coverage: f32,
    /// How much of it the sentence and its surroundings hold, 0 to 1.
    pub context: f32,
    /// The words of the article that match, in order.
    pub matched: Vec<Span>,
}

impl Candidate {
    /// The passage that the sentence stands in.
    #[must_use]
    pub fn passage(&self) -> Option<&Passage> {
        self.document.passages.get(self.passage)
    }

    /// The sentence.
    #[must_use]
    pub fn sentence(&self) -> Option<&Sentence> {
        self.passage()?.sentences.get(self.sentence)
    }
}

/// The sentences of the `windows` best windows for `query`, weighed by `topic`, best first.
///
/// # Errors
/// Where the index fails.
pub fn candidates(
    archive: &Archive,
    topic: &Topic,
    query: &Query,
    windows: usize,
) -> Result<Vec<Candidate>, ArchiveError> {
    let words = &archive.language().words;
    let hits = archive.search(query, windows)?;
    let best = hits
        .first()
        .map_or(1.0, |(hit, _)| hit.score.max(f32::EPSILON));
    let mut found: Vec<Candidate> = Vec::new();
    for (hit, document) in &hits {
        weigh_window(words, topic, *hit, document, hit.score / best, &mut found);
    }
    sort(&mut found);
    Ok(found)
}

/// Best first; of equals the earlier in the archive, so that answers do not change from run to run.
pub fn sort(candidates: &mut [Candidate]) {
    candidates.sort_by(|a, b| {
        b.score
            .total_cmp(&a.score)
            .then_with(|| (a.number, a.passage, a.sentence).cmp(&(b.number, b.passage, b.sentence)))
    });
}

/// What was found of each term of a topic in some text: the worth of its best match, 0 to 1.
#[derive(Clone, Debug, Default)]
pub struct Found {
    worth: Vec<f32>,
    matched: Vec<Span>,
    /// How many pairs of the topic stand side by side.
    pairs: usize,
    words: usize,
}

impl Found {
    /// Looks for the terms of `topic` in the stretch `span` of `text`.
    #[must_use]
    pub fn read(words: &Words, topic: &Topic, text: &str, span: Span) -> Self {
        let mut found = Self {
            worth: vec![0.0; topic.terms.len()],
            ..Self::default()
        };
        let mut last: Option<(usize, usize)> = None;
        for term in Terms::new(span.of(text), words) {
            found.words += 1;
            let Some((index, worth)) =
                topic.terms.iter().enumerate().find_map(|(index, sought)| {
                    if *sought.stem == *term.stem {
                        return Some((index, 1.0));
                    }
                    let alternative = sought
                        .alternatives
                        .iter()
                        .find(|(stem, _)| **stem == *term.stem)?;
                    Some((index, alternative.1))
                })
            else {
                continue;
            };
            if let Some(known) = found.worth.get_mut(index) {
                *known = known.max(worth);
            }
            if let Some((before, position)) = last
                && position + 1 == term.position
                && topic.pairs.contains(&(before, index))
            {
                found.pairs += 1;
            }
            last = Some((index, term.position));
            found.matched.push(term.span.shifted(span.start()));
        }
        found
    }

    /// The words that matched.
    #[must_use]
    pub fn matched(&self) -> &[Span] {
        &self.matched
    }

    /// The share of the topic's rarity found in several places, each with the weight of a match there; of
    /// each term the best counts.
    #[must_use]
    pub fn best(topic: &Topic, places: &[(f32, Self)]) -> f32 {
        let worth = (0..topic.terms.len()).map(|term| {
            let in_place = |(weight, found): &(f32, Self)| {
                weight * found.worth.get(term).copied().unwrap_or_default()
            };
            places.iter().map(in_place).fold(0.0, f32::max)
        });
        share(topic, worth)
    }

    /// The share of the topic's rarity that was found, 0 to 1.
    #[must_use]
    pub fn share(&self, topic: &Topic) -> f32 {
        share(topic, self.worth.iter().copied())
    }
}

/// The share of the topic's rarity that `worth` (one value a term) makes up.
fn share(topic: &Topic, worth: impl Iterator<Item = f32>) -> f32 {
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

fn weigh_window(
    words: &Words,
    topic: &Topic,
    hit: Hit,
    document: &Arc<Document>,
    rank: f32,
    found: &mut Vec<Candidate>,
) {
    let body = &document.article.body;
    let (first, last) = hit.paragraphs;
    let mut places: Vec<(usize, usize, Found, Span)> = Vec::new();
    for (index, passage) in document.passages.iter().enumerate() {
        if passage.number < first || passage.number > last || !passage.is_evidence() {
            continue;
        }
        for (number, sentence) in passage.sentences.iter().enumerate() {
            places.push((
                index,
                number,
                Found::read(words, topic, body, sentence.span),
                sentence.span,
            ));
        }
    }
    let headline = document.article.headline.as_deref().unwrap_or_default();
    let headline = Found::read(words, topic, headline, Span::whole(headline));
    for (at, (passage, sentence, own, _)) in places.iter().enumerate() {
        // A post stands by itself: what others wrote before and after it says nothing of it.
        let post = document
            .passages
            .get(*passage)
            .is_some_and(|passage| passage.furniture == Some(FurnitureKind::Post));
        let context: Vec<f32> = (0..topic.terms.len())
            .map(|term| {
                let worth = |found: &Found| found.worth.get(term).copied().unwrap_or_default();
                let around = places
                    .iter()
                    .enumerate()
                    .filter(|(other, _)| *other != at && !post)
                    .map(|(other, place)| {
                        let weight = if other.abs_diff(at) == 1 {
                            NEIGHBOUR
                        } else {
                            WINDOW
                        };
                        weight * worth(&place.2)
                    });
                around.fold(worth(own).max(HEADLINE * worth(&headline)), f32::max)
            })
            .collect();
        let coverage = own.share(topic);
        let context = share(topic, context.into_iter());
        if context <= 0.0 {
            continue;
        }
        #[expect(clippy::cast_precision_loss, reason = "a handful of pairs")]
        let pairs = own.pairs as f32 / topic.pairs.len().max(1) as f32;
        let short = if own.words < SHORT && !post {
            SHORT_PENALTY
        } else {
            0.0
        };
        found.push(Candidate {
            number: hit.article,
            document: Arc::clone(document),
            passage: *passage,
            sentence: *sentence,
            score: context + RANK_BONUS * rank + PAIR_BONUS * pairs.min(1.0) - short,
            coverage,
            context,
            matched: own.matched.clone(),
        });
    }
}
