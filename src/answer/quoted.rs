//! Quotations that may answer: how well each fits a topic.
//!
//! A topic's word counts most in the quoted words, then in the speaker's name, in what the article says of the
//! speaker, and in what surrounds the quotation: what it is about often stands in the sentence before. What each
//! place is worth stands in `[quote]` of `data/<language>/ranking.toml`.

use std::{collections::BTreeMap, sync::Arc};

use super::{
    candidate::best_score,
    found::Found,
    gather::speaker,
    topic::{Topic, TopicTerm},
};
use crate::{
    archive::{Archive, ArchiveError},
    index::Query,
    language::{Language, Words},
    passage::{Document, Passage},
    quotation::{Quotation, QuotationKind},
    text::{Span, stem, tokens},
};

/// How many windows are looked at.
const WINDOWS: usize = 80;

/// Where no quotation of theirs fits as well as this, so many articles that tell of the topic in so many windows are
/// looked through whole: what is said there may name it by no word.
const WEAK: f32 = 0.9;
const TELLING_WINDOWS: usize = 24;
const TELLING_ARTICLES: usize = 6;

/// Fewer words than this are a word in quotation marks, and no quotation; few are seldom worth asking for.
const FEWEST_WORDS: usize = 2;
const FEW_WORDS: usize = 5;

/// How much of the topic a quotation must hold.
const ENOUGH: f32 = 0.4;

/// What a match must be worth to be of a name: one that only shares its stem is not.
const NAMED: f32 = 0.5;

/// The places in which a topic's words may be found, of which the best counts for each word.
const PLACES: [&str; 11] = [
    "words",
    "speaker",
    "description",
    "sentence",
    "before",
    "second_before",
    "after",
    "unnamed",
    "window",
    "headline",
    "lead",
];

/// What is added to that.
const ADDED: [&str; 6] = [
    "own",
    "rank",
    "asked_first",
    "unattributed",
    "short",
    "mixed",
];

/// A quotation that may answer.
#[derive(Debug)]
pub(super) struct Quoted {
    pub number: u64,
    pub document: Arc<Document>,
    pub passage: usize,
    pub quotation: usize,
    pub score: f32,
}

impl Quoted {
    pub fn passage(&self) -> Option<&Passage> {
        self.document.passages.get(self.passage)
    }

    pub fn quotation(&self) -> Option<&Quotation> {
        self.passage()?.quotations.get(self.quotation)
    }
}

/// The quotations of the kinds wanted that fit `topic`, best first.
pub(super) fn quoted(
    archive: &Archive,
    topic: &Topic,
    wanted: fn(QuotationKind) -> bool,
) -> Result<Vec<Quoted>, ArchiveError> {
    let query = Query {
        quoting: wanted(QuotationKind::Direct),
        speakers: topic.terms.iter().map(|term| term.stem.clone()).collect(),
        ..topic.query()
    };
    let language = archive.language();
    let first_names = first_names(language, topic);
    let mut found = Vec::new();
    let hits = archive.search(&query, WINDOWS)?;
    let best = best_score(&hits);
    for (hit, document) in hits {
        let rank = hit.score / best;
        let window = Window::read(language, topic, &first_names, &document, hit.paragraphs);
        window.weigh_all(hit.article, &document, rank, wanted, &mut found);
    }
    let most = found.iter().map(|quoted| quoted.score).fold(0.0, f32::max);
    if wanted(QuotationKind::Direct) && most < WEAK {
        let hits = archive.search(&topic.query(), TELLING_WINDOWS)?;
        let best = best_score(&hits);
        let mut known: Vec<u64> = Vec::new();
        for (hit, document) in hits {
            if known.len() == TELLING_ARTICLES {
                break;
            }
            if known.contains(&hit.article) {
                continue;
            }
            known.push(hit.article);
            let last = document.passages.last().map_or(1, |passage| passage.number);
            // That a word stands somewhere in an article says nothing of what is said in it.
            let article = Window {
                whole: Found::nothing(topic),
                ..Window::read(language, topic, &first_names, &document, (1, last))
            };
            article.weigh_all(hit.article, &document, hit.score / best, wanted, &mut found);
        }
    }
    found.sort_by(|a, b| {
        b.score.total_cmp(&a.score).then_with(|| {
            (a.number, a.passage, a.quotation).cmp(&(b.number, b.passage, b.quotation))
        })
    });
    Ok(found)
}

/// The most that a quotation can score: all of the topic in the place that counts most, and all that is added.
pub(super) fn most(language: &Language) -> f32 {
    let places = PLACES
        .iter()
        .map(|place| language.ranking.quote.get(*place));
    let best = places.flatten().copied().fold(0.0, f32::max);
    let added = ADDED.iter().map(|added| language.ranking.quote.get(*added));
    best + added.flatten().filter(|weight| **weight > 0.0).sum::<f32>()
}

/// A window that was found, and what was found of the topic in and around it.
struct Window<'a> {
    words: &'a Words,
    weights: &'a BTreeMap<String, f32>,
    topic: &'a Topic,
    first_names: &'a [bool],
    document: &'a Document,
    paragraphs: (u32, u32),
    /// What was found in each passage of the window and of its neighbours.
    around: BTreeMap<usize, Found>,
    whole: Found,
    headline: Found,
    lead: Found,
}

impl<'a> Window<'a> {
    fn read(
        language: &'a Language,
        topic: &'a Topic,
        first_names: &'a [bool],
        document: &'a Document,
        paragraphs: (u32, u32),
    ) -> Self {
        let words = &language.words;
        let body = &document.article.body;
        let passages = || document.passages.iter().enumerate();
        let near = |passage: &Passage| {
            passage.number + 2 >= paragraphs.0 && passage.number <= paragraphs.1 + 1
        };
        let around: BTreeMap<usize, Found> = passages()
            .filter(|(_, passage)| near(passage))
            .map(|(index, passage)| (index, Found::read(words, topic, body, passage.span)))
            .collect();
        let mut whole = Found::nothing(topic);
        for (index, passage) in passages() {
            if is_within(passage, paragraphs)
                && let Some(found) = around.get(&index)
            {
                whole.join(found);
            }
        }
        let headline = document.article.headline.as_deref().unwrap_or_default();
        let lead = passages().find(|(_, passage)| passage.furniture.is_none());
        Self {
            words,
            weights: &language.ranking.quote,
            topic,
            first_names,
            document,
            paragraphs,
            around,
            whole,
            headline: Found::read(words, topic, headline, Span::whole(headline)),
            lead: lead.map_or_else(
                || Found::nothing(topic),
                |(_, lead)| Found::read(words, topic, body, lead.span),
            ),
        }
    }

    /// Weighs the quotations of the kinds wanted that begin in the window.
    fn weigh_all(
        &self,
        number: u64,
        document: &Arc<Document>,
        rank: f32,
        wanted: fn(QuotationKind) -> bool,
        into: &mut Vec<Quoted>,
    ) {
        for (index, passage) in self.passages() {
            for (at, quotation) in passage.quotations.iter().enumerate() {
                if !wanted(quotation.kind) {
                    continue;
                }
                if let Some(score) = self.weigh(index, quotation, rank) {
                    into.push(Quoted {
                        number,
                        document: Arc::clone(document),
                        passage: index,
                        quotation: at,
                        score,
                    });
                }
            }
        }
    }

    /// The passages of the window.
    fn passages(&self) -> impl Iterator<Item = (usize, &'a Passage)> {
        let passages = self.document.passages.iter().enumerate();
        passages.filter(|(_, passage)| is_within(passage, self.paragraphs))
    }

    fn weight(&self, name: &str) -> f32 {
        self.weights.get(name).copied().unwrap_or_default()
    }

    /// How well a quotation that begins in the passage `index` fits.
    fn weigh(&self, index: usize, quotation: &Quotation, rank: f32) -> Option<f32> {
        let (topic, body) = (self.topic, &self.document.article.body);
        let read = |span: Span| Found::read(self.words, topic, body, span);
        let own = read(quotation.extent);
        let name = speaker(self.document, quotation)
            .map(|speaker| speaker.name)
            .unwrap_or_default();
        let by = Found::read(self.words, topic, &name, Span::whole(&name));
        // Who asks for a person's words on something names the person first.
        let asked_first = by.worth.first().is_some_and(|worth| *worth >= 1.0);
        let described = self.description(quotation).map(read);
        let mut parts = vec![(self.weight("words"), &own), (self.weight("speaker"), &by)];
        if quotation.posted.is_none() {
            parts.extend(
                described
                    .iter()
                    .map(|found| (self.weight("description"), found)),
            );
            let whole = if self.is_unnamed(quotation) {
                "unnamed"
            } else {
                "window"
            };
            parts.push((self.weight(whole), &self.whole));
            parts.push((self.weight("headline"), &self.headline));
            parts.push((self.weight("lead"), &self.lead));
            let near = [
                ("sentence", Some(index)),
                ("before", index.checked_sub(1)),
                ("second_before", index.checked_sub(2)),
                ("after", index.checked_add(1)),
            ];
            for (place, at) in near {
                if let Some(found) = at.and_then(|at| self.around.get(&at)) {
                    parts.push((self.weight(place), found));
                }
            }
        }
        let first_names = self.first_names;
        if !is_about_name(topic, first_names, &name, body, &own, &parts)
            || !is_about_thing(topic, &parts)
        {
            return None;
        }
        let mut score = Found::best(topic, &parts);
        if score < ENOUGH {
            return None;
        }
        let length = quotation
            .content
            .iter()
            .map(|part| part.of(body).split_whitespace().count())
            .sum::<usize>();
        if length < FEWEST_WORDS && quotation.posted.is_none() {
            return None;
        }
        score += self.weight("own") * own.share(topic) + self.weight("rank") * rank;
        if asked_first && topic.terms.len() > 1 {
            score += self.weight("asked_first");
        }
        if quotation.speaker.is_none() {
            score += self.weight("unattributed");
        }
        if length < FEW_WORDS && quotation.posted.is_none() {
            score += self.weight("short");
        }
        if quotation.kind == QuotationKind::Mixed {
            score += self.weight("mixed");
        }
        Some(score)
    }

    /// The sentence in which the speaker of a quotation has the fullest name: it often says who that is.
    fn description(&self, quotation: &Quotation) -> Option<Span> {
        let name = quotation.speaker.as_ref()?.name?;
        let mut sentences = self
            .document
            .passages
            .iter()
            .filter(|passage| passage.span.contains(name))
            .flat_map(|passage| &passage.sentences);
        let sentence = sentences.find(|sentence| sentence.span.contains(name))?;
        Some(sentence.span)
    }

    /// Whether the speaker has no name: who "the Swiss star" is stands somewhere before.
    fn is_unnamed(&self, quotation: &Quotation) -> bool {
        quotation.speaker.as_ref().is_some_and(|speaker| {
            let mention = self.document.text(speaker.mention);
            speaker.name.is_none() && mention.starts_with(char::is_lowercase)
        })
    }
}

fn is_within(passage: &Passage, (first, last): (u32, u32)) -> bool {
    (first..=last).contains(&passage.number)
}

/// Whether something near a quotation has to do with the topic beside its names, if it has more than names: what a
/// person said of something else is no answer.
fn is_about_thing(topic: &Topic, near: &[(f32, &Found)]) -> bool {
    let mut things = topic
        .terms
        .iter()
        .enumerate()
        .filter(|(_, term)| !term.name)
        .peekable();
    let stands = |index: usize| {
        let worth = near.iter().filter_map(|(_, found)| found.worth.get(index));
        worth.into_iter().any(|worth| *worth > 0.0)
    };
    things.peek().is_none() || things.any(|(index, _)| stands(index))
}

/// For each term of the name that a topic begins with, whether it is a first name.
fn first_names(language: &Language, topic: &Topic) -> Vec<bool> {
    let leading = topic.terms.iter().take(topic.leading_name());
    let known = |term: &TopicTerm| language.names.is_first_name(&term.bare);
    leading.map(known).collect()
}

/// Whether a quotation has to do with the name that a topic begins with, if it begins with one: "Jane Roe dam"
/// asks for the words of Jane Roe, or of others on her, and not for those of John Roe or Jane Lee. `first_names`
/// tells which words of that name are first names.
fn is_about_name(
    topic: &Topic,
    first_names: &[bool],
    speaker: &str,
    text: &str,
    own: &Found,
    near: &[(f32, &Found)],
) -> bool {
    let holds =
        |found: &Found, term: usize| found.worth.get(term).is_some_and(|worth| *worth >= NAMED);
    match first_names.len() {
        0 => true,
        // A single word may stand anywhere near, but somewhere it must.
        1 => near.iter().any(|(_, found)| holds(found, 0)),
        // Several may be one person's, or several in a row: "Jane Roe", "Roe Egypt".
        names => {
            let pair = |first: usize| {
                near.iter()
                    .any(|(_, found)| found.has_pair((first, first + 1)))
            };
            let alone = |span: Span| !goes_on(topic, text, span);
            match family(topic, first_names, speaker) {
                Family::Own => true,
                Family::Namesake => (0..names - 1).any(|first| own.has_pair((first, first + 1))),
                Family::Other => {
                    holds(own, 1) && own.matches_of(1).any(alone) || (0..names - 1).any(pair)
                }
            }
        }
    }
}

/// Whose family name a speaker has.
enum Family {
    /// That of the name a topic begins with.
    Own,
    /// The same with another first name.
    Namesake,
    /// Another, or none.
    Other,
}

fn family(topic: &Topic, first_names: &[bool], speaker: &str) -> Family {
    let term = |word: &str| match topic.matches(&stem(word), word) {
        Some((term, worth)) if worth >= 1.0 => Some(term),
        _ => None,
    };
    let words: Vec<Option<usize>> = speaker.split_whitespace().map(term).collect();
    let last = words.last().copied().flatten();
    let Some(family) = last.filter(|&family| family < first_names.len()) else {
        return Family::Other;
    };
    let beside = [family.checked_sub(1), Some(family + 1)];
    let mut given = beside
        .into_iter()
        .flatten()
        .filter(|&term| first_names.get(term) == Some(&true));
    if words.len() == 1 || given.all(|term| words.contains(&Some(term))) {
        Family::Own
    } else {
        Family::Namesake
    }
}

/// Whether the word at `span` goes on into a name that the topic does not have: "Charles" in "Charles Lee".
fn goes_on(topic: &Topic, text: &str, span: Span) -> bool {
    let behind = text.get(span.end()..).unwrap_or_default();
    behind.starts_with(' ')
        && tokens(behind).next().is_some_and(|next| {
            let word = next.span.of(behind);
            word.starts_with(char::is_uppercase) && topic.term_of(word).is_none()
        })
}
