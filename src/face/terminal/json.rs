//! An [`Answer`] → the JSON object that other programs read.
//!
//! One object an answer, on one line. Offsets are Unicode code points in the article's text; dates are
//! ISO 8601 days, months or years. Where a date is none of these (a week, a season, a decade), its first day
//! stands for it; `date_end` is always its last day.

use serde::Serialize;

use crate::{
    answer::{Answer, Citation, Evidence},
    dating::{DateBasis, Dated},
};

/// One answer.
#[derive(Debug, Serialize)]
pub struct AnswerObject<'a> {
    /// The asker's own name for the question, as it was given.
    pub id: serde_json::Value,
    /// The command that answered.
    pub command: &'a str,
    /// Its argument, as it was understood.
    pub argument: &'a str,
    /// Whether anything was found.
    pub answered: bool,
    /// What was found, in order.
    pub evidence: Vec<EvidenceObject<'a>>,
    /// The bot's own words, if it has any.
    pub note: Option<String>,
}

/// One evidence.
#[derive(Debug, Serialize)]
pub struct EvidenceObject<'a> {
    article: &'a str,
    excerpt: &'a str,
    start: usize,
    end: usize,
    date: Option<String>,
    date_end: Option<String>,
    date_basis: Option<DateBasis>,
    speaker: Option<&'a str>,
    score: f32,
    citation: Option<CitationObject<'a>>,
}

#[derive(Debug, Serialize)]
struct CitationObject<'a> {
    headline: &'a str,
    outlet: Option<&'a str>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    also: &'a [String],
    published: String,
    url: Option<&'a str>,
    path: Option<&'a str>,
    paragraph: u32,
}

/// What is told of a question that could not be read.
#[derive(Debug, Serialize)]
pub struct ErrorObject {
    /// The asker's own name for it, where that could be read.
    pub id: serde_json::Value,
    /// One sentence.
    pub error: String,
}

/// The object of `answer`.
#[must_use]
pub fn object(id: serde_json::Value, answer: &Answer) -> AnswerObject<'_> {
    AnswerObject {
        id,
        command: answer.command,
        argument: &answer.argument,
        answered: answer.answered(),
        evidence: answer
            .evidence()
            .map(|evidence| of_evidence(evidence, &answer.citations))
            .collect(),
        note: note(answer),
    }
}

fn of_evidence<'a>(evidence: &'a Evidence, citations: &'a [Citation]) -> EvidenceObject<'a> {
    let (start, end) = evidence.excerpt.code_points();
    let dated = evidence.date.as_ref();
    EvidenceObject {
        article: evidence.excerpt.article(),
        excerpt: evidence.excerpt.text(),
        start,
        end,
        date: dated.map(iso),
        date_end: dated.map(|dated| dated.interval.last().to_string()),
        date_basis: dated.map(|dated| dated.basis),
        speaker: evidence
            .speaker
            .as_ref()
            .map(|speaker| speaker.name.as_str()),
        score: evidence.score,
        citation: evidence
            .citations
            .first()
            .and_then(|&index| citations.get(index))
            .map(of_citation),
    }
}

fn of_citation(citation: &Citation) -> CitationObject<'_> {
    CitationObject {
        headline: &citation.headline,
        outlet: citation.outlet.as_deref(),
        also: &citation.also,
        published: citation.published.to_string(),
        url: citation.url.as_deref(),
        path: citation.path.as_deref(),
        paragraph: citation.paragraph,
    }
}

/// What the bot says besides evidence: lines of help and status, and its notes.
fn note(answer: &Answer) -> Option<String> {
    let lines = answer
        .lines
        .iter()
        .map(|line| format!("{}: {}", line.label, line.text));
    let said: Vec<String> = lines.chain(answer.notes.iter().cloned()).collect();
    (!said.is_empty()).then(|| said.join("\n"))
}

/// `2021-02-12`, `2021-02` or `2021`.
fn iso(dated: &Dated) -> String {
    let value = dated.value.to_string();
    let day = value.split('T').next().unwrap_or_default();
    let mut parts = day.split('-');
    let number = |part: Option<&str>, digits: usize| {
        part.is_none_or(|part| {
            part.len() == digits && part.bytes().all(|byte| byte.is_ascii_digit())
        })
    };
    let known = !day.is_empty()
        && number(parts.next(), 4)
        && number(parts.next(), 2)
        && number(parts.next(), 2)
        && parts.next().is_none();
    if known {
        day.to_owned()
    } else {
        dated.interval.begin().to_string()
    }
}
