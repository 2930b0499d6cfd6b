//! Folded forms of words: what two spellings have in common.
//!
//! Folding is Unicode's compatibility decomposition without combining marks, in lower case, with
//! typographic apostrophes made plain. Stemming is Snowball's English stemmer (Porter2).

use std::borrow::Cow;

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// `word` in lower case, without accents, with plain apostrophes.
#[must_use]
pub fn fold(word: &str) -> Cow<'_, str> {
    if word
        .bytes()
        .all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase())
    {
        return Cow::Borrowed(word);
    }
    if word.is_ascii() {
        return Cow::Owned(word.to_ascii_lowercase());
    }
    Cow::Owned(
        word.nfkd()
            .filter(|&letter| !is_combining_mark(letter))
            .flat_map(|letter| match letter {
                '’' | '‘' | 'ʼ' => '\''.to_lowercase(),
                other => other.to_lowercase(),
            })
            .collect(),
    )
}

/// The stem by which a word is indexed and sought: folded, without a possessive, stemmed.
#[must_use]
pub fn stem(word: &str) -> String {
    stem_folded(&fold(word))
}

/// [`stem`] of a word that is folded already.
#[must_use]
pub fn stem_folded(folded: &str) -> String {
    let bare = folded
        .strip_suffix("'s")
        .or_else(|| folded.strip_suffix('\''))
        .unwrap_or(folded);
    frostem::Stemmer::new(frostem::Algorithm::English)
        .stem(bare)
        .into_owned()
}

/// A word folded, without the ending of a possessive or a plural.
#[must_use]
pub fn bare(word: &str) -> String {
    let folded = fold(word);
    let owner = folded
        .strip_suffix("'s")
        .or_else(|| folded.strip_suffix('\''));
    let owner = owner.unwrap_or(&folded);
    owner.strip_suffix('s').unwrap_or(owner).to_owned()
}
