//! Opens either database the way correctness needs it, and refuses what it cannot.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use sqlx::migrate::{MigrateError, Migrator};
use sqlx::postgres::PgPoolOptions;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Connection as _, PgPool, SqliteConnection, SqlitePool};

use super::error::StoreError;

/// The schema's history on SQLite.
pub(super) static SQLITE_MIGRATIONS: Migrator = sqlx::migrate!("migrations/sqlite");
/// The same history on Postgres.
pub(super) static POSTGRES_MIGRATIONS: Migrator = sqlx::migrate!("migrations/postgres");

/// How long a writer waits for another process that writes.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// How long work waits for a connection before it gives up: longer than as many writers as there are places for answers take one after
/// the other on a slow machine.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(30);
/// What SQLite's log is cut back to after a long reader made it grow, in bytes: 64 MB.
const LOG_KEPT: &str = "67108864";
/// Pages that one reader of SQLite keeps, in kilobytes, which SQLite writes as a negative number; the system keeps them as well.
pub(super) const READER_KEEPS: &str = "-512";
/// Readers of SQLite: pages and passes read side by side.
const READERS: u32 = 4;
/// Connections to Postgres of one process.
const POSTGRES_CONNECTIONS: u32 = 8;

/// How copies made before a change of the schema are called; the number of the schema follows.
const BEFORE_MIGRATION: &str = "before-migration-from-";
/// How many of them are kept.
const KEPT_BEFORE_MIGRATION: usize = 3;

const SQLITE_HAS_SCHEMA: &str = "SELECT COUNT(*) FROM sqlite_master WHERE name = '_sqlx_migrations'";
const POSTGRES_HAS_SCHEMA: &str = "SELECT COUNT(*) FROM pg_tables WHERE tablename = '_sqlx_migrations' AND schemaname = current_schema()";
pub(super) const NEWEST_MIGRATION: &str = "SELECT COALESCE(MAX(version), 0) FROM _sqlx_migrations";

/// Opens (or makes) a SQLite file: the pool of one writer and the pool of readers.
pub(super) async fn sqlite(path: &Path) -> Result<(SqlitePool, SqlitePool), StoreError> {
    usable_folder(path)?;
    let found = refuse_newer_file(path).await?;
    let writer = sqlite_writer(path).await?;
    if found > 0 && found < newest_known() {
        keep_before_migration(path, found, &writer).await?;
    }
    SQLITE_MIGRATIONS.run(&writer).await.map_err(migration_fault)?;
    assert_pragmas(&writer).await?;
    let options = sqlite_options(path).read_only(true).create_if_missing(false).pragma("cache_size", READER_KEEPS);
    let reader = sqlite_pool(READERS).connect_with(options).await?;
    Ok((writer, reader))
}

async fn sqlite_writer(path: &Path) -> Result<SqlitePool, StoreError> {
    let options = sqlite_options(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .pragma("journal_size_limit", LOG_KEPT)
        .pragma("secure_delete", "ON");
    let pool = sqlite_pool(1).after_release(|connection, _| {
        // When the disk is full, SQLite rolls back by itself and sqlx's own ROLLBACK then fails, so that it counts the connection
        // as inside a transaction for ever and every later BEGIN fails. Such a connection is dropped; the pool makes a new one.
        // The ping lets a rollback that is still queued run first.
        Box::pin(async move { Ok(connection.ping().await.is_ok() && !connection.is_in_transaction()) })
    });
    pool.connect_with(options).await.map_err(|error| not_a_database(path, error))
}

/// A file does not hang up, so connections have no age, and nothing wakes to look at it. The last one that closes a database moves the
/// log into the file, which would look like a write. Each is tried when it is given back, and not once more when it is taken.
fn sqlite_pool(connections: u32) -> SqlitePoolOptions {
    let pool = SqlitePoolOptions::new().max_connections(connections).acquire_timeout(ACQUIRE_TIMEOUT);
    pool.test_before_acquire(false).idle_timeout(None).max_lifetime(None)
}

pub(super) fn sqlite_options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new().filename(path).busy_timeout(BUSY_TIMEOUT).foreign_keys(true)
}

/// Makes the folder of the file where it is missing, and says what to do where it cannot be written.
fn usable_folder(path: &Path) -> Result<(), StoreError> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let unusable = |error: std::io::Error| {
        StoreError::Unusable(format!(
            "the database folder {} cannot be written ({error}): make it writable for this user, or set database.url to another place",
            folder.display()
        ))
    };
    fs::create_dir_all(folder).map_err(unusable)?;
    if path.is_dir() {
        return Err(StoreError::Unusable(format!("the database {} is a folder: set database.url to a file", path.display())));
    }
    // SQLite puts its log beside the file, so the folder itself must take new files.
    let probe = folder.join(format!(".rolecall-write-probe-{}", std::process::id()));
    fs::write(&probe, b"").map_err(unusable)?;
    fs::remove_file(&probe).map_err(unusable)
}

/// Looks into an existing file without changing it.
async fn refuse_newer_file(path: &Path) -> Result<i64, StoreError> {
    if fs::metadata(path).map_or(0, |meta| meta.len()) == 0 {
        return Ok(0);
    }
    let looked = async {
        let mut connection = SqliteConnection::connect_with(&sqlite_options(path).read_only(true)).await?;
        let found = match sqlx::query_scalar::<_, i64>(SQLITE_HAS_SCHEMA).fetch_one(&mut connection).await? {
            0 => 0,
            _ => sqlx::query_scalar(NEWEST_MIGRATION).fetch_one(&mut connection).await?,
        };
        connection.close().await?;
        Ok(found)
    };
    let found = looked.await.map_err(|error| not_a_database(path, error))?;
    refuse_newer(found, &SQLITE_MIGRATIONS)?;
    Ok(found)
}

/// Copies the database into `backups` beside it before its schema is changed, and lets only the newest few of such copies live.
async fn keep_before_migration(path: &Path, found: i64, writer: &SqlitePool) -> Result<(), StoreError> {
    let folder = path.with_file_name("backups");
    let unusable = |error: std::io::Error| {
        StoreError::Unusable(format!(
            "the database cannot be copied to {} before its schema is changed ({error}): make room, or make the folder writable",
            folder.display()
        ))
    };
    fs::create_dir_all(&folder).map_err(unusable)?;
    let copy = folder.join(format!("{BEFORE_MIGRATION}{found}.db"));
    // A migration that was interrupted left the copy of the same schema.
    if !copy.exists() {
        sqlite_backup(writer, &copy).await?;
        tracing::info!(schema = found, copy = ?copy.display().to_string(), "the database was copied before its schema is changed");
    }
    let mut copies: Vec<PathBuf> = Vec::new();
    for entry in fs::read_dir(&folder).map_err(unusable)? {
        let name = entry.map_err(unusable)?.file_name();
        if name.to_str().is_some_and(|name| name.starts_with(BEFORE_MIGRATION)) {
            copies.push(folder.join(name));
        }
    }
    // The number of a schema is its date.
    copies.sort();
    for old in copies.iter().rev().skip(KEPT_BEFORE_MIGRATION) {
        fs::remove_file(old).map_err(unusable)?;
    }
    Ok(())
}

/// The newest step of the schema that this version knows; both databases have the same.
pub(super) fn newest_known() -> i64 {
    SQLITE_MIGRATIONS.iter().map(|migration| migration.version).max().unwrap_or_default()
}

fn refuse_newer(found: i64, migrations: &Migrator) -> Result<(), StoreError> {
    let known = migrations.iter().map(|migration| migration.version).max().unwrap_or_default();
    if found > known { Err(StoreError::NewerSchema { found, known }) } else { Ok(()) }
}

/// A damaged file is never mended by itself: it is named, and the person restores it.
pub(super) fn not_a_database(path: &Path, error: sqlx::Error) -> StoreError {
    const CORRUPT: &str = "11";
    const NOT_A_DATABASE: &str = "26";
    let code = error.as_database_error().and_then(|fault| fault.code().map(std::borrow::Cow::into_owned));
    match code.as_deref() {
        Some(CORRUPT | NOT_A_DATABASE) => StoreError::Damaged { file: path.to_path_buf(), fault: error.to_string() },
        _ => StoreError::Database(error),
    }
}

fn migration_fault(error: MigrateError) -> StoreError {
    match error {
        MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => StoreError::Database(error),
        other => StoreError::Unusable(format!("the database schema cannot be brought up to date: {other}")),
    }
}

/// What durability and erasure rest on is asked back, for a pragma that does not take is silent.
async fn assert_pragmas(writer: &SqlitePool) -> Result<(), StoreError> {
    let mut connection = writer.acquire().await?;
    let journal: String = sqlx::query_scalar("PRAGMA journal_mode").fetch_one(&mut *connection).await?;
    if journal != "wal" {
        return Err(StoreError::Unusable(format!(
            "the database keeps its journal as {journal}, not wal: its file system does not allow it"
        )));
    }
    for (pragma, wanted) in [("PRAGMA synchronous", 2_i64), ("PRAGMA foreign_keys", 1), ("PRAGMA secure_delete", 1)] {
        let found: i64 = sqlx::query_scalar(pragma).fetch_one(&mut *connection).await?;
        if found != wanted {
            return Err(StoreError::Unusable(format!("{pragma} is {found}, not {wanted}: this SQLite cannot keep what it promises")));
        }
    }
    Ok(())
}

/// Copies the database to a new file beside `to` and renames it when it is whole and on the disk.
pub(super) async fn sqlite_backup(reader: &SqlitePool, to: &Path) -> Result<(), StoreError> {
    let unusable = |error: std::io::Error| StoreError::Unusable(format!("the backup {} cannot be written: {error}", to.display()));
    if to.exists() {
        return Err(StoreError::Unusable(format!("the backup {} is there already: give another name, or remove it", to.display())));
    }
    let mut name = to.as_os_str().to_owned();
    name.push(".part");
    let part = PathBuf::from(name);
    // What an interrupted backup left is worth nothing.
    if part.exists() {
        fs::remove_file(&part).map_err(unusable)?;
    }
    let text = part.to_str().ok_or_else(|| StoreError::Unusable("the path of a backup has to be Unicode".to_owned()))?;
    sqlx::query("VACUUM INTO $1").bind(text).execute(reader).await?;
    fs::File::open(&part).and_then(|file| file.sync_all()).map_err(unusable)?;
    fs::rename(&part, to).map_err(unusable)
}

/// Copies one database file, with what its log holds, into a new one.
pub(super) async fn copy_into(from: &Path, to: &Path) -> Result<(), StoreError> {
    let options = sqlite_options(from).read_only(true);
    let pool = SqlitePoolOptions::new().max_connections(1).connect_with(options).await.map_err(|error| not_a_database(from, error))?;
    let copied = sqlite_backup(&pool, to).await;
    pool.close().await;
    copied
}

/// After an erasure, and from time to time: moves the log into the file and empties it, so that no old page keeps what was erased.
///
/// The rows are gone already, so a checkpoint that cannot be made now is said and left to the next one.
pub(super) async fn sqlite_forget(writer: &SqlitePool) {
    let checkpoint = sqlx::query_scalar::<_, i64>("PRAGMA wal_checkpoint(TRUNCATE)").fetch_one(writer).await;
    match checkpoint {
        Ok(0) => {}
        Ok(_) => tracing::warn!("a reader kept the database's log from being emptied; the next checkpoint does it"),
        Err(error) => tracing::warn!(?error, "the database's log could not be emptied; the next checkpoint does it"),
    }
}

/// Connects to Postgres and migrates it.
pub(super) async fn postgres(url: &str) -> Result<PgPool, StoreError> {
    let pool = PgPoolOptions::new().max_connections(POSTGRES_CONNECTIONS).acquire_timeout(ACQUIRE_TIMEOUT).connect(url).await?;
    let found = match sqlx::query_scalar::<_, i64>(POSTGRES_HAS_SCHEMA).fetch_one(&pool).await? {
        0 => 0,
        _ => sqlx::query_scalar(NEWEST_MIGRATION).fetch_one(&pool).await?,
    };
    refuse_newer(found, &POSTGRES_MIGRATIONS)?;
    POSTGRES_MIGRATIONS.run(&pool).await.map_err(migration_fault)?;
    Ok(pool)
}
