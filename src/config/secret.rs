//! Secrets: read from where they stand, or made at first use.

use std::path::{Path, PathBuf};

use crate::config::error::ConfigError;
use crate::domain::Secret;

/// Reads a secret from where it stands.
pub(in crate::config) fn reveal(key: &str, secret: &Secret) -> Result<String, ConfigError> {
    let fault = |fault: String| ConfigError::Value { key: key.to_owned(), fault };
    let path = match secret {
        Secret::Plain(text) => return Ok(text.clone()),
        Secret::File { file } => file.clone(),
        Secret::Credential { credential } => credential_path(credential),
    };
    let text = std::fs::read_to_string(&path).map_err(|error| fault(format!("{}: {error}: {}", path.display(), readable(secret))))?;
    Ok(text.lines().next().unwrap_or_default().trim().to_owned())
}

/// The mend of a secret that cannot be read.
const fn readable(secret: &Secret) -> &'static str {
    match secret {
        Secret::Credential { .. } => "add LoadCredential= to the unit, or run this as root",
        _ => "make it readable for this service",
    }
}

/// Where a credential stands: where systemd shows it to the service, else where systemd takes it from, which only root can read: so
/// root's commands see what the service sees.
pub(in crate::config) fn credential_path(name: &str) -> PathBuf {
    const STORE: &str = "/etc/credstore";
    std::env::var_os("CREDENTIALS_DIRECTORY").map_or_else(|| PathBuf::from(STORE), PathBuf::from).join(name)
}

/// The secret in `path`, made of 32 random bytes where it is not there yet; readable by its owner only.
pub(in crate::config) fn made_secret(path: &Path) -> Result<String, ConfigError> {
    use std::io::Write as _;
    use std::os::unix::fs::OpenOptionsExt as _;
    let fault = |fault: std::io::Error| ConfigError::Unwritable { path: path.to_path_buf(), fault };
    match std::fs::read_to_string(path) {
        Ok(text) => return Ok(text.trim().to_owned()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
        Err(error) => return Err(fault(error)),
    }
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(fault)?;
    }
    let mut chance = [0; 32];
    getrandom::fill(&mut chance).map_err(|error| fault(std::io::Error::other(error.to_string())))?;
    let secret = crate::domain::token::hex(&chance);
    let mut options = std::fs::OpenOptions::new();
    let opened = options.write(true).create_new(true).mode(0o600).open(path);
    match opened {
        Ok(mut file) => file.write_all(secret.as_bytes()).and_then(|()| file.sync_all()).map_err(fault)?,
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => return made_secret(path),
        Err(error) => return Err(fault(error)),
    }
    Ok(secret)
}
