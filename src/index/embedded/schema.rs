//! The embedded index's fields.
//!
//! Three kinds of record share one schema. An article's record keeps the whole document, what is counted
//! of it, and the words and names by which it is completed; a window's record holds what is searched. Both
//! carry the article's number, so that removing an article removes all of it. A file's record keeps what
//! is remembered of a file that was read; a commit thus holds articles and files of one moment.

use std::sync::Arc;

use tantivy::{
    schema::{
        BytesOptions, FAST, Field, INDEXED, IndexRecordOption, Schema, TextFieldIndexing,
        TextOptions,
    },
    tokenizer::{Token, TokenStream, Tokenizer},
};

use crate::{index::Terms, language::Language};

/// The name under which the analyzer is registered.
pub const ANALYZER: &str = "dateline";

/// The name under which the tokenizer of lists is registered.
pub const LISTED: &str = "lines";

/// What a record stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An article with its document.
    Article = 0,
    /// A window of an article.
    Window = 1,
    /// A file.
    File = 2,
}

/// The fields.
#[derive(Clone, Copy, Debug)]
pub struct Fields {
    /// [`Kind`], on every record.
    pub kind: Field,
    /// The article's number, on its own record and its windows'.
    pub article: Field,
    /// The article's id, on its own record.
    pub id: Field,
    /// The file, on the records of its articles.
    pub file: Field,
    /// The hash of the article as it was read, on its own record.
    pub fingerprint: Field,
    /// How many paragraphs, sentences, time expressions and quotations, on the article's record.
    pub contents: [Field; 4],
    /// By what the same article is known elsewhere, on its own record.
    pub print: Field,
    /// The document, on the article's record; what is remembered, on a file's.
    pub stored: Field,
    /// The article's different words, folded.
    pub word: Field,
    /// The names in the article, once under each of their words.
    pub name: Field,
    /// The day of publication, in days since 1970, on the article's record and its windows'.
    pub published: Field,
    /// The outlet, folded, on the windows' records.
    pub outlet: Field,
    /// The window's text.
    pub text: Field,
    /// The article's headline, on its windows' records.
    pub headline: Field,
    /// Who is quoted in the window.
    pub speaker: Field,
    /// The window's days.
    pub day: Field,
    /// 1 where words are quoted in the window.
    pub quoting: Field,
    /// The window's first paragraph.
    pub first: Field,
    /// The window's last paragraph.
    pub last: Field,
    /// The file's path, on its own record.
    pub path: Field,
}

/// The columns of what is counted of an article, in the order of [`Contents`](crate::index::record::Contents).
pub const CONTENTS: [&str; 4] = ["passages", "sentences", "timexes", "quotations"];

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
    let list = TextOptions::default().set_indexing_options(
        TextFieldIndexing::default()
            .set_tokenizer(LISTED)
            .set_index_option(IndexRecordOption::Basic)
            .set_fieldnorms(false),
    );
    let mut builder = Schema::builder();
    let fields = Fields {
        kind: builder.add_u64_field("kind", INDEXED),
        article: builder.add_u64_field("article", INDEXED | FAST),
        id: builder.add_text_field("id", raw.clone().set_fast("raw")),
        file: builder.add_text_field("file", raw.clone().set_fast("raw")),
        fingerprint: builder.add_u64_field("fingerprint", FAST),
        contents: CONTENTS.map(|name| builder.add_u64_field(name, FAST)),
        print: builder.add_bytes_field("print", BytesOptions::default().set_fast()),
        stored: builder.add_bytes_field("stored", BytesOptions::default().set_stored()),
        word: builder.add_text_field("word", list.clone()),
        name: builder.add_text_field("name", list.clone()),
        published: builder.add_i64_field("published", INDEXED | FAST),
        outlet: builder.add_text_field("outlet", raw.clone()),
        text: builder.add_text_field("text", text(IndexRecordOption::WithFreqsAndPositions)),
        headline: builder.add_text_field("headline", text(IndexRecordOption::WithFreqs)),
        speaker: builder.add_text_field("speaker", text(IndexRecordOption::WithFreqs)),
        day: builder.add_text_field("day", list),
        quoting: builder.add_u64_field("quoting", INDEXED),
        first: builder.add_u64_field("first", FAST),
        last: builder.add_u64_field("last", FAST),
        path: builder.add_text_field("path", raw),
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

/// A list as one value, each line a term: the engine has much to do for every value.
#[derive(Clone, Default)]
pub struct Lines;

/// The stream of [`Lines`].
pub struct LineStream<'a> {
    lines: std::str::Lines<'a>,
    token: Token,
}

impl Tokenizer for Lines {
    type TokenStream<'a> = LineStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> LineStream<'a> {
        LineStream {
            lines: text.lines(),
            token: Token::default(),
        }
    }
}

impl TokenStream for LineStream<'_> {
    fn advance(&mut self) -> bool {
        let Some(line) = self.lines.next() else {
            return false;
        };
        self.token.position = self.token.position.wrapping_add(1);
        self.token.text.clear();
        self.token.text.push_str(line);
        true
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}
