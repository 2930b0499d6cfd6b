//! An answer follows its question: through edits, and out of the channel.

use crate::{
    fake::{ANN, CHANNEL, Fault, Shown, payload::Said},
    faults::Gate,
    stage::{Stage, settings},
};
use serde_json::json;

async fn changed(stage: &Stage, shown: &Shown) -> Shown {
    stage
        .fake
        .until("the answer to change", |world| {
            world
                .messages
                .iter()
                .find(|message| message.id == shown.id && message.text() != shown.text())
                .cloned()
        })
        .await
}

async fn gone(stage: &Stage, shown: &Shown) {
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
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_edited_question_changes_its_answer_in_place() {
    let stage = Stage::new().await;
    let said = Said::new("!when protests");
    let id = stage.say(&said);
    let shown = stage.reply_to(id).await;
    stage.edit(id, &Said::new("!who Leonid Volkov"), 5);
    let after = changed(&stage, &shown).await;
    let other = stage.ask(&Said::new("!who Leonid Volkov")).await;
    assert_eq!(after.text(), other.text());
    assert_eq!(stage.fake.shown().len(), 2, "no second message");
    // Its buttons turn the pages of the new answer.
    assert_eq!(after.button("🗑"), other.button("🗑"));
    stage.bot.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn embeds_that_discord_makes_of_links_are_no_edit() {
    let stage = Stage::new().await;
    let said = Said::new("!when protests");
    let id = stage.say(&said);
    stage.reply_to(id).await;
    // Without a time of edit, and with one but the same text.
    stage.fake.event("MESSAGE_UPDATE", &said.json(id));
    stage.edit(id, &said, 7);
    stage.fake.event(
        "MESSAGE_UPDATE",
        &json!({"id": id.to_string(), "channel_id": CHANNEL.to_string()}),
    );
    stage.ask(&Said::new("!help")).await;
    assert_eq!(stage.fake.count("PATCH", "/messages/"), 0);
    stage.bot.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_edit_that_takes_the_question_back_takes_the_answer_back() {
    let stage = Stage::new().await;
    let id = stage.say(&Said::new("!when protests"));
    let shown = stage.reply_to(id).await;
    stage.edit(id, &Said::new("never mind"), 5);
    gone(&stage, &shown).await;
    // And asks again: a new answer, which the nonce of the first must not hold back.
    stage.edit(id, &Said::new("!when protests"), 9);
    let again = stage.reply_to(id).await;
    assert_ne!(again.id, shown.id);
    stage.bot.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_edit_can_make_a_question_of_a_message() {
    let stage = Stage::new().await;
    let id = stage.say(&Said::new("1when protests"));
    stage.edit(id, &Said::new("!when protests"), 3);
    let shown = stage.reply_to(id).await;
    assert!(shown.text().contains("2021"));
    stage.bot.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_edit_while_the_answer_is_under_way_wins() {
    let gate = Gate::new();
    let stage = Stage::with(settings(), Some(gate.answering())).await;
    let id = stage.say(&Said::new("!ask slowly"));
    gate.reached().await;
    stage.edit(id, &Said::new("!who Leonid Volkov"), 5);
    gate.open();
    let wanted = stage.ask(&Said::new("!who Leonid Volkov")).await.text();
    let reference = id.to_string();
    stage
        .fake
        .until("the edited answer", |world| {
            world
                .messages
                .iter()
                .find(|shown| shown.json["message_reference"]["message_id"] == *reference)
                .filter(|shown| shown.text() == wanted)
                .map(drop)
        })
        .await;
    assert_eq!(stage.fake.shown().len(), 2);
    stage.bot.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_deleted_question_takes_its_answer_along() {
    let stage = Stage::new().await;
    let first = stage.say(&Said::new("!when protests"));
    let shown = stage.reply_to(first).await;
    stage.delete(first, CHANNEL);
    gone(&stage, &shown).await;
    // In bulk, too.
    let second = stage.say(&Said::new("!help"));
    let shown = stage.reply_to(second).await;
    stage.fake.event(
        "MESSAGE_DELETE_BULK",
        &json!({"ids": [second.to_string(), "5"], "channel_id": CHANNEL.to_string()}),
    );
    gone(&stage, &shown).await;
    stage.bot.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_question_deleted_while_its_answer_is_under_way_is_not_answered() {
    let gate = Gate::new();
    let stage = Stage::with(settings(), Some(gate.answering())).await;
    let id = stage.say(&Said::new("!ask slowly"));
    gate.reached().await;
    stage.delete(id, CHANNEL);
    // The deletion has been heard once a later question is answered.
    stage.ask(&Said::new("!help")).await;
    gate.open();
    stage.ask(&Said::new("!help")).await;
    let Stage { bot, fake } = stage;
    bot.end().await;
    let reference = id.to_string();
    assert!(
        fake.shown()
            .iter()
            .all(|shown| shown.json["message_reference"]["message_id"] != *reference)
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_question_deleted_unheard_is_no_error() {
    let stage = Stage::new().await;
    let id = stage.fake.shared.id();
    stage.fake.shared.world().deleted.insert(id);
    let mut said = Said::new("!help");
    said.id = Some(id);
    assert!(!stage.ask(&said).await.text().is_empty());
    stage.bot.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_edits_in_a_row_the_last_is_answered() {
    let gate = Gate::new();
    let stage = Stage::with(settings(), Some(gate.answering())).await;
    let id = stage.say(&Said::new("!ask slowly"));
    gate.reached().await;
    for second in 1..20 {
        stage.edit(id, &Said::new(&format!("!search word{second}")), second);
    }
    stage.edit(id, &Said::new("!help"), 20);
    gate.open();
    let wanted = stage.ask(&Said::new("!help")).await.text();
    let reference = id.to_string();
    stage
        .fake
        .until("the last edit's answer", |world| {
            world
                .messages
                .iter()
                .filter(|shown| shown.text() == wanted)
                .find(|shown| shown.json["message_reference"]["message_id"] == *reference)
                .map(drop)
        })
        .await;
    assert_eq!(stage.fake.shown().len(), 2);
    stage.bot.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_that_was_removed_does_not_come_back_with_an_edit() {
    let stage = Stage::new().await;
    let id = stage.say(&Said::new("!when protests"));
    let shown = stage.reply_to(id).await;
    stage.press(ANN, &shown, &shown.button("🗑"));
    gone(&stage, &shown).await;
    stage.edit(id, &Said::new("!help"), 5);
    stage
        .fake
        .until("the edit to be tried", |world| {
            world
                .requests
                .iter()
                .any(|request| request.method == "PATCH" && request.status == 404)
                .then_some(())
        })
        .await;
    stage.ask(&Said::new("!help")).await;
    assert_eq!(stage.fake.shown().len(), 1);
    stage.bot.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_edit_that_discord_fails_to_take_is_sent_again() {
    let stage = Stage::new().await;
    let id = stage.say(&Said::new("!when protests"));
    let shown = stage.reply_to(id).await;
    stage.fake.fault(Fault {
        method: "PATCH",
        path: "/messages/",
        times: 1,
        status: 502,
        body: json!({"code": 0, "message": "bad gateway"}),
        after_effect: false,
    });
    stage.edit(id, &Said::new("!help"), 5);
    changed(&stage, &shown).await;
    stage.bot.end().await;
}
