//! The configuration: one TOML file, every key with a default, every mistake told at once.
//!
//! `config/dateline.toml` names every key at its default and says what it does; a test compares the two.
//! Paths in a file count from the file's own folder, as do the paths in other tools' files; without a file,
//! the default path counts from the working directory. The Discord token is no part of it: tokens in files
//! end up in repositories.

use std::{
    fs,
    net::SocketAddr,
    path::{Component, Path, PathBuf},
};

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use toml::{Spanned, de::DeTable};

use crate::{
    article::{FeedReader, NoFeed},
    face::discord::{DiscordError, Settings},
    index::{Cluster, Credentials, IndexError},
    language::{DateOrder, Source},
    store::without_password,
};

/// What the address of a SQLite file begins with.
const SQLITE: &str = "sqlite://";

/// The environment variable in which a service manager names the folder that is the service's own: systemd, by
/// `StateDirectory=`. Where it is set, what is kept counts from there: a configuration's folder is not to be written.
pub const STATE_VARIABLE: &str = "STATE_DIRECTORY";

/// Where the configuration is looked for when no path is given.
pub const DEFAULT_FILE: &str = "config/dateline.toml";

/// All that can be set.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// `[archive]`.
    pub archive: ArchiveSection,
    /// `[index]`.
    pub index: IndexSection,
    /// `[language]`.
    pub language: LanguageSection,
    /// `[answers]`.
    pub answers: AnswersSection,
    /// `[discord]`.
    pub discord: Settings,
    /// `[store]`.
    pub store: StoreSection,
    /// `[metrics]`.
    pub metrics: MetricsSection,
    /// `[log]`.
    pub log: LogSection,
}

/// `[archive]`: where the articles are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ArchiveSection {
    /// Folders and files of articles.
    pub paths: Vec<PathBuf>,
    /// Whether the Discord bot takes in articles that appear, change or vanish while it runs.
    pub watch: bool,
    /// Addresses of feeds: RSS, Atom, JSON Feed.
    pub feeds: Vec<String>,
    /// How often each feed is asked, in minutes.
    pub feed_interval: u32,
    /// Whether feeds may lie in private networks, or lead there.
    pub private_feeds: bool,
}

impl ArchiveSection {
    /// A reader of the feeds.
    ///
    /// # Errors
    /// Names an address that is none.
    pub fn feed_reader(&self) -> Result<FeedReader, NoFeed> {
        let interval = SignedDuration::from_mins(i64::from(self.feed_interval));
        Ok(FeedReader::new(&self.feeds, interval)?.private(self.private_feeds))
    }
}

impl Default for ArchiveSection {
    fn default() -> Self {
        Self {
            paths: vec![PathBuf::from("data/articles")],
            watch: true,
            feeds: Vec::new(),
            feed_interval: 30,
            private_feeds: false,
        }
    }
}

/// `[index]`: where what was found in the articles is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct IndexSection {
    /// A folder; empty for an index in memory.
    pub path: PathBuf,
    /// The addresses of a search cluster's nodes, with commas between them; empty for none.
    pub url: String,
    /// What the index is called in the cluster.
    pub index: String,
}

impl Default for IndexSection {
    fn default() -> Self {
        Self {
            path: PathBuf::new(),
            url: String::new(),
            index: "dateline".to_owned(),
        }
    }
}

impl IndexSection {
    /// The folder, if the index is kept in one.
    #[must_use]
    pub fn folder(&self) -> Option<PathBuf> {
        (!self.path.as_os_str().is_empty()).then(|| self.path.clone())
    }

    /// The search cluster, asked with these credentials; nothing where there is none.
    ///
    /// # Errors
    /// Where its address or name is none.
    pub fn cluster(&self, credentials: Credentials) -> Result<Option<Cluster>, IndexError> {
        if self.url.is_empty() {
            return Ok(None);
        }
        Cluster::new(&self.url, &self.index, credentials).map(Some)
    }
}

/// `[language]`: how the articles are written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LanguageSection {
    /// A folder of rules to use in place of the built-in English; empty for the built-in.
    pub folder: PathBuf,
    /// How "02/03/2021" is read.
    pub date_order: DateOrder,
}

impl LanguageSection {
    /// Where the language is read from.
    #[must_use]
    pub fn source(&self) -> Source {
        let rules = if self.folder.as_os_str().is_empty() {
            Source::Embedded
        } else {
            Source::Folder(self.folder.clone())
        };
        rules.with_date_order(self.date_order)
    }
}

/// `[answers]`: how long answers are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AnswersSection {
    /// How many excerpts an answer has at most; 0 for each command's own number.
    pub limit: usize,
}

/// `[store]`: where servers' settings and watches are kept.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct StoreSection {
    /// The database's address; empty for none.
    pub url: String,
}

impl Default for StoreSection {
    fn default() -> Self {
        Self {
            url: "sqlite://dateline.db".to_owned(),
        }
    }
}

impl std::fmt::Debug for StoreSection {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // An address may hold a password.
        out.debug_struct("StoreSection")
            .field("url", &without_password(&self.url))
            .finish()
    }
}

/// `[metrics]`: what those who run the bot can watch.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MetricsSection {
    /// The address and port at which metrics are served; empty for none.
    pub listen: String,
}

impl MetricsSection {
    /// The address, if one is set; [`Config::read`] has seen to it that it is one.
    #[must_use]
    pub fn address(&self) -> Option<SocketAddr> {
        self.listen.parse().ok()
    }
}

/// How log lines are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

/// `[log]`: what is written to standard error.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LogSection {
    /// A filter of `tracing-subscriber`'s form.
    pub filter: String,
    /// How lines are written.
    pub format: LogFormat,
}

impl Default for LogSection {
    fn default() -> Self {
        Self {
            filter: "warn,dateline=info".to_owned(),
            format: LogFormat::Text,
        }
    }
}

/// One mistake in a configuration file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}{}: {reason}", line.map(|line| format!(":{line}")).unwrap_or_default())]
pub struct ConfigError {
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: Option<usize>,
    /// The key and what is wrong with it.
    pub reason: String,
}

impl Config {
    /// The file to read: the one that was named, or the default one if it is there.
    #[must_use]
    pub fn find(named: Option<&Path>) -> Option<PathBuf> {
        match named {
            Some(path) => Some(path.to_owned()),
            None => Some(PathBuf::from(DEFAULT_FILE)).filter(|path| path.is_file()),
        }
    }

    /// The configuration of [`Config::find`], and all that is wrong with it.
    #[must_use]
    pub fn load(named: Option<&Path>) -> (Self, Vec<ConfigError>) {
        if let Some(file) = Self::find(named) {
            return Self::read(&file);
        }
        let config = Self::default();
        let config = match state() {
            Some(state) => config.kept_in(&state, Some(&state)),
            None => config,
        };
        (config, Vec::new())
    }

    /// The same, whose index and database count from these folders.
    fn kept_in(mut self, index: &Path, store: Option<&Path>) -> Self {
        if !self.index.path.as_os_str().is_empty() {
            self.index.path = resolve(index, &self.index.path);
        }
        if let (Some(folder), Some(path)) = (store, self.store.url.strip_prefix(SQLITE)) {
            self.store.url = format!("{SQLITE}{}", resolve(folder, Path::new(path)).display());
        }
        self
    }

    /// Reads a file. What is wrong in it is told in the second value, and keeps its default in the first.
    #[must_use]
    pub fn read(path: &Path) -> (Self, Vec<ConfigError>) {
        let file = path.display().to_string();
        let problem = |line, reason| ConfigError {
            file: file.clone(),
            line,
            reason,
        };
        let text = match fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) => {
                let reason = format!("cannot be read: {error}");
                return (Self::default(), vec![problem(None, reason)]);
            }
        };
        let folder = path.parent().unwrap_or(Path::new(""));
        let (config, mistakes) = Self::parse(&text, folder);
        let problems = mistakes
            .into_iter()
            .map(|(line, reason)| problem(line, reason))
            .collect();
        (config, problems)
    }

    /// Reads the text of a file in `folder`, from where paths in it count. What is wrong in it is told in the
    /// second value, with its line where it has one, and keeps its default in the first.
    #[must_use]
    pub fn parse(text: &str, folder: &Path) -> (Self, Vec<(Option<usize>, String)>) {
        let line_of = |span: &std::ops::Range<usize>| {
            let before = text.bytes().take(span.start);
            Some(1 + before.filter(|&byte| byte == b'\n').count())
        };
        let (places, mut whole) = match (DeTable::parse(text), text.parse::<toml::Table>()) {
            (Ok(places), Ok(whole)) => (places, whole),
            (Err(error), _) | (_, Err(error)) => {
                let line = error.span().as_ref().and_then(line_of);
                return (Self::default(), vec![(line, error.message().to_owned())]);
            }
        };
        // Each key is tried alone, so that one mistake does not hide the next.
        let mut mistakes = Vec::new();
        for (section, content) in places.get_ref() {
            let name = section.get_ref().as_ref();
            let Some(keys) = content.get_ref().as_table() else {
                if let Err(reason) = accepts(name, whole.get(name).cloned()) {
                    mistakes.push((line_of(&section.span()), format!("{name}: {reason}")));
                    whole.remove(name);
                }
                continue;
            };
            if let Err(reason) = accepts(name, Some(toml::Table::new().into())) {
                mistakes.push((line_of(&section.span()), format!("[{name}]: {reason}")));
                whole.remove(name);
                continue;
            }
            for (key, span) in keys.keys().map(|key| (key.get_ref(), Spanned::span(key))) {
                let Some(values) = whole.get_mut(name).and_then(toml::Value::as_table_mut) else {
                    break;
                };
                let alone: toml::Table = values
                    .get(key.as_ref())
                    .map(|value| (key.to_string(), value.clone()))
                    .into_iter()
                    .collect();
                if let Err(reason) = accepts(name, Some(alone.into())) {
                    let reason = reason.strip_prefix(&format!("{key}: ")).unwrap_or(&reason);
                    mistakes.push((line_of(&span), format!("{name}.{key}: {reason}")));
                    values.remove(key.as_ref());
                }
            }
        }
        mistakes.sort();
        let stated = |section: &str, key: &str| {
            whole
                .get(section)
                .and_then(|values| values.get(key))
                .is_some()
        };
        let (paths_stated, folder_stated) =
            (stated("archive", "paths"), stated("language", "folder"));
        let url_stated = stated("store", "url");
        let mut config = match Self::deserialize(whole) {
            Ok(config) => config,
            Err(error) => {
                mistakes.push((None, error.message().to_owned()));
                Self::default()
            }
        };
        if paths_stated {
            for path in &mut config.archive.paths {
                *path = resolve(folder, path);
            }
        }
        if folder_stated && !config.language.folder.as_os_str().is_empty() {
            config.language.folder = resolve(folder, &config.language.folder);
        }
        let config = match state() {
            Some(state) => config.kept_in(&state, Some(&state)),
            // The default counts from the working directory, as the default path of the configuration does.
            None => config.kept_in(folder, url_stated.then_some(folder)),
        };
        (config, mistakes)
    }
}

/// The folder that is the service's own, where it is started as one.
fn state() -> Option<PathBuf> {
    let named = std::env::var_os(STATE_VARIABLE)?;
    // There may be several; the first is meant.
    let first = std::env::split_paths(&named).next()?;
    (!first.as_os_str().is_empty()).then_some(first)
}

/// Whether a configuration with this section, and nothing else, is sound.
fn accepts(section: &str, content: Option<toml::Value>) -> Result<(), String> {
    let alone: toml::Table = content
        .map(|content| (section.to_owned(), content))
        .into_iter()
        .collect();
    let config = Config::deserialize(alone).map_err(|error| error.message().to_owned())?;
    tracing_subscriber::EnvFilter::try_new(&config.log.filter)
        .map_err(|error| format!("is no log filter: {error}"))?;
    if !config.store.url.is_empty()
        && ![SQLITE, "postgres://", "postgresql://"]
            .iter()
            .any(|scheme| config.store.url.starts_with(scheme))
    {
        return Err(
            "is no address of a database: write sqlite://FILE or postgres://USER@HOST/DATABASE"
                .to_owned(),
        );
    }
    config
        .archive
        .feed_reader()
        .map_err(|error| error.to_string())?;
    if !(5..=10_080).contains(&config.archive.feed_interval) {
        return Err("must be 5 to 10080 minutes, which is a week".to_owned());
    }
    if !config.metrics.listen.is_empty() && config.metrics.address().is_none() {
        let listen = &config.metrics.listen;
        return Err(format!(
            "{listen:?} is no address with a port, such as \"127.0.0.1:9100\""
        ));
    }
    let index = config.index.cluster(Credentials::None);
    index.map_err(|error| error.to_string())?;
    config.discord.validate().map_err(|error| match error {
        DiscordError::Settings(reason) => reason,
        other => other.to_string(),
    })
}

/// `path` counted from `folder`, without the `folder/..` that would make every message longer.
fn resolve(folder: &Path, path: &Path) -> PathBuf {
    if path.is_absolute() {
        return path.to_owned();
    }
    let mut resolved = folder.to_owned();
    for part in path.components() {
        // Behind a link, `..` is not the folder before it; such a pair must stay.
        let plain = matches!(
            resolved.components().next_back(),
            Some(Component::Normal(_))
        ) && !resolved.is_symlink();
        match part {
            Component::CurDir => {}
            Component::ParentDir if plain => {
                resolved.pop();
            }
            other => resolved.push(other),
        }
    }
    resolved
}
