//! Dates and ranges that a person types, and those inside a question.
//!
//! A date without a year is the latest such not after the reference, which the caller sets to the last
//! day that can be meant (the archive's). Of two ends the second follows the first: "between November
//! and January" ends in the January after that November.

use jiff::civil::Date;

use super::{
    Basis, Interval, Tagger,
    anchors::Direction,
    calendar,
    class::Class,
    lexer::Lexeme,
    tagger::{Asked, Placed},
};
use crate::text::Span;

/// A range of days and the lexemes that name it.
struct Named {
    interval: Interval,
    from: usize,
    to: usize,
}

impl Tagger {
    /// The days that `text`, as a whole, names: a date, or a range of two ("2021-02-01..2021-02-14",
    /// "between January and March", "last week"). Nothing where it names none, or holds anything else.
    #[must_use]
    pub fn range(&self, text: &str, reference: Date) -> Option<Interval> {
        let lexemes = self.lexemes(text, true);
        let asked = Asked::Typed(Direction::Back);
        self.named(text, &lexemes, reference, asked)
            .filter(|named| named.from == 0 && named.to == lexemes.len())
            .map(|named| named.interval)
    }

    /// The first range or date that `text` names, with the preposition that belongs to it: "on
    /// Valentine's day 2021" in "what happened on Valentine's day 2021?".
    #[must_use]
    pub fn find_range(&self, text: &str, reference: Date) -> Option<(Span, Interval)> {
        let lexemes = self.lexemes(text, true);
        let named = self.named(text, &lexemes, reference, Asked::Question)?;
        let start = lexemes.get(named.from)?.start;
        let end = lexemes.get(named.to.checked_sub(1)?)?.end;
        Some((Span::new(text, start, end)?, named.interval))
    }

    fn named(
        &self,
        text: &str,
        lexemes: &[Lexeme],
        reference: Date,
        asked: Asked,
    ) -> Option<Named> {
        let found = self.scan(text, lexemes, reference, asked);
        let first = found
            .iter()
            .position(|placed| placed.timex.interval.is_some())?;
        let ends = Ends {
            tagger: self,
            text,
            lexemes,
            reference,
        };
        let first_place = found.get(first)?;
        let named = ends
            .two_days(first_place)
            .or_else(|| ends.pair(first_place, found.get(first + 1)?))
            .or_else(|| ends.single(first_place))?;
        Some(named)
    }
}

/// What finds the two ends of a range.
struct Ends<'e> {
    tagger: &'e Tagger,
    text: &'e str,
    lexemes: &'e [Lexeme],
    reference: Date,
}

impl Ends<'_> {
    /// Whether the lexeme before `at` is one of `words`.
    fn behind(&self, at: usize, words: &[String]) -> Option<usize> {
        let before = at.checked_sub(1)?;
        self.is(before, words).then_some(before)
    }

    fn is(&self, at: usize, words: &[String]) -> bool {
        self.lexemes.get(at).is_some_and(|lexeme| {
            let written = self.text.get(lexeme.start..lexeme.end).unwrap_or_default();
            words.iter().any(|word| word.eq_ignore_ascii_case(written))
        })
    }

    /// The lexeme after the word that joins two ends at `at`, if one does; ".." is two marks.
    fn joint(&self, at: usize) -> Option<usize> {
        let dot = |at: usize| self.is(at, &[".".to_owned()]);
        if dot(at) && dot(at + 1) {
            let third = usize::from(dot(at + 2));
            return Some(at + 2 + third);
        }
        self.is(at, &self.tagger.ranges.to).then_some(at + 1)
    }

    fn day_number(&self, at: usize) -> Option<u8> {
        let day = self
            .lexemes
            .get(at)?
            .value(Class::Day, &self.tagger.rules.lexicon)?;
        u8::try_from(day).ok()
    }

    /// "from 1 to 5 March 2021", "February 1-5, 2021": one month, two days.
    fn two_days(&self, placed: &Placed) -> Option<Named> {
        let month = placed
            .timex
            .interval
            .filter(|days| days.days() == 1)?
            .begin();
        let same_month = |day: u8| calendar::date(month.year(), month.month().unsigned_abs(), day);
        if let Some(number_at) = placed.from.checked_sub(2)
            && self.joint(number_at + 1) == Some(placed.from)
            && let Some(begin) = self.day_number(number_at).and_then(same_month)
        {
            return self.spanning(number_at, placed.to, begin, month);
        }
        let second_at = self.joint(placed.to)?;
        let day = self.day_number(second_at)?;
        let mut to = second_at + 1;
        // "5" of "to 5 March" begins a date of its own.
        if self.lexemes.get(to).is_some_and(|next| {
            next.value(Class::Month, &self.tagger.rules.lexicon)
                .is_some()
        }) {
            return None;
        }
        let (mut begin, mut end) = (month, same_month(day)?);
        let year_at = if self.is(to, &[",".to_owned()]) {
            to + 1
        } else {
            to
        };
        if let Some(year) = self
            .lexemes
            .get(year_at)
            .and_then(|lexeme| lexeme.value(Class::Year, &self.tagger.rules.lexicon))
            .and_then(|year| i16::try_from(year).ok())
        {
            let month = month.month().unsigned_abs();
            begin = calendar::date(year, month, begin.day().unsigned_abs())?;
            end = calendar::date(year, month, day)?;
            to = year_at + 1;
        }
        self.spanning(placed.from, to, begin, end)
    }

    /// The range of two days, in either order, with the preposition before it.
    fn spanning(&self, from: usize, to: usize, begin: Date, end: Date) -> Option<Named> {
        let interval = Interval::day(begin)?.join(Interval::day(end)?);
        Some(Named {
            interval,
            from: self.opened(from),
            to,
        })
    }

    /// Where the range begins with "from", "between" or "in" before it.
    fn opened(&self, from: usize) -> usize {
        let ranges = &self.tagger.ranges;
        self.behind(from, &ranges.from)
            .or_else(|| self.behind(from, &ranges.at))
            .unwrap_or(from)
    }

    /// "between January and March", "2021-02-01..2021-02-14".
    fn pair(&self, first: &Placed, second: &Placed) -> Option<Named> {
        if self.joint(first.to) != Some(second.from) {
            return None;
        }
        let opened = self.behind(first.from, &self.tagger.ranges.from);
        // "January and March" without "between" are two dates, and the first is answered.
        let and_only = self.is(first.to, &["and".to_owned()]) && opened.is_none();
        if and_only {
            return None;
        }
        let (mut begin, mut end) = (first.timex.interval?, second.timex.interval?);
        let explicit = |placed: &Placed| placed.timex.basis == Basis::Explicit;
        if explicit(second) && !explicit(first) {
            if let Some(before) = self.again(first, end.begin(), Direction::Back) {
                begin = before;
            }
        } else if (explicit(first) || end.begin() < begin.begin())
            && !explicit(second)
            && let Some(after) = self.again(second, begin.begin(), Direction::Ahead)
        {
            end = after;
        }
        Some(Named {
            interval: begin.join(end),
            from: opened.unwrap_or_else(|| self.opened(first.from)),
            to: second.to,
        })
    }

    /// The days of an expression by its month, weekday or feast, counted from `reference` instead.
    fn again(&self, placed: &Placed, reference: Date, direction: Direction) -> Option<Interval> {
        let lexemes = self.lexemes.get(placed.from..placed.to)?;
        let lexicon = &self.tagger.rules.lexicon;
        let movable = [Class::Month, Class::Weekday, Class::Holiday, Class::Season];
        if !lexemes.iter().any(|lexeme| {
            movable
                .iter()
                .any(|&class| lexeme.value(class, lexicon).is_some())
        }) {
            return None;
        }
        let found = self
            .tagger
            .scan(self.text, lexemes, reference, Asked::Typed(direction));
        found.first()?.timex.interval
    }

    /// One date, or an open range: "since Friday", "before March".
    fn single(&self, placed: &Placed) -> Option<Named> {
        let ranges = &self.tagger.ranges;
        let days = placed.timex.interval?;
        let through = self.reference.tomorrow().ok()?;
        let first = calendar::date(1000, 1, 1)?;
        let open = |words: &[String], begin: Date, end: Date| {
            let from = self.behind(placed.from, words)?;
            Some(Named {
                interval: Interval::new(begin, end)?,
                from,
                to: placed.to,
            })
        };
        open(&ranges.since, days.begin(), through)
            .or_else(|| open(&ranges.after, days.end(), through))
            .or_else(|| open(&ranges.before, first, days.begin()))
            .or_else(|| open(&ranges.until, first, days.end()))
            .or_else(|| {
                Some(Named {
                    interval: days,
                    from: self.behind(placed.from, &ranges.at).unwrap_or(placed.from),
                    to: placed.to,
                })
            })
    }
}
