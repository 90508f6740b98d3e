//! What the person hired would mostly do.
//!
//! A title is read part by part (`part`) and job by job (`job`, `title`, summed up in `named`); where it leaves the side open, the text decides, by the jobs it names
//! (`text`) and by its weighted words (`evidence`). The `scanner` puts both together in the order in which jobs count: back end, database, architect, anything else.

mod evidence;
mod job;
mod named;
mod part;
mod scanner;
mod text;
mod title;
mod words;

pub use scanner::RoleScanner;
