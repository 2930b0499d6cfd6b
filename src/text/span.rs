//! A stretch of a text.

/// A half-open range of bytes that splits no character of the text it was made for.
///
/// A span keeps no text. [`Span::of`] reads it back and gives the empty string where it is held against
/// a text that it does not fit, so that no span can panic.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
pub struct Span {
    start: usize,
    end: usize,
}

impl Span {
    /// The empty span at the start of any text.
    pub const EMPTY: Self = Self { start: 0, end: 0 };

    /// The span of `text` from byte `start` to byte `end`, or nothing if that is no range of whole characters.
    #[must_use]
    pub fn new(text: &str, start: usize, end: usize) -> Option<Self> {
        text.get(start..end).map(|_| Self { start, end })
    }

    /// The span of the whole of `text`.
    #[must_use]
    pub fn whole(text: &str) -> Self {
        Self {
            start: 0,
            end: text.len(),
        }
    }

    /// The first byte.
    #[must_use]
    pub fn start(self) -> usize {
        self.start
    }

    /// The byte after the last.
    #[must_use]
    pub fn end(self) -> usize {
        self.end
    }

    /// The length in bytes.
    #[must_use]
    pub fn len(self) -> usize {
        self.end - self.start
    }

    /// Whether it covers nothing.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }

    /// What it covers of `text`; the empty string where it does not fit that text.
    #[must_use]
    pub fn of(self, text: &str) -> &str {
        text.get(self.start..self.end).unwrap_or_default()
    }

    /// Whether `other` lies inside.
    #[must_use]
    pub fn contains(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// Whether the two share a byte.
    #[must_use]
    pub fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// The smallest span that covers both; both must be of the same text.
    #[must_use]
    pub fn join(self, other: Self) -> Self {
        Self {
            start: self.start.min(other.start),
            end: self.end.max(other.end),
        }
    }

    /// The same stretch in a text that has `offset` bytes before this span's text.
    #[must_use]
    pub fn shifted(self, offset: usize) -> Self {
        Self {
            start: self.start + offset,
            end: self.end + offset,
        }
    }

    /// The same stretch counted from the start of `outer`, if it lies inside `outer`.
    #[must_use]
    pub fn within(self, outer: Self) -> Option<Self> {
        outer.contains(self).then(|| Self {
            start: self.start - outer.start,
            end: self.end - outer.start,
        })
    }

    /// The span without white space at its ends.
    #[must_use]
    pub fn trimmed(self, text: &str) -> Self {
        let covered = self.of(text);
        let start = self.start + (covered.len() - covered.trim_start().len());
        let end = start + covered.trim().len();
        Self { start, end }
    }
}
