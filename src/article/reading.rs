//! Reads files: one, article by article ([`read_file`]), or all of an archive ([`read`]).

use std::{
    collections::HashMap,
    io::{self, BufRead, Cursor},
    ops::ControlFlow,
    path::PathBuf,
};

use rayon::prelude::*;

use super::{
    Article, Unreadable,
    file::File,
    folder::files,
    format::{Found, Sink, cannot_read},
    unpacked,
};

/// What reading found: what could be read, and what could not.
#[derive(Debug, Default)]
pub struct Reading {
    /// The articles, in the order of their paths.
    pub articles: Vec<Article>,
    /// What was left out, and why.
    pub unreadable: Vec<Unreadable>,
}

/// Reads one file, and gives `sink` every article and every reason for one that is left out, in the order
/// of the file. Holds no more than one article at a time where the format allows it, whatever the file's
/// size; ends early where `sink` breaks.
pub fn read_file(file: &File, sink: &mut Sink<'_>) {
    read_text(file, unpacked::open(file), sink);
}

/// As [`read_file`], for a file whose bytes come from elsewhere than the disk.
pub fn read_bytes(file: &File, bytes: Vec<u8>, sink: &mut Sink<'_>) {
    let size = bytes.len() as u64;
    let opened = unpacked::unpack(Cursor::new(bytes), size, file.packing);
    read_text(file, opened, sink);
}

fn read_text(file: &File, opened: io::Result<Box<dyn BufRead>>, sink: &mut Sink<'_>) {
    // Whether the sink has had enough matters to the format alone.
    let _ = match opened {
        Ok(mut text) => (file.format.read)(file, &mut text, sink),
        Err(error) => sink(Err(file.unreadable(None, cannot_read(&error)))),
    };
}

/// Reads every article at `paths` (folders and files). Never fails as a whole.
#[must_use]
pub fn read(paths: &[PathBuf]) -> Reading {
    let (files, mut unreadable) = files(paths);
    // Formats run side by side; collecting keeps the order of the files.
    let found: Vec<_> = files
        .par_iter()
        .map(|file| {
            let mut found = Vec::new();
            read_file(file, &mut |one| {
                found.push(one);
                ControlFlow::Continue(())
            });
            (file, found)
        })
        .collect();

    let mut articles: Vec<Article> = Vec::new();
    let mut holders: HashMap<String, String> = HashMap::new();
    for (file, result) in found
        .into_iter()
        .flat_map(|(file, results)| results.into_iter().map(move |result| (file, result)))
    {
        match result {
            Err(reason) => unreadable.push(reason),
            Ok(Found { line, article }) => match holders.get(&article.id) {
                None => {
                    let holder = format!("{}:{line}", file.location.display());
                    holders.insert(article.id.clone(), holder);
                    articles.push(article);
                }
                Some(holder) => {
                    unreadable.push(file.unreadable(Some(line), taken(&article.id, holder)));
                }
            },
        }
    }
    Reading {
        articles,
        unreadable,
    }
}

fn taken(id: &str, holder: &str) -> String {
    format!("has the id {id:?}, which the article at {holder} has already: rename one of them")
}
