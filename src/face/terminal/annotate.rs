//! `annotate`: articles in, their time expressions, quotations and dated events out, as JSON lines.
//!
//! Types, values and modifiers are written as TIMEX3 writes them. `begin` and `finish` are the first and the
//! last day that an expression covers. A quotation that its speaker's name splits in two gives two entries
//! with one speaker, as annotated corpora have it; indirect speech is not listed. A quotation that runs on
//! over paragraphs gives an entry for each, as corpora of news have it (`PolNeAR`), and one in all where paragraphs
//! are indented as in books, as corpora of fiction have it (`CLiC`). Offsets are Unicode code
//! points in the line's own `text`.

use std::{io, sync::Arc};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    Outcome,
    ask::{id_of, internal_error, json_error},
    opening,
    stream::{self, Input},
};
use crate::{
    article::{Article, format::stated_day},
    dating::DateBasis,
    language::Source,
    passage::Reader,
    quotation::{Quotation, QuotationKind},
    text::{CodePoints, Span},
    timex::{Interval, Modifier, Timex, TimexKind},
};

/// One line in. Keys that are not named here are passed over.
#[derive(Deserialize)]
struct Record {
    #[serde(default)]
    id: Value,
    date: Option<String>,
    dct: Option<String>,
    text: Option<String>,
    #[serde(default)]
    events: Vec<Mention>,
}

/// A mention without a place, as other annotation formats have it, is passed over.
#[derive(Deserialize)]
struct Mention {
    at: Option<usize>,
}

/// One line out.
#[derive(Serialize)]
struct Annotated<'t> {
    id: Value,
    timexes: Vec<TimexObject<'t>>,
    quotes: Vec<QuoteObject<'t>>,
    events: Vec<EventObject>,
}

#[derive(Serialize)]
struct TimexObject<'t> {
    start: usize,
    end: usize,
    text: &'t str,
    r#type: &'static str,
    value: String,
    r#mod: Option<&'static str>,
    begin: Option<Date>,
    finish: Option<Date>,
}

#[derive(Serialize)]
struct QuoteObject<'t> {
    start: usize,
    end: usize,
    text: &'t str,
    speaker: Option<&'t str>,
    speaker_start: Option<usize>,
    speaker_end: Option<usize>,
    cue: Option<&'t str>,
    confidence: f32,
}

#[derive(Serialize)]
struct EventObject {
    at: usize,
    value: Option<String>,
    basis: Option<DateBasis>,
}

/// Annotates each line of standard input with one line, in order.
///
/// # Errors
/// Where the language's rules are at fault, reading fails, or nobody reads the result.
pub fn annotate(source: &Source) -> anyhow::Result<Outcome> {
    let reader = Reader::new(Arc::new(opening::language(source)?))?;
    let progress = stream::bar(stream::stdin_size());
    let mut out = io::BufWriter::new(io::stdout().lock());
    let work = move |line: Input| match line {
        Input::Line(line) => annotated(&reader, &line),
        Input::Bad(reason) => json_error(Value::Null, reason),
    };
    stream::lines(stream::input(), &mut out, &progress, work, internal_error)?;
    Ok(Outcome::Done)
}

fn annotated(reader: &Reader, line: &str) -> String {
    let record: Record = match serde_json::from_str(line) {
        Ok(record) => record,
        Err(error) => return json_error(id_of(line), format!("no article in JSON: {error}")),
    };
    let published = match record.date.or(record.dct).map(|stated| stated_day(&stated)) {
        Some(Ok(published)) => Some(published),
        Some(Err(reason)) => return json_error(record.id, reason),
        None => None,
    };
    let Some(text) = record.text else {
        return json_error(record.id, "has no text".to_owned());
    };

    let points = CodePoints::new(&text);
    // Time expressions and events are read from a day; quotations need none.
    let timexes = published
        .map(|day| reader.tagger().tag(&text, day))
        .unwrap_or_default();
    let quotations = reader.extractor().extract(&text);
    let events = published.map(|published| {
        let article = Article {
            id: String::new(),
            headline: None,
            byline: None,
            outlet: None,
            published,
            url: None,
            path: None,
            body: text.clone(),
        };
        events(&record.events, article, &points, reader)
    });
    let annotated = Annotated {
        id: record.id.clone(),
        timexes: timexes
            .iter()
            .map(|timex| of_timex(timex, &text, &points))
            .collect(),
        quotes: quotations
            .iter()
            .filter(|quotation| quotation.kind != QuotationKind::Indirect)
            .flat_map(|quotation| of_quotation(quotation, &text, &points))
            .collect(),
        events: events.unwrap_or_default(),
    };
    serde_json::to_string(&annotated)
        .unwrap_or_else(|error| json_error(record.id, error.to_string()))
}

/// When the events mentioned at the code points `mentions` happened.
fn events(
    mentions: &[Mention],
    article: Article,
    points: &CodePoints<'_>,
    reader: &Reader,
) -> Vec<EventObject> {
    if mentions.is_empty() {
        return Vec::new();
    }
    let document = reader.read(article);
    let rows = document.rows();
    let scene = rows.scene(&document.article);
    let places: Vec<usize> = mentions.iter().filter_map(|mention| mention.at).collect();
    let bytes: Vec<usize> = places.iter().map(|&at| points.to_byte(at)).collect();
    let dates = reader.dater().events(&scene, &bytes);
    places
        .into_iter()
        .zip(dates)
        .map(|(at, dated)| EventObject {
            at,
            value: dated.as_ref().map(|dated| dated.value.to_string()),
            basis: dated.map(|dated| dated.basis),
        })
        .collect()
}

fn of_timex<'t>(timex: &Timex, text: &'t str, points: &CodePoints<'_>) -> TimexObject<'t> {
    TimexObject {
        start: points.at_byte(timex.span.start()),
        end: points.at_byte(timex.span.end()),
        text: timex.span.of(text),
        r#type: match timex.kind {
            TimexKind::Date => "DATE",
            TimexKind::Time => "TIME",
            TimexKind::Duration => "DURATION",
            TimexKind::Set => "SET",
        },
        value: timex.value.to_string(),
        r#mod: timex.modifier.map(modifier),
        begin: timex.interval.map(Interval::begin),
        finish: timex.interval.map(Interval::last),
    }
}

fn modifier(modifier: Modifier) -> &'static str {
    match modifier {
        Modifier::Before => "BEFORE",
        Modifier::After => "AFTER",
        Modifier::OnOrBefore => "ON_OR_BEFORE",
        Modifier::OnOrAfter => "ON_OR_AFTER",
        Modifier::LessThan => "LESS_THAN",
        Modifier::MoreThan => "MORE_THAN",
        Modifier::EqualOrLess => "EQUAL_OR_LESS",
        Modifier::EqualOrMore => "EQUAL_OR_MORE",
        Modifier::Start => "START",
        Modifier::Mid => "MID",
        Modifier::End => "END",
        Modifier::Approx => "APPROX",
    }
}

/// The stretches of a quotation that are annotated as one each.
fn stretches(quotation: &Quotation, text: &str) -> Vec<Span> {
    let mut stretches: Vec<Span> = Vec::new();
    for &part in &quotation.content {
        match stretches.last_mut() {
            Some(last)
                if text
                    .get(last.end()..part.start())
                    .is_some_and(runs_on_in_a_book) =>
            {
                *last = last.join(part);
            }
            _ => stretches.push(part),
        }
    }
    stretches
}

/// Whether `between` two stretches there are only marks and the indentation of a book's paragraphs.
fn runs_on_in_a_book(between: &str) -> bool {
    let only_marks = between.chars().all(|letter| {
        letter.is_whitespace() || matches!(letter, '‘' | '’' | '\'' | '“' | '”' | '"')
    });
    only_marks
        && between
            .lines()
            .skip(1)
            .any(|line| line.starts_with("  ") || line.starts_with('\t'))
}

/// One entry for each stretch of quoted words.
fn of_quotation<'t>(
    quotation: &Quotation,
    text: &'t str,
    points: &CodePoints<'_>,
) -> Vec<QuoteObject<'t>> {
    let mention = quotation.speaker.as_ref().map(|speaker| speaker.mention);
    let named = quotation
        .speaker
        .as_ref()
        .map(|speaker| speaker.name.unwrap_or(speaker.mention));
    let said = |span: Span| span.of(text);
    stretches(quotation, text)
        .into_iter()
        .map(|part| QuoteObject {
            start: points.at_byte(part.start()),
            end: points.at_byte(part.end()),
            text: said(part),
            speaker: named.map(said),
            speaker_start: mention.map(|span| points.at_byte(span.start())),
            speaker_end: mention.map(|span| points.at_byte(span.end())),
            cue: quotation.cue.map(said),
            confidence: quotation.confidence,
        })
        .collect()
}
