//! What is shown of an article: the stretch of neighbouring sentences that most likely holds the answer.
//!
//! A softmax over all candidates of a question gives each sentence's probability to hold the answer. Of every run
//! of sentences that follow each other and are short enough to be read at once, the one with the greatest sum is
//! shown, less a little for each sentence: what adds nothing is left out. In news, where a paragraph is a sentence,
//! the answer often stands beside the words that were asked with.

use std::collections::BTreeMap;

use super::{candidate::Candidate, gather::EXCERPT_LENGTH};
use crate::{language::FurnitureKind, text::Span};

/// What a further sentence must add to the probability.
const WORTH_SHOWING: f32 = 0.001;

/// Sentences that follow each other, as indices of candidates.
#[derive(Clone, Debug, PartialEq)]
pub struct Stretch {
    /// The candidates, in the order of the text.
    pub candidates: Vec<usize>,
    /// The likeliest of them.
    pub best: usize,
    /// From the first to the last.
    pub span: Span,
    /// The probability that it holds the answer.
    pub probability: f32,
}

/// Each candidate's probability to hold the answer, if one of them does.
#[must_use]
pub fn probabilities(candidates: &[Candidate]) -> Vec<f32> {
    let most = candidates
        .iter()
        .map(|candidate| candidate.answering)
        .fold(f32::MIN, f32::max);
    let odds: Vec<f32> = candidates
        .iter()
        .map(|candidate| (candidate.answering - most).exp())
        .collect();
    let all: f32 = odds.iter().sum();
    odds.into_iter().map(|odds| odds / all).collect()
}

/// The `limit` best stretches of the candidates, no sentence twice, best first.
#[must_use]
pub fn stretches(candidates: &[Candidate], probabilities: &[f32], limit: usize) -> Vec<Stretch> {
    let mut by_article: BTreeMap<u64, Vec<(Span, usize)>> = BTreeMap::new();
    for (index, candidate) in candidates.iter().enumerate() {
        if let Some(sentence) = candidate.sentence() {
            by_article
                .entry(candidate.number)
                .or_default()
                .push((sentence.span, index));
        }
    }
    let mut all = Vec::new();
    for sentences in by_article.values_mut() {
        sentences.sort_unstable();
        sentences.dedup_by_key(|(span, _)| *span);
        for first in 0..sentences.len() {
            let from = sentences.get(first..).unwrap_or_default();
            grow(candidates, probabilities, from, &mut all);
        }
    }
    all.sort_by(|(a, worth_a), (b, worth_b)| {
        worth_b
            .total_cmp(worth_a)
            .then_with(|| a.best.cmp(&b.best))
            .then_with(|| a.span.cmp(&b.span))
    });
    let mut chosen: Vec<Stretch> = Vec::new();
    for (stretch, _) in all {
        if chosen.len() == limit {
            break;
        }
        let shown = |index: &usize| chosen.iter().any(|other| other.candidates.contains(index));
        if !stretch.candidates.iter().any(shown) {
            chosen.push(stretch);
        }
    }
    chosen
}

/// The stretches that begin with the first of `sentences`, each with what it is worth.
fn grow(
    candidates: &[Candidate],
    probabilities: &[f32],
    sentences: &[(Span, usize)],
    into: &mut Vec<(Stretch, f32)>,
) {
    let probability = |index: usize| probabilities.get(index).copied().unwrap_or_default();
    let mut grown: Option<Stretch> = None;
    for &(span, index) in sentences {
        let Some(candidate) = candidates.get(index) else {
            return;
        };
        let post = candidate
            .passage()
            .is_some_and(|passage| passage.furniture == Some(FurnitureKind::Post));
        let next = match grown {
            None => Stretch {
                candidates: vec![index],
                best: index,
                span,
                probability: probability(index),
            },
            Some(stretch) => {
                let body = &candidate.document.article.body;
                let between = body.get(stretch.span.end()..span.start());
                let whole = stretch.span.join(span);
                // A post stands by itself.
                if post
                    || between.is_none_or(|between| !between.trim().is_empty())
                    || whole.of(body).chars().count() > EXCERPT_LENGTH
                {
                    return;
                }
                let better = probability(index) > probability(stretch.best);
                let mut stretch = stretch;
                stretch.candidates.push(index);
                Stretch {
                    best: if better { index } else { stretch.best },
                    span: whole,
                    probability: stretch.probability + probability(index),
                    candidates: stretch.candidates,
                }
            }
        };
        #[expect(clippy::cast_precision_loss, reason = "a handful of sentences")]
        let cost = WORTH_SHOWING * next.candidates.len() as f32;
        into.push((next.clone(), next.probability - cost));
        if post {
            return;
        }
        grown = Some(next);
    }
}
