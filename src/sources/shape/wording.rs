//! What platforms' own words mean: where the work is done, what a pay is for, that a pay is not told.

use crate::domain::{PayPeriod, WorkMode};

/// Words by which sites say that they do not tell the pay.
const UNTOLD: [&str; 9] = ["", "-", "0", "not disclosed", "undisclosed", "competitive", "doe", "n/a", "negotiable"];

/// The work mode that a word of a platform's own field says: `on_site`, `Fully remote`, `TELECOMMUTE`.
pub fn work_mode(word: &str) -> Option<WorkMode> {
    let folded: String = word.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase();
    match folded.as_str() {
        "remote" | "fullyremote" | "fully" | "remoteonly" | "telecommute" | "telecommuting" | "workfromhome" | "remotelocal"
        | "remoteglobal" => Some(WorkMode::Remote),
        "hybrid" | "hybridremote" | "partlyremote" | "partiallyremote" => Some(WorkMode::Hybrid),
        "onsite" | "inperson" | "office" | "inoffice" => Some(WorkMode::Onsite),
        _ => None,
    }
}

/// The time that a pay is for: `yearly`, `per-hour-wage`, `1 MONTH`; none for words such as "one-time" or "biweekly", which are none of ours.
pub fn pay_period(word: &str) -> Option<PayPeriod> {
    let word = word.trim().to_lowercase();
    let word = word.strip_prefix("1 ").unwrap_or(&word);
    let other = word.starts_with(|first: char| first.is_ascii_digit());
    if other || ["bi", "semi", "fort", "quarter"].iter().any(|other| word.starts_with(other)) {
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

/// Pay as text, unless the text only says that it is not told.
pub fn told(text: &str) -> Option<String> {
    let text = text.trim();
    (!UNTOLD.contains(&text.to_lowercase().as_str())).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_many_platforms_mean_the_same() {
        let modes = ["on_site", "On-site", "Fully remote", "Hybrid remote", "TELECOMMUTE", "none", "temporary"].map(work_mode);
        let onsite = Some(WorkMode::Onsite);
        assert_eq!(modes, [onsite, onsite, Some(WorkMode::Remote), Some(WorkMode::Hybrid), Some(WorkMode::Remote), None, None]);
        let (year, hour) = (Some(PayPeriod::Year), Some(PayPeriod::Hour));
        assert_eq!(["HOUR", "yearly", "P.A.", "per-hour-wage", "1 YEAR"].map(pay_period), [hour, year, year, hour, year]);
        assert_eq!(["one-time", "biweekly", "bi-month-salary", "2 WEEKS", ""].map(pay_period), [None; 5]);
        assert_eq!([told(" Competitive "), told("50k")], [None, Some("50k".to_owned())]);
    }
}
