//! Several connections: each hears of its own servers, and each question is answered once.

use std::time::Duration;

use dateline::face::discord::{Settings, Sharding};

use crate::{
    fake::{CHANNEL, DIRECT, FAR_CHANNEL, Fake, payload::Said},
    stage::{Bot, Stage, archive, settings},
};

/// What Discord wants between two identifications, less what a busy machine is late.
const APART: Duration = Duration::from_millis(4500);

fn part(text: &str) -> Settings {
    Settings {
        shards: text.parse().unwrap(),
        ..settings()
    }
}

/// The shards that identified, in their order.
fn identified(fake: &Fake) -> Vec<(u64, u64)> {
    let world = fake.shared.world();
    let identified = world.session.identified.iter();
    identified
        .map(|wanted| {
            let number = |at: usize| wanted["shard"][at].as_u64().unwrap();
            (number(0), number(1))
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn as_many_shards_as_discord_wants_each_hear_of_their_own_servers_and_answer_once() {
    let fake = Fake::start().await;
    fake.shared.world().session.shards = 2;
    let bot = Bot::start(&fake, settings(), archive());
    fake.ready(2).await;
    fake.registered().await;
    let mut all = identified(&fake);
    all.sort_unstable();
    assert_eq!(all, [(0, 2), (1, 2)]);
    let apart = {
        let world = fake.shared.world();
        let at = &world.session.identified_at;
        at[1].1 - at[0].1
    };
    assert!(apart > APART, "identified within {apart:?}");
    let stage = Stage { bot, fake };
    for channel in [CHANNEL, FAR_CHANNEL, DIRECT, FAR_CHANNEL, CHANNEL] {
        let shown = stage.ask(&Said::new("!help").in_channel(channel)).await;
        assert_eq!(shown.channel, channel);
    }
    // One connection is lost; the other goes on, and nothing that was asked meanwhile is.
    stage.fake.break_connection();
    let near = stage.say(&Said::new("!help").in_channel(CHANNEL));
    let far = stage.say(&Said::new("!help").in_channel(FAR_CHANNEL));
    stage.reply_to(far).await;
    stage.reply_to(near).await;
    let Stage { bot, fake } = stage;
    assert_eq!(identified(&fake).len(), 2, "it was taken up again");
    bot.end().await;
    assert_eq!(fake.shown().len(), 7);
    assert_eq!(fake.count("PUT", "/commands"), 1, "registered once");
    fake.until("both goodbyes", |world| {
        (world.session.closed_by_bot == 2).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_processes_with_a_part_each_answer_everything_once_and_register_the_commands_once() {
    let fake = Fake::start().await;
    {
        let session = &mut fake.shared.world().session;
        // What Discord wants is asked for; how many there are is said.
        session.shards = 7;
        session.max_concurrency = 16;
    }
    let second = Bot::start(&fake, part("1-3/4"), archive());
    fake.ready(3).await;
    let first = Bot::start(&fake, part("0/4"), archive());
    fake.ready(4).await;
    fake.registered().await;
    let mut all = identified(&fake);
    all.sort_unstable();
    assert_eq!(all, [(0, 4), (1, 4), (2, 4), (3, 4)]);
    {
        let world = fake.shared.world();
        let at = &world.session.identified_at;
        assert!(
            at[2].1 - at[0].1 < APART * 2,
            "sixteen may identify at once"
        );
    }
    let stage = Stage { bot: first, fake };
    for shard in 0..8_u64 {
        let channel = CHANNEL + shard * ((1 << 22) + 1000);
        stage.ask(&Said::new("!help").in_channel(channel)).await;
    }
    let Stage { bot, fake } = stage;
    bot.end().await;
    second.end().await;
    assert_eq!(fake.shown().len(), 8);
    assert_eq!(fake.count("PUT", "/commands"), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bot_that_has_grown_too_large_for_its_shards_takes_as_many_as_it_needs() {
    let fake = Fake::start().await;
    fake.refuse(4011);
    {
        let session = &mut fake.shared.world().session;
        session.max_concurrency = 16;
        session.shards = 1;
    }
    let bot = Bot::start(&fake, settings(), archive());
    fake.until("the first attempt", |world| {
        (!world.session.identified.is_empty()).then_some(())
    })
    .await;
    fake.shared.world().session.shards = 3;
    fake.until("the shards that it needs", |world| {
        (world.session.ready >= 1).then_some(())
    })
    .await;
    fake.registered().await;
    let stage = Stage { bot, fake };
    stage.ask(&Said::new("!help")).await;
    stage.bot.end().await;
    // Where the number is said, it is a mistake, and told as one.
    let fake = Fake::start().await;
    fake.refuse(4011);
    let bot = Bot::start(&fake, part("0/1"), archive());
    let error = bot.ended().await.unwrap_err().to_string();
    assert!(error.contains("too many servers for 1 shards"), "{error}");
    assert_eq!("".parse(), Ok(Sharding::Automatic));
}
