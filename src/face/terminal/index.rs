//! `index`: reads the archive and says what was found in it, and how long it took.

use std::{
    fmt::Write as _,
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::bail;

use super::{
    Console, Opening, Outcome, harmless,
    opening::{Opened, open_quietly},
};
use crate::{answer::day_label, archive::Archive, article::FeedReader, face::upkeep};

/// Takes in what is new in the archive.
///
/// # Errors
/// Where the rules or the index are at fault, or nobody reads what is printed.
pub fn index(opening: &Opening, feeds: &mut FeedReader) -> anyhow::Result<(Arc<Archive>, Outcome)> {
    let begun = now();
    let Opened { archive, refreshed } = open_quietly(opening)?;
    let Some(refreshed) = refreshed else {
        bail!("another process keeps the index, and takes in what is new");
    };
    let from_feeds = if feeds.next().is_some() {
        upkeep::poll(&archive, feeds, timestamp())
    } else {
        0
    };
    let took = now().saturating_duration_since(begun);
    let size = archive.size()?;

    let mut told = String::new();
    let published = size.published.map(|(first, last)| {
        let language = archive.language();
        if first == last {
            format!(", published {}", day_label(language, first))
        } else {
            let (first, last) = (day_label(language, first), day_label(language, last));
            format!(", published {first} to {last}")
        }
    });
    let rows = [
        (size.articles, "article", published.unwrap_or_default()),
        (size.passages, "paragraph", String::new()),
        (size.sentences, "sentence", String::new()),
        (size.timexes, "time expression", String::new()),
        (size.quotations, "quotation", String::new()),
    ];
    for (count, what, more) in rows {
        let plural = if count == 1 { "" } else { "s" };
        let _ = writeln!(told, "{count:>9} {what}{plural}{more}");
    }
    if opening.index.is_some() {
        let _ = writeln!(
            told,
            "{:>9} new or changed, {} gone, in {}",
            refreshed.articles + from_feeds,
            refreshed.gone,
            seconds(took)
        );
    } else {
        let _ = writeln!(told, "read in {}", seconds(took));
    }
    if !refreshed.left_out.is_empty() {
        let left_out = refreshed.left_out.len() as u64 + refreshed.left_out_more;
        let _ = writeln!(told, "\nLeft out: {left_out}");
        for one in &refreshed.left_out {
            let _ = writeln!(told, "  {}", harmless(&one.to_string()));
        }
        if refreshed.left_out_more > 0 {
            let _ = writeln!(told, "  and {} more", refreshed.left_out_more);
        }
    }
    Console::new().print(&told)?;
    let outcome = if size.articles == 0 {
        Outcome::Nothing
    } else {
        Outcome::Done
    };
    Ok((archive, outcome))
}

fn seconds(took: Duration) -> String {
    if took < Duration::from_secs(1) {
        format!("{} ms", took.as_millis())
    } else {
        format!("{:.1} s", took.as_secs_f64())
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "a face is where the clock is read"
)]
fn now() -> Instant {
    Instant::now()
}

fn timestamp() -> jiff::Timestamp {
    #[expect(
        clippy::disallowed_methods,
        reason = "a face is where the clock is read"
    )]
    jiff::Timestamp::now()
}
