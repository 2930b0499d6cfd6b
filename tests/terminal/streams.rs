//! `ask --batch` and `annotate`: streams of JSON lines.

use std::{
    io::{BufRead, BufReader, Write},
    process::Stdio,
};

use serde_json::{Value, json};

use super::{code, dateline, feed, json_lines, keys, run, sorted};

#[test]
fn a_batch_answers_every_line_in_order() {
    let asked = [
        "when protests",
        "!search Navalny",
        "what is the capital of France?",
        "sources",
    ];
    let mut input = Vec::new();
    for number in 0..400 {
        let line = json!({"id": number, "ask": asked[number % 4], "kind": {"of": ["no", "use"]}});
        writeln!(input, "{line}").unwrap();
    }
    let output = feed(&["ask", "--batch"], &input);
    assert_eq!(code(&output), 0);
    let answers = json_lines(&output);
    assert_eq!(answers.len(), 400);
    for (number, answer) in answers.iter().enumerate() {
        assert_eq!(answer["id"], number);
        assert_eq!(answer["answered"], number % 4 != 2);
    }
}

#[test]
fn a_bad_line_is_answered_with_an_error_and_the_next_goes_on() {
    let input: &[u8] = b"\xEF\xBB\xBF{\"id\":\"a\",\"text\":\"when protests\"}\r\n\
        \n\
        no json\n\
        {\"id\":\"b\"}\n\
        {\"id\":\"c\",\"ask\":5}\n\
        {\"id\":\"d\",\"ask\":\"\xFF\"}\n\
        [1,\"when protests\"]\n\
        {\"ask\":\"when protests\"}";
    let answers = json_lines(&feed(&["ask", "--batch"], input));
    let told: Vec<(Value, bool)> = answers
        .iter()
        .map(|answer| (answer["id"].clone(), answer.get("error").is_some()))
        .collect();
    assert_eq!(
        told,
        [
            (json!("a"), false),
            (json!(null), true),
            (json!("b"), true),
            (json!("c"), true),
            (json!(null), true),
            (json!(null), true),
            (json!(null), false),
        ]
    );
    assert_eq!(keys(&answers[1]), ["error", "id"]);
}

#[test]
fn a_program_may_ask_and_wait_for_each_answer() {
    let mut child = dateline(&["ask", "--batch"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut ask = child.stdin.take().unwrap();
    let mut answers = BufReader::new(child.stdout.take().unwrap()).lines();
    for number in 0..5 {
        writeln!(ask, "{}", json!({"id": number, "ask": "when protests"})).unwrap();
        ask.flush().unwrap();
        let answer: Value = serde_json::from_str(&answers.next().unwrap().unwrap()).unwrap();
        assert_eq!(answer["id"], number);
    }
    drop(ask);
    assert!(child.wait().unwrap().success());
}

#[test]
fn a_closed_pipe_ends_it_quietly() {
    for arguments in [
        &["ask", "--batch"][..],
        &["annotate"],
        &["chat"],
        &["ask", "article 1"],
        &["completions", "bash"],
        &["index"],
        &["check"],
    ] {
        let mut child = dateline(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let mut pipe = child.stdin.take().unwrap();
        let line = b"{\"id\":1,\"ask\":\"when protests\",\"date\":\"2021-02-03\",\"text\":\"On Friday.\"}\n";
        // The input stays open: a process that waits for its end would never end.
        let _ = pipe.write_all(line);
        let _ = pipe.write_all(b"when protests\n");
        let output = child.wait_with_output().unwrap();
        let told = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {told}");
        assert!(!told.contains("panic"), "{arguments:?}: {told}");
        assert!(!told.contains("ipe"), "{arguments:?}: {told}");
        drop(pipe);
    }
}

#[test]
fn annotate_marks_what_stands_at_the_places_it_names() {
    // Code points, bytes and UTF-16 units all differ in this text.
    let text = "🎉 Zoë Müller said on Friday: “We won’t go back.” She left on 2 March 2020.";
    let input = json!({
        "id": "a", "date": "2021-02-14T08:00:00Z", "text": text,
        "events": [{"at": text.chars().position(|letter| letter == 'l').unwrap(), "gold": "x"}],
        "quotes": "keys that are not known are passed over",
    });
    let lines = json_lines(&feed(&["annotate"], format!("{input}\n").as_bytes()));
    let [line] = lines.as_slice() else {
        panic!("one line, not {}", lines.len());
    };
    assert_eq!(keys(line), sorted(&["id", "timexes", "quotes", "events"]));
    assert_eq!(line["id"], "a");
    let cut = |one: &Value, start: &str, end: &str| -> String {
        let place = |key: &str| usize::try_from(one[key].as_u64().unwrap()).unwrap();
        text.chars()
            .skip(place(start))
            .take(place(end) - place(start))
            .collect()
    };
    let timexes = line["timexes"].as_array().unwrap();
    assert_eq!(timexes.len(), 2, "{timexes:#?}");
    for timex in timexes {
        assert_eq!(
            keys(timex),
            sorted(&[
                "start", "end", "text", "type", "value", "mod", "begin", "finish"
            ])
        );
        assert_eq!(timex["text"], cut(timex, "start", "end"));
    }
    assert_eq!(timexes[1]["text"], "2 March 2020");
    assert_eq!(timexes[1]["type"], "DATE");
    assert_eq!(timexes[1]["value"], "2020-03-02");
    assert_eq!(timexes[1]["begin"], "2020-03-02");
    assert_eq!(timexes[1]["finish"], "2020-03-02");
    assert_eq!(timexes[1]["mod"], Value::Null);
    let quotes = line["quotes"].as_array().unwrap();
    assert_eq!(quotes.len(), 1, "{quotes:#?}");
    let quote = &quotes[0];
    assert_eq!(
        keys(quote),
        sorted(&[
            "start",
            "end",
            "text",
            "speaker",
            "speaker_start",
            "speaker_end",
            "cue",
            "confidence",
        ])
    );
    assert_eq!(quote["text"], cut(quote, "start", "end"));
    assert_eq!(quote["text"], "We won’t go back.");
    assert_eq!(quote["speaker"], "Zoë Müller");
    assert_eq!(quote["speaker"], cut(quote, "speaker_start", "speaker_end"));
    let events = line["events"].as_array().unwrap();
    assert_eq!(events.len(), 1);
    assert_eq!(keys(&events[0]), sorted(&["at", "value", "basis"]));
}

#[test]
fn annotate_answers_a_line_without_text_or_with_a_wrong_date_with_an_error() {
    let input = concat!(
        r#"{"id":1,"text":"T"}"#,
        "\n",
        r#"{"id":2,"date":"someday","text":"T"}"#,
        "\n",
        r#"{"id":3,"dct":"2021-02-14"}"#,
        "\n",
        r#"{"id":4,"dct":"2021-02-14","text":""}"#,
        "\n",
        r#"{"id":5,"dct":"2021-02-14","text":"T","events":[{"at":99999}]}"#,
        "\n",
    );
    let lines = json_lines(&feed(&["annotate"], input.as_bytes()));
    let failed: Vec<bool> = lines
        .iter()
        .map(|line| line.get("error").is_some())
        .collect();
    // Quotations need no date; time expressions do, and are left out without one.
    assert_eq!(failed, [false, true, true, false, false]);
    let ids: Vec<_> = lines
        .iter()
        .map(|line| line["id"].as_u64().unwrap())
        .collect();
    assert_eq!(ids, [1, 2, 3, 4, 5]);
}

#[test]
fn annotate_keeps_the_order_of_many_lines_of_very_different_length() {
    let mut input = String::new();
    for number in 0..300 {
        let text = "He left on Monday. ".repeat(if number % 50 == 0 { 400 } else { 1 });
        let line = json!({"id": number, "date": "2021-02-14", "text": text});
        input.extend([line.to_string(), "\n".to_owned()]);
    }
    let lines = json_lines(&feed(&["annotate"], input.as_bytes()));
    let ids: Vec<_> = lines
        .iter()
        .map(|line| line["id"].as_u64().unwrap())
        .collect();
    assert_eq!(ids, (0..300).collect::<Vec<_>>());
}

#[test]
fn an_empty_input_gives_an_empty_output() {
    for arguments in [&["annotate"][..], &["ask", "--batch"]] {
        let output = run(arguments);
        assert_eq!(code(&output), 0);
        assert!(output.stdout.is_empty());
    }
}
