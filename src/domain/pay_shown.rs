//! Pay as people of its currency write it, and what it comes to in a year.

use std::fmt::Write as _;

use crate::domain::pay::{Amount, Currency, Pay, PayPeriod};
use crate::domain::texts::number::grouped;

/// What pay comes to in a full-time year: reckoned, not stated.
#[derive(Debug, Clone, PartialEq)]
pub struct Yearly {
    /// The stated pay for a year. Its words stay those of the posting.
    pub pay: Pay,
    /// What was assumed, in words: `2,080 hours`.
    pub assumption: &'static str,
}

impl Pay {
    /// What pay for an hour, day, week or month comes to in a year; none for pay that is for a year as stated, or for none.
    #[must_use]
    pub fn yearly(&self) -> Option<Yearly> {
        let period = self.period?;
        let assumption = match period {
            PayPeriod::Year => return None,
            PayPeriod::Month => "12 months",
            PayPeriod::Week => "52 weeks",
            PayPeriod::Day => "260 days",
            PayPeriod::Hour => "2,080 hours",
        };
        let year = |amount: Option<Amount>| amount.map(|amount| Amount::from_units(amount.units() * period.per_year())).transpose();
        let (min, max) = (year(self.min).ok()?, year(self.max).ok()?);
        Some(Yearly { pay: Self { min, max, period: Some(PayPeriod::Year), ..self.clone() }, assumption })
    }

    /// The pay as people of its currency write it: `₹18-26 lakh a year`, `₹4,17,345 a year`, `from €72,000 a year`.
    #[must_use]
    pub fn shown(&self) -> String {
        let mut text = self.figures();
        if let Some(period) = self.period {
            let article = if period == PayPeriod::Hour { "an" } else { "a" };
            let _ = write!(text, " {article} {}", period.label());
        }
        text
    }

    /// The same without the period: `₹18-26 lakh`.
    #[must_use]
    pub fn figures(&self) -> String {
        match (self.min, self.max) {
            (Some(low), Some(high)) if low != high => self.shown_range(low, high),
            (Some(only), Some(_)) => self.shown_amount(only),
            (Some(low), None) => format!("from {}", self.shown_amount(low)),
            (None, Some(high)) => format!("up to {}", self.shown_amount(high)),
            (None, None) => self.raw.clone(),
        }
    }

    fn shown_range(&self, low: Amount, high: Amount) -> String {
        let (before, behind) = signs(self.currency);
        match (self.indian(low), self.indian(high)) {
            (Some((a, unit)), Some((b, same))) if unit == same => format!("{before}{a}-{b} {unit}"),
            (Some((a, lakh)), Some((b, crore))) => format!("{before}{a} {lakh}-{b} {crore}"),
            _ => format!("{before}{}-{}{behind}", self.grouped(low), self.grouped(high)),
        }
    }

    fn shown_amount(&self, amount: Amount) -> String {
        let (before, behind) = signs(self.currency);
        match self.indian(amount) {
            Some((figure, unit)) => format!("{before}{figure} {unit}"),
            None => format!("{before}{}{behind}", self.grouped(amount)),
        }
    }

    /// Rupees a year in lakh or crore, when the amount is at least one of them and loses nothing by being written so.
    fn indian(&self, amount: Amount) -> Option<(String, &'static str)> {
        let rupees = self.currency == Some(Currency::INR) && self.period == Some(PayPeriod::Year);
        if !rupees {
            return None;
        }
        in_units_of(amount, 10_000_000, 100)
            .map(|figure| (figure, "crore"))
            .or_else(|| in_units_of(amount, 100_000, 10).map(|figure| (figure, "lakh")))
    }

    fn grouped(&self, amount: Amount) -> String {
        let code = self.currency.map(|currency| currency.as_str().to_owned()).unwrap_or_default();
        let (sizes, separator): (&[usize], &str) = match code.as_str() {
            "INR" => (&[3, 2], ","),
            "CHF" => (&[3], "'"),
            "PLN" => (&[3], " "),
            _ => (&[3], ","),
        };
        let mut text = grouped(&(amount.hundredths() / 100).to_string(), sizes, separator);
        if amount.hundredths() % 100 != 0 && code != "JPY" {
            let point = if code == "PLN" { ',' } else { '.' };
            let _ = write!(text, "{point}{:02}", amount.hundredths() % 100);
        }
        text
    }
}

/// What stands before and behind an amount; the code and a space before it where the currency has no sign of its own.
///
/// The euro is written as its institutions do in English: sign first, commas between the thousands.
fn signs(currency: Option<Currency>) -> (String, &'static str) {
    let Some(currency) = currency else { return (String::new(), "") };
    let sign = match currency.as_str() {
        "INR" => "₹",
        "USD" => "$",
        "EUR" => "€",
        "GBP" => "£",
        "JPY" => "¥",
        "AUD" => "A$",
        "CAD" => "C$",
        "SGD" => "S$",
        "NZD" => "NZ$",
        "HKD" => "HK$",
        "BRL" => "R$",
        "PLN" => return (String::new(), " zł"),
        code => return (format!("{code} "), ""),
    };
    (sign.to_owned(), "")
}

/// The amount in a larger unit, with as many decimals as `parts` of it allow (10: one, 100: two); none when it is less than
/// one of them or is no whole number of parts.
fn in_units_of(amount: Amount, unit: i64, parts: i64) -> Option<String> {
    let part = unit * 100 / parts;
    let count = amount.hundredths() / part;
    if count < parts || amount.hundredths() % part != 0 {
        return None;
    }
    let decimals = if parts == 100 { format!("{:02}", count % parts) } else { (count % parts).to_string() };
    let decimals = decimals.trim_end_matches('0');
    let point = if decimals.is_empty() { "" } else { "." };
    Some(format!("{}{point}{decimals}", count / parts))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pay(min: Option<f64>, max: Option<f64>, currency: &str, period: PayPeriod) -> Pay {
        let amount = |x: f64| Amount::from_units(x).unwrap();
        let currency = Currency::parse(currency).ok();
        Pay { min: min.map(amount), max: max.map(amount), currency, period: Some(period), raw: "raw".into() }
    }

    #[test]
    fn pay_is_shown_as_people_of_its_currency_write_it() {
        use PayPeriod::{Hour, Month, Year};
        let cases = [
            (pay(Some(417_345.0), Some(417_345.0), "INR", Year), "₹4,17,345 a year"),
            (pay(Some(1_800_000.0), Some(2_600_000.0), "INR", Year), "₹18-26 lakh a year"),
            (pay(Some(850_000.0), Some(850_000.0), "INR", Year), "₹8.5 lakh a year"),
            (pay(Some(12_000_000.0), None, "INR", Year), "from ₹1.2 crore a year"),
            (pay(Some(10_000_000.0), Some(12_500_000.0), "INR", Year), "₹1-1.25 crore a year"),
            (pay(Some(9_000_000.0), Some(12_000_000.0), "INR", Year), "₹90 lakh-1.2 crore a year"),
            (pay(Some(10_050_000.0), Some(10_050_000.0), "INR", Year), "₹100.5 lakh a year"),
            (pay(None, Some(50_000.0), "INR", Month), "up to ₹50,000 a month"),
            (pay(Some(123_456_789.0), Some(123_456_789.0), "INR", Month), "₹12,34,56,789 a month"),
            (pay(Some(140_000.0), Some(180_000.0), "USD", Year), "$140,000-180,000 a year"),
            (pay(Some(18.5), Some(18.5), "GBP", Hour), "£18.50 an hour"),
            (pay(Some(60_000.0), Some(75_000.0), "EUR", Year), "€60,000-75,000 a year"),
            (pay(Some(20_000.0), Some(25_000.0), "PLN", Month), "20 000-25 000 zł a month"),
            (pay(Some(110_000.0), None, "CHF", Year), "from CHF 110'000 a year"),
            (pay(Some(5_000_000.0), Some(8_000_000.5), "JPY", Year), "¥5,000,000-8,000,000 a year"),
            (pay(Some(45_000.0), Some(45_000.0), "SEK", Month), "SEK 45,000 a month"),
            (pay(None, Some(40_000.0), "HKD", Month), "up to HK$40,000 a month"),
        ];
        for (pay, shown) in cases {
            assert_eq!(pay.shown(), shown);
        }
    }

    #[test]
    fn pay_for_less_than_a_year_is_reckoned_for_a_year_with_the_assumption_beside_it() {
        use PayPeriod::{Day, Hour, Month, Week, Year};
        for (pay, shown, assumption) in [
            (pay(Some(45.0), Some(60.0), "USD", Hour), "$93,600-124,800 a year", "2,080 hours"),
            (pay(Some(450.0), Some(450.0), "GBP", Day), "£117,000 a year", "260 days"),
            (pay(None, Some(1_000.0), "EUR", Week), "up to €52,000 a year", "52 weeks"),
            (pay(Some(50_000.0), Some(80_000.0), "INR", Month), "₹6-9.6 lakh a year", "12 months"),
        ] {
            let yearly = pay.yearly().unwrap();
            assert_eq!((yearly.pay.shown().as_str(), yearly.assumption), (shown, assumption));
        }
        assert_eq!(pay(Some(1.0), None, "USD", Year).yearly(), None);
        assert_eq!(Pay { period: None, ..pay(Some(1.0), None, "USD", Year) }.yearly(), None);
        assert_eq!(pay(Some(9e10), None, "USD", Hour).yearly(), None, "beyond all money");
    }
}
