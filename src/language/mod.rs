//! A language: a folder of TOML files that a journalist could correct, read and validated.
//!
//! `data/en` is embedded in the binary; a folder of the same form can be given in its place. Of other
//! languages `data` has the bot's own words only: articles are read in one language, and spoken of in many. Word
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
mod required;
mod timex;
mod titles;
mod wording;
mod words;

use std::{
    collections::BTreeMap,
    hash::Hasher,
    io::ErrorKind,
    path::{Path, PathBuf},
    sync::Arc,
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

static EMBEDDED: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/data");

/// The language whose rules are embedded.
const ENGLISH: &str = "en";

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

/// Everything that a language folder says: the rules of the articles' language, and the words in which the
/// bot speaks of them. Cheap to copy, so that the same rules can go with the words of another language.
#[derive(Clone, Debug)]
pub struct Language {
    /// `language.toml`: abbreviations, stop words.
    pub words: Arc<Words>,
    /// `furniture.toml`: paragraphs that are no prose (teasers, credits, lead-ins, embedded posts).
    pub furniture: Arc<Furniture>,
    /// `timex.toml`: words and patterns of time.
    pub timex: Arc<TimexData>,
    /// `holidays.toml`: named days and how each year's date is found.
    pub holidays: Arc<Holidays>,
    /// `cues.toml`: verbs and nouns that announce speech.
    pub cues: Arc<Cues>,
    /// `titles.toml`: titles before names, and words that tell what a name names.
    pub titles: Arc<Titles>,
    /// `names.toml`: first names and the gender they tell.
    pub names: Arc<Names>,
    /// `grammar.toml`: function words.
    pub grammar: Arc<Grammar>,
    /// `dating.toml`: verb forms by what they tell of time.
    pub dating: Arc<Dating>,
    /// `dating-weights.toml`: what speaks for a date, and how much.
    pub dating_weights: Arc<DatingWeights>,
    /// `questions.toml`: how questions open, and what they ask for; word forms and synonyms.
    pub questions: Arc<Questions>,
    /// `related.tsv`: word forms and synonyms. A folder may do without it.
    pub related: Arc<Related>,
    /// `contraries.tsv`: words that say the contrary of each other. A folder may do without it.
    pub contraries: Arc<Contraries>,
    /// `ranking.toml`: what speaks for a sentence, and how much.
    pub ranking: Arc<Ranking>,
    /// `wording.toml`: the bot's own words.
    pub wording: Arc<Wording>,
    /// The words of all languages that the bot can speak, by their BCP 47 tag.
    pub wordings: Arc<BTreeMap<String, Arc<Wording>>>,
    /// A hash of the files by which articles are read: what was read by other rules must be read again.
    pub reading_fingerprint: u64,
    /// A hash of all files: where it is the same, so is everything that the language says.
    pub fingerprint: u64,
    /// How "02/03/2021" is read. It differs within a language, so no file says it.
    pub date_order: DateOrder,
}

/// The files by which articles are read; the others serve questions and answers.
pub const READING: [&str; 10] = [
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

/// The files that serve questions and answers.
pub const ASKING: [&str; 5] = [
    "questions.toml",
    "ranking.toml",
    "related.tsv",
    "contraries.tsv",
    "wording.toml",
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
        let wordings = wordings(&mut problems);
        // A file that could not be read is among the problems; the rest is read all the same, to tell all of them.
        let whole = || {
            let (words, wording) = (words?, wording?);
            let mut wordings = wordings;
            // The language's own folder has the last word on how that language is spoken.
            wordings.insert(words.code.clone(), Arc::clone(&wording));
            Some(Self {
                words,
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
                wording,
                wordings: Arc::new(wordings),
                reading_fingerprint: fingerprint(source, &READING),
                fingerprint: fingerprint(source, &READING)
                    ^ fingerprint(source, &ASKING).rotate_left(1),
                date_order: source.date_order(),
            })
        };
        match whole() {
            Some(language) if problems.is_empty() => Ok(language),
            _ => Err(problems),
        }
    }

    /// The same language with `content` in place of its file `name`: what a correction of that file would make
    /// of it.
    ///
    /// # Errors
    /// Everything that is wrong with the file, or that there is none of this name.
    pub fn with_file(&self, name: &str, content: &str) -> Result<Self, Vec<String>> {
        let mut changed = self.clone();
        match name {
            "language.toml" => changed.words = parse(content, Words::validate)?,
            "furniture.toml" => changed.furniture = parse(content, Furniture::validate)?,
            "timex.toml" => changed.timex = parse(content, TimexData::validate)?,
            "holidays.toml" => changed.holidays = parse(content, Holidays::validate)?,
            "cues.toml" => changed.cues = parse(content, Cues::validate)?,
            "titles.toml" => changed.titles = parse(content, Titles::validate)?,
            "names.toml" => changed.names = parse(content, Names::validate)?,
            "grammar.toml" => changed.grammar = parse(content, Grammar::validate)?,
            "dating.toml" => changed.dating = parse(content, Dating::validate)?,
            "dating-weights.toml" => {
                changed.dating_weights = parse(content, DatingWeights::validate)?;
            }
            "questions.toml" => changed.questions = parse(content, Questions::validate)?,
            "ranking.toml" => changed.ranking = parse(content, Ranking::validate)?,
            "related.tsv" => changed.related = Arc::new(Related::read(content.to_owned())?),
            "contraries.tsv" => changed.contraries = Arc::new(Contraries::read(content)?),
            "wording.toml" => changed.wording = parse(content, Wording::validate)?,
            _ => return Err(vec![format!("a language has no file {name:?}")]),
        }
        if READING.contains(&name) {
            let mut hasher = XxHash3_64::with_seed(self.reading_fingerprint);
            hasher.write(content.as_bytes());
            changed.reading_fingerprint = hasher.finish();
        }
        Ok(changed)
    }

    /// The same rules with the words of the language that `locale` (`de`, `en-GB`) names; those it has where
    /// the bot does not speak that one.
    #[must_use]
    pub fn speaking(&self, locale: &str) -> Self {
        let code = locale.split(['-', '_']).next().unwrap_or_default();
        let wording = self.wordings.get(code).unwrap_or(&self.wording);
        Self {
            wording: Arc::clone(wording),
            ..self.clone()
        }
    }
}

/// The wording of every embedded folder that has one, by the folder's name.
fn wordings(problems: &mut Vec<LanguageError>) -> BTreeMap<String, Arc<Wording>> {
    let mut wordings = BTreeMap::new();
    for folder in EMBEDDED.dirs() {
        let code = folder.path().display().to_string();
        let Some(file) = folder.get_file(format!("{code}/wording.toml")) else {
            continue;
        };
        let content = file.contents_utf8().unwrap_or_default();
        match parse(content, Wording::validate) {
            Ok(wording) => {
                wordings.insert(code, wording);
            }
            Err(reasons) => problems.extend(reasons.into_iter().map(|reason| LanguageError {
                file: format!("data/{code}/wording.toml (built in)"),
                reason,
            })),
        }
    }
    wordings
}

fn fingerprint(source: &Source, files: &[&str]) -> u64 {
    let mut hasher = XxHash3_64::new();
    for name in files {
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
) -> Option<Arc<T>> {
    let (shown, content) = content(source, name);
    let mut fail = |reason: String| {
        problems.push(LanguageError {
            file: shown.clone(),
            reason,
        });
    };
    let content = content.map_err(|error| fail(error.to_string())).ok()?;
    parse(&content, validate)
        .map_err(|reasons| reasons.into_iter().for_each(fail))
        .ok()
}

/// Reads the content of one file.
///
/// # Errors
/// Everything that is wrong with it.
fn parse<T: DeserializeOwned>(
    content: &str,
    validate: fn(&mut T) -> Vec<String>,
) -> Result<Arc<T>, Vec<String>> {
    let mut value: T = toml::from_str(content).map_err(|error| vec![error.to_string()])?;
    let wrong = validate(&mut value);
    if wrong.is_empty() {
        Ok(Arc::new(value))
    } else {
        Err(wrong)
    }
}

/// Reads a table that a folder may do without.
fn table<T: Default>(
    source: &Source,
    name: &str,
    read: fn(String) -> Result<T, Vec<String>>,
    problems: &mut Vec<LanguageError>,
) -> Option<Arc<T>> {
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
    read.map(Arc::new).map_err(fail).ok()
}

/// How a file is named to people, and what stands in it.
fn content(source: &Source, name: &str) -> (String, std::io::Result<String>) {
    match source.folder() {
        None => (
            format!("data/en/{name} (built in)"),
            EMBEDDED
                .get_file(format!("{ENGLISH}/{name}"))
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
