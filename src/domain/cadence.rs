//! When a subscription is due: at once, or by the clock on the subscriber's wall.

use std::str::FromStr as _;

use chrono::{DateTime, Datelike as _, NaiveTime, Utc, Weekday};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use crate::domain::cron::{CronError, CronExpression};
use crate::domain::line::quoted;
use crate::domain::wall::instant_of;

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

/// When an alert is due, by the clock on the subscriber's wall.
//  The `delivery` object of contract part 6, before it is checked.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct CadenceText {
    /// instant, daily, weekly, or a five-field cron expression.
    frequency: String,
    /// HH:MM; 08:00 where none is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    at: Option<String>,
    /// mon, tue, wed, thu, fri, sat, sun; every day where none is given, one for a weekly alert.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    days: Option<Vec<String>>,
    /// An IANA name, such as Asia/Kolkata.
    #[serde(default = "utc")]
    time_zone: String,
}

impl utoipa::PartialSchema for Cadence {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        CadenceText::schema()
    }
}

impl utoipa::ToSchema for Cadence {}

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
    #[error("unknown time zone {}: give an IANA name, such as Asia/Kolkata or Europe/Berlin", quoted(.0))]
    Zone(String),
    /// Not a time.
    #[error("{} is no time of day: give HH:MM, such as 08:00", quoted(.0))]
    Time(String),
    /// Not a weekday.
    #[error("{} is no day of the week: give mon, tue, wed, thu, fri, sat or sun", quoted(.0))]
    Day(String),
    /// Not a frequency.
    #[error("unknown frequency {}: give instant, daily, weekly or a five-field cron expression", quoted(.0))]
    Frequency(String),
    /// Several days for weekly.
    #[error("a weekly alert has one day: give one, or daily with several days")]
    WeeklyDays,
    /// A schedule without a moment.
    #[error("this schedule never comes: choose another day or month")]
    Never,
    /// A cron expression that cannot be read.
    #[error(transparent)]
    Cron(#[from] CronError),
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
