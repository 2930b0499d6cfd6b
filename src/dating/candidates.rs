//! The dates an event can have: an article read for its dates, and the candidates of one event.

use std::collections::HashMap;

use jiff::{ToSpan, civil::Date};

use super::{
    DateBasis, Dated, Scene,
    clause::{Kind, Lexicon, Reading, Tense, Verb},
    features::{Feature, PREPOSITIONS, Tally, Weights},
};
use crate::{
    quotation::QuotationKind,
    text::{Span, fold},
    timex::{Basis, Calendar, Interval, Timex, TimexKind, TimexValue, Vague},
};

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

/// How many dates of a sentence are looked at; only tables have more.
const STATED_AT_MOST: usize = 24;

/// How many words of a sentence are compared; only lists have more.
const WORDS_AT_MOST: usize = 120;

/// How many dates before a sentence are looked at, and after it.
const BEFORE: usize = 12;
const AFTER: usize = 4;

/// An article, read for its dates.
#[derive(Debug)]
pub struct Account<'s> {
    pub scene: Scene<'s>,
    pub statements: Vec<Statement>,
    /// The number of the paragraph of each sentence.
    paragraphs: Vec<u32>,
    /// The words of each sentence that states a date, as keys, in order.
    worded: HashMap<usize, Vec<u64>>,
    /// The number of each sentence, those that are nothing but a date left out.
    numbers: Vec<usize>,
    /// The words beside a date, by their first letters, and which date.
    beside: HashMap<u64, Vec<(usize, bool)>>,
    /// Stretches in quotation, in order, and whether the words are the speaker's own.
    quoted: Vec<(Span, bool)>,
    published: Option<Dated>,
}

/// A sentence of an account, read for its verbs.
#[derive(Debug, Default)]
pub struct Place {
    pub index: usize,
    pub reading: Reading,
    /// The dates stated in it, by number, with their first word, the word after their last, and their verb.
    pub stated: Vec<(usize, usize, usize, Option<usize>)>,
    /// Whether "now" or the like stands in it.
    now: bool,
    /// Its words, as keys, in order.
    keys: Vec<u64>,
    /// The number of the first date not before it.
    first_statement: usize,
}

/// What is to be dated.
#[derive(Clone, Copy, Debug)]
struct Target {
    word: usize,
    kind: usize,
    tense: Tense,
    own: Tense,
    governor: Option<usize>,
    quoted: usize,
    definite: bool,
}

/// A date an event can have, and what speaks for it.
#[derive(Clone, Debug)]
pub struct Candidate {
    pub dated: Dated,
    pub score: f32,
    /// Whether it is a date that modifies another word than the event's own, as in "the 2014 sentence".
    pub of_a_noun: bool,
    pub features: Vec<String>,
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

    /// The candidates for what the word `word` of `place` tells of, best first, one for each date, their
    /// scores shares of 1.
    pub fn candidates(
        &self,
        place: &Place,
        word: usize,
        weights: &Weights,
        explain: bool,
    ) -> Vec<Candidate> {
        let target = self.target(place, word);
        let mut found: Vec<Candidate> = Vec::with_capacity(6);
        let beside = self.stated(place, target, weights, explain, &mut found);
        self.carried(place, target, beside, weights, explain, &mut found);
        self.following(place, target, beside, weights, explain, &mut found);
        let same = self.same_word(place, target, beside, weights, explain, &mut found);
        self.published(place, target, beside, same, weights, explain, &mut found);
        found
    }

    fn target(&self, place: &Place, word: usize) -> Target {
        let reading = &place.reading;
        let verb = reading.verb(word).copied();
        let governor = reading.governor(word).copied();
        let own = verb.map_or(Tense::None, |verb| self.ahead(reading, verb));
        let tense = if own.is_finite() {
            own
        } else {
            governor.map_or(Tense::None, |verb| verb.tense)
        };
        let kind = match verb {
            Some(verb) if verb.reports => 0,
            Some(_) if own.is_finite() => 1,
            Some(_) => 2,
            None => 3,
        };
        let span = reading
            .words
            .get(word)
            .map_or(Span::EMPTY, |word| word.span);
        let quoted = match self.quotation(span) {
            None => 0,
            Some(true) => 1,
            Some(false) => 2,
        };
        let definite = (1..=3).any(|back| {
            word.checked_sub(back)
                .and_then(|index| reading.words.get(index))
                .is_some_and(|word| word.kind.is(Kind::DETERMINER))
        });
        Target {
            word,
            kind,
            tense,
            own,
            governor: governor.map(|verb| verb.head),
            quoted,
            definite,
        }
    }

    /// The tense of `verb`, where an infinitive after a word of planning lies ahead.
    fn ahead(&self, reading: &Reading, verb: Verb) -> Tense {
        let before = verb
            .first
            .checked_sub(1)
            .and_then(|index| reading.words.get(index));
        match verb.tense {
            Tense::Infinitive if before.is_some_and(|word| word.kind.is(Kind::AHEAD)) => {
                Tense::Future
            }
            tense => tense,
        }
    }

    /// Whether `span` stands in a quotation, and if so, whether the words are the speaker's own.
    fn quotation(&self, span: Span) -> Option<bool> {
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

    /// Adds the dates stated in the sentence; says where they stand: 0 none, 1 some, 2 in the same clause.
    fn stated(
        &self,
        place: &Place,
        target: Target,
        weights: &Weights,
        explain: bool,
        found: &mut Vec<Candidate>,
    ) -> usize {
        let reading = &place.reading;
        let mut beside = 0;
        let mut near: Vec<(usize, usize)> = place
            .stated
            .iter()
            .enumerate()
            .map(|(order, &(_, first, end, _))| (distance(target.word, first, end), order))
            .collect();
        near.sort_unstable();
        for (rank, &(distance, order)) in near.iter().enumerate() {
            let Some(&(number, first, end, verb)) = place.stated.get(order) else {
                continue;
            };
            let Some(statement) = self.statements.get(number) else {
                continue;
            };
            let after = usize::from(first > target.word);
            let nearer = if after == 1 {
                first
            } else {
                end.saturating_sub(1)
            };
            let (verbs, clauses, commas) = reading.between(target.word, nearer);
            beside = beside.max(if clauses == 0 { 2 } else { 1 });
            let mut tally = Tally::new(weights, explain);
            let steps = match distance {
                0 | 1 => 0,
                2 => 1,
                3..=4 => 2,
                5..=8 => 3,
                9..=15 => 4,
                _ => 5,
            };
            tally.add(Feature::StatedDistance, after, steps);
            tally.add(Feature::StatedVerbs, after, verbs.min(2));
            tally.add(Feature::StatedClauses, after, clauses.min(2));
            tally.add(Feature::StatedCommas, after, commas.min(2));
            let verb = verb.and_then(|verb| reading.verbs.get(verb));
            let attached = match verb {
                None => 4,
                Some(verb) if (verb.first..=verb.head).contains(&target.word) => 0,
                Some(verb) if target.governor == Some(verb.head) => 1,
                Some(verb) if verb.reports => 2,
                Some(_) => 3,
            };
            tally.add(Feature::StatedAttached, target.kind, attached);
            tally.add(Feature::StatedGrain, statement.grain, 0);
            tally.add(
                Feature::StatedPreposition,
                after,
                preposition(self.scene.text, reading, first),
            );
            let modifies = match modified(reading, end) {
                Some(noun) if noun == target.word || noun + 1 == target.word => 2,
                Some(_) => 1,
                None => 0,
            };
            tally.add(Feature::StatedModifies, modifies, target.kind);
            tally.add(
                Feature::StatedRank,
                rank.min(2),
                usize::from(near.len() > 1),
            );
            let quoted = usize::from(self.quotation(statement.span) == Some(true));
            let quotes = match (target.quoted == 1, quoted == 1) {
                (true, false) => 1,
                (false, true) => 2,
                _ => 0,
            };
            tally.add(Feature::StatedQuoted, quotes, 0);
            tally.add(Feature::StatedBasis, statement.basis, statement.grain);
            let direct = direction(statement.dated.interval, self.scene.published);
            let weekday = end == first + 1
                && reading
                    .words
                    .get(first)
                    .is_some_and(|word| word.kind.is(Kind::WEEKDAY));
            if let Some(dated) = other_week(statement, self.scene.published).filter(|_| weekday) {
                let mut tally = tally.clone();
                let direction = direction(dated.interval, self.scene.published);
                tally.add(Feature::OtherWeek, target.tense as usize, direction);
                tally.add(Feature::StatedOwnTense, target.own as usize, direction);
                push(found, dated, tally);
            }
            tally.add(Feature::StatedTense, target.tense as usize, direct);
            tally.add(Feature::StatedOwnTense, target.own as usize, direct);
            push(found, statement.dated.clone(), tally);
            if let Some(last) = found.last_mut() {
                last.of_a_noun = modifies == 1;
            }
        }
        beside
    }

    /// Adds the dates stated before the sentence.
    fn carried(
        &self,
        place: &Place,
        target: Target,
        beside: usize,
        weights: &Weights,
        explain: bool,
        found: &mut Vec<Candidate>,
    ) {
        let mut days: [Option<&Statement>; 2] = [None, None];
        let mut longer: Option<&Statement> = None;
        let before = self
            .statements
            .get(..place.first_statement)
            .unwrap_or_default();
        for statement in before.iter().rev().take(BEFORE) {
            if statement.dated.interval.contains(self.scene.published) {
                continue;
            }
            if statement.grain > 1 {
                // A month or a year reaches to the end of its paragraph, no further.
                let paragraph = |index: usize| self.paragraphs.get(index);
                if longer.is_none() && paragraph(place.index) == paragraph(statement.sentence) {
                    longer = Some(statement);
                }
            } else {
                match days {
                    [None, _] => days = [Some(statement), None],
                    [Some(last), None] if last.dated.interval != statement.dated.interval => {
                        days = [Some(last), Some(statement)];
                    }
                    _ => {}
                }
            }
        }
        let [last, earlier] = days;
        for (which, statement) in [last, earlier, longer].into_iter().enumerate() {
            let Some(statement) = statement else { continue };
            let mut tally = Tally::new(weights, explain);
            let steps = steps(self.apart(place.index, statement.sentence));
            let paragraph = |index: usize| self.paragraphs.get(index);
            let other = paragraph(place.index) != paragraph(statement.sentence);
            tally.add(Feature::CarriedDistance, steps, usize::from(other));
            let direction = direction(statement.dated.interval, self.scene.published);
            tally.add(Feature::CarriedTense, target.tense as usize, direction);
            tally.add(Feature::CarriedKind, target.kind, direction);
            tally.add(Feature::CarriedBeside, target.kind, beside);
            tally.add(Feature::CarriedRank, which, 0);
            tally.add(
                Feature::CarriedLead,
                usize::from(statement.sentence < 2),
                target.kind,
            );
            tally.add(Feature::CarriedGrain, statement.grain, 0);
            tally.add(
                Feature::CarriedAlike,
                target.kind,
                self.alike(place, statement),
            );
            tally.add(Feature::CarriedMain, usize::from(statement.main), steps);
            push(found, self.refined(statement, place.index), tally);
        }
    }

    /// Adds the first day stated after the sentence.
    fn following(
        &self,
        place: &Place,
        target: Target,
        beside: usize,
        weights: &Weights,
        explain: bool,
        found: &mut Vec<Candidate>,
    ) {
        let after = self
            .statements
            .get(place.first_statement + place.stated.len()..)
            .unwrap_or_default();
        let mut next = after.iter().take(AFTER).filter(|statement| {
            statement.grain < 2
                && statement.sentence > place.index
                && !statement.dated.interval.contains(self.scene.published)
        });
        let first = next.next();
        let second = first
            .and_then(|first| next.find(|second| second.dated.interval != first.dated.interval));
        for statement in [first, second].into_iter().flatten() {
            let mut tally = Tally::new(weights, explain);
            let paragraph = |index: usize| self.paragraphs.get(index);
            let other = paragraph(place.index) != paragraph(statement.sentence);
            let steps = steps(self.apart(place.index, statement.sentence));
            tally.add(Feature::FollowingDistance, steps, usize::from(other));
            let direction = direction(statement.dated.interval, self.scene.published);
            tally.add(Feature::FollowingTense, target.tense as usize, direction);
            let position = position(self.number(place.index));
            tally.add(Feature::FollowingKind, target.kind, position);
            tally.add(Feature::FollowingBeside, target.kind, beside);
            tally.add(Feature::FollowingPlace, position, steps);
            tally.add(
                Feature::FollowingAlike,
                target.kind,
                self.alike(place, statement),
            );
            let dated = Dated {
                basis: DateBasis::Carried,
                ..statement.dated.clone()
            };
            push(found, dated, tally);
        }
    }

    /// The number of the sentence `index`, those that are nothing but a date left out.
    fn number(&self, index: usize) -> usize {
        self.numbers.get(index).copied().unwrap_or_default()
    }

    /// How many sentences the sentences `a` and `b` are apart.
    fn apart(&self, a: usize, b: usize) -> usize {
        self.number(a).abs_diff(self.number(b))
    }

    /// How many words `place` has in common with the sentence of `statement`, at most five.
    fn alike(&self, place: &Place, statement: &Statement) -> usize {
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

    /// The date of `statement` as carried into the sentence `index`: a coarse one is refined by a finer one
    /// inside it that stands shortly before.
    fn refined(&self, statement: &Statement, index: usize) -> Dated {
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

    /// Adds the dates at which the same word is mentioned elsewhere; says whether there is one.
    fn same_word(
        &self,
        place: &Place,
        target: Target,
        beside: usize,
        weights: &Weights,
        explain: bool,
        found: &mut Vec<Candidate>,
    ) -> bool {
        let Some(word) = place.reading.words.get(target.word) else {
            return false;
        };
        let numbers =
            key(word.span.of(self.scene.text), word.kind).and_then(|key| self.beside.get(&key));
        let Some(numbers) = numbers else {
            return false;
        };
        let split = numbers.partition_point(|&(number, _)| number < place.first_statement);
        let end = numbers
            .partition_point(|&(number, _)| number < place.first_statement + place.stated.len());
        let before = numbers.get(..split).and_then(<[_]>::last);
        let after = numbers.get(end..).and_then(<[_]>::first);
        for (side, found_at) in [before, after].into_iter().enumerate() {
            let Some((statement, verb)) =
                found_at.and_then(|&(number, verb)| Some((self.statements.get(number)?, verb)))
            else {
                continue;
            };
            let mut tally = Tally::new(weights, explain);
            let direction = direction(statement.dated.interval, self.scene.published);
            tally.add(Feature::SameKind, target.kind, side);
            tally.add(Feature::SameTense, target.tense as usize, direction);
            tally.add(
                Feature::SameDefinite,
                target.kind,
                usize::from(target.definite),
            );
            tally.add(Feature::SameBeside, target.kind, beside);
            tally.add(
                Feature::SameAlike,
                target.kind,
                self.alike(place, statement),
            );
            let neighbour = [target.word.wrapping_sub(1), target.word + 1]
                .into_iter()
                .filter_map(|index| place.reading.words.get(index))
                .filter_map(|word| key(word.span.of(self.scene.text), word.kind))
                .any(|key| {
                    self.worded
                        .get(&statement.sentence)
                        .is_some_and(|known| known.binary_search(&key).is_ok())
                });
            tally.add(Feature::SamePair, usize::from(neighbour), target.kind);
            tally.add(Feature::SameNear, target.kind, usize::from(verb));
            let dated = Dated {
                basis: DateBasis::Carried,
                ..statement.dated.clone()
            };
            push(found, dated, tally);
        }
        before.is_some() || after.is_some()
    }

    fn published(
        &self,
        place: &Place,
        target: Target,
        beside: usize,
        same: bool,
        weights: &Weights,
        explain: bool,
        found: &mut Vec<Candidate>,
    ) {
        let Some(published) = &self.published else {
            return;
        };
        let mut tally = Tally::new(weights, explain);
        tally.add(Feature::PublishedTense, target.tense as usize, beside);
        tally.add(
            Feature::PublishedKind,
            target.kind,
            position(self.number(place.index)),
        );
        tally.add(Feature::PublishedQuoted, target.kind, target.quoted);
        tally.add(Feature::PublishedStated, target.kind, beside);
        let just_before = place
            .first_statement
            .checked_sub(1)
            .and_then(|number| self.statements.get(number))
            .is_some_and(|statement| {
                statement.sentence + 1 == place.index
                    && !statement.dated.interval.contains(self.scene.published)
            });
        tally.add(
            Feature::PublishedCarried,
            target.kind,
            usize::from(just_before),
        );
        tally.add(Feature::PublishedSame, usize::from(same), target.kind);
        tally.add(Feature::PublishedNow, usize::from(place.now), 0);
        tally.add(Feature::PublishedOwnTense, target.own as usize, target.kind);
        push(found, published.clone(), tally);
    }
}

/// The number of the step that a distance of so many sentences falls into.
fn steps(sentences: usize) -> usize {
    match sentences {
        0 | 1 => 0,
        2 => 1,
        3..=5 => 2,
        _ => 3,
    }
}

/// The number of the part of the article that the sentence `index` stands in.
fn position(index: usize) -> usize {
    match index {
        0..=2 => index,
        3..=9 => 3,
        _ => 4,
    }
}

/// The day a week later for a weekday that was read as past, a week earlier for one read as to come: the
/// verb may know better than the tagger.
fn other_week(statement: &Statement, published: Date) -> Option<Dated> {
    let day = statement.dated.interval.begin();
    let near = published.until(day).ok()?.get_days().abs() <= 7;
    if !near || statement.grain != 0 {
        return None;
    }
    let other = if day <= published {
        day.checked_add(7.days())
    } else {
        day.checked_sub(7.days())
    };
    let dated = published_on(other.ok()?)?;
    Some(Dated {
        basis: DateBasis::Stated,
        ..dated
    })
}

fn push(found: &mut Vec<Candidate>, dated: Dated, tally: Tally<'_>) {
    found.push(Candidate {
        dated,
        score: tally.sum,
        of_a_noun: false,
        features: tally.seen.unwrap_or_default(),
    });
}

/// The date that `timex` states, if it states one.
fn statement(timex: &Timex, sentence: usize) -> Option<Statement> {
    let dated =
        matches!(timex.kind, TimexKind::Date | TimexKind::Time) && timex.basis != Basis::None;
    let interval = timex.interval.filter(|_| dated)?;
    let grain = match (&timex.value, interval.days()) {
        (TimexValue::Clock(..), _) => 1,
        (_, 1) => 0,
        (TimexValue::Calendar(Calendar::Month(..)), _) => 3,
        (_, 2..=20) => 2,
        (_, 21..=100) => 3,
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
fn published_on(date: Date) -> Option<Dated> {
    let value: TimexValue = date.to_string().parse().ok()?;
    Some(Dated {
        interval: Interval::day(date)?,
        value,
        modifier: None,
        basis: DateBasis::Published,
    })
}

/// Where `interval` lies from the publication date: a number in [`super::features::DIRECTIONS`].
fn direction(interval: Interval, published: Date) -> usize {
    if interval.contains(published) {
        return 3;
    }
    if interval.begin() > published {
        return 4;
    }
    let days = interval
        .last()
        .until(published)
        .map_or(0, |span| span.get_days());
    match days {
        0..=7 => 2,
        8..=60 => 1,
        _ => 0,
    }
}

/// How many words lie between `word` and the words from `first` up to `end`.
fn distance(word: usize, first: usize, end: usize) -> usize {
    if word < first {
        first - word
    } else {
        word.saturating_sub(end.saturating_sub(1))
    }
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
fn modified(reading: &Reading, end: usize) -> Option<usize> {
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

/// The number in [`PREPOSITIONS`] of what stands before the word `first`.
fn preposition(text: &str, reading: &Reading, first: usize) -> usize {
    let Some(word) = first
        .checked_sub(1)
        .and_then(|index| reading.words.get(index))
    else {
        return 0;
    };
    let folded = fold(word.span.of(text));
    let known = PREPOSITIONS
        .iter()
        .skip(1)
        .position(|known| *known == folded);
    known.map_or_else(
        || {
            if word.kind.is(Kind::PREPOSITION) {
                PREPOSITIONS.len() - 1
            } else {
                0
            }
        },
        |index| index + 1,
    )
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
fn key(word: &str, kind: Kind) -> Option<u64> {
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
