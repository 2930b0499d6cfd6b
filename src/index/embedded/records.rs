//! Documents and files as the engine's records, and the writer's state between commits.

use std::collections::{HashMap, HashSet};

use tantivy::{IndexWriter, TantivyDocument, schema::Value};

use super::{
    days_since_1970,
    schema::{Fields, Kind},
};
use crate::{
    index::{
        FileRecord, IndexError, Known, Record,
        record::Contents,
        vocabulary::{name_terms, words},
        window::windows,
    },
    text::fold,
};

/// The writer's memory, in bytes, before it writes a segment.
const WRITER_MEMORY: usize = 96 << 20;

/// The engine's writer, and what was given to it since the last commit.
pub struct Writing {
    engine: Option<IndexWriter>,
    pending: HashMap<String, Known>,
    changed: HashSet<u64>,
    removed: HashSet<u64>,
}

impl Writing {
    /// Starts a writer. No other process can then write the same index.
    pub fn start(index: &tantivy::Index) -> tantivy::Result<Self> {
        Ok(Self {
            engine: Some(writer(index)?),
            pending: HashMap::new(),
            changed: HashSet::new(),
            removed: HashSet::new(),
        })
    }

    /// The writer, taken out; a new one where the last one failed.
    pub fn engine(&mut self, index: &tantivy::Index) -> tantivy::Result<IndexWriter> {
        if let Some(engine) = self.engine.take() {
            return Ok(engine);
        }
        // What the last one was given is gone with it.
        self.give_up();
        writer(index)
    }

    /// Puts the writer back.
    pub fn keep(&mut self, engine: IndexWriter) {
        self.engine = Some(engine);
    }

    /// Forgets what was not committed.
    pub fn give_up(&mut self) {
        self.pending.clear();
        self.changed.clear();
        self.removed.clear();
    }

    /// What was added under this id since the last commit.
    pub fn pending(&self, id: &str) -> Option<&Known> {
        self.pending.get(id)
    }

    /// Notes an article that was added.
    pub fn add(&mut self, id: &str, known: Known) {
        self.pending.insert(id.to_owned(), known);
    }

    /// Notes an article whose document is no longer the committed one.
    pub fn change(&mut self, number: u64) {
        self.changed.insert(number);
    }

    /// Notes an article that goes with the next commit.
    pub fn remove(&mut self, number: u64) {
        self.removed.insert(number);
    }

    /// Whether a committed article goes with the next commit.
    pub fn is_removed(&self, number: u64) -> bool {
        self.removed.contains(&number)
    }

    /// The numbers of the articles that this commit changed or removed.
    pub fn commit(&mut self) -> Vec<u64> {
        self.pending.clear();
        self.changed.extend(self.removed.drain());
        self.changed.drain().collect()
    }
}

fn writer(index: &tantivy::Index) -> tantivy::Result<IndexWriter> {
    // One thread writes: reading the articles keeps the other cores busy.
    let writer = index.writer_with_num_threads(1, WRITER_MEMORY)?;
    // A process that ended in the middle of a merge has left its files. They are removed meanwhile, and if they
    // cannot be, by a later commit.
    drop(writer.garbage_collect_files());
    Ok(writer)
}

impl Fields {
    /// The records of an article: its own, and one for each of its windows.
    pub fn records(
        &self,
        number: u64,
        record: &Record<'_>,
    ) -> Result<Vec<TantivyDocument>, IndexError> {
        let document = record.document;
        let article = &document.article;
        let published = days_since_1970(article.published);
        let outlet = article.outlet.as_deref().map(fold);

        let mut own = TantivyDocument::default();
        own.add_u64(self.kind, Kind::Article as u64);
        own.add_u64(self.article, number);
        own.add_text(self.id, &article.id);
        own.add_text(self.file, record.file);
        own.add_u64(self.fingerprint, record.fingerprint);
        let contents = Contents::of(document);
        let counted = [
            contents.passages,
            contents.sentences,
            contents.timexes,
            contents.quotations,
        ];
        for (field, count) in self.contents.into_iter().zip(counted) {
            own.add_u64(field, count);
        }
        own.add_bytes(self.print, &packed(&article.id, &record.print)?);
        own.add_bytes(self.stored, &packed(&article.id, document)?);
        own.add_i64(self.published, published);
        own.add_text(self.word, list(words(document)));
        own.add_text(self.name, list(name_terms(document)));

        let mut records = vec![own];
        for window in windows(document) {
            let mut record = TantivyDocument::default();
            let (first, last) = window.paragraphs();
            record.add_u64(self.kind, Kind::Window as u64);
            record.add_u64(self.article, number);
            record.add_u64(self.first, u64::from(first));
            record.add_u64(self.last, u64::from(last));
            record.add_i64(self.published, published);
            record.add_u64(self.quoting, u64::from(window.quotes()));
            if let Some(outlet) = &outlet {
                record.add_text(self.outlet, outlet);
            }
            if let Some(headline) = &article.headline {
                record.add_text(self.headline, headline);
            }
            for passage in &window.passages {
                record.add_text(self.text, document.text(passage.span));
            }
            for speaker in window.speakers(document) {
                record.add_text(self.speaker, speaker);
            }
            record.add_text(self.day, list(window.days()));
            records.push(record);
        }
        Ok(records)
    }

    /// The record of a file.
    pub fn file(&self, file: &FileRecord) -> Result<TantivyDocument, IndexError> {
        let mut record = TantivyDocument::default();
        record.add_u64(self.kind, Kind::File as u64);
        record.add_text(self.path, &file.path);
        record.add_bytes(self.stored, &packed(&file.path, file)?);
        Ok(record)
    }
}

/// Terms as one value.
fn list<T: AsRef<str>>(terms: impl IntoIterator<Item = T>) -> String {
    let mut lines = String::new();
    for term in terms {
        lines.push_str(term.as_ref());
        lines.push('\n');
    }
    lines
}

/// What a record remembers of a file.
pub fn file_record(fields: Fields, record: &TantivyDocument) -> Result<FileRecord, IndexError> {
    unpacked(fields, record, "a file")
}

/// The value that a record stores.
pub fn unpacked<T: serde::de::DeserializeOwned>(
    fields: Fields,
    record: &TantivyDocument,
    what: &str,
) -> Result<T, IndexError> {
    let damaged = |reason: String| IndexError::Document {
        id: what.to_owned(),
        reason,
    };
    let stored = record
        .get_first(fields.stored)
        .and_then(|value| value.as_bytes())
        .ok_or_else(|| damaged("its record holds nothing".to_owned()))?;
    postcard::from_bytes(stored).map_err(|error| damaged(error.to_string()))
}

fn packed<T: serde::Serialize>(id: &str, value: &T) -> Result<Vec<u8>, IndexError> {
    // Most of what is packed is documents, and of most of those this is enough at once.
    let room = Vec::with_capacity(4096);
    postcard::to_extend(value, room).map_err(|error| IndexError::Document {
        id: id.to_owned(),
        reason: error.to_string(),
    })
}
