//! What people may ask to do harm: every command answers it, or says that it found nothing, and shows nothing
//! but the articles' own words.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::{
    path::PathBuf,
    sync::{Arc, LazyLock},
};

use dateline::{
    answer::Answer,
    archive::Archive,
    command::{COMMANDS, Call, command, read_prefixed, read_question},
    language::{Language, Source},
};
use jiff::civil::{Date, date};

const TODAY: Date = date(2021, 3, 1);

static ARCHIVE: LazyLock<Archive> = LazyLock::new(|| {
    let language = Arc::new(Language::read(&Source::Embedded).unwrap());
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("data/articles");
    let (archive, unreadable) = Archive::open(&[folder], language).unwrap();
    assert_eq!(unreadable, []);
    archive
});

/// The answer to `argument`; whatever it is, each excerpt stands in the articles.
fn answer(name: &str, argument: &str) -> Answer {
    let call = Call::new(command(name).unwrap(), argument, TODAY);
    let answer = (call.command.answer)(&ARCHIVE, &call.request).unwrap();
    for evidence in answer.evidence() {
        let index = ARCHIVE.index();
        let number = index.number(evidence.excerpt.article()).unwrap().unwrap();
        let body = &index.document(number).unwrap().unwrap().article.body;
        assert!(body.contains(evidence.excerpt.text()), "{name} {argument}");
    }
    answer
}

/// Every command is asked, and the same words as a message in each way that a message is read.
fn all_commands_answer(argument: &str) {
    for command in COMMANDS {
        let _ = answer(command.name, argument);
    }
    let language = ARCHIVE.language();
    for text in [
        argument.to_owned(),
        format!("when {argument}"),
        format!("!{argument}"),
    ] {
        let calls = [
            read_prefixed(&text, "!", TODAY),
            read_question(&text, TODAY, language),
        ];
        for call in calls.into_iter().flatten() {
            let _ = answer(call.command.name, &call.request.argument);
        }
    }
}

#[test]
fn queries_of_four_thousand_characters_are_answered() {
    let words = "protests court Navalny verdict ".repeat(4000 / 31 + 1);
    all_commands_answer(words.get(..4000).unwrap());
    all_commands_answer(&"a".repeat(4000));
    all_commands_answer(&"б".repeat(4000));
    all_commands_answer(&"protest".repeat(571));
    // Every word another one.
    let different: Vec<String> = (0..700).map(|number| format!("w{number:x}")).collect();
    all_commands_answer(&different.join(" "));
    all_commands_answer(&"2021-02-14 ".repeat(363));
}

#[test]
fn ten_thousand_wildcards_are_no_wildcards() {
    for wildcard in [
        "*", "?", "* ", "a* ", "*a*b", "%", "_", "prot* ", "~2 ", "^9 ",
    ] {
        all_commands_answer(&wildcard.repeat(10_000));
    }
    // A part of a word with a star finds no more than that part of a word.
    assert!(!answer("search", "xyzz*").answered());
    assert!(!answer("search", "*").answered());
}

#[test]
fn nested_brackets_and_operators_are_words() {
    for (open, close) in [
        ("(", ")"),
        ("[", "]"),
        ("{", "}"),
        ("<", ">"),
        ("(a OR ", ")"),
        ("NOT ", ""),
    ] {
        all_commands_answer(&format!(
            "{}protests{}",
            open.repeat(3000),
            close.repeat(3000)
        ));
    }
    for query in [
        "court AND (NOT",
        "title:(a b c)^1e309",
        "[* TO *]",
        "published:[1 TO 99999999999]",
        "{\"query\":{\"match_all\":{}}}",
        "'; DROP TABLE watches; --",
        "before:9999-12-31 after:0001-01-01",
        "before:before:before: source:source:",
        "-------court",
        "-court -court -court",
    ] {
        all_commands_answer(query);
    }
}

#[test]
fn quotation_marks_without_end_are_answered() {
    for marks in ["\"", "“", "”", "'", "\"a", "\"a\" ", "“ ”"] {
        all_commands_answer(&marks.repeat(3000));
    }
}

#[test]
fn regular_expressions_that_explode_are_words() {
    for bomb in [
        "(a+)+$",
        "(a|aa)+$",
        "(.*)*x",
        "a{1000}{1000}",
        "(?:x+x+)+y",
        "[[:alpha:]]*",
        "\\p{L}+\\",
    ] {
        all_commands_answer(&format!("{bomb} {}!", "a".repeat(3000)));
    }
    all_commands_answer(&"a year ago last ".repeat(250));
    all_commands_answer(&"1/".repeat(2000));
    all_commands_answer(&"twenty-".repeat(500));
}

#[test]
fn invisible_and_right_to_left_characters_hide_nothing() {
    let seen = answer("when", "protests");
    assert!(seen.answered());
    for hidden in [
        "\u{200b}protests",
        "prot\u{200b}ests",
        "pro\u{ad}tests",
        "\u{feff}protests\u{2060}",
        "\u{202e}protests\u{202c}",
        "\u{2067}protests\u{2069}",
    ] {
        all_commands_answer(hidden);
        let found = answer("when", hidden);
        let texts = |answer: &Answer| -> Vec<String> {
            let texts = answer
                .evidence()
                .map(|evidence| evidence.excerpt.text().to_owned());
            texts.collect()
        };
        assert_eq!(texts(&found), texts(&seen), "{hidden:?}");
    }
    for noise in [
        "\u{200b}",
        "\u{202e}",
        "\u{2066}",
        "\u{fe0f}",
        "e\u{301}\u{301}\u{301}\u{301}",
        "\u{1f3f4}\u{e0067}",
    ] {
        all_commands_answer(&noise.repeat(1000));
    }
}

#[test]
fn null_bytes_and_control_characters_are_no_words() {
    for control in [
        "\0",
        "\0protests\0",
        "a\0b",
        "\u{1b}[2J",
        "\u{7f}",
        "\u{85}",
        "\r\n\r\n",
        "\u{fffd}",
    ] {
        all_commands_answer(control);
        all_commands_answer(&control.repeat(500));
    }
}

#[test]
fn letters_that_only_look_alike_find_no_other_word() {
    // Cyrillic а and о, Greek ο, full-width and mathematical letters.
    for lookalike in ["Nаvаlny", "cоurt", "cοurt"] {
        all_commands_answer(lookalike);
        for evidence in answer("search", lookalike).evidence() {
            let text = evidence.excerpt.text();
            // What is marked as sought is a word of the article, and never the look-alike itself.
            for bold in &evidence.bold {
                let mut letters = bold
                    .of(text)
                    .chars()
                    .filter(|letter| letter.is_alphabetic());
                assert!(
                    letters.all(|letter| letter.is_ascii()),
                    "{lookalike}: {text}"
                );
            }
        }
    }
    for written in ["ｃｏｕｒｔ", "𝐜𝐨𝐮𝐫𝐭"] {
        all_commands_answer(written);
    }
}
