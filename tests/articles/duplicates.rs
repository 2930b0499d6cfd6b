//! The same article twice, and articles that only look alike.

use dateline::article::{Article, Fingerprint, Known, Verdict, canonical};
use jiff::civil::{Date, date};
use proptest::{collection::vec, prelude::*};

fn article(published: Date, url: Option<&str>, body: &str) -> Article {
    Article {
        id: String::new(),
        headline: None,
        byline: None,
        outlet: None,
        published,
        url: url.map(str::to_owned),
        path: None,
        body: body.to_owned(),
    }
}

const DAY: Date = date(2021, 2, 3);

const TEXT: &str = "The town of Aldermere will close its only cinema at the end of the month, the owners said on \
    Tuesday, after the roof was found to be held up by little more than habit. “We have patched it since the \
    winter of the big snow,” said Helga Brandt, who sells the tickets, the sweets and, on Sundays, the flowers \
    beside the door. The council has offered the old market hall for the summer, with benches in place of the \
    red seats, which nobody knows how to get out of the building in one piece. Films would be shown from dusk, \
    and stopped when the last bus leaves. A collection for a new roof stands at a third of what is needed. If \
    it is not full by autumn, the house will be sold to a maker of window frames, who has promised to keep the \
    sign above the entrance, and to light it on the first evening of every year.";

fn known(articles: &[(&str, Article)]) -> Known {
    let mut known = Known::default();
    for (id, article) in articles {
        known.insert(id, Fingerprint::of(article));
    }
    known
}

#[test]
fn an_address_is_the_same_however_one_came_to_it() {
    let wanted = canonical("https://example.org/news/ferry?id=7&page=2").unwrap();
    for address in [
        "http://example.org/news/ferry?page=2&id=7",
        "https://www.example.org/news/ferry/?id=7&page=2",
        "https://EXAMPLE.org:443/news/ferry?utm_source=x&id=7&fbclid=abc&page=2&UTM_Medium=y",
        "https://m.example.org/news/ferry?id=7&page=2#comments",
        "https://amp.example.org/news/ferry/amp/?id=7&page=2&amp=1",
        " https://example.org/news/../news/ferry?id=7&page=2&gclid=1&ref=home ",
    ] {
        assert_eq!(canonical(address).as_ref(), Some(&wanted), "{address}");
    }
    for other in [
        "https://example.org/news/ferry?id=8&page=2",
        "https://example.org/news/Ferry?id=7&page=2",
        "https://example.net/news/ferry?id=7&page=2",
        "https://example.org:8080/news/ferry?id=7&page=2",
        "https://example.org/ferry?id=7&page=2",
        "https://example.org/news/ferry?id=7&page=2#!/second",
    ] {
        assert_ne!(canonical(other).unwrap(), wanted, "{other}");
    }
    // A site is no article, and neither is what is not on the web.
    for none in [
        "https://example.org/",
        "http://www.example.org?utm_source=x#top",
        "tag:example.org,2020:1",
        "x",
        "",
    ] {
        assert_eq!(canonical(none), None, "{none}");
    }
}

#[test]
fn an_article_is_known_by_its_id() {
    let known = known(&[("a", article(DAY, None, TEXT))]);
    let same = Fingerprint::of(&article(DAY, None, TEXT));
    let changed = Fingerprint::of(&article(DAY, None, "Correction: the cinema stays."));
    assert_eq!(known.judge("a", &same), Verdict::Same("a"));
    assert_eq!(known.judge("a", &changed), Verdict::Changed("a"));
    assert_eq!(known.judge("b", &changed), Verdict::New);
}

#[test]
fn an_article_is_known_by_its_address_of_the_same_day() {
    let first = article(
        DAY,
        Some("https://example.org/cinema?utm_source=feed"),
        "Cinema to close.",
    );
    let known = known(&[("a", first)]);
    let at =
        |day, body| Fingerprint::of(&article(day, Some("http://www.example.org/cinema/"), body));
    assert_eq!(
        known.judge("b", &at(DAY, "Cinema to close.")),
        Verdict::Same("a")
    );
    assert_eq!(known.judge("b", &at(DAY, TEXT)), Verdict::Changed("a"));
    // A column that always stands at one address.
    assert_eq!(known.judge("b", &at(date(2021, 2, 10), TEXT)), Verdict::New);
}

#[test]
fn a_text_that_another_outlet_prints_is_the_same_article() {
    let known = known(&[("a", article(DAY, Some("https://example.org/cinema"), TEXT))]);
    let credit = format!("{TEXT} Agency.");
    let quotes = TEXT.replace(['“', '”'], "\"").to_uppercase();
    let edited = TEXT.replace("little more than habit", "little but habit");
    for copy in [TEXT, &credit, &quotes, &edited] {
        let copy = article(date(2021, 2, 5), Some("https://example.net/x"), copy);
        assert_eq!(
            known.judge("b", &Fingerprint::of(&copy)),
            Verdict::Same("a")
        );
    }
}

#[test]
fn articles_that_only_look_alike_are_two() {
    let report = |cases: u32| {
        format!(
            "The county counted {cases} new cases on Tuesday, its health office said, and nobody was moved to \
             intensive care. Schools stay open, with windows ajar between lessons. The office will give its next \
             figures on Wednesday at noon, and asks everybody with a cough to stay at home until then."
        )
    };
    let known = known(&[
        ("a", article(DAY, None, &report(41))),
        ("b", article(DAY, None, TEXT)),
        ("c", article(DAY, None, "Roads are clear this morning.")),
    ]);
    let judged = |day, body: &str| known.judge("x", &Fingerprint::of(&article(day, None, body)));
    assert_eq!(judged(DAY, &report(57)), Verdict::New, "other figures");
    assert_eq!(judged(date(2021, 3, 3), TEXT), Verdict::New, "weeks later");
    assert_eq!(
        judged(DAY, "Roads are clear this morning."),
        Verdict::New,
        "too short to tell"
    );
    let half: String = TEXT.chars().take(TEXT.chars().count() / 2).collect();
    assert_eq!(judged(DAY, &half), Verdict::New, "a part of it");
}

#[test]
fn what_was_forgotten_is_known_no_more() {
    let first = article(DAY, Some("https://example.org/cinema"), TEXT);
    let mut known = known(&[("a", first.clone())]);
    assert_eq!(known.len(), 1);
    assert!(known.remove("a"));
    assert!(!known.remove("a"));
    assert!(known.is_empty());
    let fingerprint = Fingerprint::of(&first);
    assert_eq!(known.judge("a", &fingerprint), Verdict::New);
    known.insert("b", fingerprint);
    known.insert("b", Fingerprint::of(&article(DAY, None, "Gone.")));
    assert_eq!(known.len(), 1);
    assert_eq!(known.judge("c", &fingerprint), Verdict::New);
}

#[test]
fn a_fingerprint_can_be_stored() {
    let fingerprint = Fingerprint::of(&article(DAY, Some("https://example.org/cinema"), TEXT));
    let stored = serde_json::to_string(&fingerprint).unwrap();
    assert_eq!(
        stored,
        r#"{"address":3123917169192913911,"exact":18096564287034776067,"near":997815607549356216,"figures":0,"words":160,"day":7704}"#,
        "its values never change: archives keep them"
    );
    assert_eq!(
        serde_json::from_str::<Fingerprint>(&stored).unwrap(),
        fingerprint
    );
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_article_is_the_same_as_itself_and_new_once_forgotten(
        bodies in vec("\\PC{0,60}( \\PC{0,20}){0,40}", 1..12),
        urls in vec(prop_oneof![Just(None), "https?://[a-c]{1,2}\\.[a-c]{2}/[a-c]{0,2}(\\?[a-c]=[a-c])?".prop_map(Some), "\\PC{0,20}".prop_map(Some)], 12),
    ) {
        let mut known = Known::default();
        for (number, (body, url)) in bodies.iter().zip(&urls).enumerate() {
            let fingerprint = Fingerprint::of(&article(DAY, url.as_deref(), body));
            let id = number.to_string();
            known.insert(&id, fingerprint);
            prop_assert_eq!(known.judge(&id, &fingerprint), Verdict::Same(id.as_str()));
        }
        prop_assert_eq!(known.len(), bodies.len());
        for number in 0..bodies.len() {
            prop_assert!(known.remove(&number.to_string()));
        }
        for (body, url) in bodies.iter().zip(&urls) {
            let fingerprint = Fingerprint::of(&article(DAY, url.as_deref(), body));
            prop_assert_eq!(known.judge("x", &fingerprint), Verdict::New);
        }
    }

    /// An index that compares no more than these marks finds whatever a comparison with all would find.
    #[test]
    fn what_is_the_same_article_has_a_sought_mark(
        changed in vec(("[a-z]{1,8}", any::<prop::sample::Index>()), 0..4),
        days in 0..12_i64,
        url in prop_oneof![Just(None), Just(Some("https://example.org/ferry"))],
    ) {
        let mut words: Vec<&str> = TEXT.split(' ').collect();
        let before = Fingerprint::of(&article(DAY, url, TEXT));
        for (word, place) in &changed {
            let place = place.index(words.len());
            words[place] = word;
        }
        let published = DAY + jiff::Span::new().days(days);
        let after = Fingerprint::of(&article(published, url, &words.join(" ")));
        let mut known = Known::default();
        known.insert("before", before);
        let marks = before.marks();
        let sought = after.sought();
        let found = sought.iter().any(|mark| marks.contains(mark));
        prop_assert!(found || known.judge("after", &after) == Verdict::New);
        let sought = before.sought();
        let marks = after.marks();
        let found = sought.iter().any(|mark| marks.contains(mark));
        prop_assert!(found || known.judge("after", &after) == Verdict::New);
    }
}
