//! Builds the rooms from the configuration, runs the passes, stops in order, and talks to systemd.

mod agenda;
mod arrivals;
mod build;
mod count;
mod heartbeat;
mod house;
mod intake;
pub mod limits;
mod lines;
mod lock;
mod loops;
mod once;
pub mod places;
mod reload;
mod schedule;
mod serve;
mod set_back;
mod sleep;
mod start;
mod systemd;

pub use crate::compose::TEMPLATES;
pub use build::{App, AppError, ScheduledSource, composer};
pub use house::House;
pub use lock::{DataLock, LockError};
pub use once::{DryRun, RunSummary};
pub use serve::{Reload, serve};
pub use start::ClockError;
