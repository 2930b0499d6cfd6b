//! `quote <topic>`: verbatim quotations about it, or by that person.
//!
//! What a speaker says in one go is shown in one go, up to the length of an excerpt.

use super::{
    Answer, Request, ask,
    found::Found,
    gather::{EXCERPT_LENGTH, Finding, Gather, speaker},
    nothing,
    quoted::{Quoted, most, quoted},
    topic::Topic,
};
use crate::{
    archive::{Archive, ArchiveError},
    dating::{DateBasis, Dated},
    language::Words,
    passage::{Document, Passage, Sentence},
    quotation::{Quotation, QuotationKind},
    text::Span,
    timex::{Interval, TimexValue},
};

/// The command's name.
pub const NAME: &str = "quote";

/// How many quotations and reports are told.
const QUOTATIONS: usize = 5;
const REPORTS: usize = 3;

/// How well a quotation must fit to answer a question in plain words: what a flag says, or a law, nobody is quoted on,
/// and who asks what somebody thinks may be told it by the reporter.
const ANSWERS: f32 = 0.9;

/// How well a quotation must fit against the best.
const NEAR_BEST: f32 = 0.6;

/// How much better reported speech must fit than any quotation before it is told first.
const MUCH_BETTER: f32 = 0.45;

/// How much of the reporter's words may stand between two quotations that are shown as one, in characters:
/// "A," she said on Friday. "B."
const BETWEEN: usize = 60;

/// Answers `quote`.
///
/// # Errors
/// Where the index fails.
pub fn answer(archive: &Archive, request: &Request) -> Result<Answer, ArchiveError> {
    let language = archive.language();
    let title = language
        .wording
        .say("title_quote", &[("topic", &request.argument)]);
    let topic = Topic::read(archive, &request.argument)?;
    if topic.is_empty() {
        return Ok(nothing::missing_topic(archive, NAME, request, title));
    }
    let limit = request.limit.unwrap_or(QUOTATIONS);
    let found = quoted(archive, &topic, |kind| kind != QuotationKind::Indirect)?;
    let best = |found: &[Quoted]| found.first().map_or(0.0, |quoted| quoted.score);
    let best_quoted = best(&found);
    // A person's own words come first, however little they fit.
    let person = topic.leading_name() > 1 && !found.is_empty();
    if best_quoted < ANSWERS
        && !person
        && let Some(asked) = ask::instead(archive, request)?
    {
        return Ok(asked);
    }
    // Nothing that is reported can fit so much better than a quotation that fits well.
    let reported = if best_quoted + MUCH_BETTER < most(language) {
        quoted(archive, &topic, |kind| kind == QuotationKind::Indirect)?
    } else {
        Vec::new()
    };
    let best_reported = best(&reported);
    let mut gather = Gather::new(&language.words);
    // Where nobody is quoted on it, or only others are, what was said of it may be reported.
    if best_reported > best_quoted + MUCH_BETTER {
        gather.group(Some(language.wording.say("quote_reported", &[])), None);
        for reported in reported
            .iter()
            .filter(|reported| reported.score >= NEAR_BEST * best_reported)
        {
            if gather.len() < limit.min(REPORTS) {
                report(&mut gather, &topic, reported);
            }
        }
        gather.group(Some(language.wording.say("quote_quoted", &[])), None);
    }
    for quoted in found
        .iter()
        .filter(|quoted| quoted.score >= NEAR_BEST * best_quoted)
    {
        if gather.len() == limit {
            break;
        }
        add(&mut gather, &topic, quoted);
    }
    if gather.is_empty() {
        return nothing::about(archive, NAME, request, title, &topic);
    }
    let notes = nothing::missing_words(archive, &request.argument, &topic)?;
    Ok(gather.answer(NAME, request, title, notes))
}

/// Adds what somebody is reported to have said: the whole sentence, in no marks.
pub(super) fn report(gather: &mut Gather<'_>, topic: &Topic, reported: &Quoted) -> bool {
    let (Some(passage), Some(quotation)) = (reported.passage(), reported.quotation()) else {
        return false;
    };
    let holds = |sentence: &&Sentence| sentence.span.overlaps(quotation.extent);
    let Some(sentence) = passage.sentences.iter().find(holds) else {
        return false;
    };
    gather.add(Finding {
        document: &reported.document,
        paragraph: passage.number,
        span: sentence.span,
        bold: matched(gather.words(), topic, &reported.document, sentence.span),
        date: sentence.dates.first().cloned(),
        quotation: None,
        score: reported.score,
    })
}

/// Adds a quotation to the gathering.
pub(super) fn add(gather: &mut Gather<'_>, topic: &Topic, quoted: &Quoted) -> bool {
    let (Some(passage), Some(quotation)) = (quoted.passage(), quoted.quotation()) else {
        return false;
    };
    let document = &quoted.document;
    let fitting = matched(gather.words(), topic, document, quotation.extent);
    let part = part(document, passage, quotation, &fitting);
    let span = run(document, quotation, part);
    gather.add(Finding {
        document,
        paragraph: passage.number,
        span,
        bold: matched(gather.words(), topic, document, span),
        date: said(document, passage, quotation),
        quotation: Some(quotation),
        score: quoted.score,
    })
}

/// The words of the topic in a stretch of an article's text.
fn matched(words: &Words, topic: &Topic, document: &Document, span: Span) -> Vec<Span> {
    Found::read(words, topic, &document.article.body, span).matched
}

/// `shown` with the quotations that run on before and behind it, as far as one can be read at once: of “A,” she
/// said. “B.” neither is whole alone.
fn run(document: &Document, quotation: &Quotation, shown: Span) -> Span {
    let by = speaker(document, quotation);
    if by.is_none() || quotation.posted.is_some() || shown != quotation.extent {
        return shown;
    }
    let passages = document.passages.iter();
    let all: Vec<&Quotation> = passages.flat_map(|passage| &passage.quotations).collect();
    let Some(at) = all
        .iter()
        .position(|other| other.extent == quotation.extent)
    else {
        return shown;
    };
    let length = |span: Span| document.text(span).chars().count();
    let runs_on = |other: &&&Quotation, shown: Span| {
        let joined = shown.join(other.extent);
        let between = length(joined).saturating_sub(length(shown) + length(other.extent));
        other.kind != QuotationKind::Indirect
            && other.posted.is_none()
            && between <= BETWEEN
            && length(joined) <= EXCERPT_LENGTH
            && speaker(document, other) == by
    };
    let (before, behind) = all.split_at(at);
    let mut shown = shown;
    for other in before.iter().rev() {
        if !runs_on(&other, shown) {
            break;
        }
        shown = shown.join(other.extent);
    }
    for other in behind.iter().skip(1) {
        if !runs_on(&other, shown) {
            break;
        }
        shown = shown.join(other.extent);
    }
    shown
}

/// What is shown of a quotation: all of it, or of a long one the sentences from the first one that
/// matches on.
fn part(document: &Document, passage: &Passage, quotation: &Quotation, matched: &[Span]) -> Span {
    let length = |span: Span| document.text(span).chars().count();
    if length(quotation.extent) <= EXCERPT_LENGTH {
        return quotation.extent;
    }
    // A quotation that runs on over paragraphs is shown from the passage in which it begins.
    let last = document
        .passages
        .iter()
        .filter(|other| other.number >= passage.number);
    let sentences = last
        .flat_map(|passage| &passage.sentences)
        .map(|sentence| sentence.span);
    let inside: Vec<Span> = sentences
        .filter(|span| span.overlaps(quotation.extent))
        .collect();
    let best = |span: &Span| {
        matched
            .iter()
            .filter(|matched| span.contains(**matched))
            .count()
    };
    let most = inside.iter().map(best).max().unwrap_or_default();
    let mut shown: Option<Span> = None;
    for span in inside.into_iter().skip_while(|span| best(span) < most) {
        let grown = shown.map_or(span, |shown| shown.join(span));
        if shown.is_some() && length(grown) > EXCERPT_LENGTH {
            break;
        }
        shown = Some(grown);
    }
    shown.unwrap_or(quotation.extent)
}

/// When it was said: the date of a post, else the date of the sentence it stands in.
fn said(document: &Document, passage: &Passage, quotation: &Quotation) -> Option<Dated> {
    if let Some(posted) = quotation.posted {
        let timex = passage
            .timexes
            .iter()
            .find(|timex| posted.overlaps(timex.span))?;
        return Some(Dated {
            interval: timex.interval?,
            value: timex.value.clone(),
            modifier: None,
            basis: DateBasis::Stated,
        });
    }
    let published = document.article.published;
    let value: TimexValue = published.to_string().parse().ok()?;
    Some(Dated {
        interval: Interval::day(published)?,
        value,
        modifier: None,
        basis: DateBasis::Published,
    })
}
