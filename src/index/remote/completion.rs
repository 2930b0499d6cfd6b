//! Words and names: what goes on as somebody began, and what is spelt nearly like a word.
//!
//! The cluster cannot list its terms with their counts as an index in this process can; it counts them over
//! articles. So that a key pressed costs little whatever the archive's size, each shard looks at so many
//! articles and no more. In an archive with more than that, counts are samples.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{reading::articles, store::Store};
use crate::index::{
    Counted, IndexError,
    vocabulary::{edits_allowed, name_of_term, nearest_first},
};

/// How many articles each shard looks at for a completion.
const SAMPLE: usize = 50_000;

/// From how many letters on only the articles with such a word are looked at. Fewer letters begin a word in
/// almost every article, and to find that out would be the greater work.
const TELLING: usize = 3;

/// How many near words are looked at before the nearest are taken.
const NEAR: usize = 100;

impl Store {
    /// Words that begin with `prefix`, the most frequent first.
    pub fn words(&self, prefix: &str, limit: usize) -> Result<Vec<Counted>, IndexError> {
        self.completions("word", prefix, limit)
    }

    /// Names with a word that begins with `prefix`, the most frequent first.
    pub fn names(&self, prefix: &str, limit: usize) -> Result<Vec<Counted>, IndexError> {
        // A name may be found by several of its words.
        let terms = self.completions("name", prefix, 4 * limit)?;
        let mut names: BTreeMap<String, u64> = BTreeMap::new();
        for term in terms {
            if let Some(name) = name_of_term(&term.text) {
                *names.entry(name.to_owned()).or_default() += term.articles;
            }
        }
        let mut names: Vec<Counted> = names
            .into_iter()
            .map(|(text, articles)| Counted { text, articles })
            .collect();
        names.sort_by(|a, b| b.articles.cmp(&a.articles).then(a.text.cmp(&b.text)));
        names.truncate(limit);
        Ok(names)
    }

    fn completions(
        &self,
        field: &str,
        prefix: &str,
        limit: usize,
    ) -> Result<Vec<Counted>, IndexError> {
        if limit == 0 {
            return Ok(Vec::new());
        }
        let query = if prefix.chars().count() < TELLING {
            json!({"match_all": {}})
        } else {
            json!({"prefix": {field: prefix}})
        };
        let found = self.search(&json!({
            "size": 0,
            "query": articles(&query),
            "terminate_after": SAMPLE,
            "aggs": {"terms": {"terms": {
                "field": field,
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
