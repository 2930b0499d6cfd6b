//! Nodes that end in the middle of something, in a cluster of the test's own.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
    thread,
    time::Duration,
};

use dateline::{
    index::{Concept, Index, Query},
    passage::Document,
};
use jiff::civil::date;
use serde_json::Value;

use super::stage::{Place, add, document, server};

/// Two nodes. The first leads and stays, the second comes and goes.
struct Nodes {
    server: String,
    folder: PathBuf,
    urls: String,
    _data: tempfile::TempDir,
    again: Vec<Child>,
}

fn script(name: &str) -> Command {
    Command::new(
        Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/cluster")
            .join(name),
    )
}

impl Nodes {
    fn start(server: String) -> Self {
        let data = tempfile::tempdir().unwrap();
        let folder = data.path().join(format!("nodes-{}", std::process::id()));
        let started = script("start.sh")
            .arg(&server)
            .arg(&folder)
            .output()
            .unwrap();
        let told = String::from_utf8(started.stderr).unwrap();
        assert!(started.status.success(), "{told}");
        Self {
            server,
            urls: String::from_utf8(started.stdout).unwrap().trim().to_owned(),
            folder,
            _data: data,
            again: Vec::new(),
        }
    }

    /// Ends the second node as a power cut would.
    fn cut(&mut self) {
        let pid = fs::read_to_string(self.folder.join("b/pid")).unwrap();
        let ended = Command::new("kill")
            .args(["-9", pid.trim()])
            .status()
            .unwrap();
        assert!(ended.success());
        for child in &mut self.again {
            child.wait().unwrap();
        }
    }

    fn start_again(&mut self, place: &Place) {
        let child = script("node.sh")
            .arg(&self.server)
            .arg(&self.folder)
            .arg("b")
            .stdin(Stdio::null())
            .spawn()
            .unwrap();
        self.again.push(child);
        for _ in 0..240 {
            let state = place.call("GET", "_cluster/health", &Value::Null);
            if state["number_of_nodes"] == 2 && state["status"] == "green" {
                return;
            }
            thread::sleep(Duration::from_millis(500));
        }
        panic!("the node did not come back");
    }
}

impl Drop for Nodes {
    fn drop(&mut self) {
        script("stop.sh").arg(&self.folder).status().unwrap();
        for child in &mut self.again {
            let _ = child.wait();
        }
    }
}

fn articles(from: usize, to: usize) -> Vec<Document> {
    (from..to)
        .map(|number| {
            let body = format!(
                "Ship number {number} left the harbour on Friday.\n\n\"It carries wool,\" said Jane Roe."
            );
            document(&format!("ship-{number}"), date(2020, 5, 4), "Harbour", &body)
        })
        .collect()
}

#[test]
fn a_node_that_ends_loses_nothing_and_stops_nobody() {
    let Some(server) = server() else { return };
    let mut nodes = Nodes::start(server);
    let place = Place::new(&nodes.urls);
    let index = place.index();

    // In mid-load.
    for batch in 0..10 {
        add(
            &index,
            "ships.jsonl",
            &articles(20 * batch, 20 * batch + 20),
        )
        .unwrap();
        if batch == 4 {
            nodes.cut();
        }
    }
    index.commit().unwrap();
    assert_eq!(index.size().unwrap().articles, 200);
    let ids: Vec<String> = (0..200).map(|number| format!("ship-{number}")).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    assert!(index.known(&ids).unwrap().iter().all(Option::is_some));

    // In mid-query.
    nodes.start_again(&place);
    let ships = Query {
        concepts: vec![Concept {
            stems: vec![("ship".to_owned(), 1.0)],
            weight: 1.0,
            required: true,
        }],
        ..Query::default()
    };
    let (asked, enough) = (AtomicUsize::new(0), AtomicBool::new(false));
    thread::scope(|scope| {
        let askers: Vec<_> = (0..3)
            .map(|_| {
                scope.spawn(|| {
                    while !enough.load(Ordering::Relaxed) {
                        assert_eq!(index.search(&ships, 500).unwrap().len(), 200);
                        asked.fetch_add(1, Ordering::Relaxed);
                    }
                })
            })
            .collect();
        let answered = |more: usize| {
            let until = asked.load(Ordering::Relaxed) + more;
            while asked.load(Ordering::Relaxed) < until
                && !askers.iter().any(thread::ScopedJoinHandle::is_finished)
            {
                thread::sleep(Duration::from_millis(5));
            }
        };
        answered(20);
        nodes.cut();
        answered(100);
        enough.store(true, Ordering::Relaxed);
    });
    assert!(asked.load(Ordering::Relaxed) >= 120);
    drop(place);
}
