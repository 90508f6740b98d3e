//! Figures for `status`, readiness and metrics.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::cell::Cells;
use super::db::Store;
use super::error::StoreError;
use super::outbox::NEXT_DUE;
use super::wire::values;

/// How the whole stands.
#[derive(Debug, Clone, Default, PartialEq, serde::Serialize, utoipa::ToSchema)]
pub struct StoreStatus {
    /// Deliveries queued, being sent or waiting for another attempt.
    pub pending: u64,
    /// Age of the oldest pending delivery that is due, in seconds.
    pub oldest_pending_seconds: Option<i64>,
    /// Deliveries sent, of those still kept: they go with their reader and with age, the counts by day stay.
    pub delivered: u64,
    /// Deliveries given up, of those still kept.
    pub failed: u64,
    /// Deliveries that wait for the operator: `rolecall delivery list` shows them.
    pub parked: u64,
    /// Deliveries that may have arrived; some wait for their one more attempt.
    pub unknown: u64,
    /// Deliveries by state.
    pub deliveries: BTreeMap<String, u64>,
    /// Mails that came back and are remembered, by kind.
    pub returned: BTreeMap<String, u64>,
    /// Subscribers by state.
    pub subscribers: BTreeMap<String, u64>,
    /// Confirmed subscriptions that have not ended.
    pub subscriptions: u64,
    /// Listings that are open, each board's own: a job that two boards have is two.
    pub open_listings: u64,
    /// Open jobs as `/jobs` shows them: a job that two boards have is one, and what has ended by its own word is none.
    pub open_jobs: u64,
    /// Listings that are closed.
    pub closed_listings: u64,
    /// The newest published `seq`.
    pub newest_seq: i64,
}

const DELIVERIES: &str = "SELECT state, COUNT(*) FROM delivery GROUP BY state";
const PENDING: &str = "SELECT COUNT(*) FROM delivery WHERE ended_at IS NULL AND state <> 'parked'";
const SUBSCRIBERS: &str = "SELECT state, COUNT(*) FROM subscriber GROUP BY state";
const SUBSCRIPTIONS: &str = "SELECT COUNT(*) FROM subscription WHERE confirmed_at IS NOT NULL AND ended_at IS NULL";
const LISTINGS: &str = "SELECT COUNT(*) FILTER (WHERE closed_at IS NULL), COUNT(*) FILTER (WHERE closed_at IS NOT NULL) FROM listing";

/// Statements of this file, for the test that prepares them all.
#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[DELIVERIES, PENDING, SUBSCRIBERS, SUBSCRIPTIONS, LISTINGS];

/// What there is, for figures: without the letters, of which there are many.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Stock {
    /// Subscribers by state.
    pub subscribers: BTreeMap<String, u64>,
    /// Confirmed subscriptions that have not ended.
    pub subscriptions: u64,
    /// Listings by state: `open`, `closed`.
    pub listings: BTreeMap<String, u64>,
}

impl Store {
    /// Counts people, alerts and listings.
    ///
    /// # Errors
    /// The database's own.
    pub async fn stock(&self) -> Result<Stock, StoreError> {
        let subscriptions: Option<(i64,)> = self.reader.row(SUBSCRIPTIONS, values![]).await?;
        let listings: Option<(i64, i64)> = self.reader.row(LISTINGS, values![]).await?;
        let cells = Cells { table: "listing", row: 0 };
        let (open, closed) = listings.unwrap_or_default();
        Ok(Stock {
            subscribers: self.counts("subscriber", SUBSCRIBERS).await?,
            subscriptions: cells.count(subscriptions.map_or(0, |(count,)| count))?,
            listings: BTreeMap::from([("open".to_owned(), cells.count(open)?), ("closed".to_owned(), cells.count(closed)?)]),
        })
    }

    /// Counts everything at `now`.
    ///
    /// # Errors
    /// The database's own.
    pub async fn status(&self, now: DateTime<Utc>) -> Result<StoreStatus, StoreError> {
        let deliveries = self.counts("delivery", DELIVERIES).await?;
        let of = |states: &[&str]| states.iter().filter_map(|state| deliveries.get(*state)).sum();
        let subscriptions: Option<(i64,)> = self.reader.row(SUBSCRIPTIONS, values![]).await?;
        let pending: Option<(i64,)> = self.reader.row(PENDING, values![]).await?;
        let listings: Option<(i64, i64)> = self.reader.row(LISTINGS, values![]).await?;
        let oldest: Option<(Option<i64>,)> = self.reader.row(NEXT_DUE, values![]).await?;
        let oldest = oldest.and_then(|(due_at,)| due_at).filter(|due_at| *due_at <= now.timestamp_millis());
        let cells = Cells { table: "listing", row: 0 };
        let (open, closed) = listings.unwrap_or_default();
        Ok(StoreStatus {
            pending: cells.count(pending.map_or(0, |(count,)| count))?,
            oldest_pending_seconds: oldest.map(|due_at| (now.timestamp_millis() - due_at) / 1_000),
            delivered: of(&["sent"]),
            failed: of(&["failed"]),
            parked: of(&["parked"]),
            unknown: of(&["unknown"]),
            returned: self.returned_since(DateTime::UNIX_EPOCH).await?,
            subscribers: self.counts("subscriber", SUBSCRIBERS).await?,
            subscriptions: cells.count(subscriptions.map_or(0, |(count,)| count))?,
            open_listings: cells.count(open)?,
            open_jobs: self.open_jobs(now).await?,
            closed_listings: cells.count(closed)?,
            newest_seq: self.newest_seq().await?.0,
            deliveries,
        })
    }

    async fn counts(&self, table: &'static str, sql: &'static str) -> Result<BTreeMap<String, u64>, StoreError> {
        let rows: Vec<(String, i64)> = self.reader.rows(sql, values![]).await?;
        let cells = Cells { table, row: 0 };
        rows.into_iter().map(|(state, count)| Ok((state, cells.count(count)?))).collect()
    }
}
