//! Markdown with front matter.

use std::fmt::Write as _;

use jiff::civil::date;

use crate::{of_corpus, only, reason};

#[test]
fn front_matter_in_yaml_and_the_text_without_its_marks() {
    let article = of_corpus("bridge.md");
    assert_eq!(article.id, "bridge");
    assert_eq!(
        article.headline.as_deref(),
        Some("Footbridge moved: forty metres upstream")
    );
    assert_eq!(article.byline.as_deref(), Some("Nell Harrow, Tom Acheson"));
    assert_eq!(article.outlet.as_deref(), Some("River Notes"));
    assert_eq!(article.published, date(2020, 8, 14));
    assert_eq!(
        article.url.as_deref(),
        Some("https://rivernotes.example/footbridge")
    );
    assert_eq!(
        article.body,
        "The footbridge over the Ayle was lifted on Friday and set down forty metres upstream, where the banks \
         are rock.\n\n\
         “It weighs as much as six elephants,” said the engineer, Priya Raman.\n\n\
         The path is closed until Monday.\n\n\
         A ferry runs at weekends.\n\n\
         Day Hours\n\n\
         Sat 9–17"
    );
}

#[test]
fn front_matter_in_toml() {
    let article = of_corpus("ferry.md");
    assert_eq!(
        article.headline.as_deref(),
        Some("Timetable for the winter")
    );
    assert_eq!(article.byline.as_deref(), Some("Nell Harrow"));
    assert_eq!(article.published, date(2020, 11, 2));
    assert_eq!(
        article.body,
        "From Monday the boat sails only on the hour.\n\nIt does not sail in fog."
    );
}

#[test]
fn a_text_without_front_matter_has_its_first_heading_and_its_dateline() {
    let article = only(
        "notes/a.markdown",
        b"# The *well* is open\n\nPublished 2 October 2020\n\nOn Thursday.\n\n# Later\n\nMore.\n",
    );
    assert_eq!(article.id, "notes/a");
    assert_eq!(article.headline.as_deref(), Some("The well is open"));
    assert_eq!(article.published, date(2020, 10, 2));
    assert_eq!(
        article.body,
        "Published 2 October 2020\n\nOn Thursday.\n\nLater\n\nMore."
    );
}

#[test]
fn an_id_of_its_own_and_a_date_that_yaml_takes_for_a_number() {
    let article = only(
        "a.md",
        b"---\nid: x7\ndate: 20200814\ntitle: 1984\n...\nBody.\n",
    );
    assert_eq!(article.id, "x7");
    assert_eq!(article.published, date(2020, 8, 14));
    assert_eq!(article.body, "Body.");
}

#[test]
fn what_is_wrong_with_front_matter_is_named() {
    for (content, wanted) in [
        ("---\ntitle: x\nBody", "the line `---` that ends it"),
        ("---\n- a\n- b\n---\nBody", "no list of fields"),
        ("---\ntitle: [\n---\nBody", "no YAML"),
        ("+++\ndate = soon\n+++\nBody", "no TOML"),
        ("---\ntitle: x\n---\nBody", "add a field `date`"),
        (
            "---\ndate: 31 June 2020\n---\nBody",
            "no day of the calendar",
        ),
        ("---\ndate: [2020, 8]\n---\nBody", "`date` a list"),
        ("---\ndate: 2020-08-14\n---\n\n![](x.png)\n", "empty text"),
        ("\n\n", "is empty"),
        ("Just text.", "add a field `date`"),
    ] {
        let (_, said) = reason("a.md", content.as_bytes());
        assert!(said.contains(wanted), "{content:?}: {said}");
    }
}

#[test]
fn aliases_that_multiply_are_given_up() {
    let mut bomb = "---\ndate: 2020-08-14\na0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..12 {
        let before = format!("*a{}", level - 1);
        let ten = vec![before; 10].join(", ");
        writeln!(bomb, "a{level}: &a{level} [{ten}]").unwrap();
    }
    bomb.push_str("---\nBody.\n");
    let (_, said) = reason("a.md", bomb.as_bytes());
    assert!(said.contains("no YAML"), "{said}");
}

#[test]
fn deep_nesting_takes_no_stack() {
    for deep in ["[", "{a: ", "- "] {
        let content = format!(
            "---\ndate: 2020-08-14\nx: {}\n---\nBody.",
            deep.repeat(100_000)
        );
        reason("a.md", content.as_bytes());
    }
    let content = format!("---\ndate: 2020-08-14\n---\n{}Body.", "> ".repeat(50_000));
    only("a.md", content.as_bytes());
    let content = format!(
        "---\ndate: 2020-08-14\n---\n{}Body{}.",
        "*[".repeat(20_000),
        "](x)*".repeat(20_000)
    );
    only("a.md", content.as_bytes());
}
