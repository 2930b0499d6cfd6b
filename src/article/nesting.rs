//! Tells markup that is nested or left open beyond reason, before a tree is built from it.
//!
//! What a browser makes of open elements takes time and memory that grow with the square of their number:
//! for every paragraph, each formatting that is still open is opened again. Browsers give up at 512 too.

use std::{cell::RefCell, collections::HashMap};

use html5ever::{
    LocalName,
    tokenizer::{Tag, TagKind},
};

use super::markup::{BLOCKS, Tokens, tokenize};

/// How many elements of one kind may be open at once.
const DEEPEST: usize = 512;

/// How many attributes a tag may have: each is compared with all others.
const ATTRIBUTES: usize = 256;

/// Elements that are never open, or whose end is seldom written.
const ENDS_UNSAID: &[&str] = &[
    "area", "base", "body", "br", "col", "colgroup", "dd", "dt", "embed", "head", "hr", "html",
    "img", "input", "li", "link", "meta", "optgroup", "option", "p", "param", "rb", "rp", "rt",
    "source", "tbody", "td", "tfoot", "th", "thead", "tr", "track", "wbr",
];

/// Passes markup that a tree can be built from in reasonable time.
///
/// # Errors
/// Says which element is open too often.
pub(super) fn check(html: &str) -> Result<(), String> {
    check_attributes(html)?;
    let open = Open::default();
    tokenize(html, &open);
    match open.0.into_inner().deepest {
        None => Ok(()),
        Some(name) => Err(format!(
            "has more than {DEEPEST} <{name}> open at once, which no article has"
        )),
    }
}

/// Passes markup, of HTML or XML, whose tags can be read in reasonable time.
///
/// Scripts, styles and comments are passed over as a browser does it, their odd forms aside: a page that is
/// made to deceive this check costs time, and nothing else.
///
/// # Errors
/// Says that a tag has too many attributes.
pub(super) fn check_attributes(markup: &str) -> Result<(), String> {
    let mut rest = markup.as_bytes();
    while let Some(at) = memchr::memchr(b'<', rest) {
        rest = rest.get(at + 1..).unwrap_or_default();
        if let Some(comment) = rest.strip_prefix(b"!--") {
            rest = behind(comment, b"-->");
            continue;
        }
        if !rest.first().is_some_and(u8::is_ascii_alphabetic) {
            continue;
        }
        let (length, attributes) = tag(rest);
        if attributes > ATTRIBUTES {
            return Err(format!(
                "has a tag with more than {ATTRIBUTES} attributes, which no article has"
            ));
        }
        let name = rest.get(..6).unwrap_or_default().to_ascii_lowercase();
        rest = rest.get(length..).unwrap_or_default();
        if name == b"script" {
            rest = behind(rest, b"</script");
        } else if name.starts_with(b"style") {
            rest = behind(rest, b"</style");
        }
    }
    Ok(())
}

/// What stands behind the first `end`, capitals aside: nothing, if there is none.
fn behind<'m>(markup: &'m [u8], end: &[u8]) -> &'m [u8] {
    let Some((first, _)) = end.split_first() else {
        return markup;
    };
    memchr::memchr_iter(*first, markup)
        .map(|at| at..at + end.len())
        .find(|range| {
            markup
                .get(range.clone())
                .is_some_and(|here| here.eq_ignore_ascii_case(end))
        })
        .and_then(|range| markup.get(range.end..))
        .unwrap_or_default()
}

/// The length of a tag without its `<`, and how many attributes it has at most; of one that has too many,
/// no more than it takes to tell.
fn tag(bytes: &[u8]) -> (usize, usize) {
    let mut attributes = 0;
    let mut quoted = None;
    let mut before = b'x';
    for (at, &byte) in bytes.iter().enumerate() {
        let is_gap = |byte: u8| byte.is_ascii_whitespace() || matches!(byte, b'/' | b'"' | b'\'');
        if let Some(mark) = quoted {
            if byte == mark {
                quoted = None;
            }
        } else if byte == b'>' {
            return (at, attributes);
        } else if matches!(byte, b'"' | b'\'') && before == b'=' {
            quoted = Some(byte);
        } else if !is_gap(byte) && is_gap(before) {
            attributes += 1;
        }
        if attributes > ATTRIBUTES {
            return (at, attributes);
        }
        // Blanks around "=" do not matter.
        if !(before == b'=' && byte.is_ascii_whitespace()) {
            before = byte;
        }
    }
    (bytes.len(), attributes)
}

#[derive(Default)]
struct Open(RefCell<State>);

#[derive(Default)]
struct State {
    open: HashMap<LocalName, usize>,
    deepest: Option<String>,
    in_drawing: bool,
}

impl Tokens for Open {
    fn tag(&self, tag: &Tag) {
        let state = &mut *self.0.borrow_mut();
        if ENDS_UNSAID.contains(&&*tag.name) {
            return;
        }
        // Only a drawing's elements may close themselves; other elements stay open, whatever they say.
        match (&*tag.name, tag.kind) {
            ("svg" | "math", TagKind::StartTag) => state.in_drawing = true,
            ("svg" | "math", TagKind::EndTag) => state.in_drawing = false,
            (name, TagKind::StartTag) if BLOCKS.contains(&name) => state.in_drawing = false,
            _ => {}
        }
        let open = state.open.entry(tag.name.clone()).or_default();
        match tag.kind {
            TagKind::StartTag if tag.self_closing && state.in_drawing => {}
            TagKind::StartTag => *open += 1,
            TagKind::EndTag => *open = open.saturating_sub(1),
        }
        if *open > DEEPEST && state.deepest.is_none() {
            state.deepest = Some(tag.name.chars().take(40).collect());
        }
    }

    fn text(&self, _: &str) {}
}
