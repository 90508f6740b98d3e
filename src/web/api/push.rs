//! Postings that somebody sends: handed to whoever keeps listings, and answered once they are kept.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use tokio::sync::oneshot;

use crate::web::api::admit::{bearer, stranger};
use crate::web::api::asked::Named;
use crate::web::api::problem::{Answer, Problem};
use crate::web::intake::{NotTaken, Parcel, Taken};
use crate::web::state::{Shared, Site};
use crate::web::visitor::Visitor;

/// Send postings to a source of kind push: one JSON object a line, as `source read` prints them, or {"closed": [ids]}
#[utoipa::path(
    post,
    operation_id = "push_postings",
    path = "/api/v1/sources/{name}/postings",
    tag = "sources",
    params(("name" = String, Path, description = "The source's name")),
    request_body(
        content = String,
        content_type = "application/x-ndjson",
        description = "Postings, one JSON object a line, or an array of them; docs/POSTINGS.md names the fields; none is none",
    ),
    responses(
        (status = 200, body = Taken, description = "Everything that could be read is kept; `bad` counts what could not, `faults` names the first 20 by their line"),
        (status = 422, body = Problem, content_type = "application/problem+json", description = "Nothing could be read"),
    ),
)]
pub(super) async fn push(
    State(site): State<Shared>,
    visitor: Visitor,
    Named(source): Named<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Answer<Json<Taken>> {
    let Some(token) = bearer(&headers) else { return Err(refusal(&site, visitor, NotTaken::Stranger)) };
    let (reply, answer) = oneshot::channel();
    let parcel = Parcel { source, token: token.to_owned(), body, reply };
    if site.house.intake.try_send(parcel).is_err() {
        return Err(refusal(&site, visitor, NotTaken::NotNow));
    }
    let kept = answer.await.unwrap_or(Err(NotTaken::NotNow));
    kept.map(Json).map_err(|not_taken| refusal(&site, visitor, not_taken))
}

fn refusal(site: &Site, visitor: Visitor, not_taken: NotTaken) -> Problem {
    /// When a sender may come back, in seconds.
    const AGAIN: u32 = 10;
    match not_taken {
        NotTaken::Stranger => stranger(site, visitor, "Bearer"),
        NotTaken::Unreadable(fault) => Problem::invalid("body", fault, "send one posting a line, as `rolecall source read` prints them"),
        NotTaken::NotNow => Problem::new(StatusCode::SERVICE_UNAVAILABLE, "nothing was kept", "send it again in a while").again_in(AGAIN),
    }
}
