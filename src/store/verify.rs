//! Whether a database file is whole: asked by the operator, before a restore, and at each start.

use std::path::{Path, PathBuf};

use serde::Serialize;
use sqlx::sqlite::SqliteConnection;
use sqlx::{ConnectOptions as _, Connection as _};

use super::db::{DatabaseSettings, Store};
use super::error::StoreError;
use super::open;
use super::wal;
use super::whole;

/// Faults listed at most; a file with one is not to be used anyhow.
const MOST_FAULTS: usize = 20;

const INTEGRITY: &str = "PRAGMA integrity_check(20)";
/// Does not hold indexes against their tables, and takes a fraction of the time.
const QUICK: &str = "PRAGMA quick_check(1)";
const FOREIGN_KEYS: &str = "SELECT \"table\", COUNT(*) FROM pragma_foreign_key_check GROUP BY \"table\"";
const COUNTS: &str = "SELECT (SELECT COUNT(*) FROM subscriber), (SELECT COUNT(*) FROM listing), (SELECT COUNT(*) FROM delivery)";
/// Waits for nobody.
const CHECKPOINT: &str = "PRAGMA wal_checkpoint(PASSIVE)";
const HAS_SCHEMA: &str = "SELECT COUNT(*) FROM sqlite_master WHERE name = '_sqlx_migrations'";

/// What was found in a database file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verified {
    /// The file.
    pub file: PathBuf,
    /// Its size, without its log.
    pub bytes: u64,
    /// Whether all is well.
    pub well: bool,
    /// What is not, in words.
    pub faults: Vec<String>,
    /// Newest step of the schema in it.
    pub schema: i64,
    /// Newest step that this version knows; an older file is migrated at the next start.
    pub known_schema: i64,
    /// People in it.
    pub subscribers: i64,
    /// Listings in it.
    pub listings: i64,
    /// Letters in it.
    pub deliveries: i64,
}

impl DatabaseSettings {
    /// The database file; none where a server keeps the database.
    #[must_use]
    pub fn file(&self) -> Option<PathBuf> {
        let url = self.url.trim();
        let path = url.strip_prefix("sqlite://").or_else(|| url.strip_prefix("sqlite:"));
        path.filter(|path| !path.is_empty() && !path.starts_with(":memory:")).map(PathBuf::from)
    }
}

impl Store {
    /// Reads a whole database file, held by a service or not, and says what is wrong with it. Nothing is changed.
    ///
    /// # Errors
    /// It cannot be read at all, or is no database of this program.
    pub async fn verify(file: &Path) -> Result<Verified, StoreError> {
        let mut connection = look(file).await?;
        let damaged = |error: sqlx::Error| open::not_a_database(file, error);
        if sqlx::query_scalar::<_, i64>(HAS_SCHEMA).fetch_one(&mut connection).await.map_err(damaged)? == 0 {
            return Err(StoreError::Unusable(format!("{} is no database of Rolecall: give the file of a backup", file.display())));
        }
        let schema: i64 = sqlx::query_scalar(open::NEWEST_MIGRATION).fetch_one(&mut connection).await.map_err(damaged)?;
        let mut faults: Vec<String> = match sqlx::query_scalar::<_, String>(INTEGRITY).fetch_all(&mut connection).await {
            Ok(said) => said.into_iter().filter(|line| line != "ok").collect(),
            Err(error) => vec![damaged(error).to_string()],
        };
        if faults.is_empty() {
            let broken: Vec<(String, i64)> = sqlx::query_as(FOREIGN_KEYS).fetch_all(&mut connection).await.map_err(damaged)?;
            faults.extend(broken.into_iter().map(|(table, rows)| format!("{rows} rows of {table} belong to rows that are not there")));
        }
        let known_schema = open::newest_known();
        if schema > known_schema {
            faults.push(StoreError::NewerSchema { found: schema, known: known_schema }.to_string());
        }
        faults.extend(log_fault(file).await?);
        faults.truncate(MOST_FAULTS);
        let counts: Result<(i64, i64, i64), _> = sqlx::query_as(COUNTS).fetch_one(&mut connection).await;
        let (subscribers, listings, deliveries) = counts.unwrap_or_default();
        let bytes = std::fs::metadata(file).map_or(0, |meta| meta.len());
        let well = faults.is_empty();
        let _ = connection.close().await;
        Ok(Verified { file: file.to_path_buf(), bytes, well, faults, schema, known_schema, subscribers, listings, deliveries })
    }

    /// Looks into the files before a service opens them: a damaged database, or a log whose damage SQLite would pass over, is refused.
    /// A database that is not there yet, or that a server keeps, is well. One that is as [`Store::mark_whole`] left it is not read: that
    /// is for [`Store::inspect_pages`] to do when there is time.
    ///
    /// # Errors
    /// [`StoreError::Damaged`], or a file that cannot be read.
    pub async fn inspect(settings: &DatabaseSettings) -> Result<Inspected, StoreError> {
        let Some(file) = existing(settings) else { return Ok(Inspected::Whole) };
        if let Some(fault) = log_fault(&file).await? {
            return Err(StoreError::Damaged { file, fault });
        }
        if whole::take_mark(&file) {
            return Ok(Inspected::AsItWasLeft);
        }
        Self::inspect_pages(settings).await?;
        Ok(Inspected::Whole)
    }

    /// Reads every page of the database file, also while a service works with it.
    ///
    /// # Errors
    /// [`StoreError::Damaged`], or a file that cannot be read.
    pub async fn inspect_pages(settings: &DatabaseSettings) -> Result<(), StoreError> {
        let Some(file) = existing(settings) else { return Ok(()) };
        let mut connection = look(&file).await?;
        let said: Result<String, _> = sqlx::query_scalar(QUICK).fetch_one(&mut connection).await;
        let _ = connection.close().await;
        match said {
            Ok(said) if said == "ok" => Ok(()),
            Ok(fault) => Err(StoreError::Damaged { file, fault }),
            Err(error) => Err(open::not_a_database(&file, error)),
        }
    }

    /// Notes that a database is whole and was closed in order, so that the next start need not read all of it. A connection that was cut
    /// off while it was being made may hold the database for a moment longer than the store; that is waited for, a second at most.
    pub async fn mark_whole(settings: &DatabaseSettings) {
        const LOOKS: u32 = 20;
        const PAUSE: std::time::Duration = std::time::Duration::from_millis(50);
        let Some(file) = existing(settings) else { return };
        for look in 0..LOOKS {
            if look > 0 {
                tokio::time::sleep(PAUSE).await;
            }
            match whole::mark(&file) {
                Ok(true) => return,
                // The last to close takes the log away.
                Ok(false) => {
                    let _ = close_once_more(&file).await;
                }
                Err(error) => {
                    tracing::warn!(?error, "it cannot be noted that the database was closed in order; the next start reads all of it");
                    return;
                }
            }
        }
        tracing::warn!("another program has the database open; the next start reads all of it");
    }
}

async fn close_once_more(file: &Path) -> Result<(), sqlx::Error> {
    let mut connection = SqliteConnection::connect_with(&open::sqlite_options(file).disable_statement_logging()).await?;
    sqlx::query(CHECKPOINT).execute(&mut connection).await?;
    connection.close().await
}

/// How a database was found before it was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Inspected {
    /// Every page was read.
    Whole,
    /// Nobody has written to it since it was closed in order; its pages were not read.
    AsItWasLeft,
}

/// The database file, where there is one with something in it.
fn existing(settings: &DatabaseSettings) -> Option<PathBuf> {
    settings.file().filter(|file| file.metadata().is_ok_and(|meta| meta.len() > 0))
}

async fn look(file: &Path) -> Result<SqliteConnection, StoreError> {
    if let Err(error) = std::fs::File::open(file) {
        return Err(StoreError::Unusable(format!("{}: {error}: give the path of a readable database file", file.display())));
    }
    let options = open::sqlite_options(file).read_only(true).pragma("cache_size", open::READER_KEEPS).disable_statement_logging();
    SqliteConnection::connect_with(&options).await.map_err(|error| open::not_a_database(file, error))
}

/// A log that another program is just writing may look torn for a moment, so what looks damaged is looked at again.
async fn log_fault(file: &Path) -> Result<Option<String>, StoreError> {
    const LOOKS: u32 = 3;
    const PAUSE: std::time::Duration = std::time::Duration::from_millis(200);
    let mut found = None;
    for look in 0..LOOKS {
        if look > 0 {
            tokio::time::sleep(PAUSE).await;
        }
        let path = file.to_path_buf();
        let looked = tokio::task::spawn_blocking(move || wal::damage(&path)).await;
        let looked = looked.map_err(|error| StoreError::Unusable(error.to_string()))?;
        found = looked.map_err(|error| StoreError::Unusable(format!("the log of {} cannot be read: {error}", file.display())))?;
        if found.is_none() {
            break;
        }
    }
    Ok(found.map(|fault| format!("in its log, {fault}")))
}
