//! `timeline [topic]`: the days that matter, in order, one best sentence each.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Answer, Chart, Request,
    day::{DatedSentence, dated_sentences},
    gather::{Finding, Gather},
    label::{basis_label, date_label},
    nothing,
    topic::Topic,
};
use crate::{
    archive::{Archive, ArchiveError},
    dating::DateBasis,
    index::Query,
    timex::Interval,
};

/// The command's name.
pub const NAME: &str = "timeline";

/// How many windows are looked at, and how many days are told.
const WINDOWS: usize = 5000;
const DAYS: usize = 12;

/// What another article's mention of a day weighs beside a sentence of the day's own articles: what is
/// remembered later mattered.
const REMEMBERED: f32 = 2.0;

/// Answers `timeline`.
///
/// # Errors
/// Where the index fails.
pub fn answer(archive: &Archive, request: &Request) -> Result<Answer, ArchiveError> {
    let language = archive.language();
    let topic = Topic::read(archive, &request.argument)?;
    let (title, query) = if topic.is_empty() {
        (
            language.wording.say("title_timeline_all", &[]),
            Query {
                everything: true,
                ..Query::default()
            },
        )
    } else {
        (
            language
                .wording
                .say("title_timeline", &[("topic", &request.argument)]),
            topic.query(),
        )
    };
    let found = dated_sentences(archive, &topic, &query, WINDOWS, None)?;
    let mut days: BTreeMap<Interval, Vec<&DatedSentence>> = BTreeMap::new();
    for sentence in found
        .iter()
        .filter(|sentence| sentence.dated.interval.days() <= 31)
    {
        days.entry(sentence.dated.interval)
            .or_default()
            .push(sentence);
    }
    let mut ranked: Vec<(f32, Interval)> = days
        .iter()
        .map(|(interval, sentences)| (weight(sentences), *interval))
        .collect();
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    ranked.truncate(request.limit.unwrap_or(DAYS));
    ranked.sort_by_key(|(_, interval)| *interval);
    let chart = chart(&found, &ranked);

    let mut gather = Gather::new(&language.words);
    for (score, interval) in ranked {
        let Some(sentences) = days.get(&interval) else {
            continue;
        };
        for sentence in sentences {
            gather.group(
                Some(date_label(language, &sentence.dated)),
                Some(basis_label(language, sentence.dated.basis)),
            );
            // The next best sentence stands in where the best was told already under another day.
            if gather.add(finding(sentence, score)) {
                break;
            }
        }
    }
    if gather.is_empty() {
        return nothing::about(archive, NAME, request, title, &topic);
    }
    let notes = nothing::missing_words(archive, &request.argument, &topic)?;
    Ok(Answer {
        chart,
        ..gather.answer(NAME, request, title, notes)
    })
}

/// What a picture shows: how many articles tell of each day around the ones chosen.
fn chart(found: &[DatedSentence], chosen: &[(f32, Interval)]) -> Option<Chart> {
    let told: Vec<(u64, Interval)> = found
        .iter()
        .map(|sentence| (sentence.number, sentence.dated.interval))
        .collect();
    let chosen: Vec<Interval> = chosen.iter().map(|(_, interval)| *interval).collect();
    Chart::of(&told, &chosen)
}

fn finding(sentence: &DatedSentence, score: f32) -> Finding<'_> {
    Finding {
        document: &sentence.document,
        paragraph: sentence.paragraph,
        span: sentence.span,
        bold: sentence.matched.clone(),
        date: Some(sentence.dated.clone()),
        quotation: None,
        score,
    }
}

/// How much a day matters: how many articles tell of it, those that look back on it from another day more.
#[expect(clippy::cast_precision_loss, reason = "counts of articles")]
fn weight(sentences: &[&DatedSentence]) -> f32 {
    let own: BTreeSet<u64> = sentences
        .iter()
        .filter(|sentence| sentence.dated.basis == DateBasis::Published)
        .map(|sentence| sentence.number)
        .collect();
    let looking_back: BTreeSet<u64> = sentences
        .iter()
        .filter(|sentence| sentence.dated.basis != DateBasis::Published)
        .map(|sentence| sentence.number)
        .collect();
    let fit = sentences
        .iter()
        .map(|sentence| sentence.score)
        .fold(0.0, f32::max);
    fit.sqrt() * (1.0 + own.len() as f32 + REMEMBERED * looking_back.len() as f32).ln()
}
