//! Somebody ends alerts, takes what is kept about them along, or has it erased.

use crate::consent::error::ConsentError;
use crate::consent::hall::Consent;
use crate::consent::origin::Origin;
use crate::domain::feedback::Feedback;
use crate::domain::subscriber::{ConsentEvent, ConsentRecord, SuppressionReason};
use crate::domain::{Alert, EmailAddress, SubscriberId, Subscription, SubscriptionId};
use crate::store::{Farewell, StoreError};

/// Most deliveries, and mails that came back, that an export lists, newest first.
const MOST_EXPORTED_DELIVERIES: u32 = 10_000;

impl Consent {
    /// Ends one alert, and with the last one the subscriber; false where it has ended already.
    ///
    /// # Errors
    /// The store's.
    pub async fn unsubscribe(&self, id: SubscriptionId, origin: impl Into<Origin<'_>>) -> Result<bool, ConsentError> {
        let consent = self.record(ConsentEvent::Unsubscribed, origin, "ended this alert".to_owned());
        Ok(self.end(id, &consent).await?)
    }

    /// Ends all alerts of a subscriber; how many there were.
    ///
    /// # Errors
    /// The store's.
    pub async fn leave(&self, id: SubscriberId, origin: impl Into<Origin<'_>>) -> Result<usize, ConsentError> {
        let (mut ended, origin) = (0, origin.into());
        for subscription in self.store.subscriptions_of(id).await? {
            let consent = self.record(ConsentEvent::Unsubscribed, origin, "ended all alerts".to_owned());
            ended += usize::from(self.end(subscription.id, &consent).await?);
        }
        Ok(ended)
    }

    /// Who ends the last alert by a button of ours is told so by mail: it may have been somebody to whom a letter was passed on. Who
    /// tells a mail service expects silence (RFC 8058 3).
    async fn end(&self, id: SubscriptionId, consent: &ConsentRecord) -> Result<bool, StoreError> {
        let farewell = if consent.circumstances.page.is_some() { Farewell::Letter } else { Farewell::Silent };
        let ended = self.store.end_subscription(id, consent, farewell).await?;
        self.wake.notify_one();
        Ok(ended)
    }

    /// Everything kept about a subscriber, machine-readable (GDPR articles 15 and 20); none where there is nobody.
    ///
    /// # Errors
    /// The store's.
    pub async fn export(&self, id: SubscriberId) -> Result<Option<serde_json::Value>, ConsentError> {
        let Some(subscriber) = self.store.subscriber(id).await? else { return Ok(None) };
        let subscriptions = self.store.subscriptions_of(id).await?;
        let said = |one: &Subscription| (!one.feedback.is_empty()).then(|| (one.id.0.to_string(), one.feedback.clone()));
        let feedback: std::collections::BTreeMap<String, Vec<Feedback>> = subscriptions.iter().filter_map(said).collect();
        let alerts: Vec<Alert> = subscriptions.into_iter().map(alert_of).collect();
        Ok(Some(serde_json::json!({
            "email": subscriber.email.as_str(),
            "state": subscriber.state,
            "since": subscriber.since,
            "paused_until": subscriber.paused_until,
            "created_at": subscriber.created_at,
            "confirmed_at": subscriber.confirmed_at,
            "language": subscriber.language,
            "alerts": alerts,
            "feedback": feedback,
            "webhooks": self.store.webhooks_of(id).await?,
            "consent": self.store.consent_record(id).await?,
            "deliveries": self.store.deliveries_of(id, MOST_EXPORTED_DELIVERIES).await?,
            "returned": self.store.returned_of(id, MOST_EXPORTED_DELIVERIES).await?,
        })))
    }

    /// Erases a subscriber and everything that belongs to it; false where there is none. The address may subscribe again.
    ///
    /// # Errors
    /// The store's.
    pub async fn erase(&self, id: SubscriberId) -> Result<bool, ConsentError> {
        Ok(self.store.erase(id).await?)
    }

    /// Erases a subscriber and keeps a keyed digest of the address, so that it is never mailed again whoever types it.
    ///
    /// # Errors
    /// The store's.
    pub async fn erase_for_ever(&self, id: SubscriberId) -> Result<bool, ConsentError> {
        if let Some(subscriber) = self.store.subscriber(id).await? {
            let digest = self.address_digest(&subscriber.email);
            self.store.suppress(&digest, SuppressionReason::Asked, self.clock.now()).await?;
        }
        Ok(self.store.erase(id).await?)
    }

    /// Never mails an address again, on the operator's word: all its alerts end, and it is kept off by a keyed digest.
    ///
    /// # Errors
    /// The store's.
    pub async fn suppress(&self, email: &EmailAddress, origin: impl Into<Origin<'_>>) -> Result<(), ConsentError> {
        self.store.suppress(&self.address_digest(email), SuppressionReason::Operator, self.clock.now()).await?;
        if let Some(subscriber) = self.store.subscriber_by_email(email).await? {
            self.leave(subscriber.id, origin).await?;
        }
        Ok(())
    }

    /// Lets an address be mailed again once it signs up; false where it was not suppressed.
    ///
    /// # Errors
    /// The store's.
    pub async fn unsuppress(&self, email: &EmailAddress) -> Result<bool, ConsentError> {
        Ok(self.store.unsuppress(&self.address_digest(email)).await?)
    }
}

/// An alert in the shape of contract part 6.
fn alert_of(subscription: Subscription) -> Alert {
    Alert {
        id: subscription.id.0.to_string(),
        name: subscription.name,
        preferences: subscription.preferences,
        delivery: Some(subscription.cadence),
    }
}
