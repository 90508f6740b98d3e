//! Unsubscribe: by the button of a page, and by the one click of a mail service (RFC 8058).

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use minijinja::context;

use super::page::{Answer, notice, page, unknown_link};
use super::state::Shared;
use super::typed::Typed;
use crate::domain::{SubscriberId, SubscriptionId, TokenPurpose};

/// The page with the button; opening it changes nothing.
pub(super) async fn unsubscribe_page(State(site): State<Shared>, Path(token): Path<String>) -> Answer {
    let service = &site.house.service_name;
    let Some(claims) = site.house.signer.verify(TokenPurpose::Unsubscribe, &token, site.now()) else { return unknown_link(service) };
    let [subscriber, subscription, _] = claims.ids;
    let alerts = site.house.consent.subscriptions(SubscriberId(subscriber)).await?;
    let Some(alert) = alerts.iter().find(|alert| alert.id == SubscriptionId(subscription)) else {
        return ended(service);
    };
    page(
        StatusCode::OK,
        "unsubscribe.html",
        context! { service, name => alert.name.as_str(), cadence => alert.cadence.described(), others => alerts.len() - 1 },
    )
}

/// Ends the alert, or all of them where the person chose so; the same answer however often it is asked.
///
/// The body is read for our own field only: one-click bodies come as a form or as multipart, from anywhere, without cookies.
pub(super) async fn unsubscribe(State(site): State<Shared>, Path(token): Path<String>, body: Bytes) -> Answer {
    let service = &site.house.service_name;
    let Some(claims) = site.house.signer.verify(TokenPurpose::Unsubscribe, &token, site.now()) else { return unknown_link(service) };
    let [subscriber, subscription, _] = claims.ids;
    if Typed::parse(&body).one("scope") == "all" {
        site.house.consent.leave(SubscriberId(subscriber), "mail").await?;
    } else {
        site.house.consent.unsubscribe(SubscriptionId(subscription), "mail").await?;
    }
    ended(service)
}

fn ended(service: &str) -> Answer {
    let lines = ["No more letters come from it, and those that were waiting are cancelled.", "You are welcome back at any time."];
    notice(StatusCode::OK, service, "This alert has ended", &lines, Some(("/", "Make a new alert")))
}
