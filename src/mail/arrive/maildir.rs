//! A Maildir (D. J. Bernstein, "Using maildir format"): a folder in which each mail is a file, whole as soon as it stands in `new`.

use std::ffi::OsString;
use std::io::{ErrorKind, Result};
use std::path::{Path, PathBuf};

use tokio::fs;
use tokio::io::AsyncReadExt as _;

/// Bytes read of one mail: what a report says stands far before that.
const MAX_MAIL: u64 = 8 * 1024 * 1024;

/// A Maildir that is ours to empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Maildir(PathBuf);

/// The name of a mail in `new`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Arrived(OsString);

impl Maildir {
    /// The one in a folder; none where no folder is named.
    #[must_use]
    pub fn at(folder: &Path) -> Option<Self> {
        (!folder.as_os_str().is_empty()).then(|| Self(folder.to_path_buf()))
    }

    /// The folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.0
    }

    /// At most so many mails that have arrived, in the order of their names, which is about that of their arrival.
    ///
    /// # Errors
    /// The folder is no Maildir, or cannot be read.
    pub async fn arrived(&self, most: usize) -> Result<Vec<Arrived>> {
        let mut entries = fs::read_dir(self.0.join("new")).await?;
        let mut found = Vec::new();
        while let Some(entry) = entries.next_entry().await? {
            let name = entry.file_name();
            // Neither a folder nor a pipe, on which a reader would wait for ever.
            let is_mail = !name.as_encoded_bytes().starts_with(b".") && entry.file_type().await.is_ok_and(|kind| kind.is_file());
            if is_mail {
                found.push(Arrived(name));
            }
        }
        found.sort();
        found.truncate(most);
        Ok(found)
    }

    /// The bytes of a mail; none where it is gone.
    ///
    /// # Errors
    /// It cannot be read.
    pub async fn read(&self, mail: &Arrived) -> Result<Option<Vec<u8>>> {
        let file = match fs::File::open(self.new_path(mail)).await {
            Ok(file) => file,
            Err(fault) if fault.kind() == ErrorKind::NotFound => return Ok(None),
            Err(fault) => return Err(fault),
        };
        let mut bytes = Vec::new();
        file.take(MAX_MAIL).read_to_end(&mut bytes).await?;
        Ok(Some(bytes))
    }

    /// Deletes a mail: what it says is recorded, and an address must not be kept in a file that nobody looks after.
    ///
    /// # Errors
    /// It cannot be deleted.
    pub async fn delete(&self, mail: &Arrived) -> Result<()> {
        fs::remove_file(self.new_path(mail)).await
    }

    /// Moves a mail to `cur`, for the operator to look at.
    ///
    /// # Errors
    /// It cannot be moved.
    pub async fn set_aside(&self, mail: &Arrived) -> Result<()> {
        let mut name = mail.0.clone();
        // No flags: nobody has seen it.
        name.push(":2,");
        fs::rename(self.new_path(mail), self.0.join("cur").join(name)).await
    }

    /// Tries whether mails can be taken from it, leaving nothing behind; else the fault and the mend.
    ///
    /// # Errors
    /// In words, for the operator.
    pub async fn probe(&self) -> std::result::Result<usize, String> {
        let mend = |what: &str, fault: std::io::Error| {
            let user = "make it a Maildir with new and cur that this service may read and write";
            format!("{}/{what}: {fault}: {user}, or set mail.bounces.maildir", self.0.display())
        };
        let waiting = self.arrived(usize::MAX).await.map_err(|fault| mend("new", fault))?.len();
        for part in ["new", "cur"] {
            let trial = self.0.join(part).join(".rolecall-check");
            fs::write(&trial, b"").await.map_err(|fault| mend(part, fault))?;
            fs::remove_file(&trial).await.map_err(|fault| mend(part, fault))?;
        }
        Ok(waiting)
    }

    fn new_path(&self, mail: &Arrived) -> PathBuf {
        self.0.join("new").join(&mail.0)
    }
}
