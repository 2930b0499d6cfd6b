//! Sentences that may answer: how well each fits a topic, and where.
//!
//! Windows are retrieved by the index; here their sentences are weighed by how much of the topic's
//! rarity they hold themselves, and, for less, their neighbours, their window and their headline. In news
//! the words of a question seldom stand in one sentence.

use std::{collections::BTreeMap, sync::Arc};

use super::{
    features::{Features, weighted, weights},
    found::share,
    scene::Scene,
    topic::Topic,
};
use crate::{
    archive::{Archive, ArchiveError},
    index::{Hit, Query},
    language::Language,
    passage::{Document, Passage, Sentence},
    text::Span,
};

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
    /// How well it fits: the sum of its features, weighted by `[sentence]`.
    pub score: f32,
    /// How well it answers: the same, weighted by `[answer]`, as log-odds against the other candidates.
    pub answering: f32,
    /// How much of the topic's rarity the sentence holds itself, 0 to 1.
    pub coverage: f32,
    /// How much of it the sentence and its surroundings hold, 0 to 1.
    pub context: f32,
    /// All that speaks for it.
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
        self.features.expected > 0.0
    }

    /// The sentence.
    #[must_use]
    pub fn sentence(&self) -> Option<&Sentence> {
        self.passage()?.sentences.get(self.sentence)
    }
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
    let best = best_score(&hits);
    for (at, (hit, document)) in hits.iter().enumerate() {
        let rank = hit.score / best;
        let scene = Scene::read(archive.language(), topic, *hit, document, rank, at);
        let known = in_article
            .entry(hit.article)
            .or_insert_with(|| vec![0.0; topic.terms.len()]);
        for (known, worth) in known.iter_mut().zip(scene.worth(topic)) {
            *known = known.max(worth);
        }
        scenes.push(scene);
    }
    let ranking = &archive.language().ranking;
    let (fit, answering) = (weights(&ranking.sentence), weights(&ranking.answer));
    let mut found: Vec<Candidate> = Vec::new();
    for scene in &scenes {
        let worth = in_article
            .get(&scene.hit.article)
            .map_or(&[][..], Vec::as_slice);
        let article = share(topic, worth.iter().copied());
        scene.weigh(
            archive.language(),
            topic,
            article,
            &fit,
            &answering,
            &mut found,
        );
    }
    sort(&mut found);
    Ok(found)
}

/// The score of the first of these, by which others are measured.
pub(super) fn best_score(hits: &[(Hit, Arc<Document>)]) -> f32 {
    hits.first()
        .map_or(1.0, |(hit, _)| hit.score.max(f32::EPSILON))
}

/// Best first; of equals the earlier in the archive, so that answers do not change from run to run.
pub fn sort(candidates: &mut [Candidate]) {
    candidates.sort_by(|a, b| {
        b.score
            .total_cmp(&a.score)
            .then_with(|| (a.number, a.passage, a.sentence).cmp(&(b.number, b.passage, b.sentence)))
    });
}
