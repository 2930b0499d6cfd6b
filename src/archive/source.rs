//! Files on their way into an archive, read by a thread of their own while what was read before is analysed.
//!
//! What comes of them is one row of events, in the order of the files.

use std::{
    ops::ControlFlow,
    sync::mpsc::{SyncSender, sync_channel},
};

use rayon::prelude::*;

use super::ArchiveError;
use crate::article::{self, Article, File, Unreadable, format::Found};

/// Files up to this size are read side by side, so many bytes and files at a time.
const SMALL_FILE: u64 = 1 << 20;
const GROUP_SIZE: u64 = 4 << 20;
const GROUP_FILES: usize = 512;

/// How many events the reading may be ahead.
const AHEAD: usize = 512;

/// What happens as files are read. Files are called by their place in the list of all files.
#[derive(Debug)]
pub enum Event {
    /// A file begins, with this hash of its content.
    Begin { file: usize, hash: u128 },
    /// An article stands in it.
    Article {
        file: usize,
        line: usize,
        article: Article,
    },
    /// Something of the file cannot be read.
    LeftOut(Unreadable),
    /// It was read to its end.
    End,
}

impl Event {
    fn of(file: usize, one: Result<Found, Unreadable>) -> Self {
        match one {
            Ok(Found { line, article }) => Self::Article {
                file,
                line,
                article,
            },
            Err(reason) => Self::LeftOut(reason),
        }
    }
}

/// Reads those of `files` that are `wanted`, each with the hash of its content, and gives `take` all that
/// happens, until it fails.
pub fn read(
    files: &[File],
    wanted: &[(usize, u128)],
    mut take: impl FnMut(Event) -> Result<(), ArchiveError>,
) -> Result<(), ArchiveError> {
    std::thread::scope(|scope| {
        let (sender, events) = sync_channel(AHEAD);
        scope.spawn(move || read_all(files, wanted, &sender));
        // Where it fails the channel closes, and the reading ends.
        events.into_iter().try_for_each(&mut take)
    })
}

/// Reads files in their order, the small ones side by side; ends when nobody listens.
fn read_all(files: &[File], wanted: &[(usize, u128)], sender: &SyncSender<Event>) -> Option<()> {
    let send = |event| sender.send(event).ok();
    let mut left = wanted;
    while let Some(group) = group(files, left) {
        left = left.get(group.len()..).unwrap_or_default();
        if let &[(number, hash)] = group {
            send(Event::Begin { file: number, hash })?;
            if let Some(file) = files.get(number) {
                article::read_file(file, &mut |one| match send(Event::of(number, one)) {
                    Some(()) => ControlFlow::Continue(()),
                    None => ControlFlow::Break(()),
                });
            }
            send(Event::End)?;
            continue;
        }
        let read: Vec<Vec<Event>> = group
            .par_iter()
            .map(|&(number, _)| {
                let mut found = Vec::new();
                if let Some(file) = files.get(number) {
                    article::read_file(file, &mut |one| {
                        found.push(Event::of(number, one));
                        ControlFlow::Continue(())
                    });
                }
                found
            })
            .collect();
        for (&(number, hash), found) in group.iter().zip(read) {
            send(Event::Begin { file: number, hash })?;
            for event in found {
                send(event)?;
            }
            send(Event::End)?;
        }
    }
    Some(())
}

/// The files that are read next: several small ones, or one of any size; none where none is left.
fn group<'g>(files: &[File], left: &'g [(usize, u128)]) -> Option<&'g [(usize, u128)]> {
    let mut size = 0;
    let small = left
        .iter()
        .take(GROUP_FILES)
        .take_while(|(number, _)| {
            files.get(*number).is_some_and(|file| {
                size += file.size;
                // What is packed may be of any size.
                file.packing.is_none() && file.size <= SMALL_FILE && size <= GROUP_SIZE
            })
        })
        .count();
    left.get(..small.max(1))
}
