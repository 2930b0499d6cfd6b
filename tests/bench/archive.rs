//! How long a large archive takes to be read, opened and asked, each beside bare tantivy in the same run.
//!
//! `cargo bench --bench archive -- ARTICLES.jsonl QUESTIONS.jsonl [FOLDER]` where the articles are JSON lines as the
//! archive reads them, and the questions are `{"ask": …}`. Both indexes are kept in FOLDER where one is given, so
//! that a second run only asks. Without arguments the articles and questions of `../shared/eval/news` are taken
//! where they are present, else the two shipped articles.
//!
//! Bare tantivy gets the text and headline of every article in its own schema (stored, indexed with
//! positions, its default tokenizer, a thread a core) and answers the words of each question with its ten best,
//! stored text included.

#![expect(clippy::print_stdout, reason = "its output is what it is for")]
#![expect(clippy::disallowed_methods, reason = "a bench measures time")]
#![expect(clippy::unwrap_used, reason = "a bench that cannot go on fails")]

mod asked;

use std::{
    fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

use asked::{Times, call, spread};
use dateline::{
    archive::Archive,
    language::{Language, Source},
};
use serde_json::Value;
use tantivy::{
    TantivyDocument,
    collector::TopDocs,
    query::QueryParser,
    schema::{Field, STORED, STRING, Schema, TextFieldIndexing, TextOptions},
};

/// As in the binary.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const NEWS: &str = "../shared/eval/news";

fn main() {
    let given: Vec<String> = std::env::args()
        .skip(1)
        .filter(|word| word != "--bench")
        .collect();
    let news = Path::new(NEWS);
    let (articles, questions) = match given.as_slice() {
        [articles] => (PathBuf::from(articles), None),
        [articles, questions, ..] => (PathBuf::from(articles), Some(PathBuf::from(questions))),
        _ if news.is_dir() => (
            news.join("articles.jsonl"),
            Some(news.join("questions.jsonl")),
        ),
        _ => (PathBuf::from("data/articles"), None),
    };
    let questions = asked::questions(questions.as_deref());
    let passing = tempfile::tempdir().unwrap();
    let kept = given.get(2).map(PathBuf::from);
    let folder = kept.unwrap_or_else(|| passing.path().to_owned());
    let (folder, bare_folder) = (folder.join("dateline"), folder.join("bare"));
    fs::create_dir_all(&bare_folder).unwrap();
    let language = Arc::new(Language::read(&Source::Embedded).unwrap());

    let (begun, worked) = (Instant::now(), processor());
    let (archive, _) = Archive::in_folder(&folder, Arc::clone(&language)).unwrap();
    let refreshed = archive
        .refresh(std::slice::from_ref(&articles), &|_| {})
        .unwrap();
    drop(archive);
    let (ours, our_work) = (begun.elapsed(), processor().saturating_sub(worked));
    let peak = memory("VmHWM");
    let stored = size_of(&folder);
    let text = size_of(&articles);

    let worked = processor();
    let bare = articles
        .is_file()
        .then(|| Bare::open(&articles, &bare_folder));
    let bare_work = processor().saturating_sub(worked);
    println!("{} articles, {} MB", refreshed.articles, text >> 20);
    println!("read, analysed, indexed, committed: {ours:.1?}, peak memory {peak} MB");
    if let Some((bare, took)) = &bare {
        println!(
            "bare tantivy, index and store: {took:.1?} ({:.2} times as long); its index {} MB",
            ours.as_secs_f64() / took.as_secs_f64(),
            bare.size >> 20
        );
        // Where other programs run as well, the work says more than the time.
        println!(
            "processor time: {our_work:.1?} and {bare_work:.1?} ({:.2} times as much)",
            our_work.as_secs_f64() / bare_work.as_secs_f64()
        );
    }
    println!(
        "index: {} MB, {} % of the text",
        stored >> 20,
        stored * 100 / text.max(1)
    );

    let begun = Instant::now();
    let (archive, _) = Archive::in_folder(&folder, Arc::clone(&language)).unwrap();
    let size = archive.size().unwrap();
    println!(
        "opened in {:.1?}: {} articles",
        begun.elapsed(),
        size.articles
    );
    let begun = Instant::now();
    archive.refresh(&[articles], &|_| {}).unwrap();
    println!("looked for changes in {:.1?}", begun.elapsed());

    ask(&archive, &questions, None);
    println!(
        "resident memory after the questions: {} MB, {} MB of them the index's pages, which the system may take back",
        memory("VmRSS"),
        memory("RssFile")
    );
    if let Some((bare, _)) = &bare {
        println!("both in turn:");
        ask(&archive, &questions, Some(bare));
    }
}

/// Asks every question of both, three times over, and prints the medians and tails of the last two rounds.
fn ask(archive: &Archive, questions: &[String], bare: Option<&Bare>) {
    let (mut times, mut bares) = (Times::default(), Vec::new());
    for round in 0..3 {
        for question in questions {
            let begun = Instant::now();
            let Some(call) = call(archive, question) else {
                continue;
            };
            let answer = (call.command.answer)(archive, &call.request);
            let took = begun.elapsed();
            answer.unwrap();
            let begun = Instant::now();
            if let Some(bare) = bare {
                bare.top10(question.trim_start_matches('!'));
            }
            if round > 0 {
                bares.push(begun.elapsed());
                times.add(call.command.name, took);
            }
        }
    }
    times.print();
    if bare.is_some() {
        println!("{:>9}: {}", "bare", spread(&mut bares));
    }
}

/// Tantivy with nothing of ours.
struct Bare {
    reader: tantivy::IndexReader,
    parser: QueryParser,
    size: u64,
}

impl Bare {
    /// The index in `folder`, made if there is none yet, and how long that took.
    fn open(articles: &Path, folder: &Path) -> (Self, Duration) {
        let begun = Instant::now();
        let mut schema = Schema::builder();
        let indexing = TextFieldIndexing::default()
            .set_tokenizer("default")
            .set_index_option(tantivy::schema::IndexRecordOption::WithFreqsAndPositions);
        let words = TextOptions::default()
            .set_indexing_options(indexing)
            .set_stored();
        let id = schema.add_text_field("id", STRING | STORED);
        let headline = schema.add_text_field("headline", words.clone());
        let text = schema.add_text_field("text", words);
        let made = tantivy::Index::create_in_dir(folder, schema.build());
        let index = made.map_or_else(
            |_| tantivy::Index::open_in_dir(folder).unwrap(),
            |index| {
                Self::fill(&index, articles, [id, headline, text]);
                index
            },
        );
        let took = begun.elapsed();
        let reader = index.reader().unwrap();
        let parser = QueryParser::for_index(&index, vec![headline, text]);
        let size = size_of(folder);
        (
            Self {
                reader,
                parser,
                size,
            },
            took,
        )
    }

    fn fill(index: &tantivy::Index, articles: &Path, [id, headline, text]: [Field; 3]) {
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        let mut writer = index.writer_with_num_threads(threads, 128 << 20).unwrap();
        for line in BufReader::new(fs::File::open(articles).unwrap()).lines() {
            let article: Value = serde_json::from_str(&line.unwrap()).unwrap();
            let said = |key: &str| article.get(key).and_then(Value::as_str).unwrap_or_default();
            let mut record = TantivyDocument::default();
            record.add_text(id, said("id"));
            record.add_text(headline, said("headline"));
            record.add_text(text, said("text"));
            writer.add_document(record).unwrap();
        }
        writer.commit().unwrap();
        writer.wait_merging_threads().unwrap();
    }

    fn top10(&self, question: &str) {
        let (query, _) = self.parser.parse_query_lenient(question);
        let searcher = self.reader.searcher();
        let found = searcher
            .search(&query, &TopDocs::with_limit(10).order_by_score())
            .unwrap();
        for (_, address) in found {
            let record: TantivyDocument = searcher.doc(address).unwrap();
            std::hint::black_box(record);
        }
    }
}

/// A line of this process's memory, in megabytes; 0 where the system does not tell.
fn memory(line: &str) -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    status
        .lines()
        .find_map(|told| told.strip_prefix(line)?.strip_prefix(':'))
        .and_then(|told| told.trim().trim_end_matches(" kB").parse::<u64>().ok())
        .unwrap_or_default()
        >> 10
}

/// How long all cores together have worked for this process; nothing where the system does not tell.
fn processor() -> Duration {
    let told = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // The name, which may hold anything, stands in brackets; user and system time are the 12th and 13th after it.
    let ticks = told.rsplit(')').next().unwrap_or_default();
    let ticks: u64 = ticks
        .split_whitespace()
        .skip(11)
        .take(2)
        .filter_map(|ticks| ticks.parse::<u64>().ok())
        .sum();
    Duration::from_millis(10 * ticks)
}

fn size_of(path: &Path) -> u64 {
    if path.is_file() {
        return fs::metadata(path).unwrap().len();
    }
    fs::read_dir(path)
        .unwrap()
        .map(|entry| size_of(&entry.unwrap().path()))
        .sum()
}
