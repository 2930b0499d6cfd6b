//! What speaks for a sentence as an answer: the features by which candidates are weighed.
//!
//! Each is a number of about 0 to 1, so that the weights in `data/<language>/ranking.toml` can be compared. Those
//! of a kind of answer are 1 where the question asks for it and the sentence has it, -1 where it lacks it, and 0
//! where the question asks for something else.

use std::collections::BTreeMap;

pub use super::found::Found;

/// Numbers with names: a struct of them, their names, and their values in the names' order.
macro_rules! features {
    ($(#[doc = $about:literal])+ $group:ident, $names:ident: $($(#[doc = $doc:literal])+ $name:ident,)+) => {
        $(#[doc = $about])+
        #[derive(Clone, Copy, Debug, Default, PartialEq)]
        pub struct $group {
            $($(#[doc = $doc])+ pub $name: f32,)+
        }

        /// The features' names, in the order of their values.
        pub const $names: [&str; [$(stringify!($name)),+].len()] = [$(stringify!($name)),+];

        impl $group {
            /// The values, in the order of their names.
            #[must_use]
            pub fn values(&self) -> [f32; $names.len()] {
                [$(self.$name),+]
            }
        }
    };
}
pub(super) use features;

features! {
    /// What speaks for one sentence.
    Features, NAMES:
    /// The share of the question's rarity in the sentence itself.
    coverage,
    /// The same with the neighbouring sentences, the window and the headline, for less each.
    context,
    /// The same in the sentence before, alone.
    before,
    /// The same in the sentence after, alone.
    after,
    /// The same in the headline.
    headline,
    /// The same anywhere in the windows of the article that were found.
    article,
    /// The same anywhere in the window.
    window,
    /// The share that stands in the sentence in the asker's own words.
    exact,
    /// The share that stands in the window in the asker's own words.
    window_exact,
    /// The window's score against the best window's.
    rank,
    /// The window's score against what a perfect match would score.
    strength,
    /// The same for the asker's own words alone, by how often each stands in the window.
    saturation,
    /// How near the window stands to the top of what was found.
    top,
    /// The share of the question's neighbouring words that stand side by side.
    pairs,
    /// The same for words that stand close to each other, by their rarity.
    close_pairs,
    /// How densely the matches stand.
    proximity,
    /// The share of neighbouring matches in the question's order.
    order,
    /// The share of the question's names in the sentence and its surroundings.
    names,
    /// The share of the question's names in the sentence itself.
    own_names,
    /// The share of the question's numbers in the sentence itself.
    own_numbers,
    /// Whether the question's rarest word is in the sentence.
    rarest,
    /// Whether the question's first word is in the sentence.
    first,
    /// Whether the question's last word is in the sentence.
    last,
    /// Whether the word that names the class asked for is in the sentence ("which boxer", "how many goats").
    class,
    /// Whether a number stands before that word.
    counted,
    /// Whether the sentence has the kind of thing that is asked for.
    expected,
    /// Whether that kind is known and the sentence lacks it.
    unexpected,
    /// A date is asked for.
    date,
    /// A number.
    number,
    /// A sum of money.
    money,
    /// A person.
    person,
    /// Something with a name.
    name,
    /// A place.
    place,
    /// A reason.
    reason,
    /// What something is.
    definition,
    /// Whether something is told to be called something, where that is asked.
    naming,
    /// How near the matches stand to what is asked for.
    nearness,
    /// How much the sentence says beside the words of the question.
    fresh,
    /// Whether it has hardly any words.
    short,
    /// How far it is over sixty words.
    long,
    /// How near the article's beginning it stands.
    early,
    /// Whether it leans on the sentence before by a pronoun.
    leaning,
    /// What the sentence before holds, where it leans on it.
    leaning_before,
    /// Whether it asks itself.
    asking,
    /// How rare the rarest word is that the whole window lacks.
    missed,
    /// The same of names.
    missed_name,
    /// The same of numbers.
    missed_number,
}

/// Weights in the order of [`NAMES`].
#[must_use]
pub fn weights(by_name: &BTreeMap<String, f32>) -> [f32; NAMES.len()] {
    NAMES.map(|name| by_name.get(name).copied().unwrap_or_default())
}

/// The weighted sum of features.
#[must_use]
pub fn weighted(features: &Features, weights: &[f32; NAMES.len()]) -> f32 {
    let values = features.values();
    values
        .iter()
        .zip(weights)
        .map(|(value, weight)| value * weight)
        .sum()
}
