//! A walk through the windows of a segment, block by block.

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
    words: Vec<Standing>,
    pairs: Vec<Together>,
    /// The most that all pairs can give.
    most_together: Score,
    filter: Option<Box<dyn Scorer>>,
}

impl<'s> Walk<'s> {
    /// A walk through the windows of `segment` that have any of `words` and, if there is a filter, pass it.
    pub fn new(
        segment: &'s SegmentReader,
        words: Vec<Standing>,
        filter: Option<Box<dyn Scorer>>,
    ) -> Self {
        Self {
            segment,
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
        let mut bits = 0;
        for (place, word) in words.iter().enumerate() {
            let bit = u32::try_from(2 * number + place).ok();
            // Of more pairs than there are bits the last are always looked at.
            let bit = bit.and_then(|bit| 1_u64.checked_shl(bit)).unwrap_or(0);
            bits |= bit;
            let standing = self.words.iter_mut();
            for standing in standing.filter(|standing| Some(standing.number) == *word) {
                standing.pairs |= bit;
            }
        }
        self.most_together += most;
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
        loop {
            let terms = self.words.iter().flat_map(|word| &word.terms);
            let Some(next) = terms.filter_map(|(posting, _)| posting.next()).min() else {
                return;
            };
            let begin = next - next % BLOCK;
            for word in &mut self.words {
                block.gather(word, begin, begin.saturating_add(BLOCK));
            }
            block.empty(|place, sum, present| {
                if let Some(score) = self.score(begin + place, sum, present, worst) {
                    worst = offer(score, begin + place);
                }
            });
        }
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

/// Whether `scorer`, which is only ever asked for later windows, has this one.
fn is_at(scorer: &mut dyn Scorer, window: DocId) -> bool {
    if scorer.doc() < window {
        scorer.seek(window);
    }
    scorer.doc() == window
}
