//! Pay as people of a language write it: an Indian reader sees lakh and crore of rupees in Hindi words, a German one `1.800.000 ₹`.

use crate::domain::language::Language;
use crate::domain::pay::{Amount, Pay, PayPeriod};
use crate::domain::texts::catalogue::say;
use crate::domain::texts::number::grouped;

/// `₹18-26 lakh a year`, `₹18-26 लाख सालाना`, `1.800.000-2.600.000 ₹ im Jahr`.
#[must_use]
pub fn pay(language: Language, stated: &Pay) -> String {
    if language == Language::English {
        return stated.shown();
    }
    let key = match stated.period {
        None => return figures(language, stated),
        Some(PayPeriod::Year) => "pay-year",
        Some(PayPeriod::Month) => "pay-month",
        Some(PayPeriod::Week) => "pay-week",
        Some(PayPeriod::Day) => "pay-day",
        Some(PayPeriod::Hour) => "pay-hour",
    };
    say(language, key, &[("pay", figures(language, stated).into())])
}

/// The same without the period.
#[must_use]
pub fn figures(language: Language, stated: &Pay) -> String {
    let whole = |min, max| Pay { min, max, ..stated.clone() };
    let amounts = |shown: &Pay| match language {
        Language::English => shown.figures(),
        Language::Hindi => {
            let [lakh, crore] = ["pay-lakh", "pay-crore"].map(|key| say(language, key, &[]));
            shown.figures().replace("lakh", &lakh).replace("crore", &crore)
        }
        Language::German => german(shown),
    };
    match (stated.min, stated.max) {
        (None, None) => stated.raw.clone(),
        (Some(low), None) => say(language, "pay-from", &[("pay", amounts(&whole(Some(low), Some(low))).into())]),
        (None, Some(high)) => say(language, "pay-up-to", &[("pay", amounts(&whole(Some(high), Some(high))).into())]),
        (Some(_), Some(_)) => amounts(stated),
    }
}

/// Points between thousands, a comma before hundredths, the sign behind.
fn german(pay: &Pay) -> String {
    let figures: Vec<String> = match (pay.min, pay.max) {
        (Some(low), Some(high)) if low != high => vec![german_amount(low), german_amount(high)],
        (low, high) => low.or(high).map(german_amount).into_iter().collect(),
    };
    let sign = match pay.currency.as_ref().map_or("", |currency| currency.as_str()) {
        "EUR" => "€",
        "INR" => "₹",
        "USD" => "$",
        "GBP" => "£",
        "PLN" => "zł",
        code => code,
    };
    format!("{} {sign}", figures.join("-")).trim_end().to_owned()
}

fn german_amount(amount: Amount) -> String {
    let (units, parts) = (amount.hundredths() / 100, amount.hundredths() % 100);
    let units = grouped(&units.to_string(), &[3], ".");
    if parts == 0 { units } else { format!("{units},{parts:02}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::pay::Currency;

    fn stated(min: Option<f64>, max: Option<f64>, currency: &str, period: PayPeriod) -> Pay {
        let amount = |units: f64| Amount::from_units(units).unwrap();
        Pay {
            min: min.map(amount),
            max: max.map(amount),
            currency: Currency::parse(currency).ok(),
            period: Some(period),
            raw: "raw".into(),
        }
    }

    #[test]
    fn pay_is_written_as_the_language_writes_it() {
        use PayPeriod::{Hour, Month, Year};
        for (one, english, hindi, german) in [
            (stated(Some(417_345.0), Some(417_345.0), "INR", Year), "₹4,17,345 a year", "₹4,17,345 सालाना", "417.345 ₹ im Jahr"),
            (
                stated(Some(1_800_000.0), Some(2_600_000.0), "INR", Year),
                "₹18-26 lakh a year",
                "₹18-26 लाख सालाना",
                "1.800.000-2.600.000 ₹ im Jahr",
            ),
            (stated(Some(12_000_000.0), None, "INR", Year), "from ₹1.2 crore a year", "₹1.2 करोड़ से सालाना", "ab 12.000.000 ₹ im Jahr"),
            (stated(Some(72_000.0), None, "EUR", Year), "from €72,000 a year", "€72,000 से सालाना", "ab 72.000 € im Jahr"),
            (stated(None, Some(18.5), "GBP", Hour), "up to £18.50 an hour", "£18.50 तक प्रति घंटा", "bis 18,50 £ in der Stunde"),
            (stated(Some(45_000.0), Some(45_000.0), "SEK", Month), "SEK 45,000 a month", "SEK 45,000 प्रति महीना", "45.000 SEK im Monat"),
        ] {
            assert_eq!(pay(Language::English, &one), english);
            assert_eq!((pay(Language::Hindi, &one).as_str(), pay(Language::German, &one).as_str()), (hindi, german));
        }
        let silent = Pay { min: None, max: None, period: None, ..stated(None, None, "EUR", Year) };
        assert_eq!(pay(Language::German, &silent), "raw");
    }
}
