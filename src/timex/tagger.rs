//! The tagger: a language's rules, compiled once, run over texts.
//!
//! One pass from left to right. At each lexeme that can begin an expression the longest match of
//! modifiers and a rule is taken (after `SynTime`'s finding that token classes and expansion beat
//! hand-made patterns) and resolved against what came before it. Nothing looks behind a gap between
//! paragraphs, so that what follows one changes nothing before it.

use jiff::civil::Date;

use super::{
    Basis, DateOrder, Grain, Interval, Modifier, Timex, TimexKind,
    anchors::{Anchors, Direction},
    candidates::Candidate,
    class::Class,
    context::{Clauses, Context},
    lexer::{Kind, Lexeme, Reading, lex},
    meaning::Meaning,
    numeral,
    resolve::{self, Given, Resolved},
    rules::Rules,
    value::{Calendar, TimexValue, Unit, Year},
};
use crate::{
    language::{Language, RangeWords},
    text::Span,
};

/// A language's time rules, ready to run. Cheap to share between threads, dear to make.
#[derive(Debug)]
pub struct Tagger {
    pub(super) rules: Rules,
    order: DateOrder,
    pub(super) ranges: RangeWords,
}

/// A rule that does not compile.
#[derive(Debug, thiserror::Error)]
#[error("timex.toml: {0}")]
pub struct TaggerError(String);

/// For whom a text is tagged.
#[derive(Clone, Copy, Debug)]
pub(super) enum Asked {
    /// An article: clauses say whether they look back or ahead.
    Prose,
    /// A question about an archive, which can only look back.
    Question,
    /// A date typed as such: every word counts, in any case.
    Typed(Direction),
}

/// A time expression and the lexemes that it takes.
#[derive(Clone, Debug)]
pub(super) struct Placed {
    pub(super) timex: Timex,
    pub(super) from: usize,
    pub(super) to: usize,
}

impl Tagger {
    /// Compiles the rules of `language`.
    ///
    /// # Errors
    /// Names the rule that does not compile.
    pub fn new(language: &Language) -> Result<Self, TaggerError> {
        Ok(Self {
            rules: Rules::compile(language).map_err(TaggerError)?,
            order: language.date_order,
            ranges: language.timex.ranges.clone(),
        })
    }

    /// The time expressions of `text` in order, resolved against `reference` (its publication date).
    #[must_use]
    pub fn tag(&self, text: &str, reference: Date) -> Vec<Timex> {
        let lexemes = self.lexemes(text, false);
        self.scan(text, &lexemes, reference, Asked::Prose)
            .into_iter()
            .map(|placed| placed.timex)
            .collect()
    }

    /// The lexemes of `text`, with names of days and numbers joined.
    pub(super) fn lexemes(&self, text: &str, typed: bool) -> Vec<Lexeme> {
        let reading = Reading {
            order: self.order,
            typed,
        };
        let mut lexemes = lex(text, &self.rules.lexicon, reading);
        self.rules.join_names(&mut lexemes, typed);
        numeral::join(&mut lexemes, &self.rules.lexicon, self.rules.joints);
        lexemes
    }

    /// Tags `lexemes` as `asked`.
    pub(super) fn scan(
        &self,
        text: &str,
        lexemes: &[Lexeme],
        reference: Date,
        asked: Asked,
    ) -> Vec<Placed> {
        let mut anchors = Anchors::new(reference);
        let context = Context {
            text,
            lexemes,
            lexicon: &self.rules.lexicon,
            clauses: &Clauses::default(),
        };
        let mut found = Vec::new();
        let mut at = 0;
        let mut candidates = Vec::new();
        let prose = matches!(asked, Asked::Prose);
        let mut opens = true;
        while let Some(lexeme) = lexemes.get(at) {
            if prose && opens && lexeme.kind != Kind::Break {
                let lexicon = &self.rules.lexicon;
                anchors
                    .genre
                    .read_paragraph(lexemes, at, lexicon, reference);
            }
            opens = lexeme.kind == Kind::Break;
            candidates.clear();
            self.candidates(lexemes, at, &mut candidates);
            // The longest first; of two the one whose rule stands first.
            candidates.sort_by_key(|candidate| (std::cmp::Reverse(candidate.seen), candidate.rule));
            let mut next = at + 1;
            for candidate in &candidates {
                if candidate.meaning == Meaning::Nothing {
                    next = candidate.end;
                    break;
                }
                let timex = self.read(context, at, candidate, &mut anchors, asked);
                // "2,500 years ago" lies before the years that the notation can write.
                if let Some(timex) = timex.filter(|timex| timex.value.can_be_written()) {
                    found.push(Placed {
                        timex,
                        from: at,
                        to: candidate.end,
                    });
                    next = candidate.end;
                    if let Some(second) = self.second_day(text, lexemes, next, candidate, &anchors)
                    {
                        next = second.to;
                        found.push(second);
                    }
                    break;
                }
                // "February 30" is no date, and its February is none either.
                let parts = &candidate.captures;
                if parts.get(Class::Month).is_some() && parts.get(Class::Day).is_some() {
                    next = candidate.end;
                    break;
                }
            }
            at = next;
        }
        found
    }

    /// Resolves one reading; nothing where it is no time after all.
    fn read(
        &self,
        context: Context<'_>,
        at: usize,
        candidate: &Candidate,
        anchors: &mut Anchors,
        asked: Asked,
    ) -> Option<Timex> {
        let Context { text, lexemes, .. } = context;
        let lenient = matches!(asked, Asked::Typed(_));
        if !lenient
            && !context.allows(
                candidate.core,
                candidate.core_end,
                candidate.end,
                &candidate.captures,
            )
        {
            return None;
        }
        // "Now, this is how it went" tells of no time.
        if candidate.meaning == Meaning::Present
            && candidate.end == at + 1
            && lexemes.get(at).is_some_and(|word| word.capital)
            && context.is_comma(candidate.end)
        {
            return None;
        }
        // "the Player of the Year"
        if candidate.meaning == Meaning::Known
            && lexemes
                .get(candidate.core_end.checked_sub(1)?)
                .is_some_and(|unit| unit.capital)
        {
            return None;
        }
        // "Who is the man of the year?" asks for no year, though prose would tag it.
        if matches!(asked, Asked::Question)
            && candidate.meaning == Meaning::Known
            && resolve::unit(&candidate.captures) != Some(Unit::Weekend)
        {
            return None;
        }
        let asked = match asked {
            Asked::Prose => None,
            Asked::Question => Some(Direction::Back),
            Asked::Typed(direction) => Some(direction),
        };
        let given = Given {
            lexicon: &self.rules.lexicon,
            holidays: &self.rules.holidays,
            half: self.rules.joints.half,
            anchors,
            asked,
            context,
            from: at,
            to: candidate.end,
        };
        let resolved = resolve::resolve(candidate.meaning, &candidate.captures, &given)?;
        let mut modifier = candidate.implied;
        for index in candidate.modifiers.into_iter().flatten() {
            let widening = self.rules.modifiers.get(usize::from(index))?;
            if !widening.kinds.contains(&resolved.kind) {
                return None;
            }
            // "over the past year": what counts lengths counts no known stretch of time.
            let counts = matches!(
                widening.modifier,
                Some(
                    Modifier::LessThan
                        | Modifier::MoreThan
                        | Modifier::EqualOrLess
                        | Modifier::EqualOrMore
                )
            );
            let countable = matches!(
                candidate.meaning,
                Meaning::Length | Meaning::Ago | Meaning::Hence | Meaning::Earlier | Meaning::Later
            ) && candidate.captures.get(Class::Shift).is_none()
                && candidate.captures.get(Class::Some).is_none();
            if counts && !countable {
                return None;
            }
            modifier = modifier.or(widening.modifier);
        }
        let start = lexemes.get(at)?.start;
        let end = lexemes.get(candidate.end.checked_sub(1)?)?.end;
        let span = Span::new(text, start, end)?;
        let parts = &candidate.captures;
        let says = |class: Class| parts.get(class).is_some();
        let from_now = resolved.basis == Basis::Deictic
            && (candidate.meaning == Meaning::Ago
                || [Class::Shift, Class::DayWord, Class::DayPart]
                    .into_iter()
                    .any(says)
                || says(Class::Weekday) && !says(Class::Month));
        if from_now && (candidate.meaning == Meaning::Ago || says(Class::Shift)) {
            anchors.genre.hear_deictic();
        }
        anchors.note(&resolved, candidate.meaning, from_now);
        let interval = resolved
            .interval
            .or_else(|| days(&resolved, modifier, anchors.reference));
        Some(Timex {
            span,
            kind: resolved.kind,
            value: resolved.value,
            modifier,
            interval,
            basis: resolved.basis,
        })
    }

    /// "25" of "April 24 and 25".
    fn second_day(
        &self,
        text: &str,
        lexemes: &[Lexeme],
        at: usize,
        first: &Candidate,
        anchors: &Anchors,
    ) -> Option<Placed> {
        first.captures.get(Class::Month)?;
        first.captures.get(Class::Day)?;
        let Some(Calendar::Day(Year::Is(year), Some(month), Some(first_day))) = anchors.last else {
            return None;
        };
        let joined = self
            .rules
            .senses(lexemes, at)
            .any(|sense| self.rules.to.contains(&sense.symbol));
        let lexeme = lexemes.get(at + 1).filter(|_| joined)?;
        let day = u8::try_from(lexeme.value(Class::Day, &self.rules.lexicon)?).ok()?;
        let goes_on = self.rules.senses(lexemes, at + 2).any(|sense| {
            [Class::Month, Class::Unit, Class::Units, Class::HalfDay]
                .iter()
                .any(|class| class.symbol() == sense.symbol)
        });
        let counts = lexemes
            .get(at + 2)
            .is_some_and(|next| next.kind == Kind::Word && next.spaced && !next.capital)
            && lexeme.kind == Kind::Word;
        if goes_on || counts || day <= first_day {
            return None;
        }
        let value = Calendar::Day(Year::Is(year), Some(month), Some(day));
        let interval = value.interval()?;
        // "June 10-12, 2019": the year that the first was read with.
        let comma = usize::from(lexemes.get(at + 2).is_some_and(|next| {
            Span::new(text, next.start, next.end).is_some_and(|span| span.of(text) == ",")
        }));
        let closing = lexemes
            .get(at + 2 + comma)
            .filter(|next| next.value(Class::Year, &self.rules.lexicon) == Some(i32::from(year)));
        let (end, to) = match closing {
            Some(closing) => (closing.end, at + 3 + comma),
            None => (lexeme.end, at + 2),
        };
        Some(Placed {
            timex: Timex {
                span: Span::new(text, lexeme.start, end)?,
                kind: TimexKind::Date,
                value: TimexValue::Calendar(value),
                modifier: None,
                interval: Some(interval),
                basis: Basis::Anaphoric,
            },
            from: at + 1,
            to,
        })
    }
}

/// The days of a resolved value, narrowed by its modifier.
fn days(resolved: &Resolved, modifier: Option<Modifier>, reference: Date) -> Option<Interval> {
    let (TimexValue::Calendar(value) | TimexValue::Clock(value, _)) = &resolved.value else {
        return None;
    };
    if resolved.kind == TimexKind::Set {
        return None;
    }
    let whole = value.interval()?;
    if value.grain() == Grain::Day {
        return Some(whole);
    }
    // "earlier this month" and "later this year" are parted by the day of writing.
    if whole.contains(reference) {
        let parted = match modifier {
            Some(Modifier::Start) => Interval::new(whole.begin(), reference),
            Some(Modifier::End) => Interval::new(reference, whole.end()),
            _ => None,
        };
        if let Some(parted) = parted {
            return Some(parted);
        }
    }
    let third = |index| whole.third(index);
    Some(match modifier {
        Some(Modifier::Start) => third(0),
        Some(Modifier::Mid) => third(1),
        Some(Modifier::End) => third(2),
        _ => whole,
    })
}
