//! Files for the asker alone, the menu of a message, feedback without names, and what is kept of whom.

use dateline::store::{Feedback, Place};
use serde_json::{Value, json};

use crate::{
    fake::{
        ANN, BOB, CHANNEL, DIRECT, GUILD, OTHER_CHANNEL, OTHER_GUILD, Shown,
        payload::{self, MANAGES, Said, allowed},
    },
    stage::{Database, Stage},
};

/// Exports, and gives the file with its name, and what was said with it.
async fn export(stage: &Stage, options: Value) -> (Option<(String, String)>, Shown) {
    let before = stage.fake.shared.world().files.len();
    let id = stage.fake.shared.id();
    stage.fake.expect_interaction(id, CHANNEL, None);
    let command = payload::command(id, ANN, CHANNEL, "export", options);
    stage.fake.event("INTERACTION_CREATE", &command);
    let shown = stage.response(id).await;
    let world = stage.fake.shared.world();
    let file = world
        .files
        .get(before)
        .map(|(name, content)| (name.clone(), String::from_utf8(content.clone()).unwrap()));
    (file, shown)
}

fn options(topic: &str, what: &str, format: &str) -> Value {
    json!([
        {"name": "topic", "type": 3, "value": topic},
        {"name": "what", "type": 3, "value": what},
        {"name": "format", "type": 3, "value": format},
    ])
}

/// The rows of a table.
fn table(csv: &str) -> Vec<Vec<String>> {
    let (mut rows, mut row, mut cell, mut quoted) = (Vec::new(), Vec::new(), String::new(), false);
    let mut letters = csv.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => cell.extend(letters.next()),
            '"' => quoted = !quoted,
            ',' if !quoted => row.push(std::mem::take(&mut cell)),
            '\r' if !quoted => {}
            '\n' if !quoted => {
                row.push(std::mem::take(&mut cell));
                rows.push(std::mem::take(&mut row));
            }
            letter => cell.push(letter),
        }
    }
    rows
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_export_is_a_file_in_the_articles_words_for_the_asker_alone() {
    let stage = Stage::new().await;
    let bodies: String = [1, 2]
        .into_iter()
        .filter_map(|number| crate::stage::archive().index().document(number).unwrap())
        .map(|document| document.article.body.clone())
        .collect();
    let (file, shown) = export(&stage, options("protests", "timeline", "csv")).await;
    let (name, csv) = file.expect("a file");
    assert!(shown.text().contains("protests"));
    assert_eq!(name, "timeline.csv");
    let rows = table(&csv);
    assert!(rows.len() > 2, "{csv}");
    assert_eq!(rows[0][..3], ["date", "excerpt", "speaker"]);
    for row in &rows[1..] {
        assert_eq!(row.len(), rows[0].len());
        assert!(bodies.contains(row[1].trim_start_matches('\'')), "{row:?}");
        assert!(row[0].starts_with("20"), "{row:?}");
    }
    let (file, _) = export(&stage, options("heart", "quote", "json")).await;
    let (name, json) = file.expect("a file");
    assert_eq!(name, "quote.json");
    let objects: Vec<Value> = serde_json::from_str(&json).unwrap();
    assert!(!objects.is_empty());
    for object in &objects {
        assert!(
            bodies.contains(object["excerpt"].as_str().unwrap()),
            "{object:#}"
        );
        assert!(object["speaker"].is_string(), "{object:#}");
    }
    let (file, _) = export(
        &stage,
        json!([{"name": "topic", "type": 3, "value": "protests"}]),
    )
    .await;
    let (name, markdown) = file.expect("a file");
    assert_eq!(name, "timeline.md");
    assert!(markdown.starts_with("# Timeline: protests"), "{markdown}");
    assert!(markdown.contains("\n> "), "{markdown}");
    // Every one was seen by the asker alone.
    let responses = stage.fake.requests();
    let mut callbacks = responses
        .iter()
        .filter(|request| request.path.ends_with("/callback"));
    assert!(callbacks.all(|request| request.body["data"]["flags"] == 64));
    for (topic, what, format) in [
        ("xyzzyqwv", "timeline", "csv"),
        ("protests", "status", "csv"),
        ("protests", "timeline", "exe"),
        ("", "quote", "md"),
    ] {
        let (file, shown) = export(&stage, options(topic, what, format)).await;
        assert_eq!(file, None, "{topic} {what} {format}");
        assert!(!shown.text().is_empty());
    }
    stage.bot.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_menu_of_a_message_searches_for_what_it_says_as_words_and_nothing_else() {
    let stage = Stage::new().await;
    let search = |content: &'static str| {
        let id = stage.fake.shared.id();
        stage.fake.expect_interaction(id, CHANNEL, None);
        let mut command = payload::command(id, ANN, CHANNEL, "Search the archive", json!([]));
        let message = Said::new(content).by(BOB).json(400_000_000_000_000_001);
        command["data"]["type"] = json!(3);
        command["data"]["target_id"] = message["id"].clone();
        command["data"]["resolved"] = json!({"messages": {"400000000000000001": message}});
        stage.fake.event("INTERACTION_CREATE", &command);
        let stage = &stage;
        async move { stage.response(id).await }
    };
    let plain = search("the protests in Moscow").await;
    assert!(plain.text().contains("> "), "{}", plain.text());
    let shown = search("the <@5> -protests \"in before:1999-01-01 Moscow\"").await;
    assert!(shown.text().contains("> "), "{}", shown.text());
    for shown in stage.fake.requests() {
        if shown.path.ends_with("/callback") {
            assert_eq!(shown.body["data"]["flags"], 64, "others see nothing of it");
        }
    }
    let menu = stage.fake.shared.world().commands.clone();
    let menu = menu
        .iter()
        .find(|command| command["type"] == 3)
        .expect("the menu");
    assert_eq!(menu["name_localizations"]["de"], "Im Archiv suchen");
    stage.bot.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn questions_can_be_asked_wherever_somebody_has_installed_the_bot() {
    let stage = Stage::new().await;
    let commands = stage.fake.shared.world().commands.clone();
    let when = commands
        .iter()
        .find(|command| command["name"] == "when")
        .unwrap();
    assert_eq!(when["contexts"], json!([0, 1, 2]));
    assert_eq!(when["integration_types"], json!([0, 1]));
    assert!(when["description_localizations"]["de"].is_string());
    stage.bot.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whether_an_answer_helped_is_counted_once_by_its_asker_without_words() {
    let database = Database::new();
    let stage = Stage::over(&database).await;
    let shown = stage.ask(&Said::new("!when protests")).await;
    // Somebody else counts nothing.
    stage.turn(BOB, &shown, &shown.button("👍")).await;
    let after = stage.turn(ANN, &shown, &shown.button("👍")).await.unwrap();
    assert_eq!(after.text(), shown.text(), "the answer stays");
    let disabled = |shown: &Shown, emoji: &str| {
        let buttons = shown.buttons();
        let button = buttons
            .iter()
            .find(|button| button["emoji"]["name"] == emoji);
        button.unwrap()["disabled"] == json!(true)
    };
    assert!(disabled(&after, "👍") && disabled(&after, "👎") && !disabled(&after, "🗑"));
    // Pressed again, by a client that has not heard of it yet, and by one that forges the message.
    stage.turn(ANN, &shown, &shown.button("👎")).await;
    stage.turn(ANN, &after, &after.button("👎")).await;
    let other = stage
        .ask(&Said::new("!ask how many people were detained?"))
        .await;
    stage.turn(ANN, &other, &other.button("👎")).await;
    let elsewhere = stage
        .ask(&Said::new("!when protests").in_channel(OTHER_CHANNEL))
        .await;
    assert!(elsewhere.buttons().len() >= 3);
    let store = database.open().await;
    let count = |kind: &str, helped, not| Feedback {
        kind: kind.to_owned(),
        helped,
        not,
    };
    assert_eq!(
        store.feedback(Place(GUILD)).await.unwrap(),
        [count("ask", 0, 1), count("when", 1, 0)]
    );
    assert_eq!(store.feedback(Place(OTHER_GUILD)).await.unwrap(), []);
    // On other pages of an answer that was counted, nobody is asked again.
    let long = stage.ask(&Said::new("!timeline")).await;
    if long.pages().is_some() {
        let after = stage.turn(ANN, &long, &long.button("👍")).await.unwrap();
        let next = stage.turn(ANN, &after, &after.button("▶")).await.unwrap();
        assert!(
            next.buttons()
                .iter()
                .all(|button| button["emoji"]["name"] != "👍")
        );
    }
    // What is no answer does not ask.
    let help = stage.ask(&Said::new("!help")).await;
    assert!(
        help.buttons()
            .iter()
            .all(|button| button["emoji"]["name"] != "👍")
    );
    stage.bot.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_kept_is_listed_for_whom_it_is_of_and_removed_by_them() {
    let database = Database::new();
    let stage = Stage::over(&database).await;
    let store = database.open().await;
    let watch = |id, owner, place| dateline::store::Watch {
        id,
        place: Place(place),
        channel: CHANNEL,
        owner,
        topic: format!("topic {id}"),
        pace: dateline::store::Pace::Daily,
        language: "en".to_owned(),
        due: jiff::Timestamp::MAX,
        looked: 1 << 40,
    };
    for (id, owner, place) in [
        (1, ANN, GUILD),
        (2, BOB, GUILD),
        (3, ANN, OTHER_GUILD),
        (4, BOB, OTHER_GUILD),
    ] {
        store.add_watch(&watch(id, owner, place), 9).await.unwrap();
    }
    store
        .count_feedback(Place(GUILD), "when", true)
        .await
        .unwrap();
    let ask = |user: u64, manages: bool| {
        let token = stage.interact(CHANNEL, None, |id| {
            let command = payload::command(id, user, CHANNEL, "privacy", json!([]));
            if manages {
                allowed(command, MANAGES)
            } else {
                command
            }
        });
        let stage = &stage;
        async move { stage.responded(&token).await.unwrap() }
    };
    let shown = ask(ANN, false).await;
    assert!(shown.ephemeral);
    let text = shown.text();
    assert!(
        text.contains("topic 1") && text.contains("topic 3"),
        "{text}"
    );
    assert!(
        !text.contains("topic 2") && !text.contains("Of this server"),
        "{text}"
    );
    let managing = ask(BOB, true).await;
    assert!(
        managing.text().contains("when: 1 answers helped"),
        "{}",
        managing.text()
    );
    // Whoever does not manage the server removes nothing of it, whatever they send.
    let forged = stage.interact(CHANNEL, Some(shown.id), |id| {
        payload::press(id, ANN, &shown.json, "p:server")
    });
    stage.responded(&forged).await;
    assert_eq!(store.watches(Place(GUILD)).await.unwrap().len(), 2);
    let own = stage.interact(CHANNEL, Some(shown.id), |id| {
        payload::press(id, ANN, &shown.json, "p:me")
    });
    let after = stage.responded(&own).await.unwrap();
    assert!(after.text().contains("Nothing."), "{}", after.text());
    assert_eq!(store.watches_of(ANN).await.unwrap(), []);
    assert_eq!(store.watches_of(BOB).await.unwrap().len(), 2);
    let server = stage.interact(CHANNEL, Some(managing.id), |id| {
        allowed(payload::press(id, BOB, &managing.json, "p:server"), MANAGES)
    });
    stage.responded(&server).await;
    assert_eq!(store.watches(Place(GUILD)).await.unwrap(), []);
    assert_eq!(store.feedback(Place(GUILD)).await.unwrap(), []);
    assert_eq!(store.watches(Place(OTHER_GUILD)).await.unwrap().len(), 1);
    for id in ["p:", "p:all", "p:me; DELETE"] {
        let token = stage.interact(DIRECT, Some(shown.id), |number| {
            let mut press = payload::press(number, BOB, &shown.json, id);
            press["data"]["custom_id"] = json!(id);
            press
        });
        stage.responded(&token).await;
    }
    assert_eq!(store.watches_of(BOB).await.unwrap().len(), 1);
    stage.bot.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_the_bot_leaves_is_forgotten_and_one_out_of_reach_is_not() {
    let database = Database::new();
    let stage = Stage::over(&database).await;
    let store = database.open().await;
    for guild in [GUILD, OTHER_GUILD] {
        let set = store.change_settings(Place(guild), |set| set.prefix = Some("?".to_owned()));
        set.await.unwrap();
    }
    let gone =
        |id: u64, unavailable: bool| json!({"id": id.to_string(), "unavailable": unavailable});
    stage.fake.event("GUILD_DELETE", &gone(OTHER_GUILD, true));
    stage.fake.event("GUILD_DELETE", &gone(GUILD, false));
    // Settings are read again once a minute at most, so that the database itself is asked.
    for _ in 0..200 {
        if store.settings(Place(GUILD)).await.unwrap().prefix.is_none() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    assert_eq!(store.settings(Place(GUILD)).await.unwrap().prefix, None);
    let other = store.settings(Place(OTHER_GUILD)).await.unwrap();
    assert_eq!(other.prefix.as_deref(), Some("?"));
    stage.bot.end().await;
}
