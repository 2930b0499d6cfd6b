//! What a page says of its article beside the text: headline, writer, outlet, day, address.
//!
//! JSON-LD of schema.org first (<https://schema.org/NewsArticle>), then OpenGraph, then the many names in
//! `<meta>`, then what is marked in the text (`<time>`, `<h1>`). A date that cannot be read is passed over
//! as long as another can.

use std::cell::RefCell;

use html5ever::tokenizer::{Tag, TagKind};
use jiff::civil::Date;
use serde_json::Value;

use super::stated_day;
use crate::article::markup::{Tokens, tokenize};

/// What a page says.
#[derive(Debug, Default)]
pub(super) struct Metadata {
    pub headline: Option<String>,
    pub byline: Option<String>,
    pub outlet: Option<String>,
    pub url: Option<String>,
    pub published: Option<Date>,
    /// A date that the page states and that cannot be read, and why.
    pub unreadable: Option<String>,
    /// The text, where the page carries it for programs.
    pub text: Option<String>,
}

/// Names in `<meta>` that state when the article appeared, the surest first.
const DATES: &[&str] = &[
    "article:published_time",
    "og:published_time",
    "datepublished",
    "publishdate",
    "publish-date",
    "publish_date",
    "pubdate",
    "publication_date",
    "parsely-pub-date",
    "sailthru.date",
    "article:published",
    "article.published",
    "cxenseparse:recs:publishtime",
    "citation_publication_date",
    "dc.date.issued",
    "dcterms.issued",
    "dcterms.created",
    "dcterms.date",
    "dc.date",
    "dc.date.created",
    "date",
];
const HEADLINES: &[&str] = &["og:title", "twitter:title", "dc.title", "headline"];
const BYLINES: &[&str] = &[
    "author",
    "article:author",
    "parsely-author",
    "sailthru.author",
    "dc.creator",
    "byl",
];
const OUTLETS: &[&str] = &["og:site_name", "application-name", "dc.publisher"];

/// Reads what the page says.
pub(super) fn read(html: &str) -> Metadata {
    let page = Page::default();
    tokenize(html, &page);
    page.0.into_inner().metadata()
}

#[derive(Default)]
struct Page(RefCell<Seen>);

/// What was seen of a page.
#[derive(Default)]
struct Seen {
    /// `<meta>`: its name in lower case, and its content.
    named: Vec<(String, String)>,
    canonical: Option<String>,
    linked: Vec<String>,
    times: Vec<Time>,
    title: Captured,
    heading: Captured,
    /// How many elements of the article itself are open.
    within: usize,
    /// Whether the text that follows is a script with JSON-LD.
    in_linked: bool,
}

struct Time {
    stated: String,
    within: bool,
    is_publication: bool,
}

/// The text of an element: only of the first of its kind.
#[derive(Default)]
struct Captured {
    text: String,
    open: bool,
    done: bool,
}

impl Captured {
    fn tag(&mut self, opens: bool) {
        self.done |= self.open && !opens;
        self.open = opens && !self.done;
    }

    fn said(&self) -> Option<String> {
        said(&self.text)
    }
}

/// As much of anything as is kept.
const MOST: usize = 256;

impl Tokens for Page {
    fn tag(&self, tag: &Tag) {
        let seen = &mut *self.0.borrow_mut();
        let opens = tag.kind == TagKind::StartTag;
        let value = |name: &str| {
            tag.attrs
                .iter()
                .find(|one| &*one.name.local == name)
                .map(|one| &*one.value)
        };
        let is = |name: &str, wanted: &str| {
            value(name).is_some_and(|value| {
                value
                    .split_ascii_whitespace()
                    .any(|one| one.eq_ignore_ascii_case(wanted))
            })
        };
        match &*tag.name {
            "title" => seen.title.tag(opens),
            "h1" => seen.heading.tag(opens),
            "article" | "main" if opens => seen.within += 1,
            "article" | "main" => seen.within = seen.within.saturating_sub(1),
            "script" => {
                seen.in_linked = opens && is("type", "application/ld+json");
                if seen.in_linked && seen.linked.len() < MOST {
                    seen.linked.push(String::new());
                }
            }
            "meta" if seen.named.len() < MOST => {
                let name = value("property").or(value("name")).or(value("itemprop"));
                if let (Some(name), Some(content)) = (name, value("content").and_then(said)) {
                    seen.named.push((name.to_ascii_lowercase(), content));
                }
            }
            "link" if is("rel", "canonical") && seen.canonical.is_none() => {
                seen.canonical = value("href").and_then(said);
            }
            "time" if opens && seen.times.len() < MOST => {
                if let Some(stated) = value("datetime").and_then(said) {
                    let is_publication = value("pubdate").is_some()
                        || is("itemprop", "datePublished")
                        || ["published", "entry-date", "post-date", "dt-published"]
                            .iter()
                            .any(|class| is("class", class));
                    // WordPress hides the day of the last change in one of class "updated".
                    let is_change = is("itemprop", "dateModified") || is("class", "updated");
                    if is_publication || !is_change {
                        seen.times.push(Time {
                            stated,
                            within: seen.within > 0,
                            is_publication,
                        });
                    }
                }
            }
            _ => {}
        }
    }

    fn text(&self, text: &str) {
        let seen = &mut *self.0.borrow_mut();
        for captured in [&mut seen.title, &mut seen.heading] {
            if captured.open {
                captured.text.push_str(text);
            }
        }
        if seen.in_linked
            && let Some(linked) = seen.linked.last_mut()
        {
            linked.push_str(text);
        }
    }
}

impl Seen {
    fn metadata(&self) -> Metadata {
        let linked = Linked::read(&self.linked);
        let article = linked.article();
        let mut metadata = Metadata {
            headline: article
                .and_then(|it| text_of(it.get("headline")?))
                .or_else(|| self.first(HEADLINES))
                .or_else(|| self.heading.said())
                .or_else(|| self.title.said()),
            byline: article
                .and_then(|it| linked.name_of(it.get("author")?))
                // A link to the writer's page is no name.
                .or_else(|| self.first(BYLINES).filter(|name| !name.contains("://"))),
            outlet: article
                .and_then(|it| linked.name_of(it.get("publisher")?))
                .or_else(|| self.first(OUTLETS)),
            url: self
                .canonical
                .clone()
                .or_else(|| self.first(&["og:url"]))
                .or_else(|| article.and_then(address_of))
                .filter(|url| url.contains("://")),
            text: article.and_then(|it| text_of(it.get("articleBody")?)),
            ..Metadata::default()
        };
        let in_article = article
            .into_iter()
            .flat_map(|it| [it.get("datePublished"), it.get("dateCreated")])
            .filter_map(|date| text_of(date?));
        let in_head = DATES.iter().flat_map(|name| self.all(name));
        let marked = self.times.iter().filter(|time| time.is_publication);
        let marked = marked.map(|time| time.stated.clone());
        for stated in in_article.chain(in_head).chain(marked).chain(self.time()) {
            match stated_day(&stated) {
                Ok(day) => {
                    metadata.published = Some(day);
                    break;
                }
                Err(reason) => {
                    metadata.unreadable.get_or_insert(reason);
                }
            }
        }
        metadata
    }

    /// The time that a page shows, where nothing says what it is: the first in the article itself, or else
    /// the only one.
    fn time(&self) -> Option<String> {
        let first = self.times.iter().find(|time| time.within);
        let first = first.or(match self.times.as_slice() {
            [only] => Some(only),
            _ => None,
        })?;
        Some(first.stated.clone())
    }

    fn first(&self, names: &[&str]) -> Option<String> {
        names.iter().flat_map(|name| self.all(name)).next()
    }

    fn all(&self, name: &str) -> impl Iterator<Item = String> {
        self.named
            .iter()
            .filter(move |(known, _)| known == name)
            .map(|(_, content)| content.clone())
    }
}

/// The things that a page's JSON-LD tells of.
struct Linked(Vec<Value>);

impl Linked {
    fn read(scripts: &[String]) -> Self {
        let mut things = Vec::new();
        for script in scripts {
            // Some write it into a comment, for programs that do not know the element.
            let bare = script
                .trim()
                .trim_start_matches("<!--")
                .trim_start_matches("//<![CDATA[")
                .trim_end_matches("-->")
                .trim_end_matches("//]]>");
            let Ok(value) = serde_json::from_str::<Value>(bare.trim().trim_end_matches(';')) else {
                continue;
            };
            let mut open = vec![value];
            while let Some(value) = open.pop() {
                match value {
                    Value::Array(several) => open.extend(several.into_iter().rev()),
                    Value::Object(mut thing) => {
                        open.extend(thing.remove("@graph"));
                        things.push(Value::Object(thing));
                    }
                    _ => {}
                }
            }
        }
        Self(things)
    }

    /// The article among them.
    fn article(&self) -> Option<&Value> {
        let is = |thing: &Value, wanted: fn(&str) -> bool| {
            let kinds = thing.get("@type");
            let named = kinds.and_then(Value::as_str).is_some_and(wanted);
            let list = kinds.and_then(Value::as_array);
            named || list.is_some_and(|kinds| kinds.iter().filter_map(Value::as_str).any(wanted))
        };
        let is_article = |kind: &str| kind.ends_with("Article") || kind.ends_with("Posting");
        let is_page = |kind: &str| matches!(kind, "WebPage" | "ItemPage" | "Report");
        let find = |wanted: fn(&str) -> bool| self.0.iter().find(|thing| is(thing, wanted));
        find(is_article).or_else(|| find(is_page))
    }

    /// The name of what is named directly, by an object, or by a reference to another thing.
    fn name_of(&self, value: &Value) -> Option<String> {
        match value {
            Value::String(name) => said(name).filter(|name| !name.contains("://")),
            Value::Object(thing) => thing.get("name").and_then(text_of).or_else(|| {
                let id = thing.get("@id")?;
                let other = self
                    .0
                    .iter()
                    .find(|other| other.get("@id") == Some(id) && other.get("name").is_some())?;
                text_of(other.get("name")?)
            }),
            Value::Array(several) => {
                let names: Vec<String> = several
                    .iter()
                    .take(MOST)
                    .filter(|one| !one.is_array())
                    .filter_map(|one| self.name_of(one))
                    .collect();
                (!names.is_empty()).then(|| names.join(", "))
            }
            _ => None,
        }
    }
}

fn address_of(article: &Value) -> Option<String> {
    let page = article.get("mainEntityOfPage");
    article
        .get("url")
        .and_then(text_of)
        .or_else(|| text_of(page?))
        .or_else(|| text_of(page?.get("@id")?))
}

/// A text of JSON-LD, where markup may have been left in.
fn text_of(value: &Value) -> Option<String> {
    let text = value.as_str()?;
    if text.contains(['&', '<']) {
        said(&crate::article::markup::text(text))
    } else {
        said(text)
    }
}

/// The text with single blanks, if it says anything.
fn said(text: &str) -> Option<String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    (!words.is_empty()).then(|| words.join(" "))
}
