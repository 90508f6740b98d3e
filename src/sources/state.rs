//! How a source's state moves with each fetch: answered, unchanged, failed, shrunk.

use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::domain::{FetchFault, SourceState};
use crate::sources::backoff;
use crate::sources::failure::Failure;

/// A board that usually has fewer postings than this may empty without anything being wrong.
const MANY: f64 = 5.0;

/// How much one fetch moves the usual yield: slow, so that a broken answer does not become usual at once, and fast enough that a
/// board that really shrank is believed within a day of polls.
const WEIGHT: f64 = 0.1;

/// The validators of an answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Validators {
    /// `ETag`.
    pub etag: Option<String>,
    /// `Last-Modified`.
    pub last_modified: Option<String>,
}

/// The source answered that nothing changed.
pub fn unchanged(old: &SourceState, now: DateTime<Utc>) -> SourceState {
    SourceState { last_success_at: Some(now), ..rested(old, now) }
}

/// The source brought `count` postings; the state, and whether the count is in keeping with what it used to bring.
pub fn brought(old: &SourceState, now: DateTime<Utc>, count: usize, validators: Validators) -> (SourceState, bool) {
    let count = u32::try_from(count).unwrap_or(u32::MAX);
    let usual = old.usual_yield.unwrap_or_else(|| f64::from(count));
    let shrunk = has_shrunk(usual, count);
    let mut state = rested(old, now);
    state.last_yield = Some(count);
    state.usual_yield = Some(usual + WEIGHT * (f64::from(count) - usual));
    if shrunk {
        let failure = Failure::new(FetchFault::Empty, format!("{count} postings where there are usually about {usual:.0}"));
        state.fault = Some(failure.fault);
        state.fault_text = Some(failure.text);
        // Without validators the next fetch gets the whole answer again, not "unchanged".
        (state.etag, state.last_modified) = (None, None);
    } else {
        state.first_success_at = old.first_success_at.or(Some(now));
        state.last_success_at = Some(now);
        (state.etag, state.last_modified) = (validators.etag, validators.last_modified);
    }
    (state, !shrunk)
}

/// Whether a count is in keeping with what the source used to bring.
pub fn in_keeping(old: &SourceState, count: usize) -> bool {
    let count = u32::try_from(count).unwrap_or(u32::MAX);
    !old.usual_yield.is_some_and(|usual| has_shrunk(usual, count))
}

fn has_shrunk(usual: f64, count: u32) -> bool {
    usual >= MANY && f64::from(count) < usual / 2.0
}

/// The source failed; `chance` spreads the wait.
pub fn failed(old: &SourceState, now: DateTime<Utc>, failure: &Failure, chance: u8) -> SourceState {
    let failures = old.failures.saturating_add(1);
    let own = backoff::wait(failure.fault, failures, chance);
    let wait = failure.retry_after.map_or(own, |seconds| Duration::from_secs(seconds).max(own));
    SourceState {
        last_attempt_at: Some(now),
        not_before: Some(now + wait),
        failures,
        fault: Some(failure.fault),
        fault_text: Some(failure.text.clone()),
        ..old.clone()
    }
}

/// The old state after an answer of any kind: no fault, no wait.
fn rested(old: &SourceState, now: DateTime<Utc>) -> SourceState {
    SourceState { last_attempt_at: Some(now), not_before: None, failures: 0, fault: None, fault_text: None, ..old.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_700_000_000 + seconds, 0).unwrap()
    }

    fn tagged(tag: &str) -> Validators {
        Validators { etag: Some(tag.to_owned()), last_modified: None }
    }

    #[test]
    fn a_good_fetch_forgets_the_faults_and_keeps_the_first_day() {
        let (first, _) = brought(&SourceState::default(), moment(0), 40, tagged("a"));
        let broken = failed(&first, moment(60), &Failure::new(FetchFault::Slow, "60 s"), 128);
        assert_eq!((broken.failures, broken.fault, broken.etag.as_deref()), (1, Some(FetchFault::Slow), Some("a")));
        assert!(broken.not_before.is_some_and(|at| at > moment(60)));
        let (well, in_keeping) = brought(&broken, moment(900), 42, tagged("b"));
        assert!(in_keeping);
        assert_eq!((well.failures, well.fault, well.not_before, well.fault_text), (0, None, None, None));
        assert_eq!((well.first_success_at, well.last_success_at), (Some(moment(0)), Some(moment(900))));
        assert_eq!((well.last_yield, well.etag.as_deref()), (Some(42), Some("b")));
    }

    #[test]
    fn half_of_the_usual_is_a_fault_until_it_is_usual() {
        let (mut state, _) = brought(&SourceState::default(), moment(0), 100, tagged("a"));
        let mut polls = 0;
        loop {
            let (next, in_keeping) = brought(&state, moment(polls), 0, tagged("a"));
            state = next;
            if in_keeping {
                break;
            }
            assert_eq!((state.fault, state.etag.as_deref(), state.last_success_at), (Some(FetchFault::Empty), None, Some(moment(0))));
            polls += 1;
        }
        assert!((20..=40).contains(&polls), "believed after {polls} polls");
        let (small, _) = brought(&SourceState::default(), moment(0), 4, tagged("a"));
        assert!(brought(&small, moment(1), 0, tagged("a")).1, "a small board may empty");
    }

    #[test]
    fn retry_after_rules_over_a_shorter_wait_of_our_own() {
        let failure = Failure::new(FetchFault::TooFast, "HTTP 429").after(Some(7_200));
        assert_eq!(failed(&SourceState::default(), moment(0), &failure, 0).not_before, Some(moment(7_200)));
    }

    #[test]
    fn an_unchanged_answer_is_a_success_that_keeps_the_validators() {
        let (old, _) = brought(&SourceState::default(), moment(0), 10, tagged("a"));
        let state = unchanged(&failed(&old, moment(1), &Failure::new(FetchFault::Slow, ""), 0), moment(2));
        assert_eq!((state.failures, state.fault, state.etag.as_deref()), (0, None, Some("a")));
        assert_eq!(state.last_success_at, Some(moment(2)));
    }
}
