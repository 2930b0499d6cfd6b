//! `timeline [topic]`: the days that matter, in order, one best sentence each.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use jiff::ToSpan;

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
    index::{Hit, Query},
    passage::Document,
    timex::Interval,
};

/// The command's name.
pub const NAME: &str = "timeline";

/// How many windows are looked at of a topic, and of everything, and how many days are told.
const WINDOWS: usize = 600;
const EVERYTHING: usize = 2000;
/// Into how many parts the time of a large archive is cut where everything is asked for, and how many windows each
/// part gives.
const PARTS: i64 = 40;
const OF_A_PART: usize = 50;
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
    let wording = &language.wording;
    let (title, windows) = if topic.is_empty() {
        (wording.say("title_timeline_all", &[]), everything(archive)?)
    } else {
        (
            wording.say("title_timeline", &[("topic", &request.argument)]),
            archive.search(&topic.query(), WINDOWS)?,
        )
    };
    let found = dated_sentences(archive, &topic, windows, None)?;
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

/// Windows of the whole archive: all of them, or of a large one as many from each part of the time in which it was
/// published.
fn everything(archive: &Archive) -> Result<Vec<(Hit, Arc<Document>)>, ArchiveError> {
    let size = archive.size()?;
    let query = |published| Query {
        everything: true,
        published,
        ..Query::default()
    };
    let Some((first, last)) = size.published else {
        return Ok(Vec::new());
    };
    if size.windows <= EVERYTHING as u64 {
        return archive.search(&query(None), EVERYTHING);
    }
    let length = i64::from(last.since(first).map_or(0, |span| span.get_days())) + 1;
    let bound = |part: i64| first.checked_add((length * part / PARTS).days()).ok();
    let mut windows = Vec::new();
    for part in 0..PARTS {
        let (Some(begin), Some(end)) = (bound(part), bound(part + 1)) else {
            continue;
        };
        // An archive of fewer days than parts has empty ones.
        if let Some(days) = Interval::new(begin, end) {
            windows.extend(archive.search(&query(Some(days)), OF_A_PART)?);
        }
    }
    Ok(windows)
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
