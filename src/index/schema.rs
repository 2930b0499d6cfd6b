//! The embedded index's fields.
//!
//! Two kinds of record share one schema. An article's record keeps the whole document and the words and
//! names by which it is completed; a window's record holds what is searched. Both carry the article's
//! number, so that removing an article removes all of it.

use std::sync::Arc;

use tantivy::{
    schema::{
        BytesOptions, FAST, Field, INDEXED, IndexRecordOption, STRING, Schema, TextFieldIndexing,
        TextOptions,
    },
    tokenizer::{Token, TokenStream, Tokenizer},
};

use super::Terms;
use crate::language::Language;

/// The name under which the analyzer is registered.
pub const ANALYZER: &str = "dateline";

/// The fields.
#[derive(Clone, Copy, Debug)]
pub struct Fields {
    /// The article's number, on every record.
    pub article: Field,
    /// The article's id, on its own record only.
    pub id: Field,
    /// The document, on the article's record.
    pub document: Field,
    /// The article's different words, folded.
    pub word: Field,
    /// The names in the article, once under each of their words.
    pub name: Field,
    /// The day of publication, in days since 1970, on every record.
    pub published: Field,
    /// The outlet, folded, on every record.
    pub outlet: Field,
    /// The window's text.
    pub text: Field,
    /// The article's headline.
    pub headline: Field,
    /// Who is quoted in the window.
    pub speaker: Field,
    /// The window's days.
    pub day: Field,
    /// 1 where words are quoted in the window.
    pub quoting: Field,
    /// 1 on every window's record.
    pub window: Field,
    /// The window's first paragraph.
    pub first: Field,
    /// The window's last paragraph.
    pub last: Field,
}

/// The schema and its fields.
pub fn schema() -> (Schema, Fields) {
    let text = |record| {
        TextOptions::default().set_indexing_options(
            TextFieldIndexing::default()
                .set_tokenizer(ANALYZER)
                .set_index_option(record),
        )
    };
    let raw = TextOptions::default().set_indexing_options(
        TextFieldIndexing::default()
            .set_tokenizer("raw")
            .set_index_option(IndexRecordOption::Basic)
            .set_fieldnorms(false),
    );
    let mut builder = Schema::builder();
    let fields = Fields {
        article: builder.add_u64_field("article", INDEXED | FAST),
        id: builder.add_text_field("id", STRING),
        document: builder.add_bytes_field("document", BytesOptions::default().set_stored()),
        word: builder.add_text_field("word", raw.clone()),
        name: builder.add_text_field("name", raw.clone()),
        published: builder.add_i64_field("published", INDEXED | FAST),
        outlet: builder.add_text_field("outlet", raw.clone()),
        text: builder.add_text_field("text", text(IndexRecordOption::WithFreqsAndPositions)),
        headline: builder
            .add_text_field("headline", text(IndexRecordOption::WithFreqsAndPositions)),
        speaker: builder.add_text_field("speaker", text(IndexRecordOption::WithFreqs)),
        day: builder.add_text_field("day", raw),
        quoting: builder.add_u64_field("quoting", INDEXED),
        window: builder.add_u64_field("window", INDEXED),
        first: builder.add_u64_field("first", FAST),
        last: builder.add_u64_field("last", FAST),
    };
    (builder.build(), fields)
}

/// [`Terms`] as the engine's tokenizer.
#[derive(Clone)]
pub struct Analyzer(pub Arc<Language>);

/// The stream of an [`Analyzer`].
pub struct Stream<'a> {
    terms: Terms<'a>,
    token: Token,
}

impl Tokenizer for Analyzer {
    type TokenStream<'a> = Stream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Stream<'a> {
        Stream {
            terms: Terms::new(text, &self.0.words),
            token: Token::default(),
        }
    }
}

impl TokenStream for Stream<'_> {
    fn advance(&mut self) -> bool {
        let Some(term) = self.terms.next() else {
            return false;
        };
        self.token.offset_from = term.span.start();
        self.token.offset_to = term.span.end();
        self.token.position = term.position;
        self.token.text.clear();
        self.token.text.push_str(&term.stem);
        true
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}
