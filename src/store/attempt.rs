//! Attempts: what workers report of the letters they have, the leases they hold, and what a worker that is gone left behind.
//!
//! Each statement is one event of [`DeliveryState::after`] and names the states it moves from; a test holds them against it.

use std::collections::HashSet;

use chrono::{DateTime, Utc};

use super::day;
use super::db::Store;
use super::end::{self, Ended};
use super::error::StoreError;
use super::expired;
use super::returned;
use super::subscriber::lock;
use super::wire::{Tx, id_list, portions, values};
use crate::domain::retry::RetryRules;
use crate::domain::{DeliveryEvent, DeliveryId, DeliveryState};

/// What a worker reports of a letter it has.
#[derive(Debug, Clone)]
pub struct Progress {
    /// How the letter before ended, if there was one.
    pub ended: Option<Ended>,
    /// The letter that is handed over next, if there is one.
    pub begin: Option<DeliveryId>,
}

/// The letter of a person who left meanwhile does not begin.
const BEGIN: &str = concat!("UPDATE delivery SET state = 'sending' WHERE state = 'leased' AND id IN ", id_list!(), " RETURNING id");
const RENEW: &str = concat!("UPDATE delivery SET lease_until = $17 WHERE lease_until IS NOT NULL AND id IN ", id_list!());
/// Nothing of it can have left. It keeps its place: where one crash follows the other, letters that came later would else go first every time.
/// Due now at the latest: a clock that was set back must not leave it waiting.
const GIVE_BACK: &str = "UPDATE delivery SET state = 'retrying', lease_until = NULL, \
     due_at = CASE WHEN due_at < $1 THEN due_at ELSE $1 END WHERE state = 'leased' AND lease_until <= $2";
/// Its dot may have been sent.
const LOSE: &str = "UPDATE delivery SET state = 'unknown', lease_until = NULL, due_at = $1, detail = $3, unanswered = unanswered + 1, \
     ended_at = CASE WHEN unanswered >= $4 THEN CAST($5 AS BIGINT) END, secret = CASE WHEN unanswered < $4 THEN secret END \
     WHERE state = 'sending' AND lease_until <= $2";

const KEEP_LETTER: &str = "INSERT INTO delivery_letter (delivery_id, letter) SELECT id, $2 FROM delivery WHERE id = $1 AND state = 'unknown' \
     AND ended_at IS NULL ON CONFLICT (delivery_id) DO NOTHING";
const KEPT_LETTER: &str = "SELECT letter FROM delivery_letter WHERE delivery_id = $1";
/// From the few letters to their deliveries: SQLite would begin a join with every delivery that ended.
const FORGET_LETTERS: &str = "DELETE FROM delivery_letter WHERE EXISTS (SELECT 1 FROM delivery \
     WHERE delivery.id = delivery_letter.delivery_id AND delivery.ended_at IS NOT NULL AND delivery.state <> 'unknown')";
const SLIPS_MARK: &str = "SELECT value FROM counter WHERE name = 'slips'";
const SET_SLIPS_MARK: &str = "UPDATE counter SET value = $1 WHERE name = 'slips'";

/// Statements of this file, for the test that prepares them all.
#[cfg(test)]
pub(super) const STATEMENTS: &[&str] =
    &[BEGIN, RENEW, GIVE_BACK, LOSE, KEEP_LETTER, KEPT_LETTER, FORGET_LETTERS, SLIPS_MARK, SET_SLIPS_MARK];

/// What is kept of a letter whose worker is gone.
const LOST: &str = "the process ended after the letter was begun";

impl Store {
    /// Records what workers report, in one transaction; for each whether its next letter has begun. A letter that is not in the state
    /// it is said to be in stays as it is, and so does one with an event that has no meaning there (which is logged).
    ///
    /// # Errors
    /// The database's own. Then nothing is recorded.
    pub async fn record_progress(&self, reports: &[Progress]) -> Result<Vec<bool>, StoreError> {
        let mut tx = self.begin().await?;
        // One order for everybody, so that two workers never wait for each other's rows in a circle.
        let mut ended: Vec<&Ended> = reports.iter().filter_map(|report| report.ended.as_ref()).collect();
        ended.sort_by_key(|ended| ended.delivery);
        lock_charged(&mut tx, &ended).await?;
        let came = end(&mut tx, &ended).await?;
        if let Some(last) = ended.last() {
            day::count_letters(&mut tx, &came, last.at).await?;
        }
        let mut began = begin(&mut tx, reports).await?;
        tx.commit().await?;
        // Each letter is begun by one report.
        Ok(reports.iter().map(|report| report.begin.is_some_and(|id| began.remove(&id.0))).collect())
    }

    /// Lets the leases of a worker go on.
    ///
    /// # Errors
    /// The database's own.
    pub async fn renew_leases(&self, ids: &[DeliveryId], until: DateTime<Utc>) -> Result<(), StoreError> {
        let mut ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
        ids.sort_unstable();
        let mut tx = self.begin().await?;
        for portion in portions(&ids) {
            let mut values: Vec<_> = portion.into_iter().map(Into::into).collect();
            values.push(until.into());
            tx.run(RENEW, &values).await?;
        }
        tx.commit().await
    }

    /// The letter of an earlier attempt that may have arrived, as it went out.
    ///
    /// # Errors
    /// The database's own.
    pub async fn kept_letter(&self, id: DeliveryId) -> Result<Option<Vec<u8>>, StoreError> {
        let row: Option<(Vec<u8>,)> = self.reader.row(KEPT_LETTER, values![id]).await?;
        Ok(row.map(|(letter,)| letter))
    }

    /// Forgets letters that are not sent again; how many.
    ///
    /// # Errors
    /// The database's own.
    pub async fn forget_letters(&self) -> Result<u64, StoreError> {
        let mut tx = self.begin().await?;
        let forgotten = tx.run(FORGET_LETTERS, values![]).await?;
        tx.commit().await?;
        Ok(forgotten)
    }

    /// The number of the slips that can be believed; 0 for none.
    ///
    /// # Errors
    /// The database's own.
    pub async fn slips_mark(&self) -> Result<i64, StoreError> {
        let row: Option<(i64,)> = self.reader.row(SLIPS_MARK, values![]).await?;
        Ok(row.map_or(0, |(mark,)| mark))
    }

    /// Says which slips can be believed from now on; 0 for none.
    ///
    /// # Errors
    /// The database's own.
    pub async fn set_slips_mark(&self, mark: i64) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        tx.run(SET_SLIPS_MARK, values![mark]).await?;
        tx.commit().await
    }

    /// Takes back what was claimed by a process that is gone: everything (`None`), or only what has a lease ended at the moment. What
    /// was not begun waits again; what was is `unknown`, for the dot may have been sent, and tried again some times more than one without an
    /// answer.
    ///
    /// # Errors
    /// The database's own.
    pub async fn release_claims(
        &self,
        lease_ended_at: Option<DateTime<Utc>>,
        now: DateTime<Utc>,
        rules: &RetryRules,
    ) -> Result<u64, StoreError> {
        let until = lease_ended_at.map_or(i64::MAX, |moment| moment.timestamp_millis());
        let mut tx = self.begin().await?;
        let given_back = tx.run(GIVE_BACK, values![now, until]).await?;
        let again_at = now + rules.unknown_wait;
        let lost = tx.run(LOSE, values![again_at, until, LOST, rules.doubts_allowed(), now]).await?;
        tx.commit().await?;
        Ok(given_back + lost)
    }
}

/// Begins what the reports want to begin; what has begun.
async fn begin(tx: &mut Tx, reports: &[Progress]) -> Result<HashSet<i64>, StoreError> {
    let mut ids: Vec<i64> = reports.iter().filter_map(|report| report.begin).map(|id| id.0).collect();
    ids.sort_unstable();
    let mut began = HashSet::with_capacity(ids.len());
    for portion in portions(&ids) {
        let values: Vec<_> = portion.into_iter().map(Into::into).collect();
        let rows: Vec<(i64,)> = tx.rows(BEGIN, &values).await?;
        began.extend(rows.into_iter().map(|(id,)| id));
    }
    Ok(began)
}

/// Ends attempts, with what follows from it; how many letters came to which state. What was given back came to none.
async fn end(tx: &mut Tx, ended: &[&Ended]) -> Result<day::Came, StoreError> {
    let meant: Vec<(&Ended, DeliveryState)> = ended.iter().filter_map(|ended| Some((*ended, state_after(ended)?))).collect();
    let changed = end::end(tx, &meant).await?;
    let mut came = day::Came::new();
    for (ended, state) in meant {
        let ended_so = changed.contains(&ended.delivery.0);
        if let Some(letter) = &ended.letter {
            tx.run(KEEP_LETTER, values![ended.delivery, letter.as_slice()]).await?;
        }
        if ended_so && ended.event == DeliveryEvent::Expired {
            expired::wake(tx, ended.delivery, ended.at).await?;
        }
        if let Some(charge) = &ended.charge {
            returned::record(tx, &charge.of_letter(ended.delivery, ended.at)).await?;
        }
        if ended_so && ended.tried && ended.event != DeliveryEvent::GivenBack {
            *came.entry((state.as_str(), ended.receiver)).or_default() += 1;
        }
    }
    Ok(came)
}

fn state_after(ended: &Ended) -> Option<DeliveryState> {
    let state = ended.from.after(ended.event);
    if state.is_none() {
        tracing::error!(delivery = ended.delivery.0, event = ?ended.event, from = ended.from.as_str(), "this event has no meaning in this state");
    }
    state
}

/// Locks the people whose mailboxes refused a letter before any letter: everybody who ends a person's letters comes by that order.
async fn lock_charged(tx: &mut Tx, ended: &[&Ended]) -> Result<(), StoreError> {
    let mut charged: Vec<_> = ended.iter().filter_map(|ended| ended.charge.as_ref()).map(|charge| charge.subscriber).collect();
    charged.sort_unstable();
    for subscriber in charged {
        lock(tx, subscriber).await?;
    }
    Ok(())
}
