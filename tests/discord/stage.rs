//! A bot on a fake Discord, and what people do there.

use std::{
    path::PathBuf,
    sync::{Arc, OnceLock},
};

use dateline::{
    archive::Archive,
    face::discord::{Answering, ApiBase, Discord, DiscordError, Rate, Settings, Token},
    language::{Language, Source},
    store::Store,
};
use serde_json::Value;
use tokio::{sync::oneshot, task::JoinHandle};

use crate::fake::{
    CHANNEL, Fake, Shown,
    payload::{self, Said},
};

/// The two articles that the bot ships with, read once.
pub fn archive() -> Arc<Archive> {
    static ARCHIVE: OnceLock<Arc<Archive>> = OnceLock::new();
    Arc::clone(ARCHIVE.get_or_init(|| {
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("data/articles");
        let (archive, unreadable) = Archive::open(&[folder], language()).unwrap();
        assert_eq!(unreadable, []);
        Arc::new(archive)
    }))
}

pub fn language() -> Arc<Language> {
    static LANGUAGE: OnceLock<Arc<Language>> = OnceLock::new();
    Arc::clone(LANGUAGE.get_or_init(|| Arc::new(Language::read(&Source::Embedded).unwrap())))
}

/// Settings that leave the pace to the test.
pub fn settings() -> Settings {
    let unlimited = Rate {
        burst: 0,
        seconds: 1.0,
    };
    Settings {
        user_cooldown: unlimited,
        channel_cooldown: unlimited,
        requests_per_second: 0,
        ..Settings::default()
    }
}

/// A running bot.
pub struct Bot {
    end: Option<oneshot::Sender<()>>,
    running: JoinHandle<Result<(), DiscordError>>,
}

impl Bot {
    pub fn start(fake: &Fake, settings: Settings, archive: Arc<Archive>) -> Self {
        Self::start_with(fake, settings, archive, None)
    }

    pub fn start_with(
        fake: &Fake,
        settings: Settings,
        archive: Arc<Archive>,
        answering: Option<Arc<Answering>>,
    ) -> Self {
        Self::start_over(fake, settings, archive, answering, None)
    }

    /// The same with a database.
    pub fn start_over(
        fake: &Fake,
        settings: Settings,
        archive: Arc<Archive>,
        answering: Option<Arc<Answering>>,
        store: Option<Store>,
    ) -> Self {
        let base = ApiBase::new(&fake.base).unwrap();
        let mut discord = Discord::new(archive, settings, Token::new("a.b.c").unwrap())
            .api_base(Some(base))
            .store(store);
        if let Some(answering) = answering {
            discord = discord.answering(answering);
        }
        Self::run(discord)
    }

    /// Runs a bot that is made up.
    pub fn run(discord: Discord) -> Self {
        let (end, ended) = oneshot::channel::<()>();
        let running = tokio::spawn(discord.run_until(async move {
            // A stage that is simply dropped never ends its bot; the runtime does.
            if ended.await.is_err() {
                std::future::pending::<()>().await;
            }
        }));
        Self {
            end: Some(end),
            running,
        }
    }

    /// Asks the bot to end.
    pub fn ask_to_end(&mut self) {
        if let Some(end) = self.end.take() {
            end.send(()).unwrap();
        }
    }

    /// Ends it as a power cut would: nothing is finished.
    pub async fn kill(self) {
        self.running.abort();
        let _ = self.running.await;
    }

    /// What became of it.
    pub async fn ended(self) -> Result<(), DiscordError> {
        self.running.await.unwrap()
    }

    pub async fn end(mut self) {
        self.ask_to_end();
        self.ended().await.unwrap();
    }
}

/// A database in a file, as long as this lives.
pub struct Database {
    pub url: String,
    _folder: tempfile::TempDir,
}

impl Database {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self {
            url: format!("sqlite://{}/store.db", folder.path().display()),
            _folder: folder,
        }
    }

    pub async fn open(&self) -> Store {
        Store::open(&self.url).await.unwrap()
    }
}

/// A bot that is ready on a fake Discord.
pub struct Stage {
    pub bot: Bot,
    pub fake: Fake,
}

impl Stage {
    pub async fn new() -> Self {
        Self::with(settings(), None).await
    }

    pub async fn with(settings: Settings, answering: Option<Arc<Answering>>) -> Self {
        Self::on(archive(), settings, answering).await
    }

    pub async fn on(
        archive: Arc<Archive>,
        settings: Settings,
        answering: Option<Arc<Answering>>,
    ) -> Self {
        let fake = Fake::start().await;
        let bot = Bot::start_with(&fake, settings, archive, answering);
        fake.ready(1).await;
        // Once the commands are there, the bot knows who it is.
        fake.registered().await;
        Self { bot, fake }
    }

    /// A stage whose bot has this database.
    pub async fn over(database: &Database) -> Self {
        Self::of(archive(), database).await
    }

    /// The same with another archive.
    pub async fn of(archive: Arc<Archive>, database: &Database) -> Self {
        let fake = Fake::start().await;
        let store = Some(database.open().await);
        let bot = Bot::start_over(&fake, settings(), archive, None, store);
        fake.ready(1).await;
        fake.registered().await;
        Self { bot, fake }
    }

    /// Sends an interaction that `make` makes of its id; gives its token.
    pub fn interact(
        &self,
        channel: u64,
        message: Option<u64>,
        make: impl FnOnce(u64) -> Value,
    ) -> String {
        let id = self.fake.shared.id();
        self.fake.expect_interaction(id, channel, message);
        self.fake.event("INTERACTION_CREATE", &make(id));
        payload::token(id)
    }

    /// Waits until an interaction was responded to, and gives the message that it is about then: the one
    /// with the component, or the response.
    pub async fn responded(&self, token: &str) -> Option<Shown> {
        self.fake
            .until("a response", |world| {
                let responding = world.interactions.get(token)?;
                responding.responded.then(|| {
                    let message = responding.message?;
                    let mut shown = world.messages.iter();
                    shown.find(|shown| shown.id == message).cloned()
                })
            })
            .await
    }

    /// Says something; gives the message's id.
    pub fn say(&self, said: &Said) -> u64 {
        let id = said.id.unwrap_or_else(|| self.fake.shared.id());
        self.fake.event("MESSAGE_CREATE", &said.json(id));
        id
    }

    /// Says something and waits for the reply to it.
    pub async fn ask(&self, said: &Said) -> Shown {
        let id = self.say(said);
        self.reply_to(id).await
    }

    /// Waits for the reply to a message.
    pub async fn reply_to(&self, id: u64) -> Shown {
        let id = id.to_string();
        self.fake
            .until("a reply", |world| {
                world
                    .messages
                    .iter()
                    .find(|shown| shown.json["message_reference"]["message_id"] == *id)
                    .cloned()
            })
            .await
    }

    /// Says something that asks nothing; says then something that does, and waits for that. What was not
    /// answered by then was not meant to be.
    pub async fn ask_in_vain(&self, said: &Said) {
        let before = self.fake.shown().len();
        let id = self.say(said);
        let answered = self.ask(&Said::new("!help").in_channel(said.channel)).await;
        let shown = self.fake.shown();
        assert_eq!(
            shown.len(),
            before + 1,
            "{:?} was answered: {:#?}",
            said.content,
            shown
        );
        assert_ne!(
            answered.json["message_reference"]["message_id"],
            id.to_string()
        );
    }

    /// Edits what was said.
    pub fn edit(&self, id: u64, said: &Said, second: u8) {
        let mut said = said.clone();
        said.edited = Some(second);
        self.fake.event("MESSAGE_UPDATE", &said.json(id));
    }

    /// Deletes what was said.
    pub fn delete(&self, id: u64, channel: u64) {
        self.fake.shared.world().deleted.insert(id);
        self.fake.event(
            "MESSAGE_DELETE",
            &serde_json::json!({"id": id.to_string(), "channel_id": channel.to_string()}),
        );
    }

    /// Uses a slash command; gives the interaction's id.
    pub fn slash(&self, user: u64, channel: u64, name: &str, option: Option<(&str, &str)>) -> u64 {
        let id = self.fake.shared.id();
        self.fake.expect_interaction(id, channel, None);
        self.fake.event(
            "INTERACTION_CREATE",
            &payload::slash(id, user, channel, name, option, false),
        );
        id
    }

    /// Uses a slash command and waits for its answer.
    pub async fn ask_slash(&self, user: u64, name: &str, option: Option<(&str, &str)>) -> Shown {
        let id = self.slash(user, CHANNEL, name, option);
        self.response(id).await
    }

    /// Waits for the message that responds to an interaction.
    pub async fn response(&self, id: u64) -> Shown {
        let token = payload::token(id);
        self.fake
            .until("a response", |world| {
                let message = world.interactions.get(&token)?.message?;
                let shown = world.messages.iter().find(|shown| shown.id == message)?;
                // A deferred response is empty until the answer is there.
                (!shown.text().is_empty()).then(|| shown.clone())
            })
            .await
    }

    /// Writes half a slash command and waits for the choices.
    pub async fn complete(&self, name: &str, option: &str, written: &str) -> Vec<Value> {
        let id = self.fake.shared.id();
        self.fake.expect_interaction(id, CHANNEL, None);
        self.fake.event(
            "INTERACTION_CREATE",
            &payload::slash(
                id,
                crate::fake::ANN,
                CHANNEL,
                name,
                Some((option, written)),
                true,
            ),
        );
        let token = payload::token(id);
        self.fake
            .until("choices", |world| world.choices.get(&token).cloned())
            .await
            .as_array()
            .cloned()
            .unwrap_or_default()
    }

    /// Presses a button of a message; gives the interaction's id.
    pub fn press(&self, user: u64, shown: &Shown, custom_id: &str) -> u64 {
        press(&self.fake, user, shown, custom_id)
    }

    /// Presses a button and waits until the interaction was responded to; gives the message as it is then.
    pub async fn turn(&self, user: u64, shown: &Shown, custom_id: &str) -> Option<Shown> {
        turn(&self.fake, user, shown, custom_id).await
    }
}

pub fn press(fake: &Fake, user: u64, shown: &Shown, custom_id: &str) -> u64 {
    let id = fake.shared.id();
    fake.expect_interaction(id, shown.channel, Some(shown.id));
    fake.event(
        "INTERACTION_CREATE",
        &payload::press(id, user, &shown.json, custom_id),
    );
    id
}

pub async fn turn(fake: &Fake, user: u64, shown: &Shown, custom_id: &str) -> Option<Shown> {
    let token = payload::token(press(fake, user, shown, custom_id));
    fake.until("the button to be followed", |world| {
        world.interactions[&token].responded.then(|| {
            world
                .messages
                .iter()
                .find(|message| message.id == shown.id)
                .cloned()
        })
    })
    .await
}
