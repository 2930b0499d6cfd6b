//! JSON: one article, lists, lists in objects, JSON Feed; and the names of fields.

use jiff::civil::date;

use crate::{corpus, folder, ids, left_out, only, read_one, reason};

#[test]
fn one_object_is_one_article_and_takes_the_files_id() {
    let article = only(
        "news/a.json",
        br#"{
            "@type": "NewsArticle",
            "headline": "Pears",
            "datePublished": "2023-04-06T23:59:00-08:00",
            "author": {"@type": "Person", "name": "Wren Adair"},
            "publisher": {"name": "Orchard Weekly"},
            "articleBody": "Frost took the pears.\nAll of them.",
            "keywords": ["x", {"deep": [[[1]]]}]
        }"#,
    );
    assert_eq!(article.id, "news/a");
    assert_eq!(article.headline.as_deref(), Some("Pears"));
    assert_eq!(article.byline.as_deref(), Some("Wren Adair"));
    assert_eq!(article.outlet.as_deref(), Some("Orchard Weekly"));
    assert_eq!(article.published, date(2023, 4, 6));
    assert_eq!(article.body, "Frost took the pears.\nAll of them.");
}

#[test]
fn a_list_and_a_list_in_an_object_are_many_articles() {
    let one = r#"{"id": 1, "date": "2023-04-06", "text": "A."}"#;
    let two = r#"{"url": "https://example.org/b", "publishedAt": "2023-04-06T10:00:00Z", "content": "B.",
        "source": {"id": null, "name": "Wire"}, "author": null, "title": "T"}"#;
    for (name, content) in [
        ("list.json", format!("[{one},\n{two}]")),
        ("comma.json", format!(" [ {one} , {two} , ] ")),
        (
            "service.json",
            format!(r#"{{"status":"ok","totalResults":2,"articles":[{one},{two}]}}"#),
        ),
        ("sequence.json", format!("{one}\n{two}\n")),
        ("both.json", format!("[{one}]\n[{two}]")),
    ] {
        let folder = folder(&[(name, content.as_bytes())]);
        let reading = read_one(folder.path());
        assert_eq!(reading.unreadable, [], "{name}");
        assert_eq!(ids(&reading), ["1", "https://example.org/b"], "{name}");
        assert_eq!(reading.articles[1].outlet.as_deref(), Some("Wire"));
        assert_eq!(reading.articles[1].byline, None);
    }
}

#[test]
fn json_feed_gives_its_items() {
    let reading = read_one(&corpus().join("feed.json"));
    assert_eq!(ids(&reading), ["https://orchard.example/frost", "12"]);
    let first = &reading.articles[0];
    assert_eq!(
        first.published,
        date(2023, 4, 6),
        "the day in the writer's own zone"
    );
    assert_eq!(first.byline.as_deref(), Some("Wren Adair, Paul Oduya"));
    assert_eq!(first.outlet.as_deref(), Some("Orchard Weekly"));
    assert_eq!(
        first.body,
        "Two nights of frost took most of the early pears.\n\nApples were spared."
    );
    assert_eq!(
        reading.articles[1].body,
        "A beekeeper hires out forty hives.\n\nShe began with two."
    );
    let left = left_out(&reading, &corpus());
    assert_eq!(left[0].1, Some(21));
    assert!(left[0].2.contains("no text"));
}

#[test]
fn what_wordpress_serves_is_read() {
    let article = only(
        "posts.json",
        br#"[{"id":4711,"date":"2022-05-17T23:40:12","guid":{"rendered":"https://x.example/?p=4711"},
            "link":"https://x.example/ferry","title":{"rendered":"Ferry &#8211; again"},"author":3,
            "content":{"rendered":"<p>The ferry sails.</p><p>At last.</p>","protected":false}}]"#,
    );
    assert_eq!(article.id, "4711");
    assert_eq!(article.headline.as_deref(), Some("Ferry – again"));
    assert_eq!(article.byline, None, "a number names nobody");
    assert_eq!(article.url.as_deref(), Some("https://x.example/ferry"));
    assert_eq!(article.body, "The ferry sails.\n\nAt last.");
}

#[test]
fn the_better_name_of_a_field_counts_wherever_it_stands() {
    let article = only(
        "a.json",
        br#"{"content":"C","title":"t","publisher":"p","pub_date":"2020-01-01","text":"T","Headline":"h",
            "source":"s","date":"2021-01-01","outlet":"","published":null}"#,
    );
    assert_eq!(article.body, "T");
    assert_eq!(article.headline.as_deref(), Some("h"));
    assert_eq!(article.outlet.as_deref(), Some("s"));
    assert_eq!(article.published, date(2021, 1, 1));
}

#[test]
fn a_bad_record_costs_itself_alone() {
    let content = r#"[
{"id":"a","date":"2021-02-03","text":"A [}\" {"},
{"id":"b","date":"2021-02-03","text":7},
{"id":"c" "date":"2021-02-03"},
["no object"],
"neither",
null,
{"id":true,"date":"2021-02-03","text":"T"},
{"id":"d","date":"2021-02-03","text":"T","source":4,"source":5},
{"id":"e","date":"2021-02-03","text":"T","author":[["x"]]},
{"id":"z","date":"2021-02-03","text":"Z"}
]"#;
    let folder = folder(&[("a.json", content.as_bytes())]);
    let reading = read_one(folder.path());
    assert_eq!(ids(&reading), ["a", "z"]);
    let left = left_out(&reading, folder.path());
    let lines: Vec<_> = left.iter().filter_map(|(_, line, _)| *line).collect();
    assert_eq!(lines, [3, 4, 5, 6, 7, 8, 9, 10]);
    for (wanted, (.., said)) in [
        "has in `text` a number, where a text belongs",
        "no article in JSON",
        "no JSON object",
        "no JSON object",
        "no JSON object",
        "has in `id` yes or no, where a name or a number belongs",
        "two fields `source`",
        "has in `author` a list, where a name belongs",
    ]
    .iter()
    .zip(&left)
    {
        assert!(said.contains(wanted), "{said:?} must say {wanted:?}");
    }
}

#[test]
fn where_the_brackets_do_not_match_the_rest_is_lost_and_told() {
    let one = r#"{"id":"a","date":"2021-02-03","text":"A"}"#;
    for (content, read, line, wanted) in [
        (format!("[{one},\n{{\"id\":"), 1, 2, "ends in the middle"),
        (format!("[{one}"), 1, 1, "ends in the middle"),
        (format!("[{one}\n{one}]"), 1, 2, "a comma is missing"),
        (
            format!("{{\"articles\":[{one}],x"),
            1,
            1,
            "name of a field is missing",
        ),
        ("hello".to_owned(), 0, 1, "neither `{` nor `[`"),
        (format!("{one} hello {one}"), 1, 1, "neither `{` nor `[`"),
    ] {
        let folder = folder(&[("a.json", content.as_bytes())]);
        let reading = read_one(folder.path());
        assert_eq!(reading.articles.len(), read, "{content}");
        assert_eq!(reading.unreadable.len(), 1, "{content}");
        assert_eq!(reading.unreadable[0].line, Some(line), "{content}");
        let said = &reading.unreadable[0].reason;
        assert!(said.contains(wanted), "{content}: {said}");
    }
    for empty in ["", " \n", "[]", "[ ]"] {
        assert_eq!(reason("a.json", empty.as_bytes()).1, "is empty");
    }
}

#[test]
fn deep_nesting_takes_no_stack() {
    for open in ["[", "{\"articles\":", "{\"a\":", "[{\"text\":"] {
        let content = open.repeat(200_000);
        let folder = folder(&[
            ("a.json", content.as_bytes()),
            ("b.jsonl", content.as_bytes()),
        ]);
        let reading = read_one(folder.path());
        assert!(reading.articles.is_empty());
        assert_eq!(reading.unreadable.len(), 2);
    }
}

#[test]
fn a_record_that_is_far_too_large_costs_itself_alone() {
    let huge = "x".repeat(17 * 1024 * 1024);
    let content = format!(
        "[{{\"id\":1,\"date\":\"2021-02-03\",\"text\":\"{huge}\"}},\n\
         {{\"id\":2,\"date\":\"2021-02-03\",\"text\":\"T\"}}]"
    );
    let folder = folder(&[("a.json", content.as_bytes())]);
    let reading = read_one(folder.path());
    assert_eq!(ids(&reading), ["2"]);
    assert!(reading.unreadable[0].reason.contains("longer than 16 MB"));
}
