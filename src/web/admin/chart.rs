//! Bars of days, stacked by word: drawn here, so that the page needs no script. Beside every picture stands a table with the same figures.

use chrono::{Days, NaiveDate};
use serde::Serialize;

use crate::store::ByDay;

/// Units of the picture: a day is so wide, its bar a little less; the whole is so high.
const DAY: usize = 10;
const BAR: usize = 8;
const HEIGHT: f64 = 100.0;

/// One word of a chart: what is counted, what it is called, and the class that colours it.
#[derive(Debug, Clone, Copy, Serialize)]
pub(super) struct Series {
    pub(super) word: &'static str,
    pub(super) label: &'static str,
    pub(super) class: &'static str,
}

/// A chart as the page draws it.
#[derive(Debug, Serialize)]
pub(super) struct Chart {
    pub(super) id: &'static str,
    pub(super) title: &'static str,
    /// The whole in a sentence.
    says: String,
    legend: Vec<Series>,
    most: String,
    half: Option<String>,
    width: usize,
    first: String,
    last: String,
    bars: Vec<Bar>,
    rows: Vec<Row>,
}

#[derive(Debug, Serialize)]
struct Bar {
    x: usize,
    y: String,
    width: usize,
    height: String,
    class: &'static str,
    says: String,
}

#[derive(Debug, Serialize)]
struct Row {
    day: String,
    counts: Vec<u64>,
}

/// What a chart sums up: things that happen each day, or a stock at its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Events,
    Stock,
}

/// The last `days` days up to `today`, oldest first.
pub(super) fn window(today: NaiveDate, days: u64) -> Vec<NaiveDate> {
    (0..days).rev().filter_map(|back| today.checked_sub_days(Days::new(back))).collect()
}

/// Draws the days of a window.
pub(super) fn chart(id: &'static str, title: &'static str, kind: Kind, series: &[Series], window: &[NaiveDate], counts: &ByDay) -> Chart {
    let count = |day: &NaiveDate, word: &str| counts.get(day).and_then(|words| words.get(word)).copied().unwrap_or_default();
    let rows: Vec<Row> = window
        .iter()
        .map(|day| Row { day: day.format("%-d %b").to_string(), counts: series.iter().map(|one| count(day, one.word)).collect() })
        .collect();
    let most = round_up(rows.iter().map(|row| row.counts.iter().sum()).max().unwrap_or_default());
    let mut bars = Vec::new();
    for (index, row) in rows.iter().enumerate() {
        let mut below = 0;
        for (one, count) in series.iter().zip(&row.counts).filter(|(_, count)| **count > 0) {
            let (low, high) = (share(below, most), share(below + count, most));
            below += count;
            // What is there is seen, be it ever so little.
            let height = (high - low).max(1.0);
            let says = format!("{}: {count} {}", row.day, one.label);
            let (y, height) = (format!("{:.2}", (HEIGHT - low - height).max(0.0)), format!("{height:.2}"));
            bars.push(Bar { x: index * DAY + (DAY - BAR) / 2, y, width: BAR, height, class: one.class, says });
        }
    }
    Chart {
        id,
        title,
        says: sentence(kind, series, &rows),
        legend: series.to_vec(),
        most: grouped(most),
        half: most.is_multiple_of(2).then(|| grouped(most / 2)),
        width: window.len() * DAY,
        first: rows.first().map(|row| row.day.clone()).unwrap_or_default(),
        last: "today".to_owned(),
        bars,
        rows,
    }
}

fn sentence(kind: Kind, series: &[Series], rows: &[Row]) -> String {
    let figure = |index: usize| -> u64 {
        let mut counts = rows.iter().map(|row| row.counts.get(index).copied().unwrap_or_default());
        if kind == Kind::Events { counts.sum() } else { counts.next_back().unwrap_or_default() }
    };
    let parts: Vec<String> = series.iter().enumerate().map(|(index, one)| format!("{} {}", grouped(figure(index)), one.label)).collect();
    match kind {
        Kind::Events => format!("{} in {} days", parts.join(", "), rows.len()),
        Kind::Stock => format!("{} today", parts.join(", ")),
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of a day are far below 2^53")]
fn share(count: u64, most: u64) -> f64 {
    HEIGHT * count as f64 / most.max(1) as f64
}

/// A figure in groups of three digits.
pub(super) fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (index, digit) in digits.char_indices() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// The next figure that reads well: one digit, and not 7 or 9, with zeros behind it.
fn round_up(most: u64) -> u64 {
    let mut step = 1;
    loop {
        if let Some(round) = [1, 2, 3, 4, 5, 6, 8].iter().map(|lead| lead * step).find(|round| *round >= most) {
            return round;
        }
        step *= 10;
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    const SERIES: [Series; 2] =
        [Series { word: "sent", label: "sent", class: "good" }, Series { word: "failed", label: "given up", class: "bad" }];

    fn day(number: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, number).unwrap()
    }

    #[test]
    fn bars_stand_on_one_another_within_the_picture_and_the_table_says_the_same() {
        let counts = ByDay::from([
            (day(20), BTreeMap::from([("sent".to_owned(), 1_400), ("failed".to_owned(), 2)])),
            (day(22), BTreeMap::from([("sent".to_owned(), 30), ("cancelled".to_owned(), 9)])),
        ]);
        let drawn = chart("letters", "Letters", Kind::Events, &SERIES, &window(day(22), 4), &counts);
        assert_eq!((drawn.most.as_str(), drawn.width, drawn.rows.len(), drawn.bars.len()), ("2,000", 40, 4, 3));
        assert_eq!(drawn.says, "1,430 sent, 2 given up in 4 days");
        assert_eq!(drawn.rows.iter().map(|row| row.counts.clone()).collect::<Vec<_>>(), [[0, 0], [1_400, 2], [0, 0], [30, 0]]);
        for bar in &drawn.bars {
            let (y, height): (f64, f64) = (bar.y.parse().unwrap(), bar.height.parse().unwrap());
            assert!(y >= 0.0 && y + height <= HEIGHT + 0.01 && height >= 1.0, "{bar:?}");
        }
        assert_eq!(drawn.bars[1].says, "20 Nov: 2 given up");
    }

    #[test]
    fn a_stock_is_told_as_it_is_today_and_an_empty_chart_is_one() {
        let counts = ByDay::from([(day(22), BTreeMap::from([("sent".to_owned(), 3)]))]);
        assert_eq!(chart("a", "A", Kind::Stock, &SERIES, &window(day(22), 30), &counts).says, "3 sent, 0 given up today");
        let empty = chart("a", "A", Kind::Events, &SERIES, &window(day(22), 30), &ByDay::new());
        assert_eq!((empty.most.as_str(), empty.bars.len(), empty.rows.len()), ("1", 0, 30));
    }

    #[test]
    fn the_scale_ends_on_a_figure_that_reads_well() {
        assert_eq!([0, 1, 3, 5, 6, 11, 49, 51, 1_000, 1_001].map(round_up), [1, 1, 3, 5, 6, 20, 50, 60, 1_000, 2_000]);
    }
}
