//! How a source's state moves with each fetch: answered, unchanged, failed, shrunk.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use crate::domain::{FetchFault, SourceState};
use crate::sources::failure::Failure;

/// A board that usually has fewer postings than this may lose half of them without anything being wrong; not all of them.
const MANY: f64 = 5.0;

/// An answer that is much too small is believed once the source has given no other for this long: outages and broken answers of
/// platforms last hours.
const BELIEVED_AFTER: TimeDelta = TimeDelta::hours(24);

/// How much one fetch moves the usual yield: slow, so that one odd answer does not become usual.
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
    let since = if old.fault == Some(FetchFault::Empty) { old.fault_since.unwrap_or(now) } else { now };
    let shrunk = has_shrunk(usual, count) && now - since < BELIEVED_AFTER;
    let mut state = rested(old, now);
    state.last_yield = Some(count);
    if shrunk {
        state.usual_yield = Some(usual);
        state.fault_since = Some(since);
        let failure = Failure::new(FetchFault::Empty, format!("{count} postings where there are usually about {usual:.0}"));
        state.fault = Some(failure.fault);
        state.fault_text = Some(failure.text);
        // Without validators the next fetch gets the whole answer again, not "unchanged".
        (state.etag, state.last_modified) = (None, None);
    } else {
        let believed = has_shrunk(usual, count);
        state.usual_yield = Some(if believed { f64::from(count) } else { usual + WEIGHT * (f64::from(count) - usual) });
        state.first_success_at = old.first_success_at.or(Some(now));
        state.last_success_at = Some(now);
        (state.etag, state.last_modified) = (validators.etag, validators.last_modified);
    }
    (state, !shrunk)
}

/// The source answered, but not everything in the answer is right. It stands beside the success; the answer is asked for whole again.
pub fn flawed(state: &SourceState, old: &SourceState, now: DateTime<Utc>, flaw: String) -> SourceState {
    let fault = Some(FetchFault::Flawed);
    let fault_since = old.fault_since.filter(|_| old.fault == fault).or(Some(now));
    SourceState { fault, fault_text: Some(flaw), fault_since, etag: None, last_modified: None, ..state.clone() }
}

/// Whether a count is in keeping with what the source used to bring.
pub fn in_keeping(old: &SourceState, count: usize) -> bool {
    let count = u32::try_from(count).unwrap_or(u32::MAX);
    !old.usual_yield.is_some_and(|usual| has_shrunk(usual, count))
}

/// Less than half of many, or nothing at all where there usually is something.
fn has_shrunk(usual: f64, count: u32) -> bool {
    usual >= MANY && f64::from(count) < usual / 2.0 || usual >= 0.5 && count == 0
}

/// The source failed; `chance` spreads the wait.
pub fn failed(old: &SourceState, now: DateTime<Utc>, failure: &Failure, chance: u8) -> SourceState {
    let failures = old.failures.saturating_add(1);
    let own = failure.waits.after(failures, chance);
    let wait = failure.retry_after.map_or(own, |seconds| Duration::from_secs(seconds).max(own));
    SourceState {
        last_attempt_at: Some(now),
        not_before: Some(now + wait),
        failures,
        fault: Some(failure.fault),
        fault_text: Some(failure.text.clone()),
        fault_since: Some(old.fault_since.unwrap_or(now)),
        ..old.clone()
    }
}

/// The old state after an answer of any kind: no fault, no wait.
fn rested(old: &SourceState, now: DateTime<Utc>) -> SourceState {
    let (fault, fault_text, fault_since) = (None, None, None);
    SourceState { last_attempt_at: Some(now), not_before: None, failures: 0, fault, fault_text, fault_since, ..old.clone() }
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
    fn half_of_the_usual_and_nothing_at_all_are_faults_until_a_day_has_passed() {
        const HOUR: i64 = 3_600;
        for (usual, now) in [(100, 0), (100, 49), (3, 0)] {
            let (full, _) = brought(&SourceState::default(), moment(0), usual, tagged("a"));
            let (mut state, in_keeping) = brought(&full, moment(HOUR), now, tagged("b"));
            assert!(!in_keeping, "{now} of {usual}");
            assert_eq!((state.fault, state.etag.as_deref(), state.last_success_at), (Some(FetchFault::Empty), None, Some(moment(0))));
            state =
                brought(&failed(&state, moment(5 * HOUR), &Failure::new(FetchFault::Slow, ""), 0), moment(24 * HOUR), now, tagged("b")).0;
            assert_eq!(state.fault, Some(FetchFault::Empty), "a failure in between is no answer: the day begins anew");
            let (state, in_keeping) = brought(&state, moment(48 * HOUR), now, tagged("b"));
            assert!(in_keeping && state.fault.is_none(), "{now} of {usual} after a day");
            assert_eq!(state.usual_yield, Some(f64::from(u32::try_from(now).unwrap())));
        }
        let (small, _) = brought(&SourceState::default(), moment(0), 4, tagged("a"));
        assert!(brought(&small, moment(1), 1, tagged("a")).1, "a small board may lose most of its jobs");
        let (empty, _) = brought(&SourceState::default(), moment(0), 0, tagged("a"));
        assert!(brought(&empty, moment(1), 0, tagged("a")).1, "an empty board may stay empty");
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
