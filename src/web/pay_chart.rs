//! Box charts of pay, drawn here so that the page needs no script: the box is the middle half, its line the median, the thin line the
//! middle eight of ten. Beside every chart stands a table with the same figures.

use serde::Serialize;

use super::page::said;
use super::pay_stats::{Group, Level, Market, PayStats, yearly};
use super::speech::{language, pay, say, word};
use crate::domain::place_name::country_name;
use crate::domain::{Currency, texts};

/// Units of the picture from nothing to the end of its scale.
const WIDTH: f64 = 1_000.0;

/// The page of pay.
#[derive(Debug, Serialize)]
pub(super) struct PayPage {
    open: usize,
    stating: usize,
    share: usize,
    charts: Vec<Chart>,
}

/// One country and currency.
#[derive(Debug, Serialize)]
struct Chart {
    /// Names the section, for links to it.
    id: String,
    title: String,
    counted: usize,
    /// The middle and the end of the scale.
    half: String,
    most: String,
    rows: Vec<Row>,
}

/// One role, or one level of it.
#[derive(Debug, Serialize)]
struct Row {
    role: String,
    level: String,
    /// Whether it sums up the rows behind it.
    whole: bool,
    says: String,
    lower: String,
    median: String,
    upper: String,
    counted: usize,
    of: usize,
    share: usize,
    boxed: Boxed,
}

/// Most rows below the list of jobs, those of the countries with most jobs; the page of pay has all.
const MOST_ROWS: usize = 24;

/// One row of the list of jobs: the middle half of what is paid in a country, and the median.
#[derive(Debug, Serialize)]
pub(super) struct PayRow {
    place: String,
    role: String,
    level: String,
    listings: usize,
    median: String,
    middle_half: String,
}

/// The rows of the list of jobs.
pub(super) fn pay_rows(stats: &PayStats) -> Vec<PayRow> {
    let row = |market: &Market, group: &Group| PayRow {
        place: market_title(market),
        role: word("role", group.role.as_str()),
        level: level_words(group.level),
        listings: group.counted,
        median: pay(&yearly(group.spread.median, group.spread.median, market.currency)),
        middle_half: pay(&yearly(group.spread.lower, group.spread.upper, market.currency)),
    };
    let levels = |group: &&Group| group.level != Level::All;
    let rows = stats.markets.iter().flat_map(|market| market.groups.iter().filter(levels).map(move |group| row(market, group)));
    rows.take(MOST_ROWS).collect()
}

/// A country and a currency.
fn market_title(market: &Market) -> String {
    format!("{}, {}", market.country.map_or_else(|| said("pay-page-no-country"), country_name), market.currency)
}

fn level_words(level: Level) -> String {
    match level {
        Level::All => said("level-all"),
        Level::Stated(level) => word("level", level.as_str()),
        Level::NotStated => said("level-not-stated"),
    }
}

/// Where the parts of a box stand, in units of the picture.
#[derive(Debug, PartialEq, Eq, Serialize)]
struct Boxed {
    low: String,
    lower: String,
    width: String,
    median: String,
    high: String,
}

impl PayPage {
    pub(super) fn of(stats: &PayStats) -> Self {
        let charts = stats.markets.iter().map(chart).collect();
        Self { open: stats.open, stating: stats.stating, share: percent(stats.stating, stats.open), charts }
    }
}

fn chart(market: &Market) -> Chart {
    let end = round_up(market.groups.iter().map(|group| group.spread.high).fold(0.0, f64::max));
    let code = market.country.map(|country| country.to_string());
    Chart {
        id: format!("{}-{}", code.unwrap_or_else(|| "nowhere".to_owned()), market.currency),
        title: market_title(market),
        counted: market.counted(),
        half: figure(end / 2.0, market.currency),
        most: figure(end, market.currency),
        rows: market.groups.iter().map(|group| row(group, market.currency, end)).collect(),
    }
}

fn row(group: &Group, currency: Currency, end: f64) -> Row {
    let (spread, role, level) = (group.spread, word("role", group.role.as_str()), level_words(group.level));
    let [lower, median, upper] = [spread.lower, spread.median, spread.upper].map(|units| figure(units, currency));
    let half = texts::figures(language(), &yearly(spread.lower, spread.upper, currency));
    let says =
        [("role", &role), ("level", &level), ("median", &median), ("half", &half)].map(|(name, words)| (name, words.as_str().into()));
    Row {
        says: say("pay-page-says", &says),
        whole: group.level == Level::All,
        role,
        level,
        lower,
        median,
        upper,
        counted: group.counted,
        of: group.of,
        share: percent(group.counted, group.of),
        boxed: Boxed {
            low: place(spread.low, end),
            lower: place(spread.lower, end),
            // What is there is seen, be it ever so little.
            width: place((spread.upper - spread.lower).max(end / 200.0), end),
            median: place(spread.median, end),
            high: place(spread.high, end),
        },
    }
}

fn figure(units: f64, currency: Currency) -> String {
    texts::figures(language(), &yearly(units, units, currency))
}

fn place(units: f64, end: f64) -> String {
    format!("{:.1}", units / end * WIDTH)
}

fn percent(part: usize, whole: usize) -> usize {
    (part * 200 + whole).checked_div(whole * 2).unwrap_or_default()
}

/// The next figure that reads well and whose half does too.
fn round_up(most: f64) -> f64 {
    let step = 10_f64.powf(most.max(1.0).log10().floor());
    let leads = [1.0, 1.2, 1.6, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0];
    leads.iter().map(|lead| lead * step).find(|round| *round >= most).unwrap_or(10.0 * step)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Country, Role};
    use crate::web::pay_stats::Spread;

    #[test]
    fn a_box_stands_where_its_figures_are_on_the_scale() {
        let spread = Spread { low: 1_000_000.0, lower: 2_000_000.0, median: 2_500_000.0, upper: 3_200_000.0, high: 4_000_000.0 };
        let group = Group { role: Role::BackendEngineer, level: Level::All, spread, counted: 12, of: 40 };
        let market = Market { country: Country::parse("IN").ok(), currency: Currency::INR, groups: vec![group] };
        let page = PayPage::of(&PayStats { markets: vec![market], open: 80, stating: 21 });
        assert_eq!((page.share, page.charts.len()), (26, 1));
        let chart = &page.charts[0];
        assert_eq!(
            (chart.title.as_str(), chart.id.as_str(), chart.most.as_str(), chart.half.as_str()),
            ("India, INR", "IN-INR", "₹40 lakh", "₹20 lakh")
        );
        let row = &chart.rows[0];
        assert_eq!(row.says, "backend engineer, all levels: median ₹25 lakh, the middle half ₹20-32 lakh");
        assert_eq!((row.lower.as_str(), row.upper.as_str(), row.share), ("₹20 lakh", "₹32 lakh", 30));
        let [low, lower, width, median, high] = ["250.0", "500.0", "300.0", "625.0", "1000.0"].map(str::to_owned);
        assert_eq!(row.boxed, Boxed { low, lower, width, median, high });
    }

    #[test]
    fn the_scale_ends_on_a_figure_that_reads_well() {
        let ends = [90_000.0, 101_000.0, 130_000.0, 3_900_000.0, 0.0].map(|most| round_up(most).to_string());
        assert_eq!(ends, ["100000", "120000", "160000", "4000000", "1"]);
    }
}
