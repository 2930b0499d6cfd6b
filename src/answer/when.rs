//! `when <topic>`: the dates on which it happened, best first.

use super::{
    Answer, Request,
    candidate::{Candidate, candidates, confidence},
    certainty,
    gather::{Finding, Gather},
    label::{basis_label, date_label},
    nothing,
    told::{Pair, names, pairs},
    topic::Topic,
};
use crate::{
    archive::{Archive, ArchiveError},
    dating::Dated,
};

/// The command's name.
pub const NAME: &str = "when";

/// How many windows are looked at, how many sentences of them are dated, and how many dates are told.
const WINDOWS: usize = 60;
const SENTENCES: usize = 60;
const DATES: usize = 5;

/// How much of the topic a sentence and its surroundings must hold, against the best one.
const NEAR_BEST: f32 = 0.6;
/// How much of it they must hold at all.
const ENOUGH: f32 = 0.5;

/// How likely a finer date must be, beside a coarse one around it, for the coarse one to speak for it.
const AGREES: f32 = 0.1;

/// How likely a date must be, beside the likeliest, to be told.
const WORTH_TELLING: f32 = 0.02;

/// A date and the sentences that give it, the best first.
struct Day<'c> {
    dated: Dated,
    /// The sum of the weights of its sentences.
    weight: f32,
    sentences: Vec<(f32, Pair<'c>)>,
}

/// Answers `when`.
///
/// # Errors
/// Where the index fails.
pub fn answer(archive: &Archive, request: &Request) -> Result<Answer, ArchiveError> {
    let language = archive.language();
    let title = language
        .wording
        .say("title_when", &[("topic", &request.argument)]);
    let topic = Topic::read(archive, &request.argument)?;
    if topic.is_empty() {
        return Ok(nothing::missing_topic(archive, NAME, request, title));
    }
    let found = candidates(archive, &topic, &topic.query(), WINDOWS)?;
    let sure = found
        .first()
        .is_some_and(|best| confidence(language, &topic, best) >= language.ranking.threshold)
        && certainty::sure(language, &topic, &request.argument, &found);
    if !sure {
        return nothing::about(archive, NAME, request, title, &topic);
    }
    let near = near(found);
    let pairs = pairs(archive, &topic, &near);
    let days = days(archive, pairs);
    let likeliest = days.first().map_or(0.0, |day| day.weight);
    let told = days.iter().flat_map(|day| &day.sentences);
    let most = told.map(|(weight, _)| *weight).fold(0.0, f32::max);
    if most.ln() < language.ranking.dated {
        return nothing::about(archive, NAME, request, title, &topic);
    }
    let mut gather = Gather::new(&language.words);
    for day in days.iter().take(request.limit.unwrap_or(DATES)) {
        if day.weight < WORTH_TELLING * likeliest {
            break;
        }
        gather.group(
            Some(date_label(language, &day.dated)),
            Some(basis_label(language, day.dated.basis)),
        );
        for (_, pair) in &day.sentences {
            // What was told under another date already is not told again.
            let score = day.weight / likeliest;
            if add_sentence(&mut gather, pair.candidate, Some(pair.dated.clone()), score) {
                break;
            }
        }
    }
    if gather.is_empty() {
        return nothing::about(archive, NAME, request, title, &topic);
    }
    let notes = nothing::missing_words(archive, &request.argument, &topic)?;
    Ok(gather.answer(NAME, request, title, notes))
}

/// The candidates that hold enough of the topic, with what surrounds them, to tell of it: of its names one at least.
#[must_use]
pub fn near(found: Vec<Candidate>) -> Vec<Candidate> {
    let best = found.first().map_or(0.0, |candidate| candidate.context);
    let enough = (NEAR_BEST * best).max(ENOUGH);
    found
        .into_iter()
        .filter(|candidate| candidate.context >= enough && candidate.coverage > 0.0)
        .filter(|candidate| candidate.features.names > 0.0)
        .take(SENTENCES)
        .collect()
}

/// The dates that `pairs` give, likeliest first.
fn days<'c>(archive: &Archive, pairs: Vec<Pair<'c>>) -> Vec<Day<'c>> {
    let by_name = &archive.language().ranking.when;
    let weights: Vec<f32> = names()
        .into_iter()
        .map(|name| by_name.get(name).copied().unwrap_or_default())
        .collect();
    let mut days: Vec<Day<'c>> = Vec::new();
    for pair in pairs {
        let sum: f32 = pair.features.iter().zip(&weights).map(|(a, b)| a * b).sum();
        let weight = sum.exp();
        match days
            .iter_mut()
            .find(|day| day.dated.interval == pair.dated.interval)
        {
            Some(day) => {
                day.weight += weight;
                day.sentences.push((weight, pair));
            }
            None => days.push(Day {
                dated: pair.dated.clone(),
                weight,
                sentences: vec![(weight, pair)],
            }),
        }
    }
    fold(&mut days);
    for day in &mut days {
        day.sentences.sort_by(|a, b| b.0.total_cmp(&a.0));
        if let Some((_, best)) = day.sentences.first() {
            day.dated = best.dated.clone();
        }
    }
    days.sort_by(|a, b| {
        b.weight
            .total_cmp(&a.weight)
            .then_with(|| b.dated.interval.cmp(&a.dated.interval))
    });
    days
}

/// Lets a coarse date speak for the likeliest finer one inside it: "in 1979" agrees with "in June 1979". Where the
/// same sentences give both, the coarse one is but a part of the finer: "on 4 March next year".
fn fold(days: &mut [Day<'_>]) {
    days.sort_by_key(|day| std::cmp::Reverse(day.dated.interval.days()));
    for coarse in 0..days.len() {
        let Some(day) = days.get(coarse) else {
            continue;
        };
        let (interval, weight) = (day.dated.interval, day.weight);
        let told: Vec<_> = day.sentences.iter().map(|(_, pair)| place(pair)).collect();
        let finer = days
            .iter_mut()
            .skip(coarse + 1)
            .filter(|day| interval.covers(day.dated.interval) && day.dated.interval != interval)
            .max_by(|a, b| a.weight.total_cmp(&b.weight))
            .filter(|day| day.weight >= AGREES * weight);
        if let Some(finer) = finer {
            finer.weight += weight;
            let in_both = |at: &_| finer.sentences.iter().any(|(_, pair)| place(pair) == *at);
            let left = if told.iter().all(in_both) { 0.0 } else { 0.5 };
            if let Some(coarse) = days.get_mut(coarse) {
                coarse.weight *= left;
            }
        }
    }
}

/// Where the sentence of a pair stands: its article, passage and place there.
fn place(pair: &Pair<'_>) -> (u64, usize, usize) {
    let candidate = pair.candidate;
    (candidate.number, candidate.passage, candidate.sentence)
}

/// Adds the sentence of a candidate to the gathering.
pub(super) fn add_sentence(
    gather: &mut Gather<'_>,
    candidate: &Candidate,
    date: Option<Dated>,
    score: f32,
) -> bool {
    let (Some(passage), Some(sentence)) = (candidate.passage(), candidate.sentence()) else {
        return false;
    };
    gather.add(Finding {
        document: &candidate.document,
        paragraph: passage.number,
        span: sentence.span,
        bold: candidate.matched.clone(),
        date,
        quotation: None,
        score,
    })
}
