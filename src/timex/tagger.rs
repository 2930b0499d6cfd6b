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
    value::TimexValue,
};
use crate::{
    language::{Language, RangeWords, When},
    text::Span,
};

/// A language's time rules, ready to run. Cheap to share between threads, dear to make.
#[derive(Debug)]
pub struct Tagger {
    pub(super) lexicon: Lexicon,
    rules: Tree<Meaning>,
    before: Tree<u16>,
    after: Tree<u16>,
    modifiers: Vec<Widening>,
    names: Tree<u16>,
    holidays: Vec<When>,
    joints: Joints,
    order: DateOrder,
    pub(super) ranges: RangeWords,
}

/// A rule that does not compile.
#[derive(Debug, thiserror::Error)]
#[error("timex.toml: {0}")]
pub struct TaggerError(String);

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
    modifiers: [Option<u16>; 3],
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
        for rule in &data.rules {
            let meaning = Meaning::of_name(&rule.meaning)
                .ok_or_else(|| format!("{}: there is no meaning {:?}", rule.name, rule.meaning))?;
            for pattern in &rule.patterns {
                rules
                    .add(pattern, meaning, &mut lexicon)
                    .map_err(|problem| format!("{}: {problem}", rule.name))?;
            }
        }
        let (mut before, mut after, mut modifiers) = (Tree::new(), Tree::new(), Vec::new());
        for (index, rule) in (0_u16..).zip(&data.modifiers) {
            let modifier = rule
                .value
                .as_deref()
                .map(|name| {
                    name.parse()
                        .map_err(|()| format!("there is no modifier {name:?}"))
                })
                .transpose()?;
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
        Ok(Self {
            lexicon,
            rules,
            before,
            after,
            modifiers,
            names,
            holidays: language.holidays.days.iter().map(|day| day.when).collect(),
            joints,
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
        self.scan(text, &lexemes, reference, None)
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

    /// Tags `lexemes`; `direction` overrides what clauses say of past and future.
    pub(super) fn scan(
        &self,
        text: &str,
        lexemes: &[Lexeme],
        reference: Date,
        direction: Option<Direction>,
    ) -> Vec<Timex> {
        let mut anchors = Anchors::new(reference);
        let mut found = Vec::new();
        let mut at = 0;
        let mut candidates = Vec::new();
        while at < lexemes.len() {
            candidates.clear();
            self.candidates(lexemes, at, &mut candidates);
            // The longest first; of two the one that was found first.
            candidates.sort_by_key(|candidate| std::cmp::Reverse(candidate.end));
            let mut next = at + 1;
            for candidate in &candidates {
                if candidate.meaning == Meaning::Nothing {
                    next = candidate.end;
                    break;
                }
                if let Some(timex) =
                    self.read(text, lexemes, at, candidate, &mut anchors, direction)
                {
                    found.push(timex);
                    next = candidate.end;
                    break;
                }
            }
            at = next;
        }
        found
    }

    fn senses<'l>(&'l self, lexemes: &'l [Lexeme], at: usize) -> impl Iterator<Item = Sense> + 'l {
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
            .matches(at, &senses, &mut |len, meaning, captures| {
                let core_end = at + len;
                let plain = Candidate {
                    core: at,
                    core_end,
                    end: core_end,
                    modifiers,
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
        direction: Option<Direction>,
    ) -> Option<Timex> {
        let context = Context {
            text,
            lexemes,
            lexicon: &self.lexicon,
        };
        let typed = direction.is_some();
        if !typed
            && !context.allows(
                candidate.core,
                candidate.core_end,
                candidate.end,
                &candidate.captures,
            )
        {
            return None;
        }
        let given = Given {
            lexicon: &self.lexicon,
            holidays: &self.holidays,
            half: self.joints.half,
            anchors,
            direction: direction.or_else(|| context.direction(at, candidate.end)),
        };
        let resolved = resolve::resolve(candidate.meaning, &candidate.captures, &given)?;
        let mut modifier = None;
        for index in candidate.modifiers.into_iter().flatten() {
            let widening = self.modifiers.get(usize::from(index))?;
            if !widening.kinds.contains(&resolved.kind) {
                return None;
            }
            modifier = modifier.or(widening.modifier);
        }
        let start = lexemes.get(at)?.start;
        let end = lexemes.get(candidate.end.checked_sub(1)?)?.end;
        let span = Span::new(text, start, end)?;
        anchors.note(&resolved);
        let interval = days(&resolved, modifier);
        Some(Timex {
            span,
            kind: resolved.kind,
            value: resolved.value,
            modifier,
            interval,
            basis: resolved.basis,
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

/// The days of a resolved value, narrowed by its modifier.
fn days(resolved: &Resolved, modifier: Option<Modifier>) -> Option<Interval> {
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
    let third = |index| whole.third(index);
    Some(match modifier {
        Some(Modifier::Start) => third(0),
        Some(Modifier::Mid) => third(1),
        Some(Modifier::End) => third(2),
        _ => whole,
    })
}
