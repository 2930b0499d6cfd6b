//! HTML → its text, paragraph by paragraph.
//!
//! Works on tags as they come (html5ever's tokenizer) and builds no tree, so that it takes linear time and
//! no stack, however deep or broken the markup. What a browser sets apart as a block is a paragraph;
//! white space within one is one blank, as a browser shows it. Scripts, forms, captions and embedded media
//! are no text. Left out: style sheets, so that what a page hides by them is taken for shown.

use std::cell::RefCell;

use html5ever::{
    LocalName, TokenizerResult,
    tendril::StrTendril,
    tokenizer::{
        BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
        states::RawKind,
    },
};

use super::nesting::check_attributes;

/// Elements that hold no text of an article.
const NO_TEXT: &[&str] = &[
    "audio",
    "button",
    "canvas",
    "datalist",
    "dialog",
    "figcaption",
    "head",
    "iframe",
    "math",
    "nav",
    "noembed",
    "noframes",
    "noscript",
    "object",
    "script",
    "select",
    "style",
    "svg",
    "template",
    "textarea",
    "title",
    "video",
];

/// Elements that stand in lines of their own.
pub(super) const BLOCKS: &[&str] = &[
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "caption",
    "center",
    "dd",
    "details",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "html",
    "legend",
    "li",
    "main",
    "nav",
    "ol",
    "p",
    "pre",
    "section",
    "summary",
    "table",
    "tbody",
    "tfoot",
    "thead",
    "tr",
    "ul",
];

/// The text of a piece of HTML: its paragraphs, with an empty line between them.
///
/// A paragraph that is a link and no sentence points to another text and is none of this one, unless there
/// is nothing else (Kohlschütter and others, Boilerplate Detection using Shallow Text Features, 2010).
pub(super) fn text(html: &str) -> String {
    let paragraphs = Paragraphs::default();
    tokenize(html, &paragraphs);
    let all = paragraphs.finish();
    let are_all_links = all.iter().all(|paragraph| paragraph.is_link);
    let told: Vec<&str> = all
        .iter()
        .filter(|paragraph| are_all_links || !paragraph.is_link)
        .map(|paragraph| paragraph.text.as_str())
        .collect();
    told.join("\n\n")
}

/// Takes the tokens of a page one by one.
pub(super) trait Tokens {
    /// A tag, with its attributes.
    fn tag(&self, tag: &Tag);
    /// Text between tags.
    fn text(&self, text: &str);
}

/// Gives every tag and every text of `html` to `sink`; nothing of markup that cannot be read in time.
pub(super) fn tokenize(html: &str, sink: &impl Tokens) {
    if check_attributes(html).is_err() {
        return;
    }
    let tokenizer = Tokenizer::new(Tokenized(sink), TokenizerOpts::default());
    let input = BufferQueue::default();
    input.push_back(StrTendril::from(html));
    // The tokenizer pauses where a browser would run a script, which is never here.
    while let TokenizerResult::Script(()) = tokenizer.feed(&input) {}
    tokenizer.end();
}

struct Tokenized<'a, T>(&'a T);

impl<T: Tokens> TokenSink for Tokenized<'_, T> {
    type Handle = ();

    fn process_token(&self, token: Token, _: u64) -> TokenSinkResult<()> {
        match token {
            Token::CharacterTokens(text) => self.0.text(&text),
            Token::TagToken(tag) => {
                self.0.tag(&tag);
                if tag.kind == TagKind::StartTag {
                    return content_of(&tag.name);
                }
            }
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

/// How the standard reads what stands in an element: as markup, or as text up to its end.
fn content_of(name: &LocalName) -> TokenSinkResult<()> {
    match &**name {
        "script" => TokenSinkResult::RawData(RawKind::ScriptData),
        "style" | "xmp" | "iframe" | "noembed" | "noframes" => {
            TokenSinkResult::RawData(RawKind::Rawtext)
        }
        "title" | "textarea" => TokenSinkResult::RawData(RawKind::Rcdata),
        _ => TokenSinkResult::Continue,
    }
}

/// Puts text together to paragraphs.
#[derive(Default)]
struct Paragraphs(RefCell<State>);

struct Paragraph {
    text: String,
    is_link: bool,
}

#[derive(Default)]
struct State {
    done: Vec<Paragraph>,
    paragraph: String,
    /// Whether a link is open.
    in_link: bool,
    /// Whether the paragraph has a letter that is in no link.
    has_unlinked: bool,
    /// Whether white space was seen since the last letter.
    blank: bool,
    /// The element without text that is being passed over, and how often it is open.
    passed_over: Option<(LocalName, usize)>,
    /// How many elements are open that keep their white space.
    kept: usize,
}

impl Paragraphs {
    fn finish(self) -> Vec<Paragraph> {
        let mut state = self.0.into_inner();
        state.end();
        state.done
    }
}

impl State {
    /// Ends the paragraph.
    fn end(&mut self) {
        let paragraph = self.paragraph.trim_matches([' ', '\n', '\t']);
        if !paragraph.is_empty() {
            let is_sentence = paragraph.ends_with(['.', '!', '?', '…', '"', '”', '»']);
            self.done.push(Paragraph {
                text: paragraph.to_owned(),
                is_link: !self.has_unlinked && !is_sentence,
            });
        }
        self.paragraph.clear();
        self.blank = false;
        self.has_unlinked = false;
    }
}

impl Tokens for Paragraphs {
    fn tag(&self, tag: &Tag) {
        let state = &mut *self.0.borrow_mut();
        let name = &*tag.name;
        let opens = tag.kind == TagKind::StartTag;
        if let Some((passed_over, open)) = &mut state.passed_over {
            if *passed_over == tag.name {
                *open = if opens { *open + 1 } else { *open - 1 };
                if *open == 0 {
                    state.passed_over = None;
                }
            }
            return;
        }
        if NO_TEXT.contains(&name) {
            if opens && !tag.self_closing {
                state.passed_over = Some((tag.name.clone(), 1));
            }
        } else if BLOCKS.contains(&name) {
            state.end();
            if name == "pre" {
                state.kept = if opens {
                    state.kept + 1
                } else {
                    state.kept.saturating_sub(1)
                };
            }
        } else if name == "br" {
            state.paragraph.push('\n');
            state.blank = false;
        } else if name == "a" {
            state.in_link = opens;
        } else if matches!(name, "td" | "th") && state.paragraph.contains('\n') {
            // Lines stand in the columns of a page, not in the cells of a table.
            state.end();
        } else if matches!(name, "td" | "th" | "img") {
            state.blank = true;
        }
    }

    fn text(&self, text: &str) {
        let state = &mut *self.0.borrow_mut();
        if state.passed_over.is_some() {
            return;
        }
        for letter in text.chars() {
            match letter {
                '\n' | '\r' if state.kept > 0 => {
                    state.paragraph.push('\n');
                    state.blank = false;
                }
                // A blank that does not break a line is one for the eye alone.
                ' ' | '\t' | '\n' | '\r' | '\u{c}' | '\u{a0}' | '\u{202f}' => state.blank = true,
                // Where a word may be broken is said for the eye alone, too.
                '\u{ad}' | '\u{200b}' | '\u{feff}' | '\0' => {}
                letter => {
                    let begins = state.paragraph.is_empty() || state.paragraph.ends_with('\n');
                    if state.blank && !begins {
                        state.paragraph.push(' ');
                    }
                    state.blank = false;
                    state.has_unlinked |= !state.in_link && letter.is_alphanumeric();
                    state.paragraph.push(letter);
                }
            }
        }
    }
}
