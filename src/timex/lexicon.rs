//! A language's words of time, compiled: word → senses.

use rustc_hash::FxHashMap;

use super::{
    class::{Class, Sense},
    value::{PartOfDay, Season, TimexValue, Unit},
};
use crate::language::{Payload, TimexData};

/// What the lexicon says of one word.
#[derive(Clone, Debug, Default)]
pub(super) struct Entry {
    pub(super) senses: Vec<Sense>,
    pub(super) tense: Option<Tense>,
    /// Words that make it a sign of the future.
    pub(super) future_after: Vec<String>,
    marks: u16,
}

/// What else may be known of a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    /// A full stop after the word is part of it.
    Abbreviation,
    /// It means a time only with a capital letter.
    Capital,
    /// Alone it is a name or a verb as often as a time.
    Doubtful,
    /// Alone it is no time without its full stop.
    Alone,
    /// What makes a doubtful word a time.
    BeforeDoubtful,
    /// A year may follow whatever comes after it.
    BeforeYear,
    /// No year follows it.
    NeverBeforeYear,
    /// No year stands before it.
    NeverAfterYear,
    /// A preposition that looks ahead.
    Ahead,
    /// An auxiliary after which a past form is a passive.
    Passive,
    /// What may stand between two years.
    Joint,
    /// What may stand before a year that stands before a noun.
    Determiner,
    /// A preposition after which a length is counted from now.
    Hence,
}

impl Entry {
    pub(super) fn is(&self, mark: Mark) -> bool {
        self.marks & (1 << mark as u16) != 0
    }

    fn mark(&mut self, mark: Mark) {
        self.marks |= 1 << mark as u16;
    }
}

/// What a word says of its clause's time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tense {
    Past,
    Present,
    Future,
}

/// Words and symbols.
#[derive(Debug, Default)]
pub(super) struct Lexicon {
    words: FxHashMap<Box<str>, u32>,
    entries: Vec<Entry>,
    next_symbol: u16,
    recurrences: Vec<TimexValue>,
    pub(super) past_ending: String,
}

/// No word is longer than this many bytes, so that longer ones need not be folded.
pub(super) const LONGEST: usize = 24;

impl Lexicon {
    /// Reads the words of `data`.
    pub(super) fn new(data: &TimexData) -> Result<Self, String> {
        let mut lexicon = Self {
            next_symbol: Class::LITERALS,
            past_ending: data.tense.past_ending.clone(),
            ..Self::default()
        };
        for (class_name, words) in &data.words {
            let class = Class::of_name(class_name)
                .ok_or_else(|| format!("words.{class_name}: there is no such class"))?;
            for (word, payload) in words {
                let value = lexicon.number(class, payload).ok_or_else(|| {
                    format!("words.{class_name}.{word}: {payload:?} is no {class_name}")
                })?;
                let capital = data.doubtful.capital.contains(word);
                let entry = lexicon.entry(word)?;
                entry.senses.push(Sense::of(class, value));
                if capital {
                    entry.mark(Mark::Capital);
                }
            }
        }
        for (words, tense) in [
            (&data.tense.past, Tense::Past),
            (&data.tense.present, Tense::Present),
            (&data.tense.future, Tense::Future),
        ] {
            for word in words {
                // Of two words the second tells the tense, if the first stands before it.
                if let Some((first, second)) = word.split_once(' ') {
                    lexicon.entry(second)?.future_after.push(first.to_owned());
                } else {
                    lexicon.entry(word)?.tense = Some(tense);
                }
            }
        }
        for (words, mark) in [
            (&data.tense.ahead, Mark::Ahead),
            (&data.tense.passive, Mark::Passive),
            (&data.tense.hence, Mark::Hence),
            (&data.years.after, Mark::BeforeYear),
            (&data.years.between, Mark::Joint),
            (&data.years.determiners, Mark::Determiner),
            (&data.years.never_after, Mark::NeverBeforeYear),
            (&data.years.never_before, Mark::NeverAfterYear),
            (&data.doubtful.words, Mark::Doubtful),
            (&data.doubtful.alone, Mark::Alone),
            (&data.doubtful.after, Mark::BeforeDoubtful),
        ] {
            for word in words {
                lexicon.entry(word)?.mark(mark);
            }
        }
        Ok(lexicon)
    }

    /// The symbol of a literal word in a pattern.
    pub(super) fn literal(&mut self, word: &str) -> Result<u16, String> {
        let next = self.next_symbol;
        let entry = self.entry(word)?;
        if let Some(sense) = entry
            .senses
            .iter()
            .find(|sense| sense.symbol >= Class::LITERALS)
        {
            return Ok(sense.symbol);
        }
        // First, because a word's literal sense is the likeliest to be matched.
        entry.senses.insert(
            0,
            Sense {
                symbol: next,
                value: 0,
            },
        );
        self.next_symbol += 1;
        Ok(next)
    }

    /// What is known of the folded `word`.
    pub(super) fn get(&self, word: &str) -> Option<u32> {
        self.words.get(word).copied()
    }

    /// The entry under an index that [`Lexicon::get`] gave.
    pub(super) fn entry_at(&self, index: u32) -> Option<&Entry> {
        self.entries.get(index as usize)
    }

    /// The value of an adverb of recurrence.
    pub(super) fn recurrence(&self, index: i32) -> Option<&TimexValue> {
        self.recurrences.get(usize::try_from(index).ok()?)
    }

    fn entry(&mut self, word: &str) -> Result<&mut Entry, String> {
        let folded = word.to_lowercase();
        let (bare, abbreviation) = match folded.strip_suffix('.') {
            // "p.m." keeps its last stop in the lexer's own reading; "jan." does not.
            Some(bare) if !bare.is_empty() && !bare.contains('.') => (bare, true),
            _ => (folded.as_str(), false),
        };
        if bare.len() > LONGEST {
            return Err(format!("{word:?} is longer than {LONGEST} bytes"));
        }
        let index = if let Some(&index) = self.words.get(bare) {
            index
        } else {
            let index = u32::try_from(self.entries.len()).map_err(|error| error.to_string())?;
            self.words.insert(bare.into(), index);
            self.entries.push(Entry::default());
            index
        };
        let entry = self
            .entries
            .get_mut(index as usize)
            .ok_or_else(|| format!("{word:?} has no entry"))?;
        if abbreviation {
            entry.mark(Mark::Abbreviation);
        }
        Ok(entry)
    }

    fn number(&mut self, class: Class, payload: &Payload) -> Option<i32> {
        match (class, payload) {
            (Class::Number, Payload::Number(number)) => Some(round(number * 1000.0)),
            (Class::Unit | Class::Units, Payload::Code(code)) => {
                Unit::of_name(code).map(|unit| unit as i32)
            }
            (Class::Season, Payload::Code(code)) => {
                Season::of_code(code).map(|season| season as i32)
            }
            (Class::Part | Class::DayPart, Payload::Code(code)) => {
                PartOfDay::of_code(code).map(|part| part as i32)
            }
            (Class::Recurrence, Payload::Code(code)) => {
                self.recurrences.push(code.parse().ok()?);
                i32::try_from(self.recurrences.len() - 1).ok()
            }
            (
                Class::Unit
                | Class::Units
                | Class::Season
                | Class::Part
                | Class::DayPart
                | Class::Recurrence,
                Payload::Number(_),
            )
            | (_, Payload::Code(_)) => None,
            (_, Payload::Number(number)) => Some(round(*number)),
        }
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "data files count in small numbers, and a wild one only saturates"
)]
fn round(number: f64) -> i32 {
    number.round() as i32
}
