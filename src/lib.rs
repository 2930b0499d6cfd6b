//! Dateline answers questions about the events in an archive of news articles, in the articles' own words.

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
pub mod text;
pub mod timex;
