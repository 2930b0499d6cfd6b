//! The extractor: a language's rules of quotation, compiled once, run over articles.

use super::attribution::{Ending, Found, Rule, Search};
use super::clause::Clause;
use super::lexicon::{Classes as C, Lexicon};
use super::marks::{Stretch, stretches};
use super::people::{People, Person, bare};
use super::posts;
use super::reading::{Kind, Reading, Sentence};
use super::{Quotation, QuotationKind, Speaker};
use crate::language::Language;
use crate::text::{Abbreviations, Span, paragraphs};

/// A language's quotation rules, ready to run. Cheap to share between threads, dear to make.
#[derive(Debug)]
pub struct Extractor {
    lexicon: Lexicon,
    abbreviations: Abbreviations,
    posts: posts::Posts,
}

/// A rule that does not compile.
#[derive(Debug, thiserror::Error)]
#[error("cues.toml: {0}")]
pub struct ExtractorError(String);

/// What one pass over an article finds.
#[derive(Clone, Debug, Default)]
pub struct Extraction {
    /// The quotations, in order of their first words.
    pub quotations: Vec<Quotation>,
    /// The people and organisations named, in order of their first mention.
    pub people: Vec<Person>,
}

/// Below this confidence a quotation is left without a speaker.
const BAR: f32 = 0.5;

/// The longest mention of a speaker, in bytes.
const LONGEST_MENTION: usize = 140;

impl Extractor {
    /// Compiles the rules of `language`.
    ///
    /// # Errors
    /// Names the rule that does not compile.
    pub fn new(language: &Language) -> Result<Self, ExtractorError> {
        Ok(Self {
            lexicon: Lexicon::new(language),
            abbreviations: language.words.abbreviations().clone(),
            posts: posts::Posts::new(&language.furniture).map_err(ExtractorError)?,
        })
    }

    /// The quotations of an article's whole text, in order of their first words.
    #[must_use]
    pub fn extract(&self, text: &str) -> Vec<Quotation> {
        self.read(text).quotations
    }

    /// The quotations of an article's whole text, and everyone it names, in one pass.
    #[must_use]
    pub fn read(&self, text: &str) -> Extraction {
        let all = paragraphs(text);
        let (posts, prose) = self.posts.split(text, &all);
        let stretches = stretches(text, &prose);
        let prose = merged(prose, &stretches);
        let reading = Reading::new(text, &prose, &stretches, &self.lexicon, &self.abbreviations);
        let people = People::new(text, &reading);
        let mut scribe = Scribe {
            text,
            lexicon: &self.lexicon,
            stretches: &stretches,
            reading: &reading,
            people: &people,
            said: vec![None; stretches.len()],
            log: Vec::new(),
            prominent: Vec::new(),
            current: 0,
            reported: Vec::new(),
            doubles: !singles_speak(text, &stretches),
        };
        for index in 0..reading.sentences.len() {
            scribe.sentence(index);
        }
        let mut quotations = scribe.finish();
        quotations.extend(posts);
        quotations.sort_by_key(|quotation| quotation.extent.start());
        Extraction {
            quotations,
            people: people.into_list(),
        }
    }
}

/// Paragraphs that one quoted stretch runs through become one.
fn merged(paragraphs: Vec<Span>, stretches: &[Stretch]) -> Vec<Span> {
    let mut merged: Vec<Span> = Vec::with_capacity(paragraphs.len());
    let mut next = 0;
    for paragraph in paragraphs {
        while stretches
            .get(next)
            .is_some_and(|stretch| stretch.extent.end() <= paragraph.start())
        {
            next += 1;
        }
        match merged.last_mut() {
            Some(last)
                if stretches.get(next).is_some_and(|stretch| {
                    stretch.extent.start() < last.end() && stretch.extent.end() > paragraph.start()
                }) =>
            {
                *last = last.join(paragraph)
            }
            _ => merged.push(paragraph),
        }
    }
    merged
}

/// Someone in the foreground: the subject of a sentence, or someone who spoke in it.
#[derive(Clone, Copy, Debug)]
struct Prominent {
    entity: usize,
    sentence: usize,
    paragraph: usize,
    speaks: bool,
}

/// Someone who said something: where, who.
#[derive(Clone, Copy, Debug)]
struct Said {
    token: usize,
    /// The sentence of the quotation, and its paragraph.
    sentence: usize,
    paragraph: usize,
    mention: Span,
    entity: Option<usize>,
    pronoun: bool,
    rule: Rule,
    cue: Option<Span>,
    /// The cue gives a thought or an attitude, not speech.
    weak: bool,
}

/// One article being read: who spoke so far, which stretches are attributed to whom.
struct Scribe<'t> {
    text: &'t str,
    lexicon: &'t Lexicon,
    stretches: &'t [Stretch],
    reading: &'t Reading,
    people: &'t People,
    said: Vec<Option<Said>>,
    log: Vec<Said>,
    prominent: Vec<Prominent>,
    current: usize,
    /// Speech without quotation marks.
    reported: Vec<Quotation>,
    /// Whether double marks are in use, so that single ones are for titles and quotations inside.
    doubles: bool,
}

impl<'t> Scribe<'t> {
    fn search(&self, sentence: Sentence) -> Search<'t> {
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
                .in_sentence(&search, sentence, local, ending)
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

    /// The speaker of a quotation whose own sentence does not name one.
    fn across(
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

    fn say(&self, search: &Search<'t>, sentence: Sentence, found: Found) -> Option<Said> {
        let Found { cue, source, rule } = found;
        let mut mention = search.span(source.start, source.end)?;
        if mention.len() > LONGEST_MENTION {
            mention = search.span(source.head, source.head + 1)?;
        }
        let mention = bare(self.text, mention);
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

    /// Whether a stretch in marks is speech, rather than a title, a name or a word held at arm's length.
    fn is_speech(&self, stretch: &Stretch, said: Option<Said>) -> bool {
        let content = stretch.content.of(self.text);
        let rule = said.map(|said| said.rule);
        let cued = said.is_some_and(|said| said.cue.is_some()) && rule != Some(Rule::SameSentence);
        let beside = matches!(
            rule,
            Some(Rule::SubjectVerbAfter | Rule::VerbSubjectAfter | Rule::Announced | Rule::Signed)
        );
        let stopped = content.ends_with(['.', ',', '!', '?', '—', '-', '…']);
        // A sentence by itself, however short.
        let whole = stopped
            && content.starts_with(|first: char| !first.is_lowercase())
            && !matches!(
                rule,
                Some(Rule::CueBefore | Rule::ClauseSubject | Rule::NounBefore | Rule::SameSentence)
            );
        // A word or two are taken for speech only beside a verb that says so.
        let near = said.is_some_and(|said| {
            !said.weak
                && said
                    .cue
                    .is_some_and(|cue| cue.end() + 160 > stretch.extent.start())
        });
        if content.split_whitespace().take(4).count() < 4
            && !(cued && near || whole || rule == Some(Rule::Signed))
        {
            return false;
        }
        if stretch.single && self.doubles && !beside {
            return false;
        }
        stopped && (beside || !content.ends_with(',')) || !is_title(content)
    }

    /// The quotations: stretches of one speaker that one cue announces become one.
    fn finish(mut self) -> Vec<Quotation> {
        self.hand_back();
        let mut found: Vec<Quotation> = Vec::new();
        // The index in `found` of the stretch before, if that was speech.
        let mut before: Option<usize> = None;
        for (index, stretch) in self.stretches.iter().enumerate() {
            let said = self.said.get(index).copied().flatten();
            if !self.is_speech(stretch, said) {
                // A title between two halves of a quotation does not part them.
                continue;
            }
            let runs_on = index
                .checked_sub(1)
                .and_then(|before| self.stretches.get(before))
                .is_some_and(|before| before.runs_on);
            let joins = said.map_or(runs_on, |said| match said.rule {
                Rule::SameSentence | Rule::Carried => true,
                Rule::ParagraphBefore => runs_on,
                Rule::Newest | Rule::Adjacent | Rule::Distant | Rule::SentenceBefore => false,
                _ => found
                    .last()
                    .is_some_and(|last| last.cue.is_some() && last.cue == said.cue),
            });
            if let Some(quotation) = before.and_then(|before| found.get_mut(before))
                && quotation.speaker.as_ref().map(|speaker| speaker.mention)
                    == said.map(|said| said.mention)
                && joins
            {
                quotation.content.push(stretch.content);
                quotation.extent = quotation.extent.join(stretch.extent);
                continue;
            }
            before = Some(found.len());
            found.push(Quotation {
                content: vec![stretch.content],
                extent: stretch.extent,
                kind: self.kind(stretch, said),
                cue: said.and_then(|said| said.cue),
                speaker: said.map(|said| self.speaker(said)),
                posted: None,
                confidence: said.map_or(0.0, |said| said.rule.confidence()),
            });
        }
        found.extend(self.reported);
        found
    }

    /// A speech of several paragraphs that names its speaker only in a later one.
    fn hand_back(&mut self) {
        for index in (1..self.stretches.len()).rev() {
            let Some(before) = self
                .stretches
                .get(index - 1)
                .filter(|before| before.runs_on)
            else {
                continue;
            };
            let unsure = self
                .said
                .get(index - 1)
                .copied()
                .flatten()
                .is_none_or(|said| said.rule.is_guess());
            if let Some(said) = self
                .said
                .get(index)
                .copied()
                .flatten()
                .filter(|said| !said.rule.is_guess())
                && unsure
                && before.content.end() > before.content.start()
                && let Some(slot) = self.said.get_mut(index - 1)
            {
                *slot = Some(Said {
                    rule: Rule::ParagraphBefore,
                    ..said
                });
            }
        }
    }

    fn speaker(&self, said: Said) -> Speaker {
        Speaker {
            mention: said.mention,
            name: said.entity.and_then(|entity| self.people.name(entity)),
            handle: None,
        }
    }

    /// Whole sentences are direct speech; a part that the reporter's own sentence takes up is mixed.
    fn kind(&self, stretch: &Stretch, said: Option<Said>) -> QuotationKind {
        let part = said.is_some_and(|said| {
            matches!(
                said.rule,
                Rule::CueBefore
                    | Rule::NounBefore
                    | Rule::PhraseBefore
                    | Rule::ClauseSubject
                    | Rule::SameSentence
            )
        });
        let small = stretch
            .content
            .of(self.text)
            .chars()
            .find(|letter| letter.is_alphanumeric())
            .is_some_and(char::is_lowercase);
        if part && small || said.is_none() && small {
            QuotationKind::Mixed
        } else {
            QuotationKind::Direct
        }
    }
}

/// Whether single marks are the article's marks of speech: where no double ones are, or where several of
/// the single ones enclose whole clauses.
fn singles_speak(text: &str, stretches: &[Stretch]) -> bool {
    let doubles = stretches.iter().filter(|stretch| !stretch.single).count();
    let clauses = stretches
        .iter()
        .filter(|stretch| {
            stretch.single
                && stretch
                    .content
                    .of(text)
                    .ends_with(['.', ',', '!', '?', '—', '-'])
        })
        .count();
    // Two apostrophes are a typewriter's double mark, and single ones stand inside those.
    let typewriter = text.contains("''");
    !typewriter && (doubles == 0 || clauses > 2 && clauses * 12 > doubles)
}

/// Whether all words of some length begin with a capital, as in the title of a book.
fn is_title(content: &str) -> bool {
    let mut capital = 0;
    let mut long = 0;
    for (index, word) in content.split_whitespace().enumerate() {
        let bare = word.trim_matches(|letter: char| !letter.is_alphanumeric());
        let raised = bare.starts_with(char::is_uppercase);
        let counts = bare.chars().count() > 3 && !bare.starts_with(char::is_numeric);
        if index > 14 || (counts && !raised) {
            return false;
        }
        capital += usize::from(raised);
        long += usize::from(counts);
    }
    long >= 2 || capital >= 3
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
