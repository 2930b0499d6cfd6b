//! Whether the best excerpt answers the question at all, or the bot had better say that it does not know.
//!
//! A logistic regression (`data/scripts/certainty.py`) over what speaks for and against the excerpt. What speaks
//! against it most is what a question asks beyond the text: a name, a number, an extreme ("the first", "largest")
//! or a negation that is not there, or the contrary of a word of the question. How much is alike says little: who
//! asks for what is not told uses the words of what is.

use super::{
    candidate::Candidate,
    features::features,
    found::Found,
    instead::{Instead, TOLD},
    stretch::{Stretch, probabilities, stretches},
    topic::{Topic, TopicTerm},
};
use crate::{
    index::Terms,
    language::{Expected, Language},
    text::{Span, TokenKind, fold, tokens},
};

/// A rarity to measure others by: that of a word in a few windows of a small archive.
const RARE: f32 = 8.0;

/// By how much the best sentence can be better than the next one.
const MARGIN: f32 = 4.0;

features! {
    /// What speaks for and against an excerpt as an answer.
    Certainty, CERTAINTY:
    /// Always 1: what to expect of a question in general.
    always,
    /// The question is negated and the excerpt is not; "why not" aside.
    negated,
    /// The excerpt has the contrary of a word of the question, and not the word.
    contrary,
    /// How rare the rarest name is that the excerpt lacks, against the question's rarest word.
    lacking_name,
    /// The same of numbers.
    lacking_number,
    /// How rare the rarest extreme is that the excerpt lacks.
    lacking_extreme,
    /// How rare the rarest word is that the excerpt lacks and has another in place of.
    replaced,
    /// How rare the rarest name is that the excerpt lacks and has another in place of, behind the same preposition.
    elsewhere,
    /// The share of the question that no article has a word for.
    absent,
    /// How much better the best sentence is than the next.
    margin,
    /// Of the best sentence: the share of the question in the headline.
    headline,
    /// The share of the question's numbers in it.
    own_numbers,
    /// The share of neighbouring words that stand close.
    close_pairs,
    /// The share of neighbouring words that stand side by side.
    pairs,
    /// The share of the question in the sentence before.
    before,
    /// Whether the question's rarest word is in it.
    rarest,
}

/// What is known of the best excerpt for `question`.
#[must_use]
pub fn certainty(
    language: &Language,
    topic: &Topic,
    question: &str,
    candidates: &[Candidate],
    best: &Stretch,
) -> Certainty {
    let Some(candidate) = candidates.get(best.best) else {
        return Certainty::default();
    };
    let body = &candidate.document.article.body;
    let excerpt = best.span.of(body);
    let found = Found::read(&language.words, topic, body, best.span);
    let instead = Instead::read(language, topic, &found, body, best.span);
    let most = topic
        .terms
        .iter()
        .map(|term| term.rarity)
        .fold(f32::EPSILON, f32::max);
    let lacking = |kind: &dyn Fn(&TopicTerm) -> bool| {
        let terms = topic.terms.iter().zip(&found.worth);
        let lacking = terms.filter(|(term, worth)| **worth < TOLD && kind(term));
        lacking.map(|(term, _)| term.rarity).fold(0.0, f32::max)
    };
    let better = candidates
        .iter()
        .enumerate()
        .filter(|(index, _)| *index != best.best)
        .map(|(_, other)| candidate.answering - other.answering)
        .fold(MARGIN, f32::min);
    let of = &candidate.features;
    // An article without a headline is headed by its beginning.
    let headline = if candidate.document.article.headline.is_some() {
        of.headline
    } else {
        let begins = candidate.document.headline();
        Found::read(&language.words, topic, &begins, Span::whole(&begins)).share(topic)
    };
    let why = topic.expected == Some(Expected::Reason);
    Certainty {
        always: 1.0,
        negated: flag(!why && negated(language, question) && !negated(language, excerpt)),
        contrary: flag(contrary(language, topic, question, &found, body, best.span)),
        lacking_name: lacking(&|term| term.name) / most,
        lacking_number: lacking(&|term| term.number) / most,
        lacking_extreme: lacking(&|term| extreme(language, &fold(term.span.of(question)))) / RARE,
        replaced: instead.replaced() / RARE,
        elsewhere: instead.elsewhere(question) / RARE,
        absent: topic.absent(),
        margin: better,
        headline,
        own_numbers: of.own_numbers,
        close_pairs: of.close_pairs,
        pairs: of.pairs,
        before: of.before,
        rarest: of.rarest,
    }
}

/// How likely an excerpt answers, 0 to 1.
#[must_use]
pub fn likelihood(language: &Language, certainty: &Certainty) -> f32 {
    let weight = |name: &str| {
        language
            .ranking
            .certainty
            .get(name)
            .copied()
            .unwrap_or_default()
    };
    let odds: f32 = CERTAINTY
        .iter()
        .zip(certainty.values())
        .map(|(name, value)| weight(name) * value)
        .sum();
    1.0 / (1.0 + (-odds).exp())
}

/// Whether the best of some candidates is likely enough to answer `question` to be told.
#[must_use]
pub fn sure(language: &Language, topic: &Topic, question: &str, candidates: &[Candidate]) -> bool {
    let best = stretches(candidates, &probabilities(candidates), 1);
    best.first().is_some_and(|best| {
        let certainty = certainty(language, topic, question, candidates, best);
        likelihood(language, &certainty) >= language.ranking.certain
    })
}

fn flag(holds: bool) -> f32 {
    f32::from(u8::from(holds))
}

/// Whether a text denies something.
fn negated(language: &Language, text: &str) -> bool {
    tokens(text)
        .filter(|token| token.kind == TokenKind::Word)
        .any(|token| language.questions.denies(&fold(token.span.of(text))))
}

/// Whether a word says that something is so more than anything else: "largest", "first", "only".
fn extreme(language: &Language, word: &str) -> bool {
    let superlative = word.len() > 5 && word.ends_with("est");
    superlative
        || language
            .questions
            .extremes
            .iter()
            .any(|extreme| *extreme == word)
}

/// Whether the stretch `span` of `text` has the contrary of a word of the question that it lacks.
fn contrary(
    language: &Language,
    topic: &Topic,
    question: &str,
    found: &Found,
    text: &str,
    span: Span,
) -> bool {
    let lacking = topic
        .terms
        .iter()
        .zip(&found.worth)
        .filter(|(_, worth)| **worth < 1.0);
    let contraries: Vec<&str> = lacking
        .flat_map(|(term, _)| language.contraries.of(&fold(term.span.of(question))))
        .collect();
    !contraries.is_empty()
        && Terms::new(span.of(text), &language.words).any(|term| contraries.contains(&&*term.stem))
}
