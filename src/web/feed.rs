//! One alert as a private feed: what of the open listings fits it now, newest first, as Atom (RFC 4287) or JSON Feed 1.1.

use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use chrono::{DateTime, Utc};
use minijinja::value::Serde;
use minijinja::{Value, context};
use serde::Serialize;

use super::listing_view::Card;
use super::page::{Answer, PageError, ended_link, fragment, unknown_link};
use super::person::speak_to;
use super::state::{Shared, Site};
use crate::domain::feedback::{Heard, rejected};
use crate::domain::token::{Claims, token_digest};
use crate::domain::{ListingId, Subscription, SubscriptionId, TokenPurpose};

/// Listings in a feed.
const ENTRIES: usize = 50;

/// Listings looked at for them: what feedback keeps away falls out.
const LOOKED_AT: usize = 2 * ENTRIES;

/// The form of a feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Atom,
    Json,
}

/// One job of a feed.
#[derive(Debug, Serialize)]
struct Entry {
    url: String,
    title: String,
    summary: String,
    published: String,
}

/// The token of an alert's feed; good as long as the alert is.
pub(super) fn feed_token(site: &Site, alert: &Subscription) -> String {
    let claims = Claims { ids: [alert.subscriber.0, alert.id.0, 0], until: None };
    site.house.signer.sign(TokenPurpose::Feed, claims)
}

/// The feed of a token; reading it changes nothing, whatever the alert's letters have told.
pub(super) async fn feed(State(site): State<Shared>, headers: HeaderMap, Path(file): Path<String>) -> Answer {
    let service = &site.house.service_name;
    let (token, format) = match file.rsplit_once('.') {
        Some((token, "atom")) => (token, Format::Atom),
        Some((token, "json")) => (token, Format::Json),
        _ => return unknown_link(service),
    };
    let Some(claims) = site.house.signer.verify(TokenPurpose::Feed, token, site.now()) else { return unknown_link(service) };
    let [_, alert, _] = claims.ids;
    let Some(alert) = site.house.store.subscription(SubscriptionId(alert)).await? else { return ended_link(service) };
    speak_to(&site, alert.subscriber).await?;
    let entries = entries(&site, &alert).await?;
    let own = site.house.base_url.join(&format!("feeds/{file}")).map(String::from).unwrap_or_default();
    let updated = entries.first().map_or_else(|| alert.created_at.to_rfc3339(), |newest| newest.published.clone());
    let (kind, body) = match format {
        Format::Atom => {
            let home = site.house.base_url.as_str();
            let entries = Value::from(Serde(&entries));
            let body = fragment("feed.atom", context! { service, name => alert.name.as_str(), own, home, updated, entries })?;
            ("application/atom+xml; charset=utf-8", body)
        }
        Format::Json => ("application/feed+json; charset=utf-8", json(&site, &alert, &own, &entries).to_string()),
    };
    Ok(unless_known(&headers, kind, body))
}

async fn entries(site: &Site, alert: &Subscription) -> Result<Vec<Entry>, PageError> {
    let now = site.now();
    let fitting = site.open.fitting(&alert.preferences, now).await?;
    let ids: Vec<ListingId> = fitting.found.iter().take(LOOKED_AT).map(|(_, id)| *id).collect();
    let listings = site.house.store.listings(&ids).await?;
    let heard = |listing: &crate::domain::Listing| {
        rejected(&alert.feedback, &Heard { id: listing.id, company: listing.company(), facts: &listing.facts }, &site.house.rates)
    };
    let kept = listings.iter().filter(|listing| listing.is_open(now) && !heard(listing)).take(ENTRIES);
    Ok(kept.map(|listing| entry(site, &Card::of(listing, now), listing.first_seen)).collect())
}

fn entry(site: &Site, card: &Card, seen: DateTime<Utc>) -> Entry {
    let url = site.house.base_url.join(&format!("jobs/{}", card.id())).map(String::from).unwrap_or_default();
    Entry { url, title: card.headline(), summary: card.line(), published: seen.to_rfc3339() }
}

/// <https://jsonfeed.org/version/1.1>
fn json(site: &Site, alert: &Subscription, own: &str, entries: &[Entry]) -> serde_json::Value {
    let items = entries.iter().map(|entry| {
        serde_json::json!({
            "id": entry.url,
            "url": entry.url,
            "title": entry.title,
            "content_text": entry.summary,
            "date_published": entry.published,
        })
    });
    serde_json::json!({
        "version": "https://jsonfeed.org/version/1.1",
        "title": format!("{} – {}", alert.name, site.house.service_name),
        "home_page_url": site.house.base_url.as_str(),
        "feed_url": own,
        "items": items.collect::<Vec<_>>(),
    })
}

/// The body, or 304 where the reader has it already: readers ask often.
fn unless_known(headers: &HeaderMap, kind: &'static str, body: String) -> Response {
    let tag = format!("\"{}\"", &token_digest(&body)[..32]);
    let known = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok()).is_some_and(|known| known.contains(&tag));
    let mut response = if known { StatusCode::NOT_MODIFIED.into_response() } else { body.into_response() };
    if !known {
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    }
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    response
}
