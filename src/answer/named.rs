//! Names in a sentence that answer "who", "where" or "which": what is shown in bold beside the words of the
//! question.
//!
//! A name is a run of capitalised words with the small words inside it ("Erik van der Linde", "Bank of Norvik"),
//! as attribution reads them, here in one sentence alone. The one that answers is no name of the question's own,
//! stands near the question's words, behind a preposition of place where a place is asked for, and on the side of
//! the verb where "who" stands: of "who led the inquiry?" before "led", or behind a "by". What is next to it in a
//! list answers with it.

use super::{found::Found, topic::Topic};
use crate::{
    language::{Expected, Language},
    text::{Span, Token, TokenKind, fold, tokens, tokens_in},
};

/// How near the question's words a name must stand, as [`Found::nearness`] tells.
const NEAR: f32 = 0.12;

/// How much nearer something must be to be taken before what is likelier of the kind asked for.
const UNLIKELY: f32 = 0.5;

/// How many names of a list are told.
const MOST: usize = 3;

/// How far from the word for its class a name may stand that is told by it, in bytes: "the tanker Aurora".
const BESIDE: usize = 2;

/// A name in a sentence.
#[derive(Debug)]
struct Name {
    /// Where it stands, titles before it and all.
    span: Span,
    /// The index of its first token.
    first: usize,
    /// The index of the token behind its last.
    end: usize,
}

/// The tokens of a sentence with what is known of them.
struct Reading<'a> {
    language: &'a Language,
    topic: &'a Topic,
    text: &'a str,
    tokens: Vec<Token>,
    dates: &'a [Span],
}

/// The names in the stretch `sentence` of `text` that answer `question`, which expects a person, a place or a name.
#[must_use]
pub fn answering_names(
    language: &Language,
    topic: &Topic,
    question: &str,
    text: &str,
    sentence: Span,
    dates: &[Span],
) -> Vec<Span> {
    let found = Found::read(&language.words, topic, text, sentence);
    let reading = Reading {
        language,
        topic,
        text,
        tokens: tokens_in(text, sentence).collect(),
        dates,
    };
    // Where the verb is missing, the sentence does not tell who did it.
    let verb = match leading_verb(language, topic, question) {
        Some(verb) => match found.matches_of(verb).next() {
            Some(verb) => Some(verb),
            None => return Vec::new(),
        },
        None => None,
    };
    let names: Vec<Name> = reading.names();
    let class = topic.class_index();
    let beside_class = |name: &Name| {
        class.is_some_and(|class| {
            found
                .matches_of(class)
                .any(|span| name.span.contains(span) || gap(name.span, span) <= BESIDE)
        })
    };
    let fits = |name: &&Name| reading.fits(name, verb);
    let nearness = |name: &Name| {
        let likely = if reading.is_unlikely(name) {
            UNLIKELY
        } else {
            1.0
        };
        let told = if beside_class(name) { 1.0 } else { 0.0 };
        told + likely * found.nearness(topic, name.span)
    };
    let fitting = names.iter().filter(fits);
    let nearest = fitting.map(|name| (nearness(name), name));
    // Of names equally near, the first.
    let Some((near, best)) = nearest.reduce(|a, b| if b.0 > a.0 { b } else { a }) else {
        return Vec::new();
    };
    if near < NEAR {
        return Vec::new();
    }
    reading.listed(&names, best)
}

/// The term of the verb that "who" is the subject of, where it opens the question: "who led the inquiry?", but
/// not "who was hurt?" or "who did they meet?".
fn leading_verb(language: &Language, topic: &Topic, question: &str) -> Option<usize> {
    if topic.expected != Some(Expected::Person) {
        return None;
    }
    let mut words = tokens(question).filter(|token| token.kind == TokenKind::Word);
    let who = fold(words.next()?.span.of(question));
    let grammar = &language.grammar;
    if !grammar.personal.iter().any(|word| *word == who) {
        return None;
    }
    let verb = words.next()?;
    topic.terms.iter().position(|term| term.span == verb.span)
}

/// How many bytes stand between two stretches.
fn gap(a: Span, b: Span) -> usize {
    a.start().saturating_sub(b.end()) + b.start().saturating_sub(a.end())
}

impl Reading<'_> {
    fn word(&self, at: usize) -> &str {
        self.tokens
            .get(at)
            .map_or("", |token| token.span.of(self.text))
    }

    fn is_listed(&self, list: &[String], at: usize) -> bool {
        let folded = fold(self.word(at));
        list.iter().any(|word| *word == folded)
    }

    /// Whether two tokens stand without anything between them.
    fn touch(&self, at: usize) -> bool {
        match (self.tokens.get(at), self.tokens.get(at + 1)) {
            (Some(a), Some(b)) => a.span.end() == b.span.start(),
            _ => false,
        }
    }

    /// Whether the token at `at` may be a word of a name.
    fn is_name_word(&self, at: usize) -> bool {
        let Some(token) = self.tokens.get(at) else {
            return false;
        };
        let word = token.span.of(self.text);
        if token.kind != TokenKind::Word || !word.starts_with(char::is_uppercase) {
            return false;
        }
        let folded = fold(word);
        let initialism = word.chars().nth(1).is_some() && !word.contains(char::is_lowercase);
        let stops = self.language.words.is_stop_word(&folded) && !initialism;
        let dates = self.dates.iter().any(|date| date.overlaps(token.span));
        // "Soviet-era" and "anti-Soviet" are no names.
        let lower = |at: usize| self.word(at).starts_with(char::is_lowercase);
        let compound =
            self.word(at + 1) == "-" && self.touch(at) && self.touch(at + 1) && lower(at + 2)
                || at > 1 && self.word(at - 1) == "-" && self.touch(at - 1) && lower(at - 2);
        // The first word of a sentence has a capital whether it is a name or not.
        let opens = at == 0 || matches!(self.word(at - 1), "“" | "\"" | "‘" | ":" | "#" | "@");
        let common = opens && self.language.related.knows(&folded) && !self.goes_on(at);
        !stops && !dates && !compound && !common
    }

    /// Whether a further capitalised word follows.
    fn goes_on(&self, at: usize) -> bool {
        let next = self.word(at + 1);
        next.starts_with(char::is_uppercase)
            && !self.language.words.is_stop_word(&fold(next))
            && !self.owns(at)
    }

    /// Whether the word has a possessive ending.
    fn owns(&self, at: usize) -> bool {
        let word = fold(self.word(at));
        word.ends_with("'s") || word.ends_with("s'") || self.word(at + 1) == "’" && self.touch(at)
    }

    /// The names, in order.
    fn names(&self) -> Vec<Name> {
        let mut names = Vec::new();
        let mut at = 0;
        while at < self.tokens.len() {
            if !self.is_name_word(at) {
                at += 1;
                continue;
            }
            let end = self.end(at);
            if let (Some(first), Some(last)) = (self.tokens.get(at), self.tokens.get(end - 1)) {
                names.push(Name {
                    span: self.bare(first.span.join(last.span)),
                    first: at,
                    end,
                });
            }
            at = end;
        }
        names
    }

    /// Where the name that begins at `first` ends.
    fn end(&self, first: usize) -> usize {
        let titles = &self.language.titles;
        let mut end = first + 1;
        loop {
            let last = end - 1;
            if self.owns(last) {
                return end;
            }
            let initial =
                self.word(end) == "." && self.touch(last) && self.word(last).chars().count() <= 3;
            let hyphen = self.word(end) == "-" && self.touch(last) && self.touch(end);
            let joins = self.is_listed(&titles.particles, end)
                // "Bank of Norvik", but not "Jane Roe of Norvik".
                || self.is_listed(&self.language.grammar.genitives, end)
                    && (self.is_listed_as(&titles.organisations, last)
                        || self.language.related.knows(&fold(self.word(last))));
            if self.is_name_word(end) {
                end += 1;
            } else if (initial || hyphen || joins) && self.is_name_word(end + 1) {
                end += 2;
            } else {
                return end;
            }
        }
    }

    fn is_listed_as(&self, list: &[String], at: usize) -> bool {
        list.iter().any(|word| word == self.word(at))
    }

    /// The stretch without a possessive ending.
    fn bare(&self, span: Span) -> Span {
        let name = span.of(self.text);
        let kept = ["'s", "’s", "'", "’"]
            .iter()
            .find_map(|ending| name.strip_suffix(ending))
            .unwrap_or(name);
        Span::new(self.text, span.start(), span.start() + kept.len()).unwrap_or(span)
    }

    /// Whether a name may be what is asked for: not the question's own, and where such an answer stands.
    fn fits(&self, name: &Name, verb: Option<Span>) -> bool {
        let before = name.first.checked_sub(1);
        let grammar = &self.language.grammar;
        let side =
            verb.is_none_or(|verb| name.span.end() <= verb.start() || self.is_agent(name, verb));
        let kind = match self.topic.expected {
            Some(Expected::Place) => {
                let cues = &self.language.questions.cues.place;
                // "the" stands between: "in the Harz".
                let article = before.filter(|&before| self.is_listed(&grammar.articles, before));
                let before = article.map_or(before, |article| article.checked_sub(1));
                before.is_some_and(|before| self.is_listed(cues, before))
            }
            Some(Expected::Person) => {
                let titles = &self.language.titles;
                // A people or a land is nobody, nor is a title without a name.
                !(name.first..name.end).all(|at| {
                    self.is_listed_as(&titles.places, at)
                        || self.is_listed_as(&titles.either, at)
                        || self.is_listed_as(&titles.male, at)
                        || self.is_listed_as(&titles.female, at)
                })
            }
            _ => true,
        };
        side && kind && !self.is_asked(name) && !self.owns(name.end - 1)
    }

    /// Whether a name tells by whom the passive `verb` was done: "led by the judge Erik Solberg".
    fn is_agent(&self, name: &Name, verb: Span) -> bool {
        let behind = |at: &usize| {
            let token = self.tokens.get(*at);
            token.is_some_and(|token| token.span.start() >= verb.end())
        };
        let mut between = (0..name.first).filter(behind);
        between
            .next()
            .is_some_and(|first| self.is_listed(&self.language.grammar.agents, first))
            && between.all(|at| self.word(at).starts_with(char::is_alphabetic))
    }

    /// Whether a name is the question's own, or has no word beside the question's.
    fn is_asked(&self, name: &Name) -> bool {
        let words = (name.first..name.end).filter_map(|at| {
            let token = self.tokens.get(at)?;
            self.topic.term_of(self.bare(token.span).of(self.text))
        });
        let asked: Vec<_> = words.collect();
        asked.iter().any(|term| term.name) || asked.len() >= name.end - name.first
    }

    /// Whether a name is less likely of the kind asked for.
    fn is_unlikely(&self, name: &Name) -> bool {
        let titles = &self.language.titles;
        self.topic.expected == Some(Expected::Person)
            && (self.is_listed_as(&titles.organisations, name.end - 1)
                || self.is_listed_as(&titles.places, name.end - 1))
    }

    /// A name with those that stand in a list with it.
    fn listed(&self, names: &[Name], best: &Name) -> Vec<Span> {
        let joined = |a: &Name, b: &Name| {
            let mut between = (a.end..b.first).peekable();
            between.peek().is_some()
                && between.all(|at| {
                    self.word(at) == "," || self.is_listed(&self.language.grammar.conjunctions, at)
                })
        };
        let at = names.iter().position(|name| name.first == best.first);
        let at = at.unwrap_or_default();
        let (mut first, mut last) = (at, at);
        while let (Some(before), Some(name)) = (
            first.checked_sub(1).and_then(|before| names.get(before)),
            names.get(first),
        ) && joined(before, name)
            && !self.is_asked(before)
        {
            first -= 1;
        }
        while let (Some(name), Some(next)) = (names.get(last), names.get(last + 1))
            && joined(name, next)
            && !self.is_asked(next)
        {
            last += 1;
        }
        let told = names.get(first..=last).unwrap_or_default();
        if told.len() > MOST {
            return vec![best.span];
        }
        told.iter().map(|name| name.span).collect()
    }
}
