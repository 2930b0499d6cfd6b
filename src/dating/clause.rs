//! Reading a sentence for its verbs: words, clauses, and the tense of each verb group.
//!
//! No parser: auxiliaries, endings and lists of irregular forms tell verbs; subordinators, relatives and
//! strong marks tell clauses. What this misses, the weights learn to expect.

use rustc_hash::FxHashMap;

use crate::{
    language::{CueClass, Language},
    text::{Span, TokenKind, fold, tokens},
};

/// What a word is, as flags: a word can be several things.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Kind(u32);

impl Kind {
    pub const HAD: Self = Self(1);
    pub const HAS: Self = Self(1 << 1);
    pub const WILL: Self = Self(1 << 2);
    pub const MODAL: Self = Self(1 << 3);
    pub const WAS: Self = Self(1 << 4);
    pub const IS: Self = Self(1 << 5);
    pub const BE: Self = Self(1 << 6);
    pub const DID: Self = Self(1 << 7);
    pub const DOES: Self = Self(1 << 8);
    pub const TO: Self = Self(1 << 9);
    pub const ADVERB: Self = Self(1 << 10);
    pub const PAST: Self = Self(1 << 11);
    pub const PARTICIPLE: Self = Self(1 << 12);
    pub const ING: Self = Self(1 << 13);
    pub const REPORTS: Self = Self(1 << 14);
    pub const REPORTS_NOW: Self = Self(1 << 15);
    pub const AHEAD: Self = Self(1 << 16);
    pub const BREAK: Self = Self(1 << 17);
    pub const JOIN: Self = Self(1 << 18);
    pub const PREPOSITION: Self = Self(1 << 19);
    pub const DETERMINER: Self = Self(1 << 20);
    pub const COMMA: Self = Self(1 << 21);
    pub const HABIT: Self = Self(1 << 22);
    pub const CAPITAL: Self = Self(1 << 23);
    pub const WORD: Self = Self(1 << 24);
    pub const PRONOUN: Self = Self(1 << 25);
    pub const POSSESSIVE: Self = Self(1 << 26);
    pub const PLURAL: Self = Self(1 << 27);
    pub const NOT_PAST: Self = Self(1 << 28);
    pub const WEEKDAY: Self = Self(1 << 29);

    const AUXILIARY: Self = Self(0x1ff);
    const CLOSED: Self =
        Self(0x1ff | 1 << 9 | 1 << 10 | 1 << 17 | 1 << 18 | 1 << 19 | 1 << 20 | 1 << 21 | 1 << 25);

    /// Whether it is any of `other`.
    pub fn is(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    fn add(&mut self, other: Self) {
        self.0 |= other.0;
    }
}

/// What a verb group tells of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tense {
    Past,
    PastPerfect,
    Present,
    PresentPerfect,
    Future,
    Modal,
    Infinitive,
    Participle,
    None,
}

impl Tense {
    pub const NAMES: [&'static str; 9] = [
        "past",
        "past-perfect",
        "present",
        "present-perfect",
        "future",
        "modal",
        "infinitive",
        "participle",
        "none",
    ];

    /// Whether a verb of this tense makes a clause by itself.
    pub fn is_finite(self) -> bool {
        !matches!(self, Self::Infinitive | Self::Participle | Self::None)
    }
}

/// One word or mark of a sentence.
#[derive(Clone, Copy, Debug)]
pub struct Word {
    pub span: Span,
    pub kind: Kind,
    /// The clause it stands in, counted from the sentence's beginning.
    pub clause: u16,
}

/// One verb with its auxiliaries.
#[derive(Clone, Copy, Debug)]
pub struct Verb {
    /// The index of its first word.
    pub first: usize,
    /// The index of the word that says what is done.
    pub head: usize,
    /// Its tense.
    pub tense: Tense,
    /// Whether it announces what somebody says.
    pub reports: bool,
}

/// A sentence, read.
#[derive(Debug, Default)]
pub struct Reading {
    pub words: Vec<Word>,
    pub verbs: Vec<Verb>,
}

/// A language's words by what they are.
#[derive(Debug)]
pub struct Lexicon {
    kinds: FxHashMap<String, Kind>,
}

impl Lexicon {
    /// The words of `language`.
    pub fn new(language: &Language) -> Self {
        let mut kinds: FxHashMap<String, Kind> = FxHashMap::default();
        let mut put = |words: &[String], kind: Kind| {
            for word in words {
                kinds.entry(word.clone()).or_default().add(kind);
            }
        };
        let (grammar, dating) = (&language.grammar, &language.dating);
        let weekdays: Vec<String> = language
            .timex
            .words
            .get("weekday")
            .map(|words| words.keys().cloned().collect())
            .unwrap_or_default();
        for (words, kind) in [
            (&dating.past_perfect, Kind::HAD),
            (&dating.present_perfect, Kind::HAS),
            (&dating.future, Kind::WILL),
            (&dating.modal, Kind::MODAL),
            (&dating.was, Kind::WAS),
            (&dating.is, Kind::IS),
            (&dating.be, Kind::BE),
            (&dating.did, Kind::DID),
            (&dating.does, Kind::DOES),
            (&dating.past, Kind::PAST),
            (&dating.participles, Kind::PARTICIPLE),
            (&dating.ahead, Kind::AHEAD),
            (&dating.habits, Kind::HABIT),
            (&grammar.infinitive_markers, Kind::TO),
            (&grammar.adverbs, Kind::ADVERB),
            (&grammar.subordinators, Kind::BREAK),
            (&grammar.relatives, Kind::BREAK),
            (&grammar.conjunctions, Kind::JOIN),
            (&grammar.prepositions, Kind::PREPOSITION),
            (&grammar.articles, Kind::DETERMINER),
            (&grammar.owners, Kind::DETERMINER),
            (&grammar.determiners, Kind::DETERMINER),
            (&grammar.subjects, Kind::PRONOUN),
            (&grammar.not_past, Kind::NOT_PAST),
            (&weekdays, Kind::WEEKDAY),
        ] {
            put(words, kind);
        }
        for verbs in &language.cues.verbs {
            if !matches!(verbs.class, CueClass::Say | CueClass::Tell) {
                continue;
            }
            for forms in &verbs.forms {
                put(forms, Kind::REPORTS);
                if let [base, third, ..] = forms.as_slice() {
                    put(&[base.clone(), third.clone()], Kind::REPORTS_NOW);
                }
            }
        }
        Self { kinds }
    }

    fn kind(&self, word: &str) -> Kind {
        let folded = fold(word);
        let bare = folded.strip_suffix("'s");
        let listed = |word: &str| self.kinds.get(word).copied();
        let mut kind = listed(&folded)
            .or_else(|| bare.and_then(listed))
            .unwrap_or_default();
        kind.add(Kind::WORD);
        if bare.is_some() {
            kind.add(Kind::POSSESSIVE);
        }
        if folded.ends_with("'ll") {
            kind.add(Kind::WILL);
        } else if folded.ends_with("'ve") {
            kind.add(Kind::HAS);
        } else if folded.ends_with("'re") || folded.ends_with("'m") {
            kind.add(Kind::IS);
        } else if folded.ends_with("'d") {
            kind.add(Kind::MODAL);
        }
        if word.starts_with(char::is_uppercase) {
            kind.add(Kind::CAPITAL);
        }
        if kind.is(Kind::CLOSED) {
            return kind;
        }
        if folded.len() > 3 && folded.ends_with("ed") && !kind.is(Kind::NOT_PAST) {
            kind.add(Kind::PAST);
        } else if folded.len() > 4 && folded.ends_with("ing") {
            kind.add(Kind::ING);
        } else if folded.len() > 3 && folded.ends_with("ly") {
            kind.add(Kind::ADVERB);
        } else if folded.len() > 3 && folded.ends_with('s') {
            kind.add(Kind::PLURAL);
        }
        kind
    }

    /// Reads the sentence `sentence` of `text`.
    pub fn read(&self, text: &str, sentence: Span, reading: &mut Reading) {
        reading.words.clear();
        reading.verbs.clear();
        let part = sentence.of(text);
        let mut clause = 0;
        for token in tokens(part) {
            let word = token.span.of(part);
            let kind = match token.kind {
                TokenKind::Word => self.kind(word),
                TokenKind::Number => Kind::default(),
                TokenKind::Mark => match word {
                    "," => Kind::COMMA,
                    ";" | ":" | "—" | "–" | "(" | ")" | "“" | "”" | "\"" => Kind::BREAK,
                    _ => Kind::default(),
                },
            };
            if kind.is(Kind::BREAK) {
                clause += 1;
            }
            reading.words.push(Word {
                span: token.span.shifted(sentence.start()),
                kind,
                clause,
            });
        }
        reading.find_verbs();
    }
}

impl Reading {
    fn kind(&self, index: usize) -> Kind {
        self.words
            .get(index)
            .map(|word| word.kind)
            .unwrap_or_default()
    }

    /// The index of the word at byte `at`, or of the next one.
    pub fn at(&self, at: usize) -> usize {
        self.words.partition_point(|word| word.span.end() <= at)
    }

    /// The verb that the word `index` is part of.
    pub fn verb(&self, index: usize) -> Option<&Verb> {
        self.verbs
            .iter()
            .find(|verb| (verb.first..=verb.head).contains(&index))
    }

    /// Whether the word `index` is a participle that describes a noun behind it, as in "with the detained man": it
    /// tells of a state, whose beginning the sentence does not tell of.
    pub fn describes(&self, index: usize) -> bool {
        let kind = self.kind(index);
        // "Detained" and "retired" describe so often that they are listed as no past forms.
        let form = Kind(Kind::PAST.0 | Kind::PARTICIPLE.0 | Kind::NOT_PAST.0);
        if !kind.is(form)
            || kind.is(Kind::CLOSED)
            || self.verb(index).is_some_and(|v| v.first < v.head)
        {
            return false;
        }
        let opens = Kind(Kind::DETERMINER.0 | Kind::POSSESSIVE.0 | Kind::PREPOSITION.0);
        let mut before = (0..index).rev().map(|at| self.kind(at));
        let opened = before
            .find(|before| !before.is(Kind::ADVERB))
            .is_some_and(|before| before.is(opens));
        let next = self.kind(index + 1);
        opened && next.is(Kind::WORD) && !next.is(Kind::CLOSED)
    }

    fn find_verbs(&mut self) {
        let mut index = 0;
        while index < self.words.len() {
            match self.verb_from(index) {
                Some(verb) => {
                    index = verb.head + 1;
                    self.verbs.push(verb);
                }
                None => index += 1,
            }
        }
    }

    /// The verb whose first word is `first`.
    fn verb_from(&self, first: usize) -> Option<Verb> {
        let kind = self.kind(first);
        if kind.is(Kind::AUXILIARY) || kind.is(Kind::TO) {
            return self.group_from(first);
        }
        let before = first.checked_sub(1).map(|index| self.kind(index));
        let after_determiner =
            before.is_some_and(|before| before.is(Kind::DETERMINER) || before.is(Kind::POSSESSIVE));
        let reports = kind.is(Kind::REPORTS);
        let tense = if kind.is(Kind::PAST) && !after_determiner {
            // "behind closed doors": what follows a preposition describes a noun.
            if before.is_some_and(|before| before.is(Kind::PREPOSITION)) {
                Tense::Participle
            } else {
                Tense::Past
            }
        } else if kind.is(Kind::PARTICIPLE) && !after_determiner {
            Tense::Participle
        } else if kind.is(Kind::REPORTS_NOW)
            && before
                .is_some_and(|before| !before.is(Kind::DETERMINER) && !before.is(Kind::PREPOSITION))
            && !after_determiner
            && self.speaks_now(first)
        {
            Tense::Present
        } else if kind.is(Kind::ING) && !after_determiner {
            Tense::Participle
        } else {
            return None;
        };
        Some(Verb {
            first,
            head: first,
            tense,
            reports,
        })
    }

    /// Whether the cue verb in the present at `index` stands where a verb would: before "that", a pronoun, a
    /// name or a determiner, or after a pronoun or a name. "Reports" is a noun as often as not.
    fn speaks_now(&self, index: usize) -> bool {
        let next = self.kind(index + 1);
        let before = self.kind(index.wrapping_sub(1));
        next.is(Kind::BREAK)
            || next.is(Kind::PRONOUN)
            || next.is(Kind::DETERMINER)
            || next.is(Kind::CAPITAL)
            || before.is(Kind::PRONOUN)
            || before.is(Kind::CAPITAL)
            || before.is(Kind::COMMA)
            || before.is(Kind::BREAK)
    }

    /// The verb that begins with the auxiliary or "to" at `first`.
    fn group_from(&self, first: usize) -> Option<Verb> {
        let mut chain = Kind::default();
        let mut last_auxiliary = first;
        let mut last = Kind::default();
        let mut index = first;
        // A subject may stand between in a question; six words hold any group.
        while index < self.words.len() && index < first + 7 {
            let kind = self.kind(index);
            if kind.is(Kind::AUXILIARY) || kind.is(Kind::TO) {
                chain.add(kind);
                last = kind;
                last_auxiliary = index;
            } else if !kind.is(Kind::ADVERB) || kind.is(Kind::PARTICIPLE) {
                break;
            }
            index += 1;
        }
        let kind = self.kind(index);
        let open = kind.is(Kind::WORD) && !kind.is(Kind::CLOSED);
        let bare = Kind(Kind::WILL.0 | Kind::MODAL.0 | Kind::DID.0 | Kind::DOES.0 | Kind::TO.0);
        let form = Kind(Kind::PAST.0 | Kind::PARTICIPLE.0 | Kind::ING.0);
        let main = if last.is(bare) {
            open && !(last.is(Kind::TO) && (kind.is(Kind::CAPITAL) || kind.is(Kind::ING)))
        } else {
            kind.is(form)
        };
        if last.is(Kind::TO) && !main && chain == last {
            return None;
        }
        let head = if main { index } else { last_auxiliary };
        let tense = if chain.is(Kind::WILL) {
            Tense::Future
        } else if chain.is(Kind::MODAL) {
            Tense::Modal
        } else if chain.is(Kind::HAD) {
            if main && self.kind(head).is(form) || chain.is(Kind::BE) {
                Tense::PastPerfect
            } else {
                Tense::Past
            }
        } else if chain.is(Kind::HAS) {
            if main && self.kind(head).is(form) || chain.is(Kind::BE) {
                Tense::PresentPerfect
            } else {
                Tense::Present
            }
        } else if chain.is(Kind::WAS) || chain.is(Kind::DID) {
            Tense::Past
        } else if chain.is(Kind::IS) || chain.is(Kind::DOES) {
            if chain.is(Kind::TO) {
                Tense::Future
            } else {
                Tense::Present
            }
        } else if chain.is(Kind::TO) {
            Tense::Infinitive
        } else {
            Tense::Participle
        };
        Some(Verb {
            first,
            head,
            tense,
            reports: self.kind(head).is(Kind::REPORTS),
        })
    }

    /// The verb that governs the word `index`: the nearest finite one in its clause, those before it first,
    /// else the nearest finite one of the sentence.
    pub fn governor(&self, index: usize) -> Option<&Verb> {
        let clause = self.words.get(index)?.clause;
        let finite = || {
            self.verbs.iter().filter(move |verb| {
                verb.tense.is_finite() && !(verb.first..=verb.head).contains(&index)
            })
        };
        let same = |verb: &&Verb| {
            self.words
                .get(verb.head)
                .is_some_and(|word| word.clause == clause)
        };
        finite()
            .filter(same)
            .rfind(|verb| verb.head < index)
            .or_else(|| finite().find(|verb| same(verb)))
            .or_else(|| finite().min_by_key(|verb| verb.head.abs_diff(index)))
    }

    /// How many verbs, clause bounds and commas stand between the words `a` and `b`.
    pub fn between(&self, a: usize, b: usize) -> (usize, usize, usize) {
        let (low, high) = (a.min(b), a.max(b));
        let verbs = self
            .verbs
            .iter()
            .filter(|verb| verb.head > low && verb.head < high)
            .count();
        let clause = |index: usize| {
            self.words
                .get(index)
                .map_or(0, |word| usize::from(word.clause))
        };
        let commas = self
            .words
            .get(low + 1..high)
            .unwrap_or_default()
            .iter()
            .filter(|word| word.kind.is(Kind::COMMA))
            .count();
        (verbs, clause(high).saturating_sub(clause(low)), commas)
    }
}
