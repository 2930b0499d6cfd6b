//! The speaker of a quotation whose own sentence does not name one: carried over from the sentence or
//! the paragraph before, or named in the next.

use super::attribution::{Ending, Found, Rule, Search};
use super::lexicon::Classes as C;
use super::reading::{Kind, Sentence};
use super::scribe::{Said, Scribe};

impl<'t> Scribe<'t> {
    /// The speaker of a quotation whose own sentence does not name one.
    pub(super) fn across(
        &self,
        search: &Search<'t>,
        index: usize,
        sentence: Sentence,
        local: usize,
        ending: Ending,
        stretch: usize,
    ) -> Option<Said> {
        let alone = (0..local).all(|at| !matches!(search.clause.at(at).kind, Kind::Word));
        // The next sentence: `“Why?” Calder asked.`
        if let Some(&next) = self.reading.sentences.get(index + 1)
            && next.paragraph == sentence.paragraph
            && local + 1 == search.clause.len()
        {
            let joined = Sentence {
                end: next.end,
                ..sentence
            };
            let wide = self.search(joined);
            if let Some(found) = wide.after(
                local,
                Ending {
                    comma: false,
                    ..ending
                },
            ) && let Some((cue, _)) = found.cue
                && (wide.clause.at(cue).is(C::SPEECH) || ending.asks && ends_soon(&wide, cue))
                && (if ending.asks {
                    !announces(&wide, cue)
                } else {
                    ends_soon(&wide, cue)
                })
            {
                return self.say(&wide, joined, found);
            }
        }
        if let Some(&next) = self.reading.sentences.get(index + 1)
            && let Some(said) = self.signed_below(next, sentence)
        {
            return Some(said);
        }
        if !alone {
            let found = search
                .first_subject(0, local)
                .and_then(|found| self.say(search, sentence, found));
            let known = found.is_some_and(|said| said.entity.is_some() || said.pronoun);
            return found
                .filter(|_| known)
                .or_else(|| self.newest(sentence))
                .or(found);
        }
        let previous = index
            .checked_sub(1)
            .and_then(|before| self.reading.sentences.get(before).copied());
        if let Some(previous) = previous.filter(|previous| previous.paragraph == sentence.paragraph)
        {
            let before = self.search(previous);
            let quoted =
                (0..before.clause.len())
                    .rev()
                    .find_map(|at| match before.clause.at(at).kind {
                        Kind::Quote(stretch) => self.said.get(stretch).copied().flatten(),
                        _ => None,
                    });
            if let Some(said) = quoted {
                return Some(Said {
                    rule: Rule::Carried,
                    ..said
                });
            }
            if let Some(said) = self
                .log
                .last()
                .filter(|said| (previous.start..previous.end).contains(&said.token))
            {
                return Some(Said {
                    rule: Rule::SentenceBefore,
                    ..*said
                });
            }
            if let Some(found) = before.first_subject(0, before.clause.len())
                && let Some(said) = self.say(&before, previous, found)
            {
                return Some(Said {
                    rule: Rule::SentenceBefore,
                    ..said
                });
            }
        }
        // The paragraph before: one that runs on, or one that ends with a colon.
        if let Some(before) = stretch.checked_sub(1)
            && self
                .stretches
                .get(before)
                .is_some_and(|stretch| stretch.runs_on)
            && let Some(said) = self.said.get(before).copied().flatten()
        {
            return Some(Said {
                rule: Rule::ParagraphBefore,
                ..said
            });
        }
        if let Some(previous) = previous
            && previous.paragraph + 1 == sentence.paragraph
        {
            let before = self.search(previous);
            if before.clause.before(before.clause.len()).is_mark(':')
                && let Some(found) = before.attribute(
                    before.clause.len(),
                    Ending {
                        comma: false,
                        part: false,
                        stopped: true,
                        asks: false,
                    },
                )
                && let Some(said) = self.say(&before, previous, found)
            {
                return Some(Said {
                    rule: Rule::ParagraphBefore,
                    ..said
                });
            }
        }
        self.newest(sentence)
    }

    /// The newest speaker, if it is not long ago.
    fn newest(&self, sentence: Sentence) -> Option<Said> {
        self.log
            .last()
            .filter(|said| said.paragraph + 2 >= sentence.paragraph)
            .map(|said| {
                let last = self
                    .current
                    .checked_sub(1)
                    .and_then(|before| self.reading.sentences.get(before));
                let rule = if said.paragraph == sentence.paragraph {
                    Rule::Newest
                } else if last.is_some_and(|last| {
                    said.sentence == self.current - 1 && last.paragraph + 1 == sentence.paragraph
                }) {
                    Rule::Adjacent
                } else {
                    Rule::Distant
                };
                Said { rule, ..*said }
            })
    }

    /// A line of its own under a quotation: "— Jo Park, Leeds".
    fn signed_below(&self, next: Sentence, sentence: Sentence) -> Option<Said> {
        let search = self.search(next);
        let clause = search.clause;
        if next.paragraph != sentence.paragraph + 1 || !clause.at(0).is_dash() || clause.len() > 14
        {
            return None;
        }
        let source = clause
            .phrase_from(1)
            .filter(|source| clause.at(source.head).is(C::CAPITAL))?;
        self.say(
            &search,
            next,
            Found {
                cue: None,
                source,
                rule: Rule::Signed,
            },
        )
    }
}

/// Whether what follows a verb of speech is what was said: "Calder said that …", "Calder said: …".
fn announces(search: &Search<'_>, verb: usize) -> bool {
    let next = search.clause.at(verb + 1);
    let clause = if search.clause.at(verb).is(C::TELL) {
        C::SUBORDINATOR
    } else {
        C::RELATIVE.or(C::SUBJECT).or(C::ARTICLE)
    };
    matches!(next.kind, Kind::Quote(_) | Kind::Mark(':'))
        || next.is(clause) && !next.is(C::LIKENESS)
}

/// Whether the sentence of a verb of speech says nothing more: "Calder asked."
fn ends_soon(search: &Search<'_>, verb: usize) -> bool {
    let next = search.clause.at(verb + 1);
    verb + 1 >= search.clause.len()
        || matches!(next.kind, Kind::Mark('.' | ','))
        || next.is(C::PREPOSITION.or(C::ADVERB).or(C::TIME))
}
