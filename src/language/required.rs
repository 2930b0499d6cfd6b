//! The literals without which a pattern cannot match, so that most texts need not be searched for it.
//!
//! From a regular expression follows what every match must contain: of some groups of literals at least one
//! each (Cox, Regular Expression Matching with a Trigram Index, 2012, does the same with trigrams). One pass
//! of Aho and Corasick's machine over a text tells which literals of all patterns stand in it; only patterns
//! of which each group is met are tried. Case within ASCII is passed over, so that a pattern that does the
//! same stays one literal. What is told is only ever "cannot match": a pattern that is tried in vain costs
//! time and nothing else.

use std::collections::{BTreeMap, BTreeSet};

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use regex_syntax::hir::{Class, Hir, HirKind};

/// How many literals a group may have; a group of more says too little to be worth it.
const GROUP: usize = 160;

/// Literals of which a match contains at least one.
type Group = BTreeSet<String>;

/// Several patterns' required literals.
#[derive(Debug)]
pub(super) struct Required {
    machine: Option<AhoCorasick>,
    /// The groups that each literal stands in.
    groups_of: Vec<Vec<usize>>,
    groups: usize,
    /// The groups of each pattern.
    needs: Vec<Vec<usize>>,
}

impl Required {
    /// The literals that `patterns` require. A pattern that is no regular expression requires none.
    pub(super) fn of<'p>(patterns: impl IntoIterator<Item = &'p str>) -> Self {
        let mut groups: BTreeMap<Group, usize> = BTreeMap::new();
        let mut needs = Vec::new();
        for pattern in patterns {
            let required = regex_syntax::parse(pattern)
                .map(|parsed| Contained::of(&parsed).required())
                .unwrap_or_default();
            let mut own: Vec<usize> = Vec::new();
            for group in required.into_iter().filter(tells) {
                let next = groups.len();
                own.push(*groups.entry(group).or_insert(next));
            }
            needs.push(own);
        }
        let mut literals: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (group, &number) in &groups {
            for literal in group {
                literals.entry(literal).or_default().push(number);
            }
        }
        Self {
            // A machine that cannot be built rules nothing out.
            machine: AhoCorasick::builder()
                .kind(Some(AhoCorasickKind::DFA))
                .ascii_case_insensitive(true)
                .build(literals.keys())
                .ok(),
            groups: groups.len(),
            groups_of: literals.into_values().collect(),
            needs,
        }
    }

    /// For each pattern whether it may match somewhere in `text`.
    pub(super) fn possible(&self, text: &str) -> Vec<bool> {
        let Some(machine) = &self.machine else {
            return vec![true; self.needs.len()];
        };
        let mut met = vec![false; self.groups];
        for found in machine.find_overlapping_iter(text) {
            for group in self
                .groups_of
                .get(found.pattern().as_usize())
                .into_iter()
                .flatten()
            {
                if let Some(met) = met.get_mut(*group) {
                    *met = true;
                }
            }
        }
        let is_met = |group: &usize| met.get(*group).copied().unwrap_or(true);
        self.needs
            .iter()
            .map(|groups| groups.iter().all(is_met))
            .collect()
    }
}

/// Whether a group says anything: nearly every text has a blank, each letter, a comma and a full stop.
fn tells(group: &Group) -> bool {
    let common = |letter: char| letter.is_alphanumeric() || matches!(letter, ',' | '.');
    !group.is_empty()
        && group.len() <= GROUP
        && group.iter().all(|literal| {
            let says = literal.trim();
            !(says.is_empty() || says.len() == 1 && says.chars().all(common))
        })
}

/// What stands in every match of an expression.
enum Contained {
    /// One of these is the match.
    Exactly(Group),
    /// Of each group, one.
    Among(Vec<Group>),
}

impl Contained {
    fn of(expression: &Hir) -> Self {
        match expression.kind() {
            HirKind::Empty | HirKind::Look(_) => Self::Exactly(Group::from([String::new()])),
            HirKind::Literal(literal) => match str::from_utf8(&literal.0) {
                Ok(literal) => Self::Exactly(Group::from([literal.to_ascii_lowercase()])),
                Err(_) => Self::Among(Vec::new()),
            },
            HirKind::Class(class) => Self::of_class(class),
            HirKind::Repetition(repetition) => match (repetition.min, Self::of(&repetition.sub)) {
                (0, Self::Exactly(mut group)) if repetition.max == Some(1) => {
                    group.insert(String::new());
                    Self::Exactly(group)
                }
                (0, _) => Self::Among(Vec::new()),
                (_, once) => Self::Among(once.required()),
            },
            HirKind::Capture(capture) => Self::of(&capture.sub),
            HirKind::Concat(parts) => Self::of_row(parts),
            HirKind::Alternation(branches) => Self::of_branches(branches),
        }
    }

    fn of_class(class: &Class) -> Self {
        let Class::Unicode(class) = class else {
            return Self::Among(Vec::new());
        };
        let letters: usize = class
            .iter()
            .map(regex_syntax::hir::ClassUnicodeRange::len)
            .sum();
        if letters > 8 {
            return Self::Among(Vec::new());
        }
        let letters = class.iter().flat_map(|range| range.start()..=range.end());
        Self::Exactly(
            letters
                .map(|letter| letter.to_ascii_lowercase().to_string())
                .collect(),
        )
    }

    /// One part after the other.
    fn of_row(parts: &[Hir]) -> Self {
        let mut required = Vec::new();
        let mut exact = true;
        let mut row = Group::from([String::new()]);
        for part in parts {
            match Self::of(part) {
                Self::Exactly(group) if row.len() * group.len() <= GROUP => {
                    row = row
                        .iter()
                        .flat_map(|before| {
                            group.iter().map(move |after| format!("{before}{after}"))
                        })
                        .collect();
                }
                Self::Exactly(group) => {
                    exact = false;
                    required.push(std::mem::replace(&mut row, group));
                }
                Self::Among(groups) => {
                    exact = false;
                    required.push(std::mem::replace(&mut row, Group::from([String::new()])));
                    required.extend(groups);
                }
            }
        }
        if exact {
            return Self::Exactly(row);
        }
        required.push(row);
        required.retain(tells);
        Self::Among(required.iter().map(shortest).collect())
    }

    /// One part or the other.
    fn of_branches(branches: &[Hir]) -> Self {
        let mut exact = true;
        let mut all = Group::new();
        for branch in branches {
            let branch = match Self::of(branch) {
                Self::Exactly(group) => group,
                Self::Among(groups) => {
                    exact = false;
                    // Of what a branch requires one group will do, best the one with the longest literals.
                    let longest = |group: &Group| group.iter().map(String::len).min();
                    match groups.into_iter().filter(tells).max_by_key(longest) {
                        Some(group) => group,
                        None => return Self::Among(Vec::new()),
                    }
                }
            };
            all.extend(branch);
        }
        if exact && all.len() <= GROUP {
            Self::Exactly(all)
        } else {
            Self::Among(vec![shortest(&all)])
        }
    }

    fn required(self) -> Vec<Group> {
        match self {
            Self::Exactly(group) => vec![shortest(&group)],
            Self::Among(groups) => groups,
        }
    }
}

/// The group without literals that contain another one of it.
fn shortest(group: &Group) -> Group {
    let contains_another = |long: &String| {
        group
            .iter()
            .any(|short| short != long && long.contains(short.as_str()))
    };
    group
        .iter()
        .filter(|literal| !contains_another(literal))
        .cloned()
        .collect()
}
