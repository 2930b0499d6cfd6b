//! Time expressions: what is found, and to which days it comes.

use std::sync::LazyLock;

use dateline::{
    language::{Language, Source},
    timex::{Basis, DateOrder, Grain, Modifier, Tagger, TimexKind, TimexValue},
};
use jiff::civil::{Date, date};

static TAGGER: LazyLock<Tagger> = LazyLock::new(english);

fn english() -> Tagger {
    let language = Language::read(&Source::Embedded).expect("the embedded language is sound");
    Tagger::new(&language).expect("its rules compile")
}

const SUNDAY: Date = date(2021, 2, 14);

/// What is tagged in `text`: words, type, value, modifier.
fn tagged(text: &str, written: Date) -> Vec<(String, String)> {
    TAGGER
        .tag(text, written)
        .iter()
        .map(|timex| {
            let modifier = timex
                .modifier
                .map(|modifier| format!(" {modifier}"))
                .unwrap_or_default();
            (
                timex.span.of(text).to_owned(),
                format!("{} {}{modifier}", timex.kind, timex.value),
            )
        })
        .collect()
}

fn seed(name: &str) -> String {
    let path = format!("{}/data/articles/{name}", env!("CARGO_MANIFEST_DIR"));
    let file = std::fs::read_to_string(path).expect("the seed article is there");
    // "date 2021-02-03" stands before the text.
    file.trim_start().chars().skip(15).collect()
}

fn expect(found: &[(String, String)], wanted: &[(&str, &str)]) {
    let found: Vec<(&str, &str)> = found
        .iter()
        .map(|(words, value)| (words.as_str(), value.as_str()))
        .collect();
    assert_eq!(found, wanted);
}

#[test]
fn every_expression_of_the_first_seed_article_is_right() {
    let second = ("February 2, 2021", "DATE 2021-02-02");
    let third = ("February 3, 2021", "DATE 2021-02-03");
    expect(
        &tagged(&seed("000_e4984d2857adad0b.txt"), date(2021, 2, 3)),
        &[
            ("over two and a half years", "DURATION P2.5Y MORE_THAN"),
            ("February 2", "DATE 2021-02-02"),
            ("more than two years", "DURATION P2Y MORE_THAN"),
            second,
            third,
            second,
            third,
            second,
            third,
            third,
            third,
            third,
            third,
            third,
            third,
            third,
            third,
            third,
            second,
            second,
            second,
            ("two years and eight months", "DURATION P2Y8M"),
            ("2014", "DATE 2014"),
            ("3 1/2-year", "DURATION P3.5Y"),
            ("the 10 months", "DURATION P10M"),
            ("January", "DATE 2021-01"),
            ("August 2020", "DATE 2020-08"),
        ],
    );
}

#[test]
fn every_expression_of_the_second_seed_article_is_right() {
    expect(
        &tagged(&seed("003_4665e3687b589335.txt"), SUNDAY),
        &[
            ("February 14", "DATE 2021-02-14"),
            ("late in January", "DATE 2021-01 END"),
            ("Earlier this month", "DATE 2021-02 START"),
            ("spring", "DATE 2021-SP"),
            ("15 minutes", "DURATION PT15M"),
            ("Valentine’s day", "DATE 2021-02-14"),
            ("Friday, February 12", "DATE 2021-02-12"),
            ("last year", "DATE 2020"),
            ("two years", "DURATION P2Y"),
            ("last month", "DATE 2021-01"),
            ("August 2020", "DATE 2020-08"),
            ("last year", "DATE 2020"),
            ("almost a month", "DURATION P1M LESS_THAN"),
        ],
    );
}

/// The first and last day that `asked` names for an archive that ends on Sunday, 14 February 2021.
fn days(asked: &str) -> Option<(String, String)> {
    TAGGER
        .range(asked, SUNDAY)
        .map(|days| (days.begin().to_string(), days.last().to_string()))
}

#[test]
fn dates_and_ranges_that_people_type_are_read() {
    let one = |day: &str| Some((day.to_owned(), day.to_owned()));
    let two = |begin: &str, last: &str| Some((begin.to_owned(), last.to_owned()));
    for (asked, wanted) in [
        ("2021-02-14", one("2021-02-14")),
        ("February 12", one("2021-02-12")),
        ("february 20", one("2020-02-20")),
        ("12 Feb", one("2021-02-12")),
        ("Feb 2021", two("2021-02-01", "2021-02-28")),
        ("2021-02", two("2021-02-01", "2021-02-28")),
        ("2020", two("2020-01-01", "2020-12-31")),
        ("may", two("2020-05-01", "2020-05-31")),
        ("yesterday", one("2021-02-13")),
        ("last week", two("2021-02-01", "2021-02-07")),
        ("Valentine's day 2021", one("2021-02-14")),
        ("late January", two("2021-01-21", "2021-01-31")),
        ("the past three days", two("2021-02-12", "2021-02-14")),
        ("2021-02-01..2021-02-14", two("2021-02-01", "2021-02-14")),
        ("2021-02-01 to 2021-02-14", two("2021-02-01", "2021-02-14")),
        ("2021-02-01 – 2021-02-14", two("2021-02-01", "2021-02-14")),
        ("between January and March", two("2021-01-01", "2021-03-31")),
        ("from November to January", two("2020-11-01", "2021-01-31")),
        ("March 2019 to May", two("2019-03-01", "2019-05-31")),
        ("from 1 to 5 March 2021", two("2021-03-01", "2021-03-05")),
        ("February 1-5, 2020", two("2020-02-01", "2020-02-05")),
        ("since Friday", two("2021-02-12", "2021-02-14")),
        ("on 2021-02-02", one("2021-02-02")),
        ("02/03/2021", one("2021-03-02")),
        ("13/02/2021", one("2021-02-13")),
        ("February 30", None),
        ("2021-02-30", None),
        ("hello february", None),
        ("15 minutes", None),
        ("", None),
    ] {
        assert_eq!(days(asked), wanted, "{asked:?}");
    }
}

#[test]
fn the_order_of_day_and_month_is_a_setting() {
    let source = Source::Embedded.with_date_order(DateOrder::MonthDay);
    let american = Tagger::new(&Language::read(&source).unwrap()).unwrap();
    for (written, day) in [
        ("02/03/2021", date(2021, 2, 3)),
        ("2/3/21", date(2021, 2, 3)),
        // Only the other order gives a date.
        ("14/02/2021", SUNDAY),
        ("2021-02-03", date(2021, 2, 3)),
    ] {
        let days = american.range(written, SUNDAY).unwrap();
        assert_eq!((days.begin(), days.days()), (day, 1), "{written}");
        let text = format!("It opened on {written}.");
        let found = american.tag(&text, SUNDAY);
        assert_eq!(found[0].value, TimexValue::day(day), "{text}");
    }
    assert_eq!(
        TAGGER.range("02/03/2021", SUNDAY).unwrap().begin(),
        date(2021, 3, 2)
    );
}

#[test]
fn questions_are_searched_for_their_dates() {
    for (question, words, begin, last) in [
        (
            "what happened last week?",
            "last week",
            date(2021, 2, 1),
            date(2021, 2, 7),
        ),
        (
            "what happened on Valentine's day 2021",
            "on Valentine's day 2021",
            SUNDAY,
            SUNDAY,
        ),
        (
            "What happened between January and March?",
            "between January and March",
            date(2021, 1, 1),
            date(2021, 3, 31),
        ),
        (
            "who was arrested on february 2?",
            "on february 2",
            date(2021, 2, 2),
            date(2021, 2, 2),
        ),
    ] {
        let (span, days) = TAGGER.find_range(question, SUNDAY).unwrap();
        assert_eq!(span.of(question), words);
        assert_eq!((days.begin(), days.last()), (begin, last), "{question}");
    }
    for question in [
        "who may march with Navalny?",
        "who is the man of the year?",
        "why was he freed?",
    ] {
        assert_eq!(TAGGER.find_range(question, SUNDAY), None, "{question}");
    }
}

#[test]
fn days_that_do_not_exist_are_no_dates() {
    for text in [
        "It happened on February 30.",
        "It happened on 31 June 2020.",
        "See 2021-13-01.",
    ] {
        assert_eq!(tagged(text, SUNDAY), [], "{text}");
    }
}

#[test]
fn clauses_decide_between_past_and_future() {
    for (text, value) in [
        ("He resigned on Thursday.", "2021-02-11"),
        ("He will resign on Thursday.", "2021-02-18"),
        ("They met in November.", "2020-11"),
        ("They will meet in November.", "2021-11"),
        ("The ban holds until May.", "2021-05"),
        ("She left on 20 January.", "2021-01-20"),
    ] {
        let found = TAGGER.tag(text, SUNDAY);
        assert_eq!(found[0].value.to_string(), value, "{text}");
    }
}

#[test]
fn expressions_count_from_the_date_spoken_of() {
    let text = "He was jailed on 3 May 2012. The following month he fell ill, and two years later he was freed.";
    let found = TAGGER.tag(text, SUNDAY);
    let values: Vec<String> = found.iter().map(|timex| timex.value.to_string()).collect();
    assert_eq!(values, ["2012-05-03", "2012-06", "2014"]);
    assert_eq!(found[1].basis, Basis::Anaphoric);
}

#[test]
fn a_history_keeps_to_its_own_years() {
    let text = "The siege began on 3 March 1854. On 5 April the town fell. In June peace was made.";
    let values: Vec<String> = TAGGER
        .tag(text, SUNDAY)
        .iter()
        .map(|timex| timex.value.to_string())
        .collect();
    assert_eq!(values, ["1854-03-03", "1854-04-05", "1854-06"]);
}

/// The values in `text`, read long after what it tells of.
fn values(text: &str, written: Date) -> Vec<String> {
    let found = TAGGER.tag(text, written);
    found.iter().map(|timex| timex.value.to_string()).collect()
}

#[test]
fn a_history_goes_on_from_the_date_before() {
    let text = "The Border War was fought from 14 May 1907 to 3 October 1911. In the spring of 1907 Vost closed \
        the passes. On May 14, its army crossed the river. By the end of the month the capital had fallen. On \
        the night of 2 June the fleet was sunk, and the following day the king fled. That summer the siege \
        began. The town surrendered on 19 August, and fighting stopped for the winter. In early 1908 the war \
        resumed. On 7 February at 05:30 the guns opened fire. The next morning the bridge was lost. Three \
        weeks later, Vost asked for terms. In December 1909 elections were held, and a month later a cabinet \
        was formed. It lasted until July. Today the fort is a museum. In August the border was opened.";
    assert_eq!(
        values(text, date(2009, 5, 5)),
        [
            "1907-05-14",
            "1911-10-03",
            "1907-SP",
            "1907-05-14",
            "1907-05",
            "1907-06-02TNI",
            "1907-06-03",
            "1907-SU",
            "1907-08-19",
            "1907-WI",
            "1908",
            "1908-02-07",
            "1908-02-07T05:30",
            "1908-02-08TMO",
            "1908-W09",
            "1909-12",
            "1910-01",
            "1910-07",
            "2009-05-05",
            "1910-08",
        ]
    );
}

#[test]
fn a_history_may_name_its_year_after_its_first_day() {
    let text = "On the morning of September 9, Colonel Hart left camp. On the 12th he reached the ford, and in the \
        early hours of September 16, 1863, he crossed. That autumn many deserted. In 1864 he was promoted.";
    assert_eq!(
        values(text, date(2009, 5, 5)),
        [
            "1863-09-09TMO",
            "1863-09-12",
            "1863-09-16",
            "1863-FA",
            "1864"
        ]
    );
}

#[test]
fn news_that_recalls_a_day_long_past_stays_news() {
    for text in [
        "The mayor resigned on Thursday. She was born on 3 May 1961. In November she had been re-elected.",
        "PARIS, Feb. 12 -- The bank, founded on 3 May 1961, and again in 1975, said that in November it had lost money.",
        "They were freed after the Sept. 11, 2001, attacks. In November they were jailed.",
    ] {
        let found = values(text, SUNDAY);
        assert_eq!(found.last().unwrap(), "2020-11", "{text}");
    }
}

#[test]
fn a_paragraph_is_read_as_if_nothing_followed() {
    let first = "2020-02-29 Friday";
    let alone = values(first, date(2023, 1, 1));
    let followed = values(&format!("{first}\n\nMay 1921"), date(2023, 1, 1));
    assert_eq!(followed[..alone.len()], alone);
}

#[test]
fn what_is_written_in_haste_is_read() {
    for (text, value) in [
        ("see you friday, i will be there", "2021-02-19"),
        ("he left last tuesday", "2021-02-09"),
        ("see you tmrw", "2021-02-15"),
        ("we were there in october", "2020-10"),
        ("doors open at 7.30pm", "2021-02-14T19:30"),
        (
            "it begins at eight o'clock in the evening",
            "2021-02-14T20:00",
        ),
    ] {
        assert_eq!(values(text, SUNDAY), [value], "{text}");
    }
}

#[test]
fn lengths_count_from_now_where_the_verb_looks_ahead() {
    for (text, value) in [
        ("The bonds will be redeemed in five years.", "2026"),
        ("The bridge was built in five years.", "P5Y"),
        ("The bridge will be built within five years.", "P5Y"),
        ("It was the first loss in five years.", "P5Y"),
        ("They talked for an hour and a half.", "PT1.5H"),
        ("They talked for half an hour.", "PT0.5H"),
    ] {
        assert_eq!(values(text, SUNDAY), [value], "{text}");
    }
}

#[test]
fn modifiers_narrow_the_days() {
    let found = TAGGER.tag("It began in early 2019 and ended in late May 2020.", SUNDAY);
    let days = found[0].interval.unwrap();
    assert_eq!(found[0].modifier, Some(Modifier::Start));
    assert_eq!(
        (days.begin(), days.last()),
        (date(2019, 1, 1), date(2019, 5, 1))
    );
    let days = found[1].interval.unwrap();
    assert_eq!(
        (days.begin(), days.last()),
        (date(2020, 5, 21), date(2020, 5, 31))
    );
}

#[test]
fn times_and_sets_have_their_types() {
    let found = TAGGER.tag("Every Monday they meet at 9 a.m. for two hours.", SUNDAY);
    let kinds: Vec<TimexKind> = found.iter().map(|timex| timex.kind).collect();
    assert_eq!(
        kinds,
        [TimexKind::Set, TimexKind::Time, TimexKind::Duration]
    );
}

#[test]
fn values_parse_into_what_they_denote() {
    for (written, grain) in [
        ("19", Some(Grain::Century)),
        ("198", Some(Grain::Decade)),
        ("1989", Some(Grain::Year)),
        ("1989-H1", Some(Grain::Half)),
        ("1989-Q3", Some(Grain::Quarter)),
        ("1989-SU", Some(Grain::Season)),
        ("1989-10", Some(Grain::Month)),
        ("1989-W42", Some(Grain::Week)),
        ("1989-W42-WE", Some(Grain::Day)),
        ("1989-10-27T09:30", Some(Grain::Day)),
        ("XXXX-WXX-1", Some(Grain::Day)),
        ("P2Y8M", None),
        ("PT1H30M", None),
        ("P2.5Y", None),
        ("PXM", None),
        ("P1DE", None),
        ("PRESENT_REF", None),
    ] {
        let value: TimexValue = written.parse().unwrap();
        assert_eq!(value.to_string(), written);
        assert_eq!(value.grain(), grain, "{written}");
    }
    for wrong in [
        "",
        "P",
        "PT",
        "2021-13",
        "2021-02-32",
        "1989-Q5",
        "ten",
        "P1D1Y",
        "2021-02-14T25",
    ] {
        assert!(wrong.parse::<TimexValue>().is_err(), "{wrong:?}");
    }
}

#[test]
fn a_megabyte_of_one_word_is_read_to_its_end() {
    for (piece, times) in [
        ("a year ", 150_000),
        ("1", 1_000_000),
        ("twenty-", 150_000),
        ("May 5 and ", 100_000),
    ] {
        let text = piece.repeat(times) + "\n\nHe left on 3 May 2012.";
        let found = TAGGER.tag(&text, SUNDAY);
        assert_eq!(
            found.last().unwrap().value.to_string(),
            "2012-05-03",
            "{piece:?}"
        );
    }
}

#[test]
fn times_before_the_first_year_are_no_dates_and_every_value_reads_back() {
    for text in [
        "Over 2,500 years ago they came.",
        "It was 20 centuries ago.",
        "300,000 years ago",
        "9,000 years from now",
    ] {
        for timex in TAGGER.tag(text, date(2009, 5, 18)) {
            let printed = timex.value.to_string();
            let again: TimexValue = printed.parse().unwrap();
            assert_eq!(again, timex.value, "{text}");
        }
    }
}
