//! A PostgreSQL that is away for a while. It is reached through a gate of this test's own, which can be shut.
//!
//! `DATELINE_TEST_POSTGRES` names one (`tests/postgres/start.sh` starts it).

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use dateline::{
    face::discord::{ApiBase, Discord, Token},
    store::{Place, Store},
};
use serde_json::json;
use tokio::net::{TcpListener, TcpStream};

use crate::{
    fake::{
        ANN, CHANNEL, Fake, GUILD, OTHER_CHANNEL,
        payload::{self, MANAGES, Said, allowed},
    },
    stage::{Bot, Stage, archive, settings},
};

/// A way to the database that can be cut.
struct Way {
    port: u16,
    cut: Arc<AtomicBool>,
    lines: Arc<std::sync::Mutex<Vec<tokio::task::AbortHandle>>>,
}

impl Way {
    async fn to(address: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let way = Self {
            port: listener.local_addr().unwrap().port(),
            cut: Arc::default(),
            lines: Arc::default(),
        };
        let (cut, lines) = (Arc::clone(&way.cut), Arc::clone(&way.lines));
        tokio::spawn(async move {
            while let Ok((mut near, _)) = listener.accept().await {
                if cut.load(Ordering::SeqCst) {
                    continue;
                }
                let address = address.clone();
                let line = tokio::spawn(async move {
                    let mut far = TcpStream::connect(&address).await.unwrap();
                    let _ = tokio::io::copy_bidirectional(&mut near, &mut far).await;
                });
                lines.lock().unwrap().push(line.abort_handle());
            }
        });
        way
    }

    fn cut(&self) {
        self.cut.store(true, Ordering::SeqCst);
        for line in self.lines.lock().unwrap().drain(..) {
            line.abort();
        }
    }

    fn mend(&self) {
        self.cut.store(false, Ordering::SeqCst);
    }
}

/// The address of the database behind a way of its own, in a schema of its own.
async fn behind_a_way() -> Option<(Way, String)> {
    let Ok(url) = std::env::var("DATELINE_TEST_POSTGRES") else {
        let ci = std::env::var("CI").is_ok_and(|ci| ci == "true");
        assert!(!ci, "DATELINE_TEST_POSTGRES is not set");
        eprintln!("DATELINE_TEST_POSTGRES is not set: PostgreSQL is not tested");
        return None;
    };
    let schema = format!("away_{}", std::process::id());
    sqlx::any::install_default_drivers();
    let pool = sqlx::AnyPool::connect(&url).await.unwrap();
    let create = format!("CREATE SCHEMA {schema}");
    sqlx::query(sqlx::AssertSqlSafe(create))
        .execute(&pool)
        .await
        .unwrap();
    pool.close().await;
    let (before, rest) = url.rsplit_once('@').unwrap();
    let (address, database) = rest.split_once('/').unwrap();
    let way = Way::to(address.to_owned()).await;
    let url = format!(
        "{before}@127.0.0.1:{}/{database}?options=-csearch_path%3D{schema}",
        way.port
    );
    Some((way, url))
}

/// Uses `/watch`; gives what is said.
async fn watch(fake: &Fake, channel: u64) -> String {
    let id = fake.shared.id();
    fake.expect_interaction(id, channel, None);
    let options = json!([{"name": "topic", "type": 3, "value": "protests"}]);
    let command = payload::command(id, ANN, channel, "watch", options);
    fake.event("INTERACTION_CREATE", &allowed(command, MANAGES));
    let token = payload::token(id);
    let shown = fake
        .until("a response", |world| {
            let message = world.interactions.get(&token)?.message?;
            let mut shown = world.messages.iter();
            shown.find(|shown| shown.id == message).cloned()
        })
        .await;
    shown.text()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_the_database_is_away_questions_are_answered_and_afterwards_everything_works() {
    let Some((way, url)) = behind_a_way().await else {
        return;
    };
    let store = Store::open(&url).await.unwrap();
    store
        .change_settings(Place(GUILD), |set| set.prefix = Some("?".to_owned()))
        .await
        .unwrap();
    let fake = Fake::start().await;
    let discord = Discord::new(archive(), settings(), Token::new("a.b.c").unwrap())
        .api_base(Some(ApiBase::new(&fake.base).unwrap()))
        .store(Some(store.clone()));
    let bot = Bot::run(discord);
    fake.ready(1).await;
    fake.registered().await;
    let stage = Stage { bot, fake };
    stage.ask(&Said::new("?help")).await;

    way.cut();
    // What is known holds; of whom nothing is known is told so within the three seconds that Discord waits.
    stage.ask(&Said::new("?when protests")).await;
    let asked = std::time::Instant::now();
    let said = watch(&stage.fake, OTHER_CHANNEL).await;
    assert!(said.contains("reference"), "{said}");
    assert!(
        asked.elapsed() < std::time::Duration::from_secs(3),
        "{said}"
    );
    let said = watch(&stage.fake, CHANNEL).await;
    assert!(said.contains("reference"), "{said}");
    stage.say(&Said::new("!help").in_channel(OTHER_CHANNEL));
    stage.ask(&Said::new("?help")).await;

    way.mend();
    let said = watch(&stage.fake, CHANNEL).await;
    assert!(said.contains("From now on"), "{said}");
    stage
        .ask(&Said::new("!help").in_channel(OTHER_CHANNEL))
        .await;
    let said = watch(&stage.fake, CHANNEL).await;
    assert!(!said.contains("From now on"), "it was set once: {said}");
    assert_eq!(store.watches(Place(GUILD)).await.unwrap().len(), 1);
    stage.bot.end().await;
}
