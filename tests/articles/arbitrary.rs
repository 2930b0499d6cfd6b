//! Whatever a file holds, its reader answers: with articles, with reasons, and never with a panic.

use std::ops::ControlFlow;

use dateline::article::{files, format::FORMATS, read_file};
use proptest::{collection::vec, prelude::*};

use crate::folder;

/// Pieces that the formats know, so that more than the first byte of a file is looked at.
const PIECES: &[&str] = &[
    "---\n",
    "+++\n",
    "date: 2020-02-29\n",
    "date = 2020-02-29\n",
    "title: [",
    "# H\n",
    "| a | b |\n|--|--|\n",
    "> ",
    "* ",
    "![x](",
    "date 2020-02-29 ",
    "Published 3 February 2021\n",
    "LONDON, Feb 3, 2021 (",
    "<?xml ",
    "encoding=\"",
    "windows-1251",
    "<rss version='2.0'>",
    "<channel>",
    "<item>",
    "<guid>g</guid>",
    "</item>",
    "<pubDate>Tue, 09 Mar 2021 10:00:00 GMT</pubDate>",
    "<description>",
    "<![CDATA[",
    "]]>",
    "</channel></rss>",
    "<feed xmlns='http://www.w3.org/2005/Atom'>",
    "<entry>",
    "<content type='xhtml'>",
    "<id>",
    "&#x;",
    "&amp;",
    "<html>",
    "<meta name=date content=",
    "2020-02-29",
    "<meta charset=",
    "<article>",
    "<p>",
    "<b>",
    "</b>",
    "<table>",
    "<td>",
    "<script type='application/ld+json'>",
    "{\"@graph\":[",
    "</script>",
    "<time datetime=",
    "<svg/>",
    "<!--",
    "{",
    "}",
    "[",
    "]",
    ",",
    "\"id\":1",
    "\"date\":\"2020-02-29\"",
    "\"text\":\"T\"",
    "\"articles\":",
    "\"",
    "\\",
    "\u{feff}",
    "\n",
    "\r\n",
    " ",
    "é",
    "\u{0}",
    "🌉",
];

fn content() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        8 => prop::sample::select(PIECES).prop_map(|piece| piece.as_bytes().to_vec()),
        1 => vec(any::<u8>(), 0..6),
        1 => "\\PC{0,8}".prop_map(String::into_bytes),
    ];
    prop_oneof![
        1 => vec(any::<u8>(), 0..200),
        6 => vec(piece, 0..40).prop_map(|pieces| pieces.concat()),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_format_answers_for_arbitrary_bytes(content in content()) {
        let named: Vec<_> = FORMATS
            .iter()
            .flat_map(|format| format.endings)
            .flat_map(|ending| ["", ".gz", ".zst"].map(|packing| format!("a.{ending}{packing}")))
            .collect();
        let with_content: Vec<_> = named.iter().map(|name| (name.as_str(), content.as_slice())).collect();
        let folder = folder(&with_content);
        let (files, unreadable) = files(&[folder.path().to_owned()]);
        prop_assert_eq!(unreadable, []);
        prop_assert_eq!(files.len(), named.len());
        for file in &files {
            let mut answers = 0;
            read_file(file, &mut |answer| {
                answers += 1;
                if let Ok(found) = answer {
                    assert!(!found.article.body.trim().is_empty(), "{}", file.path);
                    assert!(!found.article.id.is_empty(), "{}", file.path);
                }
                ControlFlow::Continue(())
            });
            // A feed may well have no entry.
            prop_assert!(answers > 0 || file.format.name == "feed", "{} of {:?}", file.path, content);
        }
    }
}
