//! A window that was found, and what was found in it of a topic, sentence by sentence.

use std::sync::Arc;

use super::{
    candidate::Candidate,
    expected::expected_words,
    features::{Features, NAMES, weighted},
    found::{Found, ratio, share},
    topic::{Topic, TopicTerm},
};
use crate::{
    index::Hit,
    language::{Expected, FurnitureKind, Language},
    passage::Document,
    text::{Span, fold, tokens},
};

/// What a match is worth in the sentence before or after, elsewhere in the window, and in the headline.
const NEIGHBOUR: f32 = 0.5;
const WINDOW: f32 = 0.3;
const HEADLINE: f32 = 0.3;

/// Fewer terms than this make a caption or a crosshead more often than an answer.
const SHORT: usize = 3;
/// More terms than this make a sentence long.
const LONG: usize = 30;
/// So many terms beside the question's own are enough to say something.
const TELLING: usize = 10;

/// What BM25 gives at most for a term, in its rarity: k1 + 1.
const SATURATED: f32 = 2.2;
/// BM25's parameters for the asker's own words in a window, and how many terms a window has.
const K1: f32 = 1.2;
const B: f32 = 0.4;
const TERMS_OF_WINDOW: f32 = 65.0;

/// How many words and marks a name in quotation marks has at most, the marks among them.
const LONGEST_NAME: usize = 7;

/// A sentence that begins with one of these leans on the one before it.
const LEANING: [&str; 9] = [
    "he", "she", "it", "they", "this", "that", "these", "those", "his",
];

/// One sentence of a window.
struct Place {
    passage: usize,
    sentence: usize,
    span: Span,
    /// A post stands by itself: what others wrote before and after it says nothing of it.
    post: bool,
    dates: Vec<Span>,
    found: Found,
}

/// A window and what was found of the topic in it.
pub struct Scene<'d> {
    /// The window.
    pub hit: Hit,
    document: &'d Arc<Document>,
    rank: f32,
    top: f32,
    headline: Found,
    places: Vec<Place>,
}

/// What is known of a window before its sentences are weighed.
struct Whole {
    /// For each term, its best match's worth anywhere in the window.
    worth: Vec<f32>,
    share: f32,
    exact: f32,
    strength: f32,
    saturation: f32,
    /// The share that the windows of the article hold.
    article: f32,
}

impl<'d> Scene<'d> {
    /// Reads the window `hit` of `document`; its score is `rank` of the best window's, and `at` others are better.
    pub fn read(
        language: &Language,
        topic: &Topic,
        hit: Hit,
        document: &'d Arc<Document>,
        rank: f32,
        at: usize,
    ) -> Self {
        let body = &document.article.body;
        let (first, last) = hit.paragraphs;
        let mut places = Vec::new();
        for (index, passage) in document.passages.iter().enumerate() {
            if passage.number < first || passage.number > last || !passage.is_evidence() {
                continue;
            }
            for (number, sentence) in passage.sentences.iter().enumerate() {
                let dates = passage.timexes.iter().map(|timex| timex.span);
                places.push(Place {
                    passage: index,
                    sentence: number,
                    span: sentence.span,
                    post: passage.furniture == Some(FurnitureKind::Post),
                    dates: dates.filter(|date| sentence.span.contains(*date)).collect(),
                    found: Found::read(&language.words, topic, body, sentence.span),
                });
            }
        }
        let headline = document.article.headline.as_deref().unwrap_or_default();
        let headline = Found::read(&language.words, topic, headline, Span::whole(headline));
        #[expect(clippy::cast_precision_loss, reason = "a rank among some dozens")]
        let top = 1.0 / (1.0 + at as f32);
        Self {
            hit,
            document,
            rank,
            top,
            headline,
            places,
        }
    }

    /// The worth of each term's best match anywhere in the window.
    pub fn worth(&self, topic: &Topic) -> Vec<f32> {
        (0..topic.terms.len())
            .map(|term| {
                self.places
                    .iter()
                    .map(|place| worth(&place.found, term))
                    .fold(worth(&self.headline, term), f32::max)
            })
            .collect()
    }

    /// Weighs every sentence; `article` is the share of the topic that the windows of the article hold.
    pub fn weigh(
        &self,
        language: &Language,
        topic: &Topic,
        article: f32,
        weights: &[f32; NAMES.len()],
        answering: &[f32; NAMES.len()],
        into: &mut Vec<Candidate>,
    ) {
        let whole = self.whole(topic, article);
        for (at, place) in self.places.iter().enumerate() {
            let around = self.around(topic, at);
            let context = share(topic, around.iter().copied());
            if context <= 0.0 {
                continue;
            }
            let features = Features {
                context,
                names: self::names(topic, &around),
                ..self.features(language, topic, &whole, at, place)
            };
            into.push(Candidate {
                number: self.hit.article,
                document: Arc::clone(self.document),
                passage: place.passage,
                sentence: place.sentence,
                score: weighted(&features, weights),
                answering: weighted(&features, answering),
                coverage: features.coverage,
                context,
                features,
                matched: place.found.matched.clone(),
            });
        }
    }

    fn whole(&self, topic: &Topic, article: f32) -> Whole {
        let worth = self.worth(topic);
        let most = topic.rarity().max(f32::EPSILON);
        let exact = worth
            .iter()
            .map(|&worth| if worth >= 1.0 { 1.0 } else { 0.0 });
        Whole {
            share: share(topic, worth.iter().copied()),
            exact: share(topic, exact),
            strength: (self.hit.score / (SATURATED * most)).min(1.5),
            saturation: self.saturation(topic),
            article,
            worth,
        }
    }

    /// BM25 of the asker's own words in the window, against a perfect match.
    #[expect(clippy::cast_precision_loss, reason = "counts of words")]
    fn saturation(&self, topic: &Topic) -> f32 {
        let mut counts = vec![0.0_f32; topic.terms.len()];
        let mut words = 0;
        for place in &self.places {
            words += place.found.words;
            for term in place.found.occurrences() {
                if let Some(count) = counts.get_mut(term) {
                    *count += 1.0;
                }
            }
        }
        let norm = K1 * (1.0 - B + B * words as f32 / TERMS_OF_WINDOW);
        share(
            topic,
            counts.into_iter().map(|count| count / (count + norm)),
        )
    }

    #[expect(clippy::cast_precision_loss, reason = "counts of words and paragraphs")]
    fn features(
        &self,
        language: &Language,
        topic: &Topic,
        whole: &Whole,
        at: usize,
        place: &Place,
    ) -> Features {
        let found = &place.found;
        let beside = |index: Option<usize>| {
            let other = index
                .and_then(|index| self.places.get(index))
                .filter(|_| !place.post);
            other.map_or(0.0, |other| other.found.share(topic))
        };
        let body = &self.document.article.body;
        let text = place.span.of(body);
        let before = beside(at.checked_sub(1));
        let leaning = flag(leans(text));
        let paragraph = self
            .document
            .passages
            .get(place.passage)
            .map_or(1, |passage| passage.number);
        let class = topic.class_index();
        let mut features = Features {
            coverage: found.share(topic),
            before,
            after: beside(at.checked_add(1)),
            headline: self.headline.share(topic),
            article: whole.article,
            window: whole.share,
            exact: found.exact(topic),
            window_exact: whole.exact,
            rank: self.rank,
            strength: whole.strength,
            saturation: whole.saturation,
            top: self.top,
            pairs: found.pairs(topic),
            close_pairs: found.close_pairs(topic),
            proximity: found.proximity(),
            order: found.order(),
            own_names: kind(topic, found, |term| term.name),
            own_numbers: kind(topic, found, |term| term.number),
            rarest: rarest(topic, found),
            first: worth(found, 0),
            last: worth(found, topic.terms.len().saturating_sub(1)),
            class: class.map_or(0.0, |class| worth(found, class)),
            fresh: (found.fresh() as f32 / TELLING as f32).min(1.0),
            short: flag(found.words < SHORT && !place.post),
            long: (found.words.saturating_sub(LONG) as f32 / LONG as f32).min(2.0),
            early: 1.0 / paragraph as f32,
            leaning,
            leaning_before: leaning * before,
            asking: flag(text.trim_end().ends_with('?')),
            missed: missed(topic, &whole.worth, |_| true),
            missed_name: missed(topic, &whole.worth, |term| term.name),
            missed_number: missed(topic, &whole.worth, |term| term.number),
            ..Features::default()
        };
        if let Some(expected) = topic.expected {
            self.expect(language, topic, expected, place, &mut features);
        }
        features
    }

    /// Notes whether the sentence has what is asked for, and how near the question's words stand to it.
    fn expect(
        &self,
        language: &Language,
        topic: &Topic,
        expected: Expected,
        place: &Place,
        features: &mut Features,
    ) {
        let (body, found) = (&self.document.article.body, &place.found);
        let words = expected_words(
            language,
            expected,
            body,
            place.span,
            &found.matched,
            &place.dates,
        );
        let mut has = false;
        let class = topic.class_index().unwrap_or(usize::MAX);
        for word in words {
            has = true;
            features.nearness = features.nearness.max(found.nearness(topic, word));
            if expected == Expected::Number && found.counts(class, word) {
                features.counted = 1.0;
            }
        }
        (features.expected, features.unexpected) = (flag(has), flag(!has));
        if topic.naming {
            features.naming = flag(names_something(language, place.span.of(body)));
        }
        let signed = flag(has) - flag(!has);
        *match expected {
            Expected::Date => &mut features.date,
            Expected::Number => &mut features.number,
            Expected::Money => &mut features.money,
            Expected::Person => &mut features.person,
            Expected::Name => &mut features.name,
            Expected::Place => &mut features.place,
            Expected::Reason => &mut features.reason,
            Expected::Definition => &mut features.definition,
        } = signed;
    }

    /// For each term, the worth of its best match in the sentence at `at` and, for less, around it.
    fn around(&self, topic: &Topic, at: usize) -> Vec<f32> {
        let alone = self.places.get(at).is_none_or(|place| place.post);
        (0..topic.terms.len())
            .map(|term| {
                let own = self
                    .places
                    .get(at)
                    .map_or(0.0, |place| worth(&place.found, term));
                let others = self
                    .places
                    .iter()
                    .enumerate()
                    .filter(|(other, _)| *other != at && !alone);
                let others = others.map(|(other, place)| {
                    let weight = if other.abs_diff(at) == 1 {
                        NEIGHBOUR
                    } else {
                        WINDOW
                    };
                    weight * worth(&place.found, term)
                });
                others.fold(own.max(HEADLINE * worth(&self.headline, term)), f32::max)
            })
            .collect()
    }
}

/// Whether a sentence says what something is called: by a word for it, or by a short name in quotation marks.
fn names_something(language: &Language, sentence: &str) -> bool {
    let words: Vec<&str> = tokens(sentence)
        .map(|token| token.span.of(sentence))
        .collect();
    let cues = &language.questions.cues.naming;
    let told = |word: &&str| cues.iter().any(|cue| *cue == fold(word));
    let quoted = |words: &[&str]| match words {
        ["“" | "\"" | "‘", first, rest @ ..] => {
            first.starts_with(char::is_uppercase)
                && rest.iter().any(|word| matches!(*word, "”" | "\"" | "’"))
        }
        _ => false,
    };
    words.iter().any(told)
        || (0..words.len()).any(|at| {
            let end = words.len().min(at + LONGEST_NAME);
            words.get(at..end).is_some_and(quoted)
        })
}

fn worth(found: &Found, term: usize) -> f32 {
    found.worth.get(term).copied().unwrap_or_default()
}

fn flag(holds: bool) -> f32 {
    f32::from(u8::from(holds))
}

/// The share of the topic's names that were found here or around; 1 where it has none.
fn names(topic: &Topic, around: &[f32]) -> f32 {
    let names = topic.terms.iter().zip(around).filter(|(term, _)| term.name);
    let (found, all) = names.fold((0, 0), |(found, all), (_, worth)| {
        (found + usize::from(*worth > 0.0), all + 1)
    });
    if all == 0 { 1.0 } else { ratio(found, all) }
}

/// The share of the topic's terms of a kind that were found; 1 where it has none.
fn kind(topic: &Topic, found: &Found, kind: impl Fn(&TopicTerm) -> bool) -> f32 {
    let terms = topic
        .terms
        .iter()
        .zip(&found.worth)
        .filter(|(term, _)| kind(term));
    let (found, all) = terms.fold((0.0, 0.0), |(found, all), (term, worth)| {
        (found + term.rarity * worth, all + term.rarity)
    });
    if all <= 0.0 { 1.0 } else { found / all }
}

/// The greatest rarity among the terms of a kind that the window lacks, against the rarest term's.
fn missed(topic: &Topic, window: &[f32], kind: impl Fn(&TopicTerm) -> bool) -> f32 {
    let most = topic
        .terms
        .iter()
        .map(|term| term.rarity)
        .fold(f32::EPSILON, f32::max);
    let terms = topic.terms.iter().zip(window);
    let lacking = terms.filter(|(term, worth)| **worth <= 0.0 && kind(term));
    lacking
        .map(|(term, _)| term.rarity / most)
        .fold(0.0, f32::max)
}

/// The worth of the match of the topic's rarest term.
fn rarest(topic: &Topic, found: &Found) -> f32 {
    let rarest = topic
        .terms
        .iter()
        .enumerate()
        .max_by(|a, b| a.1.rarity.total_cmp(&b.1.rarity));
    rarest.map_or(0.0, |(index, _)| worth(found, index))
}

/// Whether a sentence begins with a word that stands for something in the one before.
fn leans(sentence: &str) -> bool {
    let first = sentence
        .split(|letter: char| !letter.is_alphabetic())
        .find(|word| !word.is_empty())
        .unwrap_or_default();
    LEANING.contains(&first.to_lowercase().as_str())
}
