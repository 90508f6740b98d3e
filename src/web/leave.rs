//! Unsubscribe: by the button of a page, and by the one click of a mail service (RFC 8058); and the opposite, for who is asked.

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use chrono::DateTime;
use minijinja::context;

use super::page::{Answer, ended_link, notice, page, said, unknown_link};
use super::person::speak_to;
use super::speech::language;
use super::state::{Shared, Site};
use super::typed::Typed;
use super::visitor::Visitor;
use crate::consent::Origin;
use crate::domain::{SubscriberId, SubscriptionId, TokenPurpose, texts};

/// Whose alerts a token may end, and which one; none for all of them.
fn claimed(site: &Site, token: &str) -> Option<(SubscriberId, Option<SubscriptionId>)> {
    let claims = site.house.signer.verify(TokenPurpose::Unsubscribe, token, site.now())?;
    let [subscriber, subscription, _] = claims.ids;
    Some((SubscriberId(subscriber), (subscription != 0).then_some(SubscriptionId(subscription))))
}

/// The page with the button; opening it changes nothing.
pub(super) async fn unsubscribe_page(State(site): State<Shared>, Path(token): Path<String>) -> Answer {
    let service = &site.house.service_name;
    let Some((subscriber, which)) = claimed(&site, &token) else { return unknown_link(service) };
    speak_to(&site, subscriber).await?;
    let alerts = site.house.consent.subscriptions(subscriber).await?;
    let Some(alert) = alerts.iter().find(|alert| which.is_none_or(|which| alert.id == which)) else {
        return ended(service);
    };
    page(
        StatusCode::OK,
        "unsubscribe.html",
        context! { service, all => which.is_none(), name => alert.name.as_str(), cadence => texts::cadence(language(), &alert.cadence), others => alerts.len() - 1 },
    )
}

/// Ends the alert, or all of them where the person chose so; the same answer however often it is asked.
///
/// The body is read for our own field only: one-click bodies come as a form or as multipart, from anywhere, without cookies. Our own
/// buttons have that field, so that what a person pressed is told from what a mail service sent.
pub(super) async fn unsubscribe(State(site): State<Shared>, visitor: Visitor, Path(token): Path<String>, body: Bytes) -> Answer {
    let service = &site.house.service_name;
    let Some((subscriber, which)) = claimed(&site, &token) else { return unknown_link(service) };
    speak_to(&site, subscriber).await?;
    let typed = Typed::parse(&body);
    let scope = typed.one("scope");
    let origin = if scope.is_empty() { Origin::from("mail") } else { Origin::page("/unsubscribe", visitor.0) };
    match which.filter(|_| scope != "all") {
        Some(alert) => drop(site.house.consent.unsubscribe(alert, origin).await?),
        None => drop(site.house.consent.leave(subscriber, origin).await?),
    }
    ended(service)
}

/// The page of a renewal letter; opening it changes nothing.
pub(super) async fn renew_page(State(site): State<Shared>, Path(token): Path<String>) -> Answer {
    let service = &site.house.service_name;
    let Some(subscriber) = renewable(&site, &token) else { return not_renewable(&site, &token) };
    speak_to(&site, subscriber).await?;
    let alerts = site.house.consent.subscriptions(subscriber).await?;
    if alerts.is_empty() {
        return expired(service);
    }
    let names: Vec<String> = alerts.into_iter().map(|alert| alert.name).collect();
    page(StatusCode::OK, "renew.html", context! { service, names })
}

/// Keeps the alerts for as long again.
pub(super) async fn renew(State(site): State<Shared>, visitor: Visitor, Path(token): Path<String>) -> Answer {
    let service = &site.house.service_name;
    let Some(subscriber) = renewable(&site, &token) else { return not_renewable(&site, &token) };
    speak_to(&site, subscriber).await?;
    if !site.house.consent.renew(subscriber, Origin::page("/renew", visitor.0)).await? {
        return expired(service);
    }
    notice(StatusCode::OK, service, &said("renewed-heading"), &[said("renewed-line")], None)
}

/// Who may say that the alerts are still wanted.
fn renewable(site: &Site, token: &str) -> Option<SubscriberId> {
    let claims = site.house.signer.verify(TokenPurpose::Renew, token, site.now())?;
    Some(SubscriberId(claims.ids[0]))
}

/// Why nobody may.
fn not_renewable(site: &Site, token: &str) -> Answer {
    let was_good = site.house.signer.verify(TokenPurpose::Renew, token, DateTime::UNIX_EPOCH).is_some();
    if was_good { ended_link(&site.house.service_name) } else { unknown_link(&site.house.service_name) }
}

fn expired(service: &str) -> Answer {
    let lines = [said("expired-line"), said("left-welcome")];
    notice(StatusCode::GONE, service, &said("expired-heading"), &lines, Some(("/", &said("left-new"))))
}

fn ended(service: &str) -> Answer {
    let lines = [said("left-cancelled"), said("left-welcome")];
    notice(StatusCode::OK, service, &said("left-heading"), &lines, Some(("/", &said("left-new"))))
}
