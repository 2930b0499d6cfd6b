//! Days and what was told of them: what `on` and `timeline` share.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use super::topic::{Topic, rarity};
use crate::{
    archive::{Archive, ArchiveError},
    dating::{DateBasis, Dated},
    index::{Query, Terms},
    passage::Document,
    text::Span,
    timex::Interval,
};

use super::features::Found;

/// A sentence that tells of a day.
#[derive(Clone, Debug)]
pub struct DatedSentence {
    /// The article's number.
    pub number: u64,
    /// Its document.
    pub document: Arc<Document>,
    /// The paragraph's number.
    pub paragraph: u32,
    /// The sentence.
    pub span: Span,
    /// Its date.
    pub dated: Dated,
    /// How well it fits the topic and how much other sentences tell of the same.
    pub score: f32,
    /// The topic's words in it.
    pub matched: Vec<Span>,
}

/// How much of the topic the sentence's paragraphs must hold.
const ENOUGH: f32 = 0.45;

/// What being central to what is told of the day weighs beside the date's own certainty.
const CENTRAL: f32 = 1.0;

/// The sentences of the best windows for `query` that are dated within `interval` (everything, if none is
/// given), best first.
///
/// # Errors
/// Where the index fails.
pub fn dated_sentences(
    archive: &Archive,
    topic: &Topic,
    query: &Query,
    windows: usize,
    interval: Option<Interval>,
) -> Result<Vec<DatedSentence>, ArchiveError> {
    let words = &archive.language().words;
    let mut found: Vec<DatedSentence> = Vec::new();
    for (hit, document) in archive.search(query, windows)? {
        let (first, last) = hit.paragraphs;
        let body = &document.article.body;
        for passage in &document.passages {
            if passage.number < first || passage.number > last || !passage.is_evidence() {
                continue;
            }
            let around = Found::read(words, topic, body, passage.span).share(topic);
            for sentence in &passage.sentences {
                let own = Found::read(words, topic, body, sentence.span);
                let fit = own.share(topic).max(0.8 * around);
                if !topic.is_empty() && fit < ENOUGH {
                    continue;
                }
                for dated in &sentence.dates {
                    let Some(fits) = interval.map_or(Some(1.0), |wanted| fit_of(wanted, dated))
                    else {
                        continue;
                    };
                    found.push(DatedSentence {
                        number: hit.article,
                        document: Arc::clone(&document),
                        paragraph: passage.number,
                        span: sentence.span,
                        dated: dated.clone(),
                        score: fits * certainty(dated) * if topic.is_empty() { 1.0 } else { fit },
                        matched: own.matched.clone(),
                    });
                    if interval.is_some() {
                        break;
                    }
                }
            }
        }
    }
    centre(archive, &mut found, interval.is_some())?;
    found.sort_by(|a, b| {
        b.score
            .total_cmp(&a.score)
            .then_with(|| (a.number, a.paragraph, a.span).cmp(&(b.number, b.paragraph, b.span)))
    });
    Ok(found)
}

/// What a date is worth that covers more than the days asked for.
const COARSER: f32 = 0.2;

/// How sure a date is.
fn certainty(dated: &Dated) -> f32 {
    match dated.basis {
        DateBasis::Stated => 1.0,
        DateBasis::Carried => 0.7,
        DateBasis::Published => 0.5,
    }
}

/// How well a date fits the days asked for: nothing where they share no day, or where the date is so
/// much coarser that it says nothing of them.
fn fit_of(wanted: Interval, dated: &Dated) -> Option<f32> {
    let interval = dated.interval;
    if !wanted.overlaps(interval) {
        return None;
    }
    if wanted.covers(interval) {
        return Some(1.0);
    }
    // "Last month" says little of a day in it.
    (interval.days() <= 31.max(2 * wanted.days())).then_some(COARSER)
}

/// Adds to each sentence's score how much of what it says the other sentences of its day (or of all, if the
/// days are `one` stretch asked for) say too: what many tell is what happened. This is the centroid of
/// extractive summarization (Radev et al. 2004), with words weighed by their rarity.
fn centre(
    archive: &Archive,
    sentences: &mut [DatedSentence],
    one: bool,
) -> Result<(), ArchiveError> {
    let words = &archive.language().words;
    let terms: Vec<Vec<Arc<str>>> = sentences
        .iter()
        .map(|sentence| {
            let text = sentence.document.text(sentence.span);
            let mut stems: Vec<_> = Terms::new(text, words).map(|term| term.stem).collect();
            stems.sort();
            stems.dedup();
            stems
        })
        .collect();
    let rarity = rarities(archive, &terms)?;
    let rare = |stem: &Arc<str>| rarity.get(stem).copied().unwrap_or_default();
    let pool = |sentence: &DatedSentence| (!one).then_some(sentence.dated.interval);
    let mut pools: BTreeMap<Option<Interval>, BTreeMap<&Arc<str>, f32>> = BTreeMap::new();
    for (sentence, stems) in sentences.iter().zip(&terms) {
        let weights = pools.entry(pool(sentence)).or_default();
        for stem in stems {
            *weights.entry(stem).or_default() += sentence.score * rare(stem);
        }
    }
    let most =
        |weights: &BTreeMap<&Arc<str>, f32>| weights.values().copied().fold(f32::EPSILON, f32::max);
    let most: BTreeMap<_, f32> = pools
        .iter()
        .map(|(pool, weights)| (*pool, most(weights)))
        .collect();
    for (sentence, stems) in sentences.iter_mut().zip(&terms) {
        let pool = pool(sentence);
        let (Some(weights), Some(most)) = (pools.get(&pool), most.get(&pool)) else {
            continue;
        };
        let sum: f32 = stems
            .iter()
            .filter_map(|stem| weights.get(stem))
            .map(|weight| weight / most)
            .sum();
        // Long sentences gather more than they say: the root keeps them from winning by length alone.
        #[expect(clippy::cast_precision_loss, reason = "words of a sentence")]
        let central = sum / (stems.len().max(6) as f32).sqrt();
        sentence.score *= 1.0 + CENTRAL * central;
    }
    Ok(())
}

/// For each of the stems, how rare it is in the archive, 0 to 1.
fn rarities(
    archive: &Archive,
    terms: &[Vec<Arc<str>>],
) -> Result<BTreeMap<Arc<str>, f32>, ArchiveError> {
    let windows = archive.size()?.windows;
    let different: BTreeSet<&Arc<str>> = terms.iter().flatten().collect();
    let stems: Vec<&str> = different.iter().map(AsRef::as_ref).collect();
    let frequencies = archive.index().frequencies(&stems)?;
    let most = rarity(windows, 1).max(f32::EPSILON);
    let weighed = different.into_iter().zip(frequencies);
    Ok(weighed
        .map(|(stem, frequency)| (Arc::clone(stem), rarity(windows, frequency) / most))
        .collect())
}
