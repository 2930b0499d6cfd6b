//! Which shards a process runs: as many as Discord wants, or a part of so many.
//!
//! From some 2,500 servers on, Discord wants a bot's servers to be spread over several connections, the shards;
//! each hears of its own servers alone. One process can run all of them, or several processes a part each.

use std::{fmt, ops::RangeInclusive, str::FromStr};

/// The most shards that a bot can have: Discord's largest bots have some tens of thousands.
const MOST: u32 = 100_000;

/// Which shards this process runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Sharding {
    /// All of them, as many as Discord wants.
    #[default]
    Automatic,
    /// Those from `first` to `last` of so many.
    Part {
        /// The first, from 0.
        first: u32,
        /// The last.
        last: u32,
        /// How many there are in all processes together.
        total: u32,
    },
}

impl Sharding {
    /// The shards of this process, and how many there are, where Discord wants `wanted`.
    #[must_use]
    pub fn shards(self, wanted: u32) -> (RangeInclusive<u32>, u32) {
        match self {
            Self::Automatic => {
                let total = wanted.max(1);
                (0..=total - 1, total)
            }
            Self::Part { first, last, total } => (first..=last, total),
        }
    }
}

/// Not a part of all shards.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "is no part of all shards: write \"0-3/8\" for the first four of eight, \"7/8\" for the last one, or \"\" \
     for all, as many as Discord wants"
)]
pub struct NoPart;

impl FromStr for Sharding {
    type Err = NoPart;

    fn from_str(text: &str) -> Result<Self, NoPart> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(Self::Automatic);
        }
        let number = |text: &str| text.trim().parse::<u32>().map_err(|_| NoPart);
        let (part, total) = text.split_once('/').ok_or(NoPart)?;
        let (first, last) = part.split_once('-').unwrap_or((part, part));
        let (first, last, total) = (number(first)?, number(last)?, number(total)?);
        if first <= last && last < total && total <= MOST {
            Ok(Self::Part { first, last, total })
        } else {
            Err(NoPart)
        }
    }
}

impl fmt::Display for Sharding {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Automatic => Ok(()),
            Self::Part { first, last, total } if first == last => write!(out, "{first}/{total}"),
            Self::Part { first, last, total } => write!(out, "{first}-{last}/{total}"),
        }
    }
}

impl TryFrom<String> for Sharding {
    type Error = NoPart;

    fn try_from(text: String) -> Result<Self, NoPart> {
        text.parse()
    }
}

impl From<Sharding> for String {
    fn from(sharding: Sharding) -> Self {
        sharding.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_read_and_told_and_what_is_none_is_refused() {
        for (text, shards) in [
            ("", (0..=2, 3)),
            ("0-3/8", (0..=3, 8)),
            (" 4 - 7 / 8 ", (4..=7, 8)),
            ("7/8", (7..=7, 8)),
            ("0/1", (0..=0, 1)),
        ] {
            let read: Sharding = text.parse().unwrap();
            assert_eq!(read.shards(3), shards, "{text}");
            assert_eq!(read.to_string().parse(), Ok(read), "{text}");
        }
        for text in [
            "8",
            "3-1/8",
            "0-8/8",
            "8/8",
            "-1/8",
            "0-/8",
            "/8",
            "0/0",
            "a/b",
            "0-1-2/8",
            "0/1/2",
            "0/999999999999",
        ] {
            assert_eq!(text.parse::<Sharding>(), Err(NoPart), "{text}");
        }
        assert_eq!(Sharding::Automatic.shards(0), (0..=0, 1));
    }
}
