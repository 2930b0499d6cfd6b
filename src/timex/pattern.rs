//! Patterns over lexemes, compiled into one tree.
//!
//! A pattern is a sequence of `<class>` and literal words, with `( )`, `|` and `?`. Each is written out
//! into the plain sequences that it stands for, and all sequences share one tree, so that matching
//! looks at each lexeme once a branch however many rules there are. A sequence is at most
//! [`LONGEST`] elements long, which bounds the work at any place of a text.

use super::{
    class::{Class, Sense},
    lexicon::Lexicon,
};

/// The most elements of a sequence.
pub(super) const LONGEST: usize = 14;

/// The tree; `T` says what a full match means.
#[derive(Debug)]
pub(super) struct Tree<T> {
    nodes: Vec<Node<T>>,
}

#[derive(Debug)]
struct Node<T> {
    /// Sorted by symbol.
    edges: Vec<(u16, u32)>,
    accepts: Option<T>,
}

/// What was captured on the way: the senses in order.
#[derive(Clone, Copy, Debug)]
pub(super) struct Captures {
    senses: [Sense; LONGEST],
    len: usize,
}

impl Captures {
    pub(super) const NONE: Self = Self {
        senses: [Sense {
            symbol: u16::MAX,
            value: 0,
        }; LONGEST],
        len: 0,
    };

    /// The senses, literal words among them.
    pub(super) fn iter(&self) -> impl DoubleEndedIterator<Item = Sense> + '_ {
        self.senses.iter().take(self.len).copied()
    }

    /// The first number captured for `class`.
    pub(super) fn get(&self, class: Class) -> Option<i32> {
        self.nth(class, 0)
    }

    /// The number captured for the `index`th mention of `class`.
    pub(super) fn nth(&self, class: Class, index: usize) -> Option<i32> {
        self.iter()
            .filter(|sense| sense.symbol == class.symbol())
            .nth(index)
            .map(|sense| sense.value)
    }

    fn push(&mut self, sense: Sense) {
        if let Some(place) = self.senses.get_mut(self.len) {
            *place = sense;
            self.len += 1;
        }
    }

    fn pop(&mut self) {
        self.len = self.len.saturating_sub(1);
    }
}

impl<T: Copy> Tree<T> {
    pub(super) fn new() -> Self {
        Self {
            nodes: vec![Node {
                edges: Vec::new(),
                accepts: None,
            }],
        }
    }

    /// Adds `pattern`; of two that accept the same sequence the first keeps it.
    pub(super) fn add(
        &mut self,
        pattern: &str,
        meaning: T,
        lexicon: &mut Lexicon,
    ) -> Result<(), String> {
        for sequence in sequences(pattern)? {
            if sequence.is_empty() || sequence.len() > LONGEST {
                return Err(format!(
                    "{pattern:?} stands for a sequence of {} elements, 1 to {LONGEST} are allowed",
                    sequence.len()
                ));
            }
            let mut at = 0_usize;
            for element in sequence {
                let symbol = match element.strip_prefix('<').and_then(|e| e.strip_suffix('>')) {
                    Some(class) => Class::of_name(class)
                        .ok_or_else(|| format!("{pattern:?}: there is no class {class:?}"))?
                        .symbol(),
                    None => lexicon.literal(&element)?,
                };
                at = self.step_or_grow(at, symbol)?;
            }
            if let Some(node) = self.nodes.get_mut(at) {
                node.accepts.get_or_insert(meaning);
            }
        }
        Ok(())
    }

    fn step_or_grow(&mut self, at: usize, symbol: u16) -> Result<usize, String> {
        let next = self.nodes.len();
        let node = self
            .nodes
            .get_mut(at)
            .ok_or_else(|| "the tree lost a node".to_owned())?;
        match node.edges.binary_search_by_key(&symbol, |edge| edge.0) {
            Ok(found) => Ok(node.edges.get(found).map_or(0, |edge| edge.1 as usize)),
            Err(place) => {
                let index = u32::try_from(next).map_err(|error| error.to_string())?;
                node.edges.insert(place, (symbol, index));
                self.nodes.push(Node {
                    edges: Vec::new(),
                    accepts: None,
                });
                Ok(next)
            }
        }
    }

    /// Every match that begins at `start`: `found` gets how many lexemes it takes, what it means and
    /// what it captured. `senses` gives the senses of a lexeme.
    pub(super) fn matches<'l, I: Iterator<Item = Sense> + 'l>(
        &self,
        start: usize,
        senses: &dyn Fn(usize) -> I,
        found: &mut dyn FnMut(usize, T, &Captures),
    ) {
        self.descend(0, start, start, &mut Captures::NONE.clone(), senses, found);
    }

    fn descend<'l, I: Iterator<Item = Sense> + 'l>(
        &self,
        node: usize,
        start: usize,
        at: usize,
        captures: &mut Captures,
        senses: &dyn Fn(usize) -> I,
        found: &mut dyn FnMut(usize, T, &Captures),
    ) {
        let Some(node) = self.nodes.get(node) else {
            return;
        };
        if let Some(meaning) = node.accepts {
            found(at - start, meaning, captures);
        }
        if node.edges.is_empty() {
            return;
        }
        for sense in senses(at) {
            let Ok(place) = node
                .edges
                .binary_search_by_key(&sense.symbol, |edge| edge.0)
            else {
                continue;
            };
            let next = node.edges.get(place).map_or(0, |edge| edge.1 as usize);
            captures.push(sense);
            self.descend(next, start, at + 1, captures, senses, found);
            captures.pop();
        }
    }
}

/// The plain sequences that `pattern` stands for.
fn sequences(pattern: &str) -> Result<Vec<Vec<String>>, String> {
    let spaced = pattern
        .replace('(', " ( ")
        .replace(')', " ) ")
        .replace('|', " | ")
        .replace('?', " ? ");
    let marks: Vec<&str> = spaced.split_whitespace().collect();
    let mut at = 0;
    let found =
        alternatives(&marks, &mut at, 0).map_err(|problem| format!("{pattern:?}: {problem}"))?;
    if at < marks.len() {
        return Err(format!("{pattern:?}: ) without ("));
    }
    Ok(found)
}

fn alternatives(
    marks: &[&str],
    at: &mut usize,
    depth: usize,
) -> Result<Vec<Vec<String>>, &'static str> {
    if depth > 8 {
        return Err("more than eight brackets inside each other");
    }
    let mut all = Vec::new();
    let mut current: Vec<Vec<String>> = vec![Vec::new()];
    while let Some(&mark) = marks.get(*at) {
        if mark == ")" {
            break;
        }
        *at += 1;
        if mark == "|" {
            all.append(&mut current);
            current.push(Vec::new());
            continue;
        }
        let mut choices = match mark {
            "(" => {
                let inner = alternatives(marks, at, depth + 1)?;
                if marks.get(*at) != Some(&")") {
                    return Err("( without )");
                }
                *at += 1;
                inner
            }
            "?" => return Err("? without something before it"),
            // The lexer reads a possessive as a lexeme of its own.
            element => ["'s", "'"]
                .into_iter()
                .find_map(|tail| Some((element.strip_suffix(tail)?, tail)))
                .filter(|(word, _)| !word.is_empty())
                .map_or_else(
                    || vec![vec![element.to_owned()]],
                    |(word, tail)| vec![vec![word.to_owned(), tail.to_owned()]],
                ),
        };
        if marks.get(*at) == Some(&"?") {
            *at += 1;
            choices.push(Vec::new());
        }
        current = current
            .iter()
            .flat_map(|before| {
                choices.iter().map(|choice| {
                    let mut sequence = before.clone();
                    sequence.extend(choice.iter().cloned());
                    sequence
                })
            })
            .collect();
        if current.len() > 20_000 {
            return Err("stands for more than 20,000 sequences");
        }
    }
    all.append(&mut current);
    Ok(all)
}
