//! Why a configuration cannot be used.

use std::path::PathBuf;

/// A configuration that cannot be used; the exit code is 78.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A file that cannot be read.
    #[error("{}: {fault}: give the path of a readable file by --config or ROLECALL_CONFIG", path.display())]
    File {
        /// Its path.
        path: PathBuf,
        /// What the system said.
        fault: std::io::Error,
    },
    /// A text that does not parse, or a key that is not known.
    #[error("{place}: {fault}")]
    Text {
        /// The file, or the environment variable.
        place: String,
        /// Line, column, fault and mend.
        fault: String,
    },
    /// A folder that cannot be written.
    #[error("{}: {fault}: make the folder writable for this service, or set service.data_dir", path.display())]
    Unwritable {
        /// The file that was to be written.
        path: PathBuf,
        /// What the system said.
        fault: std::io::Error,
    },
    /// A value that cannot be used.
    #[error("{key}: {fault}")]
    Value {
        /// The key.
        key: String,
        /// The fault and the mend.
        fault: String,
    },
}
