//! What is read from the cluster: hits, articles by number, key or age, files, and how much there is.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use rayon::prelude::*;
use serde_json::{Value, json};

use super::{
    compile::compile,
    connection::Patience,
    records::{print, unpacked},
    store::{Row, Store},
};
use crate::{
    article::Fingerprint,
    index::{FileRecord, Hit, IndexError, Known, Query, Size, days::day_of_1970},
    passage::Document,
};

/// How many records the cluster brings at once, and how deep it counts into an order, at most.
const PAGE: usize = 10_000;

/// How many documents, and how many files, are brought at once.
const DOCUMENTS: usize = 250;
const FILES: usize = 1000;

/// How many terms a query has, at most; the cluster's own limit is twice that.
const TERMS: usize = 30_000;

/// A committed article.
#[derive(Clone, Debug)]
pub struct Committed {
    /// What is known of it.
    pub known: Known,
    /// How many windows it has.
    pub windows: usize,
}

/// An article as of now: its number, and the hash by which a change is noticed.
pub type Stamp = (u64, i64);

impl Store {
    /// The best windows, best first, and the articles they are of.
    pub fn hits(&self, query: &Query, limit: usize) -> Result<(Vec<Hit>, Vec<Stamp>), IndexError> {
        let Some(compiled) = compile(query, self.scale()?).filter(|_| limit > 0) else {
            return Ok((Vec::new(), Vec::new()));
        };
        let mut body = json!({
            "size": limit.min(PAGE),
            "query": compiled.query,
            "stored_fields": "_none_",
            "docvalue_fields": ["article", "first", "last", "fingerprint"],
            "track_total_hits": false,
        });
        // An order beside the score would make the cluster look at all that matches, so it is only asked
        // for where few things do.
        if compiled.by_order
            && let Some(body) = body.as_object_mut()
        {
            body.insert(
                "sort".to_owned(),
                json!(["_score", {"article": "asc"}, {"first": "asc"}]),
            );
        }
        let rows = self.search_scored(&body)?.hits.hits;
        let stamps = rows.iter().map(Row::stamp).collect();
        let mut hits: Vec<Hit> = rows.iter().map(hit).collect();
        hits.sort_by(|a, b| {
            b.score
                .total_cmp(&a.score)
                .then(a.article.cmp(&b.article))
                .then(a.paragraphs.cmp(&b.paragraphs))
        });
        Ok((hits, stamps))
    }

    /// The documents with these numbers, each with its stamp, in no order.
    pub fn documents(&self, numbers: &[u64]) -> Result<Vec<(Stamp, Arc<Document>)>, IndexError> {
        let mut documents = Vec::new();
        for numbers in numbers.chunks(DOCUMENTS) {
            let found = self.search(&json!({
                "size": numbers.len(),
                "query": articles(&json!({"terms": {"article": numbers}})),
                "_source": ["stored"],
                "docvalue_fields": ["article", "fingerprint"],
                "track_total_hits": false,
            }))?;
            let unpacked = found.hits.hits.into_par_iter().map(|row| {
                let stamp = row.stamp();
                let document = unpacked(&stamp.0.to_string(), &row.source.stored)?;
                Ok((stamp, Arc::new(document)))
            });
            documents.extend(unpacked.collect::<Result<Vec<_>, IndexError>>()?);
        }
        Ok(documents)
    }

    /// The committed articles with these keys.
    pub fn committed(
        &self,
        keys: &[String],
        patience: Patience,
    ) -> Result<HashMap<String, Committed>, IndexError> {
        self.articles(keys, patience, |keys| json!({"ids": {"values": keys}}))
    }

    /// The committed articles with these numbers, by key.
    pub fn numbered(&self, numbers: &[u64]) -> Result<HashMap<String, Committed>, IndexError> {
        self.articles(numbers, Patience::Writing, |numbers| {
            articles(&json!({"terms": {"article": numbers}}))
        })
    }

    fn articles<T>(
        &self,
        sought: &[T],
        patience: Patience,
        query: impl Fn(&[T]) -> Value,
    ) -> Result<HashMap<String, Committed>, IndexError> {
        let mut found = HashMap::new();
        for sought in sought.chunks(PAGE) {
            let rows = self.survey(
                &json!({
                    "size": sought.len(),
                    "query": query(sought),
                    "_source": false,
                    "docvalue_fields": ["article", "fingerprint", "windows", "file"],
                    "track_total_hits": false,
                }),
                patience,
            )?;
            found.extend(rows.hits.hits.into_iter().map(|row| {
                let known = Known {
                    number: row.article(),
                    file: row.file(),
                    fingerprint: row.fingerprint().cast_unsigned(),
                };
                let windows = row.windows();
                (row.key, Committed { known, windows })
            }));
        }
        Ok(found)
    }

    /// Articles that have one of these marks: numbers, ids and fingerprints. Of very many not all: what is
    /// passed over stays an article of its own.
    pub fn marked(
        &self,
        marks: &BTreeSet<String>,
    ) -> Result<Vec<(u64, String, Fingerprint)>, IndexError> {
        let marks: Vec<&String> = marks.iter().collect();
        let mut found = Vec::new();
        for marks in marks.chunks(TERMS) {
            let rows = self.survey(
                &json!({
                    "size": PAGE,
                    "query": articles(&json!({"terms": {"mark": marks}})),
                    "_source": ["id", "print"],
                    "docvalue_fields": ["article"],
                    "track_total_hits": false,
                }),
                Patience::Writing,
            )?;
            found.extend(rows.hits.hits.into_iter().filter_map(|row| {
                let print = print(&row.source.print)?;
                Some((row.article(), row.source.id, print))
            }));
        }
        Ok(found)
    }

    /// The highest number that an article has.
    pub fn last_number(&self) -> Result<u64, IndexError> {
        let found = self.survey(
            &json!({
                "size": 1,
                "query": articles(&json!({"match_all": {}})),
                "stored_fields": "_none_",
                "docvalue_fields": ["article"],
                "sort": [{"article": "desc"}],
                "track_total_hits": false,
            }),
            Patience::Writing,
        )?;
        Ok(found.hits.hits.first().map_or(0, Row::article))
    }

    /// The newest articles, newest first, after the first `skip`; of one day's, those first that came first.
    pub fn newest(&self, skip: usize, limit: usize) -> Result<Vec<Stamp>, IndexError> {
        let order = json!([{"published": "desc"}, {"article": "asc"}]);
        let mut left = skip;
        let mut stamps = Vec::new();
        let mut after = None;
        while stamps.len() < limit {
            // The cluster counts only so far into an order; what lies deeper is reached page by page.
            let wanted = (left + limit - stamps.len()).min(PAGE);
            let query = articles(&json!({"match_all": {}}));
            let rows = self.page(&query, &order, wanted, after.take(), Patience::Reading)?;
            let full = rows.len() == wanted;
            after = rows.last().map(|row| json!(row.sort));
            let skipped = left.min(rows.len());
            left -= skipped;
            stamps.extend(rows.iter().skip(skipped).map(Row::stamp));
            if !full {
                break;
            }
        }
        Ok(stamps)
    }

    /// The numbers of each file's articles.
    pub fn articles_of(&self, paths: &[&str]) -> Result<Vec<Vec<u64>>, IndexError> {
        let mut numbers: BTreeMap<String, Vec<u64>> = BTreeMap::new();
        let query = articles(&json!({"terms": {"file": paths}}));
        let order = json!([{"article": "asc"}]);
        let mut after = None;
        let mut more = !paths.is_empty();
        while more {
            let rows = self.page(&query, &order, PAGE, after.take(), Patience::Writing)?;
            for row in &rows {
                numbers.entry(row.file()).or_default().push(row.article());
            }
            more = rows.len() == PAGE;
            after = rows.last().map(|row| json!(row.sort));
        }
        Ok(paths
            .iter()
            .map(|path| numbers.get(*path).cloned().unwrap_or_default())
            .collect())
    }

    /// One page of an order, without what the records store.
    fn page(
        &self,
        query: &Value,
        order: &Value,
        size: usize,
        after: Option<Value>,
        patience: Patience,
    ) -> Result<Vec<Row>, IndexError> {
        let mut body = json!({
            "size": size,
            "query": query,
            "stored_fields": "_none_",
            "docvalue_fields": ["article", "fingerprint", "file"],
            "sort": order,
            "track_total_hits": false,
        });
        if let (Some(after), Some(body)) = (after, body.as_object_mut()) {
            body.insert("search_after".to_owned(), after);
        }
        Ok(self.survey(&body, patience)?.hits.hits)
    }

    /// The files that are remembered.
    pub fn files(&self) -> Result<Vec<FileRecord>, IndexError> {
        let mut files = Vec::new();
        let mut after: Option<Value> = None;
        loop {
            let mut body = json!({
                "size": FILES,
                "query": {"bool": {"filter": [{"term": {"kind": "file"}}]}},
                "_source": ["stored"],
                "sort": [{"path": "asc"}],
                "track_total_hits": false,
            });
            if let (Some(after), Some(body)) = (after.take(), body.as_object_mut()) {
                body.insert("search_after".to_owned(), after);
            }
            let rows = self.survey(&body, Patience::Writing)?.hits.hits;
            for row in &rows {
                files.push(unpacked("a file", &row.source.stored)?);
            }
            if rows.len() < FILES {
                return Ok(files);
            }
            after = rows.last().map(|row| json!(row.sort));
        }
    }

    /// How much there is. The cluster counts it once after each commit, and then remembers it.
    pub fn size(&self) -> Result<Size, IndexError> {
        let sum = |field: &str| json!({"sum": {"field": field}});
        let found = self.search(&json!({
            "size": 0,
            "query": articles(&json!({"match_all": {}})),
            "track_total_hits": true,
            "aggs": {
                "windows": sum("windows"),
                "passages": sum("passages"),
                "sentences": sum("sentences"),
                "timexes": sum("timexes"),
                "quotations": sum("quotations"),
                "first": {"min": {"field": "published"}},
                "last": {"max": {"field": "published"}},
            },
        }))?;
        let value = |name: &str| found.aggregations.get(name)?.get("value")?.as_f64();
        let count = |name: &str| value(name).map_or(0, whole).unsigned_abs();
        let day = |name: &str| day_of_1970(whole(value(name)?));
        Ok(Size {
            articles: found.hits.total.map_or(0, |total| total.value),
            windows: count("windows"),
            passages: count("passages"),
            sentences: count("sentences"),
            timexes: count("timexes"),
            quotations: count("quotations"),
            published: day("first").zip(day("last")),
        })
    }
}

impl Row {
    /// The article's number and hash.
    fn stamp(&self) -> Stamp {
        (self.article(), self.fingerprint())
    }
}

fn hit(row: &Row) -> Hit {
    let paragraph = |field: &[u32]| field.first().copied().unwrap_or_default();
    Hit {
        article: row.article(),
        paragraphs: (paragraph(&row.fields.first), paragraph(&row.fields.last)),
        score: row.score.unwrap_or_default(),
    }
}

/// The articles' own records that a query finds, without scores.
pub fn articles(query: &Value) -> Value {
    json!({"bool": {"filter": [{"term": {"kind": "article"}}, query]}})
}

/// A whole number that the cluster gives as one with a fraction.
#[expect(
    clippy::cast_possible_truncation,
    reason = "sums of counts and numbers of days are whole and far below 2^53"
)]
fn whole(value: f64) -> i64 {
    value.round() as i64
}
