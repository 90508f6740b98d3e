//! Reads what comes back: delivery reports (RFC 3464), feedback reports (RFC 5965), automatic answers (RFC 3834), and the free text
//! of the many mailers that follow none of them.
//!
//! [`read`] knows nothing of our own addresses: who looks the letter up by its return address or its ENVID does that first, and takes
//! the recipient named here only where neither is there.

mod address;
mod answer;
mod delivery_status;
mod feedback;
mod field;
mod judge;
mod notice;
mod parts;
mod phrase;
mod read;
mod topic;

pub use read::{NoMail, of_refusal, read};
