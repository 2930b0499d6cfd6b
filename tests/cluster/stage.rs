//! A real cluster for tests, where there is one, and the documents that go into it.

#![allow(dead_code, reason = "each test binary uses a part of it")]

use std::{
    env,
    io::Write,
    sync::{
        Arc, Once,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use dateline::{
    article::{Article, Fingerprint},
    index::{Cluster, Credentials, Index, Record, Remote},
    language::{Language, Source},
    passage::{Document, Reader},
};
use jiff::civil::Date;
use serde_json::{Value, json};

/// The rules' version in tests.
pub const VERSION: u64 = 0xDA7E;

/// The addresses of the cluster that the tests may use. Where there is none, they say so and pass, on a
/// machine that builds every change they fail.
pub fn nodes() -> Option<String> {
    told("DATELINE_TEST_CLUSTER", "the search cluster is not tested")
}

/// Where `install.sh` put a server, for tests that end nodes.
pub fn server() -> Option<String> {
    told(
        "DATELINE_TEST_CLUSTER_SERVER",
        "no node of a search cluster is ended",
    )
}

fn told(variable: &str, skipped: &str) -> Option<String> {
    static SAID: Once = Once::new();
    let value = env::var(variable).ok().filter(|value| !value.is_empty());
    if value.is_none() {
        assert!(
            env::var("CI").as_deref() != Ok("true"),
            "{variable} is not set: .ci/run starts a search cluster and sets it"
        );
        // The tests' own output is held back where they pass.
        SAID.call_once(|| {
            let note =
                format!("note: {variable} is not set, {skipped} (see tests/cluster/start.sh)\n");
            let _ = std::io::stderr().write_all(note.as_bytes());
        });
    }
    value
}

/// An index of its own in the cluster, which goes with this value.
pub struct Place {
    nodes: String,
    name: String,
}

impl Place {
    /// A place in the cluster at `nodes`, of two shards: what holds for one must hold for several.
    pub fn new(nodes: &str) -> Self {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let place = Self {
            nodes: nodes.to_owned(),
            name: format!("test-{}-{number}", std::process::id()),
        };
        let template = json!({
            "index_patterns": [format!("{}-*", place.name)],
            "template": {"settings": {"number_of_shards": 2, "number_of_replicas": 1}},
        });
        place.call("PUT", &format!("_index_template/{}", place.name), &template);
        place
    }

    /// It is waited for longer than anybody would: what is tested here is not how fast the machine is.
    pub fn cluster(&self) -> Cluster {
        let cluster = Cluster::new(&self.nodes, &self.name, Credentials::None).unwrap();
        cluster.with_patience(Duration::from_mins(1))
    }

    pub fn index(&self) -> Remote {
        self.index_of(VERSION)
    }

    pub fn index_of(&self, version: u64) -> Remote {
        Remote::new(&self.cluster(), version, language())
    }

    pub fn name_of(&self, version: u64) -> String {
        format!("{}-{version:016x}", self.name)
    }

    pub fn alias(&self) -> &str {
        &self.name
    }

    /// A call to the cluster.
    pub fn call(&self, method: &str, path: &str, body: &Value) -> Value {
        let answer = self.try_call(method, path, body);
        answer.unwrap_or_else(|| panic!("no node of {} answers", self.nodes))
    }

    /// A call to the first node that answers.
    fn try_call(&self, method: &str, path: &str, body: &Value) -> Option<Value> {
        let agent: ureq::Agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .proxy(None)
            .timeout_global(Some(Duration::from_mins(1)))
            .build()
            .into();
        for node in self.nodes.split(',') {
            let request = ureq::http::Request::builder()
                .method(method)
                .uri(format!("{node}/{path}"))
                .header("content-type", "application/json");
            let answer = if body.is_null() {
                agent.run(request.body(()).unwrap())
            } else {
                agent.run(request.body(body.to_string()).unwrap())
            };
            if let Ok(mut answer) = answer {
                let text = answer.body_mut().read_to_string().unwrap();
                return Some(serde_json::from_str(&text).unwrap());
            }
        }
        None
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let path = format!("_cat/indices/{}-*?format=json&h=index", self.name);
        let rows = self
            .try_call("GET", &path, &Value::Null)
            .unwrap_or_default();
        for row in rows.as_array().into_iter().flatten() {
            if let Some(index) = row["index"].as_str() {
                self.try_call("DELETE", index, &Value::Null);
            }
        }
        let template = format!("_index_template/{}", self.name);
        self.try_call("DELETE", &template, &Value::Null);
    }
}

pub fn language() -> Arc<Language> {
    Arc::new(Language::read(&Source::Embedded).unwrap())
}

pub fn document(id: &str, published: Date, headline: &str, body: &str) -> Document {
    thread_local! {
        static READER: Reader = Reader::new(language()).unwrap();
    }
    READER.with(|reader| {
        reader.read(Article {
            id: id.to_owned(),
            headline: Some(headline.to_owned()),
            byline: None,
            outlet: Some("Harbour News".to_owned()),
            published,
            url: None,
            path: None,
            body: body.to_owned(),
        })
    })
}

/// Adds documents as the articles of one file.
pub fn add(
    index: &dyn Index,
    file: &str,
    documents: &[Document],
) -> Result<(), dateline::index::IndexError> {
    let records: Vec<Record<'_>> = documents
        .iter()
        .map(|document| Record {
            document,
            file,
            fingerprint: document.article.body.len() as u64,
            print: Fingerprint::of(&document.article),
        })
        .collect();
    index.add(&records)
}
