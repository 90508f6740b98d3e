//! `rolecall verify`, `backup`, `restore`: the care of the database file. None of them builds the rooms, so that a database that no service
//! can open is still looked at, kept aside and replaced.

use std::path::Path;

use super::exit::CliError;
use super::output::{self, Format};
use super::talk::talk;
use crate::app::{AppError, DataLock, LockError};
use crate::clock::Clock;
use crate::config::Config;
use crate::store::{Store, StoreError, Verified};

/// Reads a whole database file and says whether it is well: the one named, or the configured one, which a service may have open.
pub async fn verify(config: &Config, file: Option<&Path>, format: Format) -> Result<(), CliError> {
    let Some(file) = file.map(Path::to_path_buf).or_else(|| config.database.file()) else {
        return Err(CliError::data("this database is Postgres: verify it with pg_amcheck, or name the file of a SQLite database"));
    };
    if !is_sqlite(&file)? {
        return Err(CliError::data(no_sqlite(&file)));
    }
    let verified = Store::verify(&file).await.map_err(|fault| match fault {
        StoreError::Damaged { .. } | StoreError::Unusable(_) => CliError::data(fault.to_string()),
        other => other.into(),
    })?;
    if format == Format::Json {
        output::json(&verified)?;
    } else {
        for line in told(&verified) {
            output::line(&line)?;
        }
    }
    if verified.well {
        return Ok(());
    }
    Err(CliError::data(format!("{} is damaged: `rolecall restore BACKUP` puts a backup in its place and keeps it aside", file.display())))
}

/// Whether a file begins as those of SQLite do; an empty one is a database with nothing in it.
fn is_sqlite(file: &Path) -> Result<bool, CliError> {
    use std::io::Read as _;
    const MAGIC: &[u8] = b"SQLite format 3\0";
    let mut head = Vec::new();
    let opened = std::fs::File::open(file).and_then(|open| open.take(MAGIC.len() as u64).read_to_end(&mut head));
    opened.map_err(|fault| CliError::unreadable(file, &fault))?;
    Ok(head.is_empty() || head == MAGIC)
}

fn no_sqlite(file: &Path) -> String {
    format!("{}: it is no SQLite file: give the file of a database or a backup", file.display())
}

fn told(verified: &Verified) -> Vec<String> {
    let Verified { file, bytes, well, faults, schema, known_schema, subscribers, listings, deliveries } = verified;
    let age = if schema < known_schema { ", migrated at the next start" } else { "" };
    let mut lines = vec![
        format!("{}  {}", if *well { "whole  " } else { "DAMAGED" }, file.display()),
        format!("size     {bytes} bytes; schema {schema}{age}"),
        format!("holds    {subscribers} people, {listings} listings, {deliveries} letters"),
    ];
    lines.extend(faults.iter().map(|fault| format!("fault    {fault}")));
    lines
}

/// Puts a backup in the place of the database. Refused while a service runs; what stood there is kept aside.
pub async fn restore(config: &Config, backup: &Path, format: Format) -> Result<(), CliError> {
    let lock = DataLock::take(&config.service.data_dir).map_err(|error| match error {
        LockError::Held(_) => CliError::try_again(format!("{error}; a restore needs the service stopped")),
        unwritable @ LockError::Unwritable { .. } => AppError::from(unwritable).into(),
    })?;
    if matches!(is_sqlite(backup), Ok(false)) {
        return Err(CliError::config(no_sqlite(backup)));
    }
    let restored = Store::restore(&config.database, backup, Clock::System.now()).await?;
    // Opened once, so that a backup of an older version is migrated now and not at a start at night.
    Store::open(&config.database).await?.close().await;
    drop(lock);
    if format == Format::Json {
        return output::json(&restored);
    }
    talk(&format!("rolecall: {} is restored from {}", restored.file.display(), backup.display()));
    if let Some(kept) = &restored.kept {
        talk(&format!("rolecall: what stood there is kept as {}; remove it when you are sure", kept.display()));
    }
    talk("rolecall: what happened after the backup is not in it: letters sent since may be sent again, and people who left or were");
    talk("rolecall: erased since are there again. docs/CARE.md, \"Care of data\", says how to take them out before you start the service");
    Ok(())
}
