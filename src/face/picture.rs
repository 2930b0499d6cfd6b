//! A timeline's chart → a picture (PNG), and what is read aloud in its place.
//!
//! A bar for each day, week or month: how many articles tell of it; the days that the timeline tells are marked
//! and labelled. The picture brings its own background, so that it reads alike on dark and light pages, and
//! says in nothing but words what it says in colour: what is marked is labelled. The font is `DejaVu` Sans
//! (`data/fonts`), the Latin, Greek and Cyrillic letters of it.

use std::sync::OnceLock;

use jiff::civil::Date;
use plotters::{
    coord::Shift,
    prelude::{
        BitMapBackend, Color, DrawingArea, FontStyle, IntoDrawingArea, IntoFont, PathElement,
        RGBColor, Rectangle, Text, TextStyle,
    },
    style::{
        register_font,
        text_anchor::{HPos, Pos, VPos},
    },
};

use crate::{
    answer::{Chart, Step, day_label},
    language::Language,
};

/// The picture's file name.
pub const FILE_NAME: &str = "timeline.png";

/// Its size in pixels.
const WIDTH: i32 = 1200;
const HEIGHT: i32 = 520;

/// Where the bars stand: the space left of, right of, above and below them.
const LEFT: i32 = 70;
const RIGHT: i32 = 30;
const ABOVE: i32 = 150;
const BELOW: i32 = 56;

/// The widest that a bar is, where there are few.
const WIDEST: i32 = 80;

/// How many rows of labels stand above the bars at most, how high one is, and the least space between two.
const ROWS: usize = 4;
const ROW: i32 = 26;
const GAP: i32 = 14;

const BACKGROUND: RGBColor = RGBColor(0x2b, 0x30, 0x38);
const LINES: RGBColor = RGBColor(0x4a, 0x52, 0x5e);
const WORDS: RGBColor = RGBColor(0xe8, 0xeb, 0xef);
const BARS: RGBColor = RGBColor(0x86, 0x9c, 0xb8);
const MARKED: RGBColor = RGBColor(0xff, 0xb4, 0x45);

const FONT: &str = "DejaVu Sans";
static FONT_FILE: &[u8] = include_bytes!("../../data/fonts/DejaVuSans.ttf");

/// A picture that could not be drawn.
#[derive(Debug, thiserror::Error)]
pub enum PictureError {
    /// The drawing itself.
    #[error("the picture cannot be drawn: {0}")]
    Drawing(String),
    /// The file's format.
    #[error("the picture cannot be encoded: {0}")]
    Encoding(#[from] png::EncodingError),
}

type Area<'a> = DrawingArea<BitMapBackend<'a>, Shift>;

/// The picture of `chart`, as a PNG file's content.
///
/// # Errors
/// Where the drawing fails; none is known to.
pub fn png(chart: &Chart, language: &Language) -> Result<Vec<u8>, PictureError> {
    static REGISTERED: OnceLock<bool> = OnceLock::new();
    if !REGISTERED.get_or_init(|| register_font(FONT, FontStyle::Normal, FONT_FILE).is_ok()) {
        return Err(PictureError::Drawing("its font cannot be read".to_owned()));
    }
    let (width, height) = (WIDTH.unsigned_abs(), HEIGHT.unsigned_abs());
    let mut pixels = vec![0; 3 * width as usize * height as usize];
    draw(
        &BitMapBackend::with_buffer(&mut pixels, (width, height)).into_drawing_area(),
        chart,
        language,
    )
    .map_err(PictureError::Drawing)?;
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, width, height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.write_header()?.write_image_data(&pixels)?;
    Ok(file)
}

/// What the picture shows, in words.
#[must_use]
pub fn alternative(chart: &Chart, language: &Language) -> String {
    let (Some(first), Some(last)) = (chart.bars.first(), chart.bars.last()) else {
        return String::new();
    };
    let marked: Vec<String> = chart
        .bars
        .iter()
        .flat_map(|bar| bar.chosen.iter().map(|&day| (day, bar.articles)))
        .map(|(day, articles)| format!("{} ({articles})", day_label(language, day)))
        .collect();
    language.wording.say(
        "chart_alternative",
        &[
            ("from", &day_label(language, first.interval.begin())),
            ("to", &day_label(language, last.interval.last())),
            ("what", &what(chart, language)),
            ("most", &chart.most().to_string()),
            ("days", &marked.join(", ")),
        ],
    )
}

/// What a bar counts.
fn what(chart: &Chart, language: &Language) -> String {
    let key = match chart.step {
        Step::Day => "chart_days",
        Step::Week => "chart_weeks",
        Step::Month => "chart_months",
    };
    language.wording.say(key, &[])
}

fn style(size: i32, color: RGBColor, horizontal: HPos, vertical: VPos) -> TextStyle<'static> {
    TextStyle {
        font: (FONT, size).into_font(),
        color: color.to_backend_color(),
        pos: Pos::new(horizontal, vertical),
    }
}

fn draw(area: &Area<'_>, chart: &Chart, language: &Language) -> Result<(), String> {
    let told = |error: &dyn std::fmt::Display| error.to_string();
    area.fill(&BACKGROUND).map_err(|error| told(&error))?;
    lines(area, chart, language)?;
    let number = i32::try_from(chart.bars.len()).unwrap_or(i32::MAX).max(1);
    let left = |at: i32| LEFT + (WIDTH - LEFT - RIGHT) * at / number;
    let mut centres = Vec::new();
    for (at, bar) in (0..).zip(&chart.bars) {
        let (from, to) = (left(at), left(at + 1));
        let gap = ((to - from) / 6).max((to - from - WIDEST) / 2).max(1);
        let color = if bar.chosen.is_empty() { BARS } else { MARKED };
        // A stretch of which nothing is told has no bar; one that is marked has a foot at least.
        let top = height(bar.articles, chart.most()).min(if bar.chosen.is_empty() {
            HEIGHT
        } else {
            floor() - 2
        });
        if top < floor() {
            let corners = [
                (from + gap, top),
                (to - gap.min(to - from - gap - 1), floor()),
            ];
            area.draw(&Rectangle::new(corners, color.filled()))
                .map_err(|error| told(&error))?;
        }
        if let Some(&first) = bar.chosen.first() {
            centres.push((i32::midpoint(from, to), top, first));
        }
    }
    dates(area, chart, language, &left)?;
    labels(area, language, chart.step, &centres)
}

/// Where the bars stand on.
fn floor() -> i32 {
    HEIGHT - BELOW
}

/// Where the bar of so many articles ends.
fn height(articles: usize, most: usize) -> i32 {
    let share = |whole: i32| {
        let (articles, most) = (articles as u64, most.max(1) as u64);
        i32::try_from(u64::from(whole.unsigned_abs()) * articles / most).unwrap_or(whole)
    };
    floor() - share(floor() - ABOVE)
}

/// Lines across at round numbers of articles, and what is counted.
fn lines(area: &Area<'_>, chart: &Chart, language: &Language) -> Result<(), String> {
    let told = |error: &dyn std::fmt::Display| error.to_string();
    let most = chart.most();
    let mut step = 1;
    for factor in [2, 5, 10].into_iter().cycle() {
        if most / step <= 4 {
            break;
        }
        // 1, 2, 5, 10, 20, 50, …
        let tens = 10_usize.pow(step.ilog10());
        step = factor * tens;
    }
    for count in (0..=most).step_by(step) {
        let y = height(count, most);
        area.draw(&PathElement::new(
            vec![(LEFT, y), (WIDTH - RIGHT, y)],
            LINES.stroke_width(1),
        ))
        .map_err(|error| told(&error))?;
        let number = Text::new(
            count.to_string(),
            (LEFT - 10, y),
            style(18, WORDS, HPos::Right, VPos::Center),
        );
        area.draw(&number).map_err(|error| told(&error))?;
    }
    let title = Text::new(
        what(chart, language),
        (LEFT - 50, 14),
        style(20, WORDS, HPos::Left, VPos::Top),
    );
    area.draw(&title).map_err(|error| told(&error))
}

/// The days below the bars, as many as there is room for.
fn dates(
    area: &Area<'_>,
    chart: &Chart,
    language: &Language,
    left: &dyn Fn(i32) -> i32,
) -> Result<(), String> {
    let mut free = LEFT - 40;
    let style = style(18, WORDS, HPos::Center, VPos::Top);
    let mut year = None;
    for (at, bar) in (0..).zip(&chart.bars) {
        let day = bar.interval.begin();
        // The year is told once, and again where it changes.
        let label = label(language, chart.step, day, year != Some(day.year()));
        let (width, _) = area
            .estimate_text_size(&label, &style)
            .map_err(|error| error.to_string())?;
        let width = i32::try_from(width).unwrap_or(WIDTH);
        let x = i32::midpoint(left(at), left(at + 1));
        if x - width / 2 < free || x + width / 2 > WIDTH - 4 {
            continue;
        }
        free = x + width / 2 + 3 * GAP;
        year = Some(day.year());
        area.draw(&PathElement::new(
            vec![(x, floor()), (x, floor() + 6)],
            LINES.stroke_width(1),
        ))
        .map_err(|error| error.to_string())?;
        area.draw(&Text::new(label, (x, floor() + 12), style.clone()))
            .map_err(|error| error.to_string())?;
    }
    Ok(())
}

/// The marked days above their bars, in as many rows as keep them apart; what finds no room goes without.
fn labels(
    area: &Area<'_>,
    language: &Language,
    step: Step,
    centres: &[(i32, i32, Date)],
) -> Result<(), String> {
    let style = style(18, MARKED, HPos::Center, VPos::Bottom);
    let mut ends = [i32::MIN; ROWS];
    let mut placed = Vec::new();
    for &(x, top, day) in centres {
        let label = label(language, step, day, false);
        let (width, _) = area
            .estimate_text_size(&label, &style)
            .map_err(|error| error.to_string())?;
        let half = i32::try_from(width).unwrap_or(WIDTH) / 2 + 1;
        let centre = x.clamp(half + 4, WIDTH - half - 4);
        let free = |(_, end): &(i32, &mut i32)| **end < centre - half;
        let Some((row, end)) = (0..).zip(&mut ends).find(free) else {
            continue;
        };
        *end = centre + half + GAP;
        let y = ABOVE - 8 - row * ROW;
        area.draw(&PathElement::new(
            vec![(x, y + 2), (x, top)],
            MARKED.mix(0.5).stroke_width(1),
        ))
        .map_err(|error| error.to_string())?;
        placed.push((label, centre, half, y));
    }
    // The line of a label in a row above must not strike through one in a row below.
    for (label, centre, half, y) in placed {
        let corners = [(centre - half, y - ROW + 6), (centre + half, y)];
        area.draw(&Rectangle::new(corners, BACKGROUND.filled()))
            .map_err(|error| error.to_string())?;
        area.draw(&Text::new(label, (centre, y), style.clone()))
            .map_err(|error| error.to_string())?;
    }
    Ok(())
}

/// "12 Feb", "12 Feb 2021", "Feb 2021": a day, as short as it can be read.
fn label(language: &Language, step: Step, day: Date, year: bool) -> String {
    let wording = &language.wording;
    let month = wording.find(&format!("month_{}", day.month()));
    let month: String = month.unwrap_or_default().chars().take(3).collect();
    let key = if step == Step::Month {
        "date_month"
    } else if year {
        "date_day"
    } else {
        "date_day_of_month"
    };
    let (number, year) = (day.day().to_string(), day.year().to_string());
    let places = [("day", number.as_str()), ("month", &month), ("year", &year)];
    wording.say(key, &places)
}

#[cfg(test)]
mod tests {
    use jiff::{ToSpan, civil::date};

    use super::*;
    use crate::{language::Source, timex::Interval};

    fn chart(step: i64, chosen: usize) -> Chart {
        let first = date(2020, 1, 1);
        let days: Vec<Interval> = (0..40)
            .filter_map(|at| Interval::day(first.checked_add((step * at).days()).ok()?))
            .collect();
        let told: Vec<(u64, Interval)> = (1..).zip(days.iter().copied()).collect();
        let chosen: Vec<Interval> = days.into_iter().rev().take(chosen).collect();
        Chart::of(&told, &chosen).expect("a chart")
    }

    #[test]
    fn every_chart_becomes_a_picture_and_a_sentence() {
        let language = Language::read(&Source::Embedded).expect("the built-in language is sound");
        for (step, chosen) in [(1, 1), (1, 40), (9, 12), (60, 12)] {
            let chart = chart(step, chosen);
            let file = png(&chart, &language).expect("a picture");
            let mut reader = png::Decoder::new(std::io::Cursor::new(&file))
                .read_info()
                .expect("a PNG file");
            let mut pixels = vec![0; reader.output_buffer_size().expect("a size")];
            reader.next_frame(&mut pixels).expect("a whole picture");
            let marked = |pixel: &[u8]| pixel == [MARKED.0, MARKED.1, MARKED.2];
            assert!(pixels.chunks(3).any(marked), "step {step}");
            let words = alternative(&chart, &language);
            assert!(words.contains("2020") || words.contains("2026"), "{words}");
        }
    }
}
