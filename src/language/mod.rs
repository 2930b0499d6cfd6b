//! A language: a folder of TOML files that a journalist could correct, read and validated.
//!
//! `data/en` is embedded in the binary; a folder of the same form can be given in its place. Word
//! lists, patterns and wording live there; calendar arithmetic, attribution and ranking are code.
//! Every rule carries `examples` it must match and `not` it must leave alone; `tests/rules.rs` runs them.

mod contraries;
mod cues;
mod dating;
mod furniture;
mod grammar;
mod holidays;
mod names;
mod questions;
mod ranking;
mod related;
mod timex;
mod titles;
mod wording;
mod words;

use std::{
    hash::Hasher,
    io::ErrorKind,
    path::{Path, PathBuf},
};

use include_dir::{Dir, include_dir};
use serde::de::DeserializeOwned;
use twox_hash::XxHash3_64;

pub use contraries::Contraries;
pub use cues::{CueClass, CueExample, Cues};
pub use dating::{Dating, DatingExample, DatingWeights};
pub use furniture::{Furniture, FurnitureKind, StampExample, StampRule};
pub use grammar::Grammar;
pub use holidays::{Holiday, Holidays, When};
pub use names::Names;
pub use questions::{Expected, Questions};
pub use ranking::Ranking;
pub use related::Related;
pub use timex::{DateOrder, ModifierRule, Payload, RangeWords, TimexData, TimexRule};
pub use titles::Titles;
pub use wording::Wording;
pub use words::Words;

static EMBEDDED: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/data/en");

/// Where a language is read from.
#[derive(Clone, Debug, Default)]
pub enum Source {
    /// English, as shipped in the binary.
    #[default]
    Embedded,
    /// A folder of the same files.
    Folder(PathBuf),
    /// One of the two, for articles that write their dates in figures in the given order.
    Ordered(DateOrder, Box<Source>),
}

impl Source {
    /// The same language, for articles that write their dates in figures in the given order.
    #[must_use]
    pub fn with_date_order(self, order: DateOrder) -> Self {
        Self::Ordered(order, Box::new(self))
    }

    /// The folder, if it is not the embedded one.
    fn folder(&self) -> Option<&Path> {
        match self {
            Self::Embedded => None,
            Self::Folder(folder) => Some(folder),
            Self::Ordered(_, source) => source.folder(),
        }
    }

    fn date_order(&self) -> DateOrder {
        match self {
            Self::Embedded | Self::Folder(_) => DateOrder::default(),
            Self::Ordered(order, _) => *order,
        }
    }
}

/// What is wrong with a file of a language.
#[derive(Debug, thiserror::Error)]
#[error("{file}: {reason}")]
pub struct LanguageError {
    /// The file's name or path.
    pub file: String,
    /// The place in it and what is wrong there.
    pub reason: String,
}

/// Everything that a language folder says.
#[derive(Debug)]
pub struct Language {
    /// `language.toml`: abbreviations, stop words, month names for display.
    pub words: Words,
    /// `furniture.toml`: paragraphs that are no prose (teasers, credits, lead-ins, embedded posts).
    pub furniture: Furniture,
    /// `timex.toml`: words and patterns of time.
    pub timex: TimexData,
    /// `holidays.toml`: named days and how each year's date is found.
    pub holidays: Holidays,
    /// `cues.toml`: verbs and nouns that announce speech.
    pub cues: Cues,
    /// `titles.toml`: titles before names, and words that tell what a name names.
    pub titles: Titles,
    /// `names.toml`: first names and the gender they tell.
    pub names: Names,
    /// `grammar.toml`: function words.
    pub grammar: Grammar,
    /// `dating.toml`: verb forms by what they tell of time.
    pub dating: Dating,
    /// `dating-weights.toml`: what speaks for a date, and how much.
    pub dating_weights: DatingWeights,
    /// `questions.toml`: how questions open, and what they ask for; word forms and synonyms.
    pub questions: Questions,
    /// `related.tsv`: word forms and synonyms. A folder may do without it.
    pub related: Related,
    /// `contraries.tsv`: words that say the contrary of each other. A folder may do without it.
    pub contraries: Contraries,
    /// `ranking.toml`: what speaks for a sentence, and how much.
    pub ranking: Ranking,
    /// `wording.toml`: the bot's own words.
    pub wording: Wording,
    /// A hash of the files by which articles are read: what was read by other rules must be read again.
    pub reading_fingerprint: u64,
    /// How "02/03/2021" is read. It differs within a language, so no file says it.
    pub date_order: DateOrder,
}

/// The files by which articles are read; the others serve questions and answers.
const READING: [&str; 10] = [
    "language.toml",
    "furniture.toml",
    "timex.toml",
    "holidays.toml",
    "cues.toml",
    "titles.toml",
    "names.toml",
    "grammar.toml",
    "dating.toml",
    "dating-weights.toml",
];

impl Language {
    /// Reads and validates every file of `source`.
    ///
    /// # Errors
    /// Every problem of every file at once, so that they can be mended in one go.
    pub fn read(source: &Source) -> Result<Self, Vec<LanguageError>> {
        let mut problems = Vec::new();
        let words = file(source, "language.toml", Words::validate, &mut problems);
        let furniture = file(source, "furniture.toml", Furniture::validate, &mut problems);
        let timex = file(source, "timex.toml", TimexData::validate, &mut problems);
        let holidays = file(source, "holidays.toml", Holidays::validate, &mut problems);
        let cues = file(source, "cues.toml", Cues::validate, &mut problems);
        let titles = file(source, "titles.toml", Titles::validate, &mut problems);
        let names = file(source, "names.toml", Names::validate, &mut problems);
        let grammar = file(source, "grammar.toml", Grammar::validate, &mut problems);
        let dating = file(source, "dating.toml", Dating::validate, &mut problems);
        let dating_weights = file(
            source,
            "dating-weights.toml",
            DatingWeights::validate,
            &mut problems,
        );
        let questions = file(source, "questions.toml", Questions::validate, &mut problems);
        let ranking = file(source, "ranking.toml", Ranking::validate, &mut problems);
        let related = table(source, "related.tsv", Related::read, &mut problems);
        let contraries = table(
            source,
            "contraries.tsv",
            |text| Contraries::read(&text),
            &mut problems,
        );
        let wording = file(source, "wording.toml", Wording::validate, &mut problems);
        // A file that could not be read is among the problems; the rest is read all the same, to tell all of them.
        let whole = || {
            Some(Self {
                words: words?,
                furniture: furniture?,
                timex: timex?,
                holidays: holidays?,
                cues: cues?,
                titles: titles?,
                names: names?,
                grammar: grammar?,
                dating: dating?,
                dating_weights: dating_weights?,
                questions: questions?,
                related: related?,
                contraries: contraries?,
                ranking: ranking?,
                wording: wording?,
                reading_fingerprint: reading_fingerprint(source),
                date_order: source.date_order(),
            })
        };
        match whole() {
            Some(language) if problems.is_empty() => Ok(language),
            _ => Err(problems),
        }
    }
}

fn reading_fingerprint(source: &Source) -> u64 {
    let mut hasher = XxHash3_64::new();
    for name in READING {
        // A file that cannot be read is told where it is parsed.
        let (_, content) = content(source, name);
        hasher.write(content.unwrap_or_default().as_bytes());
        hasher.write_u8(0xFF);
    }
    hasher.write_u8(match source.date_order() {
        DateOrder::DayMonth => 0,
        DateOrder::MonthDay => 1,
    });
    hasher.finish()
}

/// Reads one file; what is wrong with it goes to `problems`. A file that parses is still validated as a
/// whole, so `validate` may say several things of it.
fn file<T: DeserializeOwned>(
    source: &Source,
    name: &str,
    validate: fn(&mut T) -> Vec<String>,
    problems: &mut Vec<LanguageError>,
) -> Option<T> {
    let (shown, content) = content(source, name);
    let mut fail = |reason: String| {
        problems.push(LanguageError {
            file: shown.clone(),
            reason,
        });
    };
    let content = content.map_err(|error| fail(error.to_string())).ok()?;
    let mut value: T = toml::from_str(&content)
        .map_err(|error| fail(error.to_string()))
        .ok()?;
    for reason in validate(&mut value) {
        fail(reason);
    }
    Some(value)
}

/// Reads a table that a folder may do without.
fn table<T: Default>(
    source: &Source,
    name: &str,
    read: fn(String) -> Result<T, Vec<String>>,
    problems: &mut Vec<LanguageError>,
) -> Option<T> {
    let (shown, content) = content(source, name);
    let read = match content {
        Ok(content) => read(content),
        Err(error) if error.kind() == ErrorKind::NotFound && source.folder().is_some() => {
            Ok(T::default())
        }
        Err(error) => Err(vec![error.to_string()]),
    };
    let fail = |reasons: Vec<String>| {
        problems.extend(reasons.into_iter().map(|reason| LanguageError {
            file: shown.clone(),
            reason,
        }));
    };
    read.map_err(fail).ok()
}

/// How a file is named to people, and what stands in it.
fn content(source: &Source, name: &str) -> (String, std::io::Result<String>) {
    match source.folder() {
        None => (
            format!("data/en/{name} (built in)"),
            EMBEDDED
                .get_file(name)
                .and_then(|file| file.contents_utf8())
                .map(str::to_owned)
                .ok_or_else(|| {
                    std::io::Error::new(ErrorKind::NotFound, "is missing from this build")
                }),
        ),
        Some(folder) => {
            let path = folder.join(name);
            (path.display().to_string(), std::fs::read_to_string(&path))
        }
    }
}
