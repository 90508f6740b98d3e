//! A host that does not answer is left alone for a while, by all its boards together.
//!
//! ```text
//!            MOST failures in a row                the wait is over: one probe
//!   Closed ─────────────────────────► Open ──────────────────────────────────► Probing
//!     ▲                                ▲      it fails: twice the wait            │
//!     │                                └──────────────────────────────────────────┤
//!     └───────────────────────────────────────────────────────────────────────────┘
//!                                      it answers
//! ```

use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::domain::FetchFault;

/// Failures in a row, of any boards of a host, after which it is left alone.
const MOST: u32 = 5;

/// How long it is left alone the first time; each further time twice as long.
const FIRST_WAIT: Duration = Duration::from_mins(5);

/// The longest it is left alone.
const LONGEST_WAIT: Duration = Duration::from_hours(1);

/// A probe that has not ended after this time was given up by its caller; another may try.
const PROBE_TIME: Duration = Duration::from_mins(10);

/// Whether a host is asked at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Circuit {
    /// It is.
    Closed {
        /// Failures in a row.
        failures: u32,
    },
    /// It is not, until a moment.
    Open {
        /// The moment.
        until: DateTime<Utc>,
        /// How often it was left alone in a row.
        times: u32,
        /// What it failed with last.
        fault: FetchFault,
    },
    /// One request finds out whether it answers again; the others wait.
    Probing {
        /// When the probe counts as given up.
        until: DateTime<Utc>,
        /// How often it was left alone in a row.
        times: u32,
        /// What it failed with last.
        fault: FetchFault,
    },
}

/// Why a host is not asked now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LeftAlone {
    /// Until when.
    pub until: DateTime<Utc>,
    /// What it failed with.
    pub fault: FetchFault,
}

impl Default for Circuit {
    fn default() -> Self {
        Self::Closed { failures: 0 }
    }
}

impl Circuit {
    /// Asks for admission; the first after a wait becomes the probe.
    ///
    /// # Errors
    /// The host is left alone.
    pub fn admit(&mut self, now: DateTime<Utc>) -> Result<(), LeftAlone> {
        match *self {
            Self::Open { until, fault, .. } | Self::Probing { until, fault, .. } if now < until => Err(LeftAlone { until, fault }),
            Self::Open { times, fault, .. } | Self::Probing { times, fault, .. } => {
                *self = Self::Probing { until: now + PROBE_TIME, times, fault };
                Ok(())
            }
            Self::Closed { .. } => Ok(()),
        }
    }

    /// Notes how an admitted request ended.
    pub fn note(&mut self, fault: Option<FetchFault>, now: DateTime<Utc>) {
        let Some(fault) = fault.filter(|fault| is_of_the_host(*fault)) else {
            *self = Self::default();
            return;
        };
        *self = match *self {
            Self::Closed { failures } if failures + 1 < MOST => Self::Closed { failures: failures + 1 },
            Self::Closed { .. } => Self::Open { until: now + wait(1), times: 1, fault },
            Self::Probing { times, .. } => Self::Open { until: now + wait(times + 1), times: times.saturating_add(1), fault },
            // Asked before it opened, ended after.
            open @ Self::Open { .. } => open,
        };
    }

    /// Whether nothing speaks against forgetting it at a moment.
    pub fn is_at_rest(&self, now: DateTime<Utc>) -> bool {
        match *self {
            Self::Closed { failures } => failures == 0,
            Self::Open { until, .. } | Self::Probing { until, .. } => until + LONGEST_WAIT < now,
        }
    }
}

/// Faults that tell of the host, not of one board of it.
const fn is_of_the_host(fault: FetchFault) -> bool {
    matches!(fault, FetchFault::Unreachable | FetchFault::BadTls | FetchFault::Slow | FetchFault::ServerError | FetchFault::TooFast)
}

fn wait(times: u32) -> Duration {
    FIRST_WAIT.saturating_mul(1 << times.saturating_sub(1).min(16)).min(LONGEST_WAIT)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn minute(minutes: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + chrono::TimeDelta::minutes(minutes)
    }

    fn opened() -> Circuit {
        let mut circuit = Circuit::default();
        for _ in 0..MOST {
            assert_eq!(circuit.admit(minute(0)), Ok(()));
            circuit.note(Some(FetchFault::Unreachable), minute(0));
        }
        circuit
    }

    #[test]
    fn five_failures_in_a_row_open_it_and_an_answer_between_them_does_not() {
        let left_alone = Err(LeftAlone { until: minute(5), fault: FetchFault::Unreachable });
        assert_eq!(opened().admit(minute(4)), left_alone);
        let mut circuit = Circuit::default();
        for fault in [FetchFault::Slow, FetchFault::ServerError, FetchFault::TooFast, FetchFault::BadTls, FetchFault::Gone].repeat(9) {
            circuit.note(Some(fault), minute(0));
        }
        assert_eq!(circuit, Circuit::default(), "a board that is gone shows a host that answers");
    }

    #[test]
    fn one_probe_closes_it_or_doubles_the_wait_up_to_an_hour() {
        let mut circuit = opened();
        let mut now = minute(5);
        for wait in [10, 20, 40, 60, 60] {
            assert_eq!(circuit.admit(now), Ok(()), "the probe");
            assert!(circuit.admit(now).is_err(), "and no second one");
            circuit.note(Some(FetchFault::Slow), now);
            let until = now + chrono::TimeDelta::minutes(wait);
            assert_eq!(circuit.admit(now), Err(LeftAlone { until, fault: FetchFault::Slow }));
            now = until;
        }
        circuit.admit(now).unwrap();
        circuit.note(None, now);
        assert_eq!(circuit, Circuit::default());
    }

    #[test]
    fn a_probe_that_was_given_up_makes_room_for_another_and_a_late_answer_opens_nothing_longer() {
        let mut circuit = opened();
        circuit.admit(minute(5)).unwrap();
        assert!(circuit.admit(minute(14)).is_err());
        assert_eq!(circuit.admit(minute(15)), Ok(()));
        let mut open = opened();
        open.note(Some(FetchFault::Slow), minute(3));
        assert_eq!(open, opened());
        assert!(!open.is_at_rest(minute(60)) && open.is_at_rest(minute(66)) && Circuit::default().is_at_rest(minute(0)));
    }
}
