//! A machine whose clock is corrected while the bot runs.

use std::sync::atomic::Ordering;

use crate::{
    fake::{CHANNEL, Shown, THREAD},
    watching::{DAY, Newsroom, WORDS},
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clock_that_is_set_back_neither_doubles_nor_holds_up_anything() {
    let newsroom = Newsroom::new().await;
    newsroom.watch(CHANNEL, "floods", "at-once").await;
    newsroom.watch(THREAD, "opera", "daily").await;
    let told = |round: usize, topic: &str| format!("{topic} took {} with it.", WORDS[round]);
    for (round, step) in [-3 * DAY, -3600, 3 * DAY, -40 * DAY, 7200]
        .into_iter()
        .enumerate()
    {
        let (flood, opera) = (told(round, "Floods"), told(round, "The opera"));
        let (one, two) = (format!("flood-{round}"), format!("opera-{round}"));
        newsroom
            .publish_all(&[(&one, &flood), (&two, &opera)])
            .await;
        let all = newsroom.told_in(CHANNEL, round + 1).await;
        assert!(
            all[round].text().contains(WORDS[round]),
            "{}",
            all[round].text()
        );
        newsroom.settled().await;
        // As when somebody corrects the time of the machine.
        newsroom.second.fetch_add(step, Ordering::SeqCst);
        newsroom.arrivals.articles_came();
        newsroom.settled().await;
        assert_eq!(newsroom.told(CHANNEL).len(), round + 1, "nothing twice");
        newsroom.pass(121);
        newsroom.settled().await;
    }
    // The digest comes within two of its days, with all that has not been told, and nothing of it twice.
    for _ in 0..4 {
        newsroom.pass(DAY / 2);
        newsroom.settled().await;
    }
    let digests = newsroom.told(THREAD);
    assert!(!digests.is_empty());
    let whole: String = digests.iter().map(Shown::text).collect();
    for words in WORDS.iter().take(5) {
        assert_eq!(whole.matches(words).count(), 1, "{words} in {whole}");
    }
    newsroom.bot.end().await;
}
