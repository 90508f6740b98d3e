//! What people change about their subscriptions: added, changed, ended.

use chrono::Duration;
use sqlx::FromRow;

use super::cell::{Cells, to_json};
use super::db::Store;
use super::decision::INSTANT_SCANNED;
use super::error::StoreError;
use super::life::queue;
use super::outbox::cancellable;
use super::sign_up::put_confirmed;
use super::subscriber::{add_consent, lock};
use super::webhook;
use super::wire::{Tx, values};
use crate::domain::subscriber::ConsentRecord;
use crate::domain::{DeliveryKind, NewSubscription, SubscriberId, SubscriberState, Subscription, SubscriptionId};

const OWNER: &str = "SELECT subscriber_id FROM subscription WHERE id = $1";
/// Takes the row lock, so that the alert pass does not decide meanwhile, and reads what holds under it.
const LOCK: &str = "UPDATE subscription SET name = name WHERE id = $1 AND ended_at IS NULL \
     RETURNING instant, welcomed, confirmed_at IS NOT NULL AS confirmed, due_at";
const CHANGE: &str = "UPDATE subscription SET name = $2, preferences = $3, cadence = $4, instant = $5, due_at = $6, \
     silence_at = CASE WHEN confirmed_at IS NOT NULL THEN CAST($8 AS BIGINT) END, decided_seq = CASE WHEN decided_seq < $7 THEN $7 ELSE decided_seq END WHERE id = $1";
const END: &str = "UPDATE subscription SET ended_at = $2, due_at = NULL, silence_at = NULL, token_digest = NULL, token_until = NULL \
     WHERE id = $1 AND ended_at IS NULL";
pub(super) const CANCEL: &str = concat!(
    "UPDATE delivery SET state = 'cancelled', ended_at = $2, lease_until = NULL, secret = NULL, detail = 'the alert was ended' \
     WHERE subscription_id = $1 AND ",
    cancellable!()
);
const END_SUBSCRIBER: &str = "UPDATE subscriber SET state = 'ended', since = $2, paused_until = NULL \
     WHERE id = $1 AND state IN ('active', 'paused') AND NOT EXISTS (SELECT 1 FROM subscription \
     WHERE subscription.subscriber_id = subscriber.id AND subscription.confirmed_at IS NOT NULL AND subscription.ended_at IS NULL)";

/// Statements of this file, for the test that prepares them all.
#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[OWNER, LOCK, CHANGE, END, CANCEL, END_SUBSCRIBER];

/// Whether a person whose last alert ends gets a letter that says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Farewell {
    /// A goodbye letter: the button was pressed on a page, perhaps by somebody to whom a letter was passed on.
    Letter,
    /// Nothing: a mail service was told, or the mailbox takes no mail.
    Silent,
}

impl Store {
    /// Adds a confirmed subscription to a confirmed subscriber (manage page); one who had ended is active again.
    ///
    /// # Errors
    /// A subscriber that is gone or never confirmed; the database's own.
    pub async fn add_subscription(
        &self,
        subscriber: SubscriberId,
        subscription: &NewSubscription,
        consent: &ConsentRecord,
    ) -> Result<SubscriptionId, StoreError> {
        let mut tx = self.begin().await?;
        let known = lock(&mut tx, subscriber).await?;
        if known.is_none_or(|known| known.state == SubscriberState::Pending) {
            return Err(Cells { table: "subscriber", row: subscriber.0 }.fault("is not there or not confirmed"));
        }
        let id = put_confirmed(&mut tx, subscriber, subscription, consent).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Changes name, wishes and cadence; the next due moment follows the new cadence. A subscription that turns instant is decided at
    /// once from its cursor; one that turns from instant keeps what the scan already passed. False where it has ended.
    ///
    /// # Errors
    /// The database's own; then nothing is changed.
    pub async fn change_subscription(&self, id: SubscriptionId, to: &NewSubscription, consent: &ConsentRecord) -> Result<bool, StoreError> {
        let mut tx = self.begin().await?;
        let Some(owner) = owner(&mut tx, id).await? else { return Ok(false) };
        let active = lock(&mut tx, owner).await?.is_some_and(|owner| owner.state == SubscriberState::Active);
        let before: Option<StandingRow> = tx.row(LOCK, values![id]).await?;
        let Some(before) = before else { return Ok(false) };
        let due_at = match (before.instant, to.cadence.is_instant()) {
            _ if !before.confirmed => None,
            (false, true) => Some(consent.at.timestamp_millis()),
            (true, true) => before.due_at,
            (_, false) => to.cadence.next_due(consent.at).map(|at| at.timestamp_millis()),
        };
        // Whoever sleeps has no cursor of its own beyond the scanned mark; new wishes must not reach back behind it.
        let sleeping = active && before.confirmed && before.instant && before.welcomed && before.due_at.is_none();
        let passed = if sleeping { tx.number(INSTANT_SCANNED, values![]).await? } else { 0 };
        let preferences = to_json("subscription", &to.preferences)?;
        let cadence = to_json("subscription", &to.cadence)?;
        let silence_at = consent.at + Duration::days(Subscription::SILENT_DAYS);
        tx.run(CHANGE, values![id, &to.name, &preferences, &cadence, to.cadence.is_instant(), due_at, passed, silence_at]).await?;
        add_consent(&mut tx, owner, consent).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Ends a subscription and cancels its queued letters; the subscriber ends with its last one, and may be told so. False where it
    /// has ended already.
    ///
    /// # Errors
    /// The database's own; then nothing is ended.
    pub async fn end_subscription(&self, id: SubscriptionId, consent: &ConsentRecord, farewell: Farewell) -> Result<bool, StoreError> {
        let mut tx = self.begin().await?;
        let Some(owner) = owner(&mut tx, id).await? else { return Ok(false) };
        // Under the subscriber's lock, so that two last ones ended at once do not each see the other still open.
        lock(&mut tx, owner).await?;
        if tx.run(END, values![id, consent.at]).await? == 0 {
            return Ok(false);
        }
        tx.run(CANCEL, values![id, consent.at]).await?;
        webhook::end(&mut tx, id).await?;
        let was_last = tx.run(END_SUBSCRIBER, values![owner, consent.at]).await? > 0;
        if was_last && farewell == Farewell::Letter {
            queue(&mut tx, owner, None, DeliveryKind::Goodbye, consent.at).await?;
        }
        add_consent(&mut tx, owner, consent).await?;
        tx.commit().await?;
        Ok(true)
    }
}

async fn owner(tx: &mut Tx, id: SubscriptionId) -> Result<Option<SubscriberId>, StoreError> {
    let row: Option<(i64,)> = tx.row(OWNER, values![id]).await?;
    Ok(row.map(|(id,)| SubscriberId(id)))
}

#[derive(FromRow)]
struct StandingRow {
    instant: bool,
    welcomed: bool,
    confirmed: bool,
    due_at: Option<i64>,
}
