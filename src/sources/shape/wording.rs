//! The words that platforms share: where the work is done, what a pay is for, how a place and a text in parts are put together.

use crate::domain::posting::StructuredPay;
use crate::domain::{PayPeriod, WorkMode};
use crate::sources::shape::text::{escape, join};

/// The most places of one job: one in more is advertised everywhere.
const MOST_PLACES: usize = 100;

/// The work mode that a word of a platform's own field says: `on_site`, `Fully remote`, `TELECOMMUTE`.
pub fn work_mode(word: &str) -> Option<WorkMode> {
    let folded: String = word.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase();
    match folded.as_str() {
        "remote" | "fullyremote" | "fully" | "remoteonly" | "telecommute" | "telecommuting" | "workfromhome" => Some(WorkMode::Remote),
        "hybrid" | "hybridremote" | "partlyremote" | "partiallyremote" => Some(WorkMode::Hybrid),
        "onsite" | "inperson" | "office" | "inoffice" => Some(WorkMode::Onsite),
        _ => None,
    }
}

/// The time that a pay is for.
pub fn pay_period(word: &str) -> Option<PayPeriod> {
    match word.trim().to_lowercase().as_str() {
        "year" | "yearly" | "annual" | "annually" | "annum" | "per_year" | "yr" => Some(PayPeriod::Year),
        "month" | "monthly" | "per_month" => Some(PayPeriod::Month),
        "week" | "weekly" | "per_week" => Some(PayPeriod::Week),
        "day" | "daily" | "per_day" => Some(PayPeriod::Day),
        "hour" | "hourly" | "per_hour" | "hr" => Some(PayPeriod::Hour),
        _ => None,
    }
}

/// A platform's structured pay, where it says any sum.
pub fn pay(min: Option<f64>, max: Option<f64>, currency: Option<String>, period: Option<PayPeriod>) -> Option<StructuredPay> {
    (min.is_some() || max.is_some()).then_some(StructuredPay { min, max, currency, period })
}

/// City, state and country as one place, repeats left out: "Tel Aviv, Israel".
pub fn place(parts: impl IntoIterator<Item = Option<String>>) -> Option<String> {
    let mut kept: Vec<String> = Vec::new();
    for part in parts.into_iter().flatten() {
        let part = part.trim();
        if !part.is_empty() && !kept.iter().any(|known| known == part) {
            kept.push(part.to_owned());
        }
    }
    (!kept.is_empty()).then(|| kept.join(", "))
}

/// Adds the places of a further row to those of the same job.
pub fn add_places(known: &mut Option<String>, more: Option<&str>) {
    let places = |text: &str| text.split("; ").map(str::to_owned).collect::<Vec<_>>();
    let had = known.as_deref().map(places).unwrap_or_default();
    if had.len() < MOST_PLACES {
        *known = join(had.into_iter().chain(more.map(places).unwrap_or_default()).take(MOST_PLACES));
    }
}

/// A text in parts, each under its heading; parts that show nothing are left out with their heading.
pub fn sections(parts: impl IntoIterator<Item = (Option<String>, Option<String>)>) -> Option<String> {
    let mut shown = Vec::new();
    for (heading, html) in parts {
        let Some(html) = html.filter(|html| shows_something(html)) else { continue };
        let heading = heading.filter(|heading| !heading.trim().is_empty());
        let heading = heading.map(|heading| format!("<h3>{}</h3>", escape(heading.trim()))).unwrap_or_default();
        shown.push(heading + html.trim());
    }
    (!shown.is_empty()).then(|| shown.join("\n"))
}

/// Whether HTML has anything but tags and blanks.
fn shows_something(html: &str) -> bool {
    let mut in_tag = false;
    let shown = html.replace("&nbsp;", " ").replace("&#160;", " ");
    shown.chars().any(|c| {
        match c {
            '<' => in_tag = true,
            '>' if in_tag => {
                in_tag = false;
                return false;
            }
            _ => {}
        }
        !in_tag && !c.is_whitespace()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_many_platforms_mean_the_same() {
        let modes = ["on_site", "On-site", "Fully remote", "Hybrid remote", "TELECOMMUTE", "none", "temporary"].map(work_mode);
        let onsite = Some(WorkMode::Onsite);
        assert_eq!(modes, [onsite, onsite, Some(WorkMode::Remote), Some(WorkMode::Hybrid), Some(WorkMode::Remote), None, None]);
        assert_eq!(["HOUR", "yearly", "one-time", "P.A."].map(pay_period), [Some(PayPeriod::Hour), Some(PayPeriod::Year), None, None]);
    }

    #[test]
    fn parts_that_show_nothing_bring_no_heading() {
        let part = |heading: &str, html: &str| (Some(heading.to_owned()), Some(html.to_owned()));
        let text = sections([part("Tasks", "<p>Rust &lt;3</p>"), part("Pay", "<p><br></p><p>&nbsp;</p>"), part("", " plain ")]);
        assert_eq!(text.as_deref(), Some("<h3>Tasks</h3><p>Rust &lt;3</p>\nplain"));
        assert_eq!(sections([(None, None), part("A", "")]), None);
        assert_eq!(place(["Tel Aviv", " Tel Aviv", "", "Israel"].map(|part| Some(part.to_owned()))).as_deref(), Some("Tel Aviv, Israel"));
    }
}
