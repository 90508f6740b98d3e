//! The countries a remote job is open to, where the posting says so (ADR 12).
//!
//! What stands beside `remote` in a place text, title or place line comes first; then a window of time zones or an eligibility
//! clause of the text; last a place field that names countries alone. What none of them says stays unknown.

mod beside;
mod clause;
mod codes;
mod reader;
mod run;
mod window;

pub use reader::open_to;
