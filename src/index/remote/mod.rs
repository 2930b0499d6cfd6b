//! An index in a search cluster, over the REST interface that OpenSearch and Elasticsearch share.
//!
//! For archives that one machine does not hold, and for bots on several machines that share one. What is
//! found in an article is found here, before it is sent; the cluster keeps stems, days and the packed
//! document, and counts. So the answers are those of the embedded index: the same windows, the same stems at
//! the same places, BM25 with the same constants over the statistics of the whole index
//! (`dfs_query_then_fetch`). One difference stays: for a field that not every window has, a headline or a
//! speaker, the cluster counts the windows that have it, and the embedded index all of them. Where half of
//! the articles have no headline, a word of a headline weighs a little more here.
//!
//! # One index, five kinds of record
//!
//! Articles, windows, files, and for the writer its name and its intents (see [`session`]). The index is
//! called after the rules that fill it, `dateline-<version>`, and whoever reads with other rules reads another
//! index. When one is complete, the alias `dateline` stands for it.
//!
//! # One writer, many readers
//!
//! Articles are numbered by whoever writes, so there is one writer at a time; the last to begin is the one,
//! and those before are told that they only read. What is written is seen with the commit (`_refresh`, and no
//! refresh in between): on each shard at once, on all of them within moments. If a node fails before a
//! commit, the cluster may show articles that are not committed yet; they are whole or have no windows.
//! Readers keep documents for a minute, and less where a search shows them changed.
//!
//! # What it needs
//!
//! The interface of Elasticsearch 7.10, which OpenSearch began with, and later: tested with OpenSearch.
//! Quickwit, which shares part of the interface, is not supported: it does not replace a record by its id, so
//! that nothing could be ingested twice; it has no `_source` filter, no `ids` query and no
//! `minimum_should_match`; and it makes records visible by its own clock and not by a commit.

mod address;
mod breaker;
mod bulk;
mod compile;
mod completion;
mod connection;
mod mapping;
mod reading;
mod records;
mod session;
mod store;

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

pub use address::{Cluster, Credentials};

use self::{
    connection::Patience, reading::Stamp, records::article_key, session::Session, store::Store,
};
use super::{
    Counted, FileRecord, Hit, Index, IndexError, Known, Opened, Query, Record, Size,
    frequencies::Frequencies,
};
use crate::{article::Fingerprint, language::Language, passage::Document};

/// How many documents are kept decoded, and for how long: another process may have replaced them.
const DOCUMENTS_KEPT: u64 = 2048;
const KEPT_FOR: Duration = Duration::from_mins(1);

/// An index in a search cluster.
pub struct Remote {
    store: Arc<Store>,
    language: Arc<Language>,
    writing: Mutex<Writing>,
    documents: moka::sync::Cache<u64, (i64, Arc<Document>)>,
    /// How much it holds, for a moment: one answer asks for it several times, and the cluster sums it up anew.
    size: moka::sync::Cache<(), Size>,
    /// For as long as it holds as much, and no longer than documents: an article of the same size may have been
    /// put in another's place.
    frequencies: moka::sync::Cache<(), Arc<Frequencies<Size>>>,
}

/// How many words are counted in one call: more take a busy cluster longer than a call may take.
const COUNTED_AT_ONCE: usize = 16;

/// How long a size is good for. Other processes may write.
const SIZE_KEPT_FOR: Duration = Duration::from_secs(1);

/// Whether this process writes.
enum Writing {
    /// Not yet, or not since something failed.
    Idle,
    /// It does.
    Session(Box<Session>),
    /// It did, and another one does now.
    Superseded,
}

impl Remote {
    /// The index of `version` in `cluster`. Nothing is sent yet: a cluster that is away now may be there when
    /// it is asked.
    #[must_use]
    pub fn new(cluster: &Cluster, version: u64, language: Arc<Language>) -> Self {
        Self {
            store: Arc::new(Store::new(cluster, version)),
            language,
            writing: Mutex::new(Writing::Idle),
            documents: moka::sync::Cache::builder()
                .max_capacity(DOCUMENTS_KEPT)
                .time_to_live(KEPT_FOR)
                .build(),
            size: moka::sync::Cache::builder()
                .max_capacity(1)
                .time_to_live(SIZE_KEPT_FOR)
                .build(),
            frequencies: moka::sync::Cache::builder()
                .max_capacity(1)
                .time_to_live(KEPT_FOR)
                .build(),
        }
    }

    /// Makes sure that the index is there, and says how it was found. It is done by itself where it was not.
    ///
    /// # Errors
    /// Where the cluster fails, or has an index of that name that is no index of ours.
    pub fn prepare(&self) -> Result<Opened, IndexError> {
        self.store.prepare()
    }

    fn writing(&self) -> MutexGuard<'_, Writing> {
        self.writing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Does something as the writer. What a writer that failed has not committed is taken back by the next.
    fn write<T>(
        &self,
        work: impl FnOnce(&mut Session) -> Result<T, IndexError>,
    ) -> Result<T, IndexError> {
        let mut writing = self.writing();
        let mut session = match std::mem::replace(&mut *writing, Writing::Idle) {
            Writing::Idle => Box::new(Session::start(&self.store, &self.language)?),
            Writing::Session(session) => session,
            Writing::Superseded => {
                *writing = Writing::Superseded;
                return Err(IndexError::ReadOnly);
            }
        };
        let done = work(&mut session);
        match &done {
            Ok(_) => *writing = Writing::Session(session),
            Err(IndexError::ReadOnly) => *writing = Writing::Superseded,
            // Its articles may be replaced in part.
            Err(_) => self.documents.invalidate_all(),
        }
        done
    }

    /// Brings the documents that are not kept, or that have changed, with one call and not one by one.
    fn bring(&self, stamps: &[Stamp]) -> Result<(), IndexError> {
        let mut missing: Vec<u64> = stamps
            .iter()
            .filter(|(number, fingerprint)| {
                let kept = self.documents.get(number);
                kept.is_none_or(|(of, _)| of != *fingerprint)
            })
            .map(|(number, _)| *number)
            .collect();
        missing.sort_unstable();
        missing.dedup();
        for ((number, fingerprint), document) in self.store.documents(&missing)? {
            self.documents.insert(number, (fingerprint, document));
        }
        Ok(())
    }
}

impl Index for Remote {
    fn damaged(&self) -> Result<Vec<String>, IndexError> {
        // The cluster looks after its own files.
        Ok(Vec::new())
    }

    fn is_read_only(&self) -> bool {
        matches!(*self.writing(), Writing::Superseded)
    }

    fn add(&self, records: &[Record<'_>]) -> Result<(), IndexError> {
        self.write(|session| session.add(records))
    }

    fn remove(&self, numbers: &[u64]) -> Result<(), IndexError> {
        self.write(|session| {
            session.remove(numbers);
            Ok(())
        })
    }

    fn known(&self, ids: &[&str]) -> Result<Vec<Option<Known>>, IndexError> {
        let keys: Vec<String> = ids.iter().map(|id| article_key(id)).collect();
        if let Writing::Session(session) = &mut *self.writing() {
            return session.known(&keys);
        }
        let committed = self.store.committed(&keys, Patience::Writing)?;
        let known = |key| committed.get(key).map(|committed| committed.known.clone());
        Ok(keys.iter().map(known).collect())
    }

    fn prints_like(
        &self,
        prints: &[Fingerprint],
    ) -> Result<Vec<(String, Fingerprint)>, IndexError> {
        self.write(|session| session.prints_like(prints))
    }

    fn remember(&self, file: &FileRecord) -> Result<(), IndexError> {
        self.write(|session| {
            session.remember(file);
            Ok(())
        })
    }

    fn forget(&self, paths: &[&str]) -> Result<(), IndexError> {
        self.write(|session| {
            session.forget(paths);
            Ok(())
        })
    }

    fn files(&self) -> Result<Vec<FileRecord>, IndexError> {
        // Whoever asks which files were read is about to write. What an earlier writer left unfinished is
        // taken back first: it may be the articles of files that seem to be read.
        self.write(|_| self.store.files())
    }

    fn articles_of(&self, paths: &[&str]) -> Result<Vec<Vec<u64>>, IndexError> {
        self.store.articles_of(paths)
    }

    fn commit(&self) -> Result<(), IndexError> {
        if let Writing::Idle = &*self.writing() {
            return Ok(());
        }
        for number in self.write(Session::commit)? {
            self.documents.invalidate(&number);
        }
        self.size.invalidate_all();
        self.frequencies.invalidate_all();
        Ok(())
    }

    fn complete(&self) -> Result<(), IndexError> {
        self.write(|_| self.store.complete())
    }

    fn search(&self, query: &Query, limit: usize) -> Result<Vec<Hit>, IndexError> {
        let (hits, stamps) = self.store.hits(query, limit)?;
        self.bring(&stamps)?;
        Ok(hits)
    }

    fn document(&self, number: u64) -> Result<Option<Arc<Document>>, IndexError> {
        if let Some((_, document)) = self.documents.get(&number) {
            return Ok(Some(document));
        }
        let found = self.store.documents(&[number])?.pop();
        Ok(found.map(|((_, fingerprint), document)| {
            self.documents
                .insert(number, (fingerprint, Arc::clone(&document)));
            document
        }))
    }

    fn number(&self, id: &str) -> Result<Option<u64>, IndexError> {
        let key = article_key(id);
        let committed = self
            .store
            .committed(std::slice::from_ref(&key), Patience::Reading)?;
        Ok(committed.get(&key).map(|committed| committed.known.number))
    }

    fn newest(&self, skip: usize, limit: usize) -> Result<Vec<u64>, IndexError> {
        let stamps = self.store.newest(skip, limit)?;
        self.bring(&stamps)?;
        Ok(stamps.into_iter().map(|(number, _)| number).collect())
    }

    fn frequencies(&self, stems: &[&str]) -> Result<Vec<u64>, IndexError> {
        let size = self.size()?;
        let known = self.frequencies.get_with((), Arc::default);
        known.of(size, stems, |stems| {
            let mut frequencies = Vec::with_capacity(stems.len());
            for part in stems.chunks(COUNTED_AT_ONCE) {
                let queries = part.iter();
                let queries: Vec<_> = queries
                    .map(|stem| serde_json::json!({"term": {"text": stem}}))
                    .collect();
                frequencies.extend(self.store.count(&queries)?);
            }
            Ok(frequencies)
        })
    }

    fn words(&self, prefix: &str, limit: usize) -> Result<Vec<Counted>, IndexError> {
        self.store.words(prefix, limit)
    }

    fn near(&self, word: &str, limit: usize) -> Result<Vec<Counted>, IndexError> {
        self.store.near(word, limit)
    }

    fn names(&self, prefix: &str, limit: usize) -> Result<Vec<Counted>, IndexError> {
        self.store.names(prefix, limit)
    }

    fn size(&self) -> Result<Size, IndexError> {
        if let Some(size) = self.size.get(&()) {
            return Ok(size);
        }
        let size = self.store.size()?;
        self.size.insert((), size);
        Ok(size)
    }
}
