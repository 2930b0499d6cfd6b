//! What holds for any text: nothing panics, nothing is lost, excerpts are verbatim.

#![expect(
    clippy::unwrap_used,
    clippy::string_slice,
    reason = "a test that cannot go on fails"
)]

use std::sync::Arc;

use dateline::{
    archive::Archive,
    article::Article,
    command::{COMMANDS, Call, follow_up, read_prefixed, read_question},
    language::{Language, Source},
    text::{Abbreviations, CodePoints, Span, fold, paragraphs, sentences, stem, tokens},
};
use jiff::civil::date;
use proptest::prelude::*;

/// Text like news and unlike it: words, marks, dates, line ends, and characters of every width.
fn any_text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => "[A-Za-z]{1,8}",
        2 => Just(" ".to_owned()),
        1 => prop::sample::select(vec![
            ". ", "! ", "? ", "“", "”", "\"", "‘", "’", "'", "«", "»", "\n", "\n\n", "\r\n", " — ", "(", ")", "@", "#", "…",
            "said ", "Friday", "February 30", "last year", "2021-02-14", "Mr. ", "U.S. ", "7,000 ", "a year ", "Read: ",
            "(@x) May 1, 2020", "ﬁ", "İ", "ß", "é", "e\u{301}", "\u{200b}", "\u{202e}", "🤍", "👍🏼", "\u{0}", "\u{feff}",
        ]).prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(piece, 0..80).prop_map(|pieces| pieces.concat())
}

fn language() -> Arc<Language> {
    Arc::new(Language::read(&Source::Embedded).unwrap())
}

fn bare(text: &str) -> String {
    text.chars()
        .filter(|letter| !letter.is_whitespace())
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn paragraphs_and_sentences_joined_give_back_the_text(text in any_text()) {
        let abbreviations = Abbreviations::new(["Mr", "U.S"]);
        let paragraphs = paragraphs(&text);
        let joined: String = paragraphs.iter().map(|span| span.of(&text)).collect();
        prop_assert_eq!(bare(&joined), bare(&text));
        for paragraph in paragraphs {
            let joined: String =
                sentences(&text, paragraph, &abbreviations).iter().map(|span| span.of(&text)).collect();
            prop_assert_eq!(bare(&joined), bare(paragraph.of(&text)));
        }
    }

    #[test]
    fn tokens_are_in_order_and_leave_out_white_space_alone(text in any_text()) {
        let mut end = 0;
        let mut joined = String::new();
        for token in tokens(&text) {
            prop_assert!(token.span.start() >= end && !token.span.is_empty());
            end = token.span.end();
            joined.push_str(token.span.of(&text));
        }
        prop_assert_eq!(bare(&joined), bare(&text));
    }

    #[test]
    fn code_points_and_bytes_translate_both_ways(text in any_text()) {
        let points = CodePoints::new(&text);
        for (number, (byte, _)) in text.char_indices().enumerate() {
            prop_assert_eq!(points.at_byte(byte), number);
            prop_assert_eq!(points.to_byte(number), byte);
        }
        prop_assert_eq!(points.at_byte(text.len()), text.chars().count());
        prop_assert_eq!(points.to_byte(usize::MAX), text.len());
    }

    #[test]
    fn folding_twice_is_folding_once(text in any_text()) {
        let once = fold(&text).into_owned();
        prop_assert_eq!(fold(&once), once.as_str());
        let _ = stem(&text);
    }

    #[test]
    fn no_span_splits_a_character(text in any_text(), start in 0..400usize, end in 0..400usize) {
        if let Some(span) = Span::new(&text, start, end) {
            prop_assert_eq!(text.get(start..end), Some(span.of(&text)));
        } else {
            prop_assert!(text.get(start..end).is_none());
        }
    }

    #[test]
    fn any_message_is_read_without_a_panic(text in any_text(), previous in any_text()) {
        let language = language();
        let today = date(2021, 3, 1);
        let _ = read_prefixed(&text, "!", today);
        let _ = read_question(&text, today, &language);
        for command in COMMANDS {
            let previous = Call::new(command, &previous, today);
            let _ = follow_up(&text, &previous, &language);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn any_article_can_be_asked_anything_and_every_excerpt_is_verbatim(
        bodies in prop::collection::vec(any_text(), 1..4),
        question in any_text(),
    ) {
        let archive = Archive::in_memory(language()).unwrap();
        let articles = (0..).zip(&bodies).map(|(number, body)| Article {
            id: format!("a{number}"),
            headline: None,
            byline: None,
            outlet: None,
            published: date(2021, 2, 14),
            url: None,
            path: None,
            body: body.clone(),
        });
        archive.add(articles.collect()).unwrap();
        // Words of the articles themselves find more than arbitrary ones.
        let own: String = bodies.concat().chars().take(40).collect();
        for argument in [question.as_str(), own.as_str(), "2021-02-14", "1", ""] {
            for command in COMMANDS {
                let call = Call::new(command, argument, date(2021, 3, 1));
                let answer = (command.answer)(&archive, &call.request).unwrap();
                for evidence in answer.evidence() {
                    let id = evidence.excerpt.article();
                    let body = &bodies[id[1..].parse::<usize>().unwrap()];
                    let span = evidence.excerpt.span();
                    prop_assert_eq!(body.get(span.start()..span.end()), Some(evidence.excerpt.text()));
                    for bold in &evidence.bold {
                        prop_assert!(!bold.of(evidence.excerpt.text()).is_empty());
                    }
                }
            }
        }
    }
}
