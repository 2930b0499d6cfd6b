//! `ask`: one answer, or a stream of them.

use std::{io, path::Path, sync::Arc};

use anyhow::Context;
use jiff::civil::Date;
use serde::Deserialize;
use serde_json::Value;

use super::{
    AskArguments, Console, Outcome,
    json::{self, ErrorObject},
    render::render,
    stream::{self, Input},
};
use crate::{
    answer::Answer,
    archive::{Archive, ArchiveError},
    command::{Call, read_prefixed, read_question, read_words},
    face::picture,
    language::Language,
};

/// How questions are asked of an archive.
#[derive(Clone)]
pub struct Asking {
    /// The archive.
    pub archive: Arc<Archive>,
    /// The day on which it is asked.
    pub today: Date,
    /// How many excerpts at most; each command's own number where nothing is said.
    pub limit: Option<usize>,
    /// What may stand before a command's name, as in Discord.
    pub prefix: String,
}

impl Asking {
    /// Reads what a person typed: `when protests`, `!when protests`, or a question.
    #[must_use]
    pub fn read(&self, text: &str) -> Option<Call> {
        if text.trim().is_empty() {
            return None;
        }
        read_prefixed(text, &self.prefix, self.today)
            .or_else(|| read_question(text, self.today, self.archive.language()))
    }

    /// Answers a call.
    ///
    /// # Errors
    /// Where the archive fails.
    pub fn answer(&self, mut call: Call) -> Result<Answer, ArchiveError> {
        call.request.limit = call.request.limit.or(self.limit);
        (call.command.answer)(&self.archive, &call.request)
    }
}

/// Answers one question.
///
/// # Errors
/// Where nothing is asked, the archive fails, or nobody reads the answer.
pub fn ask(asking: &Asking, asked: &AskArguments) -> anyhow::Result<Outcome> {
    let text = asked.text.join(" ");
    let call = if asked.named {
        read_words(&text, asking.today)
    } else {
        asking.read(&text)
    };
    let call = call.context("nothing is asked")?;
    let answer = asking.answer(call)?;
    if let Some(file) = &asked.manner.png {
        draw(&answer, asking.archive.language(), file)?;
    }
    let mut console = Console::new();
    if asked.manner.json {
        let mut line = serde_json::to_string(&json::object(Value::Null, &answer))?;
        line.push('\n');
        console.print(&line)?;
    } else {
        let language = asking.archive.language();
        console.print(&render(&answer, language, console.width()))?;
    }
    Ok(if answer.answered() {
        Outcome::Done
    } else {
        Outcome::Nothing
    })
}

/// Writes the picture of an answer to `file`.
fn draw(answer: &Answer, language: &Language, file: &Path) -> anyhow::Result<()> {
    let chart = answer.chart.as_ref().context(
        "there is no picture of this answer; a timeline of days not too far apart has one",
    )?;
    let picture = picture::png(chart, language)?;
    std::fs::write(file, picture).with_context(|| format!("cannot write {}", file.display()))
}

/// One line of a batch. Keys that are not named here are passed over.
#[derive(Deserialize)]
struct Question {
    #[serde(default)]
    id: Value,
    ask: Option<String>,
    text: Option<String>,
}

/// Answers each line of standard input with one line, in order.
///
/// # Errors
/// Where reading fails, or nobody reads the answers. A bad line is no error: it is answered with one.
pub fn ask_batch(asking: Asking) -> anyhow::Result<Outcome> {
    let progress = stream::bar(stream::stdin_size());
    let mut out = io::BufWriter::new(io::stdout().lock());
    let work = move |line: Input| match line {
        Input::Line(line) => answer_line(&asking, &line),
        Input::Bad(reason) => json_error(Value::Null, reason),
    };
    stream::lines(stream::input(), &mut out, &progress, work, internal_error)?;
    Ok(Outcome::Done)
}

fn answer_line(asking: &Asking, line: &str) -> String {
    let question: Question = match serde_json::from_str(line) {
        Ok(question) => question,
        Err(error) => return json_error(id_of(line), format!("no question in JSON: {error}")),
    };
    let Some(call) = question
        .ask
        .or(question.text)
        .and_then(|text| asking.read(&text))
    else {
        return json_error(
            question.id,
            "nothing is asked: `ask` is missing or empty".to_owned(),
        );
    };
    match asking.answer(call) {
        Ok(answer) => {
            let id = question.id.clone();
            serde_json::to_string(&json::object(id, &answer))
                .unwrap_or_else(|error| json_error(question.id, error.to_string()))
        }
        Err(error) => json_error(question.id, error.to_string()),
    }
}

/// The line that stands for one that could not be answered.
pub(super) fn json_error(id: Value, error: String) -> String {
    serde_json::to_string(&ErrorObject { id, error })
        .unwrap_or_else(|_| r#"{"id":null,"error":"internal error"}"#.to_owned())
}

/// The line that stands for one on which we failed.
pub(super) fn internal_error() -> String {
    json_error(
        Value::Null,
        "internal error; standard error has the cause".to_owned(),
    )
}

/// The id of a line whose other keys may be wrong.
pub(super) fn id_of(line: &str) -> Value {
    #[derive(Deserialize)]
    struct Named {
        #[serde(default)]
        id: Value,
    }
    serde_json::from_str(line).map_or(Value::Null, |named: Named| named.id)
}
