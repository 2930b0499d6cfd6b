//! Taking in what is new: the files that appeared, changed or vanished since the last time.
//!
//! A file whose length and time of change are as remembered is not opened; one whose content hash is as
//! remembered is not read; an article that is as remembered is not analysed again. What was taken in is
//! committed every so often, files and articles together, so that whoever is interrupted begins again
//! where the last commit ended.
//!
//! An id belongs to the file that was first to have it. An article that is known under another id is one
//! more appearance of that one: the same text, or nearly the same, within a week. At the same address on the
//! same day, other words are a newer version, which takes the older one's place. A file that had to give way
//! in one of these ways is read again when another file changes or vanishes.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    fs, io,
    ops::ControlFlow,
    path::PathBuf,
};

use rayon::prelude::*;
use twox_hash::{XxHash3_64, XxHash3_128};

use super::{Archive, ArchiveError, BATCH, fingerprint};
use crate::{
    article::{
        self, Appearance, Article, File, Fingerprint, Known, Unreadable, Verdict, format::Found,
    },
    index::{FileRecord, Record},
    passage::Document,
};

/// How many articles are taken in between two commits.
const COMMIT_AFTER: u64 = 5_000;

/// Files up to this size are read side by side, so many bytes and files at a time.
const SMALL_FILE: u64 = 1 << 20;
const GROUP_SIZE: u64 = 4 << 20;
const GROUP_FILES: usize = 512;

/// How many of a file's unreadable records are remembered by name.
const LEFT_OUT_KEPT: usize = 100;

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
        let mut intake = Intake::new(self, &files, progress);
        intake.done.left_out = unreadable;

        let there: HashSet<String> = files.iter().map(key).collect();
        let mut vanished: Vec<&str> = remembered
            .keys()
            .filter(|path| !there.contains(*path))
            .map(String::as_str)
            .collect();
        vanished.sort_unstable();
        for path in &vanished {
            intake.remove(&self.index().articles_of(path)?)?;
        }
        if !vanished.is_empty() {
            self.index().forget(&vanished)?;
            intake.uncommitted = true;
        }

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
                intake.progress.of += file.size;
            }
        }
        // What was left out of the files that are not read now is as true as it was.
        for file in &files {
            if let Some(record) = remembered.remove(&key(file)) {
                intake.done.left_out.extend(record.left_out);
                intake.done.left_out_more += record.left_out_more;
            }
        }

        intake.read(&changed)?;
        intake.flush()?;
        intake.commit()?;
        self.index().complete()?;
        Ok(intake.done)
    }
}

impl Archive {
    /// Takes in what a feed sent. Articles that it no longer sends stay: a feed tells of what is new.
    /// Says how many were new or changed.
    ///
    /// # Errors
    /// Where the index fails.
    pub fn take_in(&self, feed: &str, articles: Vec<Article>) -> Result<u64, ArchiveError> {
        let mut intake = Intake::new(self, &[], &|_| {});
        intake.keys = vec![feed.to_owned()];
        let mut under = intake.begin(0, 0)?;
        for article in articles {
            intake.take(&mut under, Ok(Found { line: 0, article }))?;
        }
        intake.flush()?;
        intake.commit()?;
        Ok(intake.done.articles)
    }
}

/// How a file is called in the index.
fn key(file: &File) -> String {
    file.location.to_string_lossy().into_owned()
}

/// When the file was last changed, as far as the file system says.
fn modified(file: &File) -> i128 {
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

/// A file that is being read.
struct Under {
    number: usize,
    hash: u128,
    /// The articles that it had before and that were not found again yet, by number.
    missing: HashSet<u64>,
    /// Hashes of the ids that were read, and their lines.
    ids: HashMap<u64, usize>,
    left_out: Vec<Unreadable>,
    left_out_more: u64,
    gave_way: bool,
}

/// Articles on their way into the index.
struct Intake<'a> {
    archive: &'a Archive,
    files: &'a [File],
    keys: Vec<String>,
    tell: &'a dyn Fn(Progress),
    progress: Progress,
    /// What the next batch holds, and which file each article is of.
    batch: Vec<(Article, Fingerprint, usize)>,
    /// All articles, by what they are known by; read when the first article comes.
    twins: Option<Known>,
    /// Articles that are known under another id, which is told with them.
    appeared: Vec<(String, Article, usize)>,
    /// Who holds the ids of the batch.
    holders: HashMap<String, (usize, usize)>,
    /// Files that are read whole, but not yet all in the index.
    finished: Vec<FileRecord>,
    since_commit: u64,
    uncommitted: bool,
    done: Refreshed,
}

impl<'a> Intake<'a> {
    fn new(archive: &'a Archive, files: &'a [File], tell: &'a dyn Fn(Progress)) -> Self {
        Self {
            archive,
            files,
            keys: files.iter().map(key).collect(),
            tell,
            progress: Progress::default(),
            batch: Vec::new(),
            twins: None,
            appeared: Vec::new(),
            holders: HashMap::new(),
            finished: Vec::new(),
            since_commit: 0,
            uncommitted: false,
            done: Refreshed::default(),
        }
    }

    /// Reads files in their order, the small ones side by side.
    fn read(&mut self, changed: &[(usize, u128)]) -> Result<(), ArchiveError> {
        let mut left = changed;
        while let Some(group) = self.group(left) {
            left = left.get(group.len()..).unwrap_or_default();
            if let [(number, hash)] = group {
                self.stream(*number, *hash)?;
                continue;
            }
            let files = self.files;
            let read: Vec<Vec<Result<Found, Unreadable>>> = group
                .par_iter()
                .map(|(number, _)| {
                    let mut found = Vec::new();
                    if let Some(file) = files.get(*number) {
                        article::read_file(file, &mut |one| {
                            found.push(one);
                            ControlFlow::Continue(())
                        });
                    }
                    found
                })
                .collect();
            for ((number, hash), found) in group.iter().zip(read) {
                let mut under = self.begin(*number, *hash)?;
                for one in found {
                    self.take(&mut under, one)?;
                }
                self.finish(under)?;
            }
        }
        Ok(())
    }

    /// The files that are read next: several small ones, or one of any size.
    fn group<'g>(&self, left: &'g [(usize, u128)]) -> Option<&'g [(usize, u128)]> {
        let mut size = 0;
        let small = left
            .iter()
            .take(GROUP_FILES)
            .take_while(|(number, _)| {
                self.files.get(*number).is_some_and(|file| {
                    size += file.size;
                    // What is packed may be of any size.
                    file.packing.is_none() && file.size <= SMALL_FILE && size <= GROUP_SIZE
                })
            })
            .count();
        left.get(..small.max(1))
    }

    /// Reads one file, article by article.
    fn stream(&mut self, number: usize, hash: u128) -> Result<(), ArchiveError> {
        let Some(file) = self.files.get(number) else {
            return Ok(());
        };
        let mut under = self.begin(number, hash)?;
        let mut failed = None;
        article::read_file(file, &mut |one| match self.take(&mut under, one) {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                failed = Some(error);
                ControlFlow::Break(())
            }
        });
        match failed {
            Some(error) => Err(error),
            None => self.finish(under),
        }
    }

    /// Begins a file.
    fn begin(&self, number: usize, hash: u128) -> Result<Under, ArchiveError> {
        let path = self.keys.get(number).map_or("", String::as_str);
        let before = self.archive.index().articles_of(path)?;
        Ok(Under {
            number,
            hash,
            missing: before.into_iter().collect(),
            ids: HashMap::new(),
            left_out: Vec::new(),
            left_out_more: 0,
            gave_way: false,
        })
    }

    /// Takes one article of a file, or the reason for one that is left out.
    fn take(
        &mut self,
        under: &mut Under,
        one: Result<Found, Unreadable>,
    ) -> Result<(), ArchiveError> {
        let Found { line, article } = match one {
            Ok(found) => found,
            Err(reason) => {
                under.leave_out(reason);
                return Ok(());
            }
        };
        self.progress.articles += 1;
        let place = |file: usize, line: usize| match self.keys.get(file) {
            Some(path) => format!("{path}:{line}"),
            None => String::new(),
        };
        let id = XxHash3_64::oneshot(article.id.as_bytes());
        if let Some(&first) = under.ids.get(&id) {
            let holder = place(under.number, first);
            self.refuse(under, line, &article.id, &holder);
            return Ok(());
        }
        if let Some(&(file, at)) = self.holders.get(&article.id) {
            under.gave_way = true;
            let holder = place(file, at);
            self.refuse(under, line, &article.id, &holder);
            return Ok(());
        }
        under.ids.insert(id, line);
        let known = self.archive.index().known(&[&article.id])?.pop().flatten();
        if let Some(known) = &known {
            if self.keys.get(under.number) != Some(&known.file) {
                under.gave_way = true;
                self.refuse(under, line, &article.id, &known.file);
                return Ok(());
            }
            under.missing.remove(&known.number);
            if known.fingerprint == fingerprint(&article) {
                return Ok(());
            }
        }
        let is_new = known.is_none();
        let print = Fingerprint::of(&article);
        if is_new && let Some(twin) = self.twin(&article.id, &print)? {
            under.gave_way = true;
            self.appeared.push((twin, article, under.number));
            return Ok(());
        }
        self.twins()?.insert(&article.id, print);
        self.holders
            .insert(article.id.clone(), (under.number, line));
        self.batch.push((article, print, under.number));
        if self.batch.len() >= BATCH {
            self.flush()?;
        }
        Ok(())
    }

    /// All articles, by what they are known by.
    fn twins(&mut self) -> Result<&mut Known, ArchiveError> {
        if self.twins.is_none() {
            let mut twins = Known::default();
            for (id, print) in self.archive.index().prints()? {
                twins.insert(&id, print);
            }
            self.twins = Some(twins);
        }
        Ok(self.twins.get_or_insert_default())
    }

    /// The id under which an article with a new id is known already. An older version of it goes.
    fn twin(&mut self, id: &str, print: &Fingerprint) -> Result<Option<String>, ArchiveError> {
        let older = match self.twins()?.judge(id, print) {
            Verdict::New => return Ok(None),
            Verdict::Same(twin) => return Ok(Some(twin.to_owned())),
            Verdict::Changed(older) => older.to_owned(),
        };
        self.batch.retain(|(article, ..)| article.id != older);
        self.holders.remove(&older);
        if let Some(known) = self.archive.index().known(&[&older])?.pop().flatten() {
            self.remove(&[known.number])?;
        }
        self.twins()?.remove(&older);
        Ok(None)
    }

    /// Adds to articles where they appeared as well.
    fn settle(&mut self) -> Result<bool, ArchiveError> {
        let mut by_twin: BTreeMap<String, Vec<(Article, usize)>> = BTreeMap::new();
        for (twin, article, file) in self.appeared.drain(..) {
            by_twin.entry(twin).or_default().push((article, file));
        }
        let index = self.archive.index();
        let mut changed = false;
        for (twin, articles) in by_twin {
            let known = index.known(&[&twin])?.pop().flatten();
            let document = match &known {
                Some(known) => index.document(known.number)?,
                None => None,
            };
            let (Some(known), Some(document)) = (known, document) else {
                // It is gone since: what looked like it takes its place.
                let keys = &self.keys;
                let batch = articles.into_iter().take(1).map(|(article, file)| {
                    let print = Fingerprint::of(&article);
                    (article, print, file)
                });
                self.archive.write(batch.collect(), |file| {
                    keys.get(file).map_or("", String::as_str)
                })?;
                changed = true;
                continue;
            };
            let mut document = Document::clone(&document);
            let before = document.also.len();
            for (article, _) in articles {
                let appearance = Appearance::from(article);
                if !document.also.contains(&appearance) {
                    document.also.push(appearance);
                }
            }
            if document.also.len() > before {
                index.add(&[Record {
                    document: &document,
                    file: &known.file,
                    fingerprint: known.fingerprint,
                    print: Fingerprint::of(&document.article),
                }])?;
                changed = true;
            }
        }
        Ok(changed)
    }

    fn refuse(&self, under: &mut Under, line: usize, id: &str, holder: &str) {
        if let Some(file) = self.files.get(under.number) {
            under.leave_out(file.unreadable(
                Some(line),
                format!(
                    "has the id {id:?}, which the article at {holder} has already: rename one of them"
                ),
            ));
        }
    }

    /// Ends a file: what stood in it before and does not now is gone.
    fn finish(&mut self, under: Under) -> Result<(), ArchiveError> {
        let (Some(file), Some(path)) = (self.files.get(under.number), self.keys.get(under.number))
        else {
            return Ok(());
        };
        let mut gone: Vec<u64> = under.missing.into_iter().collect();
        gone.sort_unstable();
        self.finished.push(FileRecord {
            path: path.clone(),
            size: file.size,
            modified: modified(file),
            hash: under.hash,
            left_out: under.left_out.clone(),
            left_out_more: under.left_out_more,
            gave_way: under.gave_way,
        });
        self.progress.bytes += file.size;
        (self.tell)(self.progress);
        self.done.files += 1;
        self.done.left_out.extend(under.left_out);
        self.done.left_out_more += under.left_out_more;
        self.remove(&gone)?;
        if self.finished.len() >= GROUP_FILES {
            self.flush()?;
        }
        Ok(())
    }

    fn remove(&mut self, numbers: &[u64]) -> Result<(), ArchiveError> {
        if !numbers.is_empty() {
            self.archive.index().remove(numbers)?;
            self.done.gone += numbers.len() as u64;
            self.uncommitted = true;
        }
        Ok(())
    }

    /// Gives the batch to the index, and then remembers the files that are whole in it.
    fn flush(&mut self) -> Result<(), ArchiveError> {
        let mut batch = std::mem::take(&mut self.batch);
        self.holders.clear();
        self.since_commit += batch.len() as u64;
        self.done.articles += batch.len() as u64;
        // The older an article, the lower its number, as far as they come together.
        batch.sort_by(|(a, ..), (b, ..)| {
            a.published.cmp(&b.published).then_with(|| a.id.cmp(&b.id))
        });
        let keys = &self.keys;
        self.archive
            .write(batch, |file| keys.get(file).map_or("", String::as_str))?;
        for file in self.finished.drain(..) {
            self.archive.index().remember(&file)?;
            self.uncommitted = true;
        }
        (self.tell)(self.progress);
        if self.since_commit >= COMMIT_AFTER {
            self.commit()?;
        }
        Ok(())
    }

    fn commit(&mut self) -> Result<(), ArchiveError> {
        if self.since_commit > 0 || self.uncommitted {
            self.archive.index().commit()?;
        }
        // What another article's record is changed by must find that record committed.
        if self.settle()? {
            self.archive.index().commit()?;
        }
        self.since_commit = 0;
        self.uncommitted = false;
        Ok(())
    }
}

impl Under {
    fn leave_out(&mut self, reason: Unreadable) {
        if self.left_out.len() < LEFT_OUT_KEPT {
            self.left_out.push(reason);
        } else {
            self.left_out_more += 1;
        }
    }
}
