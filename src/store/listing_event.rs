//! What happened to listings after they were published.

use chrono::{DateTime, Utc};
use sqlx::FromRow;

use super::cell::{Cells, to_json};
use super::db::Store;
use super::error::StoreError;
use super::wire::{Tx, id_list, portions, values};
use crate::domain::listing_event::Difference;
use crate::domain::{ListingEvent, ListingEventKind, ListingId};

const ADD: &str = "INSERT INTO listing_event (listing_id, event, happened_at, detail) VALUES ($1, $2, $3, $4)";
/// For the listings of a list that are closed.
pub(super) const ADD_RELISTED: &str = concat!(
    "INSERT INTO listing_event (listing_id, event, happened_at, detail) \
     SELECT id, 'relisted', $17, '[]' FROM listing WHERE closed_at IS NOT NULL AND id IN ",
    id_list!()
);
/// For the listings of a list that are open.
pub(super) const ADD_CLOSED: &str = concat!(
    "INSERT INTO listing_event (listing_id, event, happened_at, detail) \
     SELECT id, 'closed', $17, '[]' FROM listing WHERE closed_at IS NULL AND id IN ",
    id_list!()
);
const SINCE: &str = concat!(
    "SELECT id, listing_id, event, happened_at, detail FROM listing_event WHERE happened_at > $17 AND listing_id IN ",
    id_list!(),
    " ORDER BY happened_at, id"
);
const FORGET: &str = "DELETE FROM listing_event WHERE id IN (SELECT id FROM listing_event WHERE happened_at < $1 LIMIT $2)";

/// Statements of this file, for the test that prepares them all.
#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[ADD, ADD_RELISTED, ADD_CLOSED, SINCE, FORGET];

/// Keeps one event.
pub(super) async fn add(
    tx: &mut Tx,
    listing: ListingId,
    kind: ListingEventKind,
    now: DateTime<Utc>,
    differences: &[Difference],
) -> Result<(), StoreError> {
    let detail = to_json("listing_event", &differences)?;
    tx.run(ADD, values![listing, kind.as_str(), now, &detail]).await.map(drop)
}

impl Store {
    /// What happened to these listings after `since`, oldest first within each listing.
    ///
    /// # Errors
    /// The database's own, or a row that does not read.
    pub async fn listing_events(&self, ids: &[ListingId], since: DateTime<Utc>) -> Result<Vec<ListingEvent>, StoreError> {
        let mut ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
        ids.sort_unstable();
        ids.dedup();
        let mut found = Vec::new();
        for portion in portions(&ids) {
            let mut values: Vec<_> = portion.into_iter().map(Into::into).collect();
            values.push(since.into());
            let rows: Vec<EventRow> = self.reader.rows(SINCE, &values).await?;
            for row in rows {
                found.push(row.event()?);
            }
        }
        Ok(found)
    }

    /// Forgets at most `limit` events before a moment; how many.
    ///
    /// # Errors
    /// The database's own.
    pub async fn forget_listing_events(&self, before: DateTime<Utc>, limit: u32) -> Result<u64, StoreError> {
        let mut tx = self.begin().await?;
        let forgotten = tx.run(FORGET, values![before, limit]).await?;
        tx.commit().await?;
        Ok(forgotten)
    }
}

#[derive(FromRow)]
struct EventRow {
    id: i64,
    listing_id: i64,
    event: String,
    happened_at: i64,
    detail: String,
}

impl EventRow {
    fn event(self) -> Result<ListingEvent, StoreError> {
        let cells = Cells { table: "listing_event", row: self.id };
        Ok(ListingEvent {
            listing: ListingId(self.listing_id),
            kind: cells.word(&self.event)?,
            happened_at: cells.time(self.happened_at)?,
            differences: cells.json(&self.detail)?,
        })
    }
}
