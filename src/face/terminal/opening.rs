//! Opening the archive, and saying what was left out of it.

use std::{
    io::{self, IsTerminal, Write},
    path::PathBuf,
    sync::Arc,
    time::Duration,
};

use anyhow::{Context, anyhow};
use indicatif::{ProgressBar, ProgressStyle};

use super::harmless;
use crate::{
    archive::{Archive, Progress, Refreshed},
    index::{self, Cluster},
    language::{Language, Source},
};

/// How many files that were left out are named; more would push the answer off the screen.
const NAMED: usize = 10;

/// Where an index is kept.
#[derive(Clone, Debug)]
pub enum Keeping {
    /// In a folder of this machine.
    Folder(PathBuf),
    /// In a search cluster, which one process writes and all others ask.
    Cluster(Cluster),
}

/// Which archive is opened, and how.
#[derive(Clone, Debug)]
pub struct Opening {
    /// Folders and files of articles.
    pub paths: Vec<PathBuf>,
    /// Where the index is kept; without a place it lives in memory.
    pub index: Option<Keeping>,
    /// Where the rules are.
    pub language: Source,
}

/// An archive that was opened.
pub struct Opened {
    /// The archive.
    pub archive: Arc<Archive>,
    /// What was taken in; nothing where another process takes in what is new.
    pub refreshed: Option<Refreshed>,
}

/// Opens the archive with all that stands in it now. What could not be read is named on standard error.
///
/// # Errors
/// Where the language's rules are at fault, or the index.
pub fn open(opening: &Opening) -> anyhow::Result<Arc<Archive>> {
    if let Some(Keeping::Cluster(_)) = &opening.index {
        return Ok(Arc::new(attach(opening)?));
    }
    let opened = open_quietly(opening)?;
    if let Some(refreshed) = &opened.refreshed {
        name(refreshed);
    }
    Ok(opened.archive)
}

/// Opens an archive as it was left, where its index is kept and holds something: what has changed since is
/// taken in later. Otherwise like [`open`].
///
/// # Errors
/// Where the language's rules are at fault, or the index.
pub fn open_as_it_is(opening: &Opening) -> anyhow::Result<Arc<Archive>> {
    if let Some(Keeping::Folder(_)) = &opening.index {
        let archive = attach(opening)?;
        if archive.size()?.articles > 0 {
            return Ok(Arc::new(archive));
        }
    }
    open(opening)
}

/// Opens the archive with all that stands in it now, and gives back what could not be read.
pub(super) fn open_quietly(opening: &Opening) -> anyhow::Result<Opened> {
    let archive = attach(opening)?;
    let refreshed = if archive.is_read_only() {
        None
    } else {
        let bar = bar();
        let refreshed = archive
            .refresh(&opening.paths, &|progress| show(&bar, progress))
            .context("the archive cannot be opened")?;
        bar.finish_and_clear();
        Some(refreshed)
    };
    Ok(Opened {
        archive: Arc::new(archive),
        refreshed,
    })
}

/// The archive as it was left, with nothing read yet.
pub(super) fn attach(opening: &Opening) -> anyhow::Result<Archive> {
    let language = Arc::new(language(&opening.language)?);
    let folder = match &opening.index {
        None => return Archive::in_memory(language).context("the archive cannot be opened"),
        Some(Keeping::Cluster(cluster)) => return Ok(Archive::in_cluster(cluster, language)?),
        Some(Keeping::Folder(folder)) => folder,
    };
    let (archive, found) = Archive::in_folder(folder, language)?;
    let shown = folder.display();
    match found {
        index::Opened::New | index::Opened::Existing => {}
        index::Opened::Rebuilding { reason } => say(&format!(
            "the index at {shown} {reason}: it is made anew from the articles"
        )),
        index::Opened::ReadOnly => say(&format!(
            "another process keeps the index at {shown}: this one only reads it"
        )),
    }
    Ok(archive)
}

/// Says a line on standard error.
fn say(line: &str) {
    // Nothing can be done about a standard error that nobody reads.
    let _ = writeln!(io::stderr(), "{}", harmless(line));
}

/// Reads the language's rules; all that is wrong with them is one error.
pub(super) fn language(source: &Source) -> anyhow::Result<Language> {
    Language::read(source).map_err(|problems| {
        let told: Vec<String> = problems.iter().map(ToString::to_string).collect();
        anyhow!(told.join("\n"))
    })
}

/// Names what was left out, the first of it.
pub(super) fn name(refreshed: &Refreshed) {
    for one in refreshed.left_out.iter().take(NAMED) {
        say(&format!("left out: {one}"));
    }
    let named = refreshed.left_out.len().min(NAMED) as u64;
    let more = refreshed.left_out.len() as u64 + refreshed.left_out_more - named;
    if more > 0 {
        say(&format!(
            "left out: {more} more; `dateline check` names them all"
        ));
    }
}

/// A bar that grows while a person waits, where a person can see it.
fn bar() -> ProgressBar {
    if !io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template(
        "reading the archive {bar:30} {percent}% · {msg} · {elapsed}, {eta} left",
    );
    let bar =
        ProgressBar::new(0).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar.enable_steady_tick(Duration::from_millis(100));
    bar
}

fn show(bar: &ProgressBar, progress: Progress) {
    bar.set_length(progress.of);
    bar.set_position(progress.bytes);
    let seconds = bar.elapsed().as_secs().max(1);
    bar.set_message(format!(
        "{} articles, {} a second",
        progress.articles,
        progress.articles / seconds
    ));
}
