//! Sentences that may answer: how well each fits a topic, and where.
//!
//! Windows are retrieved by the index; here their sentences are weighed by how much of the topic's
//! rarity they hold themselves, and, for less, their neighbours, their window and their headline. In news
//! the words of a question seldom stand in one sentence.

use std::{collections::BTreeMap, sync::Arc};

use super::{
    features::{Features, Found, NAMES, has_expected, ratio, share},
    topic::{Topic, TopicTerm},
};
use crate::{
    archive::{Archive, ArchiveError},
    index::{Hit, Query},
    language::{Expected, FurnitureKind, Language},
    passage::{Document, Passage, Sentence},
    text::Span,
};

/// What a match is worth in the sentence before or after, elsewhere in the window, and in the headline.
const NEIGHBOUR: f32 = 0.5;
const WINDOW: f32 = 0.3;
const HEADLINE: f32 = 0.3;

/// Fewer terms than this make a caption or a crosshead more often than an answer.
const SHORT: usize = 3;
/// More terms than this make a sentence long.
const LONG: usize = 30;

/// What BM25 gives at most for a term, in its rarity: k1 + 1.
const SATURATED: f32 = 2.2;

/// What it costs the confidence when the archive has no word for what is asked.
const ABSENT: f32 = 0.5;

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
    /// How well it fits: the weighted sum of its features.
    pub score: f32,
    /// How much of the topic's rarity the sentence holds itself, 0 to 1.
    pub coverage: f32,
    /// How much of it the sentence and its surroundings hold, 0 to 1.
    pub context: f32,
    /// All that speaks for it, in the order of [`NAMES`].
    pub features: Features,
    /// The words of the article that match, in order.
    pub matched: Vec<Span>,
}

impl Candidate {
    /// The passage that the sentence stands in.
    #[must_use]
    pub fn passage(&self) -> Option<&Passage> {
        self.document.passages.get(self.passage)
    }

    /// Whether the sentence has the kind of thing that is asked for.
    #[must_use]
    pub fn has_expected(&self) -> bool {
        NAMES
            .iter()
            .zip(&self.features)
            .any(|(name, value)| *name == "expected" && *value > 0.0)
    }

    /// The sentence.
    #[must_use]
    pub fn sentence(&self) -> Option<&Sentence> {
        self.passage()?.sentences.get(self.sentence)
    }
}

/// Weights in the order of [`NAMES`].
#[must_use]
pub fn weights(by_name: &BTreeMap<String, f32>) -> Features {
    NAMES.map(|name| by_name.get(name).copied().unwrap_or_default())
}

/// The weighted sum of features.
#[must_use]
pub fn weighted(features: &Features, weights: &Features) -> f32 {
    features
        .iter()
        .zip(weights)
        .map(|(feature, weight)| feature * weight)
        .sum()
}

/// How sure it is that the best candidate answers: 0 to 1, more or less.
#[must_use]
pub fn confidence(language: &Language, topic: &Topic, best: &Candidate) -> f32 {
    weighted(&best.features, &weights(&language.ranking.confidence)) - ABSENT * topic.absent()
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
    let hits = archive.search(query, windows)?;
    let mut in_article: BTreeMap<u64, Vec<f32>> = BTreeMap::new();
    let mut scenes = Vec::new();
    let best = hits
        .first()
        .map_or(1.0, |(hit, _)| hit.score.max(f32::EPSILON));
    for (hit, document) in &hits {
        let scene = Scene::read(archive.language(), topic, *hit, document, hit.score / best);
        let known = in_article
            .entry(hit.article)
            .or_insert_with(|| vec![0.0; topic.terms.len()]);
        for (known, worth) in known.iter_mut().zip(scene.worth(topic)) {
            *known = known.max(worth);
        }
        scenes.push(scene);
    }
    let weights = weights(&archive.language().ranking.sentence);
    let mut found: Vec<Candidate> = Vec::new();
    for scene in &scenes {
        let worth = in_article
            .get(&scene.hit.article)
            .map_or(&[][..], Vec::as_slice);
        scene.weigh(
            archive.language(),
            topic,
            share(topic, worth.iter().copied()),
            &weights,
            &mut found,
        );
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

/// One sentence of a window.
struct Place {
    passage: usize,
    sentence: usize,
    span: Span,
    /// A post stands by itself: what others wrote before and after it says nothing of it.
    post: bool,
    dates: Vec<Span>,
    found: Found,
}

/// A window and what was found of the topic in it.
struct Scene<'d> {
    hit: Hit,
    document: &'d Arc<Document>,
    rank: f32,
    headline: Found,
    places: Vec<Place>,
}

impl<'d> Scene<'d> {
    fn read(
        language: &Language,
        topic: &Topic,
        hit: Hit,
        document: &'d Arc<Document>,
        rank: f32,
    ) -> Self {
        let body = &document.article.body;
        let (first, last) = hit.paragraphs;
        let mut places = Vec::new();
        for (index, passage) in document.passages.iter().enumerate() {
            if passage.number < first || passage.number > last || !passage.is_evidence() {
                continue;
            }
            for (number, sentence) in passage.sentences.iter().enumerate() {
                let dates = passage.timexes.iter().map(|timex| timex.span);
                places.push(Place {
                    passage: index,
                    sentence: number,
                    span: sentence.span,
                    post: passage.furniture == Some(FurnitureKind::Post),
                    dates: dates.filter(|date| sentence.span.contains(*date)).collect(),
                    found: Found::read(&language.words, topic, body, sentence.span),
                });
            }
        }
        let headline = document.article.headline.as_deref().unwrap_or_default();
        let headline = Found::read(&language.words, topic, headline, Span::whole(headline));
        Self {
            hit,
            document,
            rank,
            headline,
            places,
        }
    }

    /// The worth of each term's best match anywhere in the window.
    fn worth(&self, topic: &Topic) -> Vec<f32> {
        (0..topic.terms.len())
            .map(|term| {
                self.places
                    .iter()
                    .map(|place| worth(&place.found, term))
                    .fold(worth(&self.headline, term), f32::max)
            })
            .collect()
    }

    fn weigh(
        &self,
        language: &Language,
        topic: &Topic,
        article: f32,
        weights: &Features,
        into: &mut Vec<Candidate>,
    ) {
        let window = self.worth(topic);
        let strength = (self.hit.score / (SATURATED * topic.rarity().max(f32::EPSILON))).min(1.5);
        for (at, place) in self.places.iter().enumerate() {
            let around = self.around(topic, at);
            let context = share(topic, around.iter().copied());
            if context <= 0.0 {
                continue;
            }
            let neighbour = |index: Option<usize>| {
                let found = index
                    .and_then(|index| self.places.get(index))
                    .filter(|_| !place.post);
                found.map_or(0.0, |other| other.found.share(topic))
            };
            let coverage = place.found.share(topic);
            let body = &self.document.article.body;
            let has = |expected: Expected| {
                has_expected(
                    language,
                    expected,
                    body,
                    place.span,
                    &place.found.matched,
                    &place.dates,
                )
            };
            let expected = topic.expected.map(has);
            let words = place.found.words;
            let number = self
                .document
                .passages
                .get(place.passage)
                .map_or(1, |passage| passage.number);
            #[expect(clippy::cast_precision_loss, reason = "counts of words and paragraphs")]
            let features: Features = [
                coverage,
                context,
                neighbour(at.checked_sub(1)),
                neighbour(at.checked_add(1)),
                self.headline.share(topic),
                article,
                self.rank,
                strength,
                place.found.pairs(topic),
                place.found.proximity(),
                place.found.order(),
                names(topic, &around),
                rarest(topic, &place.found),
                flag(expected == Some(true)),
                flag(expected == Some(false)),
                flag(words < SHORT && !place.post),
                (words.saturating_sub(LONG) as f32 / LONG as f32).min(2.0),
                1.0 / number as f32,
                missed(topic, &window, |_| true),
                missed(topic, &window, |term| term.name),
                missed(topic, &window, |term| term.number),
            ];
            into.push(Candidate {
                number: self.hit.article,
                document: Arc::clone(self.document),
                passage: place.passage,
                sentence: place.sentence,
                score: weighted(&features, weights),
                coverage,
                context,
                features,
                matched: place.found.matched.clone(),
            });
        }
    }

    /// For each term, the worth of its best match in the sentence at `at` and, for less, around it.
    fn around(&self, topic: &Topic, at: usize) -> Vec<f32> {
        let alone = self.places.get(at).is_none_or(|place| place.post);
        (0..topic.terms.len())
            .map(|term| {
                let own = self
                    .places
                    .get(at)
                    .map_or(0.0, |place| worth(&place.found, term));
                let others = self
                    .places
                    .iter()
                    .enumerate()
                    .filter(|(other, _)| *other != at && !alone);
                let others = others.map(|(other, place)| {
                    let weight = if other.abs_diff(at) == 1 {
                        NEIGHBOUR
                    } else {
                        WINDOW
                    };
                    weight * worth(&place.found, term)
                });
                others.fold(own.max(HEADLINE * worth(&self.headline, term)), f32::max)
            })
            .collect()
    }
}

fn worth(found: &Found, term: usize) -> f32 {
    found.worth.get(term).copied().unwrap_or_default()
}

fn flag(holds: bool) -> f32 {
    f32::from(u8::from(holds))
}

/// The share of the topic's names that were found here or around; 1 where it has none.
fn names(topic: &Topic, around: &[f32]) -> f32 {
    let names = topic.terms.iter().zip(around).filter(|(term, _)| term.name);
    let (found, all) = names.fold((0, 0), |(found, all), (_, worth)| {
        (found + usize::from(*worth > 0.0), all + 1)
    });
    if all == 0 { 1.0 } else { ratio(found, all) }
}

/// The greatest rarity among the terms of a kind that the window lacks, against the rarest term's.
fn missed(topic: &Topic, window: &[f32], kind: impl Fn(&TopicTerm) -> bool) -> f32 {
    let most = topic
        .terms
        .iter()
        .map(|term| term.rarity)
        .fold(f32::EPSILON, f32::max);
    let terms = topic.terms.iter().zip(window);
    let lacking = terms.filter(|(term, worth)| **worth <= 0.0 && kind(term));
    lacking
        .map(|(term, _)| term.rarity / most)
        .fold(0.0, f32::max)
}

/// The worth of the match of the topic's rarest term.
fn rarest(topic: &Topic, found: &Found) -> f32 {
    let rarest = topic
        .terms
        .iter()
        .enumerate()
        .max_by(|a, b| a.1.rarity.total_cmp(&b.1.rarity));
    rarest.map_or(0.0, |(index, _)| worth(found, index))
}
