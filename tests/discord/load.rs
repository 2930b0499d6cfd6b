//! A crowd in short: `cargo bench --bench load` has the long one.

use std::{path::Path, time::Duration};

use crate::crowd::{Crowd, Program};

const QUESTIONS: [(&str, &str); 6] = [
    ("when", "protests"),
    ("quote", "heart"),
    ("on", "February 12"),
    ("search", "court"),
    ("who", "Leonid Volkov"),
    ("ask", "when was Navalny poisoned?"),
];

fn configuration() -> String {
    let articles = concat!(env!("CARGO_MANIFEST_DIR"), "/data/articles");
    format!("[archive]\npaths = [{articles:?}]\n[store]\nurl = \"sqlite://kept.db\"\n")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everybody_in_a_crowd_is_answered_once_and_in_order() {
    let mut crowd = Crowd::gather(40, 10).await;
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let binary = env!("CARGO_BIN_EXE_dateline");
    let program = Program::start(binary, root, &configuration(), &crowd.fake.base);
    crowd.fake.ready(1).await;
    crowd.fake.registered().await;
    for number in 0..160 {
        let (command, argument) = QUESTIONS[number as usize % QUESTIONS.len()];
        crowd.ask(number % crowd.people, command, argument, number % 2 == 0);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    // Each channel takes five answers in five seconds.
    for _ in 0..600 {
        crowd.collect();
        if crowd.waiting() == 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let outcome = crowd.outcome();
    assert_eq!(
        (outcome.lost, outcome.doubled),
        (0, 0),
        "{outcome:#?}\n{}",
        program.log()
    );
    assert_eq!(outcome.out_of_order, 0, "{outcome:#?}");
    assert_eq!(outcome.answered, outcome.asked, "{outcome:#?}");
    assert_eq!(outcome.refused_in_all, 0, "{outcome:#?}");
    assert_eq!(outcome.refused_in_buckets, 0, "{outcome:#?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn beyond_what_a_channel_takes_the_bot_says_so_and_stays_within_the_limits() {
    let mut crowd = Crowd::gather(300, 1).await;
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let binary = env!("CARGO_BIN_EXE_dateline");
    // Without a cooldown all of them come through to where answers wait.
    let unlimited = "[discord]\nuser_cooldown = { burst = 0, seconds = 1.0 }\n\
        channel_cooldown = { burst = 0, seconds = 1.0 }\n";
    let configuration = format!("{}{unlimited}", configuration());
    let program = Program::start(binary, root, &configuration, &crowd.fake.base);
    crowd.fake.ready(1).await;
    crowd.fake.registered().await;
    for number in 0..300 {
        crowd.ask(number, "when", "protests", false);
    }
    tokio::time::sleep(Duration::from_secs(7)).await;
    crowd.collect();
    let outcome = crowd.outcome();
    // Five at once, five more after five seconds; the rest is never a burst of refused requests.
    assert_eq!(outcome.refused_in_all, 0, "{outcome:#?}");
    assert_eq!(outcome.refused_in_buckets, 0, "{outcome:#?}");
    assert!(
        (5..=15).contains(&(outcome.answered + outcome.refused)),
        "{outcome:#?}"
    );
    assert_eq!(outcome.doubled, 0);
    // Slash commands wait in no line.
    crowd.forget();
    crowd.ask(7, "when", "protests", true);
    for _ in 0..100 {
        crowd.collect();
        if crowd.waiting() == 0 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(crowd.outcome().answered, 1, "{}", program.log());
}
