//! From sentences and quotations to an [`Answer`]: excerpts, citations, near-duplicates joined.

use std::collections::BTreeSet;

use super::{Answer, Citation, Evidence, Excerpt, Group, Request, SpeakerLabel, cut::cut};
use crate::{
    dating::Dated, index::Terms, language::Words, passage::Document, quotation::Quotation,
    text::Span,
};

/// How alike two excerpts must be to be told once: the share of their terms that they have in common.
const ALIKE: f32 = 0.8;

/// With fewer terms, that one stands in the other proves nothing.
const FEWEST_TERMS: usize = 3;

/// How long an excerpt may be, in characters, before it goes without its neighbours, and a sentence is cut.
pub const EXCERPT_LENGTH: usize = 400;

/// What becomes one evidence.
#[derive(Clone, Debug)]
pub struct Finding<'d> {
    /// The document.
    pub document: &'d Document,
    /// The paragraph's number.
    pub paragraph: u32,
    /// What is shown of the article's text.
    pub span: Span,
    /// What is in bold, spans of the article's text.
    pub bold: Vec<Span>,
    /// When it happened.
    pub date: Option<Dated>,
    /// The quotation, if it is one.
    pub quotation: Option<&'d Quotation>,
    /// How well it fits.
    pub score: f32,
}

/// Collects evidence under headings, and the citations they share.
#[derive(Debug)]
pub struct Gather<'w> {
    words: &'w Words,
    joining: bool,
    groups: Vec<Group>,
    citations: Vec<Citation>,
    seen: Vec<Seen>,
}

/// An evidence that was gathered: its group, its place there, and what it says.
#[derive(Debug)]
struct Seen {
    group: usize,
    place: usize,
    terms: BTreeSet<String>,
    quotation: bool,
}

impl<'w> Gather<'w> {
    /// An empty collection of texts in the language of `words`.
    #[must_use]
    pub fn new(words: &'w Words) -> Self {
        Self {
            words,
            joining: true,
            groups: Vec::new(),
            citations: Vec::new(),
            seen: Vec::new(),
        }
    }

    /// A collection for a text told whole: nothing in it is joined.
    #[must_use]
    pub fn whole(words: &'w Words) -> Self {
        Self {
            joining: false,
            ..Self::new(words)
        }
    }

    /// The words of the texts' language.
    #[must_use]
    pub fn words(&self) -> &'w Words {
        self.words
    }

    /// Begins a new group.
    pub fn group(&mut self, heading: Option<String>, remark: Option<String>) {
        self.groups.push(Group {
            heading,
            remark,
            evidence: Vec::new(),
        });
    }

    /// How many evidences the last group has.
    #[must_use]
    pub fn in_group(&self) -> usize {
        self.groups.last().map_or(0, |group| group.evidence.len())
    }

    /// How many evidences there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.seen.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.seen.is_empty()
    }

    /// Adds a finding to the last group. What says the same as one before it becomes a further citation of
    /// that one. Says whether it is a new evidence.
    pub fn add(&mut self, finding: Finding<'_>) -> bool {
        let article = &finding.document.article;
        let span = if self.joining {
            cut(&article.body, finding.span, &finding.bold)
        } else {
            finding.span
        };
        let Some(excerpt) = Excerpt::cut(article, span) else {
            return false;
        };
        let citation = self.cite(finding.document, finding.paragraph);
        let terms = terms(excerpt.text(), self.words);
        let quotation = finding.quotation.is_some();
        let says_the_same = |seen: &&Seen| {
            let part = quotation && seen.quotation && is_within(&terms, &seen.terms);
            self.joining && (part || alike(&terms, &seen.terms))
        };
        let twin = self.seen.iter().find(says_the_same);
        let twin = twin.map(|seen| (seen.group, seen.place));
        if let Some((group, place)) = twin {
            let evidence = self
                .groups
                .get_mut(group)
                .and_then(|group| group.evidence.get_mut(place));
            if let Some(evidence) = evidence
                && !evidence.citations.contains(&citation)
            {
                evidence.citations.push(citation);
            }
            return false;
        }
        if self.groups.is_empty() {
            self.group(None, None);
        }
        let group = self.groups.len() - 1;
        let Some(last) = self.groups.last_mut() else {
            return false;
        };
        self.seen.push(Seen {
            group,
            place: last.evidence.len(),
            terms,
            quotation,
        });
        let speaker = finding
            .quotation
            .and_then(|quotation| speaker(finding.document, quotation));
        last.evidence.push(Evidence {
            bold: merged(
                finding
                    .bold
                    .iter()
                    .filter_map(|bold| bold.within(span))
                    .collect(),
            ),
            excerpt,
            date: finding.date,
            speaker,
            quotation,
            score: finding.score,
            citations: vec![citation],
        });
        true
    }

    /// The answer to `request`. Groups without evidence and citations that nothing uses any more are left out.
    #[must_use]
    pub fn answer(
        self,
        command: &'static str,
        request: &Request,
        title: String,
        notes: Vec<String>,
    ) -> Answer {
        let groups = self
            .groups
            .into_iter()
            .filter(|group| !group.evidence.is_empty())
            .collect();
        Answer {
            command,
            argument: request.argument.clone(),
            title,
            groups,
            lines: Vec::new(),
            citations: self.citations,
            chart: None,
            notes,
        }
    }

    fn cite(&mut self, document: &Document, paragraph: u32) -> usize {
        let id = &document.article.id;
        let known = self
            .citations
            .iter()
            .position(|known| known.article == *id && known.paragraph == paragraph);
        known.unwrap_or_else(|| {
            self.citations
                .push(Citation::new(document, document.headline(), paragraph));
            self.citations.len() - 1
        })
    }
}

/// Who said `quotation`, as it is shown.
#[must_use]
pub fn speaker(document: &Document, quotation: &Quotation) -> Option<SpeakerLabel> {
    let speaker = quotation.speaker.as_ref()?;
    let text = |span: Span| {
        document
            .text(span)
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
    };
    Some(SpeakerLabel {
        name: text(speaker.name.unwrap_or(speaker.mention)),
        handle: speaker.handle.map(text),
    })
}

/// What a text says, order aside: the stems of its words.
pub(super) fn terms(text: &str, words: &Words) -> BTreeSet<String> {
    Terms::new(text, words)
        .map(|term| term.stem.to_string())
        .collect()
}

/// Whether two texts say the same, by their terms.
#[expect(clippy::cast_precision_loss, reason = "counts of words in a sentence")]
pub(super) fn alike(a: &BTreeSet<String>, b: &BTreeSet<String>) -> bool {
    let common = a.intersection(b).count() as f32;
    let all = (a.len() + b.len()) as f32 - common;
    all > 0.0 && common / all >= ALIKE
}

/// Whether of two quotations the first is a part of the second, by their terms.
#[expect(clippy::cast_precision_loss, reason = "counts of words in a sentence")]
fn is_within(part: &BTreeSet<String>, whole: &BTreeSet<String>) -> bool {
    let common = part.intersection(whole).count() as f32;
    part.len() >= FEWEST_TERMS && common / part.len() as f32 >= ALIKE
}

/// Spans in order, those that touch or overlap made one.
fn merged(mut spans: Vec<Span>) -> Vec<Span> {
    spans.sort();
    let mut kept: Vec<Span> = Vec::new();
    for span in spans {
        match kept.last_mut() {
            Some(last) if span.start() <= last.end() => *last = last.join(span),
            _ => kept.push(span),
        }
    }
    kept
}
