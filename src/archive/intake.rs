//! Articles on their way into the index: which of them are new, which changed, which are known elsewhere.
//!
//! They are judged and written by batches, so that an index that is far away is asked once a batch. What was
//! taken in is committed every so often, files and articles together, so that whoever is interrupted begins
//! again where the last commit ended.
//!
//! An id belongs to the file that was first to have it. An article that is known under another id is one
//! more appearance of that one: the same text, or nearly the same, within a week. At the same address on the
//! same day, other words are a newer version, which takes the older one's place.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    mem,
};

use rayon::prelude::*;
use twox_hash::XxHash3_64;

use super::{
    Archive, ArchiveError, Arrival, BATCH, Progress, Refreshed,
    refresh::{key, modified},
    source::Event,
};
use crate::{
    article::{Appearance, Article, File, Fingerprint, Known, Unreadable, Verdict},
    index::{self, FileRecord, Record},
    passage::Document,
};

/// How many articles are taken in between two commits: a quarter of all until then, within these bounds.
/// Whoever is interrupted loses a quarter of the work at most, and a large index is not made of crumbs that
/// must be merged.
const COMMIT_AFTER: (u64, u64) = (2_500, 20_000);

/// How many events are judged together where most of them are no articles.
const EVENTS: usize = 4 * BATCH;

/// How many of a file's unreadable records are remembered by name.
const LEFT_OUT_KEPT: usize = 100;

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
pub struct Intake<'a> {
    archive: &'a Archive,
    files: &'a [File],
    keys: Vec<String>,
    tell: &'a dyn Fn(Progress),
    progress: Progress,
    /// What happened and was not judged yet, and how many articles are in it.
    waiting: Vec<Event>,
    articles: usize,
    /// The file that is being read.
    under: Option<Under>,
    /// What the next batch holds.
    batch: Vec<Arrival>,
    /// Who holds the ids of the batch.
    holders: HashMap<String, (usize, usize)>,
    /// Articles by what they are known by: all of them, read when the first article comes; or where they are
    /// too many, those that came since the last commit, and those that are like them.
    twins: Option<Known>,
    /// Whether they are too many.
    far: bool,
    /// Articles that are known under another id, which is told with them.
    appeared: Vec<(String, Arrival)>,
    /// The articles that were removed, by number: what is known of them is out of date.
    gone: HashSet<u64>,
    /// Files that are read whole, but not yet all in the index.
    finished: Vec<FileRecord>,
    since_commit: u64,
    uncommitted: bool,
    done: Refreshed,
}

impl<'a> Intake<'a> {
    /// An intake of `files` that tells how far it has come.
    pub fn new(
        archive: &'a Archive,
        files: &'a [File],
        left_out: Vec<Unreadable>,
        tell: &'a dyn Fn(Progress),
    ) -> Self {
        Self {
            archive,
            files,
            keys: files.iter().map(key).collect(),
            tell,
            progress: Progress::default(),
            waiting: Vec::new(),
            articles: 0,
            under: None,
            batch: Vec::new(),
            holders: HashMap::new(),
            twins: None,
            far: false,
            appeared: Vec::new(),
            gone: HashSet::new(),
            finished: Vec::new(),
            since_commit: 0,
            uncommitted: false,
            done: Refreshed {
                left_out,
                ..Refreshed::default()
            },
        }
    }

    /// An intake of a feed, which is no file and never ends.
    pub fn of_feed(archive: &'a Archive, feed: &str) -> Self {
        Self {
            keys: vec![feed.to_owned()],
            ..Self::new(archive, &[], Vec::new(), &|_| {})
        }
    }

    /// So many bytes more must be read.
    pub fn expect(&mut self, bytes: u64) {
        self.progress.of += bytes;
    }

    /// What was left out of a file that is not read now.
    pub fn keep_left_out(&mut self, record: FileRecord) {
        self.done.left_out.extend(record.left_out);
        self.done.left_out_more += record.left_out_more;
    }

    /// Removes the articles of files that are no longer there.
    pub fn forget(&mut self, paths: &[&str]) -> Result<(), ArchiveError> {
        if paths.is_empty() {
            return Ok(());
        }
        let index = self.archive.index();
        let numbers: Vec<u64> = index.articles_of(paths)?.into_iter().flatten().collect();
        index.forget(paths)?;
        self.uncommitted = true;
        self.remove(&numbers)
    }

    /// Takes what happens next.
    pub fn take(&mut self, event: Event) -> Result<(), ArchiveError> {
        self.articles += usize::from(matches!(event, Event::Article { .. }));
        self.waiting.push(event);
        if self.articles >= BATCH || self.waiting.len() >= EVENTS {
            self.judge()?;
        }
        Ok(())
    }

    /// Takes in and commits what is left. Says what was done.
    pub fn end(mut self) -> Result<Refreshed, ArchiveError> {
        self.judge()?;
        self.commit()?;
        Ok(self.done)
    }

    /// Judges what is waiting, each article by what the index knows and by those before it, and writes what
    /// is new.
    fn judge(&mut self) -> Result<(), ArchiveError> {
        let waiting = mem::take(&mut self.waiting);
        self.articles = 0;
        let index = self.archive.index();
        let begun: Vec<&str> = waiting
            .iter()
            .filter_map(|event| match event {
                Event::Begin { file, .. } => Some(self.keys.get(*file).map_or("", String::as_str)),
                _ => None,
            })
            .collect();
        let mut before = index.articles_of(&begun)?.into_iter();
        let ids: Vec<&str> = waiting
            .iter()
            .filter_map(|event| match event {
                Event::Article { article, .. } => Some(article.id.as_str()),
                _ => None,
            })
            .collect();
        let known = index.known(&ids)?;
        let marks: Vec<Option<(u64, Fingerprint)>> = waiting
            .par_iter()
            .map(|event| match event {
                Event::Article { article, .. } => {
                    Some((fingerprint(article), Fingerprint::of(article)))
                }
                _ => None,
            })
            .collect();
        // An article that is known by its id is compared with no other.
        let new: Vec<Fingerprint> = marks
            .iter()
            .flatten()
            .zip(&known)
            .filter(|(_, known)| known.is_none())
            .map(|((_, print), _)| *print)
            .collect();
        if !ids.is_empty() {
            self.compare_with(&new)?;
        }
        let mut known = known.into_iter();
        for (event, marks) in waiting.into_iter().zip(marks) {
            match event {
                Event::Begin { file, hash } => {
                    self.under = Some(Under {
                        number: file,
                        hash,
                        missing: before.next().unwrap_or_default().into_iter().collect(),
                        ids: HashMap::new(),
                        left_out: Vec::new(),
                        left_out_more: 0,
                        gave_way: false,
                    });
                }
                Event::Article {
                    file,
                    line,
                    article,
                } => {
                    let known = known.next().flatten();
                    if let (Some(mut under), Some((fingerprint, print))) =
                        (self.under.take(), marks)
                    {
                        let arrival = Arrival {
                            article,
                            fingerprint,
                            print,
                            file,
                        };
                        self.receive(&mut under, line, arrival, known)?;
                        self.under = Some(under);
                    }
                }
                Event::LeftOut(reason) => {
                    if let Some(under) = &mut self.under {
                        under.leave_out(reason);
                    }
                }
                Event::End => {
                    if let Some(under) = self.under.take() {
                        self.finish(under)?;
                    }
                }
            }
        }
        self.flush()
    }

    /// Receives one article of the file `under`, of which the index knows this.
    fn receive(
        &mut self,
        under: &mut Under,
        line: usize,
        arrival: Arrival,
        known: Option<index::Known>,
    ) -> Result<(), ArchiveError> {
        self.progress.articles += 1;
        let place = |file: usize, line: usize| match self.keys.get(file) {
            Some(path) => format!("{path}:{line}"),
            None => String::new(),
        };
        let id = arrival.article.id.as_str();
        let hash = XxHash3_64::oneshot(id.as_bytes());
        if let Some(&first) = under.ids.get(&hash) {
            let holder = place(under.number, first);
            self.refuse(under, line, id, &holder);
            return Ok(());
        }
        if let Some(&(file, at)) = self.holders.get(id) {
            under.gave_way = true;
            let holder = place(file, at);
            self.refuse(under, line, id, &holder);
            return Ok(());
        }
        under.ids.insert(hash, line);
        let known = known.filter(|known| !self.gone.contains(&known.number));
        if let Some(known) = &known {
            if self.keys.get(under.number) != Some(&known.file) {
                under.gave_way = true;
                self.refuse(under, line, id, &known.file);
                return Ok(());
            }
            under.missing.remove(&known.number);
            if known.fingerprint == arrival.fingerprint {
                return Ok(());
            }
        }
        if known.is_none()
            && let Some(twin) = self.twin(id, &arrival.print)?
        {
            under.gave_way = true;
            self.appeared.push((twin, arrival));
            return Ok(());
        }
        self.twins().insert(id, arrival.print);
        self.holders.insert(id.to_owned(), (under.number, line));
        self.batch.push(arrival);
        Ok(())
    }

    /// Gets ready what articles with these fingerprints are compared with.
    fn compare_with(&mut self, prints: &[Fingerprint]) -> Result<(), ArchiveError> {
        let index = self.archive.index();
        if self.twins.is_none() {
            let all = index.prints()?;
            self.far = all.is_none();
            let mut twins = Known::default();
            for (id, print) in all.unwrap_or_default() {
                twins.insert(&id, print);
            }
            self.twins = Some(twins);
        }
        if self.far {
            let known = index.prints_like(prints)?;
            let twins = self.twins();
            for (id, print) in known {
                twins.insert(&id, print);
            }
        }
        Ok(())
    }

    fn twins(&mut self) -> &mut Known {
        self.twins.get_or_insert_default()
    }

    /// The id under which an article with a new id is known already. An older version of it goes.
    fn twin(&mut self, id: &str, print: &Fingerprint) -> Result<Option<String>, ArchiveError> {
        let older = match self.twins().judge(id, print) {
            Verdict::New => return Ok(None),
            Verdict::Same(twin) => return Ok(Some(twin.to_owned())),
            Verdict::Changed(older) => older.to_owned(),
        };
        self.batch.retain(|arrival| arrival.article.id != older);
        self.holders.remove(&older);
        if let Some(known) = self.archive.index().known(&[&older])?.pop().flatten() {
            self.remove(&[known.number])?;
        }
        self.twins().remove(&older);
        Ok(None)
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
        self.remove(&gone)
    }

    fn remove(&mut self, numbers: &[u64]) -> Result<(), ArchiveError> {
        if !numbers.is_empty() {
            self.archive.index().remove(numbers)?;
            self.gone.extend(numbers);
            self.done.gone += numbers.len() as u64;
            self.uncommitted = true;
        }
        Ok(())
    }

    /// Gives the batch to the index, and then remembers the files that are whole in it.
    fn flush(&mut self) -> Result<(), ArchiveError> {
        let mut batch = mem::take(&mut self.batch);
        self.holders.clear();
        self.since_commit += batch.len() as u64;
        self.done.articles += batch.len() as u64;
        // The older an article, the lower its number, as far as they come together.
        batch.sort_by(|Arrival { article: a, .. }, Arrival { article: b, .. }| {
            a.published.cmp(&b.published).then_with(|| a.id.cmp(&b.id))
        });
        self.write(batch)?;
        for file in self.finished.drain(..) {
            self.archive.index().remember(&file)?;
            self.uncommitted = true;
        }
        (self.tell)(self.progress);
        let (least, most) = COMMIT_AFTER;
        if self.since_commit >= (self.done.articles / 4).clamp(least, most) {
            self.commit()?;
        }
        Ok(())
    }

    fn write(&self, batch: Vec<Arrival>) -> Result<(), ArchiveError> {
        let key = |file: usize| self.keys.get(file).map_or("", String::as_str);
        self.archive.write(batch, key)
    }

    fn commit(&mut self) -> Result<(), ArchiveError> {
        if self.since_commit > 0 || self.uncommitted {
            self.archive.index().commit()?;
        }
        // What another article's record is changed by must find that record committed.
        if self.settle()? {
            self.archive.index().commit()?;
        }
        if self.far {
            self.twins = None;
        }
        self.since_commit = 0;
        self.uncommitted = false;
        Ok(())
    }

    /// Adds to articles where they appeared as well.
    fn settle(&mut self) -> Result<bool, ArchiveError> {
        let mut by_twin: BTreeMap<String, Vec<Arrival>> = BTreeMap::new();
        for (twin, arrival) in self.appeared.drain(..) {
            by_twin.entry(twin).or_default().push(arrival);
        }
        let index = self.archive.index();
        let twins: Vec<&str> = by_twin.keys().map(String::as_str).collect();
        let known = index.known(&twins)?;
        let mut changed = false;
        for (arrivals, known) in by_twin.into_values().zip(known) {
            let document = match &known {
                Some(known) => index.document(known.number)?,
                None => None,
            };
            let (Some(known), Some(document)) = (known, document) else {
                // It is gone since: what looked like it takes its place.
                self.write(arrivals.into_iter().take(1).collect())?;
                changed = true;
                continue;
            };
            let mut document = Document::clone(&document);
            let before = document.also.len();
            for arrival in arrivals {
                let appearance = Appearance::from(arrival.article);
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

/// A hash of an article as it was read.
fn fingerprint(article: &Article) -> u64 {
    // An article always can be written; if not, it only would be read again.
    XxHash3_64::oneshot(&postcard::to_allocvec(article).unwrap_or_default())
}

impl Arrival {
    /// An article of no file.
    pub fn of(article: Article) -> Self {
        Self {
            fingerprint: fingerprint(&article),
            print: Fingerprint::of(&article),
            article,
            file: 0,
        }
    }
}
