//! TIMEX3 values: what an expression denotes, as TimeML writes it.

use std::fmt;

/// A TIMEX3 `value`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct TimexValue(String);

/// A string that is no TIMEX3 value.
#[derive(Debug, thiserror::Error)]
#[error("{0:?} is no TIMEX3 value")]
pub struct ValueError(String);

impl std::str::FromStr for TimexValue {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        if text.is_empty() {
            Err(ValueError(text.to_owned()))
        } else {
            Ok(Self(text.to_owned()))
        }
    }
}

impl fmt::Display for TimexValue {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}
