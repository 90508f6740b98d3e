//! Hands letters over: SMTP, sendmail, files, memory. Takes in what comes back: a Maildir, LMTP.
//!
//! A [`Mailer`] is built once from its settings; each worker takes a [`Lane`] from it, which keeps one connection, and gets a
//! [`crate::domain::Outcome`] for each letter. A letter that was handed over is never reported as one that was not: only the
//! phase of the dialogue decides, and after the final dot a broken link means "unknown", not "again".

mod arrive;
mod counted;
mod dkim;
pub mod dns;
mod envelope;
mod error;
mod file;
mod letter;
mod link;
mod mailer;
mod memory;
mod pace;
mod parcel;
mod quoted;
mod relay;
mod reply;
pub mod report;
mod sealed;
mod sender;
mod sendmail;
mod settings;
mod slip;
mod smtp;

pub use arrive::{Arrived, LmtpLimits, LmtpListener, LmtpPlace, LmtpStream, Maildir, Receipt, converse, turn_away};
pub use error::MailSettingsError;
pub use letter::{LetterError, bytes};
pub use mailer::{Lane, Mailer};
pub use memory::MemoryMailbox;
pub use parcel::Parcel;
pub use sender::Sender;
pub use settings::{
    BouncesSettings, DkimKey, DkimSettings, MailSettings, ReceiverLimits, ReceiverSettings, SendmailSettings, SmtpSettings, StepTimeouts,
    TransportKind,
};
pub use slip::{SlipRecord, Slips};
