//! An answer → pages of Markdown.
//!
//! Pure: no network, no clock. A page is small enough for an embed and for a plain message alike, so that
//! both are turned by the same numbers. Evidence stands as a block quote in the article's own words; what
//! stands outside the quotes is ours: headings, who said it and when, and the sources, which each
//! page lists for itself. Days are written out in words and never as Discord time stamps: those are
//! moments, shown in the reader's own time zone, and no moment is the same day in all of them.

use super::markdown::{escape_line, prefix, quote, shorten, stretches, units};
use crate::{
    answer::{Answer, Citation, Evidence, Group, also_in, date_label, day_label},
    dating::{DateBasis, Dated},
    language::Language,
};

/// The longest title.
pub const LONGEST_TITLE: usize = 240;

/// How many sources of one piece of evidence are named.
const MOST_SOURCES: usize = 6;

/// One page, escaped and ready.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// What this is an answer to: at most [`LONGEST_TITLE`] units.
    pub title: String,
    /// All the rest: at most the length asked for.
    pub body: String,
}

/// Lays out `answer` on pages whose bodies take at most `length` UTF-16 units. There is always one.
#[must_use]
pub fn pages(answer: &Answer, language: &Language, length: usize) -> Vec<Page> {
    pages_of(answer, language, length, usize::MAX)
}

/// The same with at most so many UTF-16 units of each excerpt, cut at a word.
#[must_use]
pub fn pages_of(
    answer: &Answer,
    language: &Language,
    length: usize,
    excerpt_length: usize,
) -> Vec<Page> {
    let mut layout = Layout {
        answer,
        language,
        length,
        excerpt_length,
        bodies: Vec::new(),
        body: String::new(),
        sources: Vec::new(),
    };
    for group in &answer.groups {
        layout.group(group);
    }
    for (number, line) in answer.lines.iter().enumerate() {
        if number == 0 {
            layout.blank_line();
        }
        let label = bold(&shorten(&line.label, 160));
        // A label alone is a line, too.
        if label.is_empty() || line.text.is_empty() {
            layout.words(&label, &line.text);
        } else {
            layout.words(&format!("{label} – "), &line.text);
        }
    }
    for (number, note) in answer.notes.iter().enumerate() {
        if number == 0 {
            layout.blank_line();
        }
        layout.words("", note);
    }
    let title = title(&answer.title);
    if title.is_empty() && layout.bodies.is_empty() && layout.is_blank() {
        // A message must not be empty; a command that has nothing to say says so.
        let nothing = language.wording.say("discord_nothing", &[]);
        layout.words("", &nothing);
    }
    layout
        .finish()
        .into_iter()
        .map(|body| Page {
            title: title.clone(),
            body,
        })
        .collect()
}

/// `text` as a title: on one line, escaped, shortened until it fits.
pub(super) fn title(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut limit = LONGEST_TITLE;
    loop {
        let title = escape_line(&shorten(&text, limit));
        if units(&title) <= LONGEST_TITLE {
            return title;
        }
        limit = limit * 3 / 4;
    }
}

/// The beginning of `text`, cut at a word where it is longer than `limit` units.
fn at_a_word(text: &str, limit: usize) -> &str {
    let head = prefix(text, limit);
    if head.len() == text.len() {
        return text;
    }
    let cut = head
        .rfind(char::is_whitespace)
        .and_then(|blank| head.get(..blank));
    cut.unwrap_or(head).trim_end()
}

fn bold(text: &str) -> String {
    let text = escape_line(text);
    if text.is_empty() {
        text
    } else {
        format!("**{text}**")
    }
}

struct Layout<'a> {
    answer: &'a Answer,
    language: &'a Language,
    length: usize,
    excerpt_length: usize,
    bodies: Vec<String>,
    body: String,
    /// The sources of this page, in the order of their first mention.
    sources: Vec<usize>,
}

impl Layout<'_> {
    fn group(&mut self, group: &Group) {
        let heading = |continued: bool| {
            let heading = bold(&shorten(group.heading.as_deref().unwrap_or_default(), 100));
            if heading.is_empty() {
                return String::new();
            }
            let remark = if continued {
                Some(self.language.wording.say("discord_continued", &[]))
            } else {
                group.remark.clone()
            };
            match remark {
                Some(remark) => format!("{heading} · {}\n", escape_line(&shorten(&remark, 80))),
                None => format!("{heading}\n"),
            }
        };
        let (heading, again) = (heading(false), heading(true));
        for (number, evidence) in group.evidence.iter().enumerate() {
            let heading = if number == 0 { &heading } else { "" };
            self.evidence(group, evidence, heading, &again);
        }
    }

    /// Places one piece of evidence below `heading`, or below `again` where it begins a page.
    fn evidence(&mut self, group: &Group, evidence: &Evidence, heading: &str, again: &str) {
        let whole = evidence.excerpt.text();
        let text = at_a_word(whole, self.excerpt_length);
        let mut below = self.below(group, evidence);
        if text.len() < whole.len() {
            below.insert(0, '…');
        }
        let mut sources: Vec<usize> = Vec::new();
        for &source in evidence.citations.iter().take(MOST_SOURCES) {
            if !sources.contains(&source) {
                sources.push(source);
            }
        }
        let block = format!(
            "{heading}{}{below}",
            quote(text, 0..text.len(), &evidence.bold)
        );
        if self.fits(&block, &sources) {
            // Without a blank line between them, two quotes would be one.
            self.blank_line();
            return self.put(&block, &sources);
        }
        if !self.is_blank() {
            self.turn();
        }
        let heading = if heading.is_empty() { again } else { heading };
        let block = format!(
            "{heading}{}{below}",
            quote(text, 0..text.len(), &evidence.bold)
        );
        if self.fits(&block, &sources) {
            return self.put(&block, &sources);
        }
        // Longer than a page: in stretches, who said it and the sources below the last.
        let above = units(heading).max(units(again));
        let room = self.length.saturating_sub(above + units(&below) + 3);
        let stretches = stretches(text, &evidence.bold, room);
        for (number, stretch) in stretches.iter().enumerate() {
            let heading = if number == 0 { heading } else { again };
            let mut block = format!("{heading}{}", quote(text, stretch.clone(), &evidence.bold));
            if number + 1 == stretches.len() {
                block.push_str(&below);
            } else {
                self.put(&block, &[]);
                self.turn();
                continue;
            }
            self.put_with_some(&block, &sources);
        }
    }

    /// What stands below a quote: of a quotation, who said it and when; the numbers of the sources.
    fn below(&self, group: &Group, evidence: &Evidence) -> String {
        let mut numbers = String::new();
        for &source in evidence.citations.iter().take(MOST_SOURCES) {
            numbers.extend(["[", &(source + 1).to_string(), "]"]);
        }
        let more = evidence.citations.len().saturating_sub(MOST_SOURCES);
        if more > 0 {
            let count = more.to_string();
            let said = self
                .language
                .wording
                .say("discord_more_sources", &[("count", &count)]);
            numbers.extend([" ", &escape_line(&said)]);
        }
        let mut words = Vec::new();
        if let Some(speaker) = &evidence.speaker {
            let mut name = escape_line(&shorten(&speaker.name, 100));
            if let Some(handle) = &speaker.handle {
                let handle = escape_line(&shorten(handle.trim_start_matches('@'), 40));
                name.extend([" (\\@", &handle, ")"]);
            }
            words.push(name);
        }
        if let Some(date) = evidence
            .date
            .as_ref()
            .and_then(|date| self.date_beside(group, date))
        {
            words.push(escape_line(&date));
        }
        if words.is_empty() {
            format!(" {numbers}")
        } else {
            format!("\n— {} {numbers}", words.join(", "))
        }
    }

    /// The date, unless the heading says it already.
    fn date_beside(&self, group: &Group, dated: &Dated) -> Option<String> {
        let date = date_label(self.language, dated);
        if group
            .heading
            .as_ref()
            .is_some_and(|heading| heading.contains(&date))
        {
            return None;
        }
        Some(match dated.basis {
            DateBasis::Stated | DateBasis::Carried => date,
            DateBasis::Published => self
                .language
                .wording
                .say("discord_reported", &[("date", &date)]),
        })
    }

    /// Places a line of our own words behind `markup`, on as many pages as it needs.
    fn words(&mut self, markup: &str, text: &str) {
        let block = format!("{markup}{}", escape_line(text));
        if !self.fits(&block, &[]) && !self.is_blank() {
            self.turn();
        }
        if self.fits(&block, &[]) {
            return self.put(&block, &[]);
        }
        let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let room = self.length.saturating_sub(units(markup) + 3);
        for (number, stretch) in stretches(&line, &[], room).into_iter().enumerate() {
            let words = escape_line(line.get(stretch).unwrap_or_default());
            if number == 0 {
                self.put(&format!("{markup}{words}"), &[]);
            } else {
                self.turn();
                self.put(&words, &[]);
            }
        }
    }

    /// A blank line, unless a page begins here.
    fn blank_line(&mut self) {
        if !self.body.is_empty() {
            self.body.push('\n');
        }
    }

    /// Whether `block` and the sources that it adds still fit on this page.
    fn fits(&self, block: &str, sources: &[usize]) -> bool {
        let mut listed = self.sources.clone();
        listed.extend(self.new_sources(sources));
        let listed: usize = self
            .source_lines(&listed)
            .iter()
            .map(|line| units(line) + 1)
            .sum();
        // Two line ends between blocks, one blank line before the sources.
        units(&self.body) + 2 + units(block) + 1 + listed <= self.length
    }

    fn new_sources<'s>(&'s self, sources: &'s [usize]) -> impl Iterator<Item = usize> + 's {
        sources
            .iter()
            .copied()
            .filter(|source| !self.sources.contains(source))
    }

    fn put(&mut self, block: &str, sources: &[usize]) {
        if !self.body.is_empty() && !block.is_empty() {
            self.body.push('\n');
        }
        self.body.push_str(block);
        let added: Vec<usize> = self.new_sources(sources).collect();
        self.sources.extend(added);
    }

    /// Puts `block`, and of its sources what fits; the rest goes to pages of its own.
    fn put_with_some(&mut self, block: &str, sources: &[usize]) {
        let mut block = block;
        let mut sources = sources;
        loop {
            let count = (0..=sources.len())
                .rev()
                .find(|count| self.fits(block, sources.get(..*count).unwrap_or_default()))
                .unwrap_or(0);
            let (now, later) = sources.split_at_checked(count).unwrap_or((sources, &[]));
            self.put(block, now);
            if later.is_empty() {
                return;
            }
            self.turn();
            if count == 0 && block.is_empty() {
                return;
            }
            block = "";
            sources = later;
        }
    }

    /// Ends the page.
    fn turn(&mut self) {
        let mut body = std::mem::take(&mut self.body);
        // A blank line that nothing followed.
        body.truncate(body.trim_end_matches('\n').len());
        let sources = std::mem::take(&mut self.sources);
        if !sources.is_empty() && !body.is_empty() {
            body.push('\n');
        }
        for line in self.source_lines(&sources) {
            if !body.is_empty() {
                body.push('\n');
            }
            body.push_str(&line);
        }
        self.bodies.push(body);
    }

    /// Whether this page holds nothing yet.
    fn is_blank(&self) -> bool {
        self.body.is_empty() && self.sources.is_empty()
    }

    fn finish(mut self) -> Vec<String> {
        if self.bodies.is_empty() || !self.is_blank() {
            self.turn();
        }
        self.bodies
    }

    /// Sources as lines in small type, one an article: its numbers, headline, day and paragraphs.
    fn source_lines(&self, sources: &[usize]) -> Vec<String> {
        let mut articles: Vec<(&Citation, Vec<usize>, Vec<u32>)> = Vec::new();
        for &number in sources {
            let Some(citation) = self.answer.citations.get(number) else {
                continue;
            };
            let same = articles
                .iter_mut()
                .find(|(first, ..)| first.article == citation.article);
            if let Some((_, numbers, paragraphs)) = same {
                numbers.push(number + 1);
                paragraphs.push(citation.paragraph);
            } else {
                articles.push((citation, vec![number + 1], vec![citation.paragraph]));
            }
        }
        articles
            .iter()
            .map(|(citation, numbers, paragraphs)| self.source_line(citation, numbers, paragraphs))
            .collect()
    }

    fn source_line(&self, citation: &Citation, numbers: &[usize], paragraphs: &[u32]) -> String {
        let numbers: Vec<String> = numbers.iter().map(|n| format!("[{n}]")).collect();
        let numbers = numbers.join(" ");
        let key = if paragraphs.len() == 1 {
            "discord_paragraph"
        } else {
            "discord_paragraphs"
        };
        let paragraphs: Vec<String> = paragraphs.iter().map(u32::to_string).collect();
        let paragraphs = self
            .language
            .wording
            .say(key, &[("number", &paragraphs.join(", "))]);
        let headline = escape_line(&shorten(&citation.headline, 100));
        let mut parts = vec![format!("-# {numbers} {headline}")];
        parts.extend(
            citation
                .outlet
                .as_ref()
                .map(|outlet| escape_line(&shorten(outlet, 40))),
        );
        parts.push(day_label(self.language, citation.published));
        parts
            .extend(also_in(self.language, citation).map(|also| escape_line(&shorten(&also, 120))));
        parts.push(escape_line(&paragraphs));
        parts.extend(place(citation));
        parts.join(" · ")
    }
}

/// One piece of evidence on its own: the quote, and below it, in small type, its date and its source.
#[must_use]
pub fn told(
    evidence: &Evidence,
    citation: &Citation,
    language: &Language,
    excerpt_length: usize,
) -> String {
    let whole = evidence.excerpt.text();
    let text = at_a_word(whole, excerpt_length);
    let cut = if text.len() < whole.len() { "…" } else { "" };
    let mut parts = Vec::new();
    parts.extend(
        evidence
            .date
            .as_ref()
            .map(|date| format!("**{}**", escape_line(&date_label(language, date)))),
    );
    parts.push(escape_line(&shorten(&citation.headline, 100)));
    parts.extend(
        citation
            .outlet
            .as_ref()
            .map(|outlet| escape_line(&shorten(outlet, 40))),
    );
    parts.push(day_label(language, citation.published));
    parts.extend(place(citation));
    let quote = quote(text, 0..text.len(), &evidence.bold);
    format!("{quote}{cut}\n-# {}", parts.join(" · "))
}

/// Where a source can be read: its link, which does not unfold in angle brackets, or its file.
pub(super) fn place(citation: &Citation) -> Option<String> {
    if let Some(url) = citation.url.as_deref().filter(|url| is_plain_link(url)) {
        return Some(format!("<{url}>"));
    }
    let path = citation.path.as_ref()?;
    Some(escape_line(&shorten(path, 80)))
}

/// Whether a link can stand in angle brackets as it is, and is no longer than a line should be.
fn is_plain_link(url: &str) -> bool {
    (url.starts_with("https://") || url.starts_with("http://"))
        && units(url) <= 200
        && url
            .chars()
            .all(|c| c.is_ascii_graphic() && !"<>\"`\\|".contains(c))
}
