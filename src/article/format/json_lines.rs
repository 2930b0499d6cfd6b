//! JSON lines: one article a line, `{"id","date","text"}` and, where known, `headline` or `title`,
//! `outlet` or `source`, and `url`.
//!
//! <https://jsonlines.org>. A line is read, turned into its article and forgotten, so that a file may be
//! far larger than one article may. A line that is no article costs that line alone. Keys that are not
//! named here are passed over. `text` is taken exactly as it is given.

use std::{
    io::{self, BufRead, Read as _},
    ops::ControlFlow,
};

use serde::Deserialize;

use super::{ARTICLE_LIMIT, Article, File, Found, Sink, cannot_read, stated_day};

/// What a line may say. Synonyms are fields of their own: as aliases, a line with both would be refused.
#[derive(Deserialize)]
struct Record {
    id: Option<Id>,
    date: Option<String>,
    text: Option<String>,
    headline: Option<String>,
    title: Option<String>,
    outlet: Option<String>,
    source: Option<String>,
    url: Option<String>,
}

/// Many archives number their articles.
#[derive(Deserialize)]
#[serde(untagged)]
enum Id {
    Name(String),
    Number(i64),
}

/// Reads every line of the file.
pub(super) fn read(
    file: &File,
    mut input: &mut dyn BufRead,
    sink: &mut Sink<'_>,
) -> ControlFlow<()> {
    let mut line = Vec::new();
    let mut some = false;
    for number in 1.. {
        match next_line(&mut input, &mut line) {
            Ok(Next::End) => break,
            Ok(Next::Line) => {}
            Ok(Next::TooLong) => {
                some = true;
                let reason = format!(
                    "is longer than {} MB, which no article is",
                    ARTICLE_LIMIT / (1024 * 1024)
                );
                sink(Err(file.unreadable(Some(number), reason)))?;
                continue;
            }
            Err(error) => {
                return sink(Err(file.unreadable(Some(number), cannot_read(&error))));
            }
        }
        let content = line.trim_ascii();
        if !content.is_empty() {
            some = true;
            sink(
                article(file, content)
                    .map(|article| Found {
                        line: number,
                        article,
                    })
                    .map_err(|reason| file.unreadable(Some(number), reason)),
            )?;
        }
    }
    if some {
        ControlFlow::Continue(())
    } else {
        sink(Err(file.unreadable(None, "is empty")))
    }
}

enum Next {
    Line,
    TooLong,
    End,
}

/// Reads one line into `line`. Of one that is too long no more is kept than the limit.
fn next_line(lines: &mut impl BufRead, line: &mut Vec<u8>) -> io::Result<Next> {
    line.clear();
    let read = lines.take(ARTICLE_LIMIT).read_until(b'\n', line)?;
    if read == 0 {
        return Ok(Next::End);
    }
    if line.last() == Some(&b'\n') || (read as u64) < ARTICLE_LIMIT {
        return Ok(Next::Line);
    }
    line.clear();
    line.shrink_to_fit();
    lines.skip_until(b'\n')?;
    Ok(Next::TooLong)
}

fn article(file: &File, line: &[u8]) -> Result<Article, String> {
    let text = std::str::from_utf8(line).map_err(|_| "is not UTF-8: save it as UTF-8")?;
    // serde would take an array for a record whose keys come in this order.
    if !text.starts_with('{') {
        return Err("is no JSON object".to_owned());
    }
    let record: Record = serde_json::from_str(text).map_err(|error| {
        // A line is a line of the file, so only the column of serde's own place is of use.
        let said = error.to_string();
        let what = said.split(" at line ").next().unwrap_or(&said);
        format!("is no article in JSON: {what} at column {}", error.column())
    })?;
    let id = match record.id {
        Some(Id::Name(name)) if !name.trim().is_empty() => name,
        Some(Id::Number(number)) => number.to_string(),
        Some(Id::Name(_)) | None => return Err("has no id".to_owned()),
    };
    let stated = record.date.ok_or("has no date")?;
    let published = stated_day(&stated)?;
    let body = record.text.ok_or("has no text")?;
    if body.trim().is_empty() {
        return Err("has an empty text".to_owned());
    }
    Ok(Article {
        id,
        headline: said(record.headline).or_else(|| said(record.title)),
        byline: None,
        outlet: said(record.outlet).or_else(|| said(record.source)),
        published,
        url: said(record.url),
        path: Some(file.path.clone()),
        body,
    })
}

/// Nothing, for a field that is there and says nothing.
fn said(field: Option<String>) -> Option<String> {
    field
        .map(|text| text.trim().to_owned())
        .filter(|text| !text.is_empty())
}
