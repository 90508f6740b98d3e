//! The configuration: the sum of the rooms' settings, one TOML file, overridden by the environment.
//!
//! `config/rolecall.toml` holds every key with its default and a sentence; it is embedded, and a test holds it against the defaults
//! of the settings. Only `app` and `cli` see a [`Config`]; a room gets its own settings.

mod environment;
mod error;
mod lookup;
mod secret;
mod settings;

pub use error::ConfigError;
pub use lookup::{DEFAULT_FILE, find};
pub use settings::{Config, ServiceSettings};
