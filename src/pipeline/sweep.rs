//! What has run out ends: pauses, alerts without a sign of life, claims of workers that are gone, and what is kept no longer. The people
//! there are today are noted.

use chrono::{DateTime, Utc};
use tracing::{debug, info};

use super::retention::{Forgotten, RetentionSettings, STEP, forget, in_steps};
use crate::clock::Clock;
use crate::domain::retry::RetryRules;
use crate::store::{Store, StoreError, TooOld};

/// Sweeps.
#[derive(Debug, Clone)]
pub struct SweepPass {
    /// Where from.
    pub store: Store,
    /// What becomes of letters whose worker is gone.
    pub rules: RetryRules,
    /// How long things are kept.
    pub retention: RetentionSettings,
    /// The time.
    pub clock: Clock,
}

/// What one sweep did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SweepSummary {
    /// Pauses that ended.
    pub resumed: u64,
    /// Claims given back because their lease ended.
    pub released: u64,
    /// People asked whether the alerts are still wanted, and alerts that say that they brought nothing.
    pub asked: u64,
    /// People who ended because they did not answer.
    pub expired: u64,
    /// What was deleted for its age.
    pub forgotten: Forgotten,
}

impl SweepPass {
    /// Sweeps once. Where nothing has run out, that is one question and no transaction.
    ///
    /// # Errors
    /// Those of the store; what was swept before stays swept.
    pub async fn run(&self) -> Result<SweepSummary, StoreError> {
        let now = self.clock.now();
        let old = self.retention.too_old(now);
        let run_out = self.store.run_out(now, &old).await?;
        let mut summary = SweepSummary::default();
        if !run_out.is_empty() {
            debug!(?run_out, "there is something to sweep");
            summary = self.sweep(&old, now).await?;
        }
        // Also what was deleted is gone from the log then.
        self.store.empty_log().await;
        if summary != SweepSummary::default() {
            let SweepSummary { resumed, released, asked, expired, forgotten } = summary;
            let Forgotten { unconfirmed, listings, deliveries, people, notes } = forgotten;
            info!(resumed, released, asked, expired, unconfirmed, listings, deliveries, people, notes, "swept");
        }
        Ok(summary)
    }

    async fn sweep(&self, old: &TooOld, now: DateTime<Utc>) -> Result<SweepSummary, StoreError> {
        let store = &self.store;
        let summary = SweepSummary {
            resumed: store.resume_due(now).await?,
            released: store.release_claims(Some(now), now, &self.rules).await?,
            expired: in_steps(|| store.expire(now, STEP)).await?,
            asked: in_steps(|| store.ask_for_renewal(now, STEP)).await? + in_steps(|| store.say_silence(now, STEP)).await?,
            forgotten: forget(store, old, now).await?,
        };
        store.forget_letters().await?;
        store.note_people(now).await?;
        Ok(summary)
    }
}
