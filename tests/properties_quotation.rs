//! What holds of quotations in any text.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on fails"
)]

use std::sync::LazyLock;

use dateline::language::{Language, Source};
use dateline::quotation::{Extractor, Quotation};
use dateline::text::Span;
use proptest::prelude::*;

static EXTRACTOR: LazyLock<Extractor> =
    LazyLock::new(|| Extractor::new(&Language::read(&Source::Embedded).unwrap()).unwrap());

/// Pieces that quotations are made of, in any order.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("“".to_owned()),
        Just("”".to_owned()),
        Just("\"".to_owned()),
        Just("'".to_owned()),
        Just("‘".to_owned()),
        Just("’".to_owned()),
        Just("«".to_owned()),
        Just("»".to_owned()),
        Just("„".to_owned()),
        Just(" said ".to_owned()),
        Just(" he ".to_owned()),
        Just("Jane Calder ".to_owned()),
        Just("Mr. Holm".to_owned()),
        Just(", ".to_owned()),
        Just(". ".to_owned()),
        Just(": ".to_owned()),
        Just(" — ".to_owned()),
        Just(" (".to_owned()),
        Just(") ".to_owned()),
        Just("\n\n".to_owned()),
        Just("\n".to_owned()),
        Just(" according to ".to_owned()),
        Just(" that ".to_owned()),
        Just(" who ".to_owned()),
        Just(" was asked by ".to_owned()),
        Just("-".to_owned()),
        Just("é̄ñ 🤍 ".to_owned()),
        Just("(@jane) March 3, 2019".to_owned()),
        "[a-zA-Z ]{1,8}",
        "\\PC{0,4}",
    ];
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

fn spans(quotation: &Quotation) -> Vec<Span> {
    let mut spans = quotation.content.clone();
    spans.extend(
        [Some(quotation.extent), quotation.cue, quotation.posted]
            .into_iter()
            .flatten(),
    );
    if let Some(speaker) = &quotation.speaker {
        spans.extend(
            [Some(speaker.mention), speaker.name, speaker.handle]
                .into_iter()
                .flatten(),
        );
    }
    spans
}

fn check(text: &str) -> Result<(), TestCaseError> {
    let extraction = EXTRACTOR.read(text);
    for quotation in &extraction.quotations {
        for span in spans(quotation) {
            // Whole characters of this text, and some of them.
            prop_assert_eq!(Span::new(text, span.start(), span.end()), Some(span));
            prop_assert!(!span.is_empty());
        }
        prop_assert!(!quotation.content.is_empty());
        prop_assert!(
            quotation
                .content
                .iter()
                .all(|content| quotation.extent.contains(*content))
        );
        prop_assert!(
            quotation
                .content
                .windows(2)
                .all(|pair| pair[0].end() <= pair[1].start())
        );
        prop_assert!((0.0..=1.0).contains(&quotation.confidence));
    }
    prop_assert!(
        extraction
            .quotations
            .windows(2)
            .all(|pair| pair[0].extent.start() <= pair[1].extent.start())
    );
    for person in &extraction.people {
        prop_assert!(person.mentions.contains(&person.name));
        for span in &person.mentions {
            prop_assert_eq!(Span::new(text, span.start(), span.end()), Some(*span));
            prop_assert!(!span.is_empty());
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn quotations_of_any_text_lie_in_it(text in "\\PC{0,400}") {
        check(&text)?;
    }

    #[test]
    fn quotations_of_any_pieces_lie_in_the_text(text in pieces()) {
        check(&text)?;
    }
}

/// Two texts one after the other, as two paragraphs far apart, are read in time linear in their length;
/// this only checks that texts made to be slow end at all.
#[test]
fn texts_made_to_be_slow_end() {
    for unit in [
        "“",
        "\"a ",
        "« ",
        "'a",
        "said ",
        "Ann Lee, ",
        "“a” ",
        "who said ",
        "(",
        "a-",
        " ”a",
    ] {
        let text = unit.repeat(10_000);
        let _ = EXTRACTOR.read(&text);
    }
}
