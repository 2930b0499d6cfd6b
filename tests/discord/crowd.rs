//! Many people who ask at once, of the real program in a process of its own, and what became of each question.

#![allow(dead_code, reason = "the tests and the bench each use a part of it")]

use std::{
    collections::{BTreeMap, HashMap},
    fs,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use crate::fake::{
    Fake, Request,
    limits::Limits,
    payload::{self, Said},
};

/// Where the ids of the crowd's channels and people begin.
const CHANNELS: u64 = 300_000_000_000_000_000;
const PEOPLE: u64 = 400_000_000_000_000_000;

/// The program on a fake Discord, ended with this.
pub struct Program {
    child: Child,
    folder: tempfile::TempDir,
}

impl Program {
    /// Starts it on `base` with this configuration, in which paths count from `root`.
    pub fn start(binary: &str, root: &Path, configuration: &str, base: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let config = folder.path().join("dateline.toml");
        fs::write(&config, configuration).unwrap();
        let log = fs::File::create(folder.path().join("log")).unwrap();
        let child = Command::new(binary)
            .arg("--config")
            .arg(&config)
            .arg("discord")
            .current_dir(root)
            .env("DISCORD_TOKEN", "a.b.c")
            .env("DISCORD_API_BASE", base)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .unwrap();
        Self { child, folder }
    }

    /// Its resident memory in MB, and how many descriptors it has open, where the system tells.
    pub fn weight(&self) -> Option<(f64, usize)> {
        let process = PathBuf::from(format!("/proc/{}", self.child.id()));
        let status = fs::read_to_string(process.join("status")).ok()?;
        let resident = status
            .lines()
            .find_map(|line| line.strip_prefix("VmRSS:"))?;
        let kilobytes: f64 = resident.trim().trim_end_matches(" kB").parse().ok()?;
        let descriptors = fs::read_dir(process.join("fd")).ok()?.count();
        Some((kilobytes / 1024.0, descriptors))
    }

    /// What it wrote to standard error.
    pub fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A question of the crowd.
#[derive(Clone, Copy, Debug)]
struct Asked {
    at: Instant,
    person: u64,
    is_slash: bool,
}

/// An answer to one.
#[derive(Clone, Copy, Debug)]
struct Answered {
    at: Instant,
    /// Whether it is no answer, but says why there is none: the bot is busy, or asked too fast.
    refuses: bool,
}

/// People, channels, and all that was said.
pub struct Crowd {
    pub fake: Fake,
    pub people: u64,
    pub channels: u64,
    asked: BTreeMap<u64, Asked>,
    answered: HashMap<u64, Vec<Answered>>,
    /// Every message that was posted, in order: when, where, and the question it answers.
    posted: Vec<(Instant, u64, u64)>,
}

/// What became of the questions.
#[derive(Debug, Default)]
pub struct Outcome {
    pub asked: usize,
    pub answered: usize,
    /// Questions that were answered with a sentence that says when to ask again.
    pub refused: usize,
    /// Without any answer.
    pub lost: usize,
    /// With more than one.
    pub doubled: usize,
    /// Answers that came before that to an earlier question of the same person.
    pub out_of_order: usize,
    /// Requests that Discord refused: beyond 50 a second, and beyond a bucket.
    pub refused_in_all: usize,
    pub refused_in_buckets: usize,
    pub first_refused: Option<String>,
    /// How long each answer took, in all and beside what Discord's limits made it wait, in order.
    pub took: Vec<Duration>,
    pub beside_limits: Vec<Duration>,
}

impl Crowd {
    /// A crowd on a new fake Discord that keeps Discord's limits.
    pub async fn gather(people: u64, channels: u64) -> Self {
        let fake = Fake::start_with(None).await;
        fake.shared.world().limits = Some(Limits::default());
        Self {
            fake,
            people,
            channels,
            asked: BTreeMap::new(),
            answered: HashMap::new(),
            posted: Vec::new(),
        }
    }

    /// Person `number` asks, in the channel that they are in: `command argument`, as a message or as a slash
    /// command.
    pub fn ask(&mut self, number: u64, command: &str, argument: &str, is_slash: bool) {
        let (person, channel) = (PEOPLE + number, CHANNELS + number % self.channels);
        let id = self.fake.shared.id();
        self.asked.insert(
            id,
            Asked {
                at: Instant::now(),
                person,
                is_slash,
            },
        );
        if is_slash {
            self.fake.expect_interaction(id, channel, None);
            let row = dateline::command::command(command).unwrap();
            let option = Some((row.argument_name, argument));
            let event = payload::slash(id, person, channel, command, option, false);
            self.fake.event("INTERACTION_CREATE", &event);
        } else {
            let said = Said::new(&format!("!{command} {argument}"))
                .by(person)
                .in_channel(channel);
            self.fake.event("MESSAGE_CREATE", &said.json(id));
        }
    }

    /// Somebody says something that is no question.
    pub fn chatter(&self, number: u64, words: &str) {
        let said = Said::new(words)
            .by(PEOPLE + number)
            .in_channel(CHANNELS + number % self.channels);
        let id = self.fake.shared.id();
        self.fake.event("MESSAGE_CREATE", &said.json(id));
    }

    /// Takes note of what the bot did, and has the fake forget it.
    pub fn collect(&mut self) {
        let requests = {
            let mut world = self.fake.shared.world();
            world.session.forget_events();
            world.files.clear();
            // Discord, too, knows a nonce for a while only.
            let old = world.messages.len().saturating_sub(500);
            world.messages.drain(..old);
            std::mem::take(&mut world.requests)
        };
        for request in requests {
            if let Some(answered) = self.note(&request) {
                let token = payload::token(answered);
                self.fake.shared.world().interactions.remove(&token);
            }
        }
    }

    /// Takes note of a request; gives the question that it answers.
    fn note(&mut self, request: &Request) -> Option<u64> {
        if !(200..300).contains(&request.status) {
            return None;
        }
        let parts: Vec<&str> = request.path.trim_matches('/').split('/').collect();
        let (question, body) = match parts.as_slice() {
            ["channels", channel, "messages"] => {
                let question = request.body["message_reference"]["message_id"].as_str();
                let question = question.and_then(|id| id.parse().ok()).unwrap_or(0);
                self.posted
                    .push((request.at, channel.parse().unwrap_or(0), question));
                (question, &request.body)
            }
            // A response of another type only says that one is coming.
            ["interactions", id, _, "callback"] if request.body["type"] == 4 => {
                (id.parse().unwrap_or(0), &request.body["data"])
            }
            ["webhooks", _, token, "messages", "@original"] => {
                let id = token.strip_prefix("token-of-").unwrap_or_default();
                (id.parse().unwrap_or(0), &request.body)
            }
            _ => return None,
        };
        // Every answer has at least the button that removes it.
        let refuses = body["components"].as_array().is_none_or(Vec::is_empty);
        self.answered.entry(question).or_default().push(Answered {
            at: request.at,
            refuses,
        });
        Some(question)
    }

    /// How many questions are not answered yet.
    pub fn waiting(&self) -> usize {
        self.asked.len() - self.answered.len().min(self.asked.len())
    }

    /// Forgets the questions so far, answered or not.
    pub fn forget(&mut self) {
        self.asked.clear();
        self.answered.clear();
        self.posted.clear();
    }

    /// What became of all questions.
    pub fn outcome(&self) -> Outcome {
        let mut outcome = Outcome {
            asked: self.asked.len(),
            ..Outcome::default()
        };
        if let Some(limits) = &self.fake.shared.world().limits {
            outcome.refused_in_all = limits.refused_in_all;
            outcome.refused_in_buckets = limits.refused_in_buckets;
            outcome.first_refused.clone_from(&limits.first_refused);
        }
        let free = self.free();
        let mut last: HashMap<u64, Instant> = HashMap::new();
        // Ids rise with time.
        for (id, asked) in &self.asked {
            let Some(answers) = self.answered.get(id) else {
                outcome.lost += 1;
                continue;
            };
            outcome.doubled += usize::from(answers.len() > 1);
            let first = answers[0];
            if first.refuses {
                outcome.refused += 1;
                continue;
            }
            outcome.answered += 1;
            if !asked.is_slash {
                let before = last.insert(asked.person, first.at);
                outcome.out_of_order += usize::from(before.is_some_and(|before| before > first.at));
            }
            outcome.took.push(first.at.duration_since(asked.at));
            let free = free.get(id).copied().unwrap_or(asked.at).max(asked.at);
            outcome
                .beside_limits
                .push(first.at.saturating_duration_since(free));
        }
        outcome.took.sort_unstable();
        outcome.beside_limits.sort_unstable();
        outcome
    }

    /// For each question that was answered by a message, when Discord's limits would have let it be posted, after
    /// what was posted before it.
    fn free(&self) -> HashMap<u64, Instant> {
        let mut free = HashMap::new();
        let mut here: HashMap<u64, Vec<Instant>> = HashMap::new();
        for (number, &(at, channel, question)) in self.posted.iter().enumerate() {
            let before = here.entry(channel).or_default();
            let of_channel = before.len().checked_sub(5).map(|sixth| before[sixth]);
            let of_all = number.checked_sub(50).map(|earlier| self.posted[earlier].0);
            before.push(at);
            let freed = [
                of_channel.map(|at| at + Duration::from_secs(5)),
                of_all.map(|at| at + Duration::from_secs(1)),
            ];
            if let Some(last) = freed.into_iter().flatten().max() {
                free.insert(question, last);
            }
        }
        free
    }
}

/// The value below which `percent` of `sorted` lie.
pub fn percentile(sorted: &[Duration], percent: usize) -> Duration {
    let at = (sorted.len() * percent / 100).min(sorted.len().saturating_sub(1));
    sorted.get(at).copied().unwrap_or_default()
}
