//! Every rule of `data/` proves itself on its own examples and counter-examples.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[path = "rules/dating.rs"]
mod dating;
#[path = "rules/quotation.rs"]
mod quotation;
#[path = "rules/related.rs"]
mod related;
#[path = "rules/timex.rs"]
mod timex;

use dateline::{
    answer::{date_label, day_label, interval_label},
    command::COMMANDS,
    dating::{DateBasis, Dated},
    language::{Language, Source},
    timex::{Interval, Modifier},
};

#[test]
fn the_embedded_language_is_sound() {
    if let Err(problems) = Language::read(&Source::Embedded) {
        panic!("{problems:#?}");
    }
}

#[test]
fn furniture_rules_tell_their_examples_and_leave_the_others_alone() {
    let language = Language::read(&Source::Embedded).unwrap();
    for rule in &language.furniture.rules {
        for example in &rule.examples {
            assert_eq!(
                language.furniture.classify(example),
                Some(rule.kind),
                "{example:?}"
            );
        }
        for other in &rule.not {
            assert_eq!(language.furniture.classify(other), None, "{other:?}");
        }
    }
}

#[test]
fn stamps_are_told_from_the_prose_beside_them() {
    let language = Language::read(&Source::Embedded).unwrap();
    let left = |text: &str| {
        let mut prose = String::new();
        let mut end = 0;
        for stamp in language.furniture.stamps(text) {
            prose.push_str(text.get(end..stamp.start()).unwrap_or_default());
            end = stamp.end();
        }
        prose.push_str(text.get(end..).unwrap_or_default());
        prose.trim().to_owned()
    };
    for rule in &language.furniture.stamp_rules {
        assert!(!rule.examples.is_empty(), "{}: no example", rule.pattern);
        for example in &rule.examples {
            assert_eq!(left(&example.text), example.left);
        }
        for other in &rule.not {
            assert_eq!(left(other), *other);
        }
    }
}

#[test]
fn no_rule_of_furniture_is_passed_over_where_it_matches() {
    let language = Language::read(&Source::Embedded).unwrap();
    let furniture = &language.furniture;
    let rules = furniture.rules.iter();
    let stamps = furniture.stamp_rules.iter();
    let examples = rules
        .flat_map(|rule| rule.examples.iter().chain(&rule.not))
        .chain(stamps.flat_map(|rule| rule.examples.iter().map(|example| &example.text)));
    for example in examples {
        // Letters outside ASCII that are the same as some inside, where case is passed over.
        let written = example.replace('s', "ſ").replace('k', "\u{212a}");
        for text in [
            example.clone(),
            example.to_lowercase(),
            example.to_uppercase(),
            written,
            format!("{example}\n{example}"),
        ] {
            let first = furniture
                .rules
                .iter()
                .find(|rule| rule.regex().is_some_and(|regex| regex.is_match(&text)));
            assert_eq!(
                furniture.classify(&text),
                first.map(|rule| rule.kind),
                "{text:?}"
            );
            let mut covered = vec![false; text.len()];
            for regex in furniture.stamp_rules.iter().filter_map(|rule| rule.regex()) {
                for found in regex.find_iter(&text) {
                    covered[found.range()].fill(true);
                }
            }
            for stamp in furniture.stamps(&text) {
                assert!(
                    covered[stamp.start()..stamp.end()]
                        .iter()
                        .all(|covered| *covered)
                );
                covered[stamp.start()..stamp.end()].fill(false);
            }
            assert!(!covered.contains(&true), "{text:?}");
        }
    }
}

#[test]
fn question_openings_read_their_examples_and_leave_the_others_alone() {
    let language = Language::read(&Source::Embedded).unwrap();
    for opening in &language.questions.openings {
        for (question, topic) in &opening.examples {
            let read = language.questions.opening(question);
            assert_eq!(
                read,
                Some((opening.command.as_str(), topic.clone())),
                "{question:?}"
            );
        }
        for other in &opening.not {
            assert_eq!(opening.topic(other), None, "{other:?}");
        }
    }
}

#[test]
fn question_expectations_read_their_examples_and_leave_the_others_alone() {
    let language = Language::read(&Source::Embedded).unwrap();
    for expectation in &language.questions.expectations {
        let regex = expectation.regex().unwrap();
        for question in &expectation.examples {
            assert!(regex.is_match(question), "{question:?}");
        }
        for other in &expectation.not {
            assert!(!regex.is_match(other), "{other:?}");
        }
    }
}

#[test]
fn every_sentence_that_the_program_says_is_worded() {
    let language = Language::read(&Source::Embedded).unwrap();
    let worded: Vec<&str> = language.wording.keys().collect();
    let said = regex::Regex::new(r#"\bsay\(\s*"([a-z0-9_]+)""#).unwrap();
    let mut seen = 0;
    for entry in walkdir::WalkDir::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src")) {
        let entry = entry.unwrap();
        if entry.path().extension().is_none_or(|ending| ending != "rs") {
            continue;
        }
        let source = std::fs::read_to_string(entry.path()).unwrap();
        for key in said
            .captures_iter(&source)
            .map(|found| found.get(1).unwrap().as_str().to_owned())
        {
            assert!(
                worded.contains(&key.as_str()),
                "{}: no sentence for {key:?}",
                entry.path().display()
            );
            seen += 1;
        }
    }
    assert!(seen > 40, "only {seen} sentences were found in the sources");
    for command in ["when", "quote", "timeline", "who"] {
        assert!(worded.contains(&format!("nothing_{command}").as_str()));
    }
}

#[test]
fn the_bot_speaks_every_language_whole() {
    let language = Language::read(&Source::Embedded).unwrap();
    let places = |sentence: &str| -> std::collections::BTreeSet<String> {
        regex::Regex::new(r"\{([a-z_]+)\}")
            .unwrap()
            .captures_iter(sentence)
            .map(|found| found.get(1).unwrap().as_str().to_owned())
            .collect()
    };
    let own: Vec<&str> = language.wording.keys().collect();
    let codes: Vec<&str> = language.wordings.keys().map(String::as_str).collect();
    assert_eq!(codes, ["de", "en"]);
    for (code, wording) in language.wordings.iter() {
        for key in &own {
            let said = wording.find(key);
            let said = said.unwrap_or_else(|| panic!("data/{code}/wording.toml lacks {key}"));
            assert!(!said.trim().is_empty(), "{code}: {key}");
            let meant = language.wording.find(key).unwrap();
            assert_eq!(
                places(said),
                places(meant),
                "data/{code}/wording.toml: {key}"
            );
        }
        // What a command is for stands in the table of commands, in English.
        let of_the_table: Vec<String> = COMMANDS
            .iter()
            .map(|command| format!("about_{}", command.name))
            .collect();
        for key in wording.keys() {
            assert!(
                own.contains(&key) || of_the_table.iter().any(|known| known == key),
                "data/{code}/wording.toml: nothing says {key}"
            );
        }
        if code != "en" {
            for key in &of_the_table {
                assert!(
                    wording.find(key).is_some(),
                    "data/{code}/wording.toml lacks {key}"
                );
            }
        }
    }
}

#[test]
fn days_are_spelt_as_the_language_spells_them() {
    let language = Language::read(&Source::Embedded).unwrap();
    let day = jiff::civil::date(2021, 2, 12);
    for (locale, spelt) in [
        ("de", "12. Februar 2021"),
        ("de-AT", "12. Februar 2021"),
        ("en-GB", "12 February 2021"),
        ("xx", "12 February 2021"),
        ("", "12 February 2021"),
    ] {
        assert_eq!(
            day_label(&language.speaking(locale), day),
            spelt,
            "{locale}"
        );
    }
    let german = language.speaking("de");
    let days = |from, to| Interval::new(from, to).unwrap();
    let date = jiff::civil::date;
    for (interval, spelt) in [
        (
            days(date(2021, 2, 8), date(2021, 2, 15)),
            "8. bis 14. Februar 2021",
        ),
        (
            days(date(2021, 1, 31), date(2021, 2, 2)),
            "31. Januar bis 1. Februar 2021",
        ),
        (days(date(2021, 3, 1), date(2021, 4, 1)), "März 2021"),
        (days(date(2021, 1, 1), date(2022, 1, 1)), "2021"),
    ] {
        assert_eq!(interval_label(&german, interval), spelt);
    }
    let value = |value: &str, first, modifier| Dated {
        interval: Interval::day(first).unwrap(),
        value: value.parse().unwrap(),
        modifier,
        basis: DateBasis::Stated,
    };
    for (dated, spelt) in [
        (
            value("2021-02-12", day, Some(Modifier::Before)),
            "vor dem 12. Februar 2021",
        ),
        (value("2021-Q3", day, None), "drittes Quartal 2021"),
        (value("2021-SP", day, None), "Frühjahr 2021"),
        (value("199", day, None), "1990er Jahre"),
    ] {
        assert_eq!(date_label(&german, &dated), spelt);
    }
}
