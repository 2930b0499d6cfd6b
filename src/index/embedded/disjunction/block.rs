//! A block of windows, and what words give to them.

use tantivy::{
    DocId, Score, fieldnorm::FieldNormReader, postings::BlockSegmentPostings, query::Bm25Weight,
};

/// A term in a segment.
pub struct Posting {
    /// Its windows, a part at a time.
    pub postings: BlockSegmentPostings,
    /// The place in that part.
    pub at: usize,
    /// How long the field is in each window.
    pub lengths: FieldNormReader,
    /// What it weighs.
    pub weight: Bm25Weight,
}

impl Posting {
    /// The next window, if there is one.
    pub fn next(&self) -> Option<DocId> {
        self.postings.docs().get(self.at).copied()
    }

    /// Goes to the window `begin`, or the next that it has.
    fn go_to(&mut self, begin: DocId) {
        if self.next().is_some_and(|next| next < begin) {
            self.at = self.postings.seek(begin);
        }
    }

    /// Goes through those windows before `end` that are `wanted`, with the score of each.
    fn each_below(
        &mut self,
        end: DocId,
        wanted: impl Fn(DocId) -> bool,
        mut each: impl FnMut(DocId, Score),
    ) {
        while self.next().is_some() {
            let (docs, counts) = (self.postings.docs(), self.postings.freqs());
            for (&window, &count) in docs.iter().zip(counts).skip(self.at) {
                if window >= end {
                    return;
                }
                self.at += 1;
                if !wanted(window) {
                    continue;
                }
                let length = self.lengths.fieldnorm_id(window);
                each(window, self.weight.score(length, count));
            }
            self.postings.advance();
            self.at = 0;
        }
    }
}

/// A word in a segment.
pub struct Standing {
    /// Its number in the disjunction.
    pub number: usize,
    /// The concept that it stands for.
    pub concept: usize,
    /// The most that it can give.
    pub most: Score,
    /// Its places in pairs, a bit each.
    pub pairs: u64,
    /// Its terms, and whether each is that of the text.
    pub terms: Vec<(Posting, bool)>,
}

impl Standing {
    /// Whether it stands in the text of any window.
    pub fn in_text(&self) -> bool {
        self.terms.iter().any(|(_, in_text)| *in_text)
    }
}

/// How many windows are gathered at a time.
pub const BLOCK: DocId = 2048;

/// What was given to the windows of a block so far.
pub struct Block {
    concepts: usize,
    /// For each window, what each concept has given it.
    best: Vec<Score>,
    /// For each window, the words of pairs that are in its text.
    present: Vec<u64>,
    /// The windows that have something, a bit each.
    given: Vec<u64>,
    /// What one word has given in several fields, and to which windows.
    word: Vec<Score>,
    to: Vec<usize>,
}

impl Block {
    /// An empty block, to which so many concepts may give.
    pub fn new(concepts: usize) -> Self {
        let length = BLOCK as usize;
        Self {
            concepts,
            best: vec![0.0; length * concepts],
            present: vec![0; length],
            given: vec![0; length / 64],
            word: vec![0.0; length],
            to: Vec::with_capacity(length),
        }
    }

    /// Takes in what a word gives to the windows from `begin` to `end`.
    pub fn gather(&mut self, word: &mut Standing, begin: DocId, end: DocId) {
        self.take_in(word, begin, end, |_| true);
    }

    /// The same for those windows only that have something already.
    pub fn gather_more(&mut self, word: &mut Standing, begin: DocId, end: DocId) {
        // No window is added, so none need be marked while the marks are lent.
        let given = std::mem::take(&mut self.given);
        self.take_in(word, begin, end, |window| {
            let slot = slot(begin, window);
            given
                .get(slot / 64)
                .is_some_and(|bits| bits & (1 << (slot % 64)) != 0)
        });
        self.given = given;
    }

    fn take_in(
        &mut self,
        word: &mut Standing,
        begin: DocId,
        end: DocId,
        wanted: impl Fn(DocId) -> bool,
    ) {
        let (concept, pairs) = (word.concept, word.pairs);
        if let [(only, in_text)] = word.terms.as_mut_slice() {
            let bits = if *in_text { pairs } else { 0 };
            only.go_to(begin);
            only.each_below(end, wanted, |window, score| {
                let slot = slot(begin, window);
                self.note(slot, bits);
                self.give(slot, concept, score);
            });
            return;
        }
        for (posting, in_text) in &mut word.terms {
            let bits = if *in_text { pairs } else { 0 };
            posting.go_to(begin);
            posting.each_below(end, &wanted, |window, score| {
                let slot = slot(begin, window);
                self.note(slot, bits);
                if let Some(sum) = self.word.get_mut(slot) {
                    if *sum <= 0.0 {
                        self.to.push(slot);
                    }
                    *sum += score;
                }
            });
        }
        let mut to = std::mem::take(&mut self.to);
        for slot in to.drain(..) {
            let score = self.word.get_mut(slot).map(std::mem::take);
            self.give(slot, concept, score.unwrap_or_default());
        }
        self.to = to;
    }

    /// Notes that the words of pairs, if there are any, are in the text of a window.
    fn note(&mut self, slot: usize, bits: u64) {
        if bits != 0
            && let Some(present) = self.present.get_mut(slot)
        {
            *present |= bits;
        }
    }

    /// Gives a window the score of a word: of a concept's words the best counts.
    fn give(&mut self, slot: usize, concept: usize, score: Score) {
        if let Some(given) = self.given.get_mut(slot / 64) {
            *given |= 1 << (slot % 64);
        }
        if let Some(best) = self.best.get_mut(slot * self.concepts + concept) {
            *best = best.max(score);
        }
    }

    /// Empties the block, window by window in their order: what each has, and the words of pairs in it.
    pub fn empty(&mut self, mut each: impl FnMut(DocId, Score, u64)) {
        for (first, given) in (0..).step_by(64).zip(&mut self.given) {
            let mut left = std::mem::take(given);
            while left != 0 {
                let place = first + left.trailing_zeros();
                left &= left - 1;
                let slot = place as usize;
                let own = slot * self.concepts..(slot + 1) * self.concepts;
                let (Some(best), Some(present)) =
                    (self.best.get_mut(own), self.present.get_mut(slot))
                else {
                    continue;
                };
                let sum = best.iter_mut().map(std::mem::take).sum();
                each(place, sum, std::mem::take(present));
            }
        }
    }
}

fn slot(begin: DocId, window: DocId) -> usize {
    (window - begin) as usize
}
