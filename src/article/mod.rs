//! Articles: files in, [`Article`]s out, and for each file that could not be read an [`Unreadable`].
//!
//! [`files`] finds the files, [`read_file`] reads one of them article by article whatever its size, and
//! [`read`] is both for an archive that fits in memory, and keeps ids unique; [`mod@format`] knows what stands
//! in a file. The text of an article is never trimmed or rewrapped after its format has read it, since every
//! offset that Dateline hands out counts in it.
//!
//! Left out: guessing. A file without a date that can be read is named with its reason, and no date is
//! taken from its name or from the file system.

mod address;

mod day;
mod duplicate;
mod encoding;
mod file;
mod folder;
pub mod format;
mod markup;
mod nesting;
mod opening_date;
mod reading;
mod subscription;
mod unpacked;

pub use address::canonical;
pub use duplicate::{Fingerprint, Known, Verdict};
pub use file::{File, Packing};
pub use folder::files;
pub use reading::{Reading, read, read_bytes, read_file};
pub use subscription::{
    FeedReader, Heard, NoFeed, Outcome, Polled, Schedule, Validators, feed_entries,
};

use jiff::civil::Date;

/// One article of the archive.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Article {
    /// Stable and unique in its archive: the record's own id, or the file's name without its ending,
    /// with its folders below the archive's.
    pub id: String,
    /// The headline, where the source states one.
    pub headline: Option<String>,
    /// Who wrote it.
    pub byline: Option<String>,
    /// Where it appeared.
    pub outlet: Option<String>,
    /// When it appeared.
    pub published: Date,
    /// Its address on the web.
    pub url: Option<String>,
    /// Its file, below the archive's folder.
    pub path: Option<String>,
    /// The text, paragraphs separated by line ends. All offsets count in this text.
    pub body: String,
}

/// Where an article appeared as well, in the same words or nearly the same.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Appearance {
    /// Where it appeared.
    pub outlet: Option<String>,
    /// When it appeared there.
    pub published: Date,
    /// Its address there.
    pub url: Option<String>,
    /// Its file, below the archive's folder.
    pub path: Option<String>,
}

impl From<Article> for Appearance {
    fn from(article: Article) -> Self {
        Self {
            outlet: article.outlet,
            published: article.published,
            url: article.url,
            path: article.path,
        }
    }
}

/// A file, or a record of one, that was left out.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, serde::Serialize, serde::Deserialize)]
#[error("{path}{}: {reason}", line.map(|line| format!(":{line}")).unwrap_or_default())]
pub struct Unreadable {
    /// The file.
    pub path: String,
    /// The line, from 1, where the reason has one.
    pub line: Option<usize>,
    /// Why, and what to do.
    pub reason: String,
}
