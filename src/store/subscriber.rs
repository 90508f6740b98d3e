//! Subscribers, read, and their consent record.

use chrono::{DateTime, Utc};
use sqlx::FromRow;

use super::cell::Cells;
use super::db::Store;
use super::error::StoreError;
use super::wire::{Tx, values};
use crate::domain::subscriber::{Circumstances, ConsentRecord};
use crate::domain::{EmailAddress, Language, Subscriber, SubscriberId};

/// Named apart, so that they can stand beside the columns of other tables.
macro_rules! subscriber_columns {
    () => {
        "subscriber.id AS r_id, subscriber.email AS r_email, subscriber.state AS r_state, subscriber.since AS r_since, \
         subscriber.paused_until AS r_paused_until, \
         subscriber.created_at AS r_created_at, subscriber.confirmed_at AS r_confirmed_at, \
         subscriber.alive_at AS r_alive_at, subscriber.language AS r_language"
    };
}
pub(super) use subscriber_columns;

const ONE: &str = concat!("SELECT ", subscriber_columns!(), " FROM subscriber WHERE subscriber.id = $1");
const BY_EMAIL: &str = concat!("SELECT ", subscriber_columns!(), " FROM subscriber WHERE subscriber.email_key = $1");
const ALL: &str = concat!("SELECT ", subscriber_columns!(), " FROM subscriber WHERE subscriber.id > $1 ORDER BY subscriber.id LIMIT $2");
const CONSENT: &str =
    "SELECT id, event, happened_at, origin, detail, page, words, client, client_until FROM consent WHERE subscriber_id = $1 ORDER BY id";
const ADD_CONSENT: &str = "INSERT INTO consent (subscriber_id, event, happened_at, origin, detail, page, words, client, client_until) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
const FORGET_CLIENTS: &str = "UPDATE consent SET client = NULL, client_until = NULL WHERE client_until <= $1";
/// Whatever was asked is answered by it.
const ALIVE: &str = "UPDATE subscriber SET alive_at = $2, renewal_at = NULL WHERE id = $1";
const SPEAK: &str = "UPDATE subscriber SET language = $2 WHERE id = $1 AND language <> $2";
/// Takes the row lock and reads what holds under it.
const LOCK: &str = concat!("UPDATE subscriber SET state = state WHERE id = $1 RETURNING ", subscriber_columns!());

/// Statements of this file, for the test that prepares them all.
#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[ONE, BY_EMAIL, ALL, CONSENT, ADD_CONSENT, FORGET_CLIENTS, ALIVE, SPEAK, LOCK];

impl Store {
    /// One subscriber.
    ///
    /// # Errors
    /// The database's own, or a row that does not read.
    pub async fn subscriber(&self, id: SubscriberId) -> Result<Option<Subscriber>, StoreError> {
        let row: Option<SubscriberRow> = self.reader.row(ONE, values![id]).await?;
        row.map(SubscriberRow::subscriber).transpose()
    }

    /// The subscriber of an address, whatever the case of its letters.
    ///
    /// # Errors
    /// The database's own, or a row that does not read.
    pub async fn subscriber_by_email(&self, email: &EmailAddress) -> Result<Option<Subscriber>, StoreError> {
        let row: Option<SubscriberRow> = self.reader.row(BY_EMAIL, values![&email.key()]).await?;
        row.map(SubscriberRow::subscriber).transpose()
    }

    /// At most `limit` subscribers with an id above `after`, by id.
    ///
    /// # Errors
    /// The database's own, or a row that does not read.
    pub async fn subscribers(&self, after: SubscriberId, limit: u32) -> Result<Vec<Subscriber>, StoreError> {
        let rows: Vec<SubscriberRow> = self.reader.rows(ALL, values![after, limit]).await?;
        rows.into_iter().map(SubscriberRow::subscriber).collect()
    }

    /// Keeps which language a person reads; false where it is kept already, or there is nobody.
    ///
    /// # Errors
    /// The database's own.
    pub async fn speak(&self, id: SubscriberId, language: Language, consent: &ConsentRecord) -> Result<bool, StoreError> {
        let mut tx = self.begin().await?;
        let changed = tx.run(SPEAK, values![id, language.as_str()]).await? > 0;
        if changed {
            add_consent(&mut tx, id, consent).await?;
        }
        tx.commit().await?;
        Ok(changed)
    }

    /// Forgets from where consents were sent, where their time has come; how many.
    ///
    /// # Errors
    /// The database's own.
    pub async fn forget_clients(&self, now: DateTime<Utc>) -> Result<u64, StoreError> {
        let mut tx = self.begin().await?;
        let forgotten = tx.run(FORGET_CLIENTS, values![now]).await?;
        tx.commit().await?;
        Ok(forgotten)
    }

    /// The consent record of a subscriber, oldest first.
    ///
    /// # Errors
    /// The database's own, or a row that does not read.
    pub async fn consent_record(&self, id: SubscriberId) -> Result<Vec<ConsentRecord>, StoreError> {
        let rows: Vec<ConsentRow> = self.reader.rows(CONSENT, values![id]).await?;
        rows.into_iter().map(ConsentRow::record).collect()
    }
}

/// The subscriber under its row lock: what else changes it waits until this transaction ends.
pub(super) async fn lock(tx: &mut Tx, id: SubscriberId) -> Result<Option<Subscriber>, StoreError> {
    let row: Option<SubscriberRow> = tx.row(LOCK, values![id]).await?;
    row.map(SubscriberRow::subscriber).transpose()
}

/// Keeps a sign of life.
pub(super) async fn alive(tx: &mut Tx, id: SubscriberId, at: DateTime<Utc>) -> Result<(), StoreError> {
    tx.run(ALIVE, values![id, at]).await.map(drop)
}

/// Appends a line to the consent record; what a person did by hand is a sign of life.
pub(super) async fn add_consent(tx: &mut Tx, id: SubscriberId, consent: &ConsentRecord) -> Result<(), StoreError> {
    let Circumstances { page, words, client, client_until } = &consent.circumstances;
    let (page, words, client) = (page.as_deref(), words.as_deref(), client.as_deref());
    let values = values![id, consent.event.as_str(), consent.at, &consent.origin, &consent.detail, page, words, client, *client_until];
    tx.run(ADD_CONSENT, values).await?;
    if consent.is_sign_of_life() { alive(tx, id, consent.at).await } else { Ok(()) }
}

#[derive(FromRow)]
#[expect(clippy::struct_field_names, reason = "the prefix keeps them apart from columns of other tables in one row")]
pub(super) struct SubscriberRow {
    r_id: i64,
    r_email: String,
    r_state: String,
    r_since: i64,
    r_paused_until: Option<i64>,
    r_created_at: i64,
    r_confirmed_at: Option<i64>,
    r_alive_at: i64,
    r_language: String,
}

impl SubscriberRow {
    pub(super) fn subscriber(self) -> Result<Subscriber, StoreError> {
        let cells = Cells { table: "subscriber", row: self.r_id };
        Ok(Subscriber {
            id: SubscriberId(self.r_id),
            email: EmailAddress::parse(&self.r_email).map_err(|error| cells.fault(error))?,
            state: cells.word(&self.r_state)?,
            since: cells.time(self.r_since)?,
            paused_until: cells.maybe_time(self.r_paused_until)?,
            created_at: cells.time(self.r_created_at)?,
            confirmed_at: cells.maybe_time(self.r_confirmed_at)?,
            alive_at: cells.time(self.r_alive_at)?,
            language: cells.word(&self.r_language)?,
        })
    }
}

#[derive(FromRow)]
struct ConsentRow {
    id: i64,
    event: String,
    happened_at: i64,
    origin: String,
    detail: String,
    page: Option<String>,
    words: Option<String>,
    client: Option<String>,
    client_until: Option<i64>,
}

impl ConsentRow {
    fn record(self) -> Result<ConsentRecord, StoreError> {
        let cells = Cells { table: "consent", row: self.id };
        let client_until = cells.maybe_time(self.client_until)?;
        let circumstances = Circumstances { page: self.page, words: self.words, client: self.client, client_until };
        let (event, at) = (cells.word(&self.event)?, cells.time(self.happened_at)?);
        Ok(ConsentRecord { event, at, origin: self.origin, detail: self.detail, circumstances })
    }
}
