//! Pages as content systems make them: their text without what stands around it, and their metadata.

use jiff::civil::date;

use crate::{of_corpus, only, reason};

#[test]
fn a_wordpress_page_gives_its_entry_and_the_data_of_its_graph() {
    let article = of_corpus("wordpress.html");
    assert_eq!(article.id, "wordpress");
    assert_eq!(
        article.headline.as_deref(),
        Some("Harbour ferry returns after eleven months – and on time")
    );
    assert_eq!(article.byline.as_deref(), Some("Ailsa Munro"));
    assert_eq!(article.outlet.as_deref(), Some("The Skerry Post"));
    assert_eq!(article.published, date(2022, 5, 17));
    assert_eq!(
        article.url.as_deref(),
        Some("https://skerrypost.example/2022/05/harbour-ferry-returns/")
    );
    let paragraphs: Vec<&str> = article.body.split("\n\n").collect();
    assert_eq!(
        paragraphs,
        [
            "The little ferry between the harbour and the north pier sailed again on Tuesday, eleven months \
             after its engine failed in the middle of the sound.",
            "“We had stopped believing in a date,” said Morag Tait, who runs the kiosk at the pier. “Then the \
             horn went, and everybody ran outside to look.”",
            "The council had put the repair at ninety thousand pounds. In the end it paid less than half of \
             that, because the yard found a used gearbox in Norway, of the same make and of the same year, \
             and fitted it within three weeks.",
            "What it costs",
            "A single trip costs two pounds, as it did before. Children and everyone above seventy sail for \
             nothing, and bicycles are taken if there is room.",
            "First boat from the harbour: half past six.",
            "Last boat from the pier: ten to nine.",
            "The harbour master, Callum Reid, said he would watch the timetable for a month before adding a \
             late boat on Saturdays. Until then a bus takes the long way round the bay at eleven.",
        ]
    );
}

#[test]
fn a_newsrooms_page_gives_its_story_without_promotion() {
    let article = of_corpus("newsroom.html");
    assert_eq!(
        article.headline.as_deref(),
        Some("Valley votes to keep its last dairy")
    );
    assert_eq!(article.byline.as_deref(), Some("Dana Whitlock, Sam Ortega"));
    assert_eq!(article.outlet.as_deref(), Some("Morrow Herald"));
    assert_eq!(
        article.published,
        date(2019, 11, 5),
        "the day where it was written"
    );
    assert!(
        article
            .body
            .contains("MORROW — Voters in the upper valley decided")
    );
    assert!(
        article
            .body
            .contains("“My grandfather carried the first churn up that hill,” said Lorraine Pike")
    );
    assert!(
        article
            .body
            .ends_with("eggs, honey and Mrs. Pike’s apple butter.")
    );
    for furniture in [
        "Read also",
        "Most read",
        "Obituaries",
        "Sign up",
        "All rights",
    ] {
        assert!(
            !article.body.contains(furniture),
            "{furniture} in {}",
            article.body
        );
    }
}

#[test]
fn an_old_page_of_tables_and_line_breaks_is_read() {
    let article = of_corpus("table-layout.latin1.html");
    assert_eq!(article.published, date(1999, 4, 9));
    assert_eq!(article.byline.as_deref(), Some("René Garnier"));
    assert_eq!(
        article.headline.as_deref(),
        Some("Café of the two bridges reopens")
    );
    assert!(
        article
            .body
            .contains("\n\nIts new owner, the baker François Lenoël, has left")
    );
    assert!(
        article
            .body
            .starts_with("The café between the two bridges of Orléac")
    );
    assert!(!article.body.contains("Front page"));
}

#[test]
fn a_page_without_metadata_is_dated_by_the_time_in_the_article_itself() {
    let article = of_corpus("live-time.html");
    assert_eq!(article.published, date(2024, 1, 29));
    assert_eq!(
        article.headline.as_deref(),
        Some("Night train to stop at Brennford")
    );
    assert!(article.body.contains("the children sang it to them"));
    assert!(!article.body.contains("All clear"));
}

#[test]
fn a_russian_page_is_read_as_well() {
    let article = of_corpus("pier.windows-1251.html");
    assert_eq!(article.published, date(2018, 7, 12));
    assert_eq!(article.outlet.as_deref(), Some("Вести Заозёрья"));
    assert!(article.body.starts_with("В четверг на северном берегу"));
    assert!(
        article
            .body
            .ends_with("если лёд весной будет уходить спокойно.")
    );
}

/// A page with this head, and a text of some length.
fn page(head: &str, before: &str) -> Vec<u8> {
    let text = "<p>The bridge over the river was opened again on Friday, after two years of work, and the \
        first to cross it was a flock of sheep, whose shepherd had waited since dawn.</p>"
        .repeat(3);
    format!("<html><head>{head}</head><body><article>{before}{text}</article></body></html>")
        .into_bytes()
}

#[test]
fn the_date_of_a_page_is_found_where_pages_put_it() {
    for (head, before) in [
        (
            r#"<meta property="article:published_time" content="2021-02-03T23:00:00-05:00">"#,
            "",
        ),
        (r#"<meta name="DC.date.issued" content="2021-02-03">"#, ""),
        (r#"<META content="February 3, 2021" name=date>"#, ""),
        (
            r#"<meta itemprop="datePublished" content="2021-02-03T10:00Z">"#,
            "",
        ),
        (
            r#"<meta name="date" content="soon"><meta name="parsely-pub-date" content="2021-02-03">"#,
            "",
        ),
        ("", r#"<time datetime="2021-02-03">last week</time>"#),
        (
            "",
            r#"<time datetime="2021-02-09" class="updated">x</time><time class="dt-published" datetime="2021-02-03 10:00">y</time>"#,
        ),
        (
            "",
            "<p>LONDON, Feb 3, 2021 (Wire) — The sheep are across.</p>",
        ),
        (
            r#"<script type="application/ld+json">{"@type":"ReportageNewsArticle","datePublished":"Wed, 03 Feb 2021 10:00:00 GMT"}</script>
               <meta name="date" content="2020-01-01">"#,
            "",
        ),
        (
            r#"<script type="application/ld+json">{ broken </script>
               <script type="application/ld+json">//<![CDATA[
               {"@graph":[{"@type":"WebPage","datePublished":"2021-02-03"}]};
               //]]></script>"#,
            "",
        ),
    ] {
        let article = only("a.html", &page(head, before));
        assert_eq!(article.published, date(2021, 2, 3), "{head}{before}");
    }
}

#[test]
fn a_page_without_a_date_is_left_out_with_what_to_add() {
    for (head, before, wanted) in [
        ("", "", "article:published_time"),
        (
            r#"<meta name="date" content="03/02/2021">"#,
            "",
            "may be two dates",
        ),
        (
            r#"<meta property="article:modified_time" content="2021-02-03">"#,
            "",
            "no date",
        ),
    ] {
        let (_, said) = reason("a.html", &page(head, before));
        assert!(said.contains(wanted), "{said}");
    }
    let (_, said) = reason("a.htm", b" \n");
    assert_eq!(said, "is empty");
    let (_, said) = reason(
        "a.html",
        b"<html><meta name=date content=2021-02-03><body></body></html>",
    );
    assert!(said.contains("no text"), "{said}");
}

#[test]
fn a_page_that_makes_its_text_by_script_gives_what_it_carries_for_programs() {
    let text = "The bridge was opened again on Friday. ".repeat(20);
    let page = format!(
        r#"<html><head><script type="application/ld+json">{{"@type":"NewsArticle","headline":"H",
        "datePublished":"2021-02-03","articleBody":"{text}"}}</script></head>
        <body><div id="root">Loading…</div></body></html>"#
    );
    assert_eq!(only("a.html", page.as_bytes()).body, text.trim());
}

#[test]
fn markup_that_grows_with_the_square_of_its_length_is_given_up_at_once() {
    let many = 40_000;
    let fonts: Vec<String> = (0..many)
        .map(|number| format!("<font size={number}>"))
        .collect();
    let fonts = fonts.concat();
    for page in [
        format!("{fonts}{}", "<p>x".repeat(many)),
        "<div>".repeat(many),
        "<div/>".repeat(many),
        "<table><tr><td>".repeat(many),
        "<b><svg><p><path/>".repeat(many),
        "<a href=x><ul>".repeat(many),
    ] {
        let (_, said) = reason("a.html", page.as_bytes());
        assert!(said.contains("open at once"), "{said}");
    }
    let attributes: Vec<String> = (0..many).map(|number| format!(" a{number}='>'")).collect();
    let tag = format!("<!-- <a --><p{}>Text.</p>", attributes.concat());
    let (_, said) = reason("a.html", tag.as_bytes());
    assert!(said.contains("more than 256 attributes"), "{said}");
    let (_, said) = reason(
        "a.rss",
        format!("<rss version='2.0'>{tag}</rss>").as_bytes(),
    );
    assert!(said.contains("more than 256 attributes"), "{said}");
    // A script may be full of what looks like a tag.
    let script = format!("<SCRIPT>if (a <b{}</Script>", " && c".repeat(many));
    only(
        "a.html",
        &page(r#"<meta name="date" content="2021-02-03">"#, &script),
    );
    // Broken, but not beyond reason.
    let head = r#"<meta name="date" content="2021-02-03">"#;
    only("a.html", &page(head, &"<p><i>x</b>".repeat(300)));
    only("a.html", &page(head, &"<svg><path/><g/></svg>".repeat(600)));
    let (_, said) = reason("a.html", &page(head, &"<br>".repeat(300_000)));
    assert!(said.contains("elements, which no article has"), "{said}");
}
