//! The clock cut into ticks.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

/// Ticks of one length since a beginning.
#[derive(Debug, Clone, Copy)]
pub struct Steps {
    /// When tick 0 began.
    pub opened_at: DateTime<Utc>,
    length: Duration,
}

impl Steps {
    /// Ticks of `length` from `opened_at` on; a length below a millisecond is taken as one.
    pub const fn new(opened_at: DateTime<Utc>, length: Duration) -> Self {
        Self { opened_at, length }
    }

    /// The number of whole ticks that have passed at `now`; 0 before the beginning.
    pub fn at(&self, now: DateTime<Utc>) -> u64 {
        let passed = (now - self.opened_at).num_milliseconds().max(0).unsigned_abs();
        passed / u64::try_from(self.length.as_millis()).unwrap_or(u64::MAX).max(1)
    }

    /// When a tick begins; the beginning itself for a moment beyond the calendar.
    pub fn moment(&self, tick: u64) -> DateTime<Utc> {
        let length = i64::try_from(self.length.as_millis()).unwrap_or(i64::MAX).max(1);
        let passed = length.saturating_mul(i64::try_from(tick).unwrap_or(i64::MAX));
        TimeDelta::try_milliseconds(passed).and_then(|passed| self.opened_at.checked_add_signed(passed)).unwrap_or(self.opened_at)
    }
}

#[cfg(test)]
mod tests {
    use super::{DateTime, Duration, Steps};

    #[test]
    fn a_tick_begins_at_its_moment_and_not_before() {
        let steps = Steps::new(DateTime::UNIX_EPOCH, Duration::from_secs(10));
        assert_eq!(steps.at(steps.moment(7)), 7);
        assert_eq!(steps.at(steps.moment(7) - chrono::TimeDelta::milliseconds(1)), 6);
        assert_eq!(steps.at(DateTime::UNIX_EPOCH - chrono::TimeDelta::days(1)), 0);
    }
}
