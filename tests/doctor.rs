//! `dateline doctor`, against a Discord of our own that answers three questions.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]
#![expect(clippy::indexing_slicing, reason = "a test that cannot go on fails")]
#![expect(clippy::disallowed_methods, reason = "its Discord tells the time")]

use std::{
    io::{Read, Write},
    net::TcpListener,
    process::{Command, Output},
    thread,
};

/// A Discord that knows one token. Its date is years ago where `late` is set.
fn discord(flags: u64, permissions: u64, late: bool) -> String {
    discord_that_wants(1, flags, permissions, late)
}

/// The same, which wants so many shards and lets the bot connect twice more.
fn discord_that_wants(shards: u32, flags: u64, permissions: u64, late: bool) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut asked = vec![0; 4096];
            let read = stream.read(&mut asked).unwrap_or_default();
            let asked = String::from_utf8_lossy(&asked[..read]).into_owned();
            let known = asked
                .lines()
                .any(|line| line.eq_ignore_ascii_case("authorization: Bot good.token"));
            let (status, body) = if !known {
                (
                    "401 Unauthorized",
                    r#"{"message":"401: Unauthorized","code":0}"#.to_owned(),
                )
            } else if asked.starts_with("GET /api/v10/users/@me ") {
                ("200 OK", r#"{"id":"1","username":"Archivist"}"#.to_owned())
            } else if asked.starts_with("GET /api/v10/oauth2/applications/@me ") {
                ("200 OK", format!(r#"{{"id":"1","flags":{flags}}}"#))
            } else if asked.starts_with("GET /api/v10/gateway/bot ") {
                let limit =
                    r#"{"total":1000,"remaining":2,"reset_after":90000,"max_concurrency":1}"#;
                let body = format!(
                    r#"{{"url":"wss://x","shards":{shards},"session_start_limit":{limit}}}"#
                );
                ("200 OK", body)
            } else if asked.starts_with("GET /api/v10/users/@me/guilds") {
                (
                    "200 OK",
                    format!(r#"[{{"id":"2","name":"The Club","permissions":"{permissions}"}}]"#),
                )
            } else {
                ("404 Not Found", "{}".to_owned())
            };
            let date = if late {
                "Wed, 01 Jan 2020 00:00:00 GMT".to_owned()
            } else {
                jiff::fmt::rfc2822::to_string(&jiff::Zoned::now()).unwrap()
            };
            let length = body.len();
            let _ = write!(
                stream,
                "HTTP/1.1 {status}\r\nDate: {date}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
            );
        }
    });
    format!("http://{address}")
}

fn doctor(base: &str, token: Option<&str>, more: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dateline"));
    command
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env("DISCORD_API_BASE", base)
        .env_remove("DISCORD_TOKEN")
        .env_remove("DATELINE_CONFIG")
        .args(more)
        .arg("doctor");
    if let Some(token) = token {
        command.env("DISCORD_TOKEN", token);
    }
    command.output().unwrap()
}

fn told(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

const ALL: u64 = 274_877_991_936;

#[test]
fn all_is_well_where_all_is_well() {
    let output = doctor(&discord(1 << 19, ALL, false), Some("good.token"), &[]);
    let told = told(&output);
    assert_eq!(output.status.code(), Some(0), "{told}");
    assert!(told.lines().all(|line| line.starts_with("ok ")), "{told}");
    assert!(told.contains("Archivist"), "{told}");
    assert!(told.contains("2 files at"), "{told}");
}

#[test]
fn each_fault_is_told_with_what_to_do() {
    let output = doctor(&discord(0, 1 << 10, true), Some("good.token"), &[]);
    let told = told(&output);
    assert_eq!(output.status.code(), Some(1), "{told}");
    for (what, said) in [
        ("clock", "time synchronisation"),
        ("intents", "Message Content Intent"),
        (
            "permissions",
            "\"The Club\" lacks Send Messages, Embed Links",
        ),
    ] {
        let line = told
            .lines()
            .find(|line| line.starts_with(&format!("!! {what}")));
        assert!(
            line.is_some_and(|line| line.contains(said)),
            "{what}: {told}"
        );
    }
}

#[test]
fn shards_that_do_not_do_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("dateline.toml");
    let config = config.to_str().unwrap();
    for (shards, wants, told) in [
        ("", 1, "ok shards        one is enough"),
        ("", 2, "ok shards        it runs the 2 that Discord wants"),
        (
            "1/2",
            3,
            "ok shards        it runs 1 of 2 (1/2); Discord wants 3",
        ),
        (
            "0/4",
            11,
            "!! shards        Discord wants 11 shards, and there are 4",
        ),
        (
            "",
            3,
            "!! shards        Discord lets this bot connect 2 more times in the next 2 minutes",
        ),
    ] {
        let articles = concat!(env!("CARGO_MANIFEST_DIR"), "/data/articles");
        let content =
            format!("[archive]\npaths = [{articles:?}]\n[discord]\nshards = \"{shards}\"\n");
        std::fs::write(config, content).unwrap();
        let base = discord_that_wants(wants, 1 << 18, ALL, false);
        let output = doctor(&base, Some("good.token"), &["--config", config]);
        let said = self::told(&output);
        assert!(
            said.lines().any(|line| line.starts_with(told)),
            "{told}\n{said}"
        );
    }
}

#[test]
fn a_wrong_token_is_told_and_never_shown() {
    let base = discord(0, 0, false);
    let output = doctor(&base, Some("bad.token"), &[]);
    let said = told(&output);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        said.contains("!! token") && said.contains("Reset Token"),
        "{said}"
    );
    assert!(!said.contains("bad.token"), "{said}");
    let said = told(&doctor(&base, None, &[]));
    assert!(said.contains("there is none in DISCORD_TOKEN"), "{said}");
}

#[test]
fn an_index_with_a_damaged_file_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let index = folder.path().to_str().unwrap();
    let made = Command::new(env!("CARGO_BIN_EXE_dateline"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(["--index", index, "index"])
        .output()
        .unwrap();
    assert!(made.status.success());
    let base = discord(1 << 18, ALL, false);
    let output = doctor(&base, Some("good.token"), &["--index", index]);
    assert!(told(&output).contains("2 articles at"), "{}", told(&output));

    let own = std::fs::read_dir(index)
        .unwrap()
        .next()
        .unwrap()
        .unwrap()
        .path();
    let store = std::fs::read_dir(&own)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| path.extension().is_some_and(|ending| ending == "store"))
        .unwrap();
    let mut content = std::fs::read(&store).unwrap();
    content[10] ^= 0xFF;
    std::fs::write(&store, content).unwrap();
    let output = doctor(&base, Some("good.token"), &["--index", index]);
    assert_eq!(output.status.code(), Some(1));
    assert!(told(&output).contains("damaged"), "{}", told(&output));
}
