//! A walk through the windows of a segment, block by block.

use std::collections::BTreeMap;

use tantivy::{
    DocId, Score, SegmentReader,
    query::{Scorer, Weight},
};

use super::block::{BLOCK, Block, Standing};

/// Two words that stand together in a segment.
struct Together {
    /// The bits of its words.
    words: u64,
    most: Score,
    scorer: Box<dyn Scorer>,
}

/// A walk through the windows of a segment.
pub struct Walk<'s> {
    segment: &'s SegmentReader,
    /// The words, those first that can give most.
    words: Vec<Standing>,
    /// The most that each word and those behind it can give together, as pairs too.
    most: Vec<Score>,
    pairs: Vec<Together>,
    /// The most that all pairs can give.
    most_together: Score,
    filter: Option<Box<dyn Scorer>>,
}

impl<'s> Walk<'s> {
    /// A walk through the windows of `segment` that have any of `words` and, if there is a filter, pass it.
    pub fn new(
        segment: &'s SegmentReader,
        mut words: Vec<Standing>,
        filter: Option<Box<dyn Scorer>>,
    ) -> Self {
        words.sort_by(|a, b| b.most.total_cmp(&a.most));
        Self {
            segment,
            most: most_together(&words),
            words,
            pairs: Vec::new(),
            most_together: 0.0,
            filter,
        }
    }

    /// Notes a pair, where both of its words stand in the segment.
    pub fn stand_together(
        &mut self,
        number: usize,
        words: &[Option<usize>],
        weight: &dyn Weight,
        (boost, most): (Score, Score),
    ) -> tantivy::Result<()> {
        let stands = |word: &Option<usize>| {
            let standing = self.words.iter();
            standing
                .clone()
                .any(|standing| Some(standing.number) == *word && standing.in_text())
        };
        if !words.iter().all(stands) {
            return Ok(());
        }
        let (mut bits, mut rank) = (0, usize::MAX);
        for (place, word) in words.iter().enumerate() {
            let bit = u32::try_from(2 * number + place).ok();
            // Of more pairs than there are bits the last are always looked at.
            let bit = bit.and_then(|bit| 1_u64.checked_shl(bit)).unwrap_or(0);
            bits |= bit;
            let standing = self.words.iter_mut().enumerate();
            for (at, standing) in standing.filter(|(_, standing)| Some(standing.number) == *word) {
                standing.pairs |= bit;
                rank = rank.min(at);
            }
        }
        self.most_together += most;
        for with_pair in self.most.iter_mut().take(rank.saturating_add(1)) {
            *with_pair += most;
        }
        self.pairs.push(Together {
            words: bits,
            most,
            scorer: weight.scorer(self.segment, boost)?,
        });
        Ok(())
    }

    /// Offers the windows that score more than `worst`, which each offer says anew.
    pub fn walk(
        &mut self,
        block: &mut Block,
        mut worst: Score,
        offer: &mut dyn FnMut(Score, DocId) -> Score,
    ) {
        let mut needed = self.needed(worst);
        loop {
            let (walked, others) = self.words.split_at_mut(needed);
            let terms = walked.iter().flat_map(|word| &word.terms);
            let Some(next) = terms.filter_map(|(posting, _)| posting.next()).min() else {
                return;
            };
            let begin = next - next % BLOCK;
            let end = begin.saturating_add(BLOCK);
            for word in walked {
                block.gather(word, begin, end);
            }
            for word in others {
                block.gather_more(word, begin, end);
            }
            let before = worst;
            block.empty(|place, sum, present| {
                if let Some(score) = self.score(begin + place, sum, present, worst) {
                    worst = offer(score, begin + place);
                }
            });
            if worst > before {
                needed = self.needed(worst);
            }
        }
    }

    /// How many words must be walked, so that no window above `worst` is missed: those behind them cannot lift one
    /// above it that has none of these.
    fn needed(&self, worst: Score) -> usize {
        self.most.partition_point(|most| *most > worst)
    }

    /// The whole score of a window to which words give `sum`, where it is more than `worst`.
    fn score(
        &mut self,
        window: DocId,
        mut sum: Score,
        present: u64,
        worst: Score,
    ) -> Option<Score> {
        if sum + self.most_together <= worst {
            return None;
        }
        let is_in = |pair: &&mut Together| present & pair.words == pair.words;
        let pairs = self.pairs.iter_mut().filter(is_in);
        let mut most: Score = pairs.map(|pair| pair.most).sum();
        if sum + most <= worst || !self.passes(window) {
            return None;
        }
        for pair in self.pairs.iter_mut().filter(is_in) {
            if sum + most <= worst {
                return None;
            }
            most -= pair.most;
            if is_at(pair.scorer.as_mut(), window) {
                sum += pair.scorer.score();
            }
        }
        (sum > worst).then_some(sum)
    }

    /// Whether a window is there and may be found.
    fn passes(&mut self, window: DocId) -> bool {
        let filter = self.filter.as_mut();
        filter.is_none_or(|filter| is_at(filter.as_mut(), window))
            && !self.segment.is_deleted(window)
    }
}

/// For each word, the most that it and those behind it can give together: of each concept the best counts.
fn most_together(words: &[Standing]) -> Vec<Score> {
    let mut of_concept: BTreeMap<usize, Score> = BTreeMap::new();
    let mut sum = 0.0;
    let mut most: Vec<Score> = Vec::with_capacity(words.len());
    for word in words.iter().rev() {
        let known = of_concept.entry(word.concept).or_default();
        sum += (word.most - *known).max(0.0);
        *known = known.max(word.most);
        most.push(sum);
    }
    most.reverse();
    most
}

/// Whether `scorer`, which is only ever asked for later windows, has this one.
fn is_at(scorer: &mut dyn Scorer, window: DocId) -> bool {
    if scorer.doc() < window {
        scorer.seek(window);
    }
    scorer.doc() == window
}
