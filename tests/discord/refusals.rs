//! Discord's REST API as it is under load and in trouble, behind TLS as discord.com, with the limiter that is used
//! there: what it asks to wait is waited, and what may have been done is not done twice.

use std::time::Instant;

use dateline::face::discord::{Discord, Token};
use serde_json::json;

use crate::{
    fake::{ANN, BOB, CHANNEL, Fake, Fault, NEVER, RESET, Refusal, THREAD, payload::Said},
    stage::{Bot, Stage, archive, settings},
};

/// A bot on a Discord that is found under its own name.
async fn stage() -> Stage {
    let (fake, client) = Fake::start_as_discord().await;
    let discord = Discord::new(archive(), settings(), Token::new("a.b.c").unwrap()).client(client);
    let bot = Bot::run(discord);
    fake.ready(1).await;
    fake.registered().await;
    Stage { bot, fake }
}

/// When each request to a path was made, and what it was answered with.
fn requests(stage: &Stage, path: &str) -> Vec<(Instant, u16)> {
    let requests = stage.fake.requests();
    let to = requests
        .iter()
        .filter(|request| request.method == "POST" && request.path.ends_with(path));
    to.map(|request| (request.at, request.status)).collect()
}

/// Waits until a request was refused.
async fn limited(stage: &Stage) {
    let refused = stage.fake.until("the limit", |world| {
        let mut requests = world.requests.iter();
        requests.any(|request| request.status == 429).then_some(())
    });
    refused.await;
}

fn fault(path: &'static str, status: u16, after_effect: bool) -> Fault {
    Fault {
        method: "POST",
        path,
        times: 1,
        status,
        body: json!({"code": 0, "message": "as asked"}),
        after_effect,
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rate_limit_of_each_scope_is_waited_for_and_the_answer_comes_once() {
    // The last is longer than a request itself may take.
    for (scope, retry_after) in [
        ("user", 1.2),
        ("shared", 1.2),
        ("global", 1.2),
        ("user", 11.5),
    ] {
        let stage = stage().await;
        stage.fake.shared.world().refusals.push(Refusal {
            path: "/messages",
            times: 2,
            scope,
            retry_after,
        });
        stage.ask(&Said::new("!help")).await;
        let made = requests(&stage, "/messages");
        let statuses: Vec<u16> = made.iter().map(|(_, status)| *status).collect();
        assert_eq!(statuses, [429, 429, 200], "{scope}");
        for pair in made.windows(2) {
            let waited = (pair[1].0 - pair[0].0).as_secs_f64();
            assert!(waited >= retry_after, "{scope}: {waited}");
        }
        // Others in the same channel wait behind it, and do not knock meanwhile.
        assert_eq!(stage.fake.shared.world().early, Vec::<String>::new());
        assert_eq!(stage.fake.shown().len(), 1);
        stage.bot.end().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_channel_that_must_wait_does_not_keep_others_waiting() {
    let stage = stage().await;
    stage.fake.shared.world().refusals.push(Refusal {
        path: "100000000000000002/messages",
        times: 1,
        scope: "shared",
        retry_after: 5.0,
    });
    let slow = [
        stage.say(&Said::new("!help")),
        stage.say(&Said::new("!help")),
        stage.say(&Said::new("!help")),
    ];
    limited(&stage).await;
    // Somebody else: one's own answers come in the order of one's questions.
    let elsewhere = Said::new("!help").by(BOB).in_channel(THREAD);
    stage.ask(&elsewhere).await;
    assert_eq!(stage.fake.shown().len(), 1, "the others still wait");
    for id in slow {
        stage.reply_to(id).await;
    }
    assert_eq!(stage.fake.shown().len(), 4);
    stage.bot.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_limit_for_the_sake_of_all_is_kept_by_all() {
    let stage = stage().await;
    let refused = "100000000000000002/messages";
    stage.fake.shared.world().refusals.push(Refusal {
        path: refused,
        times: 1,
        scope: "global",
        retry_after: 2.0,
    });
    let first = stage.say(&Said::new("!help"));
    limited(&stage).await;
    stage
        .ask(&Said::new("!help").by(BOB).in_channel(THREAD))
        .await;
    stage.reply_to(first).await;
    assert_eq!(stage.fake.shown().len(), 2);
    let limited = requests(&stage, refused)[0].0;
    let other = requests(&stage, "/messages");
    for (made, _) in other.iter().filter(|(made, _)| *made > limited) {
        let waited = (*made - limited).as_secs_f64();
        assert!(waited >= 2.0, "{waited}");
    }
    assert_eq!(stage.fake.shared.world().early, Vec::<String>::new());
    stage.bot.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_post_whose_response_is_lost_is_made_again_and_there_once() {
    let stage = stage().await;
    for (status, taken) in [
        (RESET, true),
        (RESET, false),
        (NEVER, true),
        (NEVER, false),
        (500, true),
        (502, true),
        (502, false),
        (504, true),
    ] {
        stage.fake.fault(fault("/messages", status, taken));
        let before = stage.fake.shown().len();
        let posts = requests(&stage, "/messages").len();
        let shown = stage.ask(&Said::new("!help")).await;
        stage
            .fake
            .until("the second attempt", |world| {
                let made = world.requests.iter();
                let posts_now = made.filter(|it| it.path.ends_with("/messages")).count();
                (posts_now == posts + 2).then_some(())
            })
            .await;
        assert_eq!(stage.fake.shown().len(), before + 1, "{status} {taken}");
        // Both attempts carry the nonce by which Discord knows them for one.
        let requests = stage.fake.requests();
        let nonces: Vec<&serde_json::Value> = requests
            .iter()
            .filter(|request| request.path.ends_with("/messages"))
            .map(|request| &request.body["nonce"])
            .collect();
        assert_eq!(nonces[posts], nonces[posts + 1]);
        assert_eq!(shown.channel, CHANNEL);
    }
    stage.bot.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_slash_command_whose_response_is_lost_is_answered_once() {
    let stage = stage().await;
    for (status, taken) in [(RESET, true), (RESET, false), (500, true), (503, false)] {
        stage.fake.fault(fault("/callback", status, taken));
        let before = stage.fake.shown().len();
        let shown = stage
            .ask_slash(ANN, "when", Some(("topic", "protests")))
            .await;
        assert!(shown.text().contains("2021"), "{}", shown.text());
        stage.ask(&Said::new("!help")).await;
        assert_eq!(stage.fake.shown().len(), before + 2, "{status} {taken}");
    }
    stage.bot.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_channel_that_has_vanished_is_asked_once_and_costs_nobody_else_anything() {
    let stage = stage().await;
    stage.fake.shared.world().gone.insert(THREAD);
    stage.say(&Said::new("!help").in_channel(THREAD));
    stage
        .fake
        .until("the refusal", |world| {
            let mut requests = world.requests.iter();
            requests.any(|request| request.status == 404).then_some(())
        })
        .await;
    stage.ask(&Said::new("!help")).await;
    let Stage { bot, fake } = stage;
    bot.end().await;
    assert_eq!(fake.count("POST", &THREAD.to_string()), 1);
    assert_eq!(fake.shown().len(), 1);
}
