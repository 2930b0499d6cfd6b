//! A configuration that is read anew while the bot runs: what holds at once, what waits, what is refused.

use std::{fs, path::Path, sync::Arc};

use dateline::face::discord::{ApiBase, Discord, Reloaded, Renewal, Settings, Token};
use serde_json::json;

use crate::{
    fake::{
        ANN, BOB, CHANNEL, Fake,
        payload::{self, MANAGES, Said, allowed},
    },
    faults::Gate,
    process::Program,
    stage::{Bot, Stage, archive, settings},
};

/// Somebody who runs nothing.
const NOBODY: u64 = 200_000_000_000_000_009;

/// Uses `/reload`; gives what is said to whoever used it.
async fn reload(fake: &Fake, user: u64) -> String {
    let id = fake.shared.id();
    fake.expect_interaction(id, CHANNEL, None);
    let command = payload::command(id, user, CHANNEL, "reload", json!([]));
    fake.event("INTERACTION_CREATE", &allowed(command, MANAGES));
    let token = payload::token(id);
    let shown = fake
        .until("what the reload gave", |world| {
            let message = world.interactions.get(&token)?.message?;
            let mut shown = world.messages.iter();
            let shown = shown.find(|shown| shown.id == message)?;
            (!shown.text().is_empty()).then(|| shown.clone())
        })
        .await;
    let deferred = fake
        .requests()
        .into_iter()
        .find(|request| request.path.contains(&token) && request.path.ends_with("/callback"))
        .unwrap();
    assert_eq!(
        deferred.body["data"]["flags"], 64,
        "for whoever asked alone"
    );
    shown.text()
}

/// Says something and waits for the reply.
async fn ask(fake: &Fake, content: &str) -> String {
    let id = fake.shared.id();
    fake.event("MESSAGE_CREATE", &Said::new(content).json(id));
    let reference = id.to_string();
    let shown = fake
        .until("a reply", |world| {
            let mut shown = world.messages.iter();
            shown
                .find(|shown| shown.json["message_reference"]["message_id"] == *reference)
                .cloned()
        })
        .await;
    shown.text()
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), to.join(entry.file_name())).unwrap();
    }
}

fn replace(file: &Path, from: &str, to: &str) {
    let content = fs::read_to_string(file).unwrap();
    assert!(
        content.contains(from),
        "{from} is not in {}",
        file.display()
    );
    fs::write(file, content.replace(from, to)).unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_under_way_keeps_to_what_it_began_with_and_the_next_goes_by_what_is_new() {
    let gate = Gate::new();
    let fake = Fake::start().await;
    let reading = || {
        Ok(Renewal {
            settings: Settings {
                prefix: "?".to_owned(),
                ..settings()
            },
            archive: archive(),
            reloaded: Reloaded {
                changed: vec!["discord.prefix".to_owned()],
                after_restart: vec!["store.url".to_owned()],
            },
        })
    };
    let discord = Discord::new(archive(), settings(), Token::new("a.b.c").unwrap())
        .api_base(Some(ApiBase::new(&fake.base).unwrap()))
        .answering(gate.answering())
        .reading(Arc::new(reading));
    let bot = Bot::run(discord);
    fake.ready(1).await;
    fake.registered().await;
    let stage = Stage { bot, fake };
    let slow = stage.say(&Said::new("!ask slowly"));
    gate.reached().await;
    let told = reload(&stage.fake, ANN).await;
    assert!(
        told.contains("discord.prefix") && told.contains("after a restart: store.url"),
        "{told}"
    );
    // Answered while the other still waits: nothing is held for it.
    stage.ask(&Said::new("?help")).await;
    let unheard = stage.say(&Said::new("!help"));
    stage.ask(&Said::new("?help")).await;
    gate.open();
    stage.reply_to(slow).await;
    let Stage { bot, fake } = stage;
    bot.end().await;
    let unheard = unheard.to_string();
    assert!(
        fake.shown()
            .iter()
            .all(|shown| shown.json["message_reference"]["message_id"] != *unheard)
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_a_team_its_owner_and_its_administrators_may_have_it_read_anew() {
    let fake = Fake::start().await;
    let reading = || {
        Ok(Renewal {
            settings: settings(),
            archive: archive(),
            reloaded: Reloaded::default(),
        })
    };
    let discord = Discord::new(archive(), settings(), Token::new("a.b.c").unwrap())
        .api_base(Some(ApiBase::new(&fake.base).unwrap()))
        .reading(Arc::new(reading));
    let bot = Bot::run(discord);
    fake.ready(1).await;
    fake.registered().await;
    for (owner, role, state, may) in [
        (BOB, "developer", 2, true),
        (NOBODY, "admin", 2, true),
        // Who was invited and has not accepted is no member yet.
        (NOBODY, "admin", 1, false),
        (NOBODY, "developer", 2, false),
        (NOBODY, "read_only", 2, false),
    ] {
        fake.shared.world().team = payload::team(owner, &[(BOB, role, state)]);
        let told = reload(&fake, BOB).await;
        let refused = told.contains("owner");
        assert_eq!(!refused, may, "{owner} {role} {state}: {told}");
    }
    // The team's application belongs to nobody else, whoever made it.
    assert!(reload(&fake, ANN).await.contains("owner"));
    bot.end().await;
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_running_program_takes_over_what_is_right_and_keeps_what_it_has_where_it_is_wrong() {
    let fake = Fake::start().await;
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let config = |more: &str, prefix: &str, store: &str| {
        format!(
            "[archive]\npaths = [\"articles\"{more}]\n[language]\nfolder = \"rules\"\n\
             [discord]\nprefix = \"{prefix}\"\nuser_cooldown = {{ burst = 0, seconds = 1.0 }}\n[store]\nurl = \"sqlite://{store}.db\"\n"
        )
    };
    let folder = Arc::new(tempfile::tempdir().unwrap());
    let path = folder.path();
    copy(&root.join("data/articles"), &path.join("articles"));
    copy(&root.join("data/en"), &path.join("rules"));
    fs::write(path.join("dateline.toml"), config("", "!", "kept")).unwrap();
    let program = Program::start_in(&fake.base, Arc::clone(&folder));
    fake.ready(1).await;
    fake.registered().await;
    ask(&fake, "!help").await;

    // The owner alone.
    let told = reload(&fake, BOB).await;
    assert!(told.contains("owner"), "{told}");
    let told = reload(&fake, ANN).await;
    assert!(told.contains("Nothing that can change"), "{told}");

    // By signal; the commands are offered anew.
    program.configure(&config("", "?", "other"));
    let before = fake.count("PUT", "/commands");
    program.signal("HUP");
    fake.until("the commands to be registered again", |world| {
        let mut requests = world.requests.iter();
        let count = requests.by_ref().filter(|request| request.method == "PUT");
        (count.count() > before).then_some(())
    })
    .await;
    ask(&fake, "?help").await;
    let told = reload(&fake, ANN).await;
    assert!(told.contains("after a restart: store.url"), "{told}");

    // Anything wrong, and nothing changes: neither what is wrong nor the rest.
    program.configure(&config(", \"nowhere\"", "$", "kept"));
    let told = reload(&fake, ANN).await;
    assert!(
        told.contains("Nothing has changed") && told.contains("nowhere is not there"),
        "{told}"
    );
    program.configure(&config("", "$", "kept").replace("prefix", "prefixes"));
    let told = reload(&fake, ANN).await;
    assert!(
        told.contains(r"dateline.toml\:6") && told.contains("prefixes"),
        "{told}"
    );
    ask(&fake, "?help").await;
    program.configure(&config("", "?", "kept"));
    replace(&path.join("rules/titles.toml"), "[", "[[[");
    let told = reload(&fake, ANN).await;
    assert!(told.contains("titles.toml"), "{told}");
    let dates = ask(&fake, "?when protests").await;
    assert!(dates.contains("2021"), "{dates}");
    replace(&path.join("rules/titles.toml"), "[[[", "[");

    // Words, and rules by which the articles are read.
    let wording = path.join("rules/wording.toml");
    let help = fs::read_to_string(&wording).unwrap();
    let line = help
        .lines()
        .find(|line| line.starts_with("nothing_search"))
        .unwrap();
    replace(&wording, line, "nothing_search = \"Nichevo.\"");
    let told = reload(&fake, ANN).await;
    assert!(told.contains("the rules"), "{told}");
    let nothing = ask(&fake, "?search xyzzy").await;
    assert!(nothing.contains("Nichevo"), "{nothing}");
    let rules = path.join("rules/holidays.toml");
    let content = fs::read_to_string(&rules).unwrap();
    fs::write(&rules, format!("{content}\n# Corrected.\n")).unwrap();
    fs::create_dir(path.join("more")).unwrap();
    let article = "date 2021-03-05 Lighthouse keepers of Ushant met in Brest on Friday.\n";
    fs::write(path.join("more/new.txt"), article).unwrap();
    program.configure(&config(", \"more\"", "?", "kept"));
    let told = reload(&fake, ANN).await;
    assert!(
        told.contains("the rules") && told.contains("archive.paths"),
        "{told}"
    );
    assert_eq!(ask(&fake, "?when protests").await, dates);
    let found = ask(&fake, "?search lighthouse").await;
    assert!(found.contains("Ushant"), "{found}");

    // What is new in a folder is still taken in, by the archive that is asked now.
    let article = "date 2021-03-06 The ferry to Ouessant was cancelled on Saturday.\n";
    fs::write(path.join("more/newer.txt"), article).unwrap();
    loop {
        let found = ask(&fake, "?search ferry").await;
        if found.contains("cancelled") {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    }
    program.signal("TERM");
    let (status, said) = program.ended().await;
    assert_eq!(status, Some(0), "{said}");
}

/// What the service manager is told next.
#[cfg(unix)]
async fn notified(socket: &tokio::net::UnixDatagram) -> String {
    let mut told = vec![0; 1000];
    let waiting = socket.recv(&mut told);
    let length = tokio::time::timeout(std::time::Duration::from_secs(30), waiting)
        .await
        .expect("it is told")
        .unwrap();
    told.truncate(length);
    String::from_utf8(told).unwrap()
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_service_manager_is_told_of_readiness_and_reloads_and_its_folder_alone_is_written() {
    let fake = Fake::start().await;
    let folder = Arc::new(tempfile::tempdir().unwrap());
    let state = folder.path().join("state");
    fs::create_dir(&state).unwrap();
    let articles = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/articles");
    let config = format!("[archive]\npaths = [{articles:?}]\n[index]\npath = \"index\"\n");
    fs::write(folder.path().join("dateline.toml"), config).unwrap();
    let socket = folder.path().join("notify");
    let listening = tokio::net::UnixDatagram::bind(&socket).unwrap();
    let environment = [
        ("NOTIFY_SOCKET", socket.as_path()),
        ("STATE_DIRECTORY", &state),
    ];
    let program = Program::start_under(&fake.base, Arc::clone(&folder), &environment);
    assert_eq!(notified(&listening).await, "READY=1\n");
    assert_eq!(
        fake.shared.world().session.ready,
        1,
        "not before Discord is connected"
    );
    program.signal("HUP");
    let reloading = notified(&listening).await;
    assert!(
        reloading.starts_with("RELOADING=1\nMONOTONIC_USEC="),
        "{reloading}"
    );
    assert_eq!(notified(&listening).await, "READY=1\n");
    program.signal("TERM");
    let (status, said) = program.ended().await;
    assert_eq!(status, Some(0), "{said}");
    let names = |folder: &Path| {
        let entries = fs::read_dir(folder).unwrap();
        let mut names: Vec<String> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    };
    assert_eq!(names(folder.path()), ["dateline.toml", "notify", "state"]);
    assert_eq!(names(&state), ["dateline.db", "index"]);
}
