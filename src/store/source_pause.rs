//! Sources that the operator lets rest. Beside their state, which a fetch under way writes as a whole.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::db::Store;
use super::error::StoreError;
use super::source::end_wait;
use super::wire::values;

const PAUSE: &str = "INSERT INTO source_pause (source, paused_at) VALUES ($1, $2) ON CONFLICT (source) DO NOTHING";
const RESUME: &str = "DELETE FROM source_pause WHERE source = $1";
const PAUSED: &str = "SELECT source FROM source_pause ORDER BY source";

/// Statements of this file, for the test that prepares them all.
#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[PAUSE, RESUME, PAUSED];

impl Store {
    /// Lets a source rest until it is resumed; false where it rests already.
    ///
    /// # Errors
    /// The database's own.
    pub async fn pause_source(&self, name: &str, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let mut tx = self.begin().await?;
        let paused = tx.run(PAUSE, values![name, now]).await? > 0;
        tx.commit().await?;
        Ok(paused)
    }

    /// Ends the rest of a source, and its wait after failures; false where it neither rests nor waits.
    ///
    /// # Errors
    /// The database's own.
    pub async fn resume_source(&self, name: &str, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let mut tx = self.begin().await?;
        let rested = tx.run(RESUME, values![name]).await? > 0;
        let waited = end_wait(&mut tx, name, now).await?;
        tx.commit().await?;
        Ok(rested || waited)
    }

    /// The sources that rest.
    ///
    /// # Errors
    /// The database's own.
    pub async fn paused_sources(&self) -> Result<BTreeSet<String>, StoreError> {
        let rows: Vec<(String,)> = self.reader.rows(PAUSED, values![]).await?;
        Ok(rows.into_iter().map(|(name,)| name).collect())
    }
}
