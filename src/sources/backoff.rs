//! How long a source is left alone after it failed.

use std::time::Duration;

use crate::domain::FetchFault;

/// How long a source is left alone on our own account: after the first failure, and at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waits {
    first: Duration,
    longest: Duration,
}

/// The longest a source may send us away for: a day. A header is outside text.
pub const LONGEST_RETRY_AFTER: Duration = Duration::from_hours(24);

impl Waits {
    /// For a file of this machine: a look costs nothing, and who mends it is waiting.
    pub const ON_DISK: Self = Self { first: Duration::from_mins(1), longest: Duration::from_mins(15) };

    /// For a board of somebody else.
    pub const fn of(fault: FetchFault) -> Self {
        Self { first: first_wait(fault), longest: Duration::from_hours(6) }
    }

    /// The wait after `failures` failures in a row (at least one): doubling from the first up to the longest, the upper half of it
    /// by `chance` (0 to 255), so that sources that failed together do not return together.
    pub fn after(self, failures: u32, chance: u8) -> Duration {
        let doublings = failures.saturating_sub(1).min(16);
        let whole = self.first.saturating_mul(1 << doublings).min(self.longest);
        whole / 2 + whole.mul_f64(0.5 * f64::from(chance) / 255.0)
    }
}

/// Faults that only a person can mend start slow; those that pass by themselves start fast.
const fn first_wait(fault: FetchFault) -> Duration {
    match fault {
        FetchFault::Slow | FetchFault::ServerError | FetchFault::Unreachable | FetchFault::TooFast | FetchFault::Empty => {
            Duration::from_mins(1)
        }
        FetchFault::Gone
        | FetchFault::Blocked
        | FetchFault::ChangedFormat
        | FetchFault::Flawed
        | FetchFault::TooBig
        | FetchFault::BadTls
        | FetchFault::Forbidden
        | FetchFault::Misconfigured => Duration::from_mins(15),
    }
}

/// `Retry-After` in seconds (RFC 9110 10.2.3): a figure, or a date held against `now`; never more than a day.
pub fn retry_after(header: &str, now: chrono::DateTime<chrono::Utc>) -> Option<u64> {
    let header = header.trim();
    let seconds = if let Ok(seconds) = header.parse::<u64>() {
        seconds
    } else {
        let date = chrono::DateTime::parse_from_rfc2822(header).ok()?;
        u64::try_from((date.to_utc() - now).num_seconds()).unwrap_or(0)
    };
    Some(seconds.min(LONGEST_RETRY_AFTER.as_secs()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_doubles_up_to_six_hours_and_chance_spreads_it() {
        let of = Waits::of(FetchFault::ServerError);
        let minutes = |failures, chance| of.after(failures, chance).as_secs() / 60;
        assert_eq!([minutes(1, 255), minutes(2, 255), minutes(5, 255)], [1, 2, 16]);
        assert_eq!(minutes(5, 0), 8);
        assert_eq!(of.after(u32::MAX, 255), Duration::from_hours(6));
        assert_eq!(Waits::of(FetchFault::Gone).after(1, 255), Duration::from_mins(15));
        assert!(Waits::of(FetchFault::Slow).after(0, 0) >= Duration::from_secs(30));
    }

    #[test]
    fn a_file_is_looked_at_again_within_a_minute_and_never_later_than_a_quarter_of_an_hour() {
        assert_eq!(Waits::ON_DISK.after(1, 255), Duration::from_mins(1));
        assert_eq!(Waits::ON_DISK.after(u32::MAX, 255), Duration::from_mins(15));
    }

    #[test]
    fn retry_after_is_seconds_or_a_date_and_never_for_ever() {
        let now = chrono::DateTime::parse_from_rfc3339("2026-11-22T10:00:00Z").unwrap().to_utc();
        assert_eq!(retry_after("120", now), Some(120));
        assert_eq!(retry_after("Sun, 22 Nov 2026 10:05:00 GMT", now), Some(300));
        assert_eq!(retry_after("Sun, 22 Nov 2026 09:00:00 GMT", now), Some(0));
        assert_eq!(retry_after("99999999999", now), Some(86_400));
        assert_eq!(retry_after("soon", now), None);
    }
}
