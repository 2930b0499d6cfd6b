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
    let open = Open::default();
    tokenize(html, &open);
    match open.0.into_inner().deepest {
        None => Ok(()),
        Some(name) => Err(format!(
            "has more than {DEEPEST} <{name}> open at once, which no article has"
        )),
    }
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
