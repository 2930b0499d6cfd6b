//! The table of related words: its form, what it must hold, and what it must never hold.

use dateline::language::{Language, Source};

fn language() -> Language {
    Language::read(&Source::Embedded).unwrap()
}

/// What `other` is worth for `word`; 0 if nothing.
fn worth(language: &Language, word: &str, other: &str) -> f32 {
    let related = language.related.of(word, false).into_iter();
    related
        .filter(|(found, _)| found == other)
        .map(|(_, weight)| weight)
        .fold(0.0, f32::max)
}

#[test]
fn the_table_is_sorted_and_folded_and_weighs_between_nothing_and_the_word_itself() {
    let language = language();
    let mut before = String::new();
    let mut count = 0;
    for (word, others) in language.related.iter() {
        assert!(word > before.as_str(), "{word:?} after {before:?}");
        assert_eq!(dateline::text::fold(word), word);
        for (other, weight) in others {
            assert!(weight > 0.0 && weight < 1.0, "{word}: {other}:{weight}");
            assert_ne!(dateline::text::fold(other), word);
        }
        before = word.to_owned();
        count += 1;
    }
    assert!(count > 10_000, "{count} words");
}

#[test]
fn word_forms_synonyms_and_countries_are_related() {
    let language = language();
    for (word, other) in [
        ("died", "death"),
        ("thought", "think"),
        ("think", "thought"),
        ("stole", "theft"),
        ("detained", "detention"),
        ("Arrested", "seize"),
        ("labour", "labor"),
        ("attorneys", "lawyer"),
        ("purchase", "buy"),
        ("dad", "father"),
        ("danish", "denmark"),
        ("Denmark's", "danish"),
        ("Mexican", "mexico"),
        ("haitian", "haiti"),
        ("Switzerland", "swiss"),
    ] {
        assert!(
            worth(&language, word, other) >= 0.25,
            "{word:?} and {other:?}: {}",
            worth(&language, word, other)
        );
    }
}

#[test]
fn what_excludes_the_asked_word_does_not_stand_for_it() {
    let language = language();
    for (word, other) in [
        ("win", "lose"),
        ("won", "lost"),
        ("rise", "fall"),
        ("buy", "sell"),
        ("north", "south"),
        ("monday", "tuesday"),
        ("april", "march"),
        ("three", "four"),
        ("million", "billion"),
        ("killed", "injure"),
        ("convicted", "acquit"),
        ("mother", "father"),
        ("king", "queen"),
        ("france", "germany"),
        ("french", "german"),
        ("open", "close"),
        ("accept", "reject"),
        ("import", "export"),
        ("first", "last"),
    ] {
        for (one, other) in [(word, other), (other, word)] {
            assert!(worth(&language, one, other) == 0.0, "{one:?} and {other:?}");
        }
    }
}

#[test]
fn for_a_name_stand_only_names_and_what_is_made_of_them() {
    let language = language();
    assert!(!language.related.of("bush", false).is_empty());
    assert!(language.related.of("Bush", true).is_empty());
    let danish = language.related.of("Danish", true);
    assert!(
        danish.iter().any(|(other, _)| other == "denmark"),
        "{danish:?}"
    );
}

#[test]
fn a_folder_without_a_table_relates_no_words_and_a_broken_table_is_told_by_line() {
    let folder = tempfile::tempdir().unwrap();
    let shipped = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("data/en");
    for file in std::fs::read_dir(shipped).unwrap() {
        let path = file.unwrap().path();
        if path
            .extension()
            .is_some_and(|extension| extension == "toml")
        {
            std::fs::copy(&path, folder.path().join(path.file_name().unwrap())).unwrap();
        }
    }
    let source = Source::Folder(folder.path().to_owned());
    let language = Language::read(&source).unwrap();
    assert!(language.related.of("died", false).is_empty());

    let table = "dam\tdyke:0.5\nbridge\tspan:0.4 bridge:0.3\nRoad\tway:1.5\n";
    std::fs::write(folder.path().join("related.tsv"), table).unwrap();
    let problems = Language::read(&source).unwrap_err();
    let told: Vec<String> = problems.iter().map(ToString::to_string).collect();
    for line in [
        "line 2: \"bridge\" must stand before \"dam\"",
        "line 2: \"bridge\" is related to itself",
        "line 3: \"Road\" is not folded",
    ] {
        assert!(
            told.iter().any(|told| told.contains(line)),
            "{line}: {told:#?}"
        );
    }
}
