//! Every reading of a place in a text: a rule's match with the modifiers around it.

use super::{Modifier, Tagger, lexer::Lexeme, meaning::Meaning, pattern::Captures};

/// One reading of a place in the text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Candidate {
    /// Where the rule's own words begin and end, in lexemes.
    pub(super) core: usize,
    pub(super) core_end: usize,
    pub(super) end: usize,
    /// Where the words end that decided for it.
    pub(super) seen: usize,
    pub(super) modifiers: [Option<u16>; 3],
    pub(super) implied: Option<Modifier>,
    pub(super) rule: u16,
    pub(super) meaning: Meaning,
    pub(super) captures: Captures,
}

impl Tagger {
    /// Every reading that begins at `at`.
    pub(super) fn candidates(&self, lexemes: &[Lexeme], at: usize, found: &mut Vec<Candidate>) {
        if self.rules.senses(lexemes, at).next().is_none() {
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
        let senses = |at: usize| self.rules.senses(lexemes, at);
        self.rules
            .patterns
            .matches(at, &senses, &mut |len, index, captures| {
                let Some(rule) = self.rules.meanings.get(usize::from(index)) else {
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
                self.rules
                    .after
                    .matches(core_end, &senses, &mut |len, index, _| {
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
        self.rules
            .before
            .matches(at, &senses, &mut |len, index, _| {
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
}
