//! Subscriptions, read.

use chrono::{DateTime, Utc};
use sqlx::FromRow;

use super::cell::Cells;
use super::db::Store;
use super::error::StoreError;
use super::wire::values;
use crate::domain::{Seq, SubscriberId, Subscription, SubscriptionId};

macro_rules! subscription_columns {
    () => {
        "subscription.id, subscription.subscriber_id, subscription.name, subscription.preferences, subscription.cadence, subscription.feedback, \
         subscription.decided_seq, subscription.due_at, subscription.welcomed, subscription.created_at"
    };
}
pub(super) use subscription_columns;

/// Confirmed subscriptions that have not ended, of subscribers who get alerts.
macro_rules! active {
    () => {
        concat!(
            "SELECT ",
            subscription_columns!(),
            " FROM subscription JOIN subscriber ON subscriber.id = subscription.subscriber_id \
             WHERE subscriber.state = 'active' AND subscription.confirmed_at IS NOT NULL AND subscription.ended_at IS NULL"
        )
    };
}

const ONE: &str =
    concat!("SELECT ", subscription_columns!(), " FROM subscription WHERE subscription.id = $1 AND subscription.ended_at IS NULL");
const OF_SUBSCRIBER: &str = concat!(
    "SELECT ",
    subscription_columns!(),
    " FROM subscription WHERE subscription.subscriber_id = $1 AND subscription.confirmed_at IS NOT NULL AND subscription.ended_at \
     IS NULL ORDER BY subscription.id"
);
/// Ended ones as well.
const EVER_OF_SUBSCRIBER: &str = concat!(
    "SELECT ",
    subscription_columns!(),
    " FROM subscription WHERE subscription.subscriber_id = $1 AND subscription.confirmed_at IS NOT NULL ORDER BY subscription.id"
);
const ACTIVE: &str = concat!(active!(), " AND subscription.id > $1 ORDER BY subscription.id LIMIT $2");
pub(super) const SLEEPING: &str = concat!(
    active!(),
    " AND subscription.instant AND subscription.welcomed AND subscription.due_at IS NULL AND subscription.id > $1 ORDER BY \
     subscription.id LIMIT $2"
);
pub(super) const DUE: &str =
    concat!(active!(), " AND subscription.welcomed AND subscription.due_at <= $1 ORDER BY subscription.due_at, subscription.id LIMIT $2");
pub(super) const UNWELCOMED: &str = concat!(active!(), " AND NOT subscription.welcomed ORDER BY subscription.id LIMIT $1");
const NEXT_DUE: &str = concat!(
    active!(),
    " AND subscription.welcomed AND subscription.due_at IS NOT NULL ORDER BY subscription.due_at, subscription.id LIMIT 1"
);

/// Statements of this file, for the test that prepares them all.
#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[ONE, OF_SUBSCRIBER, EVER_OF_SUBSCRIBER, ACTIVE, SLEEPING, DUE, UNWELCOMED, NEXT_DUE];

impl Store {
    /// One subscription that has not ended.
    ///
    /// # Errors
    /// The database's own, or a row that does not read.
    pub async fn subscription(&self, id: SubscriptionId) -> Result<Option<Subscription>, StoreError> {
        let row: Option<SubscriptionRow> = self.reader.row(ONE, values![id]).await?;
        row.map(SubscriptionRow::subscription).transpose()
    }

    /// The confirmed subscriptions of a subscriber that have not ended, oldest first.
    ///
    /// # Errors
    /// The database's own, or a row that does not read.
    pub async fn subscriptions_of(&self, id: SubscriberId) -> Result<Vec<Subscription>, StoreError> {
        read(self.reader.rows(OF_SUBSCRIBER, values![id]).await?)
    }

    /// As [`Store::subscriptions_of`], with those that have ended, as long as they are kept.
    ///
    /// # Errors
    /// The database's own, or a row that does not read.
    pub async fn subscriptions_ever_of(&self, id: SubscriberId) -> Result<Vec<Subscription>, StoreError> {
        read(self.reader.rows(EVER_OF_SUBSCRIBER, values![id]).await?)
    }

    /// Confirmed subscriptions of active subscribers with an id above `after`, by id: for `replay` and the instant scan.
    ///
    /// # Errors
    /// The database's own, or a row that does not read.
    pub async fn active_subscriptions(&self, after: SubscriptionId, limit: u32) -> Result<Vec<Subscription>, StoreError> {
        read(self.reader.rows(ACTIVE, values![after, limit]).await?)
    }

    /// Instant ones among [`Store::active_subscriptions`] that no hit has woken yet (`due_at` is none) and whose welcome is queued.
    ///
    /// # Errors
    /// The database's own, or a row that does not read.
    pub async fn sleeping_instant_subscriptions(&self, after: SubscriptionId, limit: u32) -> Result<Vec<Subscription>, StoreError> {
        read(self.reader.rows(SLEEPING, values![after, limit]).await?)
    }

    /// Welcomed subscriptions of active subscribers that are due at `now`, most overdue first.
    ///
    /// # Errors
    /// The database's own, or a row that does not read.
    pub async fn due_subscriptions(&self, now: DateTime<Utc>, limit: u32) -> Result<Vec<Subscription>, StoreError> {
        read(self.reader.rows(DUE, values![now, limit]).await?)
    }

    /// Confirmed subscriptions of active subscribers whose welcome letter has not been queued.
    ///
    /// # Errors
    /// The database's own, or a row that does not read.
    pub async fn unwelcomed_subscriptions(&self, limit: u32) -> Result<Vec<Subscription>, StoreError> {
        read(self.reader.rows(UNWELCOMED, values![limit]).await?)
    }

    /// When the next subscription of an active subscriber is due; now-or-earlier where a welcome is owed.
    ///
    /// # Errors
    /// The database's own, or a row that does not read.
    pub async fn next_subscription_due(&self) -> Result<Option<DateTime<Utc>>, StoreError> {
        if let Some(owed) = self.unwelcomed_subscriptions(1).await?.first() {
            return Ok(Some(owed.created_at));
        }
        let row: Option<SubscriptionRow> = self.reader.row(NEXT_DUE, values![]).await?;
        Ok(row.map(SubscriptionRow::subscription).transpose()?.and_then(|subscription| subscription.due_at))
    }
}

fn read(rows: Vec<SubscriptionRow>) -> Result<Vec<Subscription>, StoreError> {
    rows.into_iter().map(SubscriptionRow::subscription).collect()
}

#[derive(FromRow)]
pub(super) struct SubscriptionRow {
    pub(super) id: i64,
    pub(super) subscriber_id: i64,
    pub(super) name: String,
    pub(super) preferences: String,
    pub(super) cadence: String,
    pub(super) feedback: String,
    pub(super) decided_seq: i64,
    pub(super) due_at: Option<i64>,
    pub(super) welcomed: bool,
    pub(super) created_at: i64,
}

impl SubscriptionRow {
    pub(super) fn subscription(self) -> Result<Subscription, StoreError> {
        let cells = Cells { table: "subscription", row: self.id };
        Ok(Subscription {
            id: SubscriptionId(self.id),
            subscriber: SubscriberId(self.subscriber_id),
            name: self.name,
            preferences: cells.json(&self.preferences)?,
            cadence: cells.json(&self.cadence)?,
            feedback: cells.json(&self.feedback)?,
            cursor: Seq(self.decided_seq),
            due_at: cells.maybe_time(self.due_at)?,
            welcomed: self.welcomed,
            created_at: cells.time(self.created_at)?,
        })
    }
}
