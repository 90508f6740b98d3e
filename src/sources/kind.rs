//! What a platform's file says about itself.

use crate::sources::adapter::Adapter;
use crate::sources::options::{Key, Options, SourceSettingsError};

/// A platform that can be read.
#[derive(Debug)]
pub struct Kind {
    /// Its name in the configuration.
    pub name: &'static str,
    /// What it is, in a sentence.
    pub description: &'static str,
    /// The keys it understands besides the general ones.
    pub keys: &'static [Key],
    /// What its operator asks of those who read it: terms, pace, attribution.
    pub terms: &'static str,
    /// Makes an adapter of checked keys.
    pub build: fn(&Options<'_>) -> Result<Box<dyn Adapter>, SourceSettingsError>,
}
