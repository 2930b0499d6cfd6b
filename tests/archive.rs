//! The archive over time: what is taken in when files appear, change and vanish, and what is left after a
//! fault.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]
#![expect(
    clippy::disallowed_methods,
    reason = "a test that waits for another process must give up some time"
)]

#[path = "archive/faults.rs"]
mod faults;

use std::{
    fs,
    path::PathBuf,
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use dateline::{
    archive::{Archive, Refreshed},
    article::FeedReader,
    face::{
        discord::Arrivals,
        upkeep::{self, Upkeep},
    },
    index::{Concept, Opened, Query},
    language::{Language, Source},
};
use jiff::SignedDuration;
use tempfile::TempDir;

fn language() -> Arc<Language> {
    Arc::new(Language::read(&Source::Embedded).unwrap())
}

/// A folder of articles and a folder for the index.
struct Place {
    _root: TempDir,
    articles: PathBuf,
    index: PathBuf,
}

impl Place {
    fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        let articles = root.path().join("articles");
        let index = root.path().join("index");
        fs::create_dir(&articles).unwrap();
        Self {
            _root: root,
            articles,
            index,
        }
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.articles.join(name), text).unwrap();
    }

    fn open(&self) -> (Archive, Opened) {
        Archive::in_folder(&self.index, language()).unwrap()
    }

    fn refresh(&self, archive: &Archive) -> Refreshed {
        archive
            .refresh(std::slice::from_ref(&self.articles), &|_| {})
            .unwrap()
    }
}

/// The ids of the articles with a word, in order.
fn with(archive: &Archive, stem: &str) -> Vec<String> {
    let query = Query {
        concepts: vec![Concept {
            stems: vec![(stem.to_owned(), 1.0)],
            weight: 1.0,
            required: true,
        }],
        ..Query::default()
    };
    let mut ids: Vec<String> = archive
        .search(&query, 100)
        .unwrap()
        .into_iter()
        .map(|(_, document)| document.article.id.clone())
        .collect();
    ids.sort();
    ids.dedup();
    ids
}

fn none() -> Vec<String> {
    Vec::new()
}

/// Waits until `done`, for as long as a slow machine may need.
fn until(what: &str, done: impl Fn() -> bool) {
    let begun = Instant::now();
    while !done() {
        assert!(begun.elapsed() < Duration::from_mins(1), "not yet: {what}");
        thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn files_that_appear_change_and_vanish_are_taken_in() {
    let place = Place::new();
    for archive in [Archive::in_memory(language()).unwrap(), place.open().0] {
        place.write("a.txt", "date 2020-01-01\n\nThe heron came.\n");
        place.write("b.txt", "date 2020-01-02\n\nThe otter came.\n");
        let refreshed = place.refresh(&archive);
        assert_eq!((refreshed.files, refreshed.articles), (2, 2));
        assert_eq!(with(&archive, "came"), ["a", "b"]);

        assert!(!place.refresh(&archive).changed());
        place.write("b.txt", "date 2020-01-02\n\nThe badger came and stayed.\n");
        place.write("c.txt", "date 2020-01-03\n\nThe lynx came.\n");
        fs::remove_file(place.articles.join("a.txt")).unwrap();
        let refreshed = place.refresh(&archive);
        assert_eq!(
            (refreshed.files, refreshed.articles, refreshed.gone),
            (2, 2, 1)
        );
        assert_eq!(with(&archive, "came"), ["b", "c"]);
        assert_eq!(with(&archive, "otter"), none());
        assert_eq!(with(&archive, "badger"), ["b"]);

        fs::remove_file(place.articles.join("c.txt")).unwrap();
    }
}

#[test]
fn a_file_that_was_only_touched_is_not_read_again() {
    let place = Place::new();
    let (archive, _) = place.open();
    place.write("a.txt", "date 2020-01-01\n\nThe heron came.\n");
    place.refresh(&archive);
    let file = fs::File::open(place.articles.join("a.txt")).unwrap();
    file.set_modified(std::time::SystemTime::UNIX_EPOCH)
        .unwrap();
    assert_eq!(place.refresh(&archive), Refreshed::default());
}

#[test]
fn of_a_file_that_grew_only_the_new_articles_are_read() {
    let place = Place::new();
    let (archive, _) = place.open();
    let line = |id: &str, word: &str| {
        format!(r#"{{"id":"{id}","date":"2020-01-01","text":"The {word} came."}}"#)
    };
    place.write(
        "a.jsonl",
        &[line("1", "heron"), line("2", "otter")].join("\n"),
    );
    assert_eq!(place.refresh(&archive).articles, 2);
    let number = archive.index().number("2").unwrap();
    let grown = [line("2", "otter"), line("1", "crane"), line("3", "lynx")].join("\n");
    place.write("a.jsonl", &grown);
    let refreshed = place.refresh(&archive);
    assert_eq!((refreshed.articles, refreshed.gone), (2, 0));
    assert_eq!(archive.index().number("2").unwrap(), number);
    assert_eq!(with(&archive, "crane"), ["1"]);
    place.write("a.jsonl", &line("3", "lynx"));
    assert_eq!(place.refresh(&archive).gone, 2);
    assert_eq!(with(&archive, "came"), ["3"]);
}

#[test]
fn an_id_belongs_to_the_first_file_until_that_file_is_gone() {
    let place = Place::new();
    let (archive, _) = place.open();
    let line =
        |word: &str| format!(r#"{{"id":"x","date":"2020-01-01","text":"The {word} came."}}"#);
    place.write("a.jsonl", &line("heron"));
    place.write("b.jsonl", &line("otter"));
    let refreshed = place.refresh(&archive);
    assert_eq!(refreshed.articles, 1);
    let told = refreshed.left_out[0].to_string();
    assert!(
        told.contains("b.jsonl:1") && told.contains("a.jsonl:1"),
        "{told}"
    );
    // It is told again as long as it is true.
    assert_eq!(place.refresh(&archive).left_out.len(), 1);

    fs::remove_file(place.articles.join("a.jsonl")).unwrap();
    let refreshed = place.refresh(&archive);
    assert_eq!(refreshed.left_out, []);
    assert_eq!(with(&archive, "otter"), ["x"]);
    assert_eq!(with(&archive, "heron"), none());
}

#[test]
fn after_a_restart_the_index_answers_before_a_file_is_read() {
    let place = Place::new();
    place.write("a.txt", "date 2020-01-01\n\nThe heron came.\n");
    place.write("bad.txt", "no date here\n");
    let (archive, opened) = place.open();
    assert_eq!(opened, Opened::New);
    let first = place.refresh(&archive);
    let size = archive.size().unwrap();
    drop(archive);

    let (archive, opened) = place.open();
    assert_eq!(opened, Opened::Existing);
    assert_eq!(with(&archive, "heron"), ["a"]);
    assert_eq!(archive.size().unwrap(), size);
    let again = place.refresh(&archive);
    assert_eq!((again.files, again.articles), (0, 0));
    assert_eq!(again.left_out, first.left_out);
    // New articles get new numbers.
    place.write("b.txt", "date 2020-01-02\n\nThe otter came.\n");
    place.refresh(&archive);
    assert_eq!(archive.index().number("b").unwrap(), Some(2));
}

#[test]
fn a_second_process_only_reads_and_sees_what_the_first_takes_in() {
    let place = Place::new();
    place.write("a.txt", "date 2020-01-01\n\nThe heron came.\n");
    let (writer, _) = place.open();
    place.refresh(&writer);
    let (reader, opened) = place.open();
    assert_eq!(opened, Opened::ReadOnly);
    assert!(reader.is_read_only() && !writer.is_read_only());
    assert_eq!(with(&reader, "heron"), ["a"]);
    let told = reader.refresh(&[], &|_| {}).unwrap_err().to_string();
    assert!(told.contains("another process"), "{told}");

    place.write("b.txt", "date 2020-01-02\n\nThe otter came.\n");
    place.refresh(&writer);
    until("the reader sees the commit", || {
        with(&reader, "otter") == ["b"]
    });
    assert_eq!(reader.size().unwrap().articles, 2);
}

#[test]
fn an_index_made_by_other_rules_is_replaced_and_removed_once_the_new_one_is_whole() {
    let place = Place::new();
    place.write("a.txt", "date 2020-01-01\n\nThe heron came.\n");
    let (archive, _) = place.open();
    place.refresh(&archive);
    drop(archive);
    let own = fs::read_dir(&place.index)
        .unwrap()
        .next()
        .unwrap()
        .unwrap()
        .path();
    let older = place.index.join("0123456789abcdef");
    fs::rename(&own, &older).unwrap();
    fs::create_dir(place.index.join("not ours")).unwrap();

    let (archive, opened) = place.open();
    let Opened::Rebuilding { reason } = opened else {
        panic!("{opened:?}");
    };
    assert!(reason.contains("another version"), "{reason}");
    assert!(older.exists());
    place.refresh(&archive);
    assert_eq!(with(&archive, "heron"), ["a"]);
    assert!(!older.exists());
    assert!(place.index.join("not ours").exists());
}

#[test]
fn changes_are_taken_in_while_the_bot_runs() {
    let place = Place::new();
    place.write("a.txt", "date 2020-01-01\n\nThe heron came.\n");
    let archive = Arc::new(Archive::in_memory(language()).unwrap());
    let upkeep = Upkeep {
        paths: vec![place.articles.clone()],
        watch: true,
        takes_in: true,
        feeds: FeedReader::new(&[], SignedDuration::from_hours(1)).unwrap(),
        metrics: Arc::default(),
        arrivals: Arrivals::default(),
    };
    drop(upkeep::start(Arc::clone(&archive), upkeep));
    until("the first look", || with(&archive, "heron") == ["a"]);
    fs::create_dir(place.articles.join("deep")).unwrap();
    place.write("deep/b.txt", "date 2020-01-02\n\nThe otter came.\n");
    until("a new file in a new folder", || {
        with(&archive, "otter") == ["deep/b"]
    });
    place.write("a.txt", "date 2020-01-01\n\nThe crane came.\n");
    until("a changed file", || with(&archive, "crane") == ["a"]);
    fs::remove_file(place.articles.join("a.txt")).unwrap();
    until("a vanished file", || with(&archive, "crane") == none());
    assert_eq!(with(&archive, "otter"), ["deep/b"]);
}

/// Serves one text over HTTP to everybody who asks.
fn served(text: &'static str) -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut asked = [0; 2048];
            let _ = std::io::Read::read(&mut stream, &mut asked);
            let length = text.len();
            let head = format!(
                "HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
            );
            let _ = std::io::Write::write_all(&mut stream, format!("{head}{text}").as_bytes());
        }
    });
    format!("http://{address}/news.rss")
}

#[test]
fn what_a_feed_sends_stays_beside_the_files_and_is_taken_in_once() {
    const FEED: &str = r#"<?xml version="1.0"?><rss version="2.0"><channel><title>Bird News</title>
        <item><title>Heron seen</title><guid>heron-1</guid><pubDate>Wed, 01 Jan 2020 10:00:00 GMT</pubDate>
        <description>A heron came to the pond on Tuesday.</description></item>
        <item><title>No date</title><guid>x</guid><description>Left out.</description></item>
        </channel></rss>"#;
    let place = Place::new();
    place.write("a.txt", "date 2020-01-01\n\nThe otter came.\n");
    let (archive, _) = place.open();
    place.refresh(&archive);
    let feeds = [served(FEED)];
    let interval = SignedDuration::from_hours(1);
    let mut reader = FeedReader::new(&feeds, interval).unwrap().private(true);
    let now = "2020-01-02T00:00:00Z".parse().unwrap();
    assert_eq!(upkeep::poll(&archive, &mut reader, now), 1);
    assert_eq!(with(&archive, "heron").len(), 1);
    // Not due yet, and nothing new when it is.
    assert_eq!(upkeep::poll(&archive, &mut reader, now), 0);
    let later = "2020-01-02T02:00:00Z".parse().unwrap();
    assert_eq!(upkeep::poll(&archive, &mut reader, later), 0);
    assert!(!place.refresh(&archive).changed());
    assert_eq!(archive.size().unwrap().articles, 2);
}

/// A report of a hundred words, more or less, with a detail of its own.
fn report(detail: &str) -> String {
    format!(
        "The town of Aldermere will close its only cinema at the end of the month, the owners said on Tuesday, \
         after the roof was found to be held up by little more than habit. The council has offered the old \
         market hall for the summer, with benches in place of the red seats, which nobody knows how to get out \
         of the building in one piece. Films would be shown from dusk, and stopped when the last bus leaves. \
         {detail}"
    )
}

fn line(id: &str, outlet: &str, url: &str, text: &str) -> String {
    serde_json::json!({"id": id, "date": "2021-02-03", "outlet": outlet, "url": url, "text": text})
        .to_string()
}

#[test]
fn the_same_report_from_two_outlets_is_one_article_with_two_sources() {
    let place = Place::new();
    let report = report("A collection for a new roof stands at a third.");
    place.write(
        "a.jsonl",
        &line("a", "The Mill", "https://mill.example/1", &report),
    );
    place.write(
        "b.jsonl",
        &line("b", "Harbour News", "https://harbour.example/9", &report),
    );
    let (archive, _) = place.open();
    place.refresh(&archive);
    assert_eq!(with(&archive, "cinema"), ["a"]);
    let number = archive.index().number("a").unwrap().unwrap();
    let also = |archive: &Archive| {
        archive
            .index()
            .document(number)
            .unwrap()
            .unwrap()
            .also
            .clone()
    };
    assert_eq!(also(&archive)[0].outlet.as_deref(), Some("Harbour News"));

    // However often it is read.
    place.write(
        "c.jsonl",
        &line("c", "The Mill", "https://mill.example/2", "Something else."),
    );
    place.refresh(&archive);
    assert_eq!(also(&archive).len(), 1);

    // Each of the two is enough.
    fs::remove_file(place.articles.join("a.jsonl")).unwrap();
    place.refresh(&archive);
    assert_eq!(with(&archive, "cinema"), ["b"]);
    place.write(
        "a.jsonl",
        &line("a", "The Mill", "https://mill.example/1", &report),
    );
    place.refresh(&archive);
    assert_eq!(with(&archive, "cinema"), ["b"]);
    assert_eq!(archive.size().unwrap().articles, 2);
}

#[test]
fn a_newer_version_at_the_same_address_takes_the_older_ones_place() {
    let place = Place::new();
    let (archive, _) = place.open();
    let url = "https://mill.example/1?utm_source=feed";
    place.write(
        "a.jsonl",
        &line("a", "The Mill", url, &report("A first version.")),
    );
    place.refresh(&archive);
    let url = "http://www.mill.example/1/";
    place.write(
        "b.jsonl",
        &line(
            "b",
            "The Mill",
            url,
            "The cinema of Aldermere stays, its owners said.",
        ),
    );
    place.refresh(&archive);
    assert_eq!(with(&archive, "cinema"), ["b"]);
    assert_eq!(archive.size().unwrap().articles, 1);
}
