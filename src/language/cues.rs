//! `cues.toml`: verbs, nouns and phrases that announce speech.

/// What a cue verb announces, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CueClass {
    /// Announces speech by itself: "Volkov said that …".
    Say,
    /// The same, with the person spoken to as its object: "told reporters".
    Tell,
    /// Announces speech only beside a quotation: "…," she laughed.
    Manner,
    /// Takes a quoted fragment as its object or complement: called it “a farce”.
    Judge,
    /// Gives a thought or an attitude.
    Think,
}

/// A text and the speaker whose quotation the extractor must find in it.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CueExample {
    /// The text.
    pub text: String,
    /// The speaker's name or mention.
    pub speaker: String,
}

/// Verbs of one class.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CueVerbs {
    /// What they announce.
    pub class: CueClass,
    /// Each verb's forms: base, third person, past, participle if it differs, `-ing` form.
    pub forms: Vec<Vec<String>>,
    /// Texts in which the class must lead to the speaker.
    pub examples: Vec<CueExample>,
    /// Texts in which it must find nothing.
    pub not: Vec<String>,
}

/// Words or phrases that announce speech.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CueWords {
    /// The words, in lower case.
    pub words: Vec<String>,
    /// Texts in which they must lead to the speaker.
    pub examples: Vec<CueExample>,
    /// Texts in which they must find nothing.
    pub not: Vec<String>,
}

/// The content of `cues.toml`.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cues {
    /// Verbs.
    #[serde(rename = "verb")]
    pub verbs: Vec<CueVerbs>,
    /// Forms of these verbs that are plural nouns as often.
    pub nouns_too: CueWords,
    /// Forms of these verbs that stand before the title of a work as often as before speech.
    pub titles_too: CueWords,
    /// Phrases before a source: "according to".
    #[serde(rename = "phrase")]
    pub phrases: Vec<CueWords>,
    /// Nouns: "In a statement, …".
    #[serde(rename = "noun")]
    pub nouns: Vec<CueWords>,
}

impl Cues {
    pub(super) fn validate(&mut self) -> Vec<String> {
        self.verbs
            .iter()
            .flat_map(|verbs| verbs.forms.iter())
            .filter(|forms| !(4..=5).contains(&forms.len()))
            .map(|forms| {
                format!("verb {forms:?}: base, third person, past, [participle,] -ing form")
            })
            .collect()
    }
}
