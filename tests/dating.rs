//! When things happened: the two articles that the bot ships with, and texts of our own.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::sync::Arc;

use dateline::{
    article::Article,
    dating::{DateBasis, Dated},
    language::{Language, Source},
    passage::{Document, Reader},
};

const VIDEO: &str = include_str!("../data/articles/000_e4984d2857adad0b.txt");
const COURTYARDS: &str = include_str!("../data/articles/003_4665e3687b589335.txt");

fn read(published: &str, body: &str) -> Document {
    let language = Language::read(&Source::Embedded).unwrap();
    let reader = Reader::new(Arc::new(language)).unwrap();
    reader.read(Article {
        id: String::new(),
        headline: None,
        byline: None,
        outlet: None,
        published: published.parse().unwrap(),
        url: None,
        path: None,
        body: body.to_owned(),
    })
}

/// The text after a seed's own date line.
fn seed(file: &str) -> Document {
    let rest = file.trim_start().strip_prefix("date ").unwrap();
    let (date, body) = rest.split_once(' ').unwrap();
    read(date, body)
}

/// The dates of the one sentence that starts with `start`.
fn dates<'d>(document: &'d Document, start: &str) -> &'d [Dated] {
    let sentences = document
        .passages
        .iter()
        .flat_map(|passage| &passage.sentences);
    let found: Vec<_> = sentences
        .filter(|sentence| document.text(sentence.span).starts_with(start))
        .collect();
    match found.as_slice() {
        [sentence] => &sentence.dates,
        other => panic!("{} sentences start with {start:?}", other.len()),
    }
}

/// The likeliest date of that sentence and where it was found.
fn first(document: &Document, start: &str) -> (String, DateBasis) {
    let dated = dates(document, start).first().unwrap();
    let modifier = dated
        .modifier
        .map_or(String::new(), |modifier| format!(" {modifier}"));
    (format!("{}{modifier}", dated.value), dated.basis)
}

fn assert_dates(document: &Document, expected: &[(&str, &str, DateBasis)]) {
    let found: Vec<_> = expected
        .iter()
        .map(|(start, ..)| (*start, first(document, start)))
        .collect();
    let wanted: Vec<_> = expected
        .iter()
        .map(|(start, date, basis)| (*start, ((*date).to_owned(), *basis)))
        .collect();
    pretty(&found, &wanted);
}

fn pretty<T: PartialEq + std::fmt::Debug>(found: &T, wanted: &T) {
    assert_eq!(found, wanted, "\nfound {found:#?}\nwanted {wanted:#?}");
}

use DateBasis::{Carried, Published, Stated};

#[test]
fn the_article_on_the_courtyards_tells_when_each_thing_happened() {
    assert_dates(
        &seed(COURTYARDS),
        &[
            ("Hundreds of Russians are all set", "2021-02-14", Stated),
            ("Despite being warned", "2021-02-14", Published),
            ("As per official’s records", "2021-01 END", Stated),
            ("Earlier this month", "2021-02 START", Stated),
            ("However, they urged", "2021-02-14", Stated),
            ("This comes as Kremlin critic", "2021-02-12", Stated),
            ("Navalny backed his lawyer's request", "2021-02-12", Carried),
            ("Navalny was arrested", "2021-01", Stated),
            ("Navalny was flown to Berlin", "2020", Stated),
            ("Upon landing in Germany", "2020-08", Carried),
        ],
    );
}

#[test]
fn the_article_on_the_video_tells_when_each_thing_happened() {
    let document = seed(VIDEO);
    assert_dates(
        &document,
        &[
            ("In a video that is making rounds", "2021-02-02", Stated),
            ("A Moscow court sentenced", "2021-02-02", Carried),
            ("He was arrested upon returning", "2021-01", Stated),
        ],
    );
    let arrested = dates(&document, "He was arrested upon returning");
    assert!(
        arrested
            .iter()
            .any(|dated| dated.value.to_string() == "2020-08"),
        "the assassination attempt's date is told too"
    );
}

#[test]
fn a_post_is_dated_by_its_own_date() {
    assert_dates(
        &seed(VIDEO),
        &[
            ("Alexey Navalny makes a heart gesture", "2021-02-02", Stated),
            ("What courage", "2021-02-03", Stated),
            ("Tears are falling freely", "2021-02-02", Stated),
        ],
    );
}

#[test]
fn what_is_planned_is_dated_ahead() {
    let document = read(
        "2021-05-10",
        "The ferry line will resume its service on June 3, the harbour office said.",
    );
    assert_dates(&document, &[("The ferry line", "2021-06-03", Stated)]);
}

#[test]
fn a_sentence_without_a_date_takes_the_publication_date() {
    let document = read(
        "2021-05-10",
        "Firefighters have put out the blaze in the old mill.",
    );
    assert_dates(&document, &[("Firefighters", "2021-05-10", Published)]);
}

#[test]
fn what_usually_happens_has_no_date() {
    let document = read(
        "2021-05-10",
        "The council usually meets behind closed doors.",
    );
    assert!(dates(&document, "The council").is_empty());
}

#[test]
fn hostile_texts_are_dated_without_harm() {
    for text in [
        "",
        "\n\n\n",
        "on on on on Tuesday Tuesday Tuesday",
        "had will to have been",
        "“““ Friday’s ’s 's",
        "1 2 3 4/5/6 7 8",
        "was\u{301} Monday\u{0}",
    ] {
        read("2021-05-10", text);
        read("9999-12-31", text);
        read("0001-01-01", text);
    }
    read(
        "2021-05-10",
        &"It said it had said on Friday that ".repeat(3_000),
    );
}

#[test]
fn a_word_that_describes_somebody_tells_of_no_event() {
    let body = "Hundreds of people lit candles on Sunday, in solidarity with detained journalist Ana Berg.\n\n\
                Ana Berg was detained on January 17 at the airport.\n\n\
                The detained journalist has been ill since Friday.";
    let document = read("2021-02-14", body);
    let language = Arc::new(Language::read(&Source::Embedded).unwrap());
    let reader = Reader::new(language).unwrap();
    let rows = document.rows();
    let places: Vec<Vec<usize>> = body
        .match_indices("detained")
        .map(|(at, _)| vec![at])
        .collect();
    let told = reader.dater().told(&rows.scene(&document.article), &places);
    let eventful: Vec<bool> = told.iter().map(|told| told.eventful > 0.5).collect();
    assert_eq!(eventful, [false, true, false]);
}
