//! The choice of a date.

use jiff::civil::Date;

use super::{DateBasis, Dated};
use crate::{
    language::Language,
    quotation::Quotation,
    text::Span,
    timex::{Basis, Interval, Timex, TimexKind, TimexValue},
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

/// Judges when things happened, by a language's rules.
#[derive(Debug)]
pub struct Dater {}

impl Dater {
    /// The judge for texts in `language`.
    #[must_use]
    pub fn new(_language: &Language) -> Self {
        Self {}
    }

    /// For each sentence of the scene, when what it tells of happened, likeliest first.
    #[must_use]
    pub fn sentences(&self, scene: &Scene<'_>) -> Vec<Vec<Dated>> {
        let mut timexes = scene.timexes.iter().peekable();
        scene
            .sentences
            .iter()
            .map(|sentence| {
                let mut dates: Vec<Dated> = Vec::new();
                while let Some(timex) = timexes.next_if(|timex| timex.span.start() < sentence.end())
                {
                    if sentence.contains(timex.span)
                        && let Some(dated) = stated(timex)
                        && !dates.iter().any(|known| known.interval == dated.interval)
                    {
                        dates.push(dated);
                    }
                }
                if dates.is_empty() {
                    dates.extend(published(scene.published));
                }
                dates
            })
            .collect()
    }

    /// When the event mentioned at byte `at` happened; nothing where it cannot be known.
    #[must_use]
    pub fn event(&self, scene: &Scene<'_>, at: usize) -> Option<Dated> {
        let index = scene
            .sentences
            .partition_point(|sentence| sentence.end() <= at);
        self.sentences(scene)
            .get(index)
            .and_then(|dates| dates.first().cloned())
    }
}

/// The date that `timex` states, if it states one.
fn stated(timex: &Timex) -> Option<Dated> {
    let dated =
        matches!(timex.kind, TimexKind::Date | TimexKind::Time) && timex.basis != Basis::None;
    let interval = timex.interval.filter(|_| dated)?;
    Some(Dated {
        interval,
        value: timex.value.clone(),
        modifier: timex.modifier,
        basis: DateBasis::Stated,
    })
}

/// The publication date as a date of last resort.
fn published(date: Date) -> Option<Dated> {
    let value: TimexValue = date.to_string().parse().ok()?;
    Some(Dated {
        interval: Interval::day(date)?,
        value,
        modifier: None,
        basis: DateBasis::Published,
    })
}
