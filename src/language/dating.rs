//! `dating.toml` and `dating-weights.toml`: the verb forms that tell when, and what speaks for a date.

use std::collections::BTreeMap;

/// A text in which an event must be dated as said.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DatingExample {
    /// The text.
    pub text: String,
    /// The day it was published on.
    pub published: String,
    /// The event: a word of the text, at its first occurrence.
    pub event: String,
    /// When it happened, as TIMEX3 writes it.
    pub date: String,
}

/// The content of `dating.toml`. All words are in lower case with plain apostrophes.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dating {
    /// What makes a past perfect: "had".
    pub past_perfect: Vec<String>,
    /// What makes a present perfect: "has", "have".
    pub present_perfect: Vec<String>,
    /// What makes a future: "will".
    pub future: Vec<String>,
    /// What makes a conditional: "would", "may".
    pub modal: Vec<String>,
    /// Past forms of "be".
    pub was: Vec<String>,
    /// Present forms of "be".
    pub is: Vec<String>,
    /// Forms of "be" that tell no tense.
    pub be: Vec<String>,
    /// Past forms of "do".
    pub did: Vec<String>,
    /// Present forms of "do".
    pub does: Vec<String>,
    /// Past forms that no ending tells.
    pub past: Vec<String>,
    /// Participles that are no past form and that no ending tells.
    pub participles: Vec<String>,
    /// Words whose infinitive lies ahead: "planned to", "due to".
    pub ahead: Vec<String>,
    /// Words that tell of a habit: "usually".
    pub habits: Vec<String>,
    /// Texts in which the words and weights must lead to the date.
    #[serde(rename = "example")]
    pub examples: Vec<DatingExample>,
}

impl Dating {
    pub(super) fn validate(&mut self) -> Vec<String> {
        let lists = [
            ("past_perfect", &self.past_perfect),
            ("present_perfect", &self.present_perfect),
            ("future", &self.future),
            ("modal", &self.modal),
            ("was", &self.was),
            ("is", &self.is),
            ("be", &self.be),
            ("did", &self.did),
            ("does", &self.does),
            ("past", &self.past),
            ("participles", &self.participles),
            ("ahead", &self.ahead),
            ("habits", &self.habits),
        ];
        lists
            .into_iter()
            .flat_map(|(list, words)| words.iter().map(move |word| (list, word)))
            .filter(|(_, word)| word.chars().any(char::is_uppercase) || word.contains(' '))
            .map(|(list, word)| format!("{list}: {word:?} must be one word in lower case"))
            .chain(
                self.examples
                    .iter()
                    .filter(|example| !example.text.contains(&example.event))
                    .map(|example| format!("example {:?}: does not hold its event", example.text)),
            )
            .collect()
    }
}

/// The content of `dating-weights.toml`: for each group of features, the weight of each of its values.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(transparent)]
pub struct DatingWeights(pub BTreeMap<String, BTreeMap<String, f32>>);

impl DatingWeights {
    pub(super) fn validate(&mut self) -> Vec<String> {
        let weights = self.0.values().flatten();
        weights
            .filter(|(_, weight)| !weight.is_finite())
            .map(|(name, _)| format!("{name}: the weight is no finite number"))
            .collect()
    }
}
