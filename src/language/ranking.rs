//! `ranking.toml`: what speaks for a sentence as an answer, and how much.

use std::collections::BTreeMap;

/// The content of `ranking.toml`.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ranking {
    /// The weight of each feature in how well a sentence fits a topic.
    pub sentence: BTreeMap<String, f32>,
    /// The weight of each feature in how well a sentence answers a question, as log-odds.
    pub answer: BTreeMap<String, f32>,
    /// The weight of each feature in the confidence that the chosen sentence answers at all.
    pub confidence: BTreeMap<String, f32>,
    /// The weight of each feature in the choice of a date.
    pub when: BTreeMap<String, f32>,
    /// What a word of the topic is worth in each place around a quotation, and what else speaks for one.
    pub quote: BTreeMap<String, f32>,
    /// What speaks for and against an excerpt as an answer, as log-odds.
    pub certainty: BTreeMap<String, f32>,
    /// The likelihood below which a question is answered with "I don't know".
    pub certain: f32,
    /// What must speak at least for the best sentence with a date, by the weights of `when`, for a date to be told.
    pub dated: f32,
    /// The confidence below which the answer is "I don't know".
    pub threshold: f32,
}

impl Ranking {
    pub(super) fn validate(&mut self) -> Vec<String> {
        let weights = self
            .sentence
            .iter()
            .chain(&self.answer)
            .chain(&self.confidence)
            .chain(&self.certainty)
            .chain(&self.quote)
            .chain(&self.when);
        weights
            .filter(|(_, weight)| !weight.is_finite())
            .map(|(name, _)| format!("{name}: the weight is no finite number"))
            .collect()
    }
}
