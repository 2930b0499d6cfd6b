//! The connection: how it is refused, lost, taken up again, and ended.

use dateline::face::discord::{ApiBase, Discord, DiscordError, Settings, Token};

use crate::{
    fake::{CHANNEL, Fake, payload::Said},
    faults::Gate,
    stage::{Bot, Stage, archive, settings},
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_invalid_token_and_disallowed_intents_are_told_with_what_to_do() {
    for (code, words) in [
        (4004, ["DISCORD_TOKEN", "Reset Token"]),
        (4014, ["Message Content Intent", "message_content = false"]),
    ] {
        let fake = Fake::start().await;
        fake.refuse(code);
        let bot = Bot::start(&fake, settings(), archive());
        let error = bot.ended().await.unwrap_err();
        match code {
            4004 => assert!(matches!(error, DiscordError::InvalidToken), "{error:?}"),
            _ => assert!(
                matches!(error, DiscordError::DisallowedIntents),
                "{error:?}"
            ),
        }
        for word in words {
            assert!(error.to_string().contains(word), "{error}");
        }
        assert!(!error.to_string().contains("a.b.c"), "{error}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_api_that_does_not_answer_is_told_and_discord_itself_is_not_tried() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let error = Discord::new(archive(), settings(), Token::new("a.b.c").unwrap())
        .api_base(Some(ApiBase::new(&base).unwrap()))
        .run_until(std::future::pending())
        .await
        .unwrap_err();
    assert!(matches!(error, DiscordError::NoGateway(_)), "{error:?}");
    assert!(error.to_string().contains("DISCORD_API_BASE"), "{error}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn wrong_settings_are_told_before_anything_is_sent() {
    let wrong = Settings {
        prefix: String::new(),
        page_length: 4000,
        question_length: 4000,
        concurrent_searches: 0,
        defer_after: f64::NAN,
        ..settings()
    };
    let error = Discord::new(archive(), wrong, Token::new("a.b.c").unwrap())
        .run_until(std::future::pending())
        .await
        .unwrap_err()
        .to_string();
    for key in [
        "prefix",
        "page_length",
        "question_length",
        "concurrent_searches",
        "defer_after",
    ] {
        assert!(error.contains(key), "{key}: {error}");
    }
}

#[test]
fn the_commented_configuration_says_every_default() {
    #[derive(serde::Deserialize)]
    struct File {
        discord: toml::Table,
    }
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/config/dateline.toml");
    let file: File = toml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let read: Settings = file.discord.clone().try_into().unwrap();
    assert_eq!(read, Settings::default());
    read.validate().unwrap();
    // A key that is left out of the file would still be at its default.
    for key in file.discord.keys() {
        let mut without = file.discord.clone();
        without.insert(format!("{key}s"), toml::Value::Boolean(true));
        assert!(Settings::deserialize_strictly(without).is_err(), "{key}s");
    }
    let debug = format!("{:#?}", Settings::default());
    let fields = debug
        .lines()
        .filter(|line| line.starts_with("    ") && !line.starts_with("     "));
    for field in fields {
        if let Some((name, _)) = field.trim().split_once(':') {
            assert!(file.discord.contains_key(name), "{name} is not in the file");
        }
    }
}

trait Strictly: Sized {
    fn deserialize_strictly(table: toml::Table) -> Result<Self, toml::de::Error>;
}

impl Strictly for Settings {
    fn deserialize_strictly(table: toml::Table) -> Result<Self, toml::de::Error> {
        table.try_into()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn questions_asked_while_the_gateway_was_away_are_answered_after_the_resume() {
    let stage = Stage::new().await;
    stage.ask(&Said::new("!help")).await;
    stage.fake.break_connection();
    let missed = stage.say(&Said::new("!when protests"));
    stage.reply_to(missed).await;
    stage
        .fake
        .until("RESUMED", |world| {
            (world.session.resumed == 1).then_some(())
        })
        .await;
    stage.fake.ask_to_reconnect();
    let missed = stage.say(&Said::new("!who Leonid Volkov"));
    stage.reply_to(missed).await;
    stage
        .fake
        .until("RESUMED", |world| {
            (world.session.resumed == 2).then_some(())
        })
        .await;
    stage.ask(&Said::new("!help")).await;
    assert_eq!(stage.fake.shown().len(), 4, "each was answered once");
    assert_eq!(stage.fake.shared.world().session.identified.len(), 1);
    stage.bot.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn answers_under_way_are_finished_before_the_end_and_none_is_begun() {
    let gate = Gate::new();
    let mut stage = Stage::with(settings(), Some(gate.answering())).await;
    let question = stage.say(&Said::new("!ask slowly"));
    gate.reached().await;
    stage.bot.ask_to_end();
    // Questions are turned away from the moment at which the end was asked for: until one is, more are asked.
    loop {
        let late = stage.say(&Said::new("!help")).to_string();
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        let answered = stage
            .fake
            .shown()
            .iter()
            .any(|shown| shown.json["message_reference"]["message_id"] == *late);
        if !answered {
            break;
        }
    }
    gate.open();
    let Stage { bot, fake } = stage;
    bot.ended().await.unwrap();
    let reference = question.to_string();
    assert!(
        fake.shown()
            .iter()
            .any(|shown| shown.json["message_reference"]["message_id"] == *reference)
    );
    fake.until("the goodbye", |world| {
        (world.session.closed_by_bot == 1).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_that_does_not_come_does_not_hold_up_the_end() {
    let gate = Gate::new();
    let mut stage = Stage::with(settings(), Some(gate.answering())).await;
    stage.say(&Said::new("!ask slowly"));
    gate.reached().await;
    stage.bot.ask_to_end();
    let Stage { bot, fake } = stage;
    // The gate stays shut until it is over.
    bot.ended().await.unwrap();
    gate.open();
    assert_eq!(fake.count("POST", &format!("{CHANNEL}/messages")), 0);
}
