//! What fuzzing found, tried again: every input in `tests/corpus/fuzz/<target>/` goes through the check of its
//! fuzz target, on any compiler. `tests/fuzz/run` looks for more.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

#[path = "fuzz/checks.rs"]
mod checks;

use std::{fs, path::Path};

#[test]
fn what_was_found_once_stays_mended() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/fuzz");
    for (name, _) in checks::CHECKS {
        // A target has inputs from the day on that it found its first.
        let Ok(inputs) = fs::read_dir(corpus.join(name)) else {
            continue;
        };
        for input in inputs {
            let path = input.unwrap().path();
            println!("{}", path.display());
            checks::check(name, &fs::read(&path).unwrap());
        }
    }
}

#[test]
fn every_check_is_a_fuzz_target_and_every_target_a_check() {
    let fuzz = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz");
    let manifest = fs::read_to_string(fuzz.join("Cargo.toml")).unwrap();
    let named = manifest
        .lines()
        .filter(|line| line.starts_with("path = \"targets/"))
        .count();
    assert_eq!(named, checks::CHECKS.len());
    for (name, _) in checks::CHECKS {
        let target = fs::read_to_string(fuzz.join(format!("targets/{name}.rs"))).unwrap();
        assert!(
            target.contains(&format!("checks::check(\"{name}\"")),
            "{name}"
        );
        assert!(manifest.contains(&format!("targets/{name}.rs")), "{name}");
    }
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/fuzz");
    for folder in fs::read_dir(corpus).unwrap() {
        let name = folder.unwrap().file_name().into_string().unwrap();
        assert!(
            checks::CHECKS.iter().any(|(known, _)| *known == name),
            "{name}"
        );
    }
}
