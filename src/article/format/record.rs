//! A record: an article as named fields, in JSON or above a Markdown text.
//!
//! Archives name the same thing differently. [`NAMES`] lists the names of each field, best first; capitals,
//! `_` and `-` in a name make no difference. A field that is there and says nothing is as good as absent.
//! Other fields are passed over. What is known is typed: a value of another kind costs the record, with a
//! reason that names the field.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, MapAccess, Visitor},
};
use serde_json::Value;

use super::{Article, File, stated_day};
use crate::article::{markup, opening_date::opening_date};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Field {
    Id,
    Date,
    Text,
    Headline,
    Outlet,
    Byline,
    Url,
}

/// The names of each field, the one that counts most first.
const NAMES: &[(Field, &[&str])] = &[
    (Field::Id, &["id", "guid", "uuid"]),
    (
        Field::Date,
        &[
            "date",
            "published",
            "publishedat",
            "publishedon",
            "publishedtime",
            "publisheddate",
            "datepublished",
            "datepublish",
            "publishdate",
            "publicationdate",
            "pubdate",
        ],
    ),
    (
        Field::Text,
        &[
            "text",
            "body",
            "articlebody",
            "contenttext",
            "maintext",
            "fulltext",
            "contenthtml",
            "content",
        ],
    ),
    (Field::Headline, &["headline", "title"]),
    (
        Field::Outlet,
        &["outlet", "source", "publisher", "publication", "sitename"],
    ),
    (Field::Byline, &["byline", "author", "authors", "creator"]),
    (
        Field::Url,
        &["url", "link", "canonicalurl", "permalink", "externalurl"],
    ),
];

/// What a record says: of each field the values it is given, by how much their names count.
#[derive(Debug, Default)]
pub(super) struct Record {
    values: Vec<Named>,
}

#[derive(Debug)]
struct Named {
    field: Field,
    rank: usize,
    name: String,
    value: Value,
}

impl Record {
    fn put(&mut self, name: &str, value: impl FnOnce() -> Option<Value>) -> Result<bool, String> {
        let Some((field, rank)) = field(name) else {
            return Ok(false);
        };
        if self
            .values
            .iter()
            .any(|named| (named.field, named.rank) == (field, rank))
        {
            return Err(format!("has two fields `{name}`"));
        }
        if let Some(value) = value() {
            self.values.push(Named {
                field,
                rank,
                name: name.to_owned(),
                value,
            });
        }
        Ok(true)
    }

    /// A record from a table, as front matter is.
    pub(super) fn from_table(table: serde_json::Map<String, Value>) -> Result<Self, String> {
        let mut record = Self::default();
        for (name, value) in table {
            record.put(&name, || Some(value))?;
        }
        record.sort();
        Ok(record)
    }

    fn sort(&mut self) {
        self.values.sort_by_key(|named| named.rank);
    }

    /// The first of a field's values that says something, as `read` understands it.
    fn first<T>(
        &self,
        field: Field,
        expected: &str,
        read: impl Fn(&Named) -> Result<Option<T>, ()>,
    ) -> Result<Option<T>, String> {
        for named in self.values.iter().filter(|named| named.field == field) {
            let said = read(named).map_err(|()| {
                let Named { name, value, .. } = named;
                format!("has in `{name}` {}, where {expected} belongs", kind(value))
            })?;
            if said.is_some() {
                return Ok(said);
            }
        }
        Ok(None)
    }

    fn name(&self, field: Field, expected: &str) -> Result<Option<String>, String> {
        self.first(field, expected, |named| names(&named.value))
    }
}

/// Where a record stands: what holds for it where it says nothing itself.
#[derive(Debug)]
pub(super) struct Place<'a> {
    pub file: &'a File,
    /// The id of an article that is the whole file.
    pub id: Option<String>,
    /// Whether that counts more than the record's address.
    pub is_named_by_file: bool,
    /// Who publishes all records of the file.
    pub outlet: Option<&'a str>,
}

/// The article that a record is. `text` is its text where that stands outside the record.
pub(super) fn article(
    record: &Record,
    place: &Place<'_>,
    text: Option<String>,
) -> Result<Article, String> {
    let url = record.first(Field::Url, "an address", |named| match &named.value {
        Value::String(url) => Ok(said(url)),
        Value::Null => Ok(None),
        _ => Err(()),
    })?;
    let id = record
        .first(Field::Id, "a name or a number", |named| {
            match &named.value {
                Value::String(id) => Ok((!id.trim().is_empty()).then(|| id.clone())),
                Value::Number(id) if id.is_i64() || id.is_u64() => Ok(Some(id.to_string())),
                Value::Null => Ok(None),
                _ => Err(()),
            }
        })?
        .or_else(|| place.id.clone().filter(|_| place.is_named_by_file))
        .or_else(|| url.clone())
        .or_else(|| place.id.clone())
        .ok_or("has no id: add a field `id`, or `url`")?;
    let date = record.first(Field::Date, "a date as text", |named| match &named.value {
        Value::String(date) => Ok(said(date)),
        // YAML takes 20210203 for a number.
        Value::Number(date) if date.as_u64().is_some_and(|date| date < 100_000_000) => {
            Ok(Some(date.to_string()))
        }
        Value::Null => Ok(None),
        _ => Err(()),
    })?;
    let published = date.as_deref().map(stated_day).transpose()?;
    let body = match text {
        Some(text) => text,
        None => record
            .first(Field::Text, "a text", body)?
            .ok_or("has no text: add a field `text`")?,
    };
    if body.trim().is_empty() {
        return Err("has an empty text".to_owned());
    }
    let published = published
        .or_else(|| opening_date(&body))
        .ok_or("has no date: add a field `date` (YYYY-MM-DD)")?;
    Ok(Article {
        id,
        headline: record.name(Field::Headline, "a text")?,
        byline: record.name(Field::Byline, "a name")?,
        outlet: record
            .name(Field::Outlet, "a name")?
            .or_else(|| place.outlet.and_then(said)),
        published,
        url,
        path: Some(place.file.path.clone()),
        body,
    })
}

/// A text, which is taken as it is given; but markup where the field is known to hold some.
fn body(named: &Named) -> Result<Option<String>, ()> {
    let is_markup = normal(&named.name).ends_with("html");
    match &named.value {
        Value::String(text) if is_markup => Ok(Some(markup::text(text))),
        Value::String(text) => Ok(Some(text.clone())),
        Value::Object(object) => rendered(object).map(Some).ok_or(()),
        Value::Null => Ok(None),
        _ => Err(()),
    }
}

/// The text of a `WordPress` service's `{"rendered": "<p>…"}`.
fn rendered(object: &serde_json::Map<String, Value>) -> Option<String> {
    Some(markup::text(object.get("rendered")?.as_str()?))
}

/// A name; or `{"name": …}`; or several of either.
fn names(value: &Value) -> Result<Option<String>, ()> {
    match value {
        // A number is that of an author in some database, and names nobody.
        Value::Null | Value::Number(_) => Ok(None),
        Value::String(name) => Ok(said(name)),
        Value::Object(object) => match object.get("name") {
            Some(name @ Value::String(_)) => names(name),
            Some(Value::Null) => Ok(None),
            Some(_) => Err(()),
            None => rendered(object).map(|text| said(&text)).ok_or(()),
        },
        Value::Array(several) => {
            let mut all = Vec::new();
            for one in several.iter().take(32) {
                if one.is_array() {
                    return Err(());
                }
                all.extend(names(one)?);
            }
            Ok((!all.is_empty()).then(|| all.join(", ")))
        }
        Value::Bool(_) => Err(()),
    }
}

/// Nothing, for a field that is there and says nothing.
fn said(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

fn field(name: &str) -> Option<(Field, usize)> {
    let name = normal(name);
    NAMES.iter().find_map(|(field, names)| {
        let rank = names.iter().position(|known| *known == name)?;
        Some((*field, rank))
    })
}

fn normal(name: &str) -> String {
    // An underscore at the begin marks a field of a database's own.
    name.char_indices()
        .filter(|(at, letter)| *at == 0 || !matches!(letter, '_' | '-'))
        .map(|(_, letter)| letter.to_ascii_lowercase())
        .collect()
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "nothing",
        Value::Bool(_) => "yes or no",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "a group of fields",
    }
}

impl<'de> Deserialize<'de> for Record {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Fields;
        impl<'de> Visitor<'de> for Fields {
            type Value = Record;

            fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
                to.write_str("an article")
            }

            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Record, M::Error> {
                let mut record = Record::default();
                while let Some(name) = map.next_key::<String>()? {
                    let mut value = None;
                    if field(&name).is_some() {
                        value = Some(map.next_value::<Value>()?);
                    } else {
                        map.next_value::<IgnoredAny>()?;
                    }
                    record
                        .put(&name, || value)
                        .map_err(serde::de::Error::custom)?;
                }
                record.sort();
                Ok(record)
            }
        }
        from.deserialize_map(Fields)
    }
}

/// The record of one JSON object.
///
/// # Errors
/// Says what is wrong, and at which byte of its line where it stands on one.
pub(super) fn from_json(bytes: &[u8]) -> Result<Record, String> {
    let text = std::str::from_utf8(bytes).map_err(|_| "is not UTF-8: save it as UTF-8")?;
    if !text.starts_with('{') {
        return Err("is no JSON object".to_owned());
    }
    serde_json::from_str(text).map_err(|error| {
        // Lines are counted in the file, not in the record, so only the column of serde's place is of use.
        let said = error.to_string();
        let what = said.split(" at line ").next().unwrap_or(&said);
        format!("is no article in JSON: {what} at column {}", error.column())
    })
}
