//! Article → document: every tool of the lower floors, run once over an article's text.

use std::{borrow::Cow, sync::Arc};

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
        let stamps = self.language.furniture.stamps(body);
        // Whoever is named in a stamp says nothing, and nothing happened when the page was printed.
        let prose = without(body, &stamps);
        let mut timexes = self.tagger.tag(body, article.published);
        timexes.retain(|timex| !stamps.iter().any(|stamp| stamp.overlaps(timex.span)));
        let quotations = self.extractor.extract(&prose);
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
                    text::sentences(&prose, span, self.language.words.abbreviations())
                        .into_iter()
                        .flat_map(|sentence| apart(&prose, sentence, &stamps))
                        .collect(),
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

/// `text` with blanks in place of its `stamps`, so that spans of the one are spans of the other.
fn without<'t>(text: &'t str, stamps: &[Span]) -> Cow<'t, str> {
    if stamps.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut prose = String::with_capacity(text.len());
    let mut end = 0;
    for stamp in stamps {
        prose.push_str(text.get(end..stamp.start()).unwrap_or_default());
        // A line end stays where it is: it ends a paragraph.
        prose.extend(
            stamp
                .of(text)
                .bytes()
                .map(|byte| if byte == b'\n' { '\n' } else { ' ' }),
        );
        end = stamp.end();
    }
    prose.push_str(text.get(end..).unwrap_or_default());
    Cow::Owned(prose)
}

/// The parts of `sentence` before, between and after the stamps inside it.
fn apart(prose: &str, sentence: Span, stamps: &[Span]) -> Vec<Span> {
    let mut parts = Vec::new();
    let mut start = sentence.start();
    let mut push = |start, end| {
        let part = Span::new(prose, start, end).map(|part| part.trimmed(prose));
        parts.extend(part.filter(|part| !part.is_empty()));
    };
    for stamp in stamps.iter().filter(|stamp| stamp.overlaps(sentence)) {
        push(start, stamp.start().max(start));
        start = stamp.end().min(sentence.end());
    }
    push(start, sentence.end());
    parts
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
