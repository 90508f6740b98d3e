//! What a button of the operator's page asks for. Each is followed by a redirect, so that loading the page again never repeats it.
//!
//! That a form comes from our own page is checked for every form (`guard`); that it comes from the operator, here.

use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Redirect};

use crate::domain::{DeliveryId, DeliveryState, EmailAddress};
use crate::web::admin::session::{ask, operator};
use crate::web::page::{Answer, PageError};
use crate::web::state::{Shared, Site};

/// Where a consent record says it came from.
const ORIGIN: &str = "admin";

/// `POST /admin/do`
pub(super) async fn act(State(site): State<Shared>, headers: HeaderMap, body: Bytes) -> Answer {
    let Some(token) = operator(&site, &headers).await? else { return ask(&site, StatusCode::FORBIDDEN, false) };
    let fields: Vec<(String, String)> = url::form_urlencoded::parse(&body).into_owned().collect();
    let of = |name: &str| fields.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.trim());
    let (done, place) = match of("do") {
        "pause_source" => (pause(&site, of("source")).await?, "sources"),
        "resume_source" => (resume(&site, of("source")).await?, "sources"),
        "retry_parked" => (retry_parked(&site).await?, "queue"),
        "suppress" => (suppress(&site, of("email")).await?, "addresses"),
        "unsuppress" => (unsuppress(&site, of("email")).await?, "addresses"),
        _ => return Ok(StatusCode::UNPROCESSABLE_ENTITY.into_response()),
    };
    tracing::info!(token = token.id.0, asked = ?of("do"), done, "the operator's page was used");
    Ok(Redirect::to(&format!("/admin?done={done}#{place}")).into_response())
}

async fn pause(site: &Site, source: &str) -> Result<&'static str, PageError> {
    let known = site.house.sources.iter().any(|(name, _)| name == source);
    Ok(if known && site.house.store.pause_source(source, site.now()).await? { "paused" } else { "nothing" })
}

async fn resume(site: &Site, source: &str) -> Result<&'static str, PageError> {
    Ok(if site.house.store.resume_source(source, site.now()).await? { "resumed" } else { "nothing" })
}

/// Letters let go at one press.
const MOST_RELEASED: u32 = 10_000;

async fn retry_parked(site: &Site) -> Result<&'static str, PageError> {
    let parked = site.house.store.deliveries_in(DeliveryState::Parked, DeliveryId(0), MOST_RELEASED).await?;
    let ids: Vec<DeliveryId> = parked.iter().map(|parked| DeliveryId(parked.id)).collect();
    if site.house.store.release_deliveries(&ids, site.now()).await? == 0 {
        return Ok("nothing");
    }
    site.house.consent.wake.notify_one();
    Ok("released")
}

async fn suppress(site: &Site, email: &str) -> Result<&'static str, PageError> {
    let Ok(email) = EmailAddress::parse(email) else { return Ok("address") };
    site.house.consent.suppress(&email, ORIGIN).await?;
    Ok("suppressed")
}

async fn unsuppress(site: &Site, email: &str) -> Result<&'static str, PageError> {
    let Ok(email) = EmailAddress::parse(email) else { return Ok("address") };
    Ok(if site.house.consent.unsuppress(&email).await? { "unsuppressed" } else { "nothing" })
}
