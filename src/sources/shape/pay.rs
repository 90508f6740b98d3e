//! Pay in fields of its own: amounts however they are written, and `baseSalary` of a schema.org JobPosting, which is an object in an
//! object, an object, a number or a text.

use serde_json::Value;

use crate::domain::PayPeriod;
use crate::domain::posting::StructuredPay;
use crate::sources::shape::fields::{at, list, text};
use crate::sources::shape::wording::{pay_period, told};

/// A platform's structured pay, where it says any sum.
pub fn range(min: Option<f64>, max: Option<f64>, currency: Option<String>, period: Option<PayPeriod>) -> Option<StructuredPay> {
    (min.is_some() || max.is_some()).then_some(StructuredPay { min, max, currency, period, estimated: false })
}

/// An amount above zero: a number, or a text that is one with its thousands parted by commas, blanks or (in threes) by points; none for
/// 0 and for words, by which boards mean "unknown".
pub fn amount(value: &Value) -> Option<f64> {
    let text = text(value)?;
    let bare: String = text.chars().filter(|letter| !matches!(letter, ',' | ' ' | '\u{a0}' | '\u{202f}' | '$' | '€' | '£' | '₹')).collect();
    let parts: Vec<&str> = bare.split('.').collect();
    let in_threes = value.is_string() && parts.len() > 1 && parts[1..].iter().all(|part| part.len() == 3);
    let thousands = in_threes && !parts[0].is_empty() && parts[0] != "0";
    let number: f64 = if thousands { parts.concat().parse() } else { bare.parse() }.ok()?;
    (number.is_finite() && number > 0.0).then_some(number)
}

/// The pay of a `baseSalary` in its own fields, and what is written as text.
pub fn base_salary(value: &Value) -> (Option<StructuredPay>, Option<String>) {
    let Some(base) = list(value).first() else { return (None, None) };
    let inner = list(&base["value"]).first().unwrap_or(&Value::Null);
    let number = |keys: [&str; 3]| keys.iter().find_map(|key| amount(&inner[*key]).or_else(|| amount(&base[*key])));
    let point = amount(inner).or_else(|| amount(&inner["value"])).or_else(|| amount(base));
    let (min, max) = (number(["minValue", "minimum", "min"]), number(["maxValue", "maximum", "max"]));
    let (min, max) = if min.is_none() && max.is_none() { (point, point) } else { (min, max) };
    let unit = at(inner, &["/unitText", "/unitCode"]).or_else(|| at(base, &["/unitText", "/unitCode", "/duration"]));
    let currency = at(base, &["/currency"]).or_else(|| at(inner, &["/currency"]));
    let salary = range(min, max, currency, unit.as_deref().and_then(pay_period));
    let words = [base, inner, &inner["value"]].into_iter().find_map(Value::as_str).and_then(told);
    (salary, words.filter(|words| words.parse::<f64>().is_err()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn base_salary_is_read_in_all_its_forms() {
        let of = |value: &Value| {
            let (pay, words) = base_salary(value);
            (pay.map(|pay| (pay.min, pay.max, pay.currency, pay.period)), words)
        };
        let usd = Some("USD".to_owned());
        let year = Some(PayPeriod::Year);
        for (given, salary, words) in [
            (
                json!({"currency":"USD","value":{"minValue":140_000,"maxValue":"240,000.00","unitText":"YEAR"}}),
                Some((Some(140_000.0), Some(240_000.0), usd.clone(), year)),
                None,
            ),
            (
                json!({"currency":"USD","value":{"value":25,"unitText":"HOUR"}}),
                Some((Some(25.0), Some(25.0), usd, Some(PayPeriod::Hour))),
                None,
            ),
            (json!({"currency":"INR","value":{"value":"Not disclosed","unitText":"P.A."}}), None, None),
            (json!([{"minValue":"60.000","unitText":"per annum"}]), Some((Some(60_000.0), None, None, year)), None),
            (json!({"value":{"value":"50k to 60k"}}), None, Some("50k to 60k")),
            (json!("£40,000"), Some((Some(40_000.0), Some(40_000.0), None, None)), Some("£40,000")),
            (json!({"value":{"minValue":0,"maxValue":"0"}}), None, None),
            (json!("Competitive"), None, None),
            (json!(null), None, None),
        ] {
            assert_eq!(of(&given), (salary, words.map(str::to_owned)), "{given}");
        }
    }

    #[test]
    fn amounts_are_above_zero_and_nothing_else() {
        assert_eq!([amount(&json!("1,200.50")), amount(&json!("100000.0")), amount(&json!(5))], [Some(1200.5), Some(100_000.0), Some(5.0)]);
        assert_eq!([amount(&json!("0.500")), amount(&json!(60.125))], [Some(0.5), Some(60.125)]);
        assert_eq!([json!(0), json!("n/a"), json!(-1), json!(true), json!(null), json!([1])].map(|value| amount(&value)), [None; 6]);
    }
}
