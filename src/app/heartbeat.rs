//! Signs of life to somebody outside: where `[service] heartbeat_url` names an address, it is asked from time to time while all is well.
//!
//! systemd sees a process that hangs; nobody on a machine sees that the machine, or its way out, is gone. Whoever waits for these signs does.
//! They stop for everything that keeps letters from their readers, so that silence always means: look.

use std::time::Duration;

use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use super::build::App;
use crate::web::STUCK_AFTER;

/// A pass that failed so often in a row does not merely wait for a lock.
const FAILURES_IN_A_ROW: u32 = 5;
/// No sooner than this is anything asked again.
const LEAST_BETWEEN: Duration = Duration::from_millis(100);

/// Asks the address while all is well, until `stop`.
pub(super) async fn heartbeat_loop(app: App, stop: CancellationToken) {
    let Some(url) = app.config.service.heartbeat_url.clone() else { return stop.cancelled().await };
    let every = app.config.service.heartbeat_every.get().max(LEAST_BETWEEN);
    let mut silent = false;
    while !stop.is_cancelled() {
        let trouble = tokio::select! {
            () = stop.cancelled() => return,
            trouble = sign(&app, &url) => trouble,
        };
        // The address may hold a secret: it stands in no line of the log.
        match &trouble {
            Some(trouble) => warn!(?trouble, "no heartbeat is sent"),
            None if silent => info!("heartbeats are sent again"),
            None => {}
        }
        silent = trouble.is_some();
        tokio::select! {
            () = stop.cancelled() => {}
            () = tokio::time::sleep(every) => {}
        }
    }
}

/// Gives one sign; what kept it from being given.
async fn sign(app: &App, url: &url::Url) -> Option<String> {
    if let Some(trouble) = trouble(app).await {
        return Some(trouble);
    }
    let given = app.ingest.fetcher.ping(url).await;
    given.err().map(|failure| format!("the address does not take it: {failure}"))
}

/// What keeps letters from their readers.
async fn trouble(app: &App) -> Option<String> {
    if let Some((part, late)) = app.pulse.late() {
        return Some(format!("the {part} loop should have been heard of {} s ago", late.as_secs()));
    }
    if let Some((pass, failures)) = app.tally.counts().passes.iter().find(|(_, pass)| pass.failing >= FAILURES_IN_A_ROW) {
        return Some(format!("the {pass} pass failed {} times in a row", failures.failing));
    }
    if let Err(fault) = app.store.probe_write().await {
        return Some(format!("the database takes no writes: {fault}"));
    }
    match app.store.stuck_letters(STUCK_AFTER, app.clock.now()).await {
        Ok(0) => None,
        Ok(stuck) => Some(format!("{stuck} letters wait for more than {} minutes and none was taken over", STUCK_AFTER.num_minutes())),
        Err(fault) => Some(format!("the queue cannot be read: {fault}")),
    }
}
