//! `/settings`: who may, what can be set, and that it holds in one server alone.

use dateline::store::Place;
use serde_json::{Value, json};

use crate::{
    fake::{
        ANN, BOB, CHANNEL, DIRECT, GUILD, OTHER_CHANNEL, OTHER_GUILD, Shown, THREAD,
        payload::{self, MANAGES, Said, allowed, speaking},
    },
    stage::{Database, Stage},
};

/// Opens the panel as somebody who may, in a language.
async fn panel_in(stage: &Stage, channel: u64, locale: &str) -> Shown {
    let token = stage.interact(channel, None, |id| {
        let command = payload::command(id, ANN, channel, "settings", json!([]));
        speaking(allowed(command, MANAGES), locale)
    });
    stage.responded(&token).await.expect("the panel")
}

async fn panel(stage: &Stage) -> Shown {
    panel_in(stage, CHANNEL, "en-US").await
}

/// Chooses in a menu of the panel, and gives the panel as it is then.
async fn choose(stage: &Stage, panel: &Shown, id: &str, kind: u8, values: &[&str]) -> Shown {
    let token = stage.interact(panel.channel, Some(panel.id), |number| {
        let chosen = payload::choose(number, ANN, &panel.json, id, kind, values);
        allowed(chosen, MANAGES)
    });
    stage.responded(&token).await.expect("the panel")
}

/// Opens a modal of the panel.
async fn modal(stage: &Stage, panel: &Shown, name: &str) -> Value {
    let token = stage.interact(panel.channel, Some(panel.id), |number| {
        let chosen = payload::choose(number, ANN, &panel.json, "s:menu", 3, &[name]);
        allowed(chosen, MANAGES)
    });
    stage
        .fake
        .until("the modal", |world| world.modals.get(&token).cloned())
        .await
}

/// Fills in a modal of the panel, and gives what is shown then.
async fn write(stage: &Stage, panel: &Shown, name: &str, fields: &[(&str, &str)]) -> Shown {
    let opened = modal(stage, panel, name).await;
    let id = opened["custom_id"].as_str().unwrap().to_owned();
    let names: Vec<&str> = opened["components"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["components"][0]["custom_id"].as_str().unwrap())
        .collect();
    let wanted: Vec<&str> = fields.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, wanted);
    let token = stage.interact(panel.channel, Some(panel.id), |number| {
        allowed(
            payload::submit(number, ANN, &panel.json, &id, fields),
            MANAGES,
        )
    });
    stage.responded(&token).await.expect("the panel")
}

/// What was said to one person alone, last.
fn whispered(stage: &Stage) -> String {
    let shown = stage.fake.shown();
    let mut whispers = shown.iter().filter(|shown| shown.ephemeral);
    whispers.next_back().expect("a whisper").text()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_those_who_manage_the_server_see_and_change_its_settings() {
    let database = Database::new();
    let stage = Stage::over(&database).await;
    let panel = panel(&stage).await;
    assert!(panel.ephemeral && panel.text().contains("Settings of this server"));
    for attempt in 0..3 {
        let token = stage.interact(
            CHANNEL,
            (attempt > 0).then_some(panel.id),
            |id| match attempt {
                0 => payload::command(id, BOB, CHANNEL, "settings", json!([])),
                1 => payload::choose(id, BOB, &panel.json, "s:menu", 3, &["reset"]),
                // A modal that nobody opened.
                _ => payload::submit(id, BOB, &panel.json, "s:prefix", &[("prefix", "?")]),
            },
        );
        stage.responded(&token).await;
        assert!(
            whispered(&stage).contains("Only those who manage"),
            "{attempt}"
        );
    }
    // A direct message is no server.
    let token = stage.interact(DIRECT, None, |id| {
        payload::command(id, ANN, DIRECT, "settings", json!([]))
    });
    stage.responded(&token).await;
    assert!(whispered(&stage).contains("on a server only"));
    let settings = database.open().await.settings(Place(GUILD)).await.unwrap();
    assert_eq!(settings, dateline::store::GuildSettings::default());
    stage.bot.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_prefix_holds_at_once_and_in_its_server_alone() {
    let database = Database::new();
    let stage = Stage::over(&database).await;
    // The default is in use before it is changed.
    stage.ask(&Said::new("!when protests")).await;
    let panel = panel(&stage).await;
    let shown = write(&stage, &panel, "prefix", &[("prefix", "?")]).await;
    assert!(shown.text().contains("`?`"), "{}", shown.text());
    let id = stage.say(&Said::new("!when protests"));
    stage.ask(&Said::new("?when protests")).await;
    let id = id.to_string();
    let unheard = |shown: &Shown| shown.json["message_reference"]["message_id"] != *id;
    assert!(stage.fake.shown().iter().all(unheard));
    stage
        .ask(&Said::new("!when protests").in_channel(OTHER_CHANNEL))
        .await;
    stage
        .ask(&Said::new("!when protests").in_channel(DIRECT))
        .await;
    // It outlives the bot.
    let Stage { bot, fake } = stage;
    bot.end().await;
    let store = Some(database.open().await);
    let archive = crate::stage::archive();
    let bot = crate::stage::Bot::start_over(&fake, crate::stage::settings(), archive, None, store);
    fake.ready(2).await;
    let stage = Stage { bot, fake };
    stage.ask(&Said::new("?when protests")).await;
    stage.bot.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_bot_answers_in_the_channels_that_were_chosen_and_in_their_threads() {
    let database = Database::new();
    let stage = Stage::over(&database).await;
    let panel = panel(&stage).await;
    let asked = choose(&stage, &panel, "s:menu", 3, &["channels"]).await;
    let menu = &asked.json["components"][1]["components"][0];
    assert_eq!(
        (&menu["type"], &menu["custom_id"]),
        (&json!(8), &json!("s:channels"))
    );
    let elsewhere = 100_000_000_000_000_009_u64;
    choose(&stage, &asked, "s:channels", 8, &[&elsewhere.to_string()]).await;
    let id = stage.say(&Said::new("!when protests"));
    let token = stage.interact(CHANNEL, None, |id| {
        payload::slash(id, ANN, CHANNEL, "when", Some(("topic", "protests")), false)
    });
    let told = stage.responded(&token).await.unwrap();
    assert!(told.ephemeral && told.text().contains(&format!("<#{elsewhere}>")));
    let id = id.to_string();
    let unheard = |shown: &Shown| shown.json["message_reference"]["message_id"] != *id;
    assert!(stage.fake.shown().iter().all(unheard));
    // In the other server nothing has changed.
    stage
        .ask(&Said::new("!when protests").in_channel(OTHER_CHANNEL))
        .await;
    choose(&stage, &asked, "s:channels", 8, &[&CHANNEL.to_string()]).await;
    stage.ask(&Said::new("!when protests")).await;
    stage
        .ask(&Said::new("!when protests").in_channel(THREAD))
        .await;
    // None chosen are all.
    choose(&stage, &asked, "s:channels", 8, &[]).await;
    let settings = database.open().await.settings(Place(GUILD)).await.unwrap();
    assert!(settings.channels.is_empty());
    stage.bot.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_part_of_the_archive_is_all_that_is_answered_from() {
    let database = Database::new();
    let stage = Stage::over(&database).await;
    let panel = panel(&stage).await;
    let before = stage.ask(&Said::new("!sources")).await.text();
    assert!(before.contains("2021"), "{before}");
    let shown = write(
        &stage,
        &panel,
        "days",
        &[("from", ""), ("until", "2000-01-01")],
    )
    .await;
    assert!(
        shown.text().contains("until 1 January 2000"),
        "{}",
        shown.text()
    );
    for question in [
        "!sources",
        "!when protests",
        "!quote heart",
        "!article 1",
        "!search court",
    ] {
        let text = stage.ask(&Said::new(question)).await.text();
        assert!(!text.contains("> "), "{question}: {text}");
    }
    let choices = stage.complete("who", "person", "V").await;
    assert_eq!(choices, Vec::<Value>::new(), "not even names are told");
    let other = stage
        .ask(&Said::new("!when protests").in_channel(OTHER_CHANNEL))
        .await;
    assert!(other.text().contains("> "));
    // Backwards, and no days at all.
    for (from, until, told) in [
        ("2021-02-02", "2021-02-01", "after the last"),
        ("yesterday", "", "YYYY-MM-DD"),
    ] {
        write(&stage, &panel, "days", &[("from", from), ("until", until)]).await;
        assert!(whispered(&stage).contains(told), "{from}");
    }
    write(
        &stage,
        &panel,
        "days",
        &[("from", "2000-01-01"), ("until", "")],
    )
    .await;
    let after = stage.ask(&Said::new("!sources")).await.text();
    assert_eq!(after, before);
    stage.bot.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn number_and_length_of_excerpts_and_the_cooldown_can_be_set() {
    let database = Database::new();
    let stage = Stage::over(&database).await;
    let panel = panel(&stage).await;
    let quotes = |text: &str| text.lines().filter(|line| line.starts_with("> ")).count();
    let before = stage.ask(&Said::new("!search protests")).await.text();
    assert!(quotes(&before) > 2, "{before}");
    write(
        &stage,
        &panel,
        "excerpts",
        &[("number", "2"), ("length", "80")],
    )
    .await;
    let after = stage.ask(&Said::new("!search protests")).await.text();
    assert_eq!(quotes(&after), 2, "{after}");
    assert!(after.contains('…'), "{after}");
    for line in after.lines().filter(|line| line.starts_with("> ")) {
        // Marks of emphasis come on top.
        assert!(line.chars().count() < 120, "{line}");
    }
    write(
        &stage,
        &panel,
        "excerpts",
        &[("number", "0"), ("length", "")],
    )
    .await;
    assert!(whispered(&stage).contains("1 to 20"));
    write(
        &stage,
        &panel,
        "excerpts",
        &[("number", "2"), ("length", "9")],
    )
    .await;
    assert!(whispered(&stage).contains("80 to 2000"));

    let shown = write(
        &stage,
        &panel,
        "cooldown",
        &[("burst", "1"), ("seconds", "3600")],
    )
    .await;
    assert!(shown.text().contains("1 at once"), "{}", shown.text());
    stage.ask(&Said::new("!status").by(BOB)).await;
    let told = stage.ask(&Said::new("!status").by(BOB)).await;
    assert!(told.text().contains("faster than I can read"));
    let other = Said::new("!status").by(BOB).in_channel(OTHER_CHANNEL);
    for _ in 0..3 {
        assert!(stage.ask(&other).await.text().contains("Articles"));
    }
    write(
        &stage,
        &panel,
        "cooldown",
        &[("burst", "3"), ("seconds", "")],
    )
    .await;
    assert!(whispered(&stage).contains("both fields"));
    stage.bot.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_bot_speaks_the_servers_language_or_else_that_of_each_person() {
    let database = Database::new();
    let stage = Stage::over(&database).await;
    let ask = |locale: &'static str| {
        let token = stage.interact(CHANNEL, None, |id| {
            let slash =
                payload::slash(id, ANN, CHANNEL, "when", Some(("topic", "protests")), false);
            speaking(slash, locale)
        });
        let stage = &stage;
        async move { stage.responded(&token).await.unwrap().text() }
    };
    assert!(ask("en-GB").await.starts_with("When: protests"));
    let german = ask("de").await;
    assert!(german.starts_with("Wann: protests"), "{german}");
    assert!(
        german.contains(". Februar 2021") && german.contains("Absatz"),
        "{german}"
    );
    // Of what the bot does not speak, it speaks its own.
    assert!(ask("fr").await.starts_with("When: protests"));

    let shown = panel_in(&stage, CHANNEL, "de").await;
    assert!(
        shown.text().contains("Einstellungen dieses Servers"),
        "{}",
        shown.text()
    );
    let panel = panel(&stage).await;
    let menu = choose(&stage, &panel, "s:menu", 3, &["language"]).await;
    let after = choose(&stage, &menu, "s:language", 3, &["de"]).await;
    assert!(
        after.text().contains("Einstellungen dieses Servers"),
        "{}",
        after.text()
    );
    assert!(ask("en-GB").await.starts_with("Wann: protests"));
    let said = stage.ask(&Said::new("!when protests")).await;
    assert!(said.text().starts_with("Wann: protests"));
    let other = stage
        .ask(&Said::new("!when protests").in_channel(OTHER_CHANNEL))
        .await;
    assert!(other.text().starts_with("When: protests"));
    choose(&stage, &menu, "s:language", 3, &["none"]).await;
    assert!(ask("en-GB").await.starts_with("When: protests"));
    stage.bot.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn forged_choices_set_nothing() {
    let database = Database::new();
    let stage = Stage::over(&database).await;
    let panel = panel(&stage).await;
    for (id, kind, values) in [
        ("s:", 3, &["prefix"][..]),
        ("s:nothing", 3, &["x"]),
        ("s:menu", 8, &["1"]),
        ("s:channels", 3, &["1"]),
        ("s:language", 8, &["1"]),
        ("s:language", 3, &["../de"]),
        ("s:outlets", 3, &["No such outlet"]),
        ("s:menu", 3, &["outlets; DROP TABLE watches"]),
    ] {
        let token = stage.interact(CHANNEL, Some(panel.id), |number| {
            let chosen = payload::choose(number, ANN, &panel.json, id, kind, values);
            allowed(chosen, MANAGES)
        });
        stage.responded(&token).await;
    }
    for (id, fields) in [
        ("s:nothing", &[("prefix", "?")][..]),
        ("s:prefix", &[("prefix", "two words")]),
        ("s:prefix", &[("prefix", "much too long")]),
        ("s:days", &[("from", "2021-02-30"), ("until", "")]),
        (
            "s:excerpts",
            &[("number", "99999999999999999999"), ("length", "")],
        ),
    ] {
        let token = stage.interact(CHANNEL, Some(panel.id), |number| {
            allowed(
                payload::submit(number, ANN, &panel.json, id, fields),
                MANAGES,
            )
        });
        stage.responded(&token).await;
    }
    let store = database.open().await;
    for guild in [GUILD, OTHER_GUILD] {
        let settings = store.settings(Place(guild)).await.unwrap();
        assert_eq!(settings, dateline::store::GuildSettings::default());
    }
    // All of it can be taken back.
    write(&stage, &panel, "prefix", &[("prefix", "?")]).await;
    choose(&stage, &panel, "s:menu", 3, &["reset"]).await;
    let settings = store.settings(Place(GUILD)).await.unwrap();
    assert_eq!(settings, dateline::store::GuildSettings::default());
    stage.bot.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_database_the_commands_that_need_one_are_not_offered() {
    let stage = Stage::new().await;
    let offered = |stage: &Stage| -> Vec<String> {
        let requests = stage.fake.requests();
        let put = requests
            .iter()
            .find(|request| request.method == "PUT")
            .unwrap();
        let commands = put.body.as_array().unwrap();
        commands
            .iter()
            .map(|command| command["name"].as_str().unwrap().to_owned())
            .collect()
    };
    assert!(!offered(&stage).contains(&"settings".to_owned()));
    stage.bot.end().await;
    let database = Database::new();
    let stage = Stage::over(&database).await;
    assert!(offered(&stage).contains(&"settings".to_owned()));
    stage.bot.end().await;
}
