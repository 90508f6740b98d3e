//! A mark beside the database: it was whole, it was closed in order, and so it looked then. As long as it looks like that, nobody has
//! written to it since, and a service need not read it from end to end before it is ready.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

/// What SQLite, or we, keep beside the file.
pub(super) fn beside(database: &Path, ending: &str) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

/// How the file looks from outside: its size, and when it was last written to. None while there is a log, for then it is not all there is.
fn looks(database: &Path) -> io::Result<Option<String>> {
    if beside(database, "-wal").exists() {
        return Ok(None);
    }
    let meta = fs::metadata(database)?;
    let written = meta.modified()?.duration_since(UNIX_EPOCH).map_err(io::Error::other)?;
    Ok(Some(format!("whole, closed in order: {} bytes, written at {}.{:09}\n", meta.len(), written.as_secs(), written.subsec_nanos())))
}

/// Sets the mark; not where the database was not closed to its end. Whether it was set.
pub(super) fn mark(database: &Path) -> io::Result<bool> {
    let Some(looks) = looks(database)? else { return Ok(false) };
    fs::write(beside(database, "-whole"), looks).map(|()| true)
}

/// Takes the mark away, so that it is gone should the service end otherwise than in order; whether it was there and fits.
pub(super) fn take_mark(database: &Path) -> bool {
    let path = beside(database, "-whole");
    let marked = fs::read_to_string(&path);
    // A mark that stays could be believed after a crash.
    let taken = fs::remove_file(&path).is_ok();
    taken && marked.is_ok_and(|marked| looks(database).is_ok_and(|looks| looks.is_some_and(|looks| looks == marked)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_holds_once_and_only_while_the_file_is_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("rolecall.db");
        fs::write(&file, b"pages").unwrap();
        assert!(!take_mark(&file), "there is none");
        assert!(mark(&file).unwrap());
        assert!(take_mark(&file));
        assert!(!take_mark(&file), "it was taken");

        assert!(mark(&file).unwrap());
        let later = fs::metadata(&file).unwrap().modified().unwrap() + std::time::Duration::from_millis(4);
        fs::write(&file, b"paged").unwrap();
        fs::File::options().append(true).open(&file).unwrap().set_modified(later).unwrap();
        assert!(!take_mark(&file), "it was written to");

        assert!(mark(&file).unwrap());
        fs::write(beside(&file, "-wal"), b"frames").unwrap();
        assert!(!take_mark(&file), "there is a log");
        assert!(!mark(&file).unwrap() && !beside(&file, "-whole").exists(), "a file with a log was not closed in order");
    }
}
