//! The choice of a date.

use jiff::civil::Date;

use super::{
    DateBasis, Dated,
    account::{Account, Place},
    candidates::{Candidate, candidates, tense},
    clause::{Kind, Lexicon, Tense},
    features::Weights,
};
use crate::{
    language::Language,
    quotation::Quotation,
    text::Span,
    timex::{Interval, Timex},
};

/// An article as the dater sees it.
#[derive(Clone, Copy, Debug)]
pub struct Scene<'a> {
    /// The article's text.
    pub text: &'a str,
    /// Its publication date.
    pub published: Date,
    /// Its sentences, in order.
    pub sentences: &'a [Span],
    /// Its time expressions, in order.
    pub timexes: &'a [Timex],
    /// Its quotations, in order.
    pub quotations: &'a [Quotation],
}

/// A date that an event can have, with what speaks for it.
#[derive(Clone, Debug)]
pub struct Weighed {
    /// The date.
    pub dated: Dated,
    /// The sum of the weights of its features.
    pub score: f32,
    /// The features' names.
    pub features: Vec<String>,
}

/// When what some words of a sentence tell of happened.
#[derive(Clone, Debug)]
pub struct Told {
    /// The dates it can have, likeliest first, each with its share of 1; of words that tell of a state, which began
    /// at some other time, with less.
    pub dates: Vec<(Dated, f32)>,
    /// Whether it is told as what will or may happen.
    pub ahead: bool,
    /// How far the words tell of what happened, and not of a state: 0 to 1.
    pub eventful: f32,
}

impl Default for Told {
    fn default() -> Self {
        Self {
            dates: Vec::new(),
            ahead: false,
            eventful: 1.0,
        }
    }
}

/// What a verb counts among the words of a sentence, where another word counts 1.
const VERB_WEIGHT: f32 = 2.0;

/// What is left of that of a word that describes something: "the detained man" was detained at some time before.
const OF_A_STATE: f32 = 0.2;

/// How likely a date must be, beside the best one, to be told at all where its sentence does not state it.
const WORTH_TELLING: f32 = 0.2;

/// How many verbs of a sentence are asked; only lists have more.
const TARGETS_AT_MOST: usize = 8;

/// What speaks for a day against a month or a year where a single event's day is wanted.
const FOR_A_DAY: f32 = 1.5;

/// What speaks against a date that modifies a noun where a whole sentence's date is wanted.
const FOR_A_NOUN: f32 = 1.5;

/// Judges when things happened, by a language's rules.
#[derive(Debug)]
pub struct Dater {
    lexicon: Lexicon,
    weights: Weights,
}

impl Dater {
    /// The judge for texts in `language`.
    #[must_use]
    pub fn new(language: &Language) -> Self {
        Self {
            lexicon: Lexicon::new(language),
            weights: Weights::new(&language.dating_weights),
        }
    }

    /// For each sentence of the scene, when what it tells of happened, likeliest first; nothing where it
    /// tells of what usually is.
    #[must_use]
    pub fn sentences(&self, scene: &Scene<'_>) -> Vec<Vec<Dated>> {
        let account = Account::read(*scene, &self.lexicon);
        let mut place = Place::default();
        (0..scene.sentences.len())
            .map(|index| self.sentence(&account, index, &mut place))
            .collect()
    }

    /// On which day the event mentioned at byte `at` happened, or when, if no day is likely enough; nothing
    /// where it cannot be known.
    #[must_use]
    pub fn event(&self, scene: &Scene<'_>, at: usize) -> Option<Dated> {
        self.event_in(&Account::read(*scene, &self.lexicon), at)
    }

    /// [`Dater::event`] for each of several places, for the cost of reading the scene once.
    #[must_use]
    pub fn events(&self, scene: &Scene<'_>, places: &[usize]) -> Vec<Option<Dated>> {
        let account = Account::read(*scene, &self.lexicon);
        places
            .iter()
            .map(|&at| self.event_in(&account, at))
            .collect()
    }

    fn event_in(&self, account: &Account<'_>, at: usize) -> Option<Dated> {
        let (index, place) = self.place_at(account, at);
        if let Some(posted) = posted(account, index) {
            return Some(posted);
        }
        let word = place.reading.at(at);
        let mut found = candidates(account, &place, word, &self.weights, false);
        for candidate in &mut found {
            if candidate.dated.interval.days() > 1 {
                candidate.score -= FOR_A_DAY;
            }
        }
        shares(found, account.scene.published)
            .into_iter()
            .next()
            .map(|(dated, _)| dated)
    }

    /// When what some words of a sentence tell of together happened: for each of several sentences, given by
    /// the bytes of such words in it, the dates with their shares. Verbs count double. A sentence of which no
    /// word is given tells of nothing.
    #[must_use]
    pub fn told(&self, scene: &Scene<'_>, sentences: &[Vec<usize>]) -> Vec<Told> {
        let account = Account::read(*scene, &self.lexicon);
        sentences
            .iter()
            .map(|words| self.told_in(&account, words))
            .collect()
    }

    fn told_in(&self, account: &Account<'_>, words: &[usize]) -> Told {
        let Some(&first) = words.first() else {
            return Told::default();
        };
        let (index, place) = self.place_at(account, first);
        if let Some(posted) = posted(account, index) {
            return Told {
                dates: vec![(posted, 1.0)],
                ..Told::default()
            };
        }
        let mut told = Told::default();
        let (mut most, mut total, mut eventful) = (0.0, 0.0, 0.0);
        for &at in words {
            let word = place.reading.at(at);
            let weight = match place.reading.verb(word) {
                Some(verb) if !verb.reports => VERB_WEIGHT,
                _ => 1.0,
            };
            if weight > most {
                most = weight;
                told.ahead = matches!(tense(account, &place, word), Tense::Future | Tense::Modal);
            }
            let found = candidates(account, &place, word, &self.weights, false);
            total += weight;
            let telling = if place.reading.describes(word) {
                weight * OF_A_STATE
            } else {
                weight
            };
            for (dated, share) in shares(found, account.scene.published) {
                add(&mut told.dates, dated, telling * share);
            }
            eventful += telling;
        }
        for (_, share) in &mut told.dates {
            *share /= total.max(f32::EPSILON);
        }
        told.eventful = eventful / total.max(f32::EPSILON);
        told.dates.sort_by(|a, b| b.1.total_cmp(&a.1));
        told
    }

    /// The dates that the event mentioned at byte `at` can have, with what speaks for each.
    #[must_use]
    pub fn weigh(&self, scene: &Scene<'_>, at: usize) -> Vec<Weighed> {
        let account = Account::read(*scene, &self.lexicon);
        let (_, place) = self.place_at(&account, at);
        let word = place.reading.at(at);
        candidates(&account, &place, word, &self.weights, true)
            .into_iter()
            .map(|candidate| Weighed {
                dated: candidate.dated,
                score: candidate.score,
                features: candidate.features,
            })
            .collect()
    }

    fn place_at(&self, account: &Account<'_>, at: usize) -> (usize, Place) {
        let index = account
            .scene
            .sentences
            .partition_point(|sentence| sentence.end() <= at);
        let mut place = Place::default();
        account.place(index, &self.lexicon, &mut place);
        (index, place)
    }

    fn sentence(&self, account: &Account<'_>, index: usize, place: &mut Place) -> Vec<Dated> {
        if let Some(posted) = posted(account, index) {
            return vec![posted];
        }
        account.place(index, &self.lexicon, place);
        if is_habit(place) {
            return Vec::new();
        }
        let targets = targets(place);
        let mut total: Vec<(Dated, f32)> = Vec::new();
        for &word in targets.iter().take(TARGETS_AT_MOST) {
            let mut found = candidates(account, place, word, &self.weights, false);
            for candidate in found.iter_mut().filter(|candidate| candidate.of_a_noun) {
                candidate.score -= FOR_A_NOUN;
            }
            for (dated, share) in shares(found, account.scene.published) {
                add(&mut total, dated, share);
            }
        }
        total.sort_by(|a, b| b.1.total_cmp(&a.1));
        let best = total.first().map_or(0.0, |(_, share)| *share);
        total
            .into_iter()
            .filter(|(dated, share)| {
                dated.basis == DateBasis::Stated || *share >= WORTH_TELLING * best
            })
            .map(|(dated, _)| dated)
            .collect()
    }
}

/// The words of a sentence whose dates are the sentence's: its finite verbs, those that report speech only
/// where there is no other; else its middle, as in a headline without a verb.
fn targets(place: &Place) -> Vec<usize> {
    let verbs = &place.reading.verbs;
    let finite = || verbs.iter().filter(|verb| verb.tense.is_finite());
    let heads = |reports: bool| -> Vec<usize> {
        finite()
            .filter(|verb| verb.reports == reports)
            .map(|verb| verb.head)
            .collect()
    };
    let mut found = heads(false);
    if found.is_empty() {
        found = heads(true);
    }
    if found.is_empty() {
        found.extend(verbs.first().map(|verb| verb.head));
    }
    if found.is_empty() {
        found.push(place.reading.words.len() / 2);
    }
    found
}

/// Whether the sentence tells of what usually is: it says so, states no date, and no verb in it tells of
/// another time than the present.
fn is_habit(place: &Place) -> bool {
    let present = place
        .reading
        .verbs
        .iter()
        .filter(|verb| verb.tense.is_finite())
        .all(|verb| verb.tense == Tense::Present);
    present
        && place.stated.is_empty()
        && place
            .reading
            .words
            .iter()
            .any(|word| word.kind.is(Kind::HABIT))
}

/// The date under a post, where the sentence `index` is a post.
fn posted(account: &Account<'_>, index: usize) -> Option<Dated> {
    let Scene {
        sentences,
        quotations,
        timexes,
        ..
    } = account.scene;
    let sentence = *sentences.get(index)?;
    let first = quotations.partition_point(|quotation| quotation.extent.start() < sentence.start());
    let post = quotations
        .iter()
        .skip(first)
        .take_while(|quotation| quotation.extent.start() == sentence.start())
        .find(|quotation| quotation.posted.is_some() && quotation.extent == sentence)?;
    let written = post.posted?;
    let first = timexes.partition_point(|timex| timex.span.end() <= written.start());
    let timex = timexes.get(first)?;
    Some(Dated {
        interval: timex.interval.filter(|_| timex.span.overlaps(written))?,
        value: timex.value.clone(),
        modifier: timex.modifier,
        basis: DateBasis::Stated,
    })
}

/// Adds the share of a date to what is known of it.
fn add(shares: &mut Vec<(Dated, f32)>, dated: Dated, share: f32) {
    match shares
        .iter_mut()
        .find(|(known, _)| known.interval == dated.interval)
    {
        Some((known, sum)) => {
            *sum += share;
            if dated.basis < known.basis {
                *known = dated;
            }
        }
        None => shares.push((dated, share)),
    }
}

/// The dates of `candidates`, likeliest first, each with its share of 1: a conditional logit in which the
/// candidates of one date count together.
fn shares(candidates: Vec<Candidate>, published: Date) -> Vec<(Dated, f32)> {
    let most = candidates
        .iter()
        .map(|candidate| candidate.score)
        .fold(f32::MIN, f32::max);
    let mut dates: Vec<(Dated, f32)> = Vec::with_capacity(candidates.len());
    let mut total = 0.0;
    for candidate in candidates {
        let share = (candidate.score - most).exp();
        total += share;
        add(&mut dates, candidate.dated, share);
    }
    for (_, share) in &mut dates {
        *share /= total;
    }
    for (dated, _) in &mut dates {
        if dated.basis == DateBasis::Carried && Interval::day(published) == Some(dated.interval) {
            dated.basis = DateBasis::Published;
        }
    }
    dates.sort_by(|a, b| b.1.total_cmp(&a.1));
    dates
}
