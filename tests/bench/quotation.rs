//! How fast quotations are extracted: `cargo bench --bench quotation`.

use std::path::Path;

use dateline::language::{Language, Source};
use dateline::quotation::Extractor;
use divan::{Bencher, counter::CharsCount};

fn main() {
    divan::main();
}

/// Real articles where the evaluation sets lie beside the project, else the shipped ones, repeated.
fn articles() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let beside = root.join("../shared/eval/quotes/polnear-dev.jsonl");
    if let Ok(lines) = std::fs::read_to_string(beside) {
        return lines
            .lines()
            .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
            .filter_map(|record| record.get("text")?.as_str().map(str::to_owned))
            .collect();
    }
    let Ok(entries) = std::fs::read_dir(root.join("data/articles")) else {
        return Vec::new();
    };
    let texts: Vec<String> = entries
        .filter_map(|entry| std::fs::read_to_string(entry.ok()?.path()).ok())
        .collect();
    (0..40).flat_map(|_| texts.clone()).collect()
}

fn extractor() -> Extractor {
    let language = Language::read(&Source::Embedded).expect("the embedded language is sound");
    Extractor::new(&language).expect("its rules compile")
}

fn characters(texts: &[String]) -> CharsCount {
    CharsCount::new(texts.iter().map(|text| text.chars().count()).sum::<usize>())
}

#[divan::bench]
fn real_articles(bencher: Bencher) {
    let extractor = extractor();
    let articles = articles();
    bencher.counter(characters(&articles)).bench_local(|| {
        articles
            .iter()
            .map(|article| extractor.extract(article).len())
            .sum::<usize>()
    });
}

#[divan::bench(args = [
    "“", "\"", "'", "‘a ", "« ", "\"a. ", "said ", "Ann Lee, ", "said that \"a\" ", "“a” ", " ”a", " 'a", "(“a” ",
    "She said, “a” and ",
])]
fn one_megabyte_of(bencher: Bencher, unit: &str) {
    let extractor = extractor();
    let text = unit.repeat(1_000_000 / unit.len());
    bencher
        .counter(CharsCount::new(text.chars().count()))
        .bench_local(|| extractor.extract(&text).len());
}
