//! The `[discord]` section of `dateline.toml`.

use std::time::Duration;

use super::{DiscordError, button::LONGEST_ARGUMENT, sharding::Sharding};

/// How the bot behaves in Discord. Every key has a default; an unknown key is an error.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// What a prefix command begins with.
    pub prefix: String,
    /// Whether the message content intent is asked for; without it, prefix commands are not heard.
    pub message_content: bool,
    /// Whether the commands are registered as slash commands; where not, earlier ones are withdrawn.
    pub slash_commands: bool,
    /// Which shards this process runs.
    pub shards: Sharding,
    /// How fast one person may ask.
    pub user_cooldown: Rate,
    /// How fast one channel may ask.
    pub channel_cooldown: Rate,
    /// Seconds until the typing indicator shows that an answer is coming.
    pub typing_after: f64,
    /// Seconds until a slash command is deferred; Discord gives up after three.
    pub defer_after: f64,
    /// Seconds after which the person is told that the answer does not come.
    pub give_up_after: f64,
    /// How many questions are remembered with their answers, so that edits and deletions are followed.
    pub recent_answers: u64,
    /// How many searches run at once.
    pub concurrent_searches: usize,
    /// How many more questions may wait for a search.
    pub waiting_searches: usize,
    /// How many requests the bot makes in a second at most; 0 leaves the pace to an API proxy.
    pub requests_per_second: u32,
    /// How long a page may become, in UTF-16 units.
    pub page_length: usize,
    /// How much of a question is read, in UTF-16 units.
    pub question_length: usize,
    /// How many pieces of evidence an answer shows at most; 0 leaves it to each command.
    pub evidence_limit: usize,
}

/// A rate: so many at once, then one in so many seconds.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rate {
    /// How many at once; 0 sets no limit.
    pub burst: u32,
    /// Seconds until one more is free.
    pub seconds: f64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            prefix: "!".to_owned(),
            message_content: true,
            slash_commands: true,
            shards: Sharding::Automatic,
            user_cooldown: Rate {
                burst: 5,
                seconds: 4.0,
            },
            channel_cooldown: Rate {
                burst: 20,
                seconds: 1.0,
            },
            typing_after: 0.7,
            defer_after: 1.5,
            give_up_after: 30.0,
            recent_answers: 2000,
            concurrent_searches: 4,
            waiting_searches: 512,
            requests_per_second: 45,
            page_length: 1500,
            question_length: 400,
            evidence_limit: 0,
        }
    }
}

impl Settings {
    /// Checks every value.
    ///
    /// # Errors
    /// All that is wrong, in one sentence each.
    pub fn validate(&self) -> Result<(), DiscordError> {
        let mut problems = Vec::new();
        let mut demand = |holds: bool, problem: &str| {
            if !holds {
                problems.push(problem.to_owned());
            }
        };
        demand(
            !self.prefix.is_empty() && !self.prefix.contains(char::is_whitespace),
            "prefix: at least one character and no blank is needed",
        );
        for (key, rate) in [
            ("user_cooldown", self.user_cooldown),
            ("channel_cooldown", self.channel_cooldown),
        ] {
            demand(
                rate.seconds > 0.0 && rate.seconds <= 86_400.0,
                &format!("{key}.seconds: more than 0 and at most 86400 is needed"),
            );
        }
        for (key, seconds, most) in [
            ("typing_after", self.typing_after, 60.0),
            ("defer_after", self.defer_after, 2.5),
            ("give_up_after", self.give_up_after, 600.0),
        ] {
            demand(
                (0.0..=most).contains(&seconds),
                &format!("{key}: 0 to {most} seconds are possible"),
            );
        }
        demand(
            self.concurrent_searches > 0,
            "concurrent_searches: at least 1 is needed",
        );
        demand(
            (1000..=1600).contains(&self.page_length),
            "page_length: 1000 to 1600 are possible, so that a page also fits a plain message",
        );
        demand(
            (50..=LONGEST_ARGUMENT).contains(&self.question_length),
            &format!(
                "question_length: 50 to {LONGEST_ARGUMENT} are possible, so that the buttons can carry it"
            ),
        );
        if problems.is_empty() {
            Ok(())
        } else {
            Err(DiscordError::Settings(problems.join("; ")))
        }
    }

    pub(super) fn typing_delay(&self) -> Duration {
        seconds(self.typing_after)
    }

    pub(super) fn defer_delay(&self) -> Duration {
        seconds(self.defer_after)
    }

    pub(super) fn patience(&self) -> Duration {
        seconds(self.give_up_after)
    }
}

/// Seconds that `validate` has seen; anything else is none at all.
pub(super) fn seconds(seconds: f64) -> Duration {
    Duration::try_from_secs_f64(seconds).unwrap_or_default()
}
