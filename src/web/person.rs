//! Whose page a link opens.

use axum::response::{IntoResponse as _, Redirect, Response};
use chrono::DateTime;

use super::page::{Answer, PageError, ended_link, unknown_link};
use super::speech::{language, prefer};
use super::state::Site;
use super::typed::Typed;
use super::visitor::Visitor;
use crate::consent::Origin;
use crate::domain::{Subscriber, SubscriberId, SubscriberState, Subscription, SubscriptionId, TokenPurpose};

/// Speaks the language kept with a person, unless another one was chosen.
pub(super) async fn speak_to(site: &Site, id: SubscriberId) -> Result<(), PageError> {
    if let Some(subscriber) = site.house.consent.subscriber(id).await? {
        prefer(subscriber.language);
    }
    Ok(())
}

/// The person a manage token is for.
pub(super) struct Person {
    pub(super) subscriber: Subscriber,
    pub(super) alerts: Vec<Subscription>,
    pub(super) token: String,
    pub(super) origin: Origin<'static>,
}

impl Person {
    /// Who holds the token, or the page that says why nobody does.
    pub(super) async fn of(site: &Site, visitor: Visitor, token: String) -> Result<Result<Self, Answer>, PageError> {
        let service = &site.house.service_name;
        let verify = |now| site.house.signer.verify(TokenPurpose::Manage, &token, now);
        let Some(claims) = verify(site.now()) else {
            let was_good = verify(DateTime::UNIX_EPOCH).is_some();
            return Ok(Err(if was_good { ended_link(service) } else { unknown_link(service) }));
        };
        let id = SubscriberId(claims.ids[0]);
        let Some(subscriber) = site.house.consent.subscriber(id).await? else { return Ok(Err(ended_link(service))) };
        let alerts = site.house.consent.subscriptions(id).await?;
        prefer(subscriber.language);
        let origin = Origin::page("/manage", visitor.0).in_language(language());
        Ok(Ok(Self { subscriber, alerts, token, origin }))
    }

    pub(super) fn alert(&self, typed: &Typed, field: &str) -> Option<&Subscription> {
        let id = typed.one(field).parse().ok().map(SubscriptionId)?;
        self.alerts.iter().find(|alert| alert.id == id)
    }

    pub(super) fn may_add(&self) -> bool {
        matches!(self.subscriber.state, SubscriberState::Active | SubscriberState::Paused)
    }

    /// The page again, with what was done.
    pub(super) fn back(&self, done: &str) -> Response {
        Redirect::to(&format!("/manage/{}?done={done}", self.token)).into_response()
    }
}
