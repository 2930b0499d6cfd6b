//! Bytes → text, in whatever encoding they are: as marked, as valid UTF-8, as declared, or as detected.
//!
//! Names and mappings are those of the WHATWG Encoding Standard (`encoding_rs`); detection is that of
//! Firefox (`chardetng`). Text that is UTF-8 but for a few bytes is torn UTF-8 and nothing else: any
//! single-byte encoding could read it too, and would make nonsense of every letter that is not ASCII.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

/// Bytes that are no text in any encoding known here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Foreign {
    /// Where the first byte stands that is not UTF-8.
    pub at: usize,
}

/// The text of `bytes`. `declared` is the encoding's name where the text itself or its sender tells one.
///
/// # Errors
/// Where the bytes are no text in any encoding.
pub(super) fn decode(bytes: &[u8], declared: Option<&str>) -> Result<String, Foreign> {
    let declared = declared.and_then(|name| Encoding::for_label(name.as_bytes()));
    if let Some((marked, mark)) = Encoding::for_bom(bytes) {
        let rest = bytes.get(mark..).unwrap_or_default();
        return sound(marked, rest).ok_or(Foreign { at: 0 });
    }
    // Its escapes are ASCII, so that it would pass for UTF-8.
    if let Some(escaped) = declared.filter(|declared| *declared == encoding_rs::ISO_2022_JP)
        && let Some(text) = sound(escaped, bytes)
    {
        return Ok(text);
    }
    let foreign = match std::str::from_utf8(bytes) {
        Ok(text) => return Ok(text.to_owned()),
        Err(error) => Foreign {
            at: error.valid_up_to(),
        },
    };
    // A declaration that can be read as ASCII is not in UTF-16, whatever it says.
    if let Some(declared) = declared.filter(|known| ![UTF_8, UTF_16LE, UTF_16BE].contains(known))
        && let Some(text) = sound(declared, bytes)
    {
        return Ok(text);
    }
    if is_torn(bytes) {
        return Err(foreign);
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    let detected = detector.guess(None, Utf8Detection::Deny);
    sound(detected, bytes)
        // What is detected must be text: any bytes at all can be read in some encoding.
        .filter(|text| !text.chars().any(is_no_text))
        .ok_or(foreign)
}

/// As [`decode`], but as a browser shows it: what cannot be read is shown as �.
pub(super) fn decode_as_shown(bytes: &[u8], declared: Option<&str>) -> String {
    decode(bytes, declared).unwrap_or_else(|_| String::from_utf8_lossy(bytes).into_owned())
}

fn sound(encoding: &'static Encoding, bytes: &[u8]) -> Option<String> {
    encoding
        .decode_without_bom_handling_and_without_replacement(bytes)
        .map(std::borrow::Cow::into_owned)
}

/// Whether more letters are UTF-8 than are not, ASCII aside.
fn is_torn(bytes: &[u8]) -> bool {
    let (mut whole, mut torn) = (0usize, 0usize);
    for chunk in bytes.utf8_chunks() {
        whole += chunk.valid().chars().filter(|one| !one.is_ascii()).count();
        torn += usize::from(!chunk.invalid().is_empty());
    }
    whole > torn
}

fn is_no_text(letter: char) -> bool {
    letter.is_control() && !matches!(letter, '\t' | '\n' | '\r' | '\u{c}')
}

/// The encoding that an HTML page declares for itself near its beginning, by the standard's prescan:
/// `<meta charset=…>` or the one in a content type.
pub(super) fn of_page(bytes: &[u8]) -> Option<String> {
    declared_after(bytes, b"charset")
}

/// The encoding of an XML declaration.
pub(super) fn of_xml(bytes: &[u8]) -> Option<String> {
    let head = bytes.trim_ascii_start();
    let end = head.iter().position(|&byte| byte == b'>')?;
    let declaration = head.get(..end)?;
    declaration
        .starts_with(b"<?xml")
        .then(|| declared_after(declaration, b"encoding"))?
}

/// How far into a page its encoding is looked for. The standard says 1,024; pages put it later.
const PRESCAN: usize = 8192;

/// The name behind the first `key`, `=` and perhaps a quotation mark.
fn declared_after(bytes: &[u8], key: &[u8]) -> Option<String> {
    let head = bytes.get(..PRESCAN.min(bytes.len()))?.to_ascii_lowercase();
    memchr::memmem::find_iter(&head, key).find_map(|at| {
        let value = head
            .get(at + key.len()..)?
            .trim_ascii_start()
            .strip_prefix(b"=")?
            .trim_ascii_start();
        let value = value
            .strip_prefix(b"\"")
            .or_else(|| value.strip_prefix(b"'"))
            .unwrap_or(value);
        let end = value
            .iter()
            .position(|byte| !(byte.is_ascii_alphanumeric() || b"-_:.".contains(byte)))
            .unwrap_or(value.len());
        let name = value.get(..end).filter(|name| !name.is_empty())?;
        Some(String::from_utf8_lossy(name).into_owned())
    })
}
