//! One writer's work on an index between two commits.
//!
//! `_bulk` is not atomic, so before something is written it is written down what that is: an intent names the
//! articles and their files. It goes when the commit is visible. Whoever starts to write and finds intents
//! takes back what they name, articles and what is remembered of their files; the files are then read again.
//! Files are remembered last, so that none is remembered whose articles are missing.
//!
//! The pause between two batches is used: one is sent while the next is read.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    hash::{BuildHasher, RandomState},
    sync::Arc,
    thread::JoinHandle,
};

use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{
    connection::Patience,
    mapping::Kind,
    reading::Committed,
    records::{self, Operation, Written, article_key, packed, unpacked},
    store::Store,
};
use crate::{
    article::Fingerprint,
    index::{FileRecord, IndexError, Known, Record, windows},
    language::Language,
};

/// How many articles are removed together.
const REMOVED_AT_ONCE: usize = 1000;

/// The record that says who writes.
const WRITER: &str = "writer";

/// An article that was added since the last commit.
#[derive(Clone)]
struct Pending {
    known: Known,
    windows: usize,
}

/// What is about to be written.
#[derive(Default, Serialize, Deserialize)]
struct Intent {
    /// The articles' keys, and how many windows there may be of each.
    articles: Vec<(String, usize)>,
    files: BTreeSet<String>,
}

/// One writer's work.
pub struct Session {
    store: Arc<Store>,
    language: Arc<Language>,
    /// What this writer is called in the cluster.
    token: String,
    next: u64,
    /// Whether nothing is committed, so that nobody need be asked what is.
    empty: bool,
    intents: usize,
    pending: HashMap<String, Pending>,
    /// What was last looked up of committed articles: whoever asks what is known of some mostly adds them.
    looked_up: HashMap<String, Option<Committed>>,
    /// The committed articles that go with the next commit.
    removed: BTreeSet<u64>,
    /// The articles that were added since the last commit and removed again: keys, windows and files.
    dropped: BTreeMap<String, (usize, String)>,
    /// The numbers under which something else is found after the next commit.
    changed: BTreeSet<u64>,
    /// The files that are remembered with the next commit, or forgotten.
    files: BTreeMap<String, Option<FileRecord>>,
    sending: Sending,
}

/// What is being sent. It ends before anything else is written.
#[derive(Default)]
struct Sending(Option<JoinHandle<Result<(), IndexError>>>);

impl Sending {
    fn end(&mut self) -> Result<(), IndexError> {
        match self.0.take().map(JoinHandle::join) {
            None => Ok(()),
            Some(Ok(sent)) => sent,
            Some(Err(_)) => Err(IndexError::Document {
                id: "a batch".to_owned(),
                reason: "sending it failed in an unforeseen way".to_owned(),
            }),
        }
    }
}

impl Drop for Sending {
    fn drop(&mut self) {
        if let Err(error) = self.end() {
            tracing::debug!(%error, "a batch that nobody waits for was not sent");
        }
    }
}

impl Session {
    /// Begins to write, in the place of whoever did before, and takes back what that one left unfinished.
    pub fn start(store: &Arc<Store>, language: &Arc<Language>) -> Result<Self, IndexError> {
        store.prepare()?;
        let token = format!(
            "{:016x}-{}",
            RandomState::new().hash_one(WRITER),
            std::process::id()
        );
        let stored = packed(WRITER, &token)?;
        store.store(WRITER, &json!({"kind": Kind::Writer, "stored": stored}))?;
        take_back(store)?;
        let last = store.last_number()?;
        Ok(Self {
            store: Arc::clone(store),
            language: Arc::clone(language),
            token,
            next: last + 1,
            empty: last == 0,
            intents: 0,
            pending: HashMap::new(),
            looked_up: HashMap::new(),
            removed: BTreeSet::new(),
            dropped: BTreeMap::new(),
            changed: BTreeSet::new(),
            files: BTreeMap::new(),
            sending: Sending::default(),
        })
    }

    /// What will be known of articles after the next commit.
    pub fn known(&mut self, keys: &[String]) -> Result<Vec<Option<Known>>, IndexError> {
        self.look_up(keys)?;
        Ok(keys
            .iter()
            .map(|key| match self.pending.get(key) {
                Some(pending) => Some(pending.known.clone()),
                None => self
                    .committed(key)
                    .map(|committed| committed.known.clone())
                    .filter(|known| !self.removed.contains(&known.number)),
            })
            .collect())
    }

    /// Committed articles that stay and may be the same as one of these.
    pub fn prints_like(
        &self,
        prints: &[Fingerprint],
    ) -> Result<Vec<(String, Fingerprint)>, IndexError> {
        if self.empty {
            return Ok(Vec::new());
        }
        let marks = prints.iter().flat_map(Fingerprint::sought);
        let found = self.store.marked(&marks.map(records::mark).collect())?;
        Ok(found
            .into_iter()
            .filter(|(number, ..)| !self.removed.contains(number))
            .map(|(_, id, print)| (id, print))
            .collect())
    }

    /// Looks up those of the committed articles with these keys that are not looked up yet.
    fn look_up(&mut self, keys: &[String]) -> Result<(), IndexError> {
        if self.empty {
            return Ok(());
        }
        let new =
            |key: &&String| !(self.pending.contains_key(*key) || self.looked_up.contains_key(*key));
        let asked: Vec<String> = keys.iter().filter(new).cloned().collect();
        if asked.is_empty() {
            return Ok(());
        }
        let mut found = self.store.committed(&asked, Patience::Writing)?;
        for key in asked {
            let committed = found.remove(&key);
            self.looked_up.insert(key, committed);
        }
        Ok(())
    }

    /// What was looked up of the committed article with this key.
    fn committed(&self, key: &str) -> Option<&Committed> {
        self.looked_up.get(key)?.as_ref()
    }

    /// Adds articles. They are sent when this has returned; whether that went well, the next call tells.
    pub fn add(&mut self, records: &[Record<'_>]) -> Result<(), IndexError> {
        if records.is_empty() {
            return Ok(());
        }
        self.is_ours()?;
        let keys: Vec<String> = records
            .iter()
            .map(|record| article_key(&record.document.article.id))
            .collect();
        self.look_up(&keys)?;
        let mut intent = Intent::default();
        let mut planned = Vec::new();
        for (record, key) in records.iter().zip(keys) {
            let committed = self.committed(&key).cloned();
            let (number, before) = self.place(&key, committed);
            let windows = windows(record.document).len();
            intent.articles.push((key.clone(), before.max(windows)));
            intent.files.insert(record.file.to_owned());
            let known = Known {
                number,
                file: record.file.to_owned(),
                fingerprint: record.fingerprint,
            };
            self.pending.insert(key, Pending { known, windows });
            planned.push((number, record, before));
        }
        let vocabulary = &self.language.words;
        let written: Vec<Written> = planned
            .into_par_iter()
            .map(|(number, record, before)| records::written(number, record, before, vocabulary))
            .collect::<Result<_, _>>()?;
        self.sending.end()?;
        let number = self.intents;
        self.intents += 1;
        let store = Arc::clone(&self.store);
        self.sending = Sending(Some(std::thread::spawn(move || {
            announce(&store, number, &intent)?;
            let mut windows = Vec::new();
            let mut own = Vec::new();
            for one in written {
                windows.extend(one.windows);
                own.push(one.own);
            }
            store.bulk(&windows)?;
            store.bulk(&own)
        })));
        Ok(())
    }

    /// The number that an article gets, and how many windows there may be of it already.
    fn place(&mut self, key: &str, committed: Option<Committed>) -> (u64, usize) {
        if let Some(pending) = self.pending.get(key) {
            return (pending.known.number, pending.windows);
        }
        let dropped = self.dropped.remove(key).map_or(0, |(windows, _)| windows);
        if let Some(committed) = committed {
            let number = committed.known.number;
            let windows = committed.windows.max(dropped);
            self.changed.insert(number);
            // One that was removed and comes again is a new one, in the old one's place.
            if !self.removed.remove(&number) {
                return (number, windows);
            }
            return (self.number(), windows);
        }
        (self.number(), dropped)
    }

    fn number(&mut self) -> u64 {
        let number = self.next;
        self.next += 1;
        number
    }

    /// Removes articles.
    pub fn remove(&mut self, numbers: &[u64]) {
        let numbers: BTreeSet<u64> = numbers.iter().copied().collect();
        self.pending.retain(|key, pending| {
            let stays = !numbers.contains(&pending.known.number);
            if !stays {
                let file = pending.known.file.clone();
                self.dropped.insert(key.clone(), (pending.windows, file));
            }
            stays
        });
        self.removed.extend(numbers);
    }

    /// Remembers a file.
    pub fn remember(&mut self, file: &FileRecord) {
        self.files.insert(file.path.clone(), Some(file.clone()));
    }

    /// Forgets files.
    pub fn forget(&mut self, paths: &[&str]) {
        for path in paths {
            self.files.insert((*path).to_owned(), None);
        }
    }

    /// Makes all of it visible. The numbers under which something else is found now.
    pub fn commit(&mut self) -> Result<BTreeSet<u64>, IndexError> {
        self.sending.end()?;
        self.is_ours()?;
        let removed: Vec<u64> = std::mem::take(&mut self.removed).into_iter().collect();
        for numbers in removed.chunks(REMOVED_AT_ONCE) {
            let gone = self.store.numbered(numbers)?;
            self.take_away(
                gone.into_iter()
                    .map(|(key, committed)| (key, (committed.windows, committed.known.file))),
            )?;
        }
        let dropped = std::mem::take(&mut self.dropped);
        self.take_away(dropped)?;
        let files: Vec<Operation> = std::mem::take(&mut self.files)
            .into_iter()
            .map(|(path, file)| match file {
                Some(file) => records::remembered(&file),
                None => Ok(records::forgotten(&path)),
            })
            .collect::<Result<_, _>>()?;
        self.store.bulk(&files)?;
        self.is_ours()?;
        self.store.refresh()?;
        let announced: Vec<String> = (0..self.intents).rev().map(intent_key).collect();
        self.store.unstore(&announced)?;
        self.intents = 0;
        self.empty = false;
        self.pending.clear();
        self.looked_up.clear();
        let mut changed = std::mem::take(&mut self.changed);
        changed.extend(removed);
        Ok(changed)
    }

    /// Removes articles, by their keys with their windows and files.
    fn take_away(
        &mut self,
        gone: impl IntoIterator<Item = (String, (usize, String))>,
    ) -> Result<(), IndexError> {
        let mut intent = Intent::default();
        for (key, (windows, file)) in gone {
            intent.articles.push((key, windows));
            intent.files.insert(file);
        }
        if intent.articles.is_empty() {
            return Ok(());
        }
        announce(&self.store, self.intents, &intent)?;
        self.intents += 1;
        self.store.bulk(&intent.removal())
    }

    /// Whether no other writer took this one's place.
    fn is_ours(&self) -> Result<(), IndexError> {
        let stored = self.store.stored(WRITER)?.unwrap_or_default();
        if unpacked::<String>(WRITER, &stored).is_ok_and(|token| token == self.token) {
            Ok(())
        } else {
            Err(IndexError::ReadOnly)
        }
    }
}

impl Intent {
    fn removal(&self) -> Vec<Operation> {
        self.articles
            .iter()
            .flat_map(|(key, windows)| records::removed(key, *windows))
            .collect()
    }
}

fn intent_key(number: usize) -> String {
    format!("intent-{number}")
}

/// Writes down what is about to be written.
fn announce(store: &Store, number: usize, intent: &Intent) -> Result<(), IndexError> {
    let key = intent_key(number);
    let stored = packed(&key, intent)?;
    store.store(&key, &json!({"kind": Kind::Intent, "stored": stored}))
}

/// Takes back what was written and not committed. Intents are numbered without a gap, and their removal
/// begins with the last, so that none is overlooked.
fn take_back(store: &Store) -> Result<(), IndexError> {
    let mut announced = Vec::new();
    while let Some(stored) = store.stored(&intent_key(announced.len()))? {
        let intent: Intent = unpacked("an intent", &stored)?;
        let mut operations = intent.removal();
        operations.extend(intent.files.iter().map(|path| records::forgotten(path)));
        store.bulk(&operations)?;
        announced.push(intent_key(announced.len()));
    }
    if announced.is_empty() {
        return Ok(());
    }
    tracing::info!(
        batches = announced.len(),
        "took back what was written to the search cluster and not committed"
    );
    store.refresh()?;
    announced.reverse();
    store.unstore(&announced)
}
