//! `wording.toml`: the bot's own words.

use std::collections::BTreeMap;

/// The content of `wording.toml`: sentences with `{places}` to be filled.
#[derive(Debug, serde::Deserialize)]
#[serde(transparent)]
pub struct Wording(BTreeMap<String, String>);

impl Wording {
    /// The sentence under `key`, with each `{name}` of `places` filled; the key itself where it is missing,
    /// which `tests/rules.rs` does not let happen.
    #[must_use]
    pub fn say(&self, key: &str, places: &[(&str, &str)]) -> String {
        let Some(sentence) = self.0.get(key) else {
            return key.to_owned();
        };
        let mut said = String::with_capacity(sentence.len());
        let mut rest = sentence.as_str();
        // One pass, so that a place's filling is never read as a place itself.
        while let Some((before, after)) = rest.split_once('{') {
            said.push_str(before);
            let Some((name, behind)) = after.split_once('}') else {
                rest = after;
                break;
            };
            if let Some((_, filling)) = places.iter().find(|(place, _)| *place == name) {
                said.push_str(filling);
            }
            rest = behind;
        }
        said.push_str(rest);
        said
    }

    /// The sentence under `key` as it was written, where there is one.
    #[must_use]
    pub fn find(&self, key: &str) -> Option<&str> {
        self.0.get(key).map(String::as_str)
    }

    /// Every key.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    pub(super) fn validate(&mut self) -> Vec<String> {
        self.0
            .iter()
            .filter(|(_, sentence)| sentence.matches('{').count() != sentence.matches('}').count())
            .map(|(key, _)| format!("{key}: a place is opened with {{ and not closed"))
            .collect()
    }
}
