//! A [`Query`] in the cluster's words.
//!
//! It says what the embedded index's query says, clause by clause. The factor k₁ + 1 of BM25, which changes
//! no order among words but does beside the weights of days, is left out by some engines and is then put back:
//! that is what `scale` is for.

use serde_json::{Value, json};

use super::mapping::GAP;
use crate::{
    index::{
        Concept, HEADLINE_WEIGHT, Phrase, Query, SPEAKER_WEIGHT,
        days::{self, days_since_1970},
    },
    text::fold,
    timex::Interval,
};

/// A query, and in which order its hits come.
#[derive(Debug, PartialEq)]
pub struct Compiled {
    /// The query.
    pub query: Value,
    /// Whether no words are sought. Many scores are then equal, and the order of the articles decides.
    pub by_order: bool,
}

/// The query in the cluster's words; nothing where it can find nothing.
pub fn compile(query: &Query, scale: f32) -> Option<Compiled> {
    let mut must = Vec::new();
    let mut should = Vec::new();
    let mut filter = Vec::new();
    for wanted in &query.concepts {
        let clauses = if wanted.required {
            &mut must
        } else {
            &mut should
        };
        clauses.push(concept(wanted, scale));
    }
    for wanted in &query.phrases {
        if let Some(compiled) = phrase(wanted, scale) {
            let clauses = if wanted.required {
                &mut must
            } else {
                &mut should
            };
            clauses.push(compiled);
        }
    }
    should.extend(
        query
            .speakers
            .iter()
            .map(|stem| term("speaker", stem, SPEAKER_WEIGHT * scale)),
    );
    let by_order = must.is_empty() && should.is_empty();
    if by_order && query.happened.is_none() && !query.everything {
        return None;
    }
    if let Some(interval) = query.happened {
        must.push(happened(interval));
    }
    if let Some(interval) = query.published {
        filter.push(json!({"range": {"published": {
            "gte": days_since_1970(interval.begin()),
            "lt": days_since_1970(interval.end()),
        }}}));
    }
    if let Some(outlet) = &query.outlet {
        filter.push(json!({"term": {"outlet": fold(outlet)}}));
    }
    if query.quoting {
        filter.push(json!({"term": {"quoting": true}}));
    }
    let anything = must.is_empty() && filter.is_empty();
    // An article's record has a day of publication as well.
    if query.published.is_some() || (anything && should.is_empty()) {
        filter.push(json!({"term": {"kind": "window"}}));
    }
    let without: Vec<Value> = query
        .without
        .iter()
        .map(|stem| json!({"term": {"text": stem}}))
        .collect();
    // Beside filters alone some word must match; beside what must match anyway, words only add.
    let enough = usize::from(must.is_empty() && !should.is_empty());
    Some(Compiled {
        query: json!({"bool": {
            "must": must,
            "should": should,
            "filter": filter,
            "must_not": without,
            "minimum_should_match": enough,
        }}),
        by_order,
    })
}

fn concept(concept: &Concept, scale: f32) -> Value {
    let alternatives: Vec<Value> = concept
        .stems
        .iter()
        .map(|(stem, weight)| {
            let weight = weight * concept.weight * scale;
            json!({"bool": {"should": [
                term("text", stem, weight),
                term("headline", stem, weight * HEADLINE_WEIGHT),
            ]}})
        })
        .collect();
    json!({"dis_max": {"queries": alternatives}})
}

fn term(field: &str, stem: &str, weight: f32) -> Value {
    json!({"term": {field: {"value": stem, "boost": weight}}})
}

fn phrase(phrase: &Phrase, scale: f32) -> Option<Value> {
    let boost = phrase.weight * scale;
    match phrase.stems.as_slice() {
        [] => None,
        [(_, only)] => Some(term("text", only, boost)),
        several => {
            let mut text = String::new();
            let mut next = several.iter().map(|(at, _)| *at).min().unwrap_or(0);
            let mut several: Vec<&(usize, String)> = several.iter().collect();
            several.sort_by_key(|(at, _)| *at);
            for (at, stem) in several {
                for _ in next..*at {
                    text.push_str(GAP);
                    text.push(' ');
                }
                text.push_str(stem);
                text.push(' ');
                next = at + 1;
            }
            Some(json!({"match_phrase": {"text": {"query": text, "boost": boost}}}))
        }
    }
}

/// The best day counts, and days of one weight are looked up together.
fn happened(interval: Interval) -> Value {
    let mut weights: Vec<(f32, Vec<String>)> = Vec::new();
    for (day, weight) in days::sought(interval) {
        match weights
            .iter_mut()
            .find(|(known, _)| known.total_cmp(&weight).is_eq())
        {
            Some((_, days)) => days.push(day),
            None => weights.push((weight, vec![day])),
        }
    }
    let alternatives: Vec<Value> = weights
        .into_iter()
        .map(|(weight, days)| {
            json!({"constant_score": {"filter": {"terms": {"day": days}}, "boost": weight}})
        })
        .collect();
    json!({"dis_max": {"queries": alternatives}})
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn found(query: &Query) -> Value {
        compile(query, 1.0).unwrap().query
    }

    #[test]
    fn what_seeks_nothing_finds_nothing() {
        assert_eq!(compile(&Query::default(), 1.0), None);
        let filtered = Query {
            outlet: Some("The Mill".to_owned()),
            ..Query::default()
        };
        assert_eq!(compile(&filtered, 1.0), None);
    }

    #[test]
    fn words_alone_must_match_and_beside_a_filter_they_may() {
        let words = Query {
            concepts: vec![Concept {
                stems: vec![("bridg".to_owned(), 1.0)],
                weight: 2.0,
                required: false,
            }],
            ..Query::default()
        };
        assert_eq!(found(&words)["bool"]["minimum_should_match"], 1);
        let dated = Query {
            happened: Interval::day(date(2019, 3, 1)),
            ..words
        };
        assert_eq!(found(&dated)["bool"]["minimum_should_match"], 0);
    }

    #[test]
    fn a_phrase_keeps_the_places_of_its_stop_words() {
        let query = Query {
            phrases: vec![Phrase {
                stems: vec![(0, "bank".to_owned()), (3, "river".to_owned())],
                weight: 1.0,
                required: true,
            }],
            ..Query::default()
        };
        let phrase = &found(&query)["bool"]["must"][0]["match_phrase"]["text"]["query"];
        assert_eq!(phrase, "bank . . river ");
    }

    #[test]
    fn days_of_one_weight_are_sought_together() {
        let query = Query {
            happened: Interval::month(date(2019, 3, 1)),
            ..Query::default()
        };
        let compiled = compile(&query, 1.0).unwrap();
        assert!(compiled.by_order);
        let weights = compiled.query["bool"]["must"][0]["dis_max"]["queries"]
            .as_array()
            .unwrap();
        assert_eq!(weights.len(), 4);
    }
}
