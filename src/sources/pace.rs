//! Politeness towards hosts: a least time between requests to one host, and hosts that asked us to stay away.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::time::Instant;

/// Hosts remembered before those at rest are forgotten.
const REMEMBERED: usize = 4_096;

/// What we know about the hosts we ask; thousands of boards may share one.
#[derive(Debug)]
pub struct Pace {
    interval: Duration,
    hosts: Mutex<HashMap<String, HostPace>>,
}

#[derive(Debug, Clone, Copy)]
struct HostPace {
    free_at: Instant,
    closed_until: Option<DateTime<Utc>>,
}

impl Pace {
    /// One request a host in each `interval`.
    pub fn new(interval: Duration) -> Self {
        Self { interval, hosts: Mutex::default() }
    }

    /// Takes the host's next free moment; the caller waits for it.
    pub fn next(&self, host: &str, now: Instant) -> Instant {
        let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        if hosts.len() >= REMEMBERED {
            hosts.retain(|_, pace| pace.free_at > now || pace.closed_until.is_some());
        }
        let pace = hosts.entry(host.to_owned()).or_insert(HostPace { free_at: now, closed_until: None });
        let at = pace.free_at.max(now);
        pace.free_at = at + self.interval;
        at
    }

    /// Notes that a host asked to be left alone until a moment.
    pub fn close(&self, host: &str, until: DateTime<Utc>) {
        let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        let pace = hosts.entry(host.to_owned()).or_insert(HostPace { free_at: Instant::now(), closed_until: None });
        pace.closed_until = Some(until);
    }

    /// Until when a host wants to be left alone, if it still does.
    pub fn closed_until(&self, host: &str, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        let pace = hosts.get_mut(host)?;
        pace.closed_until = pace.closed_until.filter(|until| *until > now);
        pace.closed_until
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_to_one_host_stand_in_line_and_other_hosts_do_not_wait() {
        let pace = Pace::new(Duration::from_millis(500));
        let now = Instant::now();
        assert_eq!(pace.next("a", now), now);
        assert_eq!(pace.next("a", now), now + Duration::from_millis(500));
        assert_eq!(pace.next("a", now), now + Duration::from_secs(1));
        assert_eq!(pace.next("b", now), now);
        assert_eq!(pace.next("a", now + Duration::from_secs(9)), now + Duration::from_secs(9));
    }

    #[test]
    fn a_host_that_asked_for_rest_has_it_until_then() {
        let pace = Pace::new(Duration::ZERO);
        let until = DateTime::from_timestamp(1_000, 0).unwrap();
        pace.close("a", until);
        assert_eq!(pace.closed_until("a", until - Duration::from_secs(1)), Some(until));
        assert_eq!(pace.closed_until("a", until), None);
        assert_eq!(pace.closed_until("b", until), None);
    }

    #[test]
    fn hosts_at_rest_are_forgotten() {
        let pace = Pace::new(Duration::ZERO);
        let now = Instant::now();
        for host in 0..=REMEMBERED {
            pace.next(&host.to_string(), now);
        }
        assert_eq!(pace.hosts.lock().unwrap().len(), 1);
    }
}
