//! Watches: told once, in their channel, at their pace, whatever happens to the bot meanwhile.

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

use dateline::{
    archive::Archive,
    face::discord::{ApiBase, Arrivals, Discord, Token},
    store::Place,
};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::{
    fake::{
        ANN, BOB, CHANNEL, DIRECT, Fake, Fault, GUILD, OTHER_CHANNEL, OTHER_GUILD, Shown, THREAD,
        payload::{self, MANAGES, allowed},
    },
    stage::{Bot, Database, language, settings},
};

const FLOOD: &str = "Floods closed the harbour of Lindau on Tuesday, the port authority said.";
pub const DAY: i64 = 86_400;

/// What nobody would take for the same.
pub const WORDS: [&str; 8] = [
    "bridges, barns, mills and a railway station",
    "apple trees, beehives, fences and a tractor",
    "violins, curtains, lamps and a grand piano",
    "timber, barrels, ropes and a fishing boat",
    "letters, ledgers, stamps and a post office",
    "cattle, saddles, hay and a stable door",
    "bread, ovens, flour and a bakery sign",
    "coal, wagons, rails and a signal box",
];

/// A newsroom: a folder of articles, an archive of it, a database, a clock, and a bot over them.
pub struct Newsroom {
    folder: tempfile::TempDir,
    archive: Arc<Archive>,
    database: Database,
    pub second: Arc<AtomicI64>,
    pub arrivals: Arrivals,
    fake: Fake,
    pub bot: Bot,
    readies: usize,
}

impl Newsroom {
    pub async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let archive = Arc::new(Archive::in_memory(language()).unwrap());
        let database = Database::new();
        // The moment at which the fake's ids begin.
        let second = Arc::new(AtomicI64::new(1_613_390_400));
        let arrivals = Arrivals::default();
        let fake = Fake::start().await;
        let bot = start(&fake, &archive, &database, &second, &arrivals).await;
        fake.ready(1).await;
        fake.registered().await;
        let newsroom = Self {
            folder,
            archive,
            database,
            second,
            arrivals,
            fake,
            bot,
            readies: 1,
        };
        newsroom
            .publish("old", &format!("{FLOOD} Nobody had been watching yet."))
            .await;
        newsroom
    }

    /// An article comes in.
    async fn publish(&self, id: &str, text: &str) {
        self.publish_all(&[(id, text)]).await;
    }

    pub async fn publish_all(&self, articles: &[(&str, &str)]) {
        for (id, text) in articles {
            let line = json!({
                "id": id, "date": "2021-02-16", "text": text, "headline": format!("Headline of {id}"),
                "outlet": "The *Gazette*", "url": format!("https://gazette.example/{id}"),
            });
            std::fs::write(
                self.folder.path().join(format!("{id}.jsonl")),
                line.to_string(),
            )
            .unwrap();
        }
        let (archive, folder) = (Arc::clone(&self.archive), self.folder.path().to_owned());
        tokio::task::spawn_blocking(move || refresh(&archive, &folder))
            .await
            .unwrap();
        self.arrivals.articles_came();
    }

    pub fn pass(&self, seconds: i64) {
        self.second.fetch_add(seconds, Ordering::SeqCst);
        self.fake.shared.pass(seconds.unsigned_abs());
        self.arrivals.articles_came();
    }

    /// Uses a command as one who manages the server; gives what is said to them.
    async fn command(&self, user: u64, channel: u64, name: &str, options: Value) -> String {
        let id = self.fake.shared.id();
        self.fake.expect_interaction(id, channel, None);
        let mut command = payload::command(id, user, channel, name, options);
        if channel != DIRECT {
            command = allowed(command, MANAGES);
        }
        self.fake.event("INTERACTION_CREATE", &command);
        let token = payload::token(id);
        let shown = self
            .fake
            .until("a response", |world| {
                let message = world.interactions.get(&token)?.message?;
                world
                    .messages
                    .iter()
                    .find(|shown| shown.id == message)
                    .cloned()
            })
            .await;
        assert!(shown.ephemeral);
        shown.text()
    }

    pub async fn watch(&self, channel: u64, topic: &str, pace: &str) {
        let options = json!([
            {"name": "topic", "type": 3, "value": topic},
            {"name": "pace", "type": 3, "value": pace},
        ]);
        let said = self.command(ANN, channel, "watch", options).await;
        assert!(said.contains("From now on"), "{said}");
    }

    /// What was told in a channel, unasked.
    pub fn told(&self, channel: u64) -> Vec<Shown> {
        let shown = self.fake.shown();
        let told = shown
            .into_iter()
            .filter(|shown| shown.channel == channel && !shown.ephemeral);
        told.collect()
    }

    /// Waits until so many messages were told in a channel.
    pub async fn told_in(&self, channel: u64, count: usize) -> Vec<Shown> {
        self.fake
            .until("watches to be told", |world| {
                let told: Vec<Shown> = world
                    .messages
                    .iter()
                    .filter(|shown| shown.channel == channel && !shown.ephemeral)
                    .cloned()
                    .collect();
                assert!(told.len() <= count, "too much is told: {told:#?}");
                (told.len() == count).then_some(told)
            })
            .await
    }

    /// Waits until all that there is to be told has been: a watch that is set last is told last.
    pub async fn settled(&self) {
        // Nothing of this can fail but by standing still.
        for _ in 0..400 {
            let store = self.database.open().await;
            let highest = self.archive.index().highest().unwrap();
            let now = Timestamp::from_second(self.second.load(Ordering::SeqCst)).unwrap();
            let looked = store.watches_behind(highest).await.unwrap().is_empty();
            // Messages that are held by a sender are not to be taken.
            let due = store.watches_due(now).await.unwrap();
            let mut waiting = Vec::new();
            for watch in due {
                let last = store.last_post(watch.channel).await.unwrap();
                if last.is_none_or(|last| now.as_second() - last.as_second() >= 60) {
                    waiting.push(watch);
                }
            }
            if looked && waiting.is_empty() {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        panic!("the watches are never told");
    }

    /// Ends the bot, or kills it, and starts another.
    async fn restart(self, kill: bool) -> Self {
        if kill {
            self.bot.kill().await;
        } else {
            self.bot.end().await;
        }
        let bot = start(
            &self.fake,
            &self.archive,
            &self.database,
            &self.second,
            &self.arrivals,
        )
        .await;
        let readies = self.readies + 1;
        self.fake.ready(readies).await;
        Self {
            bot,
            readies,
            ..self
        }
    }
}

fn refresh(archive: &Archive, folder: &Path) {
    let refreshed = archive.refresh(&[folder.to_owned()], &|_| {}).unwrap();
    assert!(refreshed.changed());
}

async fn start(
    fake: &Fake,
    archive: &Arc<Archive>,
    database: &Database,
    second: &Arc<AtomicI64>,
    arrivals: &Arrivals,
) -> Bot {
    let clock = Arc::clone(second);
    let discord = Discord::new(
        Arc::clone(archive),
        settings(),
        Token::new("a.b.c").unwrap(),
    )
    .api_base(Some(ApiBase::new(&fake.base).unwrap()))
    .store(Some(database.open().await))
    .arrivals(arrivals.clone())
    .clock(Arc::new(move || {
        Timestamp::from_second(clock.load(Ordering::SeqCst)).unwrap()
    }));
    Bot::run(discord)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_comes_in_is_told_once_with_its_date_and_source_and_nothing_else_is() {
    let newsroom = Newsroom::new().await;
    newsroom.watch(CHANNEL, "floods Lindau", "at-once").await;
    newsroom
        .publish_all(&[
            ("one", &format!("{FLOOD} Ships waited outside.")),
            (
                "two",
                "The harbour of Lindau will be rebuilt. A court in Berlin heard of it.",
            ),
            ("three", "Floods in Dresden reached the opera."),
        ])
        .await;
    let told = newsroom.told_in(CHANNEL, 1).await;
    let text = told[0].text();
    assert!(text.starts_with("New on: floods Lindau"), "{text}");
    assert!(text.contains("harbour of"), "{text}");
    assert!(text.contains("February 2021"), "{text}");
    assert!(text.contains("The \\*Gazette\\*"), "{text}");
    assert!(text.contains("<https://gazette.example/one>"), "{text}");
    for other in ["Dresden", "Berlin", "watching"] {
        assert!(!text.contains(other), "{text}");
    }
    // The same sentence again, from somebody else, and much later.
    newsroom.pass(3600);
    newsroom
        .publish("four", &format!("{FLOOD} Trains ran late."))
        .await;
    newsroom.settled().await;
    newsroom.pass(3600);
    newsroom
        .publish(
            "five",
            "In Lindau the floods have gone, and people are back in their houses.",
        )
        .await;
    let told = newsroom.told_in(CHANNEL, 2).await;
    assert!(told[1].text().contains("have gone"), "{}", told[1].text());
    newsroom.bot.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_digest_is_one_message_at_its_hour() {
    let newsroom = Newsroom::new().await;
    newsroom.watch(CHANNEL, "floods", "daily").await;
    newsroom
        .publish("one", &format!("{FLOOD} Ships waited."))
        .await;
    newsroom.pass(DAY / 2);
    newsroom
        .publish(
            "two",
            "Floods in Dresden reached the opera, where the curtain stayed down.",
        )
        .await;
    newsroom.settled().await;
    assert_eq!(newsroom.told(CHANNEL).len(), 0, "its hour has not come");
    newsroom.pass(DAY / 2);
    let told = newsroom.told_in(CHANNEL, 1).await;
    let text = told[0].text();
    assert!(
        text.contains("Lindau") && text.contains("Dresden"),
        "{text}"
    );
    // A day on which nothing came in has no message; the next comes at the same hour.
    newsroom.pass(DAY + DAY / 2);
    newsroom.settled().await;
    newsroom
        .publish(
            "three",
            "Floods took a bridge near Passau that had stood for a century.",
        )
        .await;
    newsroom.settled().await;
    assert_eq!(newsroom.told(CHANNEL).len(), 1);
    newsroom.pass(DAY / 2);
    let told = newsroom.told_in(CHANNEL, 2).await;
    assert!(told[1].text().contains("Passau"), "{}", told[1].text());
    newsroom.bot.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_channel_is_not_flooded() {
    let newsroom = Newsroom::new().await;
    newsroom.watch(CHANNEL, "floods", "at-once").await;
    newsroom.watch(CHANNEL, "opera", "at-once").await;
    let texts: Vec<String> = (0..30)
        .map(|number| {
            format!(
                "Floods reached house number {number} of street {}, and word{number} thing{} fell{}.",
                number * 7,
                number * 3,
                number * 11
            )
        })
        .collect();
    let mut articles: Vec<(String, &str)> = (0..30)
        .map(|number| (format!("flood-{number}"), texts[number].as_str()))
        .collect();
    articles.push((
        "opera".to_owned(),
        "The opera sang on a raft in the square that evening.",
    ));
    let articles: Vec<(&str, &str)> = articles
        .iter()
        .map(|(id, text)| (id.as_str(), *text))
        .collect();
    newsroom.publish_all(&articles).await;
    newsroom.settled().await;
    let told = newsroom.told_in(CHANNEL, 1).await;
    let first = told[0].text();
    newsroom.pass(61);
    let told = newsroom.told_in(CHANNEL, 2).await;
    let both = format!("{first}{}", told[1].text());
    assert!(
        both.contains("opera") && both.contains("more: search"),
        "{both}"
    );
    newsroom.pass(61);
    newsroom.settled().await;
    assert_eq!(newsroom.told(CHANNEL).len(), 2);
    newsroom.bot.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn restarts_kills_and_outages_lose_and_double_nothing() {
    let mut newsroom = Newsroom::new().await;
    for (channel, topic) in [(CHANNEL, "floods"), (THREAD, "opera")] {
        newsroom.watch(channel, topic, "at-once").await;
    }
    let mut expected = 0;
    for round in 0..8_u64 {
        // What is found while nobody is there, what Discord refuses, and what it takes without saying so.
        let fault = |status, times, after_effect| Fault {
            method: "POST",
            path: "/messages",
            times,
            status,
            body: json!({"code": 0, "message": "as asked"}),
            after_effect,
        };
        match round % 4 {
            1 => newsroom.fake.fault(fault(503, 3, false)),
            2 => newsroom.fake.fault(fault(502, 50, true)),
            3 => newsroom.fake.fault(fault(500, 50, false)),
            _ => {}
        }
        let words = WORDS[usize::try_from(round).unwrap()];
        let floods = format!("Floods took {words} on the way to the sea.");
        let opera = format!("The opera showed {words} to everyone who came.");
        let (one, two) = (format!("flood-{round}"), format!("opera-{round}"));
        newsroom
            .publish_all(&[(&one, &floods), (&two, &opera)])
            .await;
        expected += 1;
        tokio::time::sleep(std::time::Duration::from_millis(60 * round)).await;
        newsroom = newsroom.restart(true).await;
        newsroom.fake.shared.world().faults.clear();
        // So much later that Discord has forgotten every nonce.
        for shown in &mut newsroom.fake.shared.world().messages {
            shown.nonce = None;
        }
        newsroom.pass(1200);
        for channel in [CHANNEL, THREAD] {
            let told = newsroom.told_in(channel, expected).await;
            let tellings = told
                .iter()
                .filter(|shown| shown.text().contains(words))
                .count();
            assert_eq!(tellings, 1, "round {round}: {told:#?}");
        }
    }
    newsroom.settled().await;
    newsroom = newsroom.restart(false).await;
    newsroom.pass(DAY);
    newsroom.settled().await;
    assert_eq!(newsroom.told(CHANNEL).len(), expected);
    newsroom.bot.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_bots_over_one_database_one_tells() {
    let newsroom = Newsroom::new().await;
    let other = start(
        &newsroom.fake,
        &newsroom.archive,
        &newsroom.database,
        &newsroom.second,
        &newsroom.arrivals,
    )
    .await;
    newsroom.fake.ready(2).await;
    let store = newsroom.database.open().await;
    for id in 1..=9_u64 {
        // Set in the database itself: two bots would both hear the command.
        let watch = dateline::store::Watch {
            id,
            place: Place(GUILD),
            channel: CHANNEL + 100 * id,
            owner: ANN,
            topic: "floods".to_owned(),
            pace: dateline::store::Pace::AtOnce,
            language: "en".to_owned(),
            due: Timestamp::UNIX_EPOCH,
            looked: 1,
        };
        store.add_watch(&watch, 99).await.unwrap();
    }
    newsroom
        .publish("one", &format!("{FLOOD} Ships waited."))
        .await;
    for id in 1..=9_u64 {
        newsroom.told_in(CHANNEL + 100 * id, 1).await;
    }
    newsroom.pass(DAY);
    newsroom.settled().await;
    for id in 1..=9_u64 {
        assert_eq!(newsroom.told(CHANNEL + 100 * id).len(), 1);
    }
    // The nonce is the last resort, and was not needed.
    let posts = newsroom.fake.requests();
    let posted = posts
        .iter()
        .filter(|request| request.method == "POST" && request.path.ends_with("/messages"));
    assert_eq!(posted.count(), 9);
    other.end().await;
    newsroom.bot.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_channel_that_is_gone_or_closed_ends_its_watch_and_whoever_set_it_is_told() {
    for gone in [true, false] {
        let newsroom = Newsroom::new().await;
        newsroom.watch(CHANNEL, "floods", "at-once").await;
        newsroom.watch(THREAD, "floods", "at-once").await;
        {
            let mut world = newsroom.fake.shared.world();
            let closed = if gone {
                &mut world.gone
            } else {
                &mut world.mute
            };
            closed.insert(CHANNEL);
        }
        newsroom
            .publish("one", &format!("{FLOOD} Ships waited."))
            .await;
        let told = newsroom.told_in(DIRECT, 1).await;
        let text = told[0].text();
        assert!(
            text.contains("A watch has ended") && text.contains("floods"),
            "{text}"
        );
        newsroom.told_in(THREAD, 1).await;
        let store = newsroom.database.open().await;
        let left = store.watches(Place(GUILD)).await.unwrap();
        let channels: Vec<u64> = left.iter().map(|watch| watch.channel).collect();
        assert_eq!(channels, [THREAD]);
        newsroom.bot.end().await;
    }
    // Somebody who takes no messages is not written to for ever.
    let newsroom = Newsroom::new().await;
    newsroom.watch(CHANNEL, "floods", "at-once").await;
    newsroom.fake.shared.world().gone.insert(CHANNEL);
    newsroom.fake.shared.world().closed.insert(ANN);
    newsroom
        .publish("one", &format!("{FLOOD} Ships waited."))
        .await;
    newsroom
        .fake
        .until("the attempt", |world| {
            let mut requests = world.requests.iter();
            requests
                .any(|request| request.path == "/users/@me/channels")
                .then_some(())
        })
        .await;
    newsroom.pass(DAY);
    newsroom.settled().await;
    assert_eq!(newsroom.fake.count("POST", "/users/@me/channels"), 1);
    newsroom.bot.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn watches_belong_to_their_server_and_to_whoever_set_them() {
    let newsroom = Newsroom::new().await;
    newsroom.watch(CHANNEL, "floods `*<@1>", "weekly").await;
    newsroom.watch(OTHER_CHANNEL, "opera", "at-once").await;
    let list = newsroom.command(BOB, CHANNEL, "watches", json!([])).await;
    assert!(
        list.contains("floods \\`\\*\\<\\@1>") && list.contains("once a week"),
        "{list}"
    );
    assert!(!list.contains("opera"), "{list}");
    let store = newsroom.database.open().await;
    let opera = store.watches(Place(OTHER_GUILD)).await.unwrap()[0]
        .id
        .to_string();
    for wanted in ["opera", &opera, "", "%", "0"] {
        let options = json!([{"name": "topic", "type": 3, "value": wanted}]);
        let said = newsroom.command(ANN, CHANNEL, "unwatch", options).await;
        assert!(said.contains("Nothing like that"), "{wanted}: {said}");
    }
    assert_eq!(store.watches(Place(OTHER_GUILD)).await.unwrap().len(), 1);
    // Without the permission, nobody sets a watch, and nobody ends another's.
    for (user, name, said) in [
        (BOB, "watch", "Only those who manage"),
        (BOB, "unwatch", "Only whoever set a watch"),
    ] {
        let id = newsroom.fake.shared.id();
        newsroom.fake.expect_interaction(id, CHANNEL, None);
        let options = json!([{"name": "topic", "type": 3, "value": "floods `*<@1>"}]);
        let command = payload::command(id, user, CHANNEL, name, options);
        newsroom.fake.event("INTERACTION_CREATE", &command);
        newsroom
            .fake
            .until("the refusal", |world| {
                let mut messages = world.messages.iter();
                messages
                    .any(|shown| shown.text().contains(said))
                    .then_some(())
            })
            .await;
    }
    // At home, everyone may.
    newsroom.watch(DIRECT, "opera", "at-once").await;
    let options = json!([{"name": "topic", "type": 3, "value": "opera"}]);
    let said = newsroom.command(ANN, DIRECT, "unwatch", options).await;
    assert!(said.contains("no longer watch"), "{said}");
    for topic in ["", "   ", "the", "!?", &"x".repeat(200)] {
        let options = json!([{"name": "topic", "type": 3, "value": topic}]);
        let said = newsroom.command(ANN, CHANNEL, "watch", options).await;
        assert!(said.contains("Name a topic"), "{topic:?}: {said}");
    }
    newsroom.bot.end().await;
}
