//! Shallow syntax of one sentence: noun phrases, verbs, and the subject of a verb.
//!
//! No parser: what is needed is found by walking left or right from a verb over word classes. Adverbs,
//! auxiliaries, brackets, times and parentheses between commas are stepped over; a noun keeps the
//! phrases that prepositions tie to it, and the first noun of such a chain is its head.

use super::lexicon::Classes as C;
use super::reading::{Kind, Token};

/// A noun phrase: a range of tokens of its sentence, and its head.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Phrase {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) head: usize,
}

/// How a verb stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Finite,
    Participle,
    Infinitive,
}

/// A sentence's tokens.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clause<'t> {
    pub(super) tokens: &'t [Token],
}

const NOTHING: Token = Token {
    span: crate::text::Span::EMPTY,
    kind: Kind::Mark('\0'),
    classes: C::NONE,
};

/// How far a search goes, in tokens.
pub(super) const REACH: usize = 48;

impl Clause<'_> {
    pub(super) fn at(&self, index: usize) -> Token {
        self.tokens.get(index).copied().unwrap_or(NOTHING)
    }

    pub(super) fn before(&self, index: usize) -> Token {
        index.checked_sub(1).map_or(NOTHING, |index| self.at(index))
    }

    pub(super) fn len(&self) -> usize {
        self.tokens.len()
    }

    /// Whether the word can stand inside a noun phrase.
    pub(super) fn is_noun(&self, index: usize) -> bool {
        let token = self.at(index);
        token.kind == Kind::Word
            && !(token.is(C::FUNCTION)
                && !(token.is(C::INITIAL) && token.is(C::FIRST_NAME.or(C::TITLE))))
            && !(token.is(C::TIME) && !token.is(C::FIRST_NAME) && !token.is(C::POSSESSIVE))
            && self.verb(index).is_none()
    }

    /// Whether a noun phrase has begun to the left of `index`, so that a word that may be a verb is a noun.
    pub(super) fn in_noun(&self, index: usize) -> bool {
        let before = self.before(index);
        before.is(C::ARTICLE) || before.is(C::POSSESSIVE) && !before.is(C::PRONOUN)
    }

    /// How the word at `index` is a verb, if it is one.
    pub(super) fn verb(&self, index: usize) -> Option<Form> {
        let token = self.at(index);
        if token.kind != Kind::Word
            || !token.is(C::CUE.or(C::PAST))
            || token.is(C::CAPITAL) && !token.is(C::INITIAL)
        {
            return None;
        }
        if token.is(C::INITIAL) && token.is(C::FIRST_NAME) {
            return None;
        }
        let mut left = index;
        while left > 0 && self.before(left).is(C::ADVERB) && !self.before(left).is(C::DETERMINER) {
            left -= 1;
        }
        // "the lawmakers, however, argue"
        if left > 2
            && self.before(left).is_mark(',')
            && self.at(left - 2).is(C::ADVERB)
            && self.at(left - 3).is_mark(',')
        {
            left -= 3;
        }
        let before = self.before(left);
        if token.is(C::ING) {
            if self.in_noun(index) {
                return None;
            }
            return Some(if before.is(C::AUXILIARY) {
                Form::Finite
            } else {
                Form::Participle
            });
        }
        if token.is(C::PRETERITE.or(C::PARTICIPLE).or(C::PAST)) {
            return (!self.in_noun(index)).then_some(Form::Finite);
        }
        let after_to = before.kind == Kind::Word
            && before.is(C::TIE)
            && !before.is(C::CAPITAL)
            && before.span.len() == 2
            && before.is(C::PREPOSITION);
        if token.is(C::BASE) {
            if self.is_to(left) {
                return Some(Form::Infinitive);
            }
            if before.is(C::AUXILIARY) {
                return Some(Form::Finite);
            }
            if self.in_noun(index) || after_to || before.is(C::PREPOSITION) {
                return None;
            }
            let plural = before.is(C::PLURAL)
                || before.is(C::PRONOUN)
                    && before.is(C::SUBJECT)
                    && !before.is(C::MALE.or(C::FEMALE))
                || before.is(C::RELATIVE)
                || (before.is(C::SPEECH_NOUN)
                    || before.is(C::NOT_PAST)
                    || before.kind == Kind::Word)
                    && before.span.len() > 3
                    && before.is(C::ENDS_IN_S);
            // "many plant workers": a noun follows.
            let next = self.at(index + 1);
            let compound = next.kind == Kind::Word
                && !next.is(C::FUNCTION.or(C::CAPITAL).or(C::TIME).or(C::CUE));
            return (plural && !compound).then_some(Form::Finite);
        }
        if token.is(C::THIRD) {
            if self.in_noun(index) || before.is(C::PREPOSITION) && !before.is(C::CAPITAL) {
                return None;
            }
            // "press reports", "the ministry reports that": after a common noun what follows decides.
            let next = self.at(index + 1);
            let followed = !token.is(C::NOUN_TOO)
                || before.is(C::PRONOUN.or(C::RELATIVE).or(C::CONJUNCTION))
                || before.is(C::CAPITAL) && !next.is(C::PREPOSITION)
                || matches!(next.kind, Kind::Quote(_))
                || next.is(C::INFINITIVE_MARKER)
                    && matches!(self.at(index + 2).kind, Kind::Quote(_))
                || next.is_mark(':')
                || next.is(C::ARTICLE.or(C::PRONOUN).or(C::RELATIVE).or(C::CAPITAL));
            return followed.then_some(Form::Finite);
        }
        None
    }

    /// Whether a clause's finite verb stands at `index`, auxiliaries standing in for verbs not known.
    pub(super) fn is_finite(&self, index: usize) -> bool {
        match self.verb(index) {
            Some(Form::Finite) => !self.is_reduced(index),
            Some(_) => false,
            None => {
                let token = self.at(index);
                token.kind == Kind::Word
                    && token.is(C::AUXILIARY)
                    && !token.is(C::CAPITAL)
                    && self.verb(index + 1).is_none()
                    && !self.at(index + 1).is(C::ADVERB)
            }
        }
    }

    /// "in a statement released on Friday": a participle after a noun that a preposition governs.
    pub(super) fn is_reduced(&self, verb: usize) -> bool {
        let token = self.at(verb);
        if !token.is(C::PAST.or(C::PRETERITE).or(C::PARTICIPLE))
            || self.before(verb).kind != Kind::Word
        {
            return false;
        }
        if !self.is_noun(verb.wrapping_sub(1)) {
            return false;
        }
        self.phrase_before(verb).is_some_and(|phrase| {
            let preposition = self.before(phrase.start);
            preposition.is(C::PREPOSITION) && !preposition.is(C::CAPITAL.or(C::SUBORDINATOR))
                || preposition.is(C::PREPOSITION) && preposition.is(C::INITIAL)
        })
    }

    pub(super) fn is_to(&self, end: usize) -> bool {
        let token = self.before(end);
        token.is(C::INFINITIVE_MARKER)
    }

    /// The noun phrase that ends just before `end`.
    pub(super) fn phrase_before(&self, end: usize) -> Option<Phrase> {
        self.phrase_ending(end, 4)
    }

    fn phrase_ending(&self, end: usize, depth: usize) -> Option<Phrase> {
        let mut head = end.checked_sub(1)?;
        while matches!(self.at(head).kind, Kind::Bracket) {
            head = head.checked_sub(1)?;
        }
        let token = self.at(head);
        if token.is(C::PRONOUN)
            && !(token.is(C::DETERMINER) && token.is(C::FEMALE) && head + 1 < end)
        {
            // "one of them"
            if self.before(head).is(C::GENITIVE)
                && let Some(one) = head.checked_sub(2)
                && self.at(one).is(C::DETERMINER)
            {
                return Some(Phrase {
                    start: one,
                    end: head + 1,
                    head: one,
                });
            }
            return Some(Phrase {
                start: head,
                end: head + 1,
                head,
            });
        }
        if !self.is_noun(head) && !matches!(token.kind, Kind::Quote(_)) && !token.is(C::DETERMINER)
        {
            return None;
        }
        let phrase_end = head + 1;
        let mut start = head;
        while start > 0
            && end - start < REACH
            && (self.is_noun(start - 1)
                || (matches!(self.before(start).kind, Kind::Bracket) && start > 1))
        {
            start -= 1;
        }
        // "a Wednesday editorial"
        if start > 1 && self.before(start).is(C::DAY) && self.at(start - 2).is(C::DETERMINER) {
            start -= 1;
        }
        while start > 0
            && self.before(start).is(C::DETERMINER)
            && !(self.before(start).is(C::RELATIVE) && self.verb(start.saturating_sub(2)).is_some())
        {
            start -= 1;
        }
        let mut phrase = Phrase {
            start,
            end: phrase_end,
            head,
        };
        if depth == 0 {
            return Some(phrase);
        }
        let tie = self.before(start);
        if tie.is(C::TIE)
            && !tie.is(C::CAPITAL)
            && start >= 2
            && (self.is_noun(start - 2)
                || self.at(start - 2).is(C::DETERMINER)
                || self.at(start - 2).kind == Kind::Bracket)
            && let Some(left) = self.phrase_ending(start - 1, depth - 1)
            && (tie.is(C::GENITIVE)
                || !self.before(left.start).is(C::PREPOSITION)
                || self.before(left.start).is(C::ABSOLUTE))
        {
            phrase = Phrase {
                start: left.start,
                end: phrase_end,
                head: left.head,
            };
        } else if tie.is(C::CONJUNCTION)
            && start >= 2
            && self.is_noun(start - 2)
            && let Some(left) = self.phrase_ending(start - 1, 1)
            && !self.before(left.start).is(C::PREPOSITION)
            && self.verb(left.start.wrapping_sub(1)).is_none()
        {
            phrase = Phrase {
                start: left.start,
                end: phrase_end,
                head: left.head,
            };
        }
        Some(phrase)
    }

    /// The noun phrase that begins at `start`.
    pub(super) fn phrase_from(&self, start: usize) -> Option<Phrase> {
        let token = self.at(start);
        if token.is(C::PRONOUN) && token.is(C::SUBJECT) {
            return Some(Phrase {
                start,
                end: start + 1,
                head: start,
            });
        }
        let mut end = start;
        while self.at(end).is(C::DETERMINER) {
            end += 1;
        }
        // "a Wednesday editorial"
        if end > start && self.at(end).is(C::DAY) && self.is_noun(end + 1) {
            end += 1;
        }
        let core = end;
        // "undecided voter Jo Park": a participle before the noun.
        if self.at(end).is(C::PAST) && !self.at(end).is(C::CUE) && self.is_noun(end + 1) {
            end += 1;
        }
        while end < self.len()
            && end - start < REACH
            && (self.is_noun(end)
                || (end > core && self.at(end).kind == Kind::Bracket && self.is_noun(end + 1)))
        {
            end += 1;
        }
        if end == core {
            return (core > start && !self.at(start).is(C::RELATIVE)).then(|| Phrase {
                start,
                end,
                head: core - 1,
            });
        }
        let head = end - 1;
        // "a spokesman for the ministry": the tie belongs to the mention, the head does not move.
        let mut tied = end;
        for _ in 0..3 {
            let tie = self.at(tied);
            if !tie.is(C::TIE) || tie.is(C::TIME) {
                break;
            }
            let mut next = tied + 1;
            while self.at(next).is(C::DETERMINER) {
                next += 1;
            }
            let from = next;
            while next < self.len() && next - from < 12 && self.is_noun(next) {
                next += 1;
            }
            if next == from {
                break;
            }
            tied = next;
        }
        let own = Phrase { start, end, head };
        let name = self.at(head).is(C::CAPITAL) && !self.is_office(own);
        Some(Phrase {
            end: if name { end } else { tied },
            ..own
        })
    }

    /// The name in apposition to a common noun: "the mayor, Ana Ruiz, said".
    pub(super) fn apposition(&self, phrase: Phrase) -> Option<usize> {
        let mark = self.at(phrase.end);
        let named = self.at(phrase.head).is(C::CAPITAL.or(C::PRONOUN)) && !self.is_office(phrase);
        if named || !mark.is_mark(',') {
            return None;
        }
        let name = self.phrase_from(phrase.end + 1)?;
        let after = self.at(name.end);
        (self.at(name.start).is(C::CAPITAL)
            && name.head == name.end - 1
            && (after.is_mark(',') || self.is_finite(name.end) || after.is_mark('.'))
            && (name.end - name.start > 1 || self.at(name.head).is(C::FIRST_NAME)))
        .then_some(name.head)
    }

    /// "the Foreign Secretary": a title that stands for its bearer.
    fn is_office(&self, phrase: Phrase) -> bool {
        self.at(phrase.start).is(C::ARTICLE) && self.at(phrase.head).is(C::TITLE)
    }

    /// Steps left over what may stand between a subject and its verb.
    pub(super) fn skip_left(&self, mut index: usize) -> usize {
        loop {
            let before = self.before(index);
            if index == 0 {
                return index;
            }
            if before.kind == Kind::Bracket
                || (before.is(C::ADVERB) && !before.is(C::PRONOUN))
                || before.is(C::AUXILIARY)
                || self.is_to(index)
            {
                index -= 1;
            } else if before.is(C::TIME) {
                index -= 1;
                while index > 0
                    && (self.before(index).is(C::TIME.or(C::ADVERB))
                        || self.before(index).is(C::DETERMINER)
                            && !self.before(index).is(C::CAPITAL))
                {
                    index -= 1;
                }
                if self.before(index).is(C::PREPOSITION) {
                    index -= 1;
                }
            } else {
                return index;
            }
        }
    }

    /// Steps right over what may stand between a subject that ends before `index` and its verb; gives
    /// the verb.
    pub(super) fn verb_after(&self, mut index: usize, any_past: bool) -> Option<usize> {
        let limit = (index + REACH).min(self.len());
        let mut parentheses = 0;
        while index < limit {
            let token = self.at(index);
            if let Some(form) = self.verb(index)
                && form == Form::Finite
            {
                return (token.is(C::CUE) || any_past).then_some(index);
            }
            if token.is(C::AUXILIARY)
                || token.kind == Kind::Bracket
                || token.is(C::ADVERB)
                || token.is(C::TIME)
            {
                index += 1;
            } else if token.is_mark(',') || token.is_dash() {
                if parentheses > 2 {
                    return None;
                }
                parentheses += 1;
                let dash = token.is_dash();
                let close = (index + 1..limit).find(|&at| {
                    let mark = self.at(at);
                    (if dash {
                        mark.is_dash()
                    } else {
                        mark.is_mark(',')
                    }) && {
                        let next = self.skip_right(at + 1);
                        self.verb(next).is_some_and(|form| {
                            form == Form::Finite && (self.at(next).is(C::CUE) || any_past)
                        })
                    }
                });
                let Some(close) = close else {
                    // "…, Nate Holm, the man who founded it said": the second comma is left out.
                    if any_past || !self.at(index + 1).is(C::ARTICLE) {
                        return None;
                    }
                    return (index + 1..limit.min(index + 16))
                        .take_while(|&at| matches!(self.at(at).kind, Kind::Word | Kind::Bracket))
                        .find(|&at| self.at(at).is(C::SAY) && self.verb(at) == Some(Form::Finite));
                };
                index = close + 1;
            } else if token.is(C::PREPOSITION.or(C::CONJUNCTION)) {
                let mut next = index + 1;
                while next < limit
                    && (self.at(next).is(C::DETERMINER)
                        || self.is_noun(next)
                        || self.at(next).is(C::TIME))
                {
                    next += 1;
                }
                if next == index + 1 {
                    return None;
                }
                index = next;
            } else {
                return None;
            }
        }
        None
    }

    fn skip_right(&self, mut index: usize) -> usize {
        while self.at(index).is(C::AUXILIARY.or(C::ADVERB)) || self.at(index).kind == Kind::Bracket
        {
            index += 1;
        }
        index
    }
}
