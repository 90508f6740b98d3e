//! Addresses that are never mailed; only their keyed digest is kept, so that they can be looked up but not listed.

use axum::Json;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::subscriber::SuppressionReason;
use crate::web::api::asked::{Asked, Sent};
use crate::web::api::problem::{Answer, Problem};
use crate::web::api::subscribers::address;
use crate::web::state::Shared;

/// Whether an address is suppressed.
#[derive(Serialize, ToSchema)]
pub(super) struct Suppression {
    suppressed: bool,
    /// Why.
    reason: Option<SuppressionReason>,
}

/// Whether an address is never mailed, and why
#[utoipa::path(
    get,
    operation_id = "look_up_suppression",
    path = "/api/v1/suppressions",
    tag = "suppressions",
    params(("email" = String, Query, description = "The address", format = "email", min_length = 3, max_length = 254)),
    responses((status = 200, body = Suppression), (status = 422, body = Problem, content_type = "application/problem+json")),
)]
pub(super) async fn look_up(State(site): State<Shared>, RawQuery(query): RawQuery) -> Answer<Json<Suppression>> {
    let asked = Asked::read(query.as_deref(), &["email"])?;
    let email = address(asked.one("email").ok_or_else(|| Problem::invalid("email", "it is missing", "give an address"))?)?;
    let reason = site.house.store.suppression(&site.house.signer.address_digest(&email)).await?;
    Ok(Json(Suppression { suppressed: reason.is_some(), reason }))
}

/// An address that is never to be mailed.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Address {
    #[schema(format = "email", min_length = 3, max_length = 254)]
    email: String,
}

/// Never mail an address again, whoever types it
#[utoipa::path(
    post,
    operation_id = "add_suppression",
    path = "/api/v1/suppressions",
    tag = "suppressions",
    request_body(content = Address, content_type = "application/json"),
    responses((status = 204, description = "Kept"), (status = 422, body = Problem, content_type = "application/problem+json")),
)]
pub(super) async fn add(State(site): State<Shared>, Sent(sent): Sent<Address>) -> Answer<StatusCode> {
    let digest = site.house.signer.address_digest(&address(&sent.email)?);
    site.house.store.suppress(&digest, SuppressionReason::Operator, site.now()).await?;
    Ok(StatusCode::NO_CONTENT)
}
