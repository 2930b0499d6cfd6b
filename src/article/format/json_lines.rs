//! JSON lines: one article a line, a [`record`].
//!
//! <https://jsonlines.org>. A line is read, turned into its article and forgotten, so that a file may be
//! far larger than one article may. A line that is no article costs that line alone.

use std::{
    io::{self, BufRead, Read as _},
    ops::ControlFlow,
};

use super::{
    ARTICLE_LIMIT, Article, File, Found, Sink, cannot_read,
    record::{self, Place},
    too_long,
};

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
                sink(Err(file.unreadable(Some(number), too_long())))?;
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
    let place = Place {
        file,
        id: None,
        is_named_by_file: false,
        outlet: None,
    };
    record::article(&record::from_json(line)?, &place, None)
}
