//! What is said where nothing, or not all, was found: nothing found is an answer.

use super::{
    Answer, Request,
    label::{day_label, interval_label},
    topic::Topic,
};
use crate::{
    archive::{Archive, ArchiveError},
    passage::shorten,
    text::fold,
    timex::Interval,
};

/// How many near words, and how many headlines, are offered.
const NEAR_WORDS: usize = 3;
const HEADLINES: usize = 3;
const HEADLINE_LENGTH: usize = 60;

/// An answer with no evidence.
pub fn empty(
    command: &'static str,
    request: &Request,
    title: String,
    notes: Vec<String>,
) -> Answer {
    Answer {
        command,
        argument: request.argument.clone(),
        title,
        groups: Vec::new(),
        lines: Vec::new(),
        citations: Vec::new(),
        chart: None,
        notes,
    }
}

/// The asker named no topic.
pub fn missing_topic(
    archive: &Archive,
    command: &'static str,
    request: &Request,
    title: String,
) -> Answer {
    let example = archive
        .index()
        .names("", 1)
        .ok()
        .and_then(|names| names.into_iter().next())
        .map_or_else(
            || command.to_owned(),
            |name| format!("{command} {}", name.text),
        );
    let note = archive
        .language()
        .wording
        .say("missing_topic", &[("example", &example)]);
    empty(command, request, title, vec![note])
}

/// Nothing about a topic: says so, offers near words, and says what the archive spans.
///
/// # Errors
/// Where the index fails.
pub fn about(
    archive: &Archive,
    command: &'static str,
    request: &Request,
    title: String,
    topic: &Topic,
) -> Result<Answer, ArchiveError> {
    let key = format!("nothing_{command}");
    let mut notes = vec![
        archive
            .language()
            .wording
            .say(&key, &[("topic", &request.argument)]),
    ];
    notes.extend(missing_words(archive, &request.argument, topic)?);
    notes.extend(span(archive)?);
    Ok(empty(command, request, title, notes))
}

/// The question cannot be answered: says so, with the nearest headlines as a hint.
///
/// # Errors
/// Where the index fails.
pub fn unknown(
    archive: &Archive,
    command: &'static str,
    request: &Request,
    title: String,
    topic: &Topic,
) -> Result<Answer, ArchiveError> {
    let wording = &archive.language().wording;
    let mut notes = vec![wording.say("unknown", &[])];
    notes.extend(missing_words(archive, &request.argument, topic)?);
    let mut headlines: Vec<String> = Vec::new();
    for (_, document) in archive.search(&topic.query(), 4 * HEADLINES)? {
        let headline = format!("“{}”", shorten(&document.headline(), HEADLINE_LENGTH));
        if !headlines.contains(&headline) && headlines.len() < HEADLINES {
            headlines.push(headline);
        }
    }
    if !headlines.is_empty() {
        notes.push(wording.say("perhaps", &[("headlines", &headlines.join(", "))]));
    }
    Ok(empty(command, request, title, notes))
}

/// For each word of the topic that no article has: near words that some have.
///
/// # Errors
/// Where the index fails.
pub fn missing_words(
    archive: &Archive,
    text: &str,
    topic: &Topic,
) -> Result<Vec<String>, ArchiveError> {
    let wording = &archive.language().wording;
    let mut notes = Vec::new();
    for term in &topic.terms {
        let word = term.span.of(text);
        if let Some(corrected) = &term.corrected {
            let places = [("word", word), ("other", corrected.as_str())];
            notes.push(wording.say("word_corrected", &places));
            continue;
        }
        if term.frequency > 0 {
            continue;
        }
        let near = archive.index().near(&fold(word), NEAR_WORDS)?;
        if near.is_empty() {
            notes.push(wording.say("word_missing", &[("word", word)]));
            continue;
        }
        let words: Vec<String> = near
            .iter()
            .map(|counted| format!("“{}”", counted.text))
            .collect();
        let or = format!(" {} ", wording.say("or", &[]));
        let words = match words.split_last() {
            Some((last, before)) if !before.is_empty() => {
                format!("{}{or}{last}", before.join(", "))
            }
            _ => words.concat(),
        };
        notes.push(wording.say("did_you_mean", &[("word", word), ("words", &words)]));
    }
    Ok(notes)
}

/// Nothing on a day: says so, and names the nearest day that the archive tells of.
///
/// # Errors
/// Where the index fails.
pub fn on(
    archive: &Archive,
    command: &'static str,
    request: &Request,
    title: String,
    interval: Interval,
    nearest: Option<Interval>,
) -> Result<Answer, ArchiveError> {
    let language = archive.language();
    let mut notes = vec![if interval.days() == 1 {
        language.wording.say(
            "nothing_on",
            &[("date", &day_label(language, interval.begin()))],
        )
    } else {
        let (from, to) = (
            day_label(language, interval.begin()),
            day_label(language, interval.last()),
        );
        language
            .wording
            .say("nothing_on_range", &[("from", &from), ("to", &to)])
    }];
    if let Some(nearest) = nearest {
        notes.push(language.wording.say(
            "nearest_day",
            &[("date", &interval_label(language, nearest))],
        ));
    }
    notes.extend(span(archive)?);
    Ok(empty(command, request, title, notes))
}

/// What the archive spans, in one sentence.
///
/// # Errors
/// Where the index fails.
pub fn span(archive: &Archive) -> Result<Option<String>, ArchiveError> {
    let language = archive.language();
    Ok(Some(match archive.size()?.published {
        None => language.wording.say("archive_empty", &[]),
        Some((first, last)) if first == last => language
            .wording
            .say("archive_span_day", &[("from", &day_label(language, first))]),
        Some((first, last)) => language.wording.say(
            "archive_span",
            &[
                ("from", &day_label(language, first)),
                ("to", &day_label(language, last)),
            ],
        ),
    }))
}
