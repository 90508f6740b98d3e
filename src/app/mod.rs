//! Builds the rooms from the configuration, runs the passes, stops in order, and talks to systemd.

mod build;
mod intake;
mod lines;
mod lock;
mod once;
pub mod places;
mod schedule;
mod serve;

pub use crate::compose::TEMPLATES;
pub use build::{App, AppError, ScheduledSource, composer};
pub use lock::{DataLock, LockError};
pub use once::{DryRun, RunSummary};
pub use serve::serve;
