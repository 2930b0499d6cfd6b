//! `cues.toml`: each class of cues on its own examples.

use dateline::language::{CueExample, Language, Source};
use dateline::quotation::{Extractor, Quotation};

fn speaker<'t>(quotation: &Quotation, text: &'t str) -> Option<&'t str> {
    let speaker = quotation.speaker.as_ref()?;
    Some(speaker.name.unwrap_or(speaker.mention).of(text))
}

fn check(group: &str, examples: &[CueExample], not: &[String]) {
    let extractor = Extractor::new(&Language::read(&Source::Embedded).unwrap()).unwrap();
    assert!(
        !examples.is_empty() && !not.is_empty(),
        "{group}: examples and counter-examples are needed"
    );
    for example in examples {
        let found = extractor.extract(&example.text);
        assert!(
            found
                .iter()
                .any(|quotation| speaker(quotation, &example.text) == Some(&example.speaker)),
            "{group}: {:?} must lead to {:?}, found {:?}",
            example.text,
            example.speaker,
            found
                .iter()
                .map(|quotation| speaker(quotation, &example.text))
                .collect::<Vec<_>>()
        );
    }
    for text in not {
        let found = extractor.extract(text);
        assert!(
            found.is_empty(),
            "{group}: {text:?} holds no speech, found {found:?}"
        );
    }
}

#[test]
fn cue_verbs_lead_to_the_speakers_of_their_examples() {
    let language = Language::read(&Source::Embedded).unwrap();
    for verbs in &language.cues.verbs {
        check(
            &format!("verbs of class {:?}", verbs.class),
            &verbs.examples,
            &verbs.not,
        );
    }
}

#[test]
fn cue_words_lead_to_the_speakers_of_their_examples() {
    let language = Language::read(&Source::Embedded).unwrap();
    let cues = &language.cues;
    for words in cues
        .phrases
        .iter()
        .chain(&cues.nouns)
        .chain([&cues.nouns_too, &cues.titles_too])
    {
        check(
            words.words.first().map_or("", String::as_str),
            &words.examples,
            &words.not,
        );
    }
}

/// A verb that is listed and never found would be a dead rule.
#[test]
fn every_verb_of_speech_is_found_after_a_quotation() {
    let language = Language::read(&Source::Embedded).unwrap();
    let extractor = Extractor::new(&language).unwrap();
    for verbs in &language.cues.verbs {
        for forms in &verbs.forms {
            let past = &forms[2];
            let text = format!("“The bridge will stay shut until spring,” Jane Calder {past}.");
            let found = extractor.extract(&text);
            assert_eq!(
                found
                    .iter()
                    .map(|quotation| speaker(quotation, &text))
                    .collect::<Vec<_>>(),
                [Some("Jane Calder")],
                "{text:?}"
            );
        }
    }
}
