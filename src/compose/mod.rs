//! Writes letters: a digest or a confirmation becomes a message.
//!
//! A [`Composer`] holds the templates, which are part of the program and may be replaced one by one, and the links' signer. All text of
//! strangers goes in as text: cleaned of hidden characters, escaped in HTML, never as markup or as an address that is not http or https.

mod age;
mod alert;
mod because;
mod card;
mod composer;
mod drawn;
mod example;
mod letter;
mod links;
mod notice;
mod rehearsal;
mod report;
mod sample;
mod subject;
mod templates;
mod values;
mod writer;

pub use composer::Composer;
pub use letter::{AlertLetter, ComposeError, LetterListing, Reading, RenewalLetter, ServiceNames, SilenceLetter, WebhookLetter};
pub use links::{CONFIRM_HOURS, DIGEST_DAYS, Links, MANAGE_DAYS};
pub use report::{OperatorReport, SourceTrouble};
pub use templates::TEMPLATES;
