//! The embedded index: tantivy, in memory or in a folder.

mod compile;
mod completion;
mod directory;
mod disjunction;
mod folder;
mod reading;
mod records;
mod schema;
mod statistics;

pub use folder::Opened;

use std::{
    path::Path,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use jiff::civil::Date;
use rayon::prelude::*;
use tantivy::{
    DocAddress, IndexReader, IndexWriter, Order, ReloadPolicy, Searcher, TantivyDocument,
    Term as EngineTerm,
    collector::{Count, DocSetCollector, TopDocs},
    directory::error::LockError,
    tokenizer::TextAnalyzer,
};

use self::{
    compile::unscored,
    disjunction::Disjunction,
    folder::Place,
    reading::HitColumns,
    records::{Writing, file_record},
    schema::{ANALYZER, Analyzer, CONTENTS, Fields, Kind, LISTED, Lines, schema},
    statistics::WindowStatistics,
};
use super::{
    Counted, FileRecord, Hit, Index, IndexError, Known, Query, Record, Size,
    days::{day_of_1970, days_since_1970},
    frequencies::Frequencies,
    vocabulary::name_of_term,
};
use crate::{article::Fingerprint, language::Language, passage::Document};

/// How many documents are kept decoded.
const DOCUMENTS_KEPT: u64 = 2048;

/// An index that lives in this process.
pub struct Embedded {
    fields: Fields,
    engine: tantivy::Index,
    reader: IndexReader,
    /// Nothing where another process writes.
    writing: Option<Mutex<Writing>>,
    next: AtomicU64,
    documents: moka::sync::Cache<u64, Arc<Document>>,
    /// What [`Index::size`] says, and of which state of the index it is true.
    size: Mutex<Option<(u64, Size)>>,
    frequencies: Frequencies<u64>,
    /// The columns of hits, and of which state of the index they are.
    columns: Mutex<Option<(u64, Arc<[HitColumns]>)>>,
    /// The folder, and those it was built to replace.
    place: Option<Place>,
}

impl Embedded {
    /// An empty index in memory.
    ///
    /// # Errors
    /// Where the engine cannot start.
    pub fn in_memory(language: Arc<Language>) -> Result<Self, IndexError> {
        let (schema, fields) = schema();
        let engine = tantivy::Index::create_in_ram(schema);
        Self::start(engine, fields, language, None)
    }

    /// The index in `folder`: the one that is there, or a new one where there is none that can be read.
    ///
    /// An index holds what the rules found, so it is of use only to the rules that made it; `version` tells
    /// them apart. One of another version stays until [`Index::complete`], and so does a damaged one.
    ///
    /// # Errors
    /// Where the folder cannot be used.
    pub fn in_folder(
        folder: &Path,
        version: u64,
        language: &Arc<Language>,
    ) -> Result<(Self, Opened), IndexError> {
        let (schema, fields) = schema();
        let start = |engine: tantivy::Index, place: Place| {
            Self::start(engine, fields, Arc::clone(language), Some(place))
        };
        folder::open(folder, version, &schema, start)
    }

    fn start(
        engine: tantivy::Index,
        fields: Fields,
        language: Arc<Language>,
        place: Option<Place>,
    ) -> Result<Self, IndexError> {
        let tokenizers = engine.tokenizers();
        tokenizers.register(ANALYZER, TextAnalyzer::builder(Analyzer(language)).build());
        tokenizers.register(LISTED, TextAnalyzer::builder(Lines).build());
        let writing = match Writing::start(&engine) {
            Ok(writing) => Some(Mutex::new(writing)),
            Err(tantivy::TantivyError::LockFailure(LockError::LockBusy, _)) => None,
            Err(error) => return Err(error.into()),
        };
        // Whoever writes knows when something is new; whoever only reads must look.
        let policy = if writing.is_some() {
            ReloadPolicy::Manual
        } else {
            ReloadPolicy::OnCommitWithDelay
        };
        let reader = engine.reader_builder().reload_policy(policy).try_into()?;
        let index = Self {
            fields,
            engine,
            reader,
            writing,
            next: AtomicU64::new(1),
            documents: moka::sync::Cache::new(DOCUMENTS_KEPT),
            size: Mutex::default(),
            frequencies: Frequencies::default(),
            columns: Mutex::default(),
            place,
        };
        index
            .next
            .store(index.last_number()? + 1, Ordering::Relaxed);
        Ok(index)
    }

    /// The highest number that an article has.
    fn last_number(&self) -> Result<u64, IndexError> {
        let mut last = 0;
        for segment in self.reader.searcher().segment_readers() {
            last = last.max(segment.fast_fields().u64("article")?.max_value());
        }
        Ok(last)
    }

    /// Counts what is visible.
    fn count(&self, searcher: &Searcher) -> Result<Size, IndexError> {
        let number =
            |kind| Ok::<_, IndexError>(searcher.search(&self.fields.kind(kind), &Count)? as u64);
        let edge = |order: Order| -> Result<Option<Date>, IndexError> {
            let first = TopDocs::with_limit(1).order_by_fast_field::<i64>("published", order);
            let found = searcher.search(&self.fields.kind(Kind::Article), &first)?;
            Ok(found
                .first()
                .and_then(|(day, _)| *day)
                .and_then(day_of_1970))
        };
        let mut sums = [0; CONTENTS.len()];
        for segment in searcher.segment_readers() {
            for (name, sum) in CONTENTS.iter().zip(&mut sums) {
                let column = segment.fast_fields().u64(name)?;
                *sum += segment
                    .doc_ids_alive()
                    .filter_map(|record| column.first(record))
                    .sum::<u64>();
            }
        }
        let [passages, sentences, timexes, quotations] = sums;
        Ok(Size {
            articles: number(Kind::Article)?,
            windows: number(Kind::Window)?,
            passages,
            sentences,
            timexes,
            quotations,
            published: edge(Order::Asc)?.zip(edge(Order::Desc)?),
        })
    }

    /// The writer, with what it has under way.
    fn writing(&self) -> Result<MutexGuard<'_, Writing>, IndexError> {
        let writing = self.writing.as_ref().ok_or(IndexError::ReadOnly)?;
        // A writer that panicked half-way has committed nothing: what it leaves is still whole.
        Ok(writing.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Does something with the writer. One that failed is not used again: its threads may be gone, and what
    /// it was given since the last commit with them.
    fn write<T>(
        &self,
        work: impl FnOnce(&mut IndexWriter, &mut Writing) -> Result<T, IndexError>,
    ) -> Result<T, IndexError> {
        let mut writing = self.writing()?;
        let mut engine = writing.engine(&self.engine)?;
        let done = work(&mut engine, &mut writing);
        match &done {
            Ok(_) => writing.keep(engine),
            Err(_) => writing.give_up(),
        }
        done.map_err(|error| self.explained(error))
    }

    /// An error of the writer with its cause: of a thread that failed the engine only tells that it did.
    fn explained(&self, error: IndexError) -> IndexError {
        match (&error, &self.place) {
            (IndexError::Engine(tantivy::TantivyError::ErrorInThread(_)), Some(place)) => {
                place.fault().unwrap_or(error)
            }
            _ => error,
        }
    }

    /// Whether the committed article with this number goes with the next commit.
    fn is_leaving(&self, number: u64) -> Result<bool, IndexError> {
        Ok(!self.is_read_only() && self.writing()?.is_removed(number))
    }
}

impl Index for Embedded {
    fn add(&self, records: &[Record<'_>]) -> Result<(), IndexError> {
        let searcher = self.reader.searcher();
        self.write(|engine, writing| {
            let mut numbers = Vec::with_capacity(records.len());
            for record in records {
                let id = record.document.article.id.as_str();
                let known = self.known_in(writing, &searcher, id)?;
                let number = match &known {
                    Some(known) => known.number,
                    None => self.next.fetch_add(1, Ordering::Relaxed),
                };
                numbers.push((number, known.is_some()));
                writing.add(
                    id,
                    Known {
                        number,
                        file: record.file.to_owned(),
                        fingerprint: record.fingerprint,
                    },
                );
            }
            let made: Vec<Vec<TantivyDocument>> = records
                .par_iter()
                .zip(&numbers)
                .map(|(record, &(number, _))| self.fields.records(number, record))
                .collect::<Result<_, _>>()?;
            for ((number, replaced), made) in numbers.into_iter().zip(made) {
                // Of a new article there is nothing to delete, and a deletion costs a look at every segment.
                if replaced {
                    engine.delete_term(EngineTerm::from_field_u64(self.fields.article, number));
                    writing.change(number);
                }
                for record in made {
                    engine.add_document(record)?;
                }
            }
            Ok(())
        })
    }

    fn remove(&self, numbers: &[u64]) -> Result<(), IndexError> {
        self.write(|engine, writing| {
            for &number in numbers {
                engine.delete_term(EngineTerm::from_field_u64(self.fields.article, number));
                writing.remove(number);
            }
            Ok(())
        })
    }

    fn known(&self, ids: &[&str]) -> Result<Vec<Option<Known>>, IndexError> {
        let searcher = self.reader.searcher();
        if self.is_read_only() {
            return ids.iter().map(|id| self.committed(&searcher, id)).collect();
        }
        let writing = self.writing()?;
        ids.iter()
            .map(|id| self.known_in(&writing, &searcher, id))
            .collect()
    }

    fn prints(&self) -> Result<Option<Vec<(String, Fingerprint)>>, IndexError> {
        let mut found = Vec::new();
        let (mut id, mut print) = (String::new(), Vec::new());
        for segment in self.reader.searcher().segment_readers() {
            let fast = segment.fast_fields();
            let (Some(ids), Some(prints)) = (fast.str("id")?, fast.bytes("print")?) else {
                continue;
            };
            let numbers = fast.u64("article")?;
            for record in segment.doc_ids_alive() {
                // Windows and files have neither.
                let (Some(named), Some(printed)) = (
                    ids.term_ords(record).next(),
                    prints.term_ords(record).next(),
                ) else {
                    continue;
                };
                let number = numbers.first(record).unwrap_or_default();
                if self.is_leaving(number)? {
                    continue;
                }
                id.clear();
                print.clear();
                ids.ord_to_str(named, &mut id)
                    .and_then(|_| prints.ord_to_bytes(printed, &mut print))
                    .map_err(tantivy::TantivyError::from)?;
                if let Ok(print) = postcard::from_bytes(&print) {
                    found.push((id.clone(), print));
                }
            }
        }
        Ok(Some(found))
    }

    fn prints_like(&self, _: &[Fingerprint]) -> Result<Vec<(String, Fingerprint)>, IndexError> {
        // Whoever has all of them needs no more.
        Ok(self.prints()?.unwrap_or_default())
    }

    fn remember(&self, file: &FileRecord) -> Result<(), IndexError> {
        let record = self.fields.file(file)?;
        self.write(|engine, _| {
            engine.delete_term(EngineTerm::from_field_text(self.fields.path, &file.path));
            engine.add_document(record)?;
            Ok(())
        })
    }

    fn forget(&self, paths: &[&str]) -> Result<(), IndexError> {
        self.write(|engine, _| {
            for path in paths {
                engine.delete_term(EngineTerm::from_field_text(self.fields.path, path));
            }
            Ok(())
        })
    }

    fn files(&self) -> Result<Vec<FileRecord>, IndexError> {
        let searcher = self.reader.searcher();
        let mut found: Vec<DocAddress> = searcher
            .search(&self.fields.kind(Kind::File), &DocSetCollector)?
            .into_iter()
            .collect();
        // In the order in which they are stored, each block is unpacked once.
        found.sort_unstable();
        found
            .into_iter()
            .map(|address| file_record(self.fields, &searcher.doc(address)?))
            .collect()
    }

    fn articles_of(&self, paths: &[&str]) -> Result<Vec<Vec<u64>>, IndexError> {
        let searcher = self.reader.searcher();
        let of = |path: &&str| -> Result<Vec<u64>, IndexError> {
            let query = unscored(EngineTerm::from_field_text(self.fields.file, path));
            self.numbers(&searcher, searcher.search(&query, &DocSetCollector)?)
        };
        paths.iter().map(of).collect()
    }

    fn commit(&self) -> Result<(), IndexError> {
        let changed = self.write(|engine, writing| {
            engine.commit()?;
            Ok(writing.commit())
        })?;
        self.reader.reload()?;
        for number in &changed {
            self.documents.invalidate(number);
        }
        Ok(())
    }

    fn complete(&self) -> Result<(), IndexError> {
        match &self.place {
            Some(place) if !self.is_read_only() => place.complete(),
            _ => Ok(()),
        }
    }

    fn damaged(&self) -> Result<Vec<String>, IndexError> {
        let mut damaged: Vec<String> = self
            .engine
            .validate_checksum()?
            .iter()
            .map(|file| file.display().to_string())
            .collect();
        damaged.sort();
        Ok(damaged)
    }

    fn is_read_only(&self) -> bool {
        self.writing.is_none()
    }

    fn search(&self, query: &Query, limit: usize) -> Result<Vec<Hit>, IndexError> {
        let Some(compiled) = self.fields.compile(query).filter(|_| limit > 0) else {
            return Ok(Vec::new());
        };
        let searcher = self.reader.searcher();
        let statistics = WindowStatistics::new(&searcher, self.fields)?;
        if let Some(disjunction) = Disjunction::of(&self.fields, query) {
            let found = disjunction.best(&searcher, &statistics, limit)?;
            return self.hits(&searcher, &found);
        }
        let best = TopDocs::with_limit(limit).order_by_score();
        let found = searcher.search_with_statistics_provider(&compiled, &best, &statistics)?;
        self.hits(&searcher, &found)
    }

    fn document(&self, number: u64) -> Result<Option<Arc<Document>>, IndexError> {
        Ok(self.bring(&[number])?.pop().flatten())
    }

    fn documents(&self, numbers: &[u64]) -> Result<Vec<Option<Arc<Document>>>, IndexError> {
        self.bring(numbers)
    }

    fn number(&self, id: &str) -> Result<Option<u64>, IndexError> {
        let known = self.committed(&self.reader.searcher(), id)?;
        Ok(known.map(|known| known.number))
    }

    fn newest(&self, skip: usize, limit: usize) -> Result<Vec<u64>, IndexError> {
        if limit == 0 {
            return Ok(Vec::new());
        }
        let searcher = self.reader.searcher();
        let order = TopDocs::with_limit(limit)
            .and_offset(skip)
            .order_by_fast_field::<i64>("published", Order::Desc);
        let found = searcher.search(&self.fields.kind(Kind::Article), &order)?;
        self.numbers(&searcher, found.into_iter().map(|(_, address)| address))
    }

    fn highest(&self) -> Result<u64, IndexError> {
        self.last_number()
    }

    fn frequencies(&self, stems: &[&str]) -> Result<Vec<u64>, IndexError> {
        let searcher = self.reader.searcher();
        let state = searcher.generation().generation_id();
        let frequency = |stem: &&str| {
            let term = EngineTerm::from_field_text(self.fields.text, stem);
            Ok(searcher.doc_freq(&term)?)
        };
        self.frequencies
            .of(state, stems, |stems| stems.iter().map(frequency).collect())
    }

    fn words(&self, prefix: &str, limit: usize) -> Result<Vec<Counted>, IndexError> {
        let mut found = self.completions(self.fields.word, prefix, |word| Some(word.to_owned()))?;
        found.truncate(limit);
        Ok(found)
    }

    fn near(&self, word: &str, limit: usize) -> Result<Vec<Counted>, IndexError> {
        let mut found = self.misspelt(word)?;
        found.truncate(limit);
        Ok(found)
    }

    fn names(&self, prefix: &str, limit: usize) -> Result<Vec<Counted>, IndexError> {
        let name = |term: &str| name_of_term(term).map(str::to_owned);
        let mut found = self.completions(self.fields.name, prefix, name)?;
        found.truncate(limit);
        Ok(found)
    }

    fn size(&self) -> Result<Size, IndexError> {
        // Every question asks for the size, so it is counted once a commit.
        let searcher = self.reader.searcher();
        let state = searcher.generation().generation_id();
        let mut counted = self.size.lock().unwrap_or_else(PoisonError::into_inner);
        match *counted {
            Some((of, size)) if of == state => Ok(size),
            _ => {
                let size = self.count(&searcher)?;
                *counted = Some((state, size));
                Ok(size)
            }
        }
    }
}
