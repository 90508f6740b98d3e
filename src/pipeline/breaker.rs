//! A breaker: after a fault nothing is tried for a while, then one letter; each fault in a row doubles the while.

use chrono::{DateTime, Duration, Utc};

/// How often something failed in a row, and until when it is left alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::pipeline) struct Breaker {
    faults: u32,
    until: Option<DateTime<Utc>>,
}

/// The first wait and the longest one.
#[derive(Debug, Clone, Copy)]
pub(in crate::pipeline) struct Waits {
    pub(in crate::pipeline) first: Duration,
    pub(in crate::pipeline) longest: Duration,
}

impl Breaker {
    /// Something failed. What fails while nothing should be tried was under way before, and tells nothing new.
    pub(in crate::pipeline) fn fault(&mut self, waits: Waits, now: DateTime<Utc>) -> bool {
        if self.until.is_some_and(|until| now < until) {
            return false;
        }
        let doubled = waits.first.checked_mul(1_i32.checked_shl(self.faults).unwrap_or(i32::MAX)).unwrap_or(waits.longest);
        let wait = doubled.min(waits.longest);
        self.faults = (self.faults + 1).min(20);
        // Up to a fifth more, so that services which lost one mail server together do not come back together.
        let jitter = i32::try_from(now.timestamp_subsec_nanos() % 200).unwrap_or_default();
        self.until = Some(now + wait + wait * jitter / 1_000);
        true
    }

    /// Something went well: everything is tried again.
    pub(in crate::pipeline) fn well(&mut self) {
        *self = Self::default();
    }

    /// Until when nothing is tried.
    pub(in crate::pipeline) fn shut_until(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        // A clock that was set back does not make it longer than it can be.
        self.until.filter(|until| now < *until && *until - now < Duration::hours(30))
    }

    /// Whether one letter has to show first that it goes well.
    pub(in crate::pipeline) fn is_on_trial(&self) -> bool {
        self.until.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_fault_in_a_row_doubles_the_wait_up_to_the_longest_and_one_success_ends_it() {
        let waits = Waits { first: Duration::seconds(5), longest: Duration::minutes(5) };
        let (mut breaker, mut now) = (Breaker::default(), DateTime::UNIX_EPOCH);
        let mut seen = Vec::new();
        for _ in 0..9 {
            assert!(breaker.fault(waits, now));
            assert!(!breaker.fault(waits, now), "the other lanes of the same moment count once");
            let until = breaker.shut_until(now).unwrap();
            seen.push((until - now).num_seconds());
            now = until;
            assert!(breaker.shut_until(now).is_none() && breaker.is_on_trial());
        }
        assert_eq!(seen, [5, 10, 20, 40, 80, 160, 300, 300, 300]);
        breaker.well();
        assert!(!breaker.is_on_trial());
    }

    #[test]
    fn up_to_a_fifth_is_added_so_that_not_all_come_back_at_once() {
        let waits = Waits { first: Duration::seconds(10), longest: Duration::minutes(5) };
        let now = DateTime::UNIX_EPOCH + Duration::nanoseconds(199);
        let mut breaker = Breaker::default();
        breaker.fault(waits, now);
        assert_eq!((breaker.shut_until(now).unwrap() - now).num_milliseconds(), 11_990);
    }
}
