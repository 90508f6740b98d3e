//! Pay in the many spellings of real postings.
//!
//! The figures come from the level, the place and the role; the spelling from the currency's own customs: lakh and crore, points,
//! spaces or apostrophes between thousands, monthly pay for Polish B2B contracts, an hourly rate for American contractors.

use crate::demo::catalogue::{Level, Place, Role};
use crate::demo::chance::Chance;
use crate::demo::job::DemoPay;
use crate::domain::PayPeriod;

/// Of a hundred employers so many say nothing of pay, by the custom of the continent; American laws make it rare there.
const SILENT_PERCENT: [(&str, u64); 3] = [("USD", 12), ("INR", 26), ("EUR", 30)];
/// The same for all other currencies.
const SILENT_PERCENT_ELSEWHERE: u64 = 22;

/// The pay of one job; none where the employer states none.
pub fn offer(chance: &mut Chance, place: &Place, role: &Role, level: Level, raise_percent: u32) -> Option<DemoPay> {
    let silent =
        SILENT_PERCENT.iter().find(|(currency, _)| *currency == place.currency).map_or(SILENT_PERCENT_ELSEWHERE, |(_, percent)| *percent);
    if chance.percent(silent) {
        return None;
    }
    let spread = 90 + u32::try_from(chance.below(25)).unwrap_or(0);
    let custom = Custom::of(&place.currency)?;
    let yearly = u64::from(custom.usual_year) * u64::from(level_percent(level)) * u64::from(role.pay_percent) / 10_000;
    let low = yearly * u64::from(spread) * u64::from(100 + raise_percent) / 10_000;
    let high = low * (116 + chance.below(22)) / 100;
    let range = Range { low: u32::try_from(low).ok()?, high: u32::try_from(high).ok()? };
    let pay = match place.currency.as_str() {
        "INR" => rupees(chance, range),
        "USD" => dollars(chance, range),
        "EUR" => euros(chance, range, &place.iso),
        "GBP" => pounds(chance, range),
        "CHF" => francs(range),
        "PLN" => zloty(chance, range),
        "CAD" => canadian(chance, range),
        "BRL" => reais(range),
        _ => singapore(range),
    };
    Some(DemoPay { currency: custom.currency, ..pay })
}

/// What a backend engineer without a level word earns a year, by currency; the unit for all others.
struct Custom {
    currency: &'static str,
    usual_year: u32,
}

const CUSTOMS: [Custom; 9] = [
    Custom { currency: "INR", usual_year: 1_900_000 },
    Custom { currency: "USD", usual_year: 142_000 },
    Custom { currency: "EUR", usual_year: 68_000 },
    Custom { currency: "GBP", usual_year: 64_000 },
    Custom { currency: "CHF", usual_year: 118_000 },
    Custom { currency: "PLN", usual_year: 228_000 },
    Custom { currency: "CAD", usual_year: 122_000 },
    Custom { currency: "BRL", usual_year: 168_000 },
    Custom { currency: "SGD", usual_year: 102_000 },
];

impl Custom {
    fn of(currency: &str) -> Option<&'static Self> {
        CUSTOMS.iter().find(|custom| custom.currency == currency)
    }
}

const fn level_percent(level: Level) -> u32 {
    match level {
        Level::Intern => 24,
        Level::Junior => 52,
        Level::Mid => 100,
        Level::Senior => 145,
        Level::Lead => 205,
    }
}

/// Yearly pay from and to.
#[derive(Clone, Copy)]
struct Range {
    low: u32,
    high: u32,
}

impl Range {
    /// Both ends divided and rounded to a whole `step`.
    fn scaled(self, divisor: u32, step: u32) -> Self {
        let scale = |figure: u32| (figure / divisor / step * step).max(step);
        let low = scale(self.low);
        Self { low, high: scale(self.high).max(low + step) }
    }
}

fn rupees(chance: &mut Chance, yearly: Range) -> DemoPay {
    let lakh = yearly.scaled(100_000, 1);
    let (low, high) = (lakh.low, lakh.high);
    let both = |text: String| pay(Some(low * 100_000), Some(high * 100_000), PayPeriod::Year, text);
    if high >= 100 && chance.percent(60) {
        let crore =
            |lakh: u32| if lakh.is_multiple_of(100) { format!("{}", lakh / 100) } else { format!("{}.{}", lakh / 100, lakh % 100 / 10) };
        let tenth = high / 10 * 10;
        return pay(Some(tenth * 100_000), None, PayPeriod::Year, format!("INR {} Cr per annum", crore(tenth)));
    }
    match chance.below(8) {
        0 => {
            let odd = yearly.low / 1_000 * 1_000 + 345;
            pay(Some(odd), None, PayPeriod::Year, format!("Rs {} a year", indian(odd)))
        }
        1 => both(format!("₹{low}-{high} lakh")),
        2 => both(format!("{low}-{high} LPA")),
        3 => both(format!("₹{low}L - ₹{high}L")),
        4 => pay(None, Some(high * 100_000), PayPeriod::Year, format!("Up to {high} LPA")),
        5 => {
            let month = yearly.scaled(12, 5_000);
            pay(Some(month.low), Some(month.high), PayPeriod::Month, format!("₹{} - ₹{} per month", indian(month.low), indian(month.high)))
        }
        6 => both(format!("INR {} - {} per annum", indian(low * 100_000), indian(high * 100_000))),
        _ => both(format!("CTC Rs. {low} - {high} Lacs P.A.")),
    }
}

fn dollars(chance: &mut Chance, yearly: Range) -> DemoPay {
    let thousand = yearly.scaled(1_000, 5);
    let (low, high) = (thousand.low, thousand.high);
    let both = |text: String| pay(Some(low * 1_000), Some(high * 1_000), PayPeriod::Year, text);
    match chance.below(6) {
        0 | 1 => both(format!("${low}K - ${high}K")),
        2 => both(format!("${} - ${} per year", grouped(low * 1_000, ","), grouped(high * 1_000, ","))),
        3 => both(format!("${low}k–${high}k base + equity")),
        4 => {
            let hour = yearly.scaled(2_000, 5);
            pay(Some(hour.low), Some(hour.high), PayPeriod::Hour, format!("${}.00 - ${}.00 an hour", hour.low, hour.high))
        }
        _ => both(format!("USD {} to {} annually", grouped(low * 1_000, ","), grouped(high * 1_000, ","))),
    }
}

fn euros(chance: &mut Chance, yearly: Range, iso: &str) -> DemoPay {
    let thousand = yearly.scaled(1_000, 1);
    let (low, high) = (thousand.low, thousand.high);
    let both = |text: String| pay(Some(low * 1_000), Some(high * 1_000), PayPeriod::Year, text);
    match (chance.below(5), iso) {
        (0, _) => {
            let day = yearly.scaled(160, 10);
            pay(Some(day.low), Some(day.high), PayPeriod::Day, format!("€{} - €{} per day", day.low, day.high))
        }
        (1, "FR") => both(format!("{} € – {} € brut par an", grouped(low * 1_000, "\u{202f}"), grouped(high * 1_000, "\u{202f}"))),
        (1, _) => both(format!("EUR {low}k-{high}k")),
        (2, "IE" | "NL") => both(format!("€{} - €{} per annum", grouped(low * 1_000, ","), grouped(high * 1_000, ","))),
        _ => both(format!("€{} - €{}", grouped(low * 1_000, "."), grouped(high * 1_000, "."))),
    }
}

fn pounds(chance: &mut Chance, yearly: Range) -> DemoPay {
    let thousand = yearly.scaled(1_000, 1);
    let (low, high) = (thousand.low, thousand.high);
    match chance.below(4) {
        0 => pay(Some(low * 1_000), None, PayPeriod::Year, format!("£{low}k")),
        1 => pay(None, Some(high * 1_000), PayPeriod::Year, format!("up to £{} DOE", grouped(high * 1_000, ","))),
        2 => {
            let day = yearly.scaled(170, 25);
            pay(Some(day.low), Some(day.high), PayPeriod::Day, format!("£{}-£{} per day, outside IR35", day.low, day.high))
        }
        _ => {
            let text = format!("£{} - £{} per annum", grouped(low * 1_000, ","), grouped(high * 1_000, ","));
            pay(Some(low * 1_000), Some(high * 1_000), PayPeriod::Year, text)
        }
    }
}

fn francs(yearly: Range) -> DemoPay {
    let thousand = yearly.scaled(1_000, 5);
    let (low, high) = (thousand.low * 1_000, thousand.high * 1_000);
    pay(Some(low), Some(high), PayPeriod::Year, format!("CHF {} - {}", grouped(low, "'"), grouped(high, "'")))
}

fn zloty(chance: &mut Chance, yearly: Range) -> DemoPay {
    let month = yearly.scaled(12, 500);
    let (low, high) = (month.low, month.high);
    let text = match chance.below(3) {
        0 => format!("{}-{} PLN monthly B2B", grouped(low, ","), grouped(high, ",")),
        1 => format!("{} – {} PLN net/month + VAT (B2B)", grouped(low, " "), grouped(high, " ")),
        _ => format!("{} - {} zł brutto / mies.", grouped(low, " "), grouped(high, " ")),
    };
    pay(Some(low), Some(high), PayPeriod::Month, text)
}

fn canadian(chance: &mut Chance, yearly: Range) -> DemoPay {
    let thousand = yearly.scaled(1_000, 1);
    let (low, high) = (thousand.low * 1_000, thousand.high * 1_000);
    let text = if chance.percent(50) {
        format!("CA${}–CA${}", grouped(low, ","), grouped(high, ","))
    } else {
        format!("${} - ${} CAD per year", grouped(low, ","), grouped(high, ","))
    };
    pay(Some(low), Some(high), PayPeriod::Year, text)
}

fn reais(yearly: Range) -> DemoPay {
    let month = yearly.scaled(12, 500);
    let text = format!("R$ {},00 - R$ {},00 por mês", grouped(month.low, "."), grouped(month.high, "."));
    pay(Some(month.low), Some(month.high), PayPeriod::Month, text)
}

fn singapore(yearly: Range) -> DemoPay {
    let month = yearly.scaled(12, 100);
    let text = format!("S${} - S${} a month", grouped(month.low, ","), grouped(month.high, ","));
    pay(Some(month.low), Some(month.high), PayPeriod::Month, text)
}

fn pay(min: Option<u32>, max: Option<u32>, period: PayPeriod, text: String) -> DemoPay {
    DemoPay { min, max, currency: "", period, text }
}

/// Digits in threes from the right.
fn grouped(figure: u32, separator: &str) -> String {
    let digits = figure.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push_str(separator);
        }
        text.push(digit);
    }
    text
}

/// Digits as in India: the last three, then twos.
fn indian(figure: u32) -> String {
    if figure < 1_000 {
        return figure.to_string();
    }
    let mut head = (figure / 1_000).to_string();
    let mut twos = Vec::new();
    while head.len() > 2 {
        twos.push(head.split_off(head.len() - 2));
    }
    twos.push(head);
    twos.reverse();
    format!("{},{:03}", twos.join(","), figure % 1_000)
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::{CUSTOMS, Range, grouped, indian, offer, rupees};
    use crate::demo::catalogue::{Catalogue, Level};
    use crate::demo::chance::Chance;

    #[test]
    fn every_place_pays_in_a_known_currency_and_what_is_stated_makes_sense() {
        let world = Catalogue::embedded();
        let mut spellings: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
        for (number, place) in world.places.values().cycle().take(1_500).enumerate() {
            let mut chance = Chance::of(11, "sense", u64::try_from(number).unwrap());
            let Some(pay) = offer(&mut chance, place, &world.roles[number % world.roles.len()], Level::Senior, 0) else { continue };
            assert_eq!(pay.currency, place.currency);
            assert!(pay.min.is_some() || pay.max.is_some(), "{pay:?}");
            assert!(pay.min.zip(pay.max).is_none_or(|(min, max)| min < max), "{pay:?}");
            let custom = CUSTOMS.iter().find(|custom| custom.currency == pay.currency).unwrap();
            let yearly = f64::from(pay.max.or(pay.min).unwrap()) * pay.period.per_year();
            let usual = f64::from(custom.usual_year);
            assert!((usual * 0.2..usual * 5.0).contains(&yearly), "{pay:?} is {yearly} a year");
            let shape = pay.text.chars().map(|letter| if letter.is_ascii_digit() { '0' } else { letter }).collect::<String>();
            spellings.entry(pay.currency).or_default().insert(shape.replace("00", "0"));
        }
        assert_eq!(spellings.len(), CUSTOMS.len());
        for (currency, least) in [("INR", 8), ("USD", 5), ("EUR", 4), ("GBP", 4), ("PLN", 3)] {
            assert!(spellings[currency].len() >= least, "{currency}: {:?}", spellings[currency]);
        }
    }

    #[test]
    fn a_raise_is_a_raise() {
        let world = Catalogue::embedded();
        for number in 0..50 {
            let pay = |raise| offer(&mut Chance::of(2, "raise", number), &world.places["zurich"], &world.roles[0], Level::Mid, raise);
            let (before, after) = (pay(0), pay(8));
            assert_eq!(before.is_some(), after.is_some(), "a change must not hide the pay");
            assert!(before.is_none() || before.unwrap().max < after.unwrap().max);
        }
    }

    #[test]
    fn thousands_are_parted_as_each_country_does() {
        assert_eq!(indian(417_345), "4,17,345");
        assert_eq!(indian(12_500_000), "1,25,00,000");
        assert_eq!(indian(5_000), "5,000");
        assert_eq!(indian(999), "999");
        assert_eq!(grouped(72_000, "."), "72.000");
        assert_eq!(grouped(1_234_567, "'"), "1'234'567");
    }

    #[test]
    fn both_ends_stay_apart_when_they_are_rounded() {
        let scaled = Range { low: 100_100, high: 100_900 }.scaled(1_000, 5);
        assert_eq!((scaled.low, scaled.high), (100, 105));
    }

    #[test]
    fn very_high_pay_in_india_is_spelled_in_crore() {
        let texts: Vec<String> =
            (0..40).map(|number| rupees(&mut Chance::of(3, "crore", number), Range { low: 10_500_000, high: 12_400_000 }).text).collect();
        assert!(texts.iter().any(|text| text == "INR 1.2 Cr per annum"), "{texts:?}");
    }
}
