//! `cues.toml`: verbs and nouns that announce speech.

/// The content of `cues.toml`.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cues {}

impl Cues {
    pub(super) fn validate(&mut self) -> Vec<String> {
        Vec::new()
    }
}
