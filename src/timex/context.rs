//! What stands around an expression: whether a word is a time at all, and which way its clause looks.

use std::cell::Cell;

use super::{
    anchors::Direction,
    class::Class,
    lexer::{Kind, Lexeme},
    lexicon::{Entry, Lexicon, Mark, Tense},
    pattern::Captures,
};

/// Which way a verb says, and whether another one is in the present.
type Told = (Option<Direction>, bool);

/// What is known of the verbs around the expressions of one text. Expressions are asked for in the order of
/// the text, so that each of its words is looked at once however many expressions there are.
#[derive(Debug, Default)]
pub(super) struct Clauses {
    behind: Cell<Behind>,
    ahead: Cell<Ahead>,
}

/// What the sentence says up to the lexeme `to`.
#[derive(Clone, Copy, Debug, Default)]
struct Behind {
    to: usize,
    told: Told,
}

/// What the sentence says on from any of the lexemes `from..to`.
#[derive(Clone, Copy, Debug, Default)]
struct Ahead {
    from: usize,
    to: usize,
    told: Told,
}

/// The lexemes around an expression.
#[derive(Clone, Copy, Debug)]
pub(super) struct Context<'c> {
    pub(super) text: &'c str,
    pub(super) lexemes: &'c [Lexeme],
    pub(super) lexicon: &'c Lexicon,
    pub(super) clauses: &'c Clauses,
}

impl<'c> Context<'c> {
    fn at(&self, index: usize) -> Option<&'c Lexeme> {
        self.lexemes.get(index)
    }

    fn entry(&self, index: usize) -> Option<&'c Entry> {
        self.at(index)?
            .entry
            .and_then(|entry| self.lexicon.entry_at(entry))
    }

    /// Whether the words `core..core_end` are a time where they stand.
    pub(super) fn allows(
        &self,
        core: usize,
        core_end: usize,
        end: usize,
        captures: &Captures,
    ) -> bool {
        // "on the 12th", but not "he was the 12th"
        if captures.get(Class::DayOfMonth).is_some() && captures.get(Class::Weekday).is_none() {
            let before = core.checked_sub(1).and_then(|before| self.entry(before));
            return before.is_some_and(|entry| entry.is(Mark::BeforeDoubtful));
        }
        if core_end != core + 1 {
            return true;
        }
        let single = |class: Class| captures.get(class);
        if let Some(year) = single(Class::Year) {
            return self.is_year(core, end, year);
        }
        // "in '68"
        if single(Class::ShortYear).is_some() {
            let before = core.checked_sub(1).and_then(|before| self.entry(before));
            return before.is_some_and(|entry| entry.is(Mark::BeforeYear));
        }
        self.is_time(core)
    }

    /// Whether a bare four-figure number is a year.
    fn is_year(&self, at: usize, end: usize, year: i32) -> bool {
        let before = at.checked_sub(1).and_then(|before| self.entry(before));
        let after = self.entry(end);
        if before.is_some_and(|entry| entry.is(Mark::NeverBeforeYear)) {
            return false;
        }
        if after.is_some_and(|entry| entry.is(Mark::NeverAfterYear)) {
            return false;
        }
        if before.is_some_and(|entry| entry.is(Mark::BeforeYear)) {
            return true;
        }
        // "between 1450 and 1600", "in 1848, 1849": one year makes the next one.
        let chained = at.checked_sub(2).is_some_and(|first| {
            self.at(first)
                .is_some_and(|first| first.value(Class::Year, self.lexicon).is_some())
        }) && before.is_some_and(|entry| entry.is(Mark::Joint));
        if chained {
            return true;
        }
        // "the 1881 census"
        let determined = before.is_some_and(|entry| entry.is(Mark::Determiner));
        let followed = self
            .at(end)
            .is_some_and(|next| next.kind == Kind::Word && next.spaced);
        if determined && followed && (1500..1900).contains(&year) {
            return !self.is_plural(end);
        }
        let likely = (1900..=2035).contains(&year);
        // "2000 soldiers": a round number before a plural is a count.
        let counts = year % 100 == 0 && self.is_plural(end);
        likely && !counts
    }

    fn is_plural(&self, at: usize) -> bool {
        self.at(at).is_some_and(|lexeme| {
            let word = self.text.get(lexeme.start..lexeme.end).unwrap_or_default();
            lexeme.kind == Kind::Word && !lexeme.capital && word.ends_with('s')
        })
    }

    /// Whether a single word is meant as a time: "May" and "days" need a preposition, "Sun" its stop.
    fn is_time(&self, at: usize) -> bool {
        let Some(entry) = self.entry(at) else {
            return true;
        };
        let stopped = self.at(at).is_some_and(|lexeme| {
            let written = self.text.get(lexeme.start..lexeme.end).unwrap_or_default();
            written.ends_with('.')
        });
        if entry.is(Mark::Alone) && !stopped {
            return false;
        }
        !entry.is(Mark::Doubtful)
            || at
                .checked_sub(1)
                .and_then(|before| self.entry(before))
                .is_some_and(|entry| entry.is(Mark::BeforeDoubtful))
    }

    /// Whether the length `from..to` stands where it tells a day to come: "will be redeemed in five years".
    pub(super) fn counts_ahead(&self, from: usize, to: usize) -> bool {
        from.checked_sub(1)
            .and_then(|before| self.entry(before))
            .is_some_and(|entry| entry.is(Mark::Hence))
            && self.before(from).0 == Some(Direction::Ahead)
            && self
                .at(to)
                .is_none_or(|next| next.kind != Kind::Word || !next.spaced)
    }

    /// Whether a verb tells that the expression `from..to` is to come.
    pub(super) fn is_to_come(&self, from: usize, to: usize) -> bool {
        let verb = self.before(from).0.or_else(|| self.after(to).0);
        verb == Some(Direction::Ahead)
    }

    /// Whether a preposition that looks ahead stands before the lexeme at `from`: "until", "by".
    pub(super) fn looks_ahead(&self, from: usize) -> bool {
        from.checked_sub(1)
            .and_then(|before| self.entry(before))
            .is_some_and(|entry| entry.is(Mark::Ahead))
    }

    /// Which way the clause of the expression `from..to` looks, if it says.
    pub(super) fn direction(&self, from: usize, to: usize) -> Option<Direction> {
        let preposition = from.checked_sub(1).filter(|&before| {
            self.entry(before)
                .is_some_and(|entry| entry.is(Mark::Ahead))
        });
        // "By Friday they had left" opens its sentence and looks the way its verb does.
        if preposition.is_some_and(|at| {
            at.checked_sub(1)
                .is_some_and(|before| !self.ends_sentence(before))
        }) {
            return Some(Direction::Ahead);
        }
        let (before, present_before) = self.before(from);
        if before.is_some() {
            return before;
        }
        let (after, present_after) = self.after(to);
        if after.is_some() {
            return after;
        }
        (present_before || present_after).then_some(Direction::Either)
    }

    /// What the last verb of the sentence before `from` says, and whether one before it is in the present.
    fn before(&self, from: usize) -> Told {
        let mut behind = self.clauses.behind.get();
        if behind.to > from {
            behind = Behind::default();
        }
        for at in behind.to..from {
            if self.ends_sentence(at) {
                behind.told = Told::default();
                continue;
            }
            match self.tense(at) {
                Some(Tense::Past) => behind.told.0 = Some(Direction::Back),
                Some(Tense::Future) => behind.told.0 = Some(Direction::Ahead),
                Some(Tense::Present) => behind.told.1 = true,
                None => {}
            }
        }
        behind.to = from;
        self.clauses.behind.set(behind);
        behind.told
    }

    /// What the first verb of the sentence from `to` on says, and whether one before it is in the present.
    fn after(&self, to: usize) -> Told {
        let known = self.clauses.ahead.get();
        if (known.from..known.to).contains(&to) {
            return known.told;
        }
        let mut told = Told::default();
        let mut at = to;
        while at < self.lexemes.len() && !self.ends_sentence(at) {
            match self.tense(at) {
                Some(Tense::Past) => told.0 = Some(Direction::Back),
                Some(Tense::Future) => told.0 = Some(Direction::Ahead),
                Some(Tense::Present) => told.1 = true,
                None => {}
            }
            if told.0.is_some() {
                break;
            }
            at += 1;
        }
        self.clauses.ahead.set(Ahead {
            from: to,
            to: at + 1,
            told,
        });
        told
    }

    pub(super) fn is_comma(&self, at: usize) -> bool {
        self.at(at)
            .is_some_and(|mark| self.text.get(mark.start..mark.end) == Some(","))
    }

    fn ends_sentence(&self, at: usize) -> bool {
        let Some(lexeme) = self.at(at) else {
            return true;
        };
        match lexeme.kind {
            Kind::Break => true,
            Kind::Mark => {
                matches!(
                    self.text.get(lexeme.start..lexeme.end),
                    Some("." | "!" | "?")
                ) && self
                    .at(at + 1)
                    .is_none_or(|next| next.spaced && (next.capital || next.kind != Kind::Word))
            }
            Kind::Word | Kind::Figure => false,
        }
    }

    fn tense(&self, at: usize) -> Option<Tense> {
        let lexeme = self.at(at)?;
        if lexeme.kind != Kind::Word {
            return None;
        }
        if let Some(entry) = self.entry(at) {
            let before = at.checked_sub(1).and_then(|before| self.at(before));
            let written = before.and_then(|before| self.text.get(before.start..before.end));
            if written.is_some_and(|written| entry.future_after.iter().any(|word| word == written))
            {
                return Some(Tense::Future);
            }
            let passive = at
                .checked_sub(1)
                .and_then(|before| self.entry(before))
                .is_some_and(|before| before.is(Mark::Passive));
            // "the case is heard in May"
            if passive && entry.tense == Some(Tense::Past) {
                return None;
            }
            // "had been scheduled to end on Friday"
            if entry.tense == Some(Tense::Future)
                && lexeme.end - lexeme.start > 4
                && at
                    .checked_sub(2)
                    .and_then(|had| self.entry(had))
                    .is_some_and(|had| had.tense == Some(Tense::Past))
                && at
                    .checked_sub(1)
                    .and_then(|been| self.entry(been))
                    .is_some_and(|been| been.tense == Some(Tense::Past))
            {
                return Some(Tense::Past);
            }
            if entry.tense.is_some() {
                return entry.tense;
            }
        }
        if at
            .checked_sub(1)
            .and_then(|before| self.entry(before))
            .is_some_and(|entry| entry.is(Mark::Passive) || entry.is(Mark::Determiner))
        {
            return None;
        }
        let word = self.text.get(lexeme.start..lexeme.end).unwrap_or_default();
        (!lexeme.capital && word.len() > 4 && word.ends_with(&self.lexicon.past_ending))
            .then_some(Tense::Past)
    }
}
