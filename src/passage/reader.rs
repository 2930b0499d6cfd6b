//! Article → document: every tool of the lower floors, run once over an article's text.

use std::sync::Arc;

use super::{Document, Passage, Sentence};
use crate::{
    article::Article,
    dating::{Dater, Scene},
    language::{FurnitureKind, Language},
    quotation::{Extractor, ExtractorError, Quotation, QuotationKind},
    text::{self, Span},
    timex::{Tagger, TaggerError, Timex},
};

/// A language's rules that do not compile.
#[derive(Debug, thiserror::Error)]
pub enum ReaderError {
    /// The rules of time.
    #[error(transparent)]
    Timex(#[from] TaggerError),
    /// The rules of quotation.
    #[error(transparent)]
    Quotation(#[from] ExtractorError),
}

/// Reads articles. Cheap to share between threads, dear to make.
#[derive(Debug)]
pub struct Reader {
    language: Arc<Language>,
    tagger: Tagger,
    extractor: Extractor,
    dater: Dater,
}

impl Reader {
    /// Compiles the rules of `language`.
    ///
    /// # Errors
    /// Names the rule that does not compile.
    pub fn new(language: Arc<Language>) -> Result<Self, ReaderError> {
        let tagger = Tagger::new(&language)?;
        let extractor = Extractor::new(&language)?;
        let dater = Dater::new(&language);
        Ok(Self {
            language,
            tagger,
            extractor,
            dater,
        })
    }

    /// The language whose rules these are.
    #[must_use]
    pub fn language(&self) -> &Arc<Language> {
        &self.language
    }

    /// The tagger of time expressions.
    #[must_use]
    pub fn tagger(&self) -> &Tagger {
        &self.tagger
    }

    /// The extractor of quotations.
    #[must_use]
    pub fn extractor(&self) -> &Extractor {
        &self.extractor
    }

    /// The judge of dates.
    #[must_use]
    pub fn dater(&self) -> &Dater {
        &self.dater
    }

    /// Reads an article: its paragraphs, sentences, time expressions, quotations and dates.
    #[must_use]
    pub fn read(&self, article: Article) -> Document {
        let body = article.body.as_str();
        let timexes = self.tagger.tag(body, article.published);
        let quotations = self.extractor.extract(body);
        let mut passages: Vec<Passage> = Vec::new();
        let mut timexes_left = timexes.iter().peekable();
        let mut quotations_left = quotations.iter().peekable();
        for (number, span) in (1..).zip(text::paragraphs(body)) {
            let furniture = self.language.furniture.classify(span.of(body));
            let quotations: Vec<Quotation> =
                take_before(&mut quotations_left, span.end(), |quotation| {
                    quotation.extent.start()
                });
            let sentences = match (furniture, quotations.first()) {
                (Some(FurnitureKind::Post), Some(post)) => vec![post.extent],
                _ => whole_quotations(
                    text::sentences(body, span, self.language.words.abbreviations()),
                    &quotations,
                ),
            };
            passages.push(Passage {
                number,
                span,
                furniture,
                sentences: sentences
                    .into_iter()
                    .map(|span| Sentence {
                        span,
                        dates: Vec::new(),
                    })
                    .collect(),
                timexes: take_before(&mut timexes_left, span.end(), |timex: &Timex| {
                    timex.span.start()
                }),
                quotations,
            });
        }
        self.date(&article, &timexes, &quotations, &mut passages);
        Document {
            article,
            also: Vec::new(),
            passages,
        }
    }

    fn date(
        &self,
        article: &Article,
        timexes: &[Timex],
        quotations: &[Quotation],
        passages: &mut [Passage],
    ) {
        let sentences: Vec<Span> = passages
            .iter()
            .flat_map(|passage| passage.sentences.iter().map(|sentence| sentence.span))
            .collect();
        let scene = Scene {
            text: &article.body,
            published: article.published,
            sentences: &sentences,
            timexes,
            quotations,
        };
        let mut dates = self.dater.sentences(&scene).into_iter();
        for sentence in passages
            .iter_mut()
            .flat_map(|passage| &mut passage.sentences)
        {
            sentence.dates = dates.next().unwrap_or_default();
        }
    }
}

/// The longest that sentences joined by a quotation may become, in bytes.
const JOINED_LENGTH: usize = 400;

/// Joins sentences between which a quotation runs on, as long as they stay short enough to be read at once:
/// the words of one speaker do not fall apart, and their marks stay in pairs.
fn whole_quotations(sentences: Vec<Span>, quotations: &[Quotation]) -> Vec<Span> {
    let runs_on = |before: Span, after: Span| {
        quotations
            .iter()
            .filter(|quotation| quotation.kind != QuotationKind::Indirect)
            .any(|quotation| quotation.extent.overlaps(before) && quotation.extent.overlaps(after))
    };
    let mut joined: Vec<Span> = Vec::new();
    for sentence in sentences {
        match joined.last_mut() {
            Some(last)
                if runs_on(*last, sentence) && last.join(sentence).len() <= JOINED_LENGTH =>
            {
                *last = last.join(sentence);
            }
            _ => joined.push(sentence),
        }
    }
    joined
}

/// The items that start before byte `end`, taken from the front of an ordered sequence.
fn take_before<'i, T: Clone + 'i>(
    items: &mut std::iter::Peekable<impl Iterator<Item = &'i T>>,
    end: usize,
    start: fn(&T) -> usize,
) -> Vec<T> {
    let mut taken = Vec::new();
    while let Some(item) = items.next_if(|item| start(item) < end) {
        taken.push(item.clone());
    }
    taken
}
