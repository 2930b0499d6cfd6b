//! Days and what was told of them: what `on` and `timeline` share.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use super::topic::{Topic, rarity};
use crate::{
    archive::{Archive, ArchiveError},
    dating::{DateBasis, Dated},
    index::{Hit, Terms},
    language::{FurnitureKind, Language, Words},
    passage::{Document, Passage, Sentence},
    quotation::Quotation,
    text::{Span, TokenKind, fold, tokens_in},
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

/// What the paragraph around a sentence is worth beside the sentence.
const AROUND: f32 = 0.8;

/// What being central to what is told of the day weighs beside the date's own certainty.
const CENTRAL: f32 = 1.0;

/// How many sentences are told one after the other with regard to those before, and what a word weighs after
/// it was told, beside what it weighed.
const SUMMARY: usize = 12;
const TOLD: f32 = 0.35;

/// The sentences of the windows found that are dated within `interval` (everything, if none is given), best first.
///
/// # Errors
/// Where the index fails.
pub fn dated_sentences(
    archive: &Archive,
    topic: &Topic,
    windows: Vec<(Hit, Arc<Document>)>,
    interval: Option<Interval>,
) -> Result<Vec<DatedSentence>, ArchiveError> {
    let words = &archive.language().words;
    let mut found: Vec<DatedSentence> = Vec::new();
    let fit = |dated: &Dated| interval.map_or(Some(1.0), |wanted| fit_of(wanted, dated));
    for (hit, document) in windows {
        let (first, last) = hit.paragraphs;
        let body = &document.article.body;
        for passage in &document.passages {
            if passage.number < first || passage.number > last || !passage.is_evidence() {
                continue;
            }
            let dates = |sentence: &Sentence| {
                let dates = sentence.dates.iter();
                let fitting = dates.filter_map(|dated| Some((dated.clone(), fit(dated)?)));
                fitting.collect::<Vec<_>>()
            };
            let of_sentences: Vec<_> = passage.sentences.iter().map(dates).collect();
            if of_sentences.iter().all(Vec::is_empty) {
                continue;
            }
            let shares = Shares::read(words, topic, body, passage);
            for (number, (sentence, dates)) in
                passage.sentences.iter().zip(of_sentences).enumerate()
            {
                if dates.is_empty() {
                    continue;
                }
                let (share, matched) = shares.of(number);
                if share < ENOUGH {
                    continue;
                }
                // What was still to come when it was told may have come otherwise. A timeline tells of plans too.
                let ahead = |dated: &Dated| {
                    let planned = dated.interval.begin() > document.article.published;
                    if planned && interval.is_some() {
                        PLANNED
                    } else {
                        1.0
                    }
                };
                let voice = if interval.is_some()
                    && is_personal(archive.language(), body, sentence.span, passage)
                {
                    PERSONAL
                } else {
                    1.0
                };
                // Where days are asked for, the likeliest date within them is enough.
                let most = if interval.is_some() { 1 } else { usize::MAX };
                for (dated, fits) in dates.into_iter().take(most) {
                    found.push(DatedSentence {
                        number: hit.article,
                        document: Arc::clone(&document),
                        paragraph: passage.number,
                        span: sentence.span,
                        score: fits * certainty(passage, &dated) * share * ahead(&dated) * voice,
                        dated,
                        matched: matched.to_vec(),
                    });
                }
            }
        }
    }
    let told = Told::read(archive, &found)?;
    if interval.is_some() {
        told.summarize(&mut found);
    } else {
        told.centre(&mut found);
    }
    Ok(found)
}

/// How much of a topic the sentences of a paragraph hold; all of it where there is no topic.
struct Shares {
    sentences: Vec<(f32, Vec<Span>)>,
    around: f32,
}

impl Shares {
    fn read(words: &Words, topic: &Topic, body: &str, passage: &Passage) -> Self {
        if topic.is_empty() {
            return Self {
                sentences: Vec::new(),
                around: 1.0,
            };
        }
        let mut whole = Found::nothing(topic);
        let sentences = passage.sentences.iter().map(|sentence| {
            let found = Found::read(words, topic, body, sentence.span);
            whole.join(&found);
            (found.share(topic), found.matched)
        });
        let sentences = sentences.collect();
        Self {
            sentences,
            around: AROUND * whole.share(topic),
        }
    }

    /// The share of a sentence, for less with what surrounds it, and the topic's words in it.
    fn of(&self, number: usize) -> (f32, &[Span]) {
        let own = self.sentences.get(number);
        own.map_or((self.around, &[]), |(share, matched)| {
            (share.max(self.around), matched)
        })
    }
}

/// Best first; of equals the earlier in the archive, so that answers do not change from run to run.
fn order(a: &DatedSentence, b: &DatedSentence) -> std::cmp::Ordering {
    b.score
        .total_cmp(&a.score)
        .then_with(|| (a.number, a.paragraph, a.span).cmp(&(b.number, b.paragraph, b.span)))
}

/// What a date is worth that covers more than the days asked for.
const COARSER: f32 = 0.2;

/// What the date of a post is worth: that somebody wrote on a day is seldom what happened on it.
const POSTED: f32 = 0.3;

/// What a date is worth that lies after the day on which it was told.
const PLANNED: f32 = 0.2;

/// What the date is worth of a sentence whose writer tells of themselves, as in a diary. Who asks for days asks what
/// happened to all.
const PERSONAL: f32 = 0.5;

/// How sure it is that what a sentence of `passage` tells of happened on a date.
fn certainty(passage: &Passage, dated: &Dated) -> f32 {
    match dated.basis {
        _ if passage.furniture == Some(FurnitureKind::Post) => POSTED,
        DateBasis::Stated => 1.0,
        DateBasis::Carried => 0.7,
        DateBasis::Published => 0.5,
    }
}

/// Whether a sentence of `passage` tells of the one who wrote it: by a pronoun outside of all quotations.
fn is_personal(language: &Language, body: &str, span: Span, passage: &Passage) -> bool {
    let first_person = &language.grammar.first_person;
    tokens_in(body, span)
        .filter(|token| token.kind == TokenKind::Word)
        .any(|token| {
            let word = fold(token.span.of(body));
            let quoted = |quotation: &Quotation| quotation.extent.contains(token.span);
            first_person.iter().any(|pronoun| *pronoun == word)
                && !passage.quotations.iter().any(quoted)
        })
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

/// What words weigh, by number, and the most that one weighs.
struct Weights {
    of: HashMap<usize, f32>,
    most: f32,
}

/// The words of sentences, by number, and how rare each is in the archive, 0 to 1.
struct Told {
    words: Vec<Vec<usize>>,
    rarity: Vec<f32>,
}

impl Told {
    fn read(archive: &Archive, sentences: &[DatedSentence]) -> Result<Self, ArchiveError> {
        let language = &archive.language().words;
        let mut numbers: HashMap<Arc<str>, usize> = HashMap::new();
        let mut stems: Vec<Arc<str>> = Vec::new();
        let mut in_sentences: Vec<usize> = Vec::new();
        let mut words: Vec<Vec<usize>> = Vec::with_capacity(sentences.len());
        for sentence in sentences {
            let text = sentence.document.text(sentence.span);
            let mut own: Vec<usize> = Terms::new(text, language)
                .map(|term| {
                    *numbers.entry(term.stem).or_insert_with_key(|stem| {
                        stems.push(Arc::clone(stem));
                        in_sentences.push(0);
                        stems.len() - 1
                    })
                })
                .collect();
            own.sort_unstable();
            own.dedup();
            for &word in &own {
                if let Some(count) = in_sentences.get_mut(word) {
                    *count += 1;
                }
            }
            words.push(own);
        }
        // What one sentence alone says is central to nothing: its rarity is not asked for.
        let shared: Vec<usize> = (0..stems.len())
            .filter(|&word| in_sentences.get(word).is_some_and(|&count| count > 1))
            .collect();
        let asked: Vec<&str> = shared
            .iter()
            .filter_map(|&word| stems.get(word).map(AsRef::as_ref))
            .collect();
        let frequencies = archive.index().frequencies(&asked)?;
        let windows = archive.size()?.windows;
        let most = rarity(windows, 1).max(f32::EPSILON);
        let mut rarities = vec![0.0; stems.len()];
        for (word, frequency) in shared.into_iter().zip(frequencies) {
            if let Some(known) = rarities.get_mut(word) {
                *known = rarity(windows, frequency) / most;
            }
        }
        Ok(Self {
            words,
            rarity: rarities,
        })
    }

    /// What each word weighs among the sentences numbered `pool`.
    fn weights(&self, sentences: &[DatedSentence], pool: &[usize]) -> Weights {
        let mut weights = Weights {
            of: HashMap::new(),
            most: f32::EPSILON,
        };
        for &number in pool {
            let (Some(sentence), Some(words)) = (sentences.get(number), self.words.get(number))
            else {
                continue;
            };
            for &word in words {
                let rare = self.rarity.get(word).copied().unwrap_or_default();
                if rare > 0.0 {
                    let weight = weights.of.entry(word).or_default();
                    *weight += sentence.score * rare;
                    weights.most = weights.most.max(*weight);
                }
            }
        }
        weights
    }

    /// How much of what weighs is in the sentence numbered `number`.
    fn central(&self, number: usize, weights: &Weights) -> f32 {
        let Some(words) = self.words.get(number) else {
            return 0.0;
        };
        let sum: f32 = words.iter().filter_map(|word| weights.of.get(word)).sum();
        // Long sentences gather more than they say: the root keeps them from winning by length alone.
        #[expect(clippy::cast_precision_loss, reason = "words of a sentence")]
        let length = words.len().max(6) as f32;
        sum / weights.most / length.sqrt()
    }

    /// Weighs each sentence by how much of what it says the other sentences of its date say too, and puts the
    /// best first: what many tell is what happened. This is the centroid of extractive summarization (Radev
    /// et al. 2004), with words weighed by their rarity.
    fn centre(&self, sentences: &mut [DatedSentence]) {
        let mut pools: BTreeMap<Interval, Vec<usize>> = BTreeMap::new();
        for (number, sentence) in sentences.iter().enumerate() {
            pools
                .entry(sentence.dated.interval)
                .or_default()
                .push(number);
        }
        for pool in pools.values() {
            let weights = self.weights(sentences, pool);
            for &number in pool {
                if let Some(sentence) = sentences.get_mut(number) {
                    sentence.score *= 1.0 + CENTRAL * self.central(number, &weights);
                }
            }
        }
        sentences.sort_by(order);
    }

    /// The same over all sentences as one pool, told one after the other: the words of what was told weigh less
    /// in what is told next, so that a day of several events has them all (`SumBasic`, Nenkova & Vanderwende
    /// 2005).
    fn summarize(&self, sentences: &mut Vec<DatedSentence>) {
        let everything: Vec<usize> = (0..sentences.len()).collect();
        let mut weights = self.weights(sentences, &everything);
        let mut left = everything;
        let mut ranked: Vec<(usize, f32)> = Vec::new();
        let score = |number: usize, weights: &Weights| {
            let own = sentences.get(number).map_or(0.0, |sentence| sentence.score);
            own * (1.0 + CENTRAL * self.central(number, weights))
        };
        let better =
            |a: &(usize, f32), b: &(usize, f32)| a.1.total_cmp(&b.1).then_with(|| b.0.cmp(&a.0));
        for _ in 0..SUMMARY {
            let scored = left.iter().map(|&number| (number, score(number, &weights)));
            let Some(best) = scored.max_by(better) else {
                break;
            };
            ranked.push(best);
            left.retain(|&number| number != best.0);
            for word in self.words.get(best.0).into_iter().flatten() {
                if let Some(weight) = weights.of.get_mut(word) {
                    *weight *= TOLD;
                }
            }
        }
        let mut rest: Vec<(usize, f32)> = left
            .into_iter()
            .map(|number| (number, score(number, &weights)))
            .collect();
        rest.sort_by(|a, b| better(b, a));
        ranked.extend(rest);
        // Scores fall along the ranks, so that they can be compared.
        let mut least = f32::INFINITY;
        *sentences = ranked
            .into_iter()
            .filter_map(|(number, score)| {
                least = least.min(score);
                let mut sentence = sentences.get(number)?.clone();
                sentence.score = least;
                Some(sentence)
            })
            .collect();
    }
}
