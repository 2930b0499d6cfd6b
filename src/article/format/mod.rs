//! Article formats: one file → its [`Article`]s, one module and one row of [`FORMATS`] each.
//!
//! A format knows nothing of folders, and nothing of packing. It gets a [`File`] that is known to be a
//! regular file and what is written in it, byte by byte, and answers for every article it finds or misses.

mod feed;
mod html;
mod json;
mod json_lines;
mod markdown;
mod metadata;
mod plain;
mod record;

use std::{
    fmt,
    io::{self, BufRead, Read as _},
    ops::ControlFlow,
};

pub use super::day::{date, stated_day};
use super::{
    Article, File, Unreadable,
    encoding::{self, Foreign},
};
pub(super) use feed::entries as feed_entries;

/// The largest article that is read, in bytes. "War and Peace" is a fifth of it; what is larger is no
/// article, and would only cost memory.
pub const ARTICLE_LIMIT: u64 = 16 * 1024 * 1024;

/// Takes what a file gives, one by one: an article, or the reason for one that is left out. Says whether
/// to go on.
pub type Sink<'a> = dyn FnMut(Result<Found, Unreadable>) -> ControlFlow<()> + 'a;

/// One row: all that the reader knows of a format.
pub struct Format {
    /// Its name, for people.
    pub name: &'static str,
    /// The endings of its files, in lower case.
    pub endings: &'static [&'static str],
    /// Reads one file: its bytes, unpacked and without a byte-order mark. Breaks where the sink does.
    pub read: fn(&File, &mut dyn BufRead, &mut Sink<'_>) -> ControlFlow<()>,
}

impl fmt::Debug for Format {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(self.name)
    }
}

/// An article, and where in its file it begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The line, from 1.
    pub line: usize,
    /// The article.
    pub article: Article,
}

/// Every format.
pub static FORMATS: &[Format] = &[
    Format {
        name: "plain text",
        endings: &["txt"],
        read: plain::read,
    },
    Format {
        name: "JSON lines",
        endings: &["jsonl", "ndjson"],
        read: json_lines::read,
    },
    Format {
        name: "JSON",
        endings: &["json"],
        read: json::read,
    },
    Format {
        name: "Markdown",
        endings: &["md", "markdown"],
        read: markdown::read,
    },
    Format {
        name: "HTML",
        endings: &["html", "htm", "xhtml"],
        read: html::read,
    },
    Format {
        name: "feed",
        endings: &["rss", "atom", "rdf", "xml"],
        read: feed::read,
    },
];

/// The format of files that end in `ending`, case aside.
#[must_use]
pub fn by_ending(ending: &str) -> Option<&'static Format> {
    FORMATS.iter().find(|format| {
        format
            .endings
            .iter()
            .any(|known| known.eq_ignore_ascii_case(ending))
    })
}

/// The bytes of a file that is one article, or little more.
///
/// # Errors
/// Says why they cannot be had, or are too many.
fn whole(file: &File, input: &mut dyn BufRead) -> Result<Vec<u8>, Unreadable> {
    if file.packing.is_none() && file.size > ARTICLE_LIMIT {
        return Err(file.unreadable(None, too_large(file.size)));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(file.size).unwrap_or_default());
    // The file may have grown since it was found, and what it unpacks to is not known before.
    input
        .take(ARTICLE_LIMIT + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| file.unreadable(None, cannot_read(&error)))?;
    if bytes.len() as u64 > ARTICLE_LIMIT {
        return Err(file.unreadable(None, too_large(bytes.len() as u64)));
    }
    Ok(bytes)
}

/// The text of a file that is one article and declares no encoding, with plain line ends.
///
/// # Errors
/// Says why it is no text of reasonable size.
fn whole_text(file: &File, input: &mut dyn BufRead) -> Result<String, Unreadable> {
    let bytes = whole(file, input)?;
    let lines = |at: usize| 1 + line_ends(bytes.get(..at).unwrap_or_default());
    match encoding::decode(&bytes, None) {
        Ok(text) => Ok(plain_line_ends(text)),
        Err(Foreign { at }) => {
            let reason = "is in no encoding that could be told: save it as UTF-8";
            Err(file.unreadable(Some(lines(at)), reason))
        }
    }
}

pub(super) fn cannot_read(error: &io::Error) -> String {
    format!("cannot be read: {error}")
}

fn too_large(bytes: u64) -> String {
    format!(
        "is {} MB; no article is larger than {} MB",
        bytes.div_ceil(1024 * 1024),
        ARTICLE_LIMIT / (1024 * 1024)
    )
}

fn too_long() -> String {
    format!(
        "is longer than {} MB, which no article is",
        ARTICLE_LIMIT / (1024 * 1024)
    )
}

fn line_ends(bytes: &[u8]) -> usize {
    memchr::memchr_iter(b'\n', bytes).count()
}

fn plain_line_ends(text: String) -> String {
    if text.contains('\r') {
        text.replace("\r\n", "\n").replace('\r', "\n")
    } else {
        text
    }
}
