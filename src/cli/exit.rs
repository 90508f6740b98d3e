//! How a command ends: sysexits(3).

use std::path::Path;
use std::process::ExitCode;

use super::talk::talk;
use crate::app::{AppError, LockError};
use crate::config::ConfigError;
use crate::consent::ConsentError;
use crate::mail::MailSettingsError;
use crate::store::StoreError;

/// Why a command failed, and what the shell is told.
#[derive(Debug)]
pub struct CliError {
    code: u8,
    message: String,
}

impl CliError {
    /// 65: the data given is bad.
    pub fn data(message: impl Into<String>) -> Self {
        Self { code: 65, message: message.into() }
    }

    /// 69: something needed is not there.
    pub fn unavailable(message: impl Into<String>) -> Self {
        Self { code: 69, message: message.into() }
    }

    /// 69: a file that cannot be read.
    pub fn unreadable(path: &Path, fault: &std::io::Error) -> Self {
        Self::unavailable(format!("{}: {fault}: give the path of a readable file", path.display()))
    }

    /// 70: our own fault.
    pub fn internal(message: &str) -> Self {
        Self { code: 70, message: message.to_owned() }
    }

    /// 75: try again later.
    pub fn try_again(message: impl Into<String>) -> Self {
        Self { code: 75, message: message.into() }
    }

    /// 77: a permission is missing.
    pub fn permission(message: impl Into<String>) -> Self {
        Self { code: 77, message: message.into() }
    }

    /// 78: the configuration is bad.
    pub fn config(message: impl Into<String>) -> Self {
        Self { code: 78, message: message.into() }
    }

    /// Says what went wrong, once, and gives the exit code.
    pub fn report(&self) -> ExitCode {
        self.tell();
        ExitCode::from(self.code)
    }

    /// Says what went wrong.
    pub fn tell(&self) {
        if !self.message.is_empty() {
            talk(&format!("rolecall: {}", self.message));
        }
    }

    /// Says what went wrong now, where something has to be said after it; the exit code stays.
    pub fn said(self) -> Self {
        self.report();
        Self { code: self.code, message: String::new() }
    }
}

impl From<ConfigError> for CliError {
    fn from(error: ConfigError) -> Self {
        match &error {
            ConfigError::Unwritable { .. } => Self::permission(error.to_string()),
            _ => Self::config(error.to_string()),
        }
    }
}

impl From<StoreError> for CliError {
    fn from(error: StoreError) -> Self {
        let message = error.to_string();
        match error {
            StoreError::NewerSchema { .. } | StoreError::Damaged { .. } => Self::config(message),
            StoreError::Unusable(_) => Self::permission(message),
            StoreError::Database(_) => Self::unavailable(message),
            StoreError::Row { .. } => Self::internal(&message),
        }
    }
}

impl From<ConsentError> for CliError {
    fn from(error: ConsentError) -> Self {
        match error {
            ConsentError::Store(error) => error.into(),
            other => Self::data(other.to_string()),
        }
    }
}

impl From<AppError> for CliError {
    fn from(error: AppError) -> Self {
        match error {
            AppError::Config(error) => error.into(),
            AppError::Store(error) => error.into(),
            AppError::Lock(error @ LockError::Held(_)) => Self::try_again(error.to_string()),
            AppError::Lock(error) => Self::permission(error.to_string()),
            AppError::Mail(error @ MailSettingsError::Folder { .. }) => {
                Self::permission(format!("{error}: make the folder writable for this service, or set service.data_dir"))
            }
            AppError::Serve(error) => Self::unavailable(error.to_string()),
            error @ AppError::Broken => Self::internal(&error.to_string()),
            other => Self::config(other.to_string()),
        }
    }
}
