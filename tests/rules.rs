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
