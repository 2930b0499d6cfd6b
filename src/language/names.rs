//! `names.toml`: first names and the gender they usually tell.

/// The content of `names.toml`: names in running text, white space between them.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Names {
    male: String,
    female: String,
}

impl Names {
    /// First names of men.
    pub fn male(&self) -> impl Iterator<Item = &str> {
        self.male.split_whitespace()
    }

    /// First names of women.
    pub fn female(&self) -> impl Iterator<Item = &str> {
        self.female.split_whitespace()
    }

    pub(super) fn validate(&mut self) -> Vec<String> {
        let male: std::collections::HashSet<&str> = self.male().collect();
        self.female()
            .filter(|name| male.contains(name))
            .map(|name| format!("{name:?} stands in both lists"))
            .collect()
    }
}
