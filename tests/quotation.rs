//! Quotations and their speakers: the shipped articles whole, and one text for each way of quoting.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use dateline::language::{Language, Source};
use dateline::quotation::{Extraction, Extractor, Quotation, QuotationKind};

fn read(text: &str) -> Extraction {
    Extractor::new(&Language::read(&Source::Embedded).unwrap())
        .unwrap()
        .read(text)
}

fn words(quotation: &Quotation, text: &str) -> String {
    quotation
        .content
        .iter()
        .map(|span| span.of(text))
        .collect::<Vec<_>>()
        .join(" / ")
}

fn speaker(quotation: &Quotation, text: &str) -> String {
    quotation.speaker.as_ref().map_or_else(
        || "nobody".to_owned(),
        |speaker| speaker.name.unwrap_or(speaker.mention).of(text).to_owned(),
    )
}

/// The quotations of `text` as "kind speaker: words".
fn found(text: &str) -> Vec<String> {
    read(text)
        .quotations
        .iter()
        .map(|quotation| {
            format!(
                "{:?} {}: {}",
                quotation.kind,
                speaker(quotation, text),
                words(quotation, text)
            )
        })
        .collect()
}

#[expect(clippy::too_many_lines, reason = "it lists the posts")]
#[test]
fn every_post_of_the_first_shipped_article_has_its_writer_and_date() {
    let text = include_str!("../data/articles/000_e4984d2857adad0b.txt");
    let posts: Vec<(String, &str, &str, &str)> = read(text)
        .quotations
        .iter()
        .filter(|quotation| quotation.kind != QuotationKind::Indirect)
        .map(|quotation| {
            let first = words(quotation, text)
                .split_whitespace()
                .take(3)
                .collect::<Vec<_>>()
                .join(" ");
            let writer = quotation.speaker.as_ref().unwrap();
            (
                first,
                writer.name.unwrap().of(text),
                writer.handle.unwrap().of(text),
                quotation.posted.unwrap().of(text),
            )
        })
        .collect();
    let expected = [
        (
            "Alexey Navalny makes",
            "ABC News",
            "@ABC",
            "February 2, 2021",
        ),
        (
            "What courage …",
            "Mary Jane Bryksa",
            "@MaryJaneBryksa",
            "February 3, 2021",
        ),
        ("Amazing and that", "lacy", "@lacyl21", "February 2, 2021"),
        (
            "From Russia With",
            "Blue West",
            "@BlueWest18",
            "February 3, 2021",
        ),
        (
            "This is so",
            "Annie Hall*",
            "@PWesterner",
            "February 2, 2021",
        ),
        (
            "This broke my",
            "tweetiepie2",
            "@tweetiepie210",
            "February 3, 2021",
        ),
        (
            "This man is",
            "TjTeej",
            "@TamienotTammy",
            "February 3, 2021",
        ),
        (
            "Alexey and his",
            "Mrs. McDougal",
            "@LisaMcDougal13",
            "February 3, 2021",
        ),
        (
            "Heartbreaking",
            "jackie nedell",
            "@jacksrose",
            "February 3, 2021",
        ),
        ("The two of", "bgappl07", "@bgappl07", "February 3, 2021"),
        (
            "Praying for this",
            "Jordan",
            "@jimmyjams1989",
            "February 3, 2021",
        ),
        (
            "God love them!",
            "marguerite Ann mulcahy",
            "@margueriteAnnm2",
            "February 3, 2021",
        ),
        (
            "A human! 🤍",
            "Tajalithaca",
            "@Tajalithaca",
            "February 3, 2021",
        ),
        (
            "May the Spirits",
            "Tere",
            "@Teram323Tere",
            "February 3, 2021",
        ),
        ("He has more", "Athena", "@Demteacher", "February 3, 2021"),
        (
            "Tears are falling",
            "Brigitte Turi",
            "@brigitte_turi",
            "February 2, 2021",
        ),
        (
            "The guy has",
            "Dirk G",
            "@DabneyDoRight",
            "February 2, 2021",
        ),
        (
            "Very brave man",
            "grace sing",
            "@hotgrace1",
            "February 2, 2021",
        ),
    ]
    .map(|(first, name, handle, date)| (first.to_owned(), name, handle, date));
    assert_eq!(posts, expected);
}

#[test]
fn the_second_shipped_article_quotes_volkov_and_nobody_else() {
    let text = include_str!("../data/articles/003_4665e3687b589335.txt");
    let extraction = read(text);
    let quoted: Vec<&Quotation> = extraction
        .quotations
        .iter()
        .filter(|quotation| quotation.kind != QuotationKind::Indirect)
        .collect();
    let [only] = quoted.as_slice() else {
        panic!("{:?}", found(text));
    };
    assert_eq!(
        words(only, text),
        "(President Vladimir) Putin is fear. Navalny is love. That’s why we will win,"
    );
    assert_eq!(speaker(only, text), "Leonid Volkov");
    assert_eq!(only.cue.unwrap().of(text), "wrote");
    assert!(
        extraction
            .people
            .iter()
            .any(|person| person.name.of(text) == "Alexei Navalny" && person.mentions.len() > 5)
    );
}

#[test]
#[expect(clippy::too_many_lines, reason = "a list of examples")]
fn each_place_of_the_speaker_is_found() {
    for (text, expected) in [
        (
            "“The pier is closed until further notice,” Ana Ruiz said.",
            "Ana Ruiz",
        ),
        (
            "“The pier is closed until further notice,” said Ana Ruiz, who runs it.",
            "Ana Ruiz",
        ),
        (
            "“The pier is closed until further notice,” according to Ana Ruiz.",
            "Ana Ruiz",
        ),
        (
            "According to Ana Ruiz, “the pier is closed until further notice.”",
            "Ana Ruiz",
        ),
        (
            "Ana Ruiz said: “The pier is closed until further notice.”",
            "Ana Ruiz",
        ),
        (
            "Said Ana Ruiz: “The pier is closed until further notice.”",
            "Ana Ruiz",
        ),
        (
            "“Is the pier closed until further notice?” Ana Ruiz asked.",
            "Ana Ruiz",
        ),
        (
            "“The pier is closed until further notice,” Ana Ruiz, a baker from Bray, Co. Wicklow, told reporters.",
            "Ana Ruiz",
        ),
        (
            "Ana Ruiz, one of the owner’s oldest friends, wrote that “the pier is closed until further notice.”",
            "Ana Ruiz",
        ),
        (
            "Ana Ruiz took the stage and said that “the pier is closed until further notice.”",
            "Ana Ruiz",
        ),
        (
            "Ana Ruiz defended the mayor, calling him “the last honest man in this town.”",
            "Ana Ruiz",
        ),
        (
            "Ana Ruiz said he had called the plan “the worst idea of a bad year.”",
            "Ana Ruiz",
        ),
        (
            "The council was asked by Ana Ruiz: “Who closed the pier in the middle of June?”",
            "Ana Ruiz",
        ),
        (
            "Ana Ruiz’s claim that “nobody ever asked the fishermen about it” was denied.",
            "Ana Ruiz",
        ),
        (
            "“Nobody ever asked the fishermen about it.” ― Ana Ruiz",
            "Ana Ruiz",
        ),
        (
            "“Nobody ever asked the fishermen about it.”\n\n— Ana Ruiz, Bray",
            "Ana Ruiz",
        ),
        (
            "“We will appeal,” a spokesman for the ministry said.",
            "a spokesman for the ministry",
        ),
        (
            "“We will appeal before the month is out,” the Harbour Board said.",
            "Harbour Board",
        ),
        (
            "The mayor, Ana Ruiz, said that “the pier will never open again.”",
            "Ana Ruiz",
        ),
        (
            "“The pier will not open,” the Foreign Secretary, Ana Ruiz, said.",
            "Ana Ruiz",
        ),
        (
            "“The pier will not open,” said the Chancellor of the Exchequer, Ana Ruiz.",
            "Ana Ruiz",
        ),
        (
            "“The pier will not open,” Reuters quoted Ana Ruiz as saying. ",
            "Ana Ruiz",
        ),
        (
            "Ana Ruiz said the pier was shut by a Bray court and added: “It will not open again.”",
            "Ana Ruiz",
        ),
        (
            "The sergeant said the owner, Ana Ruiz, shouted “You will all pay for this” and left.",
            "Ana Ruiz",
        ),
        (
            "The critics, however, argue that “the pier was never safe to begin with.”",
            "The critics",
        ),
        (
            "“The pier was never safe to begin with,” reads a Wednesday letter to the council.",
            "a Wednesday letter to the council",
        ),
        (
            "“The pier was never safe to begin with,” a voice in the film states.",
            "a voice in the film",
        ),
        (
            "In the fishermen’s and the owners’ words, “the pier was never safe to begin with.”",
            "the owners",
        ),
        (
            "One of them, a father of three, said: “The pier was never safe to begin with.”",
            "One of them",
        ),
        (
            "“Nobody ever asked the fishermen about it.\nAna Ruiz, Bray.”",
            "Ana Ruiz",
        ),
        (
            "“Nobody ever asked the fishermen.”\n\n-Ana Ruiz, Bray",
            "Ana Ruiz",
        ),
        (
            "Ana Ruiz: “Nobody ever asked the fishermen about it.”",
            "Ana Ruiz",
        ),
    ] {
        let extraction = read(text);
        assert_eq!(
            extraction
                .quotations
                .iter()
                .map(|quotation| speaker(quotation, text))
                .collect::<Vec<_>>(),
            [expected],
            "{text}"
        );
    }
}

#[test]
fn a_split_quotation_is_one_with_two_spans() {
    let text = "“The pier is closed,” Ana Ruiz said. “It will not open again.”";
    assert_eq!(
        found(text),
        ["Direct Ana Ruiz: The pier is closed, / It will not open again."]
    );
    let quotation = &read(text).quotations[0];
    assert_eq!(quotation.extent.of(text), text);
}

#[test]
fn paragraphs_that_run_on_are_one_quotation() {
    let text = "Ana Ruiz told the crowd that the pier was closed.\n\nMs. Ruiz went on: “First we count the boats.\n\n“Then we sell them.”";
    assert_eq!(
        found(text).last().unwrap(),
        "Direct Ana Ruiz: First we count the boats. / Then we sell them."
    );
}

#[test]
fn a_speech_that_names_its_speaker_late_is_still_his() {
    let text = "“First we count the boats.\n\n“Then we sell them,” Omar Haddad said.";
    assert_eq!(
        found(text),
        ["Direct Omar Haddad: First we count the boats. / Then we sell them,"]
    );
}

#[test]
fn pronouns_mean_the_newest_speaker_of_their_gender() {
    let text = "Jane Calder said the pier was closed. Peter Holm, the owner, disagreed and said it was not.\n\n“I have seen the lock myself,” she said.\n\n“There is no lock on that gate,” he said.";
    let quoted: Vec<String> = found(text)
        .into_iter()
        .filter(|line| !line.starts_with("Indirect"))
        .collect();
    assert_eq!(
        quoted,
        [
            "Direct Jane Calder: I have seen the lock myself,",
            "Direct Peter Holm: There is no lock on that gate,",
        ]
    );
}

#[test]
fn a_last_name_means_the_full_name() {
    let text = "Jane Calder runs the pier. Titles do not matter to her.\n\n“I have seen the lock myself,” Ms. Calder said.";
    let extraction = read(text);
    let speaker = extraction.quotations[0].speaker.as_ref().unwrap();
    assert_eq!(speaker.mention.of(text), "Ms. Calder");
    assert_eq!(speaker.name.unwrap().of(text), "Jane Calder");
}

#[test]
fn indirect_speech_is_reported_without_marks() {
    let text = "Leonid Berg told reporters on Friday that the rally would go ahead. The bridge is unsafe, he said.";
    assert_eq!(
        found(text),
        [
            "Indirect Leonid Berg: the rally would go ahead",
            "Indirect Leonid Berg: The bridge is unsafe",
        ]
    );
}

#[test]
fn every_style_of_marks_is_known() {
    for (open, close) in [
        ("“", "”"),
        ("\"", "\""),
        ("‘", "’"),
        ("'", "'"),
        ("«", "»"),
        ("« ", " »"),
        ("„", "“"),
        ("»", "«"),
    ] {
        let text = format!("{open}The pier is closed for good,{close} Jane Calder said.");
        assert_eq!(
            found(&text),
            ["Direct Jane Calder: The pier is closed for good,"],
            "{text}"
        );
    }
}

#[test]
fn nested_marks_stay_inside() {
    let text = "“He told me, ‘Go home and wait,’ so I went home,” Jane Calder said.";
    assert_eq!(
        found(text),
        ["Direct Jane Calder: He told me, ‘Go home and wait,’ so I went home,"]
    );
    let text = "'He told me, \"Go home and wait,\" so I went home,' Jane Calder said.";
    assert_eq!(
        found(text),
        ["Direct Jane Calder: He told me, \"Go home and wait,\" so I went home,"]
    );
    let text = "\"He said “no” to my face and left,\" Jane Calder said.";
    assert_eq!(
        found(text),
        ["Direct Jane Calder: He said “no” to my face and left,"]
    );
}

#[test]
fn a_quotation_lasts_until_marks_of_its_own_kind_open_inside() {
    let text = "Jane Calder wrote: “Nobody in this town has ever seen the board ask for “an honest answer” from us.";
    assert_eq!(
        found(text)[0],
        "Direct Jane Calder: Nobody in this town has ever seen the board ask for"
    );
}

#[test]
fn a_signature_inside_the_marks_is_no_part_of_the_words() {
    let text =
        "Jane Calder runs the pier.\n\n“Nobody ever asked the fishermen about it.\nJane Calder.”";
    assert_eq!(
        found(text),
        ["Direct Jane Calder: Nobody ever asked the fishermen about it."]
    );
}

#[test]
fn single_marks_beside_double_ones_are_a_quotation_inside() {
    let text = "“Listen,” Jane Calder said. “I asked him twice.\n\n“And he told me, ‘Go home and wait,’ and I went.”";
    assert_eq!(
        found(text),
        [
            "Direct Jane Calder: Listen, / I asked him twice. / And he told me, ‘Go home and wait,’ and I went."
        ]
    );
}

#[test]
fn capitals_right_after_a_verb_of_speech_are_no_title() {
    let text = "Hundreds of strikers marched on the pier, chanting “Calder Or Nobody, No Holm,” until dawn.";
    assert_eq!(
        found(text),
        ["Direct Hundreds of strikers: Calder Or Nobody, No Holm,"]
    );
}

#[test]
fn a_headline_joins_no_words_to_a_name() {
    let text = "Jane Calder Says Harbour Board Lied To Every Fisherman\n\nJane Calder spoke at the pier. “They lied,” she said.";
    let extraction = read(text);
    let names: Vec<&str> = extraction
        .people
        .iter()
        .map(|person| person.name.of(text))
        .collect();
    assert!(names.contains(&"Jane Calder"), "{names:?}");
    assert!(!names.iter().any(|name| name.contains("Says")), "{names:?}");
}

#[test]
fn apostrophes_inches_titles_and_scare_quotes_are_no_speech() {
    for text in [
        "The boys’ boat and the girls’ boat lay on Calder’s pier.",
        "Rock 'n' roll came back in the '90s.",
        "The 6' 2\" guard stood by a door 36\" wide.",
        "She read “The Old Man and the Sea” twice that summer.",
        "The “green” pier was painted grey.",
        "The band played its ‘hits’ until dawn.",
        "Read: 'Stop Shaming Yourself': Calder Mocks The Harbour Board",
        "The board hung a poster, “No more fish for strangers!” (2007), in the hall.",
        "“Pier to close at the end of the year,” by Ana Ruiz, ran on Friday.",
        "<post author=\"Ana Ruiz of Bray\" date=\"\n\">The pier is shut for good.",
    ] {
        assert_eq!(found(text), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn a_quotation_without_a_speaker_stays_without_one() {
    let text = "“Nobody ever asked the fishermen about any of it.”";
    assert_eq!(
        found(text),
        ["Direct nobody: Nobody ever asked the fishermen about any of it."]
    );
}

#[test]
fn people_are_listed_once_with_all_their_mentions() {
    let text = "Harbour Master Jane Calder met Peter Holm. Calder spoke first; then Mr. Holm did. The Harbour Board listened.";
    let extraction = read(text);
    let listed: Vec<(&str, usize, bool)> = extraction
        .people
        .iter()
        .map(|person| {
            (
                person.name.of(text),
                person.mentions.len(),
                person.organisation,
            )
        })
        .collect();
    assert_eq!(
        listed,
        [
            ("Jane Calder", 2, false),
            ("Peter Holm", 2, false),
            ("Harbour Board", 1, true)
        ]
    );
}
