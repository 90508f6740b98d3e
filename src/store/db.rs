//! Opening the database, and what concerns it as a whole.

use std::path::Path;

use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::cell::Cells;
use super::error::StoreError;
use super::open;
use super::wire::{Pool, Tx, values};

/// Where everything is kept (`[database]`).
#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DatabaseSettings {
    /// `sqlite:PATH` or `postgres://...`.
    pub url: String,
}

impl Default for DatabaseSettings {
    fn default() -> Self {
        Self { url: "sqlite:./data/rolecall.db".to_owned() }
    }
}

/// The store; cheap to clone.
#[derive(Debug, Clone)]
pub struct Store {
    /// One connection on SQLite, where all writes queue up.
    pub(super) writer: Pool,
    /// Read-only connections on SQLite; the same pool on Postgres.
    pub(super) reader: Pool,
}

/// Newest by their ids, which are never used twice; a source's state holds no time of ours.
const NEWEST_LETTER: &str = "SELECT created_at FROM delivery ORDER BY id DESC LIMIT 1";
const NEWEST_LISTING: &str = "SELECT first_seen FROM listing ORDER BY id DESC LIMIT 1";
const NEWEST_CONSENT: &str = "SELECT happened_at FROM consent ORDER BY id DESC LIMIT 1";
const PROBE: &str = "UPDATE counter SET value = value + 1 WHERE name = 'probe'";

/// Statements of this file, for the test that prepares them all.
#[cfg(test)]
pub(super) const STATEMENTS: &[&str] = &[PROBE, NEWEST_LETTER, NEWEST_LISTING, NEWEST_CONSENT];

impl Store {
    /// Opens the database, makes it where it does not exist, and migrates it.
    ///
    /// # Errors
    /// A newer schema, a folder that cannot be written, a URL that is neither SQLite nor Postgres, or the database's own.
    pub async fn open(settings: &DatabaseSettings) -> Result<Self, StoreError> {
        let url = settings.url.trim();
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            let pool = Pool::Postgres(open::postgres(url).await?);
            return Ok(Self { reader: pool.clone(), writer: pool });
        }
        let path = url.strip_prefix("sqlite://").or_else(|| url.strip_prefix("sqlite:")).filter(|path| !path.is_empty());
        match path {
            Some(path) if !path.starts_with(":memory:") => {
                let (writer, reader) = open::sqlite(Path::new(path)).await?;
                Ok(Self { writer: Pool::Sqlite(writer), reader: Pool::Sqlite(reader) })
            }
            _ => Err(StoreError::Unusable(
                "database.url: give sqlite:PATH (such as sqlite:./data/rolecall.db) or postgres://USER@HOST/NAME".to_owned(),
            )),
        }
    }

    /// Closes all connections; SQLite checkpoints its log.
    pub async fn close(&self) {
        self.reader.close().await;
        self.writer.close().await;
    }

    /// Whether a write commits now.
    ///
    /// # Errors
    /// The database's own: then it does not.
    pub async fn probe_write(&self) -> Result<(), StoreError> {
        let mut tx = self.begin().await?;
        tx.run(PROBE, values![]).await?;
        tx.commit().await
    }

    /// When the newest letter, listing or consent was written; none in an empty database.
    ///
    /// # Errors
    /// The database's own, or a row that does not read.
    pub async fn newest_row(&self) -> Result<Option<DateTime<Utc>>, StoreError> {
        let mut newest = None;
        for statement in [NEWEST_LETTER, NEWEST_LISTING, NEWEST_CONSENT] {
            let row: Option<(i64,)> = self.reader.row(statement, values![]).await?;
            let at = Cells { table: "delivery", row: 0 }.maybe_time(row.map(|(at,)| at))?;
            newest = newest.max(at);
        }
        Ok(newest)
    }

    /// The newest step of the schema that the database has, and the newest that this version knows.
    ///
    /// # Errors
    /// The database's own.
    pub async fn schema(&self) -> Result<(i64, i64), StoreError> {
        let found: Option<(i64,)> = self.reader.row(open::NEWEST_MIGRATION, values![]).await?;
        Ok((found.map_or(0, |(found,)| found), open::newest_known()))
    }

    /// Whether the database answers at all, be it by a refusal: a full disk, a read-only one, a lock that another program holds.
    /// Nothing is written.
    pub async fn answers(&self) -> bool {
        match (&self.writer, self.begin().await) {
            (_, Ok(_) | Err(StoreError::Database(sqlx::Error::Database(_)))) => true,
            // A server that is away is no fault of this process; its pool waits for it.
            (Pool::Postgres(pool), Err(_)) => !pool.is_closed(),
            (Pool::Sqlite(_), Err(_)) => false,
        }
    }

    /// A consistent copy while the daemon runs (`VACUUM INTO`); for Postgres an error that names `pg_dump`.
    ///
    /// # Errors
    /// The file is there already or cannot be written; Postgres.
    pub async fn backup(&self, to: &Path) -> Result<(), StoreError> {
        match &self.reader {
            Pool::Sqlite(pool) => open::sqlite_backup(pool, to).await,
            Pool::Postgres(_) => Err(StoreError::Unusable("this database is Postgres: back it up with pg_dump".to_owned())),
        }
    }

    /// Begins a transaction that may write.
    pub(super) async fn begin(&self) -> Result<Tx, StoreError> {
        self.writer.begin().await
    }
}
