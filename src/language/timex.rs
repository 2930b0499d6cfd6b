//! `timex.toml`: words and patterns of time.
//!
//! Words belong to classes (`month`, `weekday`, `unit` …) and carry the number or code that the class
//! counts in. Rules are patterns over classes and literal words; each names the meaning that code gives
//! to what it captured. [`crate::timex::Tagger`] compiles them.

use std::collections::BTreeMap;

use serde::Deserialize;

/// The content of `timex.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TimexData {
    /// Class → word → what it stands for.
    pub words: BTreeMap<String, BTreeMap<String, Payload>>,
    /// What precedes or follows an expression and changes its meaning.
    #[serde(rename = "modifier")]
    pub modifiers: Vec<ModifierRule>,
    /// Patterns and what they mean.
    #[serde(rename = "rule")]
    pub rules: Vec<TimexRule>,
    /// Words that tell whether a clause speaks of the past or of the future.
    pub tense: TenseWords,
    /// Words around a bare number that make it a year, or keep it from being one.
    pub years: YearContext,
    /// Words that are a name or a verb as often as a time.
    pub doubtful: Doubtful,
    /// How a question or a command states a range.
    pub ranges: RangeWords,
}

/// How "02/03/2021" is read; ISO dates are always read as such.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DateOrder {
    /// 2 March, as most of the world writes.
    #[default]
    DayMonth,
    /// February 3, as Americans write.
    MonthDay,
}

/// What a word stands for within its class.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum Payload {
    /// A number: of a month, a count, a shift.
    Number(f64),
    /// A code: of a season, a unit, a modifier.
    Code(String),
}

/// What precedes or follows an expression and changes its meaning.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModifierRule {
    /// TIMEX3's name (`START`), or nothing where the words only widen the span.
    #[serde(default)]
    pub value: Option<String>,
    /// Patterns that stand before the expression.
    #[serde(default)]
    pub before: Vec<String>,
    /// Patterns that stand after it.
    #[serde(default)]
    pub after: Vec<String>,
    /// To which types it applies.
    pub kinds: Vec<String>,
    /// Sentences with the expression in brackets, and its value.
    pub examples: BTreeMap<String, String>,
    /// Sentences in which nothing is tagged.
    #[serde(default)]
    pub not: Vec<String>,
}

/// One rule.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TimexRule {
    /// What it is called in messages.
    pub name: String,
    /// What code makes of what it captures.
    pub meaning: String,
    /// How many of the matched words the expression takes; the others only have to follow. All, if not
    /// said.
    #[serde(default)]
    pub takes: Option<usize>,
    /// TIMEX3's modifier that the words themselves imply.
    #[serde(default)]
    pub modifier: Option<String>,
    /// Patterns: `<class>`, literal words, `( )`, `|`, `?`.
    pub patterns: Vec<String>,
    /// Sentences with the expression in brackets, and its value (published on Sunday, 14 February 2021).
    pub examples: BTreeMap<String, String>,
    /// Sentences in which nothing is tagged.
    pub not: Vec<String>,
}

/// Words that tell a clause's tense.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TenseWords {
    /// "will", "scheduled".
    pub future: Vec<String>,
    /// Auxiliaries and irregular past forms; regular ones are told by `past_ending`.
    pub past: Vec<String>,
    /// "is", "has".
    pub present: Vec<String>,
    /// Auxiliaries after which a past form is a passive: "is", "be".
    pub passive: Vec<String>,
    /// Prepositions before a date that look ahead: "until", "by".
    pub ahead: Vec<String>,
    /// Prepositions after which a length is counted from now, where the verb looks ahead: "in".
    pub hence: Vec<String>,
    /// How regular past forms end.
    pub past_ending: String,
}

/// What stands around years.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct YearContext {
    /// Words after which a four-figure number is a year whatever follows.
    pub after: Vec<String>,
    /// Words or marks between two years.
    pub between: Vec<String>,
    /// Words that stand before a year which stands before a noun: "the 1881 census".
    pub determiners: Vec<String>,
    /// Words or marks after which it is none.
    pub never_after: Vec<String>,
    /// Words or marks before which it is none.
    pub never_before: Vec<String>,
}

/// Words that are a name or a verb as often as a time.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Doubtful {
    /// Words that count only with a capital letter: "may", "sat".
    pub capital: Vec<String>,
    /// Words that need one of `after` before them when they stand alone.
    pub words: Vec<String>,
    /// Words that are no times at all when they stand alone without a full stop.
    pub alone: Vec<String>,
    /// What makes the doubtful words times.
    pub after: Vec<String>,
}

/// How a range is put.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RangeWords {
    /// Prepositions that belong to the expression in a question: "on", "in", "during".
    pub at: Vec<String>,
    /// Words before the first of two: "from", "between".
    pub from: Vec<String>,
    /// Words between two: "to", "until", "and".
    pub to: Vec<String>,
    /// "before".
    pub before: Vec<String>,
    /// "after".
    pub after: Vec<String>,
    /// "since".
    pub since: Vec<String>,
    /// "until".
    pub until: Vec<String>,
}

impl TimexData {
    pub(super) fn validate(&mut self) -> Vec<String> {
        let mut problems = Vec::new();
        for rule in &self.rules {
            if rule.examples.is_empty() {
                problems.push(format!("rule {:?} has no examples", rule.name));
            }
        }
        for modifier in &self.modifiers {
            if modifier.examples.is_empty() {
                problems.push(format!("modifier {:?} has no examples", modifier.value));
            }
        }
        problems
    }
}
