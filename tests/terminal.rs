//! The binary itself, as a person or a program runs it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[path = "terminal/streams.rs"]
mod streams;

use std::{
    fs,
    io::Write,
    path::Path,
    process::{Command, Output, Stdio},
};

use serde_json::Value;
use tempfile::TempDir;

/// `dateline` in the package's folder, with nothing of this machine's settings.
fn dateline(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dateline"));
    command.current_dir(env!("CARGO_MANIFEST_DIR"));
    for name in [
        "DISCORD_TOKEN",
        "DATELINE_CONFIG",
        "NO_COLOR",
        "CLICOLOR_FORCE",
        "COLUMNS",
        "RUST_LOG",
    ] {
        command.env_remove(name);
    }
    command.args(arguments).stdin(Stdio::null());
    command
}

fn run(arguments: &[&str]) -> Output {
    dateline(arguments).output().unwrap()
}

/// Runs it with this on its standard input.
fn feed(arguments: &[&str], input: &[u8]) -> Output {
    let mut child = dateline(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut pipe = child.stdin.take().unwrap();
    let input = input.to_vec();
    let writer = std::thread::spawn(move || {
        // It may stop reading before the end, which is no fault of the test's.
        let _ = pipe.write_all(&input);
    });
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    output
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn code(output: &Output) -> i32 {
    output.status.code().expect("it ended by itself")
}

fn json_lines(output: &Output) -> Vec<Value> {
    out(output)
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

fn keys(object: &Value) -> Vec<&str> {
    object
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect()
}

fn sorted<'a>(names: &[&'a str]) -> Vec<&'a str> {
    let mut names = names.to_vec();
    names.sort_unstable();
    names
}

fn folder(files: &[(&str, &[u8])]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, content) in files {
        fs::write(folder.path().join(name), content).unwrap();
    }
    folder
}

fn shown(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn what_was_found_exits_with_0_what_was_not_with_1_and_wrong_use_with_2() {
    assert_eq!(code(&run(&["ask", "when", "protests"])), 0);
    assert_eq!(code(&run(&["ask", "what is the capital of France?"])), 1);
    for wrong in [
        &["ask"][..],
        &["ask", " "],
        &["ask", "--limit", "0", "when protests"],
        &["ask", "--limit", "many", "when protests"],
        &["ask", "--now", "2021-02-30", "when protests"],
        &["ask", "--batch", "when protests"],
        &["ask", "--loud", "when protests"],
        &["when"],
        &["frobnicate"],
        &["--config", "no/such/file.toml", "ask", "when protests"],
        &["completions", "no-such-shell"],
        &["discord"],
    ] {
        let output = run(wrong);
        assert_eq!(code(&output), 2, "{wrong:?}: {}", err(&output));
        assert_eq!(out(&output), "", "{wrong:?} has no answer");
        assert!(!err(&output).is_empty(), "{wrong:?} must say what is wrong");
    }
}

#[test]
fn one_question_may_be_put_in_four_ways() {
    let plain = out(&run(&["ask", "when", "protests"]));
    assert!(plain.contains("protests"));
    for way in [
        &["when", "protests"][..],
        &["ask", "!when protests"],
        &["date", "protests"],
        &["ask", "--now", "2021-03-01", "when protests"],
    ] {
        assert_eq!(out(&run(way)), plain, "{way:?}");
    }
}

#[test]
fn every_excerpt_is_the_articles_own_words_at_the_place_it_names() {
    let output = run(&["ask", "--json", "search", "Navalny"]);
    let answers = json_lines(&output);
    let [answer] = answers.as_slice() else {
        panic!("one object, not {}", answers.len());
    };
    let evidence = answer["evidence"].as_array().unwrap();
    assert!(!evidence.is_empty());
    for one in evidence {
        let id = one["article"].as_str().unwrap();
        let file = fs::read_to_string(format!("data/articles/{id}.txt")).unwrap();
        let body = file.trim_start().strip_prefix("date ").unwrap();
        let body = body.split_once(' ').unwrap().1;
        let place = |key: &str| usize::try_from(one[key].as_u64().unwrap()).unwrap();
        let cut: String = body
            .chars()
            .skip(place("start"))
            .take(place("end") - place("start"))
            .collect();
        assert_eq!(one["excerpt"], cut);
    }
}

#[test]
fn the_json_object_has_the_keys_that_were_agreed_and_no_others() {
    let answers = json_lines(&run(&["ask", "--json", "--limit", "1", "when", "protests"]));
    let answer = &answers[0];
    assert_eq!(
        keys(answer),
        sorted(&["id", "command", "argument", "answered", "evidence", "note"])
    );
    assert_eq!(answer["command"], "when");
    assert_eq!(answer["argument"], "protests");
    assert_eq!(answer["answered"], true);
    let evidence = answer["evidence"].as_array().unwrap();
    assert_eq!(evidence.len(), 1, "--limit 1");
    assert_eq!(
        keys(&evidence[0]),
        sorted(&[
            "article",
            "excerpt",
            "start",
            "end",
            "date",
            "date_end",
            "date_basis",
            "speaker",
            "score",
            "citation",
        ])
    );
    assert_eq!(
        keys(&evidence[0]["citation"]),
        sorted(&[
            "headline",
            "outlet",
            "published",
            "url",
            "path",
            "paragraph"
        ])
    );
    let basis = evidence[0]["date_basis"].as_str().unwrap();
    assert!(["stated", "carried", "published"].contains(&basis));

    let nothing = json_lines(&run(&["ask", "--json", "when", "zebras"]));
    assert_eq!(nothing[0]["answered"], false);
    assert_eq!(nothing[0]["evidence"], serde_json::json!([]));
    assert!(nothing[0]["note"].as_str().unwrap().contains("zebras"));
}

#[test]
fn help_and_status_say_their_lines_in_json_too() {
    let answers = json_lines(&run(&["ask", "--json", "help"]));
    let note = answers[0]["note"].as_str().unwrap();
    for command in dateline::command::COMMANDS {
        assert!(note.contains(command.name), "{}", command.name);
    }
}

#[test]
fn check_lists_every_problem_at_once_and_exits_with_1() {
    let articles = folder(&[
        ("fine.txt", b"date 2021-02-03 Fine."),
        ("undated.txt", b"No date."),
        ("foreign.txt", b"date 2021-02-03 \x00\x01\x02\xFF\x81\x8D"),
    ]);
    let rules = folder(&[("timex.toml", b"colour = 1")]);
    let config = articles.path().join("bad.toml");
    let content = format!(
        "[archive]\nfolder = 1\n[language]\nfolder = {:?}\n[log]\nfilter = \"a=b=c\"\n",
        shown(rules.path())
    );
    fs::write(&config, content).unwrap();
    fs::rename(&config, rules.path().join("bad.toml")).unwrap();
    let config = rules.path().join("bad.toml");
    let output = run(&[
        "--config",
        shown(&config),
        "--archive",
        shown(articles.path()),
        "check",
    ]);
    let told = out(&output);
    assert_eq!(code(&output), 1, "{told}");
    for wanted in [
        "bad.toml:2: archive.folder",
        "bad.toml:6: log.filter",
        "timex.toml: ",
        "cues.toml: ",
        "undated.txt:1: ",
        "foreign.txt:1: ",
        "1 article can be read",
    ] {
        assert!(told.contains(wanted), "{wanted:?} is missing in\n{told}");
    }
}

#[test]
fn check_of_what_is_shipped_finds_all_in_order() {
    let output = run(&["check"]);
    assert_eq!(code(&output), 0, "{}", out(&output));
    assert!(out(&output).contains("2 articles"));
}

#[test]
fn an_archive_without_any_article_is_a_problem() {
    let empty = folder(&[]);
    assert_eq!(code(&run(&["--archive", shown(empty.path()), "check"])), 1);
    assert_eq!(code(&run(&["--archive", shown(empty.path()), "index"])), 1);
    let output = run(&["--archive", shown(empty.path()), "ask", "when protests"]);
    assert_eq!(code(&output), 1, "{}", err(&output));
}

#[test]
fn what_could_not_be_read_is_named_and_the_rest_answers() {
    let articles = folder(&[
        (
            "a.txt",
            b"date 2021-02-03 The bridge was opened by the mayor.",
        ),
        ("b.txt", b"date 2021-13-03 The bridge fell."),
    ]);
    let output = run(&["--archive", shown(articles.path()), "ask", "search bridge"]);
    assert_eq!(code(&output), 0);
    assert!(out(&output).contains("opened by the mayor"));
    assert!(
        err(&output).contains("b.txt:1: 2021-13-03 is no day"),
        "{}",
        err(&output)
    );

    let output = run(&["--archive", shown(articles.path()), "index"]);
    assert!(
        out(&output).contains("b.txt:1: 2021-13-03 is no day"),
        "{}",
        out(&output)
    );
    assert!(out(&output).contains("1 article, published 3 February 2021"));
}

#[test]
fn thousands_of_unreadable_files_do_not_drown_the_answer() {
    let articles = folder(&[("a.txt", b"date 2021-02-03 The bridge was opened.")]);
    for number in 0..100 {
        fs::write(articles.path().join(format!("x{number}.txt")), "no date").unwrap();
    }
    let output = run(&["--archive", shown(articles.path()), "ask", "search bridge"]);
    assert_eq!(err(&output).lines().count(), 11);
    assert!(err(&output).contains("90 more; `dateline check` names them all"));
}

#[test]
fn several_archives_are_one() {
    let first = folder(&[("a.txt", b"date 2021-02-03 The bridge was opened.")]);
    let second = folder(&[(
        "b.jsonl",
        br#"{"id":"x/1","date":"2021-02-04","text":"The bridge was closed.","title":"Closed"}"#,
    )]);
    let file = second.path().join("b.jsonl");
    let output = run(&[
        "ask",
        "search bridge",
        "--archive",
        shown(first.path()),
        "--archive",
        shown(&file),
        "--json",
    ]);
    let answers = json_lines(&output);
    let mut ids: Vec<_> = answers[0]["evidence"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["article"].as_str().unwrap())
        .collect();
    ids.sort_unstable();
    assert_eq!(ids, ["a", "x/1"]);
}

#[test]
fn control_characters_of_an_article_reach_no_terminal() {
    let body = "date 2021-02-03 The \u{1B}[2Jbridge\u{7} was \u{9B}31m opened \u{202E}yadot\u{8}.";
    let articles = folder(&[
        ("a.txt", body.as_bytes()),
        ("\u{1B}]0;evil\u{7}.txt", b"no date"),
    ]);
    let archive = shown(articles.path());
    let typed = "search bridge \u{1B}[31m";
    for forced in ["0", "1"] {
        let output = dateline(&["--archive", archive, "ask", typed])
            .env("CLICOLOR_FORCE", forced)
            .output()
            .unwrap();
        assert_eq!(code(&output), 0);
        let told = format!("{}{}", out(&output), err(&output));
        assert!(told.contains("bridge"), "{told}");
        for hostile in [
            "\u{1B}[2J",
            "\u{1B}]",
            "\u{7}",
            "\u{8}",
            "\u{9B}",
            "\u{202E}",
            "\u{1B}[31m",
            "\r",
        ] {
            assert!(!told.contains(hostile), "{hostile:?} in {told:?}");
        }
    }
    let output = run(&["--archive", archive, "ask", "--json", typed]);
    let answers = json_lines(&output);
    let excerpt = answers[0]["evidence"][0]["excerpt"].as_str().unwrap();
    assert!(
        excerpt.contains("\u{1B}[2Jbridge\u{7}"),
        "JSON says it as it is: {excerpt:?}"
    );
    assert!(!out(&output).contains('\u{1B}'), "and escapes it");
}

#[test]
fn colour_is_for_terminals_and_obeys_no_color() {
    let asked = ["ask", "when protests"];
    let plain = out(&run(&asked));
    assert!(!plain.contains('\u{1B}'));
    let forced = |name: &str, value: &str| {
        let mut command = dateline(&asked);
        command.env("CLICOLOR_FORCE", "1").env(name, value);
        out(&command.output().unwrap())
    };
    let coloured = forced("TERM", "xterm");
    assert!(
        coloured.contains("\u{1B}[1mprotests\u{1B}[0m"),
        "{coloured:?}"
    );
    assert_eq!(forced("NO_COLOR", "1"), plain);
}

#[test]
fn lines_fit_the_width_and_lose_no_word() {
    let words = |text: &str| -> Vec<String> {
        let bare = text.replace("│ ", "");
        bare.split_whitespace().map(str::to_owned).collect()
    };
    let wide = dateline(&["ask", "search Navalny"])
        .env("COLUMNS", "100")
        .output()
        .unwrap();
    for columns in [40, 72, 100] {
        let mut command = dateline(&["ask", "search Navalny"]);
        let narrow = command
            .env("COLUMNS", columns.to_string())
            .output()
            .unwrap();
        for line in out(&narrow).lines() {
            let width = line.chars().count();
            assert!(
                width <= columns || !line.trim().contains(' '),
                "{width}: {line}"
            );
        }
        assert_eq!(words(&out(&narrow)), words(&out(&wide)));
    }
}

#[test]
fn a_chat_through_a_pipe_answers_each_line_and_says_how_to_reach_discord() {
    let output = feed(&[], b"when protests\n\n!sources\nquit\nwhen court\n");
    assert_eq!(code(&output), 0);
    assert!(err(&output).contains("DISCORD_TOKEN"), "{}", err(&output));
    let told = out(&output);
    assert!(told.contains("thousands of people joined"), "{told}");
    assert!(told.contains("000_e4984d2857adad0b"), "{told}");
    assert!(
        !told.contains("When: court"),
        "nothing is answered after quit"
    );

    let output = feed(&["chat"], b"help\n\xFF\xFE\n");
    assert_eq!(code(&output), 0);
    assert!(!err(&output).contains("DISCORD_TOKEN"));
}

#[test]
fn a_chat_carries_the_topic_on() {
    let said =
        "when protests\nand who said that?\nhelp\nsources\ntimeline\nquote Volkov\n!timeline\n";
    let told = out(&feed(&["chat"], said.as_bytes()));
    let titles = [
        "When: protests",
        "Quotations: protests",
        "What you can ask",
        "The articles of this archive",
        "Timeline: protests",
        "Quotations: Volkov",
        "Timeline of the archive",
    ];
    let mut rest = told.as_str();
    for title in titles {
        rest = rest
            .split_once(&format!("{title}\n"))
            .unwrap_or_else(|| panic!("{title:?} is missing, or too early, in\n{told}"))
            .1;
    }
}

#[test]
fn a_person_without_a_token_is_told_what_to_do() {
    let output = run(&["discord"]);
    assert_eq!(code(&output), 2);
    assert!(err(&output).contains("set DISCORD_TOKEN"));
    assert!(err(&output).contains("README"));
}

#[test]
fn every_command_of_the_table_is_a_subcommand_and_in_the_completions() {
    let help = out(&run(&["--help"]));
    let help = help.split_whitespace().collect::<Vec<_>>().join(" ");
    let completions = out(&run(&["completions", "bash"]));
    for command in dateline::command::COMMANDS {
        assert!(help.contains(command.help.trim_end_matches('.')) || command.name == "ask");
        assert!(completions.contains(command.name));
        let own = run(&[command.name, "--help"]);
        assert_eq!(code(&own), 0, "{}", err(&own));
    }
    for shell in ["zsh", "fish", "powershell", "elvish"] {
        assert_eq!(code(&run(&["completions", shell])), 0);
    }
}

#[test]
fn it_tells_its_version() {
    let expected = format!("dateline {}\n", env!("CARGO_PKG_VERSION"));
    assert_eq!(out(&run(&["--version"])), expected);
}
