//! JSON objects in, JSON objects out, one a line, in their order, on every core, at constant memory.
//!
//! One thread reads, one for each core works, and the calling one writes. A ticket is taken for each line
//! that is read and given back when its answer is written, so that however slow one line is, no more than
//! [`WINDOW`] are under way. An answer is written as soon as all before it are: a program that asks one
//! question at a time and waits for the answer gets it.

use std::{
    collections::BTreeMap,
    io::{self, BufRead, BufReader, IsTerminal, Read, Write},
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{Receiver, sync_channel},
    },
    thread,
};

use indicatif::{ProgressBar, ProgressStyle};

use crate::article::format::ARTICLE_LIMIT;

/// How many lines are under way at most.
const WINDOW: usize = 256;

/// The longest line: an article and what JSON adds to it.
const LINE_LIMIT: u64 = 2 * ARTICLE_LIMIT;

/// One line of the input.
pub(super) enum Input {
    /// Its text, without the line end.
    Line(String),
    /// What is wrong with it.
    Bad(String),
}

type Numbered<T> = (u64, T);

/// Gives each line of `input` that is not blank to `work`, and writes what it returns to `out`, one line each.
/// `failed` says what is written for a line on which `work` panicked.
///
/// # Errors
/// Where reading or writing fails. Threads that wait for more input are left behind: they end with the process.
pub(super) fn lines(
    input: impl Read + Send + 'static,
    out: &mut impl Write,
    progress: &ProgressBar,
    work: impl Fn(Input) -> String + Send + Sync + 'static,
    failed: impl Fn() -> String + Send + Sync + 'static,
) -> io::Result<()> {
    let (take_ticket, give_ticket) = sync_channel::<()>(WINDOW);
    let (give_line, take_line) = sync_channel::<Numbered<Input>>(WINDOW);
    let (give_answer, take_answer) = sync_channel::<Numbered<io::Result<String>>>(WINDOW);

    let give_end = give_answer.clone();
    let read = progress.clone();
    thread::spawn(move || {
        let mut input = BufReader::with_capacity(1 << 16, input);
        let mut number = 0;
        loop {
            match next(&mut input, &read) {
                Ok(None) => break,
                Ok(Some(line)) => {
                    if take_ticket.send(()).is_err() || give_line.send((number, line)).is_err() {
                        break;
                    }
                    number += 1;
                }
                Err(error) => {
                    // Its number is the next one, so that what came before is still written.
                    let _ = give_end.send((number, Err(error)));
                    break;
                }
            }
        }
    });

    let shared: Arc<Mutex<Receiver<Numbered<Input>>>> = Arc::new(Mutex::new(take_line));
    let (work, failed) = (Arc::new(work), Arc::new(failed));
    for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
        let (shared, give_answer) = (Arc::clone(&shared), give_answer.clone());
        let (work, failed) = (Arc::clone(&work), Arc::clone(&failed));
        thread::spawn(move || {
            loop {
                let taken = shared.lock().unwrap_or_else(PoisonError::into_inner).recv();
                let Ok((number, line)) = taken else { break };
                // A bad line costs that line, even where the fault is ours.
                let answer =
                    catch_unwind(AssertUnwindSafe(|| work(line))).unwrap_or_else(|_| failed());
                if give_answer.send((number, Ok(answer))).is_err() {
                    break;
                }
            }
        });
    }
    drop(give_answer);

    let mut waiting = BTreeMap::new();
    let mut next_number = 0;
    for (number, answer) in &take_answer {
        waiting.insert(number, answer);
        let mut some = false;
        while let Some(answer) = waiting.remove(&next_number) {
            let answer = answer?;
            out.write_all(answer.as_bytes())?;
            out.write_all(b"\n")?;
            next_number += 1;
            some = true;
            let _ = give_ticket.try_recv();
        }
        if some {
            out.flush()?;
        }
    }
    progress.finish_and_clear();
    Ok(())
}

/// The next line that is not blank.
fn next(input: &mut impl BufRead, progress: &ProgressBar) -> io::Result<Option<Input>> {
    let mut line = Vec::new();
    loop {
        line.clear();
        let read = input
            .by_ref()
            .take(LINE_LIMIT)
            .read_until(b'\n', &mut line)?;
        if read == 0 {
            return Ok(None);
        }
        progress.inc(read as u64);
        if read as u64 == LINE_LIMIT && line.last() != Some(&b'\n') {
            input.skip_until(b'\n')?;
            let limit = LINE_LIMIT / (1024 * 1024);
            return Ok(Some(Input::Bad(format!(
                "the line is longer than {limit} MB"
            ))));
        }
        let content = line
            .strip_prefix(b"\xEF\xBB\xBF")
            .unwrap_or(&line)
            .trim_ascii();
        if !content.is_empty() {
            return Ok(Some(match String::from_utf8(content.to_vec()) {
                Ok(text) if text.starts_with('{') => Input::Line(text),
                // serde would take an array for an object whose keys come in the order it knows.
                Ok(_) => Input::Bad("the line is no JSON object".to_owned()),
                Err(_) => Input::Bad("the line is not UTF-8".to_owned()),
            }));
        }
    }
}

/// A bar on standard error: of `bytes` where their number is known. Hidden where standard error is no
/// terminal, and where the lines themselves are written to one.
pub(super) fn bar(bytes: Option<u64>) -> ProgressBar {
    if io::stdout().is_terminal() || !io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let (bar, template) = match bytes {
        Some(bytes) => (
            ProgressBar::new(bytes),
            "{bar:30} {percent}% · {bytes}/{total_bytes} · {eta} left",
        ),
        None => (ProgressBar::new_spinner(), "{spinner} {bytes} · {elapsed}"),
    };
    bar.with_style(
        ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar()),
    )
}

/// Standard input; a person who would sit before it is told what is waited for.
pub(super) fn input() -> io::Stdin {
    let input = io::stdin();
    if input.is_terminal() {
        // Nothing can be done about a standard error that nobody reads.
        let _ = writeln!(io::stderr(), "reading one JSON object a line; Ctrl+D ends");
    }
    input
}

/// How many bytes standard input holds, where it is a file.
pub(super) fn stdin_size() -> Option<u64> {
    #[cfg(unix)]
    {
        use std::os::fd::AsFd;
        let file = std::fs::File::from(io::stdin().as_fd().try_clone_to_owned().ok()?);
        let metadata = file.metadata().ok()?;
        metadata.is_file().then_some(metadata.len())
    }
    #[cfg(not(unix))]
    None
}
