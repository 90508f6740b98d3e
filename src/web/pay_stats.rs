//! What open listings pay, by role and level: figures as stated, a year, each currency by itself.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::domain::{Amount, BlockListing, Currency, Pay, PayPeriod, Role, Seniority};

/// Fewest listings a row speaks for; fewer would tell of a company, not of a market.
const FEWEST: usize = 5;

/// One row: the middle half of what is paid, and the median.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct PayRow {
    role: &'static str,
    level: &'static str,
    listings: usize,
    median: String,
    middle_half: String,
}

/// Rows by role, level and currency, for those with at least [`FEWEST`] listings that state their pay.
pub(super) fn pay_rows<'a>(listings: impl Iterator<Item = &'a BlockListing>) -> Vec<PayRow> {
    let mut groups: BTreeMap<(Role, Option<Seniority>, Currency), Vec<f64>> = BTreeMap::new();
    for facts in listings.map(|listing| &listing.facts) {
        let stated = facts.pay.as_ref().and_then(|found| a_year(&found.value));
        if let Some((currency, figure)) = stated {
            let level = facts.seniority.as_ref().map(|found| found.value);
            groups.entry((facts.role.value, level, currency)).or_default().push(figure);
        }
    }
    groups.retain(|(role, _, _), figures| *role != Role::Other && figures.len() >= FEWEST);
    groups.into_iter().map(|((role, level, currency), figures)| row(role, level, currency, figures)).collect()
}

fn row(role: Role, level: Option<Seniority>, currency: Currency, mut figures: Vec<f64>) -> PayRow {
    figures.sort_by(f64::total_cmp);
    let rank = |quarters: usize| figures[(figures.len() - 1) * quarters / 4];
    PayRow {
        role: role.label(),
        level: level.map_or("level not stated", Seniority::label),
        listings: figures.len(),
        median: shown(rank(2), rank(2), currency),
        middle_half: shown(rank(1), rank(3), currency),
    }
}

/// The middle of what a listing states, for a year.
fn a_year(pay: &Pay) -> Option<(Currency, f64)> {
    let ends = [pay.min.or(pay.max)?, pay.max.or(pay.min)?];
    let middle = ends.iter().map(|end| end.units()).sum::<f64>() / 2.0;
    Some((pay.currency?, middle * pay.period?.per_year()))
}

/// Two figures as people of the currency write them, to the nearest thousand (ten thousand rupees).
fn shown(low: f64, high: f64, currency: Currency) -> String {
    let step = if currency == Currency::INR { 10_000.0 } else { 1_000.0 };
    let rounded = |figure: f64| Amount::from_units((figure / step).round() * step).ok();
    Pay { min: rounded(low), max: rounded(high), currency: Some(currency), period: Some(PayPeriod::Year), raw: String::new() }.shown()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Facts, Finding, ListingId, Seq, Words};

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
            valid_through: None,
            closed_at: None,
        }
    }

    #[test]
    fn the_median_and_the_middle_half_of_a_role_are_told_in_its_own_currency() {
        let lakh = 100_000.0;
        let mut listings: Vec<BlockListing> =
            [20.0, 24.0, 30.0, 34.0].iter().map(|n| paid(Role::BackendEngineer, n * lakh, n * lakh, "INR", PayPeriod::Year)).collect();
        listings.push(paid(Role::BackendEngineer, 3.0 * lakh, 4.0 * lakh, "INR", PayPeriod::Month));
        listings.push(paid(Role::BackendEngineer, 90_000.0, 90_000.0, "EUR", PayPeriod::Year));
        listings.extend((0..9).map(|_| paid(Role::Other, lakh, lakh, "INR", PayPeriod::Year)));
        let row = PayRow {
            role: "backend engineer",
            level: "senior",
            listings: 5,
            median: "₹30 lakh a year".to_owned(),
            middle_half: "₹24-34 lakh a year".to_owned(),
        };
        assert_eq!(pay_rows(listings.iter()), [row]);
    }
}
