//! A clock that is set back: what was reckoned by the time before would come late by as much as the clock was wrong.

use chrono::{DateTime, TimeDelta, Utc};
use tracing::{error, warn};

use crate::store::Store;

/// Clocks are adjusted by so much all the time; it is not worth a look into the database.
const SMALL: TimeDelta = TimeDelta::minutes(1);

/// The latest time that anybody has seen.
#[derive(Debug)]
pub(super) struct LatestSeen(DateTime<Utc>);

impl LatestSeen {
    /// The time of the newest row, which may have been written by a clock that was set back while nobody ran.
    pub(super) async fn of(store: &Store, now: DateTime<Utc>) -> Self {
        Self(store.newest_row().await.ok().flatten().unwrap_or(now).max(now))
    }

    /// Looks at the clock, and brings forward what was reckoned by a later time.
    pub(super) async fn look(&mut self, store: &Store, now: DateTime<Utc>) {
        if self.0 - now <= SMALL {
            self.0 = self.0.max(now);
            return;
        }
        match store.bring_forward(now).await {
            Ok(brought_forward) => {
                warn!(by_seconds = (self.0 - now).num_seconds(), brought_forward, "the clock was set back");
                self.0 = now;
            }
            Err(fault) => error!(detail = ?fault, "what was due by the clock before cannot be brought forward; it is tried again"),
        }
    }
}
