//! The binary: command line → configuration → archive → face.

use std::{io::Write, path::PathBuf, process::ExitCode, sync::Arc};

use anyhow::{anyhow, bail};
use dateline::{
    config::{Config, ConfigError, LogFormat},
    face::{
        discord::{self, DiscordError},
        terminal::{self, Action, AskArguments, Asking, Common, Keeping, Opening, Outcome},
        upkeep::{self, Upkeep},
    },
    index::Credentials,
    service::{self, Filtering, Start},
};
use tracing_subscriber::EnvFilter;

/// Articles are taken apart on all cores into very many small pieces, which the system's allocator is slow at.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Where the Discord token is looked for, and nowhere else.
const TOKEN: &str = "DISCORD_TOKEN";

/// What a person without a token is told.
const NO_TOKEN: &str = "To put this on Discord, set DISCORD_TOKEN to your bot's token and start again; \
    README.md says where to get one.";

fn main() -> ExitCode {
    let arguments = terminal::parse(std::env::args_os());
    match run(&arguments.common, arguments.action) {
        Ok(outcome) => outcome.into(),
        // Whoever read our output has seen enough, and that is no fault.
        Err(error) if terminal::is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            let told = terminal::harmless_lines(&format!("{error:#}"));
            // Nothing can be done about a standard error that nobody reads.
            let _ = writeln!(std::io::stderr(), "dateline: {told}");
            // A service manager starts what ended with 1 again, and leaves what ended with 2.
            let passing = error
                .downcast_ref::<DiscordError>()
                .is_some_and(DiscordError::is_passing);
            ExitCode::from(if passing { 1 } else { 2 })
        }
    }
}

fn run(common: &Common, action: Option<Action>) -> anyhow::Result<Outcome> {
    if let Some(Action::Completions { shell }) = action {
        terminal::print_completions(shell)?;
        return Ok(Outcome::Done);
    }
    let (config, problems) = Config::load(common.config.as_deref());
    let source = config.language.source();
    let paths: &[PathBuf] = if common.archive.is_empty() {
        &config.archive.paths
    } else {
        &common.archive
    };
    if let Some(Action::Check) = action {
        let told: Vec<String> = problems.iter().map(ToString::to_string).collect();
        return terminal::check(&told, paths, &source);
    }
    if let Some(Action::Doctor) = action {
        let told: Vec<String> = problems.iter().map(ToString::to_string).collect();
        let opening = Opening {
            paths: paths.to_vec(),
            index: keeping(common, &config)?,
            language: source,
        };
        let token = std::env::var(TOKEN).ok();
        return terminal::doctor(&told, &opening, &config.discord, token.as_deref());
    }
    accept(&problems)?;

    let token = std::env::var(TOKEN)
        .ok()
        .filter(|token| !token.trim().is_empty());
    let opening = Opening {
        paths: paths.to_vec(),
        index: keeping(common, &config)?,
        language: source.clone(),
    };
    let asking = |ask: Option<&AskArguments>| -> anyhow::Result<Asking> {
        let limit = ask.and_then(|ask| ask.manner.limit).map(usize::from);
        Ok(Asking {
            archive: terminal::open(&opening)?,
            today: ask
                .and_then(|ask| ask.manner.now)
                .unwrap_or_else(terminal::today),
            limit: limit.or(Some(config.answers.limit).filter(|&limit| limit > 0)),
            prefix: config.discord.prefix.clone(),
        })
    };
    let serves = match action {
        None => token.is_some(),
        Some(Action::Discord) => true,
        Some(_) => false,
    };
    let filter = if serves {
        log(&config.log.filter, config.log.format)
    } else {
        log("warn", LogFormat::Text)
    };
    match action {
        Some(Action::Ask(ask)) if ask.batch => terminal::ask_batch(asking(Some(&ask))?),
        Some(Action::Ask(ask)) => terminal::ask(&asking(Some(&ask))?, &ask),
        Some(Action::Annotate) => terminal::annotate(&source),
        Some(Action::Index { watch }) => index(opening, &config, watch),
        Some(Action::Chat) => terminal::chat(&asking(None)?, None),
        None if token.is_none() => terminal::chat(&asking(None)?, Some(NO_TOKEN)),
        Some(Action::Discord) | None => {
            let Some(token) = token else {
                bail!("there is no token. {NO_TOKEN}");
            };
            let start = Start {
                named: common.config.clone(),
                paths: common.archive.clone(),
                opening,
                config,
                filter,
            };
            service::serve(start, &token)?;
            Ok(Outcome::Done)
        }
        Some(Action::Check | Action::Doctor | Action::Completions { .. }) => Ok(Outcome::Done),
    }
}

/// Takes in what is new, once or until it is ended.
fn index(opening: Opening, config: &Config, watch: bool) -> anyhow::Result<Outcome> {
    let mut feeds = config.archive.feed_reader()?;
    let (archive, outcome) = terminal::index(&opening, &mut feeds)?;
    if watch {
        let upkeep = Upkeep {
            paths: opening.paths,
            watch: true,
            takes_in: true,
            feeds,
            metrics: Arc::default(),
            arrivals: discord::Arrivals::default(),
        };
        upkeep::keep(archive, upkeep);
    }
    Ok(outcome)
}

/// Where the index is kept: where the command line says, else where the configuration does.
fn keeping(common: &Common, config: &Config) -> anyhow::Result<Option<Keeping>> {
    if let Some(folder) = &common.index {
        return Ok(Some(Keeping::Folder(folder.clone())));
    }
    let cluster = config.index.cluster(Credentials::from_environment())?;
    match (config.index.folder(), cluster) {
        (Some(_), Some(_)) => bail!("[index] has both a path and a url: an index is in one place"),
        (Some(folder), None) => Ok(Some(Keeping::Folder(folder))),
        (None, Some(cluster)) => Ok(Some(Keeping::Cluster(cluster))),
        (None, None) => Ok(None),
    }
}

/// All that is wrong with the configuration, as one error.
fn accept(problems: &[ConfigError]) -> anyhow::Result<()> {
    if problems.is_empty() {
        return Ok(());
    }
    let told: Vec<String> = problems.iter().map(ToString::to_string).collect();
    Err(anyhow!(told.join("\n")))
}

/// Writes events to standard error: those that `RUST_LOG` asks for, else those of `filter`, which can be changed by
/// what is returned.
fn log(filter: &str, format: LogFormat) -> Option<Filtering> {
    let asked = EnvFilter::try_from_default_env().ok();
    let fixed = asked.is_some();
    let filter = asked.unwrap_or_else(|| EnvFilter::new(filter));
    let log = tracing_subscriber::fmt().with_writer(std::io::stderr);
    let change: Filtering = match format {
        LogFormat::Text => {
            let log = log.with_env_filter(filter).with_filter_reloading();
            let handle = log.reload_handle();
            log.init();
            Box::new(move |filter| handle.reload(EnvFilter::new(filter)).is_ok())
        }
        LogFormat::Json => {
            let log = log.json().with_env_filter(filter).with_filter_reloading();
            let handle = log.reload_handle();
            log.init();
            Box::new(move |filter| handle.reload(EnvFilter::new(filter)).is_ok())
        }
    };
    (!fixed).then_some(change)
}
