//! Who an article speaks of: names, the people and organisations they stand for, and pronouns.
//!
//! A name is a run of capitalised words, without titles. A last name stands for the fullest name that
//! ends in it; a pronoun for the newest named speaker of fitting gender, and failing one for the
//! newest name of fitting gender.

use std::collections::{HashMap, HashSet};

use super::lexicon::Classes as C;
use super::reading::{Kind, Reading, Sentence, Token};
use crate::text::{Span, fold};

/// A person or organisation of an article.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Person {
    /// The fullest form of the name in the article, without titles.
    pub name: Span,
    /// Every place that names it, in order; pronouns are not counted.
    pub mentions: Vec<Span>,
    /// Whether the name is one of an organisation, as far as its words tell.
    pub organisation: bool,
}

#[derive(Debug)]
struct Entity {
    name: Span,
    words: Vec<String>,
    gender: C,
    organisation: bool,
    /// A first name or a title tells a person.
    person: bool,
    mentions: Vec<Span>,
    /// The first token of each mention.
    places: Vec<usize>,
}

/// The people of one article.
#[derive(Debug, Default)]
pub(super) struct People {
    entities: Vec<Entity>,
    by_last: HashMap<String, Vec<usize>>,
    /// The entity named by each token, where there is one.
    by_token: HashMap<usize, usize>,
    /// Mentions in order: token and entity.
    order: Vec<(usize, usize)>,
}

/// How far back a pronoun may look, in tokens.
const MEMORY: usize = 700;

impl People {
    pub(super) fn new(text: &str, reading: &Reading) -> Self {
        let mut people = Self::default();
        let prose = |sentence: &&Sentence| !is_headline(reading, **sentence);
        let inner: HashSet<&str> = reading
            .sentences
            .iter()
            .filter(prose)
            .filter_map(|sentence| reading.tokens.get(sentence.start..sentence.end))
            .flatten()
            .filter(|token| token.is(C::CAPITAL) && !token.is(C::INITIAL))
            .map(|token| bare(text, token.span).of(text))
            .collect();
        for sentence in &reading.sentences {
            let headline = is_headline(reading, *sentence);
            let mut at = sentence.start;
            while at < sentence.end {
                let end = run_end(text, &reading.tokens, at, &inner, headline).min(sentence.end);
                if end > at {
                    people.add(text, &reading.tokens, at, end);
                    at = end;
                } else {
                    at += 1;
                }
            }
        }
        people
    }

    fn add(&mut self, text: &str, tokens: &[Token], start: usize, end: usize) {
        let Some(run) = tokens.get(start..end) else {
            return;
        };
        let (core, titled, mut gender) = without_titles(run);
        let (Some(first), Some(last)) = (core.first(), core.last()) else {
            return;
        };
        if core.len() == 1 && first.is(C::TITLE) && !first.is(C::FIRST_NAME) {
            return;
        }
        let name = bare(text, first.span.join(last.span));
        let words: Vec<String> = core
            .iter()
            .map(|token| fold(bare(text, token.span).of(text)).into_owned())
            .collect();
        let last_text = bare(text, last.span).of(text);
        let acronym = core.len() == 1
            && last_text.chars().count() > 1
            && !last_text.chars().any(char::is_lowercase);
        let person = first.is(C::FIRST_NAME) && core.len() > 1 || titled;
        let organisation = !person
            && (last.is(C::ORGANISATION)
                || acronym
                || core.iter().any(|token| token.span.of(text).contains('&')));
        if gender == C::NONE && first.is(C::FIRST_NAME) {
            gender = first.classes.only(C::MALE.or(C::FEMALE));
        }
        if gender == C::NONE && !organisation {
            gender = role_gender(tokens, start, end);
        }
        let organisation = organisation
            || !person
                && (first.is(C::PLACE)
                    || last.is(C::PLACE)
                    || last_text.contains(char::is_numeric));
        let entity = self.find(&words, gender).unwrap_or_else(|| {
            self.entities.push(Entity {
                name,
                words: words.clone(),
                gender: C::NONE,
                organisation,
                person,
                mentions: Vec::new(),
                places: Vec::new(),
            });
            let new = self.entities.len() - 1;
            if let Some(last) = words.last() {
                self.by_last.entry(last.clone()).or_default().push(new);
            }
            new
        });
        let Some(known) = self.entities.get_mut(entity) else {
            return;
        };
        if words.len() > known.words.len() && known.words.len() < 4 {
            known.words = words;
            known.name = name;
            known.organisation = organisation;
        }
        if known.gender == C::NONE {
            known.gender = gender;
        }
        if person && !known.person {
            known.person = true;
            known.organisation = false;
        }
        known.mentions.push(name);
        known.places.push(start);
        self.order.push((start, entity));
        for index in start..end {
            self.by_token.insert(index, entity);
        }
    }

    /// The entity that a name of these words stands for, among those named before.
    fn find(&self, words: &[String], gender: C) -> Option<usize> {
        let candidates = self.by_last.get(words.last()?)?;
        candidates
            .iter()
            .rev()
            .take(16)
            .copied()
            .filter(|&candidate| {
                self.entities.get(candidate).is_some_and(|entity| {
                    fits(entity.gender, gender)
                        && (words.len() == 1
                            || entity.words.len() == 1 && !entity.organisation
                            || entity.words.first() == words.first())
                })
            })
            .max_by_key(|&candidate| {
                self.entities.get(candidate).map_or(0, |entity| {
                    if words.len() == 1 {
                        entity.mentions.len().min(1000)
                    } else {
                        entity.words.len()
                    }
                })
            })
    }

    /// The entity that `name`, written somewhere else, stands for.
    pub(super) fn named(&self, name: &str) -> Option<usize> {
        let words: Vec<String> = name
            .split_whitespace()
            .map(|word| fold(word).into_owned())
            .collect();
        self.find(&words, C::NONE)
    }

    /// The entity that the token names.
    pub(super) fn at(&self, token: usize) -> Option<usize> {
        self.by_token.get(&token).copied()
    }

    /// The fullest name of an entity.
    pub(super) fn name(&self, entity: usize) -> Option<Span> {
        self.entities.get(entity).map(|entity| entity.name)
    }

    /// Whether the entity's gender is known.
    pub(super) fn gendered(&self, entity: usize) -> bool {
        self.entities
            .get(entity)
            .is_some_and(|entity| entity.gender != C::NONE)
    }

    pub(super) fn could_be(&self, entity: usize, gender: C) -> bool {
        self.entities
            .get(entity)
            .is_some_and(|entity| !entity.organisation && fits(entity.gender, gender))
    }

    /// The newest entity of fitting gender named before the token.
    pub(super) fn newest(&self, before: usize, gender: C) -> Option<usize> {
        let end = self.order.partition_point(|&(place, _)| place < before);
        let low = before.saturating_sub(MEMORY);
        self.order
            .get(..end)?
            .iter()
            .rev()
            .take(24)
            .take_while(|&&(place, _)| place >= low)
            .find(|&&(_, entity)| {
                self.entities.get(entity).is_some_and(|known| {
                    known.gender == gender
                        || known.gender == C::NONE && !known.organisation && known.words.len() > 1
                })
            })
            .map(|&(_, entity)| entity)
    }

    /// The list for the floors above.
    pub(super) fn into_list(self) -> Vec<Person> {
        self.entities
            .into_iter()
            .map(|entity| Person {
                name: entity.name,
                mentions: entity.mentions,
                organisation: entity.organisation,
            })
            .collect()
    }
}

/// The name in a run of capitalised words, whether a title stands before it, and the gender that tells.
fn without_titles(run: &[Token]) -> (&[Token], bool, C) {
    let mut gender = C::NONE;
    let mut titled = false;
    // A first name known as one ends the titles: "Harbour Master Ines Calder".
    let first_name = run
        .iter()
        .position(|token| token.is(C::FIRST_NAME) && !token.is(C::TITLE))
        .filter(|&at| at + 1 < run.len());
    let mut from = 0;
    let body = first_name.is_none() && run.last().is_some_and(|last| last.is(C::ORGANISATION));
    for (index, token) in run.iter().enumerate() {
        if index + 1 >= run.len() || first_name == Some(index) || body {
            break;
        }
        if token.is(C::TITLE) {
            titled = true;
            from = index + 1;
            if token.is(C::MALE.or(C::FEMALE)) {
                gender = token.classes.only(C::MALE.or(C::FEMALE));
            }
        } else if first_name.is_some_and(|first| index < first)
            && !run
                .iter()
                .skip(first_name.unwrap_or_default())
                .any(|token| token.is(C::ORGANISATION))
        {
            from = index + 1;
        } else {
            break;
        }
    }
    let mut core = run.get(from..).unwrap_or_default();
    while core.len() > 1 && core.last().is_some_and(|last| last.is(C::SUFFIX)) {
        core = core.get(..core.len() - 1).unwrap_or_default();
    }
    (core, titled, gender)
}

/// The gender that a common noun beside a name tells: "spokeswoman Jo Park", "Jo Park, a spokeswoman".
fn role_gender(tokens: &[Token], start: usize, end: usize) -> C {
    let genders = C::MALE.or(C::FEMALE);
    let before = start.checked_sub(1).and_then(|at| tokens.get(at));
    if let Some(role) = before.filter(|token| token.is(C::ROLE)) {
        return role.classes.only(genders);
    }
    if !tokens.get(end).is_some_and(|token| token.is_mark(',')) {
        return C::NONE;
    }
    tokens
        .get(end + 1..)
        .unwrap_or_default()
        .iter()
        .take(6)
        .take_while(|token| token.kind == Kind::Word && !token.is(C::PREPOSITION))
        .find(|token| token.is(C::ROLE))
        .map_or(C::NONE, |role| role.classes.only(genders))
}

/// Whether nothing speaks against a name of gender `known` being meant by a word of gender `asked`.
fn fits(known: C, asked: C) -> bool {
    known == C::NONE || asked == C::NONE || known.any(asked)
}

/// The span without a possessive ending.
pub(super) fn bare(text: &str, span: Span) -> Span {
    let word = span.of(text);
    let kept = word
        .strip_suffix("'s")
        .or_else(|| word.strip_suffix("’s"))
        .or_else(|| word.strip_suffix('’'))
        .or_else(|| word.strip_suffix('\''))
        .unwrap_or(word);
    Span::new(text, span.start(), span.start() + kept.len()).unwrap_or(span)
}

/// Where the name that begins at `start` ends; `start` where none begins.
fn run_end(
    text: &str,
    tokens: &[Token],
    start: usize,
    inner: &HashSet<&str>,
    headline: bool,
) -> usize {
    // In a headline a capital says nothing: its names are those that the article's prose knows too.
    let is_name_word = |token: Token| {
        is_name_word(token)
            && (!headline
                || token.is(C::FIRST_NAME.or(C::TITLE))
                || inner.contains(bare(text, token.span).of(text)))
    };
    let Some(first) = tokens.get(start) else {
        return start;
    };
    if !is_name_word(*first) {
        return start;
    }
    let mut end = start + 1;
    while let Some(previous) = tokens
        .get(end - 1)
        .filter(|previous| !previous.is(C::POSSESSIVE))
        && let Some(token) = tokens.get(end)
    {
        let _ = previous;
        if is_name_word(*token) && !token.is(C::INITIAL) {
            end += 1;
        } else if token.is(C::PARTICLE)
            && !token.is(C::CAPITAL)
            && tokens.get(end + 1).is_some_and(|next| is_name_word(*next))
        {
            end += 2;
        } else {
            break;
        }
    }
    // A capital at the head of a sentence says nothing by itself.
    if first.is(C::INITIAL) && !first.is(C::FIRST_NAME.or(C::TITLE)) {
        let known = inner.contains(bare(text, first.span).of(text));
        if !known && end - start == 1 && !speaks(tokens, start) {
            return start;
        }
    }
    end
}

/// Whether a verb of speech follows a word that may well be a name: "Volkov said".
fn speaks(tokens: &[Token], at: usize) -> bool {
    let next = tokens.get(at + 1);
    tokens.get(at).is_some_and(|word| {
        !word.is(C::ENDS_IN_S
            .or(C::FUNCTION)
            .or(C::ORGANISATION)
            .or(C::PLACE))
    }) && next.is_some_and(|next| next.is(C::SPEECH) && next.is(C::PRETERITE.or(C::THIRD)))
}

/// Whether all words of a sentence begin with a capital but the small ones.
fn is_headline(reading: &Reading, sentence: Sentence) -> bool {
    let mut capitals = 0;
    let words = reading
        .tokens
        .get(sentence.start..sentence.end)
        .unwrap_or_default();
    for token in words.iter().filter(|token| token.kind == Kind::Word) {
        if token.is(C::CAPITAL) {
            capitals += usize::from(token.span.len() > 3);
        } else if !token.is(C::FUNCTION) || token.is(C::AUXILIARY) {
            return false;
        }
    }
    capitals > 4
}

fn is_name_word(token: Token) -> bool {
    token.kind == Kind::Word
        && token.is(C::CAPITAL)
        && !token.is(C::TIME.or(C::PRONOUN))
        && !(token.is(C::FUNCTION) && token.is(C::INITIAL))
        && !(token.is(C::INITIAL) && token.is(C::DETERMINER))
        // "Said Volkov: …"
        && !(token.is(C::INITIAL)
            && token.is(C::CUE)
            && token.is(C::PRETERITE.or(C::ING))
            && !token.is(C::FIRST_NAME))
}
