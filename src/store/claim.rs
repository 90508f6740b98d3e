//! Claims deliveries: each goes to exactly one worker, with whom it is for.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use sqlx::FromRow;

use super::db::Store;
use super::error::StoreError;
use super::outbox::{Claimed, DeliveryRow, delivery_columns};
use super::subscriber::{SubscriberRow, subscriber_columns};
use super::subscription::SubscriptionRow;
use super::wire::{IDS, Value, id_list, portions, values};
use crate::domain::{DeliveryId, DeliveryState, Subscription};

/// A delivery, whom it is for, and the subscription where it has not ended.
macro_rules! with_owner {
    () => {
        concat!(
            "SELECT ",
            delivery_columns!(),
            ", ",
            subscriber_columns!(),
            ", subscription.name AS s_name, subscription.preferences AS s_preferences, subscription.cadence AS s_cadence, \
             subscription.feedback AS s_feedback, subscription.decided_seq AS s_decided_seq, \
             subscription.due_at AS s_due_at, subscription.welcomed AS s_welcomed, subscription.created_at AS s_created_at \
             FROM delivery AS d JOIN subscriber ON subscriber.id = d.subscriber_id \
             LEFT JOIN subscription ON subscription.id = d.subscription_id AND subscription.ended_at IS NULL "
        )
    };
}

// `+`: SQLite would look for due letters by another index and sort them all, with everything of each, for the first few.
macro_rules! claimable {
    () => {
        concat!(
            with_owner!(),
            "WHERE d.state IN ('queued', 'retrying', 'unknown') AND d.ended_at IS NULL AND +d.due_at <= $17 \
             AND (d.priority = 0 OR d.domain NOT IN ",
            id_list!(),
            ") ORDER BY d.priority, d.due_at, d.id LIMIT $18"
        )
    };
}

const SUPPRESSED: &str = concat!("SELECT email_digest FROM suppression WHERE email_digest IN ", id_list!());
/// Confirmations and lost links: somebody waits for them.
const URGENT_DUE: &str = "SELECT id FROM delivery WHERE state IN ('queued', 'retrying', 'unknown') AND ended_at IS NULL AND priority = 0 \
     AND due_at <= $1 LIMIT 1";

/// SQLite has the write lock already; on Postgres a worker passes over the rows that another one is just claiming.
const CLAIMABLE_SQLITE: &str = claimable!();
const CLAIMABLE_POSTGRES: &str = concat!(claimable!(), " FOR UPDATE OF d SKIP LOCKED");
const UNDER_WAY: &str = concat!(with_owner!(), "WHERE d.state = 'sending' AND d.id > $1 ORDER BY d.id LIMIT $2");
const CLAIM: &str = concat!("UPDATE delivery SET state = 'leased', lease_until = $17 WHERE id IN ", id_list!());
/// A letter that cannot be read back is parked, so that it costs only itself and not the outbox.
const SET_ASIDE: &str = "UPDATE delivery SET state = 'parked', detail = $2 WHERE id = $1";

/// Statements of this file for both databases, for the test that prepares them all.
#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[CLAIMABLE_SQLITE, UNDER_WAY, CLAIM, SET_ASIDE, URGENT_DUE, SUPPRESSED];
/// The statement that only Postgres knows.
#[cfg(test)]
pub(super) const POSTGRES_STATEMENTS: &[&str] = &[CLAIMABLE_POSTGRES];

/// Fills up a list of domains; no address has it.
const NO_DOMAIN: &str = "-";

impl Store {
    /// Domains that one claim can pass over.
    pub const PASSED_OVER: usize = IDS;

    /// Claims up to `limit` deliveries that are due, by priority and then age: state `leased`, lease set.
    /// One that does not read back is parked and logged.
    ///
    /// # Errors
    /// The database's own; then nothing is claimed.
    pub async fn claim(&self, now: DateTime<Utc>, lease_until: DateTime<Utc>, limit: u32) -> Result<Vec<Claimed>, StoreError> {
        self.claim_beside(&[], now, lease_until, limit).await
    }

    /// The same, passing over up to [`Store::PASSED_OVER`] domains: of those the worker has enough. A confirmation is never passed over.
    ///
    /// # Errors
    /// The database's own; then nothing is claimed.
    pub async fn claim_beside(
        &self,
        domains: &[String],
        now: DateTime<Utc>,
        lease_until: DateTime<Utc>,
        limit: u32,
    ) -> Result<Vec<Claimed>, StoreError> {
        let mut tx = self.begin().await?;
        let mut values: Vec<Value<'_>> = (0..IDS).map(|index| domains.get(index).map_or(NO_DOMAIN, String::as_str).into()).collect();
        values.extend([now.into(), limit.into()]);
        let rows: Vec<ClaimRow> = tx.rows(tx.choose(CLAIMABLE_SQLITE, CLAIMABLE_POSTGRES), &values).await?;
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let mut claimed = Vec::with_capacity(rows.len());
        for row in rows {
            let id = row.delivery.id;
            match row.claimed() {
                Ok(mut one) => {
                    one.delivery.state = DeliveryState::Leased;
                    claimed.push(one);
                }
                Err(error) => {
                    tracing::error!(delivery = id, ?error, "a delivery does not read back and is parked");
                    tx.run(SET_ASIDE, values![id, &error.to_string()]).await?;
                }
            }
        }
        let ids: Vec<i64> = claimed.iter().map(|one| one.delivery.id.0).collect();
        for portion in portions(&ids) {
            let mut values: Vec<_> = portion.into_iter().map(Into::into).collect();
            values.push(lease_until.into());
            tx.run(CLAIM, &values).await?;
        }
        tx.commit().await?;
        Ok(claimed)
    }

    /// Whether a confirmation or a lost link is due.
    ///
    /// # Errors
    /// The database's own.
    pub async fn urgent_due(&self, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let row: Option<(i64,)> = self.reader.row(URGENT_DUE, values![now]).await?;
        Ok(row.is_some())
    }

    /// Which addresses of these, by their keyed digests, are never to be mailed.
    ///
    /// # Errors
    /// The database's own.
    pub async fn suppressed(&self, digests: &[String]) -> Result<HashSet<String>, StoreError> {
        let mut suppressed = HashSet::new();
        for portion in digests.chunks(IDS) {
            let values: Vec<Value<'_>> = portion.iter().chain(portion.last().into_iter().cycle()).take(IDS).map(Into::into).collect();
            let rows: Vec<(String,)> = self.reader.rows(SUPPRESSED, &values).await?;
            suppressed.extend(rows.into_iter().map(|(digest,)| digest));
        }
        Ok(suppressed)
    }

    /// What is being sent, after an id, at most `limit`: for a process that takes up what another one left.
    ///
    /// # Errors
    /// The database's own, or a row that does not read.
    pub async fn under_way(&self, after: DeliveryId, limit: u32) -> Result<Vec<Claimed>, StoreError> {
        let rows: Vec<ClaimRow> = self.reader.rows(UNDER_WAY, values![after, limit]).await?;
        rows.into_iter().map(ClaimRow::claimed).collect()
    }
}

#[derive(FromRow)]
struct ClaimRow {
    #[sqlx(flatten)]
    delivery: DeliveryRow,
    #[sqlx(flatten)]
    subscriber: SubscriberRow,
    s_name: Option<String>,
    s_preferences: Option<String>,
    s_cadence: Option<String>,
    s_feedback: Option<String>,
    s_decided_seq: Option<i64>,
    s_due_at: Option<i64>,
    s_welcomed: Option<bool>,
    s_created_at: Option<i64>,
}

impl ClaimRow {
    fn claimed(mut self) -> Result<Claimed, StoreError> {
        let subscription = self.take_subscription()?;
        Ok(Claimed { delivery: self.delivery.delivery()?, subscriber: self.subscriber.subscriber()?, subscription })
    }

    fn take_subscription(&mut self) -> Result<Option<Subscription>, StoreError> {
        let (Some(id), Some(name), Some(preferences), Some(cadence), Some(decided_seq), Some(welcomed), Some(created_at)) = (
            self.delivery.subscription_id,
            self.s_name.take(),
            self.s_preferences.take(),
            self.s_cadence.take(),
            self.s_decided_seq,
            self.s_welcomed,
            self.s_created_at,
        ) else {
            return Ok(None);
        };
        let subscriber_id = self.delivery.subscriber_id;
        let (due_at, feedback) = (self.s_due_at, self.s_feedback.take().unwrap_or_else(|| "[]".to_owned()));
        SubscriptionRow { id, subscriber_id, name, preferences, cadence, feedback, decided_seq, due_at, welcomed, created_at }
            .subscription()
            .map(Some)
    }
}
