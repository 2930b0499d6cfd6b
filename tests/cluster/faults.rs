//! Calls that fail, at a cluster that is none ([`Fake`]).

use std::{
    collections::HashMap,
    net::TcpListener,
    sync::atomic::Ordering,
    thread,
    time::{Duration, Instant},
};

use dateline::index::{Cluster, Credentials, Index, IndexError, Remote};
use jiff::civil::date;
use serde_json::json;

use super::{
    fake::Fake,
    stage::{VERSION, add, document, language},
};

/// Calls are given up after three seconds; a machine with other work to do may need some more.
const SOON: Duration = Duration::from_secs(6);

fn index(url: &str, credentials: Credentials) -> Remote {
    let cluster = Cluster::new(url, "news", credentials).unwrap();
    Remote::new(&cluster, VERSION, language())
}

/// An article that is long enough for several windows.
fn long() -> dateline::passage::Document {
    let paragraph =
        "The harbour was closed again on Friday, and nobody said for how long. ".repeat(12);
    let body = [paragraph.as_str(); 5].join("\n\n");
    document("long", date(2020, 5, 1), "Harbour", &body)
}

/// One call of an index.
type Call = fn(&Remote) -> Result<(), IndexError>;

#[test]
fn exactly_what_was_not_taken_is_sent_again() {
    let mut refusals: HashMap<String, u32> = HashMap::new();
    let fake = Fake::start(move |id| {
        let turn = refusals.entry(id.to_owned()).or_default();
        *turn += 1;
        match id.rsplit_once('-') {
            Some((_, "1")) if *turn <= 2 => Some((429, "rejected execution")),
            Some((_, "3")) if *turn <= 1 => Some((503, "primary shard is not active")),
            _ => None,
        }
    });
    let index = index(&fake.url(), Credentials::None);
    add(&index, "a.txt", &[long()]).unwrap();
    index.commit().unwrap();
    let numbers: Vec<Vec<String>> = fake
        .bulks()
        .iter()
        .map(|bulk| {
            let ids = bulk.ids();
            ids.iter()
                .map(|id| {
                    id.split_once('-')
                        .map_or("article", |(_, number)| number)
                        .to_owned()
                })
                .collect()
        })
        .collect();
    assert_eq!(
        numbers,
        [
            vec!["0", "1", "2", "3", "4"],
            vec!["1", "3"],
            vec!["1"],
            // The article's own record comes when all of its windows are there.
            vec!["article"],
        ]
    );
}

#[test]
fn a_record_that_is_refused_is_told_by_the_id_of_its_article() {
    let fake = Fake::start(|id| {
        let own = id.len() == 32;
        own.then_some((400, "mapper_parsing_exception: failed to parse"))
    });
    let index = index(&fake.url(), Credentials::None);
    let told = add(&index, "a.txt", &[long()])
        .and_then(|()| index.commit())
        .unwrap_err();
    assert!(
        matches!(&told, IndexError::Document { id, .. } if id == "long"),
        "{told}"
    );
    assert!(told.to_string().contains("failed to parse"), "{told}");
}

#[test]
fn a_silent_cluster_is_told_soon_then_at_once_and_is_found_again() {
    let fake = Fake::start(|_| None);
    let index = index(&fake.url(), Credentials::None);
    assert_eq!(index.newest(0, 5).unwrap(), Vec::<u64>::new());

    fake.silent.store(true, Ordering::Relaxed);
    let begun = Instant::now();
    let told = index.newest(0, 5).unwrap_err().to_string();
    assert!(begun.elapsed() < SOON, "after {:?}", begun.elapsed());
    assert!(told.contains(&fake.url()), "{told}");
    assert!(told.contains("does not answer"), "{told}");
    // Nobody waits for it again: it is not even asked.
    let asked = fake.asked.lock().unwrap().len();
    let told = index.newest(0, 5).unwrap_err().to_string();
    assert!(told.contains("asked again soon"), "{told}");
    assert_eq!(fake.asked.lock().unwrap().len(), asked);

    fake.silent.store(false, Ordering::Relaxed);
    let begun = Instant::now();
    while index.newest(0, 5).is_err() {
        assert!(
            begun.elapsed() < Duration::from_mins(1),
            "it is not found again"
        );
        thread::sleep(Duration::from_millis(100));
    }
}

#[test]
fn a_cluster_that_is_not_there_is_told_soon_whatever_is_asked() {
    let closed = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", closed.local_addr().unwrap());
    drop(closed);
    let calls: [Call; 4] = [
        |index| index.size().map(drop),
        |index| index.files().map(drop),
        |index| add(index, "a.txt", &[long()]),
        |index| index.complete(),
    ];
    for call in calls {
        let index = index(&url, Credentials::None);
        let begun = Instant::now();
        let told = call(&index).unwrap_err().to_string();
        assert!(begun.elapsed() < SOON, "after {:?}", begun.elapsed());
        assert!(
            told.starts_with(&format!("the search cluster at {url} does not answer")),
            "{told}"
        );
    }
}

#[test]
fn of_two_nodes_one_is_enough() {
    let fake = Fake::start(|_| None);
    let silent = Fake::start(|_| None);
    silent.silent.store(true, Ordering::Relaxed);
    let closed = TcpListener::bind("127.0.0.1:0").unwrap();
    let gone = format!("http://{}", closed.local_addr().unwrap());
    drop(closed);
    for other in [gone, silent.url()] {
        let index = index(&format!("{other},{}", fake.url()), Credentials::None);
        assert_eq!(index.newest(0, 5).unwrap(), Vec::<u64>::new());
    }
}

#[test]
fn credentials_are_sent_and_never_told() {
    let basic = Credentials::Basic {
        user: "jane".to_owned(),
        password: "s3cret/word".to_owned(),
    };
    let key = Credentials::ApiKey("a2V5OnZhbHVl".to_owned());
    for (credentials, header) in [
        (basic, "Basic amFuZTpzM2NyZXQvd29yZA=="),
        (key, "ApiKey a2V5OnZhbHVl"),
    ] {
        let fake = Fake::start(|_| None);
        let index = index(&fake.url(), credentials.clone());
        assert_eq!(index.newest(0, 5).unwrap(), Vec::<u64>::new());
        let asked = fake.asked.lock().unwrap().clone();
        assert!(
            asked
                .iter()
                .all(|one| one.authorization.as_deref() == Some(header))
        );

        let secret = header.split_once(' ').unwrap().1;
        let reason = format!("unable to authenticate [{secret}] [s3cret/word]");
        for status in [401, 403, 400, 500, 429, 503] {
            let answer = json!({"error": {"reason": reason}, "status": status});
            *fake.status.lock().unwrap() = Some((status, answer));
            let failed = index.newest(0, 5).unwrap_err();
            let told = format!("{failed} {failed:?} {credentials:?}");
            assert!(told.contains(&status.to_string()), "{told}");
            let basic = matches!(credentials, Credentials::Basic { .. });
            assert!(!told.contains(secret), "{told}");
            assert!(!basic || !told.contains("s3cret"), "{told}");
        }
    }
}

#[test]
fn an_index_that_somebody_else_made_is_left_alone() {
    let fake = Fake::start(|_| None);
    let foreign = json!({format!("news-{VERSION:016x}"): {"mappings": {}}});
    *fake.status.lock().unwrap() = Some((200, foreign));
    let index = index(&fake.url(), Credentials::None);
    let told = index.prepare().unwrap_err().to_string();
    assert!(told.contains("Dateline did not make"), "{told}");
}
