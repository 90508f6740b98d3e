//! Sign-ups: asked for, confirmed, added on the operator's word, and swept when they never were confirmed.

use chrono::{DateTime, Utc};
use sqlx::FromRow;

use super::cell::to_json;
use super::db::Store;
use super::error::StoreError;
use super::outbox::{self, cancellable};
use super::subscriber::{SubscriberRow, add_consent, subscriber_columns};
use super::subscription::{SubscriptionRow, subscription_columns};
use super::wire::{Tx, values};
use crate::domain::subscriber::ConsentRecord;
use crate::domain::{
    DeliveryId, DeliveryKind, EmailAddress, Language, NewDelivery, NewSubscription, Subscriber, SubscriberId, Subscription, SubscriptionId,
};

/// A sign-up that waits for its confirmation.
#[derive(Debug, Clone)]
pub struct SubscribeRequest<'a> {
    /// The address as typed.
    pub email: &'a EmailAddress,
    /// Keyed digest of the address, as the suppression list knows it.
    pub email_digest: &'a str,
    /// What is wished for.
    pub subscription: &'a NewSubscription,
    /// The confirmation token, carried by the delivery until it ends.
    pub token: &'a str,
    /// What is kept of the token.
    pub token_digest: &'a str,
    /// The token's end.
    pub token_until: DateTime<Utc>,
    /// The first line of the consent record.
    pub consent: &'a ConsentRecord,
    /// Keyed digest of the mailbox, the same for every spelling of it.
    pub mailbox: &'a str,
    /// A mailbox that had a confirmation mail since then gets no other one.
    pub mails_since: DateTime<Utc>,
    /// Most confirmation mails to a mailbox until one is answered.
    pub most_unanswered: u32,
    /// What the page spoke.
    pub language: Language,
}

/// What became of a sign-up; the page says the same in every case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Begun {
    /// A confirmation mail is queued.
    Queued(DeliveryId),
    /// The address is never to be mailed.
    Suppressed,
    /// The address had its confirmation mails for now; the wishes were not kept.
    TooMany,
}

const FIND_SUPPRESSION: &str = "SELECT reason FROM suppression WHERE email_digest = $1";
/// Finds or makes a subscriber, and takes the row lock either way, so that two sign-ups of one address come one after the other.
const ENSURE_SUBSCRIBER: &str = "INSERT INTO subscriber (email, email_key, state, since, created_at, alive_at) \
     VALUES ($1, $2, 'pending', $3, $3, $3) \
     ON CONFLICT (email_key) DO UPDATE SET email_key = EXCLUDED.email_key RETURNING id";
/// Who gets alerts already keeps the language of them: anybody can type an address.
const SPEAK_TO_NEW: &str = "UPDATE subscriber SET language = $2 WHERE id = $1 AND state IN ('pending', 'ended')";
/// Makes or finds the row of a mailbox, and takes its lock either way.
const TAKE_MAILBOX: &str = "INSERT INTO confirmation_count (mailbox, mails, last_at) VALUES ($1, 0, 0) \
     ON CONFLICT (mailbox) DO UPDATE SET mails = confirmation_count.mails RETURNING mails, last_at";
const COUNT_MAILBOX: &str = "UPDATE confirmation_count SET mails = mails + 1, last_at = $2 WHERE mailbox = $1";
const MAILBOX_ANSWERED: &str = "UPDATE confirmation_count SET mails = 0 WHERE mailbox = $1";
const FORGET_MAILBOXES: &str = "DELETE FROM confirmation_count WHERE last_at < $1";
const REPLACE_UNCONFIRMED: &str = "UPDATE subscription SET name = $2, preferences = $3, cadence = $4, instant = $5, created_at = $6, \
     token_digest = $7, token_until = $8 WHERE subscriber_id = $1 AND confirmed_at IS NULL AND ended_at IS NULL RETURNING id";
const INSERT_UNCONFIRMED: &str = "INSERT INTO subscription (subscriber_id, name, preferences, cadence, instant, created_at, \
    token_digest, \
     token_until, decided_seq, welcomed) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, FALSE) RETURNING id";
/// The token of an earlier sign-up is worth nothing any more, so its letter is not sent either.
const CANCEL_CONFIRMATIONS: &str = concat!(
    "UPDATE delivery SET state = 'cancelled', ended_at = $2, lease_until = NULL, secret = NULL, \
     detail = 'replaced by a later sign-up' WHERE subscription_id = $1 AND kind = 'confirmation' AND ",
    cancellable!()
);
const TOKEN_SUBJECT: &str = concat!(
    "SELECT ",
    subscription_columns!(),
    ", ",
    subscriber_columns!(),
    " FROM subscription JOIN subscriber ON subscriber.id = subscription.subscriber_id \
     WHERE subscription.token_digest = $1 AND subscription.token_until > $2 AND subscription.confirmed_at IS NULL AND \
     subscription.ended_at IS NULL"
);
const CONFIRM: &str = concat!(
    "UPDATE subscription SET confirmed_at = $2, due_at = $3, token_digest = NULL, token_until = NULL, \
     decided_seq = (SELECT value FROM counter WHERE name = 'seq') WHERE token_digest = $1 RETURNING ",
    subscription_columns!()
);
const INSERT_CONFIRMED: &str = "INSERT INTO subscription (subscriber_id, name, preferences, cadence, instant, created_at, confirmed_at, \
     due_at, decided_seq, welcomed) \
     VALUES ($1, $2, $3, $4, $5, $6, $6, $7, (SELECT value FROM counter WHERE name = 'seq'), FALSE) RETURNING id";
/// Confirmed by the person's own act or the operator's word: all but the paused are active now.
const ACTIVATE: &str = concat!(
    "UPDATE subscriber SET confirmed_at = COALESCE(confirmed_at, $2), \
     since = CASE WHEN state IN ('active', 'paused') THEN since ELSE $2 END, \
     state = CASE WHEN state = 'paused' THEN 'paused' ELSE 'active' END WHERE id = $1 RETURNING ",
    subscriber_columns!()
);
const SWEEP_PENDING: &str = "DELETE FROM subscriber WHERE id IN (SELECT subscriber.id FROM subscriber \
     WHERE subscriber.state = 'pending' AND subscriber.created_at < $1 \
     AND NOT EXISTS (SELECT 1 FROM subscription WHERE subscription.subscriber_id = subscriber.id AND subscription.created_at >= \
     $1) LIMIT $2)";
const SWEEP_UNCONFIRMED: &str = "DELETE FROM subscription WHERE id IN (SELECT subscription.id FROM subscription \
     WHERE subscription.confirmed_at IS NULL AND subscription.created_at < $1 LIMIT $2)";

/// Statements of this file, for the test that prepares them all.
#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[
    FIND_SUPPRESSION,
    ENSURE_SUBSCRIBER,
    SPEAK_TO_NEW,
    TAKE_MAILBOX,
    COUNT_MAILBOX,
    MAILBOX_ANSWERED,
    FORGET_MAILBOXES,
    REPLACE_UNCONFIRMED,
    INSERT_UNCONFIRMED,
    CANCEL_CONFIRMATIONS,
    TOKEN_SUBJECT,
    CONFIRM,
    INSERT_CONFIRMED,
    ACTIVATE,
    SWEEP_PENDING,
    SWEEP_UNCONFIRMED,
];

impl Store {
    /// Keeps a sign-up in one transaction: the subscriber (pending where new), the subscription (not confirmed), the token, the
    /// consent line and the confirmation delivery. An earlier unconfirmed subscription of the address is replaced.
    ///
    /// # Errors
    /// The database's own; then nothing is kept.
    pub async fn begin_subscription(&self, request: SubscribeRequest<'_>) -> Result<Begun, StoreError> {
        let now = request.consent.at;
        let mut tx = self.begin().await?;
        let suppressed: Option<(String,)> = tx.row(FIND_SUPPRESSION, values![request.email_digest]).await?;
        if suppressed.is_some() {
            return Ok(Begun::Suppressed);
        }
        let subscriber = ensure_subscriber(&mut tx, request.email, now).await?;
        let mailbox: Option<(i64, i64)> = tx.row(TAKE_MAILBOX, values![request.mailbox]).await?;
        let (mails, last_at) = mailbox.unwrap_or_default();
        if mails >= i64::from(request.most_unanswered) || last_at >= request.mails_since.timestamp_millis() {
            return Ok(Begun::TooMany);
        }
        tx.run(COUNT_MAILBOX, values![request.mailbox, now]).await?;
        tx.run(SPEAK_TO_NEW, values![subscriber, request.language.as_str()]).await?;
        let subscription = put_unconfirmed(&mut tx, subscriber, &request).await?;
        add_consent(&mut tx, subscriber, request.consent).await?;
        let delivery = NewDelivery {
            subscriber,
            subscription: Some(subscription),
            kind: DeliveryKind::Confirmation,
            due_at: now,
            digest: None,
            secret: Some(request.token.to_owned()),
        };
        let id = outbox::insert(&mut tx, &delivery, now).await?.ok_or(sqlx::Error::RowNotFound)?;
        tx.commit().await?;
        Ok(Begun::Queued(id))
    }

    /// What a confirmation token is for, while it is good.
    ///
    /// # Errors
    /// The database's own, or a row that does not read.
    pub async fn token_subject(&self, token_digest: &str, now: DateTime<Utc>) -> Result<Option<(Subscriber, Subscription)>, StoreError> {
        let row: Option<SubjectRow> = self.reader.row(TOKEN_SUBJECT, values![token_digest, now]).await?;
        row.map(|row| Ok((row.subscriber.subscriber()?, row.subscription.subscription()?))).transpose()
    }

    /// Confirms in one transaction: subscriber active, subscription confirmed with its cursor at the newest `seq` and its first due
    /// moment, consent line written, token used up. None when the token is unknown, used or ended.
    ///
    /// # Errors
    /// The database's own, or a row that does not read; then nothing is confirmed.
    ///
    /// `mailbox` names the digest of a mailbox, whose count of unanswered confirmation mails ends with it.
    pub async fn confirm(
        &self,
        token_digest: &str,
        consent: &ConsentRecord,
        mailbox: impl FnOnce(&EmailAddress) -> String,
    ) -> Result<Option<(Subscriber, Subscription)>, StoreError> {
        let mut tx = self.begin().await?;
        let subject: Option<SubjectRow> = tx.row(TOKEN_SUBJECT, values![token_digest, consent.at]).await?;
        let Some(subject) = subject else { return Ok(None) };
        let due_at = subject.subscription.subscription()?.cadence.next_due(consent.at);
        let confirmed: Option<SubscriptionRow> = tx.row(CONFIRM, values![token_digest, consent.at, due_at]).await?;
        let Some(confirmed) = confirmed else { return Ok(None) };
        let subscription = confirmed.subscription()?;
        let subscriber = activate(&mut tx, subscription.subscriber, consent).await?;
        tx.run(MAILBOX_ANSWERED, values![&mailbox(&subscriber.email)]).await?;
        tx.commit().await?;
        Ok(Some((subscriber, subscription)))
    }

    /// Adds a confirmed subscription on the operator's word, the subscriber too where new (an ended one becomes active again).
    ///
    /// # Errors
    /// The database's own; then nothing is added.
    pub async fn add_confirmed(
        &self,
        email: &EmailAddress,
        subscription: &NewSubscription,
        consent: &ConsentRecord,
    ) -> Result<(SubscriberId, SubscriptionId), StoreError> {
        let mut tx = self.begin().await?;
        let subscriber = ensure_subscriber(&mut tx, email, consent.at).await?;
        let subscription = put_confirmed(&mut tx, subscriber, subscription, consent).await?;
        tx.commit().await?;
        Ok((subscriber, subscription))
    }

    /// Forgets how many confirmation mails went to mailboxes that had none since `before`; how many mailboxes.
    ///
    /// # Errors
    /// The database's own.
    pub async fn forget_mailboxes(&self, before: DateTime<Utc>) -> Result<u64, StoreError> {
        let mut tx = self.begin().await?;
        let forgotten = tx.run(FORGET_MAILBOXES, values![before]).await?;
        tx.commit().await?;
        Ok(forgotten)
    }

    /// Deletes subscribers that never confirmed and were made before `before`, and unconfirmed subscriptions of others; at most `limit`.
    ///
    /// # Errors
    /// The database's own.
    pub async fn sweep_unconfirmed(&self, before: DateTime<Utc>, limit: u32) -> Result<u64, StoreError> {
        let mut tx = self.begin().await?;
        let subscribers = tx.run(SWEEP_PENDING, values![before, limit]).await?;
        let left = u64::from(limit).saturating_sub(subscribers);
        let subscriptions = tx.run(SWEEP_UNCONFIRMED, values![before, i64::try_from(left).unwrap_or_default()]).await?;
        tx.commit().await?;
        Ok(subscribers + subscriptions)
    }
}

async fn ensure_subscriber(tx: &mut Tx, email: &EmailAddress, now: DateTime<Utc>) -> Result<SubscriberId, StoreError> {
    tx.number(ENSURE_SUBSCRIBER, values![email.as_str(), &email.key(), now]).await.map(SubscriberId)
}

/// Replaces the one unconfirmed subscription of a subscriber, or makes it.
async fn put_unconfirmed(tx: &mut Tx, subscriber: SubscriberId, request: &SubscribeRequest<'_>) -> Result<SubscriptionId, StoreError> {
    let wanted = request.subscription;
    let preferences = to_json("subscription", &wanted.preferences)?;
    let cadence = to_json("subscription", &wanted.cadence)?;
    let now = request.consent.at;
    let values = values![
        subscriber,
        &wanted.name,
        &preferences,
        &cadence,
        wanted.cadence.is_instant(),
        now,
        request.token_digest,
        request.token_until
    ];
    let replaced: Option<(i64,)> = tx.row(REPLACE_UNCONFIRMED, values).await?;
    if let Some((id,)) = replaced {
        tx.run(CANCEL_CONFIRMATIONS, values![id, now]).await?;
        return Ok(SubscriptionId(id));
    }
    tx.number(INSERT_UNCONFIRMED, values).await.map(SubscriptionId)
}

/// Adds a confirmed subscription whose first window begins now, and activates its subscriber.
pub(super) async fn put_confirmed(
    tx: &mut Tx,
    subscriber: SubscriberId,
    wanted: &NewSubscription,
    consent: &ConsentRecord,
) -> Result<SubscriptionId, StoreError> {
    let preferences = to_json("subscription", &wanted.preferences)?;
    let cadence = to_json("subscription", &wanted.cadence)?;
    let due_at = wanted.cadence.next_due(consent.at);
    let values = values![subscriber, &wanted.name, &preferences, &cadence, wanted.cadence.is_instant(), consent.at, due_at];
    let id = tx.number(INSERT_CONFIRMED, values).await?;
    activate(tx, subscriber, consent).await?;
    Ok(SubscriptionId(id))
}

async fn activate(tx: &mut Tx, subscriber: SubscriberId, consent: &ConsentRecord) -> Result<Subscriber, StoreError> {
    let row: Option<SubscriberRow> = tx.row(ACTIVATE, values![subscriber, consent.at]).await?;
    add_consent(tx, subscriber, consent).await?;
    row.ok_or(sqlx::Error::RowNotFound)?.subscriber()
}

#[derive(FromRow)]
struct SubjectRow {
    #[sqlx(flatten)]
    subscription: SubscriptionRow,
    #[sqlx(flatten)]
    subscriber: SubscriberRow,
}
