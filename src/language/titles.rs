//! `titles.toml`: titles and first names.

/// The content of `titles.toml`.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Titles {}

impl Titles {
    pub(super) fn validate(&mut self) -> Vec<String> {
        Vec::new()
    }
}
