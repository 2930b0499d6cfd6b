//! Many people at once and for long, of the real program over a fake Discord that keeps Discord's limits.
//!
//! ```text
//! cargo bench --bench load -- load [--articles FILE] [--index FOLDER] [--minutes 10] [--a-minute 5000]
//!     [--people 500] [--channels 100] [--slash PERCENT]
//! cargo bench --bench load -- soak [--articles FILE] [--index FOLDER] [--messages 200000]
//! ```
//!
//! `load`: people ask at random, so many a minute, a part of them by slash command; none may be lost, doubled or out
//! of its person's order. Discord takes 50 messages a second of a bot and 5 in five seconds for a channel, so that
//! an answer by message may have to wait for those; what it took is told with that wait and beside it. `--slash 0`
//! asks for more messages than Discord takes: the bot must tell so, and not grow.
//!
//! `soak`: messages as fast as they are answered, three of four no question; memory and descriptors over time.

#![expect(clippy::print_stdout, reason = "a bench prints")]
#![expect(clippy::disallowed_methods, reason = "a bench measures time")]
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a bench that cannot go on fails"
)]

#[path = "../discord/crowd.rs"]
mod crowd;
#[path = "../discord/fake/mod.rs"]
mod fake;

use std::{
    collections::HashMap,
    fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};

use crowd::{Crowd, Program, percentile};
use dateline::{
    language::{Language, Source},
    text::{TokenKind, tokens},
};

const BINARY: &str = env!("CARGO_BIN_EXE_dateline");
const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// Without a limit of requests, as behind an API proxy: a soak is about time, not pace.
const UNLIMITED: &str = "[discord]\nrequests_per_second = 0\n\
    user_cooldown = { burst = 0, seconds = 1.0 }\nchannel_cooldown = { burst = 0, seconds = 1.0 }\n";

/// What is asked for on the command line.
struct Wanted {
    values: HashMap<String, String>,
    mode: String,
}

impl Wanted {
    fn read() -> Self {
        let mut values = HashMap::new();
        let mut mode = String::new();
        let mut words = std::env::args().skip(1).filter(|word| word != "--bench");
        while let Some(word) = words.next() {
            match word.strip_prefix("--") {
                Some(key) => {
                    let value = words
                        .next()
                        .unwrap_or_else(|| panic!("--{key} needs a value"));
                    values.insert(key.to_owned(), value);
                }
                None => mode = word,
            }
        }
        Self { values, mode }
    }

    fn number(&self, key: &str, default: u64) -> u64 {
        self.values
            .get(key)
            .map_or(default, |value| value.parse().unwrap())
    }

    fn articles(&self) -> PathBuf {
        let shipped = Path::new(ROOT).join("data/articles");
        self.values.get("articles").map_or(shipped, PathBuf::from)
    }

    fn index(&self) -> PathBuf {
        let usual = Path::new(ROOT).join("target/load-index");
        self.values.get("index").map_or(usual, PathBuf::from)
    }

    /// The configuration, with the index made.
    fn configuration(&self) -> String {
        let (articles, index) = (self.articles(), self.index());
        let begun = Instant::now();
        let made = Command::new(BINARY)
            .args(["index", "--archive"])
            .arg(&articles)
            .arg("--index")
            .arg(&index)
            .output()
            .unwrap();
        assert!(
            made.status.success(),
            "{}",
            String::from_utf8_lossy(&made.stderr)
        );
        println!(
            "the index is there after {:.1} s",
            begun.elapsed().as_secs_f64()
        );
        format!(
            "[archive]\npaths = [{articles:?}]\n[index]\npath = {index:?}\n[store]\nurl = \"sqlite://kept.db\"\n"
        )
    }
}

fn main() {
    let wanted = Wanted::read();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        match wanted.mode.as_str() {
            "soak" => soak(&wanted).await,
            _ => load(&wanted).await,
        }
    });
    runtime.shutdown_background();
}

/// Numbers that look random and are the same every time (splitmix64).
struct Random(u64);

impl Random {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut number = self.0;
        number = (number ^ (number >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        number = (number ^ (number >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (number ^ (number >> 31)) % end
    }
}

/// Questions in the words of the articles: mixed commands, mixed topics.
fn questions(articles: &Path) -> Vec<(&'static str, String)> {
    const COMMANDS: [&str; 8] = [
        "when", "search", "quote", "ask", "when", "timeline", "search", "who",
    ];
    let language = Language::read(&Source::Embedded).unwrap();
    let mut questions: Vec<(&str, String)> =
        ["2012-05-03", "March 2015", "2021-02-14", "February 12"]
            .map(|day| ("on", day.to_owned()))
            .to_vec();
    if articles.is_dir() {
        let topics = [
            "protests",
            "court",
            "Navalny",
            "heart",
            "Leonid Volkov",
            "Germany",
            "verdict",
        ];
        let topics = topics.iter().zip(COMMANDS.iter().cycle());
        questions.extend(topics.map(|(topic, command)| (*command, (*topic).to_owned())));
        return questions;
    }
    let lines = BufReader::new(fs::File::open(articles).unwrap()).lines();
    for (number, line) in lines.step_by(97).take(800).enumerate() {
        let article: serde_json::Value = serde_json::from_str(&line.unwrap()).unwrap();
        let text = article["text"].as_str().unwrap_or_default();
        let words: Vec<&str> = tokens(text)
            .filter(|token| token.kind == TokenKind::Word)
            .map(|token| token.span.of(text))
            .filter(|word| word.len() > 4 && !language.words.is_stop_word(&word.to_lowercase()))
            .skip(number % 11)
            .take(1 + number % 3)
            .collect();
        if !words.is_empty() {
            questions.push((COMMANDS[number % COMMANDS.len()], words.join(" ")));
        }
    }
    questions
}

async fn begin(crowd: &Crowd, configuration: &str) -> Program {
    let program = Program::start(BINARY, Path::new(ROOT), configuration, &crowd.fake.base);
    crowd.fake.ready(1).await;
    crowd.fake.registered().await;
    program
}

async fn load(wanted: &Wanted) {
    let (people, channels) = (wanted.number("people", 500), wanted.number("channels", 100));
    let (minutes, a_minute) = (
        wanted.number("minutes", 10),
        wanted.number("a-minute", 5000),
    );
    let slash = wanted.number("slash", 52);
    let configuration = wanted.configuration();
    let questions = questions(&wanted.articles());
    let mut crowd = Crowd::gather(people, channels).await;
    let program = begin(&crowd, &configuration).await;
    let mut random = Random(7);
    // Everybody asks at a pace of their own, so that chance makes the crowd.
    let pause = Duration::from_secs(60 * people) / u32::try_from(a_minute).unwrap();
    let begun = Instant::now();
    let mut next: Vec<Instant> = (0..people)
        .map(|_| begun + pause.mul_f64(random.below(1000) as f64 / 1000.0))
        .collect();
    let mut tick = tokio::time::interval(Duration::from_millis(5));
    let mut told = begun;
    while begun.elapsed() < Duration::from_secs(60 * minutes) {
        tick.tick().await;
        let now = Instant::now();
        for person in 0..people {
            let at = &mut next[usize::try_from(person).unwrap()];
            if *at > now {
                continue;
            }
            *at += pause.mul_f64(0.6 + random.below(800) as f64 / 1000.0);
            let (command, argument) = &questions[random.below(questions.len() as u64) as usize];
            crowd.ask(person, command, argument, random.below(100) < slash);
        }
        if told.elapsed() > Duration::from_secs(30) {
            told = now;
            crowd.collect();
            weigh(
                &program,
                &format!("{:4.0} s", begun.elapsed().as_secs_f64()),
                crowd.waiting(),
            );
        }
    }
    settle(&mut crowd).await;
    weigh(&program, "the end", crowd.waiting());
    let outcome = crowd.outcome();
    println!(
        "{} questions of {people} people in {channels} channels in {minutes} min, {slash} % by slash command: \
         {} answered, {} told to ask again, {} lost, {} doubled, {} out of order",
        outcome.asked,
        outcome.answered,
        outcome.refused,
        outcome.lost,
        outcome.doubled,
        outcome.out_of_order
    );
    println!(
        "refused by Discord: {} requests beyond 50 a second, {} beyond a bucket",
        outcome.refused_in_all, outcome.refused_in_buckets
    );
    for (what, took) in [
        ("from the question to the answer", &outcome.took),
        (
            "beside what Discord's limits made it wait",
            &outcome.beside_limits,
        ),
    ] {
        println!(
            "{what:42} p50 {:8.1} ms   p99 {:8.1} ms   longest {:8.1} ms",
            millis(percentile(took, 50)),
            millis(percentile(took, 99)),
            millis(percentile(took, 100))
        );
    }
    let log = program.log();
    let last: Vec<&str> = log.lines().rev().take(5).collect();
    println!(
        "its log has {} lines; the last: {last:#?}",
        log.lines().count()
    );
}

/// Waits for what is under way.
async fn settle(crowd: &mut Crowd) {
    let (mut waiting, mut since) = (usize::MAX, Instant::now());
    loop {
        crowd.collect();
        if crowd.waiting() == 0 || since.elapsed() > Duration::from_secs(20) {
            return;
        }
        if crowd.waiting() < waiting {
            (waiting, since) = (crowd.waiting(), Instant::now());
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

fn weigh(program: &Program, when: &str, waiting: usize) {
    if let Some((megabytes, descriptors)) = program.weight() {
        println!(
            "{when}: {megabytes:.1} MB resident, {descriptors} descriptors, {waiting} waiting"
        );
    }
}

async fn soak(wanted: &Wanted) {
    let messages = wanted.number("messages", 200_000);
    let configuration = format!("{}{UNLIMITED}", wanted.configuration());
    let questions = questions(&wanted.articles());
    let mut crowd = Crowd::gather(500, 100).await;
    crowd.fake.shared.world().limits = None;
    let program = begin(&crowd, &configuration).await;
    let mut random = Random(11);
    let mut weights = Vec::new();
    let (mut asked, mut lost, mut doubled, mut out_of_order) = (0, 0, 0, 0);
    let begun = Instant::now();
    for part in 1..=100 {
        for number in 0..messages / 100 {
            let person = random.below(500);
            if number % 4 == 0 {
                let (command, argument) = &questions[random.below(questions.len() as u64) as usize];
                crowd.ask(person, command, argument, random.below(4) == 0);
            } else {
                crowd.chatter(
                    person,
                    "Has anybody seen the news of today? Nothing but rain.",
                );
            }
            if number % 64 == 0 {
                // No more wait than would in a busy hour.
                loop {
                    crowd.collect();
                    if crowd.waiting() < 64 {
                        break;
                    }
                    tokio::time::sleep(Duration::from_millis(2)).await;
                }
            }
        }
        settle(&mut crowd).await;
        let outcome = crowd.outcome();
        asked += outcome.asked;
        lost += outcome.lost;
        doubled += outcome.doubled;
        out_of_order += outcome.out_of_order;
        crowd.forget();
        if let Some(weight) = program.weight() {
            weights.push(weight);
            if part % 10 == 0 {
                let seconds = begun.elapsed().as_secs_f64();
                weigh(
                    &program,
                    &format!("{part:3} %, {seconds:5.0} s"),
                    crowd.waiting(),
                );
            }
        }
    }
    println!(
        "{messages} messages, {asked} of them questions, in {:.0} s: {lost} lost, {doubled} doubled, \
         {out_of_order} out of order",
        begun.elapsed().as_secs_f64()
    );
    // The first quarter fills caches; from there on nothing may grow.
    let (early, late) = (
        &weights[weights.len() / 4..weights.len() / 4 + 10],
        &weights[weights.len() - 10..],
    );
    let memory = |part: &[(f64, usize)]| part.iter().map(|weight| weight.0).sum::<f64>() / 10.0;
    let most = |part: &[(f64, usize)]| part.iter().map(|weight| weight.1).max().unwrap();
    println!(
        "after a quarter {:.1} MB and {} descriptors, at the end {:.1} MB ({:+.1} %) and {} descriptors",
        memory(early),
        most(early),
        memory(late),
        100.0 * (memory(late) / memory(early) - 1.0),
        most(late)
    );
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}
