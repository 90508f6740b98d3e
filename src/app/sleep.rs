//! How loops sleep: never for long without a look at the clock, and never past the stop.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio_util::sync::CancellationToken;

use crate::store::StoreError;

/// The wall clock is looked at this often: timers do not see clocks that are set or machines that sleep.
pub(super) const LONGEST_SLEEP: Duration = Duration::from_mins(1);
/// Who was called has to be heard of within this time: a question to the database lies between.
pub(super) const WAKES_WITHIN: Duration = Duration::from_secs(30);
/// What cannot be done now, or known, is tried again after this time.
pub(super) const LATER: TimeDelta = TimeDelta::minutes(1);

/// The moment the database names; where it names none because it cannot be read, it is asked again a little later.
pub(super) fn moment(said: Result<Option<DateTime<Utc>>, StoreError>, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    said.unwrap_or(Some(now + LATER))
}

/// Sleeps unless stopped.
pub(super) async fn pause(wait: Duration, stop: &CancellationToken) {
    tokio::select! {
        () = stop.cancelled() => {}
        () = tokio::time::sleep(wait) => {}
    }
}
