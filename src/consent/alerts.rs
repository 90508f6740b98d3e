//! Somebody who has alerts changes, pauses or adds to them, says what fits, and asks for a link to do so.

use chrono::{DateTime, Duration, Utc};

pub use crate::compose::MANAGE_DAYS;
use crate::consent::error::ConsentError;
use crate::consent::hall::Consent;
use crate::consent::limits::MOST_ALERTS;
use crate::consent::origin::Origin;
use crate::consent::sign_up::MAIL_WINDOW_HOURS;
use crate::consent::wishes::named;
use crate::consent::words::agreed_words;
use crate::domain::feedback::Feedback;
use crate::domain::subscriber::ConsentEvent;
use crate::domain::token::Claims;
use crate::domain::{
    DeliveryKind, EmailAddress, Language, ListingId, NewDelivery, NewSubscription, Subscriber, SubscriberId, SubscriberState, Subscription,
    SubscriptionId, TokenPurpose,
};

/// Most lost-link mails to one address within [`MAIL_WINDOW_HOURS`].
const MOST_LINK_MAILS: usize = 3;

/// Most recent deliveries looked at when lost-link mails are counted.
const LINK_LOOK_BACK: u32 = 50;

impl Consent {
    /// One subscriber.
    ///
    /// # Errors
    /// The store's.
    pub async fn subscriber(&self, id: SubscriberId) -> Result<Option<Subscriber>, ConsentError> {
        Ok(self.store.subscriber(id).await?)
    }

    /// The confirmed alerts of a subscriber, oldest first.
    ///
    /// # Errors
    /// The store's.
    pub async fn subscriptions(&self, subscriber: SubscriberId) -> Result<Vec<Subscription>, ConsentError> {
        Ok(self.store.subscriptions_of(subscriber).await?)
    }

    /// Changes name, wishes and cadence of an alert; false where it has ended.
    ///
    /// # Errors
    /// Wishes that make no sense, a store that does not answer.
    pub async fn change(&self, id: SubscriptionId, to: NewSubscription, origin: impl Into<Origin<'_>>) -> Result<bool, ConsentError> {
        let to = named(to)?;
        let consent = self.record(ConsentEvent::Changed, origin, format!("changed the alert “{}”", to.name));
        let changed = self.store.change_subscription(id, &to, &consent).await?;
        self.wake.notify_one();
        Ok(changed)
    }

    /// Adds an alert to a confirmed subscriber, who asks for it with a link from the own mailbox.
    ///
    /// # Errors
    /// Wishes that make no sense, [`MOST_ALERTS`] reached, a store that does not answer.
    pub async fn add(
        &self,
        subscriber: SubscriberId,
        new: NewSubscription,
        origin: impl Into<Origin<'_>>,
    ) -> Result<SubscriptionId, ConsentError> {
        let new = named(new)?;
        if self.store.subscriptions_of(subscriber).await?.len() >= MOST_ALERTS {
            return Err(ConsentError::TooManyAlerts);
        }
        let (origin, name) = (origin.into(), &new.name);
        let words = agreed_words(origin.language);
        let consent = self.record(ConsentEvent::Changed, origin, format!("added the alert “{name}”, agreed to: {words}"));
        let id = self.store.add_subscription(subscriber, &new, &consent).await?;
        self.wake.notify_one();
        Ok(id)
    }

    /// Keeps which language a person reads: letters speak it from the next one on. False where it is kept already.
    ///
    /// # Errors
    /// The store's.
    pub async fn speak(&self, id: SubscriberId, language: Language, origin: impl Into<Origin<'_>>) -> Result<bool, ConsentError> {
        let consent = self.record(ConsentEvent::Changed, origin, format!("letters in {}", language.as_str()));
        Ok(self.store.speak(id, language, &consent).await?)
    }

    /// Keeps what was said of a listing of a letter; it bears on the next one. False where the alert has ended.
    ///
    /// # Errors
    /// The store's.
    pub async fn say(&self, id: SubscriptionId, said: Feedback) -> Result<bool, ConsentError> {
        Ok(self.store.put_feedback(id, said).await?)
    }

    /// Takes back what was said of a listing. False where the alert has ended.
    ///
    /// # Errors
    /// The store's.
    pub async fn unsay(&self, id: SubscriptionId, listing: ListingId) -> Result<bool, ConsentError> {
        Ok(self.store.drop_feedback(id, listing).await?)
    }

    /// Pauses all alerts until a moment, or without end; false where the subscriber is not active.
    ///
    /// # Errors
    /// The store's.
    pub async fn pause(&self, id: SubscriberId, until: Option<DateTime<Utc>>, origin: impl Into<Origin<'_>>) -> Result<bool, ConsentError> {
        let detail = until.map_or_else(|| "until resumed".to_owned(), |end| format!("until {}", end.to_rfc3339()));
        Ok(self.store.pause(id, until, &self.record(ConsentEvent::Paused, origin, detail)).await?)
    }

    /// Ends a pause; false where there is none.
    ///
    /// # Errors
    /// The store's.
    pub async fn resume(&self, id: SubscriberId, origin: impl Into<Origin<'_>>) -> Result<bool, ConsentError> {
        let resumed = self.store.resume(id, &self.record(ConsentEvent::Resumed, origin, String::new())).await?;
        self.wake.notify_one();
        Ok(resumed)
    }

    /// Keeps that a person still wants the alerts; false where there are none any more.
    ///
    /// # Errors
    /// The store's.
    pub async fn renew(&self, id: SubscriberId, origin: impl Into<Origin<'_>>) -> Result<bool, ConsentError> {
        let detail = format!("wants the alerts for another {} days", Subscriber::ASKED_AFTER_DAYS + Subscriber::ANSWERED_WITHIN_DAYS);
        Ok(self.store.renew(id, &self.record(ConsentEvent::Renewed, origin, detail)).await?)
    }

    /// Queues a letter with a new manage link, if the address is confirmed here and had not too many of them; says nothing about it.
    ///
    /// # Errors
    /// The store's.
    pub async fn request_link(&self, email: &EmailAddress) -> Result<(), ConsentError> {
        let now = self.clock.now();
        let known = self.store.subscriber_by_email(email).await?.filter(|person| person.state != SubscriberState::Pending);
        let Some(subscriber) = known else { return Ok(()) };
        let since = now - Duration::hours(MAIL_WINDOW_HOURS);
        let recent = self.store.deliveries_of(subscriber.id, LINK_LOOK_BACK).await?;
        if recent.iter().filter(|past| past.kind == DeliveryKind::Link && past.created_at > since).count() >= MOST_LINK_MAILS {
            return Ok(());
        }
        let letter = NewDelivery {
            subscriber: subscriber.id,
            subscription: None,
            kind: DeliveryKind::Link,
            due_at: now,
            digest: None,
            secret: None,
        };
        self.store.queue(&letter, now).await?;
        self.wake.notify_one();
        Ok(())
    }

    /// A manage token for someone who has just proved to own the mailbox.
    #[must_use]
    pub fn manage_token(&self, id: SubscriberId) -> String {
        let until = Some(self.clock.now() + Duration::days(MANAGE_DAYS));
        self.signer.sign(TokenPurpose::Manage, Claims { ids: [id.0, 0, 0], until })
    }
}
