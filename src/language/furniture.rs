//! `furniture.toml`: paragraphs of an article that are not its prose, and stamps within paragraphs that are.

use regex::Regex;

use super::required::Required;
use crate::text::Span;

/// What a paragraph that is no prose is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Deserialize, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum FurnitureKind {
    /// A link to another article: "Read: …".
    Teaser,
    /// Who took or owns a picture.
    Credit,
    /// A line that only points at what follows it: "Take a look here:".
    LeadIn,
    /// A post of a social network, set into the article with its writer and date.
    Post,
}

/// One kind of paragraph and the pattern that tells it.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FurnitureRule {
    /// What it is.
    pub kind: FurnitureKind,
    /// A regular expression over the trimmed paragraph. Posts name the groups `text`, `name`, `handle`
    /// and `date`.
    pub pattern: String,
    /// Paragraphs it must tell.
    pub examples: Vec<String>,
    /// Paragraphs it must leave alone.
    pub not: Vec<String>,
    #[serde(skip)]
    compiled: Option<Regex>,
}

impl FurnitureRule {
    /// The pattern, compiled.
    #[must_use]
    pub fn regex(&self) -> Option<&Regex> {
        self.compiled.as_ref()
    }
}

/// What a page or an agency prints in one paragraph with the prose: when the page was last updated, the line
/// that tells where and by whom a report was sent, who took the picture above.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StampRule {
    /// A regular expression, sought anywhere in the text unless it says `^`, the beginning of a line.
    pub pattern: String,
    /// Texts that hold such stamps.
    pub examples: Vec<StampExample>,
    /// Texts that hold none.
    pub not: Vec<String>,
    #[serde(skip)]
    compiled: Option<Regex>,
}

impl StampRule {
    /// The pattern, compiled.
    #[must_use]
    pub fn regex(&self) -> Option<&Regex> {
        self.compiled.as_ref()
    }
}

/// A text with stamps.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StampExample {
    /// The text.
    pub text: String,
    /// What of it is prose.
    pub left: String,
}

/// The content of `furniture.toml`.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Furniture {
    /// The rules; the first that matches decides.
    #[serde(rename = "rule")]
    pub rules: Vec<FurnitureRule>,
    /// What is passed over where it stands beside prose.
    #[serde(rename = "stamp", default)]
    pub stamp_rules: Vec<StampRule>,
    /// What the patterns of the rules and of the stamps require of a text.
    #[serde(skip)]
    required: Option<(Required, Required)>,
}

impl Furniture {
    /// What the trimmed `paragraph` is, or nothing if it is prose.
    #[must_use]
    pub fn classify(&self, paragraph: &str) -> Option<FurnitureKind> {
        self.rule(paragraph).map(|rule| rule.kind)
    }

    /// The first rule that matches the trimmed `paragraph`; none if it is prose.
    #[must_use]
    pub fn rule(&self, paragraph: &str) -> Option<&FurnitureRule> {
        let required = self.required.as_ref().map(|(rules, _)| rules);
        possible(&self.rules, required, paragraph)
            .find(|rule| rule.regex().is_some_and(|regex| regex.is_match(paragraph)))
    }

    /// The stamps in `text`, in order; none overlaps another.
    #[must_use]
    pub fn stamps(&self, text: &str) -> Vec<Span> {
        let required = self.required.as_ref().map(|(_, stamps)| stamps);
        let rules =
            possible(&self.stamp_rules, required, text).filter_map(|rule| rule.compiled.as_ref());
        let mut found: Vec<Span> = rules
            .flat_map(|regex| regex.find_iter(text))
            .filter_map(|found| Span::new(text, found.start(), found.end()))
            .collect();
        found.sort_unstable();
        let mut stamps: Vec<Span> = Vec::new();
        for span in found {
            match stamps.last_mut() {
                Some(last) if span.start() <= last.end() => *last = last.join(span),
                _ => stamps.push(span),
            }
        }
        stamps
    }

    pub(super) fn validate(&mut self) -> Vec<String> {
        let mut problems = Vec::new();
        for rule in &mut self.stamp_rules {
            match Regex::new(&format!("(?m){}", rule.pattern)) {
                Ok(regex) => rule.compiled = Some(regex),
                Err(error) => problems.push(format!("pattern {:?}: {error}", rule.pattern)),
            }
        }
        for rule in &mut self.rules {
            match Regex::new(&rule.pattern) {
                Ok(regex) => rule.compiled = Some(regex),
                Err(error) => problems.push(format!("pattern {:?}: {error}", rule.pattern)),
            }
        }
        self.required = Some((
            Required::of(self.rules.iter().map(|rule| rule.pattern.as_str())),
            Required::of(self.stamp_rules.iter().map(|rule| rule.pattern.as_str())),
        ));
        problems
    }
}

/// Those of `rules` that may match `text`, as far as what they require tells.
fn possible<'r, R>(
    rules: &'r [R],
    required: Option<&Required>,
    text: &str,
) -> impl Iterator<Item = &'r R> {
    let possible = required.map_or_else(Vec::new, |required| required.possible(text));
    rules
        .iter()
        .enumerate()
        .filter(move |(number, _)| possible.get(*number).copied().unwrap_or(true))
        .map(|(_, rule)| rule)
}
