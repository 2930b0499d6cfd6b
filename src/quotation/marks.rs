//! Quotation marks: which opens, which closes, and which are none.
//!
//! Known pairs: “ ”, " ", ‘ ’, ' ', « », » «, „ “. Apostrophes, primes, inch marks and the marks of values in
//! markup are left alone; marks inside a pair of another kind stay inside it. A paragraph that opens with a mark and does not
//! close it ends the quoted stretch there, and the next paragraph that opens with a mark goes on with
//! it (the typographers' rule for quotations of several paragraphs). All in one pass over the marks.

use super::lexicon::{Classes, Lexicon};
use crate::text::Span;

/// A stretch between quotation marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stretch {
    /// With its marks.
    pub(super) extent: Span,
    /// Without them.
    pub(super) content: Span,
    /// Not closed at its paragraph's end and taken up by the next paragraph.
    pub(super) runs_on: bool,
    /// Between single marks.
    pub(super) single: bool,
    /// A name on the last line, as quotations set apart from the text have it; not part of the content.
    pub(super) signature: Option<Span>,
}

#[derive(Clone, Copy, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one observation about a mark, independent of the others"
)]
struct Mark {
    at: usize,
    letter: char,
    paragraph: usize,
    /// Something quoted could begin after it.
    opens: bool,
    /// Something quoted could end before it.
    closes: bool,
    /// It stands after a digit: an inch or a minute.
    after_digit: bool,
    /// White space or nothing before it.
    space_before: bool,
    /// A letter after it, in lower case, behind one blank: what follows a possessive.
    possessive: bool,
    /// A mark of punctuation before it, as the end of speech has.
    after_stop: bool,
    /// The first thing in its paragraph.
    leads: bool,
}

/// How far a quotation may run past its paragraph, in marks looked at.
const REACH: usize = 48;

/// The quoted stretches of `text`, in order and apart from each other. `paragraphs` are its paragraphs.
pub(super) fn stretches(text: &str, paragraphs: &[Span], lexicon: &Lexicon) -> Vec<Stretch> {
    let marks = marks(text, paragraphs);
    let mut found: Vec<Stretch> = Vec::new();
    let mut index = 0;
    while index < marks.len() {
        if let Some((stretch, next)) = stretch(text, paragraphs, lexicon, &marks, index) {
            // Marks around nothing are passed over at once, or a row of them would be read again and again.
            if stretch.content.of(text).chars().any(char::is_alphanumeric) {
                found.push(stretch);
            }
            index = next;
        } else {
            index += 1;
        }
    }
    found
}

fn marks(text: &str, paragraphs: &[Span]) -> Vec<Mark> {
    let mut found = Vec::new();
    for (paragraph, span) in paragraphs.iter().enumerate() {
        let mut before: Option<char> = None;
        let mut letters = span.of(text).char_indices().peekable();
        while let Some((at, letter)) = letters.next() {
            // Two apostrophes in a row are a typewriter's double mark or a sign for inches or seconds; which
            // of them is not to be told, so they are left alone.
            if matches!(letter, '\'' | '`')
                && letters.peek().is_some_and(|&(_, next)| next == letter)
            {
                while letters.peek().is_some_and(|&(_, next)| next == letter) {
                    letters.next();
                }
                before = Some(letter);
                continue;
            }
            if is_mark(letter) {
                let after = letters.peek().map(|&(_, after)| after);
                let space_before = before.is_none_or(char::is_whitespace);
                // A value's marks in a scrap of markup, `author="…">`, open nothing.
                let space_after = after.is_none_or(|after| after.is_whitespace() || after == '>')
                    || before == Some('=');
                let rest = span
                    .of(text)
                    .get(at + letter.len_utf8()..)
                    .unwrap_or_default();
                found.push(Mark {
                    at: span.start() + at,
                    letter,
                    paragraph,
                    opens: !space_after
                        && before.is_none_or(|before| {
                            !before.is_alphanumeric() && !matches!(before, '.' | ',' | '!' | '?')
                                || matches!(before, '.' | ',')
                                    && after.is_some_and(char::is_alphanumeric)
                        }),
                    closes: !space_before && after.is_none_or(|after| !after.is_alphanumeric()),
                    after_digit: before.is_some_and(char::is_numeric),
                    space_before,
                    possessive: matches!(before, Some('s' | 'S' | 'z' | 'x'))
                        && rest.starts_with(' ')
                        && rest.chars().nth(1).is_some_and(char::is_alphanumeric),
                    after_stop: before.is_some_and(|before| {
                        matches!(
                            before,
                            '.' | ',' | '!' | '?' | '…' | '—' | '-' | ';' | ':' | ')' | '"' | '”'
                        )
                    }),
                    leads: before.is_none() && after != Some('>'),
                });
            }
            before = Some(letter);
        }
    }
    found
}

fn is_mark(letter: char) -> bool {
    matches!(
        letter,
        '"' | '“' | '”' | '„' | '«' | '»' | '\'' | '‘' | '’' | '‛' | '‟'
    )
}

/// The stretch that the mark at `index` opens, and the index of the mark after it.
fn stretch(
    text: &str,
    paragraphs: &[Span],
    lexicon: &Lexicon,
    marks: &[Mark],
    index: usize,
) -> Option<(Stretch, usize)> {
    let open = *marks.get(index)?;
    let single = matches!(open.letter, '\'' | '‘');
    let may_open = match open.letter {
        '"' => open.opens || (open.leads && !open.after_digit),
        '“' | '„' | '‟' => open.opens || !open.closes,
        '«' => true,
        '‘' => open.opens,
        '\'' => open.opens && !elided(text, open, lexicon),
        // A German mark, or a closing one typed where an opening one belongs.
        '»' | '”' => open.opens && open.space_before,
        _ => false,
    };
    if !may_open {
        return None;
    }
    let close = if single {
        closing_single(marks, index, open)
    } else {
        closing_double(marks, index, open)
    };
    let content_start = open.at + open.letter.len_utf8();
    let (content_end, end, runs_on, next) = match close {
        Close::At(at) => {
            let mark = marks.get(at)?;
            (mark.at, mark.at + mark.letter.len_utf8(), false, at + 1)
        }
        Close::ParagraphEnd { next, runs_on } => {
            let own = paragraphs.get(open.paragraph)?.end();
            // Indented layouts, as books have, put lines of one speech into blocks of their own; there it
            // lasts until the block that opens anew.
            let anew = (next..marks.len())
                .take(REACH)
                .find(|&at| marks.get(at).is_some_and(|mark| mark.letter == open.letter));
            let later = anew
                .and_then(|at| marks.get(at))
                .filter(|later| !runs_on && open.leads && later.leads && later.opens)
                .filter(|_| indented(text, open.at))
                .and_then(|later| paragraphs.get(later.paragraph.checked_sub(1)?));
            match later.zip(anew) {
                Some((last, anew)) => (last.end(), last.end(), true, anew),
                None => (own, own, runs_on, next),
            }
        }
        Close::Before(at) => {
            let mark = marks.get(at)?;
            let words = text.get(content_start..mark.at)?.split_whitespace();
            if words.take(4).count() < 4 {
                return None;
            }
            (mark.at, mark.at, false, at)
        }
        Close::Never => return None,
    };
    let content = Span::new(text, content_start, content_end)?.trimmed(text);
    let signed = signed(text, content);
    let stretch = Stretch {
        extent: Span::new(text, open.at, end)?,
        content: signed.map_or(content, |(words, _)| words),
        runs_on,
        single,
        signature: signed.map(|(_, name)| name),
    };
    Some((stretch, next))
}

/// The words and the name below them, of a quotation that is signed inside its marks.
fn signed(text: &str, content: Span) -> Option<(Span, Span)> {
    let (words, line) = content.of(text).rsplit_once('\n')?;
    let name = line.split(',').next()?.trim_end_matches('.');
    let is_name = (2..=6).contains(&name.split_whitespace().count())
        && name
            .split_whitespace()
            .all(|word| word.starts_with(char::is_uppercase));
    // Where lines are broken as in print, a name may well stand on the last of them.
    let printed = words.contains('\n') || line.starts_with(char::is_whitespace);
    if !is_name || printed || !words.ends_with(['.', '!', '?', '…']) {
        return None;
    }
    let start = content.end() - line.len();
    Some((
        Span::new(text, content.start(), start)?.trimmed(text),
        Span::new(text, start, start + name.len())?.trimmed(text),
    ))
}

/// Whether the line of `at` begins with white space.
fn indented(text: &str, at: usize) -> bool {
    text.get(..at)
        .is_some_and(|before| before.ends_with("  ") || before.ends_with('\t'))
}

enum Close {
    At(usize),
    ParagraphEnd {
        next: usize,
        runs_on: bool,
    },
    /// Another opens before it is closed.
    Before(usize),
    Never,
}

/// Where a double mark is closed.
fn closing_double(marks: &[Mark], index: usize, open: Mark) -> Close {
    let mut depth = 0_usize;
    let mut at = index + 1;
    let mut single_pair = 0_usize;
    // Whether marks of another kind open inside.
    let mut inner = false;
    while let Some(mark) = marks.get(at) {
        if mark.paragraph != open.paragraph {
            break;
        }
        match (open.letter, mark.letter) {
            ('"', '"') => {
                // `"A. "B."`: the second opens anew, the first was never closed.
                if mark.opens && mark.space_before && !mark.closes {
                    return Close::Never;
                }
                if mark.closes || !mark.opens {
                    return Close::At(at);
                }
            }
            ('"' | '“' | '„' | '‟' | '”', '”') | ('«', '»') | ('»', '«') => {
                if depth == 0 {
                    return Close::At(at);
                }
                // Whole sentences between other marks are rather a quotation that follows an unclosed one.
                if inner && mark.after_stop {
                    return Close::Never;
                }
                depth -= 1;
            }
            ('"', '“') if mark.opens && mark.space_before => {
                inner = true;
                depth = 1;
            }
            ('“' | '„' | '‟' | '”', '“') => {
                if mark.closes && !mark.space_before {
                    return Close::At(at);
                }
                if open.letter == '“' && single_pair == 0 {
                    return Close::Before(at);
                }
            }
            ('“' | '”', '"') => {
                if mark.closes {
                    return Close::At(at);
                }
                if mark.opens && mark.space_before && single_pair == 0 {
                    return Close::Before(at);
                }
            }
            ('«', '«') | ('»', '»') => depth += 1,
            (_, '‘') if mark.opens => single_pair = 1,
            (_, '’') if mark.closes => single_pair = 0,
            _ => {}
        }
        at += 1;
    }
    if inner {
        return Close::Never;
    }
    past_paragraph(marks, at, open)
}

/// What becomes of a quotation that its paragraph does not close; `at` is the first mark after it.
fn past_paragraph(marks: &[Mark], at: usize, open: Mark) -> Close {
    let same = |mark: &Mark| match open.letter {
        '"' | '“' | '”' | '„' | '‟' => matches!(mark.letter, '"' | '“' | '”'),
        '‘' | '\'' => matches!(mark.letter, '‘' | '\'' | '’'),
        _ => matches!(mark.letter, '«' | '»'),
    };
    let single = matches!(open.letter, '\'' | '‘');
    let Some((offset, mark)) = marks
        .get(at..)
        .unwrap_or_default()
        .iter()
        .take(REACH)
        .enumerate()
        .find(|(_, mark)| {
            same(mark)
                && (!single || mark.opens && mark.space_before || mark.closes && mark.after_stop)
        })
    else {
        return if single {
            Close::Never
        } else {
            Close::ParagraphEnd {
                next: at,
                runs_on: false,
            }
        };
    };
    if mark.leads && mark.paragraph == open.paragraph + 1 && mark.opens {
        return Close::ParagraphEnd {
            next: at,
            runs_on: true,
        };
    }
    // Closed in a later paragraph, before anything else is opened: one stretch over all of them.
    let closes = matches!(mark.letter, '”' | '’' | '»') || (mark.closes && !mark.space_before);
    if closes && mark.paragraph <= open.paragraph + 12 {
        return Close::At(at + offset);
    }
    if single {
        Close::Never
    } else {
        Close::ParagraphEnd {
            next: at,
            runs_on: false,
        }
    }
}

/// Where a single mark is closed: at the first mark that cannot be an apostrophe; one that may be the
/// possessive of a plural counts only if no surer one follows before the next opening.
fn closing_single(marks: &[Mark], index: usize, open: Mark) -> Close {
    let mut maybe = None;
    let mut at = index + 1;
    for mark in marks.get(at..).unwrap_or_default().iter().take(REACH * 2) {
        if mark.paragraph != open.paragraph {
            break;
        }
        match mark.letter {
            '’' | '\'' if mark.closes && (open.letter == '\'' || mark.letter == '’') => {
                if mark.after_stop || !mark.possessive {
                    return Close::At(at);
                }
                maybe = maybe.or(Some(at));
            }
            '‘' if mark.opens => break,
            '\'' if mark.opens && mark.space_before && open.letter == '\'' && maybe.is_some() => {
                break;
            }
            _ => {}
        }
        at += 1;
    }
    if let Some(at) = maybe {
        return Close::At(at);
    }
    // The rest of the paragraph has no more marks than were looked at, or the search ends here.
    if marks
        .get(at)
        .is_some_and(|mark| mark.paragraph == open.paragraph)
    {
        return Close::Never;
    }
    past_paragraph(marks, at, open)
}

/// Whether a straight single mark stands for left-out letters: `'em`, `'90s`.
fn elided(text: &str, mark: Mark, lexicon: &Lexicon) -> bool {
    let rest = text.get(mark.at + 1..).unwrap_or_default();
    let end = rest
        .find(|letter: char| !letter.is_alphanumeric())
        .unwrap_or(rest.len());
    let word = rest.get(..end).unwrap_or_default();
    word.starts_with(char::is_numeric) || lexicon.classes(word, true).any(Classes::ELIDED)
}
