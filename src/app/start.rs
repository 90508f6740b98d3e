//! What is looked at before a service starts, because it could do harm if it did: a clock that is far off.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

/// No right clock shows an earlier day: the one on which this was written. Moved on with each release.
const WRITTEN: NaiveDate = NaiveDate::from_ymd_opt(2026, 11, 22).expect("a date of the calendar");

/// So much a clock may be behind what was written by it, and no more: clocks are set, hours are changed.
const MOST_BEHIND: TimeDelta = TimeDelta::days(1);

/// A clock that cannot be right.
#[derive(Debug, thiserror::Error)]
#[error(
    "the clock says {now}, {why}: letters would go out at wrong hours, or not at all. Set it (timedatectl set-ntp true); where the clock is \
     right, and the rows were written by a wrong one, start once with service.trust_clock = true"
)]
pub struct ClockError {
    now: DateTime<Utc>,
    why: String,
}

/// Refuses a clock that is before this program was written, or by more than a day before the newest row of the database.
pub(super) fn look(now: DateTime<Utc>, newest: Option<DateTime<Utc>>) -> Result<(), ClockError> {
    if now.date_naive() < WRITTEN {
        return Err(ClockError { now, why: format!("and this program was written on {WRITTEN}") });
    }
    match newest {
        Some(newest) if newest - now > MOST_BEHIND => {
            Err(ClockError { now, why: format!("and the newest row of the database is of {newest}") })
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_behind_the_program_or_the_newest_row_is_refused_with_the_mend() {
        let day = |days| WRITTEN.and_hms_opt(12, 0, 0).unwrap().and_utc() + TimeDelta::days(days);
        look(day(0), None).unwrap();
        look(day(100), Some(day(40))).unwrap();
        look(day(100), Some(day(101))).unwrap();
        for (now, newest) in [(day(-1), None), (DateTime::UNIX_EPOCH, None), (day(100), Some(day(102)))] {
            let said = look(now, newest).unwrap_err().to_string();
            assert!(said.contains("timedatectl") && said.contains("service.trust_clock"), "{said}");
        }
    }
}
