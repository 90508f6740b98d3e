//! Dates as platforms write them, as RFC 3339 text. What cannot be read for certain is left out: unknown is better than wrong.

use chrono::{DateTime, NaiveDate, NaiveDateTime, SecondsFormat, Utc};

/// Epoch seconds.
pub fn from_seconds(seconds: i64) -> Option<String> {
    DateTime::from_timestamp(seconds, 0).map(shown)
}

/// Epoch milliseconds.
pub fn from_millis(millis: i64) -> Option<String> {
    DateTime::from_timestamp_millis(millis).map(shown)
}

/// A moment as RFC 3339 in UTC, with the fraction it has.
pub fn shown(moment: DateTime<Utc>) -> String {
    moment.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}

/// A written date: RFC 3339 or a day stay as they are; `YYYY-MM-DD HH:MM:SS` with or without `UTC`, a `T` or a fraction is taken
/// as UTC; RFC 822 (RSS) is turned.
pub fn from_text(text: &str) -> Option<String> {
    let text = text.trim();
    if DateTime::parse_from_rfc3339(text).is_ok() || NaiveDate::parse_from_str(text, "%Y-%m-%d").is_ok() {
        return Some(text.to_owned());
    }
    let plain = text.trim_end_matches("UTC").trim_end();
    for format in ["%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M"] {
        if let Ok(moment) = NaiveDateTime::parse_from_str(plain, format) {
            return Some(shown(moment.and_utc()));
        }
    }
    DateTime::parse_from_rfc2822(text).ok().map(|moment| shown(moment.to_utc()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_all_platforms_become_rfc_3339_or_stay_unknown() {
        for (given, read) in [
            ("2026-04-17T05:58:03-04:00", Some("2026-04-17T05:58:03-04:00")),
            ("2026-04-17", Some("2026-04-17")),
            ("2026-04-17 05:58:03", Some("2026-04-17T05:58:03Z")),
            ("2026-04-17 05:58:03 UTC", Some("2026-04-17T05:58:03Z")),
            ("2026-07-06T00:00:00.0000", Some("2026-07-06T00:00:00Z")),
            ("Fri, 10 Jul 2026 13:52:20 +0000", Some("2026-07-10T13:52:20Z")),
            ("Fri, 10 Jul 2026 13:52:20 EST", Some("2026-07-10T18:52:20Z")),
            ("Posted 8 Days Ago", None),
            ("17/04/2026", None),
            ("", None),
        ] {
            assert_eq!(from_text(given).as_deref(), read, "{given}");
        }
        assert_eq!(from_seconds(1_785_792_634).as_deref(), Some("2026-08-03T21:30:34Z"));
        assert_eq!(from_millis(1_779_223_091_267).as_deref(), Some("2026-05-19T20:38:11.267Z"));
        assert_eq!(from_seconds(i64::MAX), None);
    }
}
