//! The words that attribution knows, compiled from a language's data into one table.
//!
//! A word has a set of classes ([`Classes`]). What a capital letter rules out is settled here, once:
//! `Will` inside a sentence is a name and no auxiliary, `house` is no part of a title.

use rustc_hash::FxHashMap;

use crate::language::{CueClass, Cues, Language};
use crate::text::fold;

/// A set of word classes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Classes(u64);

macro_rules! classes {
    ($($(#[$doc:meta])* $name:ident = $bit:expr;)*) => {
        impl Classes { $($(#[$doc])* pub(super) const $name: Self = Self(1 << $bit);)* }
    };
}

classes! {
    MALE = 0; FEMALE = 1; PLURAL = 2; PRONOUN = 3; SUBJECT = 4; DETERMINER = 5; PREPOSITION = 6; TIE = 7;
    AUXILIARY = 8; CONJUNCTION = 9; SUBORDINATOR = 10; RELATIVE = 11; ADVERB = 12; TIME = 13; PAST = 14;
    SAY = 15; TELL = 16; MANNER = 17; JUDGE = 18; THINK = 19;
    /// Forms of cue verbs.
    BASE = 20; THIRD = 21; PRETERITE = 22; ING = 23;
    SPEECH_NOUN = 24; TITLE = 25; SUFFIX = 26; PARTICLE = 27; ORGANISATION = 28; FIRST_NAME = 29; ROLE = 30;
    CAPITAL = 31;
    /// Opens its sentence, so that its capital says nothing.
    INITIAL = 32;
    POSSESSIVE = 33;
    /// Ends as adverbs or past forms do and is none.
    NOT_ADVERB = 34; NOT_PAST = 35;
    /// A cue verb in no form but the participle.
    PARTICIPLE = 36;
    ABBREVIATED = 37;
    /// "to" before a verb.
    INFINITIVE_MARKER = 38;
    /// May be a plural.
    ENDS_IN_S = 39;
    /// Opens a phrase that stands before a source.
    PHRASE = 40;
    /// A determiner that is never a subject: "the", "her".
    ARTICLE = 41;
    /// A determiner that names an owner: "her".
    OWNER = 42;
    /// Opens a clause without a finite verb: "with Volkov saying".
    ABSOLUTE = 43;
    /// In names of places, peoples and parties.
    PLACE = 44;
    DAY = 45;
    SHORT_DAY = 46;
    PASSIVE = 47;
    AGENT = 48;
    LIKENESS = 49;
    GENITIVE = 50;
    /// A third person that is a plural noun as often.
    NOUN_TOO = 51;
    /// A relative pronoun for people: "who".
    PERSONAL = 52;
    /// Opened by an apostrophe in place of left-out letters.
    ELIDED = 53;
    /// A cue that stands before the title of a work as often.
    TITLE_TOO = 54;
}

impl Classes {
    pub(super) const NONE: Self = Self(0);
    pub(super) const CUE: Self = Self::SAY
        .or(Self::TELL)
        .or(Self::MANNER)
        .or(Self::JUDGE)
        .or(Self::THINK);
    /// Announce speech by themselves.
    pub(super) const SPEECH: Self = Self::SAY.or(Self::TELL);
    pub(super) const FUNCTION: Self = Self::PRONOUN
        .or(Self::DETERMINER)
        .or(Self::PREPOSITION)
        .or(Self::AUXILIARY)
        .or(Self::CONJUNCTION)
        .or(Self::SUBORDINATOR)
        .or(Self::RELATIVE)
        .or(Self::ADVERB);
    const VERBAL: Self = Self::CUE
        .or(Self::PAST)
        .or(Self::BASE)
        .or(Self::THIRD)
        .or(Self::PRETERITE)
        .or(Self::ING);
    const NAMING: Self = Self::TITLE
        .or(Self::SUFFIX)
        .or(Self::ORGANISATION)
        .or(Self::PLACE)
        .or(Self::FIRST_NAME);

    pub(super) const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether the two share a class.
    pub(super) const fn any(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// What the two share.
    pub(super) const fn only(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }
}

use Classes as C;

/// The table.
#[derive(Debug)]
pub(super) struct Lexicon {
    words: FxHashMap<Box<str>, Classes>,
    /// Gender of a first name; kept apart because the genders of pronouns, titles and roles hold for
    /// words in lower case too.
    names: FxHashMap<Box<str>, Classes>,
    phrases: Vec<Vec<Box<str>>>,
}

impl Lexicon {
    pub(super) fn new(language: &Language) -> Self {
        let mut lexicon = Self {
            words: FxHashMap::default(),
            names: FxHashMap::default(),
            phrases: Vec::new(),
        };
        let grammar = &language.grammar;
        let titles = &language.titles;
        let lists: [(&[String], Classes); 41] = [
            (&grammar.pronouns.male, C::PRONOUN.or(C::MALE)),
            (&grammar.pronouns.female, C::PRONOUN.or(C::FEMALE)),
            (&grammar.pronouns.plural, C::PRONOUN.or(C::PLURAL)),
            (&grammar.pronouns.other, C::PRONOUN),
            (&grammar.subjects, C::SUBJECT),
            (&grammar.determiners, C::DETERMINER),
            (&grammar.prepositions, C::PREPOSITION),
            (&grammar.ties, C::TIE),
            (&grammar.auxiliaries, C::AUXILIARY),
            (&grammar.conjunctions, C::CONJUNCTION),
            (&grammar.subordinators, C::SUBORDINATOR),
            (&grammar.relatives, C::RELATIVE),
            (&grammar.adverbs, C::ADVERB),
            (&grammar.not_adverbs, C::NOT_ADVERB),
            (&grammar.not_past, C::NOT_PAST),
            (&grammar.past, C::PAST),
            (&grammar.times, C::TIME),
            (&titles.male, C::TITLE.or(C::MALE)),
            (&titles.female, C::TITLE.or(C::FEMALE)),
            (&titles.either, C::TITLE),
            (&titles.suffixes, C::SUFFIX),
            (&titles.particles, C::PARTICLE),
            (&titles.organisations, C::ORGANISATION),
            (&titles.roles.male, C::ROLE.or(C::MALE)),
            (&titles.roles.female, C::ROLE.or(C::FEMALE)),
            (&grammar.infinitive_markers, C::INFINITIVE_MARKER),
            (&grammar.plurals, C::ENDS_IN_S),
            (&grammar.articles, C::ARTICLE.or(C::DETERMINER)),
            (&grammar.owners, C::OWNER.or(C::ARTICLE).or(C::DETERMINER)),
            (&grammar.absolutes, C::ABSOLUTE),
            (&titles.places, C::PLACE),
            (&grammar.days, C::TIME.or(C::DAY)),
            (&grammar.short_days, C::TIME.or(C::DAY).or(C::SHORT_DAY)),
            (&grammar.passives, C::PASSIVE),
            (&grammar.agents, C::AGENT),
            (&grammar.likeness, C::LIKENESS),
            (&grammar.genitives, C::GENITIVE),
            (&grammar.personal, C::PERSONAL),
            (&grammar.elisions, C::ELIDED),
            (&language.cues.nouns_too.words, C::NOUN_TOO),
            (&language.cues.titles_too.words, C::TITLE_TOO),
        ];
        for (words, classes) in lists {
            for word in words {
                lexicon.put(word, classes);
            }
        }
        lexicon.put_cues(&language.cues);
        for name in language.names.male() {
            lexicon.put_name(name, C::MALE);
        }
        for name in language.names.female() {
            lexicon.put_name(name, C::FEMALE);
        }
        lexicon
    }

    fn put_name(&mut self, name: &str, gender: Classes) {
        self.names
            .insert(fold(name).as_ref().into(), C::FIRST_NAME.or(gender));
    }

    fn put_cues(&mut self, cues: &Cues) {
        for verbs in &cues.verbs {
            let class = match verbs.class {
                CueClass::Say => C::SAY,
                CueClass::Tell => C::TELL,
                CueClass::Manner => C::MANNER,
                CueClass::Judge => C::JUDGE,
                CueClass::Think => C::THINK,
            };
            for forms in &verbs.forms {
                let last = forms.len().saturating_sub(1);
                for (place, form) in forms.iter().enumerate() {
                    let form_class = match place {
                        0 => C::BASE,
                        1 => C::THIRD,
                        2 => C::PRETERITE,
                        _ if place == last => C::ING,
                        _ => C::PARTICIPLE,
                    };
                    self.put(form, class.or(form_class));
                }
            }
        }
        for nouns in &cues.nouns {
            for word in &nouns.words {
                self.put(word, C::SPEECH_NOUN);
            }
        }
        for phrase in cues.phrases.iter().flat_map(|phrases| &phrases.words) {
            if let Some(first) = phrase.split_whitespace().next() {
                self.put(first, C::PHRASE);
            }
            self.phrases
                .push(phrase.split_whitespace().map(Box::from).collect());
        }
    }

    fn put(&mut self, word: &str, classes: Classes) {
        let entry = self.words.entry(fold(word).as_ref().into()).or_default();
        *entry = entry.or(classes);
    }

    /// The words of each phrase that stands before a source.
    pub(super) fn phrases(&self) -> &[Vec<Box<str>>] {
        &self.phrases
    }

    /// The classes of `word`; `initial` if it opens a sentence.
    pub(super) fn classes(&self, word: &str, initial: bool) -> Classes {
        let folded = fold(word.trim_end_matches('.'));
        let (bare, possessive) = match folded.strip_suffix("'s") {
            Some(bare) => (bare, C::POSSESSIVE),
            None => match folded.strip_suffix('\'') {
                Some(bare) => (bare, C::POSSESSIVE),
                None => (folded.as_ref(), C::NONE),
            },
        };
        let known = self
            .words
            .get(folded.as_ref())
            .or_else(|| self.words.get(bare))
            .copied()
            .unwrap_or_default();
        let capital = word.chars().next().is_some_and(char::is_uppercase);
        let mut classes = known.or(possessive);
        if classes.any(C::SHORT_DAY) && !word.ends_with('.') {
            classes = classes.without(C::TIME.or(C::DAY));
        }
        if bare.ends_with('s') {
            classes = classes.or(C::ENDS_IN_S);
        }
        if !capital {
            classes = classes.without(C::NAMING);
            if !classes.any(C::FUNCTION.or(C::VERBAL).or(C::TIME)) {
                if bare.len() > 4 && bare.ends_with("ly") && !classes.any(C::NOT_ADVERB) {
                    classes = classes.or(C::ADVERB);
                } else if bare.len() > 3 && bare.ends_with("ed") && !classes.any(C::NOT_PAST) {
                    classes = classes.or(C::PAST);
                }
            }
            // "he's", "they'd": a pronoun with its verb is no possessive.
            return classes;
        }
        classes = classes.or(C::CAPITAL);
        if let Some(&gender) = self.names.get(bare) {
            classes = classes.or(gender);
        }
        if initial {
            classes.or(C::INITIAL)
        } else if classes.any(C::PRONOUN) {
            classes
        } else {
            let kept = classes.without(C::FUNCTION.or(C::VERBAL).or(C::ROLE));
            if kept.any(C::DAY) {
                kept
            } else {
                kept.without(C::TIME)
            }
        }
    }
}
