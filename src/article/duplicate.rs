//! The same article twice: what is one article with several sources, and what a new version.
//!
//! An article is the one that has its id; or the one that stands at the same address ([`canonical`]) and
//! appeared on the same day; or the one with near-identical text that appeared in the same week.
//! Near-identical is told by `SimHash` (Charikar, Similarity Estimation Techniques from Rounding Algorithms,
//! 2002) over word triples, as Manku, Jain and Das use it for web pages (Detecting Near-Duplicates for Web
//! Crawling, 2007), and by the figures in the text, which must be the same: reports that differ in little
//! but their figures are different reports. Left out: an article that is part of another, and translations.

use std::collections::HashMap;

use jiff::civil::Date;

use super::{Article, address::canonical};

/// How many of the 64 bits of two near-identical texts may differ.
const DISTANCE: u32 = 6;

/// Texts of fewer words are not compared: too much of them is the form of their kind.
const LEAST: u32 = 20;

/// How many days may lie between two appearances of one text. What comes again later is news again.
const DAYS: i32 = 7;

/// What is remembered of an article to know it again. Stable: it may be stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Fingerprint {
    /// Its address on the web, if it has one that names it.
    address: Option<u64>,
    /// Its words.
    exact: u64,
    /// Its word triples, similar for similar texts.
    near: u64,
    /// Its words with figures, in any order.
    figures: u64,
    /// How many words it has.
    words: u32,
    /// When it appeared, in days.
    day: i32,
}

impl Fingerprint {
    /// The article's fingerprint.
    #[must_use]
    pub fn of(article: &Article) -> Self {
        let mut exact = Hash::default();
        let mut figures = 0u64;
        let mut words = 0u32;
        let mut votes = [0i32; 64];
        let mut before = [0u64; 2];
        for word in article.body.split(|letter: char| !letter.is_alphanumeric()) {
            if word.is_empty() {
                continue;
            }
            let mut hash = Hash::default();
            for letter in word.chars().flat_map(char::to_lowercase) {
                hash.take(u64::from(u32::from(letter)));
            }
            let hash = hash.mixed();
            exact.take(hash);
            if word.contains(|letter: char| letter.is_ascii_digit()) {
                figures = figures.wrapping_add(hash);
            }
            words = words.saturating_add(1);
            let [first, second] = before;
            let triple = mix(first.rotate_left(1) ^ mix(second.rotate_left(2) ^ hash));
            for (bit, vote) in votes.iter_mut().enumerate() {
                *vote += if triple >> bit & 1 == 1 { 1 } else { -1 };
            }
            before = [second, hash];
        }
        let near = votes
            .iter()
            .enumerate()
            .filter(|(_, vote)| **vote > 0)
            .fold(0, |near, (bit, _)| near | 1 << bit);
        Self {
            address: article
                .url
                .as_deref()
                .and_then(canonical)
                .map(|url| of_text(&url)),
            exact: exact.mixed(),
            near,
            figures,
            words,
            day: day(article.published),
        }
    }

    fn is_same_text(&self, other: &Self) -> bool {
        self.exact == other.exact && self.words == other.words
    }

    fn is_near(&self, other: &Self) -> bool {
        self.words.min(other.words) >= LEAST
            && (self.day - other.day).abs() <= DAYS
            && (self.is_same_text(other)
                || (self.figures == other.figures
                    && (self.near ^ other.near).count_ones() <= DISTANCE))
    }
}

/// What an article is to those that are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict<'a> {
    /// None of them.
    New,
    /// The one with this id, in the same words but for trifles: one article with one more source.
    Same(&'a str),
    /// The one with this id, which it takes the place of.
    Changed(&'a str),
}

/// The articles that are known.
#[derive(Debug, Default)]
pub struct Known {
    /// All of them. A place that was left is taken again.
    entries: Vec<Option<Entry>>,
    left: Vec<u32>,
    ids: HashMap<u64, u32>,
    addresses: HashMap<u64, u32>,
    /// By each stretch of bits of their texts.
    near: HashMap<(u8, u16), Vec<u32>>,
}

#[derive(Debug)]
struct Entry {
    id: Box<str>,
    fingerprint: Fingerprint,
}

/// Two numbers that differ in 6 bits agree in one of 7 stretches.
const STRETCHES: u8 = 7;

/// The stretches of a number: 9 bits each, the last two 9 and 10.
fn stretches(near: u64) -> impl Iterator<Item = (u8, u16)> {
    (0..STRETCHES).map(move |stretch| {
        let bits = if stretch == STRETCHES - 1 { 10 } else { 9 };
        let part = near >> (u32::from(stretch) * 9) & ((1 << bits) - 1);
        (stretch, u16::try_from(part).unwrap_or_default())
    })
}

impl Known {
    /// How many are known.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len() - self.left.len()
    }

    /// Whether none is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What an article with this id and fingerprint is to those that are known.
    #[must_use]
    pub fn judge(&self, id: &str, fingerprint: &Fingerprint) -> Verdict<'_> {
        let at_address = || {
            let place = self.addresses.get(&fingerprint.address?)?;
            self.entry(*place)
                .filter(|entry| entry.fingerprint.day == fingerprint.day)
        };
        if let Some(entry) = self.by_id(id).or_else(at_address) {
            return if entry.fingerprint.is_same_text(fingerprint) {
                Verdict::Same(&entry.id)
            } else {
                Verdict::Changed(&entry.id)
            };
        }
        if fingerprint.words < LEAST {
            return Verdict::New;
        }
        stretches(fingerprint.near)
            .filter_map(|stretch| self.near.get(&stretch))
            .flatten()
            .filter_map(|place| self.entry(*place))
            .find(|entry| entry.fingerprint.is_near(fingerprint))
            .map_or(Verdict::New, |entry| Verdict::Same(&entry.id))
    }

    /// Remembers an article. One with the same id is forgotten.
    pub fn insert(&mut self, id: &str, fingerprint: Fingerprint) {
        self.remove(id);
        let entry = Some(Entry {
            id: id.into(),
            fingerprint,
        });
        let place = if let Some(place) = self.left.pop() {
            if let Some(empty) = self.entries.get_mut(place as usize) {
                *empty = entry;
            }
            place
        } else {
            // More than four billion articles fit in no memory.
            let Ok(place) = u32::try_from(self.entries.len()) else {
                return;
            };
            self.entries.push(entry);
            place
        };
        self.ids.insert(of_text(id), place);
        if let Some(address) = fingerprint.address {
            self.addresses.entry(address).or_insert(place);
        }
        if fingerprint.words >= LEAST {
            for stretch in stretches(fingerprint.near) {
                self.near.entry(stretch).or_default().push(place);
            }
        }
    }

    /// Forgets an article. Says whether it was known.
    pub fn remove(&mut self, id: &str) -> bool {
        if self.by_id(id).is_none() {
            return false;
        }
        let Some(place) = self.ids.remove(&of_text(id)) else {
            return false;
        };
        let Some(Entry { fingerprint, .. }) =
            self.entries.get_mut(place as usize).and_then(Option::take)
        else {
            return false;
        };
        self.left.push(place);
        if let Some(address) = fingerprint.address
            && self.addresses.get(&address) == Some(&place)
        {
            self.addresses.remove(&address);
        }
        for stretch in stretches(fingerprint.near) {
            if let Some(places) = self.near.get_mut(&stretch) {
                places.retain(|other| *other != place);
            }
        }
        true
    }

    fn by_id(&self, id: &str) -> Option<&Entry> {
        self.entry(*self.ids.get(&of_text(id))?)
            .filter(|entry| *entry.id == *id)
    }

    fn entry(&self, place: u32) -> Option<&Entry> {
        self.entries.get(place as usize)?.as_ref()
    }
}

fn day(date: Date) -> i32 {
    // Days are counted from any day, as long as it is always the same.
    let days = Date::constant(2000, 1, 1).duration_until(date).as_hours() / 24;
    i32::try_from(days).unwrap_or_default()
}

/// FNV-1a, whose values are the same on every machine and in every version, over numbers.
struct Hash(u64);

impl Default for Hash {
    fn default() -> Self {
        Self(0xCBF2_9CE4_8422_2325)
    }
}

impl Hash {
    fn take(&mut self, number: u64) {
        self.0 = (self.0 ^ number).wrapping_mul(0x0100_0000_01B3);
    }

    fn mixed(&self) -> u64 {
        mix(self.0)
    }
}

/// Spreads every bit over all others: the end of `MurmurHash3`.
fn mix(mut bits: u64) -> u64 {
    bits = (bits ^ bits >> 33).wrapping_mul(0xFF51_AFD7_ED55_8CCD);
    bits = (bits ^ bits >> 33).wrapping_mul(0xC4CE_B9FE_1A85_EC53);
    bits ^ bits >> 33
}

fn of_text(text: &str) -> u64 {
    let mut hash = Hash::default();
    for byte in text.bytes() {
        hash.take(u64::from(byte));
    }
    hash.mixed()
}
