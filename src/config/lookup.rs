//! Where the configuration stands.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use crate::config::error::ConfigError;

/// Every key with its default and a sentence.
pub const DEFAULT_FILE: &str = include_str!("../../config/rolecall.toml");

/// The text of the configuration, and where it stands.
pub(in crate::config) fn found(explicit: Option<&Path>, environment: &[(OsString, OsString)]) -> Result<(String, String), ConfigError> {
    let Some(path) = find(explicit, environment) else { return Ok(("the built-in defaults".to_owned(), DEFAULT_FILE.to_owned())) };
    match std::fs::read_to_string(&path) {
        Ok(text) => Ok((path.display().to_string(), text)),
        Err(fault) => Err(ConfigError::File { path, fault }),
    }
}

/// The file that [`crate::config::Config::load`] reads; none where there are only the defaults.
pub fn find(explicit: Option<&Path>, environment: &[(OsString, OsString)]) -> Option<PathBuf> {
    let variable = |name: &str| environment.iter().find(|(key, _)| key == name).map(|(_, value)| PathBuf::from(value));
    if let Some(named) = explicit.map(Path::to_path_buf).or_else(|| variable("ROLECALL_CONFIG")) {
        return Some(named);
    }
    let by_systemd = variable("CONFIGURATION_DIRECTORY").map(|folder| folder.join("rolecall.toml"));
    let usual = [PathBuf::from("./rolecall.toml"), PathBuf::from("/etc/rolecall/rolecall.toml")];
    by_systemd.into_iter().chain(usual).find(|path| path.exists())
}
