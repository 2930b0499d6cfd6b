//! The chat: a question, an answer, and the next question.
//!
//! On a terminal a line can be edited and completed, and what was asked is kept in the person's own data
//! folder. From a pipe each line is a question and nothing but answers is written to standard output. A
//! question may lean on the one before it, as a reply in Discord may.

use std::{
    fs,
    io::{self, BufRead, IsTerminal, Write},
    path::PathBuf,
    sync::Arc,
};

use rustyline::{CompletionType, Config, Editor, error::ReadlineError, history::FileHistory};

use super::{Console, Outcome, ask::Asking, completion::Completion, render::render};
use crate::command::{Call, follow_up};

/// Answers until the person has had enough. `hint` is said first: what else could be done.
///
/// # Errors
/// Where the terminal or the pipe fails, or the archive.
pub fn chat(asking: &Asking, hint: Option<&str>) -> anyhow::Result<Outcome> {
    let mut talk = Talk {
        asking,
        console: Console::new(),
        previous: None,
    };
    if io::stdin().is_terminal() {
        talk.on_terminal(hint)?;
    } else {
        if let Some(hint) = hint {
            // Nothing can be done about a standard error that nobody reads.
            let _ = writeln!(io::stderr(), "{hint}");
        }
        talk.through_pipe()?;
    }
    Ok(Outcome::Done)
}

struct Talk<'a> {
    asking: &'a Asking,
    console: Console,
    previous: Option<Call>,
}

impl Talk<'_> {
    fn on_terminal(&mut self, hint: Option<&str>) -> anyhow::Result<()> {
        let version = env!("CARGO_PKG_VERSION");
        let mut greeting = format!(
            "Dateline {version}. Ask a question in plain words; `help` lists what else you can say, and Ctrl+D ends.\n"
        );
        if let Some(hint) = hint {
            greeting.push_str(hint);
            greeting.push('\n');
        }
        self.console.print(&format!(
            "{}\n",
            textwrap::fill(&greeting, self.console.width())
        ))?;

        let config = Config::builder()
            .completion_type(CompletionType::List)
            .auto_add_history(true)
            .build();
        let mut editor: Editor<Completion, FileHistory> = Editor::with_config(config)?;
        editor.set_helper(Some(Completion {
            archive: Arc::clone(&self.asking.archive),
            prefix: self.asking.prefix.clone(),
        }));
        // A history that cannot be kept is no reason not to talk.
        let history = history_file();
        if let Some(file) = &history {
            let _ = editor.load_history(file);
        }
        loop {
            match editor.readline("> ") {
                Ok(line) if is_farewell(&line) => break,
                Ok(line) => {
                    self.console.measure();
                    self.console.print("\n")?;
                    self.turn(&line)?;
                    self.console.print("\n")?;
                }
                Err(ReadlineError::Eof | ReadlineError::Interrupted) => break,
                Err(error) => return Err(error.into()),
            }
            if let Some(file) = &history {
                let _ = editor.save_history(file);
            }
        }
        Ok(())
    }

    fn through_pipe(&mut self) -> anyhow::Result<()> {
        let mut first = true;
        for line in io::stdin().lock().split(b'\n') {
            let line = line?;
            let line = String::from_utf8_lossy(&line);
            if is_farewell(&line) {
                break;
            }
            if line.trim().is_empty() {
                continue;
            }
            if !first {
                self.console.print("\n")?;
            }
            first = false;
            self.turn(&line)?;
        }
        Ok(())
    }

    fn turn(&mut self, line: &str) -> anyhow::Result<()> {
        let Some(call) = self.read(line) else {
            return Ok(());
        };
        let answer = self.asking.answer(call.clone())?;
        let language = self.asking.archive.language();
        let rendered = render(&answer, language, self.console.width());
        self.console.print(&rendered)?;
        // "help" and "status" are no topic that the next question could lean on.
        if !call.request.argument.is_empty() {
            self.previous = Some(call);
        }
        Ok(())
    }

    /// A line with a prefix stands alone; any other may lean on what was asked before.
    fn read(&self, line: &str) -> Option<Call> {
        let leans = !line.trim_start().starts_with(&self.asking.prefix);
        match &self.previous {
            Some(previous) if leans && !line.trim().is_empty() => {
                follow_up(line, previous, self.asking.archive.language())
            }
            _ => self.asking.read(line),
        }
    }
}

fn is_farewell(line: &str) -> bool {
    matches!(line.trim(), "quit" | "exit" | "bye" | "/quit" | ":q")
}

/// Where what was asked is kept, by the XDG Base Directory Specification.
fn history_file() -> Option<PathBuf> {
    let set = |name| std::env::var_os(name).filter(|value| !value.is_empty());
    let data = set("XDG_DATA_HOME")
        .map(PathBuf::from)
        .filter(|path| path.is_absolute())
        .or_else(|| set("HOME").map(|home| PathBuf::from(home).join(".local/share")))
        .or_else(|| set("LOCALAPPDATA").map(PathBuf::from))?;
    let folder = data.join("dateline");
    fs::create_dir_all(&folder).ok()?;
    Some(folder.join("history"))
}
