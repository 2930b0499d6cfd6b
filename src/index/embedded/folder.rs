//! The folder of an index: which version lies where, who may write it, and what to do with one that
//! cannot be read.
//!
//! Each version has a sub-folder of its own, named after it. A new version is thus built beside the old
//! one, and an unreadable one is set aside and not deleted before its successor is complete. That the
//! files of one index are never half-written is the engine's doing: what a commit names was written and
//! synced before it.

use std::{
    fs,
    io::ErrorKind,
    path::{Path, PathBuf},
};

use tantivy::{
    Index as Engine, TantivyError,
    directory::{
        Directory, INDEX_WRITER_LOCK, MmapDirectory,
        error::{OpenDirectoryError, OpenReadError},
    },
    schema::Schema,
};

use super::{Embedded, Index, IndexError, directory::Files};

/// How an index was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Opened {
    /// There was none.
    New,
    /// It was there.
    Existing,
    /// There was one that is of no use; a new one is built beside it.
    Rebuilding {
        /// Why, as the end of a sentence about it.
        reason: String,
    },
    /// Another process writes it; this one only reads.
    ReadOnly,
}

/// Where an index lies.
#[derive(Debug)]
pub struct Place {
    folder: PathBuf,
    own: PathBuf,
}

/// The ending of the folder of an index that could not be read.
const SET_ASIDE: &str = "damaged";

/// Opens the index of `version` in `folder`, or makes one.
pub fn open(
    folder: &Path,
    version: u64,
    schema: &Schema,
    start: impl Fn(Engine, Place) -> Result<Embedded, IndexError>,
) -> Result<(Embedded, Opened), IndexError> {
    let unusable = |reason: String| IndexError::Folder {
        folder: folder.display().to_string(),
        reason,
    };
    let cannot =
        |what: &str, error: &dyn std::fmt::Display| unusable(format!("cannot be {what}: {error}"));
    let own = folder.join(format!("{version:016x}"));
    fs::create_dir_all(&own).map_err(|error| cannot("made", &error))?;
    let place = || Place {
        folder: folder.to_owned(),
        own: own.clone(),
    };
    let mut reason = others(folder, &own)
        .map_err(|error| cannot("read", &error))?
        .first()
        .map(|_| "was made by another version of Dateline or with other rules".to_owned());
    let make = |reason: Option<String>| -> Result<(Embedded, Opened), IndexError> {
        // Another process may have been quicker.
        let made = Files::open(&own)
            .map_err(TantivyError::from)
            .and_then(|files| Engine::open_or_create(files, schema.clone()));
        let engine = made.map_err(|error| cannot("made", &error))?;
        let opened = reason.map_or(Opened::New, |reason| Opened::Rebuilding { reason });
        Ok((start(engine, place())?, opened))
    };

    let files = || Files::open(&own).map_err(TantivyError::from);
    let there = files()
        .and_then(|files| Ok(Engine::exists(&files)?))
        .map_err(|error| cannot("opened", &error))?;
    let (index, opened) = if there {
        let engine = files().and_then(Engine::open).map_err(IndexError::from);
        match engine.and_then(|engine| start(engine, place())) {
            Ok(index) => (index, Opened::Existing),
            Err(IndexError::Engine(error)) if is_damage(&error) => {
                let aside = free_name(&own);
                fs::rename(&own, &aside).map_err(|error| cannot("set aside", &error))?;
                fs::create_dir_all(&own).map_err(|error| cannot("made", &error))?;
                reason = Some(format!("was damaged ({error})"));
                make(reason)?
            }
            Err(IndexError::Engine(error)) => return Err(cannot("opened", &error)),
            Err(error) => return Err(error),
        }
    } else {
        make(reason.take())?
    };
    let opened = if index.is_read_only() {
        Opened::ReadOnly
    } else {
        opened
    };
    Ok((index, opened))
}

/// A file that is written to see whether one can be, and how much is written.
const PROBE: &str = ".probe";
const PROBE_LENGTH: usize = 1 << 16;

impl Place {
    /// Why nothing can be written there, if nothing can.
    pub fn fault(&self) -> Option<IndexError> {
        let probe = self.own.join(PROBE);
        let written = fs::write(&probe, vec![0; PROBE_LENGTH]);
        // Whatever was written is of no use, and may not even be there.
        let _ = fs::remove_file(&probe);
        written.err().map(|error| IndexError::Folder {
            folder: self.folder.display().to_string(),
            reason: format!("cannot be written: {error}"),
        })
    }

    /// Removes what this index replaces, other processes' indexes aside.
    pub fn complete(&self) -> Result<(), IndexError> {
        let failed = |error: &dyn std::fmt::Display| IndexError::Folder {
            folder: self.folder.display().to_string(),
            reason: format!("cannot be cleared of an older index: {error}"),
        };
        for other in others(&self.folder, &self.own).map_err(|error| failed(&error))? {
            let directory =
                MmapDirectory::open(&other).map_err(|error: OpenDirectoryError| failed(&error))?;
            // Whoever holds the lock is an older Dateline at work.
            let Ok(lock) = directory.acquire_lock(&INDEX_WRITER_LOCK) else {
                continue;
            };
            fs::remove_dir_all(&other).map_err(|error| failed(&error))?;
            drop(lock);
        }
        Ok(())
    }
}

/// The folders of other versions, and of those that were set aside.
fn others(folder: &Path, own: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let version = name.split('.').next().unwrap_or_default();
        // Nothing is touched that does not look like ours.
        if version.len() == 16
            && version.bytes().all(|digit| digit.is_ascii_hexdigit())
            && entry.file_type()?.is_dir()
            && entry.path() != own
        {
            found.push(entry.path());
        }
    }
    found.sort();
    Ok(found)
}

/// A name beside `own` that nothing has.
fn free_name(own: &Path) -> PathBuf {
    (1..=u32::MAX)
        .map(|number| own.with_extension(format!("{SET_ASIDE}-{number}")))
        .find(|path| !path.exists())
        .unwrap_or_else(|| own.with_extension(SET_ASIDE))
}

/// Whether the index is at fault, and not the way to it.
fn is_damage(error: &TantivyError) -> bool {
    let torn = |kind: ErrorKind| {
        matches!(
            kind,
            ErrorKind::UnexpectedEof | ErrorKind::InvalidData | ErrorKind::NotFound
        )
    };
    match error {
        TantivyError::DataCorruption(_)
        | TantivyError::IncompatibleIndex(_)
        | TantivyError::DeserializeError(_)
        | TantivyError::SchemaError(_)
        | TantivyError::FieldNotFound(_)
        | TantivyError::OpenReadError(
            OpenReadError::FileDoesNotExist(_) | OpenReadError::IncompatibleIndex(_),
        ) => true,
        TantivyError::OpenReadError(OpenReadError::IoError { io_error, .. }) => {
            torn(io_error.kind())
        }
        TantivyError::IoError(error) => torn(error.kind()),
        _ => false,
    }
}
