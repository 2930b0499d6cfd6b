//! What a file is written in: as marked, as declared, or as detected.

use encoding_rs::{ISO_8859_15, SHIFT_JIS, WINDOWS_1251};

use crate::{folder, ids, of_corpus, only, read_one, reason};

/// `text` in UTF-16, least significant byte first, with its mark.
fn utf_16(text: &str) -> Vec<u8> {
    let units = std::iter::once(0xFEFF).chain(text.encode_utf16());
    units.flat_map(u16::to_le_bytes).collect()
}

#[test]
fn utf_16_is_known_by_its_mark() {
    let record = r#"{"id":"b","date":"2021-02-03","text":"Žižkov 🌉"}"#;
    let folder = folder(&[
        ("a.txt", &utf_16("date 2021-02-03 Café.\r\nOuvert.")),
        ("b.jsonl", &utf_16(&format!("{record}\r\nno record"))),
    ]);
    let reading = read_one(folder.path());
    assert_eq!(ids(&reading), ["a", "b"]);
    assert_eq!(reading.articles[0].body, "Café.\nOuvert.");
    assert_eq!(reading.articles[1].body, "Žižkov 🌉");
    assert_eq!(reading.unreadable[0].line, Some(2));
}

#[test]
fn a_text_without_declaration_is_read_in_the_encoding_it_is_in() {
    let western = only(
        "a.txt",
        b"date 2021-02-03 The caf\xE9 \x96 they say \x93closed\x94 \x96 is open.",
    );
    assert_eq!(western.body, "The café – they say “closed” – is open.");
    let text =
        "date 2018-07-12 Утром на площади собрались жители нового района и спросили мэра о школе.";
    let (cyrillic, ..) = WINDOWS_1251.encode(text);
    assert_eq!(Some(only("a.txt", &cyrillic).body.as_str()), text.get(16..));
    let text = "date 2018-07-12 昨日、新しい図書館が駅の前に開きました。子どもたちは朝から並んでいました。";
    let (japanese, ..) = SHIFT_JIS.encode(text);
    assert_eq!(Some(only("a.txt", &japanese).body.as_str()), text.get(16..));
}

#[test]
fn utf_8_with_a_torn_letter_is_left_out_with_its_line() {
    let (line, said) = reason(
        "a.txt",
        "date 2021-02-03 Ça va où.\n\nÉté.\n"
            .as_bytes()
            .strip_suffix(b"\xA9.\n")
            .unwrap(),
    );
    assert_eq!(line, Some(3));
    assert!(said.contains("UTF-8"), "{said}");
}

#[test]
fn bytes_that_are_no_text_in_any_encoding_are_left_out() {
    let (line, said) = reason("a.txt", b"date 2021-02-03 \n\x00\x01\x02\xFF\x81\x8D");
    assert_eq!(line, Some(2));
    assert!(said.contains("no encoding"), "{said}");
}

#[test]
fn a_page_is_read_in_the_encoding_that_it_declares() {
    let western = of_corpus("table-layout.latin1.html");
    assert!(western.body.contains("François Lenoël"));
    let cyrillic = of_corpus("pier.windows-1251.html");
    assert!(cyrillic.body.contains("Егор Лапин"));
}

#[test]
fn a_feed_is_read_in_the_encoding_that_it_declares() {
    let feed = "<?xml version='1.0' encoding='iso-8859-15'?><rss version='2.0'><channel><title>Prix</title>\
        <item><guid>a</guid><pubDate>Tue, 09 Mar 2021 10:00:00 GMT</pubDate>\
        <description>Le café à 2 €, été comme hiver.</description></item></channel></rss>";
    let (bytes, ..) = ISO_8859_15.encode(feed);
    assert_eq!(
        only("a.rss", &bytes).body,
        "Le café à 2 €, été comme hiver."
    );
    // What is declared is not always true.
    assert_eq!(
        only("a.rss", feed.as_bytes()).body,
        "Le café à 2 €, été comme hiver."
    );
}
