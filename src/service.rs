//! The bot as a service: what is started, and what of it can change while it runs.
//!
//! A configuration that is read anew is compared, key by key, with the one that holds. What is bound to
//! the connections of the process (the token, intents and shards, the databases, the address of the metrics) holds
//! until a restart; everything else is taken over at once, or, where anything is wrong with it, not at all. Rules by
//! which articles are read make another archive beside the one that is asked, and take its place when it is whole.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use anyhow::Context;

use crate::{
    archive::Archive,
    config::Config,
    face::{
        current::Current,
        discord::{self, Arrivals, Discord, Reloaded, Renewal, Settings, Token},
        metrics::{self, Metrics},
        terminal::{self, Keeping, Opening},
        upkeep::{self, Keeper, Renewed, Upkeep},
    },
    language::Language,
};

/// Changes what is logged. Says whether that worked.
pub type Filtering = Box<dyn Fn(&str) -> bool + Send + Sync>;

/// How long articles that are being read may hold up a reload.
const PATIENCE: Duration = Duration::from_mins(1);

/// Keys that hold until a restart.
const AFTER_RESTART: [&str; 10] = [
    "index.path",
    "index.url",
    "index.index",
    "discord.message_content",
    "discord.shards",
    "discord.recent_answers",
    "discord.requests_per_second",
    "store.url",
    "metrics.listen",
    "log.format",
];

/// What the bot is started with.
pub struct Start {
    /// The configuration file that was named.
    pub named: Option<PathBuf>,
    /// The articles that were named on the command line; they are read whatever the configuration says.
    pub paths: Vec<PathBuf>,
    /// The archive.
    pub opening: Opening,
    /// The configuration.
    pub config: Config,
    /// How the log's filter is changed; nothing where the environment sets it.
    pub filter: Option<Filtering>,
}

/// Runs the Discord bot, and what stands beside it.
///
/// # Errors
/// Where the archive cannot be opened, the metrics not served, or Discord not reached.
pub fn serve(start: Start, token: &str) -> anyhow::Result<()> {
    let token = Token::new(token)?;
    let archive = terminal::open_as_it_is(&start.opening)?;
    let asked = Current::new(Arc::clone(&archive));
    let metrics = Arc::<Metrics>::default();
    if let Some(address) = start.config.metrics.address() {
        metrics::serve(address, Arc::clone(&metrics), asked.clone())
            .with_context(|| format!("[metrics] listen = \"{address}\""))?;
    }
    let arrivals = Arrivals::default();
    let upkeep = Upkeep {
        paths: start.opening.paths.clone(),
        watch: start.config.archive.watch,
        takes_in: !matches!(start.opening.index, Some(Keeping::Cluster(_))),
        feeds: start.config.archive.feed_reader()?,
        metrics: Arc::clone(&metrics),
        arrivals: arrivals.clone(),
    };
    let settings = settings(&start.config);
    let store = start.config.store.url.clone();
    let holding = Mutex::new(Holding {
        keeper: upkeep::start(Arc::clone(&archive), upkeep),
        asked,
        start,
    });
    let reading = move || {
        // A reading that panicked has changed nothing.
        let mut holding = holding.lock().unwrap_or_else(PoisonError::into_inner);
        holding.read_anew()
    };
    let discord = Discord::new(archive, settings, token)
        .arrivals(arrivals)
        .metrics(metrics)
        .reading(Arc::new(reading));
    Ok(discord::serve(discord, &store)?)
}

/// What `config` says of Discord.
fn settings(config: &Config) -> Settings {
    let mut settings = config.discord.clone();
    if settings.evidence_limit == 0 {
        settings.evidence_limit = config.answers.limit;
    }
    settings
}

/// What holds now.
struct Holding {
    start: Start,
    asked: Current<Archive>,
    keeper: Keeper,
}

impl Holding {
    /// Reads everything anew, and lets it hold.
    fn read_anew(&mut self) -> Result<Renewal, Vec<String>> {
        let (read, problems) = Config::load(self.start.named.as_deref());
        if !problems.is_empty() {
            return Err(problems.iter().map(ToString::to_string).collect());
        }
        let old = &self.start.config;
        let differing = differing(old, &read);
        let config = without_restart(old, read);
        let language = Language::read(&config.language.source())
            .map_err(|problems| problems.iter().map(ToString::to_string).collect::<Vec<_>>())?;
        let feeds = config
            .archive
            .feed_reader()
            .map_err(|error| vec![error.to_string()])?;
        let paths = self.paths(&config)?;

        let mut reloaded = self.told(differing);
        let asked = self.asked.get();
        let rules = asked.language().fingerprint != language.fingerprint
            || asked.language().date_order != language.date_order;
        if rules {
            reloaded.changed.push("the rules".to_owned());
        }
        let kept = rules || config.archive != old.archive;
        if kept {
            let busy = || vec!["articles are being read just now: try again in a while".to_owned()];
            // Nothing is written while one archive takes the place of another.
            let paused = self.keeper.pause(PATIENCE).ok_or_else(busy)?;
            if rules {
                let archive = self.archive(&asked, Arc::new(language), &paths)?;
                self.asked.replace(archive);
            }
            paused.go_on_with(Renewed {
                archive: self.asked.get(),
                paths: paths.clone(),
                watch: config.archive.watch,
                feeds,
            });
        }
        if config.log.filter != old.log.filter
            && let Some(change) = &self.start.filter
        {
            change(&config.log.filter);
        }
        self.start.opening.paths = paths;
        self.start.opening.language = config.language.source();
        self.start.config = config;
        Ok(Renewal {
            settings: settings(&self.start.config),
            archive: self.asked.get(),
            reloaded,
        })
    }

    /// The articles' folders and files. One that is not there is a mistake: all its articles would be gone.
    fn paths(&self, config: &Config) -> Result<Vec<PathBuf>, Vec<String>> {
        if !self.start.paths.is_empty() {
            return Ok(self.start.paths.clone());
        }
        let paths = &config.archive.paths;
        let missing: Vec<String> = paths
            .iter()
            .filter(|path| !path.exists() && !self.start.opening.paths.contains(path))
            .map(|path| format!("archive.paths: {} is not there", path.display()))
            .collect();
        if missing.is_empty() {
            Ok(paths.clone())
        } else {
            Err(missing)
        }
    }

    /// What of the keys that differ is told, and how.
    fn told(&self, differing: Vec<String>) -> Reloaded {
        let (after_restart, changed) = differing
            .into_iter()
            // What the command line or the environment says stays.
            .filter(|key| key != "archive.paths" || self.start.paths.is_empty())
            .filter(|key| key != "log.filter" || self.start.filter.is_some())
            .partition(|key| AFTER_RESTART.contains(&key.as_str()));
        Reloaded {
            changed,
            after_restart,
        }
    }

    /// The archive under other rules, whole.
    fn archive(
        &self,
        asked: &Archive,
        language: Arc<Language>,
        paths: &[PathBuf],
    ) -> Result<Arc<Archive>, Vec<String>> {
        let failed = |error: &dyn std::fmt::Display| vec![error.to_string()];
        if asked.language().reading_fingerprint == language.reading_fingerprint {
            // What was found in the articles is what these rules would find.
            return asked
                .under(language)
                .map(Arc::new)
                .map_err(|error| failed(&error));
        }
        let archive = match &self.start.opening.index {
            None => Archive::in_memory(language),
            Some(Keeping::Folder(folder)) => {
                Archive::in_folder(folder, language).map(|(archive, _)| archive)
            }
            Some(Keeping::Cluster(cluster)) => {
                let archive =
                    Archive::in_cluster(cluster, language).map_err(|error| failed(&error))?;
                let size = archive.size().map_err(|error| failed(&error))?;
                if size.articles == 0 {
                    return Err(vec![
                        "the cluster holds nothing that was read by these rules: run `dateline index` with them \
                         first"
                            .to_owned(),
                    ]);
                }
                return Ok(Arc::new(archive));
            }
        }
        .map_err(|error| failed(&error))?;
        if archive.is_read_only() {
            return Err(vec![
                "the index of these rules is still in use: try again in a while".to_owned(),
            ]);
        }
        archive
            .refresh(paths, &|_| {})
            .map_err(|error| failed(&error))?;
        // What a feed has sent stays, though it may show it no more.
        for feed in &self.start.config.archive.feeds {
            archive
                .take_over(asked, feed)
                .map_err(|error| failed(&error))?;
        }
        Ok(Arc::new(archive))
    }
}

/// The keys in which two configurations differ.
fn differing(old: &Config, new: &Config) -> Vec<String> {
    let table = |config: &Config| toml::Table::try_from(config).unwrap_or_default();
    let (old, new) = (table(old), table(new));
    let mut found = Vec::new();
    for (section, keys) in &new {
        for (key, value) in keys.as_table().into_iter().flatten() {
            let before = old.get(section).and_then(|keys| keys.get(key));
            if before != Some(value) {
                found.push(format!("{section}.{key}"));
            }
        }
    }
    found
}

/// `new` with what holds until a restart as it is in `old`.
fn without_restart(old: &Config, new: Config) -> Config {
    let mut kept = new;
    kept.index = old.index.clone();
    kept.store = old.store.clone();
    kept.metrics = old.metrics.clone();
    kept.log.format = old.log.format;
    kept.discord.message_content = old.discord.message_content;
    kept.discord.shards = old.discord.shards;
    kept.discord.recent_answers = old.discord.recent_answers;
    kept.discord.requests_per_second = old.discord.requests_per_second;
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_waits_for_a_restart_is_what_stays_as_it_was() {
        let old = Config::default();
        let table = toml::Table::try_from(&old).unwrap();
        for (section, keys) in &table {
            for (key, value) in keys.as_table().unwrap() {
                let name = format!("{section}.{key}");
                let other: toml::Value = match (name.as_str(), value) {
                    ("language.date_order", _) => "month-day".into(),
                    ("discord.shards", _) => "0/2".into(),
                    ("log.format", _) => "json".into(),
                    ("archive.paths" | "archive.feeds", _) => vec!["https://x.example"].into(),
                    (_, toml::Value::Boolean(value)) => (!value).into(),
                    (_, toml::Value::String(value)) => format!("{value}x").into(),
                    (_, toml::Value::Integer(value)) => (value + 1).into(),
                    (_, toml::Value::Float(value)) => (value + 1.0).into(),
                    (_, toml::Value::Table(rate)) => {
                        let mut rate = rate.clone();
                        rate.insert("burst".to_owned(), 99.into());
                        rate.into()
                    }
                    (_, value) => panic!("{name} = {value}"),
                };
                let mut changed = table.clone();
                changed[section.as_str()][key.as_str()] = other;
                let new: Config = changed.try_into().unwrap();
                assert_eq!(differing(&old, &new), [name.as_str()]);
                let holds = without_restart(&old, new);
                let waits = AFTER_RESTART.contains(&name.as_str());
                assert_eq!(holds == old, waits, "{name}");
            }
        }
    }
}
