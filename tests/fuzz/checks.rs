//! What must hold whatever comes from outside: one check for each parser.
//!
//! A fuzz target runs its check on what libFuzzer makes up, and `tests/fuzzed.rs` runs it on what was found so
//! and on the seeds, so that a fault once found stays mended. A check panics where something does not hold.

use std::{ops::ControlFlow, path::PathBuf, sync::Arc, sync::LazyLock};

use dateline::{
    archive::Archive,
    article::{Article, File, Packing, feed_entries, format::FORMATS, read_bytes},
    command::{COMMANDS, Call},
    config::Config,
    face::{
        discord::{
            address::{self, Heard},
            button::{self, LONGEST_ARGUMENT},
            markdown::units,
            page::{LONGEST_TITLE, pages},
            settings_form::understand,
        },
        terminal::render,
    },
    language::{ASKING, Language, READING, Source},
    passage::Reader,
    quotation::{Extractor, Quotation},
    store::GuildSettings,
    text::Span,
    timex::{Tagger, Timex, TimexValue},
};
use jiff::civil::{Date, date};

#[path = "../discord/raw.rs"]
mod raw;
mod shown;

use shown::{discord_text, is_harmless, terminal_text, unstyled};

/// Panics where something does not hold.
pub type Check = fn(&[u8]);

/// Every check, by the name of its target.
pub const CHECKS: &[(&str, Check)] = &[
    ("articles", articles),
    ("config", config),
    ("custom_ids", custom_ids),
    ("discord_text", discord_text),
    ("feeds", feeds),
    ("questions", questions),
    ("quotations", quotations),
    ("reading", reading),
    ("rules", rules),
    ("terminal_text", terminal_text),
    ("times", times),
];

/// Runs the check `name` on `data`.
///
/// # Panics
/// Where something does not hold, or there is no such check.
pub fn check(name: &str, data: &[u8]) {
    let (_, check) = CHECKS
        .iter()
        .find(|(known, _)| *known == name)
        .unwrap_or_else(|| panic!("there is no check {name}"));
    check(data);
}

static READER: LazyLock<Reader> = LazyLock::new(|| {
    let language = Language::read(&Source::Embedded).expect("the embedded rules are sound");
    Reader::new(Arc::new(language)).expect("the embedded rules compile")
});

fn language() -> &'static Arc<Language> {
    READER.language()
}

fn tagger() -> &'static Tagger {
    READER.tagger()
}

/// The first byte and the rest; nothing of nothing.
fn split(data: &[u8]) -> (usize, &[u8]) {
    match data.split_first() {
        Some((&first, rest)) => (usize::from(first), rest),
        None => (0, &[]),
    }
}

/// A day that the first two bytes choose, from 1000 to 2999.
fn day(data: &[u8]) -> (Date, &[u8]) {
    let (first, rest) = split(data);
    let (second, rest) = split(rest);
    let year = 1900 + i16::try_from(first).unwrap_or(0) / 2;
    let month = 1 + i8::try_from(second % 12).unwrap_or(0);
    let number = 1 + i8::try_from(second / 12).unwrap_or(0);
    (date(year, month, number), rest)
}

/// A file of any format, packed or not: articles or reasons, and articles have a text and an id.
fn articles(data: &[u8]) {
    let (choice, content) = split(data);
    let packings = [None, Some(Packing::Gzip), Some(Packing::Zstandard)];
    let (Some(format), Some(packing)) = (
        FORMATS.get(choice % FORMATS.len()),
        packings.get(choice / FORMATS.len() % packings.len()),
    ) else {
        return;
    };
    let file = File {
        location: PathBuf::from("a/b.c"),
        path: "a/b.c".to_owned(),
        format,
        packing: *packing,
        size: content.len() as u64,
        modified: None,
    };
    read_bytes(&file, content.to_vec(), &mut |found| {
        match found {
            Ok(found) => {
                assert!(
                    !found.article.body.trim().is_empty(),
                    "an article without text"
                );
                assert!(!found.article.id.is_empty(), "an article without an id");
            }
            Err(unreadable) => assert!(!unreadable.reason.is_empty()),
        }
        ControlFlow::Continue(())
    });
}

/// What a feed's address sends, in an encoding that the first byte chooses.
fn feeds(data: &[u8]) {
    let encodings = [
        None,
        Some("utf-8"),
        Some("windows-1251"),
        Some("utf-16le"),
        Some("?"),
    ];
    let (choice, content) = split(data);
    let encoding = encodings.get(choice % encodings.len()).copied().flatten();
    match feed_entries("https://news.example/feed", content, encoding) {
        Ok(entries) => {
            for article in entries.into_iter().flatten() {
                assert!(!article.body.trim().is_empty(), "an entry without text");
                assert!(!article.id.is_empty(), "an entry without an id");
            }
        }
        Err(reason) => assert!(!reason.is_empty()),
    }
}

/// An archive that can be asked: the two articles that are shipped.
static ARCHIVE: LazyLock<Archive> = LazyLock::new(|| {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let found = folder
        .ancestors()
        .map(|folder| folder.join("data/articles"))
        .find(|folder| folder.is_dir());
    let folder = found.expect("the shipped articles are there");
    let (archive, unreadable) =
        Archive::open(&[folder], Arc::clone(language())).expect("the index can be made");
    assert_eq!(unreadable, []);
    archive
});

const TODAY: Date = Date::constant(2021, 3, 1);

/// A message: read as a command, as a question and as a reply, answered, and shown by both faces.
fn questions(data: &[u8]) {
    let (choice, rest) = split(data);
    let Ok(content) = std::str::from_utf8(rest) else {
        return;
    };
    let previous = COMMANDS
        .get(choice % COMMANDS.len())
        .map(|command| Call::new(command, "the court", TODAY));
    let heard = Heard {
        content,
        me: 7,
        prefix: "!",
        today: TODAY,
        private: true,
        reply: choice >= 128,
        previous: previous.as_ref().filter(|_| choice >= 128),
        longest: 400,
    };
    let asked = address::read(&heard, language());
    if let Some(asked) = &asked {
        assert!(units(&asked.call.request.argument) <= LONGEST_ARGUMENT);
        answer(&asked.call);
    }
    // The same words are a search and the argument of any command.
    if let Some(command) = COMMANDS.get(choice % COMMANDS.len()) {
        answer(&Call::new(command, content, TODAY));
    }
}

fn answer(call: &Call) {
    let answer = (call.command.answer)(&ARCHIVE, &call.request).expect("the index works");
    for evidence in answer.evidence() {
        let found = ARCHIVE
            .index()
            .number(evidence.excerpt.article())
            .expect("the index works");
        let document = found
            .and_then(|number| ARCHIVE.index().document(number).expect("the index works"))
            .expect("an excerpt is from an article");
        assert_eq!(
            evidence.excerpt.span().of(&document.article.body),
            evidence.excerpt.text(),
            "an excerpt is not verbatim"
        );
        for bold in &evidence.bold {
            assert!(!bold.of(evidence.excerpt.text()).is_empty());
        }
    }
    for page in pages(&answer, language(), 1500) {
        assert!(units(&page.title) <= LONGEST_TITLE && units(&page.body) <= 1500);
        assert_eq!(raw::raw(&page.title), None, "{}", page.title);
        assert_eq!(raw::raw(&page.body), None, "{}", page.body);
    }
    is_harmless(&unstyled(&render::render(&answer, language(), 80)));
}

/// The ids of a message's buttons, one a line, the pressed one first; and the fields of a modal.
fn custom_ids(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let ids: Vec<&str> = text.split('\n').collect();
    let _ = button::state_of(&ids);
    let first = ids.first().copied().unwrap_or_default();
    if let Some(pressed) = button::read(first, &ids) {
        // What was understood is written again as it would be, and means the same.
        let (state, page) = (&pressed.state, first.len() % 40);
        for pages in [1, 2, 40] {
            let rows = serde_json::to_value(button::rows(state, page, pages, true));
            let rows = rows.expect("buttons can be sent");
            let written: Vec<&str> = rows
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(|row| row.get("components")?.as_array())
                .flatten()
                .filter_map(|button| button.get("custom_id")?.as_str())
                .collect();
            assert!(!written.is_empty());
            for id in &written {
                assert!((1..=100).contains(&units(id)), "{id}");
            }
            let mut several = written.clone();
            several.sort_unstable();
            several.dedup();
            assert_eq!(
                several.len(),
                written.len(),
                "ids of one message must differ"
            );
            let read = button::state_of(&written).expect("what was written is read");
            assert_eq!(read.asker, state.asker);
            assert_eq!(read.call.command.name, state.call.command.name);
            if pages > 2 && units(&state.call.request.argument) <= LONGEST_ARGUMENT {
                assert_eq!(read.call.request.argument, state.call.request.argument);
            }
        }
    }
    let field = |name: &str| {
        let named = |line: &&str| line.split_once('=').is_some_and(|(key, _)| key == name);
        let line = ids.iter().copied().find(named).unwrap_or_default();
        line.split_once('=').map_or("", |(_, value)| value).trim()
    };
    if let Ok(change) = understand(first, field) {
        let mut set = GuildSettings::default();
        change(&mut set);
        assert!(
            set.prefix
                .is_none_or(|prefix| (1..=8).contains(&units(&prefix)))
        );
        assert!(set.excerpts.is_none_or(|number| (1..=20).contains(&number)));
        assert!(
            set.excerpt_length
                .is_none_or(|length| (80..=2000).contains(&length))
        );
        assert!(
            set.cooldown
                .is_none_or(|pace| pace.burst <= 100 && pace.seconds >= 1)
        );
        assert!(set.channels.is_empty() && set.outlets.is_empty());
    }
}

/// A configuration file: what is kept of it has no mistake, and is read again as it was.
fn config(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let folder = PathBuf::from("/nowhere/config");
    let (config, mistakes) = Config::parse(text, &folder);
    for (line, reason) in &mistakes {
        assert!(!reason.is_empty());
        assert!(line.is_none_or(|line| (1..=text.matches('\n').count() + 1).contains(&line)));
    }
    let written = toml::to_string(&config).expect("a configuration can be written");
    let (again, mistakes) = Config::parse(&written, &folder);
    assert_eq!(mistakes, [], "{written}");
    let whole = |config: &Config| toml::to_string(config).expect("a configuration can be written");
    // What was not stated counts from elsewhere, so that only the third reading must be like the second.
    let (third, _) = Config::parse(&whole(&again), &folder);
    assert_eq!(whole(&again), whole(&third));
}

/// A file of rules, which the first byte names: refused with a reason, or fit for reading an article.
fn rules(data: &[u8]) {
    let files = [&READING[..], &ASKING].concat();
    let (choice, rest) = split(data);
    let (Some(name), Ok(content)) = (files.get(choice % files.len()), std::str::from_utf8(rest))
    else {
        return;
    };
    match language().with_file(name, content) {
        Err(reasons) => assert!(!reasons.is_empty()),
        Ok(language) => {
            let text = "On Friday, May 1, 2020, Ann Lee said: “We won’t go back before Easter.”";
            let _ = language.questions.opening("when was Ann Lee there?");
            let _ = language.wording.say("discord_wait", &[("seconds", "3")]);
            if let Ok(reader) = Reader::new(Arc::new(language)) {
                let _ = reader.read(article(text, date(2020, 5, 8)));
            }
        }
    }
}

fn article(body: &str, published: Date) -> Article {
    Article {
        id: "a".to_owned(),
        headline: None,
        byline: None,
        outlet: None,
        published,
        url: None,
        path: None,
        body: body.to_owned(),
    }
}

/// Words with time expressions: spans in order on whole characters, values print and parse without loss.
fn times(data: &[u8]) {
    let (written, rest) = day(data);
    let Ok(text) = std::str::from_utf8(rest) else {
        return;
    };
    timexes(text, &tagger().tag(text, written));
    if let Ok(value) = text.parse::<TimexValue>() {
        let printed = value.to_string();
        assert_eq!(
            printed.parse::<TimexValue>().ok().as_ref(),
            Some(&value),
            "{printed}"
        );
    }
    if let Some(days) = tagger().range(text, written) {
        assert!(days.begin() < days.end());
    }
    if let Some((span, days)) = tagger().find_range(text, written) {
        lies_in(text, span);
        assert!(days.begin() < days.end());
    }
}

fn timexes(text: &str, timexes: &[Timex]) {
    let mut end = 0;
    for timex in timexes {
        lies_in(text, timex.span);
        assert!(timex.span.start() >= end, "expressions overlap");
        end = timex.span.end();
        let printed = timex.value.to_string();
        assert_eq!(
            printed.parse::<TimexValue>().ok().as_ref(),
            Some(&timex.value),
            "{printed}"
        );
        if let Some(days) = timex.interval {
            assert!(days.begin() < days.end());
        }
    }
}

/// `span` is some whole characters of `text`.
fn lies_in(text: &str, span: Span) {
    assert_eq!(Span::new(text, span.start(), span.end()), Some(span));
    assert!(!span.is_empty());
}

/// Words with quotations: content, cue and source lie in the text, in order.
fn quotations(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let extractor: &Extractor = READER.extractor();
    let extraction = extractor.read(text);
    quoted(text, &extraction.quotations);
    for person in &extraction.people {
        assert!(person.mentions.contains(&person.name));
        person.mentions.iter().for_each(|span| lies_in(text, *span));
    }
}

fn quoted(text: &str, quotations: &[Quotation]) {
    let mut begun = 0;
    for quotation in quotations {
        assert!(
            quotation.extent.start() >= begun,
            "quotations are out of order"
        );
        begun = quotation.extent.start();
        assert!(!quotation.content.is_empty());
        let mut end = 0;
        for content in &quotation.content {
            lies_in(text, *content);
            assert!(quotation.extent.contains(*content));
            assert!(content.start() >= end, "pieces of a quotation overlap");
            end = content.end();
        }
        let speaker = quotation.speaker.as_ref();
        [
            Some(quotation.extent),
            quotation.cue,
            quotation.posted,
            speaker.map(|speaker| speaker.mention),
            speaker.and_then(|speaker| speaker.name),
            speaker.and_then(|speaker| speaker.handle),
        ]
        .into_iter()
        .flatten()
        .for_each(|span| lies_in(text, span));
        assert!((0.0..=1.0).contains(&quotation.confidence));
    }
}

/// A whole article: all that is found in it lies in it, and can be kept in an index.
fn reading(data: &[u8]) {
    let (published, rest) = day(data);
    let Ok(text) = std::str::from_utf8(rest) else {
        return;
    };
    let document = READER.read(article(text, published));
    let mut end = 0;
    for passage in &document.passages {
        lies_in(text, passage.span);
        assert!(passage.span.start() >= end, "passages overlap");
        end = passage.span.end();
        for sentence in &passage.sentences {
            lies_in(text, sentence.span);
            for dated in &sentence.dates {
                assert!(dated.interval.begin() < dated.interval.end());
            }
        }
        timexes(text, &passage.timexes);
        quoted(text, &passage.quotations);
    }
    assert_eq!(document.article.body, text);
    let _ = document.headline();
}
