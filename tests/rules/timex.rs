//! The rules of timex prove themselves on their own examples.

use std::collections::BTreeMap;

use dateline::{
    language::{Language, Source},
    timex::Tagger,
};
use jiff::civil::{Date, date};

/// The day on which the examples of `timex.toml` were written.
const WRITTEN: Date = date(2021, 2, 14);

fn english() -> (Language, Tagger) {
    let language = Language::read(&Source::Embedded).expect("the embedded language is sound");
    let tagger = Tagger::new(&language).expect("its rules compile");
    (language, tagger)
}

/// Each sentence holds the expressions in brackets, and nothing else is tagged in it.
fn proves(tagger: &Tagger, rule: &str, examples: &BTreeMap<String, String>, not: &[String]) {
    assert!(
        !examples.is_empty() && !not.is_empty(),
        "rule {rule:?}: examples and counter-examples are needed"
    );
    for (example, values) in examples {
        let text = example.replace(['[', ']'], "");
        let expected: Vec<(&str, &str)> = example
            .split('[')
            .skip(1)
            .map(|part| part.split_once(']').map_or(part, |(words, _)| words))
            .zip(values.split(", "))
            .collect();
        assert!(!expected.is_empty(), "rule {rule:?}: {example}");
        let found: Vec<(&str, String)> = tagger
            .tag(&text, WRITTEN)
            .iter()
            .map(|timex| (timex.span.of(&text), timex.value.to_string()))
            .collect();
        let found: Vec<(&str, &str)> = found
            .iter()
            .map(|(words, value)| (*words, value.as_str()))
            .collect();
        assert_eq!(found, expected, "rule {rule:?}: {example}");
    }
    for sentence in not {
        let found: Vec<&str> = tagger
            .tag(sentence, WRITTEN)
            .iter()
            .map(|timex| timex.span.of(sentence))
            .collect();
        assert!(
            found.is_empty(),
            "rule {rule:?}: {sentence} holds {found:?}"
        );
    }
}

#[test]
fn time_rules_find_their_examples_and_leave_the_others_alone() {
    let (language, tagger) = english();
    for rule in &language.timex.rules {
        proves(&tagger, &rule.name, &rule.examples, &rule.not);
    }
}

#[test]
fn modifiers_find_their_examples_and_leave_the_others_alone() {
    let (language, tagger) = english();
    for modifier in &language.timex.modifiers {
        let name = modifier.value.as_deref().unwrap_or("widening");
        proves(&tagger, name, &modifier.examples, &modifier.not);
    }
}

#[test]
fn every_holiday_falls_on_its_dates() {
    let (language, tagger) = english();
    for holiday in &language.holidays.days {
        for expected in &holiday.dates {
            let day: Date = expected.parse().unwrap();
            for name in &holiday.names {
                let asked = format!("{name} {}", day.year());
                let found = tagger.range(&asked, WRITTEN);
                assert_eq!(
                    found.map(|days| (days.begin(), days.last())),
                    Some((day, day)),
                    "{asked}"
                );
            }
        }
        let name = holiday.names.first().map_or("", String::as_str);
        proves(&tagger, name, &holiday.examples, &holiday.not);
    }
}
