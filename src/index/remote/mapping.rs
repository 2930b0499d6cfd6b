//! The index in the cluster: its names, its fields, and how its texts are taken apart.
//!
//! Texts are analysed here, by [`Terms`], as for every backend; the cluster is sent stems with spaces
//! between them, and [`GAP`] for each word that has none, so that phrases fit and lengths are those of the
//! stems alone. The mapping is strict: a field that is not in it is a mistake. Records are kept as they are sent:
//! to leave fields out of what is kept, a cluster takes every record apart and puts it together again.

use serde_json::{Value, json};

use crate::{index::Terms, language::Words};

/// What stands in the place of a word without a stem. A mark, so it is never a stem itself.
pub const GAP: &str = ".";

/// The longest stem that is indexed, in bytes; Lucene takes no term beyond 32,766.
const STEM_AT_MOST: usize = 8000;

/// What a record stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// An article with its document.
    Article,
    /// A window of an article.
    Window,
    /// A file.
    File,
    /// What is about to be written.
    Intent,
    /// Who writes.
    Writer,
}

/// The name of the index that rules of `version` fill. The name alone is the alias of the complete one.
pub fn index_name(name: &str, version: u64) -> String {
    format!("{name}-{version:016x}")
}

/// Whether `index` is one of those that [`index_name`] calls.
pub fn is_own(index: &str, name: &str) -> bool {
    index
        .strip_prefix(name)
        .and_then(|rest| rest.strip_prefix('-'))
        .is_some_and(|version| {
            version.len() == 16 && version.bytes().all(|digit| digit.is_ascii_hexdigit())
        })
}

/// What the index is created with. How many shards and copies it has is the cluster's own setting, or an
/// index template's: who runs the cluster knows better.
pub fn definition(version: u64) -> Value {
    let keyword = json!({"type": "keyword"});
    let kept = json!({"type": "keyword", "index": false, "doc_values": false});
    let counted = json!({"type": "integer", "index": false});
    let number = json!({"type": "long"});
    let text =
        |options: &str| json!({"type": "text", "analyzer": "stems", "index_options": options});
    // Terms of which a record has many are one text with spaces between them: in a list of keywords each would
    // be a field of its own, which takes the cluster several times as long.
    let terms =
        json!({"type": "text", "analyzer": "terms", "index_options": "docs", "norms": false});
    json!({
        "settings": {
            "index.refresh_interval": "-1",
            "analysis": {
                "tokenizer": {
                    "spaces": {"type": "whitespace", "max_token_length": STEM_AT_MOST},
                },
                "filter": {"gaps": {"type": "stop", "stopwords": [GAP]}},
                "analyzer": {
                    "stems": {"type": "custom", "tokenizer": "spaces", "filter": ["gaps"]},
                    "terms": {"type": "custom", "tokenizer": "spaces"},
                },
            },
        },
        "mappings": {
            "dynamic": "strict",
            "_meta": {"dateline": format!("{version:016x}")},
            "properties": {
                "kind": keyword,
                "article": number,
                "id": kept,
                "file": keyword,
                "path": keyword,
                "fingerprint": {"type": "long", "index": false},
                // By what the same article from another source is found, and told.
                "mark": terms,
                "print": {"type": "binary"},
                "windows": counted,
                "passages": counted,
                "sentences": counted,
                "timexes": counted,
                "quotations": counted,
                "published": number,
                "stored": {"type": "binary"},
                "word": terms,
                // Completions ask for the most frequent of them, which needs their order; made when a
                // commit becomes visible, it is not made while somebody types.
                "name": {"type": "keyword", "ignore_above": 500, "eager_global_ordinals": true},
                "outlet": {"type": "keyword", "doc_values": false},
                "text": text("positions"),
                "headline": text("freqs"),
                "speaker": text("freqs"),
                "day": terms,
                "quoting": {"type": "boolean", "doc_values": false},
                "first": {"type": "integer", "index": false},
                "last": {"type": "integer", "index": false},
            },
        },
    })
}

/// The stems of texts that follow each other, each at its place. Between two texts stands a gap.
pub fn stems<'t>(texts: impl IntoIterator<Item = &'t str>, words: &Words) -> String {
    let mut value = String::new();
    let mut begin = 0;
    let mut next = 0;
    for text in texts {
        let mut end = begin;
        for term in Terms::new(text, words) {
            if term.stem.len() > STEM_AT_MOST {
                continue;
            }
            let place = begin + term.position;
            for _ in next..place {
                value.push_str(GAP);
                value.push(' ');
            }
            value.push_str(&term.stem);
            value.push(' ');
            next = place + 1;
            end = next;
        }
        begin = end + 1;
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::{Language, Source};

    #[test]
    fn stems_keep_their_places_over_stop_words_and_texts() {
        let language = Language::read(&Source::Embedded).unwrap();
        let value = stems(
            ["The bridge of the harbour was", "Closed."],
            &language.words,
        );
        assert_eq!(value, ". bridg . . harbour . close ");
        assert_eq!(stems(["", "the"], &language.words), "");
    }

    #[test]
    fn only_names_with_a_version_are_our_own() {
        assert_eq!(index_name("news", 255), "news-00000000000000ff");
        assert!(is_own("news-00000000000000ff", "news"));
        for other in [
            "news",
            "news-archive",
            "news-00000000000000f",
            "new-00000000000000ff",
        ] {
            assert!(!is_own(other, "news"), "{other}");
        }
    }
}
