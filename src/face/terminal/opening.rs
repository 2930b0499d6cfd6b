//! Opening the archive, and saying what was left out of it.

use std::{
    io::{self, IsTerminal, Write},
    path::PathBuf,
    sync::Arc,
    time::Duration,
};

use anyhow::{Context, anyhow};
use indicatif::ProgressBar;

use super::harmless;
use crate::{
    archive::Archive,
    article::Unreadable,
    language::{Language, Source},
};

/// How many files that were left out are named; more would push the answer off the screen.
const NAMED: usize = 10;

/// Opens the archive at `paths`. What could not be read is named on standard error.
///
/// # Errors
/// Where the language's rules are at fault, or the index.
pub fn open(paths: &[PathBuf], source: &Source) -> anyhow::Result<Arc<Archive>> {
    let (archive, unreadable) = open_quietly(paths, source)?;
    name(&unreadable);
    Ok(archive)
}

/// Opens the archive at `paths`, and gives back what could not be read.
pub(super) fn open_quietly(
    paths: &[PathBuf],
    source: &Source,
) -> anyhow::Result<(Arc<Archive>, Vec<Unreadable>)> {
    let waiting = spinner("reading the archive");
    let language = Arc::new(language(source)?);
    let (archive, unreadable) =
        Archive::open(paths, language).context("the archive cannot be opened")?;
    waiting.finish_and_clear();
    Ok((Arc::new(archive), unreadable))
}

/// Reads the language's rules; all that is wrong with them is one error.
pub(super) fn language(source: &Source) -> anyhow::Result<Language> {
    Language::read(source).map_err(|problems| {
        let told: Vec<String> = problems.iter().map(ToString::to_string).collect();
        anyhow!(told.join("\n"))
    })
}

fn name(unreadable: &[Unreadable]) {
    // Nothing can be done about a standard error that nobody reads.
    let mut err = io::stderr().lock();
    for one in unreadable.iter().take(NAMED) {
        let _ = writeln!(err, "left out: {}", harmless(&one.to_string()));
    }
    if let Some(more) = unreadable.len().checked_sub(NAMED).filter(|&more| more > 0) {
        let _ = writeln!(
            err,
            "left out: {more} more; `dateline check` names them all"
        );
    }
}

/// Something that moves while a person waits, where a person can see it.
fn spinner(what: &'static str) -> ProgressBar {
    if !io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let spinner = ProgressBar::new_spinner().with_message(what);
    spinner.enable_steady_tick(Duration::from_millis(100));
    spinner
}
