//! Where we left off with each source.

use super::cell::{Cells, to_json};
use super::db::Store;
use super::error::StoreError;
use super::wire::values;
use crate::domain::SourceState;

const ONE: &str = "SELECT state FROM source_state WHERE name = $1";
const ALL: &str = "SELECT name, state FROM source_state ORDER BY name";
/// Also part of recording a fetch.
pub(super) const SAVE: &str =
    "INSERT INTO source_state (name, state) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET state = EXCLUDED.state";

/// Statements of this file, for the test that prepares them all.
#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[ONE, ALL, SAVE];

impl Store {
    /// The state of a source; the default where it was never asked.
    ///
    /// # Errors
    /// The database's own, or a row that does not read.
    pub async fn source_state(&self, name: &str) -> Result<SourceState, StoreError> {
        let row: Option<(String,)> = self.reader.row(ONE, values![name]).await?;
        row.map_or_else(|| Ok(SourceState::default()), |(state,)| read_state(name, &state))
    }

    /// The states of all sources ever asked, by name.
    ///
    /// # Errors
    /// The database's own, or a row that does not read.
    pub async fn source_states(&self) -> Result<Vec<(String, SourceState)>, StoreError> {
        let rows: Vec<(String, String)> = self.reader.rows(ALL, values![]).await?;
        rows.into_iter().map(|(name, state)| read_state(&name, &state).map(|state| (name, state))).collect()
    }

    /// Keeps the state of a source after a fetch that brought nothing to record.
    ///
    /// # Errors
    /// The database's own.
    pub async fn save_source_state(&self, name: &str, state: &SourceState) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        tx.run(SAVE, values![name, &to_json("source_state", state)?]).await?;
        tx.commit().await
    }
}

fn read_state(name: &str, state: &str) -> Result<SourceState, StoreError> {
    // The key of this table is a name, which says more than a number.
    Cells { table: "source_state", row: 0 }.json(state).map_err(|error| match error {
        StoreError::Row { table, fault, .. } => StoreError::Row { table, row: name.to_owned(), fault },
        other => other,
    })
}
