//! Markdown (`CommonMark`) with front matter: a [`record`] in YAML between lines of `---`, or in TOML between
//! lines of `+++`, and the text below.
//!
//! The text is what the marks stand around: headings, paragraphs, list items, table rows, each a paragraph.
//! The first heading is the headline where the front matter names none. Markup of HTML is left out, and so
//! are pictures.

use std::{io::BufRead, ops::ControlFlow};

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};
use serde_json::Value;

use super::{
    Article, File, Found, Sink,
    record::{self, Place, Record},
    whole_text,
};

/// Reads the file as one article.
pub(super) fn read(file: &File, input: &mut dyn BufRead, sink: &mut Sink<'_>) -> ControlFlow<()> {
    sink(whole_text(file, input).and_then(|text| {
        article(file, &text)
            .map(|article| Found { line: 1, article })
            .map_err(|reason| file.unreadable(Some(1), reason))
    }))
}

fn article(file: &File, text: &str) -> Result<Article, String> {
    if text.trim().is_empty() {
        return Err("is empty".to_owned());
    }
    let (record, markdown) = front_matter(text)?;
    let (heading, body) = plain(markdown);
    let place = Place {
        file,
        id: Some(file.id()),
        is_named_by_file: true,
        outlet: None,
    };
    let mut article = record::article(&record, &place, Some(body))?;
    match (&article.headline, heading) {
        (None, heading) => article.headline = heading,
        // The headline once more, above the text.
        (Some(headline), Some(heading)) if *headline == heading => {}
        (Some(_), Some(heading)) => article.body = format!("{heading}\n\n{}", article.body),
        (Some(_), None) => {}
    }
    Ok(article)
}

/// What stands above the text, and the text.
fn front_matter(text: &str) -> Result<(Record, &str), String> {
    let (mark, name) = match text.lines().next().map(str::trim_end) {
        Some("---") => ("---", "YAML"),
        Some("+++") => ("+++", "TOML"),
        _ => return Ok((Record::default(), text)),
    };
    let inside = text.split_once('\n').map_or("", |(_, rest)| rest);
    let mut length = 0;
    let end = inside.split_inclusive('\n').find(|line| {
        let is_end = line.trim_end() == mark || (mark == "---" && line.trim_end() == "...");
        length += if is_end { 0 } else { line.len() };
        is_end
    });
    let end =
        end.ok_or_else(|| format!("has front matter without the line `{mark}` that ends it"))?;
    let fields = inside.get(..length).unwrap_or_default();
    let table = if mark == "---" {
        yaml(fields)?
    } else {
        toml(fields)?
    };
    let table = match table {
        Value::Object(table) => table,
        Value::Null => serde_json::Map::new(),
        _ => {
            return Err(format!(
                "has front matter in {name} that is no list of fields"
            ));
        }
    };
    let text = inside.get(length + end.len()..).unwrap_or_default();
    Ok((Record::from_table(table)?, text))
}

fn yaml(text: &str) -> Result<Value, String> {
    serde_saphyr::from_str(text).map_err(|error| {
        let said = error.to_string();
        let what = said.lines().next().unwrap_or_default();
        format!("has front matter that is no YAML: {what}")
    })
}

fn toml(text: &str) -> Result<Value, String> {
    let table: toml::Table = toml::from_str(text)
        .map_err(|error| format!("has front matter that is no TOML: {}", error.message()))?;
    Ok(json(toml::Value::Table(table)))
}

/// TOML knows dates; here they are text, as everywhere else.
fn json(value: toml::Value) -> Value {
    match value {
        toml::Value::String(text) => Value::String(text),
        toml::Value::Integer(number) => Value::from(number),
        toml::Value::Float(number) => Value::from(number),
        toml::Value::Boolean(truth) => Value::Bool(truth),
        toml::Value::Datetime(date) => Value::String(date.to_string()),
        toml::Value::Array(several) => several.into_iter().map(json).collect(),
        toml::Value::Table(table) => table
            .into_iter()
            .map(|(name, value)| (name, json(value)))
            .collect(),
    }
}

/// The first heading, if the text begins with it, and the rest of the text.
fn plain(markdown: &str) -> (Option<String>, String) {
    let mut plain = Plain::default();
    for event in Parser::new_ext(
        markdown,
        Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_FOOTNOTES,
    ) {
        plain.take(event);
    }
    plain.end_paragraph();
    (plain.heading, plain.done)
}

#[derive(Default)]
struct Plain {
    done: String,
    paragraph: String,
    heading: Option<String>,
    /// How many pictures and pieces of HTML are open, whose text is none of the article's.
    passed_over: usize,
}

impl Plain {
    fn take(&mut self, event: Event<'_>) {
        match event {
            Event::Start(Tag::Image { .. } | Tag::HtmlBlock | Tag::MetadataBlock(_)) => {
                self.passed_over += 1;
            }
            Event::End(TagEnd::Image | TagEnd::HtmlBlock | TagEnd::MetadataBlock(_)) => {
                self.passed_over = self.passed_over.saturating_sub(1);
            }
            _ if self.passed_over > 0 => {}
            Event::Text(text) | Event::Code(text) | Event::InlineMath(text) => {
                self.paragraph.push_str(&text);
            }
            Event::SoftBreak | Event::End(TagEnd::TableCell) => self.paragraph.push(' '),
            Event::HardBreak => self.paragraph.push('\n'),
            Event::End(TagEnd::Heading(HeadingLevel::H1))
                if self.done.is_empty() && self.heading.is_none() =>
            {
                let heading = std::mem::take(&mut self.paragraph);
                let heading = heading.trim();
                self.heading = (!heading.is_empty()).then(|| heading.to_owned());
            }
            Event::Start(
                Tag::Paragraph
                | Tag::Heading { .. }
                | Tag::BlockQuote(_)
                | Tag::CodeBlock(_)
                | Tag::List(_)
                | Tag::Item
                | Tag::FootnoteDefinition(_)
                | Tag::TableHead
                | Tag::TableRow,
            )
            | Event::End(
                TagEnd::Paragraph
                | TagEnd::Heading(_)
                | TagEnd::BlockQuote(_)
                | TagEnd::CodeBlock
                | TagEnd::List(_)
                | TagEnd::Item
                | TagEnd::FootnoteDefinition
                | TagEnd::TableHead
                | TagEnd::TableRow,
            )
            | Event::Rule => self.end_paragraph(),
            _ => {}
        }
    }

    fn end_paragraph(&mut self) {
        let paragraph = self.paragraph.trim();
        if !paragraph.is_empty() {
            if !self.done.is_empty() {
                self.done.push_str("\n\n");
            }
            self.done.push_str(paragraph);
        }
        self.paragraph.clear();
    }
}
