//! What is kept no longer: rows are deleted by their age, a bounded number in each transaction, and their bytes are overwritten.

use chrono::{DateTime, Utc};

use super::db::Store;
use super::error::StoreError;
use super::open;
use super::wire::{Pool, values};

/// Listings that another one is the same job as stay as long as that one does.
const CLOSED_LISTINGS: &str = "DELETE FROM listing WHERE id IN (SELECT old.id FROM listing AS old WHERE old.closed_at < $1 \
     AND NOT EXISTS (SELECT 1 FROM listing AS twin WHERE twin.job_id = old.id AND twin.id <> old.id) \
     AND NOT EXISTS (SELECT 1 FROM listing AS card WHERE card.card_id = old.id AND card.id <> old.id) LIMIT $2)";
const ENDED_DELIVERIES: &str = "DELETE FROM delivery WHERE id IN (SELECT id FROM delivery WHERE ended_at < $1 LIMIT $2)";
/// Everything of theirs goes with them (ON DELETE CASCADE), the consent record too.
const ENDED_SUBSCRIBERS: &str =
    "DELETE FROM subscriber WHERE id IN (SELECT id FROM subscriber WHERE state = 'ended' AND since < $1 LIMIT $2)";

/// Waits for no reader, unlike the emptying.
const MOVE_LOG: &str = "PRAGMA wal_checkpoint(PASSIVE)";

/// Statements of this file, for the test that prepares them all.
#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[CLOSED_LISTINGS, ENDED_DELIVERIES, ENDED_SUBSCRIBERS];

impl Store {
    /// Deletes at most `limit` listings that closed before a moment; how many.
    ///
    /// # Errors
    /// The database's own; then none is deleted.
    pub async fn forget_closed_listings(&self, before: DateTime<Utc>, limit: u32) -> Result<u64, StoreError> {
        self.forget(CLOSED_LISTINGS, before, limit).await
    }

    /// Deletes at most `limit` letters that ended before a moment; how many. The counts by day stay.
    ///
    /// # Errors
    /// The database's own; then none is deleted.
    pub async fn forget_deliveries(&self, before: DateTime<Utc>, limit: u32) -> Result<u64, StoreError> {
        self.forget(ENDED_DELIVERIES, before, limit).await
    }

    /// Deletes at most `limit` people who left before a moment, with the record of their consent; how many.
    ///
    /// # Errors
    /// The database's own; then none is deleted.
    pub async fn forget_ended_subscribers(&self, before: DateTime<Utc>, limit: u32) -> Result<u64, StoreError> {
        self.forget(ENDED_SUBSCRIBERS, before, limit).await
    }

    /// Moves SQLite's log into the file and empties it, so that it neither grows nor keeps what was deleted; on Postgres the server's
    /// own affair. Nobody is waited for: while somebody reads what the log holds, it is left to the next time.
    pub async fn empty_log(&self) {
        let Pool::Sqlite(writer) = &self.writer else { return };
        if self.file_sizes().is_some_and(|(_, log)| log == 0) {
            return;
        }
        match sqlx::query_as::<_, (i64, i64, i64)>(MOVE_LOG).fetch_one(writer).await {
            Ok((_, frames, moved)) if frames == moved => open::sqlite_forget(writer).await,
            Ok((_, frames, moved)) => {
                tracing::info!(frames, moved, "a reader keeps the database's log from being emptied; the next sweep does it");
            }
            Err(error) => tracing::warn!(?error, "the database's log could not be moved; the next sweep does it"),
        }
    }

    async fn forget(&self, statement: &'static str, before: DateTime<Utc>, limit: u32) -> Result<u64, StoreError> {
        let mut tx = self.begin().await?;
        let forgotten = tx.run(statement, values![before, limit]).await?;
        tx.commit().await?;
        Ok(forgotten)
    }
}
