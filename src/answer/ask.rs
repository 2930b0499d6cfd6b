//! `ask <question>`: the sentences that answer it, or "I don't know".

use super::{
    Answer, Request,
    candidate::{Candidate, candidates},
    certainty::sure,
    expected::expected_words,
    gather::{Finding, Gather},
    named::answering_names,
    nothing,
    stretch::{Stretch, probabilities, stretches},
    topic::Topic,
};
use crate::{
    archive::{Archive, ArchiveError},
    language::{Expected, FurnitureKind, Language},
    text::Span,
};

/// The command's name.
pub const NAME: &str = "ask";

/// How many windows are looked at, and how many excerpts are told.
const WINDOWS: usize = 40;
const EXCERPTS: usize = 3;

/// How many stretches are looked at beyond those told: some say the same, some fit too little.
const SPARE: usize = 5;

/// How close to the best a figure's sentence must be for its date to decide the order.
const AS_GOOD: f32 = 0.85;

/// How well a further sentence must fit, against the best one, before it is told beside it.
const NEAR_BEST: f32 = 0.65;

/// Answers `ask`.
///
/// # Errors
/// Where the index fails.
pub fn answer(archive: &Archive, request: &Request) -> Result<Answer, ArchiveError> {
    let language = archive.language();
    let title = language
        .wording
        .say("title_ask", &[("topic", &request.argument)]);
    let topic = Topic::read(archive, &request.argument)?;
    if topic.is_empty() {
        return Ok(nothing::missing_topic(archive, NAME, request, title));
    }
    let found = candidates(archive, &topic, &topic.query(), WINDOWS)?;
    if !sure(language, &topic, &request.argument, &found) {
        return nothing::unknown(archive, NAME, request, title, &topic);
    }
    let limit = request.limit.unwrap_or(EXCERPTS);
    let stretches = stretches(&found, &probabilities(&found), limit + SPARE);
    let mut gather = Gather::new(&language.words);
    for stretch in choose(&topic, &found, stretches) {
        if gather.len() == limit {
            break;
        }
        let Some(best) = found.get(stretch.best) else {
            continue;
        };
        let (Some(passage), Some(sentence)) = (best.passage(), best.sentence()) else {
            continue;
        };
        let bold = |&index: &usize| {
            let candidate = found.get(index)?;
            let best = index == stretch.best;
            Some(bold(language, &topic, &request.argument, candidate, best))
        };
        gather.add(Finding {
            document: &best.document,
            paragraph: passage.number,
            span: stretch.span,
            bold: stretch
                .candidates
                .iter()
                .filter_map(bold)
                .flatten()
                .collect(),
            date: sentence.dates.first().cloned(),
            quotation: (passage.furniture == Some(FurnitureKind::Post))
                .then(|| passage.quotations.first())
                .flatten(),
            score: best.score,
        });
    }
    let notes = nothing::missing_words(archive, &request.argument, &topic)?;
    Ok(gather.answer(NAME, request, title, notes))
}

/// Answers the plain question that a command was read from, where it was read from one and it can be answered: what
/// the command itself found is little or nothing.
///
/// # Errors
/// Where the index fails.
pub(super) fn instead(
    archive: &Archive,
    request: &Request,
) -> Result<Option<Answer>, ArchiveError> {
    let Some(question) = &request.question else {
        return Ok(None);
    };
    let asked = Request {
        argument: question.clone(),
        question: None,
        ..request.clone()
    };
    let asked = answer(archive, &asked)?;
    Ok(asked.answered().then_some(asked))
}

/// The best stretches, best first. Of figures that fit about as well as the best, the newest first: figures change
/// over time. Beside a figure, what has none is left out.
fn choose(topic: &Topic, found: &[Candidate], stretches: Vec<Stretch>) -> Vec<Stretch> {
    let score = |stretch: &Stretch| found.get(stretch.best).map_or(0.0, |best| best.score);
    let told = |stretch: &Stretch| {
        let mut candidates = stretch
            .candidates
            .iter()
            .filter_map(|&index| found.get(index));
        (
            candidates.clone().any(|candidate| candidate.coverage > 0.0),
            candidates.any(Candidate::has_expected),
        )
    };
    let best = stretches.first().map_or(0.0, score);
    let mut chosen: Vec<Stretch> = stretches
        .into_iter()
        .enumerate()
        .filter(|(at, stretch)| *at == 0 || score(stretch) >= NEAR_BEST * best && told(stretch).0)
        .map(|(_, stretch)| stretch)
        .collect();
    if matches!(topic.expected, Some(Expected::Number | Expected::Money)) {
        let as_good = |stretch: &&Stretch| told(stretch).1 && score(stretch) >= AS_GOOD * best;
        let close = chosen.iter().take_while(as_good).count();
        if let Some(close) = chosen.get_mut(..close) {
            let published = |stretch: &Stretch| {
                found
                    .get(stretch.best)
                    .map(|best| best.document.article.published)
            };
            close.sort_by_key(|stretch| std::cmp::Reverse(published(stretch)));
        }
        if chosen.first().is_some_and(|first| told(first).1) {
            chosen.retain(|stretch| told(stretch).1);
        }
    }
    chosen
}

/// What is in bold: the words of the question, and the figures, dates or, in the best sentence, names that it asks
/// for.
fn bold(
    language: &Language,
    topic: &Topic,
    question: &str,
    candidate: &Candidate,
    best: bool,
) -> Vec<Span> {
    let mut bold = candidate.matched.clone();
    let (Some(passage), Some(sentence)) = (candidate.passage(), candidate.sentence()) else {
        return bold;
    };
    let dates: Vec<Span> = passage.timexes.iter().map(|timex| timex.span).collect();
    let body = &candidate.document.article.body;
    match topic.expected {
        Some(expected @ (Expected::Number | Expected::Money | Expected::Date)) => {
            let matched = &candidate.matched;
            let words = expected_words(language, expected, body, sentence.span, matched, &dates);
            bold.extend(words);
        }
        Some(Expected::Person | Expected::Name | Expected::Place) if best => {
            let names = answering_names(language, topic, question, body, sentence.span, &dates);
            bold.extend(names);
        }
        _ => {}
    }
    bold
}
