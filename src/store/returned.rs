//! What came back, and what it changes: each mail once, its record and its effect in one transaction.

use chrono::{DateTime, Duration, Utc};

use super::absence::{SUPPRESS, pause};
use super::db::Store;
use super::error::StoreError;
use super::outbox::cancellable;
use super::subscriber::{add_consent, lock};
use super::webhook;
use super::wire::{Tx, values};
use crate::domain::delivery::Blame;
use crate::domain::report::{Report, ReportKind, ReturnEffect};
use crate::domain::subscriber::{Circumstances, ConsentEvent, ConsentRecord, SuppressionReason};
use crate::domain::{DeliveryId, SubscriberId, SubscriptionId};

/// One mail that came back, about one recipient.
#[derive(Debug, Clone)]
pub struct NewReturn<'a> {
    /// What it says.
    pub report: &'a Report,
    /// The digest of its bytes, or of what else is the same when it comes again.
    pub mail_digest: &'a str,
    /// Which letter it is about, where that is proved.
    pub delivery: Option<DeliveryId>,
    /// Whom it is about; none changes nothing.
    pub subscriber: Option<Returnee<'a>>,
    /// The mail itself, where it was not understood.
    pub mail: Option<&'a str>,
    /// When it came.
    pub at: DateTime<Utc>,
}

/// What the relay said of a mailbox in the dialogue of its letter: it counts like a mail that came back, in one transaction with the end of
/// the letter.
#[derive(Debug, Clone)]
pub struct Charge {
    /// What it says.
    pub report: Report,
    /// The same for the same attempt.
    pub digest: String,
    /// Whose mailbox.
    pub subscriber: SubscriberId,
    /// Keyed digest of its address.
    pub email_digest: String,
}

impl Charge {
    /// As what came back of a letter.
    pub(super) fn of_letter(&self, delivery: DeliveryId, at: DateTime<Utc>) -> NewReturn<'_> {
        let subscriber = Some(Returnee { id: self.subscriber, email_digest: &self.email_digest });
        NewReturn { report: &self.report, mail_digest: &self.digest, delivery: Some(delivery), subscriber, mail: None, at }
    }
}

/// The subscriber a mail is about.
#[derive(Debug, Clone, Copy)]
pub struct Returnee<'a> {
    /// Who.
    pub id: SubscriberId,
    /// Keyed digest of the address, as the suppression list knows it.
    pub email_digest: &'a str,
}

/// Soft failures of a mailbox on so many days within [`SOFT_WINDOW_DAYS`] pause its subscriber.
const SOFT_DAYS: i64 = 3;
const SOFT_WINDOW_DAYS: i64 = 14;
/// How long such a pause lasts; the letters after it are one more try.
const SOFT_PAUSE_DAYS: i64 = 7;
/// A mailbox that fails on so many days again so soon after such a pause is given up.
const SOFT_MEMORY_DAYS: i64 = 60;

const INSERT: &str = "INSERT INTO returned (mail_digest, delivery_id, subscriber_id, kind, blame, is_delay, status, diagnostic, effect, \
     returned_at, mail) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'none', $9, $10) ON CONFLICT DO NOTHING RETURNING id";
const SET_EFFECT: &str = "UPDATE returned SET effect = $2 WHERE id = $1";
/// Days since 1970; a day with several failures counts once. Failures before the last pause are paid for.
const FAILED_DAYS: &str = "SELECT COUNT(DISTINCT returned_at / 86400000) FROM returned WHERE subscriber_id = $1 AND kind = 'soft' \
     AND blame = 'recipient' AND is_delay = $2 AND returned_at > $3 AND id > COALESCE((SELECT MAX(earlier.id) FROM returned AS earlier \
     WHERE earlier.subscriber_id = $1 AND earlier.effect = 'paused'), 0)";
const PAUSED_BEFORE: &str = "SELECT COUNT(*) FROM returned WHERE subscriber_id = $1 AND effect = 'paused' AND returned_at > $2";
const END_SUBSCRIPTIONS: &str = "UPDATE subscription SET ended_at = $2, due_at = NULL, silence_at = NULL, token_digest = NULL, \
     token_until = NULL \
     WHERE subscriber_id = $1 AND ended_at IS NULL";
const CANCEL_ALL: &str = concat!(
    "UPDATE delivery SET state = 'cancelled', ended_at = $2, lease_until = NULL, secret = NULL, detail = $3 \
     WHERE subscriber_id = $1 AND ",
    cancellable!()
);
/// Who never confirmed stays pending and is swept.
const END_SUBSCRIBER: &str =
    "UPDATE subscriber SET state = 'ended', since = $2, paused_until = NULL WHERE id = $1 AND state IN ('active', 'paused')";
const RETURN_OF: &str = "SELECT subscriber_id, subscription_id FROM delivery WHERE id = $1";
const FORGET_MAILS: &str = "UPDATE returned SET mail = NULL WHERE mail IS NOT NULL AND returned_at < $1";
const FORGET: &str = "DELETE FROM returned WHERE id IN (SELECT id FROM returned WHERE returned_at < $1 LIMIT $2)";

/// Statements of this file, for the test that prepares them all.
#[cfg(test)]
pub(super) const STATEMENTS: &[&str] =
    &[INSERT, SET_EFFECT, FAILED_DAYS, PAUSED_BEFORE, END_SUBSCRIPTIONS, CANCEL_ALL, END_SUBSCRIBER, RETURN_OF, FORGET_MAILS, FORGET];

impl Store {
    /// Records what came back and does what follows from it: a mailbox that is gone or a complaint ends the subscriber and puts the
    /// address on the suppression list; failures of a mailbox are counted over days. None where this mail was recorded before.
    ///
    /// # Errors
    /// The database's own; then nothing is recorded.
    pub async fn record_return(&self, returned: &NewReturn<'_>) -> Result<Option<ReturnEffect>, StoreError> {
        let mut tx = self.begin().await?;
        let effect = record(&mut tx, returned).await?;
        tx.commit().await?;
        Ok(effect)
    }

    /// Whose letter a delivery is, and of which alert.
    ///
    /// # Errors
    /// The database's own.
    pub async fn delivery_owner(&self, id: DeliveryId) -> Result<Option<(SubscriberId, Option<SubscriptionId>)>, StoreError> {
        let row: Option<(i64, Option<i64>)> = self.reader.row(RETURN_OF, values![id]).await?;
        Ok(row.map(|(subscriber, subscription)| (SubscriberId(subscriber), subscription.map(SubscriptionId))))
    }

    /// Forgets the mails that were not understood and came before `mails`, and at most `limit` records from before `records`; how many
    /// records.
    ///
    /// # Errors
    /// The database's own.
    pub async fn forget_returned(&self, mails: DateTime<Utc>, records: DateTime<Utc>, limit: u32) -> Result<u64, StoreError> {
        let mut tx = self.begin().await?;
        tx.run(FORGET_MAILS, values![mails]).await?;
        let forgotten = tx.run(FORGET, values![records, limit]).await?;
        tx.commit().await?;
        Ok(forgotten)
    }
}

/// Records what came back and does what follows from it, within a transaction.
pub(super) async fn record(tx: &mut Tx, returned: &NewReturn<'_>) -> Result<Option<ReturnEffect>, StoreError> {
    let NewReturn { report, at, .. } = returned;
    let known = match returned.subscriber {
        Some(who) => lock(tx, who.id).await?.map(|_| who),
        None => None,
    };
    let status = report.status.map(|status| status.to_string());
    let values = values![
        returned.mail_digest,
        returned.delivery.map(|id| id.0),
        known.map(|who| who.id.0),
        report.kind.as_str(),
        report.blame.as_str(),
        report.is_delay,
        status.as_deref(),
        &report.diagnostic,
        *at,
        returned.mail,
    ];
    let row: Option<(i64,)> = tx.row(INSERT, values).await?;
    let Some((id,)) = row else { return Ok(None) };
    let effect = match known {
        None => ReturnEffect::None,
        Some(who) => match report.kind {
            _ if report.is_opt_out => ReturnEffect::Unsubscribed,
            ReportKind::Hard => suppress(tx, who, SuppressionReason::HardBounce, *at).await?,
            ReportKind::Complaint => suppress(tx, who, SuppressionReason::Complaint, *at).await?,
            ReportKind::Soft if report.blame == Blame::Recipient && !report.is_delay => count(tx, who, *at).await?,
            _ => ReturnEffect::None,
        },
    };
    tx.run(SET_EFFECT, values![id, effect.as_str()]).await?;
    Ok(Some(effect))
}

/// Ends the subscriber and every letter on its way, and keeps the address off for ever.
async fn suppress(tx: &mut Tx, who: Returnee<'_>, reason: SuppressionReason, at: DateTime<Utc>) -> Result<ReturnEffect, StoreError> {
    tx.run(SUPPRESS, values![who.email_digest, reason.as_str(), at]).await?;
    end_everything(tx, who.id, at, reason.label()).await?;
    let consent = ConsentRecord {
        event: ConsentEvent::Unsubscribed,
        at,
        origin: "mail".into(),
        detail: reason.label().into(),
        circumstances: Circumstances::default(),
    };
    add_consent(tx, who.id, &consent).await?;
    Ok(ReturnEffect::Suppressed)
}

/// Ends every alert of a subscriber, every letter on its way, and the subscriber.
pub(super) async fn end_everything(tx: &mut Tx, id: SubscriberId, at: DateTime<Utc>, why: &str) -> Result<(), StoreError> {
    tx.run(END_SUBSCRIPTIONS, values![id, at]).await?;
    webhook::end_all(tx, id).await?;
    tx.run(CANCEL_ALL, values![id, at, why]).await?;
    tx.run(END_SUBSCRIBER, values![id, at]).await?;
    Ok(())
}

/// A mailbox that fails on several days rests for a week; if it fails like that again, it is given up.
async fn count(tx: &mut Tx, who: Returnee<'_>, at: DateTime<Utc>) -> Result<ReturnEffect, StoreError> {
    let days = tx.number(FAILED_DAYS, values![who.id, false, at - Duration::days(SOFT_WINDOW_DAYS)]).await?;
    let before = tx.number(PAUSED_BEFORE, values![who.id, at - Duration::days(SOFT_MEMORY_DAYS)]).await?;
    if days < SOFT_DAYS {
        return Ok(ReturnEffect::Counted);
    }
    if before > 0 {
        return suppress(tx, who, SuppressionReason::HardBounce, at).await;
    }
    let until = at + Duration::days(SOFT_PAUSE_DAYS);
    let detail = format!("the mailbox took no mail on {days} days; until {}", until.to_rfc3339());
    let consent = ConsentRecord { event: ConsentEvent::Paused, at, origin: "mail".into(), detail, circumstances: Circumstances::default() };
    Ok(if pause(tx, who.id, Some(until), &consent).await? { ReturnEffect::Paused } else { ReturnEffect::Counted })
}
