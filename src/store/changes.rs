//! Whether anybody wrote to the database, told from outside: a file that looks as before holds what it held, and need not be asked.
//!
//! Every commit of SQLite, of this process or another one, writes to the log or, when the last connection is closed, to the file.

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use super::db::Store;
use super::wire::Pool;

/// What one file looks like: which one it is, its size, and when it was last written to; none where there is none or it is empty, for a
/// log that is emptied was moved into the file before.
type Looks = Option<(u64, u64, i64, i64)>;

/// Looks at the database from outside, time and again.
#[derive(Debug)]
pub struct Changes {
    /// File and log; none where the database is no file, and may have been written to at any time.
    files: Option<[PathBuf; 2]>,
    seen: [Looks; 2],
    /// Two writes within one tick of the file system's clock look like one, so what has changed is looked at once more.
    once_more: bool,
}

impl Changes {
    fn of(file: Option<&Path>) -> Self {
        let files = file.map(|file| [file.to_path_buf(), super::whole::beside(file, "-wal")]);
        let seen = files.as_ref().map_or([None; 2], looks);
        Self { files, seen, once_more: true }
    }

    /// Whether something may have been written since the look before.
    pub fn look(&mut self) -> bool {
        let Some(files) = &self.files else { return true };
        let now = looks(files);
        let changed = now != self.seen;
        let may_have = changed || self.once_more;
        (self.seen, self.once_more) = (now, changed);
        may_have
    }
}

fn looks(files: &[PathBuf; 2]) -> [Looks; 2] {
    let look = |file: &PathBuf| fs::metadata(file).ok().filter(|meta| meta.len() > 0);
    files.each_ref().map(|file| look(file).map(|meta| (meta.ino(), meta.size(), meta.mtime(), meta.mtime_nsec())))
}

impl Store {
    /// Looks from now on whether anybody writes to the database.
    #[must_use]
    pub fn changes(&self) -> Changes {
        match &self.writer {
            Pool::Sqlite(pool) => Changes::of(Some(pool.connect_options().get_filename())),
            Pool::Postgres(_) => Changes::of(None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::DatabaseSettings;

    async fn open(folder: &Path) -> Store {
        let url = format!("sqlite:{}", folder.join("rolecall.db").display());
        Store::open(&DatabaseSettings { url }).await.unwrap()
    }

    #[tokio::test]
    async fn what_anybody_writes_is_seen_and_what_is_only_read_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let store = open(folder.path()).await;
        let mut changes = store.changes();
        assert!(changes.look(), "the first look may have missed something");
        assert!(!changes.look());
        store.newest_row().await.unwrap();
        assert!(store.answers().await);
        assert!(!changes.look(), "nobody wrote");
        store.probe_write().await.unwrap();
        assert!(changes.look());
        assert!(changes.look(), "and once more, for a write within the same tick");
        assert!(!changes.look());

        store.empty_log().await;
        changes.look();
        changes.look();
        store.empty_log().await;
        store.note_people(chrono::DateTime::UNIX_EPOCH).await.unwrap();
        assert!(!changes.look(), "an empty log was emptied, and what is known was noted");

        let other = open(folder.path()).await;
        other.probe_write().await.unwrap();
        assert!(changes.look(), "another program wrote");
        other.close().await;
        changes.look();
        changes.look();
        assert!(!changes.look());
        store.close().await;
        assert!(changes.look(), "the log went into the file");
    }

    #[tokio::test]
    async fn a_write_of_a_program_that_came_and_went_between_two_looks_is_seen() {
        let folder = tempfile::tempdir().unwrap();
        let store = open(folder.path()).await;
        store.close().await;
        let mut changes = store.changes();
        changes.look();
        assert!(!changes.look());
        let other = open(folder.path()).await;
        other.probe_write().await.unwrap();
        other.close().await;
        assert!(changes.look());
    }

    #[test]
    fn of_a_database_that_is_no_file_nobody_can_tell() {
        let mut changes = Changes::of(None);
        assert!(changes.look() && changes.look() && changes.look());
    }
}
