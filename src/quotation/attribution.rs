//! The search for the cue and the source of a quoted stretch, inside its sentence.
//!
//! Rules are tried from the surest to the least sure, and the one that decides is the confidence.

use super::clause::{Clause, Form, Phrase};
use super::lexicon::{Classes as C, Lexicon};
use super::reading::Kind;
use crate::text::{Span, fold};

/// The rule that decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Rule {
    /// `“Q.” ― Name`
    Signed,
    /// "…," she said.
    SubjectVerbAfter,
    /// "…," said she.
    VerbSubjectAfter,
    /// "…," according to her.
    PhraseAfter,
    /// According to her, "…".
    PhraseBefore,
    /// She said: "…", She said, "…".
    Announced,
    /// She said that it was "…".
    CueBefore,
    /// Her remark that "…".
    NounBefore,
    /// A colon, and no verb of speech: the clause's own subject.
    Colon,
    /// No verb of speech: the clause's own subject.
    ClauseSubject,
    /// The sentence's quotation before this one has the speaker.
    SameSentence,
    /// The quotation of the sentence before.
    Carried,
    /// The subject of the sentence before.
    SentenceBefore,
    /// The paragraph before ends with a colon, or runs on.
    ParagraphBefore,
    /// The newest speaker, of the same paragraph.
    Newest,
    /// The newest speaker, in the last sentence of the paragraph before.
    Adjacent,
    /// The newest speaker, further off.
    Distant,
}

impl Rule {
    /// Whether nothing but nearness speaks for the speaker.
    pub(super) fn is_guess(self) -> bool {
        matches!(self, Self::Newest | Self::Adjacent | Self::Distant)
    }

    /// How often the rule was right on the training articles.
    pub(super) fn confidence(self) -> f32 {
        match self {
            Self::SubjectVerbAfter | Self::VerbSubjectAfter => 0.98,
            Self::Carried => 0.96,
            Self::Signed | Self::PhraseAfter => 0.95,
            Self::CueBefore => 0.92,
            Self::Announced | Self::Colon | Self::SameSentence => 0.9,
            Self::ParagraphBefore => 0.88,
            Self::PhraseBefore => 0.8,
            Self::ClauseSubject => 0.78,
            Self::SentenceBefore => 0.75,
            Self::NounBefore | Self::Newest | Self::Adjacent => 0.6,
            Self::Distant => 0.1,
        }
    }
}

/// A cue and its source, as tokens of the sentence.
#[derive(Clone, Copy, Debug)]
pub(super) struct Found {
    pub(super) cue: Option<(usize, usize)>,
    pub(super) source: Phrase,
    pub(super) rule: Rule,
}

/// What attribution needs to know of a quoted stretch.
#[derive(Clone, Copy, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one observation about a quotation, independent of the others"
)]
pub(super) struct Ending {
    /// Its last character is a comma: its sentence goes on after it.
    pub(super) comma: bool,
    /// Its last character ends a sentence.
    pub(super) stopped: bool,
    /// It begins in lower case: a part of the reporter's sentence.
    pub(super) part: bool,
    /// Of these, a question or an exclamation, after which a sentence may still go on.
    pub(super) asks: bool,
}

/// One sentence, ready to be searched.
pub(super) struct Search<'t> {
    pub(super) text: &'t str,
    pub(super) clause: Clause<'t>,
    pub(super) lexicon: &'t Lexicon,
}

impl Search<'_> {
    /// The attribution of the quotation at token `quote`, from its own sentence.
    pub(super) fn attribute(&self, quote: usize, ending: Ending) -> Option<Found> {
        let goes_on = ending.comma || ending.asks || !ending.stopped && !self.leads_in(quote);
        self.signed(quote)
            .or_else(|| self.announced_at_once(quote))
            .or_else(|| {
                (ending.comma && ending.part)
                    .then(|| self.taken_up(quote))
                    .flatten()
            })
            .or_else(|| goes_on.then(|| self.after(quote, ending)).flatten())
            .or_else(|| self.announced(quote))
            .or_else(|| self.phrase_before(quote))
            .or_else(|| self.cue_before(quote, ending))
            .or_else(|| self.phrase_after(quote + 1))
            .or_else(|| (!goes_on).then(|| self.after(quote, ending)).flatten())
            .or_else(|| self.noun_before(quote))
            .or_else(|| self.late(quote))
    }

    /// "She said that it was “…,” which": a verb of speech in whose clause the quotation stands.
    fn taken_up(&self, quote: usize) -> Option<Found> {
        let found = self.governing_cue(self.window(quote), quote, C::SPEECH)?;
        let (_, end) = found.cue?;
        (!(end..quote).any(|at| self.clause.at(at).is_mark(','))).then_some(found)
    }

    /// Whether words stand before the quotation in its sentence.
    fn leads_in(&self, quote: usize) -> bool {
        (0..quote).any(|index| self.clause.at(index).kind == Kind::Word)
    }

    /// Where the reporter's words before the quotation begin: after the quotation before it.
    fn window(&self, quote: usize) -> usize {
        (quote.saturating_sub(90)..quote)
            .rev()
            .find(|&index| {
                matches!(self.clause.at(index).kind, Kind::Quote(_)) && self.is_speech(index)
            })
            .map_or(quote.saturating_sub(90), |index| index + 1)
    }

    /// A quoted stretch of some length, not a scare quote inside a phrase.
    fn is_speech(&self, index: usize) -> bool {
        self.clause
            .at(index)
            .span
            .of(self.text)
            .split_whitespace()
            .take(4)
            .count()
            > 3
    }

    /// `“Q.” ― Name`
    fn signed(&self, quote: usize) -> Option<Found> {
        let clause = &self.clause;
        if !clause.at(quote + 1).is_dash() || self.leads_in(quote) {
            return None;
        }
        let source = clause.phrase_from(quote + 2)?;
        let named = clause.at(source.head).is(C::CAPITAL);
        let rest = clause.len() - source.end;
        (named && rest <= 1).then_some(Found {
            cue: None,
            source,
            rule: Rule::Signed,
        })
    }

    /// "…," she said. / "…," said she. / "…," according to her.
    pub(super) fn after(&self, quote: usize, ending: Ending) -> Option<Found> {
        let clause = &self.clause;
        let mut at = quote + 1;
        while clause.at(at).is_mark(',') || clause.at(at).is_dash() {
            at += 1;
        }
        if let Some(found) = self.phrase_after(at) {
            return Some(found);
        }
        while clause.at(at).is(C::ADVERB) && !clause.at(at).is(C::PRONOUN.or(C::DETERMINER))
            || clause.at(at).is(C::AUXILIARY)
        {
            at += 1;
        }
        if clause.verb(at).is_some_and(|form| form == Form::Finite)
            && (clause.at(at).is(C::CUE)
                || (ending.comma || ending.asks) && clause.at(at + 1).is(C::CAPITAL))
        {
            let mut cue_end = at + 1;
            // "shot back", "went on"
            while clause.at(cue_end).is(C::PREPOSITION.or(C::ADVERB))
                && !clause.at(cue_end).is(C::TIE)
            {
                cue_end += 1;
            }
            if let Some(source) = clause.phrase_from(cue_end)
                && !clause.at(source.head).is(C::TIME)
            {
                return Some(Found {
                    cue: Some((at, cue_end)),
                    source,
                    rule: Rule::VerbSubjectAfter,
                });
            }
            return None;
        }
        // "…," as she said on Friday
        if clause.at(at).is(C::LIKENESS) {
            at += 1;
        }
        let source = clause.phrase_from(at)?;
        let head = clause.at(source.head);
        if self.is_gerund(at) {
            return None;
        }
        // With a comma before it any verb may announce, where a name or a pronoun is its subject.
        let any = ending.comma
            && (head.is(C::CAPITAL) || head.is(C::PRONOUN) && head.is(C::MALE.or(C::FEMALE)));
        let found = clause
            .verb_after(source.end, any)
            .map(|verb| (verb, source))
            .or_else(|| ending.comma.then(|| self.next_cue(at)).flatten());
        let (verb, source) = found?;
        let source = clause.quoted_as_saying(verb).unwrap_or(source);
        Some(Found {
            cue: Some((verb, verb + 1)),
            source,
            rule: Rule::SubjectVerbAfter,
        })
    }

    /// "…," a voice in the film says: the next verb of speech, however its subject is made.
    fn next_cue(&self, start: usize) -> Option<(usize, Phrase)> {
        let clause = &self.clause;
        let high = (start + 20).min(clause.len());
        let verb = (start..high)
            .take_while(|&at| {
                matches!(
                    clause.at(at).kind,
                    Kind::Word | Kind::Bracket | Kind::Mark('$')
                )
            })
            .find(|&at| {
                let last = clause.at(at).is(C::THIRD) && clause.at(at + 1).is_mark('.');
                clause.at(at).is(C::SPEECH) && (last || clause.verb(at) == Some(Form::Finite))
            })?;
        let source = clause
            .subject(verb)
            .filter(|source| source.start >= start)?;
        Some((verb, source))
    }

    /// An unknown word that ends like a participle: ", giving states more power".
    fn is_gerund(&self, at: usize) -> bool {
        let token = self.clause.at(at);
        let word = token.span.of(self.text);
        !token.is(C::CAPITAL) && word.len() > 5 && word.ends_with("ing")
    }

    /// "according to her", beginning at `at`.
    pub(super) fn phrase_after(&self, at: usize) -> Option<Found> {
        let at = if self.clause.at(at).is_mark(',') {
            at + 1
        } else {
            at
        };
        let end = self.phrase_end(at)?;
        let source = self.clause.phrase_from(end)?;
        Some(Found {
            cue: Some((at, end)),
            source,
            rule: Rule::PhraseAfter,
        })
    }

    /// "…" was the word, according to her; "…" was, she said, the word.
    fn late(&self, quote: usize) -> Option<Found> {
        let clause = &self.clause;
        let high = (quote + 60).min(clause.len());
        (quote + 1..high)
            .find_map(|at| self.phrase_after(at))
            .or_else(|| {
                let verb = (quote + 1..high).find(|&at| {
                    clause.at(at).is(C::SPEECH) && clause.verb(at) == Some(Form::Finite)
                })?;
                if clause.before(verb).is_mark(',')
                    && let Some(source) = clause.phrase_from(verb + 1)
                    && clause.at(source.head).is(C::CAPITAL)
                {
                    return Some(Found {
                        cue: Some((verb, verb + 1)),
                        source,
                        rule: Rule::CueBefore,
                    });
                }
                let source = clause.subject(verb).filter(|source| source.start > quote)?;
                let before = clause.before(source.start);
                (before.is_mark(',') || before.is(C::SUBORDINATOR)).then_some(Found {
                    cue: Some((verb, verb + 1)),
                    source,
                    rule: Rule::CueBefore,
                })
            })
    }

    /// Her remark that "…", Volkov's claim that "…": the owner of a noun of speech.
    fn noun_before(&self, quote: usize) -> Option<Found> {
        let clause = &self.clause;
        let low = self.window(quote);
        (low.max(quote.saturating_sub(12))..quote)
            .rev()
            .find_map(|at| {
                let noun = clause.at(at);
                if !noun.is(C::SPEECH_NOUN) || noun.is(C::CAPITAL) {
                    return None;
                }
                let owner = (low..at).rev().take(4).find(|&index| {
                    let token = clause.at(index);
                    token.is(C::POSSESSIVE) && !token.is(C::SUBJECT) || token.is(C::OWNER)
                })?;
                let source = if clause.at(owner).is(C::POSSESSIVE) {
                    clause.phrase_before(owner + 1)?
                } else {
                    Phrase {
                        start: owner,
                        end: owner + 1,
                        head: owner,
                    }
                };
                Some(Found {
                    cue: Some((at, at + 1)),
                    source,
                    rule: Rule::NounBefore,
                })
            })
    }

    /// According to her, …: the nearest phrase before the quotation.
    fn phrase_before(&self, quote: usize) -> Option<Found> {
        let found = (self.window(quote)..quote).rev().find_map(|at| {
            let end = self.phrase_end(at)?;
            let source = self.clause.phrase_from(end)?;
            Some(Found {
                cue: Some((at, end)),
                source,
                rule: Rule::PhraseBefore,
            })
        })?;
        // A verb of speech after it has its own subject.
        let later = (found.source.end..quote)
            .any(|index| self.clause.verb(index).is_some() && self.clause.at(index).is(C::SPEECH));
        (!later).then_some(found)
    }

    fn phrase_end(&self, at: usize) -> Option<usize> {
        let first = self.clause.at(at);
        if first.kind != Kind::Word || !first.is(C::PREPOSITION.or(C::PHRASE)) {
            return None;
        }
        self.lexicon.phrases().iter().find_map(|phrase| {
            let same = phrase.iter().enumerate().all(|(offset, word)| {
                let token = self.clause.at(at + offset);
                token.kind == Kind::Word && fold(token.span.of(self.text)) == word.as_ref()
            });
            same.then_some(at + phrase.len())
        })
    }

    /// She said: "…", she said, "…": the verb stands right before the mark.
    fn announced_at_once(&self, quote: usize) -> Option<Found> {
        let clause = &self.clause;
        let mark = clause.before(quote);
        if !(mark.is_mark(':') || mark.is_mark(',')) {
            return None;
        }
        let mut verb = quote.checked_sub(2)?;
        // "shot back", "chimed in"
        if clause.at(verb).is(C::PREPOSITION.or(C::ADVERB)) {
            verb = verb.checked_sub(1)?;
        }
        if !(clause.verb(verb).is_some() && clause.at(verb).is(C::CUE)
            || clause.is_finite(verb) && clause.at(verb).is(C::PAST))
        {
            return None;
        }
        let source = clause.subject(verb)?;
        Some(Found {
            cue: Some((verb, verb + 1)),
            source,
            rule: Rule::Announced,
        })
    }

    /// She told CNN on Friday, "…" / She said in a letter: "…": a mark that announces.
    fn announced(&self, quote: usize) -> Option<Found> {
        let clause = &self.clause;
        let mark = clause.before(quote);
        if !(mark.is_mark(':') || mark.is_mark(',')) {
            return None;
        }
        let low = self.window(quote);
        let kinds = if mark.is_mark(':') { C::CUE } else { C::SPEECH };
        if let Some(found) = self.phrase_before(quote) {
            return Some(found);
        }
        let name = clause.at(quote.wrapping_sub(2)).is(C::CAPITAL);
        // "… — Ana Ruiz: “…”"
        if mark.is_mark(':')
            && let Some(source) = clause.phrase_before(quote - 1)
            && name
            && clause.before(source.start).is_dash()
        {
            return Some(Found {
                cue: None,
                source,
                rule: Rule::Colon,
            });
        }
        if let Some(found) = self
            .governing_cue(low, quote, C::SPEECH)
            .or_else(|| self.governing_cue(if name { quote } else { low }, quote, kinds))
        {
            return Some(Found {
                rule: Rule::Announced,
                ..found
            });
        }
        if mark.is_mark(':') {
            // "Not so Ana Ruiz: …": a name right before the colon.
            if let Some(source) = clause.phrase_before(quote - 1).filter(|source| {
                clause.at(source.head).is(C::CAPITAL) && source.head + 1 == source.end
            }) {
                return Some(Found {
                    cue: None,
                    source,
                    rule: Rule::Colon,
                });
            }
            return self.first_subject(low, quote).map(|found| Found {
                rule: Rule::Colon,
                ..found
            });
        }
        None
    }

    /// She said that it was "…", she called it "…".
    fn cue_before(&self, quote: usize, ending: Ending) -> Option<Found> {
        let low = self.window(quote);
        let at_once = quote
            .checked_sub(1)
            .filter(|&verb| self.clause.verb(verb).is_some() && self.clause.at(verb).is(C::MANNER));
        self.uttered(quote, ending)
            .or_else(|| self.governing_cue(low, quote, C::SPEECH))
            .or_else(|| self.governing_cue(low, quote, C::JUDGE.or(C::THINK)))
            .or_else(|| at_once.and_then(|verb| self.found(verb, Rule::CueBefore)))
    }

    /// The police said the man shouted "…": whole words right after a finite verb of speech are those of its
    /// own subject.
    fn uttered(&self, quote: usize, ending: Ending) -> Option<Found> {
        let verb = quote.checked_sub(1).filter(|_| !ending.part)?;
        let own = self.clause.verb(verb) == Some(Form::Finite)
            && self.clause.at(verb).is(C::SPEECH.or(C::MANNER));
        own.then(|| self.found(verb, Rule::CueBefore)).flatten()
    }

    fn found(&self, verb: usize, rule: Rule) -> Option<Found> {
        let source = self.clause.subject(verb)?;
        Some(Found {
            cue: Some((verb, verb + 1)),
            source,
            rule,
        })
    }

    /// The cue of one of `kinds` in `low..high` whose complement holds what stands at `high`.
    ///
    /// Of several, the outermost: "She said he called it …" is hers. A later one takes over where it is
    /// joined to the clause before and not part of what is reported there: "…, and he called it …",
    /// "…, adding that …".
    pub(super) fn governing_cue(&self, low: usize, high: usize, kinds: C) -> Option<Found> {
        let clause = &self.clause;
        let mut chosen: Option<Found> = None;
        for verb in low..high {
            if !clause.at(verb).is(kinds)
                || clause.verb(verb).is_none()
                || clause.at(verb).is(C::MANNER) && verb + 6 < high
            {
                continue;
            }
            let Some(found) = self.found(verb, Rule::CueBefore) else {
                continue;
            };
            let Some(before) = chosen else {
                chosen = Some(found);
                continue;
            };
            let own = clause.verb(verb) == Some(Form::Finite)
                && found.source.start > before.source.start
                && found.source.start < verb;
            let joint = if own {
                clause.before(found.source.start)
            } else {
                clause.before(clause.skip_left(verb))
            };
            let subordinate =
                (low..before.source.start).any(|at| clause.at(at).is(C::SUBORDINATOR));
            let joined = joint.is(C::CONJUNCTION)
                || joint.is_mark(',') && subordinate
                || !own && joint.is(C::PREPOSITION) && clause.verb(verb) == Some(Form::Participle)
                || (joint.is_mark(',') && !own)
                || joint.is_mark(';')
                || (joint.is(C::SUBORDINATOR)
                    && clause
                        .before(found.source.start.saturating_sub(1))
                        .is_mark(','));
            if joined || found.source == before.source {
                chosen = Some(found);
            }
        }
        chosen
    }

    /// The subject of the first finite verb from `low` on.
    pub(super) fn first_subject(&self, low: usize, high: usize) -> Option<Found> {
        let clause = &self.clause;
        let mut verbs = (low..high)
            .filter(|&index| clause.is_finite(index))
            .peekable();
        // "Asked about it, the pilot shook his head.": the first verb that has one.
        let source = if verbs.peek().is_some() {
            verbs.take(3).find_map(|verb| clause.subject(verb))?
        } else {
            clause.phrase_from(low)?
        };
        Some(Found {
            cue: None,
            source,
            rule: Rule::ClauseSubject,
        })
    }

    /// The tokens' span in the text.
    pub(super) fn span(&self, start: usize, end: usize) -> Option<Span> {
        let first = self.clause.tokens.get(start)?;
        let last = self.clause.tokens.get(end.checked_sub(1)?)?;
        Some(first.span.join(last.span))
    }
}
