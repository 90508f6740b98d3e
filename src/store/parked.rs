//! What the operator sees and does of single deliveries.

use chrono::{DateTime, Utc};

use super::db::Store;
use super::error::StoreError;
use super::outbox::{DeliveryRecord, RecordRow, cancellable};
use super::wire::values;
use crate::domain::{DeliveryId, DeliveryState};

const IN_STATE: &str = "SELECT id, subscriber_id, kind, state, attempts, created_at, ended_at, detail, listings FROM delivery \
     WHERE state = $1 AND id > $2 ORDER BY id LIMIT $3";
const RELEASE: &str = "UPDATE delivery SET state = 'queued', due_at = $2, ended_at = NULL WHERE id = $1 AND state IN ('parked', 'unknown')";
const CANCEL: &str = concat!(
    "UPDATE delivery SET state = 'cancelled', ended_at = $2, secret = NULL, detail = 'cancelled by the operator', \
     lease_until = NULL WHERE id = $1 AND ",
    cancellable!()
);

/// Statements of this file, for the test that prepares them all.
#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[IN_STATE, RELEASE, CANCEL];

impl Store {
    /// The deliveries in a state after an id, oldest first, at most `limit`.
    ///
    /// # Errors
    /// The database's own, or a row that does not read.
    pub async fn deliveries_in(&self, state: DeliveryState, after: DeliveryId, limit: u32) -> Result<Vec<DeliveryRecord>, StoreError> {
        let rows: Vec<RecordRow> = self.reader.rows(IN_STATE, values![state.as_str(), after, limit]).await?;
        rows.into_iter().map(RecordRow::record).collect()
    }

    /// Lets parked deliveries go again, and such as may have arrived; how many.
    ///
    /// # Errors
    /// The database's own; then none is let go.
    pub async fn release_deliveries(&self, ids: &[DeliveryId], now: DateTime<Utc>) -> Result<u64, StoreError> {
        self.each(RELEASE, ids, now).await
    }

    /// Cancels deliveries that are not under way; how many.
    ///
    /// # Errors
    /// The database's own; then none is cancelled.
    pub async fn cancel_deliveries(&self, ids: &[DeliveryId], now: DateTime<Utc>) -> Result<u64, StoreError> {
        self.each(CANCEL, ids, now).await
    }

    async fn each(&self, statement: &'static str, ids: &[DeliveryId], now: DateTime<Utc>) -> Result<u64, StoreError> {
        let mut tx = self.begin().await?;
        let mut changed = 0;
        for id in ids {
            changed += tx.run(statement, values![*id, now]).await?;
        }
        tx.commit().await?;
        Ok(changed)
    }
}
