//! Cron expressions as crontab(5) means them, right across changes of clocks.

use std::str::FromStr as _;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use crate::domain::line::quoted;
use crate::domain::wall::instant_of;

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
    pub fn parse(text: &str) -> Result<Self, CronError> {
        let refuse = |why: String| CronError { text: text.chars().take(80).collect(), why };
        let fields: Vec<&str> = text.split_whitespace().collect();
        let (second, five) = match fields.len() {
            5 => ("0", &fields[..]),
            6 => (fields[0], &fields[1..]),
            n => return Err(refuse(format!("it has {n} fields, {SHAPE}"))),
        };
        let &[minute, hour, day, month, weekday] = five else {
            return Err(refuse("it has not five fields".into()));
        };
        for (field, given) in PLAIN_FIELDS.iter().zip([second, minute, hour, day, month]) {
            field.check(given).map_err(refuse)?;
        }
        let weekday = vixie_weekdays(weekday).map_err(refuse)?;
        let compile = |day: &str, weekday: &str| {
            cron::Schedule::from_str(&format!("{second} {minute} {hour} {day} {month} {weekday}")).map_err(|_| refuse(SHAPE.to_owned()))
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

/// What is wanted as a whole.
const SHAPE: &str = "give five: minute hour day-of-month month day-of-week, such as 0 9 * * 1-5 (Monday to Friday at 9:00)";

/// A field of numbers, and of names where it has some.
struct PlainField {
    what: &'static str,
    least: usize,
    most: usize,
    names: &'static [&'static str],
    such_as: &'static str,
}

/// The fields before the day of the week, seconds first.
const PLAIN_FIELDS: [PlainField; 5] = [
    PlainField { what: "second", least: 0, most: 59, names: &[], such_as: "0" },
    PlainField { what: "minute", least: 0, most: 59, names: &[], such_as: "30 or */15" },
    PlainField { what: "hour", least: 0, most: 23, names: &[], such_as: "9 or 8-18" },
    PlainField { what: "day of the month", least: 1, most: 31, names: &[], such_as: "1 or 1,15" },
    PlainField { what: "month", least: 1, most: 12, names: MONTHS, such_as: "6 or JAN-MAR" },
];

const MONTHS: &[&str] = &["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];

impl PlainField {
    /// Says in our words what the `cron` crate says in those of its grammar.
    fn check(&self, given: &str) -> Result<(), String> {
        for item in given.split(',') {
            let (range, step) = item.split_once('/').map_or((item, None), |(range, step)| (range, Some(step)));
            if let Some(step) = step.filter(|step| !step.parse::<usize>().is_ok_and(|step| step > 0)) {
                return Err(no_step(step));
            }
            if matches!(range, "*" | "?") {
                continue;
            }
            let (first, last) = range.split_once('-').unwrap_or((range, range));
            if self.number(first)? > self.number(last)? {
                return Err(format!("{} runs backwards: give the smaller {} first", quoted(range), self.what));
            }
        }
        Ok(())
    }

    fn number(&self, token: &str) -> Result<usize, String> {
        let named = self.names.iter().position(|name| token.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name)));
        let number = named.map(|at| at + 1).or_else(|| token.parse().ok()).filter(|number| (self.least..=self.most).contains(number));
        number
            .ok_or_else(|| format!("{} is no {}: give {} to {}, such as {}", quoted(token), self.what, self.least, self.most, self.such_as))
    }
}

fn no_step(step: &str) -> String {
    format!("{} is no step: give a number above 0 behind the /, such as */15", quoted(step))
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
            _ => Err(format!("{} is no day of the week: give 0-7 (0 and 7 are Sunday) or SUN-SAT, such as 1-5", quoted(token))),
        }
    };
    let mut days = [false; 7];
    for item in field.split(',') {
        let (range, step) = match item.split_once('/') {
            Some((range, step)) => (range, step.parse::<usize>().ok().filter(|s| *s > 0).ok_or_else(|| no_step(step))?),
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

/// A cron expression that cannot be read, and the mend.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the schedule {} cannot be read: {why}", quoted(text))]
pub struct CronError {
    /// The expression, at most 80 characters.
    pub text: String,
    /// The fault.
    pub why: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        DateTime::parse_from_rfc3339(text).unwrap().with_timezone(&Utc)
    }

    #[test]
    fn a_cron_asked_in_the_second_pass_of_a_doubled_hour_never_answers_with_the_past() {
        let cron = CronExpression::parse("*/15 * * * *").unwrap();
        let zone = chrono_tz::America::New_York;
        let second_pass = at("2026-11-01T06:20:00Z");
        assert_eq!(cron.next_after(second_pass, zone), Some(at("2026-11-01T07:00:00Z")));
    }

    #[test]
    fn weekdays_are_those_of_vixies_cron() {
        let zone = Tz::UTC;
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
    fn a_field_at_fault_is_named_with_its_limits_and_an_example() {
        for (text, why) in [
            ("99 9 * * *", "“99” is no minute: give 0 to 59, such as 30 or */15"),
            ("0 24 * * *", "“24” is no hour: give 0 to 23, such as 9 or 8-18"),
            ("0 9 0 * *", "“0” is no day of the month: give 1 to 31, such as 1 or 1,15"),
            ("0 9 * 13 *", "“13” is no month: give 1 to 12, such as 6 or JAN-MAR"),
            ("0 9 * * 8", "“8” is no day of the week: give 0-7 (0 and 7 are Sunday) or SUN-SAT, such as 1-5"),
            ("60 0 9 * * *", "“60” is no second: give 0 to 59, such as 0"),
            ("*/0 9 * * *", "“0” is no step: give a number above 0 behind the /, such as */15"),
            ("0 18-9 * * *", "“18-9” runs backwards: give the smaller hour first"),
            ("0 मु * * *", "“मु” is no hour: give 0 to 23, such as 9 or 8-18"),
            ("0 9 * maäz *", "“maäz” is no month: give 1 to 12, such as 6 or JAN-MAR"),
            ("0 9 * मार्च *", "“मार्च” is no month: give 1 to 12, such as 6 or JAN-MAR"),
            (
                "0 9 * *",
                "it has 4 fields, give five: minute hour day-of-month month day-of-week, such as 0 9 * * 1-5 (Monday to Friday at 9:00)",
            ),
        ] {
            let fault = CronExpression::parse(text).unwrap_err();
            assert_eq!(fault.to_string(), format!("the schedule “{text}” cannot be read: {why}"));
        }
        for text in ["*/15 8-18 1,15 JAN-mar *", "0 9 ? * ?", "5/20 9 * december fri", "30 0 9 * * 1-5"] {
            assert!(CronExpression::parse(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn crons_agree_with_an_independent_reader_in_utc() {
        let zone = Tz::UTC;
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
}
