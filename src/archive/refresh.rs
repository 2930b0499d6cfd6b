//! Taking in what is new: the files that appeared, changed or vanished since the last time.
//!
//! A file whose length and time of change are as remembered is not opened; one whose content hash is as
//! remembered is not read; an article that is as remembered is not analysed again (`intake`). A file that had
//! to give way to another one is read again when another file changes or vanishes.

use std::{
    collections::{HashMap, HashSet},
    fs, io,
    path::PathBuf,
};

use rayon::prelude::*;
use twox_hash::XxHash3_128;

use super::{
    Archive, ArchiveError,
    intake::Intake,
    source::{Event, read},
};
use crate::{
    article::{self, Article, File, Unreadable},
    index::FileRecord,
};

/// How far a refresh has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Bytes of the files that are done.
    pub bytes: u64,
    /// Bytes of all files that must be read.
    pub of: u64,
    /// Articles read.
    pub articles: u64,
}

/// What a refresh did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Refreshed {
    /// How many files were read.
    pub files: u64,
    /// How many articles in them were new or changed.
    pub articles: u64,
    /// How many articles are gone.
    pub gone: u64,
    /// All that is left out of the archive now, the first of each file.
    pub left_out: Vec<Unreadable>,
    /// How much more is left out.
    pub left_out_more: u64,
}

impl Refreshed {
    /// Whether the archive is another one than before.
    #[must_use]
    pub fn changed(&self) -> bool {
        self.articles + self.gone > 0
    }
}

impl Archive {
    /// Takes in what has changed at `paths` since the last time, and tells `progress` now and then.
    ///
    /// # Errors
    /// Where the index fails. What was committed until then stays.
    pub fn refresh(
        &self,
        paths: &[PathBuf],
        progress: &dyn Fn(Progress),
    ) -> Result<Refreshed, ArchiveError> {
        let (files, unreadable) = article::files(paths);
        let mut remembered: HashMap<String, FileRecord> = self
            .index()
            .files()?
            .into_iter()
            .map(|record| (record.path.clone(), record))
            .collect();
        let mut intake = Intake::new(self, &files, unreadable, progress);

        let there: HashSet<String> = files.iter().map(key).collect();
        let mut vanished: Vec<&str> = remembered
            .keys()
            .filter(|path| !there.contains(*path))
            .map(String::as_str)
            .collect();
        vanished.sort_unstable();
        intake.forget(&vanished)?;

        let mut changed: Vec<(usize, u128)> = files
            .par_iter()
            .enumerate()
            .filter_map(|(number, file)| {
                let record = remembered.get(&key(file));
                changed(file, record).map(|hash| (number, hash))
            })
            .collect();
        // An id that another file held may be free now.
        if !vanished.is_empty() || !changed.is_empty() {
            let known: HashSet<usize> = changed.iter().map(|(number, _)| *number).collect();
            // They come last, when it is known what the others hold.
            changed.extend(files.iter().enumerate().filter_map(|(number, file)| {
                let record = remembered.get(&key(file))?;
                (record.gave_way && !known.contains(&number)).then_some((number, record.hash))
            }));
        }
        for (number, _) in &changed {
            if let Some(file) = files.get(*number) {
                remembered.remove(&key(file));
                intake.expect(file.size);
            }
        }
        // What was left out of the files that are not read now is as true as it was.
        for file in &files {
            if let Some(record) = remembered.remove(&key(file)) {
                intake.keep_left_out(record);
            }
        }

        read(&files, &changed, |event| intake.take(event))?;
        let done = intake.end()?;
        self.index().complete()?;
        Ok(done)
    }

    /// Takes in what a feed sent. Articles that it no longer sends stay: a feed tells of what is new.
    /// Says how many were new or changed.
    ///
    /// # Errors
    /// Where the index fails.
    pub fn take_in(&self, feed: &str, articles: Vec<Article>) -> Result<u64, ArchiveError> {
        let mut intake = Intake::of_feed(self, feed);
        intake.take(Event::Begin { file: 0, hash: 0 })?;
        for article in articles {
            intake.take(Event::Article {
                file: 0,
                line: 0,
                article,
            })?;
        }
        Ok(intake.end()?.articles)
    }
}

/// How a file is called in the index.
pub(super) fn key(file: &File) -> String {
    file.location.to_string_lossy().into_owned()
}

/// When the file was last changed, as far as the file system says.
pub(super) fn modified(file: &File) -> i128 {
    file.modified.map_or(0, jiff::Timestamp::as_nanosecond)
}

/// The hash of a file that must be read; nothing for one that is as it was.
fn changed(file: &File, record: Option<&FileRecord>) -> Option<u128> {
    let same_stamp = |record: &FileRecord| {
        record.size == file.size && record.modified == modified(file) && record.modified != 0
    };
    if record.is_some_and(same_stamp) {
        return None;
    }
    // A file that cannot be read is left to its reader, who says why.
    let hash = content_hash(file).unwrap_or_default();
    (record.is_none_or(|record| record.hash != hash)).then_some(hash)
}

fn content_hash(file: &File) -> io::Result<u128> {
    let mut hasher = XxHash3_128::new();
    let mut content = fs::File::open(&file.location)?;
    let mut part = vec![0; 1 << 16];
    loop {
        match io::Read::read(&mut content, &mut part)? {
            0 => return Ok(hasher.finish_128()),
            read => hasher.write(part.get(..read).unwrap_or_default()),
        }
    }
}
