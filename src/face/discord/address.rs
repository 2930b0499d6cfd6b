//! Whether a message speaks to the bot, and what it asks.
//!
//! It does with a prefix command, with a mention of the bot in its text, in a direct message, and as a reply to
//! an answer of the bot. `@everyone`, a role's ping and the bare ping of a reply ask nothing.

use jiff::civil::Date;

use super::markdown::prefix as beginning;
use crate::{
    command::{Call, command, follow_up, read_prefixed, read_question},
    language::Language,
};

/// A message, as far as it matters here.
pub struct Heard<'a> {
    /// Its text.
    pub content: &'a str,
    /// The bot's own id.
    pub me: u64,
    /// What prefix commands begin with.
    pub prefix: &'a str,
    /// The day on which it was written.
    pub today: Date,
    /// Whether it is a direct message.
    pub private: bool,
    /// Whether it replies to a message of the bot.
    pub reply: bool,
    /// What that message was an answer to, where its buttons say so.
    pub previous: Option<&'a Call>,
    /// How much of a question is read, in UTF-16 units.
    pub longest: usize,
}

/// What is asked.
pub struct Asked {
    /// The call.
    pub call: Call,
    /// Whether the question was longer than what is read of it.
    pub shortened: bool,
}

/// Reads a message; nothing where it does not speak to the bot.
#[must_use]
pub fn read(heard: &Heard, language: &Language) -> Option<Asked> {
    let (text, mentioned) = without_codes(heard.content, heard.me);
    let text = text.trim();
    let call = read_prefixed(text, heard.prefix, heard.today).or_else(|| {
        if !(mentioned || heard.private || heard.reply) {
            return None;
        }
        // In a direct message the prefix is a habit; before words that are no command it means nothing.
        let text = text.strip_prefix(heard.prefix).unwrap_or(text).trim();
        if text.is_empty() {
            // A bare mention asks what the bot is; a bare reply or a picture asks nothing.
            return (mentioned && !heard.reply)
                .then(|| command("help"))
                .flatten()
                .map(|help| Call::new(help, "", heard.today));
        }
        if let Some(previous) = heard.previous {
            follow_up(text, previous, language)
        } else {
            read_question(text, heard.today, language)
        }
    })?;
    Some(within(call, heard.longest))
}

/// `call` with no more of its argument than `longest` units, cut at a blank.
#[must_use]
pub fn within(mut call: Call, longest: usize) -> Asked {
    let argument = &mut call.request.argument;
    let head = beginning(argument, longest);
    let shortened = head.len() < argument.len();
    if shortened {
        let at = head.rfind(char::is_whitespace).filter(|at| *at > 0);
        let kept = at.and_then(|at| head.get(..at)).unwrap_or(head);
        *argument = kept.trim_end().to_owned();
    }
    Asked { call, shortened }
}

/// `content` without the codes that stand for people, roles, channels, emoji and time stamps, which are no words;
/// and whether one of them named `me`.
pub(super) fn without_codes(content: &str, me: u64) -> (String, bool) {
    let mut out = String::with_capacity(content.len());
    let mut mentioned = false;
    let mut rest = content;
    while let Some((before, after)) = rest.split_once('<') {
        out.push_str(before);
        if let Some((user, behind)) = code(after) {
            mentioned |= user == Some(me);
            out.push(' ');
            rest = behind;
        } else {
            out.push('<');
            rest = after;
        }
    }
    out.push_str(rest);
    (out, mentioned)
}

/// The code that `text` begins with, behind its `<`: the person it names, if it names one, and what follows.
fn code(text: &str) -> Option<(Option<u64>, &str)> {
    // The longest code is an emoji's: a name of 32 characters and an id of 20.
    let window = beginning(text, 64);
    let (inside, _) = window.split_once('>')?;
    let behind = text.get(inside.len() + 1..)?;
    let number = |text: &str| text.parse::<u64>().ok();
    if let Some(id) = inside.strip_prefix("@&") {
        return number(id).map(|_| (None, behind));
    }
    if let Some(id) = inside
        .strip_prefix("@!")
        .or_else(|| inside.strip_prefix('@'))
    {
        return number(id).map(|id| (Some(id), behind));
    }
    if let Some(id) = inside.strip_prefix('#') {
        return number(id).map(|_| (None, behind));
    }
    let emoji = inside
        .strip_prefix("a:")
        .or_else(|| inside.strip_prefix(':'));
    if let Some((_, id)) = emoji.and_then(|emoji| emoji.split_once(':')) {
        return number(id).map(|_| (None, behind));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::without_codes;

    #[test]
    fn codes_are_no_words_and_only_a_mention_by_name_speaks_to_the_bot() {
        for (content, words, mentioned) in [
            ("<@7> when was it?", "when was it?", true),
            ("hey <@!7>, who?", "hey  , who?", true),
            ("<@&7> who?", "who?", false),
            ("@everyone who?", "@everyone who?", false),
            ("<#7> <:smile:8> <a:party:9> who <@8>?", "who  ?", false),
            ("a < b <@7x> <@", "a < b <@7x> <@", false),
            ("<<@7>>", "< >", true),
            (
                "<@99999999999999999999999>",
                "<@99999999999999999999999>",
                false,
            ),
        ] {
            let (text, told) = without_codes(content, 7);
            assert_eq!((text.trim(), told), (words, mentioned), "{content}");
        }
    }
}
