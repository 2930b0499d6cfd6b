//! The best windows for words of which any may match.
//!
//! A concept with its synonyms gives the best of what they give, and the engine has no fast way for sums of such: its
//! Block-Max WAND is for sums of words, and what is left keeps hundreds of iterators in step, window by window. Here
//! each word is walked by itself through a block of windows, and what it gives is gathered in an array, as in
//! Lucene's `BooleanScorer`; what is costly, words that stand together, filters and removed windows, is only looked
//! at in windows that can still be among the best. Once as many are known as are wanted, words that together cannot
//! lift a window above the worst of them only add to windows that have another word (`MaxScore`, Turtle & Flood 1995).
//! Scores are those of [`Fields::compile`], to which everything else is left: what is required, excluded or happened
//! within days.

mod best;
mod block;
mod walk;

use tantivy::{
    DocAddress, Score, Searcher, SegmentReader, Term,
    postings::TermInfo,
    query::{
        Bm25StatisticsProvider, Bm25Weight, EnableScoring, PhraseQuery, Query as EngineQuery,
        Weight,
    },
    schema::IndexRecordOption,
};

use self::{
    best::Best,
    block::{Block, Posting, Standing},
    walk::Walk,
};
use super::{schema::Fields, statistics::WindowStatistics};
use crate::index::{Concept, HEADLINE_WEIGHT, Query, SPEAKER_WEIGHT};

/// What is sought, where any of it may match.
pub struct Disjunction {
    words: Vec<Word>,
    pairs: Vec<Pair>,
    /// How many concepts there are, speakers included.
    concepts: usize,
    /// What a window must have beside a word, unscored.
    filter: Option<Box<dyn EngineQuery>>,
}

/// A word that stands for a concept, in the fields in which it may stand.
struct Word {
    concept: usize,
    /// The terms and their boosts.
    terms: Vec<(Term, Score)>,
}

/// The place of the text among the fields of a word.
const TEXT: usize = 0;

/// Two words that weigh more where they stand together.
struct Pair {
    query: PhraseQuery,
    boost: Score,
    terms: Vec<Term>,
    /// Which words of the disjunction they are.
    words: Vec<Option<usize>>,
}

impl Disjunction {
    /// The query as a disjunction; nothing where it is none.
    pub fn of(fields: &Fields, query: &Query) -> Option<Self> {
        let required = query.concepts.iter().any(|concept| concept.required)
            || query.phrases.iter().any(|phrase| phrase.required);
        // A phrase of one word is a word, and that of none is nothing.
        let several = query.phrases.iter().all(|phrase| phrase.stems.len() > 1);
        if required
            || !several
            || query.concepts.is_empty()
            || query.happened.is_some()
            || !query.without.is_empty()
        {
            return None;
        }
        let of_concept = |(number, concept): (usize, &Concept)| {
            let word = |(stem, weight): &(String, f32)| {
                let weight = weight * concept.weight;
                Word {
                    concept: number,
                    terms: vec![
                        (Term::from_field_text(fields.text, stem), weight),
                        (
                            Term::from_field_text(fields.headline, stem),
                            weight * HEADLINE_WEIGHT,
                        ),
                    ],
                }
            };
            concept.stems.iter().map(word).collect::<Vec<_>>()
        };
        let mut words: Vec<Word> = query
            .concepts
            .iter()
            .enumerate()
            .flat_map(of_concept)
            .collect();
        let speakers = query.speakers.iter().enumerate();
        words.extend(speakers.map(|(number, stem)| Word {
            concept: query.concepts.len() + number,
            terms: vec![(Term::from_field_text(fields.speaker, stem), SPEAKER_WEIGHT)],
        }));
        let pairs = query.phrases.iter().map(|phrase| {
            let stems = phrase.stems.iter();
            let terms: Vec<(usize, Term)> = stems
                .map(|(at, stem)| (*at, Term::from_field_text(fields.text, stem)))
                .collect();
            let word = |(_, term): &(usize, Term)| {
                let is_term = |word: &Word| word.terms.first().is_some_and(|(own, _)| own == term);
                words.iter().position(is_term)
            };
            Pair {
                words: terms.iter().map(word).collect(),
                terms: terms.iter().map(|(_, term)| term.clone()).collect(),
                query: PhraseQuery::new_with_offset(terms),
                boost: phrase.weight,
            }
        });
        let pairs = pairs.collect();
        Some(Self {
            words,
            pairs,
            concepts: query.concepts.len() + query.speakers.len(),
            filter: fields.filter(query),
        })
    }

    /// The `limit` best windows, best first, and of equals the earlier one.
    pub fn best(
        &self,
        searcher: &Searcher,
        statistics: &WindowStatistics<'_>,
        limit: usize,
    ) -> tantivy::Result<Vec<(Score, DocAddress)>> {
        let scoring = EnableScoring::enabled_from_statistics_provider(statistics, searcher);
        let unscored = EnableScoring::disabled_from_searcher(searcher);
        let found = self.look_up(searcher)?;
        let weights = self.weights(statistics, &found)?;
        let pairs = self.pairs.iter();
        let pairs: Vec<(Box<dyn Weight>, Score)> = pairs
            .map(|pair| {
                let all = Bm25Weight::for_terms(statistics, &pair.terms)?.boost_by(pair.boost);
                Ok((pair.query.weight(scoring)?, all.max_score()))
            })
            .collect::<tantivy::Result<_>>()?;
        let filter = self.filter.as_ref();
        let filter = filter.map(|filter| filter.weight(unscored)).transpose()?;
        let mut best = Best::new(limit);
        let mut block = Block::new(self.concepts);
        for ((ordinal, segment), found) in (0..).zip(searcher.segment_readers()).zip(found) {
            let filter = filter.as_ref();
            let filter = filter
                .map(|filter| filter.scorer(segment, 1.0))
                .transpose()?;
            let words = self.standing(segment, found, &weights)?;
            let mut walk = Walk::new(segment, words, filter);
            for (number, (pair, (weight, most))) in self.pairs.iter().zip(&pairs).enumerate() {
                let strength = (pair.boost, *most);
                walk.stand_together(number, &pair.words, weight.as_ref(), strength)?;
            }
            walk.walk(&mut block, best.worst(), &mut |score, window| {
                best.offer(score, DocAddress::new(ordinal, window))
            });
        }
        Ok(best.sorted())
    }

    /// For each segment and word, where its terms stand in it.
    fn look_up(&self, searcher: &Searcher) -> tantivy::Result<Vec<Vec<Vec<Option<TermInfo>>>>> {
        let of_word = |segment: &SegmentReader, word: &Word| {
            let terms = word.terms.iter();
            terms
                .map(|(term, _)| Ok(segment.inverted_index(term.field())?.get_term_info(term)?))
                .collect::<tantivy::Result<Vec<_>>>()
        };
        let segments = searcher.segment_readers().iter();
        segments
            .map(|segment| {
                self.words
                    .iter()
                    .map(|word| of_word(segment, word))
                    .collect()
            })
            .collect()
    }

    /// For each word, what each of its terms weighs.
    fn weights(
        &self,
        statistics: &WindowStatistics<'_>,
        found: &[Vec<Vec<Option<TermInfo>>>],
    ) -> tantivy::Result<Vec<Vec<Bm25Weight>>> {
        let windows = statistics.total_num_docs()?;
        let weight = |number: usize, place: usize, (term, boost): &(Term, Score)| {
            let frequency: u64 = found
                .iter()
                .filter_map(|words| words.get(number)?.get(place)?.as_ref())
                .map(|info| u64::from(info.doc_freq))
                .sum();
            let terms = statistics.total_num_tokens(term.field())?;
            #[expect(clippy::cast_precision_loss, reason = "an average length")]
            let average = terms as Score / windows as Score;
            let frequency = frequency.min(windows);
            let plain = Bm25Weight::for_one_term_without_explain(frequency, windows, average);
            Ok(plain.boost_by(*boost))
        };
        let words = self.words.iter().enumerate();
        words
            .map(|(number, word)| {
                let terms = word.terms.iter().enumerate();
                terms
                    .map(|(place, term)| weight(number, place, term))
                    .collect()
            })
            .collect()
    }

    /// The words that stand in a segment.
    fn standing(
        &self,
        segment: &SegmentReader,
        found: Vec<Vec<Option<TermInfo>>>,
        weights: &[Vec<Bm25Weight>],
    ) -> tantivy::Result<Vec<Standing>> {
        let mut standing = Vec::new();
        let words = self.words.iter().enumerate();
        for ((number, word), (found, weights)) in words.zip(found.into_iter().zip(weights)) {
            let mut terms = Vec::new();
            let found = found.into_iter().zip(weights);
            for ((place, (term, _)), (info, weight)) in word.terms.iter().enumerate().zip(found) {
                let Some(info) = info else { continue };
                let index = segment.inverted_index(term.field())?;
                let option = IndexRecordOption::WithFreqs;
                let posting = Posting {
                    postings: index.read_block_postings_from_terminfo(&info, option)?,
                    at: 0,
                    lengths: segment.get_fieldnorms_reader(term.field())?,
                    weight: weight.clone(),
                };
                terms.push((posting, place == TEXT));
            }
            if !terms.is_empty() {
                standing.push(Standing {
                    number,
                    concept: word.concept,
                    most: terms
                        .iter()
                        .map(|(posting, _)| posting.weight.max_score())
                        .sum(),
                    pairs: 0,
                    terms,
                });
            }
        }
        Ok(standing)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, LazyLock};

    use proptest::prelude::*;
    use tantivy::{
        TantivyDocument, collector::TopDocs, doc, query::BooleanQuery, tokenizer::TextAnalyzer,
    };

    use super::*;
    use crate::{
        index::{
            Phrase,
            embedded::schema::{ANALYZER, Analyzer, Kind, LISTED, Lines, schema},
        },
        language::{Language, Source},
    };

    /// Words of which some are in most windows and some in few.
    const WORDS: [&str; 8] = [
        "dam", "dam", "dam", "river", "river", "flood", "mayor", "bridge",
    ];

    fn word() -> impl Strategy<Value = String> {
        (0..WORDS.len()).prop_map(|at| WORDS[at].to_owned())
    }

    fn text(length: usize) -> impl Strategy<Value = String> {
        proptest::collection::vec(word(), 1..length).prop_map(|words| words.join(" "))
    }

    fn concept() -> impl Strategy<Value = Concept> {
        let stems = proptest::collection::vec((word(), 0.1_f32..1.0), 1..4);
        (stems, 0.2_f32..2.0).prop_map(|(stems, weight)| Concept {
            stems,
            weight,
            required: false,
        })
    }

    fn query() -> impl Strategy<Value = Query> {
        let concepts = proptest::collection::vec(concept(), 1..5);
        (concepts, any::<bool>(), any::<bool>(), word()).prop_map(
            |(concepts, quoting, paired, speaker)| {
                let own: Vec<String> = concepts
                    .iter()
                    .filter_map(|concept| Some(concept.stems.first()?.0.clone()))
                    .collect();
                let pairs = own.windows(2).filter(|_| paired);
                let phrases = pairs.map(|two| Phrase {
                    stems: two.iter().cloned().enumerate().collect(),
                    weight: 0.5,
                    required: false,
                });
                Query {
                    phrases: phrases.collect(),
                    concepts,
                    quoting,
                    speakers: vec![speaker],
                    ..Query::default()
                }
            },
        )
    }

    /// An index of these windows, cut into segments of some windows each.
    fn index(windows: &[(String, String, bool)], segment: usize) -> (Fields, tantivy::Index) {
        static LANGUAGE: LazyLock<Arc<Language>> =
            LazyLock::new(|| Arc::new(Language::read(&Source::Embedded).unwrap()));
        let language = Arc::clone(&LANGUAGE);
        let (schema, fields) = schema();
        let engine = tantivy::Index::create_in_ram(schema);
        let tokenizers = engine.tokenizers();
        tokenizers.register(ANALYZER, TextAnalyzer::builder(Analyzer(language)).build());
        tokenizers.register(LISTED, TextAnalyzer::builder(Lines).build());
        let mut writer = engine
            .writer_with_num_threads::<TantivyDocument>(1, 15_000_000)
            .unwrap();
        writer.set_merge_policy(Box::new(tantivy::merge_policy::NoMergePolicy));
        for part in windows.chunks(segment) {
            for (text, speaker, quoting) in part {
                let window = doc!(
                    fields.kind => Kind::Window as u64,
                    fields.text => text.as_str(),
                    fields.headline => text.split(' ').next().unwrap_or_default(),
                    fields.speaker => speaker.as_str(),
                    fields.quoting => u64::from(*quoting),
                );
                writer.add_document(window).unwrap();
            }
            writer.commit().unwrap();
        }
        (fields, engine)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(60))]
        /// The engine, which scores every window, finds the same ones with the same scores.
        #[test]
        fn the_best_are_those_that_the_engine_finds(
            windows in proptest::collection::vec((text(12), word(), any::<bool>()), 1..80),
            query in query(),
            segment in 10_usize..40,
            limit in 1_usize..12,
        ) {
            let (fields, engine) = index(&windows, segment);
            let searcher = engine.reader().unwrap().searcher();
            let statistics = WindowStatistics::new(&searcher, fields).unwrap();
            let ours = Disjunction::of(&fields, &query).unwrap();
            let found = ours.best(&searcher, &statistics, limit).unwrap();
            // Beside a filter the engine also finds windows that have none of the words.
            let plain = Query { quoting: false, ..query.clone() };
            let mut clauses = vec![(tantivy::query::Occur::Must, fields.compile(&plain).unwrap())];
            clauses.extend(fields.filter(&query).map(|filter| (tantivy::query::Occur::Must, filter)));
            let best = TopDocs::with_limit(limit).order_by_score();
            let expected = searcher
                .search_with_statistics_provider(&BooleanQuery::new(clauses), &best, &statistics)
                .unwrap();
            prop_assert_eq!(found.len(), expected.len());
            for ((ours, _), (theirs, _)) in found.iter().zip(&expected) {
                prop_assert!((ours - theirs).abs() < 1e-4, "{ours} for {theirs}");
            }
        }
    }
}
