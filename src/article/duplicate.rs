//! The same article twice: what is one article with several sources, and what a new version.
//!
//! An article is the one that has its id; or the one that stands at the same address ([`canonical`]) and
//! appeared on the same day; or the one with near-identical text that appeared in the same week.
//! Near-identical is told by `SimHash` (Charikar, Similarity Estimation Techniques from Rounding Algorithms,
//! 2002) over word triples, as Manku, Jain and Das use it for web pages (Detecting Near-Duplicates for Web
//! Crawling, 2007), and by the figures in the text, which must be the same: reports that differ in little
//! but their figures are different reports. Left out: an article that is part of another, and translations.

use std::{collections::HashMap, mem};

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
        let mut votes = Votes::default();
        let mut before = [0u64; 2];
        let mut hash = Hash::default();
        let (mut within, mut figure) = (false, false);
        // A blank ends the last word.
        for letter in article.body.chars().chain([' ']) {
            if letter.is_ascii_alphanumeric() {
                hash.take(u64::from(u32::from(letter.to_ascii_lowercase())));
                within = true;
                figure |= letter.is_ascii_digit();
                continue;
            }
            if letter.is_alphanumeric() {
                for letter in letter.to_lowercase() {
                    hash.take(u64::from(u32::from(letter)));
                }
                within = true;
                continue;
            }
            if !within {
                continue;
            }
            let word = mem::take(&mut hash).mixed();
            exact.take(word);
            if figure {
                figures = figures.wrapping_add(word);
            }
            words = words.saturating_add(1);
            let [first, second] = before;
            votes.add(mix(first.rotate_left(1) ^ mix(second.rotate_left(2) ^ word)));
            before = [second, word];
            (within, figure) = (false, false);
        }
        Self {
            address: article
                .url
                .as_deref()
                .and_then(canonical)
                .map(|url| of_text(&url)),
            exact: exact.mixed(),
            near: votes.majority(),
            figures,
            words,
            day: day(article.published),
        }
    }

    /// Marks by which an index that holds more articles than can be compared finds those that may be this
    /// one: two that [`Known::judge`] would hold for the same have a [sought](Self::sought) one in common.
    #[must_use]
    pub fn marks(&self) -> Vec<u64> {
        self.marks_in([self.week()])
    }

    /// The marks that an article which may be this one has at least one of.
    #[must_use]
    pub fn sought(&self) -> Vec<u64> {
        let week = self.week();
        self.marks_in([week - 1, week, week + 1])
    }

    fn week(&self) -> i32 {
        self.day.div_euclid(DAYS)
    }

    fn marks_in<const WEEKS: usize>(&self, weeks: [i32; WEEKS]) -> Vec<u64> {
        let mark = |kind: u64, what: u64, when: i32| {
            let mut hash = Hash::default();
            hash.take(kind);
            hash.take(what);
            hash.take(u64::from(when.cast_unsigned()));
            hash.mixed()
        };
        let address = self.address.map(|address| mark(0, address, self.day));
        let mut marks: Vec<u64> = address.into_iter().collect();
        if self.words >= LEAST {
            for (stretch, bits) in stretches(self.near) {
                // Texts that are nearly the same have the same figures, which most others have not.
                let part = mix(self.figures ^ u64::from(bits));
                marks.extend(weeks.map(|week| mark(u64::from(stretch) + 1, part, week)));
            }
        }
        marks
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

/// How often each of 64 bits was set: the counts stand upright, each number of the row holding one binary
/// digit of all of them, so that a vote is some additions with carry and not 64.
#[derive(Default)]
struct Votes {
    digits: Vec<u64>,
    cast: u64,
}

impl Votes {
    fn add(&mut self, bits: u64) {
        self.cast += 1;
        let mut carry = bits;
        for digit in &mut self.digits {
            if carry == 0 {
                return;
            }
            let sum = *digit ^ carry;
            carry &= *digit;
            *digit = sum;
        }
        if carry != 0 {
            self.digits.push(carry);
        }
    }

    /// The bits that were set more often than not.
    fn majority(&self) -> u64 {
        (0..64).fold(0, |majority, bit| {
            let count = self
                .digits
                .iter()
                .rev()
                .fold(0, |count, digit| count << 1 | (digit >> bit & 1));
            majority | u64::from(2 * count > self.cast) << bit
        })
    }
}

fn of_text(text: &str) -> u64 {
    let mut hash = Hash::default();
    for byte in text.bytes() {
        hash.take(u64::from(byte));
    }
    hash.mixed()
}
