//! What the alert pass writes: decisions by compare-and-set, and the sleep of instant subscriptions.

use chrono::{DateTime, Duration, Utc};

use super::db::Store;
use super::error::StoreError;
use super::expired;
use super::outbox;
use super::webhook_call;
use super::wire::{id_list, portions, values};
use crate::domain::{DeliveryId, DeliveryKind, NewDelivery, Selection, Seq, Subscription, SubscriptionId};

/// One step of one subscription: the cursor moves and, where something fits, a delivery goes into the outbox.
#[derive(Debug, Clone)]
pub struct Decision {
    /// Which one.
    pub subscription: SubscriptionId,
    /// The cursor it was decided from; where it has moved meanwhile, nothing happens.
    pub from: Seq,
    /// The cursor after it.
    pub to: Seq,
    /// When it is due next.
    pub due_at: Option<DateTime<Utc>>,
    /// The letter, where something fits (or the welcome letter).
    pub delivery: Option<NewDelivery>,
    /// What of it nobody was told before, for the alert's webhook; none where there is nothing.
    pub news: Option<Selection>,
    /// Letters that expired and whose listings stand in this one.
    pub carries: Vec<DeliveryId>,
}

/// Nothing happens where the cursor has moved, the welcome letter was queued already, or the person wants no alerts meanwhile.
const DECIDE: &str = "UPDATE subscription SET decided_seq = $3, due_at = $4, welcomed = (welcomed OR $5), \
     silence_at = COALESCE($6, silence_at) \
     WHERE id = $1 AND decided_seq = $2 AND NOT (welcomed AND $5) AND confirmed_at IS NOT NULL AND ended_at IS NULL \
     AND EXISTS (SELECT 1 FROM subscriber WHERE subscriber.id = subscription.subscriber_id AND subscriber.state = 'active')";
/// Up to where the sleeping instant subscriptions have been looked at.
pub(super) const INSTANT_SCANNED: &str = "SELECT value FROM counter WHERE name = 'instant_scanned'";
const ADVANCE_SCANNED: &str = "UPDATE counter SET value = $2 WHERE name = 'instant_scanned' AND value = $1";
const WAKE: &str = concat!(
    "UPDATE subscription SET due_at = $17, decided_seq = CASE WHEN decided_seq < $18 THEN $18 ELSE decided_seq END \
     WHERE instant AND welcomed AND due_at IS NULL AND confirmed_at IS NOT NULL AND ended_at IS NULL AND id IN ",
    id_list!()
);

/// Statements of this file, for the test that prepares them all.
#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[DECIDE, INSTANT_SCANNED, ADVANCE_SCANNED, WAKE];

impl Store {
    /// Writes decisions in one transaction, each by compare-and-set on the cursor (and on `welcomed` for a welcome letter); how many took.
    ///
    /// # Errors
    /// The database's own; then none of them is written.
    pub async fn commit_decisions(&self, decisions: &[Decision], now: DateTime<Utc>) -> Result<u64, StoreError> {
        // One order for everybody, so that two workers never wait for each other's rows in a circle.
        let mut ordered: Vec<&Decision> = decisions.iter().collect();
        ordered.sort_by_key(|decision| decision.subscription);
        let mut taken = 0;
        let mut tx = self.begin().await?;
        let posts = webhook_call::any(&mut tx).await?;
        for decision in ordered {
            let welcome = decision.delivery.as_ref().is_some_and(|delivery| delivery.kind == DeliveryKind::Welcome);
            let silence_at = decision.delivery.as_ref().map(|_| now + Duration::days(Subscription::SILENT_DAYS));
            let values = values![decision.subscription, decision.from, decision.to, decision.due_at, welcome, silence_at];
            if tx.run(DECIDE, values).await? == 0 {
                continue;
            }
            taken += 1;
            if let Some(news) = decision.news.as_ref().filter(|_| posts) {
                webhook_call::queue(&mut tx, decision.subscription, news, now).await?;
            }
            if let Some(delivery) = &decision.delivery {
                // Where a letter of this window is there already, what was not told waits for the next one.
                if outbox::insert(&mut tx, delivery, now).await?.is_some() {
                    expired::carried(&mut tx, &decision.carries).await?;
                }
            }
        }
        tx.commit().await?;
        Ok(taken)
    }

    /// Up to where the sleeping instant subscriptions have been looked at.
    ///
    /// # Errors
    /// The database's own.
    pub async fn instant_scanned(&self) -> Result<Seq, StoreError> {
        let row: Option<(i64,)> = self.reader.row(INSTANT_SCANNED, values![]).await?;
        Ok(row.map_or(Seq(0), |(seq,)| Seq(seq)))
    }

    /// Wakes sleeping instant subscriptions: sets `due_at` and moves the cursor to `cursor` (everything up to there held no hit).
    ///
    /// # Errors
    /// The database's own.
    pub async fn wake_instant(&self, ids: &[SubscriptionId], cursor: Seq, due_at: DateTime<Utc>) -> Result<u64, StoreError> {
        let mut ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
        ids.sort_unstable();
        let mut woken = 0;
        let mut tx = self.begin().await?;
        for portion in portions(&ids) {
            let mut values: Vec<_> = portion.into_iter().map(Into::into).collect();
            values.extend([due_at.into(), cursor.into()]);
            woken += tx.run(WAKE, &values).await?;
        }
        tx.commit().await?;
        Ok(woken)
    }

    /// Moves the mark of [`Store::instant_scanned`] by compare-and-set; false where it has moved meanwhile.
    ///
    /// # Errors
    /// The database's own.
    pub async fn advance_instant_scanned(&self, from: Seq, to: Seq) -> Result<bool, StoreError> {
        let mut tx = self.begin().await?;
        let moved = tx.run(ADVANCE_SCANNED, values![from, to]).await? > 0;
        tx.commit().await?;
        Ok(moved)
    }
}
