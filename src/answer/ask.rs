//! `ask <question>`: the sentence that answers it, or "I don't know".

use super::{
    Answer, Request,
    candidate::{Candidate, candidates, weighted, weights},
    features::Found,
    gather::{EXCERPT_LENGTH, Finding, Gather},
    nothing,
    topic::Topic,
};
use crate::{
    archive::{Archive, ArchiveError},
    language::{FurnitureKind, Language, Words},
    text::Span,
};

/// The command's name.
pub const NAME: &str = "ask";

/// How many windows are looked at, and how many sentences are told.
const WINDOWS: usize = 40;
const SENTENCES: usize = 3;

/// What it costs the confidence when the archive has no word for what is asked.
const ABSENT: f32 = 0.5;

/// How well a further sentence must fit, against the best one, before it is told beside it.
const NEAR_BEST: f32 = 0.75;

/// How many sentences beside the best one are shown with it at most, and how much of the question's
/// rarity one must add.
const NEIGHBOURS: usize = 2;
const ENOUGH_GAIN: f32 = 0.08;

/// What leaning on the sentence before is worth beside that.
const LEANING_GAIN: f32 = 0.1;

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
    let ranking = &language.ranking;
    let sure = found.first().is_some_and(|best| {
        confidence(language, &topic, best) >= ranking.threshold && best.coverage > 0.0
    });
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
            span: with_neighbours(&language.words, &topic, candidate),
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

/// How sure it is that the best candidate answers: 0 to 1, more or less.
pub(super) fn confidence(language: &Language, topic: &Topic, best: &Candidate) -> f32 {
    weighted(&best.features, &weights(&language.ranking.confidence)) - ABSENT * topic.absent()
}

/// The sentence, with the ones beside it that it needs: the one before where it leans on that one, and
/// those that hold words of the question which it lacks, as long as all is short enough.
fn with_neighbours(words: &Words, topic: &Topic, candidate: &Candidate) -> Span {
    let document = &candidate.document;
    let body = &document.article.body;
    let prose = document
        .passages
        .iter()
        .filter(|passage| passage.furniture.is_none());
    let sentences: Vec<Span> = prose
        .flat_map(|passage| &passage.sentences)
        .map(|sentence| sentence.span)
        .collect();
    let Some(own) = candidate.sentence().map(|sentence| sentence.span) else {
        return Span::whole("");
    };
    let Some(at) = sentences.iter().position(|span| *span == own) else {
        return own;
    };
    let (mut first, mut last) = (at, at);
    let mut found = Found::read(words, topic, body, own);
    while last - first < NEIGHBOURS {
        let shown = |index: usize| {
            let span = sentences.get(index)?;
            let other = Found::read(words, topic, body, *span);
            let leaning = index < first && leans(sentences.get(first)?.of(body));
            let gain = other.gain(&found, topic) + if leaning { LEANING_GAIN } else { 0.0 };
            Some((gain, index, other))
        };
        let beside = [first.checked_sub(1), last.checked_add(1)];
        let better = beside
            .into_iter()
            .flatten()
            .filter_map(shown)
            .max_by(|a, b| a.0.total_cmp(&b.0));
        let Some((_, index, other)) = better.filter(|(gain, ..)| *gain >= ENOUGH_GAIN) else {
            break;
        };
        let (new_first, new_last) = (first.min(index), last.max(index));
        let (Some(from), Some(to)) = (sentences.get(new_first), sentences.get(new_last)) else {
            break;
        };
        if document.text(from.join(*to)).chars().count() > EXCERPT_LENGTH {
            break;
        }
        (first, last) = (new_first, new_last);
        found.join(&other);
    }
    match (sentences.get(first), sentences.get(last)) {
        (Some(from), Some(to)) => from.join(*to),
        _ => own,
    }
}

/// Whether a sentence begins with a word that stands for something in the one before.
fn leans(sentence: &str) -> bool {
    let first = sentence
        .split(|letter: char| !letter.is_alphabetic())
        .find(|word| !word.is_empty())
        .unwrap_or_default();
    LEANING.contains(&first.to_lowercase().as_str())
}
