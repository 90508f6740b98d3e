//! What can go wrong with the demonstration, and its mend.

use std::path::PathBuf;

/// A fault of the demo boards.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// The folder of recorded answers cannot be read.
    #[error("cannot read the recorded answers in {path}: {fault}; give --payloads a readable folder with one folder a kind")]
    Unreadable {
        /// The path that was tried.
        path: PathBuf,
        /// What the system said.
        #[source]
        fault: std::io::Error,
    },
    /// The folder of recorded answers holds nothing that a board could be played from.
    #[error(
        "no recorded answer in {path}: expected {path}/<kind>/<board>.json (or .json.gz, .rss) or \
         {path}/<kind>/series/<board>/<poll>.json.gz, where kind is one of {kinds}"
    )]
    NoPayloads {
        /// The path that was searched.
        path: PathBuf,
        /// The kinds that can be replayed.
        kinds: String,
    },
    /// The file source or its folder cannot be written.
    #[error("cannot write the demo's file of jobs {path}: {fault}; give a folder that can be written")]
    Unwritable {
        /// The path that was tried.
        path: PathBuf,
        /// What the system said.
        #[source]
        fault: std::io::Error,
    },
    /// The listener has no address, so that no source could name it.
    #[error("the demo's listener has no local address: {0}")]
    NoAddress(#[source] std::io::Error),
    /// The server's task ended by a panic.
    #[error("the demo's boards broke down: {0}")]
    Broken(#[source] tokio::task::JoinError),
}
