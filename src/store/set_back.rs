//! After the clock was set back: what was reckoned by the time before comes when it is due by the time now.

use chrono::{DateTime, Utc};

use super::cell::Cells;
use super::db::Store;
use super::error::StoreError;
use super::wire::values;
use crate::domain::Cadence;

/// Subscriptions looked at in one transaction.
const STEP: u32 = 500;

const AHEAD: &str = "SELECT id, cadence, due_at FROM subscription WHERE due_at > $1 AND ended_at IS NULL AND id > $2 ORDER BY id LIMIT $3";
const BRING_FORWARD: &str = "UPDATE subscription SET due_at = $3 WHERE id = $1 AND due_at = $2";
const SEND_NOW: &str =
    "UPDATE delivery SET due_at = $1 WHERE state IN ('queued', 'retrying', 'unknown') AND ended_at IS NULL AND due_at > $1";

/// Statements of this file, for the test that prepares them all.
#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[AHEAD, BRING_FORWARD, SEND_NOW];

impl Store {
    /// Brings forward what lies farther ahead of `now` than it can: digests to the next moment of their cadence, instant alerts in their
    /// grouping time and letters that wait to now. How many.
    ///
    /// # Errors
    /// The database's own, or a row that does not read; what was brought forward before stays so.
    pub async fn bring_forward(&self, now: DateTime<Utc>) -> Result<u64, StoreError> {
        let mut brought = 0;
        let mut after = 0;
        loop {
            let mut tx = self.begin().await?;
            let rows: Vec<(i64, String, i64)> = tx.rows(AHEAD, values![now, after, STEP]).await?;
            let Some((last, ..)) = rows.last() else { break };
            after = *last;
            for (id, cadence, due_at) in rows {
                let cells = Cells { table: "subscription", row: id };
                let cadence: Cadence = cells.json(&cadence)?;
                let next = if cadence.is_instant() { Some(now) } else { cadence.next_due(now) };
                let due_at = cells.time(due_at)?;
                if let Some(next) = next.filter(|next| *next < due_at) {
                    brought += tx.run(BRING_FORWARD, values![id, due_at, next]).await?;
                }
            }
            tx.commit().await?;
        }
        let mut tx = self.begin().await?;
        brought += tx.run(SEND_NOW, values![now]).await?;
        tx.commit().await?;
        Ok(brought)
    }
}
