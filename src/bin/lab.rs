//! Lab.
use std::{io::Write, path::{Path, PathBuf}, sync::Arc};
use dateline::{answer::{candidate::candidates, certainty::{certainty, CERTAINTY}, stretch::{probabilities, stretches}, features::{Found, NAMES}, topic::Topic}, archive::Archive, command::{read_prefixed, read_question}, language::{Language, Source}};
use jiff::civil::{Date, date};
use serde_json::{Value, json};
const TODAY: Date = date(2021, 3, 1);
fn r(x: f32) -> f64 { (f64::from(x) * 10000.0).round() / 10000.0 }
fn main() {
    let a: Vec<String> = std::env::args().skip(1).collect();
    let language = Arc::new(Language::read(&Source::Folder(PathBuf::from("/work/wt/ask/data/en"))).unwrap());
    let archive = Archive::open(&[PathBuf::from(Path::new(&a[0]))], language).unwrap().0;
    let limit: usize = a[2].parse().unwrap_or(0);
    let text = std::fs::read_to_string(&a[1]).unwrap();
    let mut out = std::io::BufWriter::new(std::io::stdout());
    for line in text.lines() {
        let q: Value = serde_json::from_str(line).unwrap();
        let ask = q.get("ask").or_else(|| q.get("text")).and_then(Value::as_str).unwrap();
        let Some(call) = read_prefixed(ask, "!", TODAY).or_else(|| read_question(ask, TODAY, archive.language())) else { continue };
        if a[2] == "batch" {
            let answer = (call.command.answer)(&archive, &call.request).unwrap();
            let ev: Vec<Value> = answer.groups.iter().flat_map(|g| &g.evidence).map(|e| { let c = e.citations.first().map(|i| &answer.citations[*i]); json!({"article": c.map(|c| c.article.clone()), "excerpt": e.excerpt.text(), "date": e.date.as_ref().map(|d| d.interval.begin().to_string()), "speaker": e.speaker.as_ref().map(|s| s.name.clone())}) }).collect();
            writeln!(out, "{}", json!({"id": q["id"], "cmd": call.command.name, "answered": !ev.is_empty(), "evidence": ev, "notes": answer.notes})).unwrap();
            continue;
        }
        let topic = Topic::read(&archive, &call.request.argument).unwrap();
        let strings = |key: &str| -> Vec<String> { q.get(key).and_then(Value::as_array).into_iter().flatten()
            .filter_map(|v| v.get("text").unwrap_or(v).as_str()).map(folded).collect() };
        let answers = strings("answers");
        let mut articles: Vec<&str> = q.get("articles").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
        articles.extend(q.get("paragraph").and_then(Value::as_str));
        let found = candidates(&archive, &topic, &topic.query(), 40).unwrap();
        let ps = probabilities(&found);
        let st = stretches(&found, &ps, 3);
        let cert = st.first().map(|b| certainty(archive.language(), &topic, &call.request.argument, &found, b).values().iter().map(|x| r(*x)).collect::<Vec<_>>());
        let shown: Vec<Value> = st.iter().map(|b| { let c = &found[b.best]; let t = c.document.text(b.span); let f = folded(t);
            json!({"h": answers.iter().any(|x| f.contains(x.as_str())), "s": articles.contains(&c.document.article.id.as_str()), "len": t.chars().count(), "p": r(b.probability), "t": if limit < 100 { "" } else { t }, "a": c.document.article.id}) }).collect();
        let rows: Vec<Value> = found.iter().take(limit).map(|c| {
            let span = c.sentence().unwrap().span;
            let s = c.document.text(span);
            let f = folded(s);
            let holds = answers.iter().any(|x| f.contains(x.as_str()));
            let supports = articles.contains(&c.document.article.id.as_str());
            let w = Found::read(&archive.language().words, &topic, &c.document.article.body, span).worth;
            json!({"f": c.features.values().iter().map(|x| r(*x)).collect::<Vec<_>>(), "h": holds, "s": supports, "a": c.document.article.id, "p": [c.passage, c.sentence], "at": [span.start(), span.end()], "t": s, "w": w.iter().map(|x| r(*x)).collect::<Vec<_>>(), "sc": r(c.score)})
        }).collect();
        let terms: Vec<Value> = topic.terms.iter().map(|t| json!({"w": t.span.of(&call.request.argument), "s": t.stem, "r": r(t.rarity), "n": t.name, "d": t.number, "fr": t.frequency, "alt": t.alternatives.len(), "wt": t.weight, "at": t.span.start()})).collect();
        writeln!(out, "{}", json!({"id": q["id"], "kind": q.get("kind"), "answerable": q.get("answerable"), "ask": ask, "cmd": call.command.name, "arg": call.request.argument, "exp": format!("{:?}", topic.expected), "class": topic.class, "absent": r(topic.absent()), "names": NAMES.to_vec(), "cn": CERTAINTY.to_vec(), "c": cert, "shown": shown, "terms": terms, "rows": rows})).unwrap();
    }
}
fn folded(text: &str) -> String {
    let words = text.split(|l: char| !l.is_alphanumeric()).filter(|w| !w.is_empty());
    format!(" {} ", words.map(str::to_lowercase).collect::<Vec<_>>().join(" "))
}
