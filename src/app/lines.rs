//! Sources of one host stand in line: thousands of boards may share one, and none of them waits with its rows in memory.

use std::collections::HashMap;
use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::build::ScheduledSource;
use crate::sources::Source;

/// A line for each host that is asked.
#[derive(Debug, Clone)]
pub(super) struct Lines(Arc<HashMap<String, Arc<Semaphore>>>);

impl Lines {
    /// Lines for these sources; `at_a_time` of each host are asked.
    pub(super) fn of(sources: &[ScheduledSource], at_a_time: usize) -> Self {
        let hosts = sources.iter().filter_map(|scheduled| scheduled.source.host());
        let line = |host: &str| (host.to_owned(), Arc::new(Semaphore::new(at_a_time.clamp(1, Semaphore::MAX_PERMITS))));
        Self(Arc::new(hosts.map(line).collect()))
    }

    /// Waits for the source's turn; sources without a host have it at once.
    pub(super) async fn turn(&self, source: &Source) -> Option<OwnedSemaphorePermit> {
        let line = self.0.get(source.host()?)?;
        Arc::clone(line).acquire_owned().await.ok()
    }
}
