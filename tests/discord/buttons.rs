//! Pages and the buttons that turn them, before and after a restart.

use crate::{
    fake::{ANN, BOB, CHANNEL, Fake, payload::Said},
    stage::{self, Bot, Stage, archive, settings},
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_turn_both_ways_and_to_the_ends() {
    let stage = Stage::new().await;
    let first = stage.ask(&Said::new("!article 1")).await;
    let label = first.pages().expect("an article has several pages");
    let count: usize = label.strip_prefix("1/").unwrap().parse().unwrap();
    assert!(count > 2);
    let mut texts = vec![first.text()];
    let mut page = first.clone();
    for number in 2..=count {
        page = stage.turn(ANN, &page, &page.button("▶")).await.unwrap();
        assert_eq!(page.pages(), Some(format!("{number}/{count}")));
        texts.push(page.text());
    }
    texts.dedup();
    assert_eq!(texts.len(), count, "every page is another one");
    let back = stage.turn(ANN, &page, &page.button("◀")).await.unwrap();
    assert_eq!(back.text(), texts[count - 2]);
    let start = stage.turn(ANN, &back, &back.button("⏮")).await.unwrap();
    assert_eq!(start.text(), texts[0]);
    let end = stage.turn(ANN, &start, &start.button("⏭")).await.unwrap();
    assert_eq!(end.text(), texts[count - 1]);
    stage.bot.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn buttons_work_after_a_restart_of_the_bot() {
    let fake = Fake::start().await;
    let stage = Stage {
        bot: Bot::start(&fake, settings(), archive()),
        fake,
    };
    stage.fake.ready(1).await;
    let prefixed = stage.ask(&Said::new("!article 1")).await;
    let slash = stage
        .ask_slash(ANN, "article", Some(("article", "1")))
        .await;
    let Stage { bot, fake } = stage;
    bot.end().await;
    let bot = Bot::start(&fake, settings(), archive());
    fake.ready(2).await;
    for shown in [prefixed, slash] {
        let turned = stage::turn(&fake, ANN, &shown, &shown.button("▶"))
            .await
            .unwrap();
        assert!(turned.pages().unwrap().starts_with("2/"));
        assert_ne!(turned.text(), shown.text());
        // A reply to it carries the topic on as well.
        let stage = turned.text();
        assert!(!stage.is_empty());
        let gone = stage::press(&fake, ANN, &turned, &turned.button("🗑"));
        let _ = gone;
        fake.until("the answer to go", |world| {
            world
                .messages
                .iter()
                .all(|message| message.id != turned.id)
                .then_some(())
        })
        .await;
    }
    bot.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_the_asker_may_press() {
    let stage = Stage::new().await;
    let shown = stage.ask(&Said::new("!article 1")).await;
    for emoji in ["▶", "🗑"] {
        let after = stage.turn(BOB, &shown, &shown.button(emoji)).await;
        assert_eq!(after.expect("it is still there").text(), shown.text());
    }
    let told: Vec<_> = stage
        .fake
        .shown()
        .into_iter()
        .filter(|shown| shown.ephemeral)
        .collect();
    assert_eq!(told.len(), 2);
    assert!(
        told[0].text().contains("Only the person who asked"),
        "{}",
        told[0].text()
    );
    stage.bot.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn forged_and_stale_buttons_are_answered_politely() {
    let stage = Stage::new().await;
    let shown = stage.ask(&Said::new("!article 1")).await;
    let good = shown.button("▶");
    let (head, state) = good.split_once('.').unwrap();
    let forged = [
        String::new(),
        "x".to_owned(),
        ".".to_owned(),
        "page:2".to_owned(),
        format!("9{}.{state}", &head[1..]),
        format!("1n{}.{state}", "z".repeat(40)),
        format!("1n-1.{state}"),
        "1n1.0.0.article.1".to_owned(),
        "1n1.zzzzzzzzzzzzzzz.fja.article.1".to_owned(),
        format!("1n1.{}", state.replace(".article.", ".gone.")),
        format!("1n1.{}", state.replace(".article.", "")),
        "1n1.5j2j6.zzzzzzzzzzzz.article.1".to_owned(),
        "1n1.5j2j6.-zzzz.article.1".to_owned(),
        "2n1.loose piece".to_owned(),
        "3n1.5j2j6.fja.article.1".to_owned(),
        "1🗑é.ж.ж.ж".to_owned(),
    ];
    for (number, id) in forged.iter().enumerate() {
        let after = stage
            .turn(ANN, &shown, id)
            .await
            .expect("it is still there");
        assert_eq!(after.text(), shown.text(), "{id}");
        let told = stage
            .fake
            .shown()
            .iter()
            .filter(|shown| shown.ephemeral)
            .count();
        assert_eq!(told, number + 1, "{id}");
    }
    // A page beyond the last is the last.
    let far = stage
        .turn(ANN, &shown, &format!("1nzz.{state}"))
        .await
        .unwrap();
    let label = far.pages().unwrap();
    let (page, count) = label.split_once('/').unwrap();
    assert_eq!(page, count);
    // An interaction without any message of ours behind it.
    stage.bot.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_question_longer_than_one_button_carries_is_carried_by_all_of_them() {
    let question = format!("protests {}", "в Москве ".repeat(40));
    let stage = Stage::with(settings(), Some(crate::faults::long_answer())).await;
    let shown = stage.ask(&Said::new(&format!("!ask {question}"))).await;
    let next = stage.turn(ANN, &shown, &shown.button("▶")).await.unwrap();
    assert!(
        next.pages().unwrap().starts_with("2/"),
        "{:?}",
        next.pages()
    );
    assert!(
        next.text().contains("в Москве"),
        "the question is the same: {}",
        next.text()
    );
    let last = stage.turn(ANN, &next, &next.button("⏭")).await.unwrap();
    let (page, count) = last
        .pages()
        .map(|label| {
            let (page, count) = label.split_once('/').unwrap();
            (page.to_owned(), count.to_owned())
        })
        .unwrap();
    assert_eq!(page, count);
    stage.bot.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_asker_can_remove_an_answer() {
    let stage = Stage::new().await;
    for shown in [
        stage.ask(&Said::new("!when protests")).await,
        stage
            .ask_slash(ANN, "when", Some(("topic", "protests")))
            .await,
    ] {
        stage.press(ANN, &shown, &shown.button("🗑"));
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
    assert_eq!(stage.fake.shown().len(), 0);
    let _ = CHANNEL;
    stage.bot.end().await;
}
