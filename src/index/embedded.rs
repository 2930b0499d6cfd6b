//! The embedded index: tantivy, in memory.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Arc, Mutex, PoisonError, RwLock,
        atomic::{AtomicU64, Ordering},
    },
};

use jiff::{ToSpan, civil::Date};
use tantivy::{
    DocAddress, IndexReader, IndexWriter, Order, Searcher, TantivyDocument, Term as EngineTerm,
    collector::{Count, DocSetCollector, TopDocs},
    query::{
        AllQuery, BooleanQuery, BoostQuery, ConstScoreQuery, DisjunctionMaxQuery, Occur,
        PhraseQuery, Query as EngineQuery, RangeQuery, TermQuery,
    },
    schema::{IndexRecordOption, Value},
    tokenizer::TextAnalyzer,
};

use super::{
    Concept, Counted, Hit, Index, IndexError, Phrase, Query, Size, days,
    schema::{ANALYZER, Analyzer, Fields, schema},
    window::windows,
};
use crate::{
    language::Language,
    passage::Document,
    text::{TokenKind, fold, tokens},
    timex::Interval,
};

/// What the headline's and the speaker's fields weigh beside the text.
const HEADLINE_WEIGHT: f32 = 0.35;
const SPEAKER_WEIGHT: f32 = 0.5;

/// How many documents are kept decoded.
const DOCUMENTS_KEPT: u64 = 512;

/// How many terms of the dictionary a completion or a search for near words looks at, at most.
const TERMS_SCANNED: usize = 50_000;

/// The writer's memory, in bytes, before it writes a segment.
const WRITER_MEMORY: usize = 64 << 20;

/// An index that lives in this process.
pub struct Embedded {
    fields: Fields,
    reader: IndexReader,
    writer: Mutex<IndexWriter>,
    next: AtomicU64,
    documents: moka::sync::Cache<u64, Arc<Document>>,
    /// What [`Index::size`] says: the counts of the last commit.
    size: RwLock<Size>,
}

impl Embedded {
    /// An empty index in memory.
    ///
    /// # Errors
    /// Where the engine cannot start.
    pub fn in_memory(language: Arc<Language>) -> Result<Self, IndexError> {
        let (schema, fields) = schema();
        let index = tantivy::Index::create_in_ram(schema);
        index
            .tokenizers()
            .register(ANALYZER, TextAnalyzer::builder(Analyzer(language)).build());
        let writer = index.writer_with_num_threads(1, WRITER_MEMORY)?;
        let reader = index
            .reader_builder()
            .reload_policy(tantivy::ReloadPolicy::Manual)
            .try_into()?;
        Ok(Self {
            fields,
            reader,
            writer: Mutex::new(writer),
            next: AtomicU64::new(1),
            documents: moka::sync::Cache::new(DOCUMENTS_KEPT),
            size: RwLock::default(),
        })
    }

    fn write(&self, writer: &IndexWriter, document: &Document) -> Result<(), IndexError> {
        let article = &document.article;
        let known = self.number(&article.id)?;
        if let Some(number) = known {
            writer.delete_term(EngineTerm::from_field_u64(self.fields.article, number));
            self.documents.invalidate(&number);
        }
        let number = known.unwrap_or_else(|| self.next.fetch_add(1, Ordering::Relaxed));
        let published = days_since_1970(article.published);
        let outlet = article.outlet.as_deref().map(fold);
        let stored = postcard::to_allocvec(document).map_err(|error| IndexError::Document {
            id: article.id.clone(),
            reason: error.to_string(),
        })?;

        let mut record = TantivyDocument::default();
        record.add_u64(self.fields.article, number);
        record.add_text(self.fields.id, &article.id);
        record.add_bytes(self.fields.document, &stored);
        record.add_i64(self.fields.published, published);
        for word in words(document) {
            record.add_text(self.fields.word, word);
        }
        for name in names(document) {
            record.add_text(self.fields.name, name);
        }
        writer.add_document(record)?;

        for window in windows(document) {
            let mut record = TantivyDocument::default();
            let (first, last) = window.paragraphs();
            record.add_u64(self.fields.article, number);
            record.add_u64(self.fields.window, 1);
            record.add_u64(self.fields.first, u64::from(first));
            record.add_u64(self.fields.last, u64::from(last));
            record.add_i64(self.fields.published, published);
            record.add_u64(self.fields.quoting, u64::from(window.quotes()));
            if let Some(outlet) = &outlet {
                record.add_text(self.fields.outlet, outlet);
            }
            if let Some(headline) = &article.headline {
                record.add_text(self.fields.headline, headline);
            }
            for passage in &window.passages {
                record.add_text(self.fields.text, document.text(passage.span));
            }
            for speaker in window.speakers(document) {
                record.add_text(self.fields.speaker, speaker);
            }
            for day in window.days() {
                record.add_text(self.fields.day, day);
            }
            writer.add_document(record)?;
        }
        Ok(())
    }

    /// Counts what is visible. Every question asks for the size, so this is done once a commit.
    fn count(&self) -> Result<Size, IndexError> {
        let searcher = self.reader.searcher();
        let windows = searcher.search(&self.windows(), &Count)? as u64;
        let edge = |order: Order| -> Result<Option<Date>, IndexError> {
            let first = TopDocs::with_limit(1).order_by_fast_field::<i64>("published", order);
            let found = searcher.search(&AllQuery, &first)?;
            Ok(found
                .first()
                .and_then(|(day, _)| *day)
                .and_then(day_of_1970))
        };
        let published = edge(Order::Asc)?.zip(edge(Order::Desc)?);
        Ok(Size {
            articles: searcher.num_docs() - windows,
            windows,
            published,
        })
    }

    fn writer(&self) -> std::sync::MutexGuard<'_, IndexWriter> {
        // A writer that panicked half-way has committed nothing: what it leaves is still whole.
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The query in the engine's terms; nothing where it can find nothing.
    fn compile(&self, query: &Query) -> Option<Box<dyn EngineQuery>> {
        let mut clauses: Vec<(Occur, Box<dyn EngineQuery>)> = Vec::new();
        for concept in &query.concepts {
            clauses.push((occur(concept.required), self.concept(concept)));
        }
        for phrase in &query.phrases {
            if let Some(compiled) = self.phrase(phrase) {
                clauses.push((occur(phrase.required), compiled));
            }
        }
        for stem in &query.speakers {
            let term = Self::term(self.fields.speaker, stem);
            clauses.push((
                Occur::Should,
                Box::new(BoostQuery::new(term, SPEAKER_WEIGHT)),
            ));
        }
        if clauses.is_empty() && query.happened.is_none() {
            if !query.everything {
                return None;
            }
            clauses.push((Occur::Must, self.windows()));
        }
        for stem in &query.without {
            clauses.push((Occur::MustNot, Self::term(self.fields.text, stem)));
        }
        if let Some(interval) = query.happened {
            clauses.push((Occur::Must, self.happened(interval)));
        }
        if let Some(interval) = query.published {
            let bound =
                |day| EngineTerm::from_field_i64(self.fields.published, days_since_1970(day));
            let range = RangeQuery::new(
                std::ops::Bound::Included(bound(interval.begin())),
                std::ops::Bound::Excluded(bound(interval.end())),
            );
            clauses.push((
                Occur::Must,
                Box::new(ConstScoreQuery::new(Box::new(range), 0.0)),
            ));
        }
        if let Some(outlet) = &query.outlet {
            let term = EngineTerm::from_field_text(self.fields.outlet, &fold(outlet));
            clauses.push((Occur::Must, unscored(term)));
        }
        if query.quoting {
            clauses.push((
                Occur::Must,
                unscored(EngineTerm::from_field_u64(self.fields.quoting, 1)),
            ));
        }
        Some(Box::new(BooleanQuery::new(clauses)))
    }

    fn concept(&self, concept: &Concept) -> Box<dyn EngineQuery> {
        let alternatives: Vec<Box<dyn EngineQuery>> = concept
            .stems
            .iter()
            .map(|(stem, weight)| {
                let weight = weight * concept.weight;
                let fields: Vec<(Occur, Box<dyn EngineQuery>)> = vec![
                    (
                        Occur::Should,
                        Box::new(BoostQuery::new(Self::term(self.fields.text, stem), weight)),
                    ),
                    (
                        Occur::Should,
                        Box::new(BoostQuery::new(
                            Self::term(self.fields.headline, stem),
                            weight * HEADLINE_WEIGHT,
                        )),
                    ),
                ];
                Box::new(BooleanQuery::new(fields)) as Box<dyn EngineQuery>
            })
            .collect();
        Box::new(DisjunctionMaxQuery::new(alternatives))
    }

    fn phrase(&self, phrase: &Phrase) -> Option<Box<dyn EngineQuery>> {
        let compiled: Box<dyn EngineQuery> = match phrase.stems.as_slice() {
            [] => return None,
            [(_, only)] => Self::term(self.fields.text, only),
            several => Box::new(PhraseQuery::new_with_offset(
                several
                    .iter()
                    .map(|(at, stem)| (*at, EngineTerm::from_field_text(self.fields.text, stem)))
                    .collect(),
            )),
        };
        Some(Box::new(BoostQuery::new(compiled, phrase.weight)))
    }

    fn happened(&self, interval: Interval) -> Box<dyn EngineQuery> {
        let days = days::sought(interval)
            .into_iter()
            .map(|(day, weight)| {
                let term = TermQuery::new(
                    EngineTerm::from_field_text(self.fields.day, &day),
                    IndexRecordOption::Basic,
                );
                let scored = ConstScoreQuery::new(Box::new(term), weight);
                Box::new(scored) as Box<dyn EngineQuery>
            })
            .collect();
        Box::new(DisjunctionMaxQuery::new(days))
    }

    /// Every window, unscored.
    fn windows(&self) -> Box<dyn EngineQuery> {
        unscored(EngineTerm::from_field_u64(self.fields.window, 1))
    }

    /// The record of the article with this number.
    fn record(&self, searcher: &Searcher, number: u64) -> Result<Option<DocAddress>, IndexError> {
        let own = BooleanQuery::new(vec![
            (
                Occur::Must,
                unscored(EngineTerm::from_field_u64(self.fields.article, number)),
            ),
            (Occur::MustNot, self.windows()),
        ]);
        Ok(searcher.search(&own, &DocSetCollector)?.into_iter().next())
    }

    fn term(field: tantivy::schema::Field, stem: &str) -> Box<dyn EngineQuery> {
        Box::new(TermQuery::new(
            EngineTerm::from_field_text(field, stem),
            IndexRecordOption::WithFreqs,
        ))
    }

    fn hit(searcher: &Searcher, score: f32, address: DocAddress) -> Result<Hit, IndexError> {
        let fast = searcher.segment_reader(address.segment_ord).fast_fields();
        let value = |name: &str| -> Result<u64, IndexError> {
            Ok(fast.u64(name)?.first(address.doc_id).unwrap_or_default())
        };
        let paragraph =
            |name: &str| Ok::<_, IndexError>(u32::try_from(value(name)?).unwrap_or(u32::MAX));
        Ok(Hit {
            article: value("article")?,
            paragraphs: (paragraph("first")?, paragraph("last")?),
            score,
        })
    }

    /// The terms of a raw field that begin with `prefix` (after mapping by `keep`), most frequent first.
    fn completions(
        &self,
        field: tantivy::schema::Field,
        prefix: &str,
        mut keep: impl FnMut(&str) -> Option<(usize, String)>,
    ) -> Result<Vec<(usize, Counted)>, IndexError> {
        let searcher = self.reader.searcher();
        let mut found: BTreeMap<String, (usize, u64)> = BTreeMap::new();
        for segment in searcher.segment_readers() {
            let index = segment.inverted_index(field)?;
            let mut stream = index
                .terms()
                .range()
                .ge(prefix)
                .into_stream()
                .map_err(tantivy::TantivyError::from)?;
            let mut scanned = 0;
            while stream.advance() && scanned < TERMS_SCANNED {
                scanned += 1;
                let Ok(term) = std::str::from_utf8(stream.key()) else {
                    continue;
                };
                if !term.starts_with(prefix) {
                    break;
                }
                if let Some((rank, text)) = keep(term) {
                    found.entry(text).or_insert((rank, 0)).1 += u64::from(stream.value().doc_freq);
                }
            }
        }
        let mut counted: Vec<(usize, Counted)> = found
            .into_iter()
            .map(|(text, (rank, articles))| (rank, Counted { text, articles }))
            .collect();
        counted.sort_by(|(a_rank, a), (b_rank, b)| {
            a_rank
                .cmp(b_rank)
                .then(b.articles.cmp(&a.articles))
                .then(a.text.cmp(&b.text))
        });
        Ok(counted)
    }
}

impl Index for Embedded {
    fn add(&self, documents: &[Document]) -> Result<(), IndexError> {
        let writer = self.writer();
        documents
            .iter()
            .try_for_each(|document| self.write(&writer, document))
    }

    fn remove(&self, ids: &[&str]) -> Result<(), IndexError> {
        let writer = self.writer();
        for id in ids {
            if let Some(number) = self.number(id)? {
                writer.delete_term(EngineTerm::from_field_u64(self.fields.article, number));
                self.documents.invalidate(&number);
            }
        }
        Ok(())
    }

    fn commit(&self) -> Result<(), IndexError> {
        self.writer().commit()?;
        self.reader.reload()?;
        let counted = self.count()?;
        *self.size.write().unwrap_or_else(PoisonError::into_inner) = counted;
        Ok(())
    }

    fn search(&self, query: &Query, limit: usize) -> Result<Vec<Hit>, IndexError> {
        let Some(compiled) = self.compile(query).filter(|_| limit > 0) else {
            return Ok(Vec::new());
        };
        let searcher = self.reader.searcher();
        let found = searcher.search(&compiled, &TopDocs::with_limit(limit).order_by_score())?;
        found
            .into_iter()
            .map(|(score, address)| Self::hit(&searcher, score, address))
            .collect()
    }

    fn document(&self, number: u64) -> Result<Option<Arc<Document>>, IndexError> {
        if let Some(known) = self.documents.get(&number) {
            return Ok(Some(known));
        }
        let searcher = self.reader.searcher();
        let Some(address) = self.record(&searcher, number)? else {
            return Ok(None);
        };
        let record: TantivyDocument = searcher.doc(address)?;
        let damaged = |reason: String| IndexError::Document {
            id: number.to_string(),
            reason,
        };
        let stored = record
            .get_first(self.fields.document)
            .and_then(|value| value.as_bytes())
            .ok_or_else(|| damaged("its record holds no document".to_owned()))?;
        let document: Arc<Document> =
            Arc::new(postcard::from_bytes(stored).map_err(|error| damaged(error.to_string()))?);
        self.documents.insert(number, Arc::clone(&document));
        Ok(Some(document))
    }

    fn number(&self, id: &str) -> Result<Option<u64>, IndexError> {
        let searcher = self.reader.searcher();
        let query = unscored(EngineTerm::from_field_text(self.fields.id, id));
        let found = searcher.search(&query, &DocSetCollector)?;
        found
            .into_iter()
            .next()
            .map(|address| Self::hit(&searcher, 0.0, address).map(|hit| hit.article))
            .transpose()
    }

    fn newest(&self, skip: usize, limit: usize) -> Result<Vec<u64>, IndexError> {
        if limit == 0 {
            return Ok(Vec::new());
        }
        let searcher = self.reader.searcher();
        let articles = BooleanQuery::new(vec![
            (Occur::Must, Box::new(AllQuery) as Box<dyn EngineQuery>),
            (Occur::MustNot, self.windows()),
        ]);
        let order = TopDocs::with_limit(limit)
            .and_offset(skip)
            .order_by_fast_field::<i64>("published", Order::Desc);
        let found = searcher.search(&articles, &order)?;
        found
            .into_iter()
            .map(|(_, address)| Ok(Self::hit(&searcher, 0.0, address)?.article))
            .collect()
    }

    fn frequencies(&self, stems: &[&str]) -> Result<Vec<u64>, IndexError> {
        let searcher = self.reader.searcher();
        stems
            .iter()
            .map(
                |stem| Ok(searcher.doc_freq(&EngineTerm::from_field_text(self.fields.text, stem))?),
            )
            .collect()
    }

    fn words(&self, prefix: &str, limit: usize) -> Result<Vec<Counted>, IndexError> {
        let found =
            self.completions(self.fields.word, prefix, |word| Some((0, word.to_owned())))?;
        Ok(found
            .into_iter()
            .map(|(_, counted)| counted)
            .take(limit)
            .collect())
    }

    fn near(&self, word: &str, limit: usize) -> Result<Vec<Counted>, IndexError> {
        // Who misspells a word mostly gets its first letter right; that keeps the look-up short.
        let Some(first) = word.chars().next() else {
            return Ok(Vec::new());
        };
        let letters = word.chars().count();
        let allowed = match letters {
            0..=3 => return Ok(Vec::new()),
            4..=7 => 1,
            _ => 2,
        };
        let found = self.completions(self.fields.word, &first.to_string(), |other| {
            if other == word || other.chars().count().abs_diff(letters) > allowed {
                return None;
            }
            let distance = strsim::osa_distance(word, other);
            (distance <= allowed).then(|| (distance, other.to_owned()))
        })?;
        Ok(found
            .into_iter()
            .map(|(_, counted)| counted)
            .take(limit)
            .collect())
    }

    fn names(&self, prefix: &str, limit: usize) -> Result<Vec<Counted>, IndexError> {
        let found = self.completions(self.fields.name, prefix, |term| {
            term.split_once(NAME_MARK)
                .map(|(_, name)| (0, name.to_owned()))
        })?;
        Ok(found
            .into_iter()
            .map(|(_, counted)| counted)
            .take(limit)
            .collect())
    }

    fn size(&self) -> Result<Size, IndexError> {
        Ok(*self.size.read().unwrap_or_else(PoisonError::into_inner))
    }
}

/// What parts a word of a name from the whole name, in the terms of the `name` field.
const NAME_MARK: char = '\u{1}';

/// The document's different words, folded.
fn words(document: &Document) -> BTreeSet<String> {
    let body = &document.article.body;
    tokens(body)
        .filter(|token| token.kind == TokenKind::Word)
        .map(|token| fold(token.span.of(body)).into_owned())
        .map(|word| word.strip_suffix("'s").map_or(word.clone(), str::to_owned))
        .filter(|word| word.chars().nth(2).is_some())
        .collect()
}

/// The names of those who are quoted, each under every one of its words.
fn names(document: &Document) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for speaker in document
        .passages
        .iter()
        .flat_map(|passage| &passage.quotations)
        .filter_map(|quotation| quotation.speaker.as_ref())
    {
        let name = document.text(speaker.name.unwrap_or(speaker.mention));
        let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
        if !name.starts_with(char::is_uppercase) || name.contains(NAME_MARK) {
            continue;
        }
        for token in tokens(&name).filter(|token| token.kind == TokenKind::Word) {
            found.insert(format!("{}{NAME_MARK}{name}", fold(token.span.of(&name))));
        }
    }
    found
}

fn occur(required: bool) -> Occur {
    if required { Occur::Must } else { Occur::Should }
}

fn unscored(term: EngineTerm) -> Box<dyn EngineQuery> {
    let query = TermQuery::new(term, IndexRecordOption::Basic);
    Box::new(ConstScoreQuery::new(Box::new(query), 0.0))
}

fn days_since_1970(day: Date) -> i64 {
    i64::from(
        jiff::civil::date(1970, 1, 1)
            .until(day)
            .map_or(0, |span| span.get_days()),
    )
}

fn day_of_1970(days: i64) -> Option<Date> {
    jiff::civil::date(1970, 1, 1).checked_add(days.days()).ok()
}
