//! The operator's page, off unless `[web] admin` says so: how sources, the queue, letters, returned mails and people are, as charts, and
//! buttons for what the command line does.
//!
//! `session` lets in who has a token of scope `admin`; `chart` draws; `view` gathers what is shown; `act` does what a button asks.

mod act;
mod chart;
mod session;
mod source_view;
mod view;

use axum::Router;
use axum::routing::{get, post};

use super::state::Shared;

/// Its paths.
pub(super) fn routes() -> Router<Shared> {
    Router::new()
        .route("/admin", get(view::show))
        .route("/admin/session", post(session::sign_in))
        .route("/admin/leave", post(session::leave))
        .route("/admin/do", post(act::act))
}
