//! `ask <question>`: the sentence that answers it, or "I don't know".

use super::{
    Answer, Request,
    candidate::{Candidate, candidates, confidence},
    expected::expected_words,
    gather::{Finding, Gather},
    neighbours::with_neighbours,
    nothing,
    topic::Topic,
};
use crate::{
    archive::{Archive, ArchiveError},
    language::{Expected, FurnitureKind, Language},
    text::Span,
};

/// The command's name.
pub const NAME: &str = "ask";

/// How many windows are looked at, and how many sentences are told.
const WINDOWS: usize = 40;
const SENTENCES: usize = 3;

/// How close to the best a figure's sentence must be for its date to decide the order.
const AS_GOOD: f32 = 0.85;

/// How well a further sentence must fit, against the best one, before it is told beside it.
const NEAR_BEST: f32 = 0.75;

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
    let ranking = &language.ranking;
    let sure = found.first().is_some_and(|best| {
        confidence(language, &topic, best) >= ranking.threshold && best.coverage > 0.0
    });
    if !sure {
        return nothing::unknown(archive, NAME, request, title, &topic);
    }
    let mut gather = Gather::new(&language.words);
    for candidate in choose(&topic, &found) {
        if gather.len() == request.limit.unwrap_or(SENTENCES) {
            break;
        }
        let (Some(passage), Some(sentence)) = (candidate.passage(), candidate.sentence()) else {
            continue;
        };
        let span = with_neighbours(language, &topic, candidate);
        gather.add(Finding {
            document: &candidate.document,
            paragraph: passage.number,
            span,
            bold: bold(language, &topic, candidate),
            date: sentence.dates.first().cloned(),
            quotation: (passage.furniture == Some(FurnitureKind::Post))
                .then(|| passage.quotations.first())
                .flatten(),
            score: candidate.score,
        });
    }
    let notes = nothing::missing_words(archive, &request.argument, &topic)?;
    Ok(gather.answer(NAME, request, title, notes))
}

/// The best candidates, best first. Of figures, those sentences that have one, the newest first: figures change
/// over time.
fn choose<'c>(topic: &Topic, found: &'c [Candidate]) -> Vec<&'c Candidate> {
    let best = found.first().map_or(0.0, |candidate| candidate.score);
    let near = found
        .iter()
        .filter(|candidate| candidate.score >= NEAR_BEST * best && candidate.coverage > 0.0);
    let figure = topic.expected == Some(Expected::Number);
    let mut chosen: Vec<&Candidate> = near.collect();
    if figure && chosen.iter().any(|candidate| candidate.has_expected()) {
        chosen.retain(|candidate| candidate.has_expected());
        let close = |candidate: &Candidate| candidate.score >= AS_GOOD * best;
        let as_good = chosen
            .iter()
            .take_while(|candidate| close(candidate))
            .count();
        if let Some(as_good) = chosen.get_mut(..as_good) {
            as_good
                .sort_by_key(|candidate| std::cmp::Reverse(candidate.document.article.published));
        }
    }
    chosen
}

/// What is in bold: the words of the question, and the figures or dates that it asks for.
fn bold(language: &Language, topic: &Topic, candidate: &Candidate) -> Vec<Span> {
    let mut bold = candidate.matched.clone();
    let (Some(passage), Some(sentence)) = (candidate.passage(), candidate.sentence()) else {
        return bold;
    };
    if let Some(expected @ (Expected::Number | Expected::Money | Expected::Date)) = topic.expected {
        let dates: Vec<Span> = passage.timexes.iter().map(|timex| timex.span).collect();
        let body = &candidate.document.article.body;
        let matched = &candidate.matched;
        bold.extend(expected_words(
            language,
            expected,
            body,
            sentence.span,
            matched,
            &dates,
        ));
    }
    bold
}
