//! The pace at which the bot speaks: Discord's limits kept before Discord has to name them.
//!
//! Discord takes 50 requests a second of a bot in all, and 5 new messages in 5 seconds of a channel; what is
//! beyond is answered with 429, and 10,000 of those in ten minutes shut the bot out (Discord's documentation,
//! "Rate Limits"). serenity waits once it was told to. That is too late where a hundred questions come at once:
//! it sends all of them before the first response says how many were allowed. So each request waits here for its
//! turn, in the order of asking. Responses to interactions are not bound by the limit of 50 and do not wait.
//! Where Discord does refuse a request for the sake of all, no other is made until it takes them again ([`Hold`]):
//! serenity holds only the one that was refused.
//!
//! A line that is too long is no use to whoever stands at its end: [`Pace::is_crowded`] says so before anything
//! is sought. [`Turns`] keeps the answers to one person in the order of that person's questions.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use moka::sync::Cache;
use serenity::all::{ChannelId, MessageId, UserId};
use tokio::{
    sync::{Notify, OwnedSemaphorePermit, Semaphore},
    time::{Instant, sleep, sleep_until, timeout},
};

use super::searching::lock;

/// How many new messages a channel takes in [`CHANNEL_PERIOD`].
const CHANNEL_MESSAGES: usize = 5;

/// Discord's five seconds.
const CHANNEL_PERIOD: Duration = Duration::from_secs(5);

/// How many messages may wait for their turn in one channel: the last of them would come half a minute late.
const CHANNEL_LINE: usize = 30;

/// How many seconds' worth of requests may wait in all.
const LINE_SECONDS: usize = 20;

/// How long an answer waits for those to earlier questions of the same person.
const PATIENCE: Duration = Duration::from_secs(10);

/// So many in any stretch of so long, in the order of asking.
///
/// Discord counts a request when it arrives, which is some time between its sending and its response. So a place
/// is taken before the one and given back so long after the other: however long the way, no stretch has more.
struct Window {
    places: Arc<Semaphore>,
    period: Duration,
    waiting: AtomicUsize,
}

impl Window {
    fn new(most: usize, period: Duration) -> Self {
        Self {
            places: Arc::new(Semaphore::new(most.min(Semaphore::MAX_PERMITS))),
            period,
            waiting: AtomicUsize::new(0),
        }
    }

    fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Relaxed)
    }

    /// Waits until one more may pass; it passes until what is given is dropped.
    async fn pass(&self) -> Passing {
        self.waiting.fetch_add(1, Ordering::Relaxed);
        let _waiting = Waiting(&self.waiting);
        Passing {
            // Nobody closes the semaphore.
            place: Arc::clone(&self.places).acquire_owned().await.ok(),
            period: self.period,
        }
    }
}

/// One that passes. When it is dropped, its place stays taken for a period.
#[must_use]
pub struct Passing {
    place: Option<OwnedSemaphorePermit>,
    period: Duration,
}

impl Drop for Passing {
    fn drop(&mut self) {
        let (place, period) = (self.place.take(), self.period);
        // At the end of the program there is nothing to wait for.
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(async move {
                sleep(period).await;
                drop(place);
            });
        }
    }
}

/// Counts one who waits, also where the wait is given up.
struct Waiting<'a>(&'a AtomicUsize);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Until when Discord takes no request, since it refused one for the sake of all. Clones share it.
#[derive(Clone, Default)]
pub struct Hold(Arc<Mutex<Option<Instant>>>);

impl Hold {
    /// Discord takes no request for so long.
    pub fn begin(&self, wait: Duration) {
        let until = Instant::now().checked_add(wait);
        let mut held = lock(&self.0);
        *held = (*held).max(until);
    }

    /// Waits until it takes requests again.
    async fn end(&self) {
        loop {
            let until = *lock(&self.0);
            match until {
                Some(until) if until > Instant::now() => sleep_until(until).await,
                _ => return,
            }
        }
    }
}

/// When requests may be made.
pub struct Pace {
    hold: Hold,
    all: Option<Window>,
    channels: Cache<u64, Arc<Window>>,
    line: usize,
}

impl Pace {
    /// So many requests a second; 0 leaves the pace to whoever stands between the bot and Discord.
    #[must_use]
    pub fn new(requests_per_second: u32) -> Self {
        let a_second = usize::try_from(requests_per_second).unwrap_or(usize::MAX);
        Self {
            hold: Hold::default(),
            all: (a_second > 0).then(|| Window::new(a_second, Duration::from_secs(1))),
            // A channel that was quiet for a while begins anew.
            channels: Cache::builder().time_to_idle(12 * CHANNEL_PERIOD).build(),
            line: a_second.saturating_mul(LINE_SECONDS),
        }
    }

    /// By what all requests can be held.
    #[must_use]
    pub fn hold(&self) -> Hold {
        self.hold.clone()
    }

    /// Waits until a request may be made; it is made until what is given is dropped.
    pub async fn request(&self) -> [Option<Passing>; 2] {
        self.pass(None).await
    }

    /// Waits until a new message may be posted in `channel`; as [`Pace::request`].
    pub async fn message(&self, channel: ChannelId) -> [Option<Passing>; 2] {
        self.pass(Some(channel)).await
    }

    async fn pass(&self, channel: Option<ChannelId>) -> [Option<Passing>; 2] {
        let mut passing = [None, None];
        if let Some(all) = &self.all {
            let [here, everywhere] = &mut passing;
            if let Some(channel) = channel {
                *here = Some(self.channel(channel).pass().await);
            }
            *everywhere = Some(all.pass().await);
        }
        self.hold.end().await;
        passing
    }

    /// Whether a request would not have to wait.
    #[must_use]
    pub fn is_free(&self) -> bool {
        self.all.as_ref().is_none_or(|all| all.waiting() == 0)
    }

    /// Whether a new message in `channel` would come too late to be of use.
    #[must_use]
    pub fn is_crowded(&self, channel: ChannelId) -> bool {
        self.all.as_ref().is_some_and(|all| {
            all.waiting() >= self.line
                || self
                    .channels
                    .get(&channel.get())
                    .is_some_and(|channel| channel.waiting() >= CHANNEL_LINE)
        })
    }

    fn channel(&self, channel: ChannelId) -> Arc<Window> {
        self.channels.get_with(channel.get(), || {
            Arc::new(Window::new(CHANNEL_MESSAGES, CHANNEL_PERIOD))
        })
    }
}

/// The questions of each person that are not answered yet, and how each is told that it is the first. Ids of
/// messages rise with time, so that the order holds however events are scheduled.
#[derive(Default)]
pub struct Turns(Mutex<HashMap<UserId, BTreeMap<MessageId, Arc<Notify>>>>);

/// The place of one question among those of the same person, until this is dropped.
pub struct Turn<'a> {
    turns: &'a Turns,
    asker: UserId,
    question: MessageId,
    moved: Arc<Notify>,
}

impl Turns {
    /// Takes a place for `question`.
    #[must_use]
    pub fn take(&self, asker: UserId, question: MessageId) -> Turn<'_> {
        let moved = Arc::new(Notify::new());
        lock(&self.0)
            .entry(asker)
            .or_default()
            .insert(question, Arc::clone(&moved));
        Turn {
            turns: self,
            asker,
            question,
            moved,
        }
    }
}

impl Turn<'_> {
    /// Waits until every earlier question of the same person has been answered, but not for ever.
    pub async fn come(&self) {
        let come = async {
            while !self.is_first() {
                self.moved.notified().await;
            }
        };
        if timeout(PATIENCE, come).await.is_err() {
            tracing::debug!("an answer overtakes an earlier one that does not come");
        }
    }

    fn is_first(&self) -> bool {
        lock(&self.turns.0).get(&self.asker).is_none_or(|line| {
            line.first_key_value()
                .is_none_or(|(first, _)| *first == self.question)
        })
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let mut lines = lock(&self.turns.0);
        if let Some(line) = lines.get_mut(&self.asker) {
            line.remove(&self.question);
            match line.first_key_value() {
                // Heard also by one that does not wait yet.
                Some((_, first)) => first.notify_one(),
                None => drop(lines.remove(&self.asker)),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: ChannelId = ChannelId::new(1);

    #[tokio::test(start_paused = true)]
    async fn no_stretch_of_a_second_has_more_requests_than_it_may() {
        let pace = Pace::new(45);
        let mut times = Vec::new();
        for _ in 0..200 {
            drop(pace.request().await);
            times.push(Instant::now());
        }
        for (first, later) in times.iter().zip(times.iter().skip(45)) {
            assert!(later.duration_since(*first) >= Duration::from_secs(1));
        }
        assert!(
            times[199] - times[0] < Duration::from_secs(5),
            "and none is wasted"
        );
    }

    #[tokio::test(start_paused = true)]
    async fn a_channel_takes_five_messages_in_five_seconds_and_no_other_channel_waits_for_it() {
        let pace = Pace::new(45);
        let begun = Instant::now();
        let mut under_way = Vec::new();
        for _ in 0..5 {
            under_way.push(pace.message(HERE).await);
        }
        drop(pace.message(ChannelId::new(2)).await);
        assert!(begun.elapsed() < Duration::from_millis(10));
        // Nobody knows when a request under way will have arrived.
        let sixth = timeout(10 * CHANNEL_PERIOD, pace.message(HERE)).await;
        assert!(sixth.is_err());
        let responded = Instant::now();
        drop(under_way);
        drop(pace.message(HERE).await);
        assert!(responded.elapsed() >= CHANNEL_PERIOD);
    }

    #[tokio::test(start_paused = true)]
    async fn while_discord_takes_no_request_none_is_made() {
        let pace = Pace::new(45);
        let begun = Instant::now();
        pace.hold().begin(Duration::from_secs(3));
        pace.hold().begin(Duration::from_secs(1));
        drop(pace.message(HERE).await);
        drop(pace.request().await);
        assert!(begun.elapsed() >= Duration::from_secs(3));
        assert!(begun.elapsed() < Duration::from_secs(4));
    }

    #[tokio::test(start_paused = true)]
    async fn a_line_that_is_too_long_is_seen_and_passes() {
        let pace = Arc::new(Pace::new(45));
        let mut line = tokio::task::JoinSet::new();
        for _ in 0..CHANNEL_MESSAGES + CHANNEL_LINE {
            let pace = Arc::clone(&pace);
            line.spawn(async move { drop(pace.message(HERE).await) });
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
        assert!(pace.is_crowded(HERE));
        assert!(!pace.is_crowded(ChannelId::new(2)));
        tokio::time::sleep(2 * CHANNEL_PERIOD).await;
        assert!(!pace.is_crowded(HERE));
        // Whoever gives up counts no more.
        line.abort_all();
        while line.join_next().await.is_some() {}
        assert_eq!(pace.channel(HERE).waiting(), 0);
        let unpaced = Pace::new(0);
        for _ in 0..1000 {
            drop(unpaced.message(HERE).await);
        }
        assert!(!unpaced.is_crowded(HERE));
    }

    #[tokio::test(start_paused = true)]
    async fn answers_to_one_person_come_in_the_order_of_the_questions() {
        let (ann, bob) = (UserId::new(1), UserId::new(2));
        let turns = Arc::new(Turns::default());
        let order = Arc::new(Mutex::new(Vec::new()));
        let mut answers = tokio::task::JoinSet::new();
        // The earlier the question, the longer the search.
        for (asker, question) in [(ann, 3), (ann, 1), (bob, 4), (ann, 2)] {
            let (turns, order) = (Arc::clone(&turns), Arc::clone(&order));
            answers.spawn(async move {
                let turn = turns.take(asker, MessageId::new(question));
                tokio::time::sleep(Duration::from_secs(5 - question)).await;
                turn.come().await;
                lock(&order).push(question);
            });
        }
        while answers.join_next().await.is_some() {}
        assert_eq!(*lock(&order), [4, 1, 2, 3]);
        assert!(lock(&turns.0).is_empty());
    }

    #[tokio::test(start_paused = true)]
    async fn an_answer_that_never_comes_holds_up_the_next_for_a_while_only() {
        let turns = Turns::default();
        let _never = turns.take(UserId::new(1), MessageId::new(1));
        let begun = Instant::now();
        turns.take(UserId::new(1), MessageId::new(2)).come().await;
        assert!(begun.elapsed() >= PATIENCE);
    }
}
