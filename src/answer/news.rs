//! What new articles say of a topic that is watched: of each the best sentence, near-duplicates once.
//!
//! Stricter than a search, since nobody asked just now: all words of the topic must stand close together, each
//! spelt as it is or as a word that says the same, and what was told before is not told again.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::{
    Answer, Request,
    candidate::candidates,
    gather::{Gather, alike, terms},
    topic::Topic,
    when::add_sentence,
};
use crate::{
    archive::{Archive, ArchiveError},
    index::Query,
};

/// The name under which it stands among the answers.
pub const NAME: &str = "news";

/// How many windows are looked at.
const WINDOWS: usize = 200;

/// How much of the topic a sentence and what surrounds it must hold.
const HELD: f32 = 0.5;

/// What `archive`, which holds the new articles alone, says of `topic`. `told` is what was told of it before.
///
/// # Errors
/// Where the index fails.
pub fn answer(
    archive: &Archive,
    topic: &str,
    today: Date,
    told: &[String],
    limit: usize,
) -> Result<Answer, ArchiveError> {
    let language = archive.language();
    let request = Request {
        argument: topic.to_owned(),
        today,
        limit: Some(limit),
        question: None,
        uptime: None,
    };
    let title = language.wording.say("title_news", &[("topic", topic)]);
    let mut gather = Gather::new(&language.words);
    let topic = Topic::read(archive, topic)?;
    // A word that no new article has is not there under another spelling either.
    let spelt = topic
        .terms
        .iter()
        .all(|term| term.corrected.is_none() && term.frequency > 0);
    if !topic.is_empty() && spelt {
        let mut query = topic.query();
        for concept in &mut query.concepts {
            concept.required = true;
        }
        let told: Vec<BTreeSet<String>> = told
            .iter()
            .map(|excerpt| terms(excerpt, &language.words))
            .collect();
        add(archive, &topic, &query, &told, limit, &mut gather)?;
    }
    Ok(gather.answer(NAME, &request, title, Vec::new()))
}

fn add(
    archive: &Archive,
    topic: &Topic,
    query: &Query,
    told: &[BTreeSet<String>],
    limit: usize,
    gather: &mut Gather<'_>,
) -> Result<(), ArchiveError> {
    let words = &archive.language().words;
    let mut articles: BTreeSet<u64> = BTreeSet::new();
    for candidate in candidates(archive, topic, query, WINDOWS)? {
        if gather.len() == limit {
            break;
        }
        if candidate.coverage <= 0.0 || candidate.context < HELD {
            continue;
        }
        let Some(sentence) = candidate.sentence() else {
            continue;
        };
        // The best sentence of an article decides: if that was told, the article says nothing new.
        if !articles.insert(candidate.number) {
            continue;
        }
        let said = terms(candidate.document.text(sentence.span), words);
        if told.iter().any(|before| alike(&said, before)) {
            continue;
        }
        let date = sentence.dates.first().cloned();
        add_sentence(gather, &candidate, date, candidate.score);
    }
    Ok(())
}
