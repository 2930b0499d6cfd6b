//! Text as bytes on character bounds: spans, sentences, words, folded forms.
//!
//! The lowest floor. It knows no language: what a language adds (abbreviations, stop words) is passed in.
//! All offsets inside Dateline are byte offsets on character bounds; code points exist only at the
//! edges, where other programs read them ([`CodePoints`]).

mod code_points;
mod fold;
mod sentence;
mod span;
mod token;

pub use code_points::CodePoints;
pub use fold::{bare, fold, stem, stem_folded};
pub use sentence::{Abbreviations, paragraphs, sentences};
pub use span::Span;
pub use token::{Token, TokenKind, Tokens, tokens, tokens_in};
