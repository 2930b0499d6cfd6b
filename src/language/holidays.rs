//! `holidays.toml`: named days and how each year's date is found.

use std::collections::BTreeMap;

use serde::Deserialize;

/// The content of `holidays.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Holidays {
    /// The named days.
    #[serde(rename = "holiday")]
    pub days: Vec<Holiday>,
}

/// A named day.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Holiday {
    /// How it is written, in lower case; each a pattern of literal words.
    pub names: Vec<String>,
    /// How its date is found.
    pub when: When,
    /// Its date in some years, as proof: `2021-02-14`.
    pub dates: Vec<String>,
    /// Sentences with it in brackets, and its date (published on Sunday, 14 February 2021).
    #[serde(default)]
    pub examples: BTreeMap<String, String>,
    /// Sentences in which it is not meant.
    #[serde(default)]
    pub not: Vec<String>,
}

/// How a year's date is found.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub enum When {
    /// A fixed day: `{ fixed = [month, day] }`.
    Fixed(u8, u8),
    /// The nth weekday (Monday is 1) of a month, counted from its end where negative:
    /// `{ nth = [4, 4, 11] }` is the fourth Thursday of November.
    Nth(i8, u8, u8),
    /// The first such weekday after a day of a month: `{ after = [2, 1, 11] }` is the Tuesday after
    /// 1 November.
    After(u8, u8, u8),
    /// Days from western Easter Sunday: `{ easter = -2 }`.
    Easter(i16),
    /// Days from eastern Easter Sunday.
    OrthodoxEaster(i16),
}

impl Holidays {
    pub(super) fn validate(&mut self) -> Vec<String> {
        let mut problems = Vec::new();
        let mut seen = BTreeMap::new();
        for (index, day) in self.days.iter().enumerate() {
            if day.names.is_empty() || day.dates.is_empty() {
                problems.push(format!("holiday {} has no names or no dates", index + 1));
            }
            for name in &day.names {
                if seen.insert(name.clone(), index).is_some() {
                    problems.push(format!("{name:?} names two holidays"));
                }
            }
        }
        problems
    }
}
