//! `who <person>`: who it is by the articles' own words, what they said, what is reported of them.

use super::{
    Answer, Request,
    candidate::{Candidate, candidates},
    gather::{Gather, speaker},
    nothing, quote,
    quoted::quoted,
    topic::Topic,
    when::add_sentence,
};
use crate::{
    archive::{Archive, ArchiveError},
    index::Terms,
    quotation::QuotationKind,
    text::{Span, fold},
};

/// The command's name.
pub const NAME: &str = "who";

const WINDOWS: usize = 60;
const SENTENCES: usize = 2;
const QUOTATIONS: usize = 3;
const REPORTS: usize = 3;

/// How much of the name a sentence must hold.
const ENOUGH: f32 = 0.8;

/// Answers `who`.
///
/// # Errors
/// Where the index fails.
pub fn answer(archive: &Archive, request: &Request) -> Result<Answer, ArchiveError> {
    let language = archive.language();
    let title = language
        .wording
        .say("title_who", &[("topic", &request.argument)]);
    let topic = Topic::read(archive, &request.argument)?;
    if topic.is_empty() {
        return Ok(nothing::missing_topic(archive, NAME, request, title));
    }
    let found = candidates(archive, &topic, &topic.query(), WINDOWS)?;
    let mut named: Vec<(f32, &Candidate)> = found
        .iter()
        .filter(|candidate| candidate.coverage >= ENOUGH)
        .map(|candidate| (telling(candidate), candidate))
        .collect();
    named.sort_by(|a, b| b.0.total_cmp(&a.0));

    let mut gather = Gather::new(&language.words);
    gather.group(Some(language.wording.say("who_is", &[])), None);
    for (score, candidate) in &named {
        if gather.in_group() == SENTENCES {
            break;
        }
        let date = candidate
            .sentence()
            .and_then(|sentence| sentence.dates.first().cloned());
        add_sentence(&mut gather, candidate, date, *score);
    }
    gather.group(Some(language.wording.say("who_said", &[])), None);
    for found in quoted(archive, &topic, |kind| kind != QuotationKind::Indirect)? {
        let by = found
            .quotation()
            .and_then(|quotation| speaker(&found.document, quotation));
        if gather.in_group() < request.limit.unwrap_or(QUOTATIONS)
            && by.is_some_and(|by| is_named(archive, &topic, &by.name))
        {
            quote::add(&mut gather, &topic, &found);
        }
    }
    gather.group(Some(language.wording.say("who_reported", &[])), None);
    for reported in quoted(archive, &topic, |kind| kind == QuotationKind::Indirect)? {
        let by = reported
            .quotation()
            .and_then(|quotation| speaker(&reported.document, quotation));
        if gather.in_group() < request.limit.unwrap_or(REPORTS)
            && by.is_some_and(|by| is_named(archive, &topic, &by.name))
        {
            quote::report(&mut gather, &topic, &reported);
        }
    }
    if gather.is_empty() {
        return nothing::about(archive, NAME, request, title, &topic);
    }
    let notes = nothing::missing_words(archive, &request.argument, &topic)?;
    Ok(gather.answer(NAME, request, title, notes))
}

/// Whether `name` has every word asked for.
fn is_named(archive: &Archive, topic: &Topic, name: &str) -> bool {
    let stems: Vec<_> = Terms::new(name, &archive.language().words)
        .map(|term| term.stem)
        .collect();
    topic
        .terms
        .iter()
        .all(|term| stems.iter().any(|stem| **stem == *term.stem))
}

/// How much a sentence tells of who someone is: an apposition, a title or "is a" at the name, early in its article.
fn telling(candidate: &Candidate) -> f32 {
    let (Some(passage), Some(sentence)) = (candidate.passage(), candidate.sentence()) else {
        return 0.0;
    };
    let body = &candidate.document.article.body;
    let Some(name) = candidate
        .matched
        .iter()
        .copied()
        .reduce(Span::join)
        .filter(|name| name.len() < 60)
    else {
        return candidate.score;
    };
    let behind = body
        .get(name.end()..sentence.span.end())
        .unwrap_or_default();
    let before = body
        .get(sentence.span.start()..name.start())
        .unwrap_or_default();
    let mut score = candidate.score;
    let opens = |text: &str, words: &[&str]| {
        let next = fold(text.split_whitespace().next().unwrap_or_default());
        words.contains(&next.as_ref())
    };
    if let Some(apposition) = behind.strip_prefix(',') {
        if opens(
            apposition,
            &[
                "a",
                "an",
                "the",
                "one",
                "who",
                "president",
                "chief",
                "head",
                "leader",
            ],
        ) {
            score += 0.5;
        }
    } else if opens(behind, &["is", "was"]) {
        score += 0.3;
    }
    // A description stands before a name in lower case: "opposition leader Jane Roe".
    let described = before.split_whitespace().next_back().is_some_and(|word| {
        word.chars().count() > 3
            && word
                .chars()
                .all(|letter| letter.is_lowercase() || letter == '-')
    });
    if described {
        score += 0.3;
    }
    #[expect(clippy::cast_precision_loss, reason = "a paragraph's number")]
    let early = 0.2 / (passage.number as f32);
    score + early
}
