//! A [`Query`] in the engine's terms.

use tantivy::{
    Term,
    query::{
        BooleanQuery, BoostQuery, ConstScoreQuery, DisjunctionMaxQuery, Occur, PhraseQuery,
        Query as EngineQuery, RangeQuery, TermQuery,
    },
    schema::{Field, IndexRecordOption},
};

use super::{
    days_since_1970,
    schema::{Fields, Kind},
};
use crate::{
    index::{Concept, HEADLINE_WEIGHT, Phrase, Query, SPEAKER_WEIGHT, days},
    text::fold,
    timex::Interval,
};

impl Fields {
    /// The query in the engine's terms; nothing where it can find nothing.
    pub fn compile(&self, query: &Query) -> Option<Box<dyn EngineQuery>> {
        let mut clauses: Vec<(Occur, Box<dyn EngineQuery>)> = Vec::new();
        for concept in &query.concepts {
            clauses.push((occur(concept.required), self.concept(concept)));
        }
        for phrase in &query.phrases {
            if let Some(compiled) = self.phrase(phrase) {
                clauses.push((occur(phrase.required), compiled));
            }
        }
        for stem in &query.speakers {
            let term = term(self.speaker, stem);
            clauses.push((
                Occur::Should,
                Box::new(BoostQuery::new(term, SPEAKER_WEIGHT)),
            ));
        }
        if clauses.is_empty() && query.happened.is_none() {
            if !query.everything {
                return None;
            }
            clauses.push((Occur::Must, self.kind(Kind::Window)));
        }
        for stem in &query.without {
            clauses.push((Occur::MustNot, term(self.text, stem)));
        }
        if let Some(interval) = query.happened {
            clauses.push((Occur::Must, self.happened(interval)));
        }
        clauses.extend(self.filters(query));
        Some(Box::new(BooleanQuery::new(clauses)))
    }

    /// What a window must have beside what is sought, unscored; nothing where it may be any.
    pub fn filter(&self, query: &Query) -> Option<Box<dyn EngineQuery>> {
        let filters = self.filters(query);
        (!filters.is_empty()).then(|| Box::new(BooleanQuery::new(filters)) as Box<dyn EngineQuery>)
    }

    fn filters(&self, query: &Query) -> Vec<(Occur, Box<dyn EngineQuery>)> {
        let mut clauses: Vec<(Occur, Box<dyn EngineQuery>)> = Vec::new();
        if let Some(interval) = query.published {
            let bound = |day| Term::from_field_i64(self.published, days_since_1970(day));
            let range = RangeQuery::new(
                std::ops::Bound::Included(bound(interval.begin())),
                std::ops::Bound::Excluded(bound(interval.end())),
            );
            clauses.push((
                Occur::Must,
                Box::new(ConstScoreQuery::new(Box::new(range), 0.0)),
            ));
        }
        if let Some(outlet) = &query.outlet {
            let outlet = Term::from_field_text(self.outlet, &fold(outlet));
            clauses.push((Occur::Must, unscored(outlet)));
        }
        if query.quoting {
            clauses.push((Occur::Must, unscored(Term::from_field_u64(self.quoting, 1))));
        }
        clauses
    }

    /// Every record of one kind, unscored.
    pub fn kind(&self, kind: Kind) -> Box<dyn EngineQuery> {
        unscored(Term::from_field_u64(self.kind, kind as u64))
    }

    fn concept(&self, concept: &Concept) -> Box<dyn EngineQuery> {
        let alternatives: Vec<Box<dyn EngineQuery>> = concept
            .stems
            .iter()
            .map(|(stem, weight)| {
                let weight = weight * concept.weight;
                let fields: Vec<(Occur, Box<dyn EngineQuery>)> = vec![
                    (
                        Occur::Should,
                        Box::new(BoostQuery::new(term(self.text, stem), weight)),
                    ),
                    (
                        Occur::Should,
                        Box::new(BoostQuery::new(
                            term(self.headline, stem),
                            weight * HEADLINE_WEIGHT,
                        )),
                    ),
                ];
                Box::new(BooleanQuery::new(fields)) as Box<dyn EngineQuery>
            })
            .collect();
        Box::new(DisjunctionMaxQuery::new(alternatives))
    }

    fn phrase(&self, phrase: &Phrase) -> Option<Box<dyn EngineQuery>> {
        let compiled: Box<dyn EngineQuery> = match phrase.stems.as_slice() {
            [] => return None,
            [(_, only)] => term(self.text, only),
            several => Box::new(PhraseQuery::new_with_offset(
                several
                    .iter()
                    .map(|(at, stem)| (*at, Term::from_field_text(self.text, stem)))
                    .collect(),
            )),
        };
        Some(Box::new(BoostQuery::new(compiled, phrase.weight)))
    }

    fn happened(&self, interval: Interval) -> Box<dyn EngineQuery> {
        let days = days::sought(interval)
            .into_iter()
            .map(|(day, weight)| {
                let day = TermQuery::new(
                    Term::from_field_text(self.day, &day),
                    IndexRecordOption::Basic,
                );
                let scored = ConstScoreQuery::new(Box::new(day), weight);
                Box::new(scored) as Box<dyn EngineQuery>
            })
            .collect();
        Box::new(DisjunctionMaxQuery::new(days))
    }
}

fn term(field: Field, stem: &str) -> Box<dyn EngineQuery> {
    Box::new(TermQuery::new(
        Term::from_field_text(field, stem),
        IndexRecordOption::WithFreqs,
    ))
}

fn occur(required: bool) -> Occur {
    if required { Occur::Must } else { Occur::Should }
}

/// What has `term`, without a score.
pub fn unscored(term: Term) -> Box<dyn EngineQuery> {
    let query = TermQuery::new(term, IndexRecordOption::Basic);
    Box::new(ConstScoreQuery::new(Box::new(query), 0.0))
}
