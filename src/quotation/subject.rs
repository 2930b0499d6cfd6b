//! The subject of a verb: who speaks.
//!
//! Of a finite verb it stands to its left, past parentheses, relative clauses and times; of a participle
//! or an infinitive it is the subject of the verb that these hang on; of a passive it is the agent.

use super::clause::{Clause, Form, Phrase, REACH};
use super::lexicon::Classes as C;
use super::reading::Kind;

impl Clause<'_> {
    /// The subject of the verb at `verb`: who speaks, for a verb of speech.
    pub(super) fn subject(&self, verb: usize) -> Option<Phrase> {
        if self.is_passive(verb) {
            // "was asked by Volkov": the agent speaks; without one, nobody is known to.
            let agent = (verb + 1..verb + 4).find(|&at| self.at(at).is(C::AGENT))?;
            return self.phrase_from(agent + 1);
        }
        if let Some(quoted) = self.quoted_as_saying(verb) {
            return Some(quoted);
        }
        self.subject_within(verb, 4).or_else(|| {
            // "Said Volkov: …"
            self.phrase_from(verb + 1).filter(|phrase| {
                self.verb(verb) == Some(Form::Finite) && self.at(phrase.head).is(C::CAPITAL)
            })
        })
    }

    /// "The agency quoted Volkov as saying": whom somebody else quotes, of either verb.
    pub(super) fn quoted_as_saying(&self, verb: usize) -> Option<Phrase> {
        let saying = if self.at(verb).is(C::ING) {
            verb
        } else {
            (verb + 2..(verb + 12).min(self.len()))
                .find(|&at| self.at(at).is(C::ING) && self.before(at).is(C::LIKENESS))?
        };
        let like = saying
            .checked_sub(1)
            .filter(|&like| self.at(saying).is(C::SPEECH) && self.at(like).is(C::LIKENESS))?;
        let quoted = self.phrase_before(like)?;
        let verb = quoted.start.checked_sub(1)?;
        (self.at(verb).is(C::MANNER) && self.verb(verb) == Some(Form::Finite)).then_some(quoted)
    }

    fn is_passive(&self, verb: usize) -> bool {
        let token = self.at(verb);
        if !token.is(C::TELL.or(C::SAY)) || !token.is(C::PRETERITE.or(C::PARTICIPLE)) {
            return false;
        }
        let mut left = verb;
        while self.before(left).is(C::ADVERB) {
            left -= 1;
        }
        self.before(left).is(C::PASSIVE)
    }

    fn subject_within(&self, verb: usize, depth: usize) -> Option<Phrase> {
        if depth == 0 {
            return None;
        }
        let form = self.verb(verb).unwrap_or(Form::Finite);
        if form == Form::Infinitive {
            return self
                .governing(verb)
                .and_then(|governor| self.subject_within(governor, depth - 1));
        }
        if form == Form::Participle {
            let left = self.skip_left(verb);
            // "with Volkov saying": a noun right before it, unless that belongs to another verb
            // ("issued a statement saying", "wrote to supporters saying").
            if self.is_noun(left.wrapping_sub(1)) {
                let phrase = self.phrase_before(left)?;
                let opened = phrase.start == 0
                    || self.before(phrase.start).is(C::ABSOLUTE.or(C::CONJUNCTION))
                    || self.before(phrase.start).is_mark(',');
                if opened && !self.before(left).is(C::SPEECH_NOUN) {
                    return Some(phrase);
                }
            }
            // "…, she said, adding …"
            let nearest = self
                .governing(verb)
                .filter(|&governor| self.at(governor).is(C::SPEECH));
            return nearest
                .or_else(|| self.main_verb(verb))
                .and_then(|governor| self.subject_within(governor, depth - 1))
                .or_else(|| self.following_subject(verb))
                .or_else(|| self.simple_subject(verb, depth));
        }
        self.simple_subject(verb, depth)
    }

    /// The finite verb that a participle or infinitive hangs on: the nearest to its left.
    fn governing(&self, verb: usize) -> Option<usize> {
        (verb.saturating_sub(REACH)..verb)
            .rev()
            .find(|&index| self.is_finite(index))
    }

    /// The verb of the clause that a participle at `before` belongs to: the first finite one since the
    /// clause began, those of relative clauses and of leading subordinate clauses aside.
    fn main_verb(&self, before: usize) -> Option<usize> {
        let low = before.saturating_sub(REACH * 2);
        let mut start = low;
        // A clause joined on with its own subject begins anew.
        for index in (low + 1..before).rev() {
            let token = self.at(index);
            if (token.is(C::CONJUNCTION) && self.before(index).is_mark(',')
                || token.is_mark(';')
                || token.is_mark(':'))
                && self.phrase_from(index + 1).is_some_and(|phrase| {
                    self.verb_after(phrase.end, true)
                        .is_some_and(|verb| verb < before)
                })
            {
                start = index + 1;
                break;
            }
        }
        let mut relative = false;
        let mut index = start;
        while index < before {
            let token = self.at(index);
            if token.is(C::RELATIVE) && !token.is(C::DETERMINER) || token.is(C::SUBORDINATOR) {
                relative = true;
            } else if token.is_mark(',') || token.is_dash() {
                relative = false;
            } else if !relative && self.is_finite(index) {
                // A finite verb of a relative clause is passed over: "…, who lost, said".
                return Some(index);
            }
            index += 1;
        }
        self.governing(before)
    }

    /// "Calling it a farce, Volkov …": the subject that follows a leading participle's comma.
    fn following_subject(&self, verb: usize) -> Option<Phrase> {
        let comma =
            (verb..(verb + REACH).min(self.len())).find(|&index| self.at(index).is_mark(','))?;
        self.phrase_from(comma + 1)
    }

    fn simple_subject(&self, verb: usize, depth: usize) -> Option<Phrase> {
        let left = self.skip_left(verb);
        let before = self.before(left);
        if before.is_mark(',') || before.is_dash() {
            return self.past_parenthesis(left - 1);
        }
        if before.is(C::RELATIVE) && !before.is(C::DETERMINER)
            || (before.is(C::RELATIVE) && !self.is_noun(left))
        {
            let mut end = left - 1;
            while end > 0
                && (self.before(end).is_mark(',') || self.before(end).kind == Kind::Bracket)
            {
                end -= 1;
            }
            let antecedent = self.phrase_before(end)?;
            // "released a video that said": who released it.
            let thing = before.is(C::DETERMINER) || !before.is(C::PERSONAL);
            if thing
                && !self
                    .at(antecedent.head)
                    .is(C::CAPITAL.or(C::ROLE).or(C::PRONOUN))
                && let Some(verb) = antecedent
                    .start
                    .checked_sub(1)
                    .filter(|&verb| self.is_finite(verb))
            {
                return self.subject_within(verb, depth - 1);
            }
            return Some(antecedent);
        }
        if before.is(C::CONJUNCTION) {
            // "took the stage and said": the subject of the verb before; "said that it rained and added":
            // that of the verb of speech, not of what it reports.
            let speech = self
                .main_verb(left - 1)
                .filter(|&main| self.at(verb).is(C::SPEECH) && self.at(main).is(C::SPEECH));
            let governor = speech.or_else(|| {
                (left.saturating_sub(REACH)..left - 1)
                    .rev()
                    .find(|&index| self.is_finite(index))
            })?;
            return self.subject_within(governor, depth - 1);
        }
        if let Kind::Quote(_) = before.kind {
            return None;
        }
        let phrase = self.phrase_before(left)?;
        Some(self.widened(phrase))
    }

    /// "an official *who worked on the budget* said": the noun before a relative clause without
    /// commas, of which `phrase` is the last noun.
    fn past_relative(&self, phrase: Phrase) -> Option<Phrase> {
        let low = phrase.start.saturating_sub(16);
        let mut verbs = 0;
        for index in (low..phrase.start).rev() {
            let token = self.at(index);
            if token.kind != Kind::Word {
                return None;
            }
            if token.is(C::PERSONAL) {
                return if verbs > 0 {
                    self.phrase_before(index)
                } else {
                    None
                };
            }
            verbs += usize::from(self.is_finite(index));
        }
        None
    }

    /// The phrase, or the one that it only modifies: "a source *speaking to the paper* said", "Tom Berg, *a
    /// director at the bank* said" with its second comma left out.
    fn widened(&self, phrase: Phrase) -> Phrase {
        let phrase = self.past_relative(phrase).unwrap_or(phrase);
        let before = self.before(phrase.start);
        let Some(at) = phrase.start.checked_sub(2) else {
            return phrase;
        };
        if before.is(C::PREPOSITION)
            && self.is_noun(at.wrapping_sub(1))
            && (self.verb(at) == Some(Form::Participle)
                || self.at(at).is(C::PAST) && before.is(C::AGENT))
        {
            return self.phrase_before(at).unwrap_or(phrase);
        }
        if before.is_mark(',')
            && self.at(phrase.start).is(C::ARTICLE)
            && let Some(name) = self.phrase_before(phrase.start - 1)
            && self.at(name.head).is(C::CAPITAL)
            && name.start == 0
        {
            return name;
        }
        phrase
    }

    /// The phrase that a parenthesis interrupts; `close` is its last comma or dash.
    fn past_parenthesis(&self, close: usize) -> Option<Phrase> {
        let dash = self.at(close).is_dash();
        let mut best: Option<Phrase> = None;
        let mut last: Option<Phrase> = None;
        let mut at = close;
        let low = close.saturating_sub(REACH);
        while at > low {
            at -= 1;
            let token = self.at(at);
            let same = if dash {
                token.is_dash()
            } else {
                token.is_mark(',')
            };
            if !same {
                continue;
            }
            let Some(phrase) = self.phrase_before(at) else {
                continue;
            };
            let before = self.before(phrase.start);
            // "Calder, at a meeting in Bray, said": what a preposition governs is no subject; but a
            // phrase found before that is one.
            if before.is(C::PREPOSITION) && !dash {
                if best.is_some() {
                    break;
                }
                last = Some(phrase);
                continue;
            }
            best = Some(phrase);
            // "Calder, a baker from Bray, Co. Wicklow, said": go on while the phrase itself stands in
            // apposition to one before it.
            let lowercase = !self.at(phrase.head).is(C::CAPITAL);
            if before.is_mark(',')
                && (lowercase || phrase.end - phrase.start <= 1)
                && !self.at(phrase.head).is(C::PRONOUN)
            {
                continue;
            }
            break;
        }
        best.or(last)
    }
}
