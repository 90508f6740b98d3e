//! `baseSalary` of a schema.org JobPosting: an object in an object, an object, a number or a text.

use serde_json::Value;

use crate::domain::PayPeriod;
use crate::domain::posting::StructuredPay;
use crate::sources::shape::fields::{at, list, scalar};

/// Words by which sites say that they do not tell the pay.
const UNTOLD: [&str; 9] = ["", "-", "0", "not disclosed", "undisclosed", "competitive", "doe", "n/a", "negotiable"];

/// The pay in its own fields, and what is written as text.
pub fn pay(value: &Value) -> (Option<StructuredPay>, Option<String>) {
    let Some(base) = list(value).first() else { return (None, None) };
    let inner = list(&base["value"]).first().unwrap_or(&Value::Null);
    let number = |keys: [&str; 3]| keys.iter().find_map(|key| amount(&inner[*key]).or_else(|| amount(&base[*key])));
    let point = amount(inner).or_else(|| amount(&inner["value"])).or_else(|| amount(base));
    let (min, max) = (number(["minValue", "minimum", "min"]), number(["maxValue", "maximum", "max"]));
    let (min, max) = if min.is_none() && max.is_none() { (point, point) } else { (min, max) };
    let unit = at(inner, &["/unitText", "/unitCode"]).or_else(|| at(base, &["/unitText", "/unitCode", "/duration"]));
    let currency = at(base, &["/currency"]).or_else(|| at(inner, &["/currency"]));
    let period = unit.as_deref().and_then(period);
    let salary = (min.is_some() || max.is_some()).then_some(StructuredPay { min, max, currency, period });
    let words = [base, inner, &inner["value"]].into_iter().find_map(Value::as_str).and_then(told);
    (salary, words.filter(|words| words.parse::<f64>().is_err()))
}

/// Pay as text, unless the text only says that it is not told.
pub fn told(text: &str) -> Option<String> {
    let text = text.trim();
    (!UNTOLD.contains(&text.to_lowercase().as_str())).then(|| text.to_owned())
}

/// The period that a platform's word stands for; none for words such as "one-time" or "biweekly", which are none of ours.
pub fn period(word: &str) -> Option<PayPeriod> {
    let word = word.trim().to_lowercase();
    if ["bi", "semi", "fort", "quarter"].iter().any(|other| word.starts_with(other)) {
        return None;
    }
    let has = |parts: &[&str]| parts.iter().any(|part| word.contains(part));
    match () {
        () if has(&["year", "annual", "annum", "p.a", "yr"]) || word == "ann" => Some(PayPeriod::Year),
        () if has(&["month"]) || word == "mon" => Some(PayPeriod::Month),
        () if has(&["week"]) || word == "wee" => Some(PayPeriod::Week),
        () if has(&["hour", "hr", "hur"]) => Some(PayPeriod::Hour),
        () if has(&["day", "daily", "diem"]) => Some(PayPeriod::Day),
        () => None,
    }
}

/// An amount above zero: a number, or a text that is one with its thousands parted by commas, blanks or (in threes) by points.
pub fn amount(value: &Value) -> Option<f64> {
    let text = scalar(value)?;
    let bare: String = text.chars().filter(|letter| !matches!(letter, ',' | ' ' | '\u{a0}' | '\u{202f}' | '$' | '€' | '£' | '₹')).collect();
    let parts: Vec<&str> = bare.split('.').collect();
    let in_threes = value.is_string() && parts.len() > 1 && parts[1..].iter().all(|part| part.len() == 3) && !parts[0].is_empty();
    let number: f64 = if in_threes { parts.concat().parse() } else { bare.parse() }.ok()?;
    (number.is_finite() && number > 0.0).then_some(number)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn base_salary_is_read_in_all_its_forms() {
        let of = |value: &Value| {
            let (pay, words) = pay(value);
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
        assert_eq!([period("biweekly"), period("ONE_TIME"), period("Hourly")], [None, None, Some(PayPeriod::Hour)]);
    }
}
