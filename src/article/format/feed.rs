//! Feeds: RSS 0.9 to 2.0 and Atom, as files. (JSON Feed is JSON, and read as such.)
//!
//! Each entry is an article with the text that the feed gives of it: the whole where there is one
//! (`content:encoded`, Atom's `content`), or else what there is. The day is the one that the entry states,
//! in the zone that it states it in. An entry that is no article costs that entry; a feed whose XML is not
//! well-formed is left out as a whole. Entities are those of XML alone, so that none can grow.

use std::{io::BufRead, ops::ControlFlow};

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use feed_rs::{
    model::{Content, Entry, Feed, Person, Text},
    parser::{Builder, ParseFeedError},
};
use jiff::civil::Date;

use super::{Article, File, Found, Sink, stated_day, whole};
use crate::article::{encoding, markup, nesting::check_attributes, opening_date::opening_date};

/// Reads every entry of the feed.
pub(super) fn read(file: &File, input: &mut dyn BufRead, sink: &mut Sink<'_>) -> ControlFlow<()> {
    let entries = match whole(file, input) {
        Ok(bytes) => entries(&bytes, None),
        Err(unreadable) => return sink(Err(unreadable)),
    };
    match entries {
        Err(reason) => sink(Err(file.unreadable(None, reason))),
        Ok(entries) => entries.into_iter().try_for_each(|(line, article)| {
            sink(
                article
                    .map(|article| Found {
                        line,
                        article: Article {
                            path: Some(file.path.clone()),
                            ..article
                        },
                    })
                    .map_err(|reason| file.unreadable(Some(line), reason)),
            )
        }),
    }
}

/// An entry's line in its feed, and its article, or why it is none.
pub(in crate::article) type Read = (usize, Result<Article, String>);

/// The entries of a feed in XML. `declared` is the encoding's name where the sender tells one.
///
/// # Errors
/// Says why it is no feed.
pub(in crate::article) fn entries(
    bytes: &[u8],
    declared: Option<&str>,
) -> Result<Vec<Read>, String> {
    let of_itself = encoding::of_xml(bytes);
    let text = encoding::decode_as_shown(bytes, declared.or(of_itself.as_deref()));
    let text = without_declaration(&text);
    if text.trim().is_empty() {
        return Err("is empty".to_owned());
    }
    check_attributes(text)?;
    let parser = Builder::new()
        .sanitize_content(false)
        // An id that nobody gave would be another one when the entry changes.
        .id_generator(|_, _, _| String::new())
        .timestamp_parser(|stated| midnight(stated_day(stated).ok()?))
        .build();
    let feed = parser.parse(text.as_bytes()).map_err(|error| match error {
        ParseFeedError::ParseError(_) => "is no feed: neither RSS nor Atom".to_owned(),
        error => format!("is no feed that can be read: {error}"),
    })?;
    let mut lines = lines(text);
    let outlet = feed.title.as_ref().and_then(plain);
    Ok(feed
        .entries
        .iter()
        .map(|entry| {
            (
                lines.next().unwrap_or(1),
                article(entry, &feed, outlet.as_deref()),
            )
        })
        .collect())
}

/// The reader of feeds hands moments on; only their day counts here.
fn midnight(day: Date) -> Option<DateTime<Utc>> {
    let (month, date) = (
        u32::try_from(day.month()).ok()?,
        u32::try_from(day.day()).ok()?,
    );
    let day = NaiveDate::from_ymd_opt(i32::from(day.year()), month, date)?;
    Some(day.and_time(NaiveTime::MIN).and_utc())
}

fn day(moment: DateTime<Utc>) -> Option<Date> {
    stated_day(&moment.format("%Y-%m-%d").to_string()).ok()
}

/// The text behind the XML declaration, whose encoding is no longer true.
fn without_declaration(text: &str) -> &str {
    let text = text.trim_start_matches('\u{feff}').trim_start();
    if text.starts_with("<?xml") {
        text.split_once("?>").map_or(text, |(_, rest)| rest)
    } else {
        text
    }
}

/// The lines on which entries begin, in order.
fn lines(text: &str) -> impl Iterator<Item = usize> {
    (1..).zip(text.lines()).flat_map(|(number, line)| {
        let begins = line.match_indices('<').filter(move |(at, _)| {
            let name = line.get(at + 1..).unwrap_or_default();
            ["item", "entry"].iter().any(|known| {
                name.strip_prefix(known)
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with(['>', ' ', '\t']))
            })
        });
        begins.map(move |_| number)
    })
}

fn article(entry: &Entry, feed: &Feed, outlet: Option<&str>) -> Result<Article, String> {
    let url = entry
        .links
        .iter()
        .find(|link| link.rel.as_deref().is_none_or(|rel| rel == "alternate"))
        .or(entry.links.first())
        .map(|link| link.href.trim().to_owned())
        .filter(|url| !url.is_empty());
    let id = Some(entry.id.trim().to_owned())
        .filter(|id| !id.is_empty())
        .or_else(|| url.clone())
        .ok_or("has no id: neither an id nor a link")?;
    let body = entry
        .content
        .as_ref()
        .and_then(content)
        .or_else(|| entry.summary.as_ref().and_then(plain))
        .ok_or("has no text")?;
    let published = entry
        .published
        .or(entry.updated)
        .and_then(day)
        .or_else(|| opening_date(&body))
        .ok_or("has no date that can be read")?;
    let authors = if entry.authors.is_empty() {
        &feed.authors
    } else {
        &entry.authors
    };
    Ok(Article {
        id,
        headline: entry
            .title
            .as_ref()
            .and_then(plain)
            .map(|title| title.replace('\n', " ")),
        byline: names(authors),
        outlet: outlet.map(str::to_owned),
        published,
        url,
        path: None,
        body,
    })
}

fn names(people: &[Person]) -> Option<String> {
    let names: Vec<&str> = people
        .iter()
        .filter_map(|person| person.name.as_deref().or(person.email.as_deref()))
        .map(str::trim)
        .filter(|name| !name.is_empty())
        .collect();
    (!names.is_empty()).then(|| names.join(", "))
}

fn content(content: &Content) -> Option<String> {
    let body = content.body.as_deref()?;
    // A picture may be the content of an entry, too.
    let kind = content.content_type.to_string();
    if kind.ends_with("html") || kind.ends_with("xml") {
        said(&markup::text(body))
    } else if kind.starts_with("text/") {
        said(&either(body))
    } else {
        None
    }
}

fn plain(text: &Text) -> Option<String> {
    said(&either(&text.content))
}

/// Titles and summaries are markup or not, whatever they are declared to be.
fn either(text: &str) -> String {
    if text.contains(['<', '&']) {
        markup::text(text)
    } else {
        text.to_owned()
    }
}

fn said(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}
