//! How long a search cluster takes to be filled and asked, beside a plain `_bulk` loader in the same run.
//!
//! `DATELINE_TEST_CLUSTER=http://… cargo bench --bench cluster -- ARTICLES.jsonl [QUESTIONS.jsonl]` where the
//! articles are JSON lines and the questions are `{"ask": …}`; `tests/cluster/start.sh` starts a cluster.
//!
//! The plain loader sends every line as it is, so many at a time, into an index of the same shards and
//! replicas: headline and text analysed as English, everything kept. Two requests are under way at once.

#![expect(clippy::print_stdout, reason = "its output is what it is for")]
#![expect(clippy::disallowed_methods, reason = "a bench measures time")]
#![expect(clippy::unwrap_used, reason = "a bench that cannot go on fails")]

mod asked;

use std::{
    fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, mpsc},
    time::{Duration, Instant},
};

use asked::Times;
use dateline::{
    archive::Archive,
    index::{Cluster, Credentials},
    language::{Language, Source},
};
use serde_json::{Value, json};

/// As in the binary.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const SHARDS: usize = 4;
const REPLICAS: usize = 1;
const UNDER_WAY: usize = 2;
const BULK_BYTES: usize = 5 << 20;

fn main() {
    let Ok(nodes) = std::env::var("DATELINE_TEST_CLUSTER") else {
        println!("DATELINE_TEST_CLUSTER names no cluster (see tests/cluster/start.sh)");
        return;
    };
    let given: Vec<PathBuf> = std::env::args()
        .skip(1)
        .filter(|word| word != "--bench")
        .map(PathBuf::from)
        .collect();
    let Some(articles) = given.first() else {
        println!("name a file of articles as JSON lines");
        return;
    };
    let questions = asked::questions(given.get(1).map(PathBuf::as_path));
    let node = nodes.split(',').next().unwrap();
    let name = format!("bench-{}", std::process::id());
    let template = json!({
        "index_patterns": [format!("{name}-*")],
        "template": {"settings": {"number_of_shards": SHARDS, "number_of_replicas": REPLICAS}},
    });
    call(
        node,
        "PUT",
        &format!("_index_template/{name}"),
        &template.to_string(),
    );

    let (count, plain) = load_plainly(node, &format!("{name}-plain"), articles);
    println!("{count} articles, {SHARDS} shards, {REPLICAS} replica");
    println!(
        "a plain loader: {plain:.1?}, {:.0} articles/s",
        rate(count, plain)
    );
    call(node, "DELETE", &format!("{name}-plain"), "");

    let cluster = Cluster::new(&nodes, &name, Credentials::None).unwrap();
    let language = Arc::new(Language::read(&Source::Embedded).unwrap());
    let archive = Archive::in_cluster(&cluster, Arc::clone(&language)).unwrap();
    let begun = Instant::now();
    let refreshed = archive
        .refresh(std::slice::from_ref(articles), &|_| {})
        .unwrap();
    let ours = begun.elapsed();
    println!(
        "read, analysed, sent, committed: {ours:.1?}, {:.0} articles/s, {:.0} % of the plain loader's rate",
        rate(refreshed.articles, ours),
        100.0 * rate(refreshed.articles, ours) / rate(count, plain)
    );
    let begun = Instant::now();
    archive
        .refresh(std::slice::from_ref(articles), &|_| {})
        .unwrap();
    println!("looked for changes in {:.1?}", begun.elapsed());
    ask(&archive, &questions);

    let rows = call(
        node,
        "GET",
        &format!("_cat/indices/{name}-*?format=json&h=index"),
        "",
    );
    for row in rows.as_array().into_iter().flatten() {
        let index = row.get("index").and_then(Value::as_str).unwrap();
        call(node, "DELETE", index, "");
    }
    call(node, "DELETE", &format!("_index_template/{name}"), "");
}

#[expect(clippy::cast_precision_loss, reason = "nobody has so many articles")]
fn rate(articles: u64, took: Duration) -> f64 {
    articles as f64 / took.as_secs_f64()
}

/// Sends the lines of a file as they are. How many, and how long it took until all could be found.
fn load_plainly(node: &str, index: &str, articles: &Path) -> (u64, Duration) {
    let keyword = json!({"type": "keyword"});
    let english = json!({"type": "text", "analyzer": "english"});
    let definition = json!({
        "settings": {"index.refresh_interval": "-1"},
        "mappings": {"properties": {
            "id": keyword, "source": keyword, "date": {"type": "date"},
            "headline": english, "text": english,
        }},
    });
    call(node, "PUT", index, &definition.to_string());
    let begun = Instant::now();
    let mut count = 0;
    let (sender, parts) = mpsc::sync_channel::<String>(1);
    let parts = Mutex::new(parts);
    std::thread::scope(|scope| {
        for _ in 0..UNDER_WAY {
            scope.spawn(|| {
                loop {
                    let part = parts.lock().unwrap().recv();
                    let Ok(part) = part else { return };
                    let path = format!("{index}/_bulk?filter_path=errors");
                    let taken = call(node, "POST", &path, &part);
                    assert_eq!(taken.get("errors"), Some(&json!(false)), "{taken}");
                }
            });
        }
        let mut part = String::new();
        for line in BufReader::new(fs::File::open(articles).unwrap()).lines() {
            part.push_str("{\"index\":{}}\n");
            part.push_str(&line.unwrap());
            part.push('\n');
            count += 1;
            if part.len() >= BULK_BYTES {
                sender.send(std::mem::take(&mut part)).unwrap();
            }
        }
        if !part.is_empty() {
            sender.send(part).unwrap();
        }
        drop(sender);
    });
    call(node, "POST", &format!("{index}/_refresh"), "");
    (count, begun.elapsed())
}

/// Asks every question three times over, and prints the median and tail of the last two rounds.
fn ask(archive: &Archive, questions: &[String]) {
    let mut times = Times::default();
    for round in 0..3 {
        for question in questions {
            let Some(call) = asked::call(archive, question) else {
                continue;
            };
            let begun = Instant::now();
            (call.command.answer)(archive, &call.request).unwrap();
            if round > 0 {
                times.add(call.command.name, begun.elapsed());
            }
        }
    }
    times.print();
}

/// A call to the cluster, which must be answered well.
fn call(node: &str, method: &str, path: &str, body: &str) -> Value {
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .proxy(None)
        .timeout_global(Some(Duration::from_mins(2)))
        .build()
        .into();
    let request = ureq::http::Request::builder()
        .method(method)
        .uri(format!("{node}/{path}"))
        .header("content-type", "application/x-ndjson");
    let answer = if body.is_empty() {
        agent.run(request.body(()).unwrap())
    } else {
        agent.run(request.body(body).unwrap())
    };
    let mut answer = answer.unwrap();
    let text = answer.body_mut().read_to_string().unwrap();
    assert!(answer.status().is_success(), "{method} {path}: {text}");
    serde_json::from_str(&text).unwrap_or_default()
}
