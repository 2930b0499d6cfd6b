//! `titles.toml`: titles before names, and words that tell what a name names.

/// Words by the gender they tell.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gendered {
    /// Of men.
    pub male: Vec<String>,
    /// Of women.
    pub female: Vec<String>,
}

/// The content of `titles.toml`.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Titles {
    /// Titles of men.
    pub male: Vec<String>,
    /// Titles of women.
    pub female: Vec<String>,
    /// Titles of both.
    pub either: Vec<String>,
    /// Words after a name that are no part of it: "Jr".
    pub suffixes: Vec<String>,
    /// Small words inside names: "van", "bin".
    pub particles: Vec<String>,
    /// Last words of names of organisations.
    pub organisations: Vec<String>,
    /// Words in names of places, peoples and parties.
    pub places: Vec<String>,
    /// Common nouns for people.
    pub roles: Gendered,
}

impl Titles {
    pub(super) fn validate(&mut self) -> Vec<String> {
        self.male
            .iter()
            .filter(|title| self.female.contains(title) || self.either.contains(title))
            .map(|title| format!("{title:?} stands in two lists"))
            .collect()
    }
}
