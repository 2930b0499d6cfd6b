//! `timex.toml`: words and patterns of time.

/// The content of `timex.toml`.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TimexData {}

impl TimexData {
    pub(super) fn validate(&mut self) -> Vec<String> {
        Vec::new()
    }
}
