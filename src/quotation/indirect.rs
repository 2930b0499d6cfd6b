//! Speech without quotation marks: "Volkov said that …", "…, according to her".
//!
//! What is reported is told where it is a clause by itself; it keeps track of who speaks, and is never shown
//! as anybody's own words.

use super::attribution::{Found, Search};
use super::clause::Form;
use super::lexicon::Classes as C;
use super::reading::Kind;

impl Search<'_> {
    /// Speech without quotation marks, "Volkov said that …": the cue and the source, and the tokens of
    /// what is reported, where they can be told.
    pub(super) fn indirect(&self) -> Option<(Found, Option<(usize, usize)>)> {
        let clause = &self.clause;
        let mut end = clause.len();
        while end > 0 && matches!(clause.before(end).kind, Kind::Mark(_)) {
            end -= 1;
        }
        let Some(found) = self.governing_cue(0, end, C::SPEECH) else {
            let found = (0..end)
                .find_map(|at| self.phrase_after(at))
                .filter(|found| {
                    clause.at(found.source.head).is(C::CAPITAL.or(C::PRONOUN))
                        || clause.at(found.source.start).is(C::ARTICLE)
                })?;
            let (start, _) = found.cue?;
            // "According to her, …" or "…, according to her".
            let content = if start > 2 {
                (0, self.trim_end(start))
            } else {
                (self.skip_marks(found.source.end), end)
            };
            return Some((found, (content.0 + 2 < content.1).then_some(content)));
        };
        let (verb, _) = found.cue?;
        let content = self.complement(verb, end).or_else(|| {
            // "…, she said on Friday": the words before the subject.
            let start = found.source.start.min(verb);
            let next = clause.at(verb + 1);
            let last = verb + 1 >= end
                || matches!(next.kind, Kind::Mark(_))
                || next.is(C::TIME)
                || next.is(C::PREPOSITION);
            let clauses = (0..start).any(|at| clause.is_finite(at));
            (last && clauses && clause.before(start).is_mark(',') && start > 3)
                .then(|| (0, self.trim_end(start)))
        });
        Some((found, content))
    }

    /// What a verb of speech reports: the clause after "that", or the one that begins right after the
    /// verb and whom it was said to.
    fn complement(&self, verb: usize, end: usize) -> Option<(usize, usize)> {
        let clause = &self.clause;
        let that = (verb + 1..(verb + 14).min(end))
            .take_while(|&at| !clause.at(at).is_mark(',') && clause.verb(at) != Some(Form::Finite))
            .find(|&at| clause.at(at).is(C::RELATIVE) && clause.at(at).is(C::DETERMINER));
        if let Some(that) = that {
            return (that + 2 < end).then_some((that + 1, end));
        }
        let mut start = verb + 1;
        while clause.at(start).is(C::TIME.or(C::ADVERB))
            || clause.at(start).is(C::PREPOSITION) && clause.at(start + 1).is(C::TIME)
        {
            start += 1;
        }
        if clause.at(verb).is(C::TELL) {
            start = clause
                .phrase_from(start)
                .map_or(start, |addressee| addressee.end);
        }
        let subject = clause.phrase_from(start)?;
        let own_verb = (subject.end..(subject.end + 12).min(end)).any(|at| clause.is_finite(at));
        (own_verb && start + 2 < end).then_some((start, end))
    }

    fn trim_end(&self, mut end: usize) -> usize {
        while end > 0 && matches!(self.clause.before(end).kind, Kind::Mark(_)) {
            end -= 1;
        }
        end
    }

    fn skip_marks(&self, mut start: usize) -> usize {
        while matches!(self.clause.at(start).kind, Kind::Mark(_)) && start < self.clause.len() {
            start += 1;
        }
        start
    }
}
