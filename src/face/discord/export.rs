//! `/export`: an answer's evidence as a file, for the asker alone.
//!
//! A row an excerpt, in the article's own words: as Markdown to be read, as CSV (RFC 4180) for a spreadsheet, as
//! JSON for a program. A spreadsheet takes a cell that begins with `=`, `+`, `-`, `@`, a tab or a line end for a
//! formula, whoever wrote it; such a cell begins with an apostrophe here, as OWASP advises. JSON has
//! the words untouched.

use serenity::{
    all::CommandInteraction,
    builder::{
        CreateAttachment, CreateInteractionResponse, CreateInteractionResponseMessage,
        EditInteractionResponse,
    },
    http::Http,
};

use super::{
    address::within,
    bot::Bot,
    delivery::{attempt, report, undelivered},
    interaction::Responding,
    look::Sheet,
    markdown::{escape_line, quote},
    places::Manners,
    question::day,
    watching::words,
};
use crate::{
    answer::{Answer, Citation, Evidence, date_label, day_label},
    command::{Call, command},
    language::Language,
};

/// What can be exported: names of commands.
pub const EXPORTS: [&str; 2] = ["timeline", "quote"];

/// As what.
pub const FORMATS: [&str; 3] = ["md", "csv", "json"];

/// How many excerpts a file holds at most.
const MOST: usize = 500;

/// The columns of a table, and the keys of an object.
const COLUMNS: [&str; 10] = [
    "date",
    "excerpt",
    "speaker",
    "headline",
    "outlet",
    "published",
    "url",
    "file",
    "article",
    "paragraph",
];

impl Bot {
    /// Answers `/export`.
    pub(super) async fn export(
        &self,
        http: &Http,
        responding: Responding<'_>,
        manners: &Manners,
        interaction: &CommandInteraction,
    ) {
        let (id, token) = (responding.id, responding.token);
        if let Err(too_fast) = self.may_ask(manners, interaction.user.id, interaction.channel_id) {
            let sentence = Self::wait_sentence(manners, too_fast.wait);
            return self.whisper(http, id, token, &sentence).await;
        }
        let said = |name, default| match words(interaction, name) {
            "" => default,
            said => said,
        };
        let (what, format) = (said("what", "timeline"), said("format", "md"));
        let row = command(what).filter(|_| EXPORTS.contains(&what) && FORMATS.contains(&format));
        let Some(row) = row else {
            let sentence = manners.say("discord_unknown_command", &[]);
            return self.whisper(http, id, token, &sentence).await;
        };
        let deferred = CreateInteractionResponse::Defer(
            CreateInteractionResponseMessage::new().ephemeral(true),
        );
        self.respond(http, id, token, deferred).await;
        let call = Call::new(row, words(interaction, "topic"), day(id.created_at()));
        let asked = within(call, self.settings.question_length);
        // A file has room for more than a message.
        let manners = Manners {
            excerpts: Some(MOST),
            ..manners.clone()
        };
        let edit: EditInteractionResponse = match self.search.evidence(&manners, &asked).await {
            Ok(answer) if answer.evidence().next().is_some() => {
                let language = manners.archive.language();
                let file = file(&answer, language, format);
                let name = format!("{what}.{format}");
                let said = manners.say("export_done", &[("topic", &asked.call.request.argument)]);
                Sheet::sentence(&escape_line(&said))
                    .deferred()
                    .new_attachment(CreateAttachment::bytes(file, name))
            }
            Ok(_) => Sheet::sentence(&manners.say("nothing_search", &[])).deferred(),
            Err(failure) => {
                let said = Self::failure_sentence(&manners, id.get(), &failure);
                Sheet::sentence(&said).deferred()
            }
        };
        let sent = attempt(|| interaction.edit_response(http, edit.clone())).await;
        report(id, sent.map(drop).map_err(undelivered));
    }
}

/// The evidence of `answer` in a format of [`FORMATS`].
#[must_use]
pub fn file(answer: &Answer, language: &Language, format: &str) -> String {
    match format {
        "csv" => csv(answer),
        "json" => json(answer),
        _ => markdown(answer, language),
    }
}

/// Each evidence with its best source.
fn rows(answer: &Answer) -> impl Iterator<Item = (&Evidence, &Citation)> {
    answer.evidence().filter_map(|evidence| {
        let number = evidence.citations.first()?;
        Some((evidence, answer.citations.get(*number)?))
    })
}

fn cells(evidence: &Evidence, citation: &Citation) -> [String; 10] {
    let date = evidence.date.as_ref().map(|date| date.value.to_string());
    let speaker = evidence.speaker.as_ref().map(|by| by.name.clone());
    [
        date.unwrap_or_default(),
        evidence.excerpt.text().to_owned(),
        speaker.unwrap_or_default(),
        citation.headline.clone(),
        citation.outlet.clone().unwrap_or_default(),
        citation.published.to_string(),
        citation.url.clone().unwrap_or_default(),
        citation.path.clone().unwrap_or_default(),
        citation.article.clone(),
        citation.paragraph.to_string(),
    ]
}

fn csv(answer: &Answer) -> String {
    let mut out = COLUMNS.join(",");
    out.push_str("\r\n");
    for (evidence, citation) in rows(answer) {
        let cells: Vec<String> = cells(evidence, citation)
            .iter()
            .map(|it| cell(it))
            .collect();
        out.push_str(&cells.join(","));
        out.push_str("\r\n");
    }
    out
}

/// A cell that is no formula, in quotation marks where it must be.
fn cell(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    let guarded = if formula {
        format!("'{text}")
    } else {
        text.to_owned()
    };
    if guarded.contains([',', '"', '\r', '\n', ';', '\t']) || formula {
        format!("\"{}\"", guarded.replace('"', "\"\""))
    } else {
        guarded
    }
}

fn json(answer: &Answer) -> String {
    let objects: Vec<serde_json::Value> = rows(answer)
        .map(|(evidence, citation)| {
            let object: serde_json::Map<String, serde_json::Value> = COLUMNS
                .iter()
                .zip(cells(evidence, citation))
                .filter(|(_, value)| !value.is_empty())
                .map(|(key, value)| ((*key).to_owned(), value.into()))
                .collect();
            object.into()
        })
        .collect();
    let mut out = serde_json::to_string_pretty(&objects).unwrap_or_default();
    out.push('\n');
    out
}

fn markdown(answer: &Answer, language: &Language) -> String {
    let mut out = format!("# {}\n", escape_line(&answer.title));
    for (evidence, citation) in rows(answer) {
        let text = evidence.excerpt.text();
        out.push_str("\n## ");
        match &evidence.date {
            Some(date) => out.push_str(&escape_line(&date_label(language, date))),
            None => out.push_str(&day_label(language, citation.published)),
        }
        out.push_str("\n\n");
        out.push_str(&quote(text, 0..text.len(), &[]));
        out.push_str("\n\n");
        let mut parts = Vec::new();
        parts.extend(
            evidence
                .speaker
                .as_ref()
                .map(|by| format!("— {}", escape_line(&by.name))),
        );
        parts.push(escape_line(&citation.headline));
        parts.extend(citation.outlet.as_deref().map(escape_line));
        parts.push(day_label(language, citation.published));
        parts.extend(super::page::place(citation));
        out.push_str(&parts.join(" · "));
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::cell;

    #[test]
    fn no_cell_is_a_formula() {
        for (text, safe) in [
            ("plain", "plain"),
            ("with, comma", "\"with, comma\""),
            ("“said”", "“said”"),
            ("\"said\"", "\"\"\"said\"\"\""),
            ("=HYPERLINK(\"x\")", "\"'=HYPERLINK(\"\"x\"\")\""),
            ("-1+1", "\"'-1+1\""),
            ("@SUM(A1)", "\"'@SUM(A1)\""),
            ("+1", "\"'+1\""),
            ("\t=1", "\"'\t=1\""),
            ("two\nlines", "\"two\nlines\""),
            ("", ""),
        ] {
            assert_eq!(cell(text), safe, "{text:?}");
        }
    }
}
