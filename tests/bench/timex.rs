//! How fast time expressions are tagged: news, and texts made to be slow.
//!
//! Reads the articles of `../shared/eval/time/timebank-te3.jsonl` where they are present, else the
//! articles that the bot ships with, over and over. Where `CHRONO_NODE_MODULES` names a folder that
//! holds chrono-node, Node tags the same texts, and the ratio is printed.
#![expect(clippy::print_stdout, reason = "a bench reports to the terminal")]

use std::{io::Write, process::Command, sync::LazyLock, time::Instant};

use dateline::{
    language::{Language, Source},
    timex::Tagger,
};
use divan::{Bencher, counter::CharsCount};
use jiff::civil::{Date, date};

static TAGGER: LazyLock<Tagger> = LazyLock::new(|| {
    let language = Language::read(&Source::Embedded).expect("the embedded language is sound");
    Tagger::new(&language).expect("its rules compile")
});

static ARTICLES: LazyLock<Vec<(Date, String)>> = LazyLock::new(articles);

const WRITTEN: Date = date(2021, 2, 14);

fn main() {
    divan::main();
    compare();
}

fn articles() -> Vec<(Date, String)> {
    let root = env!("CARGO_MANIFEST_DIR");
    let corpus = format!("{root}/../shared/eval/time/timebank-te3.jsonl");
    if let Ok(lines) = std::fs::read_to_string(corpus) {
        return lines.lines().filter_map(article).collect();
    }
    let seeds = ["000_e4984d2857adad0b.txt", "003_4665e3687b589335.txt"];
    seeds
        .iter()
        .filter_map(|name| std::fs::read_to_string(format!("{root}/data/articles/{name}")).ok())
        .cycle()
        .take(100)
        .map(|text| (WRITTEN, text))
        .collect()
}

fn article(line: &str) -> Option<(Date, String)> {
    let article: serde_json::Value = serde_json::from_str(line).ok()?;
    let published = article.get("dct")?.as_str()?.get(..10)?.parse().ok()?;
    Some((published, article.get("text")?.as_str()?.to_owned()))
}

fn characters(articles: &[(Date, String)]) -> usize {
    articles.iter().map(|(_, text)| text.chars().count()).sum()
}

fn tag_all(articles: &[(Date, String)]) -> usize {
    articles
        .iter()
        .map(|(published, text)| TAGGER.tag(text, *published).len())
        .sum()
}

#[divan::bench]
fn news(bencher: Bencher) {
    bencher
        .counter(CharsCount::new(characters(&ARTICLES)))
        .bench(|| tag_all(&ARTICLES));
}

/// A megabyte of what offers an expression at every word, or never ends one.
#[divan::bench(args = ["a year ", "1", "twenty-", "May 5 and ", "the end of ", "last "])]
fn hostile(bencher: Bencher, piece: &str) {
    let text = piece.repeat(1_000_000 / piece.len());
    bencher
        .counter(CharsCount::new(text.chars().count()))
        .bench(|| TAGGER.tag(&text, WRITTEN).len());
}

#[divan::bench]
fn compiling_the_rules(bencher: Bencher) {
    let language = Language::read(&Source::Embedded).expect("the embedded language is sound");
    bencher.bench(|| Tagger::new(&language).expect("its rules compile"));
}

const SCRIPT: &str = "
const chrono = require('chrono-node');
const articles = JSON.parse(require('fs').readFileSync(0, 'utf8'));
const run = () => { for (const [day, text] of articles) chrono.parse(text, new Date(day)); };
run();
const start = process.hrtime.bigint();
run();
console.log(Number(process.hrtime.bigint() - start) / 1e9);
";

/// Prints how many times faster than chrono-node the same articles are tagged.
#[expect(
    clippy::disallowed_methods,
    reason = "measuring takes a clock, and nothing that is measured sees it"
)]
fn compare() {
    let Ok(modules) = std::env::var("CHRONO_NODE_MODULES") else {
        return;
    };
    let Some(theirs) = chrono_seconds(&modules) else {
        println!("chrono-node could not be run from {modules}");
        return;
    };
    let start = Instant::now();
    let found = tag_all(&ARTICLES);
    let ours = start.elapsed().as_secs_f64();
    println!(
        "{found} expressions in {ours:.3} s, chrono-node needs {theirs:.3} s: {:.0} times as fast",
        theirs / ours
    );
}

fn chrono_seconds(modules: &str) -> Option<f64> {
    let articles: Vec<(String, &str)> = ARTICLES
        .iter()
        .map(|(published, text)| (published.to_string(), text.as_str()))
        .collect();
    let mut node = Command::new("node")
        .args(["-e", SCRIPT])
        .env("NODE_PATH", modules)
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .ok()?;
    let input = serde_json::to_vec(&articles).ok()?;
    node.stdin.take()?.write_all(&input).ok()?;
    let output = node.wait_with_output().ok()?;
    String::from_utf8(output.stdout).ok()?.trim().parse().ok()
}
