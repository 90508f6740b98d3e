//! Pay as stated, shown as people of its currency write it, and compared by rates.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::domain::word::words;

words! {
    /// The time a pay figure is for.
    PayPeriod, "pay period" {
        /// A year.
        Year = "year", "year";
        /// A month.
        Month = "month", "month";
        /// A week.
        Week = "week", "week";
        /// A day.
        Day = "day", "day";
        /// An hour.
        Hour = "hour", "hour";
    }
}

impl PayPeriod {
    /// How many of these a full-time year holds: 12 months, 52 weeks, 260 days, 2,080 hours.
    #[must_use]
    pub const fn per_year(self) -> f64 {
        match self {
            Self::Year => 1.0,
            Self::Month => 12.0,
            Self::Week => 52.0,
            Self::Day => 260.0,
            Self::Hour => 2_080.0,
        }
    }
}

/// An amount of money in hundredths of the currency's unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Amount(i64);

impl Amount {
    /// Largest amount that is taken for money: a hundred thousand million units.
    const MAX_UNITS: f64 = 1e11;

    /// From units of the currency (`417345.0` or `18.5`); rounded to hundredths.
    ///
    /// # Errors
    /// Not finite, negative, or beyond what any pay can be.
    #[expect(clippy::cast_possible_truncation, reason = "bounded by MAX_UNITS just before")]
    pub fn from_units(units: f64) -> Result<Self, AmountError> {
        if units.is_finite() && (0.0..=Self::MAX_UNITS).contains(&units) {
            Ok(Self((units * 100.0).round() as i64))
        } else {
            Err(AmountError(units))
        }
    }

    /// In units of the currency.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "at most 1e13, far below 2^53")]
    pub fn units(self) -> f64 {
        self.0 as f64 / 100.0
    }

    /// In hundredths of a unit.
    #[must_use]
    pub const fn hundredths(self) -> i64 {
        self.0
    }
}

impl Serialize for Amount {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        if self.0 % 100 == 0 { s.serialize_i64(self.0 / 100) } else { s.serialize_f64(self.units()) }
    }
}

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        Self::from_units(f64::deserialize(d)?).map_err(serde::de::Error::custom)
    }
}

/// A number that is no amount of money.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{0} is no amount of money: give a number from 0 to 100000000000")]
pub struct AmountError(pub f64);

/// An ISO 4217 currency code in upper case.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Currency([u8; 3]);

impl Currency {
    /// The Indian rupee, whose amounts are written in lakh and crore.
    pub const INR: Self = Self(*b"INR");

    /// Reads three ASCII letters in either case.
    ///
    /// # Errors
    /// Anything else.
    pub fn parse(text: &str) -> Result<Self, CurrencyError> {
        match text.trim().as_bytes() {
            [a, b, c] if [a, b, c].iter().all(|x| x.is_ascii_alphabetic()) => {
                Ok(Self([a.to_ascii_uppercase(), b.to_ascii_uppercase(), c.to_ascii_uppercase()]))
            }
            _ => Err(CurrencyError(text.chars().take(40).collect())),
        }
    }

    /// The code, three upper-case letters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).expect("a currency code is three ASCII letters by construction")
    }
}

impl std::fmt::Debug for Currency {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl std::fmt::Display for Currency {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.as_str())
    }
}

impl Serialize for Currency {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        Self::parse(&std::borrow::Cow::<'de, str>::deserialize(d)?).map_err(serde::de::Error::custom)
    }
}

/// What was given where a currency code was expected.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no currency code: give the three letters of ISO 4217, such as INR or EUR")]
pub struct CurrencyError(pub String);

/// Base pay as a listing states it; nothing is converted or invented.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Pay {
    /// The least that is offered; none for "up to".
    pub min: Option<Amount>,
    /// The most that is offered; none for "from". Equal to `min` for a single figure.
    pub max: Option<Amount>,
    /// The currency, where it is written or follows from the place.
    pub currency: Option<Currency>,
    /// The period, where it is written or only one reading is left.
    pub period: Option<PayPeriod>,
    /// The words of the posting.
    pub raw: String,
}

impl Pay {
    /// The figure a wish is held against: the most that is offered, or the least where no most is said.
    #[must_use]
    pub fn best(&self) -> Option<Amount> {
        self.max.or(self.min)
    }
}

/// Exchange rates: how many units of each currency one US dollar buys.
#[derive(Debug, Clone, PartialEq)]
pub struct Rates(BTreeMap<Currency, f64>);

impl Rates {
    /// The default rates with some of them replaced or added.
    ///
    /// # Errors
    /// Names the first currency whose rate is no positive number.
    pub fn with(replaced: &BTreeMap<Currency, f64>) -> Result<Self, String> {
        if let Some((currency, rate)) = replaced.iter().find(|(_, rate)| !(rate.is_finite() && **rate > 0.0)) {
            return Err(format!("the rate of {currency} is {rate}; give how many {currency} one US dollar buys"));
        }
        let mut rates = Self::default();
        rates.0.extend(replaced);
        Ok(rates)
    }

    /// US dollars a year, for comparison only; none when the currency has no rate.
    #[must_use]
    pub fn dollars_a_year(&self, amount: Amount, currency: Currency, period: PayPeriod) -> Option<f64> {
        self.0.get(&currency).map(|rate| amount.units() * period.per_year() / rate)
    }

    /// The currencies that can be compared.
    pub fn currencies(&self) -> impl Iterator<Item = Currency> {
        self.0.keys().copied()
    }

    /// What a stated pay offers at best, in dollars a year; none when it cannot be compared.
    ///
    /// A slip of typing is kept as typed and shown, but compared with nothing: `$130 - $195` a year, `$90,000` an hour.
    #[must_use]
    pub fn comparable(&self, pay: &Pay) -> Option<f64> {
        /// Dollars a year that somebody may be paid for full-time work somewhere.
        const PAID_SOMEWHERE: std::ops::RangeInclusive<f64> = 300.0..=20e6;
        self.dollars_a_year(pay.best()?, pay.currency?, pay.period?).filter(|dollars| PAID_SOMEWHERE.contains(dollars))
    }
}

impl Default for Rates {
    /// Rounded rates of 2026; an operator sets newer ones under `[rates]`.
    fn default() -> Self {
        const PER_DOLLAR: &[(&str, f64)] = &[
            ("USD", 1.0),
            ("INR", 88.0),
            ("EUR", 0.86),
            ("GBP", 0.75),
            ("AUD", 1.53),
            ("CAD", 1.39),
            ("SGD", 1.29),
            ("CHF", 0.80),
            ("SEK", 9.5),
            ("NOK", 10.1),
            ("DKK", 6.4),
            ("PLN", 3.66),
            ("CZK", 21.0),
            ("HUF", 335.0),
            ("RON", 4.37),
            ("BGN", 1.68),
            ("UAH", 41.5),
            ("TRY", 42.0),
            ("ILS", 3.3),
            ("AED", 3.6725),
            ("SAR", 3.75),
            ("ZAR", 17.3),
            ("NGN", 1_450.0),
            ("KES", 129.0),
            ("EGP", 47.5),
            ("JPY", 152.0),
            ("CNY", 7.12),
            ("HKD", 7.78),
            ("TWD", 30.8),
            ("KRW", 1_430.0),
            ("MYR", 4.2),
            ("THB", 32.5),
            ("IDR", 16_600.0),
            ("PHP", 58.5),
            ("VND", 26_300.0),
            ("PKR", 281.0),
            ("BDT", 122.0),
            ("LKR", 304.0),
            ("NZD", 1.75),
            ("BRL", 5.35),
            ("MXN", 18.4),
            ("ARS", 1_450.0),
            ("CLP", 945.0),
            ("COP", 3_850.0),
            ("PEN", 3.4),
        ];
        let table = PER_DOLLAR.iter().filter_map(|&(code, rate)| Some((Currency::parse(code).ok()?, rate)));
        Self(table.collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pay(min: Option<f64>, max: Option<f64>, currency: &str, period: PayPeriod) -> Pay {
        let amount = |x: f64| Amount::from_units(x).unwrap();
        Pay {
            min: min.map(amount),
            max: max.map(amount),
            currency: Currency::parse(currency).ok(),
            period: Some(period),
            raw: "raw".into(),
        }
    }

    #[test]
    fn twelve_lakh_a_year_equals_one_lakh_a_month() {
        let rates = Rates::default();
        let year = rates.comparable(&pay(Some(1_200_000.0), Some(1_200_000.0), "INR", PayPeriod::Year)).unwrap();
        let month = rates.comparable(&pay(None, Some(100_000.0), "INR", PayPeriod::Month)).unwrap();
        assert!((year - month).abs() < 1e-6, "{year} {month}");
    }

    #[test]
    fn a_slip_of_typing_is_compared_with_nothing() {
        use PayPeriod::{Hour, Year};
        let rates = Rates::default();
        for slip in [pay(Some(130.0), Some(195.0), "USD", Year), pay(Some(90_000.0), None, "USD", Hour), pay(None, Some(84.0), "INR", Year)]
        {
            assert_eq!(rates.comparable(&slip), None, "{slip:?}");
        }
        assert!(rates.comparable(&pay(None, Some(60_000.0), "INR", Year)).is_some());
    }

    #[test]
    fn no_number_breaks_an_amount() {
        for bad in [f64::NAN, f64::INFINITY, -1.0, 1e300] {
            assert!(Amount::from_units(bad).is_err(), "{bad}");
        }
        assert_eq!(serde_json::to_string(&Amount::from_units(18.5).unwrap()).unwrap(), "18.5");
        assert_eq!(serde_json::to_string(&Amount::from_units(417_345.0).unwrap()).unwrap(), "417345");
    }
}
