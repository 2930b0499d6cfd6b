//! A cluster that is none: a server on a real socket that answers as a test wants, to bring about what a real
//! cluster seldom does.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread,
};

use serde_json::{Value, json};

use super::stage::VERSION;

/// What was asked.
#[derive(Clone, Debug)]
pub struct Asked {
    pub line: String,
    pub authorization: Option<String>,
    pub body: String,
}

impl Asked {
    /// The ids of the records of a `_bulk`.
    pub fn ids(&self) -> Vec<String> {
        self.body
            .lines()
            .filter_map(|line| {
                let line: Value = serde_json::from_str(line).unwrap();
                let action = line.get("index").or_else(|| line.get("delete"))?;
                Some(action["_id"].as_str()?.to_owned())
            })
            .collect()
    }
}

/// Gives the status and reason for a record of a `_bulk`, by its id; nothing where all is well.
type Verdict = Box<dyn FnMut(&str) -> Option<(u16, &'static str)> + Send>;

/// The server.
pub struct Fake {
    pub address: SocketAddr,
    pub asked: Arc<Mutex<Vec<Asked>>>,
    /// While it is set, whoever asks gets no answer.
    pub silent: Arc<AtomicBool>,
    /// While it is set, every call is answered with it.
    pub status: Arc<Mutex<Option<(u16, Value)>>>,
}

impl Fake {
    pub fn start(
        verdict: impl FnMut(&str) -> Option<(u16, &'static str)> + Send + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let fake = Self {
            address: listener.local_addr().unwrap(),
            asked: Arc::default(),
            silent: Arc::default(),
            status: Arc::default(),
        };
        let verdict: Arc<Mutex<Verdict>> = Arc::new(Mutex::new(Box::new(verdict)));
        let (asked, silent, status) = (
            Arc::clone(&fake.asked),
            Arc::clone(&fake.silent),
            Arc::clone(&fake.status),
        );
        let writer: Arc<Mutex<Option<String>>> = Arc::default();
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let asked = Arc::clone(&asked);
                let silent = Arc::clone(&silent);
                let status = Arc::clone(&status);
                let verdict = Arc::clone(&verdict);
                let writer = Arc::clone(&writer);
                thread::spawn(move || {
                    serve(&stream, |one| {
                        asked.lock().unwrap().push(one.clone());
                        if silent.load(Ordering::Relaxed) {
                            return None;
                        }
                        if let Some(answer) = status.lock().unwrap().clone() {
                            return Some(answer);
                        }
                        let mut writer = writer.lock().unwrap();
                        Some(answer(one, &mut writer, &mut **verdict.lock().unwrap()))
                    });
                });
            }
        });
        fake
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The bulks that were asked for, the writer's own records aside.
    pub fn bulks(&self) -> Vec<Asked> {
        let asked = self.asked.lock().unwrap();
        asked
            .iter()
            .filter(|one| one.line.contains("/_bulk"))
            .filter(|one| !one.body.contains("\"routing\""))
            .cloned()
            .collect()
    }
}

/// Reads requests from a connection and answers each, until it closes or there is no answer.
fn serve(stream: &TcpStream, mut answer: impl FnMut(&Asked) -> Option<(u16, Value)>) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut stream = stream.try_clone().unwrap();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).unwrap_or(0) == 0 {
            return;
        }
        let mut length = 0;
        let mut authorization = None;
        loop {
            let mut header = String::new();
            if reader.read_line(&mut header).unwrap_or(0) == 0 {
                return;
            }
            let Some((name, value)) = header.trim().split_once(':') else {
                break;
            };
            match name.to_lowercase().as_str() {
                "content-length" => length = value.trim().parse().unwrap(),
                "authorization" => authorization = Some(value.trim().to_owned()),
                _ => {}
            }
        }
        let mut body = vec![0; length];
        if reader.read_exact(&mut body).is_err() {
            return;
        }
        let asked = Asked {
            line: line.trim().to_owned(),
            authorization,
            body: String::from_utf8(body).unwrap(),
        };
        let Some((status, answer)) = answer(&asked) else {
            // The connection stays open and silent.
            thread::park();
            return;
        };
        let answer = answer.to_string();
        let head = format!(
            "HTTP/1.1 {status} x\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
            answer.len()
        );
        if stream.write_all(head.as_bytes()).is_err()
            || stream.write_all(answer.as_bytes()).is_err()
        {
            return;
        }
    }
}

/// What an empty index that takes everything would answer.
fn answer(
    asked: &Asked,
    writer: &mut Option<String>,
    verdict: &mut (dyn FnMut(&str) -> Option<(u16, &'static str)> + Send),
) -> (u16, Value) {
    let mut words = asked.line.split(' ');
    let (method, path) = (words.next().unwrap(), words.next().unwrap());
    let index = path.trim_start_matches('/').split('/').next().unwrap();
    if path.contains("/_mapping") {
        let version = format!("{VERSION:016x}");
        return (
            200,
            json!({index: {"mappings": {"_meta": {"dateline": version}}}}),
        );
    }
    if path.contains("/_bulk") {
        let mut failed = false;
        let items: Vec<Value> = asked
            .ids()
            .iter()
            .map(|id| {
                if id == "writer" {
                    let record = asked.body.lines().nth(1).unwrap();
                    *writer = Some(record.to_owned());
                }
                match verdict(id) {
                    None => json!({"index": {"status": 201}}),
                    Some((status, reason)) => {
                        failed = true;
                        json!({"index": {"status": status, "error": {"reason": reason}}})
                    }
                }
            })
            .collect();
        return (200, json!({"errors": failed, "items": items}));
    }
    if path.contains("/_doc/writer")
        && let Some(record) = writer
    {
        let record: Value = serde_json::from_str(record).unwrap();
        return (200, json!({"_source": record}));
    }
    if path.contains("/_doc/") {
        return (404, json!({"found": false}));
    }
    if path.contains("/_refresh") {
        return (200, json!({"_shards": {"failed": 0}}));
    }
    assert!(path.contains("/_search"), "{method} {path}");
    (200, json!({"hits": {"total": {"value": 0}, "hits": []}}))
}
