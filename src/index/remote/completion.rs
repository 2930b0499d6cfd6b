//! Words and names: what goes on as somebody began, and what is spelt nearly like a word.
//!
//! The cluster cannot list its terms with their counts as an index in this process can. Names are counted over
//! articles by the cluster, words of which there are many more here. So that a key pressed costs little whatever
//! the archive's size, only so many articles are looked at. In an archive with more than that, counts are samples.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{reading::articles, store::Store};
use crate::index::{
    Counted, IndexError,
    vocabulary::{edits_allowed, name_of_term, nearest_first},
};

/// How many articles each shard looks at for the completions of a name.
const SAMPLE: usize = 50_000;

/// How many articles' words are brought at once for the completions of a word, and how many times: each time
/// articles with other words than those already found.
const WORDS_OF: usize = 300;
const TIMES: usize = 3;

/// From how many letters on only the articles with such a word are looked at. Fewer letters begin a word in
/// almost every article, and to find that out would be the greater work.
const TELLING: usize = 3;

/// How many near words are looked at before the nearest are taken.
const NEAR: usize = 100;

impl Store {
    /// Words that begin with `prefix`, the most frequent first.
    pub fn words(&self, prefix: &str, limit: usize) -> Result<Vec<Counted>, IndexError> {
        if limit == 0 {
            return Ok(Vec::new());
        }
        let mut found: BTreeMap<String, u64> = BTreeMap::new();
        for _ in 0..TIMES {
            let without: Vec<&String> = found.keys().collect();
            let rows = self.search(&json!({
                "size": WORDS_OF,
                "query": {"bool": {
                    "filter": articles(&beginning("word", prefix)),
                    "must_not": {"terms": {"word": without}},
                }},
                "_source": ["word"],
                "track_total_hits": false,
            }))?;
            let rows = rows.hits.hits;
            let words = rows
                .iter()
                .flat_map(|row| row.source.word.split_ascii_whitespace());
            for word in words.filter(|word| word.starts_with(prefix)) {
                *found.entry(word.to_owned()).or_default() += 1;
            }
            if rows.len() < WORDS_OF || found.len() >= limit {
                break;
            }
        }
        Ok(most_frequent(found, limit))
    }

    /// Names with a word that begins with `prefix`, the most frequent first.
    pub fn names(&self, prefix: &str, limit: usize) -> Result<Vec<Counted>, IndexError> {
        // A name may be found by several of its words.
        let terms = self.name_terms(prefix, 4 * limit)?;
        let mut names: BTreeMap<String, u64> = BTreeMap::new();
        for term in terms {
            if let Some(name) = name_of_term(&term.text) {
                *names.entry(name.to_owned()).or_default() += term.articles;
            }
        }
        Ok(most_frequent(names, limit))
    }

    fn name_terms(&self, prefix: &str, limit: usize) -> Result<Vec<Counted>, IndexError> {
        if limit == 0 {
            return Ok(Vec::new());
        }
        let found = self.search(&json!({
            "size": 0,
            "query": articles(&beginning("name", prefix)),
            "terminate_after": SAMPLE,
            "aggs": {"terms": {"terms": {
                "field": "name",
                "include": format!("{}.*", literal(prefix)),
                "size": limit,
                "shard_size": 4 * limit + 50,
                "order": [{"_count": "desc"}, {"_key": "asc"}],
            }}},
        }))?;
        let buckets = found.aggregations.pointer("/terms/buckets");
        Ok(each(buckets, "key", "doc_count"))
    }

    /// Words spelt nearly like `word`, the nearest and most frequent first.
    pub fn near(&self, word: &str, limit: usize) -> Result<Vec<Counted>, IndexError> {
        let Some(allowed) = edits_allowed(word.chars().count()) else {
            return Ok(Vec::new());
        };
        // Who misspells a word mostly gets its first letter right; that keeps the look-up short.
        let found = self.search(&json!({
            "size": 0,
            "suggest": {"near": {"text": word, "term": {
                "field": "word",
                "suggest_mode": "always",
                "analyzer": "keyword",
                "max_edits": allowed,
                "prefix_length": 1,
                "min_word_length": 1,
                "min_doc_freq": 0,
                "max_inspections": 50,
                "size": NEAR,
                "shard_size": NEAR,
            }}},
        }))?;
        let options = found.suggest.pointer("/near/0/options");
        let near = each(options, "text", "freq")
            .into_iter()
            .filter(|counted| counted.text != word)
            .map(|counted| (strsim::osa_distance(word, &counted.text), counted))
            .filter(|(distance, _)| *distance <= allowed);
        let mut near = nearest_first(near.collect());
        near.truncate(limit);
        Ok(near)
    }
}

/// Articles with a term that begins so; all of them where that says too little.
fn beginning(field: &str, prefix: &str) -> Value {
    if prefix.chars().count() < TELLING {
        json!({"match_all": {}})
    } else {
        json!({"prefix": {field: prefix}})
    }
}

/// The first of these, all equally near to what was meant: the most frequent first.
fn most_frequent(counts: BTreeMap<String, u64>, limit: usize) -> Vec<Counted> {
    let counts = counts.into_iter();
    let counted = counts.map(|(text, articles)| (0, Counted { text, articles }));
    let mut counted = nearest_first(counted.collect());
    counted.truncate(limit);
    counted
}

/// The texts and counts of a list that the cluster gives.
fn each(list: Option<&Value>, text: &str, count: &str) -> Vec<Counted> {
    list.and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(|entry| {
            Some(Counted {
                text: entry.get(text)?.as_str()?.to_owned(),
                articles: entry.get(count)?.as_u64()?,
            })
        })
        .collect()
}

/// The regular expression, in Lucene's dialect, that matches `text` and nothing else.
fn literal(text: &str) -> String {
    let mut literal = String::new();
    for letter in text.chars() {
        if !letter.is_alphanumeric() {
            literal.push('\\');
        }
        literal.push(letter);
    }
    literal
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_typed_is_no_pattern() {
        assert_eq!(literal("o'br.*"), "o\\'br\\.\\*");
        assert_eq!(literal("müll2"), "müll2");
    }
}
