//! `when <topic>`: the dates on which it happened, best first.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::{
    Answer, Request,
    candidate::{Candidate, candidates, confidence},
    gather::{Finding, Gather},
    label::{basis_label, date_label},
    nothing,
    topic::Topic,
};
use crate::{
    archive::{Archive, ArchiveError},
    dating::{DateBasis, Dated},
    index::Terms,
    text::Span,
    timex::Interval,
};

/// The command's name.
pub const NAME: &str = "when";

/// How many windows are looked at, how many dates are told, and how many sentences for each.
const WINDOWS: usize = 60;
const DATES: usize = 5;
const SENTENCES_A_DATE: usize = 2;

/// How much of the topic a sentence and its surroundings must hold, against the best one.
const NEAR_BEST: f32 = 0.6;
/// How much of it they must hold at all.
const ENOUGH: f32 = 0.5;

/// How many of the best candidates are dated at the word that tells of the event, and up to what length of
/// their article, in bytes: reading a very long one again would keep the asker waiting.
const AT_THE_WORD: usize = 24;
const LONGEST: usize = 40_000;

/// What each further article that gives the same date adds.
const SUPPORT: f32 = 0.05;
const SUPPORT_AT_MOST: f32 = 0.2;

/// A date and the sentences that give it.
struct Day {
    dated: Dated,
    score: f32,
    sentences: Vec<(Candidate, Dated)>,
}

/// Answers `when`.
///
/// # Errors
/// Where the index fails.
pub fn answer(archive: &Archive, request: &Request) -> Result<Answer, ArchiveError> {
    let language = archive.language();
    let title = language
        .wording
        .say("title_when", &[("topic", &request.argument)]);
    let topic = Topic::read(archive, &request.argument)?;
    if topic.is_empty() {
        return Ok(nothing::missing_topic(archive, NAME, request, title));
    }
    let found = candidates(archive, &topic, &topic.query(), WINDOWS)?;
    let sure = found
        .first()
        .is_some_and(|best| confidence(language, &topic, best) >= language.ranking.threshold);
    if !sure {
        return nothing::about(archive, NAME, request, title, &topic);
    }
    let best = found.first().map_or(0.0, |candidate| candidate.context);
    let enough = (NEAR_BEST * best).max(ENOUGH);
    let near: Vec<Candidate> = found
        .into_iter()
        .filter(|candidate| candidate.context >= enough && candidate.coverage > 0.0)
        .collect();
    let mut days: Vec<Day> = Vec::new();
    for (candidate, dates) in near.iter().zip(dates(archive, &topic, &near)) {
        for (rank, dated) in dates.into_iter().enumerate() {
            add(&mut days, candidate, dated, rank);
        }
    }
    for day in &mut days {
        let mut articles: Vec<u64> = day
            .sentences
            .iter()
            .map(|(candidate, _)| candidate.number)
            .collect();
        articles.sort_unstable();
        articles.dedup();
        #[expect(clippy::cast_precision_loss, reason = "a handful of articles")]
        let support = SUPPORT * (articles.len() - 1) as f32;
        day.score += support.min(SUPPORT_AT_MOST);
    }
    days.sort_by(|a, b| {
        b.score
            .total_cmp(&a.score)
            .then_with(|| b.dated.interval.cmp(&a.dated.interval))
    });

    let mut gather = Gather::new(&language.words);
    for day in days.iter().take(request.limit.unwrap_or(DATES)) {
        gather.group(
            Some(date_label(language, &day.dated)),
            Some(basis_label(language, day.dated.basis)),
        );
        for (candidate, dated) in &day.sentences {
            if gather.in_group() == SENTENCES_A_DATE {
                break;
            }
            add_sentence(&mut gather, candidate, Some(dated.clone()), day.score);
        }
    }
    if gather.is_empty() {
        return nothing::about(archive, NAME, request, title, &topic);
    }
    let notes = nothing::missing_words(archive, &request.argument, &topic)?;
    Ok(gather.answer(NAME, request, title, notes))
}

/// For each candidate, when what is asked about happened, likeliest first: of the best ones, at the very
/// word that tells of it; of the others, as their sentences are dated.
fn dates(archive: &Archive, topic: &Topic, candidates: &[Candidate]) -> Vec<Vec<Dated>> {
    let mut dates: Vec<Vec<Dated>> = candidates
        .iter()
        .map(|candidate| {
            candidate
                .sentence()
                .map_or_else(Vec::new, |sentence| sentence.dates.clone())
        })
        .collect();
    let mut by_article: BTreeMap<u64, Vec<(usize, usize)>> = BTreeMap::new();
    for (index, candidate) in candidates.iter().enumerate().take(AT_THE_WORD) {
        if candidate.document.article.body.len() <= LONGEST
            && let Some(word) = event_word(archive, topic, candidate)
        {
            by_article
                .entry(candidate.number)
                .or_default()
                .push((index, word.start()));
        }
    }
    for places in by_article.values() {
        let Some(document) = places.first().and_then(|(index, _)| candidates.get(*index)) else {
            continue;
        };
        let document = &document.document;
        let at: Vec<usize> = places.iter().map(|(_, at)| *at).collect();
        let rows = document.rows();
        let events = archive
            .reader()
            .dater()
            .events(&rows.scene(&document.article), &at);
        for ((index, _), event) in places.iter().zip(events) {
            if let (Some(event), Some(dates)) = (event, dates.get_mut(*index)) {
                dates.retain(|dated| dated.interval != event.interval);
                dates.insert(0, event);
            }
        }
    }
    dates
}

/// The word of a candidate's sentence that tells of what is asked about: of those that match and are no name,
/// the rarest.
fn event_word(archive: &Archive, topic: &Topic, candidate: &Candidate) -> Option<Span> {
    let words = &archive.language().words;
    let told = candidate.matched.iter().filter_map(|&span| {
        let word = candidate.document.text(span);
        let stem = Terms::new(word, words).next()?.stem;
        let term = topic.terms.get(topic.matches(&stem, word)?.0)?;
        (!term.name && !term.number).then_some((term.rarity, span))
    });
    told.max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, span)| span)
}

/// Adds the sentence of a candidate to the gathering.
pub(super) fn add_sentence(
    gather: &mut Gather<'_>,
    candidate: &Candidate,
    date: Option<Dated>,
    score: f32,
) -> bool {
    let (Some(passage), Some(sentence)) = (candidate.passage(), candidate.sentence()) else {
        return false;
    };
    gather.add(Finding {
        document: &candidate.document,
        paragraph: passage.number,
        span: sentence.span,
        bold: candidate.matched.clone(),
        date,
        quotation: None,
        score,
    })
}

/// How much a date weighs by where it was found and how many stand before it in its sentence.
fn weight(dated: &Dated, published: Date, rank: usize) -> f32 {
    // A clock time on the day of publication is mostly the page's own stamp, and dates the page.
    let stamp = dated.interval.begin() == published && dated.value.to_string().contains('T');
    let basis = match dated.basis {
        DateBasis::Stated if stamp => 0.75,
        DateBasis::Stated => 1.0,
        DateBasis::Carried => 0.85,
        DateBasis::Published => 0.75,
    };
    #[expect(clippy::cast_precision_loss, reason = "a sentence has few dates")]
    let later = 0.9_f32.powf(rank as f32);
    // A year alone says little of when it happened.
    let fine = if dated.interval.days() > 31 {
        0.85
    } else {
        1.0
    };
    basis * later * fine
}

fn add(days: &mut Vec<Day>, candidate: &Candidate, dated: Dated, rank: usize) {
    let published = candidate.document.article.published;
    let score = candidate.score * weight(&dated, published, rank);
    let same = |interval: Interval| interval == dated.interval;
    match days.iter_mut().find(|day| same(day.dated.interval)) {
        Some(day) => {
            if dated.basis < day.dated.basis && score >= day.score {
                day.dated = dated.clone();
            }
            day.score = day.score.max(score);
            day.sentences.push((candidate.clone(), dated));
        }
        None => days.push(Day {
            dated: dated.clone(),
            score,
            sentences: vec![(candidate.clone(), dated)],
        }),
    }
}
