//! The real program, killed at any moment while articles come in: in the end each watch is told, once.

use std::{sync::Arc, time::Duration};

use serde_json::json;

use crate::{
    fake::{
        ANN, CHANNEL, Fake, Fault, NEVER, RESET,
        payload::{self, MANAGES, allowed},
    },
    process::Program,
};

/// A topic a round, and what nobody would take for the same.
const ROUNDS: [(&str, &str); 12] = [
    (
        "violins",
        "Violins and a grand piano were found in the attic of a school.",
    ),
    (
        "bridges",
        "Bridges over the river will be painted before winter sets in.",
    ),
    (
        "beehives",
        "Beehives on the roof of the town hall gave forty jars of honey.",
    ),
    (
        "lanterns",
        "Lanterns lit the old market for the first time in a century.",
    ),
    (
        "glaciers",
        "Glaciers above the valley lost a metre of ice this summer.",
    ),
    (
        "tractors",
        "Tractors blocked the motorway for an hour on their way to the fair.",
    ),
    (
        "orchids",
        "Orchids bloom again where the quarry used to be, botanists say.",
    ),
    (
        "ferries",
        "Ferries to the islands are cancelled until the storm has passed.",
    ),
    (
        "pianists",
        "Pianists from nine countries play in the final of the contest.",
    ),
    (
        "meteors",
        "Meteors were seen over the coast by hundreds of people at dawn.",
    ),
    (
        "libraries",
        "Libraries in three towns will stay open until midnight.",
    ),
    (
        "windmills",
        "Windmills of the last century are for sale, one of them for a euro.",
    ),
];

fn channel(round: usize) -> u64 {
    CHANNEL + 100 * (round as u64 + 1)
}

/// What was told in the channel of a round.
fn told(fake: &Fake, round: usize) -> Vec<String> {
    let shown = fake.shown();
    let told = shown
        .iter()
        .filter(|shown| shown.channel == channel(round) && !shown.ephemeral);
    told.map(crate::fake::Shown::text).collect()
}

fn publish(folder: &tempfile::TempDir, name: &str, text: &str) {
    let line = json!({"id": name, "date": "2021-02-16", "text": text});
    let file = folder.path().join("news").join(format!("{name}.jsonl"));
    std::fs::write(file, line.to_string()).unwrap();
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_at_any_moment_every_watch_is_told_and_told_once() {
    let fake = Fake::start().await;
    // Ids as they would be now: the program has a clock of its own.
    let now = std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap();
    fake.shared.pass(now.as_secs() - 1_613_390_400);
    let folder = Arc::new(tempfile::tempdir().unwrap());
    std::fs::create_dir(folder.path().join("news")).unwrap();
    publish(
        &folder,
        "first",
        "Nothing much has happened in the town so far.",
    );
    let config = "[archive]\npaths = [\"news\"]\n[index]\npath = \"index\"\n[store]\nurl = \"sqlite://kept.db\"\n";
    std::fs::write(folder.path().join("dateline.toml"), config).unwrap();

    let mut program = Program::start_in(&fake.base, Arc::clone(&folder));
    fake.ready(1).await;
    fake.registered().await;
    for (round, (topic, _)) in ROUNDS.iter().enumerate() {
        let id = fake.shared.id();
        fake.expect_interaction(id, channel(round), None);
        let options = json!([{"name": "topic", "type": 3, "value": topic}]);
        let command = payload::command(id, ANN, channel(round), "watch", options);
        fake.event("INTERACTION_CREATE", &allowed(command, MANAGES));
        let token = payload::token(id);
        fake.until("the watch", |world| {
            world.interactions.get(&token)?.message.map(drop)
        })
        .await;
    }
    for (round, (topic, text)) in ROUNDS.iter().enumerate() {
        // A response that is lost keeps the sender at it for longer.
        let status = match round % 4 {
            1 => Some(RESET),
            2 => Some(NEVER),
            3 => Some(502),
            _ => None,
        };
        fake.shared.world().faults.clear();
        if let Some(status) = status {
            fake.fault(Fault {
                method: "POST",
                path: "/messages",
                times: 1,
                status,
                body: json!({"code": 0, "message": "as asked"}),
                after_effect: round % 8 < 4,
            });
        }
        publish(&folder, topic, text);
        tokio::time::sleep(Duration::from_millis((round as u64 * 397) % 1700)).await;
        program.kill().await;
        program = Program::start_in(&fake.base, Arc::clone(&folder));
        fake.ready(round + 2).await;
    }
    fake.shared.world().faults.clear();
    // Two minutes later: what dead senders hold is free, and Discord has forgotten the nonces.
    for shown in &mut fake.shared.world().messages {
        shown.nonce = None;
    }
    sqlx::any::install_default_drivers();
    let url = format!("sqlite://{}", folder.path().join("kept.db").display());
    let pool = sqlx::AnyPool::connect(&url).await.unwrap();
    for look in 0.. {
        let all = (0..ROUNDS.len()).all(|round| told(&fake, round).len() == 1);
        let unsent: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM outbox WHERE sent = 0")
            .fetch_one(&pool)
            .await
            .unwrap();
        if all && unsent == 0 {
            break;
        }
        assert!(look < 60, "{unsent} are never told");
        // A sender that lives has a message for a moment only, and finishes with it.
        sqlx::query("UPDATE outbox SET held = 0 WHERE sent = 0")
            .execute(&pool)
            .await
            .unwrap();
        publish(
            &folder,
            &format!("later-{look}"),
            &format!("Nothing in week {look}."),
        );
        tokio::time::sleep(Duration::from_secs(2)).await;
    }
    for (round, (topic, _)) in ROUNDS.iter().enumerate() {
        let told = told(&fake, round);
        assert_eq!(told.len(), 1, "{topic}: {told:#?}");
        assert!(told[0].to_lowercase().contains(topic), "{}", told[0]);
    }
    pool.close().await;
    program.signal("TERM");
    let (status, said) = program.ended().await;
    assert_eq!(status, Some(0), "{said}");
}
