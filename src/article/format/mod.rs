//! Article formats: one file → its [`Article`]s, one module and one row of [`FORMATS`] each.
//!
//! A format knows nothing of folders. It gets a [`File`] that is known to be a regular file, and answers
//! for every article it finds or misses in it.

mod json_lines;
mod plain;

use std::{
    io::{self, Read},
    path::PathBuf,
};

use jiff::civil::Date;

use super::{Article, Unreadable};

/// The largest article that is read, in bytes. "War and Peace" is a fifth of it; what is larger is no
/// article, and would only cost memory.
pub const ARTICLE_LIMIT: u64 = 16 * 1024 * 1024;

/// One row: all that the reader knows of a format.
#[derive(Debug)]
pub struct Format {
    /// Its name, for people.
    pub name: &'static str,
    /// The endings of its files, in lower case.
    pub endings: &'static [&'static str],
    /// Reads one file.
    pub read: fn(&File) -> Vec<Result<Found, Unreadable>>,
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

/// A file of an archive.
#[derive(Clone, Debug)]
pub struct File {
    /// Where it is.
    pub location: PathBuf,
    /// Its path below the archive's folder, with `/` between folders, and its ending.
    pub path: String,
}

impl File {
    /// The id of an article that is the whole file: [`File::path`] without its ending.
    #[must_use]
    pub fn id(&self) -> String {
        let name = self.path.rfind('/').map_or(0, |slash| slash + 1);
        self.path
            .rfind('.')
            .filter(|&dot| dot > name)
            .and_then(|dot| self.path.get(..dot))
            .unwrap_or(&self.path)
            .to_owned()
    }

    /// This file as left out.
    #[must_use]
    pub fn unreadable(&self, line: Option<usize>, reason: impl Into<String>) -> Unreadable {
        Unreadable {
            path: self.location.display().to_string(),
            line,
            reason: reason.into(),
        }
    }

    /// The whole text of a file that is one article, without its byte-order mark, and with plain line ends.
    ///
    /// # Errors
    /// Says why it is no text of reasonable size.
    pub fn text(&self) -> Result<String, Unreadable> {
        let failed = |error: io::Error| self.unreadable(None, cannot_read(&error));
        let file = std::fs::File::open(&self.location).map_err(failed)?;
        let size = file.metadata().map_err(failed)?.len();
        if size > ARTICLE_LIMIT {
            return Err(self.unreadable(None, too_large(size)));
        }
        let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or_default());
        // The file may grow between the two looks at it.
        file.take(ARTICLE_LIMIT + 1)
            .read_to_end(&mut bytes)
            .map_err(failed)?;
        if bytes.len() as u64 > ARTICLE_LIMIT {
            return Err(self.unreadable(None, too_large(bytes.len() as u64)));
        }
        if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
            return Err(self.unreadable(Some(1), "is UTF-16: save it as UTF-8"));
        }
        let text = String::from_utf8(bytes).map_err(|error| {
            let sound = error
                .as_bytes()
                .get(..error.utf8_error().valid_up_to())
                .unwrap_or_default();
            self.unreadable(Some(1 + line_ends(sound)), "is not UTF-8: save it as UTF-8")
        })?;
        Ok(plain_line_ends(without_mark(text)))
    }
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

fn cannot_read(error: &io::Error) -> String {
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

fn without_mark(text: String) -> String {
    match text.strip_prefix('\u{FEFF}') {
        Some(bare) => bare.to_owned(),
        None => text,
    }
}

fn plain_line_ends(text: String) -> String {
    if text.contains('\r') {
        text.replace("\r\n", "\n").replace('\r', "\n")
    } else {
        text
    }
}
