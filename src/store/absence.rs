//! People who are away: paused, resumed, erased, or never to be mailed.

use chrono::{DateTime, Duration, Utc};

use super::cell::Cells;
use super::db::Store;
use super::error::StoreError;
use super::open;
use super::outbox::cancellable;
use super::subscriber::add_consent;
use super::wire::{Pool, Tx, values};
use crate::domain::subscriber::{Circumstances, ConsentEvent, ConsentRecord, SuppressionReason};
use crate::domain::{Cadence, SubscriberId, Subscription};

/// Pauses ended in one transaction; the rest waits for the next one.
const RESUMED_AT_ONCE: i64 = 500;

const PAUSE: &str = "UPDATE subscriber SET state = 'paused', since = $2, paused_until = $3 WHERE id = $1 AND state = 'active'";
/// A sleeping instant subscription has nothing left to look at up to the scanned mark; from there on the pause begins.
const SETTLE_SLEEPERS: &str = "UPDATE subscription SET decided_seq = (SELECT value FROM counter WHERE name = 'instant_scanned') \
     WHERE subscriber_id = $1 AND instant AND welcomed AND due_at IS NULL AND ended_at IS NULL \
     AND decided_seq < (SELECT value FROM counter WHERE name = 'instant_scanned')";
const CLEAR_DUE: &str = "UPDATE subscription SET due_at = NULL WHERE subscriber_id = $1 AND due_at IS NOT NULL";
const CANCEL_ALERTS: &str = concat!(
    "UPDATE delivery SET state = 'cancelled', ended_at = $2, lease_until = NULL, secret = NULL, detail = 'alerts were paused' \
     WHERE subscriber_id = $1 AND kind IN ('welcome', 'instant', 'digest', 'silence') AND ",
    cancellable!()
);
const RESUME: &str = "UPDATE subscriber SET state = 'active', since = $2, paused_until = NULL WHERE id = $1 AND state = 'paused'";
const ENDED_PAUSES: &str = "SELECT id FROM subscriber WHERE state = 'paused' AND paused_until <= $1 ORDER BY id LIMIT $2";
const CADENCES: &str =
    "SELECT id, cadence FROM subscription WHERE subscriber_id = $1 AND confirmed_at IS NOT NULL AND ended_at IS NULL ORDER BY id";
/// The pause was no silence: its time begins anew.
const SET_DUE: &str = "UPDATE subscription SET due_at = $2, silence_at = $3 WHERE id = $1 AND ended_at IS NULL";
/// Everything that belongs to a subscriber goes with it (ON DELETE CASCADE).
const ERASE: &str = "DELETE FROM subscriber WHERE id = $1";
/// A mail that was not understood may hold the address of somebody who is erased.
const FORGET_MAILS_OF: &str = "UPDATE returned SET mail = NULL WHERE mail IS NOT NULL \
     AND LOWER(mail) LIKE '%' || (SELECT REPLACE(REPLACE(email_key, '%', '\\%'), '_', '\\_') FROM subscriber WHERE id = $1) || '%' ESCAPE '\\'";
pub(super) const SUPPRESS: &str =
    "INSERT INTO suppression (email_digest, reason, created_at) VALUES ($1, $2, $3) ON CONFLICT (email_digest) DO NOTHING";
const UNSUPPRESS: &str = "DELETE FROM suppression WHERE email_digest = $1";
const FIND_SUPPRESSION: &str = "SELECT reason FROM suppression WHERE email_digest = $1";

/// Statements of this file, for the test that prepares them all.
#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[
    PAUSE,
    SETTLE_SLEEPERS,
    CLEAR_DUE,
    CANCEL_ALERTS,
    RESUME,
    ENDED_PAUSES,
    CADENCES,
    SET_DUE,
    ERASE,
    FORGET_MAILS_OF,
    SUPPRESS,
    UNSUPPRESS,
    FIND_SUPPRESSION,
];

impl Store {
    /// Pauses an active subscriber until a moment, or without end; false where the subscriber is not active. Queued alerts are cancelled.
    ///
    /// # Errors
    /// The database's own.
    pub async fn pause(&self, id: SubscriberId, until: Option<DateTime<Utc>>, consent: &ConsentRecord) -> Result<bool, StoreError> {
        let mut tx = self.begin().await?;
        let paused = pause(&mut tx, id, until, consent).await?;
        tx.commit().await?;
        Ok(paused)
    }

    /// Ends a pause; false where there is none. A digest that was missed comes at the next regular time, with all that was published
    /// meanwhile; instant alerts are looked at now.
    ///
    /// # Errors
    /// The database's own, or a row that does not read.
    pub async fn resume(&self, id: SubscriberId, consent: &ConsentRecord) -> Result<bool, StoreError> {
        let mut tx = self.begin().await?;
        let resumed = resume(&mut tx, id, consent).await?;
        tx.commit().await?;
        Ok(resumed)
    }

    /// Ends every pause whose moment has come; how many.
    ///
    /// # Errors
    /// The database's own, or a row that does not read.
    pub async fn resume_due(&self, now: DateTime<Utc>) -> Result<u64, StoreError> {
        let consent = ConsentRecord {
            event: ConsentEvent::Resumed,
            at: now,
            origin: "clock".to_owned(),
            detail: "the pause came to its end".to_owned(),
            circumstances: Circumstances::default(),
        };
        let mut resumed = 0;
        // Each round ends at least one pause or is the last one.
        loop {
            let ended: Vec<(i64,)> = self.reader.rows(ENDED_PAUSES, values![now, RESUMED_AT_ONCE]).await?;
            if ended.is_empty() {
                return Ok(resumed);
            }
            let before = resumed;
            let mut tx = self.begin().await?;
            for (id,) in ended {
                resumed += u64::from(resume(&mut tx, SubscriberId(id), &consent).await?);
            }
            tx.commit().await?;
            if resumed == before {
                return Ok(resumed);
            }
        }
    }

    /// Erases a subscriber and everything that belongs to it; false where there is none. On SQLite no byte of it is left in the files.
    ///
    /// # Errors
    /// The database's own; then nothing is erased.
    pub async fn erase(&self, id: SubscriberId) -> Result<bool, StoreError> {
        let mut tx = self.begin().await?;
        tx.run(FORGET_MAILS_OF, values![id]).await?;
        let erased = tx.run(ERASE, values![id]).await? > 0;
        tx.commit().await?;
        if let (true, Pool::Sqlite(writer)) = (erased, &self.writer) {
            open::sqlite_forget(writer).await;
        }
        Ok(erased)
    }

    /// Puts an address on the suppression list by its keyed digest.
    ///
    /// # Errors
    /// The database's own.
    pub async fn suppress(&self, email_digest: &str, reason: SuppressionReason, now: DateTime<Utc>) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        tx.run(SUPPRESS, values![email_digest, reason.as_str(), now]).await?;
        tx.commit().await
    }

    /// Takes an address off the suppression list; false where it is not on it.
    ///
    /// # Errors
    /// The database's own.
    pub async fn unsuppress(&self, email_digest: &str) -> Result<bool, StoreError> {
        let mut tx = self.begin().await?;
        let taken = tx.run(UNSUPPRESS, values![email_digest]).await? > 0;
        tx.commit().await?;
        Ok(taken)
    }

    /// Why an address is never to be mailed, by its keyed digest; none where it may be.
    ///
    /// # Errors
    /// The database's own, or a row that does not read.
    pub async fn suppression(&self, email_digest: &str) -> Result<Option<SuppressionReason>, StoreError> {
        let row: Option<(String,)> = self.reader.row(FIND_SUPPRESSION, values![email_digest]).await?;
        row.map(|(reason,)| Cells { table: "suppression", row: 0 }.word(&reason)).transpose()
    }
}

/// Pauses under this transaction; false where the subscriber is not active.
pub(super) async fn pause(
    tx: &mut Tx,
    id: SubscriberId,
    until: Option<DateTime<Utc>>,
    consent: &ConsentRecord,
) -> Result<bool, StoreError> {
    if tx.run(PAUSE, values![id, consent.at, until]).await? == 0 {
        return Ok(false);
    }
    tx.run(SETTLE_SLEEPERS, values![id]).await?;
    tx.run(CLEAR_DUE, values![id]).await?;
    tx.run(CANCEL_ALERTS, values![id, consent.at]).await?;
    add_consent(tx, id, consent).await?;
    Ok(true)
}

async fn resume(tx: &mut Tx, id: SubscriberId, consent: &ConsentRecord) -> Result<bool, StoreError> {
    if tx.run(RESUME, values![id, consent.at]).await? == 0 {
        return Ok(false);
    }
    let rows: Vec<(i64, String)> = tx.rows(CADENCES, values![id]).await?;
    for (subscription, cadence) in rows {
        let cadence: Cadence = Cells { table: "subscription", row: subscription }.json(&cadence)?;
        // The scan of sleeping ones has passed on during the pause: an instant one is decided now, from its own cursor.
        let due_at = if cadence.is_instant() { Some(consent.at) } else { cadence.next_due(consent.at) };
        let silence_at = consent.at + Duration::days(Subscription::SILENT_DAYS);
        tx.run(SET_DUE, values![subscription, due_at, silence_at]).await?;
    }
    add_consent(tx, id, consent).await?;
    Ok(true)
}
