//! `search <words>`: full text with `"phrase"`, `-word`, `before:`, `after:`, `source:`.

use jiff::civil::Date;

use super::{
    Answer, Request, candidate::candidates, gather::Gather, nothing, on::read_days, topic::Topic,
    when::add_sentence,
};
use crate::{
    archive::{Archive, ArchiveError},
    index::{Phrase, Query, Terms},
    text::{TokenKind, tokens},
    timex::Interval,
};

/// The command's name.
pub const NAME: &str = "search";

const WINDOWS: usize = 60;
const RESULTS: usize = 8;

/// What a search asks for.
#[derive(Debug, Default, PartialEq, Eq)]
struct Search {
    /// Words, in order.
    words: String,
    /// What stood in quotation marks.
    phrases: Vec<String>,
    /// Words that must not occur.
    without: Vec<String>,
    /// `before:`, `after:`, `source:` with their values.
    before: Option<String>,
    after: Option<String>,
    source: Option<String>,
}

/// Answers `search`.
///
/// # Errors
/// Where the index fails.
pub fn answer(archive: &Archive, request: &Request) -> Result<Answer, ArchiveError> {
    let language = archive.language();
    let title = language
        .wording
        .say("title_search", &[("topic", &request.argument)]);
    let search = read(&request.argument);
    let sought = std::iter::once(search.words.as_str())
        .chain(search.phrases.iter().map(String::as_str))
        .collect::<Vec<_>>()
        .join(" ");
    let topic = Topic::read(archive, &sought)?;
    let mut notes = Vec::new();
    let published = days(archive, &search, request.today, &mut notes)?;
    let filtered = published.is_some() || search.source.is_some();
    if topic.is_empty() && !filtered {
        return Ok(nothing::missing_topic(archive, NAME, request, title));
    }
    let query = Query {
        phrases: search
            .phrases
            .iter()
            .filter_map(|phrase| required(archive, phrase))
            .collect(),
        without: search
            .without
            .iter()
            .flat_map(|word| {
                Terms::new(word, &language.words)
                    .map(|term| term.stem.to_string())
                    .collect::<Vec<_>>()
            })
            .collect(),
        published,
        outlet: search.source.clone(),
        everything: topic.is_empty(),
        ..topic.query()
    };
    let mut gather = Gather::new(&language.words);
    let limit = request.limit.unwrap_or(RESULTS);
    if topic.is_empty() {
        everything(archive, &query, limit, &mut gather)?;
    } else {
        let mut told: Vec<(u64, usize)> = Vec::new();
        for candidate in candidates(archive, &topic, &query, WINDOWS)? {
            // One sentence a passage, and none that only stands near what was sought.
            if gather.len() == limit
                || candidate.coverage <= 0.0
                || told.contains(&(candidate.number, candidate.passage))
            {
                continue;
            }
            told.push((candidate.number, candidate.passage));
            let date = candidate
                .sentence()
                .and_then(|sentence| sentence.dates.first().cloned());
            add_sentence(&mut gather, &candidate, date, candidate.score);
        }
    }
    notes.extend(nothing::missing_words(archive, &sought, &topic)?);
    if gather.is_empty() {
        let mut said = vec![language.wording.say("nothing_search", &[])];
        said.extend(notes);
        said.extend(nothing::span(archive)?);
        return Ok(nothing::empty(NAME, request, title, said));
    }
    Ok(gather.answer(NAME, request, title, notes))
}

/// The first sentences of what passes the filters.
fn everything(
    archive: &Archive,
    query: &Query,
    limit: usize,
    gather: &mut Gather<'_>,
) -> Result<(), ArchiveError> {
    for (hit, document) in archive.search(query, 8 * limit)? {
        if gather.len() == limit {
            break;
        }
        let passage = document
            .passages
            .iter()
            .find(|passage| passage.number == hit.paragraphs.0);
        let Some((passage, sentence)) =
            passage.and_then(|passage| Some((passage, passage.sentences.first()?)))
        else {
            continue;
        };
        gather.add(super::gather::Finding {
            document: &document,
            paragraph: passage.number,
            span: sentence.span,
            bold: Vec::new(),
            date: sentence.dates.first().cloned(),
            quotation: None,
            score: hit.score,
        });
    }
    Ok(())
}

/// The publication dates asked for; a condition that names no date is told and left out.
fn days(
    archive: &Archive,
    search: &Search,
    today: Date,
    notes: &mut Vec<String>,
) -> Result<Option<Interval>, ArchiveError> {
    let last = archive.size()?.published.map_or(today, |(_, last)| last);
    let mut read = |text: &Option<String>| -> Option<Interval> {
        let text = text.as_deref()?;
        let days = read_days(archive.reader().tagger(), text, today, last);
        if days.is_none() {
            notes.push(
                archive
                    .language()
                    .wording
                    .say("missing_filter_date", &[("topic", text)]),
            );
        }
        days
    };
    let (before, after) = (read(&search.before), read(&search.after));
    if before.is_none() && after.is_none() {
        return Ok(None);
    }
    let begin = after.map_or(Date::new(1, 1, 1).unwrap_or(today), Interval::begin);
    let end = before.map_or(Date::MAX, Interval::begin);
    Ok(Interval::new(begin, end).or_else(|| Interval::day(Date::MIN)))
}

fn required(archive: &Archive, phrase: &str) -> Option<Phrase> {
    let terms: Vec<_> = Terms::new(phrase, &archive.language().words).collect();
    let first = terms.first()?.position;
    Some(Phrase {
        stems: terms
            .iter()
            .map(|term| (term.position - first, term.stem.to_string()))
            .collect(),
        weight: 1.0,
        required: true,
    })
}

/// Reads the search syntax. Nothing in it can be wrong: what is no syntax is words.
fn read(text: &str) -> Search {
    let mut search = Search::default();
    // Quotation marks first: every second piece between them is a phrase.
    let text = text.replace(['“', '”', '„'], "\"");
    for (at, piece) in text.split('"').enumerate() {
        if at % 2 == 1 {
            if tokens(piece).any(|token| token.kind != TokenKind::Mark) {
                search.phrases.push(piece.to_owned());
            }
            continue;
        }
        for word in piece.split_whitespace() {
            let filter = |name: &str| {
                let (key, value) = word.split_once(':')?;
                (key.eq_ignore_ascii_case(name) && !value.is_empty()).then(|| value.to_owned())
            };
            if let Some(value) = filter("before") {
                search.before = Some(value);
            } else if let Some(value) = filter("after") {
                search.after = Some(value);
            } else if let Some(value) = filter("source") {
                search.source = Some(value.replace('_', " "));
            } else if let Some(word) = word
                .strip_prefix('-')
                .filter(|word| word.starts_with(char::is_alphanumeric))
            {
                search.without.push(word.to_owned());
            } else {
                search.words.push_str(word);
                search.words.push(' ');
            }
        }
    }
    search
}
