//! The command line: what a person may type after `dateline`.
//!
//! The subcommands that deal with the program itself are written out here; each command of [`COMMANDS`]
//! becomes one more, so that `dateline when protests` needs no line of its own.

use std::{ffi::OsString, io, path::PathBuf};

use clap::{Args, Command, CommandFactory, FromArgMatches, Parser, Subcommand};
use jiff::civil::Date;

use crate::command::{ArgumentKind, COMMANDS};

/// Answers questions about the events in an archive of news articles, in the articles' own words.
///
/// Without a subcommand: the Discord bot where `DISCORD_TOKEN` is set, else a chat in the terminal.
#[derive(Debug, Parser)]
#[command(
    name = "dateline",
    version,
    disable_help_subcommand = true,
    next_display_order = 100
)]
#[command(
    after_help = "Exit status: 0 answered or done, 1 nothing found or not in order, 2 wrong use or configuration."
)]
pub struct Arguments {
    /// What holds for every subcommand.
    #[command(flatten)]
    pub common: Common,
    /// The subcommand.
    #[command(subcommand)]
    pub action: Option<Action>,
}

/// What holds for every subcommand.
#[derive(Clone, Debug, Args)]
pub struct Common {
    /// A folder or file of articles; may be given more than once [default: as configured]
    #[arg(long, global = true, value_name = "PATH")]
    pub archive: Vec<PathBuf>,
    /// A folder in which the index is kept, so that the next start need not read the articles again [default:
    /// as configured]
    #[arg(long, global = true, value_name = "FOLDER")]
    pub index: Option<PathBuf>,
    /// The configuration file [default: config/dateline.toml, if it is there]
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        env = "DATELINE_CONFIG",
        hide_env_values = true
    )]
    pub config: Option<PathBuf>,
}

/// A subcommand.
#[derive(Debug, Subcommand)]
pub enum Action {
    /// Answer one question or command, or a stream of them
    #[command(display_order = 0)]
    Ask(AskArguments),
    /// Mark time expressions, quotations and dates of events: JSON lines in, JSON lines out
    Annotate,
    /// Read the archive and say what was found in it
    Index {
        /// Go on taking in what appears, changes and vanishes, and the feeds, until it is ended
        #[arg(long)]
        watch: bool,
    },
    /// List every problem of the configuration, the rules and the articles
    Check,
    /// See whether everything the bot needs is in order: token, intents, permissions, index, clock
    Doctor,
    /// Run the Discord bot (needs `DISCORD_TOKEN`)
    Discord,
    /// Ask and be answered in the terminal
    Chat,
    /// Print completions for a shell
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
}

/// What `ask` takes.
#[derive(Clone, Debug, Args)]
pub struct AskArguments {
    /// A question in plain words, or a command with its argument
    #[arg(value_name = "TEXT", required_unless_present = "batch")]
    pub text: Vec<String>,
    /// Read one JSON object {"id","ask"} a line from standard input, and answer each with one
    #[arg(long, conflicts_with_all = ["text", "png"])]
    pub batch: bool,
    /// Whether the first word is a command's name for certain
    #[arg(skip)]
    pub named: bool,
    /// How it is answered.
    #[command(flatten)]
    pub manner: Manner,
}

/// How a question is answered.
#[derive(Clone, Debug, Args)]
pub struct Manner {
    /// Answer with one JSON object
    #[arg(long)]
    pub json: bool,
    /// Write the picture of a timeline to FILE, as PNG
    #[arg(long, value_name = "FILE")]
    pub png: Option<PathBuf>,
    /// How many excerpts at most
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub limit: Option<u16>,
    /// The day on which it is asked, YYYY-MM-DD [default: today]
    #[arg(long, value_name = "DATE", value_parser = crate::article::format::date)]
    pub now: Option<Date>,
}

/// The whole command line: what is written out above, and a subcommand for each command of the table.
fn command_line() -> Command {
    COMMANDS
        .iter()
        .enumerate()
        .filter(|(_, row)| row.name != "ask")
        .fold(Arguments::command(), |line, (place, row)| {
            let mut words = clap::Arg::new("text")
                .value_name(row.argument_name)
                .num_args(0..)
                .required(row.required);
            if row.argument == ArgumentKind::None {
                words = words.hide(true);
            } else {
                words = words.help(format!("For example: {}", row.example));
            }
            // The words of the manner would overwrite what the command says of itself, so that comes last.
            let command = Manner::augment_args(Command::new(row.name).arg(words))
                .about(row.help.trim_end_matches('.'))
                .long_about(None)
                .visible_aliases(row.aliases)
                .display_order(place);
            line.subcommand(command)
        })
}

/// Reads the command line. Help, the version and wrong use end the process here, wrong use with 2.
#[must_use]
pub fn parse(arguments: impl IntoIterator<Item = OsString>) -> Arguments {
    let mut line = command_line();
    let matches = line
        .try_get_matches_from_mut(arguments)
        .unwrap_or_else(|error| error.exit());
    let read = match matches.subcommand() {
        Some((name, words)) if !Action::has_subcommand(name) => {
            // A row of the table: the same as `ask` with the command's name before its argument.
            let said = words.get_many::<String>("text").into_iter().flatten();
            let text = std::iter::once(name.to_owned())
                .chain(said.cloned())
                .collect();
            Common::from_arg_matches(words).and_then(|common| {
                Ok(Arguments {
                    common,
                    action: Some(Action::Ask(AskArguments {
                        text,
                        batch: false,
                        named: true,
                        manner: Manner::from_arg_matches(words)?,
                    })),
                })
            })
        }
        _ => Arguments::from_arg_matches(&matches),
    };
    read.unwrap_or_else(|error| error.format(&mut line).exit())
}

/// Writes the completions of `shell` to standard output.
///
/// # Errors
/// Where nobody reads them.
pub fn print_completions(shell: clap_complete::Shell) -> io::Result<()> {
    // The generator panics where it cannot write, so it writes to memory.
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut command_line(), "dateline", &mut script);
    io::Write::write_all(&mut io::stdout().lock(), &script)
}
