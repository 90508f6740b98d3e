//! Somebody has an alert posted to a program of theirs, besides mail.

use crate::consent::error::ConsentError;
use crate::consent::hall::Consent;
use crate::consent::origin::Origin;
use crate::domain::SubscriptionId;
use crate::domain::subscriber::ConsentEvent;
use crate::domain::token::random_token;
use crate::domain::webhook::{WebhookSecret, WebhookUrl};

impl Consent {
    /// Gives an alert a webhook, in the place of the one before, with a new secret; the secret is told here and never again. None where
    /// the alert has ended.
    ///
    /// # Errors
    /// No random numbers, a store that does not answer.
    pub async fn keep_webhook(
        &self,
        id: SubscriptionId,
        url: &WebhookUrl,
        origin: impl Into<Origin<'_>>,
    ) -> Result<Option<WebhookSecret>, ConsentError> {
        let mut chance = [0_u8; 16];
        getrandom::fill(&mut chance).map_err(ConsentError::Chance)?;
        let nonce = random_token(chance);
        let consent = self.record(ConsentEvent::Changed, origin, format!("the alert {} is posted to {} as well", id.0, url.host()));
        let kept = self.store.keep_webhook(id, url, &nonce, &consent).await?;
        self.wake.notify_one();
        Ok(kept.then(|| WebhookSecret::of(&self.signer, &nonce)))
    }

    /// Takes the webhook of an alert away; false where there is none.
    ///
    /// # Errors
    /// The store's.
    pub async fn drop_webhook(&self, id: SubscriptionId, origin: impl Into<Origin<'_>>) -> Result<bool, ConsentError> {
        let consent = self.record(ConsentEvent::Changed, origin, format!("the alert {} is posted nowhere any more", id.0));
        Ok(self.store.drop_webhook(id, &consent).await?)
    }

    /// Has a test posted, and a webhook that was switched off tried anew; false where there is none.
    ///
    /// # Errors
    /// The store's.
    pub async fn test_webhook(&self, id: SubscriptionId) -> Result<bool, ConsentError> {
        let queued = self.store.test_webhook(id, self.clock.now()).await?;
        self.wake.notify_one();
        Ok(queued)
    }
}
