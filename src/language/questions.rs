//! `questions.toml`: how questions open and what they ask for.

/// The content of `questions.toml`.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Questions {}

impl Questions {
    pub(super) fn validate(&mut self) -> Vec<String> {
        Vec::new()
    }
}
