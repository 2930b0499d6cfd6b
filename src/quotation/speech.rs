//! From attributed stretches to quotations: what is speech, which stretches are one, how they are given.

use super::attribution::Rule;
use super::lexicon::Classes as C;
use super::marks::Stretch;
use super::scribe::{Said, Scribe};
use super::{Quotation, QuotationKind, Speaker};

impl Scribe<'_> {
    /// Whether a stretch in marks is speech, rather than a title, a name or a word held at arm's length.
    fn is_speech(&self, stretch: &Stretch, said: Option<Said>) -> bool {
        let content = stretch.content.of(self.text);
        let rule = said.map(|said| said.rule);
        let cued = said.is_some_and(|said| said.cue.is_some()) && rule != Some(Rule::SameSentence);
        let beside = matches!(
            rule,
            Some(Rule::SubjectVerbAfter | Rule::VerbSubjectAfter | Rule::Announced | Rule::Signed)
        );
        let stopped = content.ends_with(['.', ',', '!', '?', '—', '-', '…']);
        // A sentence by itself, however short.
        let whole = stopped
            && content.starts_with(|first: char| !first.is_lowercase())
            && !matches!(
                rule,
                Some(Rule::CueBefore | Rule::ClauseSubject | Rule::NounBefore | Rule::SameSentence)
            );
        // A word or two are taken for speech only beside a verb that says so.
        let near = said.is_some_and(|said| {
            !said.weak
                && said
                    .cue
                    .is_some_and(|cue| cue.end() + 160 > stretch.extent.start())
        });
        if content.split_whitespace().take(4).count() < 4
            && !(cued && near || whole || rule == Some(Rule::Signed))
        {
            return false;
        }
        if stretch.single && self.doubles {
            return false;
        }
        stopped && beside
            || self.is_uttered(stretch, said)
            || (stopped && !content.ends_with(',') || !is_title(content)) && !self.is_cited(stretch)
    }

    /// Whether a verb of speech stands right before a stretch: the crowd chanted “Lower The Fares Today”.
    fn is_uttered(&self, stretch: &Stretch, said: Option<Said>) -> bool {
        said.and_then(|said| said.cue).is_some_and(|cue| {
            let between = self.text.get(cue.end()..stretch.extent.start());
            let verb = self.lexicon.classes(cue.of(self.text), false);
            between == Some(" ") && verb.any(C::SPEECH) && !verb.any(C::TITLE_TOO)
        })
    }

    /// Whether a stretch is cited as the title of a work: `“…” (1997)`, `“…,” by Ana Ruiz`.
    fn is_cited(&self, stretch: &Stretch) -> bool {
        let after = self
            .text
            .get(stretch.extent.end()..)
            .unwrap_or_default()
            .trim_start_matches(' ');
        let year = after.strip_prefix('(').is_some_and(|rest| {
            let digits = rest.chars().take_while(char::is_ascii_digit).count();
            digits == 4
                && rest
                    .chars()
                    .nth(4)
                    .is_some_and(|next| matches!(next, ')' | ',' | ';'))
        });
        // In lower case it is a phrase, and what follows its agent: “vital to us all” by Ana Ruiz.
        let whole = stretch
            .content
            .of(self.text)
            .starts_with(|first: char| !first.is_lowercase());
        let author = after
            .strip_prefix("by ")
            .is_some_and(|author| author.starts_with(char::is_uppercase));
        year || author && whole
    }

    /// The quotations: stretches of one speaker that one cue announces become one.
    pub(super) fn finish(mut self) -> Vec<Quotation> {
        self.hand_back();
        let mut found: Vec<Quotation> = Vec::new();
        // The index in `found` of the stretch before, if that was speech.
        let mut before: Option<usize> = None;
        for (index, stretch) in self.stretches.iter().enumerate() {
            let said = self.said.get(index).copied().flatten();
            if !self.is_speech(stretch, said) {
                // A title between two halves of a quotation does not part them.
                continue;
            }
            let runs_on = index
                .checked_sub(1)
                .and_then(|before| self.stretches.get(before))
                .is_some_and(|before| before.runs_on);
            let joins = said.map_or(runs_on, |said| match said.rule {
                Rule::SameSentence | Rule::Carried => true,
                Rule::ParagraphBefore => runs_on,
                Rule::Newest | Rule::Adjacent | Rule::Distant | Rule::SentenceBefore => false,
                _ => found
                    .last()
                    .is_some_and(|last| last.cue.is_some() && last.cue == said.cue),
            });
            if let Some(quotation) = before.and_then(|before| found.get_mut(before))
                && quotation.speaker.as_ref().map(|speaker| speaker.mention)
                    == said.map(|said| said.mention)
                && joins
            {
                quotation.content.push(stretch.content);
                quotation.extent = quotation.extent.join(stretch.extent);
                continue;
            }
            before = Some(found.len());
            found.push(Quotation {
                content: vec![stretch.content],
                extent: stretch.extent,
                kind: self.kind(stretch, said),
                cue: said.and_then(|said| said.cue),
                speaker: said.map(|said| self.speaker(said)),
                posted: None,
                confidence: said.map_or(0.0, |said| said.rule.confidence()),
            });
        }
        found.extend(self.reported);
        found
    }

    /// A speech of several paragraphs that names its speaker only in a later one.
    fn hand_back(&mut self) {
        for index in (1..self.stretches.len()).rev() {
            let Some(before) = self
                .stretches
                .get(index - 1)
                .filter(|before| before.runs_on)
            else {
                continue;
            };
            let unsure = self
                .said
                .get(index - 1)
                .copied()
                .flatten()
                .is_none_or(|said| said.rule.is_guess());
            if let Some(said) = self
                .said
                .get(index)
                .copied()
                .flatten()
                .filter(|said| !said.rule.is_guess())
                && unsure
                && before.content.end() > before.content.start()
                && let Some(slot) = self.said.get_mut(index - 1)
            {
                *slot = Some(Said {
                    rule: Rule::ParagraphBefore,
                    ..said
                });
            }
        }
    }

    pub(super) fn speaker(&self, said: Said) -> Speaker {
        Speaker {
            mention: said.mention,
            name: said.entity.and_then(|entity| self.people.name(entity)),
            handle: None,
        }
    }

    /// Whole sentences are direct speech; a part that the reporter's own sentence takes up is mixed.
    fn kind(&self, stretch: &Stretch, said: Option<Said>) -> QuotationKind {
        let part = said.is_some_and(|said| {
            matches!(
                said.rule,
                Rule::CueBefore
                    | Rule::NounBefore
                    | Rule::PhraseBefore
                    | Rule::ClauseSubject
                    | Rule::SameSentence
            )
        });
        let small = stretch
            .content
            .of(self.text)
            .chars()
            .find(|letter| letter.is_alphanumeric())
            .is_some_and(char::is_lowercase);
        if small && (part || said.is_none()) {
            QuotationKind::Mixed
        } else {
            QuotationKind::Direct
        }
    }
}

/// Whether single marks are the article's marks of speech: where no double ones are, or where several of
/// the single ones enclose whole clauses.
pub(super) fn singles_speak(text: &str, stretches: &[Stretch]) -> bool {
    let doubles = stretches.iter().filter(|stretch| !stretch.single).count();
    let clauses = stretches
        .iter()
        .filter(|stretch| {
            stretch.single
                && stretch
                    .content
                    .of(text)
                    .ends_with(['.', ',', '!', '?', '—', '-'])
        })
        .count();
    // Two apostrophes are a typewriter's double mark, and single ones stand inside those.
    let typewriter = text.contains("''");
    !typewriter && (doubles == 0 || clauses > doubles || clauses > 2 && clauses * 12 > doubles)
}

/// Whether all words of some length begin with a capital, as in the title of a book.
fn is_title(content: &str) -> bool {
    let mut capital = 0;
    let mut long = 0;
    for (index, word) in content.split_whitespace().enumerate() {
        let bare = word.trim_matches(|letter: char| !letter.is_alphanumeric());
        let raised = bare.starts_with(char::is_uppercase);
        let counts = bare.chars().count() > 3 && !bare.starts_with(char::is_numeric);
        if index > 14 || (counts && !raised) {
            return false;
        }
        capital += usize::from(raised);
        long += usize::from(counts);
    }
    long >= 2 || capital >= 3
}
