//! Text of others, made harmless for a terminal.
//!
//! An article, a file name or a question may hold escape sequences that recolour, retitle or rewrite the
//! screen, and direction marks that show a line in another order than it is written (CVE-2021-42574). Each
//! such character is shown as a visible stand-in. Line ends and tabs become blanks, since layout is ours.
//! JSON output needs none of this: its escapes are its own.

use std::borrow::Cow;

/// `text` without anything that a terminal would obey.
#[must_use]
pub fn harmless(text: &str) -> Cow<'_, str> {
    if text.chars().any(obeyed) {
        Cow::Owned(
            text.chars()
                .map(|letter| {
                    if obeyed(letter) {
                        stand_in(letter)
                    } else {
                        letter
                    }
                })
                .collect(),
        )
    } else {
        Cow::Borrowed(text)
    }
}

/// [`harmless`] for text of several lines, which stay lines.
#[must_use]
pub fn harmless_lines(text: &str) -> String {
    let lines: Vec<_> = text.lines().map(harmless).collect();
    lines.join("\n")
}

fn obeyed(letter: char) -> bool {
    letter.is_control()
        || matches!(
            letter,
            '\u{061C}' | '\u{200E}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}'
        )
}

fn stand_in(letter: char) -> char {
    match letter {
        '\n' | '\r' | '\t' | '\u{0B}' | '\u{0C}' | '\u{85}' | '\u{2028}' | '\u{2029}' => ' ',
        '\u{7F}' => '\u{2421}',
        // Unicode has a picture of each of the first 32 control characters, in their order.
        '\0'..='\u{1F}' => char::from_u32(0x2400 + u32::from(letter)).unwrap_or('\u{FFFD}'),
        _ => '\u{FFFD}',
    }
}

#[cfg(test)]
mod tests {
    use super::harmless;

    #[test]
    fn plain_text_is_left_as_it_is() {
        let text = "“Ça va”, he said – 北京 🎉 e\u{301}";
        assert!(matches!(harmless(text), std::borrow::Cow::Borrowed(same) if same == text));
    }

    #[test]
    fn what_a_terminal_would_obey_is_shown_instead() {
        assert_eq!(
            harmless("\u{1B}[31mred\u{7}\u{7F}\u{9B}2J"),
            "␛[31mred␇␡\u{FFFD}2J"
        );
        assert_eq!(harmless("a\r\nb\tc\u{2028}d"), "a  b c d");
        assert_eq!(
            harmless("\u{202E}drawkcab\u{2069}"),
            "\u{FFFD}drawkcab\u{FFFD}"
        );
    }
}
