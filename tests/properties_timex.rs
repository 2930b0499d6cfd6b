//! What holds of time expressions whatever the text.

use std::sync::LazyLock;

use dateline::{
    language::{Language, Source},
    timex::{Tagger, TimexValue},
};
use jiff::civil::{Date, date};
use proptest::prelude::*;

static TAGGER: LazyLock<Tagger> = LazyLock::new(|| {
    let language = Language::read(&Source::Embedded).expect("the embedded language is sound");
    Tagger::new(&language).expect("its rules compile")
});

const WORDS: &[&str] = &[
    "a",
    "an",
    "the",
    "year",
    "years",
    "ago",
    "earlier",
    "later",
    "last",
    "next",
    "this",
    "May",
    "March",
    "Feb.",
    "Friday",
    "Sunday,",
    "12",
    "31",
    "30",
    "2021",
    "1999",
    "'98",
    "1990s",
    "twenty",
    "-",
    "one",
    "hundred",
    "and",
    "half",
    "quarter",
    "third",
    "second",
    "of",
    "in",
    "until",
    "will",
    "said",
    "was",
    "noon",
    "9:30",
    "p.m.",
    "GMT",
    "Christmas",
    "Eve",
    "yesterday",
    "morning",
    "every",
    "week",
    "weeks",
    "weekend",
    "about",
    "late",
    "early",
    "mid-",
    "more",
    "than",
    "end",
    "the end of",
    "2021-02-30",
    "2020-02-29",
    "12/31/1999",
    "99999999999999999999",
    "½",
    "’s",
    "é",
    "日",
    "\u{301}",
    ".",
    ",",
    "\n",
    "\n\n",
    "(",
    "$",
    "%",
    "to",
    "between",
    "from",
    "..",
    "9999",
    "1000",
    "0",
];

fn noise() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        6 => proptest::sample::select(WORDS).prop_map(str::to_owned),
        1 => "\\PC{0,8}",
    ];
    proptest::collection::vec((piece, "[ ]{0,2}"), 0..40)
        .prop_map(|pieces| pieces.into_iter().map(|(a, b)| a + &b).collect())
}

fn day() -> impl Strategy<Value = Date> {
    (1000_i16..=2999, 1_i8..=12, 1_i8..=28).prop_map(|(year, month, day)| date(year, month, day))
}

proptest! {
    #[test]
    fn expressions_stand_in_order_on_whole_characters(text in noise(), written in day()) {
        let mut end = 0;
        for timex in TAGGER.tag(&text, written) {
            prop_assert!(timex.span.start() >= end);
            prop_assert!(!timex.span.of(&text).trim().is_empty());
            end = timex.span.end();
        }
    }

    #[test]
    fn values_print_and_parse_without_loss(text in noise(), written in day()) {
        for timex in TAGGER.tag(&text, written) {
            let printed = timex.value.to_string();
            let parsed: TimexValue = printed.parse().unwrap();
            prop_assert_eq!(parsed, timex.value);
        }
    }

    #[test]
    fn any_value_that_parses_prints_as_it_was_written(
        value in "(P(T)?)?[0-9X]{1,4}(-)?[0-9WXQHDYM]{0,3}(-)?[0-9X]{0,2}(T[0-9:]{2,5})?",
    ) {
        if let Ok(parsed) = value.parse::<TimexValue>() {
            let printed = parsed.to_string();
            prop_assert_eq!(printed.parse::<TimexValue>().unwrap(), parsed);
        }
    }

    #[test]
    fn intervals_are_never_empty(text in noise(), written in day()) {
        for timex in TAGGER.tag(&text, written) {
            if let Some(days) = timex.interval {
                prop_assert!(days.begin() < days.end());
                prop_assert!(days.days() >= 1);
            }
        }
    }

    #[test]
    fn what_follows_a_paragraph_changes_nothing_before_it(
        first in noise(),
        second in noise(),
        written in day(),
    ) {
        let first = first.trim_end().to_owned();
        let alone = TAGGER.tag(&first, written);
        let followed = TAGGER.tag(&format!("{first}\n\n{second}"), written);
        let before: Vec<_> = followed
            .into_iter()
            .filter(|timex| timex.span.start() < first.len())
            .collect();
        prop_assert_eq!(before, alone);
    }

    #[test]
    fn anything_can_be_asked_for_as_a_range(text in noise(), last_day in day()) {
        if let Some(days) = TAGGER.range(&text, last_day) {
            prop_assert!(days.begin() < days.end());
        }
        if let Some((span, days)) = TAGGER.find_range(&text, last_day) {
            prop_assert!(!span.of(&text).is_empty());
            prop_assert!(days.begin() < days.end());
        }
    }

    #[test]
    fn a_day_without_a_year_is_never_after_the_last_day(
        month in 1_usize..=12,
        number in 1_i8..=31,
        last_day in day(),
    ) {
        let names = [
            "January", "February", "March", "April", "May", "June", "July", "August", "September",
            "October", "November", "December",
        ];
        let asked = format!("{} {number}", names[month - 1]);
        if let Some(days) = TAGGER.range(&asked, last_day) {
            prop_assert!(days.begin() <= last_day);
            prop_assert_eq!(days.days(), 1);
        }
    }
}
