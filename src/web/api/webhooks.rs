//! The webhook of an alert: given, shown, tested, taken away.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::SubscriptionId;
use crate::domain::webhook::{Webhook, WebhookUrl};
use crate::web::api::asked::{Named, Sent};
use crate::web::api::problem::{Answer, Problem};
use crate::web::api::subscribers::ORIGIN;
use crate::web::state::{Shared, Site};

/// Where an alert is to be posted to.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewWebhook {
    /// An https address with the name of a public host, without user name and password.
    #[schema(format = "uri", max_length = 2000)]
    url: String,
}

/// A webhook with its secret, which is told once.
#[derive(Serialize, ToSchema)]
pub(super) struct KeptWebhook {
    webhook: Webhook,
    /// What its calls are signed with (Standard Webhooks).
    secret: String,
}

/// The webhook of an alert, and how it fares
#[utoipa::path(
    get,
    operation_id = "show_webhook",
    path = "/api/v1/alerts/{id}/webhook",
    tag = "webhooks",
    params(("id" = i64, Path, description = "The alert's number")),
    responses((status = 200, body = Webhook), (status = 404, body = Problem, content_type = "application/problem+json")),
)]
pub(super) async fn show(State(site): State<Shared>, Named(id): Named<i64>) -> Answer<Json<Webhook>> {
    Ok(Json(webhook_of(&site, id).await?))
}

/// Have an alert posted to a program as well, in the place of the webhook before, with a new secret
#[utoipa::path(
    put,
    operation_id = "keep_webhook",
    path = "/api/v1/alerts/{id}/webhook",
    tag = "webhooks",
    params(("id" = i64, Path, description = "The alert's number")),
    request_body(content = NewWebhook, content_type = "application/json", example = json!({"url": "https://example.org/jobs"})),
    responses(
        (status = 200, body = KeptWebhook),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json", description = "The operator has switched it off"),
        (status = 422, body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn keep(State(site): State<Shared>, Named(id): Named<i64>, Sent(new): Sent<NewWebhook>) -> Answer<Json<KeptWebhook>> {
    let off = || Problem::conflict("nothing is posted from here", "the operator sets [webhooks] enabled");
    let reach = site.house.webhooks.ok_or_else(off)?;
    let url = WebhookUrl::parse(&new.url, reach)
        .map_err(|fault| Problem::invalid("url", "nothing can be posted to this address", fault.to_string()))?;
    let secret = site.house.consent.keep_webhook(SubscriptionId(id), &url, ORIGIN).await?.ok_or_else(|| Problem::unknown("alert"))?;
    Ok(Json(KeptWebhook { webhook: webhook_of(&site, id).await?, secret: secret.text() }))
}

/// Take the webhook of an alert away, with what waits for it
#[utoipa::path(
    delete,
    operation_id = "drop_webhook",
    path = "/api/v1/alerts/{id}/webhook",
    tag = "webhooks",
    params(("id" = i64, Path, description = "The alert's number")),
    responses((status = 204, description = "Gone"), (status = 404, body = Problem, content_type = "application/problem+json")),
)]
pub(super) async fn drop_it(State(site): State<Shared>, Named(id): Named<i64>) -> Answer<StatusCode> {
    let dropped = site.house.consent.drop_webhook(SubscriptionId(id), ORIGIN).await?;
    if dropped { Ok(StatusCode::NO_CONTENT) } else { Err(Problem::unknown("alert with a webhook")) }
}

/// Have a test posted; a webhook that was switched off is tried anew
#[utoipa::path(
    post,
    operation_id = "test_webhook",
    path = "/api/v1/alerts/{id}/webhook/test",
    tag = "webhooks",
    params(("id" = i64, Path, description = "The alert's number")),
    responses(
        (status = 202, description = "On its way; the webhook tells how it went"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn test(State(site): State<Shared>, Named(id): Named<i64>) -> Answer<StatusCode> {
    let queued = site.house.consent.test_webhook(SubscriptionId(id)).await?;
    if queued { Ok(StatusCode::ACCEPTED) } else { Err(Problem::unknown("alert with a webhook")) }
}

/// The webhook of the alert of a number.
async fn webhook_of(site: &Site, id: i64) -> Answer<Webhook> {
    site.house.store.webhook(SubscriptionId(id)).await?.ok_or_else(|| Problem::unknown("alert with a webhook"))
}
