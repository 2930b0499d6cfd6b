//! `quote <topic>`: verbatim quotations about it, or by that person.
//!
//! A topic's word counts most in the quoted words, then in the speaker's name, then in what surrounds
//! the quotation: what it is about often stands in the sentence before.

use std::sync::Arc;

use super::{
    Answer, Request,
    features::Found,
    gather::{EXCERPT_LENGTH, Finding, Gather, speaker},
    nothing,
    topic::Topic,
};
use crate::{
    archive::{Archive, ArchiveError},
    dating::{DateBasis, Dated},
    index::Query,
    language::Words,
    passage::{Document, Passage, Sentence},
    quotation::{Quotation, QuotationKind},
    text::{Span, stem},
    timex::{Interval, TimexValue},
};

/// The command's name.
pub const NAME: &str = "quote";

/// How many windows are looked at, and how many quotations are told.
const WINDOWS: usize = 80;
const QUOTATIONS: usize = 5;
const REPORTS: usize = 3;

/// What a word of the topic is worth in the words, in the speaker's name, and around the quotation.
const IN_WORDS: f32 = 1.0;
const IN_SPEAKER: f32 = 0.95;
const IN_SENTENCE: f32 = 0.7;
const AROUND: f32 = 0.55;
const IN_WINDOW: f32 = 0.4;
const FOR_UNNAMED: f32 = 0.7;

/// What the quotation's own words, the window's rank, and a speaker who is named first in the question add.
const OWN_BONUS: f32 = 0.1;
const RANK_BONUS: f32 = 0.2;
const SPEAKER_BONUS: f32 = 0.25;

/// Fewer words than this are a word in quotation marks, and no quotation; few are seldom worth asking for.
const FEWEST_WORDS: usize = 2;
const FEW_WORDS: usize = 5;

/// How much of the topic a quotation must hold: in all, and against the best.
const ENOUGH: f32 = 0.4;
const NEAR_BEST: f32 = 0.6;

/// What a match must be worth to be of a name: one that only shares its stem is not.
const NAMED: f32 = 0.5;

/// How much better reported speech must fit than any quotation before it is told first.
const MUCH_BETTER: f32 = 0.45;

/// What a quotation without a known speaker, and a very short one, lose.
const UNATTRIBUTED: f32 = 0.1;
const SHORT: f32 = 0.1;

/// A quotation that may answer.
#[derive(Debug)]
pub(super) struct Quoted {
    pub number: u64,
    pub document: Arc<Document>,
    pub passage: usize,
    pub quotation: usize,
    pub score: f32,
    pub bold: Vec<Span>,
}

impl Quoted {
    pub fn passage(&self) -> Option<&Passage> {
        self.document.passages.get(self.passage)
    }

    pub fn quotation(&self) -> Option<&Quotation> {
        self.passage()?.quotations.get(self.quotation)
    }
}

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
    let reported = quoted(archive, &topic, |kind| kind == QuotationKind::Indirect)?;
    let best = |found: &[Quoted]| found.first().map_or(0.0, |quoted| quoted.score);
    let (best_quoted, best_reported) = (best(&found), best(&reported));
    let mut gather = Gather::new(&language.words);
    // Where nobody is quoted on it, or only others are, what was said of it may be reported.
    if best_reported > best_quoted + MUCH_BETTER {
        gather.group(Some(language.wording.say("quote_reported", &[])), None);
        for reported in reported
            .iter()
            .filter(|reported| reported.score >= NEAR_BEST * best_reported)
        {
            if gather.len() < limit.min(REPORTS) {
                report(&mut gather, reported);
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
        add(&mut gather, quoted);
    }
    if gather.is_empty() {
        return nothing::about(archive, NAME, request, title, &topic);
    }
    let notes = nothing::missing_words(archive, &request.argument, &topic)?;
    Ok(gather.answer(NAME, request, title, notes))
}

/// Adds what somebody is reported to have said: the whole sentence, in no marks.
pub(super) fn report(gather: &mut Gather<'_>, reported: &Quoted) -> bool {
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
        bold: reported.bold.clone(),
        date: sentence.dates.first().cloned(),
        quotation: None,
        score: reported.score,
    })
}

/// Adds a quotation to the gathering.
pub(super) fn add(gather: &mut Gather<'_>, quoted: &Quoted) -> bool {
    let (Some(passage), Some(quotation)) = (quoted.passage(), quoted.quotation()) else {
        return false;
    };
    gather.add(Finding {
        document: &quoted.document,
        paragraph: passage.number,
        span: part(&quoted.document, passage, quotation, &quoted.bold),
        bold: quoted.bold.clone(),
        date: said(&quoted.document, passage, quotation),
        quotation: Some(quotation),
        score: quoted.score,
    })
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

/// The quotations of the kinds wanted that fit `topic`, best first.
pub(super) fn quoted(
    archive: &Archive,
    topic: &Topic,
    wanted: fn(QuotationKind) -> bool,
) -> Result<Vec<Quoted>, ArchiveError> {
    let words = &archive.language().words;
    let query = Query {
        quoting: wanted(QuotationKind::Direct),
        speakers: topic.terms.iter().map(|term| term.stem.clone()).collect(),
        ..topic.query()
    };
    let mut found = Vec::new();
    let hits = archive.search(&query, WINDOWS)?;
    let best = hits
        .first()
        .map_or(1.0, |(hit, _)| hit.score.max(f32::EPSILON));
    for (hit, document) in hits {
        let (first, last) = hit.paragraphs;
        let rank = hit.score / best;
        let window = window(words, topic, &document, hit.paragraphs);
        for (index, passage) in document.passages.iter().enumerate() {
            if passage.number < first || passage.number > last {
                continue;
            }
            for (number, quotation) in passage.quotations.iter().enumerate() {
                if !wanted(quotation.kind) {
                    continue;
                }
                let Some((fit, bold)) = weigh(words, topic, &document, index, quotation, &window)
                else {
                    continue;
                };
                let score = fit + RANK_BONUS * rank;
                found.push(Quoted {
                    number: hit.article,
                    document: Arc::clone(&document),
                    passage: index,
                    quotation: number,
                    score,
                    bold,
                });
            }
        }
    }
    found.sort_by(|a, b| {
        b.score.total_cmp(&a.score).then_with(|| {
            (a.number, a.passage, a.quotation).cmp(&(b.number, b.passage, b.quotation))
        })
    });
    Ok(found)
}

/// What was found of the topic in a whole window.
fn window(words: &Words, topic: &Topic, document: &Document, (first, last): (u32, u32)) -> Found {
    let inside = |passage: &&Passage| (first..=last).contains(&passage.number);
    let spans = document
        .passages
        .iter()
        .filter(inside)
        .map(|passage| passage.span);
    let span = spans.reduce(Span::join).unwrap_or(Span::whole(""));
    Found::read(words, topic, &document.article.body, span)
}

/// How well a quotation fits, and the words in it that do.
fn weigh(
    words: &Words,
    topic: &Topic,
    document: &Document,
    passage: usize,
    quotation: &Quotation,
    window: &Found,
) -> Option<(f32, Vec<Span>)> {
    let body = &document.article.body;
    let own = Found::read(words, topic, body, quotation.extent);
    let name = speaker(document, quotation)
        .map(|speaker| speaker.name)
        .unwrap_or_default();
    let by = Found::read(words, topic, &name, Span::whole(&name));
    let here = document.passages.get(passage)?;
    // Who asks for a person's words on something names the person first.
    let first_is_speaker = by.worth.first().is_some_and(|worth| *worth >= 1.0);
    let mut parts = vec![(IN_WORDS, own.clone()), (IN_SPEAKER, by)];
    if quotation.posted.is_none() {
        // "The Swiss star said": who that is stands somewhere before.
        let unnamed = quotation.speaker.as_ref().is_some_and(|speaker| {
            speaker.name.is_none()
                && document
                    .text(speaker.mention)
                    .starts_with(char::is_lowercase)
        });
        let in_window = if unnamed { FOR_UNNAMED } else { IN_WINDOW };
        parts.push((in_window, window.clone()));
        parts.push((IN_SENTENCE, Found::read(words, topic, body, here.span)));
        for other in [passage.checked_sub(1), passage.checked_add(1)]
            .into_iter()
            .flatten()
        {
            if let Some(other) = document.passages.get(other) {
                parts.push((AROUND, Found::read(words, topic, body, other.span)));
            }
        }
        let headline = document.article.headline.as_deref().unwrap_or_default();
        parts.push((
            AROUND,
            Found::read(words, topic, headline, Span::whole(headline)),
        ));
    }
    let parts: Vec<(f32, &Found)> = parts
        .iter()
        .map(|(weight, found)| (*weight, found))
        .collect();
    let fit = Found::best(topic, &parts);
    if !is_about_name(topic, &name, &own, &parts) {
        return None;
    }
    // Words that name the speaker alone find everything that they said; some of it must still be theirs.
    if fit < ENOUGH {
        return None;
    }
    let length = quotation
        .content
        .iter()
        .map(|part| part.of(body).split_whitespace().count())
        .sum::<usize>();
    if length < FEWEST_WORDS && quotation.posted.is_none() {
        return None;
    }
    let mut score = fit + OWN_BONUS * own.share(topic);
    if first_is_speaker && topic.terms.len() > 1 {
        score += SPEAKER_BONUS;
    }
    if score < ENOUGH {
        return None;
    }
    if quotation.speaker.is_none() {
        score -= UNATTRIBUTED;
    }
    if length < FEW_WORDS && quotation.posted.is_none() {
        score -= SHORT;
    }
    Some((score, own.matched.clone()))
}

/// Whether a quotation has to do with the name that a topic begins with, if it begins with one: "Jane Roe dam"
/// asks for the words of Jane Roe, or of others on her, and not for those of John Roe or Jane Lee.
fn is_about_name(topic: &Topic, speaker: &str, own: &Found, near: &[(f32, &Found)]) -> bool {
    let holds =
        |found: &Found, term: usize| found.worth.get(term).is_some_and(|worth| *worth >= NAMED);
    match topic.leading_name() {
        0 => true,
        // A single word may stand anywhere near, but somewhere it must.
        1 => near.iter().any(|(_, found)| holds(found, 0)),
        names => {
            // Of two words the second is the family name; more may be several names in a row.
            let is_family = |term: usize| term == 1 || (names > 2 && term < names);
            let family = speaker.split_whitespace().next_back().is_some_and(|word| {
                topic
                    .matches(&stem(word), word)
                    .is_some_and(|(term, worth)| is_family(term) && worth >= 1.0)
            });
            let pair = |first: usize| {
                near.iter()
                    .any(|(_, found)| found.has_pair((first, first + 1)))
            };
            family || holds(own, 1) || (0..names - 1).any(pair)
        }
    }
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
