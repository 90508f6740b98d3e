//! Putting a backup in the place of the database. What stood there is kept aside, whole.

use std::fs;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};

use super::db::{DatabaseSettings, Store};
use super::error::StoreError;
use super::verify::Verified;

/// What a restore did.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Restored {
    /// What was found in the backup.
    pub backup: Verified,
    /// The database that was put in place.
    pub file: PathBuf,
    /// Where the database that stood there is kept; none where there was none.
    pub kept: Option<PathBuf>,
}

/// The files of a SQLite database besides itself: its log and the log's index.
const BESIDE: [&str; 2] = ["-wal", "-shm"];

impl Store {
    /// Puts the file of a backup in the place of the database, once it is found whole: it is copied beside it, synced, the old files are
    /// renamed, and one rename puts the copy in place. The caller holds the data folder, so that no service has the database open.
    ///
    /// # Errors
    /// A backup that is not whole, a database that a server keeps, a folder that cannot be written. The database stands as it was.
    pub async fn restore(settings: &DatabaseSettings, backup: &Path, now: DateTime<Utc>) -> Result<Restored, StoreError> {
        let Some(file) = settings.file() else {
            return Err(StoreError::Unusable("this database is Postgres: restore it with pg_restore".to_owned()));
        };
        let same = |path: &Path| fs::canonicalize(path).ok();
        if same(backup).is_some() && same(backup) == same(&file) {
            return Err(StoreError::Unusable(format!("{} is the database itself: give the file of a backup", backup.display())));
        }
        let verified = Self::verify(backup).await?;
        if let Some(fault) = verified.faults.first() {
            return Err(StoreError::Damaged { file: backup.to_path_buf(), fault: fault.clone() });
        }
        let unusable = |error: std::io::Error| {
            StoreError::Unusable(format!(
                "{} cannot be restored ({error}): nothing was changed; see that its folder can be written",
                file.display()
            ))
        };
        // Through SQLite and not as bytes: a backup that is a copied database may have a log of its own.
        let copy = beside(&file, ".restoring");
        for part in [copy.clone(), beside(&copy, BESIDE[0]), beside(&copy, BESIDE[1])] {
            remove(&part).map_err(unusable)?;
        }
        super::open::copy_into(backup, &copy).await?;
        let kept = file.exists().then(|| beside(&file, &format!(".before-restore-{}", now.format("%Y%m%dT%H%M%SZ"))));
        if let Some(kept) = &kept {
            // The log first: a database whose log has gone ahead is still the database of the last checkpoint.
            for ending in BESIDE.iter().copied().chain([""]) {
                let from = beside(&file, ending);
                if from.exists() {
                    fs::rename(&from, beside(kept, ending)).map_err(unusable)?;
                }
            }
        }
        fs::rename(&copy, &file).map_err(unusable)?;
        let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        fs::File::open(folder).and_then(|folder| folder.sync_all()).map_err(unusable)?;
        Ok(Restored { backup: verified, file, kept })
    }
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

fn remove(path: &Path) -> std::io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
