//! Liveness and readiness.

use axum::extract::State;
use axum::http::StatusCode;

use super::state::Shared;

/// The process answers.
pub(super) async fn alive() -> &'static str {
    "ok\n"
}

/// A write commits now.
pub(super) async fn ready(State(site): State<Shared>) -> (StatusCode, &'static str) {
    match site.house.store.probe_write().await {
        Ok(()) => (StatusCode::OK, "ready\n"),
        Err(error) => {
            tracing::warn!(error = ?error.to_string(), "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "the database takes no writes\n")
        }
    }
}
