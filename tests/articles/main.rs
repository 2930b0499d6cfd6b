//! Reading an archive's files: what is read, exactly as what, and what is left out for which reason.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod arbitrary;
mod datelines;
mod duplicates;
mod encodings;
mod feeds;
mod fetching;
mod html;
mod json;
mod markdown;
mod packing;

use std::{fs, path::Path, path::PathBuf};

use dateline::article::{Article, Reading, format::ARTICLE_LIMIT, read};
use jiff::civil::date;
use proptest::{collection::vec, prelude::*};
use tempfile::TempDir;

/// A folder with these files.
fn folder(files: &[(&str, &[u8])]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, content) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
    folder
}

fn read_one(path: &Path) -> Reading {
    read(&[path.to_owned()])
}

/// The folder of pages, feeds and texts that are read in these tests.
fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/articles")
}

/// The single article of a file of the corpus.
fn of_corpus(name: &str) -> Article {
    let reading = read_one(&corpus().join(name));
    assert_eq!(reading.unreadable, []);
    let [article] = reading.articles.as_slice() else {
        panic!("one article, not {:?}", reading.articles);
    };
    article.clone()
}

/// The single article that a file of this name and content is.
fn only(name: &str, content: &[u8]) -> Article {
    let folder = folder(&[(name, content)]);
    let mut reading = read_one(folder.path());
    assert_eq!(reading.unreadable, [], "{name}");
    assert_eq!(reading.articles.len(), 1, "{name}");
    reading.articles.remove(0)
}

/// Path below the folder, line and reason of each that was left out.
fn left_out(reading: &Reading, folder: &Path) -> Vec<(String, Option<usize>, String)> {
    let mut found: Vec<_> = reading
        .unreadable
        .iter()
        .map(|one| {
            let path = Path::new(&one.path).strip_prefix(folder).unwrap();
            (path.display().to_string(), one.line, one.reason.clone())
        })
        .collect();
    found.sort();
    found
}

fn ids(reading: &Reading) -> Vec<&str> {
    reading
        .articles
        .iter()
        .map(|article| article.id.as_str())
        .collect()
}

/// The single reason for which a file of this name and content is left out.
fn reason(name: &str, content: &[u8]) -> (Option<usize>, String) {
    let folder = folder(&[(name, content)]);
    let reading = read_one(folder.path());
    assert_eq!(reading.articles, [], "{name} must not be read");
    let [only] = reading.unreadable.as_slice() else {
        panic!("one reason, not {:?}", reading.unreadable);
    };
    assert!(only.path.ends_with(name));
    (only.line, only.reason.clone())
}

#[test]
fn the_shipped_articles_are_read_with_their_dates_and_their_bodies_to_the_byte() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/articles");
    let reading = read_one(&folder);
    assert_eq!(reading.unreadable, []);
    assert_eq!(
        ids(&reading),
        ["000_e4984d2857adad0b", "003_4665e3687b589335"]
    );
    let dates: Vec<_> = reading.articles.iter().map(|one| one.published).collect();
    assert_eq!(dates, [date(2021, 2, 3), date(2021, 2, 14)]);
    for article in &reading.articles {
        let file = fs::read_to_string(folder.join(format!("{}.txt", article.id))).unwrap();
        let head = format!(" date {} ", article.published);
        assert_eq!(file, format!("{head}{}", article.body));
        assert_eq!(article.headline, None);
    }
}

#[test]
fn sub_folders_are_read_in_the_order_of_their_paths_and_stand_in_the_id() {
    let folder = folder(&[
        ("b.txt", b"date 2020-01-02 B."),
        ("a/z.txt", b"date 2020-01-01 Z."),
        ("a/deep/er/y.TXT", b"date 2020-01-03 Y."),
        (".hidden/x.txt", b"date 2020-01-04 X."),
        (".notes", b"nothing"),
        ("c.v2.txt", b"date 2020-01-05 C."),
    ]);
    let reading = read_one(folder.path());
    assert_eq!(reading.unreadable, []);
    assert_eq!(ids(&reading), ["a/deep/er/y", "a/z", "b", "c.v2"]);
    assert_eq!(reading.articles[0].path.as_deref(), Some("a/deep/er/y.TXT"));
}

#[test]
fn two_readings_of_many_files_agree() {
    let folder = tempfile::tempdir().unwrap();
    for number in 0..300 {
        let day = number % 28 + 1;
        let content = format!("date 2020-03-{day:02} Text {number}.");
        fs::write(folder.path().join(format!("{number:03}.txt")), content).unwrap();
    }
    let first = read_one(folder.path());
    assert_eq!(first.articles.len(), 300);
    assert!(first.articles.is_sorted_by(|a, b| a.id < b.id));
    assert_eq!(first.articles, read_one(folder.path()).articles);
}

#[test]
fn a_byte_order_mark_and_windows_line_ends_are_read_as_usual() {
    let folder = folder(&[
        (
            "a.txt",
            "\u{FEFF} date 2021-02-03 One.\r\n\r\nTwo.\r\n".as_bytes(),
        ),
        (
            "b.jsonl",
            "\u{FEFF}{\"id\":\"j\",\"date\":\"2021-02-03\",\"text\":\"T\"}\r\n".as_bytes(),
        ),
    ]);
    let reading = read_one(folder.path());
    assert_eq!(reading.unreadable, []);
    assert_eq!(reading.articles[0].body, "One.\n\nTwo.\n");
    assert_eq!(reading.articles[1].id, "j");
}

#[test]
fn only_the_one_blank_after_the_date_is_no_part_of_the_body() {
    for (content, body) in [
        ("date 2021-02-03 Body", "Body"),
        (" \n\tdate 2021-02-03  Body \n", " Body \n"),
        ("date 2021-02-03\nBody", "Body"),
        ("date\t2021-02-03\tBody", "Body"),
    ] {
        let folder = folder(&[("a.txt", content.as_bytes())]);
        let reading = read_one(folder.path());
        assert_eq!(reading.articles[0].body, body, "{content:?}");
    }
}

#[test]
fn a_text_without_a_readable_date_is_left_out_with_its_line() {
    let (line, said) = reason("a.txt", b"\n\nNo date here.");
    assert_eq!(line, Some(3));
    assert!(said.contains("has no date"), "{said}");
    for content in [
        "date: 2021-02-03 Text",
        "dates 2021-02-03 Text",
        "date tomorrow Text",
        "date 3 February 2021 Text",
        "date 2021-2-3 Text",
        "date 2021-02-03Text",
        "date",
        "date ",
    ] {
        let (line, said) = reason("a.txt", content.as_bytes());
        assert_eq!(line, Some(1), "{content}");
        assert!(said.contains("YYYY-MM-DD"), "{content}: {said}");
    }
}

#[test]
fn a_date_that_does_not_exist_is_told_from_one_that_cannot_be_read() {
    let (line, said) = reason("a.txt", b"date 2021-02-30 Text");
    assert_eq!(line, Some(1));
    assert_eq!(said, "2021-02-30 is no day of the calendar");
    let record = br#"{"id":"a","date":"2023-02-29","text":"T"}"#;
    let (line, said) = reason("a.jsonl", record);
    assert_eq!(line, Some(1));
    assert_eq!(said, "2023-02-29 is no day of the calendar");
}

#[test]
fn an_empty_text_is_left_out() {
    for content in ["", " \n\t\n", "\u{FEFF}"] {
        assert_eq!(reason("a.txt", content.as_bytes()).1, "is empty");
    }
    for content in ["date 2021-02-03", "date 2021-02-03 \n\n"] {
        assert!(reason("a.txt", content.as_bytes()).1.contains("no text"));
    }
    assert_eq!(reason("a.jsonl", b"\n\n").1, "is empty");
}

#[test]
fn a_file_of_fifty_megabytes_is_refused_by_its_size_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("huge.txt");
    // A file with a hole: reading it would take 50 GB of memory, looking at it takes none.
    for size in [50 * 1024 * 1024, 50 * 1024 * 1024 * 1024] {
        fs::File::create(&path).unwrap().set_len(size).unwrap();
        let reading = read_one(folder.path());
        assert!(reading.articles.is_empty());
        let said = &reading.unreadable[0].reason;
        assert!(said.contains("no article is larger than"), "{said}");
    }
}

#[test]
fn an_article_just_within_the_limit_is_read() {
    let mut content = b"date 2021-02-03 ".to_vec();
    content.resize(usize::try_from(ARTICLE_LIMIT).unwrap(), b'x');
    let folder = folder(&[("a.txt", &content)]);
    assert_eq!(read_one(folder.path()).articles.len(), 1);
}

#[test]
fn a_line_that_is_far_too_long_costs_itself_alone() {
    let mut content = br#"{"id":1,"date":"2021-02-03","text":""#.to_vec();
    content.resize(
        content.len() + usize::try_from(ARTICLE_LIMIT).unwrap(),
        b'x',
    );
    content.extend_from_slice(b"\"}\n{\"id\":2,\"date\":\"2021-02-03\",\"text\":\"T\"}\n");
    let folder = folder(&[("a.jsonl", &content)]);
    let reading = read_one(folder.path());
    assert_eq!(ids(&reading), ["2"]);
    assert_eq!(reading.unreadable[0].line, Some(1));
}

#[cfg(unix)]
#[test]
fn a_link_that_leads_out_of_the_folder_is_not_followed() {
    use std::os::unix::fs::symlink;
    let outside = folder(&[("secret.txt", b"date 2021-02-03 Secret.")]);
    let folder = folder(&[
        ("a.txt", b"date 2021-02-03 A."),
        ("..data/b.txt", b"date 2021-02-03 B."),
    ]);
    let at = |name: &str| folder.path().join(name);
    symlink(outside.path().join("secret.txt"), at("link.txt")).unwrap();
    symlink(outside.path(), at("linked-folder")).unwrap();
    symlink(at("nowhere.txt"), at("broken.txt")).unwrap();
    symlink(folder.path(), at("loop")).unwrap();
    symlink(at("a.txt"), at("again.txt")).unwrap();
    symlink(at("..data/b.txt"), at("b.txt")).unwrap();
    let reading = read_one(folder.path());
    assert_eq!(
        ids(&reading),
        ["a", "b"],
        "a link to a file that is read anyway is passed over, one into a hidden folder is read"
    );
    let left = left_out(&reading, folder.path());
    let names: Vec<_> = left.iter().map(|(path, ..)| path.as_str()).collect();
    assert_eq!(names, ["broken.txt", "link.txt", "linked-folder"]);
    assert!(left[1].2.contains("out of the archive's folder"));
}

#[cfg(unix)]
#[test]
fn an_archive_folder_may_itself_be_a_link() {
    let real = folder(&[("a.txt", b"date 2021-02-03 A.")]);
    let other = tempfile::tempdir().unwrap();
    let link = other.path().join("archive");
    std::os::unix::fs::symlink(real.path(), &link).unwrap();
    assert_eq!(ids(&read_one(&link)), ["a"]);
}

#[cfg(unix)]
#[test]
fn a_pipe_is_left_out_without_waiting_for_its_writer() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("pipe.txt");
    let made = std::process::Command::new("mkfifo").arg(&path).status();
    assert!(made.unwrap().success());
    let reading = read_one(folder.path());
    assert_eq!(reading.unreadable[0].reason, "is no regular file");
}

#[test]
fn a_path_that_is_not_there_and_a_format_that_nobody_reads_are_named() {
    let folder = folder(&[("scan.pdf", b"%PDF"), ("a.txt", b"date 2021-02-03 A.")]);
    let missing = folder.path().join("missing");
    let reading = read(&[missing, folder.path().to_owned()]);
    assert_eq!(ids(&reading), ["a"]);
    let left = left_out(&reading, folder.path());
    assert_eq!(left[0].0, "missing");
    assert!(left[0].2.contains("cannot be read"));
    assert_eq!(left[1].0, "scan.pdf");
    assert!(left[1].2.contains(".txt, .jsonl"), "{}", left[1].2);
}

#[test]
fn json_lines_take_both_names_of_a_key_and_pass_over_others() {
    let content = concat!(
        r#"{"id":"a","date":"2021-02-03","text":" T\r\n","headline":"H","outlet":"O","url":"https://example.org/a"}"#,
        "\n\n",
        r#"{"id":7,"date":"2021-02-03T23:30:00+11:00","text":"T","title":"H2","source":"O2","topic":["x",{"y":1}]}"#,
        "\n",
        r#"{"id":"c","date":"2021-02-03","text":"T","title":"t","headline":null,"source":"","url":" "}"#,
    );
    let folder = folder(&[("sub/news.ndjson", content.as_bytes())]);
    let reading = read_one(folder.path());
    assert_eq!(reading.unreadable, []);
    let first = Article {
        id: "a".to_owned(),
        headline: Some("H".to_owned()),
        byline: None,
        outlet: Some("O".to_owned()),
        published: date(2021, 2, 3),
        url: Some("https://example.org/a".to_owned()),
        path: Some("sub/news.ndjson".to_owned()),
        body: " T\r\n".to_owned(),
    };
    assert_eq!(
        reading.articles[0], first,
        "the text is taken as it is given"
    );
    assert_eq!(reading.articles[1].id, "7");
    assert_eq!(reading.articles[1].published, date(2021, 2, 3));
    assert_eq!(reading.articles[1].headline.as_deref(), Some("H2"));
    assert_eq!(reading.articles[1].outlet.as_deref(), Some("O2"));
    assert_eq!(reading.articles[2].headline.as_deref(), Some("t"));
    assert_eq!(reading.articles[2].outlet, None);
    assert_eq!(reading.articles[2].url, None);
}

#[test]
fn a_bad_line_costs_that_line() {
    let content: &[u8] = b"{\"id\":\"a\",\"date\":\"2021-02-03\",\"text\":\"T\"}\n\
        {broken\n\
        [\"x\",\"2021-02-03\",\"T\"]\n\
        {\"date\":\"2021-02-03\",\"text\":\"T\"}\n\
        {\"id\":\"d\",\"text\":\"T\"}\n\
        {\"id\":\"e\",\"date\":\"soon\",\"text\":\"T\"}\n\
        {\"id\":\"f\",\"date\":\"2021-02-03\"}\n\
        {\"id\":\"g\",\"date\":\"2021-02-03\",\"text\":\"\"}\n\
        {\"id\":\"h\",\"date\":\"2021-02-03\",\"text\":\"\xFF\"}\n\
        {\"id\":\"a\",\"date\":\"2021-02-03\",\"text\":\"again\"}\n\
        {\"id\":\"z\",\"date\":\"2021-02-03\",\"text\":\"T\"}\n";
    let folder = folder(&[("a.jsonl", content)]);
    let reading = read_one(folder.path());
    assert_eq!(ids(&reading), ["a", "z"]);
    let left = left_out(&reading, folder.path());
    let lines: Vec<_> = left.iter().filter_map(|(_, line, _)| *line).collect();
    assert_eq!(lines, [2, 3, 4, 5, 6, 7, 8, 9, 10]);
    for (wanted, (.., said)) in [
        "no article in JSON",
        "no JSON object",
        "no id",
        "no date",
        "\"soon\" is no date",
        "no text",
        "empty text",
        "not UTF-8",
        "the id \"a\", which the article at",
    ]
    .iter()
    .zip(&left)
    {
        assert!(said.contains(wanted), "{said:?} must say {wanted:?}");
    }
}

#[test]
fn the_same_file_given_twice_is_read_once() {
    let folder = folder(&[
        ("a.txt", b"date 2021-02-03 A."),
        ("b.txt", b"date 2021-02-04 B."),
    ]);
    let one: PathBuf = folder.path().join("b.txt");
    let reading = read(&[folder.path().to_owned(), one, folder.path().join(".")]);
    assert_eq!(ids(&reading), ["a", "b"]);
    assert_eq!(reading.unreadable, []);
}

#[test]
fn two_texts_of_one_id_are_told_of_each_other() {
    let folder = folder(&[
        ("x/a.txt", b"date 2021-02-03 A."),
        ("y/a.txt", b"date 2021-02-04 B."),
    ]);
    let reading = read(&[folder.path().join("x"), folder.path().join("y")]);
    assert_eq!(ids(&reading), ["a"]);
    let said = reading.unreadable[0].to_string();
    assert!(said.contains("y/a.txt:1"), "{said}");
    assert!(said.contains("x/a.txt:1"), "{said}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_a_file_holds_it_is_read_or_named_and_never_both(
        content in prop_oneof![
            any::<Vec<u8>>(),
            "(\u{FEFF})?[ \r\n]{0,2}date [0-9-]{8,11}[ \r\n]?\\PC{0,40}".prop_map(String::into_bytes),
        ],
    ) {
        let folder = folder(&[("a.txt", &content)]);
        let reading = read_one(folder.path());
        prop_assert_eq!(reading.articles.len() + reading.unreadable.len(), 1);
    }

    #[test]
    fn every_line_that_says_anything_is_an_article_or_a_reason(
        lines in vec(
            prop_oneof![
                "\\PC{0,30}",
                Just(r#"{"id":1,"date":"2020-02-29","text":"T"}"#.to_owned()),
                r#"\{"(id|date|text)":[0-9"]{0,5}\}"#,
            ],
            1..8,
        ),
    ) {
        let folder = folder(&[("a.jsonl", lines.join("\n").as_bytes())]);
        let reading = read_one(folder.path());
        // White space is what ASCII calls so: a line of other blanks is still a line that says something.
        let saying = lines.iter().filter(|line| !line.trim_ascii().is_empty()).count();
        prop_assert_eq!(reading.articles.len() + reading.unreadable.len(), saying.max(1));
    }
}
