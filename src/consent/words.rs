//! The words a person agrees to, and their version.

use crate::domain::Language;
use crate::domain::texts::say;

/// The words a person agrees to by sending the form; the page shows them beside the button and the consent record keeps them, in the
/// language in which they were shown.
#[must_use]
pub fn agreed_words(language: Language) -> String {
    say(language, "agreed-words", &[])
}

/// The words of the confirmation page.
#[must_use]
pub fn confirmed_words(language: Language) -> String {
    say(language, "confirmed-words", &[])
}

/// Which version of [`agreed_words`] and [`confirmed_words`] this is; a new date whenever either changes in any language.
pub const WORDS_VERSION: &str = "2026-11-22";
