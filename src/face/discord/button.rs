//! Buttons that remember everything themselves, so that they outlive a restart.
//!
//! A `custom_id` holds at most 100 characters, and comes back with the press together with those of the
//! other buttons of the message. It reads `<form><action><page>.<state>`, where the state is
//! `<asker>.<day>.<command>.<argument>`, numbers in base 36. Where the state fits, each button carries the
//! whole of it (form `1`); where it does not, the buttons of the message carry it in pieces, in their order
//! (form `2`). What not even six buttons can carry is cut (form `3`): that serves to carry a topic on and
//! to remove the answer, not to turn pages; [`LONGEST_ARGUMENT`] keeps it from happening.

use jiff::civil::Date;
use serenity::{
    all::{ActionRow, ActionRowComponent, Button, ButtonKind, ButtonStyle, UserId},
    builder::{CreateActionRow, CreateButton},
};

use super::markdown::{prefix, units};
use crate::command::{Call, command};

/// The longest argument, in UTF-16 units, that the buttons of an answer of several pages carry whole.
pub const LONGEST_ARGUMENT: usize = 500;

/// The longest `custom_id`.
const LONGEST_ID: usize = 100;

/// Pages beyond this number are not offered; no answer comes near it.
const MOST_PAGES: usize = 1295;

/// What was asked, by whom, and on which day.
#[derive(Clone)]
pub struct State {
    /// Who asked.
    pub asker: UserId,
    /// What.
    pub call: Call,
}

/// What a pressed button wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Press {
    /// The page with this number, from 0.
    Turn(usize),
    /// The answer gone.
    Remove,
    /// To say whether it helped.
    Helped(bool),
}

/// What the buttons of one message say.
pub struct Pressed {
    /// What is wanted.
    pub press: Press,
    /// The answer's state.
    pub state: State,
}

/// The buttons below page `page` (from 0) of `pages`; where it `asks`, with two to say whether it helped.
#[must_use]
pub fn rows(state: &State, page: usize, pages: usize, asks: bool) -> Vec<CreateActionRow> {
    let page = page.min(pages.saturating_sub(1));
    let written = write(state);
    let last = pages.saturating_sub(1).min(MOST_PAGES);
    let mut wanted: Vec<(char, usize)> = Vec::new();
    if pages > 1 {
        // First and last are of use from three pages on; the two buttons also carry state.
        let ends = pages > 2 || !fits(&written);
        if ends {
            wanted.push(('f', 0));
        }
        wanted.push(('p', page.saturating_sub(1)));
        wanted.push(('c', page));
        wanted.push(('n', (page + 1).min(last)));
        if ends {
            wanted.push(('l', last));
        }
    }
    if asks {
        wanted.extend([('u', 0), ('d', 0)]);
    }
    wanted.push(('x', 0));
    let ids = ids(&written, &wanted);
    let mut buttons: Vec<CreateButton> = wanted
        .iter()
        .zip(ids)
        .map(|(&(action, target), id)| {
            let button = CreateButton::new(id).style(ButtonStyle::Secondary);
            match action {
                'f' => button.emoji('⏮').disabled(page == 0),
                'p' => button.emoji('◀').disabled(page == 0),
                'n' => button.emoji('▶').disabled(page >= last),
                'l' => button.emoji('⏭').disabled(page >= last),
                'c' => button
                    .label(format!("{}/{pages}", target + 1))
                    .disabled(true),
                'u' => button.emoji('👍'),
                'd' => button.emoji('👎'),
                _ => button.emoji('🗑'),
            }
        })
        .collect();
    // A row holds five buttons.
    let second = buttons.split_off(buttons.len().min(5));
    [buttons, second]
        .into_iter()
        .filter(|row| !row.is_empty())
        .map(CreateActionRow::Buttons)
        .collect()
}

/// Whether the buttons of a message still ask if it helped.
#[must_use]
pub fn asks(rows: &[ActionRow]) -> bool {
    rows.iter()
        .flat_map(|row| &row.components)
        .any(|component| match component {
            ActionRowComponent::Button(button) => !button.disabled && asks_by(button),
            _ => false,
        })
}

/// The same buttons, no longer asking if it helped. None is left out: they may carry the state in pieces.
#[must_use]
pub fn asked(rows: &[ActionRow]) -> Vec<CreateActionRow> {
    rows.iter()
        .map(|row| {
            let buttons = row
                .components
                .iter()
                .filter_map(|component| match component {
                    ActionRowComponent::Button(button) => {
                        let disabled = button.disabled || asks_by(button);
                        Some(CreateButton::from(button.clone()).disabled(disabled))
                    }
                    _ => None,
                });
            CreateActionRow::Buttons(buttons.collect())
        })
        .collect()
}

fn asks_by(button: &Button) -> bool {
    match &button.data {
        ButtonKind::NonLink { custom_id, .. } => {
            Head::read(custom_id).is_some_and(|head| matches!(head.action, 'u' | 'd'))
        }
        _ => false,
    }
}

/// The ids of the buttons of a message, in their order.
#[must_use]
pub fn ids_of(rows: &[ActionRow]) -> Vec<&str> {
    rows.iter()
        .flat_map(|row| &row.components)
        .filter_map(|component| match component {
            ActionRowComponent::Button(button) => match &button.data {
                ButtonKind::NonLink { custom_id, .. } => Some(custom_id.as_str()),
                _ => None,
            },
            _ => None,
        })
        .collect()
}

/// Reads the pressed button `id` of a message whose buttons have the ids `all`. Nothing where it is none of
/// ours, or says nothing that this version understands.
#[must_use]
pub fn read(id: &str, all: &[&str]) -> Option<Pressed> {
    let head = Head::read(id)?;
    let press = match head.action {
        'f' | 'p' | 'n' | 'l' if head.form != '3' => Press::Turn(head.page),
        'u' | 'd' => Press::Helped(head.action == 'u'),
        'x' => Press::Remove,
        _ => return None,
    };
    let state = match head.form {
        '2' => {
            let pieces: Option<String> = all
                .iter()
                .map(|id| Head::read(id).filter(|head| head.form == '2'))
                .map(|head| head.map(|head| head.rest))
                .collect();
            read_state(&pieces?)?
        }
        _ => read_state(head.rest)?,
    };
    Some(Pressed { press, state })
}

/// The state that the buttons of a message carry, whole or cut.
#[must_use]
pub fn state_of(all: &[&str]) -> Option<State> {
    let id = all
        .iter()
        .find(|id| Head::read(id).is_some_and(|head| head.action == 'x'))?;
    read(id, all).map(|pressed| pressed.state)
}

/// The parts of an id.
struct Head<'a> {
    form: char,
    action: char,
    page: usize,
    rest: &'a str,
}

impl<'a> Head<'a> {
    fn read(id: &'a str) -> Option<Self> {
        let (head, rest) = id.split_once('.')?;
        let mut characters = head.chars();
        let form = characters.next().filter(|form| "123".contains(*form))?;
        let action = characters.next()?;
        let page = usize::from_str_radix(characters.as_str(), 36)
            .ok()
            .filter(|page| *page <= MOST_PAGES)?;
        Some(Self {
            form,
            action,
            page,
            rest,
        })
    }
}

fn write(state: &State) -> String {
    let request = &state.call.request;
    let day = request
        .today
        .since(Date::constant(1970, 1, 1))
        .map_or(0, |span| span.get_days());
    format!(
        "{}.{}.{}.{}",
        base36(state.asker.get()),
        base36(u64::try_from(day).unwrap_or(0)),
        state.call.command.name,
        request.argument
    )
}

fn read_state(text: &str) -> Option<State> {
    let mut parts = text.splitn(4, '.');
    let asker = u64::from_str_radix(parts.next()?, 36)
        .ok()
        .filter(|asker| *asker != 0 && *asker != u64::MAX)?;
    let day = i64::from_str_radix(parts.next()?, 36).ok()?;
    // A forged day beyond the calendar's end is refused, by the span or by the sum.
    let day = jiff::Span::new().try_days(day).ok()?;
    let today = Date::constant(1970, 1, 1).checked_add(day).ok()?;
    let command = command(parts.next()?)?;
    let argument = parts.next()?;
    (units(argument) <= LONGEST_ID * 6).then(|| State {
        asker: UserId::new(asker),
        call: Call::new(command, argument, today),
    })
}

/// Whether one id can carry all of the state.
fn fits(state: &str) -> bool {
    HEAD + units(state) <= LONGEST_ID
}

/// The longest head of an id: form, action, two digits of a page, full stop.
const HEAD: usize = 5;

fn ids(state: &str, buttons: &[(char, usize)]) -> Vec<String> {
    let whole = fits(state);
    let form = if whole {
        '1'
    } else if units(state) <= buttons.len() * (LONGEST_ID - HEAD) - buttons.len() {
        '2'
    } else {
        '3'
    };
    let mut rest = state;
    buttons
        .iter()
        .map(|&(action, page)| {
            let page = base36(page as u64);
            let carried = match form {
                '1' => state,
                '2' => {
                    let piece = prefix(rest, LONGEST_ID - HEAD);
                    rest = rest.get(piece.len()..).unwrap_or_default();
                    piece
                }
                _ => prefix(state, LONGEST_ID - HEAD),
            };
            format!("{form}{action}{page}.{carried}")
        })
        .collect()
}

/// `number` in base 36.
pub(super) fn base36(mut number: u64) -> String {
    let mut digits = Vec::new();
    loop {
        let digit = u32::try_from(number % 36).unwrap_or(0);
        digits.push(char::from_digit(digit, 36).unwrap_or('0'));
        number /= 36;
        if number == 0 {
            break;
        }
    }
    digits.iter().rev().collect()
}
