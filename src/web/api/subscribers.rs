//! People: added, listed, paused, resumed, exported, erased; the same doors of `consent` as the page and the command line.

use axum::Json;
use axum::extract::{RawQuery, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::{Cadence, EmailAddress, Preferences, Subscriber, SubscriberId};
use crate::web::api::asked::{Asked, Named, Sent};
use crate::web::api::problem::{Answer, Problem};
use crate::web::api::views::{NewAlert, SubscriberView};
use crate::web::state::{Shared, Site};

/// Where consent from here comes from, as its record says.
pub(super) const ORIGIN: &str = "api";

/// Subscribers of one answer, and the most of one.
const USUAL: i64 = 100;
const MOST: i64 = 1_000;

/// Some subscribers, by number.
#[derive(Serialize, ToSchema)]
struct SubscriberPage {
    subscribers: Vec<SubscriberView>,
    /// The value of `after` that brings the next page; none on the last.
    next: Option<i64>,
}

/// Subscribers by number, or the one of an address
#[utoipa::path(
    get,
    operation_id = "list_subscribers",
    path = "/api/v1/subscribers",
    tag = "subscribers",
    params(
        ("email" = Option<String>, Query, description = "Only the one of this address", format = "email", min_length = 3, max_length = 254),
        ("after" = Option<i64>, Query, description = "The `next` of the page before"),
        ("limit" = Option<i64>, Query, description = "How many at most", minimum = 1, maximum = 1000),
    ),
    responses((status = 200, body = SubscriberPage), (status = 422, body = Problem, content_type = "application/problem+json")),
)]
pub(super) async fn list(State(site): State<Shared>, RawQuery(query): RawQuery) -> Answer {
    let asked = Asked::read(query.as_deref(), &["email", "after", "limit"])?;
    let limit = asked.number("limit", USUAL, 1..=MOST)?;
    let after = asked.number("after", 0, i64::MIN..=i64::MAX)?;
    if let Some(email) = asked.one("email") {
        let found = site.house.store.subscriber_by_email(&address(email)?).await?;
        return Ok(Json(SubscriberPage { subscribers: found.into_iter().map(Into::into).collect(), next: None }).into_response());
    }
    let found = site.house.store.subscribers(SubscriberId(after), u32::try_from(limit).unwrap_or(1)).await?;
    let full = i64::try_from(found.len()).is_ok_and(|count| count == limit);
    let next = found.last().filter(|_| full).map(|last| last.id.0);
    Ok(Json(SubscriberPage { subscribers: found.into_iter().map(Into::into).collect(), next }).into_response())
}

/// An address with its first alert, or a further one.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewSubscriber {
    /// The address.
    #[schema(format = "email", min_length = 3, max_length = 254)]
    email: String,
    /// You vouch for the consent: active at once. Otherwise a confirmation mail goes out, and nothing happens without it.
    #[serde(default)]
    confirmed: bool,
    /// What the alert is called.
    #[serde(default)]
    #[schema(max_length = 100)]
    name: String,
    /// The wishes.
    #[serde(default)]
    preferences: Preferences,
    /// When it is due; daily at eight UTC where nothing is said.
    #[serde(default)]
    delivery: Option<Cadence>,
}

/// What was added.
#[derive(Serialize, ToSchema)]
struct Added {
    /// The subscriber's number; none until the address is confirmed.
    subscriber: Option<i64>,
    /// The alert's number; none until the address is confirmed.
    alert: Option<i64>,
}

/// Add an alert for an address
#[utoipa::path(
    post,
    operation_id = "add_subscriber",
    path = "/api/v1/subscribers",
    tag = "subscribers",
    request_body(content = NewSubscriber, content_type = "application/json", example = json!({
        "email": "asha@example.org", "confirmed": true, "name": "Rust in Pune", "preferences": {"skills": {"any": ["rust"]}},
        "delivery": {"frequency": "daily", "at": "08:00", "time_zone": "Asia/Kolkata"}
    })),
    responses(
        (status = 201, body = Added, description = "Active at once", headers(("Location" = String, description = "The subscriber"))),
        (status = 202, body = Added, description = "Asked to confirm by mail, whoever the address is"),
        (status = 422, body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn add(State(site): State<Shared>, Sent(new): Sent<NewSubscriber>) -> Answer {
    let email = address(&new.email)?;
    let alert = NewAlert { name: new.name, preferences: new.preferences, delivery: new.delivery }.subscription();
    if !new.confirmed {
        site.house.consent.subscribe(&email, alert, ORIGIN).await?;
        return Ok((StatusCode::ACCEPTED, Json(Added { subscriber: None, alert: None })).into_response());
    }
    let (subscriber, alert) = site.house.consent.add_confirmed(&email, alert, ORIGIN).await?;
    let added = Added { subscriber: Some(subscriber.0), alert: Some(alert.0) };
    let place = [(header::LOCATION, format!("/api/v1/subscribers/{}", subscriber.0))];
    Ok((StatusCode::CREATED, place, Json(added)).into_response())
}

/// One subscriber
#[utoipa::path(
    get,
    operation_id = "show_subscriber",
    path = "/api/v1/subscribers/{id}",
    tag = "subscribers",
    params(("id" = i64, Path, description = "Its number")),
    responses(
        (status = 200, body = SubscriberView),
        (status = 404, body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn show(State(site): State<Shared>, Named(id): Named<i64>) -> Answer<Json<SubscriberView>> {
    Ok(Json(find(&site, id).await?.into()))
}

/// Everything kept about a subscriber (GDPR articles 15 and 20)
#[utoipa::path(
    get,
    operation_id = "export_subscriber",
    path = "/api/v1/subscribers/{id}/export",
    tag = "subscribers",
    params(("id" = i64, Path, description = "Its number")),
    responses(
        (status = 200, body = serde_json::Value),
        (status = 404, body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn export(State(site): State<Shared>, Named(id): Named<i64>) -> Answer<Json<serde_json::Value>> {
    let kept = site.house.consent.export(SubscriberId(id)).await?;
    kept.map(Json).ok_or_else(|| Problem::unknown("subscriber"))
}

/// Erase everything kept about a subscriber
#[utoipa::path(
    delete,
    operation_id = "erase_subscriber",
    path = "/api/v1/subscribers/{id}",
    tag = "subscribers",
    params(
        ("id" = i64, Path, description = "Its number"),
        ("never" = Option<bool>, Query, description = "Also never mail the address again: a keyed digest of it is kept"),
    ),
    responses(
        (status = 204, description = "Erased"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 422, body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn erase(State(site): State<Shared>, Named(id): Named<i64>, RawQuery(query): RawQuery) -> Answer<StatusCode> {
    let never = Asked::read(query.as_deref(), &["never"])?.flag("never")?;
    let (consent, id) = (&site.house.consent, SubscriberId(id));
    let erased = if never { consent.erase_for_ever(id).await? } else { consent.erase(id).await? };
    if erased { Ok(StatusCode::NO_CONTENT) } else { Err(Problem::unknown("subscriber")) }
}

/// When a pause ends.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Pause {
    /// The moment it ends by itself; without one, when it is resumed.
    #[serde(default)]
    until: Option<DateTime<Utc>>,
}

/// Pause all alerts of a subscriber
#[utoipa::path(
    post,
    operation_id = "pause_subscriber",
    path = "/api/v1/subscribers/{id}/pause",
    tag = "subscribers",
    params(("id" = i64, Path, description = "Its number")),
    request_body(content = Pause, content_type = "application/json"),
    responses(
        (status = 200, body = SubscriberView),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json", description = "It is not active"),
        (status = 422, body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn pause(State(site): State<Shared>, Named(id): Named<i64>, Sent(pause): Sent<Pause>) -> Answer<Json<SubscriberView>> {
    find(&site, id).await?;
    if pause.until.is_some_and(|until| until <= site.now()) {
        return Err(Problem::invalid("until", "this moment is past", "give one that lies ahead, or none"));
    }
    let paused = site.house.consent.pause(SubscriberId(id), pause.until, ORIGIN).await?;
    standing(&site, id, paused, "it is not active").await
}

/// End a pause
#[utoipa::path(
    post,
    operation_id = "resume_subscriber",
    path = "/api/v1/subscribers/{id}/resume",
    tag = "subscribers",
    params(("id" = i64, Path, description = "Its number")),
    responses(
        (status = 200, body = SubscriberView),
        (status = 404, body = Problem, content_type = "application/problem+json"),
        (status = 409, body = Problem, content_type = "application/problem+json", description = "It is not paused"),
    ),
)]
pub(super) async fn resume(State(site): State<Shared>, Named(id): Named<i64>) -> Answer<Json<SubscriberView>> {
    find(&site, id).await?;
    let resumed = site.house.consent.resume(SubscriberId(id), ORIGIN).await?;
    standing(&site, id, resumed, "it is not paused").await
}

/// How a subscriber stands after something was done.
async fn standing(site: &Site, id: i64, done: bool, why_not: &str) -> Answer<Json<SubscriberView>> {
    if !done {
        return Err(Problem::conflict(format!("nothing was changed: {why_not}"), "read the subscriber's state first"));
    }
    Ok(Json(find(site, id).await?.into()))
}

/// The subscriber of a number.
pub(super) async fn find(site: &Site, id: i64) -> Answer<Subscriber> {
    site.house.store.subscriber(SubscriberId(id)).await?.ok_or_else(|| Problem::unknown("subscriber"))
}

/// Reads an address.
pub(super) fn address(text: &str) -> Answer<EmailAddress> {
    EmailAddress::parse(text).map_err(|fault| Problem::invalid("email", fault.to_string(), "give one address, such as asha@example.org"))
}

/// A created thing at its place.
pub(super) fn created(place: String, body: impl Serialize) -> Response {
    (StatusCode::CREATED, [(header::LOCATION, place)], Json(body)).into_response()
}
