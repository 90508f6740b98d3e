//! Dates as platforms write them; unknown is better than wrong.

use chrono::{DateTime, Duration, NaiveDate, NaiveDateTime, NaiveTime, Utc};

/// No job board is older than this year; earlier dates are zero values and slips.
const FIRST_YEAR: i32 = 2000;
/// How far ahead of us a platform's clock and time zone may be.
const AHEAD: Duration = Duration::days(2);
/// The longest time a posting is believed to stay open.
const OPEN_AT_MOST: Duration = Duration::days(3 * 365);

/// When a posting was put up; none for what cannot be read or cannot be true.
#[must_use]
pub fn posted_at(text: &str, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    moment(text, NaiveTime::MIN).filter(|at| plausible(*at, now + AHEAD))
}

/// When a posting ends; a bare date means the end of that day.
#[must_use]
pub fn valid_through(text: &str, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let end_of_day = NaiveTime::from_hms_opt(23, 59, 59)?;
    moment(text, end_of_day).filter(|at| plausible(*at, now + OPEN_AT_MOST))
}

fn plausible(at: DateTime<Utc>, latest: DateTime<Utc>) -> bool {
    use chrono::Datelike as _;
    at.year() >= FIRST_YEAR && at <= latest
}

/// RFC 3339, RFC 2822, `YYYY-MM-DD HH:MM:SS` with or without `UTC`, a bare date, seconds or milliseconds since 1970.
fn moment(text: &str, time_of_bare_date: NaiveTime) -> Option<DateTime<Utc>> {
    let text = text.trim();
    if let Ok(at) = DateTime::parse_from_rfc3339(text).or_else(|_| DateTime::parse_from_rfc2822(text)) {
        return Some(at.to_utc());
    }
    for format in ["%Y-%m-%d %H:%M:%S %z", "%Y-%m-%dT%H:%M:%S%.f%z"] {
        if let Ok(at) = DateTime::parse_from_str(text, format) {
            return Some(at.to_utc());
        }
    }
    let plain = text.strip_suffix("UTC").unwrap_or(text).trim_end();
    for format in ["%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"] {
        if let Ok(at) = NaiveDateTime::parse_from_str(plain, format) {
            return Some(at.and_utc());
        }
    }
    if let Ok(day) = NaiveDate::parse_from_str(plain, "%Y-%m-%d") {
        return Some(day.and_time(time_of_bare_date).and_utc());
    }
    epoch(plain)
}

/// Ten digits are seconds, thirteen are milliseconds.
fn epoch(text: &str) -> Option<DateTime<Utc>> {
    let number = text.parse::<i64>().ok().filter(|_| text.bytes().all(|byte| byte.is_ascii_digit()))?;
    match text.len() {
        10 => DateTime::from_timestamp(number, 0),
        13 => DateTime::from_timestamp_millis(number),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        DateTime::parse_from_rfc3339(text).unwrap().to_utc()
    }

    #[test]
    fn platforms_write_one_moment_in_many_ways() {
        let now = at("2026-03-01T00:00:00Z");
        for text in [
            "2026-02-03T10:20:30Z",
            "2026-02-03T15:50:30+05:30",
            "2026-02-03T10:20:30.0000000Z",
            "2026-02-03 10:20:30",
            "2026-02-03 10:20:30 UTC",
            "2026-02-03T10:20:30",
            "Tue, 03 Feb 2026 10:20:30 GMT",
            "Tue, 3 Feb 2026 10:20:30 +0000",
            "1770114030",
            "1770114030000",
        ] {
            assert_eq!(posted_at(text, now), Some(at("2026-02-03T10:20:30Z")), "{text}");
        }
        assert_eq!(posted_at("2026-02-03", now), Some(at("2026-02-03T00:00:00Z")));
        assert_eq!(valid_through("2026-04-03", now), Some(at("2026-04-03T23:59:59Z")));
    }

    #[test]
    fn an_absurd_or_unreadable_date_is_none() {
        let now = at("2026-03-01T00:00:00Z");
        for text in [
            "",
            "yesterday",
            "0001-01-01",
            "1970-01-01T00:00:00Z",
            "2026-03-04T00:00:00Z",
            "2026-13-45",
            "99999999999999999999",
            "03/02/2026",
        ] {
            assert_eq!(posted_at(text, now), None, "{text}");
        }
        assert!(posted_at("2026-03-02T12:00:00Z", now).is_some());
        assert_eq!(valid_through("9999-12-31", now), None);
    }
}
