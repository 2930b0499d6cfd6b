//! One article being read, sentence by sentence: who speaks in it, who spoke before, whom a pronoun
//! means.

use super::attribution::{Ending, Found, Rule, Search};
use super::clause::Clause;
use super::lexicon::{Classes as C, Lexicon};
use super::marks::Stretch;
use super::people::{People, bare};
use super::reading::{Kind, Reading, Sentence};
use super::speech;
use super::{Quotation, QuotationKind};
use crate::text::Span;

/// Below this confidence a quotation is left without a speaker.
const BAR: f32 = 0.5;

/// The longest mention of a speaker, in bytes.
const LONGEST_MENTION: usize = 140;

/// Someone in the foreground: the subject of a sentence, or someone who spoke in it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Prominent {
    entity: usize,
    sentence: usize,
    paragraph: usize,
    speaks: bool,
}

/// Someone who said something: where, who.
#[derive(Clone, Copy, Debug)]
pub(super) struct Said {
    pub(super) token: usize,
    /// The sentence of the quotation, and its paragraph.
    pub(super) sentence: usize,
    pub(super) paragraph: usize,
    pub(super) mention: Span,
    pub(super) entity: Option<usize>,
    pub(super) pronoun: bool,
    pub(super) rule: Rule,
    pub(super) cue: Option<Span>,
    /// The cue gives a thought or an attitude, not speech.
    pub(super) weak: bool,
}

/// One article being read: who spoke so far, which stretches are attributed to whom.
pub(super) struct Scribe<'t> {
    pub(super) text: &'t str,
    pub(super) lexicon: &'t Lexicon,
    pub(super) stretches: &'t [Stretch],
    pub(super) reading: &'t Reading,
    pub(super) people: &'t People,
    pub(super) said: Vec<Option<Said>>,
    pub(super) log: Vec<Said>,
    pub(super) prominent: Vec<Prominent>,
    pub(super) current: usize,
    /// Speech without quotation marks.
    pub(super) reported: Vec<Quotation>,
    /// Whether double marks are in use, so that single ones are for titles and quotations inside.
    pub(super) doubles: bool,
}

impl<'t> Scribe<'t> {
    pub(super) fn new(
        text: &'t str,
        lexicon: &'t Lexicon,
        stretches: &'t [Stretch],
        reading: &'t Reading,
        people: &'t People,
    ) -> Self {
        Self {
            text,
            lexicon,
            stretches,
            reading,
            people,
            said: vec![None; stretches.len()],
            log: Vec::new(),
            prominent: Vec::new(),
            current: 0,
            reported: Vec::new(),
            doubles: !speech::singles_speak(text, stretches),
        }
    }

    /// Reads every sentence and gives the quotations.
    pub(super) fn read(mut self) -> Vec<Quotation> {
        for index in 0..self.reading.sentences.len() {
            self.sentence(index);
        }
        self.finish()
    }

    pub(super) fn search(&self, sentence: Sentence) -> Search<'t> {
        let tokens = self
            .reading
            .tokens
            .get(sentence.start..sentence.end)
            .unwrap_or_default();
        Search {
            text: self.text,
            clause: Clause { tokens },
            lexicon: self.lexicon,
        }
    }

    fn sentence(&mut self, index: usize) {
        let Some(&sentence) = self.reading.sentences.get(index) else {
            return;
        };
        self.current = index;
        let search = self.search(sentence);
        // The subject is looked up before the sentence's quotations, so that "he" in them can mean it.
        let subject = search
            .first_subject(0, search.clause.len())
            .filter(|found| {
                search
                    .clause
                    .at(found.source.head)
                    .is(C::CAPITAL.or(C::PRONOUN))
            });
        if let Some(said) = subject.and_then(|found| self.say(&search, sentence, found)) {
            self.foreground(said, sentence.paragraph, false);
        }
        let mut quoted = false;
        for local in 0..search.clause.len() {
            let Kind::Quote(stretch) = search.clause.at(local).kind else {
                continue;
            };
            quoted = true;
            let Some(ending) = self.ending(stretch) else {
                continue;
            };
            let said = self
                .signed_inside(sentence, local, stretch)
                .or_else(|| self.in_sentence(&search, sentence, local, ending))
                .or_else(|| self.across(&search, index, sentence, local, ending, stretch));
            if let Some(said) = said.filter(|said| said.rule.confidence() >= BAR) {
                if let Some(slot) = self.said.get_mut(stretch) {
                    *slot = Some(said);
                }
                self.log.push(Said {
                    paragraph: sentence.paragraph,
                    sentence: index,
                    ..said
                });
                self.foreground(said, sentence.paragraph, true);
            }
        }
        if quoted {
            return;
        }
        if let Some((found, content)) = search.indirect()
            && let Some(said) = self.say(&search, sentence, found)
        {
            self.log.push(said);
            self.foreground(said, sentence.paragraph, true);
            if let Some(content) = content.and_then(|(start, end)| search.span(start, end)) {
                self.reported.push(Quotation {
                    content: vec![content],
                    extent: content,
                    kind: QuotationKind::Indirect,
                    cue: said.cue,
                    speaker: Some(self.speaker(said)),
                    posted: None,
                    confidence: said.rule.confidence(),
                });
            }
        }
    }

    fn foreground(&mut self, said: Said, paragraph: usize, speaks: bool) {
        if let Some(entity) = said.entity {
            self.prominent.push(Prominent {
                entity,
                sentence: self.current,
                paragraph,
                speaks,
            });
        }
    }

    fn ending(&self, stretch: usize) -> Option<Ending> {
        let content = self.stretches.get(stretch)?.content.of(self.text);
        let last = content
            .trim_end_matches(['’', '\'', '"', '”', ')', ' '])
            .chars()
            .next_back()?;
        let part = content
            .chars()
            .find(|letter| letter.is_alphanumeric())
            .is_some_and(char::is_lowercase);
        Some(Ending {
            part,
            comma: last == ',',
            stopped: matches!(last, '.' | '!' | '?' | '…'),
            asks: matches!(last, '!' | '?' | '…' | '—' | '-'),
        })
    }

    /// The name on the quotation's own last line.
    fn signed_inside(&self, sentence: Sentence, local: usize, stretch: usize) -> Option<Said> {
        let mention = self.stretches.get(stretch)?.signature?;
        Some(Said {
            token: sentence.start + local,
            sentence: self.current,
            paragraph: sentence.paragraph,
            mention,
            entity: self.people.named(mention.of(self.text)),
            pronoun: false,
            rule: Rule::Signed,
            cue: None,
            weak: false,
        })
    }

    fn in_sentence(
        &self,
        search: &Search<'t>,
        sentence: Sentence,
        local: usize,
        ending: Ending,
    ) -> Option<Said> {
        let found = search.attribute(local, ending);
        if let Some(said) = found.and_then(|found| self.say(search, sentence, found)) {
            return Some(said);
        }
        // The same sentence's quotation before.
        let before = (0..local)
            .rev()
            .find_map(|index| match search.clause.at(index).kind {
                Kind::Quote(stretch) => self.said.get(stretch).copied().flatten(),
                _ => None,
            });
        before.map(|said| Said {
            rule: Rule::SameSentence,
            ..said
        })
    }

    pub(super) fn say(
        &self,
        search: &Search<'t>,
        sentence: Sentence,
        found: Found,
    ) -> Option<Said> {
        let Found { cue, source, rule } = found;
        let mut mention = search.span(source.start, source.end)?;
        if mention.len() > LONGEST_MENTION {
            mention = search.span(source.head, source.head + 1)?;
        }
        let mention = bare(self.text, mention);
        if mention.is_empty() {
            // A possessive ending without a word before it is nobody's.
            return None;
        }
        let token = sentence.start + source.head;
        let head = search.clause.at(source.head);
        let pronoun = head.is(C::PRONOUN);
        let entity = if pronoun {
            let gender = head.classes.only(C::MALE.or(C::FEMALE));
            (gender != C::NONE)
                .then(|| self.resolve(token, sentence.paragraph, gender))
                .flatten()
        } else {
            self.people.at(token).or_else(|| {
                search
                    .clause
                    .apposition(source)
                    .and_then(|name| self.people.at(sentence.start + name))
            })
        };
        Some(Said {
            token,
            sentence: self.current,
            paragraph: sentence.paragraph,
            mention,
            entity,
            pronoun,
            rule,
            cue: cue.and_then(|(start, end)| search.span(start, end)),
            weak: cue.is_some_and(|(start, _)| search.clause.at(start).is(C::THINK)),
        })
    }

    /// Whom a pronoun means: of those in the foreground that fit, the one nearest by, where having
    /// spoken and a gender that is known count as nearness.
    fn resolve(&self, token: usize, paragraph: usize, gender: C) -> Option<usize> {
        let cost = |one: &Prominent| {
            2 * self.current.saturating_sub(one.sentence)
                + 5 * paragraph.saturating_sub(one.paragraph)
                + if one.speaks { 0 } else { 3 }
                + if self.people.gendered(one.entity) {
                    0
                } else {
                    2
                }
        };
        self.prominent
            .iter()
            .rev()
            .take(24)
            .take_while(|one| one.paragraph + 4 >= paragraph)
            .filter(|one| self.people.could_be(one.entity, gender))
            .min_by_key(|one| cost(one))
            .map(|one| one.entity)
            .or_else(|| self.people.newest(token, gender))
    }
}
