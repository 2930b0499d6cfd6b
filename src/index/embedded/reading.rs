//! What is read back: what is known of an article, its record, its document, and hits.

use std::{
    collections::BTreeMap,
    sync::{Arc, PoisonError},
};

use rustc_hash::FxHashMap;
use tantivy::{
    DocAddress, DocSet, Searcher, TERMINATED, TantivyDocument, Term as EngineTerm,
    collector::DocSetCollector, columnar::Column, schema::IndexRecordOption,
};

use super::{
    Embedded,
    compile::unscored,
    records::{Writing, unpacked},
};
use crate::{
    index::{Hit, IndexError, Known},
    passage::Document,
};

/// The article's number, and the first and last paragraph.
pub(super) type HitColumns = [Column<u64>; 3];

impl Embedded {
    /// What will be known of the article with this id after the next commit.
    pub(super) fn known_in(
        &self,
        writing: &Writing,
        searcher: &Searcher,
        id: &str,
    ) -> Result<Option<Known>, IndexError> {
        let known = match writing.pending(id) {
            Some(known) => Some(known.clone()),
            None => self.committed(searcher, id)?,
        };
        Ok(known.filter(|known| !writing.is_removed(known.number)))
    }

    /// What is known of the committed article with this id.
    pub(super) fn committed(
        &self,
        searcher: &Searcher,
        id: &str,
    ) -> Result<Option<Known>, IndexError> {
        let query = unscored(EngineTerm::from_field_text(self.fields.id, id));
        let Some(address) = searcher
            .search(&query, &DocSetCollector)?
            .into_iter()
            .next()
        else {
            return Ok(None);
        };
        let fast = searcher.segment_reader(address.segment_ord).fast_fields();
        let mut file = String::new();
        if let Some(column) = fast.str("file")?
            && let Some(ordinal) = column.term_ords(address.doc_id).next()
        {
            column
                .ord_to_str(ordinal, &mut file)
                .map_err(tantivy::TantivyError::from)?;
        }
        let value = |name: &str| -> Result<u64, IndexError> {
            Ok(fast.u64(name)?.first(address.doc_id).unwrap_or_default())
        };
        Ok(Some(Known {
            number: value("article")?,
            file,
            fingerprint: value("fingerprint")?,
        }))
    }

    /// The record of the article with this number. Of its records it is the first.
    pub(super) fn record(
        &self,
        searcher: &Searcher,
        number: u64,
    ) -> Result<Option<DocAddress>, IndexError> {
        let term = EngineTerm::from_field_u64(self.fields.article, number);
        let columns = self.columns(searcher)?;
        let segments = searcher.segment_readers().iter().zip(columns.iter());
        for (ordinal, (segment, [numbers, ..])) in (0..).zip(segments) {
            if !(numbers.min_value()..=numbers.max_value()).contains(&number) {
                continue;
            }
            let index = segment.inverted_index(self.fields.article)?;
            let Some(mut postings) = index
                .read_postings(&term, IndexRecordOption::Basic)
                .map_err(tantivy::TantivyError::from)?
            else {
                continue;
            };
            // Of an article that was replaced, records that are dead may lie in the same segment.
            while postings.doc() != TERMINATED && segment.is_deleted(postings.doc()) {
                postings.advance();
            }
            if postings.doc() != TERMINATED {
                return Ok(Some(DocAddress::new(ordinal, postings.doc())));
            }
        }
        Ok(None)
    }

    /// The document that a record stores.
    pub(super) fn read(
        &self,
        searcher: &Searcher,
        number: u64,
        address: DocAddress,
    ) -> Result<Arc<Document>, IndexError> {
        let record: TantivyDocument = searcher.doc(address)?;
        let document: Arc<Document> =
            Arc::new(unpacked(self.fields, &record, &number.to_string())?);
        self.documents.insert(number, Arc::clone(&document));
        Ok(document)
    }

    /// The columns of what a hit tells. To open them anew takes as long as to find it, so they are kept until the
    /// next commit.
    fn columns(&self, searcher: &Searcher) -> Result<Arc<[HitColumns]>, IndexError> {
        let state = searcher.generation().generation_id();
        let mut kept = self.columns.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((of, columns)) = kept.as_ref()
            && *of == state
        {
            return Ok(Arc::clone(columns));
        }
        let opened = searcher.segment_readers().iter().map(|segment| {
            let fast = segment.fast_fields();
            Ok([fast.u64("article")?, fast.u64("first")?, fast.u64("last")?])
        });
        let opened: Arc<[HitColumns]> = opened.collect::<Result<_, tantivy::TantivyError>>()?;
        *kept = Some((state, Arc::clone(&opened)));
        Ok(opened)
    }

    /// What was found, as hits.
    pub(super) fn hits(
        &self,
        searcher: &Searcher,
        found: &[(f32, DocAddress)],
    ) -> Result<Vec<Hit>, IndexError> {
        let columns = self.columns(searcher)?;
        let hit = |&(score, address): &(f32, DocAddress)| {
            let [article, first, last] = columns.get(address.segment_ord as usize)?;
            let paragraph = |column: &Column<u64>| {
                let number = column.first(address.doc_id).unwrap_or_default();
                u32::try_from(number).unwrap_or(u32::MAX)
            };
            Some(Hit {
                article: article.first(address.doc_id).unwrap_or_default(),
                paragraphs: (paragraph(first), paragraph(last)),
                score,
            })
        };
        Ok(found.iter().filter_map(hit).collect())
    }

    /// The numbers of the articles of these records.
    pub(super) fn numbers(
        &self,
        searcher: &Searcher,
        found: impl IntoIterator<Item = DocAddress>,
    ) -> Result<Vec<u64>, IndexError> {
        let found: Vec<(f32, DocAddress)> =
            found.into_iter().map(|address| (0.0, address)).collect();
        let hits = self.hits(searcher, &found)?;
        Ok(hits.into_iter().map(|hit| hit.article).collect())
    }

    /// The documents with these numbers, read in the order in which they are stored.
    pub(super) fn bring(&self, numbers: &[u64]) -> Result<Vec<Option<Arc<Document>>>, IndexError> {
        let searcher = self.reader.searcher();
        let mut found: Vec<Option<Arc<Document>>> = Vec::with_capacity(numbers.len());
        let mut missing = BTreeMap::new();
        for number in numbers {
            let known = self.documents.get(number);
            if known.is_none()
                && let Some(address) = self.record(&searcher, *number)?
            {
                missing.insert(address, *number);
            }
            found.push(known);
        }
        // In the order in which they are stored, each block is unpacked once.
        let mut read = FxHashMap::default();
        for (address, number) in missing {
            read.insert(number, self.read(&searcher, number, address)?);
        }
        for (number, found) in numbers.iter().zip(&mut found) {
            if found.is_none() {
                *found = read.get(number).cloned();
            }
        }
        Ok(found)
    }
}
