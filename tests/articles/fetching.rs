//! Feeds by their address: a real server on a real socket, and a clock that the test turns.

use std::{
    io::Write as _,
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    Router,
    extract::State,
    http::{HeaderMap, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use dateline::article::{FeedReader, Heard, Outcome, Polled, Schedule, Validators};
use jiff::{SignedDuration, Timestamp, civil::date};

const HOUR: SignedDuration = SignedDuration::from_hours(1);

const FEED: &str = "<rss version='2.0'><channel><title>Courier</title>\
    <item><guid>a</guid><link>https://example.org/a</link><pubDate>Tue, 09 Mar 2021 23:00:00 -0500</pubDate>\
    <description>The harbour is open.</description></item>\
    <item><guid>b</guid><description>Without a date.</description></item></channel></rss>";

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// What the server saw: each request's path and what it was asked with.
type Seen = Arc<Mutex<Vec<(String, Option<String>, Option<String>)>>>;

/// A server of feeds, good and bad.
struct Server {
    address: SocketAddr,
    seen: Seen,
    _runtime: tokio::runtime::Runtime,
}

impl Server {
    fn start() -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let seen = Seen::default();
        let router = Router::new().fallback(answer).with_state(Arc::clone(&seen));
        let listener = runtime
            .block_on(tokio::net::TcpListener::bind("127.0.0.1:0"))
            .unwrap();
        let address = listener.local_addr().unwrap();
        runtime.spawn(async move { axum::serve(listener, router).await });
        Self {
            address,
            seen,
            _runtime: runtime,
        }
    }

    fn reader(&self, paths: &[&str]) -> FeedReader {
        let urls: Vec<String> = paths
            .iter()
            .map(|path| format!("http://{}{path}", self.address))
            .collect();
        FeedReader::with_limits(&urls, HOUR, Duration::from_secs(5), 1 << 20)
            .unwrap()
            .private(true)
    }

    fn asked(&self) -> usize {
        self.seen.lock().unwrap().len()
    }
}

async fn answer(State(seen): State<Seen>, uri: Uri, headers: HeaderMap) -> Response {
    let path = uri.path().to_owned();
    let given = |name| {
        let value = headers.get(name)?;
        Some(value.to_str().unwrap().to_owned())
    };
    let (etag, since) = (
        given(header::IF_NONE_MATCH),
        given(header::IF_MODIFIED_SINCE),
    );
    seen.lock()
        .unwrap()
        .push((path.clone(), etag.clone(), since));
    match path.as_str() {
        "/feed" if etag.as_deref() == Some("\"v1\"") => StatusCode::NOT_MODIFIED.into_response(),
        "/feed" => (
            [
                (header::ETAG, "\"v1\""),
                (header::LAST_MODIFIED, "Tue, 09 Mar 2021 10:00:00 GMT"),
                (header::CONTENT_TYPE, "application/rss+xml; charset=utf-8"),
            ],
            FEED,
        )
            .into_response(),
        "/latin" => {
            let feed = FEED.replace("harbour", "caf\u{e9}");
            let (bytes, ..) = encoding_rs::WINDOWS_1252.encode(&feed);
            let kind = [(header::CONTENT_TYPE, "text/xml; charset=\"ISO-8859-1\"")];
            (kind, bytes.into_owned()).into_response()
        }
        "/json" => r#"{"version":"https://jsonfeed.org/version/1.1","title":"J","items":[
            {"id":"j","date_published":"2021-03-09","content_text":"Text."},{"id":"k"}]}"#
            .into_response(),
        "/busy" => (
            StatusCode::TOO_MANY_REQUESTS,
            [(header::RETRY_AFTER, "10800")],
        )
            .into_response(),
        "/date" => {
            let until = [(header::RETRY_AFTER, "Wed, 10 Mar 2021 05:00:00 GMT")];
            (StatusCode::SERVICE_UNAVAILABLE, until).into_response()
        }
        "/gone" => StatusCode::GONE.into_response(),
        "/moved" => (StatusCode::MOVED_PERMANENTLY, [(header::LOCATION, "/feed")]).into_response(),
        "/loop" => (StatusCode::FOUND, [(header::LOCATION, "/loop")]).into_response(),
        "/file" => (
            StatusCode::FOUND,
            [(header::LOCATION, "file:///etc/passwd")],
        )
            .into_response(),
        "/large" => FEED.repeat(10_000).into_response(),
        "/bomb" => {
            let packed = pack(&vec![b' '; 4 << 20]);
            ([(header::CONTENT_ENCODING, "gzip")], packed).into_response()
        }
        "/slow" => {
            tokio::time::sleep(Duration::from_mins(1)).await;
            FEED.into_response()
        }
        "/torn" => {
            let packed = pack(FEED.as_bytes());
            let half = packed.get(..packed.len() / 2).unwrap().to_vec();
            ([(header::CONTENT_ENCODING, "gzip")], half).into_response()
        }
        "/page" => "<html><body>Welcome</body></html>".into_response(),
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}

fn pack(content: &[u8]) -> Vec<u8> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(content).unwrap();
    packed.finish().unwrap()
}

fn only(mut polled: Vec<Polled>) -> Outcome {
    assert_eq!(polled.len(), 1, "{polled:?}");
    polled.remove(0).outcome
}

/// The reason of a feed that failed, and when it is asked again.
fn failed(outcome: &Outcome) -> (String, Option<Timestamp>) {
    match outcome {
        Outcome::Failed(unreadable, again) => (unreadable.to_string(), *again),
        other => panic!("{other:?} is no failure"),
    }
}

#[test]
fn a_feed_is_read_and_then_asked_only_for_what_is_new() {
    let server = Server::start();
    let mut reader = server.reader(&["/feed"]);
    let start = at("2021-03-10T00:00:00Z");
    let Outcome::Articles(entries) = only(reader.poll(start)) else {
        panic!("articles");
    };
    let article = entries[0].as_ref().unwrap();
    assert_eq!(article.id, "a");
    assert_eq!(article.outlet.as_deref(), Some("Courier"));
    assert_eq!(article.published, date(2021, 3, 9));
    assert_eq!(article.path, None);
    assert_eq!(article.body, "The harbour is open.");
    let reason = entries[1].as_ref().unwrap_err().to_string();
    assert!(reason.starts_with("http://127.0.0.1"), "{reason}");
    assert!(reason.ends_with("has no date that can be read"), "{reason}");

    assert_eq!(reader.next(), Some(start + HOUR));
    assert_eq!(
        reader.poll(start + HOUR / 2).len(),
        0,
        "not before its time"
    );
    assert_eq!(server.asked(), 1);
    assert!(matches!(
        only(reader.poll(start + HOUR)),
        Outcome::Unchanged
    ));
    let (_, etag, since) = server.seen.lock().unwrap()[1].clone();
    assert_eq!(etag.as_deref(), Some("\"v1\""));
    assert_eq!(since.as_deref(), Some("Tue, 09 Mar 2021 10:00:00 GMT"));
}

#[test]
fn the_encoding_is_the_one_that_the_server_tells_and_json_feed_is_read_as_well() {
    let server = Server::start();
    let polled = server
        .reader(&["/latin", "/json"])
        .poll(Timestamp::UNIX_EPOCH);
    let [latin, json] = polled.as_slice() else {
        panic!("{polled:?}");
    };
    let Outcome::Articles(entries) = &latin.outcome else {
        panic!("{latin:?}");
    };
    assert_eq!(entries[0].as_ref().unwrap().body, "The café is open.");
    let Outcome::Articles(entries) = &json.outcome else {
        panic!("{json:?}");
    };
    assert_eq!(entries[0].as_ref().unwrap().outlet.as_deref(), Some("J"));
    assert!(entries[1].as_ref().unwrap_err().reason.contains("no text"));
}

#[test]
fn a_feed_that_asks_for_rest_gets_it() {
    let server = Server::start();
    let start = at("2021-03-10T00:00:00Z");
    for (path, again) in [
        ("/busy", "2021-03-10T03:00:00Z"),
        ("/date", "2021-03-10T05:00:00Z"),
    ] {
        let mut reader = server.reader(&[path]);
        let (reason, next) = failed(&only(reader.poll(start)));
        assert!(reason.contains("is answered with"), "{reason}");
        assert_eq!(next, Some(at(again)), "{path}");
        assert_eq!(
            reader.poll(at(again) - SignedDuration::from_secs(1)).len(),
            0
        );
        assert_eq!(reader.poll(at(again)).len(), 1);
    }
    let mut reader = server.reader(&["/gone"]);
    assert_eq!(failed(&only(reader.poll(start))).1, None);
    assert_eq!(reader.next(), None, "it is asked no more");
}

#[test]
fn a_feed_that_fails_is_asked_half_as_often_each_time_and_again_at_its_interval_when_it_recovers() {
    let mut now = at("2021-03-10T00:00:00Z");
    let mut schedule = Schedule::new(HOUR);
    for hours in [2, 4, 8, 16, 24, 24] {
        assert!(schedule.is_due(now));
        schedule.heard(now, Heard::Failed);
        assert_eq!(
            schedule.next(),
            Some(now + SignedDuration::from_hours(hours))
        );
        now += SignedDuration::from_hours(hours);
    }
    schedule.heard(now, Heard::Sent(Validators::default()));
    assert_eq!(schedule.next(), Some(now + HOUR));
    schedule.heard(now, Heard::Failed);
    assert_eq!(schedule.next(), Some(now + HOUR * 2));
    // Nobody may send it away for a year, or have it come back at once.
    schedule.heard(now, Heard::Busy(Some(HOUR * 9000)));
    assert_eq!(schedule.next(), Some(now + HOUR * 24));
    schedule.heard(now, Heard::Busy(Some(-HOUR)));
    assert_eq!(schedule.next(), Some(now + HOUR));
    let hasty = Schedule::new(SignedDuration::ZERO);
    let mut asked = hasty;
    asked.heard(now, Heard::Unchanged);
    assert_eq!(asked.next(), Some(now + SignedDuration::from_secs(60)));
    for _ in 0..100 {
        asked.heard(Timestamp::MAX, Heard::Failed);
    }
    assert_eq!(asked.next(), Some(Timestamp::MAX));
}

#[test]
fn redirects_are_followed_to_the_web_and_not_for_ever() {
    let server = Server::start();
    let polled = server
        .reader(&["/moved", "/loop", "/file"])
        .poll(Timestamp::UNIX_EPOCH);
    assert!(
        matches!(polled[0].outcome, Outcome::Articles(_)),
        "{polled:?}"
    );
    let (reason, _) = failed(&polled[1].outcome);
    assert!(reason.contains("cannot be fetched"), "{reason}");
    // Whatever a redirect says, no file is read.
    let (reason, _) = failed(&polled[2].outcome);
    assert!(!reason.contains("root:"), "{reason}");
    assert!(server.asked() < 12);
}

/// However the address is written: in figures, as one number, in octal and hexadecimal, as IPv6 and as IPv4
/// within it, and by a name that leads there.
#[test]
fn no_feed_leads_into_a_private_network_unless_that_is_allowed() {
    let server = Server::start();
    let port = server.address.port();
    let ways = [
        "127.0.0.1",
        "localhost",
        "2130706433",
        "0177.0.0.1",
        "0x7f.1",
        "127.1",
        "0.0.0.0",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "10.0.0.1",
        "192.168.0.1",
        "169.254.169.254",
        "[fd00:ec2::254]",
    ];
    let urls: Vec<String> = ways
        .iter()
        .map(|way| format!("http://{way}:{port}/feed"))
        .collect();
    for url in &urls {
        let mut reader = FeedReader::new(std::slice::from_ref(url), HOUR).unwrap();
        let (reason, again) = failed(&only(reader.poll(Timestamp::UNIX_EPOCH)));
        assert!(reason.contains("into a private network"), "{url}: {reason}");
        assert!(again.is_some());
    }
    assert_eq!(server.asked(), 0, "nobody was asked");
    let mut reader = FeedReader::new(&urls[..1], HOUR).unwrap().private(true);
    assert!(matches!(
        only(reader.poll(Timestamp::UNIX_EPOCH)),
        Outcome::Articles(_)
    ));
}

#[test]
fn a_password_in_an_address_is_told_to_nobody() {
    let server = Server::start();
    let port = server.address.port();
    for path in ["page", "nothing", "feed"] {
        let url = format!("http://jane:s3cret@127.0.0.1:{port}/{path}");
        for private in [false, true] {
            let mut reader = FeedReader::new(std::slice::from_ref(&url), HOUR)
                .unwrap()
                .private(private);
            let told = format!("{:?}", reader.poll(Timestamp::UNIX_EPOCH));
            assert!(told.contains(path), "{told}");
            assert!(!told.contains("s3cret") && !told.contains("jane"), "{told}");
        }
    }
}

#[test]
fn an_answer_has_limits_in_size_and_time() {
    let server = Server::start();
    let polled = server
        .reader(&["/large", "/bomb", "/torn", "/page", "/nothing", "/slow"])
        .poll(Timestamp::UNIX_EPOCH);
    for (polled, wanted) in polled.iter().zip([
        "is larger than 1 MB",
        "is larger than 1 MB",
        "cannot be fetched",
        "neither RSS nor Atom",
        "is answered with 404",
        "cannot be fetched: timeout",
    ]) {
        let (reason, again) = failed(&polled.outcome);
        assert!(reason.contains(wanted), "{reason} must say {wanted}");
        assert!(again.is_some());
    }
    // Nobody listens there.
    let mut reader = FeedReader::new(&["http://127.0.0.1:9/feed".to_owned()], HOUR)
        .unwrap()
        .private(true);
    let (reason, _) = failed(&only(reader.poll(Timestamp::UNIX_EPOCH)));
    assert!(reason.contains("cannot be fetched"), "{reason}");
}

#[test]
fn an_address_that_is_not_on_the_web_is_refused_and_one_given_twice_is_asked_once() {
    for address in [
        "file:///etc/passwd",
        "ftp://example.org/feed",
        "example.org/feed",
        "http://",
        "",
    ] {
        let Err(error) = FeedReader::new(&[address.to_owned()], HOUR) else {
            panic!("{address} must be refused");
        };
        assert!(error.to_string().contains("http://"), "{error}");
    }
    let server = Server::start();
    let mut reader = server.reader(&["/feed", "/feed"]);
    assert_eq!(reader.poll(Timestamp::UNIX_EPOCH).len(), 1);
}
