//! Walks an archive's folders and gives each file to its format.
//!
//! Files are taken in the order of their paths, folder by folder, so that two readings of the same
//! archive agree in everything. Names that begin with a dot are passed over, as everywhere. A link is
//! followed only to a file that lies in the archive's own folder, so that an archive that was fetched
//! from somewhere cannot show other files of this machine.

use std::{
    collections::HashSet,
    path::{Path, PathBuf},
};

use jiff::Timestamp;
use walkdir::{DirEntry, WalkDir};

use super::{
    Unreadable,
    file::{File, Packing},
    format::{self, FORMATS},
};

/// Finds the files at `paths` (folders and files), each once, in the order of their paths; and names what
/// is there and cannot be read.
#[must_use]
pub fn files(paths: &[PathBuf]) -> (Vec<File>, Vec<Unreadable>) {
    let mut unreadable = Vec::new();
    let mut files = Vec::new();
    let mut seen = HashSet::new();
    for path in paths {
        find(path, &mut seen, &mut files, &mut unreadable);
    }
    (files, unreadable)
}

/// Finds the files at one path of the archive.
fn find(
    root: &Path,
    seen: &mut HashSet<PathBuf>,
    files: &mut Vec<File>,
    unreadable: &mut Vec<Unreadable>,
) {
    let leave_out = |path: &Path, reason: String| Unreadable {
        path: path.display().to_string(),
        line: None,
        reason,
    };
    // The root itself may be a link: whoever runs Dateline named it.
    let real_root = match root.canonicalize() {
        Ok(real) => real,
        Err(error) => {
            unreadable.push(leave_out(root, format!("cannot be read: {error}")));
            return;
        }
    };
    if !real_root.is_dir() {
        let name = root.file_name().map_or_else(
            || root.display().to_string(),
            |name| name.to_string_lossy().into_owned(),
        );
        match checked(root, &real_root, name) {
            Ok(file) => {
                if seen.insert(real_root) {
                    files.push(file);
                }
            }
            Err(reason) => unreadable.push(leave_out(root, reason)),
        }
        return;
    }

    // Links come last: one that names a file which is read anyway is then known, and passed over.
    let mut links = Vec::new();
    let walk = WalkDir::new(root)
        .sort_by_file_name()
        .into_iter()
        .filter_entry(|entry| entry.depth() == 0 || !hidden(entry));
    for entry in walk {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                let path = error.path().unwrap_or(root);
                let reason = error
                    .io_error()
                    .map_or_else(|| error.to_string(), ToString::to_string);
                unreadable.push(leave_out(path, format!("cannot be read: {reason}")));
                continue;
            }
        };
        if entry.depth() == 0 || entry.file_type().is_dir() {
            continue;
        }
        if entry.path_is_symlink() {
            links.push(entry.into_path());
            continue;
        }
        let real = entry
            .path()
            .canonicalize()
            .unwrap_or_else(|_| entry.path().to_owned());
        match checked(entry.path(), &real, below(root, entry.path())) {
            Ok(file) => {
                if seen.insert(real) {
                    files.push(file);
                }
            }
            Err(reason) => unreadable.push(leave_out(entry.path(), reason)),
        }
    }
    for link in links {
        match link.canonicalize() {
            Err(error) => {
                let reason = format!("is a link that leads nowhere: {error}");
                unreadable.push(leave_out(&link, reason));
            }
            Ok(real) if !real.starts_with(&real_root) => {
                let reason = "is a link that leads out of the archive's folder".to_owned();
                unreadable.push(leave_out(&link, reason));
            }
            // What is in a folder of this archive is read where it lies.
            Ok(real) if real.is_dir() || seen.contains(&real) => {}
            Ok(real) => match checked(&link, &real, below(root, &link)) {
                Ok(file) => {
                    seen.insert(real);
                    files.push(file);
                }
                Err(reason) => unreadable.push(leave_out(&link, reason)),
            },
        }
    }
}

/// A file, if it is one that can be opened without waiting and that a format reads.
fn checked(shown: &Path, real: &Path, path: String) -> Result<File, String> {
    let name = shown
        .file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default();
    let (bare, packing) = match name.rsplit_once('.') {
        Some((bare, ending)) => match Packing::by_ending(ending) {
            Some(packing) => (bare, Some(packing)),
            None => (name.as_str(), None),
        },
        None => (name.as_str(), None),
    };
    let format = bare
        .rsplit_once('.')
        .filter(|(name, _)| !name.is_empty())
        .and_then(|(_, ending)| format::by_ending(ending))
        .ok_or_else(not_read)?;
    let about = real
        .metadata()
        .map_err(|error| format::cannot_read(&error))?;
    // To open a pipe or a device would wait for someone to write to it.
    if !about.is_file() {
        return Err("is no regular file".to_owned());
    }
    Ok(File {
        location: shown.to_owned(),
        path,
        format,
        packing,
        size: about.len(),
        modified: about
            .modified()
            .ok()
            .and_then(|time| Timestamp::try_from(time).ok()),
    })
}

fn not_read() -> String {
    let known: Vec<String> = FORMATS
        .iter()
        .flat_map(|format| format.endings)
        .map(|ending| format!(".{ending}"))
        .collect();
    let packed: Vec<String> = Packing::ALL
        .iter()
        .flat_map(|(_, endings)| *endings)
        .map(|ending| format!(".{ending}"))
        .collect();
    format!(
        "is in no format that is read here ({}, each of them packed or not: {})",
        known.join(", "),
        packed.join(", ")
    )
}

fn hidden(entry: &DirEntry) -> bool {
    entry.file_name().to_string_lossy().starts_with('.')
}

/// The path of `path` below `root`, with `/` between folders on every system.
fn below(root: &Path, path: &Path) -> String {
    let parts: Vec<String> = path
        .strip_prefix(root)
        .unwrap_or(path)
        .components()
        .map(|part| part.as_os_str().to_string_lossy().into_owned())
        .collect();
    parts.join("/")
}
