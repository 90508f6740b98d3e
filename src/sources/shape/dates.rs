//! Dates as platforms write them, as RFC 3339 text. What cannot be read for certain is left out: unknown is better than wrong.
//!
//! A date in words (RFC 822, `toUTCString`, `July 10, 2026`) is taken apart by what its words are, not by their order. A zone that
//! several countries share (`IST`) is no zone: then the day alone is kept. `07/08/2026` is two days, so only a kind that knows its
//! publisher's order asks for [`from_day_first`].

use chrono::{DateTime, Datelike as _, NaiveDate, NaiveTime, SecondsFormat, TimeDelta, Utc};

/// Years that a posting can be of; others are what machines write for "never" (0001, 1970).
const YEARS: std::ops::RangeInclusive<i32> = 1990..=2199;

const MONTHS: [&str; 12] =
    ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"];

/// Zone names that mean one thing, and their minutes east of Greenwich.
const ZONES: [(&str, i64); 26] = [
    ("z", 0),
    ("ut", 0),
    ("utc", 0),
    ("gmt", 0),
    ("wet", 0),
    ("west", 60),
    ("cet", 60),
    ("cest", 120),
    ("mez", 60),
    ("mesz", 120),
    ("eet", 120),
    ("eest", 180),
    ("msk", 180),
    ("est", -300),
    ("edt", -240),
    ("cst", -360),
    ("cdt", -300),
    ("mst", -420),
    ("mdt", -360),
    ("pst", -480),
    ("pdt", -420),
    ("jst", 540),
    ("sgt", 480),
    ("aest", 600),
    ("aedt", 660),
    ("nzst", 720),
];

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

/// A written date in any form that can mean one day only. RFC 3339 and a day stay as they are; a time without a zone is UTC.
pub fn from_text(text: &str) -> Option<String> {
    let text = text.trim();
    if let Ok(moment) = DateTime::parse_from_rfc3339(text) {
        return YEARS.contains(&moment.year()).then(|| text.to_owned());
    }
    epoch(text).or_else(|| said(text, Order::YearFirst)).or_else(|| said(text, Order::Words))
}

/// The same for publishers that write the day before the month: `10/07/2026`, `10-7-2026 14:30`.
pub fn from_day_first(text: &str) -> Option<String> {
    said(text.trim(), Order::DayFirst).or_else(|| from_text(text))
}

/// Seconds or milliseconds, told apart by their length.
fn epoch(text: &str) -> Option<String> {
    let number = text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse().ok())??;
    match text.len() {
        10 => from_seconds(number),
        13 => from_millis(number),
        _ => None,
    }
}

/// How a date is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Order {
    YearFirst,
    DayFirst,
    Words,
}

/// A date, then a time and a zone where they are given; a comment in brackets is left out.
fn said(text: &str, order: Order) -> Option<String> {
    let text = text.split('(').next().unwrap_or_default().trim();
    let (day, rest) = match order {
        Order::Words => in_words(text)?,
        _ => in_numbers(text, order)?,
    };
    if !YEARS.contains(&day.year()) {
        return None;
    }
    let moment = match clock(&rest)? {
        Some((time, Some(east))) => Some(day.and_time(time).checked_sub_signed(TimeDelta::minutes(east))?.and_utc()),
        _ => None,
    };
    Some(moment.map_or_else(|| day.to_string(), shown))
}

/// `2026/7/9 …`, `20260709T…`; with the day first also `09.07.2026 …`.
fn in_numbers(text: &str, order: Order) -> Option<(NaiveDate, String)> {
    let end = text.find(|c: char| !c.is_ascii_digit() && !matches!(c, '-' | '/' | '.')).unwrap_or(text.len());
    let (date, rest) = text.split_at(end);
    let rest = rest.trim_start_matches([',', 'T', 't']).to_owned();
    let parts: Vec<&str> = date.split(['-', '/', '.']).collect();
    let dotted = date.contains('.') && parts.last()?.len() == 4;
    let (year, month, day) = match parts[..] {
        [whole] if whole.len() == 8 && order == Order::YearFirst => (&whole[..4], &whole[4..6], &whole[6..]),
        [year, month, day] if year.len() == 4 && order == Order::YearFirst => (year, month, day),
        // Nobody who writes dots puts the month first.
        [day, month, year] if year.len() == 4 && (order == Order::DayFirst || dotted) => (year, month, day),
        _ => return None,
    };
    Some((NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)?, rest))
}

/// `Fri, 10 Jul 2026 …`, `Jul 10 … 2026`, `10-Jul-26`: a month by name, a day, a year; everything else is time and zone.
fn in_words(text: &str) -> Option<(NaiveDate, String)> {
    let (mut day, mut month, mut year, mut rest) = (None, None, None, Vec::new());
    for word in text.split(|c: char| c.is_whitespace() || c == ',').filter(|word| !word.is_empty()) {
        let parts: Vec<&str> = word.split('-').collect();
        let pieces = if parts.len() == 3 && named_month(parts[1]).is_some() { parts } else { vec![word] };
        for piece in pieces {
            let digits = piece.trim_end_matches(['.', 's', 't', 'n', 'd', 'r', 'h']);
            let number: Option<u32> = digits.parse().ok().filter(|_| digits.starts_with(|c: char| c.is_ascii_digit()));
            match (number, named_month(piece)) {
                (None, Some(name)) if month.is_none() => month = Some(name),
                (Some(number), _) if day.is_none() && piece.len() <= 4 && number <= 31 => day = Some(number),
                (Some(number), _) if year.is_none() && matches!(piece.len(), 2 | 4) => year = Some((number, piece.len())),
                (None, None) if is_weekday(piece) || piece.eq_ignore_ascii_case("at") => {}
                _ => rest.push(piece),
            }
        }
    }
    let year = match year? {
        (short, 2) => 2000 + short,
        (year, _) => year,
    };
    Some((NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month?, day?)?, rest.join(" ")))
}

fn named_month(word: &str) -> Option<u32> {
    let word = word.trim_end_matches('.').to_ascii_lowercase();
    let at = MONTHS.iter().position(|month| word.len() >= 3 && month.starts_with(&word))?;
    u32::try_from(at + 1).ok()
}

fn is_weekday(word: &str) -> bool {
    let start = word.get(..3).map(str::to_ascii_lowercase);
    start.is_some_and(|start| ["mon", "tue", "wed", "thu", "fri", "sat", "sun"].contains(&start.as_str()))
}

/// A time and its minutes east of Greenwich, as far as they are said: no time is fine, one that cannot be read is not.
#[expect(clippy::option_option, reason = "no time and a wrong time are two things")]
fn clock(text: &str) -> Option<Option<(NaiveTime, Option<i64>)>> {
    let text = text.trim();
    if !text.contains(':') {
        // Compact times: 183000Z.
        let digits = text.get(..6).filter(|digits| digits.bytes().all(|b| b.is_ascii_digit()));
        let Some(digits) = digits else { return Some(None) };
        let time = NaiveTime::parse_from_str(digits, "%H%M%S").ok()?;
        return Some(Some((time, zone(&text[6..]))));
    }
    let end = text.find(|c: char| !c.is_ascii_digit() && !matches!(c, ':' | '.')).unwrap_or(text.len());
    let (time, mut rest) = (&text[..end], text[end..].trim());
    let mut parts = time.split(':');
    let (mut hour, minute): (u32, u32) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    let seconds = parts.next().unwrap_or("0");
    let (second, fraction) = seconds.split_once('.').unwrap_or((seconds, ""));
    let nanos = format!("{fraction:0<9.9}").parse().ok()?;
    for (half, add) in [("am", 0), ("pm", 12)] {
        if let Some(after) = rest.get(..2).filter(|word| word.eq_ignore_ascii_case(half)).map(|_| rest[2..].trim()) {
            (hour, rest) = (hour % 12 + add, after);
        }
    }
    Some(Some((NaiveTime::from_hms_nano_opt(hour, minute, second.parse::<u32>().ok()?.min(59), nanos)?, zone(rest))))
}

/// Minutes east of Greenwich of `+0200`, `+02:00`, `GMT+2`, `PST`; nothing said is UTC, a name that says nothing is none.
fn zone(text: &str) -> Option<i64> {
    let folded = text.trim().to_ascii_lowercase();
    let named = |name: &str| ZONES.iter().find(|(zone, _)| *zone == name).map(|(_, east)| *east);
    let Some(sign) = folded.find(['+', '-']) else {
        return if folded.is_empty() { Some(0) } else { named(folded.split_whitespace().next()?) };
    };
    let (name, offset) = folded.split_at(sign);
    let digits: String = offset.chars().take_while(|c| !c.is_whitespace()).filter(char::is_ascii_digit).collect();
    let (hours, minutes): (i64, i64) = match digits.len() {
        1 | 2 => (digits.parse().ok()?, 0),
        4 => (digits[..2].parse().ok()?, digits[2..].parse().ok()?),
        _ => return None,
    };
    let known = name.trim().is_empty() || named(name.trim()) == Some(0);
    let east = hours * 60 + minutes;
    known.then_some(if offset.starts_with('-') { -east } else { east })
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
            ("2026-04-17 05:58:03 +0200", Some("2026-04-17T03:58:03Z")),
            ("2026-04-17T05:58", Some("2026-04-17T05:58:00Z")),
            ("2026-07-06T00:00:00.0000", Some("2026-07-06T00:00:00Z")),
            ("2026-07-06T10:20:30.1234567", Some("2026-07-06T10:20:30.123456700Z")),
            ("2026-07-06T10:20:30.1234567+0530", Some("2026-07-06T04:50:30.123456700Z")),
            ("20260710T183000Z", Some("2026-07-10T18:30:00Z")),
            ("20260710", Some("2026-07-10")),
            ("2026/07/10", Some("2026-07-10")),
            ("2026/7/9 18:30:05", Some("2026-07-09T18:30:05Z")),
            ("2026-07-10 09:00:00.0 PST", Some("2026-07-10T17:00:00Z")),
            ("10.07.2026", Some("2026-07-10")),
            ("1785792634", Some("2026-08-03T21:30:34Z")),
            ("1779223091267", Some("2026-05-19T20:38:11.267Z")),
            ("17/04/2026", None),
            ("2026-13-01", None),
            ("2026-07-10 25:00:00", None),
            ("0001-01-01T00:00:00Z", None),
            ("Posted 8 Days Ago", None),
            ("may 1", None),
            ("", None),
        ] {
            assert_eq!(from_text(given).as_deref(), read, "{given}");
        }
        assert_eq!(from_seconds(1_785_792_634).as_deref(), Some("2026-08-03T21:30:34Z"));
        assert_eq!(from_millis(1_779_223_091_267).as_deref(), Some("2026-05-19T20:38:11.267Z"));
        assert_eq!(from_seconds(i64::MAX), None);
    }

    #[test]
    fn dates_in_words_are_read_by_what_the_words_are() {
        for (given, read) in [
            ("Fri, 10 Jul 2026 13:52:20 +0000", Some("2026-07-10T13:52:20Z")),
            ("Fri, 10 Jul 2026 13:52:20 EST", Some("2026-07-10T18:52:20Z")),
            ("Fri, 10 Jul 2026 22:49:39 GMT", Some("2026-07-10T22:49:39Z")),
            ("Fri, 10 Jul 2026 13:52 CEST", Some("2026-07-10T11:52:00Z")),
            ("10 Jul 26 13:52 +0530", Some("2026-07-10T08:22:00Z")),
            ("Fri, 10 Jul 2026 23:59:60 GMT", Some("2026-07-10T23:59:59Z")),
            ("Fri, 10 Jul 2026 13:52:20 IST", Some("2026-07-10")),
            ("Fri Jul 10 2026 09:00:00 GMT+0200 (Central European Summer Time)", Some("2026-07-10T07:00:00Z")),
            ("Fri Jul 10 09:00:00 2026", Some("2026-07-10T09:00:00Z")),
            ("July 10, 2026", Some("2026-07-10")),
            ("10th July 2026 at 9:05 PM", Some("2026-07-10T21:05:00Z")),
            ("10-Jul-2026 12:30 AM", Some("2026-07-10T00:30:00Z")),
            ("Augsburg 10 2026", None),
            ("32 Jul 2026", None),
        ] {
            assert_eq!(from_text(given).as_deref(), read, "{given}");
        }
    }

    #[test]
    fn the_day_comes_first_only_where_a_kind_says_so() {
        for (given, read) in [
            ("07/08/2026", Some("2026-08-07")),
            ("7-8-2026 14:30", Some("2026-08-07T14:30:00Z")),
            ("31/12/2026 23:00:00 CET", Some("2026-12-31T22:00:00Z")),
            ("2026-08-07", Some("2026-08-07")),
            ("12/31/2026", None),
        ] {
            assert_eq!(from_day_first(given).as_deref(), read, "{given}");
        }
        assert_eq!(from_text("07/08/2026"), None);
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "\\PC{0,40}", words in "[A-Za-z0-9:/+. -]{0,40}") {
            let _ = (from_text(&text), from_day_first(&words), from_text(&words));
        }
    }
}
