//! What people and messages may try against the bot itself.

use std::{
    os::unix::process::ExitStatusExt as _,
    path::Path,
    process::{Command, Stdio},
    time::Duration,
};

use serde_json::json;

use crate::{
    fake::{
        ANN, BOB, CHANNEL, Fake, GUILD, OTHER_CHANNEL, OTHER_GUILD,
        payload::{self, Said},
    },
    raw::raw,
    stage::{Database, Stage},
};
use dateline::store::{GuildSettings, Place};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_question_of_four_thousand_characters_is_answered_once_and_harmlessly() {
    let stage = Stage::new().await;
    let long = "protests @everyone ||court|| <@5> ".repeat(4000 / 34 + 1);
    let long = long.get(..3990).unwrap();
    for question in [
        format!("!search {long}"),
        format!("!when {}", "(".repeat(3990)),
        format!("!ask {}", "\u{200b}\u{202e}".repeat(650)),
        format!("!on {}", "0".repeat(3990)),
        format!("!{}", "a".repeat(3990)),
        format!("!quote {}", "* ".repeat(1990)),
    ] {
        let before = stage.fake.shown().len();
        let id = stage.say(&Said::new(&question));
        let help = stage.ask(&Said::new("!help")).await;
        assert_ne!(help.json["message_reference"]["message_id"], id.to_string());
        let shown = stage.fake.shown();
        // What is no command is no question, and everything else has one answer.
        assert!(shown.len() <= before + 2, "{question}");
        for shown in &shown {
            assert_eq!(raw(&shown.text()), None, "{}", shown.text());
        }
    }
    stage.bot.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_changes_another_servers_settings() {
    let database = Database::new();
    let stage = Stage::over(&database).await;
    let token = stage.interact(CHANNEL, None, |id| {
        payload::allowed(
            payload::command(id, ANN, CHANNEL, "settings", json!([])),
            payload::MANAGES,
        )
    });
    let panel = stage.responded(&token).await.expect("the panel");
    // Ann manages her own server, and says so in the other: Discord tells what she may there, which is nothing. She
    // forges the panel's message, its server and its ids.
    let mut stolen = panel.json.clone();
    stolen["channel_id"] = json!(OTHER_CHANNEL.to_string());
    stolen["guild_id"] = json!(GUILD.to_string());
    for id in [
        "s:prefix",
        &format!("s:prefix:{OTHER_GUILD}"),
        "s:language",
        "s:menu",
    ] {
        let token = stage.interact(OTHER_CHANNEL, Some(panel.id), |number| {
            payload::submit(number, ANN, &stolen, id, &[("prefix", "?")])
        });
        stage.responded(&token).await;
        let token = stage.interact(OTHER_CHANNEL, Some(panel.id), |number| {
            payload::choose(number, ANN, &stolen, id, 3, &["de"])
        });
        stage.responded(&token).await;
    }
    let store = database.open().await;
    for guild in [GUILD, OTHER_GUILD] {
        let settings = store.settings(Place(guild)).await.unwrap();
        assert_eq!(settings, GuildSettings::default());
    }
    stage.bot.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_button_that_names_somebody_else_as_its_asker_serves_that_person_alone() {
    let stage = Stage::new().await;
    let shown = stage.ask(&Said::new("!article 1")).await;
    // Bob presses Ann's button, and a forged one of an answer that is none of his.
    let next = shown.button("▶");
    let after = stage.turn(BOB, &shown, &next).await.unwrap();
    assert_eq!(after.text(), shown.text());
    let ann = radix36(ANN);
    let bob = radix36(BOB);
    assert!(next.contains(&ann), "{next}");
    // A forged id that names Bob lets Bob turn a page; it reveals nothing that he could not ask for himself, and it
    // does not let Ann be taken for him.
    let forged = next.replace(&ann, &bob);
    let refused = stage.turn(ANN, &shown, &forged).await.unwrap();
    assert_eq!(refused.text(), shown.text());
    stage.bot.end().await;
}

fn radix36(mut number: u64) -> String {
    let mut digits = Vec::new();
    while number > 0 {
        digits.push(char::from_digit((number % 36) as u32, 36).unwrap());
        number /= 36;
    }
    digits.iter().rev().collect()
}

/// The program, started where core dumps are wanted.
#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_crash_leaves_no_core_and_nobody_of_the_same_user_reads_the_token() {
    let fake = Fake::start().await;
    let folder = tempfile::tempdir().unwrap();
    let articles = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/articles");
    let binary = env!("CARGO_BIN_EXE_dateline");
    let script = format!(
        "ulimit -c unlimited 2>/dev/null || true; exec '{binary}' --archive '{}' discord",
        articles.display()
    );
    let mut child = Command::new("sh")
        .args(["-c", &script])
        .current_dir(folder.path())
        .env("DISCORD_TOKEN", "c2VjcmV0.token.of-a-bot")
        .env("DISCORD_API_BASE", &fake.base)
        .env_remove("DATELINE_CONFIG")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    fake.ready(1).await;
    let process = format!("/proc/{}", child.id());
    let limits = std::fs::read_to_string(format!("{process}/limits")).unwrap();
    let core = limits
        .lines()
        .find(|line| line.starts_with("Max core file size"))
        .unwrap();
    let numbers: Vec<&str> = core.split_whitespace().skip(4).take(2).collect();
    assert_eq!(numbers, ["0", "0"], "{core}");
    // What may not be dumped belongs to the administrator, whoever runs it.
    let owner = std::os::unix::fs::MetadataExt::uid(
        &std::fs::metadata(format!("{process}/environ")).unwrap(),
    );
    assert_eq!(owner, 0);
    // Not SIGQUIT, which what a shell starts in the background may be made to ignore.
    let id = child.id().to_string();
    let send = |signal: &str| {
        let sent = Command::new("kill").args(["-s", signal, &id]).status();
        assert!(sent.unwrap().success());
    };
    send("ABRT");
    let ending = tokio::task::spawn_blocking(move || child.wait().unwrap());
    let status = tokio::time::timeout(Duration::from_secs(30), ending).await;
    if status.is_err() {
        send("KILL");
    }
    let status = status.unwrap().unwrap();
    assert_eq!(status.signal(), Some(6), "{status}");
    assert!(!status.core_dumped(), "{status}");
}
