//! What a person asks for: subscribe, confirm, change, pause, leave, export, erase. The page and the command line both come here,
//! so that one question has one answer and one consent record.
//!
//! Nothing is mailed here: a letter is a row in the outbox, written by the store in the transaction that caused it.

mod alerts;
mod error;
mod hall;
mod leaving;
mod limits;
mod origin;
mod sign_up;
mod webhooks;
mod wishes;
mod words;

pub use alerts::MANAGE_DAYS;
pub use error::ConsentError;
pub use hall::Consent;
pub use limits::{MAX_NAME_CHARS, MOST_ALERTS};
pub use origin::Origin;
pub use sign_up::CONFIRM_HOURS;
pub use words::{WORDS_VERSION, agreed_words, confirmed_words};
