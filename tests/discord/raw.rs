//! Sees Markdown that was not escaped. The tests of Discord use it, and the fuzz targets.

/// What stands in a text unescaped that Discord would not show as it is: `None` where there is nothing.
pub fn raw(markdown: &str) -> Option<String> {
    let mut previous = None;
    let mut escaped = false;
    let characters: Vec<char> = markdown.chars().collect();
    let mut at = 0;
    while let Some(&character) = characters.get(at) {
        let rest: String = characters.iter().skip(at).take(24).collect();
        if escaped {
            escaped = false;
        } else if character == '\\' {
            escaped = true;
        } else if "`|~_@".contains(character) {
            return Some(rest);
        } else if character == '*' {
            // Bold is ours, and always two stars.
            if characters.get(at + 1) != Some(&'*') || characters.get(at + 2) == Some(&'*') {
                return Some(rest);
            }
            at += 1;
        } else if character == ']' && characters.get(at + 1) == Some(&'(') {
            return Some(rest);
        } else if character == '<' {
            // Links in brackets are ours; nothing else is.
            let link = rest.starts_with("<https://") || rest.starts_with("<http://");
            if !link {
                return Some(rest);
            }
            while characters.get(at).is_some_and(|&inside| inside != '>') {
                at += 1;
            }
        } else if character == '#' && matches!(previous, None | Some('\n')) {
            return Some(rest);
        }
        previous = characters.get(at).copied();
        at += 1;
    }
    None
}
