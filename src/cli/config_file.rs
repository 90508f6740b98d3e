//! Adds a block to the configuration file without touching what stands there.

use std::fs::{File, Permissions};
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, fchown};
use std::path::{Path, PathBuf};

use super::exit::CliError;

/// The configuration file as it was read, or the place of one that is not there yet.
pub struct ConfigFile {
    path: PathBuf,
    before: Option<Vec<u8>>,
}

impl ConfigFile {
    /// Reads the file.
    pub fn read(path: &Path) -> Result<Self, CliError> {
        match std::fs::read(path) {
            Ok(bytes) => Ok(Self { path: path.to_path_buf(), before: Some(bytes) }),
            Err(fault) if fault.kind() == ErrorKind::NotFound => Ok(Self { path: path.to_path_buf(), before: None }),
            Err(fault) => Err(CliError::unreadable(path, &fault)),
        }
    }

    /// Its text with a block at the end, set off by an empty line, lines ended as they are in the file.
    pub fn with(&self, block: &str) -> Result<String, CliError> {
        let before = self.before.as_deref().unwrap_or_default();
        let before = std::str::from_utf8(before).map_err(|fault| CliError::config(format!("{}: {fault}", self.path.display())))?;
        let end = if before.contains("\r\n") { "\r\n" } else { "\n" };
        let gap = match before {
            "" => "",
            text if text.ends_with('\n') => end,
            _ => &end.repeat(2),
        };
        Ok(format!("{before}{gap}{}", block.replace('\n', end)))
    }

    /// Puts a text in the file's place as one step: a reader sees the old file or the new one. Mode and owner stay.
    pub fn replace(&self, text: &str) -> Result<(), CliError> {
        self.swap(text).map_err(|fault| {
            let words = format!("{}: {fault}: nothing was written; make file and folder writable", self.path.display());
            if fault.kind() == ErrorKind::PermissionDenied { CliError::permission(words) } else { CliError::unavailable(words) }
        })
    }

    fn swap(&self, text: &str) -> std::io::Result<()> {
        const NEW: u32 = 0o666;
        // A link leads to the file that is meant; renaming over it would cut it off.
        let path = if self.before.is_some() { std::fs::canonicalize(&self.path)? } else { self.path.clone() };
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let mut fresh = tempfile::Builder::new().prefix(".rolecall").permissions(Permissions::from_mode(NEW)).tempfile_in(folder)?;
        fresh.write_all(text.as_bytes())?;
        if self.before.is_some() {
            keep_owner_and_mode(&path, fresh.as_file())?;
        }
        fresh.as_file().sync_all()?;
        if std::fs::read(&path).ok() != self.before {
            return Err(std::io::Error::other("it was changed at the same time; try again"));
        }
        if self.before.is_some() {
            fresh.persist(&path)?
        } else {
            fresh.persist_noclobber(&path)?
        };
        File::open(folder)?.sync_all()
    }
}

fn keep_owner_and_mode(path: &Path, fresh: &File) -> std::io::Result<()> {
    let (old, new) = (std::fs::metadata(path)?, fresh.metadata()?);
    if (old.uid(), old.gid()) != (new.uid(), new.gid()) {
        fchown(fresh, Some(old.uid()), Some(old.gid()))?;
    }
    fresh.set_permissions(old.permissions())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_is_set_off_by_an_empty_line_in_the_lines_of_the_file() {
        let file = |before: &str| ConfigFile { path: PathBuf::from("x"), before: Some(before.as_bytes().to_vec()) };
        let with = |before: &str| file(before).with("[[source]]\nname = \"a\"\n").unwrap_or_default();
        assert_eq!(with(""), "[[source]]\nname = \"a\"\n");
        assert_eq!(with("# odd   file\n"), "# odd   file\n\n[[source]]\nname = \"a\"\n");
        assert_eq!(with("a = 1"), "a = 1\n\n[[source]]\nname = \"a\"\n");
        assert_eq!(with("a = 1\r\n"), "a = 1\r\n\r\n[[source]]\r\nname = \"a\"\r\n");
    }

    #[test]
    fn mode_and_link_stay_and_a_change_meanwhile_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let (path, link) = (folder.path().join("real.toml"), folder.path().join("rolecall.toml"));
        std::fs::write(&path, "a = 1\n").unwrap();
        std::fs::set_permissions(&path, Permissions::from_mode(0o640)).unwrap();
        std::os::unix::fs::symlink(&path, &link).unwrap();
        ConfigFile::read(&link).ok().unwrap().replace("a = 2\n").ok().unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "a = 2\n");
        assert!(link.is_symlink());
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);
        let late = ConfigFile::read(&path).ok().unwrap();
        std::fs::write(&path, "a = 3\n").unwrap();
        assert!(late.replace("a = 4\n").is_err());
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "a = 3\n");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2, "nothing is left behind");
    }
}
