//! An article, and questions, full of mentions and Markdown.

use std::sync::Arc;

use dateline::{archive::Archive, article::Article};

use crate::{
    fake::{ANN, payload::Said},
    raw::raw,
    stage::{Stage, language, settings},
};

const HOSTILE: &str = "The harbour opened on 12 February 2021 with ``` a fence and `code` and **stars** and \
__lines__, said @everyone and @here and <@200000000000000001> and <@&5> and <#6>. \
||The harbour was a spoiler|| and [a harbour](https://evil.example/login) with https://evil.example/a_b_c and \
discord.gg/harbour and <https://evil.example> and </when:1> and <t:1:F> and :smile: \u{202e}backwards.\n\
# A harbour as a heading\n> A harbour in a quote\n>>> all of the harbour\n- a harbour in a list\n1. harbour first\n\
-# small harbour \\@everyone \\\\*star* ~~gone~~ harbour\n```\nThe harbour again.";

fn hostile() -> Arc<Archive> {
    let archive = Archive::in_memory(language()).unwrap();
    archive
        .add(vec![Article {
            id: "hostile".to_owned(),
            headline: Some("**Harbour** @everyone [x](https://evil.example) `".to_owned()),
            byline: None,
            outlet: Some("The <@5> Times ||".to_owned()),
            published: jiff::civil::date(2021, 2, 14),
            url: Some("https://news.example/a_b>\n@everyone".to_owned()),
            path: Some("a_b/*c*.txt".to_owned()),
            body: HOSTILE.to_owned(),
        }])
        .unwrap();
    Arc::new(archive)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_article_pings_links_or_breaks_out_of_its_quote() {
    let stage = Stage::on(hostile(), settings(), None).await;
    let mut seen = String::new();
    for question in [
        "!search harbour",
        "!article 1",
        "!when harbour",
        "!on 12 February 2021",
        "!sources",
    ] {
        let mut shown = stage.ask(&Said::new(question)).await;
        loop {
            let text = shown.text();
            assert_eq!(raw(&text), None, "{question}\n{text}");
            seen.push_str(&text);
            let last = shown.pages().is_none_or(|label| {
                label
                    .split_once('/')
                    .is_some_and(|(page, count)| page == count)
            });
            if last {
                break;
            }
            shown = stage.turn(ANN, &shown, &shown.button("▶")).await.unwrap();
        }
    }
    // It was there to be seen.
    for words in [
        "a fence",
        "\\@everyone",
        "\\<\\@200000000000000001>",
        "evil.example",
    ] {
        assert!(seen.contains(words), "{words} in\n{seen}");
    }
    assert!(!seen.contains('\u{202e}'));
    assert!(
        !seen.contains("https://evil"),
        "a bare link would be one to click"
    );
    stage.bot.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_question_pings_or_breaks_out_of_its_answer() {
    let stage = Stage::on(hostile(), settings(), None).await;
    for words in [
        "@everyone ||x|| ```y",
        "<@&5> `z` [a](https://evil.example)",
        "**bold** # heading <t:1:R>",
        "\u{202e}@here \\@everyone \\\\*",
    ] {
        for command in [
            "ask", "when", "who", "search", "on", "article", "help", "quote",
        ] {
            let shown = stage.ask(&Said::new(&format!("!{command} {words}"))).await;
            assert_eq!(
                raw(&shown.text()),
                None,
                "{command} {words}\n{}",
                shown.text()
            );
        }
    }
    stage.bot.end().await;
}

#[test]
fn raw_markdown_is_seen() {
    for text in [
        "a @everyone",
        "`a",
        "||",
        "a_b",
        "[a](b)",
        "<@5>",
        "# a",
        "*a*",
        "***a",
        "\\\\@here",
    ] {
        assert!(raw(text).is_some(), "{text}");
    }
    for text in [
        "\\@everyone",
        "**a**",
        "[1] <https://a.b/c_d>",
        "a # b",
        "> **a** \\\\\\@",
    ] {
        assert_eq!(raw(text), None, "{text}");
    }
}
