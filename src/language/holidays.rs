//! `holidays.toml`: named days.

/// The content of `holidays.toml`.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Holidays {}

impl Holidays {
    pub(super) fn validate(&mut self) -> Vec<String> {
        Vec::new()
    }
}
