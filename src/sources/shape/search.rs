//! Searches over many boards: the keys that they share.

use crate::sources::options::{Key, Need, Options, SourceSettingsError};

/// What is searched for where a source does not say.
pub const WORDS: &str = "backend developer";

/// The key for what a registration gives.
pub const KEY: Key =
    Key { name: "key", description: "the key of your registration", example: "01234567-89ab-cdef-0123-456789abcdef", need: Need::Required };

/// The key for the words to search for, by the name that the platform gives it.
pub const fn words(name: &'static str) -> Key {
    Key { name, description: "words to search for; backend developer unless set", example: WORDS, need: Need::Optional }
}

/// The words to search for.
///
/// # Errors
/// They are no text.
pub fn asked<'a>(options: &Options<'a>, name: &str) -> Result<&'a str, SourceSettingsError> {
    Ok(options.text(name)?.unwrap_or(WORDS))
}
