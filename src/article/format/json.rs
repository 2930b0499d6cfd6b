//! JSON: one article, a list of articles, or a list inside of an object, as news services and JSON Feed
//! (<https://jsonfeed.org>) give it; and several of these one after the other.
//!
//! The file is taken apart into its records byte by byte, and only the record at hand is kept, so that a
//! list may be of any length and nested however deep. What is wrong inside of one record costs that record
//! alone; where the brackets themselves do not match, what follows is lost.

use std::{
    io::{self, BufRead},
    ops::ControlFlow,
};

use super::{
    ARTICLE_LIMIT, Article, File, Found, Sink, cannot_read,
    record::{self, Place},
    too_long,
};

/// The fields of an object that may hold a list of articles.
const LISTS: &[&str] = &["articles", "items", "posts", "results"];

/// Reads every record of the file.
pub(super) fn read(file: &File, input: &mut dyn BufRead, sink: &mut Sink<'_>) -> ControlFlow<()> {
    let mut reader = Records {
        file,
        bytes: Bytes::new(input),
        sink,
        some: false,
    };
    match reader.documents() {
        Ok(()) if reader.some => ControlFlow::Continue(()),
        Ok(()) => (reader.sink)(Err(file.unreadable(None, "is empty"))),
        Err(Stop::Enough) => ControlFlow::Break(()),
        Err(Stop::Read(error)) => {
            let line = reader.bytes.line;
            (reader.sink)(Err(file.unreadable(Some(line), cannot_read(&error))))
        }
        Err(Stop::Broken(what)) => {
            let line = reader.bytes.line;
            (reader.sink)(Err(
                file.unreadable(Some(line), format!("is no JSON: {what}"))
            ))
        }
    }
}

/// Why the rest of a file is not read.
enum Stop {
    Enough,
    Read(io::Error),
    Broken(&'static str),
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        Self::Read(error)
    }
}

struct Records<'a, 's> {
    file: &'a File,
    bytes: Bytes<'a>,
    sink: &'a mut Sink<'s>,
    some: bool,
}

impl Records<'_, '_> {
    fn documents(&mut self) -> Result<(), Stop> {
        while let Some(first) = self.bytes.next_in_sight()? {
            match first {
                b'[' => self.list(None)?,
                b'{' => self.object()?,
                _ => return Err(Stop::Broken("neither `{` nor `[` stands there")),
            }
        }
        Ok(())
    }

    /// The articles of a list, whose bracket is read.
    fn list(&mut self, outlet: Option<&str>) -> Result<(), Stop> {
        let mut first = true;
        loop {
            let mut next = self.bytes.expected()?;
            match next {
                b']' if first => return Ok(()),
                b',' if !first => next = self.bytes.expected()?,
                b']' => return Ok(()),
                _ if first => {}
                _ => return Err(Stop::Broken("a comma is missing in a list")),
            }
            // A comma behind the last article is an easy mistake.
            if next == b']' {
                return Ok(());
            }
            first = false;
            let line = self.bytes.line;
            let value = self.bytes.value(next)?;
            self.give(line, value, None, outlet)?;
        }
    }

    /// An article, or what holds a list of them: an object, whose bracket is read.
    fn object(&mut self) -> Result<(), Stop> {
        let line = self.bytes.line;
        let mut whole = Some(b"{".to_vec());
        let mut outlet = None;
        let mut lists = 0;
        loop {
            let mark = match self.bytes.expected()? {
                b'}' => break,
                b',' => self.bytes.expected()?,
                mark => mark,
            };
            if mark != b'"' {
                return Err(Stop::Broken("the name of a field is missing"));
            }
            let name = self.bytes.value(mark)?;
            if self.bytes.expected()? != b':' {
                return Err(Stop::Broken(
                    "a colon is missing behind the name of a field",
                ));
            }
            let first = self.bytes.expected()?;
            let of_name = name.as_deref().and_then(|name| name.strip_prefix(b"\""));
            let of_name = of_name.and_then(|name| name.strip_suffix(b"\""));
            let is_list = first == b'['
                && of_name.is_some_and(|name| LISTS.iter().any(|list| list.as_bytes() == name));
            if is_list && self.bytes.begins_with_objects()? {
                lists += 1;
                self.list(outlet.as_deref())?;
                continue;
            }
            let value = self.bytes.value(first)?;
            if of_name == Some(b"title") {
                // The title of a feed is its outlet's name.
                outlet = value
                    .as_deref()
                    .and_then(|title| serde_json::from_slice::<String>(title).ok());
            }
            whole = whole.and_then(|mut whole| {
                if whole.len() > 1 {
                    whole.push(b',');
                }
                whole.extend_from_slice(&name?);
                whole.push(b':');
                whole.extend_from_slice(&value?);
                (whole.len() as u64 <= ARTICLE_LIMIT).then_some(whole)
            });
        }
        if lists > 0 {
            return Ok(());
        }
        if let Some(whole) = &mut whole {
            whole.push(b'}');
        }
        let alone = self.file.id();
        self.give(line, whole, Some(alone), None)
    }

    fn give(
        &mut self,
        line: usize,
        value: Option<Vec<u8>>,
        id: Option<String>,
        outlet: Option<&str>,
    ) -> Result<(), Stop> {
        self.some = true;
        let place = Place {
            file: self.file,
            id,
            is_named_by_file: false,
            outlet,
        };
        let read = || -> Result<Article, String> {
            let value = value.ok_or_else(too_long)?;
            record::article(&record::from_json(&value)?, &place, None)
        };
        let result = read()
            .map(|article| Found { line, article })
            .map_err(|reason| self.file.unreadable(Some(line), reason));
        match (self.sink)(result) {
            ControlFlow::Continue(()) => Ok(()),
            ControlFlow::Break(()) => Err(Stop::Enough),
        }
    }
}

/// The bytes of a file, and where they stand.
struct Bytes<'a> {
    input: &'a mut dyn BufRead,
    chunk: Box<[u8]>,
    at: usize,
    end: usize,
    /// The line of the byte that was read last, from 1.
    line: usize,
}

impl<'a> Bytes<'a> {
    fn new(input: &'a mut dyn BufRead) -> Self {
        Self {
            input,
            chunk: vec![0; 1 << 16].into_boxed_slice(),
            at: 0,
            end: 0,
            line: 1,
        }
    }

    fn peek(&mut self) -> io::Result<Option<u8>> {
        if self.at == self.end {
            (self.at, self.end) = (0, self.input.read(&mut self.chunk)?);
        }
        Ok(self
            .chunk
            .get(self.at..self.end)
            .and_then(|rest| rest.first().copied()))
    }

    fn next(&mut self) -> io::Result<Option<u8>> {
        let byte = self.peek()?;
        if let Some(byte) = byte {
            self.at += 1;
            self.line += usize::from(byte == b'\n');
        }
        Ok(byte)
    }

    /// The next byte that is no white space.
    fn next_in_sight(&mut self) -> io::Result<Option<u8>> {
        while let Some(byte) = self.next()? {
            if !byte.is_ascii_whitespace() {
                return Ok(Some(byte));
            }
        }
        Ok(None)
    }

    fn expected(&mut self) -> Result<u8, Stop> {
        self.next_in_sight()?
            .ok_or(Stop::Broken("it ends in the middle"))
    }

    /// Whether the next thing in sight is an object. Reads white space.
    fn begins_with_objects(&mut self) -> Result<bool, Stop> {
        while self.peek()?.is_some_and(|byte| byte.is_ascii_whitespace()) {
            self.next()?;
        }
        Ok(self.peek()? == Some(b'{'))
    }

    /// One value, of which the `first` byte is read; nothing, if it is larger than any article.
    fn value(&mut self, first: u8) -> Result<Option<Vec<u8>>, Stop> {
        let mut value = Some(vec![first]);
        let mut depth = u64::from(matches!(first, b'{' | b'['));
        let mut in_text = first == b'"';
        let mut escaped = false;
        while depth > 0 || in_text {
            let byte = self.next()?.ok_or(Stop::Broken("it ends in the middle"))?;
            if let Some(kept) = &mut value {
                kept.push(byte);
                if kept.len() as u64 > ARTICLE_LIMIT {
                    value = None;
                }
            }
            match byte {
                _ if escaped => escaped = false,
                b'\\' if in_text => escaped = true,
                b'"' => in_text = !in_text,
                _ if in_text => {}
                b'{' | b'[' => depth += 1,
                b'}' | b']' => depth -= 1,
                _ => {}
            }
        }
        if matches!(first, b'{' | b'[' | b'"') {
            return Ok(value);
        }
        // A number or a word ends where something else begins.
        while let Some(byte) = self.peek()? {
            if byte.is_ascii_whitespace() || b",:[]{}\"".contains(&byte) {
                break;
            }
            self.next()?;
            if let Some(kept) = &mut value {
                kept.push(byte);
                if kept.len() as u64 > ARTICLE_LIMIT {
                    value = None;
                }
            }
        }
        Ok(value)
    }
}
