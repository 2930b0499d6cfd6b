//! A language's rules, compiled: words, patterns, modifiers, named days.

use super::{
    Modifier, TimexKind,
    class::{Class, Sense},
    lexer::{Kind, Lexeme},
    lexicon::Lexicon,
    meaning::Meaning,
    numeral::Joints,
    pattern::Tree,
};
use crate::language::{Language, When};

/// Everything that matching looks up.
#[derive(Debug)]
pub(super) struct Rules {
    pub(super) lexicon: Lexicon,
    /// Patterns of expressions, by the index of their rule.
    pub(super) patterns: Tree<u16>,
    pub(super) meanings: Vec<Rule>,
    /// Patterns of what stands before and after an expression, by the index of its modifier.
    pub(super) before: Tree<u16>,
    pub(super) after: Tree<u16>,
    pub(super) modifiers: Vec<Widening>,
    /// Names of days, by the index of the holiday.
    names: Tree<u16>,
    pub(super) holidays: Vec<When>,
    pub(super) joints: Joints,
    /// The words that join two ends of a range.
    pub(super) to: Vec<u16>,
}

/// What a rule's match comes to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rule {
    pub(super) meaning: Meaning,
    pub(super) takes: Option<usize>,
    pub(super) modifier: Option<Modifier>,
}

/// What a modifier does.
#[derive(Debug)]
pub(super) struct Widening {
    pub(super) modifier: Option<Modifier>,
    pub(super) kinds: Vec<TimexKind>,
}

impl Rules {
    /// Compiles the rules of `language`; a failure names the rule.
    pub(super) fn compile(language: &Language) -> Result<Self, String> {
        let data = &language.timex;
        let mut lexicon = Lexicon::new(data)?;
        let mut patterns = Tree::new();
        let mut meanings = Vec::new();
        for (index, rule) in (0_u16..).zip(&data.rules) {
            let meaning = Meaning::of_name(&rule.meaning)
                .ok_or_else(|| format!("{}: there is no meaning {:?}", rule.name, rule.meaning))?;
            meanings.push(Rule {
                meaning,
                takes: rule.takes,
                modifier: rule.modifier.as_deref().map(modifier_named).transpose()?,
            });
            for pattern in &rule.patterns {
                patterns
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
            patterns,
            meanings,
            before,
            after,
            modifiers,
            names,
            holidays: language.holidays.days.iter().map(|day| day.when).collect(),
            joints,
            to,
        })
    }

    /// What the lexeme at `at` may mean.
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
            .flat_map(Lexeme::own)
            .chain(entry.into_iter().flat_map(|entry| &entry.senses))
            .copied()
    }

    /// Joins the words of each holiday's name into one lexeme.
    pub(super) fn join_names(&self, lexemes: &mut Vec<Lexeme>, typed: bool) {
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
