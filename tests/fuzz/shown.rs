//! What is shown of words of others: nothing in them is obeyed, and nothing of them is lost.

use dateline::{
    face::{
        discord::markdown::{escape, escape_line, quote, stretches, units},
        terminal::{harmless, harmless_lines},
    },
    text::Span,
};

use super::{raw, split};

/// Words of others in Discord's Markdown: nothing of it is obeyed, and nothing is lost.
pub fn discord_text(data: &[u8]) {
    let (first, rest) = split(data);
    let (second, rest) = split(rest);
    let Ok(text) = std::str::from_utf8(rest) else {
        return;
    };
    for escaped in [escape(text), escape_line(text)] {
        literal(&escaped, false);
        assert_eq!(words(&shown(&escaped, false)), words(text));
    }
    let bounds: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
    let at = |choice: usize| {
        bounds
            .get(choice % bounds.len().max(1))
            .copied()
            .unwrap_or(0)
    };
    let (start, end) = (at(first).min(at(second)), at(first).max(at(second)));
    let bold: Vec<Span> = Span::new(text, start, end)
        .into_iter()
        .filter(|span| !span.is_empty())
        .collect();
    let limit = 40 + first;
    let mut end = 0;
    let mut seen = String::new();
    for stretch in stretches(text, &bold, limit) {
        assert_eq!(stretch.start, end, "a stretch is left out");
        end = stretch.end;
        let quoted = quote(text, stretch, &bold);
        assert!(units(&quoted) <= limit, "{quoted}");
        assert!(quoted.lines().all(|line| line.starts_with("> ")));
        let inside: Vec<&str> = quoted
            .lines()
            .filter_map(|line| line.strip_prefix("> "))
            .collect();
        let inside = inside.join("\n");
        literal(&inside, true);
        seen.push_str(&shown(&inside, true));
    }
    assert_eq!(end, text.len());
    assert_eq!(words(&seen), words(text));
}

/// Nothing in `markdown` is obeyed but, where it may be, bold type.
fn literal(markdown: &str, bold: bool) {
    assert_eq!(raw::raw(markdown), None, "{markdown}");
    let mut escaped = false;
    for (at, character) in markdown.char_indices() {
        let rest = markdown.get(at..).unwrap_or_default();
        if !escaped {
            assert!(bold || character != '*', "{rest}");
            assert!(!rest.starts_with("://"), "a bare link: {rest}");
            assert!(
                !rest.starts_with("](") && !rest.starts_with("discord.gg/"),
                "{rest}"
            );
        }
        escaped = !escaped && character == '\\';
        assert!(!matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'));
        assert!(character == '\n' || !character.is_control());
    }
    for line in markdown.lines() {
        let line = line.trim_start_matches(|letter: char| letter.is_whitespace());
        assert!(!line.starts_with(['#', '>', '-', '+']), "{line}");
        let number = line.trim_start_matches(|letter: char| letter.is_ascii_digit());
        assert!(
            number.len() == line.len() || !number.starts_with(['.', ')']),
            "{line}"
        );
    }
}

/// What a reader sees of escaped text; where it may be in `bold`, without the stars of that.
fn shown(markdown: &str, bold: bool) -> String {
    let mut out = String::new();
    let mut characters = markdown.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => out.extend(characters.next()),
            '*' if bold => {}
            other => out.push(other),
        }
    }
    out
}

/// The characters of `text` that are seen, blanks aside.
fn words(text: &str) -> String {
    text.chars()
        .filter(|letter| !letter.is_whitespace() && !letter.is_control())
        .filter(|letter| !matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'))
        .collect()
}

/// Words of others on a terminal: nothing of them is obeyed, and each character has its place.
pub fn terminal_text(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let line = harmless(text);
    is_harmless(&line);
    assert!(!line.contains('\n'));
    assert_eq!(line.chars().count(), text.chars().count());
    is_harmless(&harmless_lines(text));
}

/// What was rendered without our own styles (SGR, ECMA-48 §8.3.117); any other sequence stays.
pub fn unstyled(rendered: &str) -> String {
    let mut out = String::new();
    for (number, part) in rendered.split("\u{1b}[").enumerate() {
        let style = part.split_once('m').filter(|(style, _)| {
            number > 0
                && style
                    .chars()
                    .all(|letter| letter.is_ascii_digit() || letter == ';')
        });
        match style {
            Some((_, text)) => out.push_str(text),
            None if number > 0 => {
                out.push('\u{1b}');
                out.push_str(part);
            }
            None => out.push_str(part),
        }
    }
    out
}

pub fn is_harmless(text: &str) {
    for letter in text.chars() {
        assert!(letter == '\n' || !letter.is_control(), "{letter:?}");
        assert!(
            !matches!(letter, '\u{61c}' | '\u{200e}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}'),
            "{letter:?}"
        );
    }
}
