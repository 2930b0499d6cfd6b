//! What speaks for a date: groups of features, their weights, and the tally of a candidate.
//!
//! A feature is a pair of values out of a group, such as "past" and "before" in the group that sets the
//! verb's tense beside the direction in which the date lies. Exactly one pair of a group holds of a
//! candidate, or none where the group does not apply. Weights come from `dating-weights.toml`.

use super::clause::Tense;
use crate::language::DatingWeights;

/// A group of features.
#[derive(Debug)]
pub struct Group {
    /// Its name in the weights' file.
    pub name: &'static str,
    /// The values of its first question.
    pub left: &'static [&'static str],
    /// The values of its second.
    pub right: &'static [&'static str],
}

/// The groups, by what they ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Feature {
    StatedDistance,
    StatedVerbs,
    StatedClauses,
    StatedCommas,
    StatedAttached,
    StatedTense,
    StatedOwnTense,
    StatedGrain,
    StatedPreposition,
    StatedModifies,
    StatedRank,
    StatedQuoted,
    StatedBasis,
    OtherWeek,
    CarriedDistance,
    CarriedTense,
    CarriedKind,
    CarriedBeside,
    CarriedRank,
    CarriedLead,
    CarriedGrain,
    CarriedMain,
    CarriedAlike,
    FollowingDistance,
    FollowingTense,
    FollowingKind,
    FollowingBeside,
    FollowingPlace,
    FollowingAlike,
    SameKind,
    SameTense,
    SameDefinite,
    SameBeside,
    SameNear,
    SameAlike,
    SamePair,
    PublishedTense,
    PublishedKind,
    PublishedQuoted,
    PublishedStated,
    PublishedCarried,
    PublishedSame,
    PublishedNow,
    PublishedOwnTense,
}

const NONE: &[&str] = &["-"];
const SIDES: &[&str] = &["before", "after"];
const COUNTS: &[&str] = &["0", "1", "2+"];
const DISTANCES: &[&str] = &["1", "2", "3-4", "5-8", "9-15", "16+"];
/// What a target can be.
pub const KINDS: &[&str] = &["report", "verb", "infinite", "noun"];
/// Where a date lies from the publication date.
pub const DIRECTIONS: &[&str] = &["long before", "before", "week before", "same", "after"];
const PLACES: &[&str] = &["first", "second", "third", "early", "late"];
/// How many words two sentences have in common.
const ALIKE: &[&str] = &["0", "1", "2", "3", "4", "5+"];
const GRAINS: &[&str] = &["day", "clock", "weeks", "months", "years"];
/// How a date stands to the verb it belongs to.
pub const ATTACHED: &[&str] = &["own", "governor", "report", "other", "none"];
/// The prepositions that matter before a date; the first stands for no preposition, the last for another one.
pub const PREPOSITIONS: &[&str] = &[
    "none", "on", "in", "since", "by", "until", "after", "before", "from", "of", "for", "at",
    "during", "late", "other",
];

/// The groups, in the order of [`Feature`].
pub const GROUPS: [Group; 44] = [
    group("stated: side, distance in words", SIDES, DISTANCES),
    group("stated: side, verbs between", SIDES, COUNTS),
    group("stated: side, clause bounds between", SIDES, COUNTS),
    group("stated: side, commas between", SIDES, COUNTS),
    group(
        "stated: target, the verb the date belongs to",
        KINDS,
        ATTACHED,
    ),
    group(
        "stated: tense that governs, direction",
        &Tense::NAMES,
        DIRECTIONS,
    ),
    group("stated: own tense, direction", &Tense::NAMES, DIRECTIONS),
    group("stated: grain", GRAINS, NONE),
    group("stated: side, preposition", SIDES, PREPOSITIONS),
    group(
        "stated: modifies a noun",
        &["not", "another", "target"],
        KINDS,
    ),
    group(
        "stated: nearness",
        &["nearest", "second", "further"],
        &["only", "one of several"],
    ),
    group(
        "stated: quotation",
        &["together", "target quoted", "date quoted"],
        NONE,
    ),
    group(
        "stated: resolved from",
        &["explicit", "deictic", "anaphoric"],
        GRAINS,
    ),
    group(
        "other week: tense that governs, direction",
        &Tense::NAMES,
        DIRECTIONS,
    ),
    group(
        "carried: sentences, paragraph",
        &["1", "2", "3-5", "6+"],
        &["same", "other"],
    ),
    group(
        "carried: tense that governs, direction",
        &Tense::NAMES,
        DIRECTIONS,
    ),
    group("carried: target, direction", KINDS, DIRECTIONS),
    group(
        "carried: target, date in the sentence",
        KINDS,
        &["none", "stated", "same clause"],
    ),
    group(
        "carried: which",
        &["last day", "day before that", "last longer"],
        NONE,
    ),
    group("carried: from the lead", &["no", "yes"], KINDS),
    group("carried: grain", GRAINS, NONE),
    group(
        "carried: belongs to a finite verb, sentences",
        &["no", "yes"],
        &["1", "2", "3-5", "6+"],
    ),
    group("carried: target, words in common", KINDS, ALIKE),
    group(
        "following: sentences, paragraph",
        &["1", "2", "3-5", "6+"],
        &["same", "other"],
    ),
    group(
        "following: tense that governs, direction",
        &Tense::NAMES,
        DIRECTIONS,
    ),
    group("following: target, place in the article", KINDS, PLACES),
    group(
        "following: target, date in the sentence",
        KINDS,
        &["none", "stated", "same clause"],
    ),
    group(
        "following: place in the article, sentences",
        PLACES,
        &["1", "2", "3-5", "6+"],
    ),
    group("following: target, words in common", KINDS, ALIKE),
    group("same word: target, side", KINDS, SIDES),
    group(
        "same word: tense that governs, direction",
        &Tense::NAMES,
        DIRECTIONS,
    ),
    group("same word: target, definite", KINDS, &["no", "yes"]),
    group(
        "same word: target, date in the sentence",
        KINDS,
        &["none", "stated", "same clause"],
    ),
    group(
        "same word: target, how near the date",
        KINDS,
        &["beside", "its verb"],
    ),
    group("same word: target, words in common", KINDS, ALIKE),
    group("same word: a neighbour is the same", &["no", "yes"], KINDS),
    group(
        "published: tense that governs, date in the sentence",
        &Tense::NAMES,
        &["none", "stated", "same clause"],
    ),
    group("published: target, place in the article", KINDS, PLACES),
    group(
        "published: target, quoted",
        KINDS,
        &["no", "direct", "indirect"],
    ),
    group(
        "published: target, date in the sentence",
        KINDS,
        &["none", "stated", "same clause"],
    ),
    group(
        "published: target, date in the sentence before",
        KINDS,
        &["none", "some"],
    ),
    group(
        "published: the word is dated elsewhere",
        &["no", "yes"],
        KINDS,
    ),
    group("published: now", &["no", "yes"], NONE),
    group("published: own tense, target", &Tense::NAMES, KINDS),
];

const fn group(
    name: &'static str,
    left: &'static [&'static str],
    right: &'static [&'static str],
) -> Group {
    Group { name, left, right }
}

/// A language's weights, by group and pair.
#[derive(Debug)]
pub struct Weights(Vec<Vec<f32>>);

impl Weights {
    /// The weights of `data`; a pair that is not named weighs nothing.
    pub fn new(data: &DatingWeights) -> Self {
        let weights = GROUPS.iter().map(|group| {
            let known = data.0.get(group.name);
            let pairs = group
                .left
                .iter()
                .flat_map(|left| group.right.iter().map(move |right| pair(left, right)));
            pairs
                .map(|pair| {
                    known
                        .and_then(|known| known.get(&pair))
                        .copied()
                        .unwrap_or(0.0)
                })
                .collect()
        });
        Self(weights.collect())
    }
}

/// The names in `data` that are of no feature, each with its group.
#[must_use]
pub fn unknown_features(data: &DatingWeights) -> Vec<String> {
    let known = |name: &str, value: &str| {
        GROUPS.iter().any(|group| {
            group.name == name
                && group
                    .left
                    .iter()
                    .any(|left| group.right.iter().any(|right| pair(left, right) == value))
        })
    };
    data.0
        .iter()
        .flat_map(|(group, values)| values.keys().map(move |value| (group, value)))
        .filter(|(group, value)| !known(group, value))
        .map(|(group, value)| format!("{group}: {value}"))
        .collect()
}

/// How a pair is written: the second value only where there is one.
fn pair(left: &str, right: &str) -> String {
    if right == "-" {
        left.to_owned()
    } else {
        format!("{left}, {right}")
    }
}

/// The sum of a candidate's weights, and, where it is wanted, their names.
#[derive(Clone, Debug)]
pub struct Tally<'w> {
    weights: &'w Weights,
    /// The sum.
    pub sum: f32,
    /// The features counted, where they are wanted.
    pub seen: Option<Vec<String>>,
}

impl<'w> Tally<'w> {
    /// An empty tally that keeps the features' names if `explain`.
    pub fn new(weights: &'w Weights, explain: bool) -> Self {
        Self {
            weights,
            sum: 0.0,
            seen: explain.then(Vec::new),
        }
    }

    /// Counts the pair of the values numbered `left` and `right`.
    pub fn add(&mut self, feature: Feature, left: usize, right: usize) {
        let Some(group) = GROUPS.get(feature as usize) else {
            return;
        };
        let at = left * group.right.len() + right;
        let weights = self.weights.0.get(feature as usize);
        self.sum += weights
            .and_then(|weights| weights.get(at))
            .copied()
            .unwrap_or(0.0);
        if let Some(seen) = &mut self.seen
            && let (Some(left), Some(right)) = (group.left.get(left), group.right.get(right))
        {
            seen.push(format!("{}|{}", group.name, pair(left, right)));
        }
    }
}
