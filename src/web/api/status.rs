//! The figures of the whole.

use axum::Json;
use axum::extract::State;

use crate::store::StoreStatus;
use crate::web::api::problem::Answer;
use crate::web::state::Shared;

/// Letters, people and jobs, counted
#[utoipa::path(get, operation_id = "show_status", path = "/api/v1/status", tag = "status", responses((status = 200, body = StoreStatus)))]
pub(super) async fn status(State(site): State<Shared>) -> Answer<Json<StoreStatus>> {
    Ok(Json(site.house.store.status(site.now()).await?))
}
