//! An alert begins: asked for by the form and confirmed by mail, or on the operator's word.

use chrono::Duration;

pub use crate::compose::CONFIRM_HOURS;
use crate::consent::error::ConsentError;
use crate::consent::hall::Consent;
use crate::consent::origin::Origin;
use crate::consent::wishes::named;
use crate::consent::words::{agreed_words, confirmed_words};
use crate::domain::subscriber::ConsentEvent;
use crate::domain::token::{random_token, token_digest};
use crate::domain::{EmailAddress, NewSubscription, Subscriber, SubscriberId, Subscription, SubscriptionId};
use crate::store::{Begun, SubscribeRequest};

/// Most confirmation mails to one mailbox until one is answered; within [`MAIL_WINDOW_HOURS`] there is one at most. So the form cannot
/// be used to flood a stranger.
const MOST_UNANSWERED_MAILS: u32 = 3;

/// The time in which mails to one address are counted.
pub(in crate::consent) const MAIL_WINDOW_HOURS: i64 = 24;

impl Consent {
    /// Keeps a sign-up and queues its confirmation mail. The outcome says nothing about the address: known, unknown, suppressed and
    /// flooded ones all end in `Ok`.
    ///
    /// # Errors
    /// Wishes that make no sense, a store that does not answer.
    pub async fn subscribe(
        &self,
        email: &EmailAddress,
        subscription: NewSubscription,
        origin: impl Into<Origin<'_>>,
    ) -> Result<(), ConsentError> {
        let (subscription, origin) = (named(subscription)?, origin.into());
        let mut chance = [0_u8; 16];
        getrandom::fill(&mut chance).map_err(ConsentError::Chance)?;
        let token = random_token(chance);
        let now = self.clock.now();
        let request = SubscribeRequest {
            email,
            email_digest: &self.address_digest(email),
            subscription: &subscription,
            token: &token,
            token_digest: &token_digest(&token),
            token_until: now + Duration::hours(CONFIRM_HOURS),
            consent: &self.record(ConsentEvent::Requested, origin, format!("agreed to: {}", agreed_words(origin.language))),
            mailbox: &self.mailbox_digest(email),
            most_unanswered: MOST_UNANSWERED_MAILS,
            mails_since: now - Duration::hours(MAIL_WINDOW_HOURS),
            language: origin.language,
        };
        let begun = self.store.begin_subscription(request).await?;
        if let Begun::Queued(delivery) = begun {
            tracing::info!(delivery = delivery.0, "sign-up kept, confirmation mail queued");
        } else {
            tracing::info!(outcome = ?begun, "sign-up not kept");
        }
        self.wake.notify_one();
        Ok(())
    }

    /// What a confirmation token is for, while it is good.
    ///
    /// # Errors
    /// The store's.
    pub async fn pending(&self, token: &str) -> Result<Option<(Subscriber, Subscription)>, ConsentError> {
        Ok(self.store.token_subject(&token_digest(token), self.clock.now()).await?)
    }

    /// Confirms an address and its alert; none when the token is unknown, used or ended.
    ///
    /// # Errors
    /// The store's.
    pub async fn confirm(&self, token: &str, origin: impl Into<Origin<'_>>) -> Result<Option<(Subscriber, Subscription)>, ConsentError> {
        let origin = origin.into();
        let consent = self.record(ConsentEvent::Confirmed, origin, format!("agreed to: {}", confirmed_words(origin.language)));
        let confirmed = self.store.confirm(&token_digest(token), &consent, |email| self.mailbox_digest(email)).await?;
        self.wake.notify_one();
        Ok(confirmed)
    }

    /// Adds a confirmed alert on the operator's word, the subscriber too where new.
    ///
    /// # Errors
    /// Wishes that make no sense, a store that does not answer.
    pub async fn add_confirmed(
        &self,
        email: &EmailAddress,
        subscription: NewSubscription,
        origin: impl Into<Origin<'_>>,
    ) -> Result<(SubscriberId, SubscriptionId), ConsentError> {
        let subscription = named(subscription)?;
        let consent = self.record(
            ConsentEvent::AddedByOperator,
            origin,
            format!("the operator vouches that the person asked for the alert “{}”", subscription.name),
        );
        let ids = self.store.add_confirmed(email, &subscription, &consent).await?;
        self.wake.notify_one();
        Ok(ids)
    }

    /// Adds a confirmed alert as [`Consent::add_confirmed`] does, unless this person has the same or has ended it: false, and nothing is
    /// done. So a list may be read twice, and brings nobody back who left.
    ///
    /// # Errors
    /// As there.
    pub async fn add_once(
        &self,
        email: &EmailAddress,
        subscription: NewSubscription,
        origin: impl Into<Origin<'_>>,
    ) -> Result<bool, ConsentError> {
        let subscription = named(subscription)?;
        let known = match self.store.subscriber_by_email(email).await? {
            Some(subscriber) => self.store.subscriptions_ever_of(subscriber.id).await?,
            None => Vec::new(),
        };
        if known.iter().any(|one| one.is_as(&subscription)) {
            return Ok(false);
        }
        self.add_confirmed(email, subscription, origin).await?;
        Ok(true)
    }
}
