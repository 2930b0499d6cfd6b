//! Standard output: whether it is a terminal, how wide it is, and whether anyone still reads it.

use std::{
    error::Error,
    io::{self, IsTerminal, Write},
};

use anstream::AutoStream;

/// Lines longer than this are hard to read, however wide the window is.
const WIDEST: usize = 100;
/// Where nothing says how wide a line may be.
const USUAL: usize = 80;
/// Below this nothing can be laid out.
const NARROWEST: usize = 20;

/// Standard output, coloured where that is wanted: on a terminal, unless `NO_COLOR` is set.
pub struct Console {
    out: AutoStream<io::StdoutLock<'static>>,
    width: usize,
}

impl Console {
    /// Takes standard output.
    #[must_use]
    pub fn new() -> Self {
        Self {
            out: AutoStream::auto(io::stdout().lock()),
            width: width(),
        }
    }

    /// How many columns a line may have.
    #[must_use]
    pub fn width(&self) -> usize {
        self.width
    }

    /// Asks again how wide the window is: a person may have changed it.
    pub fn measure(&mut self) {
        self.width = width();
    }

    /// Prints text that was rendered for this width.
    ///
    /// # Errors
    /// Where nobody reads any more, or the disk is full.
    pub fn print(&mut self, rendered: &str) -> io::Result<()> {
        self.out.write_all(rendered.as_bytes())?;
        self.out.flush()
    }
}

impl Default for Console {
    fn default() -> Self {
        Self::new()
    }
}

fn width() -> usize {
    let of_window = || terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
    let stated = std::env::var("COLUMNS")
        .ok()
        .and_then(|columns| columns.trim().parse().ok())
        .filter(|&columns: &usize| columns > 0);
    stated
        .or_else(|| io::stdout().is_terminal().then(of_window).flatten())
        .unwrap_or(USUAL)
        .clamp(NARROWEST, WIDEST)
}

/// Whether `error` only means that the reader of our output has gone, which is its right.
#[must_use]
pub fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause: &(dyn Error + 'static)| {
        cause
            .downcast_ref::<io::Error>()
            .is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
    })
}
