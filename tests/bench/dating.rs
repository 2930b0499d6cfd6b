//! Scores the dating of events, and writes what the training of its weights reads.
//!
//! `cargo bench --bench dating -- FILE…` prints the exact-day accuracy over JSON lines
//! `{id, date, text, events: [{at, gold}]}`, for each half of the documents (by the day they were published on); with `--features` it writes each
//! event's candidates with their features as JSON lines instead, for `data/scripts/dating.py`.

#![expect(clippy::print_stdout, reason = "its output is what it is for")]

use std::{collections::BTreeMap, sync::Arc};

use dateline::{
    article::Article,
    language::{Language, Source},
    passage::Reader,
    text::CodePoints,
};
use jiff::civil::Date;
use serde_json::{Value, json};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let features = arguments.iter().any(|argument| argument == "--features");
    let files: Vec<&String> = arguments
        .iter()
        .filter(|argument| !argument.starts_with("--"))
        .collect();
    let language =
        Arc::new(Language::read(&Source::Embedded).expect("the built-in language is sound"));
    let reader = Reader::new(language).expect("the built-in rules compile");
    for file in files {
        let lines = std::fs::read_to_string(file).expect("the file can be read");
        let mut scores: BTreeMap<&str, [usize; 4]> = BTreeMap::new();
        for line in lines.lines() {
            let record: Value = serde_json::from_str(line).expect("JSON lines");
            let number = day_number(&record);
            let half = if number % 2 == 0 {
                "even days"
            } else {
                "odd days"
            };
            read(&reader, &record, &mut |event, right| {
                if features {
                    println!(
                        "{}",
                        json!({ "file": file, "document": number, "event": event })
                    );
                }
                let published = event.get("gold") == record.get("date");
                let score = scores.entry(half).or_default();
                let at = if published { 0 } else { 2 };
                for (at, add) in [(at, usize::from(right)), (at + 1, 1)] {
                    if let Some(count) = score.get_mut(at) {
                        *count += add;
                    }
                }
            });
        }
        if !features {
            for (half, [a, of_a, b, of_b]) in scores {
                println!(
                    "{file}: {half}: all {} of {} = {:.1} %, not the publication date {b} of {of_b} = {:.1} %",
                    a + b,
                    of_a + of_b,
                    percent(a + b, of_a + of_b),
                    percent(b, of_b)
                );
            }
        }
    }
}

/// The number of the day a document was published on. Documents are halved by it, so that what several of
/// them tell of the same day falls into one half.
fn day_number(record: &Value) -> i32 {
    let date: Option<Date> = record
        .get("date")
        .and_then(Value::as_str)
        .and_then(|date| date.get(..10)?.parse().ok());
    date.and_then(|date| Date::new(1900, 1, 1).ok()?.until(date).ok())
        .map_or(0, |span| span.get_days())
}

#[expect(clippy::cast_precision_loss, reason = "counts of events")]
fn percent(part: usize, whole: usize) -> f64 {
    100.0 * part as f64 / whole.max(1) as f64
}

fn read(reader: &Reader, record: &Value, done: &mut dyn FnMut(Value, bool)) {
    let text = record
        .get("text")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let date = record
        .get("date")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let published: Date = date.get(..10).unwrap_or_default().parse().expect("a date");
    let document = reader.read(Article {
        id: String::new(),
        headline: None,
        byline: None,
        outlet: None,
        published,
        url: None,
        path: None,
        body: text.to_owned(),
    });
    let rows = document.rows();
    let scene = rows.scene(&document.article);
    let points = CodePoints::new(text);
    for event in record
        .get("events")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        let at = event.get("at").and_then(Value::as_u64).unwrap_or_default();
        let at = points.to_byte(usize::try_from(at).unwrap_or_default());
        let gold = event
            .get("gold")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let chosen = reader.dater().event(&scene, at);
        let value = |value: &str| value.chars().take(10).collect::<String>();
        let right = chosen.is_some_and(|dated| value(&dated.value.to_string()) == gold);
        let candidates: Vec<Value> = reader
            .dater()
            .weigh(&scene, at)
            .into_iter()
            .map(|weighed| {
                json!({
                    "value": value(&weighed.dated.value.to_string()),
                    "features": weighed.features,
                })
            })
            .collect();
        done(
            json!({ "at": event.get("at"), "gold": gold, "candidates": candidates }),
            right,
        );
    }
}
