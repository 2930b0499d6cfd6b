//! The ways to ask, and what asks nothing.

use dateline::{
    command::{ArgumentKind, COMMANDS},
    face::discord::{Rate, Settings},
};
use serde_json::json;

use crate::{
    fake::{ANN, BOB, CHANNEL, DIRECT, ME, THREAD, payload::Said},
    stage::{Stage, archive, settings},
};

fn mention(text: &str) -> String {
    format!("<@{ME}> {text}")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_command_answers_by_prefix_slash_mention_and_direct_message_alike() {
    let stage = Stage::new().await;
    for command in COMMANDS {
        let line = format!("{} {}", command.name, command.example);
        let prefixed = stage.ask(&Said::new(&format!("!{line}"))).await;
        assert!(!prefixed.text().is_empty(), "{line}");
        if command.name == "status" {
            // It tells how long the bot has been running.
            continue;
        }
        let option = (command.argument != ArgumentKind::None)
            .then_some((command.argument_name, command.example));
        let slash = stage.ask_slash(ANN, command.name, option).await;
        let private = stage.slash(ANN, DIRECT, command.name, option);
        let private = stage.response(private).await;
        let direct = stage.ask(&Said::new(&line).in_channel(DIRECT)).await;
        let mentioned = stage.ask(&Said::new(&mention(&format!("!{line}")))).await;
        for other in [&slash, &private, &direct, &mentioned] {
            assert_eq!(other.text(), prefixed.text(), "{line}");
        }
    }
    for alias in COMMANDS.iter().flat_map(|command| command.aliases) {
        let shown = stage
            .ask(&Said::new(&format!("!{}", alias.to_uppercase())))
            .await;
        assert!(!shown.text().is_empty(), "{alias}");
    }
    stage.bot.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_question_in_plain_words_is_answered_with_its_sentence_and_source() {
    let stage = Stage::new().await;
    let question = "when was Navalny poisoned?";
    for said in [
        Said::new(&mention(question)),
        Said::new(&format!("<@!{ME}>{question}")),
        Said::new(&format!("{question} <@{ME}>")),
        Said::new(question).in_channel(DIRECT),
        Said::new(&mention(question)).in_channel(THREAD),
    ] {
        let shown = stage.ask(&said).await;
        let text = shown.text();
        assert!(text.contains("August 2020"), "{said:?}\n{text}");
        assert!(text.contains("\n> "), "no excerpt in\n{text}");
        assert!(text.contains("\n-# [1] "), "no source in\n{text}");
        assert_eq!(shown.channel, said.channel);
    }
    stage.bot.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reply_to_an_answer_carries_its_topic_on() {
    let stage = Stage::new().await;
    let first = stage.ask(&Said::new("!when Navalny poisoned")).await;
    // Another person may go on with it, and a slash command's answer is as good.
    let reply = stage
        .ask(&Said::new("and who said that?").by(BOB).replying(&first))
        .await;
    assert!(
        reply.text().to_lowercase().contains("navalny"),
        "{}",
        reply.text()
    );
    let again = stage.ask(&Said::new("timeline").replying(&reply)).await;
    let direct = stage.ask(&Said::new("!timeline Navalny poisoned")).await;
    assert_eq!(again.text(), direct.text());
    stage.bot.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_said_to_those_who_ask_nothing() {
    let stage = Stage::new().await;
    let shown = stage.ask(&Said::new("!when protests")).await;
    let mut silent = vec![
        Said::new("when was Navalny poisoned?"),
        Said::new("!wen protests"),
        Said::new("!"),
        Said::new("@everyone !when protests"),
        Said::new(&format!("<@&{ME}> when were the protests?")),
        Said::new("").replying(&shown),
    ];
    let mut everyone = Said::new("@everyone");
    everyone.everyone = true;
    silent.push(everyone);
    let mut role = Said::new("<@&123456>");
    role.roles = vec![123_456];
    silent.push(role);
    // A reply pings the bot without naming it in the text.
    let mut ping = Said::new("").replying(&shown);
    ping.mentions = vec![ME];
    silent.push(ping);
    let mut bot = Said::new("!when protests").by(BOB);
    bot.bot = true;
    silent.push(bot);
    let mut webhook = Said::new("!when protests");
    webhook.webhook = true;
    silent.push(webhook);
    let mut own = Said::new(&mention("when were the protests?")).by(ME);
    own.bot = true;
    silent.push(own);
    // A notice: somebody joined.
    let mut notice = Said::new("!when protests");
    notice.kind = 7;
    silent.push(notice);
    for said in &silent {
        stage.ask_in_vain(said).await;
    }
    stage.bot.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bare_mention_is_told_what_can_be_asked() {
    let stage = Stage::new().await;
    let help = stage.ask(&Said::new("!help")).await;
    let mentioned = stage.ask(&Said::new(&mention(""))).await;
    assert_eq!(mentioned.text(), help.text());
    for command in COMMANDS {
        assert!(help.text().contains(command.name), "{}", command.name);
    }
    stage.bot.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_the_message_content_intent_it_is_not_asked_for_and_the_rest_works() {
    let stage = Stage::with(
        Settings {
            message_content: false,
            ..settings()
        },
        None,
    )
    .await;
    let intents = stage.fake.shared.world().session.identified[0]["intents"].clone();
    // GUILDS, GUILD_MESSAGES, DIRECT_MESSAGES, and no MESSAGE_CONTENT.
    assert_eq!(intents, json!(1 | 1 << 9 | 1 << 12));
    // Discord then sends messages with their content taken out, except where they speak to the bot.
    stage.ask_in_vain_without_content().await;
    assert!(
        stage
            .ask(&Said::new(&mention("when protests")))
            .await
            .text()
            .contains("2021")
    );
    assert!(
        stage
            .ask(&Said::new("when protests").in_channel(DIRECT))
            .await
            .text()
            .contains("2021")
    );
    assert!(
        stage
            .ask_slash(ANN, "when", Some(("topic", "protests")))
            .await
            .text()
            .contains("2021")
    );
    stage.bot.end().await;
}

impl Stage {
    async fn ask_in_vain_without_content(&self) {
        self.say(&Said::new(""));
        let shown = self.ask(&Said::new(&mention("help"))).await;
        assert_eq!(self.fake.shown().len(), 1);
        assert!(!shown.text().is_empty());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn with_the_message_content_intent_it_is_asked_for() {
    let stage = Stage::new().await;
    let intents = stage.fake.shared.world().session.identified[0]["intents"].clone();
    assert_eq!(intents, json!(1 | 1 << 9 | 1 << 12 | 1 << 15));
    stage.bot.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn slash_commands_are_the_table_and_registered_once() {
    let stage = Stage::new().await;
    stage.fake.close(4000);
    stage
        .fake
        .until("a new READY or RESUMED", |world| {
            (world.session.ready + world.session.resumed >= 2).then_some(())
        })
        .await;
    stage.ask(&Said::new("!help")).await;
    assert_eq!(stage.fake.count("PUT", "/commands"), 1);
    let registered = stage.fake.shared.world().commands.clone();
    let more: Vec<&str> = registered[COMMANDS.len()..]
        .iter()
        .filter_map(|command| command["name"].as_str())
        .collect();
    assert_eq!(more, ["export", "Search the archive"]);
    for (registered, command) in registered.iter().zip(COMMANDS) {
        assert_eq!(registered["name"], command.name);
        assert_eq!(registered["contexts"], json!([0, 1, 2]));
        let option = &registered["options"][0];
        if command.argument == ArgumentKind::None {
            assert!(option.is_null(), "{}", command.name);
        } else {
            assert_eq!(option["name"], command.argument_name);
            assert_eq!(option["required"], command.required);
            assert_eq!(option["max_length"], 400);
        }
    }
    stage.bot.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn slash_commands_can_be_switched_off() {
    let stage = Stage::with(
        Settings {
            slash_commands: false,
            ..settings()
        },
        None,
    )
    .await;
    assert_eq!(
        stage.fake.shared.world().commands,
        Vec::<serde_json::Value>::new()
    );
    stage.bot.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn topics_people_and_articles_are_completed() {
    let stage = Stage::new().await;
    let person = archive().suggest_people("", 1)[0].label[..3].to_owned();
    for (command, option, written, wanted) in [
        ("when", "topic", "naval", "Navalny"),
        ("who", "person", person.as_str(), person.as_str()),
        ("article", "article", "", ""),
        ("search", "words", "court -naval", "court -"),
    ] {
        let choices = stage.complete(command, option, written).await;
        assert!(
            !choices.is_empty() && choices.len() <= 25,
            "{command} {written}"
        );
        assert!(
            choices.iter().any(|choice| {
                let name = choice["name"].as_str().unwrap().to_lowercase();
                name.contains(&wanted.to_lowercase())
            }),
            "{command} {written}: {choices:?}"
        );
        // What was chosen is understood.
        let value = choices[0]["value"].as_str().unwrap();
        let shown = stage.ask_slash(ANN, command, Some((option, value))).await;
        assert!(
            shown.text().contains("-# [1] ") || command == "search",
            "{value}: {}",
            shown.text()
        );
    }
    // What nobody can complete is answered as well: Discord shows that it failed otherwise.
    assert_eq!(
        stage.complete("when", "topic", "qqqq").await,
        Vec::<serde_json::Value>::new()
    );
    assert_eq!(
        stage.complete("gone", "topic", "a").await,
        Vec::<serde_json::Value>::new()
    );
    stage.bot.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_command_of_an_earlier_version_is_answered_privately() {
    let stage = Stage::new().await;
    let shown = stage.ask_slash(ANN, "gone", None).await;
    assert!(shown.ephemeral);
    assert!(shown.text().contains("/help"), "{}", shown.text());
    stage.bot.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_of_4000_characters_is_read_at_its_beginning_and_that_is_said() {
    let stage = Stage::new().await;
    let question = format!("when was Navalny poisoned? {}", "и так далее… ".repeat(310));
    assert!(question.chars().count() >= 4000);
    let shown = stage.ask(&Said::new(&mention(&question))).await;
    assert!(
        shown.text().contains("characters of your question"),
        "{}",
        shown.text()
    );
    let word = format!("!when {}", "x".repeat(3990));
    let shown = stage.ask(&Said::new(&word)).await;
    assert!(
        shown.text().contains("characters of your question"),
        "{}",
        shown.text()
    );
    stage.bot.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_asks_too_fast_is_told_so_once() {
    let stage = Stage::with(
        Settings {
            user_cooldown: Rate {
                burst: 1,
                seconds: 600.0,
            },
            ..settings()
        },
        None,
    )
    .await;
    stage.ask(&Said::new("!help")).await;
    let told = stage.ask(&Said::new("!help")).await;
    assert!(told.text().contains("faster"), "{}", told.text());
    assert!(
        told.text().contains(" seconds"),
        "when to try again: {}",
        told.text()
    );
    // A third question is passed over; another person is not held up.
    stage.say(&Said::new("!help"));
    stage.ask(&Said::new("!help").by(BOB)).await;
    assert_eq!(stage.fake.shown().len(), 3);
    // An interaction must be responded to, but nobody else needs to see that.
    let slash = stage.ask_slash(ANN, "help", None).await;
    assert!(slash.ephemeral && slash.text().contains("faster"));
    stage.bot.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_channel_that_asks_too_fast_is_slowed_down_whoever_asks() {
    let stage = Stage::with(
        Settings {
            channel_cooldown: Rate {
                burst: 1,
                seconds: 600.0,
            },
            ..settings()
        },
        None,
    )
    .await;
    stage.ask(&Said::new("!help")).await;
    let told = stage.ask(&Said::new("!help").by(BOB)).await;
    assert!(told.text().contains("faster"), "{}", told.text());
    let elsewhere = stage
        .ask(&Said::new("!help").by(ANN).in_channel(THREAD))
        .await;
    assert!(!elsewhere.text().contains("faster"));
    assert_eq!(told.channel, CHANNEL);
    stage.bot.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_timeline_brings_its_picture_and_words_in_its_place() {
    let stage = Stage::new().await;
    let question = stage.say(&Said::new("!timeline"));
    stage.reply_to(question).await;
    let sent = |method: &str| {
        let requests = stage.fake.requests().into_iter();
        let mut requests = requests
            .filter(|request| request.method == method && request.path.contains("/messages"));
        requests.next_back().unwrap()
    };
    let posted = sent("POST");
    let [(field, file)] = posted.files.as_slice() else {
        panic!("{} files", posted.files.len());
    };
    assert!(file.starts_with(b"\x89PNG\r\n\x1a\n"));
    let attached = &posted.body["attachments"][0];
    assert_eq!(field, "files[0]");
    assert_eq!(attached["id"], "0");
    assert_eq!(attached["filename"], "timeline.png");
    let words = attached["description"].as_str().unwrap();
    assert!(words.contains("2021"), "{words}");
    stage.bot.end().await;
}
