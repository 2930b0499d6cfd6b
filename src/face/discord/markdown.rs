//! Words of others, as Discord shows them literally.
//!
//! Discord's Markdown is undocumented in its details; what is escaped here is what its clients parse:
//! emphasis, code, spoilers, masked links, mentions, time stamps, emoji, headings, lists, quotes, subtext, and
//! bare links and invitations. A backslash before a character of punctuation is never shown, so
//! escaping too much costs length only. Invisible characters that reorder text are left out: they
//! would let a quoted sentence rearrange the words that we set beside it.

use std::ops::Range;

use crate::text::Span;

/// The length of `text` as Discord counts it.
#[must_use]
pub fn units(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}

/// `text` on one line, escaped.
#[must_use]
pub fn escape_line(text: &str) -> String {
    let line: Vec<&str> = text.split_whitespace().collect();
    escape(&line.join(" "))
}

/// `text`, escaped; its line ends stay.
#[must_use]
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut escaper = Escaper::default();
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        escaper.push(character, characters.peek().copied(), &mut out);
    }
    out
}

/// `text` shortened to `limit` units at a word, with an ellipsis where something is missing.
#[must_use]
pub fn shorten(text: &str, limit: usize) -> String {
    let text = text.trim();
    if units(text) <= limit {
        return text.to_owned();
    }
    let head = prefix(text, limit.saturating_sub(1));
    let head = match head.rfind(char::is_whitespace) {
        // A single word longer than half the limit is better cut than dropped.
        Some(blank) if blank * 2 > head.len() => head.get(..blank).unwrap_or(head),
        _ => head,
    };
    format!("{}…", head.trim_end())
}

/// The longest beginning of `text` of at most `limit` units.
#[must_use]
pub fn prefix(text: &str, limit: usize) -> &str {
    let mut length = 0;
    for (at, character) in text.char_indices() {
        length += character.len_utf16();
        if length > limit {
            return text.get(..at).unwrap_or(text);
        }
    }
    text
}

/// The stretch `range` of `text` as a block quote, with what lies in `bold` in bold type.
#[must_use]
pub fn quote(text: &str, range: Range<usize>, bold: &[Span]) -> String {
    let stretch = text.get(range.clone()).unwrap_or_default();
    let mut out = String::with_capacity(stretch.len() + 32);
    out.push_str("> ");
    let mut escaper = Escaper::default();
    let mut bold = bold
        .iter()
        .filter(|span| span.start() < span.end())
        .peekable();
    let mut strong = false;
    let mut characters = stretch.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        let place = range.start + at;
        while bold.next_if(|span| span.end() <= place).is_some() {}
        // Blanks and line ends stay outside: emphasis around them is not emphasis everywhere.
        let wanted = bold.peek().is_some_and(|span| span.start() <= place)
            && (!character.is_whitespace() || (strong && character == ' '));
        if strong && !wanted {
            close(&mut out);
            strong = false;
        }
        let before = out.len();
        let next = characters.peek().map(|(_, next)| *next);
        escaper.push(character, next, &mut out);
        if wanted && !strong && out.len() > before {
            out.insert_str(before, "**");
            strong = true;
        }
        if out.len() > before && out.ends_with('\n') {
            out.push_str("> ");
        }
    }
    if strong {
        close(&mut out);
    }
    out
}

/// Ends bold type before the blanks that it would end with.
fn close(out: &mut String) {
    let kept = out.trim_end_matches(' ').len();
    out.insert_str(kept, "**");
}

/// Cuts `text` at blanks into stretches whose quotes take at most `limit` units each; a word longer than that
/// is cut where it must be.
#[must_use]
pub fn stretches(text: &str, bold: &[Span], limit: usize) -> Vec<Range<usize>> {
    // What the quote adds once: its mark, and bold type opened and closed again.
    let limit = limit.saturating_sub(8).max(16);
    let mut stretches = Vec::new();
    let (mut start, mut length) = (0, 0);
    let (mut blank, mut length_at_blank) = (0, 0);
    let mut bold = bold.iter().peekable();
    for (at, character) in text.char_indices() {
        let mut cost = character.len_utf16() + usize::from(character.is_ascii_punctuation());
        if character.is_whitespace() && character != ' ' {
            cost += 4;
        }
        if is_line_end(character) {
            cost += 2;
        }
        while bold.next_if(|span| span.start() <= at).is_some() {
            cost += 4;
        }
        if length + cost > limit {
            if blank > start {
                stretches.push(start..blank);
                start = blank;
                length -= length_at_blank;
            } else {
                stretches.push(start..at);
                start = at;
                length = 0;
            }
            length_at_blank = 0;
        }
        length += cost;
        if character.is_whitespace() {
            blank = at + character.len_utf8();
            length_at_blank = length;
        }
    }
    if start < text.len() {
        stretches.push(start..text.len());
    }
    stretches
}

/// Where in a line the escaper stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Place {
    /// Before anything visible.
    #[default]
    Indent,
    /// After digits that begin the line.
    Number,
    /// Further on.
    Inside,
}

/// Escapes character by character.
#[derive(Debug, Default)]
struct Escaper {
    place: Place,
    /// Whether the word so far has a full stop in it, as a link has.
    dotted: bool,
}

impl Escaper {
    fn push(&mut self, character: char, next: Option<char>, out: &mut String) {
        if is_line_end(character) {
            // Of a pair of carriage return and line feed, the second counts.
            if !(character == '\r' && next == Some('\n')) {
                out.push('\n');
                *self = Self::default();
            }
            return;
        }
        if is_left_out(character) {
            return;
        }
        let escaped = match character {
            '\\' | '*' | '_' | '~' | '|' | '`' | '[' | ']' | '<' | '@' => true,
            '>' | '#' | '-' | '+' => self.place == Place::Indent,
            '.' | ')' if self.place == Place::Number => true,
            ':' => next.is_some_and(|next| !next.is_whitespace()),
            '/' => self.dotted,
            _ => false,
        };
        if escaped {
            out.push('\\');
        }
        out.push(if character == '\t' { ' ' } else { character });
        self.place = match self.place {
            Place::Indent if character.is_whitespace() || is_invisible(character) => Place::Indent,
            Place::Indent | Place::Number if character.is_numeric() => Place::Number,
            _ => Place::Inside,
        };
        self.dotted = !character.is_whitespace() && (self.dotted || character == '.');
    }
}

fn is_line_end(character: char) -> bool {
    matches!(
        character,
        '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}'
    )
}

/// Control characters, and those that turn the direction of what follows.
fn is_left_out(character: char) -> bool {
    (character.is_control() && character != '\t')
        || matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{200b}'..='\u{200d}' | '\u{2060}'..='\u{2064}' | '\u{feff}' | '\u{ad}' | '\u{180e}'
    )
}
