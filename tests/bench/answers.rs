//! How long an answer takes, from the question to the evidence, over an archive in memory; and, for training,
//! what speaks for each sentence that may answer.
//!
//! `cargo bench --bench answers` times the questions of `../shared/eval/news` over its articles where they
//! are present, else questions on the two shipped articles.
//!
//! `cargo bench --bench answers -- --features ARCHIVE QUESTIONS` writes one JSON object a question for
//! `data/scripts/ranking.py`: the features of each candidate sentence, whether it holds an answer, and what speaks
//! for and against the best excerpt. QUESTIONS holds JSON lines
//! `{"ask"|"text", "answers": […], "articles": […]|"paragraph"}`; those that `ask` does not answer are left out.
//!
//! `cargo bench --bench answers -- --dates ARCHIVE QUESTIONS` writes one JSON object a question for
//! `data/scripts/when.py`: the features of each sentence with each of its dates.
//! QUESTIONS holds JSON lines `{"ask", "date"}`.

#![expect(clippy::print_stdout, reason = "its output is what it is for")]
#![expect(clippy::disallowed_methods, reason = "a bench measures time")]
#![expect(clippy::unwrap_used, reason = "a bench that cannot go on fails")]

mod asked;

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
    time::Instant,
};

use asked::{Times, call};
use dateline::{
    answer::{
        ask,
        candidate::candidates,
        certainty::{CERTAINTY, certainty},
        features::NAMES,
        stretch::{probabilities, stretches},
        told,
        topic::Topic,
        when,
    },
    archive::Archive,
    language::{Language, Source},
};
use serde_json::{Value, json};

const NEWS: &str = "../shared/eval/news";

fn main() {
    let arguments: Vec<String> = std::env::args()
        .skip(1)
        .filter(|word| word != "--bench")
        .collect();
    match arguments
        .iter()
        .map(String::as_str)
        .collect::<Vec<_>>()
        .as_slice()
    {
        ["--features", archive, questions] => features(&open(Path::new(archive)), questions),
        ["--dates", archive, questions] => dates(&open(Path::new(archive)), questions),
        _ => time(),
    }
}

fn open(path: &Path) -> Archive {
    let language = Arc::new(Language::read(&Source::Embedded).unwrap());
    Archive::open(&[PathBuf::from(path)], language).unwrap().0
}

fn lines(path: &str) -> Vec<Value> {
    let text = fs::read_to_string(path).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn text(question: &Value) -> Option<&str> {
    question
        .get("ask")
        .or_else(|| question.get("text"))?
        .as_str()
}

fn time() {
    let (articles, questions) = (
        Path::new(NEWS).join("articles.jsonl"),
        Path::new(NEWS).join("questions.jsonl"),
    );
    let (path, questions) = if articles.is_file() {
        (articles, asked::questions(Some(&questions)))
    } else {
        (PathBuf::from("data/articles"), asked::questions(None))
    };
    let started = Instant::now();
    let archive = open(&path);
    println!("opening {} took {:.2?}", path.display(), started.elapsed());
    let mut times = Times::default();
    // Twice: the second time as a bot that has been running for a while.
    for round in 0..2 {
        for question in &questions {
            let started = Instant::now();
            let call = call(&archive, question).unwrap();
            std::hint::black_box((call.command.answer)(&archive, &call.request).unwrap());
            if round > 0 {
                times.add(call.command.name, started.elapsed());
            }
        }
    }
    times.print();
}

fn features(archive: &Archive, questions: &str) {
    for question in lines(questions) {
        let Some(call) = text(&question).and_then(|text| call(archive, text)) else {
            continue;
        };
        if call.command.name != ask::NAME {
            continue;
        }
        let topic = Topic::read(archive, &call.request.argument).unwrap();
        let strings = |key: &str| -> Vec<String> {
            let values = question
                .get(key)
                .and_then(Value::as_array)
                .into_iter()
                .flatten();
            values
                .filter_map(|value| value.get("text").unwrap_or(value).as_str())
                .map(folded)
                .collect()
        };
        let answers = strings("answers");
        let mut articles: Vec<&str> = Vec::new();
        articles.extend(
            question
                .get("articles")
                .and_then(Value::as_array)
                .into_iter()
                .flatten()
                .filter_map(Value::as_str),
        );
        articles.extend(question.get("paragraph").and_then(Value::as_str));
        let found = candidates(archive, &topic, &topic.query(), 40).unwrap();
        let best = stretches(&found, &probabilities(&found), 1);
        let certainty = best.first().map(|best| {
            let certainty = certainty(
                archive.language(),
                &topic,
                &call.request.argument,
                &found,
                best,
            );
            json!({ "names": CERTAINTY.to_vec(), "values": certainty.values().to_vec() })
        });
        let rows: Vec<Value> = found
            .iter()
            .take(60)
            .map(|candidate| {
                let sentence = candidate
                    .sentence()
                    .map(|sentence| folded(candidate.document.text(sentence.span)));
                let holds = sentence
                    .is_some_and(|sentence| answers.iter().any(|answer| sentence.contains(answer)));
                let supports = articles.contains(&candidate.document.article.id.as_str());
                json!({ "features": candidate.features.values().to_vec(), "right": holds && supports })
            })
            .collect();
        println!(
            "{}",
            json!({
                "names": NAMES.to_vec(), "rows": rows, "certainty": certainty, "answerable": !answers.is_empty(),
            })
        );
    }
}

fn dates(archive: &Archive, questions: &str) {
    for question in lines(questions) {
        let Some(call) = text(&question).and_then(|text| call(archive, text)) else {
            continue;
        };
        let topic = Topic::read(archive, &call.request.argument).unwrap();
        let near = when::near(candidates(archive, &topic, &topic.query(), 60).unwrap());
        let rows: Vec<Value> = told::pairs(archive, &topic, &near)
            .iter()
            .map(|pair| {
                json!({
                    "date": pair.dated.value.to_string(),
                    "days": pair.dated.interval.days(),
                    "begin": pair.dated.interval.begin().to_string(),
                    "features": pair.features,
                    "text": pair.candidate.sentence().map(|sentence| pair.candidate.document.text(sentence.span)),
                })
            })
            .collect();
        println!(
            "{}",
            json!({ "names": told::names(), "ask": question.get("ask"), "right": question.get("date"), "rows": rows })
        );
    }
}

/// Words and numbers alone, in lower case, between blanks.
fn folded(text: &str) -> String {
    let words = text
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty());
    format!(
        " {} ",
        words.map(str::to_lowercase).collect::<Vec<_>>().join(" ")
    )
}
