//! Mail that comes in by itself: from a Maildir, or by LMTP. What it says is read in `report`.

mod command;
mod lmtp;
mod maildir;
mod place;
mod wire;

pub use lmtp::{Receipt, converse, turn_away};
pub use maildir::{Arrived, Maildir};
pub use place::{LmtpListener, LmtpPlace, LmtpStream};
pub use wire::LmtpLimits;
