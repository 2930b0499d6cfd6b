//! Several processes on one index, each an index of its own here; and what one that ended left behind.

use dateline::{
    index::{FileRecord, Index, IndexError, Opened, Query},
    passage::Document,
};
use jiff::civil::date;
use serde_json::{Value, json};

use super::stage::{Place, VERSION, add, document, nodes};

fn article(id: &str, paragraphs: usize) -> Document {
    let paragraph =
        format!("The {id} was closed again on Friday, and nobody said for how long. ").repeat(12);
    let body = vec![paragraph.as_str(); paragraphs].join("\n\n");
    document(id, date(2020, 5, 1), id, &body)
}

fn file(path: &str) -> FileRecord {
    FileRecord {
        path: path.to_owned(),
        size: 1,
        modified: 2,
        hash: 3,
        left_out: Vec::new(),
        left_out_more: 0,
        gave_way: false,
    }
}

/// How many windows a search sees, whatever the articles' records say.
fn windows_seen(index: &dyn Index) -> usize {
    let everything = Query {
        everything: true,
        ..Query::default()
    };
    index.search(&everything, 1000).unwrap().len()
}

#[test]
fn what_is_ingested_again_is_there_once() {
    let Some(nodes) = nodes() else { return };
    let place = Place::new(&nodes);
    let mut numbers = Vec::new();
    for length in [4, 6, 2] {
        // Each time another process.
        let index = place.index();
        add(
            &index,
            "a.txt",
            &[article("mill", length), article("bridge", 1)],
        )
        .unwrap();
        index.commit().unwrap();
        let size = index.size().unwrap();
        assert_eq!((size.articles, size.windows), (2, length as u64 + 1));
        assert_eq!(windows_seen(&index), length + 1);
        numbers.push((
            index.number("mill").unwrap(),
            index.number("bridge").unwrap(),
        ));
    }
    assert_eq!(numbers, [(Some(1), Some(2)); 3]);
}

#[test]
fn what_was_not_committed_is_not_seen_and_taken_back() {
    let Some(nodes) = nodes() else { return };
    let place = Place::new(&nodes);
    let first = place.index();
    add(&first, "a.txt", &[article("mill", 2), article("vote", 1)]).unwrap();
    first.remember(&file("a.txt")).unwrap();
    first.remember(&file("b.txt")).unwrap();
    first.commit().unwrap();
    // It replaces an article, adds one, removes one, and ends.
    add(&first, "a.txt", &[article("mill", 5)]).unwrap();
    add(&first, "c.txt", &[article("bridge", 3)]).unwrap();
    first.remember(&file("c.txt")).unwrap();
    first
        .remove(&[first.number("vote").unwrap().unwrap()])
        .unwrap();
    drop(first);

    let reader = place.index();
    assert_eq!(reader.size().unwrap().articles, 2);
    assert_eq!(reader.number("bridge").unwrap(), None);

    // Whoever is next reads the file again whose article is in doubt, and no other.
    let next = place.index();
    assert_eq!(next.files().unwrap(), [file("b.txt")]);
    assert_eq!(next.known(&["mill", "bridge"]).unwrap(), [None, None]);
    add(&next, "a.txt", &[article("mill", 1)]).unwrap();
    next.remember(&file("a.txt")).unwrap();
    next.commit().unwrap();
    let size = next.size().unwrap();
    assert_eq!((size.articles, size.windows), (2, 2));
    assert_eq!(windows_seen(&next), 2);
    assert_eq!(next.files().unwrap().len(), 2);
    // Nothing is left that could be taken back.
    drop(next);
    assert_eq!(place.index().files().unwrap().len(), 2);
}

#[test]
fn the_last_to_write_is_the_writer_and_the_others_are_told() {
    let Some(nodes) = nodes() else { return };
    let place = Place::new(&nodes);
    let (first, second) = (place.index(), place.index());
    add(&first, "a.txt", &[article("mill", 1)]).unwrap();
    first.commit().unwrap();
    add(&second, "b.txt", &[article("bridge", 1)]).unwrap();
    for _ in 0..2 {
        let told = add(&first, "c.txt", &[article("vote", 1)]).unwrap_err();
        assert!(matches!(told, IndexError::ReadOnly), "{told}");
    }
    second.commit().unwrap();
    assert_eq!(first.size().unwrap().articles, 2);
    assert_eq!(first.number("bridge").unwrap(), Some(2));
}

#[test]
fn another_process_sees_an_article_as_it_was_replaced() {
    let Some(nodes) = nodes() else { return };
    let place = Place::new(&nodes);
    let (writer, reader) = (place.index(), place.index());
    add(&writer, "a.txt", &[article("mill", 1)]).unwrap();
    writer.commit().unwrap();
    let everything = Query {
        everything: true,
        ..Query::default()
    };
    let seen = |index: &dyn Index| {
        let hit = index.search(&everything, 1).unwrap().pop().unwrap();
        index.document(hit.article).unwrap().unwrap().passages.len()
    };
    assert_eq!(seen(&reader), 1);
    add(&writer, "a.txt", &[article("mill", 3)]).unwrap();
    writer.commit().unwrap();
    assert_eq!(seen(&reader), 3);
}

#[test]
fn another_version_is_built_beside_the_one_that_is_read() {
    let Some(nodes) = nodes() else { return };
    let place = Place::new(&nodes);
    let fill = |version: u64| {
        let index = place.index_of(version);
        let opened = index.prepare().unwrap();
        assert_eq!(index.size().unwrap().articles, 0);
        add(&index, "a.txt", &[article("mill", 1)]).unwrap();
        index.commit().unwrap();
        index.complete().unwrap();
        opened
    };
    let indexes = || -> Vec<String> {
        let path = format!(
            "_cat/indices/{}-*?format=json&h=index&s=index",
            place.alias()
        );
        let rows = place.call("GET", &path, &Value::Null);
        let rows = rows.as_array().unwrap();
        rows.iter()
            .map(|row| row["index"].as_str().unwrap().to_owned())
            .collect()
    };
    let current = || -> Vec<String> {
        let aliased = place.call("GET", &format!("_alias/{}", place.alias()), &Value::Null);
        aliased.as_object().unwrap().keys().cloned().collect()
    };
    assert_eq!(fill(1), Opened::New);
    assert_eq!(current(), [place.name_of(1)]);
    assert!(matches!(fill(2), Opened::Rebuilding { .. }));
    // Bots with the rules of before still read theirs.
    assert_eq!(current(), [place.name_of(2)]);
    assert_eq!(place.index_of(1).size().unwrap().articles, 1);
    assert_eq!(place.index_of(1).prepare().unwrap(), Opened::Existing);
    fill(3);
    assert_eq!(indexes(), [place.name_of(2), place.name_of(3)]);
}

#[test]
fn a_field_that_is_not_in_the_mapping_is_refused() {
    let Some(nodes) = nodes() else { return };
    let place = Place::new(&nodes);
    place.index().prepare().unwrap();
    let path = format!("{}/_doc", place.name_of(VERSION));
    let answer = place.call(
        "POST",
        &path,
        &json!({"kind": "article", "headlin": "typo"}),
    );
    assert_eq!(answer["status"], 400, "{answer}");
}
