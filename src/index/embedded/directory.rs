//! The files of an index: mapped into memory, but for stored documents and words' places, which are read.
//!
//! Both are most of an index and are asked for one here, one there. Mapped, each brings its neighbourhood
//! with it, and the process soon holds all of them; read, it holds what it decodes, and the system's cache
//! does the rest. What is long, like what a merge copies whole, is mapped all the same.

use std::{
    io,
    ops::Range,
    path::{Path, PathBuf},
    sync::Arc,
};

use tantivy::{
    HasLen,
    directory::{
        Directory, DirectoryLock, FileHandle, FileSlice, Lock, MmapDirectory, OwnedBytes,
        WatchCallback, WatchHandle, WritePtr,
        error::{DeleteError, LockError, OpenDirectoryError, OpenReadError, OpenWriteError},
    },
};

/// The endings of the files that are read: stored documents, and words' places in their texts.
const READ: [&str; 2] = ["store", "pos"];

/// The most that is read at once, in bytes: a few blocks of documents.
const READ_AT_MOST: usize = 64 << 10;

/// The folder of an index.
#[derive(Clone, Debug)]
pub struct Files {
    folder: PathBuf,
    mapped: MmapDirectory,
}

/// A file that is read here and there.
#[derive(Debug)]
struct Scattered {
    read: FileSlice,
    mapped: Arc<dyn FileHandle>,
}

impl Files {
    /// The files of the index in `folder`, which is there.
    pub fn open(folder: &Path) -> Result<Self, OpenDirectoryError> {
        Ok(Self {
            folder: folder.to_owned(),
            mapped: MmapDirectory::open(folder)?,
        })
    }
}

impl FileHandle for Scattered {
    fn read_bytes(&self, range: Range<usize>) -> io::Result<OwnedBytes> {
        if range.is_empty() || range.len() > READ_AT_MOST {
            self.mapped.read_bytes(range)
        } else {
            self.read.read_bytes_slice(range)
        }
    }
}

impl HasLen for Scattered {
    fn len(&self) -> usize {
        self.read.len()
    }
}

impl Directory for Files {
    fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        let mapped = self.mapped.get_file_handle(path)?;
        if !READ
            .iter()
            .any(|ending| path.extension().is_some_and(|own| own == *ending))
        {
            return Ok(mapped);
        }
        let read = FileSlice::open(&self.folder.join(path))
            .map_err(|error| OpenReadError::wrap_io_error(error, path.to_owned()))?;
        Ok(Arc::new(Scattered { read, mapped }))
    }

    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        self.mapped.delete(path)
    }

    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        self.mapped.exists(path)
    }

    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        self.mapped.open_write(path)
    }

    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        self.mapped.atomic_read(path)
    }

    fn atomic_write(&self, path: &Path, data: &[u8]) -> io::Result<()> {
        self.mapped.atomic_write(path, data)
    }

    fn sync_directory(&self) -> io::Result<()> {
        self.mapped.sync_directory()
    }

    fn acquire_lock(&self, lock: &Lock) -> Result<DirectoryLock, LockError> {
        self.mapped.acquire_lock(lock)
    }

    fn watch(&self, callback: WatchCallback) -> tantivy::Result<WatchHandle> {
        self.mapped.watch(callback)
    }
}
