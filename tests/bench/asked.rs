//! Questions as benches ask them, and how long their answers take.

use std::{fs, path::Path, time::Duration};

use dateline::{
    archive::Archive,
    command::{Call, read_prefixed, read_question},
};
use jiff::civil::{Date, date};
use serde_json::Value;

/// The day on which they are asked.
const TODAY: Date = date(2025, 11, 1);

/// Questions on the two shipped articles.
const SHIPPED: [&str; 6] = [
    "!when protests",
    "!quote heart",
    "!on February 12",
    "!timeline",
    "who is Leonid Volkov?",
    "how many people were detained?",
];

/// The questions of a file of JSON lines, `{"ask": …}`; without a file those on the shipped articles.
pub fn questions(file: Option<&Path>) -> Vec<String> {
    let Some(file) = file else {
        return SHIPPED.map(str::to_owned).to_vec();
    };
    let text = fs::read_to_string(file).unwrap();
    let question = |line| {
        let line: Value = serde_json::from_str(line).unwrap();
        line.get("ask").unwrap().as_str().unwrap().to_owned()
    };
    text.lines().map(question).collect()
}

/// A question as the bot reads it.
pub fn call(archive: &Archive, text: &str) -> Option<Call> {
    read_prefixed(text, "!", TODAY).or_else(|| read_question(text, TODAY, archive.language()))
}

/// How long answers took, by command.
#[derive(Default)]
pub struct Times(Vec<(&'static str, Vec<Duration>)>);

impl Times {
    /// Notes one.
    pub fn add(&mut self, command: &'static str, took: Duration) {
        match self.0.iter_mut().find(|(known, _)| *known == command) {
            Some((_, times)) => times.push(took),
            None => self.0.push((command, vec![took])),
        }
    }

    /// Prints the median and the tail of each command and of all together.
    pub fn print(self) {
        let mut all = Vec::new();
        for (command, mut times) in self.0 {
            all.extend(times.iter().copied());
            println!("{command:>9}: {}", spread(&mut times));
        }
        println!("{:>9}: {}", "all", spread(&mut all));
    }
}

/// The median and the tail of times.
pub fn spread(times: &mut [Duration]) -> String {
    times.sort();
    let at = |percent: usize| {
        let place = (times.len() * percent / 100).min(times.len().saturating_sub(1));
        times.get(place).copied().unwrap_or_default()
    };
    format!(
        "{:4} questions, p50 {:.1?}, p99 {:.1?}",
        times.len(),
        at(50),
        at(99)
    )
}
