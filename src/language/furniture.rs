//! `furniture.toml`: paragraphs of an article that are not its prose.

use regex::Regex;

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

/// The content of `furniture.toml`.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Furniture {
    /// The rules; the first that matches decides.
    #[serde(rename = "rule")]
    pub rules: Vec<FurnitureRule>,
}

impl Furniture {
    /// What the trimmed `paragraph` is, or nothing if it is prose.
    #[must_use]
    pub fn classify(&self, paragraph: &str) -> Option<FurnitureKind> {
        self.rules
            .iter()
            .find(|rule| rule.regex().is_some_and(|regex| regex.is_match(paragraph)))
            .map(|rule| rule.kind)
    }

    pub(super) fn validate(&mut self) -> Vec<String> {
        let mut problems = Vec::new();
        for rule in &mut self.rules {
            match Regex::new(&rule.pattern) {
                Ok(regex) => rule.compiled = Some(regex),
                Err(error) => problems.push(format!("pattern {:?}: {error}", rule.pattern)),
            }
        }
        problems
    }
}
