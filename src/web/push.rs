//! Postings that somebody sends: handed to whoever keeps listings, and answered once they are kept.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use tokio::sync::oneshot;

use super::intake::{NotTaken, Parcel};
use super::state::Shared;

/// `POST /api/v1/sources/{name}/postings`
pub(super) async fn push(State(site): State<Shared>, Path(source): Path<String>, headers: HeaderMap, body: Bytes) -> Response {
    let Some(token) = bearer(&headers) else { return refuse(&NotTaken::Stranger) };
    let (reply, answer) = oneshot::channel();
    let parcel = Parcel { source, token, body, reply };
    if site.house.intake.try_send(parcel).is_err() {
        return refuse(&NotTaken::NotNow);
    }
    match answer.await.unwrap_or(Err(NotTaken::NotNow)) {
        Ok(receipt) => Json(receipt).into_response(),
        Err(reason) => refuse(&reason),
    }
}

/// The token of an `Authorization: Bearer` header (RFC 6750 2.1).
fn bearer(headers: &HeaderMap) -> Option<String> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim().to_owned()).filter(|token| !token.is_empty())
}

fn refuse(not_taken: &NotTaken) -> Response {
    let (status, words) = match not_taken {
        NotTaken::Stranger => (StatusCode::UNAUTHORIZED, "no source of this name takes postings with this token".to_owned()),
        NotTaken::Unreadable(fault) => (StatusCode::UNPROCESSABLE_ENTITY, fault.clone()),
        NotTaken::NotNow => (StatusCode::SERVICE_UNAVAILABLE, "nothing was kept; send it again in a while".to_owned()),
    };
    let mut response = (status, Json(serde_json::json!({ "error": words }))).into_response();
    match not_taken {
        NotTaken::Stranger => response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer")),
        NotTaken::NotNow => response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("10")),
        NotTaken::Unreadable(_) => None,
    };
    response
}
