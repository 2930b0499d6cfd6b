//! The dates an event can have, and what speaks for each.

use jiff::{ToSpan, civil::Date};

use super::{
    DateBasis, Dated,
    account::{AFTER, Account, BEFORE, Place, Statement, key, modified, published_on},
    clause::{Kind, Reading, Tense, Verb},
    features::{Feature, PREPOSITIONS, Tally, Weights},
};
use crate::{
    text::{Span, fold},
    timex::Interval,
};

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

/// The choice of one event's date: what is weighed, and what was found so far.
struct Choice<'c, 's> {
    account: &'c Account<'s>,
    place: &'c Place,
    target: Target,
    weights: &'c Weights,
    explain: bool,
    /// Whether the sentence states dates: 0 none, 1 some, 2 in the same clause.
    beside: usize,
    found: Vec<Candidate>,
}

/// The candidates for what the word `word` of `place` tells of, with the sums of their weights; several may
/// be of one date.
pub fn candidates(
    account: &Account<'_>,
    place: &Place,
    word: usize,
    weights: &Weights,
    explain: bool,
) -> Vec<Candidate> {
    let mut choice = Choice {
        account,
        place,
        target: Target::new(account, place, word),
        weights,
        explain,
        beside: 0,
        found: Vec::with_capacity(8),
    };
    choice.stated();
    choice.carried();
    choice.following();
    let same = choice.same_word();
    choice.published(same);
    choice.found
}

/// The tense in which the word `word` of `place` is told of: its own, or that of the verb that governs it.
pub fn tense(account: &Account<'_>, place: &Place, word: usize) -> Tense {
    Target::new(account, place, word).tense
}

impl Target {
    /// What the word `word` of `place` is.
    fn new(account: &Account<'_>, place: &Place, word: usize) -> Self {
        let reading = &place.reading;
        let verb = reading.verb(word).copied();
        let governor = reading.governor(word).copied();
        let own = verb.map_or(Tense::None, |verb| ahead(reading, verb));
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
        let quoted = match account.quotation(span) {
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
}

impl Choice<'_, '_> {
    /// Adds the dates stated in the sentence.
    fn stated(&mut self) {
        let (account, place, target) = (self.account, self.place, self.target);
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
            let Some(statement) = account.statements.get(number) else {
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
            let mut tally = Tally::new(self.weights, self.explain);
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
                preposition(account.scene.text, reading, first),
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
            let date_quoted = account.quotation(statement.span) == Some(true);
            let apart = match (target.quoted == 1, date_quoted) {
                (true, false) => 1,
                (false, true) => 2,
                _ => 0,
            };
            tally.add(Feature::StatedQuoted, apart, 0);
            tally.add(Feature::StatedBasis, statement.basis, statement.grain);
            let direct = direction(statement.dated.interval, account.scene.published);
            let weekday = end == first + 1
                && reading
                    .words
                    .get(first)
                    .is_some_and(|word| word.kind.is(Kind::WEEKDAY));
            if let Some(dated) = other_week(statement, account.scene.published).filter(|_| weekday)
            {
                let mut tally = tally.clone();
                let direction = direction(dated.interval, account.scene.published);
                tally.add(Feature::OtherWeek, target.tense as usize, direction);
                tally.add(Feature::StatedOwnTense, target.own as usize, direction);
                self.push(dated, tally);
            }
            tally.add(Feature::StatedTense, target.tense as usize, direct);
            tally.add(Feature::StatedOwnTense, target.own as usize, direct);
            self.push(statement.dated.clone(), tally);
            if let Some(last) = self.found.last_mut() {
                last.of_a_noun = modifies == 1;
            }
        }
        self.beside = beside;
    }

    /// Adds the dates stated before the sentence.
    fn carried(&mut self) {
        let (account, place, target) = (self.account, self.place, self.target);
        let beside = self.beside;
        let mut days: [Option<&Statement>; 2] = [None, None];
        let mut longer: Option<&Statement> = None;
        let before = account
            .statements
            .get(..place.first_statement)
            .unwrap_or_default();
        for statement in before.iter().rev().take(BEFORE) {
            if statement.dated.interval.contains(account.scene.published) {
                continue;
            }
            if statement.grain > 1 {
                // A month or a year reaches to the end of its paragraph, no further.
                let paragraph = |index: usize| account.paragraphs.get(index);
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
            let mut tally = Tally::new(self.weights, self.explain);
            let steps = steps(account.apart(place.index, statement.sentence));
            let paragraph = |index: usize| account.paragraphs.get(index);
            let other = paragraph(place.index) != paragraph(statement.sentence);
            tally.add(Feature::CarriedDistance, steps, usize::from(other));
            let direction = direction(statement.dated.interval, account.scene.published);
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
                account.alike(place, statement),
            );
            tally.add(Feature::CarriedMain, usize::from(statement.main), steps);
            self.push(account.refined(statement, place.index), tally);
        }
    }

    /// Adds the first day stated after the sentence.
    fn following(&mut self) {
        let (account, place, target) = (self.account, self.place, self.target);
        let beside = self.beside;
        let after = account
            .statements
            .get(place.first_statement + place.stated.len()..)
            .unwrap_or_default();
        let mut next = after.iter().take(AFTER).filter(|statement| {
            statement.grain < 2
                && statement.sentence > place.index
                && !statement.dated.interval.contains(account.scene.published)
        });
        let first = next.next();
        let second = first
            .and_then(|first| next.find(|second| second.dated.interval != first.dated.interval));
        for statement in [first, second].into_iter().flatten() {
            let mut tally = Tally::new(self.weights, self.explain);
            let paragraph = |index: usize| account.paragraphs.get(index);
            let other = paragraph(place.index) != paragraph(statement.sentence);
            let steps = steps(account.apart(place.index, statement.sentence));
            tally.add(Feature::FollowingDistance, steps, usize::from(other));
            let direction = direction(statement.dated.interval, account.scene.published);
            tally.add(Feature::FollowingTense, target.tense as usize, direction);
            let position = position(account.number(place.index));
            tally.add(Feature::FollowingKind, target.kind, position);
            tally.add(Feature::FollowingBeside, target.kind, beside);
            tally.add(Feature::FollowingPlace, position, steps);
            tally.add(
                Feature::FollowingAlike,
                target.kind,
                account.alike(place, statement),
            );
            let dated = Dated {
                basis: DateBasis::Carried,
                ..statement.dated.clone()
            };
            self.push(dated, tally);
        }
    }

    /// Adds the dates at which the same word is mentioned elsewhere; says whether there is one.
    fn same_word(&mut self) -> bool {
        let (account, place, target) = (self.account, self.place, self.target);
        let beside = self.beside;
        let Some(word) = place.reading.words.get(target.word) else {
            return false;
        };
        let numbers = key(word.span.of(account.scene.text), word.kind)
            .and_then(|key| account.beside.get(&key));
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
                found_at.and_then(|&(number, verb)| Some((account.statements.get(number)?, verb)))
            else {
                continue;
            };
            let mut tally = Tally::new(self.weights, self.explain);
            let direction = direction(statement.dated.interval, account.scene.published);
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
                account.alike(place, statement),
            );
            let neighbour = [target.word.wrapping_sub(1), target.word + 1]
                .into_iter()
                .filter_map(|index| place.reading.words.get(index))
                .filter_map(|word| key(word.span.of(account.scene.text), word.kind))
                .any(|key| {
                    account
                        .worded
                        .get(&statement.sentence)
                        .is_some_and(|known| known.binary_search(&key).is_ok())
                });
            tally.add(Feature::SamePair, usize::from(neighbour), target.kind);
            tally.add(Feature::SameNear, target.kind, usize::from(verb));
            let dated = Dated {
                basis: DateBasis::Carried,
                ..statement.dated.clone()
            };
            self.push(dated, tally);
        }
        before.is_some() || after.is_some()
    }

    fn published(&mut self, same: bool) {
        let (account, place, target) = (self.account, self.place, self.target);
        let beside = self.beside;
        let Some(published) = &account.published else {
            return;
        };
        let mut tally = Tally::new(self.weights, self.explain);
        tally.add(Feature::PublishedTense, target.tense as usize, beside);
        tally.add(
            Feature::PublishedKind,
            target.kind,
            position(account.number(place.index)),
        );
        tally.add(Feature::PublishedQuoted, target.kind, target.quoted);
        tally.add(Feature::PublishedStated, target.kind, beside);
        let just_before = place
            .first_statement
            .checked_sub(1)
            .and_then(|number| account.statements.get(number))
            .is_some_and(|statement| {
                statement.sentence + 1 == place.index
                    && !statement.dated.interval.contains(account.scene.published)
            });
        tally.add(
            Feature::PublishedCarried,
            target.kind,
            usize::from(just_before),
        );
        tally.add(Feature::PublishedSame, usize::from(same), target.kind);
        tally.add(Feature::PublishedNow, usize::from(place.now), 0);
        tally.add(Feature::PublishedOwnTense, target.own as usize, target.kind);
        self.push(published.clone(), tally);
    }

    fn push(&mut self, dated: Dated, tally: Tally<'_>) {
        self.found.push(Candidate {
            dated,
            score: tally.sum,
            of_a_noun: false,
            features: tally.seen.unwrap_or_default(),
        });
    }
}

/// The tense of `verb`, where an infinitive after a word of planning lies ahead.
fn ahead(reading: &Reading, verb: Verb) -> Tense {
    let before = verb
        .first
        .checked_sub(1)
        .and_then(|index| reading.words.get(index));
    match verb.tense {
        Tense::Infinitive if before.is_some_and(|word| word.kind.is(Kind::AHEAD)) => Tense::Future,
        tense => tense,
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
