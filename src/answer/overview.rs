//! `sources` and `status`: what the archive holds.

use super::{Answer, Line, Request, label::day_label, nothing};
use crate::archive::{Archive, ArchiveError};

/// The name of the first command.
pub const SOURCES: &str = "sources";
/// The name of the second.
pub const STATUS: &str = "status";

/// How many articles are listed.
const LISTED: usize = 50;

/// Answers `sources`: the newest articles, each with its number.
///
/// # Errors
/// Where the index fails.
pub fn sources(archive: &Archive, request: &Request) -> Result<Answer, ArchiveError> {
    let language = archive.language();
    let title = language.wording.say("title_sources", &[]);
    let limit = request.limit.unwrap_or(LISTED);
    let mut answer = nothing::empty(SOURCES, request, title, Vec::new());
    for number in archive.index().newest(0, limit)? {
        let Some(document) = archive.index().document(number)? else {
            continue;
        };
        let mut text = format!(
            "{} · {}",
            day_label(language, document.article.published),
            document.headline()
        );
        if let Some(outlet) = &document.article.outlet {
            text = format!("{text} · {outlet}");
        }
        answer.lines.push(Line {
            label: number.to_string(),
            text,
        });
    }
    let all = archive.size()?.articles;
    let listed = answer.lines.len() as u64;
    if all > listed {
        let count = (all - listed).to_string();
        answer
            .notes
            .push(language.wording.say("more_articles", &[("count", &count)]));
    }
    if all == 0 {
        answer.notes.extend(nothing::span(archive)?);
    }
    Ok(answer)
}

/// Answers `status`: counts, the archive's age, the program's version and how long it has been running.
///
/// # Errors
/// Where the index fails.
pub fn status(archive: &Archive, request: &Request) -> Result<Answer, ArchiveError> {
    let language = archive.language();
    let wording = &language.wording;
    let size = archive.size()?;
    let mut lines = Vec::new();
    let mut line = |key: &str, text: String| {
        lines.push(Line {
            label: wording.say(key, &[]),
            text,
        });
    };
    if let Some((first, last)) = size.published {
        let places = [
            ("count", size.articles.to_string()),
            ("from", day_label(language, first)),
            ("to", day_label(language, last)),
        ];
        line(
            "status_articles",
            fill(wording, "status_articles_value", &places),
        );
        let found = [
            ("sentences", size.sentences.to_string()),
            ("timexes", size.timexes.to_string()),
            ("quotations", size.quotations.to_string()),
        ];
        // Of a part of an archive it is not known.
        if size.sentences > 0 {
            line("status_found", fill(wording, "status_found_value", &found));
        }
        let days = last.until(request.today).map_or(0, |span| span.get_days());
        let newest = [
            ("date", day_label(language, last)),
            ("days", days.to_string()),
        ];
        line(
            "status_newest",
            fill(wording, "status_newest_value", &newest),
        );
    } else {
        line("status_articles", wording.say("archive_empty", &[]));
    }
    if let Some(uptime) = request.uptime {
        let seconds = uptime.as_secs();
        let (days, hours, minutes) = (seconds / 86_400, seconds / 3600 % 24, seconds / 60 % 60);
        let key = match (days, hours) {
            (0, 0) => "uptime_minutes",
            (0, _) => "uptime_hours",
            _ => "uptime_days",
        };
        let parts = [
            ("days", days.to_string()),
            ("hours", hours.to_string()),
            ("minutes", minutes.to_string()),
            ("seconds", (seconds % 60).to_string()),
        ];
        let text = fill(wording, key, &parts);
        line("status_uptime", text);
    }
    line("status_version", env!("CARGO_PKG_VERSION").to_owned());
    let mut answer = nothing::empty(
        STATUS,
        request,
        wording.say("title_status", &[]),
        Vec::new(),
    );
    answer.lines = lines;
    Ok(answer)
}

fn fill(wording: &crate::language::Wording, key: &str, places: &[(&str, String)]) -> String {
    let places: Vec<(&str, &str)> = places
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    wording.say(key, &places)
}
