//! What the person hired would mostly do.
//!
//! A title is read part by part (`part`) and job by job (`job`, `title`); where it leaves the side open, the weighted words of the text decide (`evidence`), and the
//! `scanner` puts both together in the order in which jobs count: back end, database, architect, anything else.

mod evidence;
mod job;
mod part;
mod scanner;
mod title;
mod words;

pub use scanner::RoleScanner;
