//! The modals of `/settings`: their fields, and what is understood of what somebody wrote into them.
//!
//! An empty field takes back what was set. What cannot be set changes nothing, and is said.

use jiff::civil::Date;
use serenity::{
    all::InputTextStyle,
    builder::{CreateActionRow, CreateInputText, CreateModal},
};

use super::{
    markdown::{shorten, units},
    places::Manners,
    settings_panel::PANEL,
};
use crate::store::{AskingPace, GuildSettings};

/// The longest prefix, in characters.
const LONGEST_PREFIX: u16 = 8;

/// What somebody wrote that cannot be set: the key of the sentence that says so.
pub struct Refused(pub &'static str);

/// A change that was understood.
pub type Change = Box<dyn FnOnce(&mut GuildSettings) + Send>;

/// The modal in which `name` is written; nothing where it is chosen from a menu.
#[must_use]
pub fn modal(manners: &Manners, set: &GuildSettings, name: &str) -> Option<CreateModal> {
    let number = |value: Option<u32>| value.map(|value| value.to_string());
    let day = |value: Option<Date>| value.map(|value| value.to_string());
    let fields: Vec<(&str, Option<String>, u16)> = match name {
        "prefix" => vec![("prefix", set.prefix.clone(), LONGEST_PREFIX)],
        "days" => vec![
            ("from", day(set.published_from), 10),
            ("until", day(set.published_until), 10),
        ],
        "excerpts" => vec![
            ("number", number(set.excerpts), 2),
            ("length", number(set.excerpt_length), 4),
        ],
        "cooldown" => vec![
            ("burst", number(set.cooldown.map(|pace| pace.burst)), 3),
            ("seconds", number(set.cooldown.map(|pace| pace.seconds)), 5),
        ],
        _ => return None,
    };
    let rows = fields
        .into_iter()
        .map(|(field, value, longest)| {
            let label = manners.say(&format!("settings_{name}_{field}"), &[]);
            let mut input = CreateInputText::new(InputTextStyle::Short, shorten(&label, 45), field)
                .required(false)
                .max_length(longest);
            if let Some(value) = value {
                input = input.value(value);
            }
            CreateActionRow::InputText(input)
        })
        .collect();
    let title = shorten(&manners.say(&format!("settings_{name}"), &[]), 45);
    Some(CreateModal::new(format!("{PANEL}{name}"), title).components(rows))
}

/// Reads what was written into the modal `name`.
///
/// # Errors
/// Where it cannot be set.
pub fn understand<'w>(name: &str, field: impl Fn(&str) -> &'w str) -> Result<Change, Refused> {
    let number = |name: &str, least: u32, most: u32, refused: &'static str| {
        let written = field(name);
        if written.is_empty() {
            return Ok(None);
        }
        written
            .parse::<u32>()
            .ok()
            .filter(|number| (least..=most).contains(number))
            .map(Some)
            .ok_or(Refused(refused))
    };
    let day = |name: &str| {
        let written = field(name);
        if written.is_empty() {
            return Ok(None);
        }
        let day: Option<Date> = written.parse().ok();
        day.map(Some).ok_or(Refused("settings_no_day"))
    };
    Ok(match name {
        "prefix" => {
            let prefix = field("prefix").to_owned();
            let odd = |letter: char| letter.is_whitespace() || letter.is_control();
            if units(&prefix) > usize::from(LONGEST_PREFIX) || prefix.contains(odd) {
                return Err(Refused("settings_no_prefix"));
            }
            Box::new(move |set| set.prefix = Some(prefix).filter(|prefix| !prefix.is_empty()))
        }
        "days" => {
            let (from, until) = (day("from")?, day("until")?);
            if let (Some(from), Some(until)) = (from, until)
                && from > until
            {
                return Err(Refused("settings_days_backwards"));
            }
            Box::new(move |set| {
                set.published_from = from;
                set.published_until = until;
            })
        }
        "excerpts" => {
            let excerpts = number("number", 1, 20, "settings_no_number")?;
            let length = number("length", 80, 2000, "settings_no_length")?;
            Box::new(move |set| {
                set.excerpts = excerpts;
                set.excerpt_length = length;
            })
        }
        "cooldown" => {
            let burst = number("burst", 0, 100, "settings_no_burst")?;
            let seconds = number("seconds", 1, 86_400, "settings_no_seconds")?;
            let cooldown = match (burst, seconds) {
                (None, None) => None,
                (Some(0), _) => Some(AskingPace {
                    burst: 0,
                    seconds: 1,
                }),
                (Some(burst), Some(seconds)) => Some(AskingPace { burst, seconds }),
                _ => return Err(Refused("settings_cooldown_half")),
            };
            Box::new(move |set| set.cooldown = cooldown)
        }
        _ => return Err(Refused("discord_stale_button")),
    })
}
