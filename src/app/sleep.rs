//! How loops sleep: never for long, never past the stop, and never without a promise to be heard of again.

use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::pulse::Beat;

/// Nobody sleeps longer than this without looking at the wall clock again: timers do not see clocks that are set or machines that sleep.
pub(super) const LONGEST_SLEEP: Duration = Duration::from_mins(1);
/// Who slept has to be heard of within this time after the alarm: a question to the database lies between.
pub(super) const WAKES_WITHIN: Duration = Duration::from_secs(30);

/// Sleeps until `due`, a wake, the longest sleep, or the stop.
pub(super) async fn rest(due: Option<DateTime<Utc>>, now: DateTime<Utc>, wake: &Notify, beat: &Beat, stop: &CancellationToken) {
    let wait = due.map_or(LONGEST_SLEEP, |due| (due - now).to_std().unwrap_or_default().min(LONGEST_SLEEP));
    beat.within(wait + WAKES_WITHIN);
    tokio::select! {
        () = stop.cancelled() => {}
        () = wake.notified() => {}
        () = tokio::time::sleep(wait) => {}
    }
}

/// Sleeps unless stopped.
pub(super) async fn pause(wait: Duration, stop: &CancellationToken) {
    tokio::select! {
        () = stop.cancelled() => {}
        () = tokio::time::sleep(wait) => {}
    }
}
