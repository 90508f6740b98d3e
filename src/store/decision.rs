//! What the alert pass writes: decisions by compare-and-set, and the sleep of instant subscriptions.

use std::collections::HashSet;

use chrono::{DateTime, Duration, Utc};
use serde::Serialize;

use super::cell::to_json;
use super::db::Store;
use super::error::StoreError;
use super::expired;
use super::outbox;
use super::webhook_call;
use super::wire::{Tx, id_list, portions, values};
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

/// A decision in the words of the statement.
#[derive(Serialize)]
struct Step {
    subscription: i64,
    from_seq: i64,
    to_seq: i64,
    due_at: Option<i64>,
    welcome: bool,
    silence_at: Option<i64>,
}

impl Step {
    fn of(decision: &Decision, now: DateTime<Utc>) -> Self {
        let delivery = decision.delivery.as_ref();
        Self {
            subscription: decision.subscription.0,
            from_seq: decision.from.0,
            to_seq: decision.to.0,
            due_at: decision.due_at.map(|at| at.timestamp_millis()),
            welcome: delivery.is_some_and(|delivery| delivery.kind == DeliveryKind::Welcome),
            silence_at: delivery.map(|_| (now + Duration::days(Subscription::SILENT_DAYS)).timestamp_millis()),
        }
    }
}

/// Nothing happens where the cursor has moved, the welcome letter was queued already, or the person wants no alerts meanwhile.
macro_rules! decide {
    ($rows:literal) => {
        concat!(
            "UPDATE subscription SET decided_seq = d.to_seq, due_at = d.due_at, welcomed = (welcomed OR d.welcome), \
             silence_at = COALESCE(d.silence_at, subscription.silence_at) FROM (",
            $rows,
            ") AS d WHERE subscription.id = d.subscription AND decided_seq = d.from_seq AND NOT (welcomed AND d.welcome) \
             AND confirmed_at IS NOT NULL AND ended_at IS NULL \
             AND EXISTS (SELECT 1 FROM subscriber WHERE subscriber.id = subscription.subscriber_id AND subscriber.state = 'active') \
             RETURNING subscription.id"
        )
    };
}
const DECIDE_SQLITE: &str = decide!(
    "SELECT value ->> 'subscription' AS subscription, value ->> 'from_seq' AS from_seq, value ->> 'to_seq' AS to_seq, \
     value ->> 'due_at' AS due_at, value ->> 'welcome' AS welcome, value ->> 'silence_at' AS silence_at FROM json_each($1)"
);
/// Rows are locked in the order of their numbers, so that two workers never wait for each other's in a circle.
const DECIDE_POSTGRES: &str = decide!(
    "SELECT given.* FROM json_to_recordset(CAST($1 AS JSON)) AS given (subscription BIGINT, from_seq BIGINT, to_seq BIGINT, due_at BIGINT, \
     welcome BOOLEAN, silence_at BIGINT) JOIN subscription AS locked ON locked.id = given.subscription \
     ORDER BY locked.id FOR NO KEY UPDATE OF locked"
);
/// Decisions of one statement: each is a way to the thread of the database and back.
const AT_ONCE: usize = 100;
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
pub(super) const STATEMENTS: &[&str] = &[INSTANT_SCANNED, ADVANCE_SCANNED, WAKE];
/// The statements that only one of the databases knows.
#[cfg(test)]
pub(super) const SQLITE_STATEMENTS: &[&str] = &[DECIDE_SQLITE];
#[cfg(test)]
pub(super) const POSTGRES_STATEMENTS: &[&str] = &[DECIDE_POSTGRES];

/// What became of decisions.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Decided {
    /// How many took.
    pub taken: u64,
    /// How many of them put a letter into the outbox.
    pub queued: u64,
}

impl Store {
    /// Writes decisions of as many subscriptions in one transaction, each by compare-and-set on the cursor (and on `welcomed` for a welcome
    /// letter).
    ///
    /// # Errors
    /// The database's own; then none of them is written.
    pub async fn commit_decisions(&self, decisions: &[Decision], now: DateTime<Utc>) -> Result<Decided, StoreError> {
        // One order for everybody, so that two workers never wait for each other's rows in a circle.
        let mut ordered: Vec<&Decision> = decisions.iter().collect();
        ordered.sort_by_key(|decision| decision.subscription);
        let mut decided = Decided::default();
        let mut tx = self.begin().await?;
        let posts = webhook_call::any(&mut tx).await?;
        for portion in ordered.chunks(AT_ONCE) {
            let took = decide(&mut tx, portion, now).await?;
            decided.taken += took.len() as u64;
            for decision in took.iter().filter(|_| posts) {
                if let Some(news) = &decision.news {
                    webhook_call::queue(&mut tx, decision.subscription, news, now).await?;
                }
            }
            decided.queued += queue(&mut tx, &took, now).await?;
        }
        tx.commit().await?;
        Ok(decided)
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

/// Moves the cursors of one portion; the decisions that took.
async fn decide<'a>(tx: &mut Tx, portion: &[&'a Decision], now: DateTime<Utc>) -> Result<Vec<&'a Decision>, StoreError> {
    let steps: Vec<Step> = portion.iter().map(|decision| Step::of(decision, now)).collect();
    let text = to_json("subscription", &steps)?;
    let rows: Vec<(i64,)> = tx.rows(tx.choose(DECIDE_SQLITE, DECIDE_POSTGRES), values![&text]).await?;
    let mut moved: HashSet<i64> = rows.into_iter().map(|(id,)| id).collect();
    // One that stands there twice took once.
    Ok(portion.iter().filter(|decision| moved.remove(&decision.subscription.0)).copied().collect())
}

/// Puts their letters into the outbox; how many. Where a letter of this window is there already, what was not told waits for the next one.
async fn queue(tx: &mut Tx, took: &[&Decision], now: DateTime<Utc>) -> Result<u64, StoreError> {
    let letters: Vec<&NewDelivery> = took.iter().filter_map(|decision| decision.delivery.as_ref()).collect();
    let queued: HashSet<Option<i64>> = outbox::insert_all(tx, &letters, now).await?.into_iter().map(|(_, alert)| alert).collect();
    for decision in took.iter().filter(|decision| queued.contains(&Some(decision.subscription.0))) {
        expired::carried(tx, &decision.carries).await?;
    }
    Ok(queued.len() as u64)
}
