//! Signs of life: who gave none for long is asked once, and ends without an answer; an alert that brings nothing for long says so.
//!
//! What a person does by hand is kept as `alive_at` by whatever records it; here is what follows when nothing is done.

use chrono::{DateTime, Duration, Utc};

use super::db::Store;
use super::error::StoreError;
use super::outbox;
use super::returned::end_everything;
use super::subscriber::{add_consent, lock};
use super::wire::{Tx, values};
use crate::domain::subscriber::{Circumstances, ConsentEvent, ConsentRecord};
use crate::domain::{DeliveryKind, NewDelivery, Subscriber, SubscriberId, SubscriberState, SubscriptionId};

/// A pause with an end was wished for: nobody is asked before it is over.
const RENEWALS_OWED: &str = "SELECT id FROM subscriber WHERE state IN ('active', 'paused') AND renewal_at IS NULL AND alive_at <= $1 \
     AND (paused_until IS NULL OR paused_until <= $2) ORDER BY alive_at LIMIT $3";
const ASK: &str = "UPDATE subscriber SET renewal_at = $2 WHERE id = $1 AND state IN ('active', 'paused') AND renewal_at IS NULL \
     AND alive_at <= $3";
/// The time runs from when the letter left, not from when it was queued: a mail server that was down costs nobody their alerts.
const UNANSWERED: &str = "SELECT id FROM subscriber WHERE state IN ('active', 'paused') AND renewal_at <= $1 \
     AND NOT EXISTS (SELECT 1 FROM delivery WHERE delivery.subscriber_id = subscriber.id AND delivery.kind = 'renewal' \
     AND (delivery.ended_at IS NULL OR delivery.ended_at > $1)) ORDER BY renewal_at LIMIT $2";
const STILL_UNANSWERED: &str = "SELECT COUNT(*) FROM subscriber WHERE id = $1 AND state IN ('active', 'paused') AND renewal_at <= $2";
const SILENT: &str = "SELECT subscription.id, subscription.subscriber_id FROM subscription \
     JOIN subscriber ON subscriber.id = subscription.subscriber_id WHERE subscriber.state = 'active' \
     AND subscription.confirmed_at IS NOT NULL AND subscription.ended_at IS NULL AND subscription.silence_at <= $1 \
     ORDER BY subscription.silence_at LIMIT $2";
const SAY_SILENCE: &str =
    "UPDATE subscription SET silence_at = NULL WHERE id = $1 AND silence_at <= $2 AND confirmed_at IS NOT NULL AND ended_at IS NULL";

/// Statements of this file, for the test that prepares them all.
#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[RENEWALS_OWED, ASK, UNANSWERED, STILL_UNANSWERED, SILENT, SAY_SILENCE];

impl Store {
    /// Queues a renewal letter for at most `limit` people without a sign of life for [`Subscriber::ASKED_AFTER_DAYS`]; how many.
    ///
    /// # Errors
    /// The database's own; then nobody is asked.
    pub async fn ask_for_renewal(&self, now: DateTime<Utc>, limit: u32) -> Result<u64, StoreError> {
        let before = now - Duration::days(Subscriber::ASKED_AFTER_DAYS);
        let owed: Vec<(i64,)> = self.reader.rows(RENEWALS_OWED, values![before, now, limit]).await?;
        let mut asked = 0;
        let mut tx = self.begin().await?;
        for (id,) in owed {
            if tx.run(ASK, values![id, now, before]).await? > 0 {
                queue(&mut tx, SubscriberId(id), None, DeliveryKind::Renewal, now).await?;
                asked += 1;
            }
        }
        tx.commit().await?;
        Ok(asked)
    }

    /// Ends at most `limit` people who did not answer a renewal letter within [`Subscriber::ANSWERED_WITHIN_DAYS`]; how many.
    ///
    /// # Errors
    /// The database's own; then nobody is ended.
    pub async fn expire(&self, now: DateTime<Utc>, limit: u32) -> Result<u64, StoreError> {
        let before = now - Duration::days(Subscriber::ANSWERED_WITHIN_DAYS);
        let silent: Vec<(i64,)> = self.reader.rows(UNANSWERED, values![before, limit]).await?;
        let consent = ConsentRecord {
            event: ConsentEvent::Expired,
            at: now,
            origin: "clock".to_owned(),
            detail: "no answer to the question whether the alerts are still wanted".to_owned(),
            circumstances: Circumstances::default(),
        };
        let mut ended = 0;
        let mut tx = self.begin().await?;
        for id in silent.into_iter().map(|(id,)| SubscriberId(id)) {
            lock(&mut tx, id).await?;
            // Answered meanwhile.
            if tx.number(STILL_UNANSWERED, values![id, before]).await? == 0 {
                continue;
            }
            end_everything(&mut tx, id, now, ConsentEvent::Expired.label()).await?;
            add_consent(&mut tx, id, &consent).await?;
            ended += 1;
        }
        tx.commit().await?;
        Ok(ended)
    }

    /// Keeps that a person still wants the alerts; false where there are none any more.
    ///
    /// # Errors
    /// The database's own.
    pub async fn renew(&self, id: SubscriberId, consent: &ConsentRecord) -> Result<bool, StoreError> {
        let mut tx = self.begin().await?;
        let known = lock(&mut tx, id).await?;
        if !known.is_some_and(|known| matches!(known.state, SubscriberState::Active | SubscriberState::Paused)) {
            return Ok(false);
        }
        add_consent(&mut tx, id, consent).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Queues a letter for at most `limit` alerts that brought nothing for a month; how many.
    ///
    /// # Errors
    /// The database's own; then none is queued.
    pub async fn say_silence(&self, now: DateTime<Utc>, limit: u32) -> Result<u64, StoreError> {
        let silent: Vec<(i64, i64)> = self.reader.rows(SILENT, values![now, limit]).await?;
        let mut said = 0;
        let mut tx = self.begin().await?;
        for (id, subscriber) in silent {
            if tx.run(SAY_SILENCE, values![id, now]).await? > 0 {
                queue(&mut tx, SubscriberId(subscriber), Some(SubscriptionId(id)), DeliveryKind::Silence, now).await?;
                said += 1;
            }
        }
        tx.commit().await?;
        Ok(said)
    }
}

/// Puts a letter without listings into the outbox.
pub(super) async fn queue(
    tx: &mut Tx,
    subscriber: SubscriberId,
    subscription: Option<SubscriptionId>,
    kind: DeliveryKind,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let letter = NewDelivery { subscriber, subscription, kind, due_at: now, digest: None, secret: None };
    outbox::insert(tx, &letter, now).await.map(drop)
}
