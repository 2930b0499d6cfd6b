//! Documents and files as the cluster's records.
//!
//! A record's id follows from the article's id or the file's path, so that writing it twice changes nothing:
//! an article's is a hash, a window's that hash and its number.

use std::collections::BTreeSet;

use base64::{Engine, engine::general_purpose::STANDARD};
use serde::{Serialize, de::DeserializeOwned};
use twox_hash::XxHash3_128;

use super::mapping::{Kind, stems};
use crate::{
    article::Fingerprint,
    index::{
        FileRecord, IndexError, Record,
        days::days_since_1970,
        record::Contents,
        vocabulary::{name_terms, words},
        window::windows,
    },
    language::Words,
    text::fold,
};

/// How hard stored documents are packed: the first step saves most of what can be saved.
const PACKING: i32 = 1;

/// The longest word by which completions and misspelt words are looked up, in bytes.
const WORD_AT_MOST: usize = 200;

/// One thing to do, in the form of `_bulk`.
#[derive(Clone, Debug)]
pub struct Operation {
    /// The article or file that it is about, as people call it.
    pub about: String,
    /// The line that says what to do, and the record if there is one.
    pub lines: String,
}

/// What is written of an article.
pub struct Written {
    /// Its windows, and the removal of those that are too many.
    pub windows: Vec<Operation>,
    /// Its own record.
    pub own: Operation,
}

/// The record id of an article.
pub fn article_key(id: &str) -> String {
    format!("{:032x}", XxHash3_128::oneshot(id.as_bytes()))
}

/// The record id of a window.
pub fn window_key(article: &str, number: usize) -> String {
    format!("{article}-{number}")
}

/// The record id of a file.
pub fn file_key(path: &str) -> String {
    format!("file-{:032x}", XxHash3_128::oneshot(path.as_bytes()))
}

#[derive(Serialize)]
struct ArticleRecord<'d> {
    kind: Kind,
    article: u64,
    id: &'d str,
    file: &'d str,
    fingerprint: i64,
    mark: String,
    print: String,
    windows: usize,
    passages: u64,
    sentences: u64,
    timexes: u64,
    quotations: u64,
    published: i64,
    stored: String,
    word: String,
    name: BTreeSet<String>,
}

#[derive(Serialize)]
struct WindowRecord<'d> {
    kind: Kind,
    article: u64,
    fingerprint: i64,
    first: u32,
    last: u32,
    published: i64,
    quoting: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    outlet: Option<&'d str>,
    #[serde(skip_serializing_if = "str::is_empty")]
    headline: &'d str,
    text: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    speaker: String,
    day: String,
}

#[derive(Serialize)]
struct PathRecord<'d> {
    kind: Kind,
    path: &'d str,
    stored: String,
}

/// An article and its windows, in place of the first `before` windows that it had.
pub fn written(
    number: u64,
    record: &Record<'_>,
    before: usize,
    vocabulary: &Words,
) -> Result<Written, IndexError> {
    let document = record.document;
    let article = &document.article;
    let key = article_key(&article.id);
    let published = days_since_1970(article.published);
    let outlet = article.outlet.as_deref().map(fold);
    let fingerprint = record.fingerprint.cast_signed();
    let headline = stems(article.headline.as_deref(), vocabulary);

    let mut operations = Vec::new();
    for (at, window) in windows(document).iter().enumerate() {
        let (first, last) = window.paragraphs();
        let texts = window
            .passages
            .iter()
            .map(|passage| document.text(passage.span));
        let record = WindowRecord {
            kind: Kind::Window,
            article: number,
            fingerprint,
            first,
            last,
            published,
            quoting: window.quotes(),
            outlet: outlet.as_deref(),
            headline: &headline,
            text: stems(texts, vocabulary),
            speaker: stems(window.speakers(document), vocabulary),
            day: terms(window.days()),
        };
        operations.push(Operation::index(
            &article.id,
            &window_key(&key, at),
            &record,
        )?);
    }
    let count = operations.len();
    let surplus = (count..before).map(|at| Operation::delete(&article.id, &window_key(&key, at)));
    operations.extend(surplus);

    let contents = Contents::of(document);
    let own = ArticleRecord {
        kind: Kind::Article,
        article: number,
        id: &article.id,
        file: record.file,
        fingerprint,
        mark: terms(record.print.marks().into_iter().map(mark)),
        print: STANDARD.encode(bytes(&article.id, &record.print)?),
        windows: count,
        passages: contents.passages,
        sentences: contents.sentences,
        timexes: contents.timexes,
        quotations: contents.quotations,
        published,
        stored: packed(&article.id, document)?,
        word: terms(
            words(document)
                .into_iter()
                .filter(|word| word.len() <= WORD_AT_MOST),
        ),
        name: name_terms(document),
    };
    Ok(Written {
        windows: operations,
        own: Operation::index(&article.id, &key, &own)?,
    })
}

/// Terms as one text.
fn terms(terms: impl IntoIterator<Item: AsRef<str>>) -> String {
    let mut text = String::new();
    for term in terms {
        text.push_str(term.as_ref());
        text.push(' ');
    }
    text
}

/// A mark of a fingerprint as a term.
pub fn mark(mark: u64) -> String {
    format!("{mark:016x}")
}

/// What removes an article that has so many windows.
pub fn removed(key: &str, windows: usize) -> Vec<Operation> {
    let about = format!("the article with the key {key}");
    std::iter::once(key.to_owned())
        .chain((0..windows).map(|at| window_key(key, at)))
        .map(|key| Operation::delete(&about, &key))
        .collect()
}

/// What remembers a file.
pub fn remembered(file: &FileRecord) -> Result<Operation, IndexError> {
    let record = PathRecord {
        kind: Kind::File,
        path: &file.path,
        stored: packed(&file.path, file)?,
    };
    Operation::index(&file.path, &file_key(&file.path), &record)
}

/// What forgets a file.
pub fn forgotten(path: &str) -> Operation {
    Operation::delete(path, &file_key(path))
}

impl Operation {
    fn index(about: &str, key: &str, record: &impl Serialize) -> Result<Self, IndexError> {
        let record = serde_json::to_string(record).map_err(|error| IndexError::Document {
            id: about.to_owned(),
            reason: error.to_string(),
        })?;
        Ok(Self {
            about: about.to_owned(),
            lines: format!("{{\"index\":{{\"_id\":\"{key}\"}}}}\n{record}\n"),
        })
    }

    fn delete(about: &str, key: &str) -> Self {
        Self {
            about: about.to_owned(),
            lines: format!("{{\"delete\":{{\"_id\":\"{key}\"}}}}\n"),
        }
    }
}

/// A value as a record stores it.
pub fn packed<T: Serialize>(id: &str, value: &T) -> Result<String, IndexError> {
    let packed = zstd::stream::encode_all(&*bytes(id, value)?, PACKING).map_err(|error| {
        IndexError::Document {
            id: id.to_owned(),
            reason: error.to_string(),
        }
    })?;
    Ok(STANDARD.encode(packed))
}

fn bytes<T: Serialize>(id: &str, value: &T) -> Result<Vec<u8>, IndexError> {
    postcard::to_allocvec(value).map_err(|error| IndexError::Document {
        id: id.to_owned(),
        reason: error.to_string(),
    })
}

/// The fingerprint that a record stores; nothing for one of another version.
pub fn print(stored: &str) -> Option<Fingerprint> {
    postcard::from_bytes(&STANDARD.decode(stored).ok()?).ok()
}

/// The value that a record stores.
pub fn unpacked<T: DeserializeOwned>(id: &str, stored: &str) -> Result<T, IndexError> {
    let damaged = |reason: String| IndexError::Document {
        id: id.to_owned(),
        reason,
    };
    let packed = STANDARD
        .decode(stored)
        .map_err(|error| damaged(error.to_string()))?;
    let bytes = zstd::stream::decode_all(&*packed).map_err(|error| damaged(error.to_string()))?;
    postcard::from_bytes(&bytes).map_err(|error| damaged(error.to_string()))
}
