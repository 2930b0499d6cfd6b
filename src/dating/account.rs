//! An article read for its dates: what it states, in which sentences, and which words stand beside.

use std::collections::HashMap;

use jiff::civil::Date;

use super::{
    DateBasis, Dated, Scene,
    clause::{Kind, Lexicon, Reading, Verb},
};
use crate::{
    quotation::QuotationKind,
    text::Span,
    timex::{Basis, Calendar, Interval, Timex, TimexKind, TimexValue, Vague},
};

/// How many dates of a sentence are looked at; only tables have more.
const STATED_AT_MOST: usize = 24;

/// How many words of a sentence are compared; only lists have more.
const WORDS_AT_MOST: usize = 120;

/// How many sentences back a finer date is sought for a coarse one.
const REFINING: usize = 3;

/// A date that the article states.
#[derive(Clone, Debug)]
pub struct Statement {
    pub span: Span,
    pub dated: Dated,
    pub grain: usize,
    pub basis: usize,
    pub sentence: usize,
    /// Whether it belongs to a finite verb and modifies no noun.
    pub main: bool,
}

/// How many dates before a sentence are looked at, and after it.
pub const BEFORE: usize = 12;
pub const AFTER: usize = 4;

/// An article, read for its dates.
#[derive(Debug)]
pub struct Account<'s> {
    pub scene: Scene<'s>,
    pub statements: Vec<Statement>,
    /// The number of the paragraph of each sentence.
    pub paragraphs: Vec<u32>,
    /// The words of each sentence that states a date, as keys, in order.
    pub worded: HashMap<usize, Vec<u64>>,
    /// The number of each sentence, those that are nothing but a date left out.
    numbers: Vec<usize>,
    /// The words beside a date, by their first letters, and which date.
    pub beside: HashMap<u64, Vec<(usize, bool)>>,
    /// Stretches in quotation, in order, and whether the words are the speaker's own.
    quoted: Vec<(Span, bool)>,
    pub published: Option<Dated>,
}

/// A sentence of an account, read for its verbs.
#[derive(Debug, Default)]
pub struct Place {
    pub index: usize,
    pub reading: Reading,
    /// The dates stated in it, by number, with their first word, the word after their last, and their verb.
    pub stated: Vec<(usize, usize, usize, Option<usize>)>,
    /// Whether "now" or the like stands in it.
    pub now: bool,
    /// Its words, as keys, in order.
    pub keys: Vec<u64>,
    /// The number of the first date not before it.
    pub first_statement: usize,
}

impl<'s> Account<'s> {
    /// Reads the dates of `scene`.
    pub fn read(scene: Scene<'s>, lexicon: &Lexicon) -> Self {
        let mut statements: Vec<Statement> = Vec::new();
        let mut sentence = 0;
        for timex in scene.timexes {
            while scene
                .sentences
                .get(sentence)
                .is_some_and(|span| span.end() <= timex.span.start())
            {
                sentence += 1;
            }
            if let Some(found) = statement(timex, sentence)
                && scene
                    .sentences
                    .get(sentence)
                    .is_some_and(|span| span.contains(timex.span))
            {
                statements.push(found);
            }
        }
        let mut numbers = Vec::with_capacity(scene.sentences.len());
        let mut bare = statements.iter().peekable();
        let mut number = 0;
        for (index, span) in scene.sentences.iter().enumerate() {
            while bare
                .next_if(|statement| statement.sentence < index)
                .is_some()
            {}
            numbers.push(number);
            let only_date = bare.peek().is_some_and(|statement| {
                statement.sentence == index && statement.span.len() + 2 > span.len()
            });
            number += usize::from(!only_date);
        }
        let mut paragraphs = Vec::with_capacity(scene.sentences.len());
        let mut paragraph = 0;
        let mut end = 0;
        for span in scene.sentences {
            let gap = scene.text.get(end..span.start()).unwrap_or_default();
            if gap.contains('\n') {
                paragraph += 1;
            }
            paragraphs.push(paragraph);
            end = span.end();
        }
        let mut quoted: Vec<(Span, bool)> = scene
            .quotations
            .iter()
            .flat_map(|quotation| {
                let own = quotation.kind != QuotationKind::Indirect;
                quotation.content.iter().map(move |&part| (part, own))
            })
            .collect();
        quoted.sort_unstable();
        let mut account = Self {
            scene,
            statements,
            paragraphs,
            worded: HashMap::new(),
            numbers,
            beside: HashMap::new(),
            quoted,
            published: published_on(scene.published),
        };
        account.find_beside(lexicon);
        account
    }

    /// Reads the sentence `index` into `place`.
    pub fn place(&self, index: usize, lexicon: &Lexicon, place: &mut Place) {
        let span = self
            .scene
            .sentences
            .get(index)
            .copied()
            .unwrap_or(Span::EMPTY);
        place.index = index;
        lexicon.read(self.scene.text, span, &mut place.reading);
        keys(self.scene.text, &place.reading, &mut place.keys);
        place.stated.clear();
        place.first_statement = self
            .statements
            .partition_point(|statement| statement.sentence < index);
        for (number, statement) in self
            .statements
            .iter()
            .enumerate()
            .skip(place.first_statement)
        {
            if statement.sentence != index || place.stated.len() == STATED_AT_MOST {
                break;
            }
            let first = place.reading.at(statement.span.start());
            let end = place.reading.at(statement.span.end().saturating_sub(1)) + 1;
            let verb = attached(&place.reading, first, end);
            place.stated.push((number, first, end, verb));
        }
        let first = self
            .scene
            .timexes
            .partition_point(|timex| timex.span.start() < span.start());
        place.now = self
            .scene
            .timexes
            .iter()
            .skip(first)
            .take_while(|timex| timex.span.start() < span.end())
            .any(|timex| timex.value == TimexValue::Vague(Vague::Present));
    }

    /// Notes for every date the words beside it, and whether it is a finite verb's.
    fn find_beside(&mut self, lexicon: &Lexicon) {
        let mut place = Place::default();
        let mut last = None;
        let mut beside: HashMap<u64, Vec<(usize, bool)>> = HashMap::new();
        let mut worded: HashMap<usize, Vec<u64>> = HashMap::new();
        let mut main = vec![false; self.statements.len()];
        for statement in &self.statements {
            if last == Some(statement.sentence) {
                continue;
            }
            last = Some(statement.sentence);
            self.place(statement.sentence, lexicon, &mut place);
            let reading = &place.reading;
            worded.insert(statement.sentence, place.keys.clone());
            for &(number, first, end, verb) in &place.stated {
                let verb = verb.and_then(|verb| reading.verbs.get(verb));
                let finite = verb.is_some_and(|verb| verb.tense.is_finite());
                if let Some(main) = main.get_mut(number) {
                    *main = finite && modified(reading, end).is_none();
                }
                let head = verb.map(|verb| verb.head);
                let object = head.map_or(0..0, |head| head + 1..head + 4);
                let near = (first.saturating_sub(4)..first)
                    .chain(end..end + 3)
                    .chain(object)
                    .chain(head);
                for word in near {
                    let Some(found) = reading.words.get(word) else {
                        continue;
                    };
                    if let Some(key) = key(found.span.of(self.scene.text), found.kind) {
                        let numbers = beside.entry(key).or_default();
                        if numbers.last().is_none_or(|&(last, _)| last != number) {
                            numbers.push((number, Some(word) == head || word == end));
                        }
                    }
                }
            }
        }
        for (statement, main) in self.statements.iter_mut().zip(main) {
            statement.main = main;
        }
        self.beside = beside;
        self.worded = worded;
    }

    /// Whether `span` stands in a quotation, and if so, whether the words are the speaker's own.
    pub fn quotation(&self, span: Span) -> Option<bool> {
        let after = self
            .quoted
            .partition_point(|(part, _)| part.start() <= span.start());
        let before = self.quoted.get(..after)?;
        // Quotations nest by two at most, and the parts of one follow each other.
        before
            .iter()
            .rev()
            .take(3)
            .find(|(part, _)| part.contains(span))
            .map(|&(_, own)| own)
    }

    /// The date of `statement` as carried into the sentence `index`: a coarse one is refined by a finer one
    /// inside it that stands shortly before.
    pub fn refined(&self, statement: &Statement, index: usize) -> Dated {
        let coarse = statement.dated.interval;
        let finer = self
            .statements
            .iter()
            .rev()
            .skip_while(|known| known.sentence >= index)
            .take_while(|known| known.sentence + REFINING >= statement.sentence)
            .take(BEFORE)
            .find(|known| {
                coarse.days() > 27
                    && coarse.covers(known.dated.interval)
                    && known.dated.interval.days() < coarse.days()
            });
        Dated {
            basis: DateBasis::Carried,
            ..finer.unwrap_or(statement).dated.clone()
        }
    }

    /// The number of the sentence `index`, those that are nothing but a date left out.
    pub fn number(&self, index: usize) -> usize {
        self.numbers.get(index).copied().unwrap_or_default()
    }

    /// How many sentences the sentences `a` and `b` are apart.
    pub fn apart(&self, a: usize, b: usize) -> usize {
        self.number(a).abs_diff(self.number(b))
    }

    /// How many words `place` has in common with the sentence of `statement`, at most five.
    pub fn alike(&self, place: &Place, statement: &Statement) -> usize {
        let Some(known) = self.worded.get(&statement.sentence) else {
            return 0;
        };
        let mut known = known.iter().peekable();
        let common = place.keys.iter().filter(|key| {
            while known.next_if(|known| known < key).is_some() {}
            known.peek() == Some(key)
        });
        common.count().min(5)
    }
}

/// The date that `timex` states, if it states one.
fn statement(timex: &Timex, sentence: usize) -> Option<Statement> {
    let dated =
        matches!(timex.kind, TimexKind::Date | TimexKind::Time) && timex.basis != Basis::None;
    let interval = timex.interval.filter(|_| dated)?;
    let grain = match (&timex.value, interval.days()) {
        (TimexValue::Clock(..), _) => 1,
        (_, 1) => 0,
        // "Late January" is a month for all that its days are fewer.
        (TimexValue::Calendar(Calendar::Month(..)), _) | (_, 21..=100) => 3,
        (_, 2..=20) => 2,
        _ => 4,
    };
    let basis = match timex.basis {
        Basis::Explicit => 0,
        Basis::Deictic | Basis::None => 1,
        Basis::Anaphoric => 2,
    };
    Some(Statement {
        span: timex.span,
        dated: Dated {
            interval,
            value: timex.value.clone(),
            modifier: timex.modifier,
            basis: DateBasis::Stated,
        },
        grain,
        basis,
        sentence,
        main: false,
    })
}

/// The publication date as a date of last resort.
pub fn published_on(date: Date) -> Option<Dated> {
    let value: TimexValue = date.to_string().parse().ok()?;
    Some(Dated {
        interval: Interval::day(date)?,
        value,
        modifier: None,
        basis: DateBasis::Published,
    })
}

/// The verb that a date of the words from `first` up to `end` belongs to: the last before it in its clause,
/// else the first after it there, else the nearest.
fn attached(reading: &Reading, first: usize, end: usize) -> Option<usize> {
    let clause = reading.words.get(first)?.clause;
    let same = |verb: &Verb| {
        reading
            .words
            .get(verb.head)
            .is_some_and(|word| word.clause == clause)
    };
    let verbs = || reading.verbs.iter().enumerate();
    let index = |(index, _): (usize, &Verb)| index;
    verbs()
        .rev()
        .find(|(_, verb)| verb.head < first && same(verb))
        .or_else(|| {
            verbs().find(|(_, verb)| verb.head >= end && same(verb) && verb.tense.is_finite())
        })
        .or_else(|| verbs().min_by_key(|(_, verb)| verb.head.abs_diff(first)))
        .map(index)
}

/// The word that a date which ends before the word `end` modifies as "Wednesday's ruling" does.
pub fn modified(reading: &Reading, end: usize) -> Option<usize> {
    let word = reading.words.get(end)?;
    let closed = Kind::PREPOSITION;
    let last = reading.words.get(end.checked_sub(1)?)?;
    let open = word.kind.is(Kind::WORD)
        && !word.kind.is(closed)
        && !word.kind.is(Kind::DETERMINER)
        && !word.kind.is(Kind::BREAK)
        && !word.kind.is(Kind::JOIN)
        && !word.kind.is(Kind::ADVERB)
        && !word.kind.is(Kind::PRONOUN);
    (open && (last.kind.is(Kind::POSSESSIVE) || reading.verb(end).is_none())).then_some(end)
}

/// The keys of the words of a sentence, in order, at most as many as a sentence has.
fn keys(text: &str, reading: &Reading, found: &mut Vec<u64>) {
    found.clear();
    found.extend(
        reading
            .words
            .iter()
            .take(WORDS_AT_MOST)
            .filter_map(|word| key(word.span.of(text), word.kind)),
    );
    found.sort_unstable();
    found.dedup();
}

/// The first five letters of a word that can name an event, as a key; a crude stem, but a fast one.
pub fn key(word: &str, kind: Kind) -> Option<u64> {
    let closed = [
        Kind::PREPOSITION,
        Kind::DETERMINER,
        Kind::BREAK,
        Kind::ADVERB,
        Kind::JOIN,
        Kind::REPORTS,
        Kind::WEEKDAY,
    ];
    if !kind.is(Kind::WORD) || closed.into_iter().any(|flag| kind.is(flag)) {
        return None;
    }
    let mut key = 0;
    let mut letters = 0;
    for letter in word.chars().take(5) {
        key = key << 12 ^ u64::from(u32::from(letter.to_ascii_lowercase()));
        letters += 1;
    }
    (letters >= 4).then_some(key)
}
