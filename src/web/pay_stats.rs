//! What open listings pay, a year, each currency by itself, by country, role and level. Figures are as stated; the page says of how many jobs it speaks.

use std::collections::{BTreeMap, HashSet};

use crate::domain::{Amount, BlockListing, Country, Currency, ListingId, Pay, PayPeriod, Rates, Role, Seniority};

/// Fewest listings a row speaks for; fewer would tell of a company, not of a market.
const FEWEST: usize = 5;

/// What is known of pay at one moment.
#[derive(Debug, Default, PartialEq)]
pub(super) struct PayStats {
    /// By country and currency, the one that tells of most jobs first.
    pub(super) markets: Vec<Market>,
    /// Open jobs; one that is open in several places of a country is one.
    pub(super) open: usize,
    /// Those of them that state any pay.
    pub(super) stating: usize,
}

/// What jobs in one country pay in one currency.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Market {
    pub(super) country: Option<Country>,
    pub(super) currency: Currency,
    pub(super) groups: Vec<Group>,
}

/// Whom a group is of: all of a role, or one level of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
    All,
    Stated(Seniority),
    NotStated,
}

/// What one role, or one level of it, pays.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Group {
    pub(super) role: Role,
    pub(super) level: Level,
    pub(super) spread: Spread,
    /// Jobs the figures rest on.
    pub(super) counted: usize,
    /// Open jobs of this kind in the country, whether they state their pay or not.
    pub(super) of: usize,
}

/// Where pay lies: a tenth is below `low`, a quarter below `lower`, half below `median`, and so on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Spread {
    pub(super) low: f64,
    pub(super) lower: f64,
    pub(super) median: f64,
    pub(super) upper: f64,
    pub(super) high: f64,
}

impl PayStats {
    /// Reads open listings once.
    pub(super) fn of<'a>(listings: impl Iterator<Item = &'a BlockListing>, rates: &Rates) -> Self {
        let mut sums = Sums::default();
        listings.for_each(|listing| sums.add(listing, rates));
        sums.ended()
    }
}

/// What groups are made from while listings are read.
#[derive(Default)]
struct Sums {
    figures: BTreeMap<(Option<Country>, Currency, Role, Level), Vec<f64>>,
    open: BTreeMap<(Option<Country>, Role, Level), usize>,
    /// Jobs that are open in several places, by country.
    seen: HashSet<(Option<Country>, ListingId)>,
    jobs: usize,
    stating: usize,
}

impl Sums {
    fn add(&mut self, listing: &BlockListing, rates: &Rates) {
        let facts = &listing.facts;
        let (role, level) = (facts.role.value, facts.seniority.as_ref().map_or(Level::NotStated, |found| Level::Stated(found.value)));
        let country = facts.country.as_ref().map(|found| found.value);
        let stated = facts.pay.as_ref().and_then(|found| a_year(&found.value, rates));
        if listing.card.is_some_and(|card| !self.seen.insert((country, card))) {
            return;
        }
        self.jobs += 1;
        self.stating += usize::from(facts.pay.is_some());
        if role == Role::Other {
            return;
        }
        for level in [Level::All, level] {
            *self.open.entry((country, role, level)).or_default() += 1;
            if let Some((currency, figure)) = stated {
                self.figures.entry((country, currency, role, level)).or_default().push(figure);
            }
        }
    }

    fn ended(self) -> PayStats {
        let mut markets: BTreeMap<(Option<Country>, Currency), Vec<Group>> = BTreeMap::new();
        for ((country, currency, role, level), figures) in enough(self.figures) {
            let of = self.open.get(&(country, role, level)).copied().unwrap_or_default();
            let group = Group { role, level, counted: figures.len(), of, spread: Spread::of(figures) };
            markets.entry((country, currency)).or_default().push(group);
        }
        let mut markets: Vec<Market> =
            markets.into_iter().map(|((country, currency), groups)| Market { country, currency, groups }).collect();
        markets.sort_by_key(|market| std::cmp::Reverse(market.counted()));
        PayStats { markets, open: self.jobs, stating: self.stating }
    }
}

impl Market {
    /// Jobs its figures rest on.
    pub(super) fn counted(&self) -> usize {
        self.groups.iter().filter(|group| group.level == Level::All).map(|group| group.counted).sum()
    }
}

fn enough<K: Ord>(groups: BTreeMap<K, Vec<f64>>) -> impl Iterator<Item = (K, Vec<f64>)> {
    groups.into_iter().filter(|(_, figures)| figures.len() >= FEWEST)
}

impl Spread {
    /// Between two figures it is divided in proportion, as spreadsheets do (their inclusive quartiles).
    fn of(mut figures: Vec<f64>) -> Self {
        figures.sort_by(f64::total_cmp);
        let at = |percent: usize| {
            let place = (figures.len() - 1) * percent;
            let (below, part) = (place / 100, place % 100);
            let above = figures[(below + 1).min(figures.len() - 1)];
            #[expect(clippy::cast_precision_loss, reason = "below a hundred")]
            let part = part as f64 / 100.0;
            figures[below] + (above - figures[below]) * part
        };
        Self { low: at(10), lower: at(25), median: at(50), upper: at(75), high: at(90) }
    }
}

/// The middle of what a listing states, for a year; none for a slip of typing, which nobody is paid.
fn a_year(pay: &Pay, rates: &Rates) -> Option<(Currency, f64)> {
    rates.comparable(pay)?;
    let ends = [pay.min.or(pay.max)?, pay.max.or(pay.min)?];
    let middle = ends.iter().map(|end| end.units()).sum::<f64>() / 2.0;
    Some((pay.currency?, middle * pay.period?.per_year()))
}

/// Two figures as pay for a year, to the nearest thousand (ten thousand rupees).
pub(super) fn yearly(low: f64, high: f64, currency: Currency) -> Pay {
    let step = if currency == Currency::INR { 10_000.0 } else { 1_000.0 };
    let rounded = |figure: f64| Amount::from_units((figure / step).round() * step).ok();
    Pay { min: rounded(low), max: rounded(high), currency: Some(currency), period: Some(PayPeriod::Year), raw: String::new() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Facts, Finding, Seq, Words};

    fn paid(role: Role, least: f64, most: f64, currency: &str, period: PayPeriod) -> BlockListing {
        let pay = Pay {
            min: Amount::from_units(least).ok(),
            max: Amount::from_units(most).ok(),
            currency: Currency::parse(currency).ok(),
            period: Some(period),
            raw: String::new(),
        };
        let mut facts: Facts = serde_json::from_value(serde_json::json!({
            "role": {"value": role, "evidence": "", "certainty": "stated"},
            "is_backend": {"value": true, "evidence": "", "certainty": "stated"},
        }))
        .unwrap();
        facts.seniority = Some(Finding::stated(Seniority::Senior, "Senior"));
        facts.pay = Some(Finding::stated(pay, "pay"));
        BlockListing {
            card: None,
            id: ListingId(1),
            seq: Seq(1),
            shown_company: String::new(),
            company: None,
            facts,
            words: Words::default(),
            published_at: chrono::DateTime::UNIX_EPOCH,
            came_up: None,
            valid_through: None,
            closed_at: None,
        }
    }

    fn within(country: &str, mut listing: BlockListing) -> BlockListing {
        listing.facts.country = Country::parse(country).ok().map(|country| Finding::stated(country, country.as_str()));
        listing
    }

    const LAKH: f64 = 100_000.0;

    #[test]
    fn the_median_and_the_middle_half_of_a_role_are_told_in_its_own_currency() {
        let mut listings: Vec<BlockListing> =
            [20.0, 24.0, 30.0, 34.0].iter().map(|n| paid(Role::BackendEngineer, n * LAKH, n * LAKH, "INR", PayPeriod::Year)).collect();
        listings.push(paid(Role::BackendEngineer, 3.0 * LAKH, 4.0 * LAKH, "INR", PayPeriod::Month));
        listings.push(paid(Role::BackendEngineer, 90_000.0, 90_000.0, "EUR", PayPeriod::Year));
        listings.extend((0..9).map(|_| paid(Role::Other, LAKH, LAKH, "INR", PayPeriod::Year)));
        let stats = PayStats::of(listings.iter(), &Rates::default());
        let [market] = &stats.markets[..] else { panic!("{:?}", stats.markets) };
        let [_, senior] = &market.groups[..] else { panic!("{:?}", market.groups) };
        assert_eq!((senior.role, senior.level, senior.counted), (Role::BackendEngineer, Level::Stated(Seniority::Senior), 5));
        let told = yearly(senior.spread.lower, senior.spread.upper, market.currency).shown();
        assert_eq!((senior.spread.median, told.as_str()), (30.0 * LAKH, "₹24-34 lakh a year"));
    }

    #[test]
    fn quartiles_are_those_that_one_reckons_by_hand() {
        // Places among six: a quarter is at 1.25, half at 2.5, three quarters at 3.75, the tenths at 0.5 and 4.5.
        let spread = Spread::of(vec![60.0, 10.0, 40.0, 20.0, 50.0, 30.0]);
        assert_eq!(spread, Spread { low: 15.0, lower: 22.5, median: 35.0, upper: 47.5, high: 55.0 });
        let one = Spread::of(vec![7.0]);
        assert_eq!((one.low, one.median, one.high), (7.0, 7.0, 7.0));
    }

    #[test]
    fn a_country_tells_of_all_levels_and_of_each_with_how_many_state_their_pay() {
        let engineer = |n: f64| within("IN", paid(Role::BackendEngineer, n * LAKH, n * LAKH, "INR", PayPeriod::Year));
        let mut listings: Vec<BlockListing> = [10.0, 20.0, 30.0, 40.0, 50.0, 60.0].map(engineer).to_vec();
        // One is of another level, three say nothing of pay, one a slip, and one of another country stays out.
        listings[5].facts.seniority = None;
        listings.extend((0..3).map(|_| engineer(1.0)).map(|mut silent| {
            silent.facts.pay = None;
            silent
        }));
        listings.push(within("IN", paid(Role::BackendEngineer, 12.0, 12.0, "INR", PayPeriod::Year)));
        listings.push(within("DE", paid(Role::BackendEngineer, 90_000.0, 90_000.0, "EUR", PayPeriod::Year)));
        let stats = PayStats::of(listings.iter(), &Rates::default());
        assert_eq!((stats.open, stats.stating), (11, 8));
        let [market] = &stats.markets[..] else { panic!("{:?}", stats.markets) };
        assert_eq!((market.country, market.currency, market.counted()), (Country::parse("IN").ok(), Currency::INR, 6));
        let told: Vec<(Level, usize, usize)> = market.groups.iter().map(|group| (group.level, group.counted, group.of)).collect();
        assert_eq!(told, [(Level::All, 6, 10), (Level::Stated(Seniority::Senior), 5, 9)]);
        let [all, senior] = [0, 1].map(|n| market.groups[n].spread);
        assert_eq!((all.lower, all.median, all.upper), (22.5 * LAKH, 35.0 * LAKH, 47.5 * LAKH));
        assert_eq!((senior.lower, senior.median, senior.upper), (20.0 * LAKH, 30.0 * LAKH, 40.0 * LAKH));
    }

    #[test]
    fn a_job_that_is_open_in_several_cities_of_a_country_counts_once() {
        let mut listings: Vec<BlockListing> =
            (0..8).map(|_| within("DE", paid(Role::BackendEngineer, 80_000.0, 80_000.0, "EUR", PayPeriod::Year))).collect();
        listings[..4].iter_mut().for_each(|listing| listing.card = Some(ListingId(1)));
        let stats = PayStats::of(listings.iter(), &Rates::default());
        assert_eq!((stats.open, stats.stating, stats.markets[0].groups[0].counted), (5, 5, 5));
    }
}
