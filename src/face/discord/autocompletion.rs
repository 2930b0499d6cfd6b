//! What a half-written argument could become.

use serenity::builder::{AutocompleteChoice, CreateAutocompleteResponse};

use super::markdown::{shorten, units};
use crate::{
    archive::{Archive, Suggestion},
    command::ArgumentKind,
};

/// Discord shows so many choices.
const MOST_CHOICES: usize = 25;

/// Discord's limit to a choice's name and to its value.
const LONGEST_CHOICE: usize = 100;

/// Whether an argument of this kind is completed at all.
#[must_use]
pub fn completes(kind: ArgumentKind) -> bool {
    match kind {
        ArgumentKind::Topic
        | ArgumentKind::Person
        | ArgumentKind::Article
        | ArgumentKind::Search => true,
        ArgumentKind::None | ArgumentKind::Date | ArgumentKind::Question => false,
    }
}

/// What the archive suggests.
#[must_use]
pub fn suggest(archive: &Archive, kind: ArgumentKind, written: &str) -> Vec<Suggestion> {
    match kind {
        ArgumentKind::Topic => archive.suggest_topics(written.trim_start(), MOST_CHOICES),
        ArgumentKind::Person => archive.suggest_people(written.trim(), MOST_CHOICES),
        ArgumentKind::Article => archive.suggest_articles(written.trim(), MOST_CHOICES),
        ArgumentKind::Search => last_word(archive, written),
        ArgumentKind::None | ArgumentKind::Date | ArgumentKind::Question => Vec::new(),
    }
}

/// Completes the last word of a search, keeping those before it.
fn last_word(archive: &Archive, written: &str) -> Vec<Suggestion> {
    let at = written
        .rfind(|c: char| c.is_whitespace() || c == '"' || c == '-')
        .map_or(0, |at| {
            at + written
                .get(at..)
                .and_then(|rest| rest.chars().next())
                .map_or(0, char::len_utf8)
        });
    let (before, word) = written.split_at_checked(at).unwrap_or(("", written));
    if word.is_empty() {
        return Vec::new();
    }
    archive
        .suggest_topics(word, MOST_CHOICES)
        .into_iter()
        .map(|suggestion| Suggestion {
            label: format!("{before}{}", suggestion.label),
            value: format!("{before}{}", suggestion.value),
        })
        .collect()
}

/// The response, within Discord's limits. A value that is too long is left out: cut, it would ask
/// for something else.
pub fn response(suggestions: &[Suggestion]) -> CreateAutocompleteResponse {
    let mut seen = std::collections::HashSet::new();
    let choices = suggestions
        .iter()
        .filter(|suggestion| {
            let length = units(&suggestion.value);
            (1..=LONGEST_CHOICE).contains(&length) && !suggestion.label.trim().is_empty()
        })
        .filter(|suggestion| seen.insert(suggestion.value.as_str()))
        .take(MOST_CHOICES)
        .map(|suggestion| {
            AutocompleteChoice::new(
                shorten(&suggestion.label, LONGEST_CHOICE),
                suggestion.value.as_str(),
            )
        })
        .collect();
    CreateAutocompleteResponse::new().set_choices(choices)
}
