//! The calls that the index is made of, beside `_bulk`: create, search, get, `_refresh`, and the alias.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        OnceLock,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};
use ureq::http::Method;

use super::{
    address::Cluster,
    bulk::{ALL_PAUSES, FIRST_PAUSE, LONGEST_PAUSE},
    connection::{Connection, Failure, FailureKind, Patience},
    mapping::{definition, index_name, is_own},
    records::Operation,
};
use crate::index::{IndexError, Opened};

/// One shard for the few records that must be written in their order.
pub const ROUTE: &str = "writer";

/// An index in a cluster.
pub struct Store {
    /// The way to the cluster.
    pub connection: Connection,
    /// The alias of the complete index.
    alias: String,
    /// The index of these rules.
    pub index: String,
    version: u64,
    /// Whether the index was seen.
    there: AtomicBool,
    /// What this cluster leaves out of BM25.
    scale: OnceLock<f32>,
}

/// What a search brings.
#[derive(Debug, Deserialize)]
pub struct Found {
    /// The records.
    pub hits: Hits,
    /// What was counted.
    #[serde(default)]
    pub aggregations: Value,
    /// Words that are near others.
    #[serde(default)]
    pub suggest: Value,
}

/// The records that a search brings.
#[derive(Debug, Deserialize)]
pub struct Hits {
    /// How many there are, where that was asked.
    pub total: Option<Total>,
    /// The first of them.
    pub hits: Vec<Row>,
}

/// How many records there are.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct Total {
    /// The number.
    pub value: u64,
}

/// A record that a search brings.
#[derive(Debug, Deserialize)]
pub struct Row {
    /// Its id; empty where it was not asked for.
    #[serde(default, rename = "_id")]
    pub key: String,
    /// Its score.
    #[serde(rename = "_score")]
    pub score: Option<f32>,
    /// Its numbers.
    #[serde(default)]
    pub fields: Fields,
    /// What it stores.
    #[serde(default, rename = "_source")]
    pub source: Source,
    /// Its place in the order.
    #[serde(default)]
    pub sort: Vec<Value>,
}

/// The numbers of a record; the cluster gives each in a list.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Fields {
    /// The article's number.
    pub article: Vec<u64>,
    /// The hash of the article as it was read.
    pub fingerprint: Vec<i64>,
    /// How many windows it has.
    pub windows: Vec<usize>,
    /// The file it came from.
    pub file: Vec<String>,
    /// The window's first paragraph.
    pub first: Vec<u32>,
    /// The window's last paragraph.
    pub last: Vec<u32>,
}

/// What a record stores.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Source {
    /// The packed value.
    pub stored: String,
    /// The article's id.
    pub id: String,
    /// By what the same article is known elsewhere.
    pub print: String,
    /// Its words, with spaces between them.
    pub word: String,
}

impl Row {
    /// The article's number.
    pub fn article(&self) -> u64 {
        self.fields.article.first().copied().unwrap_or_default()
    }

    /// The hash of the article as it was read.
    pub fn fingerprint(&self) -> i64 {
        self.fields.fingerprint.first().copied().unwrap_or_default()
    }

    /// How many windows the article has.
    pub fn windows(&self) -> usize {
        self.fields.windows.first().copied().unwrap_or_default()
    }

    /// The file the article came from.
    pub fn file(&self) -> String {
        self.fields.file.first().cloned().unwrap_or_default()
    }
}

impl Store {
    /// The index of `version` in a cluster. Nothing is sent yet.
    pub fn new(cluster: &Cluster, version: u64) -> Self {
        Self {
            connection: Connection::new(cluster),
            alias: cluster.name.clone(),
            index: index_name(&cluster.name, version),
            version,
            there: AtomicBool::new(false),
            scale: OnceLock::new(),
        }
    }

    /// Makes sure that the index is there, and says how it was found.
    pub fn prepare(&self) -> Result<Opened, IndexError> {
        let known = format!("{}/_mapping", self.index);
        let found: Result<BTreeMap<String, Value>, Failure> = self.read(&Method::GET, &known, &[]);
        let opened = match found {
            Ok(found) => {
                let version = found
                    .get(&self.index)
                    .and_then(|index| index.pointer("/mappings/_meta/dateline"));
                if version.and_then(Value::as_str) != Some(&format!("{:016x}", self.version)) {
                    return Err(self.refused(&format!(
                        "has an index {} that Dateline did not make: delete it, or set another name, [index] index",
                        self.index
                    )));
                }
                Opened::Existing
            }
            Err(failure) if failure.kind == FailureKind::Refused(404) => {
                let others = self.aliased()?;
                self.create()?;
                if others.is_empty() {
                    Opened::New
                } else {
                    Opened::Rebuilding {
                        reason: "was made by another version of Dateline or with other rules"
                            .to_owned(),
                    }
                }
            }
            Err(failure) => return Err(failure.into()),
        };
        self.there.store(true, Ordering::Release);
        Ok(opened)
    }

    fn create(&self) -> Result<(), IndexError> {
        let definition = definition(self.version).to_string();
        let made: Result<Value, Failure> = self.connection.call(
            &Method::PUT,
            &self.index,
            definition.as_bytes(),
            Patience::Writing,
        );
        match made {
            Ok(_) => Ok(()),
            // Another process was quicker, or the answer to the first attempt was lost.
            Err(failure) if failure.to_string().contains("already exists") => Ok(()),
            Err(failure) => Err(failure.into()),
        }
    }

    fn ensure(&self) -> Result<(), IndexError> {
        if !self.there.load(Ordering::Acquire) {
            self.prepare()?;
        }
        Ok(())
    }

    fn read<T: DeserializeOwned>(
        &self,
        method: &Method,
        path: &str,
        body: &[u8],
    ) -> Result<T, Failure> {
        self.connection.call(method, path, body, Patience::Reading)
    }

    /// By what the cluster's BM25 must be multiplied to have the factor k₁ + 1. Lucene has left it out since
    /// version 8; Elasticsearch, and OpenSearch before version 3, kept it.
    pub fn scale(&self) -> Result<f32, IndexError> {
        if let Some(scale) = self.scale.get() {
            return Ok(*scale);
        }
        let about: Value = match self.read(&Method::GET, "", &[]) {
            Ok(about) => about,
            // Not everybody may ask.
            Err(failure) if matches!(failure.kind, FailureKind::Refused(_)) => Value::Null,
            Err(failure) => return Err(failure.into()),
        };
        Ok(*self.scale.get_or_init(|| scale(&about)))
    }

    /// A mistake that no second attempt mends.
    pub fn refused(&self, reason: &str) -> IndexError {
        self.connection
            .failure(FailureKind::Refused(0), reason)
            .into()
    }

    /// Searches. An answer without some of the shards would be another answer, so it is none.
    pub fn search(&self, body: &Value) -> Result<Found, IndexError> {
        self.search_with("", body, Patience::Reading)
    }

    /// Searches for somebody who writes, and waits longer.
    pub fn survey(&self, body: &Value, patience: Patience) -> Result<Found, IndexError> {
        self.search_with("", body, patience)
    }

    /// Searches with scores that are those of the whole index and not of each shard.
    pub fn search_scored(&self, body: &Value) -> Result<Found, IndexError> {
        self.search_with("&search_type=dfs_query_then_fetch", body, Patience::Reading)
    }

    fn search_with(
        &self,
        options: &str,
        body: &Value,
        patience: Patience,
    ) -> Result<Found, IndexError> {
        self.ensure()?;
        let path = format!(
            "{}/_search?allow_partial_search_results=false{options}",
            self.index
        );
        let body = body.to_string();
        Ok(self
            .connection
            .call(&Method::POST, &path, body.as_bytes(), patience)?)
    }

    /// How many records each query finds.
    pub fn count(&self, queries: &[Value]) -> Result<Vec<u64>, IndexError> {
        #[derive(Deserialize)]
        struct Answers {
            responses: Vec<Value>,
        }
        if queries.is_empty() {
            return Ok(Vec::new());
        }
        self.ensure()?;
        let mut body = String::new();
        for query in queries {
            let count = json!({"size": 0, "track_total_hits": true, "query": query});
            body.push_str("{\"allow_partial_search_results\":false}\n");
            body.push_str(&count.to_string());
            body.push('\n');
        }
        let path = format!("{}/_msearch", self.index);
        let answers: Answers = self.read(&Method::POST, &path, body.as_bytes())?;
        answers
            .responses
            .iter()
            .map(|answer| {
                let total = answer.pointer("/hits/total/value").and_then(Value::as_u64);
                total.ok_or_else(|| self.refused("does not count what it was asked for"))
            })
            .collect()
    }

    /// What the record with this id stores, whether it is visible yet or not.
    pub fn stored(&self, key: &str) -> Result<Option<String>, IndexError> {
        #[derive(Deserialize)]
        struct Got {
            #[serde(rename = "_source")]
            source: Source,
        }
        let path = format!("{}/_doc/{key}?routing={ROUTE}", self.index);
        let got: Result<Got, Failure> =
            self.connection
                .call(&Method::GET, &path, &[], Patience::Writing);
        match got {
            Ok(got) => Ok(Some(got.source.stored)),
            Err(failure) if failure.kind == FailureKind::Refused(404) => Ok(None),
            Err(failure) => Err(failure.into()),
        }
    }

    /// Writes one of the few records that are read back by their id.
    pub fn store(&self, key: &str, record: &Value) -> Result<(), IndexError> {
        let action = json!({"index": {"_id": key, "routing": ROUTE}});
        self.bulk(&[Operation {
            about: key.to_owned(),
            lines: format!("{action}\n{record}\n"),
        }])
    }

    /// Removes such records, in this order.
    pub fn unstore(&self, keys: &[String]) -> Result<(), IndexError> {
        let operations: Vec<Operation> = keys
            .iter()
            .map(|key| Operation {
                about: key.clone(),
                lines: format!("{}\n", json!({"delete": {"_id": key, "routing": ROUTE}})),
            })
            .collect();
        self.bulk(&operations)
    }

    /// Makes visible what was written.
    pub fn refresh(&self) -> Result<(), IndexError> {
        #[derive(Deserialize)]
        struct Refreshed {
            #[serde(rename = "_shards")]
            shards: Shards,
        }
        #[derive(Deserialize)]
        struct Shards {
            failed: u64,
        }
        let path = format!("{}/_refresh", self.index);
        let mut pause = FIRST_PAUSE;
        let mut waited = Duration::ZERO;
        loop {
            let refreshed: Result<Refreshed, Failure> =
                self.connection
                    .call(&Method::POST, &path, &[], Patience::Writing);
            match refreshed {
                Ok(refreshed) if refreshed.shards.failed == 0 => return Ok(()),
                Err(failure) if !matches!(failure.kind, FailureKind::Busy(_)) => {
                    return Err(failure.into());
                }
                _ if waited >= ALL_PAUSES => {
                    return Err(self.refused("has not made visible for a minute what was written"));
                }
                _ => {}
            }
            thread::sleep(pause);
            waited += pause;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    /// The indexes that the alias stands for.
    fn aliased(&self) -> Result<BTreeSet<String>, IndexError> {
        let path = format!("_alias/{}", self.alias);
        match self.read::<BTreeMap<String, Value>>(&Method::GET, &path, &[]) {
            Ok(found) => Ok(found.into_keys().collect()),
            Err(failure) if failure.kind == FailureKind::Refused(404) => Ok(BTreeSet::new()),
            Err(failure) => Err(failure.into()),
        }
    }

    /// Lets the alias stand for this index. The index it stood for stays, for the bots that still read it;
    /// those before that one go.
    pub fn complete(&self) -> Result<(), IndexError> {
        let before = self.aliased()?;
        if before.len() == 1 && before.contains(&self.index) {
            return Ok(());
        }
        let mut actions: Vec<Value> = before
            .iter()
            .filter(|index| **index != self.index && is_own(index, &self.alias))
            .map(|index| json!({"remove": {"index": index, "alias": self.alias}}))
            .collect();
        actions.push(json!({"add": {"index": self.index, "alias": self.alias}}));
        let body = json!({"actions": actions}).to_string();
        let _: Value = self.connection.call(
            &Method::POST,
            "_aliases",
            body.as_bytes(),
            Patience::Writing,
        )?;
        let path = format!("{}-*/_alias", self.alias);
        let all: BTreeMap<String, Value> = self.read(&Method::GET, &path, &[])?;
        let gone: Vec<String> = all
            .into_keys()
            .filter(|index| {
                is_own(index, &self.alias) && *index != self.index && !before.contains(index)
            })
            .collect();
        for index in gone {
            tracing::info!(index, "removing an index that was replaced");
            let _: Value = self
                .connection
                .call(&Method::DELETE, &index, &[], Patience::Writing)?;
        }
        Ok(())
    }
}

/// What an engine that says this about itself leaves out of BM25.
fn scale(about: &Value) -> f32 {
    let text = |place: &str| {
        about
            .pointer(place)
            .and_then(Value::as_str)
            .unwrap_or_default()
    };
    let major = text("/version/number")
        .split('.')
        .next()
        .unwrap_or_default();
    let lacks = text("/version/distribution") == "opensearch"
        && major.parse::<u32>().is_ok_and(|major| major >= 3);
    if lacks { 1.0 + K1 } else { 1.0 }
}

/// The k₁ of BM25, the same in all engines.
const K1: f32 = 1.2;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn engines_that_leave_out_the_factor_are_known_by_their_version() {
        let about = |distribution: &str, number: &str| {
            scale(&json!({"version": {"distribution": distribution, "number": number}}))
        };
        for (distribution, number, lacks) in [
            ("opensearch", "2.4.1", false),
            ("opensearch", "3.1.0", true),
            ("opensearch", "10.0.0", true),
            ("", "8.15.0", false),
        ] {
            assert_eq!(
                about(distribution, number) > 2.0,
                lacks,
                "{distribution} {number}"
            );
        }
        assert!(scale(&Value::Null) < 2.0);
    }
}
