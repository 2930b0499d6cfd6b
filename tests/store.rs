//! The store, over a SQLite file and over PostgreSQL: one contract, two databases.
//!
//! PostgreSQL is used where `DATELINE_TEST_POSTGRES` names one (`tests/postgres/start.sh` starts it); each
//! test makes a schema of its own there.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::{
    collections::BTreeSet,
    process::{Command, Stdio},
    sync::atomic::{AtomicU64, Ordering},
};

use dateline::store::{
    Added, AskingPace, Feedback, Finding, GuildSettings, Pace, Place, Post, Recipient, Store, Watch,
};
use jiff::{Timestamp, civil::date};

/// The environment variable with the address of a PostgreSQL.
const POSTGRES: &str = "DATELINE_TEST_POSTGRES";

const HERE: Place = Place(100_000_000_000_000_001);
const THERE: Place = Place(100_000_000_000_000_002);
const CHANNEL: u64 = 300_000_000_000_000_001;
const ANN: u64 = 200_000_000_000_000_001;
const BOB: u64 = u64::MAX - 1;

/// An empty database, as long as this lives.
struct Base {
    url: String,
    _folder: tempfile::TempDir,
}

/// The databases that there are here, each empty.
async fn bases() -> Vec<Base> {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", folder.path().join("store.db").display());
    let mut bases = vec![Base {
        url,
        _folder: folder,
    }];
    match std::env::var(POSTGRES) {
        Ok(url) => bases.push(Base {
            url: in_new_schema(&url).await,
            _folder: tempfile::tempdir().unwrap(),
        }),
        Err(missing) => {
            let ci = std::env::var("CI").is_ok_and(|ci| ci == "true");
            assert!(!ci, "{POSTGRES}: {missing}: only SQLite would be tested");
            eprintln!("{POSTGRES}: {missing}: only SQLite is tested");
        }
    }
    bases
}

/// The same database, in a schema that nothing else uses.
async fn in_new_schema(url: &str) -> String {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let schema = format!(
        "test_{}_{}",
        std::process::id(),
        COUNT.fetch_add(1, Ordering::Relaxed)
    );
    sqlx::any::install_default_drivers();
    let pool = sqlx::AnyPool::connect(url).await.unwrap();
    sqlx::query(sqlx::AssertSqlSafe(format!("CREATE SCHEMA {schema}")))
        .execute(&pool)
        .await
        .unwrap();
    pool.close().await;
    format!("{url}?options=-csearch_path%3D{schema}")
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_700_000_000 + second).unwrap()
}

fn watch(id: u64, topic: &str, pace: Pace) -> Watch {
    Watch {
        id,
        place: HERE,
        channel: CHANNEL,
        owner: ANN,
        topic: topic.to_owned(),
        pace,
        language: "en".to_owned(),
        due: at(pace.seconds().unwrap_or(0)),
        looked: 10,
    }
}

fn finding(number: u64) -> Finding {
    Finding {
        article: format!("article-{number}"),
        number,
        excerpt: format!("what happened, number {number}"),
        shown: format!("> what happened, number {number}"),
    }
}

/// Takes what is to be sent at `second`, for a minute.
async fn take(store: &Store, second: i64) -> Vec<Post> {
    store
        .take_posts(at(second), at(second + 60), 10)
        .await
        .unwrap()
}

#[tokio::test]
async fn settings_come_back_as_they_were_set_and_belong_to_one_place() {
    for base in bases().await {
        let store = Store::open(&base.url).await.unwrap();
        assert_eq!(
            store.settings(HERE).await.unwrap(),
            GuildSettings::default()
        );
        let wanted = GuildSettings {
            prefix: Some("?'; DROP TABLE watches; --".to_owned()),
            language: Some("de".to_owned()),
            channels: BTreeSet::from([CHANNEL, BOB]),
            outlets: BTreeSet::from(["Straßenblatt 📰".to_owned()]),
            published_from: Some(date(2021, 2, 1)),
            published_until: Some(date(2021, 2, 28)),
            excerpts: Some(3),
            excerpt_length: Some(200),
            cooldown: Some(AskingPace {
                burst: 2,
                seconds: 30,
            }),
        };
        let set = wanted.clone();
        let changed = store
            .change_settings(HERE, |settings| *settings = set)
            .await
            .unwrap();
        assert_eq!(changed, wanted);
        assert_eq!(store.settings(HERE).await.unwrap(), wanted);
        assert_eq!(
            store.settings(THERE).await.unwrap(),
            GuildSettings::default()
        );
        // What is not touched stays, and what is taken back is gone.
        store
            .change_settings(HERE, |settings| {
                settings.prefix = None;
                settings.channels.remove(&BOB);
            })
            .await
            .unwrap();
        let now = store.settings(HERE).await.unwrap();
        assert_eq!(now.prefix, None);
        assert_eq!(now.channels, BTreeSet::from([CHANNEL]));
        assert_eq!(now.outlets, wanted.outlets);
        store.close().await;
    }
}

#[tokio::test]
async fn two_who_change_settings_at_once_both_have_their_way() {
    for base in bases().await {
        let store = Store::open(&base.url).await.unwrap();
        let other = Store::open(&base.url).await.unwrap();
        for round in 0..10_u32 {
            let (one, two) = tokio::join!(
                store.change_settings(HERE, |settings| settings.excerpts = Some(round)),
                other.change_settings(HERE, |settings| settings.excerpt_length = Some(round)),
            );
            one.unwrap();
            two.unwrap();
            let now = store.settings(HERE).await.unwrap();
            assert_eq!(
                (now.excerpts, now.excerpt_length),
                (Some(round), Some(round))
            );
        }
    }
}

#[tokio::test]
async fn what_is_kept_outlives_the_program_and_an_older_version_of_it() {
    for base in bases().await {
        let store = Store::open(&base.url).await.unwrap();
        store
            .change_settings(HERE, |settings| settings.prefix = Some("?".to_owned()))
            .await
            .unwrap();
        store.close().await;
        // Opening again runs no migration twice.
        for _ in 0..2 {
            let store = Store::open(&base.url).await.unwrap();
            let settings = store.settings(HERE).await.unwrap();
            assert_eq!(settings.prefix.as_deref(), Some("?"));
            store.close().await;
        }
    }
}

#[tokio::test]
async fn a_database_that_cannot_be_opened_is_told_without_its_password() {
    for (url, words) in [
        ("mysql://root:hidden@localhost/x", "store.url"),
        (
            "sqlite:///no/such/folder/store.db",
            "/no/such/folder/store.db",
        ),
        ("postgres://ann:hidden@127.0.0.1:1/news", "127.0.0.1:1/news"),
    ] {
        let told = Store::open(url).await.unwrap_err().to_string();
        assert!(told.contains(words), "{told}");
        assert!(!told.contains("hidden"), "{told}");
    }
}

#[tokio::test]
async fn a_topic_is_watched_once_a_channel_and_so_many_a_place() {
    for base in bases().await {
        let store = Store::open(&base.url).await.unwrap();
        let first = watch(1, "Protests", Pace::Daily);
        assert_eq!(store.add_watch(&first, 2).await.unwrap(), Added::New);
        // The same interaction delivered twice, and the same wish spelt otherwise.
        assert_eq!(store.add_watch(&first, 2).await.unwrap(), Added::There);
        let same = watch(2, "protests", Pace::AtOnce);
        assert_eq!(store.add_watch(&same, 2).await.unwrap(), Added::There);
        let second = watch(3, "courts", Pace::Weekly);
        assert_eq!(store.add_watch(&second, 2).await.unwrap(), Added::New);
        let third = watch(4, "elections", Pace::AtOnce);
        assert_eq!(store.add_watch(&third, 2).await.unwrap(), Added::TooMany);
        let elsewhere = Watch {
            place: THERE,
            owner: BOB,
            ..third
        };
        assert_eq!(store.add_watch(&elsewhere, 2).await.unwrap(), Added::New);

        assert_eq!(
            store.watches(HERE).await.unwrap(),
            [first.clone(), second.clone()]
        );
        let bobs = store.watches_of(BOB).await.unwrap();
        assert_eq!(bobs, std::slice::from_ref(&elsewhere));
        // Nobody ends another server's watch.
        assert!(!store.end_watch(THERE, first.id).await.unwrap());
        assert!(store.end_watch(HERE, first.id).await.unwrap());
        assert!(!store.end_watch(HERE, first.id).await.unwrap());
        assert_eq!(store.watches(HERE).await.unwrap(), [second]);
        assert_eq!(store.watches(THERE).await.unwrap(), [elsewhere]);
    }
}

#[tokio::test]
async fn what_is_found_is_kept_once_and_looked_at_once() {
    for base in bases().await {
        let store = Store::open(&base.url).await.unwrap();
        let first = watch(1, "protests", Pace::AtOnce);
        store.add_watch(&first, 9).await.unwrap();
        assert_eq!(store.watches_behind(10).await.unwrap(), []);
        let behind = store.watches_behind(12).await.unwrap();
        assert_eq!(behind, std::slice::from_ref(&first));
        let found = [finding(12), finding(11), finding(12)];
        assert!(store.found(&first, 12, &found, at(0)).await.unwrap());
        // Another process that looked at the same articles comes too late.
        assert!(!store.found(&first, 12, &found, at(0)).await.unwrap());
        assert_eq!(store.watches_behind(12).await.unwrap(), []);
        assert_eq!(
            store.untold(1, 9).await.unwrap(),
            [finding(11), finding(12)]
        );
        assert_eq!(store.last_findings(1, 1).await.unwrap(), [finding(12)]);
        // An archive built anew counts from the beginning.
        store.begin_again(3).await.unwrap();
        assert_eq!(store.watch(1).await.unwrap().unwrap().looked, 3);
    }
}

#[tokio::test]
async fn a_message_is_made_once_and_what_it_tells_is_told() {
    for base in bases().await {
        let store = Store::open(&base.url).await.unwrap();
        let first = watch(1, "protests", Pace::AtOnce);
        store.add_watch(&first, 9).await.unwrap();
        assert_eq!(store.watches_due(at(0)).await.unwrap(), []);
        store
            .found(&first, 12, &[finding(11), finding(12)], at(0))
            .await
            .unwrap();
        let due = store.watches_due(at(0)).await.unwrap();
        assert_eq!(due.len(), 1);
        assert_eq!(store.last_post(CHANNEL).await.unwrap(), None);
        let untold = store.untold(1, 1).await.unwrap();
        let make = || store.make_post(&due[0], &untold, ("title", "body"), at(30), at(1));
        assert!(make().await.unwrap());
        assert!(!make().await.unwrap(), "another process comes too late");
        assert_eq!(store.untold(1, 9).await.unwrap(), [finding(12)]);
        assert_eq!(store.last_post(CHANNEL).await.unwrap(), Some(at(1)));
        // The rest waits for its time.
        assert_eq!(store.watches_due(at(29)).await.unwrap(), []);
        assert_eq!(store.watches_due(at(30)).await.unwrap().len(), 1);

        let posts = take(&store, 2).await;
        let [post] = posts.as_slice() else {
            panic!("{posts:?}");
        };
        assert_eq!(post.to, Recipient::Channel(CHANNEL));
        assert_eq!((post.title.as_str(), post.body.as_str()), ("title", "body"));
        assert_eq!((post.attempts, post.tried), (1, None));
        assert!(post.id.len() <= 25, "a nonce has 25 characters at most");
        assert_eq!(take(&store, 3).await, [], "it is held");
        // Whoever held it has died.
        let again = take(&store, 62).await;
        assert_eq!((again[0].attempts, again[0].tried), (2, Some(at(2))));
        store.postpone(&post.id, at(500)).await.unwrap();
        assert_eq!(take(&store, 400).await, []);
        assert_eq!(take(&store, 500).await.len(), 1);
        store.post_sent(&post.id, at(501)).await.unwrap();
        assert_eq!(take(&store, 5000).await, []);
        // What was told long ago is forgotten, what is still to be told is not.
        store.forget_told(at(10_000)).await.unwrap();
        assert_eq!(store.last_findings(1, 9).await.unwrap(), [finding(12)]);
    }
}

#[tokio::test]
async fn of_many_senders_one_takes_a_message() {
    for base in bases().await {
        let store = Store::open(&base.url).await.unwrap();
        for id in 1..=20 {
            let watch = watch(id, &format!("topic {id}"), Pace::AtOnce);
            store.add_watch(&watch, 99).await.unwrap();
            store
                .found(&watch, 11, &[finding(11)], at(0))
                .await
                .unwrap();
            let made = store
                .make_post(&watch, &[finding(11)], ("", "b"), at(9), at(0))
                .await;
            assert!(made.unwrap());
        }
        let mut senders = Vec::new();
        for _ in 0..4 {
            let store = Store::open(&base.url).await.unwrap();
            senders.push(tokio::spawn(async move {
                store.take_posts(at(1), at(61), 20).await.unwrap()
            }));
        }
        let mut taken = Vec::new();
        for sender in senders {
            taken.extend(sender.await.unwrap().into_iter().map(|post| post.id));
        }
        let once: BTreeSet<&String> = taken.iter().collect();
        assert_eq!((taken.len(), once.len()), (20, 20));
    }
}

#[tokio::test]
async fn a_digest_with_nothing_to_tell_waits_for_its_next_hour() {
    for base in bases().await {
        let store = Store::open(&base.url).await.unwrap();
        let daily = watch(1, "protests", Pace::Daily);
        store.add_watch(&daily, 9).await.unwrap();
        let day = 86_400;
        // Three days and an hour later it is due at the end of the fourth.
        assert_eq!(store.watches_due(at(3 * day + 3600)).await.unwrap(), []);
        let daily = store.watch(1).await.unwrap().unwrap();
        assert_eq!(daily.due, at(4 * day));
        store
            .found(&daily, 11, &[finding(11)], at(0))
            .await
            .unwrap();
        assert_eq!(store.watches_due(at(4 * day - 1)).await.unwrap(), []);
        assert_eq!(store.watches_due(at(4 * day)).await.unwrap().len(), 1);
    }
}

#[tokio::test]
async fn a_channel_that_is_gone_ends_its_watch_and_whoever_set_it_hears_of_it_once() {
    for base in bases().await {
        let store = Store::open(&base.url).await.unwrap();
        let first = watch(u64::MAX >> 1, "protests", Pace::AtOnce);
        store.add_watch(&first, 9).await.unwrap();
        store
            .found(&first, 11, &[finding(11)], at(0))
            .await
            .unwrap();
        store
            .make_post(&first, &[finding(11)], ("", "b"), at(9), at(0))
            .await
            .unwrap();
        for _ in 0..2 {
            store
                .end_unheard(&first, ("", "it has ended"), at(1))
                .await
                .unwrap();
        }
        assert_eq!(store.watches(HERE).await.unwrap(), []);
        assert_eq!(store.last_findings(first.id, 9).await.unwrap(), []);
        let posts = take(&store, 2).await;
        let [post] = posts.as_slice() else {
            panic!("{posts:?}");
        };
        assert_eq!(post.to, Recipient::Person(ANN));
        assert!(post.id.len() <= 25);
        store.drop_post(&post.id).await.unwrap();
        assert_eq!(take(&store, 1000).await, []);
    }
}

#[tokio::test]
async fn feedback_is_counted_by_kind_and_place() {
    for base in bases().await {
        let store = Store::open(&base.url).await.unwrap();
        for (place, kind, helped) in [
            (HERE, "when", true),
            (HERE, "when", true),
            (HERE, "when", false),
            (HERE, "ask", false),
            (THERE, "ask", true),
        ] {
            store.count_feedback(place, kind, helped).await.unwrap();
        }
        let count = |kind: &str, helped, not| Feedback {
            kind: kind.to_owned(),
            helped,
            not,
        };
        assert_eq!(
            store.feedback(HERE).await.unwrap(),
            [count("ask", 0, 1), count("when", 2, 1)]
        );
        assert_eq!(store.feedback(THERE).await.unwrap(), [count("ask", 1, 0)]);
    }
}

#[tokio::test]
async fn what_is_kept_of_a_person_or_a_place_can_be_removed_and_nothing_else_goes() {
    for base in bases().await {
        let store = Store::open(&base.url).await.unwrap();
        let anns = watch(1, "protests", Pace::AtOnce);
        let bobs = Watch {
            owner: BOB,
            ..watch(2, "courts", Pace::AtOnce)
        };
        let elsewhere = Watch {
            place: THERE,
            ..watch(3, "courts", Pace::AtOnce)
        };
        for watch in [&anns, &bobs, &elsewhere] {
            store.add_watch(watch, 9).await.unwrap();
            store.found(watch, 11, &[finding(11)], at(0)).await.unwrap();
            let made = store
                .make_post(watch, &[finding(11)], ("", "b"), at(9), at(0))
                .await;
            assert!(made.unwrap());
        }
        store.forget_person(BOB).await.unwrap();
        let left = |watches: Vec<Watch>| watches.iter().map(|watch| watch.id).collect::<Vec<_>>();
        assert_eq!(left(store.watches(HERE).await.unwrap()), [1]);
        store.count_feedback(HERE, "when", true).await.unwrap();
        store.count_feedback(THERE, "when", true).await.unwrap();
        store
            .change_settings(HERE, |settings| {
                settings.channels.insert(CHANNEL);
            })
            .await
            .unwrap();
        store.forget_place(HERE).await.unwrap();
        assert_eq!(
            store.settings(HERE).await.unwrap(),
            GuildSettings::default()
        );
        assert_eq!(store.watches(HERE).await.unwrap(), []);
        assert_eq!(store.feedback(HERE).await.unwrap(), []);
        assert_eq!(left(store.watches_of(ANN).await.unwrap()), [3]);
        assert_eq!(store.feedback(THERE).await.unwrap().len(), 1);
        let ids: Vec<Place> = take(&store, 1)
            .await
            .iter()
            .map(|post| post.place)
            .collect();
        assert_eq!(ids, [THERE]);
    }
}

/// Takes a watch through all that becomes of it: found, made into a message, taken and sent.
async fn tell(store: &Store, id: u64) {
    let watch = Watch {
        channel: id,
        ..watch(id, "protests", Pace::AtOnce)
    };
    store.add_watch(&watch, usize::MAX).await.unwrap();
    let found = [finding(11), finding(12)];
    store.found(&watch, 12, &found, at(0)).await.unwrap();
    let made = store.make_post(&watch, &found, ("", "b"), at(9), at(0));
    made.await.unwrap();
    for post in take(store, 1).await {
        store.post_sent(&post.id, at(2)).await.unwrap();
    }
}

/// How many rows there are that say half of something: told and in no message, or a message of nothing told.
async fn torn(url: &str) -> i64 {
    let pool = sqlx::AnyPool::connect(url).await.unwrap();
    let mut torn = 0;
    for query in [
        "SELECT COUNT(*) FROM findings WHERE message <> '' AND message NOT IN (SELECT id FROM outbox)",
        "SELECT COUNT(*) FROM outbox WHERE id NOT IN (SELECT message FROM findings)",
        "SELECT COUNT(*) FROM watches WHERE looked = 12
             AND 2 <> (SELECT COUNT(*) FROM findings WHERE watch = watches.id)",
    ] {
        let row = sqlx::query_scalar::<_, i64>(query).fetch_one(&pool).await;
        torn += row.unwrap();
    }
    pool.close().await;
    torn
}

/// Where this program, run again as a child, writes until it is killed.
const VICTIM: &str = "DATELINE_TEST_STORE_VICTIM";

#[tokio::test]
async fn victim() {
    let Ok(url) = std::env::var(VICTIM) else {
        return;
    };
    let store = Store::open(&url).await.unwrap();
    for number in 0.. {
        tell(
            &store,
            u64::from(number) << 32 | u64::from(std::process::id()),
        )
        .await;
        store
            .change_settings(HERE, |settings| {
                settings.excerpts = Some(number);
                settings.channels = BTreeSet::from([u64::from(number), u64::from(number) + 1]);
            })
            .await
            .unwrap();
    }
}

#[tokio::test]
async fn killed_at_any_moment_it_is_whole() {
    for base in bases().await {
        let store = Store::open(&base.url).await.unwrap();
        let mut last = 0;
        for round in 0..5 {
            let mut child = Command::new(std::env::current_exe().unwrap())
                .args(["--exact", "victim"])
                .env(VICTIM, &base.url)
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .unwrap();
            // Killed in the midst of its work, wherever it is then.
            loop {
                let settings = store.settings(HERE).await.unwrap();
                if settings.excerpts.is_some_and(|number| number > 3 + round) {
                    break;
                }
                tokio::time::sleep(std::time::Duration::from_millis(5)).await;
            }
            child.kill().unwrap();
            child.wait().unwrap();
            let settings = store.settings(HERE).await.unwrap();
            let number = u64::from(settings.excerpts.unwrap());
            assert_eq!(settings.channels, BTreeSet::from([number, number + 1]));
            last = last.max(number);
            assert_eq!(torn(&base.url).await, 0);
            store.forget_place(HERE).await.unwrap();
        }
        assert!(last > 3);
    }
}
