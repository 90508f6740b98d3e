//! What can be wrong with `[mail]`.

use std::path::PathBuf;

/// What is wrong with `[mail]`, and the mend.
#[derive(Debug, thiserror::Error)]
pub enum MailSettingsError {
    /// `mail.from` cannot be read.
    #[error("mail.from is {given:?}, {why}: write it as \"Rolecall <alerts@example.org>\"")]
    From {
        /// The setting.
        given: String,
        /// What is wrong.
        why: String,
    },
    /// `mail.smtp.url` cannot be used.
    #[error("mail.smtp.url: {0}; write it as \"smtp://relay.example.org:587?tls=required\"")]
    Url(String),
    /// A setting outside its bounds.
    #[error("{key}: {why}")]
    Value {
        /// The key.
        key: &'static str,
        /// What is wrong, and the mend.
        why: String,
    },
    /// The folder for files cannot be made.
    #[error("the folder {} for letters cannot be made: {source}", folder.display())]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// Why not.
        source: std::io::Error,
    },
    /// The roots of trust of this machine cannot be used.
    #[error("TLS towards the relay cannot be set up: {0}; install the CA certificates of your system")]
    Tls(String),
}
