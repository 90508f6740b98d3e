//! `rolecall verify`, `backup`, `restore`: the care of the database file. None of them builds the rooms, so that a database that no service
//! can open is still looked at, kept aside and replaced.

use std::path::Path;

use super::exit::CliError;
use super::output::{self, Format};
use super::talk::talk;
use crate::app::{AppError, DataLock, LockError};
use crate::clock::Clock;
use crate::config::Config;
use crate::store::{Store, Verified};

/// Reads a whole database file and says whether it is well: the one named, or the configured one, which a service may have open.
pub async fn verify(config: &Config, file: Option<&Path>, format: Format) -> Result<(), CliError> {
    let Some(file) = file.map(Path::to_path_buf).or_else(|| config.database.file()) else {
        return Err(CliError::data("this database is Postgres: verify it with pg_amcheck, or name the file of a SQLite database"));
    };
    let verified = Store::verify(&file).await?;
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
    talk(
        "rolecall: erased since are there again. docs/OPERATIONS.md, \"Care of data\", says how to take them out before you start the service",
    );
    Ok(())
}
