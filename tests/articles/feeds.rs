//! RSS and Atom, as files.

use std::fmt::Write as _;

use jiff::civil::date;

use crate::{corpus, folder, ids, left_out, only, read_one, reason};

#[test]
fn rss_gives_the_whole_text_of_its_items_where_it_has_it() {
    let reading = read_one(&corpus().join("news.rss"));
    assert_eq!(
        ids(&reading),
        ["courier-881", "https://courier.example/2021/03/oysters"]
    );
    let [first, second] = reading.articles.as_slice() else {
        panic!("two articles");
    };
    assert_eq!(
        first.headline.as_deref(),
        Some("Lighthouse keeper’s log found in a wall")
    );
    assert_eq!(first.byline.as_deref(), Some("Ines Calder"));
    assert_eq!(first.outlet.as_deref(), Some("Coastal Courier & Mail"));
    assert_eq!(
        first.published,
        date(2021, 3, 10),
        "the day in the writer's own zone"
    );
    assert_eq!(
        first.url.as_deref(),
        Some("https://courier.example/2021/03/log?utm_source=rss")
    );
    assert_eq!(first.path.as_deref(), Some("news.rss"));
    assert_eq!(
        first.body,
        "Masons who opened a wall of the old lighthouse found the log of its last keeper on Wednesday, wrapped \
         in sailcloth.\n\nIt ends on 4 August 1931 with four words: “Fog. Horn. Fog. Horn.”"
    );
    assert_eq!(
        second.body,
        "The county closed the oyster beds south of the jetty & asked walkers to keep off until the water has \
         been tested twice."
    );
    let left = left_out(&reading, &corpus());
    let told: Vec<_> = left
        .iter()
        .map(|(_, line, said)| (line.unwrap(), said.as_str()))
        .collect();
    assert_eq!(
        told,
        [
            (24, "has no date that can be read"),
            (29, "has no text"),
            (34, "has no id: neither an id nor a link"),
        ]
    );
}

#[test]
fn atom_gives_its_entries() {
    let reading = read_one(&corpus().join("council.atom"));
    assert_eq!(reading.unreadable, []);
    let [first, second] = reading.articles.as_slice() else {
        panic!("two articles");
    };
    assert_eq!(first.id, "tag:hill.example,2020:well");
    assert_eq!(first.headline.as_deref(), Some("Well reopened"));
    assert_eq!(first.byline.as_deref(), Some("Parish clerk"));
    assert_eq!(first.published, date(2020, 10, 2));
    assert_eq!(first.url.as_deref(), Some("https://hill.example/well"));
    assert_eq!(
        first.body,
        "The well on the green was reopened on Thursday.\n\nIts water is “soft & cold”, the clerk noted."
    );
    assert_eq!(second.byline.as_deref(), Some("T. Hollis, B. Reyes"));
    assert_eq!(second.published, date(2020, 9, 28));
}

#[test]
fn what_is_no_feed_is_named() {
    for (content, wanted) in [
        ("", "is empty"),
        ("<?xml version='1.0'?>", "is empty"),
        ("<html><body>x</body></html>", "neither RSS nor Atom"),
        ("just words", "neither RSS nor Atom"),
        (
            "<rss version='2.0'><channel><item><title>x</channel></rss>",
            "no feed that can be read",
        ),
    ] {
        let (_, said) = reason("a.xml", content.as_bytes());
        assert!(said.contains(wanted), "{content}: {said}");
    }
}

#[test]
fn entities_do_not_grow_and_other_files_are_not_read() {
    let mut feed = "<?xml version='1.0'?><!DOCTYPE rss [<!ENTITY a0 'ha'><!ENTITY file SYSTEM 'file:///etc/passwd'>".to_owned();
    for level in 1..30 {
        let before = format!("&a{};", level - 1).repeat(10);
        write!(feed, "<!ENTITY a{level} '{before}'>").unwrap();
    }
    feed.push_str(
        "]><rss version='2.0'><channel><title>t</title><item><guid>g</guid><pubDate>2021-03-09</pubDate>\
         <description>Laughter: &a29; and &file;.</description></item></channel></rss>",
    );
    let article = only("a.rss", feed.as_bytes());
    assert_eq!(article.body, "Laughter: &a29; and &file;.");
}

#[test]
fn deep_nesting_takes_no_stack() {
    let item = "<guid>g</guid><pubDate>2021-03-09</pubDate><description>Fine.</description>";
    for (deep, wanted) in [(30_000, 2), (200_000, 0)] {
        let (open, end) = ("<x>".repeat(deep), "</x>".repeat(deep));
        let rss =
            format!("<rss version='2.0'><channel><item>{item}{open}{end}</item></channel></rss>");
        let torn = format!("<rss version='2.0'><channel>{open}");
        let atom = format!(
            "<feed xmlns='http://www.w3.org/2005/Atom'><entry><id>i</id><updated>2021-03-09</updated>\
             <content type='xhtml'>{open}Deep.{end}</content></entry></feed>"
        );
        let folder = folder(&[
            ("a.rss", rss.as_bytes()),
            ("b.rss", torn.as_bytes()),
            ("c.atom", atom.as_bytes()),
        ]);
        let reading = read_one(folder.path());
        assert_eq!(reading.articles.len(), wanted);
        assert_eq!(reading.unreadable.len(), 3 - wanted);
    }
}
