//! Packed files, and files of any size.

use std::{io::Write as _, ops::ControlFlow};

use dateline::article::{files, read_file};

use crate::{folder, ids, read_one, reason};

fn gzip(content: &[u8]) -> Vec<u8> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    packed.write_all(content).unwrap();
    packed.finish().unwrap()
}

fn zstandard(content: &[u8]) -> Vec<u8> {
    zstd::encode_all(content, 3).unwrap()
}

#[test]
fn a_packed_file_reads_as_what_is_in_it() {
    let record = |id: &str| format!("{{\"id\":\"{id}\",\"date\":\"2021-02-03\",\"text\":\"T\"}}\n");
    // Both packings may consist of several parts, one after the other.
    let members = [gzip(record("m1").as_bytes()), gzip(record("m2").as_bytes())].concat();
    let frames = [
        zstandard(record("f1").as_bytes()),
        zstandard(record("f2").as_bytes()),
    ]
    .concat();
    let folder = folder(&[
        ("a.v2.txt.gz", &gzip(b"date 2021-02-03 A.")),
        ("b.TXT.ZST", &zstandard(b"\xEF\xBB\xBFdate 2021-02-03 B.")),
        ("c.jsonl.gz", &members),
        ("d.ndjson.zstd", &frames),
    ]);
    let reading = read_one(folder.path());
    assert_eq!(reading.unreadable, []);
    assert_eq!(ids(&reading), ["a.v2", "b", "m1", "m2", "f1", "f2"]);
    assert_eq!(reading.articles[1].body, "B.");
}

#[test]
fn a_torn_packed_file_gives_what_stands_before_the_tear() {
    let lines: Vec<String> = (0..4000u64)
        .map(|id| {
            let text = format!("{:x}", id.wrapping_mul(0x9E37_79B9_7F4A_7C15));
            format!("{{\"id\":{id},\"date\":\"2021-02-03\",\"text\":\"{text}\"}}\n")
        })
        .collect();
    let content = lines.concat();
    for (name, packed) in [
        ("a.jsonl.gz", gzip(content.as_bytes())),
        ("a.jsonl.zst", zstandard(content.as_bytes())),
    ] {
        let torn = packed.get(..packed.len() * 9 / 10).unwrap();
        let folder = folder(&[(name, torn)]);
        let reading = read_one(folder.path());
        let read = reading.articles.len();
        assert!((1000..4000).contains(&read), "{name}: {read}");
        let [only] = reading.unreadable.as_slice() else {
            panic!("one reason, not {:?}", reading.unreadable);
        };
        assert_eq!(only.line, Some(read + 1), "{name}");
        assert!(
            only.reason.contains("ends in the middle"),
            "{}",
            only.reason
        );
    }
}

#[test]
fn a_packed_file_that_is_no_such_thing_and_a_packing_of_nothing_known_are_named() {
    for name in ["a.txt.gz", "a.txt.zst"] {
        let (_, said) = reason(name, b"date 2021-02-03 Not packed at all.");
        assert!(said.contains("cannot be read"), "{said}");
        let (_, said) = reason(name, b"");
        assert!(said.contains("empty") || said.contains("middle"), "{said}");
    }
    for name in ["a.gz", "a.tar.gz", "a.txt.gz.gz"] {
        let folder = folder(&[(name, b"x"), ("b.txt", b"date 2021-02-03 B.")]);
        let reading = read_one(folder.path());
        assert_eq!(ids(&reading), ["b"], "{name}");
        assert!(reading.unreadable[0].reason.contains("no format"), "{name}");
    }
}

#[test]
fn a_bomb_is_given_up_where_it_shows() {
    // A quarter of a gigabyte of blanks packs to some kilobytes.
    let mut packed = zstd::Encoder::new(Vec::new(), 1).unwrap();
    let blanks = vec![b' '; 1 << 22];
    for _ in 0..1 << 6 {
        packed.write_all(&blanks).unwrap();
    }
    let packed = packed.finish().unwrap();
    assert!(packed.len() < 1 << 16);
    let (_, said) = reason("a.jsonl.zst", &packed);
    assert!(said.contains("than 250 times its size"), "{said}");
    let (_, said) = reason("a.txt.zst", &packed);
    assert!(said.contains("no article is larger than"), "{said}");
    let packed = gzip(&vec![b' '; 1 << 28]);
    assert!(packed.len() < 1 << 19);
    for name in ["a.jsonl.gz", "a.html.gz", "a.xml.gz"] {
        let (_, said) = reason(name, &packed);
        let given_up = said.contains("than 250 times its size") || said.contains("larger than");
        assert!(given_up, "{name}: {said}");
    }
}

#[test]
fn a_file_is_read_no_further_than_its_reader_wants() {
    let lines: Vec<String> = (0..100)
        .map(|id| format!("{{\"id\":{id},\"date\":\"2021-02-03\",\"text\":\"T\"}}\n"))
        .collect();
    let content = lines.concat();
    let folder = folder(&[("a.jsonl", content.as_bytes())]);
    let (files, unreadable) = files(&[folder.path().to_owned()]);
    assert_eq!(unreadable, []);
    assert_eq!(files[0].size, content.len() as u64);
    assert!(files[0].modified.is_some());
    let mut read = 0;
    read_file(&files[0], &mut |_| {
        read += 1;
        if read == 3 {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    });
    assert_eq!(read, 3);
}
