//! What is asked about: the terms of a question, what each weighs, and what else says the same.

use crate::{
    archive::{Archive, ArchiveError},
    index::{Concept, Phrase, Query, Terms},
    language::{Expected, Language},
    text::{Span, Token, bare, fold, stem, stem_folded, tokens},
};

/// What a synonym chosen by hand weighs beside the asker's own word.
const SYNONYM_WEIGHT: f32 = 0.6;

/// How many words may stand for one of the asker's. More cost time and bring little.
const ALTERNATIVES: usize = 12;

/// What a word is worth that only shares its stem with a name.
const NAMESAKE: f32 = 0.25;

/// What a word is worth that is spelt like a name, but with a small letter: "church" may be the Church.
const UNCAPITALIZED: f32 = 0.5;

/// What a match by a word with one letter changed is worth, and how long a word must be to be changed.
const CORRECTED: f32 = 0.9;
const SHORTEST_CORRECTED: usize = 5;

/// What the class of the thing asked for weighs beside the other words of the question.
const CLASS_WEIGHT: f32 = 0.4;

/// What words of a name that stand together weigh beside the words themselves.
const PHRASE_WEIGHT: f32 = 0.5;

/// One thing asked about.
#[derive(Clone, Debug, PartialEq)]
pub struct TopicTerm {
    /// Where it stands in the question.
    pub span: Span,
    /// Its stem.
    pub stem: String,
    /// Stems that say the same, with what a match by each is worth; the asker's own is not among them.
    pub alternatives: Vec<(String, f32)>,
    /// The same for the index, where a rare word weighs much: there no alternative, however rare, may weigh
    /// more than the asker's own word.
    pub sought: Vec<(String, f32)>,
    /// The word of the archive that it was taken for, where the archive has no such word.
    pub corrected: Option<String>,
    /// In how many windows of the archive it, or what says the same, occurs.
    pub frequency: u64,
    /// How telling it is: its inverse document frequency, as BM25 has it.
    pub rarity: f32,
    /// What it weighs beside the other terms.
    pub weight: f32,
    /// Whether it is a word of a name, as far as capitals tell.
    pub name: bool,
    /// Its folded form.
    pub folded: String,
    /// Its folded form without the ending of a possessive or a plural.
    pub bare: String,
    /// Whether it is a number.
    pub number: bool,
    /// The index of the family name behind it, where it is a first name: "Jane" in "Jane Roe".
    pub family: Option<usize>,
}

/// What a question is about.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Topic {
    /// Its terms, in order, each once.
    pub terms: Vec<TopicTerm>,
    /// Pairs of terms, by index, that stand side by side in the question.
    pub pairs: Vec<(usize, usize)>,
    /// What would answer it, where it says so.
    pub expected: Option<Expected>,
    /// Whether it is asked what something is called.
    pub naming: bool,
    /// The stem of the word that names the class of what is asked for: "boxer" in "which boxer", "goats" in "how
    /// many goats".
    pub class: Option<String>,
}

impl Topic {
    /// Reads `text` as a topic of `archive`.
    ///
    /// # Errors
    /// Where the index fails.
    pub fn read(archive: &Archive, text: &str) -> Result<Self, ArchiveError> {
        let language = archive.language();
        let found: Vec<_> = Terms::new(text, &language.words).collect();
        let mut topic = Self::default();
        let mut last: Option<(usize, usize)> = None;
        for term in found {
            let stem = term.stem.to_string();
            let known = topic.terms.iter().position(|known| known.stem == stem);
            let index = known.unwrap_or(topic.terms.len());
            if known.is_none() {
                let name = term.span.of(text).starts_with(char::is_uppercase);
                let number = term.span.of(text).starts_with(char::is_numeric);
                let alternatives = alternatives(language, term.span, text, &stem);
                topic.terms.push(TopicTerm {
                    span: term.span,
                    stem,
                    alternatives,
                    sought: Vec::new(),
                    corrected: None,
                    frequency: 0,
                    weight: 1.0,
                    rarity: 0.0,
                    name,
                    folded: fold(term.span.of(text)).into_owned(),
                    bare: bare(term.span.of(text)),
                    number,
                    family: None,
                });
            }
            if let Some((before, position)) = last
                && position + 1 == term.position
                && before != index
            {
                topic.pairs.push((before, index));
            }
            last = Some((index, term.position));
        }
        topic.note_class(text, language);
        topic.expect(text, language);
        topic.drop_asking_words(text, language);
        topic.note_families(language);
        topic.weigh(archive, text)?;
        Ok(topic)
    }

    /// The term that a word with this stem matches, and what the match is worth.
    ///
    /// A name must be spelt alike: the stemmer makes one of Federer and federal, and a chimp called Bubbles is no
    /// bubble.
    #[must_use]
    pub fn matches(&self, stem: &str, word: &str) -> Option<(usize, f32)> {
        self.terms.iter().enumerate().find_map(|(index, term)| {
            if term.stem == stem {
                return Some((index, term.alike(word)));
            }
            let other = term.alternatives.iter().find(|(other, _)| other == stem)?;
            Some((index, other.1))
        })
    }

    /// The term that `word` stands for, whether by itself, by its stem or as a synonym.
    #[must_use]
    pub fn term_of(&self, word: &str) -> Option<&TopicTerm> {
        let (index, _) = self.matches(&stem(word), word)?;
        self.terms.get(index)
    }

    /// The share of its rarity that no article has a word for: what the archive never names, it cannot
    /// answer.
    #[must_use]
    pub fn absent(&self) -> f32 {
        let absent = self.terms.iter().filter(|term| term.frequency == 0);
        absent.map(|term| term.rarity).sum::<f32>() / self.rarity().max(f32::EPSILON)
    }

    /// How many terms at its beginning are the words of one name.
    #[must_use]
    pub fn leading_name(&self) -> usize {
        let names = self.terms.iter().take_while(|term| term.name).count();
        let joined = (1..names).take_while(|&next| self.pairs.contains(&(next - 1, next)));
        names.min(1 + joined.count())
    }

    /// The term that names the class of what is asked for.
    #[must_use]
    pub fn class_index(&self) -> Option<usize> {
        let class = self.class.as_ref()?;
        self.terms.iter().position(|term| term.stem == *class)
    }

    /// Whether it says nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// The sum of its terms' rarities.
    #[must_use]
    pub fn rarity(&self) -> f32 {
        self.terms.iter().map(|term| term.rarity).sum()
    }

    /// The query for windows that tell of it.
    #[must_use]
    pub fn query(&self) -> Query {
        let concepts = self
            .terms
            .iter()
            .map(|term| Concept {
                stems: std::iter::once((term.stem.clone(), 1.0))
                    .chain(term.sought.iter().cloned())
                    .collect(),
                weight: term.weight,
                required: false,
            })
            .collect();
        let stem = |index: usize| {
            self.terms
                .get(index)
                .map(|term| term.stem.clone())
                .unwrap_or_default()
        };
        let phrases = self
            .pairs
            .iter()
            .map(|&(a, b)| Phrase {
                stems: vec![(0, stem(a)), (1, stem(b))],
                weight: PHRASE_WEIGHT,
                required: false,
            })
            .collect();
        Query {
            concepts,
            phrases,
            ..Query::default()
        }
    }

    /// Notes the class of what is asked for: the word right behind the one that asks for a thing or a number.
    fn note_class(&mut self, text: &str, language: &Language) {
        let asks = |token: &Token| {
            let word = fold(token.span.of(text));
            language
                .questions
                .class_words
                .iter()
                .any(|asking| *asking == word)
        };
        let Some(asking) = tokens(text).find(asks) else {
            return;
        };
        let next = self
            .terms
            .iter()
            .find(|term| term.span.start() > asking.span.start());
        let class = next.filter(|term| term.span.start() <= asking.span.end() + 1);
        self.class = class.map(|term| term.stem.clone());
    }

    /// Notes which terms are first names with their family name behind them.
    fn note_families(&mut self, language: &Language) {
        for &(first, family) in &self.pairs {
            let is_name = self.terms.get(family).is_some_and(|term| term.name);
            let Some(term) = self
                .terms
                .get_mut(first)
                .filter(|term| term.name && is_name)
            else {
                continue;
            };
            if language.names.is_first_name(&term.bare) {
                term.family = Some(family);
            }
        }
    }

    /// Notes what is asked for. The words that say so ("how many", "which country") are no topic.
    fn expect(&mut self, text: &str, language: &Language) {
        let Some((expected, range)) = language.questions.expected(text) else {
            return;
        };
        self.expected = Some(expected);
        let naming = &language.questions.cues.naming;
        self.naming = expected == Expected::Name
            && tokens(text).any(|token| naming.iter().any(|cue| *cue == fold(token.span.of(text))));
        let asks =
            |term: &TopicTerm| range.start <= term.span.start() && term.span.end() <= range.end;
        match expected {
            // The class of thing asked for ("which minister") may stand beside the answer, but need not.
            Expected::Person | Expected::Name | Expected::Place => {
                // A name in it says more than a class: "which African country", "what did Jane Roe call it".
                for term in self
                    .terms
                    .iter_mut()
                    .filter(|term| asks(term) && !term.name)
                {
                    term.weight = CLASS_WEIGHT;
                }
            }
            Expected::Definition => {}
            _ if self.terms.iter().all(asks) => {}
            _ => self.retain(|term| !asks(term)),
        }
    }

    /// Words that only ask are no topic, unless nothing else is left of it.
    fn drop_asking_words(&mut self, text: &str, language: &Language) {
        let asking = |term: &TopicTerm| {
            let word = fold(term.span.of(text));
            // "What's", "who's", "where's": the question word with its verb.
            let verb = word.strip_suffix("'s");
            verb.is_some_and(|question| language.words.is_stop_word(question))
                || language
                    .questions
                    .asking_words
                    .iter()
                    .any(|asking| *asking == word)
        };
        if self.terms.iter().all(asking) {
            return;
        }
        self.retain(|term| !asking(term));
    }

    /// Keeps the terms that `keep` says, and the pairs of those that are kept.
    fn retain(&mut self, keep: impl Fn(&TopicTerm) -> bool) {
        let kept: Vec<bool> = self.terms.iter().map(keep).collect();
        let is_kept = |index: usize| kept.get(index).copied().unwrap_or(false);
        let moved = |index: usize| kept.iter().take(index).filter(|&&kept| kept).count();
        self.pairs = self
            .pairs
            .iter()
            .filter(|&&(a, b)| is_kept(a) && is_kept(b))
            .map(|&(a, b)| (moved(a), moved(b)))
            .collect();
        let mut kept = kept.iter();
        self.terms.retain(|_| kept.next().copied().unwrap_or(false));
    }

    fn weigh(&mut self, archive: &Archive, text: &str) -> Result<(), ArchiveError> {
        let windows = archive.size()?.windows;
        // All in one: a cluster takes about as long for some words as for one.
        let stems = self.terms.iter().flat_map(TopicTerm::stems);
        let frequencies = archive.index().frequencies(&stems.collect::<Vec<_>>())?;
        let mut left = frequencies.as_slice();
        for term in &mut self.terms {
            let (frequencies, others) = left.split_at(left.len().min(term.stems().count()));
            left = others;
            let own = frequencies.first().copied().unwrap_or_default();
            if frequencies.iter().all(|&frequency| frequency == 0) {
                term.correct(archive, text)?;
                continue;
            }
            term.frequency = if own > 0 {
                own
            } else {
                frequencies.iter().copied().max().unwrap_or_default()
            };
            let own_rarity = rarity(windows, term.frequency);
            term.rarity = term.weight * own_rarity;
            term.sought = frequencies
                .iter()
                .skip(1)
                .zip(&term.alternatives)
                .filter(|&(&frequency, _)| frequency > 0)
                .map(|(&frequency, (stem, weight))| {
                    let damped = own_rarity / rarity(windows, frequency).max(f32::EPSILON);
                    (stem.clone(), weight * damped.min(1.0))
                })
                .collect();
        }
        Ok(())
    }
}

impl TopicTerm {
    /// What a word with its stem is worth.
    fn alike(&self, word: &str) -> f32 {
        if !self.name {
            return 1.0;
        }
        if bare(word) != self.bare {
            return NAMESAKE;
        }
        // The first word of a question has a capital whether it is a name or not.
        if self.span.start() == 0 || !word.starts_with(char::is_lowercase) {
            return 1.0;
        }
        if fold(word) == self.folded {
            UNCAPITALIZED
        } else {
            NAMESAKE
        }
    }

    /// Its stem, and those that say the same.
    fn stems(&self) -> impl Iterator<Item = &str> {
        let others = self.alternatives.iter().map(|(stem, _)| stem.as_str());
        std::iter::once(self.stem.as_str()).chain(others)
    }

    /// Takes a word that the archive does not have for the one that it has and that differs in one letter.
    fn correct(&mut self, archive: &Archive, text: &str) -> Result<(), ArchiveError> {
        let size = archive.size()?;
        self.rarity = self.weight * rarity(size.windows, 0);
        let word = fold(self.span.of(text)).into_owned();
        if word.chars().count() < SHORTEST_CORRECTED || self.number {
            return Ok(());
        }
        let near = archive.index().near(&word, 1)?;
        let Some(near) = near
            .into_iter()
            .find(|near| strsim::osa_distance(&near.text, &word) == 1)
        else {
            return Ok(());
        };
        let stem = stem_folded(&near.text);
        self.frequency = archive
            .index()
            .frequencies(&[&stem])?
            .first()
            .copied()
            .unwrap_or_default();
        self.rarity = self.weight * rarity(size.windows, self.frequency);
        self.sought = vec![(stem.clone(), CORRECTED)];
        self.alternatives.push((stem, CORRECTED));
        self.corrected = Some(near.text);
        Ok(())
    }
}

/// BM25's inverse document frequency.
#[expect(
    clippy::cast_precision_loss,
    reason = "a weight needs no more than a float's precision"
)]
#[must_use]
pub fn rarity(windows: u64, frequency: u64) -> f32 {
    let (windows, frequency) = (windows as f32, frequency.min(windows) as f32);
    (1.0 + (windows - frequency + 0.5) / (frequency + 0.5)).ln()
}

/// The stems that may stand for the word at `span` of `text`, best first.
fn alternatives(language: &Language, span: Span, text: &str, own: &str) -> Vec<(String, f32)> {
    let word = span.of(text);
    // The first word of a question has a capital whether it is a name or not.
    let name = span.start() > 0 && word.starts_with(char::is_uppercase);
    let by_hand = language
        .questions
        .related(own, name)
        .map(|other| (other.to_owned(), SYNONYM_WEIGHT));
    let by_table = language.related.of(word, name);
    let by_table = by_table
        .into_iter()
        .map(|(other, weight)| (stem_folded(&other), weight));
    let mut found: Vec<(String, f32)> = Vec::new();
    for (other, weight) in by_hand.chain(by_table) {
        if other == own {
            continue;
        }
        match found.iter_mut().find(|(known, _)| *known == other) {
            Some((_, known)) => *known = known.max(weight),
            None => found.push((other, weight)),
        }
    }
    found.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    found.truncate(ALTERNATIVES);
    found
}
