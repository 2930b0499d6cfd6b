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
        if let Some(said) = self.named_next(search, index, sentence, local, ending) {
            return Some(said);
        }
        if (0..local).any(|at| search.clause.at(at).kind == Kind::Word) {
            // Words of the reporter's before it, without a verb of speech: their subject, if it is
            // somebody.
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
        previous
            .filter(|previous| previous.paragraph == sentence.paragraph)
            .and_then(|previous| self.of_sentence_before(previous))
            .or_else(|| self.of_paragraph_before(previous, sentence, stretch))
            .or_else(|| self.newest(sentence))
    }

    /// The next sentence names the speaker: `“Why?” Calder asked.`, or the line below does.
    fn named_next(
        &self,
        search: &Search<'t>,
        index: usize,
        sentence: Sentence,
        local: usize,
        ending: Ending,
    ) -> Option<Said> {
        let &next = self.reading.sentences.get(index + 1)?;
        if next.paragraph != sentence.paragraph || local + 1 != search.clause.len() {
            return self.signed_below(next, sentence);
        }
        let joined = Sentence {
            end: next.end,
            ..sentence
        };
        let wide = self.search(joined);
        let ending = Ending {
            comma: false,
            ..ending
        };
        let found = wide.after(local, ending)?;
        let (cue, _) = found.cue?;
        let speech = wide.clause.at(cue).is(C::SPEECH);
        // After a question the verb may have more to say; after a full stop it must not, or it
        // announces what follows it.
        let fits = if ending.asks {
            !announces(&wide, cue) && (speech || ends_soon(&wide, cue))
        } else {
            speech && ends_soon(&wide, cue)
        };
        fits.then(|| self.say(&wide, joined, found)).flatten()
    }

    /// Carried over from the sentence before, of the same paragraph: its quotation's speaker, who is
    /// reported in it, its subject.
    fn of_sentence_before(&self, previous: Sentence) -> Option<Said> {
        let before = self.search(previous);
        let clause = before.clause;
        let quoted = (0..clause.len())
            .rev()
            .find_map(|at| match clause.at(at).kind {
                Kind::Quote(stretch) => self.said.get(stretch).copied().flatten(),
                _ => None,
            });
        if let Some(said) = quoted {
            return Some(Said {
                rule: Rule::Carried,
                ..said
            });
        }
        let reported = self
            .log
            .last()
            .copied()
            .filter(|said| (previous.start..previous.end).contains(&said.token));
        let said = reported.or_else(|| {
            let found = before.first_subject(0, clause.len())?;
            self.say(&before, previous, found)
        })?;
        // "It threw him." says nothing of who speaks next.
        if said.entity.is_none() && said.pronoun {
            return None;
        }
        Some(Said {
            rule: Rule::SentenceBefore,
            ..said
        })
    }

    /// Carried over from the paragraph before: one that runs on, or one that ends with a colon.
    fn of_paragraph_before(
        &self,
        previous: Option<Sentence>,
        sentence: Sentence,
        stretch: usize,
    ) -> Option<Said> {
        let before = stretch.checked_sub(1);
        let runs_on = before
            .and_then(|before| self.stretches.get(before))
            .is_some_and(|stretch| stretch.runs_on);
        let running = before
            .filter(|_| runs_on)
            .and_then(|before| self.said.get(before).copied().flatten());
        let said = running.or_else(|| {
            let previous =
                previous.filter(|previous| previous.paragraph + 1 == sentence.paragraph)?;
            let before = self.search(previous);
            let end = before.clause.len();
            if !before.clause.before(end).is_mark(':') {
                return None;
            }
            let ending = Ending {
                comma: false,
                part: false,
                stopped: true,
                asks: false,
            };
            self.say(&before, previous, before.attribute(end, ending)?)
        })?;
        Some(Said {
            rule: Rule::ParagraphBefore,
            ..said
        })
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
