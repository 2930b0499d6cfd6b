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

use dateline::language::{Language, Source};

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
            prose.push_str(&text[end..stamp.start()]);
            end = stamp.end();
        }
        prose.push_str(&text[end..]);
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
