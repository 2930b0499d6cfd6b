//! A file of an archive: where it is, in which format, and how it is packed.

use std::path::PathBuf;

use jiff::Timestamp;

use super::{Unreadable, format::Format};

/// How a file is packed. The ending of the packing stands behind the format's: `news.jsonl.gz`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Packing {
    /// gzip (RFC 1952), of one member or many.
    Gzip,
    /// Zstandard (RFC 8878), of one frame or many.
    Zstandard,
}

impl Packing {
    /// Every packing and its endings, in lower case.
    pub const ALL: &[(Self, &[&str])] =
        &[(Self::Gzip, &["gz"]), (Self::Zstandard, &["zst", "zstd"])];

    /// The packing of files that end in `ending`, case aside.
    #[must_use]
    pub fn by_ending(ending: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .find(|(_, endings)| {
                endings
                    .iter()
                    .any(|known| known.eq_ignore_ascii_case(ending))
            })
            .map(|(packing, _)| *packing)
    }
}

/// A file of an archive, as it was found: it may have changed since.
#[derive(Clone, Debug)]
pub struct File {
    /// Where it is.
    pub location: PathBuf,
    /// Its path below the archive's folder, with `/` between folders, and its endings.
    pub path: String,
    /// What stands in it.
    pub format: &'static Format,
    /// What it is packed in.
    pub packing: Option<Packing>,
    /// Its size on disk, in bytes.
    pub size: u64,
    /// When it last changed, where the file system says so.
    pub modified: Option<Timestamp>,
}

impl File {
    /// The id of an article that is the whole file: [`File::path`] without its endings.
    #[must_use]
    pub fn id(&self) -> String {
        let bare = without_ending(&self.path);
        if self.packing.is_some() {
            without_ending(bare).to_owned()
        } else {
            bare.to_owned()
        }
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
}

/// The path without the ending of its name; a name that begins with its only dot is all name.
fn without_ending(path: &str) -> &str {
    let name = path.rfind('/').map_or(0, |slash| slash + 1);
    path.rfind('.')
        .filter(|&dot| dot > name)
        .and_then(|dot| path.get(..dot))
        .unwrap_or(path)
}
