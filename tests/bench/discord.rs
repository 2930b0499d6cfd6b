//! The way of one message, from `MESSAGE_CREATE` on the gateway to the POST of its answer, and from start-up to
//! READY: the real bot on the two articles that it ships with, over sockets on loopback.
//!
//! `cargo bench --bench discord`

#![expect(clippy::print_stdout, reason = "a bench prints")]
#![expect(clippy::disallowed_methods, reason = "a bench measures time")]
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a bench that cannot go on fails"
)]

#[path = "../discord/fake/mod.rs"]
mod fake;

use std::{
    collections::HashMap,
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant},
};

use dateline::{
    archive::Archive,
    face::discord::{ApiBase, Discord, Rate, Settings, Token},
    language::{Language, Source},
};
use fake::{Fake, payload::Said};

const QUESTIONS: [&str; 8] = [
    "!when protests",
    "!quote heart",
    "!on February 12",
    "!timeline Navalny",
    "!who Leonid Volkov",
    "!search court",
    "!article 1",
    "!ask when was Navalny poisoned?",
];

const IDLE: usize = 400;
const LOADED: usize = 2000;
const A_SECOND: u32 = 200;

fn main() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        let fake = Fake::start_with(None).await;
        let begun = Instant::now();
        start(&fake);
        fake.ready(1).await;
        println!(
            "start-up to READY        {:8.1} ms",
            millis(begun.elapsed())
        );
        fake.registered().await;

        let mut sent = HashMap::new();
        for number in 0..IDLE {
            ask(&fake, number, &mut sent);
            answered(&fake, number + 1).await;
        }
        report("idle", &fake, &sent);

        fake.shared.world().requests.clear();
        sent.clear();
        let mut tick = tokio::time::interval(Duration::from_secs(1) / A_SECOND);
        for number in 0..LOADED {
            tick.tick().await;
            ask(&fake, number, &mut sent);
        }
        answered(&fake, LOADED).await;
        report(&format!("{A_SECOND} a second"), &fake, &sent);
    });
    runtime.shutdown_background();
}

/// Everything that the program does from its start.
fn start(fake: &Fake) {
    let language = Arc::new(Language::read(&Source::Embedded).expect("the rules are sound"));
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("data/articles");
    let (archive, _) = Archive::open(&[folder], language).expect("the articles can be read");
    let unlimited = Rate {
        burst: 0,
        seconds: 1.0,
    };
    let settings = Settings {
        user_cooldown: unlimited,
        channel_cooldown: unlimited,
        requests_per_second: 0,
        ..Settings::default()
    };
    let token = Token::new("a.b.c").expect("it looks like one");
    let base = ApiBase::new(&fake.base).expect("loopback");
    let bot = Discord::new(Arc::new(archive), settings, token).api_base(Some(base));
    tokio::spawn(bot.run_until(std::future::pending()));
}

fn ask(fake: &Fake, number: usize, sent: &mut HashMap<String, Instant>) {
    let question = QUESTIONS[number % QUESTIONS.len()];
    let id = fake.shared.id();
    let message = Said::new(question).json(id);
    sent.insert(id.to_string(), Instant::now());
    fake.event("MESSAGE_CREATE", &message);
}

async fn answered(fake: &Fake, count: usize) {
    fake.until("the answers", |world| {
        let posts = world
            .requests
            .iter()
            .rev()
            .filter(|request| request.path.ends_with("/messages"))
            .count();
        (posts >= count).then_some(())
    })
    .await;
}

fn report(label: &str, fake: &Fake, sent: &HashMap<String, Instant>) {
    let mut ways: Vec<Duration> = fake
        .requests()
        .iter()
        .filter_map(|request| {
            let question = request.body["message_reference"]["message_id"].as_str()?;
            Some(request.at.duration_since(*sent.get(question)?))
        })
        .collect();
    ways.sort_unstable();
    let at = |share: usize| millis(ways[(ways.len() * share / 100).min(ways.len() - 1)]);
    println!(
        "{label:16} p50 {:8.1} ms   p99 {:8.1} ms   answered {} of {}",
        at(50),
        at(99),
        ways.len(),
        sent.len()
    );
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}
