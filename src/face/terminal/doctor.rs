//! `doctor`: whether everything the bot needs is in order, and what to do where it is not.

use std::{fmt::Write as _, sync::Arc};

use jiff::Timestamp;

use super::{Console, Keeping, Opening, Outcome, harmless, opening};
use crate::{
    archive::Archive,
    article,
    face::discord::{ApiBase, Finding, Settings, Token, examine},
};

/// Looks at the configuration, whose mistakes are given, the rules, the articles, the index, and at Discord
/// where there is a token.
///
/// # Errors
/// Where nobody reads what is printed.
pub fn doctor(
    of_config: &[String],
    given: &Opening,
    settings: &Settings,
    token: Option<&str>,
) -> anyhow::Result<Outcome> {
    let mut findings = vec![
        Finding {
            what: "configuration",
            told: if of_config.is_empty() {
                Ok("every key makes sense".to_owned())
            } else {
                Err(of_config.join("; "))
            },
        },
        articles(given),
    ];
    findings.extend(rules_and_index(given));
    findings.extend(discord(settings, token));

    let mut told = String::new();
    let mut wrong = 0;
    for finding in &findings {
        let (mark, said) = match &finding.told {
            Ok(said) => ("ok", said),
            Err(said) => {
                wrong += 1;
                ("!!", said)
            }
        };
        let _ = writeln!(told, "{mark} {:13} {}", finding.what, harmless(said));
    }
    Console::new().print(&told)?;
    Ok(if wrong == 0 {
        Outcome::Done
    } else {
        Outcome::Nothing
    })
}

fn articles(given: &Opening) -> Finding {
    let (files, unreadable) = article::files(&given.paths);
    let paths: Vec<String> = given
        .paths
        .iter()
        .map(|path| path.display().to_string())
        .collect();
    let paths = paths.join(", ");
    Finding {
        what: "articles",
        told: match (files.len(), unreadable.first()) {
            (0, _) => Err(format!("there is no file to read at {paths}")),
            (count, None) => Ok(format!("{count} files at {paths}")),
            (count, Some(first)) => Err(format!(
                "{count} files at {paths}, but {} cannot be read; the first: {first}",
                unreadable.len()
            )),
        },
    }
}

fn rules_and_index(given: &Opening) -> Vec<Finding> {
    let language = match opening::language(&given.language) {
        Ok(language) => Arc::new(language),
        Err(error) => {
            return vec![Finding {
                what: "rules",
                told: Err(format!("{error:#}").replace('\n', "; ")),
            }];
        }
    };
    let mut findings = vec![Finding {
        what: "rules",
        told: Ok(language.words.name.clone()),
    }];
    // To look at an index must not make one.
    if let Some(Keeping::Cluster(cluster)) = &given.index {
        let told = Archive::in_cluster(cluster, language)
            .and_then(|archive| archive.size())
            .map(|size| format!("{} articles in the cluster", size.articles))
            .map_err(|error| error.to_string());
        findings.push(Finding {
            what: "index",
            told,
        });
    } else if let Some(Keeping::Folder(folder)) = &given.index
        && folder.is_dir()
    {
        let told = Archive::in_folder(folder, language)
            .and_then(|(archive, _)| Ok((archive.index().damaged()?, archive.size()?)))
            .map_err(|error| error.to_string())
            .and_then(|(damaged, size)| match damaged.first() {
                None => Ok(format!("{} articles at {}", size.articles, folder.display())),
                Some(file) => Err(format!(
                    "{} of its files are damaged, such as {file}; stop the bot, delete {} and start it again",
                    damaged.len(),
                    folder.display()
                )),
            });
        findings.push(Finding {
            what: "index",
            told,
        });
    }
    findings
}

fn discord(settings: &Settings, token: Option<&str>) -> Vec<Finding> {
    let alone = |what, told: String| {
        vec![Finding {
            what,
            told: Err(told),
        }]
    };
    let Some(token) = token else {
        return alone(
            "token",
            "there is none in DISCORD_TOKEN: the terminal works, Discord does not".to_owned(),
        );
    };
    let token = match Token::new(token) {
        Ok(token) => token,
        Err(error) => return alone("token", error.to_string()),
    };
    let base = match ApiBase::from_environment() {
        Ok(base) => base,
        Err(error) => return alone("Discord", error.to_string()),
    };
    #[expect(
        clippy::disallowed_methods,
        reason = "a face is where the clock is read"
    )]
    let now = Timestamp::now();
    examine(&token, base.as_ref(), settings, now)
}
