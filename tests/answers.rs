//! Transcripts: questions on the two shipped articles and on some invented ones, as the terminal prints the answer and as Discord
//! shows it, side by side in one file each under `tests/corpus/answers/`.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::{fmt::Write, path::PathBuf, sync::Arc};

use dateline::{
    archive::Archive,
    command::{Call, read_prefixed, read_question},
    face::{discord::page::pages, terminal::render::render},
    language::{Language, Source},
};
use jiff::civil::{Date, date};

const TODAY: Date = date(2021, 3, 1);

fn archive() -> Archive {
    open("data/articles")
}

/// Every question with the archive it is put to.
fn questions() -> Vec<(&'static str, &'static str, Arc<Archive>)> {
    let shipped = Arc::new(archive());
    let flood = Arc::new(open("tests/corpus/river/articles.jsonl"));
    let on = |archive: &Arc<Archive>, questions: &'static [(&str, &str)]| {
        let archive = Arc::clone(archive);
        questions
            .iter()
            .map(move |&(name, question)| (name, question, Arc::clone(&archive)))
    };
    on(&shipped, QUESTIONS)
        .chain(on(&flood, ON_THE_FLOOD))
        .collect()
}

fn open(path: &str) -> Archive {
    let language = Arc::new(Language::read(&Source::Embedded).unwrap());
    let paths = [PathBuf::from(path)];
    let (archive, unreadable) = Archive::open(&paths, language).unwrap();
    assert_eq!(unreadable, []);
    archive
}

fn call(archive: &Archive, question: &str) -> Call {
    read_prefixed(question, "!", TODAY)
        .or_else(|| read_question(question, TODAY, archive.language()))
        .unwrap()
}

fn transcript(archive: &Archive, question: &str) -> String {
    let call = call(archive, question);
    let answer = (call.command.answer)(archive, &call.request).unwrap();
    let language = archive.language();
    let mut shown = format!("> {question}\n\n=== terminal ===\n");
    let printed = render(&answer, language, 100);
    shown.push_str(
        anstream::adapter::strip_str(&printed)
            .to_string()
            .trim_end(),
    );
    for (number, page) in (1..).zip(pages(&answer, language, 1500)) {
        let _ = write!(
            shown,
            "\n\n=== Discord, page {number} ===\n# {}\n{}",
            page.title, page.body
        );
    }
    shown
}

/// The questions on the two shipped articles, by the names of their files.
const QUESTIONS: &[(&str, &str)] = &[
    ("when_protests", "!when protests"),
    ("when_poisoned", "when was Navalny poisoned?"),
    ("when_arrested", "when was Navalny arrested?"),
    ("when_court", "!when court"),
    (
        "when_moratorium",
        "when did they declare the moratorium on rallies?",
    ),
    ("when_sentenced", "what day was Navalny sentenced?"),
    ("when_misspelt", "!when protsts"),
    ("when_unknown", "!when earthquake"),
    ("quote_heart", "!quote heart"),
    ("quote_volkov", "!quote Volkov"),
    ("quote_volkov_fear", "!quote Volkov fear"),
    ("quote_courage", "!quote courage"),
    ("quote_judge", "what did Navalny say about the judge?"),
    ("who_said_love", "who said that Navalny is love?"),
    ("on_day", "!on 2021-02-14"),
    ("on_day_without_year", "!on February 12"),
    ("on_month", "!on Feb 2021"),
    ("on_range", "!on 2021-02-01..2021-02-14"),
    ("on_nothing", "!on yesterday"),
    ("on_valentine", "what happened on Valentine's day 2021?"),
    ("on_no_date", "!on the roof"),
    ("timeline", "!timeline"),
    ("timeline_navalny", "!timeline Navalny arrest"),
    ("who_volkov", "!who Leonid Volkov"),
    ("who_navalny", "who is Alexei Navalny?"),
    ("search_phrase", "!search \"prison colony\" -Berlin"),
    ("search_before", "!search court before:2021-02-10"),
    ("search_nothing", "!search \"purple elephant\""),
    ("article", "!article 2"),
    ("article_missing", "!article 99"),
    ("ask_detained", "how many people were detained?"),
    ("ask_why", "why was Navalny sentenced?"),
    ("ask_where", "where was Navalny flown to?"),
    ("ask_nerve_agent", "which nerve agent was used?"),
    ("ask_capital", "what is the capital of France?"),
    ("ask_yes_no", "was Navalny in a coma?"),
    ("sources", "!sources"),
    ("status", "!status"),
    ("help", "!help"),
    ("help_when", "!help when"),
    ("no_topic", "!when"),
    ("when_detained", "when was Navalny detained?"),
    ("when_returned", "when did Navalny return from Germany?"),
    ("when_flown", "!when flown to Berlin"),
    ("when_gatherings", "when are the candlelight gatherings?"),
    ("when_defamation", "!when defamation trial"),
    ("when_capitals", "WHEN PROTESTS"),
    ("quote_putin", "!quote Putin"),
    ("quote_nobody", "!quote parliament budget"),
    ("quote_peskov", "what did Peskov say?"),
    ("who_said_hero", "who called him a hero?"),
    ("on_poisoning", "!on August 2020"),
    ("on_next", "!on 3 February 2021"),
    ("ask_how_long", "how long is Navalny's prison sentence?"),
    ("ask_who_gesture", "who made a heart gesture?"),
    ("ask_keywords", "novichok poisoning germany"),
    ("ask_misspelt", "how many poeple were detaned?"),
    ("search_source", "!search Navalny after:2021-02-10"),
    (
        "search_hostile",
        "!search \"((( @everyone ** [x](http://x.example)",
    ),
    ("who_nobody", "!who Napoleon"),
    ("timeline_nothing", "!timeline earthquake"),
];

/// The questions on some invented articles, in which figures change, speakers share a name, and outlets differ.
const ON_THE_FLOOD: &[(&str, &str)] = &[
    ("flood_when", "when did the dam burst?"),
    ("flood_when_found", "when was the boy found?"),
    ("flood_when_warned", "when did the engineers warn Norvolt?"),
    ("flood_when_resigned", "when did Brandt resign?"),
    ("flood_when_new_dam", "when will the new dam be finished?"),
    ("flood_when_memorial", "!when memorial"),
    ("flood_how_many", "how many people were killed?"),
    ("flood_how_much", "how much will Norvolt pay?"),
    ("flood_who_leads", "who leads the inquiry?"),
    ("flood_why", "why did Ana Ruiz leave the inspection?"),
    ("flood_where", "where was the boy found alive?"),
    ("flood_who_flew", "who flew to Tolmin?"),
    ("flood_which_company", "which company owns the Harrow Dam?"),
    ("flood_who_pulled", "who was pulled from a roof?"),
    ("flood_where_memorial", "where was the memorial unveiled?"),
    ("flood_quote_run", "!quote Zupan bake"),
    ("flood_quote_namesake", "!quote Pavel Brandt"),
    ("flood_quote_topic", "!quote agreement ministry"),
    (
        "flood_said_about",
        "what did Lucia Ferrant say about the money?",
    ),
    ("flood_who", "who is Erik Solberg?"),
    ("flood_on", "!on 4 March 2023"),
    ("flood_on_carried", "!on 11 October 2022"),
    ("flood_timeline", "!timeline dam"),
    ("flood_unknown", "how many schools were closed?"),
    ("flood_not_told", "was Oreb booed in parliament?"),
];

#[test]
fn answers_read_as_they_did_when_somebody_last_read_them() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("corpus/answers");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        for (name, question, archive) in questions() {
            insta::assert_snapshot!(name, transcript(&archive, question));
        }
    });
}

#[test]
fn every_excerpt_is_found_in_its_article_where_it_says_it_is() {
    for (_, question, archive) in questions() {
        let call = call(&archive, question);
        let answer = (call.command.answer)(&archive, &call.request).unwrap();
        for evidence in answer.evidence() {
            let excerpt = &evidence.excerpt;
            let number = archive.index().number(excerpt.article()).unwrap().unwrap();
            let document = archive.index().document(number).unwrap().unwrap();
            let (from, to) = excerpt.code_points();
            let cited: String = document
                .article
                .body
                .chars()
                .skip(from)
                .take(to - from)
                .collect();
            assert_eq!(cited, excerpt.text(), "{question}");
            assert!(
                !evidence.citations.is_empty(),
                "{question}: an excerpt without a source"
            );
            assert!(
                evidence
                    .citations
                    .iter()
                    .all(|&citation| citation < answer.citations.len())
            );
        }
    }
}

#[test]
fn the_same_question_gets_the_same_answer_from_two_archives_opened_alike() {
    for ((_, question, one), (_, _, other)) in questions().into_iter().zip(questions()) {
        assert_eq!(transcript(&one, question), transcript(&other, question));
    }
}

#[test]
fn a_poisoning_is_dated_from_the_context_to_august_2020() {
    let archive = archive();
    let call = call(&archive, "when was Navalny poisoned?");
    let answer = (call.command.answer)(&archive, &call.request).unwrap();
    let first = answer.evidence().next().unwrap();
    assert_eq!(first.date.as_ref().unwrap().value.to_string(), "2020-08");
}

#[test]
fn what_the_articles_do_not_tell_is_not_answered() {
    let archive = archive();
    for question in [
        "what is the capital of France?",
        "who won the football match on Sunday?",
        "how many planets does the sun have?",
        "!when earthquake",
        "!quote Napoleon",
        "!who Cleopatra",
    ] {
        let call = call(&archive, question);
        let answer = (call.command.answer)(&archive, &call.request).unwrap();
        assert!(!answer.answered(), "{question} was answered by {answer:#?}");
        assert!(!answer.notes.is_empty(), "{question}: nothing was said");
    }
}

#[test]
fn what_is_denied_or_only_wanted_has_no_date() {
    let archive = open("tests/corpus/ferry/articles.jsonl");
    for question in ["!when Ivo Tal arrested", "!when arrests in Lom"] {
        let call = call(&archive, question);
        let answer = (call.command.answer)(&archive, &call.request).unwrap();
        assert!(!answer.answered(), "{question} was answered by {answer:#?}");
    }
    let call = call(&archive, "when was Hanna Weil arrested?");
    let answer = (call.command.answer)(&archive, &call.request).unwrap();
    let first = answer.evidence().next().unwrap();
    assert_eq!(first.date.as_ref().unwrap().value.to_string(), "2021-03-17");
}
