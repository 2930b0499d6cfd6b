//! README.md tells the truth: it documents all there is, and its examples are what is really printed.
//!
//! Each `console` block holds command lines after `$`, each followed by its output. They are run here; with
//! `UPDATE_README=1` what they print is written into the file instead of compared with it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::{
    fs,
    process::{Command, Stdio},
};

use dateline::{command::COMMANDS, config::Config};

const README: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");

fn readme() -> String {
    fs::read_to_string(README).unwrap()
}

/// The part under the heading `title`, up to the next heading of the same or a higher level.
fn section<'r>(readme: &'r str, title: &str) -> &'r str {
    let level = title.chars().take_while(|&letter| letter == '#').count();
    let (_, rest) = readme
        .split_once(&format!("\n{title}\n"))
        .unwrap_or_else(|| panic!("README.md has no heading {title:?}"));
    let end = rest
        .match_indices("\n#")
        .find(|(at, _)| {
            let heading = rest.get(at + 1..).unwrap_or_default();
            let hashes = heading.chars().take_while(|&letter| letter == '#').count();
            hashes <= level && heading.chars().nth(hashes) == Some(' ')
        })
        .map_or(rest.len(), |(at, _)| at);
    rest.get(..end).unwrap()
}

/// What `dateline`, run as `line` says, prints. The line goes to a shell, in which `dateline` is the binary.
fn printed(line: &str) -> String {
    let binary = env!("CARGO_BIN_EXE_dateline");
    let script = format!("dateline() {{ '{binary}' \"$@\"; }}\n{line}\n");
    let output = Command::new("sh")
        .args(["-c", &script])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env_remove("DATELINE_CONFIG")
        .env_remove("CLICOLOR_FORCE")
        .env("COLUMNS", "90")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert!(
        matches!(output.status.code(), Some(0 | 1)),
        "{line}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}

/// The README with what its examples really print.
fn with_real_output(readme: &str) -> String {
    let mut real = String::new();
    let mut inside = false;
    let mut first = true;
    for line in readme.lines() {
        if inside {
            if line == "```" {
                inside = false;
            } else if let Some(command) = line.strip_prefix("$ ") {
                if !first {
                    real.push('\n');
                }
                first = false;
                real.extend([line, "\n", &printed(command)]);
                continue;
            } else {
                // What was printed when this was written; the real output is there already.
                continue;
            }
        } else if line == "```console" {
            inside = true;
            first = true;
        }
        real.push_str(line);
        real.push('\n');
    }
    real
}

#[test]
fn every_example_prints_what_the_readme_shows() {
    let said = readme();
    let real = with_real_output(&said);
    if std::env::var_os("UPDATE_README").is_some() {
        fs::write(README, real).unwrap();
        return;
    }
    for (number, (said, real)) in (1..).zip(said.lines().zip(real.lines())) {
        assert_eq!(
            said, real,
            "README.md:{number}: `UPDATE_README=1 cargo test --test readme` writes what is printed now"
        );
    }
    assert_eq!(said.lines().count(), real.lines().count());
}

#[test]
fn every_command_has_its_section_with_its_aliases_and_an_example() {
    let readme = readme();
    for command in COMMANDS {
        let section = section(&readme, &format!("### {}", command.name));
        assert!(
            section.contains(&format!("`{}", command.name)),
            "{}",
            command.name
        );
        for alias in command.aliases {
            assert!(
                section.contains(&format!("`{alias}`")),
                "{}: {alias}",
                command.name
            );
        }
        let example = format!("$ dateline {}", command.name);
        assert!(
            section.contains(&example),
            "{} has no example",
            command.name
        );
    }
}

#[test]
fn every_subcommand_is_in_the_table_of_the_terminal() {
    let readme = readme();
    let table = section(&readme, "## In the terminal");
    let help = Command::new(env!("CARGO_BIN_EXE_dateline"))
        .arg("--help")
        .output()
        .unwrap();
    let help = String::from_utf8(help.stdout).unwrap();
    let (_, list) = help.split_once("Commands:\n").unwrap();
    let names: Vec<&str> = list
        .lines()
        .take_while(|line| !line.is_empty())
        .filter_map(|line| line.strip_prefix("  ")?.split(' ').next())
        .filter(|name| !name.is_empty())
        .collect();
    assert!(names.contains(&"annotate"), "{names:?}");
    for name in names {
        let of_the_table = COMMANDS.iter().any(|command| command.name == name);
        assert!(
            of_the_table || table.contains(&format!("`dateline {name}")),
            "README.md lacks `dateline {name}`"
        );
    }
    for flag in [
        "--archive",
        "--config",
        "--json",
        "--limit",
        "--now",
        "--batch",
    ] {
        assert!(table.contains(flag), "README.md lacks {flag}");
    }
}

#[test]
fn every_key_of_the_configuration_is_in_its_table() {
    let readme = readme();
    let table = section(&readme, "## Configuration");
    for (section, keys) in &toml::Table::try_from(Config::default()).unwrap() {
        for key in keys.as_table().unwrap().keys() {
            let row = format!("| `{section}.{key}` |");
            assert!(table.contains(&row), "README.md lacks {row}");
        }
    }
}

#[test]
fn every_key_of_the_table_exists() {
    let readme = readme();
    let known = toml::Table::try_from(Config::default()).unwrap();
    for line in section(&readme, "## Configuration").lines() {
        let Some((section, key)) = line
            .strip_prefix("| `")
            .and_then(|row| row.split('`').next())
            .and_then(|key| key.split_once('.'))
        else {
            continue;
        };
        let there = known.get(section).and_then(|keys| keys.get(key)).is_some();
        assert!(there, "there is no {section}.{key}");
    }
}

#[test]
fn every_file_and_place_that_it_names_is_there() {
    let readme = readme();
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    for word in readme.split(['`', ' ', '(', ')', ',', ';', '\n']) {
        let path = word.trim_end_matches(['.', '/', ':']);
        if ["src/", "data/", "config/", "tests/", ".ci/"]
            .iter()
            .any(|folder| path.starts_with(folder))
        {
            assert!(root.join(path).exists(), "{path} is not there");
        }
    }
    for place in readme.split("](#").skip(1) {
        let anchor = place.split(')').next().unwrap();
        let there = readme
            .lines()
            .filter(|line| line.starts_with('#'))
            .any(|line| {
                let title = line.trim_start_matches('#').trim().to_lowercase();
                title.replace(' ', "-").replace(['\'', '?'], "") == anchor
            });
        assert!(there, "there is no heading #{anchor}");
    }
}
