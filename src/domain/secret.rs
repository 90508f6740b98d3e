//! A setting that must not be shown.

use serde::Deserialize;

/// A secret as the configuration gives it: the text itself, or where it stands. `Debug` hides the text.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged, expecting = "a text, or { file = \"PATH\" }, or { credential = \"NAME\" }")]
pub enum Secret {
    /// The secret itself.
    Plain(String),
    /// The first line of a file.
    File {
        /// Its path.
        file: std::path::PathBuf,
    },
    /// A systemd credential (systemd.exec(5), `LoadCredential=`).
    Credential {
        /// Its name below `$CREDENTIALS_DIRECTORY`.
        credential: String,
    },
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Plain(_) => f.write_str("Secret(hidden)"),
            Self::File { file } => write!(f, "Secret(file {})", file.display()),
            Self::Credential { credential } => write!(f, "Secret(credential {credential})"),
        }
    }
}
