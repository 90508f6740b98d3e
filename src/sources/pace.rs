//! Politeness towards hosts: how many answers are awaited from one at a time, a least time between two requests, hosts that asked
//! us to stay away and hosts that do not answer.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::sync::Semaphore;
use tokio::time::Instant;
use url::Url;

use crate::domain::FetchFault;
use crate::sources::circuit::Circuit;
use crate::sources::failure::Failure;

/// Hosts remembered before those at rest are forgotten.
const REMEMBERED: usize = 4_096;

/// What we know about the hosts we ask; thousands of boards may share one.
#[derive(Debug)]
pub struct Pace {
    interval: Duration,
    concurrency: usize,
    hosts: Mutex<HashMap<String, HostPace>>,
}

#[derive(Debug)]
struct HostPace {
    interval: Duration,
    free_at: Instant,
    closed_until: Option<DateTime<Utc>>,
    circuit: Circuit,
    slots: Arc<Semaphore>,
}

impl HostPace {
    fn is_at_rest(&self, moment: Instant, now: DateTime<Utc>) -> bool {
        let closed = self.closed_until.is_some_and(|until| until > now);
        self.free_at <= moment && !closed && self.circuit.is_at_rest(now) && Arc::strong_count(&self.slots) == 1
    }
}

/// The name under which a host is remembered; a port of its own is a server of its own.
pub fn host_of(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    match url.port_or_known_default() {
        None | Some(80 | 443) => host.to_owned(),
        Some(port) => format!("{host}:{port}"),
    }
}

impl Pace {
    /// One request a host in each `interval`, and at most `concurrency` at a time.
    pub fn new(interval: Duration, concurrency: usize) -> Self {
        Self { interval, concurrency: concurrency.clamp(1, Semaphore::MAX_PERMITS), hosts: Mutex::default() }
    }

    fn hosts(&self) -> MutexGuard<'_, HashMap<String, HostPace>> {
        self.hosts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A host's permits to be asked: as many as answers may be awaited from it.
    pub fn slots(&self, host: &str, now: DateTime<Utc>) -> Arc<Semaphore> {
        let mut hosts = self.hosts();
        if hosts.len() >= REMEMBERED {
            let moment = Instant::now();
            hosts.retain(|_, pace| !pace.is_at_rest(moment, now));
        }
        let fresh = || HostPace {
            interval: self.interval,
            free_at: Instant::now(),
            closed_until: None,
            circuit: Circuit::default(),
            slots: Arc::new(Semaphore::new(self.concurrency)),
        };
        Arc::clone(&hosts.entry(host.to_owned()).or_insert_with(fresh).slots)
    }

    /// Asks whether a host may be asked now; whoever is admitted says by [`Pace::note`] how it ended.
    ///
    /// # Errors
    /// It asked to be left alone, or does not answer.
    pub fn admit(&self, host: &str, now: DateTime<Utc>) -> Result<(), Failure> {
        let mut hosts = self.hosts();
        let Some(pace) = hosts.get_mut(host) else { return Ok(()) };
        let seconds = |until: DateTime<Utc>| u64::try_from((until - now).num_seconds()).ok();
        pace.closed_until = pace.closed_until.filter(|until| *until > now);
        if let Some(until) = pace.closed_until {
            return Err(Failure::new(FetchFault::TooFast, format!("{host} asked to be left alone until {until}")).after(seconds(until)));
        }
        pace.circuit.admit(now).map_err(|left| {
            let words = format!("{host} failed several times in a row, whichever board was asked: left alone until {}", left.until);
            Failure::new(left.fault, words).after(seconds(left.until))
        })
    }

    /// Takes the host's next free moment; the caller waits for it.
    pub fn next(&self, host: &str, moment: Instant) -> Instant {
        let mut hosts = self.hosts();
        let Some(pace) = hosts.get_mut(host) else { return moment };
        let at = pace.free_at.max(moment);
        pace.free_at = at + pace.interval;
        at
    }

    /// Notes that a request goes out only now: the next one keeps its distance from this moment, not from when this one was due.
    pub fn sent(&self, host: &str, moment: Instant) {
        if let Some(pace) = self.hosts().get_mut(host) {
            pace.free_at = pace.free_at.max(moment + pace.interval);
        }
    }

    /// Notes how a request ended, and until when the host asked to be left alone.
    pub fn note(&self, host: &str, failure: Option<&Failure>, now: DateTime<Utc>) {
        let mut hosts = self.hosts();
        let Some(pace) = hosts.get_mut(host) else { return };
        pace.circuit.note(failure.map(|failure| failure.fault), now);
        if let Some(seconds) = failure.filter(|failure| failure.fault == FetchFault::TooFast).and_then(|failure| failure.retry_after) {
            pace.closed_until = Some(now + Duration::from_secs(seconds));
        }
    }

    /// Keeps at least this time between two requests to a host.
    pub fn slow_down(&self, host: &str, interval: Duration) {
        if let Some(pace) = self.hosts().get_mut(host) {
            pace.interval = self.interval.max(interval);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn second(seconds: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + chrono::TimeDelta::seconds(seconds)
    }

    fn pace(interval: Duration) -> Pace {
        let pace = Pace::new(interval, 1);
        drop((pace.slots("a", second(0)), pace.slots("b", second(0))));
        pace
    }

    #[tokio::test(start_paused = true)]
    async fn a_request_that_goes_out_late_keeps_the_next_one_away() {
        let pace = pace(Duration::from_millis(500));
        let due = pace.next("a", Instant::now());
        let late = due + Duration::from_millis(400);
        pace.sent("a", late);
        assert_eq!(pace.next("a", late), late + Duration::from_millis(500));
    }

    #[tokio::test(start_paused = true)]
    async fn requests_to_one_host_stand_in_line_and_other_hosts_do_not_wait() {
        let pace = pace(Duration::from_millis(500));
        let now = Instant::now();
        assert_eq!(pace.next("a", now), now);
        assert_eq!(pace.next("a", now), now + Duration::from_millis(500));
        assert_eq!(pace.next("a", now), now + Duration::from_secs(1));
        assert_eq!(pace.next("b", now), now);
        assert_eq!(pace.next("a", now + Duration::from_secs(9)), now + Duration::from_secs(9));
        pace.slow_down("a", Duration::from_secs(5));
        pace.slow_down("b", Duration::from_millis(1));
        for (host, interval) in [("a", 5_000), ("b", 500)] {
            let at = pace.next(host, now + Duration::from_mins(1));
            assert_eq!(pace.next(host, at), at + Duration::from_millis(interval));
        }
    }

    #[test]
    fn a_host_that_asked_for_rest_has_it_until_then() {
        let pace = pace(Duration::ZERO);
        let failure = Failure::new(FetchFault::TooFast, "HTTP 429").after(Some(1_000));
        pace.note("a", Some(&failure), second(0));
        let refused = pace.admit("a", second(999)).unwrap_err();
        assert_eq!((refused.fault, refused.retry_after), (FetchFault::TooFast, Some(1)));
        assert_eq!((pace.admit("a", second(1_000)), pace.admit("b", second(0))), (Ok(()), Ok(())));
    }

    #[test]
    fn a_dead_host_is_left_alone_with_the_fault_it_died_of() {
        let pace = pace(Duration::ZERO);
        for _ in 0..5 {
            pace.admit("a", second(0)).unwrap();
            pace.note("a", Some(&Failure::new(FetchFault::Unreachable, "refused")), second(0));
        }
        let refused = pace.admit("a", second(60)).unwrap_err();
        assert_eq!((refused.fault, refused.retry_after), (FetchFault::Unreachable, Some(240)));
        assert_eq!((pace.admit("b", second(60)), pace.admit("a", second(300))), (Ok(()), Ok(())));
    }

    #[test]
    fn hosts_at_rest_are_forgotten_and_those_that_are_asked_or_left_alone_are_not() {
        let pace = Pace::new(Duration::ZERO, 1);
        let held = pace.slots("held", second(0));
        drop(pace.slots("closed", second(0)));
        pace.note("closed", Some(&Failure::new(FetchFault::TooFast, "").after(Some(60))), second(0));
        for host in 0..=REMEMBERED {
            drop(pace.slots(&host.to_string(), second(1)));
        }
        assert!(pace.hosts().len() < 6, "{}", pace.hosts().len());
        assert!(pace.hosts().contains_key("held") && pace.hosts().contains_key("closed"));
        drop(held);
    }

    #[test]
    fn a_port_of_its_own_is_a_server_of_its_own() {
        let of = |url: &str| host_of(&Url::parse(url).unwrap());
        assert_eq!([of("https://a.example/x"), of("http://a.example/")], ["a.example", "a.example"]);
        assert_eq!(of("http://a.example:8080/"), "a.example:8080");
    }
}
