//! One process sends from one data folder: claims of a process that is gone can then be given back at once.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

/// Holds the data folder until it is dropped or the process ends, however it ends.
#[derive(Debug)]
pub struct DataLock {
    _file: File,
}

/// Why the data folder cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// Another process has it.
    #[error("{}: another rolecall runs on this data folder: stop it first, or give this one a service.data_dir of its own", .0.display())]
    Held(PathBuf),
    /// It cannot be written.
    #[error("{}: {fault}: make the folder writable for this service, or set service.data_dir", path.display())]
    Unwritable {
        /// The lock file.
        path: PathBuf,
        /// What the system said.
        fault: std::io::Error,
    },
}

impl DataLock {
    /// Takes the folder, which is made where it does not exist.
    ///
    /// # Errors
    /// It is held by another process, or cannot be written.
    pub fn take(data_dir: &Path) -> Result<Self, LockError> {
        let path = data_dir.join("rolecall.lock");
        let unwritable = |fault| LockError::Unwritable { path: path.clone(), fault };
        std::fs::create_dir_all(data_dir).map_err(unwritable)?;
        let file = File::options().create(true).append(true).open(&path).map_err(unwritable)?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => Err(LockError::Held(path)),
            Err(TryLockError::Error(fault)) => Err(unwritable(fault)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_process_is_refused_until_the_first_is_gone() {
        let folder = tempfile::tempdir().unwrap();
        let first = DataLock::take(folder.path()).unwrap();
        assert!(matches!(DataLock::take(folder.path()), Err(LockError::Held(_))));
        drop(first);
        DataLock::take(folder.path()).unwrap();
    }

    #[test]
    fn a_folder_that_cannot_be_made_is_named_with_the_mend() {
        let error = DataLock::take(Path::new("/proc/rolecall")).unwrap_err().to_string();
        assert!(error.contains("/proc/rolecall") && error.contains("service.data_dir"), "{error}");
    }
}
