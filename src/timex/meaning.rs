//! What a rule's match means, before it is resolved.

/// The meanings that rules may name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// No time: keeps a shorter reading from being taken.
    Nothing,
    /// Parts of the calendar and the clock: "Friday, February 12", "last May", "9 a.m. Tuesday".
    Calendar,
    /// A unit counted from now: "last week", "this year".
    Shifted,
    /// A unit counted from the date before: "the following month".
    Following,
    /// The date spoken of: "that year", "the same day".
    Same,
    /// A unit that the text takes as known: "the year", "the quarter".
    Known,
    /// So long before now: "two weeks ago".
    Ago,
    /// So long after now: "two weeks from now".
    Hence,
    /// So long before the date before: "a year earlier".
    Earlier,
    /// So long after the date before: "two days later".
    Later,
    /// A year or quarter of accounts: "the year ended March 31".
    Accounts,
    /// A length of time: "15 minutes".
    Length,
    /// A quarter, by its number: "the third quarter".
    Quarter,
    /// A half of a year: "the first half of 2020".
    Half,
    /// The reporting period spoken of: "the latest quarter".
    LatestPeriod,
    /// That period a year before: "the year-earlier quarter".
    YearEarlierPeriod,
    /// The one before the one spoken of: "the year before".
    OneBefore,
    /// The one after it: "the year after".
    OneAfter,
    /// "the week before last".
    BeforeLast,
    /// "the week after next".
    AfterNext,
    /// A day of the month spoken of: "the 12th".
    DayOfMonth,
    /// Every unit, weekday, month: "every Monday".
    Every,
    /// "daily".
    Recurring,
    /// `PAST_REF`.
    Past,
    /// `PRESENT_REF`.
    Present,
    /// `FUTURE_REF`.
    Future,
}

impl Meaning {
    const NAMES: [(&'static str, Self); 26] = [
        ("nothing", Self::Nothing),
        ("calendar", Self::Calendar),
        ("shifted", Self::Shifted),
        ("following", Self::Following),
        ("same", Self::Same),
        ("known", Self::Known),
        ("ago", Self::Ago),
        ("hence", Self::Hence),
        ("earlier", Self::Earlier),
        ("later", Self::Later),
        ("accounts", Self::Accounts),
        ("length", Self::Length),
        ("quarter", Self::Quarter),
        ("half", Self::Half),
        ("latest-period", Self::LatestPeriod),
        ("year-earlier-period", Self::YearEarlierPeriod),
        ("one-before", Self::OneBefore),
        ("one-after", Self::OneAfter),
        ("before-last", Self::BeforeLast),
        ("after-next", Self::AfterNext),
        ("day-of-month", Self::DayOfMonth),
        ("every", Self::Every),
        ("recurring", Self::Recurring),
        ("past", Self::Past),
        ("present", Self::Present),
        ("future", Self::Future),
    ];

    pub(super) fn of_name(name: &str) -> Option<Self> {
        Self::NAMES
            .iter()
            .find(|(known, _)| *known == name)
            .map(|&(_, meaning)| meaning)
    }
}
