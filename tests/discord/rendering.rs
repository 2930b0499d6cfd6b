//! Pages, over arbitrary answers: within the limits, balanced, nothing lost.

use dateline::{
    answer::{Answer, Citation, Evidence, Excerpt, Group, Line, SpeakerLabel},
    article::Article,
    face::discord::{
        button::{self, Press, State},
        look::plain,
        markdown::{escape, units},
        page::{LONGEST_TITLE, pages},
    },
    text::Span,
};
use jiff::civil::date;
use proptest::prelude::*;

use crate::{raw::raw, stage::language};

/// Text as hostile as it comes: Markdown, mentions, line ends, and characters of every size.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        3 => "[a-z]{1,9}",
        3 => Just(" ".to_owned()),
        2 => "[*_~|`\\[\\]()<>#@:/.\\\\-]{1,4}",
        1 => prop::sample::select(vec![
            "@everyone", "<@5>", "<@&6>", "https://evil.example/a_b", "```", "\n", "\n# ", "\n> ", "\r\n", "\n1. ",
            "||", "[a](b)", "é", "日本", "👩‍👩‍👧", "\u{202e}", "\u{200b}", "\u{2028}", "\u{a0}", "\t", "\u{7}",
        ]).prop_map(str::to_owned),
        1 => "\\PC{1,3}",
    ];
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

fn article(body: String) -> Article {
    Article {
        id: "a".to_owned(),
        headline: None,
        byline: None,
        outlet: None,
        published: date(2021, 2, 14),
        url: None,
        path: None,
        body,
    }
}

prop_compose! {
    fn evidence()(
        body in prop_oneof![4 => text(), 1 => (text(), 5usize..30).prop_map(|(text, times)| text.repeat(times))],
        marks in prop::collection::vec(any::<prop::sample::Index>(), 0..8),
        speaker in prop::option::of(text()),
        handle in prop::option::of("[a-z_]{1,20}"),
        quotation in any::<bool>(),
        citations in prop::collection::vec(0usize..12, 1..12),
    ) -> Evidence {
        let body = if body.trim().is_empty() { format!("{body}x") } else { body };
        let mut bounds: Vec<usize> = body.char_indices().map(|(at, _)| at).chain([body.len()]).collect();
        bounds.dedup();
        let mut marks: Vec<usize> = marks.iter().map(|mark| *mark.get(&bounds)).collect();
        marks.sort_unstable();
        let bold = marks.chunks_exact(2).filter_map(|pair| Span::new(&body, pair[0], pair[1])).collect();
        let whole = Span::new(&body, 0, body.len()).unwrap();
        Evidence {
            excerpt: Excerpt::cut(&article(body), whole).unwrap(),
            bold,
            date: None,
            speaker: speaker.map(|name| SpeakerLabel { name, handle }),
            quotation,
            score: 1.0,
            citations,
        }
    }
}

prop_compose! {
    fn answer()(
        title in text(),
        groups in prop::collection::vec(
            (prop::option::of(text()), prop::option::of(text()), prop::collection::vec(evidence(), 0..5)),
            0..4,
        ),
        lines in prop::collection::vec((text(), text()), 0..5),
        headlines in prop::collection::vec(text(), 1..4),
        url in prop::option::of(prop_oneof![Just("https://news.example/a_b".to_owned()), text()]),
        notes in prop::collection::vec(text(), 0..3),
    ) -> Answer {
        Answer {
            command: "search",
            argument: String::new(),
            title,
            groups: groups
                .into_iter()
                .map(|(heading, remark, evidence)| Group { heading, remark, evidence })
                .collect(),
            lines: lines.into_iter().map(|(label, text)| Line { label, text }).collect(),
            citations: headlines
                .into_iter()
                .cycle()
                .take(12)
                .map(|headline| Citation {
                    article: headline.clone(),
                    also: Vec::new(),
                    outlet: Some(headline.clone()),
                    path: Some(headline.clone()),
                    headline,
                    published: date(2021, 2, 14),
                    url: url.clone(),
                    paragraph: 3,
                })
                .collect(),
            chart: None,
            notes,
        }
    }
}

/// The characters that a reader sees, blanks aside: for asking whether anything is lost.
fn visible(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_whitespace() && !c.is_control())
        .filter(|c| !matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'))
        .collect()
}

/// What a reader sees of Markdown: escapes undone, our own marks taken away.
fn shown(markdown: &str) -> String {
    let mut out = String::new();
    let mut characters = markdown.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\\' => out.extend(characters.next()),
            '*' => {}
            other => out.push(other),
        }
    }
    out
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_page_keeps_to_the_limits_and_to_its_markup(answer in answer(), length in 1000usize..=1600) {
        let pages = pages(&answer, &language(), length);
        prop_assert!(!pages.is_empty());
        for page in &pages {
            prop_assert!(units(&page.title) <= LONGEST_TITLE);
            prop_assert!(units(&page.body) <= length, "{} > {length}\n{}", units(&page.body), page.body);
            prop_assert!(units(&plain(&page.title, &page.body)) <= 1900);
            prop_assert!(!page.title.is_empty() || !page.body.trim().is_empty());
            let text = format!("{}\n{}", page.title, page.body);
            prop_assert_eq!(raw(&text), None, "{}", text);
            for line in page.body.lines() {
                // Bold never runs past its line.
                prop_assert_eq!(bold_marks(line) % 2, 0, "{}", line);
            }
        }
    }

    #[test]
    fn nothing_of_the_evidence_is_lost(answer in answer(), length in 1000usize..=1600) {
        let pages = pages(&answer, &language(), length);
        let quoted: String = pages
            .iter()
            .flat_map(|page| page.body.lines())
            .filter_map(|line| line.strip_prefix("> "))
            .map(|line| visible(&shown(line)))
            .collect();
        let mut rest = quoted.as_str();
        for evidence in answer.evidence() {
            let wanted = visible(evidence.excerpt.text());
            let at = rest.find(&wanted);
            prop_assert!(at.is_some(), "{wanted:?} not in {rest:?}");
            rest = &rest[at.unwrap() + wanted.len()..];
        }
        // Each source that is named is listed on the same page.
        for page in &pages {
            for number in 1..=12 {
                let listed = page
                    .body
                    .lines()
                    .filter_map(|line| line.strip_prefix("-# "))
                    .any(|line| {
                        let numbers = line.split("] ").take_while(|part| part.starts_with('['));
                        numbers.map(|part| &part[1..]).any(|part| part == number.to_string())
                    });
                let named = page.body.lines().filter(|line| !line.starts_with("-# ")).any(|line| {
                    // In a quote, square brackets are escaped: what is not, is ours.
                    line.contains(&format!("[{number}]")) && !line.contains(&format!("\\[{number}]"))
                });
                prop_assert!(listed || !named || pages.len() > 1, "[{number}] in\n{}", page.body);
            }
        }
    }

    #[test]
    fn what_is_escaped_reads_as_it_was(text in text()) {
        let escaped = escape(&text);
        prop_assert_eq!(visible(&shown_literally(&escaped)), visible(&text));
        prop_assert_eq!(raw(&escaped), None);
        prop_assert!(escaped.lines().all(|line| {
            let line = line.trim_start();
            !["# ", "## ", "### ", "-# ", "> ", ">>> ", "- ", "* ", "+ ", "1. "]
                .iter()
                .any(|mark| line.starts_with(mark))
        }), "{}", escaped);
    }

    #[test]
    fn buttons_remember_what_they_are_given(
        words in text(), asker in 1u64..u64::MAX, page in 0usize..40, pages in 1usize..40, days in 0i64..40_000,
    ) {
        let call = dateline::command::Call::new(
            dateline::command::command("ask").unwrap(),
            dateline::face::discord::markdown::prefix(&words, button::LONGEST_ARGUMENT).trim(),
            date(1970, 1, 1).checked_add(jiff::Span::new().days(days)).unwrap(),
        );
        let state = State { asker: serenity::all::UserId::new(asker), call };
        let rows = button::rows(&state, page, pages, pages % 2 == 0);
        let json = serde_json::to_value(&rows).unwrap();
        let ids: Vec<String> = json
            .as_array()
            .unwrap()
            .iter()
            .flat_map(|row| row["components"].as_array().unwrap().clone())
            .map(|button| button["custom_id"].as_str().unwrap().to_owned())
            .collect();
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        let mut unique = ids.clone();
        unique.sort_unstable();
        unique.dedup();
        prop_assert_eq!(unique.len(), ids.len());
        prop_assert!(ids.iter().all(|id| (1..=100).contains(&units(id))));
        for id in &ids {
            let Some(pressed) = button::read(id, &ids) else {
                // The button that only shows the number does nothing.
                prop_assert!(id.get(1..2) == Some("c"), "{}", id);
                continue;
            };
            prop_assert_eq!(pressed.state.asker.get(), asker);
            if let Press::Turn(target) = pressed.press {
                prop_assert!(target < pages);
                prop_assert_eq!(&pressed.state.call.request.argument, &state.call.request.argument);
                prop_assert_eq!(pressed.state.call.request.today, state.call.request.today);
            }
        }
    }

    #[test]
    fn no_button_breaks_the_reader(id in "\\PC{0,100}", others in prop::collection::vec("[123][fpcnlx][0-9a-z.]{0,40}", 0..6)) {
        let mut all: Vec<&str> = others.iter().map(String::as_str).collect();
        all.push(&id);
        for id in &all {
            let _ = button::read(id, &all);
        }
        let _ = button::state_of(&all);
    }
}

fn bold_marks(line: &str) -> usize {
    let mut count = 0;
    let mut characters = line.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\\' => drop(characters.next()),
            '*' if characters.next_if_eq(&'*').is_some() => count += 1,
            _ => {}
        }
    }
    count
}

/// Escapes undone, nothing else.
fn shown_literally(markdown: &str) -> String {
    let mut out = String::new();
    let mut characters = markdown.chars();
    while let Some(character) = characters.next() {
        if character == '\\' {
            out.extend(characters.next());
        } else {
            out.push(character);
        }
    }
    out
}
