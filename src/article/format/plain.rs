//! Plain text: optional blanks, `date YYYY-MM-DD`, one blank, then the body; or a text with a dateline.
//!
//! The body begins on the date's own line. Paragraphs are separated by empty lines. There is no headline.
//! A text that does not begin with `date` is taken as it is, from its first letter on, if it gives its
//! date itself.

use std::{io::BufRead, ops::ControlFlow};

use super::{Article, File, Found, Sink, Unreadable, date, whole_text};
use crate::article::opening_date::opening_date;

/// Reads the file as one article.
pub(super) fn read(file: &File, input: &mut dyn BufRead, sink: &mut Sink<'_>) -> ControlFlow<()> {
    sink(whole_text(file, input).and_then(|text| article(file, &text)))
}

fn article(file: &File, text: &str) -> Result<Found, Unreadable> {
    let content = text.trim_start();
    if content.is_empty() {
        return Err(file.unreadable(None, "is empty"));
    }
    let blank = text.len() - content.len();
    let line = 1 + text
        .bytes()
        .take(blank)
        .filter(|&byte| byte == b'\n')
        .count();
    let (published, body) = match after_date(content) {
        Some(rest) => {
            let (stated, body) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
            (date(stated), body)
        }
        None => (opening_date(content).ok_or_else(no_date), content),
    };
    let published = published.map_err(|reason| file.unreadable(Some(line), reason))?;
    if body.trim().is_empty() {
        return Err(file.unreadable(Some(line), "has a date and no text after it"));
    }
    let article = Article {
        id: file.id(),
        headline: None,
        byline: None,
        outlet: None,
        published,
        url: None,
        path: Some(file.path.clone()),
        body: body.to_owned(),
    };
    Ok(Found { line, article })
}

/// What stands behind `date` and its blank.
fn after_date(content: &str) -> Option<&str> {
    content
        .strip_prefix("date")
        .filter(|rest| rest.starts_with([' ', '\t']))
        .map(|rest| rest.trim_start_matches([' ', '\t']))
}

fn no_date() -> String {
    "has no date: begin it with `date YYYY-MM-DD` and a blank, or with a line `Published 3 February 2021`"
        .to_owned()
}
