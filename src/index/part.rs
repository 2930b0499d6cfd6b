//! A part of an index: some outlets, some days of publication. What lies outside is not there.
//!
//! Over any backend, in terms of its own look-ups, so that none can forget the filter. What a search costs is
//! multiplied by the number of outlets. How rare a word is counts in the whole: it only weighs.

use std::{
    collections::{BTreeSet, HashSet},
    sync::{Arc, Mutex, PoisonError},
};

use super::{
    Concept, Counted, FileRecord, Hit, Index, IndexError, Known, Query, Record, Size, Terms,
};
use crate::{
    article::Fingerprint, language::Words, passage::Document, text::fold, timex::Interval,
};

/// How many of the newest articles are looked through for some of the part.
const LOOKED_THROUGH: usize = 5_000;

/// How many at once.
const PAGE: usize = 100;

/// How many more words than wanted are looked up, since some are not in the part.
const SPARE: usize = 3;

/// Which part. The default is the whole.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Part {
    /// The outlets, as they are written; none are all, those of unknown outlet included.
    pub outlets: BTreeSet<String>,
    /// The days of publication.
    pub published: Option<Interval>,
}

impl Part {
    /// Whether it is everything.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.outlets.is_empty() && self.published.is_none()
    }

    /// Whether `document` belongs to it.
    #[must_use]
    pub fn holds(&self, document: &Document) -> bool {
        let article = &document.article;
        let day = self
            .published
            .is_none_or(|days| days.contains(article.published));
        day && (self.outlets.is_empty()
            || article
                .outlet
                .as_ref()
                .is_some_and(|outlet| self.names(outlet)))
    }

    fn names(&self, outlet: &str) -> bool {
        let folded = fold(outlet);
        self.outlets.iter().any(|known| fold(known) == folded)
    }
}

/// A part of another index. It is only read.
pub struct Partial {
    whole: Arc<dyn Index>,
    part: Part,
    words: Arc<Words>,
    /// What [`Index::size`] says, and of which size of the whole it is true.
    size: Mutex<Option<(Size, Size)>>,
}

impl Partial {
    /// The part of `whole`, whose texts are in the language of `words`.
    #[must_use]
    pub fn new(whole: Arc<dyn Index>, part: Part, words: Arc<Words>) -> Self {
        Self {
            whole,
            part,
            words,
            size: Mutex::default(),
        }
    }

    /// The counted texts of which some article of the part tells.
    fn told_of(&self, counted: Vec<Counted>, limit: usize) -> Result<Vec<Counted>, IndexError> {
        let mut told = Vec::new();
        for one in counted {
            if told.len() == limit {
                break;
            }
            let concepts: Vec<Concept> = Terms::new(&one.text, &self.words)
                .map(|term| Concept {
                    stems: vec![(term.stem.to_string(), 1.0)],
                    weight: 1.0,
                    required: true,
                })
                .collect();
            let query = Query {
                concepts,
                ..Query::default()
            };
            if !self.search(&query, 1)?.is_empty() {
                told.push(one);
            }
        }
        Ok(told)
    }
}

impl Index for Partial {
    fn add(&self, _: &[Record<'_>]) -> Result<(), IndexError> {
        Err(IndexError::ReadOnly)
    }

    fn remove(&self, _: &[u64]) -> Result<(), IndexError> {
        Err(IndexError::ReadOnly)
    }

    fn known(&self, ids: &[&str]) -> Result<Vec<Option<Known>>, IndexError> {
        let mut known = self.whole.known(ids)?;
        for one in &mut known {
            if let Some(number) = one.as_ref().map(|known| known.number)
                && self.document(number)?.is_none()
            {
                *one = None;
            }
        }
        Ok(known)
    }

    fn prints_like(&self, _: &[Fingerprint]) -> Result<Vec<(String, Fingerprint)>, IndexError> {
        Err(IndexError::ReadOnly)
    }

    fn remember(&self, _: &FileRecord) -> Result<(), IndexError> {
        Err(IndexError::ReadOnly)
    }

    fn forget(&self, _: &[&str]) -> Result<(), IndexError> {
        Err(IndexError::ReadOnly)
    }

    fn files(&self) -> Result<Vec<FileRecord>, IndexError> {
        Ok(Vec::new())
    }

    fn articles_of(&self, paths: &[&str]) -> Result<Vec<Vec<u64>>, IndexError> {
        Ok(vec![Vec::new(); paths.len()])
    }

    fn commit(&self) -> Result<(), IndexError> {
        Err(IndexError::ReadOnly)
    }

    fn complete(&self) -> Result<(), IndexError> {
        Err(IndexError::ReadOnly)
    }

    fn damaged(&self) -> Result<Vec<String>, IndexError> {
        self.whole.damaged()
    }

    fn is_read_only(&self) -> bool {
        true
    }

    fn search(&self, query: &Query, limit: usize) -> Result<Vec<Hit>, IndexError> {
        let mut query = query.clone();
        query.published = match (query.published, self.part.published) {
            (Some(asked), Some(own)) => match asked.intersection(own) {
                Some(both) => Some(both),
                None => return Ok(Vec::new()),
            },
            (asked, own) => asked.or(own),
        };
        if self.part.outlets.is_empty() {
            return self.whole.search(&query, limit);
        }
        if let Some(outlet) = &query.outlet {
            return if self.part.names(outlet) {
                self.whole.search(&query, limit)
            } else {
                Ok(Vec::new())
            };
        }
        let mut hits = Vec::new();
        for outlet in &self.part.outlets {
            query.outlet = Some(outlet.clone());
            hits.extend(self.whole.search(&query, limit)?);
        }
        // An outlet may be named twice, in other capitals.
        let mut seen = HashSet::new();
        hits.retain(|hit| seen.insert((hit.article, hit.paragraphs)));
        hits.sort_by(|a, b| b.score.total_cmp(&a.score));
        hits.truncate(limit);
        Ok(hits)
    }

    fn document(&self, number: u64) -> Result<Option<Arc<Document>>, IndexError> {
        let document = self.whole.document(number)?;
        Ok(document.filter(|document| self.part.holds(document)))
    }

    fn documents(&self, numbers: &[u64]) -> Result<Vec<Option<Arc<Document>>>, IndexError> {
        let mut documents = self.whole.documents(numbers)?;
        for document in &mut documents {
            *document = document.take().filter(|document| self.part.holds(document));
        }
        Ok(documents)
    }

    fn number(&self, id: &str) -> Result<Option<u64>, IndexError> {
        let Some(number) = self.whole.number(id)? else {
            return Ok(None);
        };
        Ok(self.document(number)?.map(|_| number))
    }

    fn newest(&self, skip: usize, limit: usize) -> Result<Vec<u64>, IndexError> {
        let mut found = Vec::new();
        for page in 0..LOOKED_THROUGH / PAGE {
            let numbers = self.whole.newest(page * PAGE, PAGE)?;
            for number in &numbers {
                if found.len() == skip + limit {
                    break;
                }
                if self.document(*number)?.is_some() {
                    found.push(*number);
                }
            }
            if numbers.len() < PAGE || found.len() == skip + limit {
                break;
            }
        }
        Ok(found.split_off(skip.min(found.len())))
    }

    fn highest(&self) -> Result<u64, IndexError> {
        self.whole.highest()
    }

    fn frequencies(&self, stems: &[&str]) -> Result<Vec<u64>, IndexError> {
        self.whole.frequencies(stems)
    }

    fn words(&self, prefix: &str, limit: usize) -> Result<Vec<Counted>, IndexError> {
        self.told_of(self.whole.words(prefix, SPARE * limit)?, limit)
    }

    fn near(&self, word: &str, limit: usize) -> Result<Vec<Counted>, IndexError> {
        self.told_of(self.whole.near(word, SPARE * limit)?, limit)
    }

    fn names(&self, prefix: &str, limit: usize) -> Result<Vec<Counted>, IndexError> {
        self.told_of(self.whole.names(prefix, SPARE * limit)?, limit)
    }

    /// Articles, windows and days are counted; what is found in them is counted of the whole only.
    fn size(&self) -> Result<Size, IndexError> {
        let whole = self.whole.size()?;
        let mut known = self.size.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((of, size)) = *known
            && of == whole
        {
            return Ok(size);
        }
        let everything = Query {
            everything: true,
            ..Query::default()
        };
        let windows = usize::try_from(whole.windows).unwrap_or(usize::MAX);
        let hits = self.search(&everything, windows.max(1))?;
        let articles: HashSet<u64> = hits.iter().map(|hit| hit.article).collect();
        let published = match (whole.published, self.part.published) {
            _ if articles.is_empty() => None,
            (Some((first, last)), Some(own)) => {
                Some((first.max(own.begin()), last.min(own.last())))
            }
            (published, _) => published,
        };
        let size = Size {
            articles: articles.len() as u64,
            windows: hits.len() as u64,
            published,
            ..Size::default()
        };
        *known = Some((whole, size));
        Ok(size)
    }
}
