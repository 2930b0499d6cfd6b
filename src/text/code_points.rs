//! Byte offsets to code points and back.

/// Translates offsets of one text between bytes and Unicode code points, in logarithmic time each.
///
/// It remembers every 64th code point's byte, so it costs an eighth of a byte a character.
#[derive(Debug)]
pub struct CodePoints<'t> {
    text: &'t str,
    marks: Vec<usize>,
    ascii: bool,
}

const STRIDE: usize = 64;

impl<'t> CodePoints<'t> {
    /// Reads `text` once.
    #[must_use]
    pub fn new(text: &'t str) -> Self {
        let ascii = text.is_ascii();
        let marks = if ascii {
            Vec::new()
        } else {
            text.char_indices()
                .step_by(STRIDE)
                .map(|(byte, _)| byte)
                .collect()
        };
        Self { text, marks, ascii }
    }

    /// How many code points lie before byte `byte`; a byte past the end counts as the end.
    #[must_use]
    pub fn at_byte(&self, byte: usize) -> usize {
        let byte = byte.min(self.text.len());
        if self.ascii {
            return byte;
        }
        let block = self
            .marks
            .partition_point(|&mark| mark <= byte)
            .saturating_sub(1);
        let from = self.marks.get(block).copied().unwrap_or(0);
        block * STRIDE
            + self
                .text
                .get(from..byte)
                .map_or(0, |part| part.chars().count())
    }

    /// The byte at which code point `index` starts, or the text's length past the last one.
    #[must_use]
    pub fn to_byte(&self, index: usize) -> usize {
        if self.ascii {
            return index.min(self.text.len());
        }
        let Some(&from) = self.marks.get(index / STRIDE) else {
            return self.text.len();
        };
        self.text
            .get(from..)
            .and_then(|rest| rest.char_indices().nth(index % STRIDE))
            .map_or(self.text.len(), |(byte, _)| from + byte)
    }
}
