//! `ask <question>`: the sentence that answers it, or "I don't know".

use super::{
    Answer, Request,
    candidate::{Candidate, candidates},
    gather::{EXCERPT_LENGTH, Finding, Gather},
    nothing,
    topic::Topic,
};
use crate::{
    archive::{Archive, ArchiveError},
    language::FurnitureKind,
    text::Span,
};

/// The command's name.
pub const NAME: &str = "ask";

/// How many windows are looked at, and how many sentences are told.
const WINDOWS: usize = 40;
const SENTENCES: usize = 3;

/// How much of the question's rarity the best sentence and its surroundings must hold before it is told at
/// all, and a further one before it is told beside it.
const SURE: f32 = 0.62;
const NEAR_BEST: f32 = 0.75;

/// A sentence that begins with one of these leans on the one before it.
const LEANING: [&str; 9] = [
    "he", "she", "it", "they", "this", "that", "these", "those", "his",
];

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
    let sure = found
        .first()
        .is_some_and(|best| best.context >= SURE && best.coverage > 0.0);
    if !sure {
        return nothing::unknown(archive, NAME, request, title, &topic);
    }
    let best = found.first().map_or(0.0, |candidate| candidate.score);
    let mut gather = Gather::new(&language.words);
    for candidate in found
        .iter()
        .filter(|candidate| candidate.score >= NEAR_BEST * best && candidate.coverage > 0.0)
    {
        if gather.len() == request.limit.unwrap_or(SENTENCES) {
            break;
        }
        let (Some(passage), Some(sentence)) = (candidate.passage(), candidate.sentence()) else {
            continue;
        };
        gather.add(Finding {
            document: &candidate.document,
            paragraph: passage.number,
            span: with_neighbours(candidate),
            bold: candidate.matched.clone(),
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

/// The sentence, with the one before it where it leans on that one and both are short enough.
fn with_neighbours(candidate: &Candidate) -> Span {
    let (Some(passage), Some(sentence)) = (candidate.passage(), candidate.sentence()) else {
        return Span::whole("");
    };
    let text = candidate.document.text(sentence.span);
    let first = text
        .split(|letter: char| !letter.is_alphabetic())
        .find(|word| !word.is_empty())
        .unwrap_or_default();
    let leans = LEANING.contains(&first.to_lowercase().as_str());
    let before = candidate
        .sentence
        .checked_sub(1)
        .and_then(|index| passage.sentences.get(index));
    match before {
        Some(before) if leans => {
            let both = before.span.join(sentence.span);
            if candidate.document.text(both).chars().count() <= EXCERPT_LENGTH {
                both
            } else {
                sentence.span
            }
        }
        _ => sentence.span,
    }
}
