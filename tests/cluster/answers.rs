//! Answers over a cluster are those over the index in this process.

use std::{fs, sync::Arc};

use dateline::{
    archive::Archive,
    command::{read_prefixed, read_question},
    face::terminal::render::render,
    index::Embedded,
};
use jiff::civil::{Date, date};
use serde_json::json;

use super::stage::{Place, language, nodes};

const TODAY: Date = date(2021, 3, 1);

/// A town's news, so that words, names, days and outlets compete.
const ARTICLES: &str = r#"{"id":"bridge","title":"Old bridge closed after cracks","source":"Harbour News","date":"2020-03-09","text":"The old bridge over the Elm was closed on Friday.\n\n\"We heard it crack,\" said Jane Roe, an engineer of the city. She had warned of cracks in 2018.\n\nThe mayor, Tom Hale, said the bridge would open again on 1 June 2020."}
{"id":"reopened","title":"Bridge opens again","source":"Harbour News","date":"2020-06-02","text":"The old bridge was opened again on Monday, after three months of work.\n\n\"It will hold for a hundred years,\" said Tom Hale, the mayor. Some two hundred people walked over it."}
{"id":"mill","title":"Mill burns down","source":"The Mill","date":"2020-08-14","text":"The water mill burnt down on the night of 12 August 2020. Nobody was hurt.\n\nThe mill was built in 1788 and was a museum since 1975.\n\n\"There is nothing left but the wheel,\" said Ann Poole, who kept the museum."}
{"id":"vote","title":"Council votes on the mill","source":"Harbour News","date":"2020-09-22","text":"The council voted on Tuesday to build the mill again. It was a close vote: eleven to ten.\n\nTom Hale said: \"A town without its mill is not this town.\" Ann Poole said that the museum would need two years."}
{"id":"flood","title":"Flood in the lower town","source":"Elm Courier","date":"2021-01-18","text":"The Elm flooded the lower town on Saturday. The bridge was closed for a day, and the market was called off.\n\n\"The water came within an hour,\" said Jane Roe. In January 1995 the river had stood higher."}
{"id":"market","title":"Market moves","source":"Elm Courier","date":"2021-02-03","text":"The market moves to the square by the bridge in March 2021, the city said on Tuesday.\n\nTraders had asked for it since the flood of 16 January."}
"#;

const QUESTIONS: &[&str] = &[
    "when was the old bridge closed?",
    "when did the mill burn down?",
    "when was the mill built?",
    "who said \"we heard it crack\"?",
    "what did Tom Hale say about the mill?",
    "what did Jane Roe say?",
    "!on 2020-03-06",
    "!on 2021-01",
    "what happened in August 2020?",
    "!timeline bridge",
    "!search bridge -flood",
    "!search \"old bridge\"",
    "!search mill outlet:\"Harbour News\"",
    "!search market after:2021-01-20",
    "!who Ann Poole",
    "why was the market moved?",
    "!article 2",
    "!sources",
    "what did the council decide?",
    "when did the brigde open again?",
    "what is the capital of France?",
];

#[test]
fn the_answers_are_those_of_the_embedded_index() {
    let Some(nodes) = nodes() else { return };
    let place = Place::new(&nodes);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("town.jsonl");
    fs::write(&path, ARTICLES).unwrap();
    let paths = [path];
    let over = |index| {
        let archive = Archive::over(index, language()).unwrap();
        let refreshed = archive.refresh(&paths, &|_| {}).unwrap();
        assert_eq!(refreshed.left_out, []);
        assert_eq!(refreshed.articles, 6);
        archive
    };
    let embedded = over(Arc::new(Embedded::in_memory(language()).unwrap()));
    let remote = over(Arc::new(place.index()));
    assert_eq!(embedded.size().unwrap(), remote.size().unwrap());
    let answer = |archive: &Archive, question: &str| {
        let call = read_prefixed(question, "!", TODAY)
            .or_else(|| read_question(question, TODAY, archive.language()))
            .unwrap();
        let answer = (call.command.answer)(archive, &call.request).unwrap();
        render(&answer, archive.language(), 100)
    };
    for question in QUESTIONS {
        assert_eq!(
            answer(&embedded, question),
            answer(&remote, question),
            "{question}"
        );
    }
    for typed in ["bri", "ha", "j", "", "po"] {
        assert_eq!(
            embedded.suggest_people(typed, 5),
            remote.suggest_people(typed, 5),
            "{typed}"
        );
        assert_eq!(
            embedded.suggest_topics(typed, 5),
            remote.suggest_topics(typed, 5),
            "{typed}"
        );
    }
    assert_eq!(
        embedded.suggest_articles("brid", 5),
        remote.suggest_articles("brid", 5)
    );
}

#[test]
fn an_archive_takes_in_what_changes_and_only_that() {
    let Some(nodes) = nodes() else { return };
    let place = Place::new(&nodes);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("town.jsonl");
    fs::write(&path, ARTICLES).unwrap();
    let paths = [folder.path().to_owned()];
    // Each time another process.
    let refresh = || {
        let archive = Archive::over(Arc::new(place.index()), language()).unwrap();
        let refreshed = archive.refresh(&paths, &|_| {}).unwrap();
        assert_eq!(refreshed.left_out, []);
        (
            refreshed.files,
            refreshed.articles,
            refreshed.gone,
            archive.size().unwrap().articles,
        )
    };
    assert_eq!(refresh(), (1, 6, 0, 6));
    assert_eq!(refresh(), (0, 0, 0, 6));
    let changed = ARTICLES.replace("eleven to ten", "eleven to nine");
    let (first, rest) = changed.split_once('\n').unwrap();
    assert!(first.contains("bridge"));
    fs::write(&path, rest).unwrap();
    assert_eq!(refresh(), (1, 1, 1, 5));
    fs::remove_file(&path).unwrap();
    assert_eq!(refresh(), (0, 0, 5, 0));
}

#[test]
fn the_same_report_from_two_outlets_is_one_article_with_two_sources() {
    let Some(nodes) = nodes() else { return };
    let place = Place::new(&nodes);
    let folder = tempfile::tempdir().unwrap();
    let report = |detail: &str| {
        format!(
            "The ferry over the lower Elm will not run again before the summer, the harbour office said on \
             Monday, because the boat that was ordered two years ago has not been built. The yard waits for \
             an engine, the office waits for the yard, and the people of the island wait for both. Until then \
             a fishing boat takes those who must go to school or to the doctor, in the morning and before dark, \
             as long as the wind allows. Bread, letters and newspapers come with it. Whoever wants to bring a \
             cow or a car to the other bank must drive around by the old bridge, which is closed to lorries \
             since the spring. The yard says that it will pay what was agreed for every week of delay, and \
             that the engine has left the factory. Nobody on the island has seen it. {detail}"
        )
    };
    let write = |id: &str, outlet: &str, day: u32, text: &str| {
        let line =
            json!({"id": id, "date": format!("2021-02-{day:02}"), "source": outlet, "text": text});
        fs::write(folder.path().join(format!("{id}.jsonl")), line.to_string()).unwrap();
    };
    let paths = [folder.path().to_owned()];
    // Each time another process.
    let refreshed = || {
        let archive = Archive::over(Arc::new(place.index()), language()).unwrap();
        archive.refresh(&paths, &|_| {}).unwrap();
        archive
    };
    let also = |archive: &Archive| -> Vec<String> {
        let number = archive.index().number("first").unwrap().unwrap();
        let document = archive.index().document(number).unwrap().unwrap();
        let outlets = document.also.iter();
        outlets.filter_map(|one| one.outlet.clone()).collect()
    };
    write("first", "Harbour News", 8, &report("Nobody is surprised."));
    refreshed();
    write("second", "Elm Courier", 9, &report("Nobody is surprised."));
    write("third", "The Mill", 14, &report("Nobody was surprised."));
    let archive = refreshed();
    assert_eq!(archive.size().unwrap().articles, 1);
    assert_eq!(also(&archive), ["Elm Courier", "The Mill"]);
    // Weeks later it is news again, and so are other figures.
    write("later", "The Mill", 28, &report("Nobody is surprised."));
    write("other", "The Mill", 9, &report("There are 300 of them."));
    assert_eq!(refreshed().size().unwrap().articles, 3);
    // Whoever had it first may go.
    fs::remove_file(folder.path().join("first.jsonl")).unwrap();
    let archive = refreshed();
    assert_eq!(archive.size().unwrap().articles, 3);
    assert!(archive.index().number("second").unwrap().is_some());
}
