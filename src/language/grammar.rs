//! `grammar.toml`: function words, by what they do in a clause.

/// The content of `grammar.toml`. All words are in lower case with plain apostrophes.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grammar {
    /// Pronouns, by the gender they tell.
    pub pronouns: Pronouns,
    /// Words by which somebody speaks of themselves.
    pub first_person: Vec<String>,
    /// The pronouns that can be a verb's subject.
    pub subjects: Vec<String>,
    /// Words that open a noun phrase and never stand for one.
    pub articles: Vec<String>,
    /// Of these, the ones that tell whose.
    pub owners: Vec<String>,
    /// What opens a clause without a finite verb.
    pub absolutes: Vec<String>,
    /// Words that open a noun phrase and can stand for one.
    pub determiners: Vec<String>,
    /// Prepositions.
    pub prepositions: Vec<String>,
    /// The prepositions that tie a noun to the noun before it.
    pub ties: Vec<String>,
    /// Auxiliary verbs, negated ones too.
    pub auxiliaries: Vec<String>,
    /// Words that join clauses of equal rank.
    pub conjunctions: Vec<String>,
    /// Words that open a subordinate clause.
    pub subordinators: Vec<String>,
    /// Words that open a relative clause.
    pub relatives: Vec<String>,
    /// Of these, the ones for people.
    pub personal: Vec<String>,
    /// Adverbs that the ending `-ly` does not tell.
    pub adverbs: Vec<String>,
    /// Words that end as an adverb does and are none.
    pub not_adverbs: Vec<String>,
    /// Words that end as a past form does and are none.
    pub not_past: Vec<String>,
    /// Verb forms that no ending tells.
    pub past: Vec<String>,
    /// What stands before an infinitive.
    pub infinitive_markers: Vec<String>,
    /// Plurals that the ending `-s` does not tell.
    pub plurals: Vec<String>,
    /// Words that an apostrophe opens in place of left-out letters.
    pub elisions: Vec<String>,
    /// Names of days and months.
    pub days: Vec<String>,
    /// The same, cut short with a full stop.
    pub short_days: Vec<String>,
    /// Other words of time.
    pub times: Vec<String>,
    /// The forms of the passive voice's verb.
    pub passives: Vec<String>,
    /// What names a passive verb's agent.
    pub agents: Vec<String>,
    /// The preposition that always ties a noun to the one before it.
    pub genitives: Vec<String>,
    /// What compares a quotation with what was said.
    pub likeness: Vec<String>,
}

/// Pronouns, by the gender they tell.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pronouns {
    /// Of a man.
    pub male: Vec<String>,
    /// Of a woman.
    pub female: Vec<String>,
    /// Of several.
    pub plural: Vec<String>,
    /// Of the speaker, of things, of nobody in particular.
    pub other: Vec<String>,
}

impl Grammar {
    pub(super) fn validate(&mut self) -> Vec<String> {
        let lists = [
            ("determiners", &self.determiners),
            ("prepositions", &self.prepositions),
            ("auxiliaries", &self.auxiliaries),
            ("conjunctions", &self.conjunctions),
            ("subordinators", &self.subordinators),
            ("relatives", &self.relatives),
            ("adverbs", &self.adverbs),
            ("past", &self.past),
        ];
        lists
            .into_iter()
            .flat_map(|(list, words)| words.iter().map(move |word| (list, word)))
            .filter(|(_, word)| word.chars().any(char::is_uppercase) || word.contains(' '))
            .map(|(list, word)| format!("{list}: {word:?} must be one word in lower case"))
            .collect()
    }
}
