//! The classes that words of time fall into, and what a lexeme may mean.

/// What kind of part a word or number contributes to a time expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Class {
    /// January is 1.
    Month,
    /// Monday is 1.
    Weekday,
    /// A unit's name in the singular.
    Unit,
    /// A unit's name in the plural.
    Units,
    /// Spring is 0.
    Season,
    /// A part of the day.
    Part,
    /// A word for a day counted from the reference: yesterday is -1.
    DayWord,
    /// Last is -1, this is 0, next is 1.
    Shift,
    /// A number, in thousandths.
    Number,
    /// The third is 3.
    Ordinal,
    /// A number that can be a day of the month.
    Day,
    /// A four-figure number, or a year spelled out.
    Year,
    /// A year's last two figures after an apostrophe.
    ShortYear,
    /// The 1980s are 198; a decade named by its number alone is below 10.
    Decade,
    /// Year, month and day as eight figures.
    Date,
    /// Hour, minute, second as two figures each, 99 where open.
    Clock,
    /// Half of the day: a.m. is 0, p.m. is 12.
    HalfDay,
    /// A time zone's name.
    Zone,
    /// An adverb of recurrence; an index into the lexicon's values.
    Recurrence,
    /// A named day; an index into the holidays.
    Holiday,
    /// A weekday in the plural.
    Weekdays,
    /// A word for a part of the day of publication: "tonight".
    DayPart,
    /// The following is 1, the preceding -1; 2 is "next", which follows a day and is else counted from
    /// now.
    Beside,
    /// The word "year" where it is part of a fuller date: "May of last year".
    YearWord,
    /// The word "week" in such a place.
    WeekWord,
    /// Four figures that can be a time of day: "0530 hours".
    FourFigureClock,
    /// "Q3" is 3.
    QuarterName,
    /// A word for an unsaid number: "several".
    Some,
    /// A day of the month in figures with an ending: "12th".
    DayOfMonth,
}

impl Class {
    /// The names by which data files call the classes.
    const NAMES: [(&'static str, Self); 29] = [
        ("month", Self::Month),
        ("weekday", Self::Weekday),
        ("unit", Self::Unit),
        ("units", Self::Units),
        ("season", Self::Season),
        ("part", Self::Part),
        ("dayword", Self::DayWord),
        ("shift", Self::Shift),
        ("number", Self::Number),
        ("ordinal", Self::Ordinal),
        ("day", Self::Day),
        ("year", Self::Year),
        ("shortyear", Self::ShortYear),
        ("decade", Self::Decade),
        ("date", Self::Date),
        ("clock", Self::Clock),
        ("halfday", Self::HalfDay),
        ("zone", Self::Zone),
        ("recurrence", Self::Recurrence),
        ("holiday", Self::Holiday),
        ("weekdays", Self::Weekdays),
        ("daypart", Self::DayPart),
        ("beside", Self::Beside),
        ("yearword", Self::YearWord),
        ("weekword", Self::WeekWord),
        ("hhmm", Self::FourFigureClock),
        ("quartername", Self::QuarterName),
        ("some", Self::Some),
        ("nth", Self::DayOfMonth),
    ];

    pub(super) fn of_name(name: &str) -> Option<Self> {
        Self::NAMES
            .iter()
            .find(|(known, _)| *known == name)
            .map(|&(_, class)| class)
    }

    /// The symbol by which patterns match it; literal words are numbered after the classes.
    pub(super) fn symbol(self) -> u16 {
        self as u16
    }

    /// The first symbol that is free for literal words.
    pub(super) const LITERALS: u16 = 32;
}

/// One thing that a lexeme may mean: the symbol that patterns match, and its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Sense {
    pub(super) symbol: u16,
    pub(super) value: i32,
}

impl Sense {
    pub(super) fn of(class: Class, value: i32) -> Self {
        Self {
            symbol: class.symbol(),
            value,
        }
    }
}
