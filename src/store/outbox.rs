//! The outbox: claimed by priority, ended only by an outcome.

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use serde::Serialize;
use sqlx::FromRow;

use super::cell::{Cells, to_json};
use super::db::Store;
use super::error::StoreError;
use super::wire::{Tx, values, without_zero};
use crate::domain::delivery::Digest;
use crate::domain::{
    Delivery, DeliveryId, DeliveryKind, DeliveryState, ListingId, NewDelivery, Selection, Seq, Subscriber, SubscriberId, Subscription,
    SubscriptionId, Window,
};

/// A claimed delivery with whom it is for.
#[derive(Debug, Clone)]
pub struct Claimed {
    /// The delivery.
    pub delivery: Delivery,
    /// To whom.
    pub subscriber: Subscriber,
    /// For which subscription; none where there is none, or it has ended.
    pub subscription: Option<Subscription>,
}

/// A delivery as a person sees it: for export, status and the operator's page.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct DeliveryRecord {
    /// Row id.
    pub id: i64,
    /// To whom.
    pub subscriber: SubscriberId,
    /// What for.
    pub kind: DeliveryKind,
    /// Where it stands.
    pub state: DeliveryState,
    /// Attempts that ended with an answer so far.
    pub attempts: u32,
    /// When it was queued.
    pub created_at: DateTime<Utc>,
    /// When it ended.
    pub ended_at: Option<DateTime<Utc>>,
    /// What was said last.
    pub detail: Option<String>,
    /// How many listings fit.
    pub listings: Option<u32>,
}

macro_rules! delivery_columns {
    () => {
        "d.id, d.subscriber_id, d.subscription_id, d.kind, d.state, d.attempts, d.unanswered, d.created_at, d.window_after, d.window_until, \
         d.selection, d.secret"
    };
}
pub(super) use delivery_columns;

/// Waits for its turn, as the partial indexes have it.
macro_rules! waiting {
    () => {
        "state IN ('queued', 'retrying', 'unknown') AND ended_at IS NULL"
    };
}

/// May still be cancelled: nothing of it is leaving at this moment.
macro_rules! cancellable {
    () => {
        "state IN ('queued', 'leased', 'retrying', 'unknown', 'parked') AND ended_at IS NULL"
    };
}
pub(super) use cancellable;

/// The unique key on window and kind is a belt to the compare-and-set of the cursor: a second letter for one window is left out.
macro_rules! insert {
    ($domain:literal, $rows:literal) => {
        concat!(
            "INSERT INTO delivery (subscriber_id, subscription_id, kind, state, priority, attempts, due_at, created_at, window_after, \
             window_until, selection, listings, secret, domain) SELECT n.subscriber, n.subscription, n.kind, 'queued', n.priority, 0, n.due_at, \
             n.created_at, n.window_after, n.window_until, n.selection, n.listings, n.secret, (SELECT ",
            $domain,
            " FROM subscriber WHERE subscriber.id = n.subscriber) FROM ",
            $rows,
            " WHERE TRUE ON CONFLICT DO NOTHING RETURNING id, subscription_id"
        )
    };
}
const INSERT_SQLITE: &str = insert!(
    "substr(email_key, instr(email_key, '@') + 1)",
    "(SELECT value ->> 'subscriber' AS subscriber, value ->> 'subscription' AS subscription, value ->> 'kind' AS kind, \
     value ->> 'priority' AS priority, value ->> 'due_at' AS due_at, value ->> 'created_at' AS created_at, \
     value ->> 'window_after' AS window_after, value ->> 'window_until' AS window_until, value ->> 'selection' AS selection, \
     value ->> 'listings' AS listings, value ->> 'secret' AS secret FROM json_each($1)) AS n"
);
const INSERT_POSTGRES: &str = insert!(
    "split_part(email_key, '@', 2)",
    "json_to_recordset(CAST($1 AS JSON)) AS n (subscriber BIGINT, subscription BIGINT, kind TEXT, priority BIGINT, due_at BIGINT, \
     created_at BIGINT, window_after BIGINT, window_until BIGINT, selection TEXT, listings BIGINT, secret TEXT)"
);
pub(super) const NEXT_DUE: &str = concat!("SELECT MIN(due_at) FROM delivery WHERE ", waiting!());
const ONE: &str = concat!("SELECT ", delivery_columns!(), " FROM delivery AS d WHERE d.id = $1");
const OF_SUBSCRIBER: &str = "SELECT id, subscriber_id, kind, state, attempts, created_at, ended_at, detail, listings FROM delivery \
     WHERE subscriber_id = $1 ORDER BY id DESC LIMIT $2";

const TOLD: &str = "SELECT ended_at, selection FROM delivery WHERE subscription_id = $1 AND state = 'sent' \
     AND selection IS NOT NULL AND ended_at < $2 ORDER BY ended_at DESC, id DESC LIMIT $3";

/// Statements of this file, for the test that prepares them all.
#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[NEXT_DUE, ONE, OF_SUBSCRIBER, TOLD];
/// The statements that only one of the databases knows.
#[cfg(test)]
pub(super) const SQLITE_STATEMENTS: &[&str] = &[INSERT_SQLITE];
#[cfg(test)]
pub(super) const POSTGRES_STATEMENTS: &[&str] = &[INSERT_POSTGRES];

impl Store {
    /// Queues one delivery outside of a decision (a lost link).
    ///
    /// # Errors
    /// The database's own; a second letter of one kind for one window.
    pub async fn queue(&self, delivery: &NewDelivery, now: DateTime<Utc>) -> Result<DeliveryId, StoreError> {
        let mut tx = self.begin().await?;
        let id = insert(&mut tx, delivery, now).await?;
        tx.commit().await?;
        id.ok_or_else(|| Cells { table: "delivery", row: 0 }.fault("a letter of this kind for this window is there already"))
    }

    /// When the next delivery is due.
    ///
    /// # Errors
    /// The database's own.
    pub async fn next_delivery_due(&self) -> Result<Option<DateTime<Utc>>, StoreError> {
        let row: Option<(Option<i64>,)> = self.reader.row(NEXT_DUE, values![]).await?;
        Cells { table: "delivery", row: 0 }.maybe_time(row.and_then(|(due_at,)| due_at))
    }

    /// One delivery, for the page behind "+N more" and for previews.
    ///
    /// # Errors
    /// The database's own, or a row that does not read.
    pub async fn delivery(&self, id: DeliveryId) -> Result<Option<Delivery>, StoreError> {
        let row: Option<DeliveryRow> = self.reader.row(ONE, values![id]).await?;
        row.map(DeliveryRow::delivery).transpose()
    }

    /// The deliveries of a subscriber, newest first, at most `limit`.
    ///
    /// # Errors
    /// The database's own, or a row that does not read.
    pub async fn deliveries_of(&self, id: SubscriberId, limit: u32) -> Result<Vec<DeliveryRecord>, StoreError> {
        let rows: Vec<RecordRow> = self.reader.rows(OF_SUBSCRIBER, values![id, limit]).await?;
        rows.into_iter().map(RecordRow::record).collect()
    }

    /// The letters of a subscription that were sent before a moment, newest first, at most `limit`: when each was sent and the
    /// listings it showed.
    ///
    /// # Errors
    /// The database's own, or a row that does not read.
    pub async fn told(&self, id: SubscriptionId, before: DateTime<Utc>, limit: u32) -> Result<Vec<Letter>, StoreError> {
        let rows: Vec<(i64, String)> = self.reader.rows(TOLD, values![id, before, limit]).await?;
        let cells = Cells { table: "delivery", row: 0 };
        let letter = |(sent_at, selection): (i64, String)| -> Result<Letter, StoreError> {
            Ok((cells.time(sent_at)?, cells.json::<Selection>(&selection)?.shown))
        };
        rows.into_iter().map(letter).collect()
    }
}

/// When a letter was sent, and the listings it showed.
pub type Letter = (DateTime<Utc>, Vec<ListingId>);

/// A letter as a new row, in the words of the statement.
#[derive(Serialize)]
struct NewRow<'a> {
    subscriber: i64,
    subscription: Option<i64>,
    kind: &'static str,
    priority: i64,
    due_at: i64,
    created_at: i64,
    window_after: Option<i64>,
    window_until: Option<i64>,
    selection: Option<String>,
    listings: Option<u32>,
    secret: Option<Cow<'a, str>>,
}

impl<'a> NewRow<'a> {
    fn of(delivery: &'a NewDelivery, now: DateTime<Utc>) -> Result<Self, StoreError> {
        let digest = delivery.digest.as_ref();
        Ok(Self {
            subscriber: delivery.subscriber.0,
            subscription: delivery.subscription.map(|id| id.0),
            kind: delivery.kind.as_str(),
            priority: delivery.kind.priority(),
            due_at: delivery.due_at.timestamp_millis(),
            created_at: now.timestamp_millis(),
            window_after: digest.map(|digest| digest.window.after.0),
            window_until: digest.map(|digest| digest.window.until.0),
            selection: digest.map(|digest| to_json("delivery", &digest.selection)).transpose()?,
            listings: digest.map(|digest| digest.selection.total),
            secret: delivery.secret.as_deref().map(without_zero),
        })
    }
}

/// Puts a letter into the outbox; none where one of its kind for its window is there already.
pub(super) async fn insert(tx: &mut Tx, delivery: &NewDelivery, now: DateTime<Utc>) -> Result<Option<DeliveryId>, StoreError> {
    let inserted = insert_all(tx, &[delivery], now).await?;
    Ok(inserted.first().map(|(id, _)| DeliveryId(*id)))
}

/// Puts letters into the outbox by one statement; the numbers of those that were not there already, and of their subscriptions.
pub(super) async fn insert_all(tx: &mut Tx, letters: &[&NewDelivery], now: DateTime<Utc>) -> Result<Vec<(i64, Option<i64>)>, StoreError> {
    if letters.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<NewRow<'_>> = letters.iter().map(|letter| NewRow::of(letter, now)).collect::<Result<_, _>>()?;
    let text = to_json("delivery", &rows)?;
    tx.rows(tx.choose(INSERT_SQLITE, INSERT_POSTGRES), values![&text]).await
}

#[derive(FromRow)]
pub(super) struct DeliveryRow {
    pub(super) id: i64,
    pub(super) subscriber_id: i64,
    pub(super) subscription_id: Option<i64>,
    pub(super) kind: String,
    pub(super) state: String,
    pub(super) attempts: i64,
    pub(super) unanswered: i64,
    pub(super) created_at: i64,
    pub(super) window_after: Option<i64>,
    pub(super) window_until: Option<i64>,
    pub(super) selection: Option<String>,
    pub(super) secret: Option<String>,
}

impl DeliveryRow {
    pub(super) fn delivery(self) -> Result<Delivery, StoreError> {
        let cells = Cells { table: "delivery", row: self.id };
        let digest = match (self.window_after, self.window_until, &self.selection) {
            (Some(after), Some(until), Some(selection)) => {
                Some(Digest { window: Window { after: Seq(after), until: Seq(until) }, selection: cells.json(selection)? })
            }
            _ => None,
        };
        Ok(Delivery {
            id: DeliveryId(self.id),
            subscriber: SubscriberId(self.subscriber_id),
            subscription: self.subscription_id.map(SubscriptionId),
            kind: cells.word(&self.kind)?,
            state: cells.word(&self.state)?,
            attempts: cells.count(self.attempts)?,
            unanswered: cells.count(self.unanswered)?,
            created_at: cells.time(self.created_at)?,
            digest,
            secret: self.secret,
        })
    }
}

#[derive(FromRow)]
pub(super) struct RecordRow {
    id: i64,
    subscriber_id: i64,
    kind: String,
    state: String,
    attempts: i64,
    created_at: i64,
    ended_at: Option<i64>,
    detail: Option<String>,
    listings: Option<i64>,
}

impl RecordRow {
    pub(super) fn record(self) -> Result<DeliveryRecord, StoreError> {
        let cells = Cells { table: "delivery", row: self.id };
        Ok(DeliveryRecord {
            id: self.id,
            subscriber: SubscriberId(self.subscriber_id),
            kind: cells.word(&self.kind)?,
            state: cells.word(&self.state)?,
            attempts: cells.count(self.attempts)?,
            created_at: cells.time(self.created_at)?,
            ended_at: cells.maybe_time(self.ended_at)?,
            detail: self.detail,
            listings: self.listings.map(|listings| cells.count(listings)).transpose()?,
        })
    }
}
