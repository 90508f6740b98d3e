//! The calls of webhooks: queued with the step of the alert that caused them, taken by a lease, ended only by an outcome.
//!
//! A webhook has one call under way at most. `due_at` is both its turn and its lease: whoever takes it moves it on, by compare-and-set,
//! and nobody else sees it until then. A process that is killed leaves it due again; an outcome that comes too late changes nothing.

use chrono::{DateTime, Utc};
use sqlx::FromRow;

use super::cell::{Cells, to_json};
use super::db::Store;
use super::error::StoreError;
use super::life;
use super::webhook::{WebhookRow, webhook_columns};
use super::wire::{Tx, values};
use crate::domain::webhook::{CallFailure, DueCall, WebhookCall};
use crate::domain::{DeliveryKind, Selection, SubscriberId, SubscriptionId};

const ANY: &str = "SELECT subscription_id FROM webhook WHERE off_at IS NULL LIMIT 1";
/// The row of the webhook first, so that whoever ends a call sees the next one, or this one sees that none is left.
const WAKE: &str = "UPDATE webhook SET due_at = COALESCE(due_at, $2) WHERE subscription_id = $1 AND off_at IS NULL";
const QUEUE: &str = "INSERT INTO webhook_call (subscription_id, selection, created_at) VALUES ($1, $2, $3)";

/// Of people who get alerts; what waits during a pause waits for its end.
macro_rules! due {
    () => {
        " FROM webhook JOIN subscription ON subscription.id = webhook.subscription_id \
         JOIN subscriber ON subscriber.id = subscription.subscriber_id \
         WHERE webhook.due_at IS NOT NULL AND subscriber.state = 'active' AND subscription.ended_at IS NULL"
    };
}

const NEXT_DUE: &str = concat!("SELECT MIN(webhook.due_at)", due!());
/// A test first, then what has failed least, then the oldest: one call that cannot be taken does not stand before the others.
const DUE: &str = concat!(
    "SELECT ",
    webhook_columns!(),
    ", subscription.subscriber_id, webhook.due_at, c.id, c.selection, c.attempts, c.created_at FROM webhook \
     JOIN webhook_call AS c ON c.id = (SELECT n.id FROM webhook_call AS n WHERE n.subscription_id = webhook.subscription_id \
     ORDER BY CASE WHEN n.selection IS NULL THEN 0 ELSE 1 END, n.attempts, n.id LIMIT 1) \
     JOIN subscription ON subscription.id = webhook.subscription_id JOIN subscriber ON subscriber.id = subscription.subscriber_id \
     WHERE webhook.due_at <= $1 AND subscriber.state = 'active' AND subscription.ended_at IS NULL \
     ORDER BY webhook.due_at, webhook.subscription_id LIMIT $2"
);
const MOVE: &str = "UPDATE webhook SET due_at = $3 WHERE subscription_id = $1 AND due_at = $2";
const TAKEN: &str = "UPDATE webhook SET worked_at = COALESCE($3, worked_at), failures = CASE WHEN CAST($3 AS BIGINT) IS NULL THEN failures ELSE 0 END, \
     failing_since = CASE WHEN CAST($3 AS BIGINT) IS NULL THEN failing_since END, \
     fault = CASE WHEN CAST($3 AS BIGINT) IS NULL THEN fault END, detail = CASE WHEN CAST($3 AS BIGINT) IS NULL THEN detail END \
     WHERE subscription_id = $1 AND due_at = $2";
const FAILED: &str = "UPDATE webhook SET failures = failures + 1, failing_since = COALESCE(failing_since, $3), fault = $4, detail = $5, \
     due_at = $6, off_at = $7 WHERE subscription_id = $1 AND due_at = $2";
const END_CALL: &str = "DELETE FROM webhook_call WHERE id = $1";
const END_CALLS: &str = "DELETE FROM webhook_call WHERE subscription_id = $1";
const COUNT_ATTEMPT: &str = "UPDATE webhook_call SET attempts = attempts + 1 WHERE id = $1";
const NEXT: &str = "UPDATE webhook SET due_at = CASE WHEN EXISTS (SELECT 1 FROM webhook_call \
     WHERE webhook_call.subscription_id = webhook.subscription_id) THEN CAST($2 AS BIGINT) END WHERE subscription_id = $1";

/// Statements of this file, for the test that prepares them all.
#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[ANY, WAKE, QUEUE, NEXT_DUE, DUE, MOVE, TAKEN, FAILED, END_CALL, END_CALLS, COUNT_ATTEMPT, NEXT];

/// How a call ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CallEnd {
    /// It was taken.
    Taken,
    /// There was nothing to say any more.
    Dropped,
    /// It failed; the webhook is tried again at this moment, and the call with it unless it is given up.
    Again(CallFailure, DateTime<Utc>),
    /// It failed for good: the webhook is switched off, what waits for it is given up, and its owner is told unless it was a test.
    Off(CallFailure),
}

impl Store {
    /// When the next call is due.
    ///
    /// # Errors
    /// The database's own.
    pub async fn next_call_due(&self) -> Result<Option<DateTime<Utc>>, StoreError> {
        let row: Option<(Option<i64>,)> = self.reader.row(NEXT_DUE, values![]).await?;
        Cells { table: "webhook", row: 0 }.maybe_time(row.and_then(|(due_at,)| due_at))
    }

    /// The next call of each webhook whose turn it is, longest due first, at most `limit`. They are not taken by it.
    ///
    /// # Errors
    /// The database's own, or a row that does not read.
    pub async fn due_calls(&self, now: DateTime<Utc>, limit: u32) -> Result<Vec<DueCall>, StoreError> {
        let rows: Vec<DueRow> = self.reader.rows(DUE, values![now, limit]).await?;
        rows.into_iter().map(DueRow::due).collect()
    }

    /// Moves the turns of webhooks on, to take them or to put them off, in one transaction; for each whether it was still where it was.
    ///
    /// # Errors
    /// The database's own; then none is moved.
    pub async fn move_calls(&self, turns: &[(SubscriptionId, DateTime<Utc>, DateTime<Utc>)]) -> Result<Vec<bool>, StoreError> {
        let mut moved = Vec::with_capacity(turns.len());
        let mut tx = self.begin().await?;
        for (id, from, to) in turns {
            moved.push(tx.run(MOVE, values![*id, *from, *to]).await? > 0);
        }
        tx.commit().await?;
        Ok(moved)
    }

    /// Records how a call that was taken ended; false where its lease had ended, or the webhook was changed meanwhile.
    ///
    /// # Errors
    /// The database's own; then nothing is recorded.
    pub async fn end_call(&self, due: &DueCall, end: &CallEnd, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let (id, call) = (due.webhook.alert, &due.call);
        let mut tx = self.begin().await?;
        let recorded = match end {
            CallEnd::Taken => tx.run(TAKEN, values![id, due.due_at, Some(now)]).await?,
            CallEnd::Dropped => tx.run(TAKEN, values![id, due.due_at, None::<DateTime<Utc>>]).await?,
            CallEnd::Again(failure, at) => failed(&mut tx, due, failure, Some(*at), now).await?,
            CallEnd::Off(failure) => failed(&mut tx, due, failure, None, now).await?,
        };
        if recorded == 0 {
            return Ok(false);
        }
        match end {
            CallEnd::Taken | CallEnd::Dropped => {
                tx.run(END_CALL, values![call.id]).await?;
                tx.run(NEXT, values![id, now]).await?;
            }
            CallEnd::Again(_, at) if call.attempts + 1 >= WebhookCall::MOST_ATTEMPTS => {
                tx.run(END_CALL, values![call.id]).await?;
                tx.run(NEXT, values![id, *at]).await?;
            }
            CallEnd::Again(..) => drop(tx.run(COUNT_ATTEMPT, values![call.id]).await?),
            CallEnd::Off(_) => {
                tx.run(END_CALLS, values![id]).await?;
                if call.selection.is_some() {
                    life::queue(&mut tx, due.subscriber, Some(id), DeliveryKind::Webhook, now).await?;
                }
            }
        }
        tx.commit().await?;
        Ok(true)
    }
}

async fn failed(
    tx: &mut Tx,
    due: &DueCall,
    failure: &CallFailure,
    again: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Result<u64, StoreError> {
    let off = again.is_none().then_some(now);
    tx.run(FAILED, values![due.webhook.alert, due.due_at, now, failure.fault.as_str(), &failure.detail, again, off]).await
}

/// Whether any alert is posted anywhere; where none is, steps of alerts need not look for it one by one.
pub(super) async fn any(tx: &mut Tx) -> Result<bool, StoreError> {
    let any: Option<(i64,)> = tx.row(ANY, values![]).await?;
    Ok(any.is_some())
}

/// Queues a call with what a step of an alert brought, where the alert has a webhook.
pub(super) async fn queue(tx: &mut Tx, id: SubscriptionId, news: &Selection, now: DateTime<Utc>) -> Result<(), StoreError> {
    if tx.run(WAKE, values![id, now]).await? > 0 {
        tx.run(QUEUE, values![id, &to_json("webhook_call", news)?, now]).await?;
    }
    Ok(())
}

#[derive(FromRow)]
struct DueRow {
    #[sqlx(flatten)]
    webhook: WebhookRow,
    subscriber_id: i64,
    due_at: i64,
    id: i64,
    selection: Option<String>,
    attempts: i64,
    created_at: i64,
}

impl DueRow {
    fn due(self) -> Result<DueCall, StoreError> {
        let cells = Cells { table: "webhook_call", row: self.id };
        let call = WebhookCall {
            id: self.id,
            selection: self.selection.map(|selection| cells.json(&selection)).transpose()?,
            attempts: cells.count(self.attempts)?,
            created_at: cells.time(self.created_at)?,
        };
        let (subscriber, due_at) = (SubscriberId(self.subscriber_id), cells.time(self.due_at)?);
        Ok(DueCall { webhook: self.webhook.webhook()?, subscriber, call, due_at })
    }
}
