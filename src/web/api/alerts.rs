//! The alerts of people: listed, added, changed, ended, previewed, explained.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::{ListingId, SubscriberState, Subscription, SubscriptionId};
use crate::pipeline::{self, Explanation, Prepared};
use crate::web::api::asked::{Named, Sent};
use crate::web::api::listings::{Brings, brings};
use crate::web::api::problem::{Answer, Problem};
use crate::web::api::subscribers::{ORIGIN, created, find};
use crate::web::api::views::{AlertView, NewAlert};
use crate::web::state::{Shared, Site};

/// The alerts of a subscriber.
#[derive(Serialize, ToSchema)]
pub(super) struct AlertList {
    alerts: Vec<AlertView>,
}

/// The confirmed alerts of a subscriber, oldest first
#[utoipa::path(
    get,
    operation_id = "list_alerts",
    path = "/api/v1/subscribers/{id}/alerts",
    tag = "alerts",
    params(("id" = i64, Path, description = "The subscriber's number")),
    responses((status = 200, body = AlertList), (status = 404, body = Problem, content_type = "application/problem+json")),
)]
pub(super) async fn list(State(site): State<Shared>, Named(id): Named<i64>) -> Answer<Json<AlertList>> {
    let subscriber = find(&site, id).await?;
    let alerts = site.house.consent.subscriptions(subscriber.id).await?;
    Ok(Json(AlertList { alerts: alerts.into_iter().map(Into::into).collect() }))
}

/// Add an alert to a confirmed subscriber
#[utoipa::path(
    post,
    operation_id = "add_alert",
    path = "/api/v1/subscribers/{id}/alerts",
    tag = "alerts",
    params(("id" = i64, Path, description = "The subscriber's number")),
    request_body(content = NewAlert, content_type = "application/json"),
    responses(
        (status = 201, body = AlertView, headers(("Location" = String, description = "The alert"))),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json", description = "Not confirmed, or too many alerts"),
        (status = 422, body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn add(State(site): State<Shared>, Named(id): Named<i64>, Sent(alert): Sent<NewAlert>) -> Answer {
    let subscriber = find(&site, id).await?;
    if !matches!(subscriber.state, SubscriberState::Active | SubscriberState::Paused) {
        let why = format!("the subscriber is {}", subscriber.state.label());
        return Err(Problem::conflict(why, "add the address anew: POST /api/v1/subscribers"));
    }
    let id = site.house.consent.add(subscriber.id, alert.subscription(), ORIGIN).await?;
    Ok(created(format!("/api/v1/alerts/{}", id.0), AlertView::from(alert_of(&site, id.0).await?)))
}

/// One alert
#[utoipa::path(
    get,
    operation_id = "show_alert",
    path = "/api/v1/alerts/{id}",
    tag = "alerts",
    params(("id" = i64, Path, description = "Its number")),
    responses((status = 200, body = AlertView), (status = 404, body = Problem, content_type = "application/problem+json")),
)]
pub(super) async fn show(State(site): State<Shared>, Named(id): Named<i64>) -> Answer<Json<AlertView>> {
    Ok(Json(alert_of(&site, id).await?.into()))
}

/// Change name, wishes and cadence of an alert: what is left out is back at its default
#[utoipa::path(
    put,
    operation_id = "change_alert",
    path = "/api/v1/alerts/{id}",
    tag = "alerts",
    params(("id" = i64, Path, description = "Its number")),
    request_body(content = NewAlert, content_type = "application/json"),
    responses(
        (status = 200, body = AlertView),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn change(State(site): State<Shared>, Named(id): Named<i64>, Sent(alert): Sent<NewAlert>) -> Answer<Json<AlertView>> {
    alert_of(&site, id).await?;
    if !site.house.consent.change(SubscriptionId(id), alert.subscription(), ORIGIN).await? {
        return Err(Problem::unknown("alert"));
    }
    Ok(Json(alert_of(&site, id).await?.into()))
}

/// End an alert, and with the last one the subscriber
#[utoipa::path(
    delete,
    operation_id = "end_alert",
    path = "/api/v1/alerts/{id}",
    tag = "alerts",
    params(("id" = i64, Path, description = "Its number")),
    responses((status = 204, description = "Ended"), (status = 404, body = Problem, content_type = "application/problem+json")),
)]
pub(super) async fn end(State(site): State<Shared>, Named(id): Named<i64>) -> Answer<StatusCode> {
    let ended = site.house.consent.unsubscribe(SubscriptionId(id), ORIGIN).await?;
    if ended { Ok(StatusCode::NO_CONTENT) } else { Err(Problem::unknown("alert")) }
}

/// How many open jobs fit an alert, and how many a week it would have brought
#[utoipa::path(
    get,
    operation_id = "forecast_alert",
    path = "/api/v1/alerts/{id}/forecast",
    tag = "alerts",
    params(("id" = i64, Path, description = "Its number")),
    responses(
        (status = 200, body = Brings),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn forecast_alert(State(site): State<Shared>, Named(id): Named<i64>) -> Answer<Response> {
    brings(&site, &alert_of(&site, id).await?.preferences).await
}

/// The letter that would be sent now.
#[derive(Serialize, ToSchema)]
pub(super) struct Preview {
    /// How many jobs fit.
    total: u32,
    /// The jobs it would show, best first.
    listings: Vec<i64>,
    /// The letter; none where none would be sent.
    letter: Option<Letter>,
    /// Why none would be sent.
    why_not: Option<String>,
}

/// A letter, as it would be sent.
#[derive(Serialize, ToSchema)]
struct Letter {
    subject: String,
    text: String,
    html: String,
}

/// The letter that would be sent now; nothing is sent. It holds the links with which its reader may change everything
#[utoipa::path(
    get,
    operation_id = "preview_alert",
    path = "/api/v1/alerts/{id}/preview",
    tag = "alerts",
    params(("id" = i64, Path, description = "Its number")),
    responses((status = 200, body = Preview), (status = 404, body = Problem, content_type = "application/problem+json")),
)]
pub(super) async fn preview(State(site): State<Shared>, Named(id): Named<i64>) -> Answer<Json<Preview>> {
    let alert = alert_of(&site, id).await?;
    let subscriber = find(&site, alert.subscriber.0).await?;
    let (selection, prepared) = pipeline::preview_letter(&site.house.desk, subscriber, alert, site.now()).await?;
    let (letter, why_not) = match prepared {
        Prepared::Letter(message) => (Some(Letter { subject: message.subject, text: message.text, html: message.html }), None),
        Prepared::Cancelled(why) => (None, Some(why)),
    };
    let listings = selection.shown.iter().map(|id| id.0).collect();
    Ok(Json(Preview { total: selection.total, listings, letter, why_not }))
}

/// Why a job reaches, or does not reach, an alert
#[utoipa::path(
    get,
    operation_id = "explain_listing",
    path = "/api/v1/alerts/{id}/explain/{listing}",
    tag = "alerts",
    params(("id" = i64, Path, description = "The alert's number"), ("listing" = i64, Path, description = "The job's number")),
    responses((status = 200, body = Explanation), (status = 404, body = Problem, content_type = "application/problem+json")),
)]
pub(super) async fn explain(State(site): State<Shared>, Named((id, listing)): Named<(i64, i64)>) -> Answer<Json<Explanation>> {
    let alert = alert_of(&site, id).await?;
    let listing = site.house.store.listing(ListingId(listing)).await?.ok_or_else(|| Problem::unknown("listing"))?;
    Ok(Json(pipeline::explain(&alert, &listing, &site.house.rates, site.now())))
}

/// The confirmed alert of a number.
async fn alert_of(site: &Site, id: i64) -> Answer<Subscription> {
    site.house.store.subscription(SubscriptionId(id)).await?.ok_or_else(|| Problem::unknown("alert"))
}
