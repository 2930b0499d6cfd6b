//! Numbers of several words: "twenty-four", "two and a half", "nineteen ninety-six", "3 1/2".
//!
//! Runs over the lexemes once and joins those that form one number, so that patterns see one lexeme.

use super::{
    class::Class,
    lexer::{Kind, Lexeme},
    lexicon::Lexicon,
};

/// The literal words that join numbers; `None` where the language's data does not use them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Joints {
    pub(super) and: u16,
    pub(super) a: u16,
    pub(super) half: u16,
    pub(super) hyphen: u16,
}

/// The most words that one number takes.
const LONGEST: usize = 12;

/// Joins the numbers of `lexemes` in place.
pub(super) fn join(lexemes: &mut Vec<Lexeme>, lexicon: &Lexicon, joints: Joints) {
    let mut write = 0;
    let mut read = 0;
    while let Some(&first) = lexemes.get(read) {
        let reader = Reader {
            lexemes,
            lexicon,
            joints,
        };
        let (lexeme, taken) = reader.joined(read).unwrap_or((first, 1));
        if let Some(place) = lexemes.get_mut(write) {
            *place = lexeme;
        }
        write += 1;
        read += taken.max(1);
    }
    lexemes.truncate(write);
}

struct Reader<'l> {
    lexemes: &'l [Lexeme],
    lexicon: &'l Lexicon,
    joints: Joints,
}

impl Reader<'_> {
    fn value(&self, at: usize, class: Class) -> Option<i32> {
        self.lexemes.get(at)?.value(class, self.lexicon)
    }

    fn is(&self, at: usize, symbol: u16) -> bool {
        self.lexemes
            .get(at)
            .and_then(|lexeme| lexeme.entry)
            .and_then(|index| self.lexicon.entry_at(index))
            .is_some_and(|entry| entry.senses.iter().any(|sense| sense.symbol == symbol))
    }

    fn is_word(&self, at: usize) -> bool {
        self.lexemes
            .get(at)
            .is_some_and(|lexeme| lexeme.kind == Kind::Word)
    }

    /// The number of words from `at`, joined, and how many lexemes it takes; nothing for single ones.
    fn joined(&self, at: usize) -> Option<(Lexeme, usize)> {
        let first = self.lexemes.get(at)?;
        let number = self.value(at, Class::Number)?;
        if first.kind == Kind::Mark {
            return None;
        }
        let (mut end, mut total) = (at + 1, i64::from(number));
        if first.kind == Kind::Word {
            if let Some((lexeme, taken)) = self.spoken_year(at, number) {
                return Some((lexeme, taken));
            }
            (end, total) = self.cardinal(at);
            if let Some((ordinal, taken)) = self.ordinal(at, end, total) {
                let mut lexeme = self.covering(at, taken)?;
                lexeme.mean(Class::Ordinal, ordinal);
                if (1..=31).contains(&ordinal) {
                    lexeme.mean(Class::Day, ordinal);
                }
                return Some((lexeme, taken - at));
            }
        } else {
            while let Some(times) = self
                .value(end, Class::Number)
                .filter(|&times| times >= 100_000 && self.is_word(end) && end - at < LONGEST)
            {
                total = total.saturating_mul(i64::from(times)) / 1000;
                end += 1;
            }
            // "3 1/2" and "3½"
            if let Some(part) = self
                .value(end, Class::Number)
                .filter(|&part| part < 1000 && number % 1000 == 0 && number >= 1000)
                && self.lexemes.get(end)?.kind == Kind::Figure
            {
                total += i64::from(part);
                end += 1;
            }
        }
        if let Some((half_end, part)) = self.and_a_half(end) {
            total += part;
            end = half_end;
        }
        if end == at + 1 {
            return None;
        }
        let mut lexeme = self.covering(at, end)?;
        if let Ok(total) = i32::try_from(total) {
            lexeme.mean(Class::Number, total);
        }
        Some((lexeme, end - at))
    }

    fn covering(&self, at: usize, end: usize) -> Option<Lexeme> {
        let (first, last) = (self.lexemes.get(at)?, self.lexemes.get(end - 1)?);
        let mut lexeme = Lexeme::new(first.start, last.end, first.kind, first.spaced);
        lexeme.capital = first.capital;
        Some(lexeme)
    }

    /// "and a half", "-and-a-half".
    fn and_a_half(&self, from: usize) -> Option<(usize, i64)> {
        let mut at = from;
        for joint in [self.joints.and, self.joints.a, self.joints.half] {
            if self.is(at, self.joints.hyphen) {
                at += 1;
            }
            if !self.is(at, joint) {
                return None;
            }
            at += 1;
        }
        Some((at, 500))
    }

    /// "nineteen ninety-six", "twenty twenty", "nineteen nineties".
    fn spoken_year(&self, at: usize, number: i32) -> Option<(Lexeme, usize)> {
        let century = number / 1000;
        if !(10..=29).contains(&century) || number % 1000 != 0 {
            return None;
        }
        let next = self.skip_hyphen(at + 1);
        if let Some(decade) = self
            .value(next, Class::Decade)
            .filter(|&decade| decade < 10 && self.is_word(next))
        {
            let mut lexeme = self.covering(at, next + 1)?;
            lexeme.mean(Class::Decade, century * 10 + decade);
            return Some((lexeme, next + 1 - at));
        }
        // "twenty four" is a number; a year's second half is never below ten.
        let tens = self.value(at + 1, Class::Number)? / 1000;
        if !(10..=99).contains(&tens) || !self.is_word(at + 1) {
            return None;
        }
        let mut end = at + 2;
        let mut year = century * 100 + tens;
        let unit_at = self.skip_hyphen(end);
        if tens % 10 == 0
            && tens >= 20
            && let Some(unit) = self.value(unit_at, Class::Number).map(|unit| unit / 1000)
            && (1..=9).contains(&unit)
            && self.is_word(unit_at)
        {
            year += unit;
            end = unit_at + 1;
        }
        let mut lexeme = self.covering(at, end)?;
        lexeme.mean(Class::Year, year);
        Some((lexeme, end - at))
    }

    fn skip_hyphen(&self, at: usize) -> usize {
        if self.is(at, self.joints.hyphen) {
            at + 1
        } else {
            at
        }
    }

    /// The cardinal number in words from `at`: where it ends, and its thousandths.
    fn cardinal(&self, at: usize) -> (usize, i64) {
        let (mut total, mut group) = (0_i64, i64::from(self.value(at, Class::Number).unwrap_or(0)));
        let mut end = at + 1;
        while end - at < LONGEST {
            let hyphen = self.is(end, self.joints.hyphen);
            let and = group >= 100_000 && self.is(end, self.joints.and);
            let next = end + usize::from(hyphen || and);
            let Some(number) = self
                .value(next, Class::Number)
                .filter(|_| self.is_word(next))
                .map(i64::from)
            else {
                break;
            };
            match number {
                100_000 if group < 100_000 => group *= 100,
                1_000_000.. if !hyphen => {
                    total += group.saturating_mul(number / 1000);
                    group = 0;
                }
                // "twenty four", "a hundred and five": each part is smaller than the last figure's place.
                1..20_000
                    if group >= 20_000
                        && group % 10_000 == 0
                        && (number < 10_000 || group % 100_000 == 0) =>
                {
                    group += number;
                }
                20_000..100_000 if group % 100_000 == 0 => group += number,
                _ if group == 0 && total > 0 && number < 1_000_000 => group = number,
                _ => break,
            }
            end = next + 1;
        }
        (end, total + group)
    }

    /// "twenty-first": an ordinal right behind tens.
    fn ordinal(&self, at: usize, end: usize, total: i64) -> Option<(i32, usize)> {
        let next = self.skip_hyphen(end);
        let ordinal = self
            .value(next, Class::Ordinal)
            .filter(|_| self.is_word(next))?;
        let tens = i32::try_from(total / 1000).ok()?;
        (tens % 10 == 0 && (20..=90).contains(&tens) && (1..10).contains(&ordinal) && end == at + 1)
            .then_some((tens + ordinal, next + 1))
    }
}
