//! Liveness and readiness.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use chrono::Duration;
use serde::Serialize;

use super::state::{Shared, Site};
use crate::store::StoreError;

/// Letters that wait so long in vain, while none is taken over, mean that the queue stands still.
pub const STUCK_AFTER: Duration = Duration::minutes(15);

/// The process answers.
pub(super) async fn alive() -> &'static str {
    "ok\n"
}

/// One thing that readiness rests on.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Check {
    /// Its name, in figures too.
    pub(super) name: &'static str,
    /// Whether it is well.
    pub(super) well: bool,
    /// How it stands, with the mend; no addresses, no paths.
    pub(super) says: String,
}

#[derive(Serialize)]
struct Readiness<'a> {
    ready: bool,
    checks: &'a [Check],
}

/// Whether all is well, and what is not: text, or JSON for who accepts it.
pub(super) async fn ready(State(site): State<Shared>, headers: HeaderMap) -> Response {
    let checks = checks(&site).await;
    let ready = checks.iter().all(|check| check.well);
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    for check in checks.iter().filter(|check| !check.well) {
        tracing::warn!(check = check.name, says = ?check.says, "not ready");
    }
    let wants_json = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).is_some_and(|types| types.contains("json"));
    if wants_json {
        return (status, Json(Readiness { ready, checks: &checks })).into_response();
    }
    let line = |check: &Check| format!("{} {}: {}\n", if check.well { "ok  " } else { "FAIL" }, check.name, check.says);
    let head = if ready { "ready\n" } else { "not ready\n" };
    (status, head.to_owned() + &checks.iter().map(line).collect::<String>()).into_response()
}

/// Everything that readiness rests on, in the order in which one follows from the other.
pub(super) async fn checks(site: &Site) -> Vec<Check> {
    vec![database(site).await, schema(site).await, queue(site).await, passes(site)]
}

fn check(name: &'static str, outcome: Result<String, String>) -> Check {
    let well = outcome.is_ok();
    Check { name, well, says: outcome.unwrap_or_else(|says| says) }
}

/// The words of a fault for whoever may ask: what the database said stands in the log only.
fn unanswered(error: &StoreError) -> String {
    tracing::warn!(error = ?error.to_string(), "the database does not answer as it should");
    "it does not answer; see the log, and `rolecall check` on the machine".to_owned()
}

async fn database(site: &Site) -> Check {
    let written = site.house.store.probe_write().await;
    let refused = |error: StoreError| {
        let _ = unanswered(&error);
        "it takes no writes: look for a full or read-only disk, or another program that holds its lock; the log has its words".to_owned()
    };
    check("database", written.map(|()| "a write commits".to_owned()).map_err(refused))
}

async fn schema(site: &Site) -> Check {
    let outcome = match site.house.store.schema().await {
        Ok((found, known)) if found == known => Ok(format!("{found}, as this version knows it")),
        Ok((found, known)) => Err(format!("it is {found}, and this version knows {known}: start the version that migrated it")),
        Err(error) => Err(unanswered(&error)),
    };
    check("schema", outcome)
}

async fn queue(site: &Site) -> Check {
    let outcome = match site.house.store.stuck_letters(STUCK_AFTER, site.now()).await {
        Ok(0) => Ok("it moves".to_owned()),
        Ok(stuck) => Err(format!(
            "{stuck} letters wait for more than {} minutes and none was taken over: see whether the mail server answers (`rolecall mail test`)",
            STUCK_AFTER.num_minutes()
        )),
        Err(error) => Err(unanswered(&error)),
    };
    check("queue", outcome)
}

fn passes(site: &Site) -> Check {
    let outcome = match site.house.pulse.late() {
        None => Ok("they run".to_owned()),
        Some((part, late)) => Err(format!(
            "the {part} loop has not been heard of for {} s longer than it promised: the log says what it did last; start the service anew",
            late.as_secs()
        )),
    };
    check("passes", outcome)
}
