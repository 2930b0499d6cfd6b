//! Whether a text tells a history or the news, as far as it has been read.
//!
//! `HeidelTime` is told which of the two domains a text belongs to; here the text tells it. Full dates long
//! before the reference speak for a history, where dates without a year go on from the one before, and most
//! of all where the text begins with one. Dates near the reference, days of the week and words that count
//! from now speak for news. A paragraph is looked through before its first expression is resolved, because
//! a history may open "on the morning of September 9" and name the year a sentence later.

use jiff::civil::Date;

use super::{
    calendar,
    class::Class,
    lexer::{Kind, Lexeme},
    lexicon::{Lexicon, Mark},
};

/// How far behind a month's name its year may stand, in lexemes: "September 16 , 1863".
const REACH: usize = 3;

/// What a date with a month and a year weighs against a year alone.
const FULL_DATE: u16 = 2;

/// What else a full date weighs that the text begins with.
const OPENING: u16 = 1;

/// The news recalls full dates of so many years before: a trial's crime, a treaty's signing.
const RECENT: i16 = 2;

/// What a word that counts from now weighs: "yesterday".
const DEICTIC: u16 = 2;

/// What the text has shown of its genre.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Genre {
    history: u16,
    news: u16,
    /// The first year of the past that a full date names.
    pub(super) year: Option<i16>,
}

/// How many days before the reference the day lies that two lexemes name without a year. A dateline names
/// one of the last days ("PARIS, May 3 --"), and so do news of the last weeks.
fn days_before(first: &Lexeme, second: &Lexeme, lexicon: &Lexicon, reference: Date) -> Option<i32> {
    let says = |lexeme: &Lexeme, class: Class| {
        let value = lexeme.value(class, lexicon)?;
        u8::try_from(value).ok()
    };
    let pair = |month: &Lexeme, day: &Lexeme| {
        let (month, day) = (says(month, Class::Month)?, says(day, Class::Day)?);
        calendar::date(reference.year(), month, day)
    };
    let figures = (first.kind == Kind::Figure) != (second.kind == Kind::Figure);
    if !figures {
        return None;
    }
    pair(first, second)
        .or_else(|| pair(second, first))
        .and_then(|day| day.until(reference).ok())
        .map(|span| span.get_days())
}

impl Genre {
    /// Weighs the dates and days of the paragraph that begins at `from`.
    pub(super) fn read_paragraph(
        &mut self,
        lexemes: &[Lexeme],
        from: usize,
        lexicon: &Lexicon,
        reference: Date,
    ) {
        let text = lexemes.get(from..).unwrap_or_default();
        let breaks = text.iter().position(|lexeme| lexeme.kind == Kind::Break);
        let paragraph = text.get(..breaks.unwrap_or(text.len())).unwrap_or_default();
        let mut since_month = usize::MAX;
        let mut attributive = false;
        let mut before: Option<&Lexeme> = None;
        for (at, lexeme) in paragraph.iter().enumerate() {
            let with_year = || {
                let mut next = paragraph.iter().skip(at + 1).take(2);
                next.any(|next| next.value(Class::Year, lexicon).is_some())
            };
            let near = before
                .and_then(|before| days_before(before, lexeme, lexicon, reference))
                .filter(|_| !with_year());
            self.news = self.news.saturating_add(match near {
                Some(0..=7) => DEICTIC,
                Some(8..=31) => 1,
                _ => 0,
            });
            let determined = before.is_some_and(|before| {
                let entry = before.entry.and_then(|index| lexicon.entry_at(index));
                entry.is_some_and(|entry| entry.is(Mark::Determiner))
            });
            before = Some(lexeme);
            since_month = since_month.saturating_add(1);
            if lexeme.capital
                && (lexeme.value(Class::Month, lexicon).is_some()
                    || lexeme.value(Class::Season, lexicon).is_some())
            {
                since_month = 0;
                attributive = determined;
            }
            let says = |class: Class| lexeme.value(class, lexicon).is_some();
            // "Sunday, 7 December" is said in histories too.
            let dated = || {
                let mut next = paragraph.iter().skip(at + 1).take(3);
                next.any(|next| next.value(Class::Month, lexicon).is_some())
            };
            if says(Class::DayWord) || says(Class::DayPart) || says(Class::Weekday) && !dated() {
                self.news = self.news.saturating_add(DEICTIC);
            }
            let packed = lexeme.value(Class::Date, lexicon).map(|date| date / 10_000);
            let full = packed.is_some() || since_month <= REACH && !attributive;
            let Some(year) = packed
                .or_else(|| lexeme.value(Class::Year, lexicon))
                .and_then(|year| i16::try_from(year).ok())
            else {
                continue;
            };
            since_month = usize::MAX;
            let weight = match full {
                true if from == 0 => FULL_DATE + OPENING,
                true => FULL_DATE,
                false => 1,
            };
            if year + RECENT < reference.year() {
                self.history = self.history.saturating_add(weight);
                if full {
                    self.year.get_or_insert(year);
                }
            } else if full && year <= reference.year() + 1 {
                self.news = self.news.saturating_add(weight);
            }
        }
    }

    /// Notes an expression that counts from now and that its first word does not tell: "last week".
    pub(super) fn hear_deictic(&mut self) {
        self.news = self.news.saturating_add(DEICTIC);
    }

    /// Whether dates without a year belong to the date before rather than to the reference.
    pub(super) fn is_history(self) -> bool {
        self.year.is_some()
            && self.history > FULL_DATE
            && self.history > self.news.saturating_mul(2)
    }
}
