//! A window of time zones in a text: `within 4 hours of CET`, `UTC-3 to UTC+3`.

use std::sync::LazyLock;

use regex::{Captures, Regex};

use crate::domain::Finding;
use crate::extract::fold::Folded;

/// From and to, both included, in minutes ahead of UTC.
pub type Window = (i32, i32);

/// A window this wide or wider leaves nobody out.
const WHOLE_DAY: i32 = 20 * 60;

/// `4 hours of CET`, `+/- 3h from UTC+1`: how far, and around what.
static AROUND: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"(?:within|\+\s*/\s*-|±|max(?:imum)?|no more than|at most|up to)\s*(?:\+\s*/\s*-|±)?\s*(?:a )?(?P<hours>\d{1,2}|two|three|four|five|six)(?:\s*-\s*\d{1,2})?[\s-]*(?:hours?|hrs?|h)(?-u:\b)(?: time[ -]?zones?)?(?: time)?(?: difference)?(?: range)?\s*(?:of|from|to|around|either side of|\+\s*/\s*-)?\s*(?:the )?",
        r"(?P<zone>(?:utc|gmt)(?:\s*[+-]\s*\d{1,2})?|[a-z]{2,4}|central european(?: summer)?|eastern european|western european|european|uk|us eastern|us central|us mountain|us pacific|eastern|central|mountain|pacific|new york|london|berlin|indian?)(?-u:\b)"
    ))
    .expect("a constant pattern")
});
/// `CET +/- 3`, `UTC+1 ± 2 hours`.
static PLUS_MINUS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)(?P<zone>(?:utc|gmt)(?:\s*[+-]\s*\d{1,2})?|[a-z]{2,4})(?: time ?zone| time)?\s*\(?\s*(?:\+\s*/\s*-|±)\s*(?P<hours>\d{1,2})").expect("a constant pattern")
});
/// `UTC-3 to UTC+3`, `GMT+1 - GMT+4`, `between UTC and UTC+3`.
static SPAN: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?-u:\b)(?:utc|gmt)\s*(?P<from>[+-]\s*\d{1,2}(?::?\d\d)?)?\s*(?:to|and|through|until|thru|-|/)\s*(?:(?:utc|gmt)\s*(?P<to>[+-]\s*\d{1,2}(?::?\d\d)?)?|(?P<short>[+-]\s*\d{1,2}))").expect("a constant pattern")
});

/// The first window that a text names.
#[must_use]
pub fn zone_window(text: &Folded<'_>) -> Option<Finding<Window>> {
    let zoned = |found: &Captures<'_>| {
        let centre = offset(found.name("zone")?.as_str())?;
        let hours = hours(found.name("hours")?.as_str())?;
        Some((centre - hours * 60, centre + hours * 60))
    };
    let spanned = |found: &Captures<'_>| {
        let end = |name: &str| found.name(name).map_or(Some(0), |end| minutes(end.as_str()));
        let to = found.name("short").map_or_else(|| end("to"), |end| minutes(end.as_str()))?;
        let from = end("from")?;
        Some((from.min(to), from.max(to)))
    };
    let of = |pattern: &Regex, window: &dyn Fn(&Captures<'_>) -> Option<Window>| {
        pattern.captures_iter(&text.folded).find_map(|found| {
            let all = found.get(0)?;
            let (before, _) = text.around(all.start(), all.start(), 24, 0);
            let (from, to) = window(&found).filter(|(from, to)| to > from && to - from < WHOLE_DAY)?;
            let overlap = before.contains("overlap") || before.contains("prefer");
            (!overlap).then(|| Finding::inferred((from, to), text.quote(all.start(), all.end())))
        })
    };
    of(&SPAN, &spanned).or_else(|| of(&AROUND, &zoned)).or_else(|| of(&PLUS_MINUS, &zoned))
}

fn hours(text: &str) -> Option<i32> {
    let word = ["two", "three", "four", "five", "six"].iter().position(|word| *word == text);
    word.and_then(|at| i32::try_from(at + 2).ok()).or_else(|| text.parse().ok()).filter(|hours| (0..=12).contains(hours))
}

/// `+3`, `- 5`, `+5:30` in minutes.
fn minutes(text: &str) -> Option<i32> {
    let (sign, figure) = (if text.starts_with('-') { -1 } else { 1 }, text[1..].trim());
    let (hours, rest) = figure.split_once(':').unwrap_or((figure, "0"));
    let (hours, rest): (i32, i32) = (hours.parse().ok()?, rest.parse().ok()?);
    (hours <= 14 && rest < 60).then_some(sign * (hours * 60 + rest))
}

/// Minutes ahead of UTC, in standard time, of a zone as postings write it.
fn offset(zone: &str) -> Option<i32> {
    if let Some(rest) = zone.strip_prefix("utc").or_else(|| zone.strip_prefix("gmt")) {
        return if rest.trim().is_empty() { Some(0) } else { minutes(rest.trim()) };
    }
    let hours = match zone {
        "cet" | "cest" | "central european" | "central european summer" | "european" | "berlin" => 1,
        "gmt" | "bst" | "wet" | "uk" | "london" | "western european" => 0,
        "eet" | "eest" | "eastern european" | "sast" | "ist israel" => 2,
        "msk" | "eat" | "trt" => 3,
        "gst" => 4,
        "ist" | "india" | "indian" => return Some(330),
        "sgt" | "pht" | "hkt" | "awst" => 8,
        "jst" | "kst" => 9,
        "aest" | "aedt" => 10,
        "nzst" | "nzdt" => 12,
        "est" | "edt" | "et" | "eastern" | "us eastern" | "new york" => -5,
        "cst" | "cdt" | "ct" | "central" | "us central" => -6,
        "mst" | "mdt" | "mt" | "mountain" | "us mountain" => -7,
        "pst" | "pdt" | "pt" | "pacific" | "us pacific" => -8,
        "brt" | "art" => -3,
        _ => return None,
    };
    Some(hours * 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window(text: &str) -> Option<Window> {
        zone_window(&Folded::new(text)).map(|found| (found.value.0 / 60, found.value.1 / 60))
    }

    #[test]
    fn a_window_is_hours_around_a_zone_or_a_span_of_offsets() {
        for (text, due) in [
            ("within 4 hours of CET", (-3, 5)),
            ("Remote is fine, within 3 hours of Pacific Time.", (-11, -5)),
            ("CET +/- 3 hours", (-2, 4)),
            ("Timezone: UTC-3 to UTC+3", (-3, 3)),
            ("UTC–3 to UTC–10", (-10, -3)),
            ("GMT+1 - GMT+4", (1, 4)),
            ("(UTC-8 to -5)", (-8, -5)),
            ("you are ±2h from UTC+1", (-1, 3)),
            ("a time zone between UTC and UTC+3", (0, 3)),
        ] {
            assert_eq!(window(text), Some(due), "{text}");
        }
    }

    #[test]
    fn an_overlap_of_hours_is_no_window() {
        for text in [
            "overlap within 4 hours of EST",
            "within 2 hours of the incident",
            "a reply within 24 hours of it",
            "UTC to UTC",
            "9am to 5pm UTC",
        ] {
            assert_eq!(window(text), None, "{text}");
        }
    }
}
