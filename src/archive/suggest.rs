//! Completions: words, names and articles of the archive that go on as the asker began.

use super::Archive;
use crate::{passage::shorten, text::fold};

/// What an autocompletion offers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestion {
    /// What is shown.
    pub label: String,
    /// What is filled in.
    pub value: String,
}

/// How many of the newest articles an article's completion looks through.
const ARTICLES_SEEN: usize = 500;

/// The longest label, in characters.
const LABEL_LENGTH: usize = 90;

impl Archive {
    /// Names and words of the archive that complete the last word of `typed`, the most frequent first;
    /// the words before it stay. Nothing where the index cannot answer: a completion is a courtesy.
    #[must_use]
    pub fn suggest_topics(&self, typed: &str, limit: usize) -> Vec<Suggestion> {
        let (before, last) = typed
            .rfind(' ')
            .map_or(("", typed), |at| typed.split_at(at + 1));
        let last = fold(last).into_owned();
        let names = self.index().names(&last, limit / 3 + 1).unwrap_or_default();
        let words = self.index().words(&last, 2 * limit).unwrap_or_default();
        let words = words
            .into_iter()
            .filter(|word| !self.language().words.is_stop_word(&word.text));
        let mut found: Vec<Suggestion> = Vec::new();
        for text in names.into_iter().chain(words).map(|counted| counted.text) {
            let value = format!("{before}{text}");
            if found.len() < limit && !found.iter().any(|known| fold(&known.value) == fold(&value))
            {
                found.push(Suggestion {
                    label: value.clone(),
                    value,
                });
            }
        }
        found
    }

    /// People and organisations of the archive with a word that begins as `typed` does.
    #[must_use]
    pub fn suggest_people(&self, typed: &str, limit: usize) -> Vec<Suggestion> {
        // Of several words typed, the first finds the names and the whole must fit.
        let typed = fold(typed.trim()).into_owned();
        let first = typed.split(' ').next().unwrap_or_default();
        let names = self.index().names(first, 4 * limit).unwrap_or_default();
        names
            .into_iter()
            .filter(|name| typed == first || fold(&name.text).contains(&typed))
            .take(limit)
            .map(|name| Suggestion {
                label: name.text.clone(),
                value: name.text,
            })
            .collect()
    }

    /// Articles whose headline has a word that begins as `typed` does, or whose number it is; newest first.
    #[must_use]
    pub fn suggest_articles(&self, typed: &str, limit: usize) -> Vec<Suggestion> {
        let typed = fold(typed.trim()).into_owned();
        let numbers = self.index().newest(0, ARTICLES_SEEN).unwrap_or_default();
        numbers
            .into_iter()
            .filter_map(|number| Some((number, self.index().document(number).ok()??)))
            .map(|(number, document)| (number, document.headline(), document.article.published))
            .filter(|(number, headline, _)| {
                number.to_string() == typed
                    || fold(headline)
                        .split(' ')
                        .any(|word| word.starts_with(&typed))
            })
            .take(limit)
            .map(|(number, headline, published)| Suggestion {
                label: shorten(
                    &format!("{number} · {published} · {headline}"),
                    LABEL_LENGTH,
                ),
                value: number.to_string(),
            })
            .collect()
    }
}
