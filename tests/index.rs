//! The contract of an index: every backend runs the whole of it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[path = "cluster/stage.rs"]
mod stage;

use std::{any::Any, sync::Arc};

use dateline::{
    article::{Article, Fingerprint},
    index::{Concept, Embedded, FileRecord, Index, Known, Opened, Phrase, Query, Record},
    language::{Language, Source},
    passage::{Document, Reader},
    timex::Interval,
};
use jiff::civil::{Date, date};

/// A backend: its name, an empty index of it, and what must live as long.
type Backend = (&'static str, Box<dyn Index>, Box<dyn Any>);

/// Each backend's line.
fn backends() -> Vec<Backend> {
    let folder = tempfile::tempdir().unwrap();
    let (kept, opened) = Embedded::in_folder(folder.path(), 1, &language()).unwrap();
    assert_eq!(opened, Opened::New);
    let mut backends: Vec<Backend> = vec![
        (
            "in memory",
            Box::new(Embedded::in_memory(language()).unwrap()),
            Box::new(()),
        ),
        ("in a folder", Box::new(kept), Box::new(folder)),
    ];
    if let Some(nodes) = stage::nodes() {
        let place = stage::Place::new(&nodes);
        backends.push(("in a cluster", Box::new(place.index()), Box::new(place)));
    }
    backends
}

/// Adds documents as the articles of one file.
fn add(index: &dyn Index, file: &str, documents: &[Document]) {
    let records: Vec<Record<'_>> = documents
        .iter()
        .map(|document| Record {
            document,
            file,
            fingerprint: document.article.body.len() as u64,
            print: Fingerprint::of(&document.article),
        })
        .collect();
    index.add(&records).unwrap();
}

fn language() -> Arc<Language> {
    Arc::new(Language::read(&Source::Embedded).unwrap())
}

fn document(id: &str, published: Date, outlet: &str, headline: &str, body: &str) -> Document {
    thread_local! {
        static READER: Reader = Reader::new(language()).unwrap();
    }
    READER.with(|reader| {
        reader.read(Article {
            id: id.to_owned(),
            headline: Some(headline.to_owned()),
            byline: None,
            outlet: Some(outlet.to_owned()),
            published,
            url: None,
            path: None,
            body: body.to_owned(),
        })
    })
}

/// Three articles, the second the oldest.
fn filled(index: &dyn Index) {
    let bridge = document(
        "bridge",
        date(2019, 3, 4),
        "Harbour News",
        "Bridge closed",
        "The old bridge was closed on Friday.\n\n“We heard it crack,” said Jane Roe, an engineer.",
    );
    let mill = document(
        "mill",
        date(2018, 7, 1),
        "The Mill",
        "Mill opens",
        "A water mill opened in 2017. Old millers came.",
    );
    let vote = document(
        "vote",
        date(2019, 5, 20),
        "Harbour News",
        "Vote",
        "The council voted on the bridge. It was a close vote.",
    );
    add(index, "three.jsonl", &[bridge, mill, vote]);
    index.commit().unwrap();
}

fn word(stem: &str) -> Query {
    Query {
        concepts: vec![concept(&[(stem, 1.0)])],
        ..Query::default()
    }
}

fn concept(stems: &[(&str, f32)]) -> Concept {
    Concept {
        stems: stems
            .iter()
            .map(|(stem, weight)| ((*stem).to_owned(), *weight))
            .collect(),
        weight: 1.0,
        required: false,
    }
}

/// The ids of the articles that a query finds, best first, each once.
fn found(index: &dyn Index, query: &Query) -> Vec<String> {
    let mut ids: Vec<String> = Vec::new();
    for hit in index.search(query, 10).unwrap() {
        let document = index.document(hit.article).unwrap().unwrap();
        if !ids.contains(&document.article.id) {
            ids.push(document.article.id.clone());
        }
    }
    ids
}

fn each(contract: impl Fn(&str, &dyn Index)) {
    for (name, index, _place) in backends() {
        contract(name, index.as_ref());
    }
}

#[test]
fn an_empty_index_finds_nothing_and_says_so() {
    each(|name, index| {
        assert_eq!(found(index, &word("bridg")), Vec::<String>::new(), "{name}");
        assert_eq!(
            index.size().unwrap(),
            dateline::index::Size::default(),
            "{name}"
        );
        assert_eq!(index.newest(0, 5).unwrap(), Vec::<u64>::new(), "{name}");
        assert_eq!(index.number("bridge").unwrap(), None, "{name}");
        assert!(index.document(1).unwrap().is_none(), "{name}");
    });
}

#[test]
fn words_are_found_by_stem_in_text_and_the_better_match_comes_first() {
    each(|name, index| {
        filled(index);
        assert_eq!(found(index, &word("vote")), ["vote"], "{name}");
        let both = Query {
            concepts: vec![concept(&[("bridg", 1.0)]), concept(&[("vote", 1.0)])],
            ..Query::default()
        };
        assert_eq!(found(index, &both), ["vote", "bridge"], "{name}");
    });
}

#[test]
fn an_alternative_finds_what_the_word_itself_does_not() {
    each(|name, index| {
        filled(index);
        let query = Query {
            concepts: vec![concept(&[("span", 1.0), ("mill", 0.5)])],
            ..Query::default()
        };
        assert_eq!(found(index, &query), ["mill"], "{name}");
    });
}

#[test]
fn required_phrases_excluded_words_and_filters_hold() {
    each(|name, index| {
        filled(index);
        let phrase = |stems: &[(usize, &str)]| Query {
            phrases: vec![Phrase {
                stems: stems
                    .iter()
                    .map(|(at, stem)| (*at, (*stem).to_owned()))
                    .collect(),
                weight: 1.0,
                required: true,
            }],
            ..Query::default()
        };
        assert_eq!(
            found(index, &phrase(&[(0, "old"), (1, "bridg")])),
            ["bridge"],
            "{name}"
        );
        assert_eq!(
            found(index, &phrase(&[(0, "bridg"), (1, "old")])),
            Vec::<String>::new(),
            "{name}"
        );
        let without = Query {
            without: vec!["vote".to_owned()],
            ..word("bridg")
        };
        assert_eq!(found(index, &without), ["bridge"], "{name}");
        let outlet = Query {
            outlet: Some("the mill".to_owned()),
            everything: true,
            ..Query::default()
        };
        assert_eq!(found(index, &outlet), ["mill"], "{name}");
        let early = Query {
            published: Interval::new(date(2018, 1, 1), date(2019, 3, 5)),
            ..word("old")
        };
        assert_eq!(found(index, &early).len(), 2, "{name}");
        let quoting = Query {
            quoting: true,
            everything: true,
            ..Query::default()
        };
        assert_eq!(found(index, &quoting), ["bridge"], "{name}");
    });
}

#[test]
fn days_find_what_happened_on_them_and_in_their_month() {
    each(|name, index| {
        filled(index);
        let on = |interval: Option<Interval>| Query {
            happened: interval,
            ..Query::default()
        };
        // Friday before Monday, 4 March 2019.
        assert_eq!(
            found(index, &on(Interval::day(date(2019, 3, 1)))),
            ["bridge"],
            "{name}"
        );
        assert_eq!(
            found(index, &on(Interval::month(date(2019, 3, 1)))),
            ["bridge"],
            "{name}"
        );
        assert_eq!(
            found(index, &on(Interval::year(date(2017, 1, 1)))),
            ["mill"],
            "{name}"
        );
        assert_eq!(
            found(index, &on(Interval::day(date(2015, 1, 1)))),
            Vec::<String>::new(),
            "{name}"
        );
    });
}

#[test]
fn a_document_comes_back_as_it_went_in() {
    each(|name, index| {
        let document = document(
            "a/b — ü",
            date(2020, 2, 29),
            "Ünïcode",
            "“Kopf”",
            "Erste. Zweite 😀.\n\n“Hello there friend,” said Jane Roe.",
        );
        add(index, "one.txt", std::slice::from_ref(&document));
        index.commit().unwrap();
        let number = index.number("a/b — ü").unwrap().unwrap();
        assert_eq!(
            *index.document(number).unwrap().unwrap(),
            document,
            "{name}"
        );
    });
}

#[test]
fn an_article_added_again_takes_its_own_place() {
    each(|name, index| {
        filled(index);
        let number = index.number("mill").unwrap().unwrap();
        let changed = document(
            "mill",
            date(2018, 7, 1),
            "The Mill",
            "Mill shut",
            "The water mill burnt down.",
        );
        add(index, "three.jsonl", &[changed]);
        index.commit().unwrap();
        assert_eq!(index.number("mill").unwrap(), Some(number), "{name}");
        assert_eq!(index.size().unwrap().articles, 3, "{name}");
        assert_eq!(
            found(index, &word("miller")),
            Vec::<String>::new(),
            "{name}"
        );
        assert_eq!(found(index, &word("burnt")), ["mill"], "{name}");
    });
}

#[test]
fn a_removed_article_is_gone_after_the_commit_and_not_before() {
    each(|name, index| {
        filled(index);
        let number = index.number("vote").unwrap().unwrap();
        index.remove(&[number, 4711]).unwrap();
        assert_eq!(found(index, &word("vote")), ["vote"], "{name}");
        index.commit().unwrap();
        assert_eq!(found(index, &word("vote")), Vec::<String>::new(), "{name}");
        assert_eq!(index.number("vote").unwrap(), None, "{name}");
        assert_eq!(index.size().unwrap().articles, 2, "{name}");
    });
}

#[test]
fn the_newest_come_first_and_the_span_of_days_is_known() {
    each(|name, index| {
        filled(index);
        let ids = |numbers: Vec<u64>| -> Vec<String> {
            numbers
                .into_iter()
                .map(|number| index.document(number).unwrap().unwrap().article.id.clone())
                .collect()
        };
        assert_eq!(
            ids(index.newest(0, 2).unwrap()),
            ["vote", "bridge"],
            "{name}"
        );
        assert_eq!(ids(index.newest(2, 2).unwrap()), ["mill"], "{name}");
        assert_eq!(
            index.size().unwrap().published,
            Some((date(2018, 7, 1), date(2019, 5, 20))),
            "{name}"
        );
    });
}

#[test]
fn words_and_names_are_completed_and_near_words_found() {
    each(|name, index| {
        filled(index);
        let texts = |counted: Vec<dateline::index::Counted>| -> Vec<String> {
            counted.into_iter().map(|counted| counted.text).collect()
        };
        assert_eq!(texts(index.words("bri", 5).unwrap()), ["bridge"], "{name}");
        assert_eq!(
            texts(index.near("brigde", 5).unwrap()),
            ["bridge"],
            "{name}"
        );
        assert_eq!(
            texts(index.near("zzzzzz", 5).unwrap()),
            Vec::<String>::new(),
            "{name}"
        );
        assert_eq!(
            texts(index.names("roe", 5).unwrap()),
            ["Jane Roe"],
            "{name}"
        );
        assert_eq!(
            index.frequencies(&["bridg", "zzz"]).unwrap(),
            [2, 0],
            "{name}"
        );
    });
}

#[test]
fn an_article_added_twice_before_a_commit_is_one_article() {
    each(|name, index| {
        let made = |body: &str| document("twice", date(2020, 1, 1), "News", "Twice", body);
        add(index, "a.txt", &[made("The first tale.")]);
        add(index, "a.txt", &[made("The second tale.")]);
        index.commit().unwrap();
        assert_eq!(index.size().unwrap().articles, 1, "{name}");
        assert_eq!(found(index, &word("second")), ["twice"], "{name}");
        assert_eq!(found(index, &word("first")), Vec::<String>::new(), "{name}");
    });
}

#[test]
fn what_was_read_is_remembered_with_its_articles() {
    each(|name, index| {
        filled(index);
        let number = index.number("mill").unwrap().unwrap();
        let known = Known {
            number,
            file: "three.jsonl".to_owned(),
            fingerprint: 46,
        };
        assert_eq!(
            index.known(&["mill", "nothing"]).unwrap(),
            [Some(known), None],
            "{name}"
        );
        let mut numbers = index.articles_of(&["three.jsonl"]).unwrap().remove(0);
        numbers.sort_unstable();
        assert_eq!(numbers.len(), 3, "{name}");
        assert!(numbers.contains(&number), "{name}");
        let both = index.articles_of(&["other", "three.jsonl"]).unwrap();
        assert_eq!(
            both.iter().map(Vec::len).collect::<Vec<_>>(),
            [0, 3],
            "{name}"
        );

        let file = |size| FileRecord {
            path: "three.jsonl".to_owned(),
            size,
            modified: 1_600_000_000_123_456_789,
            hash: u128::MAX - 5,
            left_out: Vec::new(),
            left_out_more: 2,
            gave_way: true,
        };
        index.remember(&file(1)).unwrap();
        assert_eq!(index.files().unwrap(), [], "{name}");
        index.commit().unwrap();
        index.remember(&file(2)).unwrap();
        index.commit().unwrap();
        assert_eq!(index.files().unwrap(), [file(2)], "{name}");
        // A file is no article.
        assert_eq!(index.size().unwrap().articles, 3, "{name}");
        assert_eq!(index.newest(0, 10).unwrap().len(), 3, "{name}");
        index.forget(&["three.jsonl"]).unwrap();
        index.commit().unwrap();
        assert_eq!(index.files().unwrap(), [], "{name}");
        assert_eq!(index.size().unwrap().articles, 3, "{name}");
    });
}

#[test]
fn what_is_removed_is_unknown_at_once_and_may_come_again() {
    each(|name, index| {
        filled(index);
        let number = index.number("mill").unwrap().unwrap();
        index.remove(&[number]).unwrap();
        assert_eq!(index.known(&["mill"]).unwrap(), [None], "{name}");
        let again = document(
            "mill",
            date(2018, 7, 1),
            "The Mill",
            "Mill",
            "It came back.",
        );
        add(index, "again.txt", &[again]);
        let known = index.known(&["mill"]).unwrap().pop().flatten();
        assert_eq!(known.unwrap().file, "again.txt", "{name}");
        index.commit().unwrap();
        assert_eq!(found(index, &word("came")), ["mill"], "{name}");
        assert_eq!(found(index, &word("water")), Vec::<String>::new(), "{name}");
        assert_eq!(index.size().unwrap().articles, 3, "{name}");
    });
}

#[test]
fn what_an_article_holds_is_counted() {
    each(|name, index| {
        filled(index);
        let size = index.size().unwrap();
        assert_eq!(size.articles, 3, "{name}");
        assert_eq!(size.passages, 4, "{name}");
        assert_eq!(size.sentences, 6, "{name}");
        assert_eq!(size.quotations, 1, "{name}");
        assert!(size.timexes >= 2, "{name}");
    });
}
