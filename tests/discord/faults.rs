//! What goes wrong: Discord's refusals, searches that fail, hang or panic.

use std::sync::{Arc, Condvar, Mutex};

use dateline::{
    answer::{Answer, Line},
    archive::ArchiveError,
    face::discord::{Answering, Settings},
    index::IndexError,
};
use serde_json::json;
use tokio::sync::Notify;

use crate::{
    fake::{ANN, CHANNEL, Fault, THREAD, payload::Said},
    stage::{Stage, settings},
};

/// Answers of many pages, which say what was asked.
pub fn long_answer() -> Arc<Answering> {
    Arc::new(|_, call| {
        let lines = (0..200)
            .map(|number| Line {
                label: number.to_string(),
                text: call.request.argument.clone(),
            })
            .collect();
        Ok(Answer {
            command: call.command.name,
            argument: call.request.argument.clone(),
            title: "Many".to_owned(),
            groups: Vec::new(),
            lines,
            citations: Vec::new(),
            chart: None,
            notes: Vec::new(),
        })
    })
}

/// Searches for "slowly" wait here; "panic" panics, "broken" fails; all else is answered.
#[derive(Clone)]
pub struct Gate(Arc<Inner>);

struct Inner {
    open: Mutex<bool>,
    opened: Condvar,
    reached: Notify,
}

impl Gate {
    pub fn new() -> Self {
        Self(Arc::new(Inner {
            open: Mutex::new(false),
            opened: Condvar::new(),
            reached: Notify::new(),
        }))
    }

    pub fn answering(&self) -> Arc<Answering> {
        let gate = self.clone();
        Arc::new(move |archive, call| {
            match call.request.argument.as_str() {
                "slowly" => gate.wait(),
                "panic" => panic!("as asked"),
                "broken" => {
                    return Err(ArchiveError::Index(IndexError::Document {
                        id: "1".to_owned(),
                        reason: "the disk is full".to_owned(),
                    }));
                }
                _ => {}
            }
            (call.command.answer)(archive, &call.request)
        })
    }

    fn wait(&self) {
        self.0.reached.notify_one();
        let mut open = self.0.open.lock().unwrap();
        while !*open {
            open = self.0.opened.wait(open).unwrap();
        }
    }

    /// Waits until a search waits here.
    pub async fn reached(&self) {
        self.0.reached.notified().await;
    }

    /// Lets all go on.
    pub fn open(&self) {
        *self.0.open.lock().unwrap() = true;
        self.0.opened.notify_all();
    }
}

fn post_fault(status: u16, code: u32, times: usize, after_effect: bool) -> Fault {
    Fault {
        method: "POST",
        path: "/messages",
        times,
        status,
        body: json!({"code": code, "message": "as asked", "retry_after": 0.1, "global": false}),
        after_effect,
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_post_refused_for_a_passing_reason_is_made_again() {
    let stage = Stage::new().await;
    for status in [429, 500, 503] {
        stage.fake.fault(post_fault(status, 0, 1, false));
        let before = stage.fake.shown().len();
        stage.ask(&Said::new("!help")).await;
        assert_eq!(stage.fake.shown().len(), before + 1, "{status}");
    }
    stage.bot.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_post_that_took_effect_and_was_answered_with_500_is_not_shown_twice() {
    let stage = Stage::new().await;
    stage.fake.fault(post_fault(500, 0, 1, true));
    let id = stage.say(&Said::new("!help"));
    stage
        .fake
        .until("the second attempt", |world| {
            let posts = world
                .requests
                .iter()
                .filter(|request| request.path.ends_with("/messages"))
                .count();
            (posts == 2).then_some(())
        })
        .await;
    let shown = stage.reply_to(id).await;
    assert_eq!(stage.fake.shown().len(), 1);
    // The bot knows which message it was: the answer still follows its question.
    stage.delete(id, CHANNEL);
    stage
        .fake
        .until("the answer to go", |world| {
            world
                .messages
                .iter()
                .all(|message| message.id != shown.id)
                .then_some(())
        })
        .await;
    stage.bot.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_response_that_does_not_parse_is_no_reason_to_post_again() {
    let stage = Stage::new().await;
    let mut fault = post_fault(200, 0, 1, true);
    fault.body = json!({"unexpected": true});
    stage.fake.fault(fault);
    stage.say(&Said::new("!help"));
    stage.ask(&Said::new("!status")).await;
    let Stage { bot, fake } = stage;
    bot.end().await;
    assert_eq!(fake.shown().len(), 2);
    assert_eq!(fake.count("POST", "/messages"), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reply_under_an_answer_that_may_not_embed_is_plain_text() {
    let stage = Stage::new().await;
    stage.fake.shared.world().without_embeds.insert(THREAD);
    let embed = stage.ask(&Said::new("!article 1")).await;
    let plain = stage.ask(&Said::new("!article 1").in_channel(THREAD)).await;
    assert_eq!(plain.json["embeds"], json!([]));
    let description = embed.json["embeds"][0]["description"].as_str().unwrap();
    assert!(plain.text().contains(description), "the same words");
    assert_eq!(plain.pages(), embed.pages());
    // Links stay folded, buttons turn, and the next answer does not ask for embeds again.
    let posted = stage.fake.requests();
    let posted = posted
        .iter()
        .rfind(|request| request.path.contains(&THREAD.to_string()))
        .unwrap();
    assert_eq!(posted.body["flags"], 4);
    let turned = stage.turn(ANN, &plain, &plain.button("▶")).await.unwrap();
    assert_eq!(turned.json["embeds"], json!([]));
    assert_ne!(turned.text(), plain.text());
    let before = stage.fake.count("POST", &THREAD.to_string());
    stage.ask(&Said::new("!help").in_channel(THREAD)).await;
    assert_eq!(stage.fake.count("POST", &THREAD.to_string()), before + 1);
    stage.bot.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_the_bot_may_not_write_it_is_silent_and_works_elsewhere() {
    let stage = Stage::new().await;
    stage.fake.shared.world().mute.insert(THREAD);
    stage.say(&Said::new("!help").in_channel(THREAD));
    stage
        .fake
        .until("the refusals", |world| {
            let refused = world
                .requests
                .iter()
                .filter(|request| request.status == 403)
                .count();
            (refused == 2).then_some(())
        })
        .await;
    // It does not knock at the same door each time: Discord counts refusals.
    stage.ask(&Said::new("!help")).await;
    stage.say(&Said::new("!help").in_channel(THREAD));
    stage.ask(&Said::new("!help")).await;
    assert_eq!(stage.fake.shown().len(), 2);
    let Stage { bot, fake } = stage;
    bot.end().await;
    assert_eq!(fake.count("POST", &THREAD.to_string()), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_permission_to_read_the_history_the_answer_is_no_reply_but_an_answer() {
    let stage = Stage::new().await;
    stage.fake.fault(post_fault(400, 160_002, 1, false));
    stage.say(&Said::new("!help"));
    stage
        .fake
        .until("an answer", |world| {
            world
                .messages
                .first()
                .filter(|shown| shown.json["message_reference"].is_null())
                .map(drop)
        })
        .await;
    stage.bot.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_search_that_fails_is_told_with_a_reference_and_takes_no_other_with_it() {
    let gate = Gate::new();
    let stage = Stage::with(settings(), Some(gate.answering())).await;
    for broken in ["panic", "broken"] {
        let shown = stage.ask(&Said::new(&format!("!ask {broken}"))).await;
        let text = shown.text();
        assert!(text.contains("reference "), "{text}");
        assert!(
            !text.contains("disk") && !text.contains("as asked"),
            "{text}"
        );
        assert!(!text.contains('\n'), "one sentence: {text}");
        let slash = stage
            .ask_slash(ANN, "ask", Some(("question", broken)))
            .await;
        assert!(slash.text().contains("reference "), "{}", slash.text());
        assert_ne!(slash.text(), text, "each has a reference of its own");
    }
    let shown = stage.ask(&Said::new("!when protests")).await;
    assert!(shown.text().contains("2021"));
    stage.bot.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_that_takes_longer_than_a_moment_shows_that_it_is_coming() {
    let gate = Gate::new();
    let stage = Stage::with(
        Settings {
            typing_after: 0.01,
            defer_after: 0.01,
            ..settings()
        },
        Some(gate.answering()),
    )
    .await;
    let question = stage.say(&Said::new("!ask slowly"));
    stage
        .fake
        .until("typing", |world| {
            world
                .requests
                .iter()
                .any(|request| request.path.ends_with("/typing"))
                .then_some(())
        })
        .await;
    let slash = stage.slash(ANN, CHANNEL, "ask", Some(("question", "slowly")));
    stage
        .fake
        .until("the deferral", |world| {
            world
                .requests
                .iter()
                .any(|request| request.path.ends_with("/callback") && request.body["type"] == 5)
                .then_some(())
        })
        .await;
    gate.open();
    assert!(!stage.reply_to(question).await.text().is_empty());
    let shown = stage.response(slash).await;
    assert!(!shown.buttons().is_empty());
    stage.bot.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_that_takes_longer_than_a_moment_comes_all_the_same() {
    let gate = Gate::new();
    let gated = gate.answering();
    let long = long_answer();
    let turned = Arc::new(std::sync::atomic::AtomicBool::new(false));
    let answering: Arc<Answering> = Arc::new(move |archive, call| {
        // The first answer is quick, the page after it is not.
        if turned.swap(true, std::sync::atomic::Ordering::SeqCst) {
            gated(archive, call)?;
        }
        long(archive, call)
    });
    let stage = Stage::with(
        Settings {
            defer_after: 0.2,
            ..settings()
        },
        Some(answering),
    )
    .await;
    let shown = stage.ask(&Said::new("!ask slowly")).await;
    stage.press(ANN, &shown, &shown.button("▶"));
    stage
        .fake
        .until("the acknowledgement", |world| {
            world
                .requests
                .iter()
                .any(|request| request.path.ends_with("/callback") && request.body["type"] == 6)
                .then_some(())
        })
        .await;
    gate.open();
    stage
        .fake
        .until("the page", |world| {
            world
                .messages
                .iter()
                .any(|message| message.pages().is_some_and(|label| label.starts_with("2/")))
                .then_some(())
        })
        .await;
    stage.bot.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_search_that_never_ends_is_given_up_and_too_many_that_wait_are_told() {
    let gate = Gate::new();
    let stage = Stage::with(
        Settings {
            give_up_after: 0.3,
            concurrent_searches: 1,
            waiting_searches: 0,
            ..settings()
        },
        Some(gate.answering()),
    )
    .await;
    let shown = stage.ask(&Said::new("!ask slowly")).await;
    assert!(shown.text().contains("too long"), "{}", shown.text());
    // The search still holds its place, though nobody waits for it.
    let shown = stage.ask(&Said::new("!help")).await;
    assert!(shown.text().contains("So many"), "{}", shown.text());
    gate.open();
    loop {
        let shown = stage.ask(&Said::new("!help")).await;
        if !shown.text().contains("So many") {
            break;
        }
    }
    stage.bot.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn commands_that_could_not_be_registered_do_not_keep_messages_from_being_answered() {
    let fake = crate::fake::Fake::start().await;
    fake.fault(Fault {
        method: "PUT",
        path: "/commands",
        times: 1,
        status: 403,
        body: json!({"code": 50001, "message": "Missing Access"}),
        after_effect: false,
    });
    let bot = crate::stage::Bot::start(&fake, settings(), crate::stage::archive());
    fake.ready(1).await;
    let stage = Stage { bot, fake };
    stage.ask(&Said::new("!help")).await;
    stage.bot.end().await;
}
