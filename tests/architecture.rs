//! The house rules that no compiler knows, read off the sources.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]
#![expect(
    clippy::string_slice,
    reason = "the places were found in the same text"
)]

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

/// The floors, lowest first. `timex` and `quotation` stand side by side and know nothing of each other.
const FLOORS: &[&[&str]] = &[
    &["text"],
    &["language"],
    &["timex", "quotation"],
    &["dating"],
    &["article"],
    &["passage"],
    &["index"],
    &["archive"],
    &["answer"],
    &["command"],
    &["store"],
    &["face"],
    // The configuration puts the settings of all floors together.
    &["config"],
    // The bot as it runs, by a configuration that may change.
    &["service"],
];

const LONGEST: usize = 600;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Every Rust file below `folder`: its path below the package, and its content.
fn sources(folder: &str) -> BTreeMap<String, String> {
    fn walk(folder: &Path, found: &mut BTreeMap<String, String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let name = path.strip_prefix(root()).unwrap().display().to_string();
                found.insert(name.replace('\\', "/"), fs::read_to_string(&path).unwrap());
            }
        }
    }
    let mut found = BTreeMap::new();
    walk(&root().join(folder), &mut found);
    assert!(!found.is_empty());
    found
}

/// The module of the first level that a file of `src` belongs to.
fn module(path: &str) -> Option<&str> {
    let below = path.strip_prefix("src/")?;
    let name = below.split('/').next()?.trim_end_matches(".rs");
    (!matches!(name, "lib" | "main")).then_some(name)
}

fn floor(module: &str) -> Option<usize> {
    FLOORS.iter().position(|floor| floor.contains(&module))
}

/// The source without comments and without what stands between quotation marks.
fn code(source: &str) -> String {
    let mut code = String::with_capacity(source.len());
    let mut rest = source;
    while let Some(letter) = rest.chars().next() {
        let skip = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else if let Some(raw) = raw_string(rest) {
            raw
        } else if letter == '"' {
            string(rest)
        } else if rest.starts_with("'\"'") {
            3
        } else if let Some(after) = rest.strip_prefix("'\\") {
            // What is escaped may itself be the mark that ends it.
            let end = after
                .char_indices()
                .skip(1)
                .find(|(_, letter)| *letter == '\'');
            end.map_or(rest.len(), |(at, _)| at + 3)
        } else {
            code.push(letter);
            rest = &rest[letter.len_utf8()..];
            continue;
        };
        code.push(' ');
        rest = &rest[skip..];
    }
    code
}

/// The length of the string literal that `rest` begins with.
fn string(rest: &str) -> usize {
    let mut escaped = false;
    for (at, letter) in rest.char_indices().skip(1) {
        match letter {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

/// The length of the raw string literal that `rest` begins with, if it does.
fn raw_string(rest: &str) -> Option<usize> {
    let after = rest.strip_prefix('r')?;
    let hashes = after.len() - after.trim_start_matches('#').len();
    after[hashes..].strip_prefix('"')?;
    let end = format!("\"{}", "#".repeat(hashes));
    let content = 1 + hashes + 1;
    Some(
        rest[content..]
            .find(&end)
            .map_or(rest.len(), |at| content + at + end.len()),
    )
}

/// The first segments of every path into the crate: `crate::x::y` and `crate::{x::y, z}`; in the binary
/// they begin with `dateline::`.
fn reached(code: &str) -> Vec<String> {
    let mut found = Vec::new();
    for start in ["crate::", "dateline::"] {
        for (at, _) in code.match_indices(start) {
            let before = code[..at].chars().next_back();
            if before.is_some_and(|letter| letter.is_alphanumeric() || letter == '_') {
                continue;
            }
            let rest = &code[at + start.len()..];
            match rest.strip_prefix('{') {
                None => found.extend(name(rest)),
                Some(list) => found.extend(names(list)),
            }
        }
    }
    found
}

/// The first name of `code`.
fn name(code: &str) -> Option<String> {
    let name: String = code
        .trim_start()
        .chars()
        .take_while(|letter| letter.is_alphanumeric() || *letter == '_')
        .collect();
    (!name.is_empty()).then_some(name)
}

/// The first name of each part of a list in braces, however deep the parts go.
fn names(list: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut depth = 0;
    let mut part = 0;
    for (at, letter) in list.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            ',' | '}' if depth == 0 => {
                found.extend(name(&list[part..at]));
                part = at + 1;
                if letter == '}' {
                    break;
                }
            }
            _ => {}
        }
    }
    found
}

#[test]
fn this_test_reads_imports_as_the_compiler_does() {
    let source = r##"
        // use crate::comment;
        use crate::{
            alpha::{A, b::{C}},
            beta,
        };
        use crate::gamma::D;
        fn f() { crate::delta::g("use crate::string; \" crate::string"); }
        fn g() { h(r#"crate::raw"#, '"', '\'', '\n', crate::epsilon); /* crate::block */ }
        fn h() { other_crate::no(); }
    "##;
    assert_eq!(
        reached(&code(source)),
        ["alpha", "beta", "gamma", "delta", "epsilon"]
    );
}

#[test]
fn every_module_stands_on_a_floor() {
    let standing: Vec<String> = sources("src")
        .keys()
        .filter_map(|path| module(path).map(str::to_owned))
        .collect();
    for module in &standing {
        assert!(floor(module).is_some(), "`{module}` stands on no floor");
    }
    for floor in FLOORS.iter().copied().flatten() {
        assert!(
            standing.iter().any(|module| module == floor),
            "the floor `{floor}` is empty"
        );
    }
}

#[test]
fn no_import_reaches_up() {
    let mut wrong = Vec::new();
    for (path, source) in sources("src") {
        let Some(own) = module(&path) else { continue };
        for other in reached(&code(&source)) {
            if other == own {
                continue;
            }
            match floor(&other) {
                Some(floor_of_other) if floor_of_other < floor(own).unwrap() => {}
                _ => wrong.push(format!("{path} reaches up to `{other}`")),
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn below_the_faces_nothing_is_async_and_nothing_asks_for_the_time() {
    for (path, source) in sources("src") {
        if module(&path).is_none_or(|module| matches!(module, "face")) {
            continue;
        }
        let code = code(&source);
        for word in [
            "serenity::",
            "Zoned::now",
            "Timestamp::now",
            "SystemTime::now",
            "Instant::now",
        ] {
            // How long ago a cluster failed is no date: the breaker asks the monotonic clock, and nothing else does.
            if word == "Instant::now" && path.ends_with("index/remote/breaker.rs") {
                continue;
            }
            assert!(!code.contains(word), "{path} has `{word}`");
        }
        // Databases are asynchronous, and so is the one floor that speaks to them.
        if module(&path) == Some("store") {
            continue;
        }
        for word in ["async", ".await", "tokio::", "sqlx::"] {
            assert!(!code.contains(word), "{path} has `{word}`");
        }
    }
}

#[test]
fn the_terminal_starts_no_runtime() {
    for (path, source) in sources("src/face/terminal") {
        let code = code(&source);
        for word in ["async", ".await", "tokio::", "serenity::"] {
            assert!(!code.contains(word), "{path} has `{word}`");
        }
    }
}

#[test]
fn no_file_is_longer_than_one_can_read() {
    for folder in ["src", "tests"] {
        for (path, source) in sources(folder) {
            let lines = source.lines().count();
            assert!(lines <= LONGEST, "{path} has {lines} lines");
        }
    }
}

#[test]
fn every_file_says_what_it_is_for() {
    for folder in ["src", "tests"] {
        for (path, source) in sources(folder) {
            assert!(source.starts_with("//! "), "{path} has no module doc");
        }
    }
}

#[test]
fn modules_are_named_for_what_they_hold() {
    for path in sources("src").into_keys() {
        for vague in [
            "util", "helper", "manager", "handler", "common", "misc", "process",
        ] {
            assert!(!path.contains(vague), "{path}: `{vague}` says nothing");
        }
    }
}

#[test]
fn the_top_level_holds_what_was_agreed_and_nothing_else() {
    let allowed = [
        "Cargo.toml",
        "Cargo.lock",
        "src",
        "data",
        "tests",
        "config",
        "README.md",
        "LICENSE",
        "target",
    ];
    for entry in fs::read_dir(root()).unwrap() {
        let name = entry.unwrap().file_name().to_string_lossy().into_owned();
        assert!(
            name.starts_with('.') || allowed.contains(&name.as_str()),
            "{name} does not belong there"
        );
    }
}
