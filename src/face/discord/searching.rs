//! Searches away from the network's threads: so many at once, so many waiting, and none that takes
//! the others with it.

use std::{
    future::Future,
    sync::{Arc, PoisonError},
    time::Duration,
};

use tokio::{sync::Semaphore, time::Instant};

use super::{
    address::Asked,
    look::{Paged, Picture},
    page,
    places::Manners,
    settings::Settings,
};
use crate::{
    answer::{Answer, Chart},
    archive::{Archive, ArchiveError, Suggestion},
    command::{ArgumentKind, Call},
    face::metrics::{Metrics, Outcome},
    face::picture,
    language::Language,
    store::StoreError,
};

/// What gives the answer to a call: the command's own function, unless a test says otherwise.
pub type Answering = dyn Fn(&Archive, &Call) -> Result<Answer, ArchiveError> + Send + Sync;

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The archive cannot answer.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// The place's settings are not known.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The search panicked.
    #[error("the search panicked: {0}")]
    Panicked(String),
    /// Too many are waiting.
    #[error("too many questions are waiting")]
    Busy,
    /// It takes too long.
    #[error("the search took longer than {0:?}")]
    TooLong(Duration),
}

/// The archive, to be asked from an asynchronous task.
pub struct Search {
    answering: Arc<Answering>,
    running: Arc<Semaphore>,
    places: Arc<Semaphore>,
    /// Autocompletions have their own, so that a keystroke never waits behind a search.
    suggesting: Arc<Semaphore>,
    patience: Duration,
    page_length: usize,
    started: Instant,
    metrics: Arc<Metrics>,
}

impl Search {
    /// A search within the bounds of `settings`.
    #[must_use]
    pub fn new(answering: Arc<Answering>, settings: &Settings, metrics: Arc<Metrics>) -> Self {
        let places = settings.concurrent_searches + settings.waiting_searches;
        Self {
            answering,
            running: Arc::new(Semaphore::new(settings.concurrent_searches)),
            places: Arc::new(Semaphore::new(places.min(Semaphore::MAX_PERMITS))),
            suggesting: Arc::new(Semaphore::new(2)),
            patience: settings.patience(),
            page_length: settings.page_length,
            started: Instant::now(),
            metrics,
        }
    }

    /// The same within other bounds. Who waits or searches now keeps their place, where the number of places is
    /// the same.
    #[must_use]
    pub fn renewed(&self, old: &Settings, settings: &Settings) -> Self {
        let bounds =
            |settings: &Settings| (settings.concurrent_searches, settings.waiting_searches);
        let renewed = Self::new(
            Arc::clone(&self.answering),
            settings,
            Arc::clone(&self.metrics),
        );
        let same = bounds(old) == bounds(settings);
        let kept = |own: &Arc<Semaphore>, new| if same { Arc::clone(own) } else { new };
        Self {
            running: kept(&self.running, renewed.running),
            places: kept(&self.places, renewed.places),
            suggesting: Arc::clone(&self.suggesting),
            started: self.started,
            ..renewed
        }
    }

    /// The answer on its pages, as `manners` want it.
    ///
    /// # Errors
    /// Where the archive fails, the search panics, too many wait, or it takes too long.
    pub async fn answer(&self, manners: &Manners, asked: &Asked) -> Result<Paged, Failure> {
        let archive = manners.archive.clone();
        let answering = Arc::clone(&self.answering);
        let shortened = asked.shortened;
        let lengths = (self.page_length, manners.excerpt_length);
        let call = self.call(manners, asked);
        let search =
            self.run(move || answer(&archive, answering.as_ref(), &call, shortened, lengths));
        self.measured(asked, search, |paged| paged.answered).await
    }

    /// Waits for `search`, and counts how it ended.
    async fn measured<T>(
        &self,
        asked: &Asked,
        search: impl Future<Output = Result<T, Failure>>,
        answered: impl FnOnce(&T) -> bool,
    ) -> Result<T, Failure> {
        let begun = Instant::now();
        let _waiting = self.metrics.begin();
        let found = search.await;
        let outcome = match &found {
            Ok(found) if answered(found) => Outcome::Answered,
            Ok(_) => Outcome::Nothing,
            Err(Failure::Busy) => Outcome::Busy,
            Err(Failure::TooLong(_)) => Outcome::TooLong,
            Err(Failure::Archive(_) | Failure::Panicked(_) | Failure::Store(_)) => Outcome::Failed,
        };
        self.metrics
            .end(asked.call.command.name, outcome, begun.elapsed());
        found
    }

    /// What is asked, within the bounds of the place.
    fn call(&self, manners: &Manners, asked: &Asked) -> Call {
        let mut call = asked.call.clone();
        call.request.uptime = Some(self.started.elapsed());
        call.request.limit = manners.excerpts;
        call
    }

    /// Runs `work` where it may block, when its turn comes.
    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        let place = Arc::clone(&self.places)
            .try_acquire_owned()
            .map_err(|_| Failure::Busy)?;
        let running = Arc::clone(&self.running);
        let search = async move {
            let permit = running.acquire_owned().await.map_err(|_| Failure::Busy)?;
            let search = tokio::task::spawn_blocking(move || {
                // Held by the search itself: one that is no longer waited for still takes its place.
                let _held = (place, permit);
                work()
            });
            search.await.unwrap_or_else(|error| {
                Err(Failure::Panicked(error.try_into_panic().map_or_else(
                    |error| error.to_string(),
                    |panic| message(panic.as_ref()),
                )))
            })
        };
        tokio::time::timeout(self.patience, search)
            .await
            .unwrap_or(Err(Failure::TooLong(self.patience)))
    }

    /// The answer itself, for a file.
    ///
    /// # Errors
    /// As [`Search::answer`].
    pub async fn evidence(&self, manners: &Manners, asked: &Asked) -> Result<Answer, Failure> {
        let archive = manners.archive.clone();
        let answering = Arc::clone(&self.answering);
        let call = self.call(manners, asked);
        let search = self.run(move || Ok(answering(&archive, &call)?));
        self.measured(asked, search, Answer::answered).await
    }

    /// What could complete `written` as an argument of this kind.
    pub async fn suggest(
        &self,
        manners: &Manners,
        kind: ArgumentKind,
        written: &str,
    ) -> Vec<Suggestion> {
        let Ok(permit) = Arc::clone(&self.suggesting).acquire_owned().await else {
            return Vec::new();
        };
        let archive = manners.archive.clone();
        let written = written.to_owned();
        tokio::task::spawn_blocking(move || {
            let _held = permit;
            super::autocompletion::suggest(&archive, kind, &written)
        })
        .await
        .unwrap_or_default()
    }
}

fn answer(
    archive: &Archive,
    answering: &Answering,
    call: &Call,
    shortened: bool,
    (length, excerpt_length): (usize, usize),
) -> Result<Paged, Failure> {
    let wording = &archive.language().wording;
    let mut answer = answering(archive, call)?;
    if shortened {
        let read = super::markdown::units(&call.request.argument).to_string();
        answer
            .notes
            .push(wording.say("discord_shortened", &[("length", &read)]));
    }
    // An article is asked for whole.
    let excerpt_length = if call.command.argument == ArgumentKind::Article {
        usize::MAX
    } else {
        excerpt_length
    };
    let picture = answer
        .chart
        .as_ref()
        .and_then(|chart| draw(chart, archive.language()));
    Ok(Paged {
        answered: answer.answered(),
        asks: false,
        picture,
        pages: page::pages_of(&answer, archive.language(), length, excerpt_length),
    })
}

/// The picture of `chart`. An answer without its picture is still an answer.
fn draw(chart: &Chart, language: &Language) -> Option<Picture> {
    match picture::png(chart, language) {
        Ok(file) => Some(Picture {
            file: file.into(),
            alternative: picture::alternative(chart, language),
        }),
        Err(error) => {
            tracing::error!(%error, "a picture could not be drawn");
            None
        }
    }
}

/// What a panic said.
fn message(panic: &(dyn std::any::Any + Send)) -> String {
    panic
        .downcast_ref::<&str>()
        .map(|message| (*message).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "no message".to_owned())
}

/// Locks even where a thread died with the lock: what is guarded here is whole at every moment.
pub(super) fn lock<T>(mutex: &std::sync::Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
