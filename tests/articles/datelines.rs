//! Dates that a text gives at its own begin, and dates in the forms of metadata.

use jiff::civil::date;

use crate::{only, reason};

#[test]
fn a_text_without_a_date_before_it_is_dated_by_its_dateline() {
    for text in [
        "Published 3 February 2021\n\nThe bridge is open.",
        "Published: February 3, 2021\n\nThe bridge is open.",
        "Bridge opens at last\n\nFirst published on Wednesday, 3rd February 2021 at 10:15 GMT\n\nIt is open.",
        "Bridge opens at last\nPosted: 2021-02-03 10:15 | By Ann Lee\nIt is open.",
        "Bridge opens at last\n\n3 February 2021\n\nIt is open, said Ann Lee on 5 February 2021.",
        "Wed., Feb. 3, 2021, 6:30 p.m. EST\n\nIt is open.",
        "LONDON, Feb 3, 2021 (Reuters) - The bridge is open.",
        "ST. PETERSBURG, Russia, February 3, 2021 — The bridge is open.",
        "NEW YORK, N.Y., Feb. 3rd, 2021 /Wire/ -- The bridge is open.",
        "ÅLESUND 3 February 2021 (NTB) – The bridge is open.",
        "\u{feff}\n  Published 3 February 2021\nUpdated 4 February 2021\n\nThe bridge is open.",
    ] {
        let article = only("a.txt", text.as_bytes());
        assert_eq!(article.published, date(2021, 2, 3), "{text}");
        assert_eq!(
            article.body,
            text.trim_start_matches(['\u{feff}', '\n', ' '])
        );
    }
}

#[test]
fn what_only_looks_like_a_dateline_dates_nothing() {
    for text in [
        "The bridge was opened on 3 February 2021.",
        "On February 3, 2021, the bridge was opened.",
        "LONDON, Feb 3 (Reuters) - The bridge is open.",
        "LONDON, Feb 3, 2021 was a cold day.",
        "03/02/2021\n\nThe bridge is open.",
        "Published 3 February\n\nThe bridge is open.",
        "Published 31 February 2021\n\nThe bridge is open.",
        "Updated 4 February 2021\n\nThe bridge is open.",
        "Published 3 February 2021\nPublished 4 February 2021\n\nTwo bridges are open.",
        "20210203\n\nThe bridge is open.",
        "One.\nTwo.\nThree.\nFour.\nFive.\nSix.\nPublished 3 February 2021\nSeven.",
    ] {
        let (line, said) = reason("a.txt", text.as_bytes());
        assert_eq!(line, Some(1), "{text}");
        assert!(
            said.contains("has no date: begin it with"),
            "{text}: {said}"
        );
    }
}

#[test]
fn a_records_date_is_read_in_the_forms_of_mail_feeds_and_journals() {
    for stated in [
        "2021-02-03",
        "2021-02-03T23:30:00-05:00",
        "2021-02-03 23:30",
        "2021/02/03",
        "2021.02.03",
        "20210203",
        "20210203T233000Z",
        "Wed, 03 Feb 2021 23:30:00 -0500",
        "3 Feb 2021 00:10 +1100",
        "03-Feb-2021",
        "February 3, 2021",
        "Feb. 3rd, 2021 at 6:30 p.m.",
        "Wednesday the 3rd of February, 2021",
        " Sept 3 2021 ",
    ] {
        let month = if stated.contains("Sept") { 9 } else { 2 };
        let record = format!(r#"{{"id":"a","date":"{stated}","text":"T"}}"#);
        let article = only("a.jsonl", record.as_bytes());
        assert_eq!(article.published, date(2021, month, 3), "{stated}");
    }
}

#[test]
fn a_records_date_that_cannot_be_known_is_refused_and_named() {
    for (stated, wanted) in [
        ("03/02/2021", "may be two dates"),
        ("3.2.2021", "may be two dates"),
        ("3-2-21", "may be two dates"),
        ("30 February 2021", "no day of the calendar"),
        ("20210230", "no day of the calendar"),
        ("February 2021", "is no date"),
        ("3 February 2021 in the evening", "is no date"),
        ("yesterday", "is no date"),
        ("Juneau 3 2021", "is no date"),
    ] {
        let record =
            format!(r#"{{"id":"a","date":"{stated}","text":"Published 3 May 2020\\n\\nT"}}"#);
        let (_, said) = reason("a.jsonl", record.as_bytes());
        assert!(said.contains(wanted), "{stated}: {said}");
    }
    let (_, said) = reason("a.jsonl", br#"{"id":"a","date":1612345678,"text":"T"}"#);
    assert!(said.contains("`date` a number"), "{said}");
}

#[test]
fn a_record_without_a_date_is_dated_by_the_dateline_of_its_text() {
    let record = br#"{"id":"a","date":null,"text":"OSLO, 3 Feb 2021 (NTB) - T."}"#;
    assert_eq!(only("a.jsonl", record).published, date(2021, 2, 3));
}
