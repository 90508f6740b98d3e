//! The webhooks of alerts, as their owners see them: given, read, tested, taken away.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sqlx::FromRow;

use super::cell::Cells;
use super::db::Store;
use super::error::StoreError;
use super::subscriber::{add_consent, lock};
use super::wire::{Tx, values};
use crate::domain::subscriber::ConsentRecord;
use crate::domain::webhook::{Webhook, WebhookUrl};
use crate::domain::{SubscriberId, SubscriptionId};

macro_rules! webhook_columns {
    () => {
        "webhook.subscription_id AS h_alert, webhook.url AS h_url, webhook.nonce AS h_nonce, webhook.created_at AS h_created_at, \
         webhook.worked_at AS h_worked_at, webhook.failures AS h_failures, webhook.failing_since AS h_failing_since, \
         webhook.fault AS h_fault, webhook.detail AS h_detail, webhook.off_at AS h_off_at, \
         (SELECT COUNT(*) FROM webhook_call AS w WHERE w.subscription_id = webhook.subscription_id) AS h_waiting"
    };
}
pub(super) use webhook_columns;

const OWNER: &str = "SELECT subscriber_id FROM subscription WHERE id = $1 AND confirmed_at IS NOT NULL AND ended_at IS NULL";
/// What waits for the address of before goes to this one.
const KEEP: &str = "INSERT INTO webhook (subscription_id, url, nonce, created_at) VALUES ($1, $2, $3, $4) \
     ON CONFLICT (subscription_id) DO UPDATE SET url = EXCLUDED.url, nonce = EXCLUDED.nonce, created_at = EXCLUDED.created_at, \
     worked_at = NULL, failures = 0, failing_since = NULL, fault = NULL, detail = NULL, off_at = NULL, \
     due_at = CASE WHEN EXISTS (SELECT 1 FROM webhook_call WHERE webhook_call.subscription_id = webhook.subscription_id) THEN $4 END";
const DROP: &str = "DELETE FROM webhook WHERE subscription_id = $1";
const DROP_ALL: &str = "DELETE FROM webhook WHERE subscription_id IN (SELECT id FROM subscription WHERE subscriber_id = $1)";
const ONE: &str = concat!("SELECT ", webhook_columns!(), " FROM webhook WHERE webhook.subscription_id = $1");
const OF_SUBSCRIBER: &str = concat!(
    "SELECT ",
    webhook_columns!(),
    " FROM webhook JOIN subscription ON subscription.id = webhook.subscription_id WHERE subscription.subscriber_id = $1 \
     ORDER BY webhook.subscription_id"
);
/// A test begins anew: what was switched off is on again.
const WAKE_FOR_TEST: &str = "UPDATE webhook SET due_at = $2, failures = 0, failing_since = NULL, fault = NULL, detail = NULL, off_at = NULL \
     WHERE subscription_id = $1";
const QUEUE_TEST: &str = "INSERT INTO webhook_call (subscription_id, created_at) SELECT webhook.subscription_id, webhook.due_at FROM webhook \
     WHERE webhook.subscription_id = $1 AND NOT EXISTS (SELECT 1 FROM webhook_call AS w WHERE w.subscription_id = $1 AND w.selection IS NULL)";
const BY_STATE: &str = "SELECT CASE WHEN off_at IS NOT NULL THEN 'off' WHEN failures > 0 THEN 'failing' ELSE 'well' END AS state, COUNT(*) \
     FROM webhook GROUP BY 1";
const WAITING: &str = "SELECT COUNT(*), MIN(created_at) FROM webhook_call";

/// Statements of this file, for the test that prepares them all.
#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[OWNER, KEEP, DROP, DROP_ALL, ONE, OF_SUBSCRIBER, WAKE_FOR_TEST, QUEUE_TEST, BY_STATE, WAITING];

/// All webhooks, counted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WebhookStock {
    /// By state: `well`, `failing`, `off`.
    pub by_state: BTreeMap<String, u64>,
    /// Calls that wait.
    pub waiting: u64,
    /// Since when the oldest of them has waited.
    pub waiting_since: Option<DateTime<Utc>>,
}

impl Store {
    /// Gives an alert a webhook, in the place of the one before; false where the alert has ended.
    ///
    /// # Errors
    /// The database's own; then nothing is kept.
    pub async fn keep_webhook(
        &self,
        id: SubscriptionId,
        url: &WebhookUrl,
        nonce: &str,
        consent: &ConsentRecord,
    ) -> Result<bool, StoreError> {
        let mut tx = self.begin().await?;
        let Some(owner) = owner(&mut tx, id).await? else { return Ok(false) };
        tx.run(KEEP, values![id, url.as_str(), nonce, consent.at]).await?;
        add_consent(&mut tx, owner, consent).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Takes the webhook of an alert away, with what waits for it; false where there is none.
    ///
    /// # Errors
    /// The database's own.
    pub async fn drop_webhook(&self, id: SubscriptionId, consent: &ConsentRecord) -> Result<bool, StoreError> {
        let mut tx = self.begin().await?;
        let Some(owner) = owner(&mut tx, id).await? else { return Ok(false) };
        if tx.run(DROP, values![id]).await? == 0 {
            return Ok(false);
        }
        add_consent(&mut tx, owner, consent).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Queues a test, unless one waits, and switches a webhook on again; false where there is none.
    ///
    /// # Errors
    /// The database's own.
    pub async fn test_webhook(&self, id: SubscriptionId, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let mut tx = self.begin().await?;
        if owner(&mut tx, id).await?.is_none() || tx.run(WAKE_FOR_TEST, values![id, now]).await? == 0 {
            return Ok(false);
        }
        tx.run(QUEUE_TEST, values![id]).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// The webhook of an alert.
    ///
    /// # Errors
    /// The database's own, or a row that does not read.
    pub async fn webhook(&self, id: SubscriptionId) -> Result<Option<Webhook>, StoreError> {
        let row: Option<WebhookRow> = self.reader.row(ONE, values![id]).await?;
        row.map(WebhookRow::webhook).transpose()
    }

    /// The webhooks of a subscriber, by alert.
    ///
    /// # Errors
    /// The database's own, or a row that does not read.
    pub async fn webhooks_of(&self, id: SubscriberId) -> Result<Vec<Webhook>, StoreError> {
        let rows: Vec<WebhookRow> = self.reader.rows(OF_SUBSCRIBER, values![id]).await?;
        rows.into_iter().map(WebhookRow::webhook).collect()
    }

    /// Counts all webhooks and what waits for them.
    ///
    /// # Errors
    /// The database's own.
    pub async fn webhook_stock(&self) -> Result<WebhookStock, StoreError> {
        let cells = Cells { table: "webhook", row: 0 };
        let rows: Vec<(String, i64)> = self.reader.rows(BY_STATE, values![]).await?;
        let mut by_state: BTreeMap<String, u64> = ["well", "failing", "off"].map(|state| (state.to_owned(), 0)).into();
        for (state, count) in rows {
            by_state.insert(state, cells.count(count)?);
        }
        let waiting: Option<(i64, Option<i64>)> = self.reader.row(WAITING, values![]).await?;
        let (waiting, since) = waiting.unwrap_or_default();
        Ok(WebhookStock { by_state, waiting: cells.count(waiting)?, waiting_since: cells.maybe_time(since)? })
    }
}

/// Whose alert it is, under the lock of the person; none where it has ended.
async fn owner(tx: &mut Tx, id: SubscriptionId) -> Result<Option<SubscriberId>, StoreError> {
    let row: Option<(i64,)> = tx.row(OWNER, values![id]).await?;
    let Some(owner) = row.map(|(owner,)| SubscriberId(owner)) else { return Ok(None) };
    lock(tx, owner).await?;
    let still: Option<(i64,)> = tx.row(OWNER, values![id]).await?;
    Ok(still.map(|_| owner))
}

/// An alert that has ended posts nothing.
pub(super) async fn end(tx: &mut Tx, id: SubscriptionId) -> Result<(), StoreError> {
    tx.run(DROP, values![id]).await.map(drop)
}

/// The same for all alerts of a person.
pub(super) async fn end_all(tx: &mut Tx, id: SubscriberId) -> Result<(), StoreError> {
    tx.run(DROP_ALL, values![id]).await.map(drop)
}

#[derive(FromRow)]
#[expect(clippy::struct_field_names, reason = "the prefix keeps them apart from columns of other tables in one row")]
pub(super) struct WebhookRow {
    h_alert: i64,
    h_url: String,
    h_nonce: String,
    h_created_at: i64,
    h_worked_at: Option<i64>,
    h_failures: i64,
    h_failing_since: Option<i64>,
    h_fault: Option<String>,
    h_detail: Option<String>,
    h_off_at: Option<i64>,
    h_waiting: i64,
}

impl WebhookRow {
    pub(super) fn webhook(self) -> Result<Webhook, StoreError> {
        let cells = Cells { table: "webhook", row: self.h_alert };
        Ok(Webhook {
            alert: SubscriptionId(self.h_alert),
            url: self.h_url,
            created_at: cells.time(self.h_created_at)?,
            worked_at: cells.maybe_time(self.h_worked_at)?,
            failures: cells.count(self.h_failures)?,
            failing_since: cells.maybe_time(self.h_failing_since)?,
            fault: self.h_fault.map(|fault| cells.word(&fault)).transpose()?,
            detail: self.h_detail,
            off_at: cells.maybe_time(self.h_off_at)?,
            waiting: cells.count(self.h_waiting)?,
            nonce: self.h_nonce,
        })
    }
}
