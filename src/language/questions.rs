//! `questions.toml`: how questions open and what they ask for, and words that say the same.

use std::collections::HashMap;

use regex::Regex;

use crate::text::stem;

/// What would answer a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Expected {
    /// A day or a stretch of time.
    Date,
    /// A count, an amount, a share.
    Number,
    /// A sum of money.
    Money,
    /// A person.
    Person,
    /// A person, an organisation or anything else with a name.
    Name,
    /// A place.
    Place,
    /// Why something happened.
    Reason,
    /// What something or someone is.
    Definition,
}

/// A way to ask for a command in plain words.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Opening {
    /// The command that answers it.
    pub command: String,
    /// A regular expression over the whole question, case aside; the groups `topic` and `about` are what
    /// is asked.
    pub pattern: String,
    /// Questions it must read, each with the topic it must find.
    pub examples: Vec<(String, String)>,
    /// Questions it must leave alone.
    pub not: Vec<String>,
    #[serde(skip)]
    compiled: Option<Regex>,
}

impl Opening {
    /// The topic of `question`, if it opens in this way: what the groups `topic` and `about` match.
    #[must_use]
    pub fn topic(&self, question: &str) -> Option<String> {
        let found = self.compiled.as_ref()?.captures(question)?;
        let parts = ["topic", "about"]
            .into_iter()
            .filter_map(|group| found.name(group));
        let parts = parts.map(|part| {
            part.as_str().trim_matches(|mark: char| {
                mark.is_whitespace() || matches!(mark, '?' | '!' | '.' | ',')
            })
        });
        Some(
            parts
                .filter(|part| !part.is_empty())
                .collect::<Vec<_>>()
                .join(" "),
        )
    }
}

/// A way to ask for a kind of thing.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expectation {
    /// What is asked for.
    pub expects: Expected,
    /// A regular expression over the question, case aside. What it matches says only what is asked for,
    /// and is no topic of its own.
    pub pattern: String,
    /// Questions that ask for it.
    pub examples: Vec<String>,
    /// Questions that do not.
    pub not: Vec<String>,
    #[serde(skip)]
    compiled: Option<Regex>,
}

impl Expectation {
    /// The pattern, compiled.
    #[must_use]
    pub fn regex(&self) -> Option<&Regex> {
        self.compiled.as_ref()
    }
}

/// Words that go with a kind of answer.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnswerCues {
    /// Numbers in words.
    pub numbers: Vec<String>,
    /// Currencies.
    pub money: Vec<String>,
    /// Words before the name of a place.
    pub place: Vec<String>,
    /// Words that open a reason.
    pub reason: Vec<String>,
    /// Words beside a name that is told.
    pub naming: Vec<String>,
    /// Words that open a definition.
    pub definition: Vec<String>,
}

/// The content of `questions.toml`.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Questions {
    /// Ways to ask for a command; the first that matches decides.
    #[serde(rename = "opening")]
    pub openings: Vec<Opening>,
    /// Ways to ask for a kind of thing; the first that matches decides.
    #[serde(rename = "expectation")]
    pub expectations: Vec<Expectation>,
    /// Questions that point back at the answer before: they have no topic of their own.
    pub pointers: Vec<String>,
    /// Words that ask and say nothing of what a text is about, beside the language's stop words.
    pub asking_words: Vec<String>,
    /// Words behind which the class of what is asked for stands: "which" in "which boxer".
    pub class_words: Vec<String>,
    /// Words that deny.
    pub negations: Vec<String>,
    /// Words that say that something is so more than anything else, beside superlatives.
    pub extremes: Vec<String>,
    /// Words that go with a kind of answer.
    pub cues: AnswerCues,
    /// Groups of words that say much the same in news.
    pub synonyms: Vec<Vec<String>>,
    /// By stem, the stems of the other words, and whether each is written with a capital.
    #[serde(skip)]
    related: HashMap<String, Vec<(String, bool)>>,
}

impl Questions {
    /// The command and topic that `question` asks for in plain words.
    #[must_use]
    pub fn opening(&self, question: &str) -> Option<(&str, String)> {
        self.openings.iter().find_map(|opening| {
            opening
                .topic(question)
                .map(|topic| (opening.command.as_str(), topic))
        })
    }

    /// What `question` asks for, and the bytes of it that say so.
    #[must_use]
    pub fn expected(&self, question: &str) -> Option<(Expected, std::ops::Range<usize>)> {
        self.expectations.iter().find_map(|expectation| {
            let found = expectation.regex()?.find(question)?;
            Some((expectation.expects, found.range()))
        })
    }

    /// Whether a word, folded, says that something is not so.
    #[must_use]
    pub fn denies(&self, word: &str) -> bool {
        word.ends_with("n't") || self.negations.iter().any(|no| no == word)
    }

    /// The stems of words that, chosen by hand, say much the same as the one with this stem; of a `name`
    /// only names and what is made of them.
    pub fn related(&self, stem: &str, name: bool) -> impl Iterator<Item = &str> {
        self.related
            .get(stem)
            .into_iter()
            .flatten()
            .filter(move |(_, capital)| *capital || !name)
            .map(|(stem, _)| stem.as_str())
    }

    pub(super) fn validate(&mut self) -> Vec<String> {
        let mut problems = Vec::new();
        let mut compile = |pattern: &str| match Regex::new(&format!("(?i){pattern}")) {
            Ok(regex) => Some(regex),
            Err(error) => {
                problems.push(format!("pattern {pattern:?}: {error}"));
                None
            }
        };
        for opening in &mut self.openings {
            opening.compiled = compile(&opening.pattern);
        }
        for expectation in &mut self.expectations {
            expectation.compiled = compile(&expectation.pattern);
        }
        for group in &self.synonyms {
            let stems: Vec<(String, bool)> = group
                .iter()
                .map(|word| (stem(word), word.starts_with(char::is_uppercase)))
                .collect();
            for (stem, _) in &stems {
                let others = self.related.entry(stem.clone()).or_default();
                for other in &stems {
                    if other.0 != *stem && !others.iter().any(|known| known.0 == other.0) {
                        others.push(other.clone());
                    }
                }
            }
        }
        problems
    }
}
