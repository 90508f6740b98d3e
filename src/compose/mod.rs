//! Writes letters: a digest or a confirmation becomes a message.
//!
//! A [`Composer`] holds the templates, which are part of the program, and the links' signer. All text of strangers goes in as
//! text: cleaned of hidden characters, escaped in HTML, never as markup or as an address that is not http or https.

mod age;
mod card;
mod composer;
mod letter;
mod links;
mod report;
mod sample;
mod subject;
mod templates;

pub use composer::Composer;
pub use letter::{AlertLetter, ComposeError, LetterListing, ServiceNames};
pub use links::{CONFIRM_HOURS, DIGEST_DAYS, Links, MANAGE_DAYS};
pub use report::{OperatorReport, SourceTrouble};
