//! `on <date or range>`: what happened then.

use jiff::{ToSpan, civil::Date};

use super::{
    Answer, Request, ask,
    day::dated_sentences,
    gather::{Finding, Gather},
    label::{basis_label, date_label, interval_label},
    nothing,
    topic::Topic,
};
use crate::{
    archive::{Archive, ArchiveError},
    index::Query,
    timex::{Interval, Tagger},
};

/// The command's name.
pub const NAME: &str = "on";

/// How many windows are looked at, and how many sentences are told.
const WINDOWS: usize = 500;
const SENTENCES: usize = 5;

/// How far from a day on which nothing happened the nearest one is sought, in days.
const NEAREST: [i32; 3] = [3, 31, 366];

/// Answers `on`.
///
/// # Errors
/// Where the index fails.
pub fn answer(archive: &Archive, request: &Request) -> Result<Answer, ArchiveError> {
    let language = archive.language();
    let published = archive.size()?.published;
    let last = published.map_or(request.today, |(_, last)| last);
    let Some(interval) = read_days(
        archive.reader().tagger(),
        &request.argument,
        request.today,
        last,
    ) else {
        // "What happened on 3 May with the dam" is no day, and still a question.
        if let Some(asked) = ask::instead(archive, request)? {
            return Ok(asked);
        }
        let title = language
            .wording
            .say("title_on", &[("date", &request.argument)]);
        let note = language.wording.say(
            "missing_date",
            &[("topic", &request.argument), ("example", &last.to_string())],
        );
        return Ok(nothing::empty(NAME, request, title, vec![note]));
    };
    let title = language
        .wording
        .say("title_on", &[("date", &interval_label(language, interval))]);
    let query = Query {
        happened: Some(interval),
        ..Query::default()
    };
    let windows = archive.search(&query, WINDOWS)?;
    let found = dated_sentences(archive, &Topic::default(), windows, Some(interval))?;
    let mut gather = Gather::new(&language.words);
    let mut heading = None;
    for sentence in &found {
        if gather.len() == request.limit.unwrap_or(SENTENCES) {
            break;
        }
        let label = date_label(language, &sentence.dated);
        let now = (label, basis_label(language, sentence.dated.basis));
        if heading.as_ref() != Some(&now) {
            gather.group(Some(now.0.clone()), Some(now.1.clone()));
            heading = Some(now);
        }
        gather.add(Finding {
            document: &sentence.document,
            paragraph: sentence.paragraph,
            span: sentence.span,
            bold: Vec::new(),
            date: Some(sentence.dated.clone()),
            quotation: None,
            score: sentence.score,
        });
    }
    if gather.is_empty() {
        return nothing::on(
            archive,
            NAME,
            request,
            title,
            interval,
            nearest(archive, interval)?,
        );
    }
    Ok(gather.answer(NAME, request, title, Vec::new()))
}

/// The days that `text` names. What counts from the day of asking ("yesterday", "last week") counts from
/// `today`; a day without a year is the latest such day of an archive that ends on `last`.
pub(super) fn read_days(tagger: &Tagger, text: &str, today: Date, last: Date) -> Option<Interval> {
    let in_archive = tagger.range(text, last)?;
    // A date that moves along with its reference counts from the day of asking; "12 February" stays where
    // it is, or moves by whole years.
    let later = last.checked_add(40.days()).ok()?;
    let moved = tagger
        .range(text, later)
        .and_then(|moved| in_archive.begin().until(moved.begin()).ok());
    match moved.map(|moved| moved.get_days()) {
        Some(1..=100) => tagger.range(text, today),
        _ => Some(in_archive),
    }
}

/// The days nearest to `interval` that the archive tells of.
fn nearest(archive: &Archive, interval: Interval) -> Result<Option<Interval>, ArchiveError> {
    for reach in NEAREST {
        let wider = interval
            .begin()
            .checked_sub(reach.days())
            .ok()
            .zip(interval.end().checked_add(reach.days()).ok());
        let Some(wider) = wider.and_then(|(begin, end)| Interval::new(begin, end)) else {
            continue;
        };
        let query = Query {
            happened: Some(wider),
            ..Query::default()
        };
        let windows = archive.search(&query, WINDOWS)?;
        let found = dated_sentences(archive, &Topic::default(), windows, Some(wider))?;
        let distance = |other: Interval| {
            let gap = |from: Date, to: Date| {
                from.until(to)
                    .map_or(i32::MAX, |span| span.get_days().abs())
            };
            gap(interval.begin(), other.begin()).min(gap(interval.last(), other.last()))
        };
        let nearest = found
            .iter()
            .map(|sentence| sentence.dated.interval)
            .filter(|days| days.days() <= interval.days().max(1))
            .min_by_key(|&days| distance(days));
        if nearest.is_some() {
            return Ok(nearest);
        }
    }
    Ok(None)
}
