//! When a subscription is due: at once, or by the clock on the subscriber's wall.

use std::str::FromStr as _;

use chrono::{DateTime, Datelike as _, Duration, LocalResult, NaiveDateTime, NaiveTime, TimeZone as _, Utc, Weekday};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

/// When alerts are due, in the subscriber's IANA zone.
#[derive(Debug, Clone, PartialEq)]
pub struct Cadence {
    rhythm: Rhythm,
    zone: Tz,
}

/// The rhythm of a cadence.
#[derive(Debug, Clone, PartialEq)]
pub enum Rhythm {
    /// As soon as something fits (hits within the grouping time go into one mail).
    Instant,
    /// On these days of the week at this time; all seven where `days` is empty.
    Daily {
        /// Wall-clock time.
        at: NaiveTime,
        /// Days of the week.
        days: Vec<Weekday>,
    },
    /// Once a week.
    Weekly {
        /// Wall-clock time.
        at: NaiveTime,
        /// The day.
        day: Weekday,
    },
    /// A five-field cron expression on the wall clock.
    Cron(CronExpression),
}

impl Cadence {
    /// A rhythm in a zone.
    #[must_use]
    pub const fn new(rhythm: Rhythm, zone: Tz) -> Self {
        Self { rhythm, zone }
    }

    /// The rhythm.
    #[must_use]
    pub const fn rhythm(&self) -> &Rhythm {
        &self.rhythm
    }

    /// The subscriber's zone.
    #[must_use]
    pub const fn zone(&self) -> Tz {
        self.zone
    }

    /// Whether it is instant.
    #[must_use]
    pub const fn is_instant(&self) -> bool {
        matches!(self.rhythm, Rhythm::Instant)
    }

    /// The next moment after `after`; none for instant, and for a cron that never comes (30 February).
    #[must_use]
    pub fn next_due(&self, after: DateTime<Utc>) -> Option<DateTime<Utc>> {
        match &self.rhythm {
            Rhythm::Instant => None,
            Rhythm::Daily { at, days } => next_by_date(after, self.zone, *at, days),
            Rhythm::Weekly { at, day } => next_by_date(after, self.zone, *at, &[*day]),
            Rhythm::Cron(expression) => expression.next_after(after, self.zone),
        }
    }

    /// The cadence in everyday words: `daily at 08:00 (Asia/Kolkata)`.
    #[must_use]
    pub fn described(&self) -> String {
        let zone = self.zone.name();
        match &self.rhythm {
            Rhythm::Instant => "as soon as a job appears".to_owned(),
            Rhythm::Daily { at, days } if days.is_empty() || days.len() == 7 => format!("daily at {} ({zone})", at.format("%H:%M")),
            Rhythm::Daily { at, days } => {
                let names: Vec<String> = days.iter().map(ToString::to_string).collect();
                format!("{} at {} ({zone})", names.join(", "), at.format("%H:%M"))
            }
            Rhythm::Weekly { at, day } => format!("every {day} at {} ({zone})", at.format("%H:%M")),
            Rhythm::Cron(expression) => format!("by the schedule {} ({zone})", expression.as_str()),
        }
    }
}

/// The first date from today on whose wall time lies after `after`.
fn next_by_date(after: DateTime<Utc>, zone: Tz, at: NaiveTime, days: &[Weekday]) -> Option<DateTime<Utc>> {
    const LONGEST_WAIT_DAYS: u64 = 16;
    let today = after.with_timezone(&zone).date_naive();
    let first = today.pred_opt()?;
    (0..=LONGEST_WAIT_DAYS)
        .filter_map(|ahead| first.checked_add_days(chrono::Days::new(ahead)))
        .filter(|date| days.is_empty() || days.contains(&date.weekday()))
        .filter_map(|date| instant_of(zone, date.and_time(at)))
        .find(|due| *due > after)
}

/// Maps wall-clock time to an instant: the first pass of a doubled hour; the end of a skipped hour, or the minute before it when
/// the skip runs into the next date; none on a date that the zone skipped whole.
fn instant_of(zone: Tz, wall: NaiveDateTime) -> Option<DateTime<Utc>> {
    const LONGEST_GAP_MINUTES: i64 = 26 * 60;
    match zone.from_local_datetime(&wall) {
        LocalResult::Single(instant) | LocalResult::Ambiguous(instant, _) => Some(instant.with_timezone(&Utc)),
        LocalResult::None => {
            let exists = |minutes: i64| match zone.from_local_datetime(&(wall + Duration::minutes(minutes))) {
                LocalResult::Single(instant) => Some(instant),
                LocalResult::Ambiguous(_, latest) if minutes < 0 => Some(latest),
                LocalResult::Ambiguous(earliest, _) => Some(earliest),
                LocalResult::None => None,
            };
            let gap_end = (1..=LONGEST_GAP_MINUTES).find_map(exists).map(|t| {
                // The gap ends on the transition itself, whatever the second of `wall`.
                t - Duration::seconds(i64::from(chrono::Timelike::second(&wall)))
            })?;
            if gap_end.date_naive() == wall.date() {
                return Some(gap_end.with_timezone(&Utc));
            }
            let before_gap = (1..=LONGEST_GAP_MINUTES).find_map(|minutes| exists(-minutes))?;
            (before_gap.date_naive() == wall.date()).then(|| before_gap.with_timezone(&Utc))
        }
    }
}

/// A cron expression of five fields (minute, hour, day of month, month, day of week) with the meaning of Vixie's cron: weekdays
/// 0 to 7 with 0 and 7 as Sunday, and either day field when both are restricted; or of six fields with seconds first.
///
/// The `cron` crate only expands the fields on the wall clock: by itself it numbers weekdays from 1 for Sunday, wants both day
/// fields to hold, loses or doubles days when the clocks change and can return a moment in the past.
#[derive(Debug, Clone)]
pub struct CronExpression {
    text: String,
    either: Vec<cron::Schedule>,
}

impl PartialEq for CronExpression {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl CronExpression {
    /// Parses five or six fields.
    ///
    /// # Errors
    /// Names the expression and the fault.
    pub fn parse(text: &str) -> Result<Self, CadenceError> {
        let refuse = |why: String| CadenceError::Cron { text: text.chars().take(80).collect(), why };
        let fields: Vec<&str> = text.split_whitespace().collect();
        let (second, five) = match fields.len() {
            5 => ("0", &fields[..]),
            6 => (fields[0], &fields[1..]),
            n => return Err(refuse(format!("it has {n} fields, give five: minute hour day-of-month month day-of-week"))),
        };
        let &[minute, hour, day, month, weekday] = five else {
            return Err(refuse("it has not five fields".into()));
        };
        let weekday = vixie_weekdays(weekday).map_err(refuse)?;
        let compile = |day: &str, weekday: &str| {
            cron::Schedule::from_str(&format!("{second} {minute} {hour} {day} {month} {weekday}"))
                .map_err(|error| refuse(error.to_string().trim().replace('\n', " ")))
        };
        let restricted = |field: &str| !field.starts_with('*') && field != "?";
        let either = if restricted(day) && restricted(&weekday) {
            vec![compile(day, "*")?, compile("*", &weekday)?]
        } else {
            vec![compile(day, &weekday)?]
        };
        Ok(Self { text: fields.join(" "), either })
    }

    /// The expression as given.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The next moment after `after` by the clock on the wall of `zone`; always later than `after`.
    #[must_use]
    pub fn next_after(&self, after: DateTime<Utc>, zone: Tz) -> Option<DateTime<Utc>> {
        self.either.iter().filter_map(|schedule| next_on_wall(schedule, after, zone)).min()
    }
}

/// Expands on the wall clock as if it were UTC, maps to instants, and takes the first that lies after `after`.
fn next_on_wall(schedule: &cron::Schedule, after: DateTime<Utc>, zone: Tz) -> Option<DateTime<Utc>> {
    // In the second pass of a doubled hour what is left of it has fired already: enough for one that fires every second.
    const MOST_CANDIDATES: usize = 4 * 3_600;
    let wall_start = after.with_timezone(&zone).naive_local().and_utc();
    schedule.after(&wall_start).take(MOST_CANDIDATES).filter_map(|wall| instant_of(zone, wall.naive_utc())).find(|instant| *instant > after)
}

/// Rewrites a Vixie weekday field (0-7 or names, lists, ranges, steps) into the names that the `cron` crate reads alike.
fn vixie_weekdays(field: &str) -> Result<String, String> {
    const NAMES: [&str; 7] = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];
    if field == "*" || field == "?" {
        return Ok("*".to_owned());
    }
    let number = |token: &str| -> Result<usize, String> {
        let upper = token.to_ascii_uppercase();
        if let Some(index) = NAMES.iter().position(|name| upper == *name) {
            return Ok(index);
        }
        match token.parse::<usize>() {
            Ok(n) if n <= 7 => Ok(n),
            _ => Err(format!("{token:?} is no day of the week: give 0-7 (0 and 7 are Sunday) or SUN-SAT")),
        }
    };
    let mut days = [false; 7];
    for item in field.split(',') {
        let (range, step) = match item.split_once('/') {
            Some((range, step)) => (range, step.parse::<usize>().ok().filter(|s| *s > 0).ok_or(format!("{step:?} is no step"))?),
            None => (item, 1),
        };
        let (first, last) = match range.split_once('-') {
            _ if range == "*" => (0, 6),
            Some((a, b)) => (number(a)?, number(b)?),
            None if item.contains('/') => (number(range)?, 6),
            None => (number(range)?, number(range)?),
        };
        let last = if last < first { last + 7 } else { last };
        (first..=last).step_by(step).for_each(|day| days[day % 7] = true);
    }
    let chosen: Vec<&str> = NAMES.iter().zip(days).filter(|(_, on)| *on).map(|(name, _)| *name).collect();
    if chosen.len() == 7 { Ok("*".to_owned()) } else { Ok(chosen.join(",")) }
}

/// The `delivery` object of contract part 6, before it is checked.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct CadenceText {
    frequency: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    at: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    days: Option<Vec<String>>,
    #[serde(default = "utc")]
    time_zone: String,
}

fn utc() -> String {
    "UTC".to_owned()
}

impl TryFrom<CadenceText> for Cadence {
    type Error = CadenceError;

    fn try_from(text: CadenceText) -> Result<Self, CadenceError> {
        let zone = parse_zone(&text.time_zone)?;
        let at = text.at.as_deref().map_or_else(|| parse_time(DEFAULT_TIME), parse_time)?;
        let days = text.days.unwrap_or_default().iter().map(|day| parse_day(day)).collect::<Result<Vec<_>, _>>()?;
        let rhythm = match text.frequency.trim() {
            "instant" => Rhythm::Instant,
            "daily" => Rhythm::Daily { at, days },
            "weekly" => match days.as_slice() {
                [] => Rhythm::Weekly { at, day: Weekday::Mon },
                [day] => Rhythm::Weekly { at, day: *day },
                _ => return Err(CadenceError::WeeklyDays),
            },
            cron if cron.contains(' ') => Rhythm::Cron(CronExpression::parse(cron)?),
            other => return Err(CadenceError::Frequency(other.chars().take(80).collect())),
        };
        let cadence = Self { rhythm, zone };
        if !cadence.is_instant() && cadence.next_due(DateTime::UNIX_EPOCH).is_none() {
            return Err(CadenceError::Never);
        }
        Ok(cadence)
    }
}

/// The hour of a digest when none is given.
const DEFAULT_TIME: &str = "08:00";

impl From<&Cadence> for CadenceText {
    fn from(cadence: &Cadence) -> Self {
        let short = |day: &Weekday| day.to_string().to_lowercase();
        let (frequency, at, days) = match &cadence.rhythm {
            Rhythm::Instant => ("instant".to_owned(), None, None),
            Rhythm::Daily { at, days } => ("daily".to_owned(), Some(at), (!days.is_empty()).then(|| days.iter().map(short).collect())),
            Rhythm::Weekly { at, day } => ("weekly".to_owned(), Some(at), Some(vec![short(day)])),
            Rhythm::Cron(expression) => (expression.as_str().to_owned(), None, None),
        };
        let at = at.map(|at| at.format("%H:%M").to_string());
        Self { frequency, at, days, time_zone: cadence.zone.name().to_owned() }
    }
}

impl Serialize for Cadence {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        CadenceText::from(self).serialize(s)
    }
}

impl<'de> Deserialize<'de> for Cadence {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        Self::try_from(CadenceText::deserialize(d)?).map_err(serde::de::Error::custom)
    }
}

/// Reads an IANA zone name.
///
/// # Errors
/// Names the zone and what a good one looks like.
pub fn parse_zone(name: &str) -> Result<Tz, CadenceError> {
    Tz::from_str(name.trim()).map_err(|_| CadenceError::Zone(name.chars().take(60).collect()))
}

/// Reads a wall-clock time `HH:MM`.
///
/// # Errors
/// Names what was given.
pub fn parse_time(text: &str) -> Result<NaiveTime, CadenceError> {
    NaiveTime::parse_from_str(text.trim(), "%H:%M").map_err(|_| CadenceError::Time(text.chars().take(40).collect()))
}

/// Reads a day of the week, short or long (`mon`, `Monday`).
///
/// # Errors
/// Names what was given.
pub fn parse_day(text: &str) -> Result<Weekday, CadenceError> {
    Weekday::from_str(text.trim()).map_err(|_| CadenceError::Day(text.chars().take(40).collect()))
}

/// A cadence that makes no sense, and the mend.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CadenceError {
    /// Not an IANA name.
    #[error("unknown time zone {0:?}: give an IANA name, such as Asia/Kolkata or Europe/Berlin")]
    Zone(String),
    /// Not a time.
    #[error("{0:?} is no time of day: give HH:MM, such as 08:00")]
    Time(String),
    /// Not a weekday.
    #[error("{0:?} is no day of the week: give mon, tue, wed, thu, fri, sat or sun")]
    Day(String),
    /// Not a frequency.
    #[error("unknown frequency {0:?}: give instant, daily, weekly or a five-field cron expression")]
    Frequency(String),
    /// Several days for weekly.
    #[error("a weekly alert has one day: give one, or daily with several days")]
    WeeklyDays,
    /// A schedule without a moment.
    #[error("this schedule never comes: choose another day or month")]
    Never,
    /// A cron expression that cannot be read.
    #[error("the schedule {text:?} cannot be read: {why}")]
    Cron {
        /// The expression.
        text: String,
        /// The fault.
        why: String,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        DateTime::parse_from_rfc3339(text).unwrap().with_timezone(&Utc)
    }

    fn daily(time: &str, zone: &str) -> Cadence {
        Cadence::new(Rhythm::Daily { at: parse_time(time).unwrap(), days: vec![] }, parse_zone(zone).unwrap())
    }

    #[test]
    fn daily_is_the_hour_on_the_subscribers_wall() {
        assert_eq!(daily("08:00", "Asia/Kolkata").next_due(at("2026-11-22T00:00:00Z")), Some(at("2026-11-22T02:30:00Z")));
        assert_eq!(daily("08:00", "Asia/Kolkata").next_due(at("2026-11-22T02:30:00Z")), Some(at("2026-11-23T02:30:00Z")));
    }

    #[test]
    fn a_digest_in_the_skipped_hour_comes_when_the_clock_goes_on() {
        // New York skips 02:00 to 03:00 on 2026-03-08.
        let cadence = daily("02:30", "America/New_York");
        assert_eq!(cadence.next_due(at("2026-03-07T12:00:00Z")), Some(at("2026-03-08T07:00:00Z")));
        assert_eq!(cadence.next_due(at("2026-03-08T07:00:00Z")), Some(at("2026-03-09T06:30:00Z")));
    }

    #[test]
    fn a_digest_in_the_doubled_hour_comes_once() {
        // New York doubles 01:00 to 02:00 on 2026-11-01.
        let cadence = daily("01:30", "America/New_York");
        assert_eq!(cadence.next_due(at("2026-11-01T04:00:00Z")), Some(at("2026-11-01T05:30:00Z")));
        assert_eq!(cadence.next_due(at("2026-11-01T05:30:00Z")), Some(at("2026-11-02T06:30:00Z")));
        assert_eq!(cadence.next_due(at("2026-11-01T06:20:00Z")), Some(at("2026-11-02T06:30:00Z")));
    }

    #[test]
    fn every_zone_gets_exactly_one_digest_on_every_date_it_has() {
        for zone in chrono_tz::TZ_VARIANTS {
            for time in ["00:00", "00:30", "01:30", "02:00", "02:30", "23:30"] {
                let cadence = daily(time, zone.name());
                let mut now = at("2026-01-01T00:00:00Z");
                let mut last_date = None;
                let mut fires = 0;
                while let Some(due) = cadence.next_due(now).filter(|due| *due < at("2028-01-01T00:00:00Z")) {
                    assert!(due > now, "{zone} {time}: {due} is not after {now}");
                    let date = due.with_timezone(&zone).date_naive();
                    if let Some(last) = last_date {
                        assert_eq!(date, chrono::NaiveDate::succ_opt(&last).unwrap(), "{zone} {time}");
                    }
                    (last_date, now, fires) = (Some(date), due, fires + 1);
                }
                assert!((729..=731).contains(&fires), "{zone} {time}: {fires} fires");
            }
        }
    }

    #[test]
    fn a_cron_agrees_with_a_daily_at_every_change_of_clocks() {
        for zone in ["America/New_York", "Africa/Cairo", "Australia/Lord_Howe", "America/Nuuk", "Asia/Kolkata"] {
            let by_cron = Cadence::new(Rhythm::Cron(CronExpression::parse("30 2 * * *").unwrap()), parse_zone(zone).unwrap());
            let by_date = daily("02:30", zone);
            let mut now = at("2026-01-01T00:00:00Z");
            while now < at("2027-01-01T00:00:00Z") {
                let due = by_cron.next_due(now).unwrap();
                assert_eq!(Some(due), by_date.next_due(now), "{zone}");
                now = due;
            }
        }
    }

    #[test]
    fn a_cron_asked_in_the_second_pass_of_a_doubled_hour_never_answers_with_the_past() {
        let cron = CronExpression::parse("*/15 * * * *").unwrap();
        let zone = parse_zone("America/New_York").unwrap();
        let second_pass = at("2026-11-01T06:20:00Z");
        assert_eq!(cron.next_after(second_pass, zone), Some(at("2026-11-01T07:00:00Z")));
    }

    #[test]
    fn weekdays_are_those_of_vixies_cron() {
        let zone = parse_zone("UTC").unwrap();
        let sunday = at("2026-11-22T12:00:00Z");
        let next = |text: &str| CronExpression::parse(text).unwrap().next_after(sunday, zone).unwrap().to_rfc3339();
        assert!(next("0 8 * * 1-5").starts_with("2026-11-23"));
        assert!(next("0 8 * * 0").starts_with("2026-11-29"));
        assert!(next("0 8 * * 7").starts_with("2026-11-29"));
        assert!(next("0 8 * * fri").starts_with("2026-11-27"));
        // Day of month or day of week, when both are given.
        assert!(next("0 8 25 * 5").starts_with("2026-11-25"));
    }

    #[test]
    fn crons_agree_with_an_independent_reader_in_utc() {
        let zone = parse_zone("UTC").unwrap();
        for text in ["*/15 * * * *", "0 9 * * 1-5", "5 4 1,15 * *", "0 0 13 * 5", "30 6 */2 * *", "0 12 * 2-4 0", "59 23 31 12 *"] {
            let ours = CronExpression::parse(text).unwrap();
            let theirs: croner::Cron = text.parse().unwrap();
            let mut now = at("2026-01-01T00:00:00Z");
            for _ in 0..60 {
                let due = ours.next_after(now, zone).unwrap();
                assert_eq!(due, theirs.find_next_occurrence(&now, false).unwrap(), "{text} after {now}");
                now = due;
            }
        }
    }

    #[test]
    fn a_cadence_goes_in_and_out_as_the_contract_writes_it() {
        for json in [
            r#"{"frequency":"daily","at":"08:00","days":["mon","tue","wed","thu","fri"],"time_zone":"Asia/Kolkata"}"#,
            r#"{"frequency":"instant","time_zone":"Europe/Berlin"}"#,
            r#"{"frequency":"weekly","at":"18:30","days":["sun"],"time_zone":"America/New_York"}"#,
            r#"{"frequency":"0 9 * * 1-5","time_zone":"UTC"}"#,
        ] {
            let cadence: Cadence = serde_json::from_str(json).unwrap();
            assert_eq!(serde_json::to_string(&cadence).unwrap(), json);
        }
    }

    #[test]
    fn a_bad_cadence_is_refused_with_the_mend() {
        for (json, words) in [
            (r#"{"frequency":"daily","time_zone":"Asia/Bangalore"}"#, "IANA"),
            (r#"{"frequency":"daily","at":"25:00"}"#, "HH:MM"),
            (r#"{"frequency":"hourly"}"#, "five-field cron"),
            (r#"{"frequency":"0 9 * *"}"#, "five"),
            (r#"{"frequency":"0 9 * * 9"}"#, "day of the week"),
            (r#"{"frequency":"0 9 30 2 *"}"#, "never comes"),
            (r#"{"frequency":"weekly","days":["mon","tue"]}"#, "one day"),
        ] {
            let error = serde_json::from_str::<Cadence>(json).unwrap_err().to_string();
            assert!(error.contains(words), "{json}: {error}");
        }
    }
}
