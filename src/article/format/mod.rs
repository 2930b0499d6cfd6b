//! Article formats: one file → its [`Article`]s, one module and one row of [`FORMATS`] each.
//!
//! A format knows nothing of folders, and nothing of packing. It gets a [`File`] that is known to be a
//! regular file and what is written in it, byte by byte, and answers for every article it finds or misses.

mod json_lines;
mod plain;

use std::{
    fmt,
    io::{self, BufRead, Read as _},
    ops::ControlFlow,
};

use jiff::civil::Date;

use super::{Article, File, Unreadable};

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

/// The whole text of a file that is one article, with plain line ends.
///
/// # Errors
/// Says why it is no text of reasonable size.
fn whole_text(file: &File, input: &mut dyn BufRead) -> Result<String, Unreadable> {
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
    let text = String::from_utf8(bytes).map_err(|error| {
        let sound = error
            .as_bytes()
            .get(..error.utf8_error().valid_up_to())
            .unwrap_or_default();
        file.unreadable(Some(1 + line_ends(sound)), "is not UTF-8: save it as UTF-8")
    })?;
    Ok(plain_line_ends(text))
}

/// Reads `YYYY-MM-DD`, and nothing else.
///
/// # Errors
/// A whole sentence that names what was found, and tells a day that does not exist from no date at all.
pub fn date(text: &str) -> Result<Date, String> {
    let shaped = text.len() == 10
        && text.bytes().enumerate().all(|(place, byte)| match place {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    if shaped {
        text.parse()
            .map_err(|_| format!("{text} is no day of the calendar"))
    } else {
        let shown: String = text.chars().take(40).collect();
        Err(format!("{shown:?} is no date of the form YYYY-MM-DD"))
    }
}

/// The day of a date, or of a date with a time: the day that the article itself states, wherever on earth.
///
/// # Errors
/// As [`date`].
pub fn stated_day(stated: &str) -> Result<Date, String> {
    let stated = stated.trim();
    match stated.split_once(['T', ' ']) {
        Some((day, time)) if time.starts_with(|letter: char| letter.is_ascii_digit()) => date(day),
        _ => date(stated),
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
