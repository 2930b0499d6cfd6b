//! Documents cut into windows.

use std::collections::BTreeSet;

use super::days;
use crate::{
    passage::{Document, Passage},
    quotation::QuotationKind,
};

/// How many bytes of text a window gathers before it closes.
const WINDOW_LENGTH: usize = 700;

/// Some paragraphs of an article that follow each other.
#[derive(Debug)]
pub struct Window<'d> {
    /// The paragraphs.
    pub passages: Vec<&'d Passage>,
}

/// The windows of a document: its paragraphs in order, those left out that are never evidence.
#[must_use]
pub fn windows(document: &Document) -> Vec<Window<'_>> {
    let mut found = Vec::new();
    let mut gathered: Vec<&Passage> = Vec::new();
    let mut length = 0;
    for passage in document
        .passages
        .iter()
        .filter(|passage| passage.is_evidence())
    {
        if length > 0 && length + passage.span.len() > 2 * WINDOW_LENGTH {
            found.push(Window {
                passages: std::mem::take(&mut gathered),
            });
            length = 0;
        }
        gathered.push(passage);
        length += passage.span.len();
        if length >= WINDOW_LENGTH {
            found.push(Window {
                passages: std::mem::take(&mut gathered),
            });
            length = 0;
        }
    }
    if !gathered.is_empty() {
        found.push(Window { passages: gathered });
    }
    found
}

impl Window<'_> {
    /// The numbers of its first and last paragraph.
    #[must_use]
    pub fn paragraphs(&self) -> (u32, u32) {
        let number = |passage: Option<&&Passage>| passage.map_or(0, |passage| passage.number);
        (number(self.passages.first()), number(self.passages.last()))
    }

    /// Its days, as index terms.
    #[must_use]
    pub fn days(&self) -> BTreeSet<String> {
        self.passages
            .iter()
            .flat_map(|passage| &passage.sentences)
            .flat_map(|sentence| &sentence.dates)
            .flat_map(|dated| days::indexed(dated.interval))
            .collect()
    }

    /// Who is quoted in it, by the fullest names known.
    #[must_use]
    pub fn speakers<'d>(&self, document: &'d Document) -> BTreeSet<&'d str> {
        self.passages
            .iter()
            .flat_map(|passage| &passage.quotations)
            .filter_map(|quotation| quotation.speaker.as_ref())
            .map(|speaker| document.text(speaker.name.unwrap_or(speaker.mention)))
            .collect()
    }

    /// Whether words are quoted in it.
    #[must_use]
    pub fn quotes(&self) -> bool {
        self.passages
            .iter()
            .flat_map(|passage| &passage.quotations)
            .any(|quotation| quotation.kind != QuotationKind::Indirect)
    }
}
