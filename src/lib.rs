//! Dateline answers questions about the events in an archive of news articles, in the articles' own words:
//! when something happened, who said what, what happened on a day, what the articles say about it.
//!
//! # Two flows, each one-way
//!
//! ```text
//! article file ─ format ─▶ Article ─▶ Document{passages: sentences, timexes, quotations, dates} ─▶ Index
//! message ─ command::read_* ─▶ Call{command, Request} ─ answer ─▶ Answer{evidence, citations} ─ face ─▶ reply
//! ```
//!
//! # Floors
//!
//! A file imports only from the floors below its own; `tests/architecture.rs` reads the sources and
//! fails where one reaches up.
//!
//! ```text
//! text → language → timex | quotation (neither knows the other) → dating → article → passage → index
//!      → archive → answer → command → store → face → config → service
//! ```
//!
//! | floor | from | to |
//! |---|---|---|
//! | [`text`] | a string | spans, sentences, words, folded forms |
//! | [`language`] | a folder of TOML | rules that a journalist could correct |
//! | [`timex`] | text, a reference date | [`timex::Timex`] (TIMEX3) |
//! | [`quotation`] | text | [`quotation::Quotation`] (content, cue, source) |
//! | [`dating`] | sentences and what stands in them | [`dating::Dated`]: stated, carried, published |
//! | [`mod@article`] | files | [`article::Article`], [`article::Unreadable`] |
//! | [`passage`] | an article | [`passage::Document`], all that was found in it |
//! | [`index`] | documents | windows that a query finds |
//! | [`archive`] | articles and their index | what answers are made from |
//! | [`answer`] | an archive and a [`answer::Request`] | an [`answer::Answer`]; one file a command |
//! | [`command`] | a message | a call of a row of the one table |
//! | [`store`] | a server's settings, watches, messages on their way | a database, and back |
//! | [`face`] | an answer | Discord replies, terminal lines |
//! | [`config`] | a file | the settings of all floors |
//! | [`service`] | a configuration | a bot that runs, and can be given another one |
//!
//! # Invariants
//!
//! 1. Verbatim by construction: an [`answer::Excerpt`] has one constructor, from an article's text and a
//!    [`text::Span`]; a span cannot split a character. No string of ours can enter an answer as a quotation.
//! 2. No clock and no time zone below [`face`]: the reference date is an argument (an article's publication
//!    date, a message's own timestamp). clippy's `disallowed_methods` keeps it.
//! 3. No async below [`face`] but in [`store`], whose databases are. Search blocks; Discord calls it through `spawn_blocking` behind a bounded
//!    permit; the terminal starts no runtime.
//! 4. Reading never fails as a whole: articles, and for each that could not be read an
//!    [`article::Unreadable`] that names file, line and reason.
//! 5. Nothing found is an answer, not an error.
//! 6. A face may mark up, shorten and split; it may not select or reorder.
//!
//! # Where to start reading
//!
//! [`command::COMMANDS`] is the table of all that can be asked. Follow one row to its answer function in
//! [`answer`], from there to [`archive::Archive::search`], and down to [`passage::Reader::read`], where an
//! article becomes what is found in it.

pub mod answer;
pub mod archive;
pub mod article;
pub mod command;
pub mod config;
pub mod dating;
pub mod face;
pub mod index;
pub mod language;
pub mod passage;
pub mod quotation;
pub mod service;
pub mod store;
pub mod text;
pub mod timex;
