//! `article <number or id>`: one article, whole, with its dates and speakers.

use super::{
    Answer, Line, Request,
    gather::{Finding, Gather, speaker},
    label::{date_label, day_label},
    nothing,
};
use crate::{
    archive::{Archive, ArchiveError},
    dating::{DateBasis, Dated},
    passage::Document,
};

/// The command's name.
pub const NAME: &str = "article";

/// How many dates and speakers are listed.
const LISTED: usize = 12;

/// Answers `article`.
///
/// # Errors
/// Where the index fails.
pub fn answer(archive: &Archive, request: &Request) -> Result<Answer, ArchiveError> {
    let language = archive.language();
    let wording = &language.wording;
    let sought = request.argument.trim().trim_start_matches('#');
    let by_id = archive.index().number(sought)?;
    let number = by_id.or_else(|| sought.parse().ok());
    let document = match number {
        Some(number) => archive.index().document(number)?,
        None => None,
    };
    let Some(document) = document else {
        let title = wording.say("title_article", &[("headline", &request.argument)]);
        let mut notes = vec![wording.say("no_such_article", &[("topic", &request.argument)])];
        notes.extend(nothing::span(archive)?);
        return Ok(nothing::empty(NAME, request, title, notes));
    };
    let title = wording.say("title_article", &[("headline", &document.headline())]);
    let mut gather = Gather::whole(&language.words);
    for passage in &document.passages {
        gather.add(Finding {
            document: &document,
            paragraph: passage.number,
            span: passage.span,
            bold: Vec::new(),
            date: None,
            quotation: None,
            score: 1.0,
        });
    }
    let mut answer = gather.answer(NAME, request, title, Vec::new());
    answer.lines = about(archive, &document);
    Ok(answer)
}

fn about(archive: &Archive, document: &Document) -> Vec<Line> {
    let language = archive.language();
    let article = &document.article;
    let mut lines = Vec::new();
    let mut line = |key: &str, text: Option<String>| {
        if let Some(text) = text.filter(|text| !text.is_empty()) {
            lines.push(Line {
                label: language.wording.say(key, &[]),
                text,
            });
        }
    };
    line(
        "article_published",
        Some(day_label(language, article.published)),
    );
    line("article_outlet", article.outlet.clone());
    line("article_byline", article.byline.clone());
    line(
        "article_source",
        article.url.clone().or_else(|| article.path.clone()),
    );
    line("article_dates", Some(dates(archive, document).join(", ")));
    line("article_speakers", Some(speakers(document).join(", ")));
    lines
}

/// The dates stated in the article, in order, each once.
fn dates(archive: &Archive, document: &Document) -> Vec<String> {
    let mut stated: Vec<&Dated> = document
        .passages
        .iter()
        .flat_map(|passage| &passage.sentences)
        .flat_map(|sentence| &sentence.dates)
        .filter(|dated| dated.basis == DateBasis::Stated)
        .collect();
    stated.sort_by_key(|dated| dated.interval);
    let mut labels: Vec<String> = stated
        .into_iter()
        .map(|dated| date_label(archive.language(), dated))
        .collect();
    labels.dedup();
    labels.truncate(LISTED);
    labels
}

/// Those quoted in the article by name, in the order in which they speak, each once.
fn speakers(document: &Document) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for quotation in document
        .passages
        .iter()
        .flat_map(|passage| &passage.quotations)
    {
        if let Some(by) = speaker(document, quotation)
            && by
                .name
                .starts_with(|letter: char| letter.is_uppercase() || by.handle.is_some())
            && !names.contains(&by.name)
            && names.len() < LISTED
        {
            names.push(by.name);
        }
    }
    names
}
