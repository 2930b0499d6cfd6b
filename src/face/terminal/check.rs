//! `check`: every problem of the configuration, the rules and the articles, in one list.

use std::{fmt::Write as _, path::PathBuf};

use super::{Console, Outcome, harmless};
use crate::{
    article,
    language::{Language, Source},
    quotation::Extractor,
    timex::Tagger,
};

/// Lists the problems. `of_config` are those of the configuration, which its reader found.
///
/// # Errors
/// Where nobody reads the list.
pub fn check(of_config: &[String], paths: &[PathBuf], source: &Source) -> anyhow::Result<Outcome> {
    let mut problems = of_config.to_vec();
    match Language::read(source) {
        Err(of_rules) => problems.extend(of_rules.iter().map(ToString::to_string)),
        Ok(language) => {
            problems.extend(Tagger::new(&language).err().map(|error| error.to_string()));
            problems.extend(
                Extractor::new(&language)
                    .err()
                    .map(|error| error.to_string()),
            );
        }
    }
    let reading = article::read(paths);
    problems.extend(reading.unreadable.iter().map(ToString::to_string));
    let articles = match reading.articles.len() {
        1 => "1 article".to_owned(),
        count => format!("{count} articles"),
    };
    if reading.articles.is_empty() {
        let paths: Vec<String> = paths
            .iter()
            .map(|path| path.display().to_string())
            .collect();
        problems.push(format!("no article could be read at {}", paths.join(", ")));
    }

    let mut told = String::new();
    for problem in &problems {
        // Rules tell of themselves over several lines: each of them is shown as it is.
        for line in problem.lines() {
            let _ = writeln!(told, "{}", harmless(line));
        }
    }
    let _ = match problems.len() {
        0 => writeln!(told, "In order: the configuration, the rules, {articles}."),
        1 => writeln!(told, "\n1 problem; {articles} can be read."),
        count => writeln!(told, "\n{count} problems; {articles} can be read."),
    };
    Console::new().print(&told)?;
    Ok(if problems.is_empty() {
        Outcome::Done
    } else {
        Outcome::Nothing
    })
}
