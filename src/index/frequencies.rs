//! In how many windows words are, kept for as long as the index stays as it is: one timeline asks for
//! thousands, mostly for those that the last one asked for.

use std::sync::{Mutex, MutexGuard, PoisonError};

use rustc_hash::FxHashMap;

use super::IndexError;

/// How many words' frequencies are kept.
const KEPT: usize = 100_000;

/// What was counted in one state `S` of the index.
struct Counts<S> {
    state: S,
    windows: FxHashMap<Box<str>, u64>,
}

/// In how many windows words are.
pub struct Frequencies<S>(Mutex<Option<Counts<S>>>);

impl<S> Default for Frequencies<S> {
    fn default() -> Self {
        Self(Mutex::new(None))
    }
}

impl<S: PartialEq> Frequencies<S> {
    /// The frequencies of `stems` in `state`, in their order. Those that are not known yet are counted, all of
    /// them together.
    pub fn of(
        &self,
        state: S,
        stems: &[&str],
        count: impl FnOnce(&[&str]) -> Result<Vec<u64>, IndexError>,
    ) -> Result<Vec<u64>, IndexError> {
        let mut found: FxHashMap<&str, u64> = FxHashMap::default();
        // The lock is not held while they are counted: a cluster takes its time, and others ask meanwhile.
        if let Some(counts) = &*self.lock()
            && counts.state == state
        {
            found.extend(
                stems
                    .iter()
                    .filter_map(|stem| Some((*stem, *counts.windows.get(*stem)?))),
            );
        }
        let asked = stems.iter().copied();
        let mut missing: Vec<&str> = asked.filter(|stem| !found.contains_key(stem)).collect();
        missing.sort_unstable();
        missing.dedup();
        if !missing.is_empty() {
            let counted = count(&missing)?;
            found.extend(missing.iter().copied().zip(counted.iter().copied()));
            self.keep(state, &missing, &counted);
        }
        Ok(stems
            .iter()
            .map(|stem| found.get(stem).copied().unwrap_or_default())
            .collect())
    }

    fn keep(&self, state: S, stems: &[&str], counted: &[u64]) {
        let mut kept = self.lock();
        let counts = match kept.take() {
            Some(counts) if counts.state == state && counts.windows.len() < KEPT => counts,
            _ => Counts {
                state,
                windows: FxHashMap::default(),
            },
        };
        let counts = kept.insert(counts);
        let counted = stems.iter().zip(counted);
        counts
            .windows
            .extend(counted.map(|(stem, windows)| (Box::from(*stem), *windows)));
    }

    fn lock(&self) -> MutexGuard<'_, Option<Counts<S>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_known_is_not_counted_again_until_the_index_changes() {
        let frequencies = Frequencies::default();
        let of = |state: u32, stems: &[&str]| {
            let mut asked = Vec::new();
            let count = |missing: &[&str]| {
                asked = missing.iter().map(ToString::to_string).collect();
                Ok(missing
                    .iter()
                    .map(|stem| u64::from(state) + stem.len() as u64)
                    .collect())
            };
            let found = frequencies.of(state, stems, count).unwrap();
            (found, asked)
        };
        let strings = |stems: &[&str]| stems.iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(
            of(10, &["mill", "bridg", "mill"]),
            (vec![14, 15, 14], strings(&["bridg", "mill"]))
        );
        assert_eq!(
            of(10, &["bridg", "vote"]),
            (vec![15, 14], strings(&["vote"]))
        );
        assert_eq!(of(10, &["vote", "mill"]), (vec![14, 14], strings(&[])));
        assert_eq!(of(20, &["mill"]), (vec![24], strings(&["mill"])));
        assert_eq!(of(20, &[]), (vec![], strings(&[])));
    }

    #[test]
    fn a_count_that_fails_keeps_nothing() {
        let frequencies = Frequencies::default();
        let failed = frequencies.of(1, &["mill"], |_| Err(IndexError::ReadOnly));
        assert!(failed.is_err());
        let found = frequencies.of(1, &["mill"], |_| Ok(vec![3])).unwrap();
        assert_eq!(found, [3]);
    }
}
