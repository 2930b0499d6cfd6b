//! Answers: an archive and a [`Request`] → an [`Answer`]; one file a command.
//!
//! An answer is data. A face may mark it up, shorten and split it; it may not select or reorder.

pub mod article;
pub mod ask;
pub mod candidate;
pub mod certainty;
mod chart;
mod citation;
mod cut;
mod day;
mod excerpt;
mod expected;
pub mod features;
mod found;
mod gather;
mod instead;
mod label;
pub mod named;
pub mod news;
mod nothing;
pub mod on;
pub mod overview;
pub mod quote;
mod quoted;
mod scene;
pub mod search;
pub mod stretch;
pub mod timeline;
pub mod told;
pub mod topic;
pub mod when;
pub mod who;

pub use chart::{Bar, Chart, Step};
pub use citation::{Citation, also_in};
pub use excerpt::Excerpt;
pub use label::{basis_label, date_label, day_label, interval_label};

use std::time::Duration;

use jiff::civil::Date;

use crate::{dating::Dated, text::Span};

/// What is asked of a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The words after the command's name, as the person wrote them, trimmed.
    pub argument: String,
    /// The day on which it was asked: what "yesterday" counts from.
    pub today: Date,
    /// How many evidences at most; a command's own default where nothing is said.
    pub limit: Option<usize>,
    /// The whole question, where it was asked in plain words and only its opening made it this command.
    pub question: Option<String>,
    /// How long the asking program has been running, where that means anything.
    pub uptime: Option<Duration>,
}

/// Who said a quotation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpeakerLabel {
    /// The fullest name known, or the words that stand for the speaker. From the article.
    pub name: String,
    /// The account's handle, of a post.
    pub handle: Option<String>,
}

/// One piece of evidence: the article's own words, their date and their source.
#[derive(Clone, Debug, PartialEq)]
pub struct Evidence {
    /// The words.
    pub excerpt: Excerpt,
    /// The words sought, or the words that answer: spans of the excerpt's text, in order, not overlapping.
    pub bold: Vec<Span>,
    /// When it happened (of a quotation: when it was said).
    pub date: Option<Dated>,
    /// Who said it, of a quotation.
    pub speaker: Option<SpeakerLabel>,
    /// Whether the excerpt is a quotation (it then carries its own marks, or is a post and carries none).
    pub quotation: bool,
    /// How well it fits, higher is better; comparable within one answer.
    pub score: f32,
    /// The sources that have it: indices into [`Answer::citations`], the best first, never empty.
    pub citations: Vec<usize>,
}

/// Evidences under one heading.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// Our own words: a date as it is read aloud, a section's name. Nothing for a plain list.
    pub heading: Option<String>,
    /// Our own words beside the heading: "stated in the text".
    pub remark: Option<String>,
    /// The evidences, in order.
    pub evidence: Vec<Evidence>,
}

/// What the bot says to a request.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// The command's name.
    pub command: &'static str,
    /// Its argument, as it was understood.
    pub argument: String,
    /// Our own words, one line: what this is an answer to. May repeat the asker's words: escape it.
    pub title: String,
    /// The evidence, best first or in the order the command promises.
    pub groups: Vec<Group>,
    /// Lines of our own: of `help`, `status`, `sources`. May repeat headlines: escape them.
    pub lines: Vec<Line>,
    /// The sources, numbered from 1 in this order.
    pub citations: Vec<Citation>,
    /// What a picture of it shows, of a timeline.
    pub chart: Option<Chart>,
    /// Our own words after it: "did you mean", "I don't know", what would be found nearby. May repeat the asker's
    /// words: escape them.
    pub notes: Vec<String>,
}

/// One line of our own words: a label and what it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The term: a command's usage, a count's name, an article's number.
    pub label: String,
    /// What is said of it.
    pub text: String,
}

impl Answer {
    /// Whether anything was found.
    #[must_use]
    pub fn answered(&self) -> bool {
        !self.lines.is_empty() || self.groups.iter().any(|group| !group.evidence.is_empty())
    }

    /// Every evidence, in order.
    pub fn evidence(&self) -> impl Iterator<Item = &Evidence> {
        self.groups.iter().flat_map(|group| &group.evidence)
    }
}
