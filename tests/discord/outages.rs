//! The gateway at its worst: lost in the middle of an event, frozen, silent, closed with each code, sending what is
//! no event, sending far too much. Whatever was asked is answered, and answered once.

use std::time::Duration;

use dateline::face::discord::DiscordError;
use tokio_tungstenite::tungstenite::Message;

use crate::{
    fake::{CHANNEL, Fake, payload::Said},
    faults::Gate,
    stage::{Bot, Stage, archive, settings},
};

/// Says something while the connection is as it is, and waits until that is answered, once.
async fn answers(stage: &Stage, what: &str) {
    let asked = stage.say(&Said::new("!help"));
    answered(stage, asked, what).await;
}

async fn answered(stage: &Stage, asked: u64, what: &str) {
    stage.reply_to(asked).await;
    let reference = asked.to_string();
    let shown = stage.fake.shown();
    let replies = shown
        .iter()
        .filter(|shown| shown.json["message_reference"]["message_id"] == *reference);
    assert_eq!(replies.count(), 1, "{what}");
}

fn resumed(stage: &Stage) -> usize {
    stage.fake.shared.world().session.resumed
}

fn sessions(stage: &Stage) -> usize {
    stage.fake.shared.world().session.ready
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_lost_in_the_middle_of_an_event_loses_no_event() {
    let stage = Stage::new().await;
    for round in 1..=3 {
        let id = stage.fake.shared.id();
        let said = Said::new("!help");
        stage.fake.break_within("MESSAGE_CREATE", &said.json(id));
        answered(&stage, id, "the event that was cut").await;
        assert_eq!((sessions(&stage), resumed(&stage)), (1, round));
    }
    // It said where it was: after the last event that came whole.
    let seen: Vec<u64> = {
        let world = stage.fake.shared.world();
        let resumes = world.session.resumes.iter();
        resumes.map(|it| it["seq"].as_u64().unwrap()).collect()
    };
    assert!(seen.windows(2).all(|pair| pair[0] < pair[1]), "{seen:?}");
    stage.bot.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_that_discord_ends_is_taken_up_again_where_it_may_be_and_begun_anew_where_not() {
    let stage = Stage::new().await;
    stage.fake.invalidate(true);
    answers(&stage, "resumable").await;
    assert_eq!((sessions(&stage), resumed(&stage)), (1, 1));
    stage.fake.invalidate(false);
    stage.fake.ready(2).await;
    answers(&stage, "not resumable").await;
    assert_eq!((sessions(&stage), resumed(&stage)), (2, 1));
    // Also where a resume itself is refused, first for the moment, then for good.
    stage.fake.shared.world().session.invalid = vec![false, true];
    stage.fake.break_connection();
    stage.fake.ready(3).await;
    answers(&stage, "a resume refused").await;
    stage.fake.ask_to_reconnect();
    answers(&stage, "asked to reconnect").await;
    assert_eq!((sessions(&stage), resumed(&stage)), (3, 2));
    stage.bot.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_whose_other_side_is_gone_is_found_out_by_its_heartbeats() {
    // Heartbeats that are not answered, and a network that has not noticed anything.
    for frozen in [false, true] {
        let fake = Fake::start().await;
        fake.shared.world().session.heartbeat = 400;
        let bot = Bot::start(&fake, settings(), archive());
        fake.ready(1).await;
        fake.registered().await;
        let stage = Stage { bot, fake };
        answers(&stage, "before").await;
        if frozen {
            stage.fake.freeze();
        } else {
            stage.fake.shared.world().session.deaf = true;
            stage
                .fake
                .until("another connection", |world| {
                    (world.session.connections > 1).then_some(())
                })
                .await;
            stage.fake.shared.world().session.deaf = false;
        }
        answers(&stage, "after").await;
        assert_eq!(sessions(&stage), 1, "it was taken up again");
        assert!(resumed(&stage) > 0);
        stage.bot.end().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_gateway_that_takes_the_connection_and_says_nothing_is_left() {
    let fake = Fake::start().await;
    fake.shared.world().session.speechless = 1;
    let bot = Bot::start(&fake, settings(), archive());
    fake.ready(1).await;
    let stage = Stage { bot, fake };
    answers(&stage, "at the start").await;
    stage.fake.shared.world().session.speechless = 1;
    stage.fake.break_connection();
    answers(&stage, "later").await;
    assert_eq!((sessions(&stage), resumed(&stage)), (1, 1));
    stage.bot.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_close_code_is_survived_or_ends_the_bot_with_what_to_do() {
    let stage = Stage::new().await;
    let passing = [
        None,
        Some(1000),
        Some(1001),
        Some(1011),
        Some(4000),
        Some(4001),
        Some(4002),
        Some(4003),
        Some(4005),
        Some(4006),
        Some(4007),
        Some(4008),
        Some(4009),
        Some(4999),
    ];
    for code in passing {
        stage.fake.close(code);
        answers(&stage, &format!("{code:?}")).await;
    }
    stage.bot.end().await;

    for (code, words) in [
        (4004, "DISCORD_TOKEN"),
        (4010, "shard 0/1"),
        (4012, "newer Dateline"),
        (4013, "Message Content Intent"),
        (4014, "Message Content Intent"),
    ] {
        // Refused at once, and in the middle of it all.
        for late in [false, true] {
            let fake = Fake::start().await;
            if !late {
                fake.refuse(code);
            }
            let bot = Bot::start(&fake, settings(), archive());
            if late {
                fake.ready(1).await;
                fake.registered().await;
                fake.close(code);
            }
            let ended = tokio::time::timeout(Duration::from_secs(20), bot.ended()).await;
            let error = ended.expect("it ends").unwrap_err();
            assert!(error.to_string().contains(words), "{code}: {error}");
            assert!(!error.is_passing(), "{code}");
            assert_eq!(fake.shared.world().session.identified.len(), 1);
        }
    }
    assert!(DiscordError::Connection(String::new()).is_passing());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_no_event_is_passed_over() {
    let stage = Stage::new().await;
    let frames = [
        "",
        "{",
        "[]",
        "null",
        "\u{0}",
        "{\"op\":null}",
        "{\"op\":255,\"d\":{}}",
        "{\"op\":-1}",
        "{\"op\":99999999999999999999}",
        "{\"op\":0,\"t\":\"MESSAGE_CREATE\"}",
        "{\"op\":0,\"t\":\"MESSAGE_CREATE\",\"s\":2,\"d\":[]}",
        "{\"op\":0,\"t\":\"MESSAGE_CREATE\",\"s\":2,\"d\":{\"id\":\"0\",\"content\":\"!help\"}}",
        "{\"op\":0,\"t\":\"INTERACTION_CREATE\",\"s\":2,\"d\":{\"type\":77}}",
        "{\"op\":0,\"t\":\"NOT_HEARD_OF\",\"s\":2,\"d\":{}}",
        "{\"op\":0,\"t\":7,\"s\":2,\"d\":{}}",
        "{\"op\":10}",
        "{\"op\":9,\"d\":\"perhaps\"}",
    ];
    for frame in frames {
        stage.fake.garbage(&Message::text(frame));
    }
    answers(&stage, "text").await;
    assert_eq!((sessions(&stage), resumed(&stage)), (1, 0));
    // The compressed stream is one for the whole connection: nothing after such a frame could be read.
    for frame in [&b"\x00\x01\x02\xff\xff"[..], &[0xFF; 5000], &[]] {
        stage.fake.garbage(&Message::binary(frame.to_vec()));
        answers(&stage, "binary").await;
    }
    stage.fake.garbage(&Message::Ping(vec![1, 2, 3].into()));
    answers(&stage, "a ping").await;
    assert_eq!(sessions(&stage), 1);
    stage.bot.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn among_fifty_thousand_events_in_a_burst_every_question_is_answered_once() {
    let gate = Gate::new();
    let stage = Stage::with(settings(), Some(gate.answering())).await;
    let slow = stage.say(&Said::new("!ask slowly"));
    gate.reached().await;
    let before = resident();
    let talk =
        "People talk about this and that, and none of it is a question to anybody. ".repeat(5);
    let mut asked = Vec::new();
    for number in 0..50_000 {
        if number % 500 == 250 {
            asked.push(stage.say(&Said::new("!help")));
        } else {
            stage.say(&Said::new(&talk));
        }
    }
    for id in asked.iter().copied() {
        stage.reply_to(id).await;
    }
    gate.open();
    stage.reply_to(slow).await;
    assert_eq!(stage.fake.shown().len(), asked.len() + 1);
    assert_eq!((sessions(&stage), resumed(&stage)), (1, 0));
    // The fake itself keeps every event, about a kilobyte each, and their compressed frames; the bot none.
    if let (Some(before), Some(after)) = (before, resident()) {
        let grown = after.saturating_sub(before);
        assert!(grown < 600 << 20, "grown by {} MB", grown >> 20);
    }
    assert_eq!(
        stage.fake.count("POST", &format!("{CHANNEL}/messages")),
        101
    );
    stage.bot.end().await;
}

/// The memory of this process, where the system tells it.
fn resident() -> Option<usize> {
    let told = std::fs::read_to_string("/proc/self/statm").ok()?;
    let pages: usize = told.split(' ').nth(1)?.parse().ok()?;
    Some(pages * 4096)
}
