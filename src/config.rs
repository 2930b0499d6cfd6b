//! The configuration: one TOML file, every key with a default, every mistake told at once.
//!
//! `config/dateline.toml` names every key at its default and says what it does; a test compares the two.
//! Paths in a file count from the file's own folder, as do the paths in other tools' files; without a file,
//! the default path counts from the working directory. The Discord token is no part of it: tokens in files
//! end up in repositories.

use std::{
    fs,
    path::{Component, Path, PathBuf},
};

use serde::{Deserialize, Serialize};
use toml::{Spanned, de::DeTable};

use crate::{
    face::discord::{DiscordError, Settings},
    index::{Cluster, Credentials, IndexError},
    language::Source,
};

/// Where the configuration is looked for when no path is given.
pub const DEFAULT_FILE: &str = "config/dateline.toml";

/// All that can be set.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// `[archive]`.
    pub archive: ArchiveSection,
    /// `[language]`.
    pub language: LanguageSection,
    /// `[answers]`.
    pub answers: AnswersSection,
    /// `[discord]`.
    pub discord: Settings,
    /// `[index]`.
    pub index: IndexSection,
    /// `[log]`.
    pub log: LogSection,
}

/// `[archive]`: where the articles are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ArchiveSection {
    /// Folders and files of articles.
    pub paths: Vec<PathBuf>,
}

impl Default for ArchiveSection {
    fn default() -> Self {
        Self {
            paths: vec![PathBuf::from("data/articles")],
        }
    }
}

/// `[language]`: in which language the articles are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LanguageSection {
    /// A folder of rules to use in place of the built-in English; empty for the built-in.
    pub folder: PathBuf,
}

impl LanguageSection {
    /// Where the language is read from.
    #[must_use]
    pub fn source(&self) -> Source {
        if self.folder.as_os_str().is_empty() {
            Source::Embedded
        } else {
            Source::Folder(self.folder.clone())
        }
    }
}

/// `[answers]`: how long answers are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AnswersSection {
    /// How many excerpts an answer has at most; 0 for each command's own number.
    pub limit: usize,
}

/// `[index]`: where what was found in the articles is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct IndexSection {
    /// The addresses of a search cluster's nodes, with commas between them; empty for none.
    pub url: String,
    /// What the index is called in the cluster.
    pub index: String,
}

impl Default for IndexSection {
    fn default() -> Self {
        Self {
            url: String::new(),
            index: "dateline".to_owned(),
        }
    }
}

impl IndexSection {
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

/// `[log]`: what is written to standard error.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LogSection {
    /// A filter of `tracing-subscriber`'s form.
    pub filter: String,
}

impl Default for LogSection {
    fn default() -> Self {
        Self {
            filter: "warn,dateline=info".to_owned(),
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

    fn parse(text: &str, folder: &Path) -> (Self, Vec<(Option<usize>, String)>) {
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
        (config, mistakes)
    }
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
