//! What sentences tell of when: each sentence that may answer, with each of its dates, weighed.
//!
//! A date is likely where many sentences give it, so what speaks for each is a conditional logit in which the
//! sentences of one date count together, as `dating` has it; the weights are data.

use std::collections::BTreeMap;

use super::{candidate::Candidate, features, found::Found, topic::Topic};
use crate::{
    archive::Archive,
    dating::{DateBasis, Dated, Told},
    index::Terms,
    text::{Span, TokenKind, fold, tokens_in},
};

/// How long an article may be, in bytes, whose words are dated: reading a very long one again would keep the
/// asker waiting.
const LONGEST: usize = 40_000;

/// Within how many words after a negation what it denies begins: "no arrests", "has never yet been charged".
const DENIED_WITHIN: usize = 3;

/// Dates less likely than this are not worth weighing.
const LIKELY: f32 = 0.02;

/// The features of a date beside those of its sentence.
const OF_DATES: [&str; 14] = [
    "told",
    "untold",
    "likely",
    "sure",
    "stated",
    "carried",
    "stated_told",
    "day",
    "month",
    "ahead",
    "later",
    "recent",
    "old",
    "unreal",
];

/// A sentence with one of its dates.
#[derive(Clone, Debug)]
pub struct Pair<'c> {
    /// The sentence.
    pub candidate: &'c Candidate,
    /// The date.
    pub dated: Dated,
    /// All that speaks for the two, in the order of [`names`].
    pub features: Vec<f32>,
}

/// The names of the features of a [`Pair`], in order.
#[must_use]
pub fn names() -> Vec<&'static str> {
    features::NAMES.into_iter().chain(OF_DATES).collect()
}

/// Each of the `candidates` with each of its dates.
#[must_use]
pub fn pairs<'c>(archive: &Archive, topic: &Topic, candidates: &'c [Candidate]) -> Vec<Pair<'c>> {
    let telling: Vec<Vec<Span>> = candidates
        .iter()
        .map(|candidate| telling_words(archive, topic, candidate))
        .collect();
    let told = told(archive, candidates, &telling);
    let plain = without_names(topic);
    let mut pairs = Vec::new();
    for ((candidate, told), telling) in candidates.iter().zip(told).zip(&telling) {
        let denied = is_denied(archive, candidate, telling);
        let words = told.eventful * share_of_words(archive, &plain, candidate);
        for (dated, likely) in told.dates {
            if likely < LIKELY {
                continue;
            }
            let mut features = candidate.features.values().to_vec();
            let ahead = told.ahead;
            features.extend(of_date(candidate, &dated, likely, words, (ahead, denied)));
            pairs.push(Pair {
                candidate,
                dated,
                features,
            });
        }
    }
    pairs
}

fn of_date(
    candidate: &Candidate,
    dated: &Dated,
    likely: f32,
    words: f32,
    (ahead, denied): (bool, bool),
) -> [f32; OF_DATES.len()] {
    let published = candidate.document.article.published;
    let interval = dated.interval;
    let days_before = interval
        .last()
        .until(published)
        .map_or(0, |span| span.get_days());
    let flag = |holds: bool| f32::from(u8::from(holds));
    let stated = flag(dated.basis == DateBasis::Stated);
    [
        words,
        flag(words <= 0.0),
        1.0 + likely.ln().max(-5.0) / 5.0,
        likely * words,
        stated,
        flag(dated.basis == DateBasis::Carried),
        stated * words,
        flag(interval.days() == 1),
        flag((2..=31).contains(&interval.days())),
        flag(ahead),
        flag(interval.begin() > published),
        flag((0..=2).contains(&days_before)),
        flag(days_before > 60),
        // What will or may be was not on the day on which that was said.
        flag(denied || ahead && dated.basis != DateBasis::Stated),
    ]
}

/// The share of the words that weigh something in a sentence.
fn share_of_words(archive: &Archive, plain: &Topic, candidate: &Candidate) -> f32 {
    let Some(sentence) = candidate.sentence() else {
        return 0.0;
    };
    let words = &archive.language().words;
    let body = &candidate.document.article.body;
    Found::read(words, plain, body, sentence.span).share(plain)
}

/// A topic in which names weigh nothing, unless it has nothing else.
fn without_names(topic: &Topic) -> Topic {
    let mut plain = topic.clone();
    if plain.terms.iter().any(|term| !term.name) {
        for term in plain.terms.iter_mut().filter(|term| term.name) {
            term.rarity = 0.0;
        }
    }
    plain
}

/// For each candidate, when what is asked about happened: by the words that ask, where its sentence has some
/// that are no names, else by its verbs, as it was dated when it was read.
fn told(archive: &Archive, candidates: &[Candidate], telling: &[Vec<Span>]) -> Vec<Told> {
    let mut told: Vec<Told> = candidates
        .iter()
        .map(|candidate| {
            let dates = candidate.sentence().map(|sentence| &sentence.dates[..]);
            as_read(dates.unwrap_or_default())
        })
        .collect();
    let mut by_article: BTreeMap<u64, Vec<(usize, Vec<usize>)>> = BTreeMap::new();
    for (index, (candidate, words)) in candidates.iter().zip(telling).enumerate() {
        if candidate.document.article.body.len() <= LONGEST && !words.is_empty() {
            let starts = words.iter().map(|word| word.start()).collect();
            by_article
                .entry(candidate.number)
                .or_default()
                .push((index, starts));
        }
    }
    for places in by_article.into_values() {
        let Some(candidate) = places.first().and_then(|(index, _)| candidates.get(*index)) else {
            continue;
        };
        let document = &candidate.document;
        let rows = document.rows();
        let (indices, words): (Vec<usize>, Vec<Vec<usize>>) = places.into_iter().unzip();
        let found = archive
            .reader()
            .dater()
            .told(&rows.scene(&document.article), &words);
        for (index, found) in indices.into_iter().zip(found) {
            if let Some(told) = told.get_mut(index)
                && !found.dates.is_empty()
            {
                *told = found;
            }
        }
    }
    told
}

/// The dates of a sentence as it was read, each half as likely as the one before.
fn as_read(dates: &[Dated]) -> Told {
    let mut share = 1.0;
    let halved = dates.iter().map(|dated| {
        share /= 2.0;
        (dated.clone(), share)
    });
    Told {
        dates: halved.collect(),
        ..Told::default()
    }
}

/// Whether a candidate's sentence says of all the words that tell of what is asked about that it is not so: a
/// negation stands shortly before each, with no mark between.
fn is_denied(archive: &Archive, candidate: &Candidate, telling: &[Span]) -> bool {
    let Some(sentence) = candidate.sentence() else {
        return false;
    };
    let body = &candidate.document.article.body;
    let questions = &archive.language().questions;
    // How many words ago the last negation stood.
    let mut since: Option<usize> = None;
    let mut denied = 0;
    for token in tokens_in(body, sentence.span) {
        if telling
            .iter()
            .any(|word| word.start() == token.span.start())
        {
            denied += usize::from(since.is_some());
        }
        let word = fold(token.span.of(body));
        since = match token.kind {
            TokenKind::Mark => None,
            _ if questions.denies(&word) => Some(0),
            // "Not only".
            _ if since == Some(0) && word == "only" => None,
            _ => since
                .map(|words| words + 1)
                .filter(|words| *words < DENIED_WITHIN),
        };
    }
    denied > 0 && denied == telling.len()
}

/// The words of a candidate's sentence that tell of what is asked about: those that match and are no names.
fn telling_words(archive: &Archive, topic: &Topic, candidate: &Candidate) -> Vec<Span> {
    let words = &archive.language().words;
    let tells = |span: &Span| {
        let word = candidate.document.text(*span);
        let stem = Terms::new(word, words).next().map(|term| term.stem);
        let term = stem.and_then(|stem| topic.terms.get(topic.matches(&stem, word)?.0));
        term.is_some_and(|term| !term.name && !term.number)
    };
    candidate
        .matched
        .iter()
        .filter(|span| tells(span))
        .copied()
        .collect()
}
