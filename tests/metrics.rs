//! What the bot tells those who run it, over a real socket.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    path::PathBuf,
    sync::Arc,
    time::Duration,
};

use dateline::{
    archive::Archive,
    face::{
        current::Current,
        metrics::{self, Metrics, Outcome},
    },
    language::{Language, Source},
};

/// The status and the body of `GET path`.
fn get(address: SocketAddr, path: &str) -> (u16, String) {
    let mut stream = TcpStream::connect(address).unwrap();
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    (status, body.to_owned())
}

fn serve() -> (SocketAddr, Arc<Metrics>) {
    let language = Arc::new(Language::read(&Source::Embedded).unwrap());
    let folder = PathBuf::from("data/articles");
    let (archive, _) = Archive::open(&[folder], language).unwrap();
    let metrics = Arc::<Metrics>::default();
    let anywhere = "127.0.0.1:0".parse().unwrap();
    let archive = Current::new(Arc::new(archive));
    let address = metrics::serve(anywhere, Arc::clone(&metrics), archive).unwrap();
    (address, metrics)
}

#[test]
fn the_bot_lives_at_once_and_is_ready_once_it_is_connected() {
    let (address, metrics) = serve();
    assert_eq!(get(address, "/healthz"), (200, "ok\n".to_owned()));
    let (status, reason) = get(address, "/readyz");
    assert_eq!(status, 503);
    assert!(reason.contains("gateway"), "{reason}");
    metrics.shards(4..=5);
    assert!(!metrics.shard(4, true), "one of two");
    let (status, reason) = get(address, "/readyz");
    assert_eq!(status, 503);
    assert!(reason.contains("shard 5 (of 2 here)"), "{reason}");
    assert!(metrics.shard(5, true));
    assert_eq!(get(address, "/readyz"), (200, "ready\n".to_owned()));
    metrics.shard(4, false);
    assert_eq!(get(address, "/readyz").0, 503);
    let text = get(address, "/metrics").1;
    for line in [
        r#"dateline_shard_connected{shard="4"} 0"#,
        r#"dateline_shard_connected{shard="5"} 1"#,
        r#"dateline_shard_losses_total{shard="4"} 1"#,
        "dateline_gateway_connected 0",
    ] {
        assert!(text.lines().any(|told| told == line), "{line} in\n{text}");
    }
    assert_eq!(get(address, "/etc/passwd").0, 404);
}

#[test]
fn answers_are_counted_by_command_and_outcome() {
    let (address, metrics) = serve();
    metrics.end("when", Outcome::Answered, Duration::from_millis(3));
    metrics.end("when", Outcome::Answered, Duration::from_millis(5));
    metrics.end("ask", Outcome::Nothing, Duration::from_millis(1));
    metrics.rate_limited(true);
    metrics.refreshed(true, 1_700_000_000.5);
    let waiting = metrics.begin();
    let (status, text) = get(address, "/metrics");
    assert_eq!(status, 200);
    let has = |line: &str| assert!(text.lines().any(|told| told == line), "{line} in\n{text}");
    has(r#"dateline_answers_total{command="when",outcome="answered"} 2"#);
    has(r#"dateline_answers_total{command="ask",outcome="nothing"} 1"#);
    has(r#"dateline_answer_seconds_count{command="when"} 2"#);
    has(r#"dateline_rate_limited_total{scope="global"} 1"#);
    has("dateline_articles 2");
    has("dateline_waiting 1");
    has("dateline_refreshed_timestamp_seconds 1700000000.5");
    assert_eq!(text.lines().last(), Some("# EOF"));
    drop(waiting);
    assert!(
        get(address, "/metrics")
            .1
            .contains("\ndateline_waiting 0\n")
    );
}
