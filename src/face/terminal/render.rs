//! An [`Answer`] → the lines a person reads. Pure: no terminal is asked or written to.
//!
//! An excerpt stands behind a bar, so that it is plain which words are the article's and which are ours;
//! what was sought is bold in it. Under it stand its speaker, its date where no heading has said it, and the
//! numbers of its sources, which are listed at the end, article by article. Styles are ANSI escapes; whoever
//! prints takes them out where they are not wanted. All that comes from articles or from the asker is made
//! harmless first.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};
use textwrap::{Options, WordSeparator, WordSplitter};

use super::harmless;
use crate::{
    answer::{Answer, Citation, Evidence, Line, also_in, basis_label, date_label, day_label},
    language::Language,
    text::Span,
};

const TITLE: Style = Style::new().bold();
const HEADING: Style = AnsiColor::Yellow.on_default().bold();
const STRONG: Style = Style::new().bold();
const FAINT: Style = Style::new().dimmed();
const NUMBER: Style = AnsiColor::Cyan.on_default();

/// What stands before each line of an excerpt.
const BAR: &str = "│ ";

/// Renders `answer` in lines of at most `width` columns.
#[must_use]
pub fn render(answer: &Answer, language: &Language, width: usize) -> String {
    let mut page = Page {
        text: String::new(),
        language,
        width,
    };
    page.paragraph(&styled(TITLE, &harmless(&answer.title)), "", "");
    if !answer.lines.is_empty() {
        page.gap();
        page.lines(&answer.lines);
    }
    for group in &answer.groups {
        page.gap();
        if let Some(heading) = &group.heading {
            let mut line = styled(HEADING, &harmless(heading));
            if let Some(remark) = &group.remark {
                let _ = write!(line, "  {}", styled(FAINT, &harmless(remark)));
            }
            page.paragraph(&line, "", "");
        } else if let Some(remark) = &group.remark {
            page.paragraph(&styled(FAINT, &harmless(remark)), "", "");
        }
        for (number, evidence) in group.evidence.iter().enumerate() {
            if number > 0 {
                page.gap();
            }
            page.evidence(evidence, group.heading.is_none());
        }
    }
    if !answer.notes.is_empty() {
        page.gap();
        for note in &answer.notes {
            page.paragraph(&harmless(note), "", "");
        }
    }
    if !answer.citations.is_empty() {
        page.gap();
        page.citations(&answer.citations);
    }
    page.text
}

struct Page<'l> {
    text: String,
    language: &'l Language,
    width: usize,
}

impl Page<'_> {
    fn gap(&mut self) {
        self.text.push('\n');
    }

    /// Wraps one paragraph at its blanks. Names have hyphens and addresses have slashes, and neither is
    /// split there.
    fn paragraph(&mut self, content: &str, first: &str, further: &str) {
        let options = Options::new(self.width)
            .initial_indent(first)
            .subsequent_indent(further)
            .word_separator(WordSeparator::AsciiSpace)
            .word_splitter(WordSplitter::NoHyphenation);
        for line in textwrap::wrap(content, options) {
            self.text.push_str(line.trim_end());
            self.text.push('\n');
        }
    }

    fn evidence(&mut self, evidence: &Evidence, with_date: bool) {
        let mut said = Vec::new();
        if let Some(speaker) = &evidence.speaker {
            let mut name = format!("— {}", harmless(&speaker.name));
            if let Some(handle) = &speaker.handle {
                let handle = handle.trim_start_matches('@');
                let _ = write!(name, " (@{})", harmless(handle));
            }
            said.push(name);
        }
        if let Some(date) = evidence.date.as_ref().filter(|_| with_date) {
            let basis = basis_label(self.language, date.basis);
            said.push(format!("{}, {basis}", date_label(self.language, date)));
        }
        let numbers: Vec<String> = evidence
            .citations
            .iter()
            .map(|index| styled(NUMBER, &format!("[{}]", index + 1)))
            .collect();
        let numbers = numbers.join(" ");

        let bar = styled(FAINT, BAR);
        let text = evidence.excerpt.text();
        // A quotation may run over paragraphs, and so does its excerpt.
        let mut parts = split_lines(text).into_iter().peekable();
        while let Some(part) = parts.next() {
            let mut shown = emphasised(text, part, &evidence.bold);
            if parts.peek().is_none() && said.is_empty() {
                let _ = write!(shown, " {numbers}");
            }
            self.paragraph(&shown, &bar, &bar);
        }
        if !said.is_empty() {
            let line = format!("{} {numbers}", said.join(" · "));
            self.paragraph(&line, "  ", "    ");
        }
    }

    /// The sources, one entry an article: its first paragraph that is cited, and under it the others.
    fn citations(&mut self, all: &[Citation]) {
        for (index, citation) in all.iter().enumerate() {
            let same = |other: &&Citation| other.article == citation.article;
            if all.iter().take(index).any(|other| same(&other)) {
                continue;
            }
            let mut about = vec![day_label(self.language, citation.published)];
            if let Some(outlet) = citation.outlet.as_deref() {
                about.insert(0, harmless(outlet).into_owned());
            }
            if let Some(also) = also_in(self.language, citation) {
                about.push(harmless(&also).into_owned());
            }
            let place = citation
                .url
                .as_deref()
                .or(citation.path.as_deref())
                .unwrap_or(&citation.article);
            let line = format!(
                "{} ({}), {}, ¶\u{A0}{}",
                harmless(&citation.headline),
                about.join(", "),
                harmless(place),
                citation.paragraph
            );
            let label = format!("[{}] ", index + 1);
            let indent = " ".repeat(label.len());
            self.paragraph(&styled(FAINT, &line), &styled(NUMBER, &label), &indent);

            let further: Vec<String> = (1..)
                .zip(all)
                .skip(index + 1)
                .filter(|(_, other)| same(other))
                .map(|(number, other)| {
                    let paragraph = styled(FAINT, &format!("¶\u{A0}{}", other.paragraph));
                    format!(
                        "{}\u{A0}{paragraph}",
                        styled(NUMBER, &format!("[{number}]"))
                    )
                })
                .collect();
            if !further.is_empty() {
                let line = format!("{} {}", styled(FAINT, "also"), further.join(", "));
                self.paragraph(&line, &indent, &indent);
            }
        }
    }

    /// Labels in a column of their own, as wide as the widest of reasonable width.
    fn lines(&mut self, lines: &[Line]) {
        let widest = (self.width / 3).max(8);
        let column = lines
            .iter()
            .map(|line| textwrap::core::display_width(&harmless(&line.label)))
            .filter(|&width| width <= widest)
            .max()
            .unwrap_or_default();
        for line in lines {
            let label = harmless(&line.label);
            let used = textwrap::core::display_width(&label);
            let indent = " ".repeat(column + 2);
            if used <= column {
                let first = format!(
                    "{}{}",
                    styled(STRONG, &label),
                    " ".repeat(column + 2 - used)
                );
                self.paragraph(&harmless(&line.text), &first, &indent);
            } else {
                self.paragraph(&styled(STRONG, &label), "", "  ");
                self.paragraph(&harmless(&line.text), &indent, &indent);
            }
        }
    }
}

/// The stretches of `text` between line ends, without blanks at their ends and without empty ones.
fn split_lines(text: &str) -> Vec<Span> {
    let mut start = 0;
    let mut found = Vec::new();
    for line in text.split_inclusive('\n') {
        let end = start + line.len();
        let span = Span::new(text, start, end).map(|span| span.trimmed(text));
        found.extend(span.filter(|span| !span.is_empty()));
        start = end;
    }
    found
}

/// The stretch `part` of `text`, harmless, with the spans of `bold` that touch it in bold.
fn emphasised(text: &str, part: Span, bold: &[Span]) -> String {
    let mut shown = String::with_capacity(part.len() + 16 * bold.len());
    let mut at = part.start();
    let between =
        |from: usize, to: usize| harmless(text.get(from..to).unwrap_or_default()).into_owned();
    for span in bold {
        let start = span.start().max(at);
        let end = span.end().min(part.end());
        if start >= end {
            continue;
        }
        shown.push_str(&between(at, start));
        shown.push_str(&styled(STRONG, &between(start, end)));
        at = end;
    }
    shown.push_str(&between(at, part.end()));
    shown
}

/// `text` in `style`, word by word, so that a line may break inside it and its indentation stays plain.
fn styled(style: Style, text: &str) -> String {
    let mut shown = String::with_capacity(text.len() + 16);
    for part in text.split_inclusive(' ') {
        let word = part.trim_end_matches(' ');
        if !word.is_empty() {
            let _ = write!(shown, "{style}{word}{style:#}");
        }
        shown.extend(std::iter::repeat_n(' ', part.len() - word.len()));
    }
    shown
}
