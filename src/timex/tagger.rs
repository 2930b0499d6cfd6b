//! The tagger: a language's rules, compiled once, run over texts.
//!
//! One pass from left to right. At each lexeme that can begin an expression the longest match of
//! modifiers and a rule is taken (after `SynTime`'s finding that token classes and expansion beat
//! hand-made patterns) and resolved against what came before it. Nothing looks behind a gap between
//! paragraphs, so that what follows one changes nothing before it.

use jiff::civil::Date;

use super::{
    DateOrder, Grain, Interval, Modifier, Timex, TimexKind,
    anchors::{Anchors, Direction},
    class::{Class, Sense},
    context::Context,
    lexer::{Kind, Lexeme, Reading, lex},
    lexicon::Lexicon,
    meaning::Meaning,
    numeral::{self, Joints},
    pattern::{Captures, Tree},
    resolve::{self, Given, Resolved},
    value::{Calendar, TimexValue, Unit, Year},
};
use crate::{
    language::{Language, RangeWords, When},
    text::Span,
};

/// A language's time rules, ready to run. Cheap to share between threads, dear to make.
#[derive(Debug)]
pub struct Tagger {
    pub(super) lexicon: Lexicon,
    rules: Tree<u16>,
    sense_of: Vec<Rule>,
    before: Tree<u16>,
    after: Tree<u16>,
    modifiers: Vec<Widening>,
    names: Tree<u16>,
    holidays: Vec<When>,
    joints: Joints,
    /// The words that join two ends of a range.
    to: Vec<u16>,
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

/// What a rule's match comes to.
#[derive(Clone, Copy, Debug)]
struct Rule {
    meaning: Meaning,
    takes: Option<usize>,
    modifier: Option<Modifier>,
}

/// What a modifier does.
#[derive(Debug)]
struct Widening {
    modifier: Option<Modifier>,
    kinds: Vec<TimexKind>,
}

/// One reading of a place in the text.
#[derive(Clone, Copy, Debug)]
struct Candidate {
    /// Where the rule's own words begin and end, in lexemes.
    core: usize,
    core_end: usize,
    end: usize,
    /// Where the words end that decided for it.
    seen: usize,
    modifiers: [Option<u16>; 3],
    implied: Option<Modifier>,
    rule: u16,
    meaning: Meaning,
    captures: Captures,
}

impl Tagger {
    /// Compiles the rules of `language`.
    ///
    /// # Errors
    /// Names the rule that does not compile.
    pub fn new(language: &Language) -> Result<Self, TaggerError> {
        Self::compile(language).map_err(TaggerError)
    }

    fn compile(language: &Language) -> Result<Self, String> {
        let data = &language.timex;
        let mut lexicon = Lexicon::new(data)?;
        let mut rules = Tree::new();
        let mut sense_of = Vec::new();
        for (index, rule) in (0_u16..).zip(&data.rules) {
            let meaning = Meaning::of_name(&rule.meaning)
                .ok_or_else(|| format!("{}: there is no meaning {:?}", rule.name, rule.meaning))?;
            sense_of.push(Rule {
                meaning,
                takes: rule.takes,
                modifier: rule.modifier.as_deref().map(modifier_named).transpose()?,
            });
            for pattern in &rule.patterns {
                rules
                    .add(pattern, index, &mut lexicon)
                    .map_err(|problem| format!("{}: {problem}", rule.name))?;
            }
        }
        let (mut before, mut after, mut modifiers) = (Tree::new(), Tree::new(), Vec::new());
        for (index, rule) in (0_u16..).zip(&data.modifiers) {
            let modifier = rule.value.as_deref().map(modifier_named).transpose()?;
            let kinds = rule
                .kinds
                .iter()
                .map(|name| {
                    name.parse()
                        .map_err(|()| format!("there is no type {name:?}"))
                })
                .collect::<Result<_, _>>()?;
            modifiers.push(Widening { modifier, kinds });
            for pattern in &rule.before {
                before.add(pattern, index, &mut lexicon)?;
            }
            for pattern in &rule.after {
                after.add(pattern, index, &mut lexicon)?;
            }
        }
        let mut names = Tree::new();
        for (index, day) in (0_u16..).zip(&language.holidays.days) {
            for name in &day.names {
                names.add(name, index, &mut lexicon)?;
            }
        }
        let joints = Joints {
            and: lexicon.literal("and")?,
            a: lexicon.literal("a")?,
            half: lexicon.literal("half")?,
            hyphen: lexicon.literal("-")?,
        };
        let to = data
            .ranges
            .to
            .iter()
            .map(|word| lexicon.literal(word))
            .collect::<Result<_, _>>()?;
        Ok(Self {
            lexicon,
            rules,
            sense_of,
            before,
            after,
            modifiers,
            names,
            holidays: language.holidays.days.iter().map(|day| day.when).collect(),
            joints,
            to,
            order: DateOrder::default(),
            ranges: data.ranges.clone(),
        })
    }

    /// The same tagger, reading "02/03/2021" in the given order.
    #[must_use]
    pub fn with_order(mut self, order: DateOrder) -> Self {
        self.order = order;
        self
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
        let mut lexemes = lex(text, &self.lexicon, reading);
        self.join_names(&mut lexemes, typed);
        numeral::join(&mut lexemes, &self.lexicon, self.joints);
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
        let mut found = Vec::new();
        let mut at = 0;
        let mut candidates = Vec::new();
        while at < lexemes.len() {
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
                if let Some(timex) = self.read(text, lexemes, at, candidate, &mut anchors, asked) {
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

    pub(super) fn senses<'l>(
        &'l self,
        lexemes: &'l [Lexeme],
        at: usize,
    ) -> impl Iterator<Item = Sense> + 'l {
        let lexeme = lexemes.get(at);
        let entry = lexeme
            .and_then(|lexeme| lexeme.entry)
            .and_then(|index| self.lexicon.entry_at(index));
        lexeme
            .into_iter()
            .flat_map(|lexeme| lexeme.own())
            .chain(entry.into_iter().flat_map(|entry| &entry.senses))
            .copied()
    }

    /// Every reading that begins at `at`.
    fn candidates(&self, lexemes: &[Lexeme], at: usize, found: &mut Vec<Candidate>) {
        if self.senses(lexemes, at).next().is_none() {
            return;
        }
        self.prefixed(lexemes, at, [None; 3], 0, found);
    }

    fn prefixed(
        &self,
        lexemes: &[Lexeme],
        at: usize,
        modifiers: [Option<u16>; 3],
        depth: usize,
        found: &mut Vec<Candidate>,
    ) {
        let senses = |at: usize| self.senses(lexemes, at);
        self.rules
            .matches(at, &senses, &mut |len, index, captures| {
                let Some(rule) = self.sense_of.get(usize::from(index)) else {
                    return;
                };
                let meaning = rule.meaning;
                let core_end = at + rule.takes.unwrap_or(len).min(len);
                let plain = Candidate {
                    core: at,
                    core_end,
                    end: core_end,
                    seen: at + len,
                    modifiers,
                    implied: rule.modifier,
                    rule: index,
                    meaning,
                    captures: *captures,
                };
                found.push(plain);
                if meaning == Meaning::Nothing {
                    return;
                }
                self.after.matches(core_end, &senses, &mut |len, index, _| {
                    let mut modifiers = modifiers;
                    if let Some(place) = modifiers.get_mut(2) {
                        *place = Some(index);
                    }
                    found.push(Candidate {
                        end: core_end + len,
                        seen: core_end + len,
                        modifiers,
                        ..plain
                    });
                });
            });
        if depth == 2 {
            return;
        }
        let mut prefixes = [(0_usize, 0_u16); 4];
        let mut count = 0;
        self.before.matches(at, &senses, &mut |len, index, _| {
            if let Some(place) = prefixes.get_mut(count) {
                *place = (len, index);
                count += 1;
            }
        });
        for &(len, index) in prefixes.iter().take(count) {
            let mut modifiers = modifiers;
            if let Some(place) = modifiers.get_mut(depth) {
                *place = Some(index);
            }
            self.prefixed(lexemes, at + len, modifiers, depth + 1, found);
        }
    }

    /// Resolves one reading; nothing where it is no time after all.
    fn read(
        &self,
        text: &str,
        lexemes: &[Lexeme],
        at: usize,
        candidate: &Candidate,
        anchors: &mut Anchors,
        asked: Asked,
    ) -> Option<Timex> {
        let context = Context {
            text,
            lexemes,
            lexicon: &self.lexicon,
        };
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
        // "Who is the man of the year?" asks for no year, though prose would tag it.
        if matches!(asked, Asked::Question)
            && candidate.meaning == Meaning::Known
            && resolve::unit(&candidate.captures) != Some(Unit::Weekend)
        {
            return None;
        }
        let direction = match asked {
            Asked::Prose => context.direction(at, candidate.end),
            Asked::Question => Some(Direction::Back),
            Asked::Typed(direction) => Some(direction),
        };
        let given = Given {
            lexicon: &self.lexicon,
            holidays: &self.holidays,
            half: self.joints.half,
            anchors,
            direction,
            strict: !matches!(asked, Asked::Prose),
        };
        let resolved = resolve::resolve(candidate.meaning, &candidate.captures, &given)?;
        let mut modifier = candidate.implied;
        for index in candidate.modifiers.into_iter().flatten() {
            let widening = self.modifiers.get(usize::from(index))?;
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
        anchors.note(&resolved, candidate.meaning);
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
            .senses(lexemes, at)
            .any(|sense| self.to.contains(&sense.symbol));
        let lexeme = lexemes.get(at + 1).filter(|_| joined)?;
        let day = u8::try_from(lexeme.value(Class::Day, &self.lexicon)?).ok()?;
        let goes_on = self.senses(lexemes, at + 2).any(|sense| {
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
            .filter(|next| next.value(Class::Year, &self.lexicon) == Some(i32::from(year)));
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
                basis: super::Basis::Anaphoric,
            },
            from: at + 1,
            to,
        })
    }

    /// Joins the words of each holiday's name into one lexeme.
    fn join_names(&self, lexemes: &mut Vec<Lexeme>, typed: bool) {
        let mut write = 0;
        let mut read = 0;
        while let Some(&first) = lexemes.get(read) {
            let mut longest = None;
            if first.capital || typed {
                let senses = |at: usize| self.senses(lexemes, at);
                self.names.matches(read, &senses, &mut |len, index, _| {
                    if longest.is_none_or(|(known, _)| len > known) {
                        longest = Some((len, index));
                    }
                });
            }
            let (lexeme, taken) = match longest {
                Some((len, index)) => {
                    let end = lexemes
                        .get(read + len - 1)
                        .map_or(first.end, |last| last.end);
                    let mut lexeme = Lexeme::new(first.start, end, Kind::Word, first.spaced);
                    lexeme.capital = true;
                    lexeme.mean(Class::Holiday, i32::from(index));
                    (lexeme, len)
                }
                None => (first, 1),
            };
            if let Some(place) = lexemes.get_mut(write) {
                *place = lexeme;
            }
            write += 1;
            read += taken;
        }
        lexemes.truncate(write);
    }
}

fn modifier_named(name: &str) -> Result<Modifier, String> {
    name.parse()
        .map_err(|()| format!("there is no modifier {name:?}"))
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
