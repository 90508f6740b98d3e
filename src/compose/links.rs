//! The links of letters, and what their tokens claim.

use chrono::Duration;
use url::Url;

use crate::domain::delivery::Delivery;
use crate::domain::listing::ListingId;
use crate::domain::subscriber::SubscriberId;
use crate::domain::subscription::SubscriptionId;
use crate::domain::token::{Claims, Signer, TokenPurpose};

/// How long the manage link of a letter is good, in days from when the letter was queued.
pub const MANAGE_DAYS: i64 = 30;
/// How long a confirmation link is good, in hours.
pub const CONFIRM_HOURS: i64 = 72;
/// How long the link of a renewal letter is good, in days from when it was queued: longer than the alerts last without it.
pub const RENEW_DAYS: i64 = 60;
/// How long the page with all listings of a letter can be opened, in days from when the letter was queued.
pub const DIGEST_DAYS: i64 = 60;

/// Longest address of a stranger that is linked, in bytes; mail programs cut longer ones.
const MAX_URL_BYTES: usize = 1_000;

/// Makes the links of letters under the service's own address.
#[derive(Debug, Clone)]
pub struct Links {
    base: String,
    signer: Signer,
}

impl Links {
    /// Links below `base_url`, which may have a path of its own.
    #[must_use]
    pub fn new(base_url: &Url, signer: Signer) -> Self {
        Self { base: base_url.as_str().trim_end_matches('/').to_owned(), signer }
    }

    /// The front page.
    #[must_use]
    pub fn home(&self) -> String {
        format!("{}/", self.base)
    }

    /// `/confirm/{token}`: the random token of the confirmation.
    #[must_use]
    pub fn confirm(&self, token: &str) -> String {
        format!("{}/confirm/{token}", self.base)
    }

    /// `/manage/{token}`: claims [subscriber, 0, 0], good for [`MANAGE_DAYS`].
    #[must_use]
    pub fn manage(&self, delivery: &Delivery) -> String {
        let until = Some(delivery.created_at + Duration::days(MANAGE_DAYS));
        let token = self.signer.sign(TokenPurpose::Manage, Claims { ids: [delivery.subscriber.0, 0, 0], until });
        format!("{}/manage/{token}", self.base)
    }

    /// The same, at the form of one alert.
    #[must_use]
    pub fn edit(&self, delivery: &Delivery, subscription: SubscriptionId) -> String {
        format!("{}?edit={}", self.manage(delivery), subscription.0)
    }

    /// The same, at the webhook of one alert.
    #[must_use]
    pub fn webhook(&self, delivery: &Delivery, subscription: SubscriptionId) -> String {
        format!("{}?webhook={}", self.manage(delivery), subscription.0)
    }

    /// `/renew/{token}`: claims [subscriber, 0, 0], good for `RENEW_DAYS`.
    #[must_use]
    pub fn renew(&self, delivery: &Delivery) -> String {
        let until = Some(delivery.created_at + Duration::days(RENEW_DAYS));
        let token = self.signer.sign(TokenPurpose::Renew, Claims { ids: [delivery.subscriber.0, 0, 0], until });
        format!("{}/renew/{token}", self.base)
    }

    /// `/unsubscribe/{token}` for all alerts of a subscriber: claims [subscriber, 0, 0], good for ever.
    #[must_use]
    pub fn leave(&self, subscriber: SubscriberId) -> String {
        self.unsubscribe(subscriber, SubscriptionId(0))
    }

    /// `/unsubscribe/{token}`: claims [subscriber, subscription, 0], good for ever.
    #[must_use]
    pub fn unsubscribe(&self, subscriber: SubscriberId, subscription: SubscriptionId) -> String {
        let claims = Claims { ids: [subscriber.0, subscription.0, 0], until: None };
        format!("{}/unsubscribe/{}", self.base, self.signer.sign(TokenPurpose::Unsubscribe, claims))
    }

    /// `/digests/{token}`: claims [delivery, 0, 0], good for [`DIGEST_DAYS`].
    #[must_use]
    pub fn digest(&self, delivery: &Delivery) -> String {
        let until = Some(delivery.created_at + Duration::days(DIGEST_DAYS));
        let token = self.signer.sign(TokenPurpose::Digest, Claims { ids: [delivery.id.0, 0, 0], until });
        format!("{}/digests/{token}", self.base)
    }

    /// `/feedback/{token}`: claims [subscription, listing, 0], good for [`DIGEST_DAYS`].
    #[must_use]
    pub fn feedback(&self, delivery: &Delivery, subscription: SubscriptionId, listing: ListingId) -> String {
        self.feedback_by(&self.feedback_token(delivery, subscription, listing))
    }

    /// The token of that link.
    pub(in crate::compose) fn feedback_token(&self, delivery: &Delivery, subscription: SubscriptionId, listing: ListingId) -> String {
        let until = Some(delivery.created_at + Duration::days(DIGEST_DAYS));
        self.signer.sign(TokenPurpose::Feedback, Claims { ids: [subscription.0, listing.0, 0], until })
    }

    /// The link of a token.
    pub(in crate::compose) fn feedback_by(&self, token: &str) -> String {
        format!("{}/feedback/{token}", self.base)
    }

    /// `/jobs/{id}`: our own page of a listing.
    #[must_use]
    pub fn job(&self, listing: ListingId) -> String {
        format!("{}/jobs/{}", self.base, listing.0)
    }
}

/// An address of a stranger, if it may be linked: http or https, with a host, not endless.
pub(in crate::compose) fn outside_url(text: Option<&str>) -> Option<Url> {
    let url = Url::parse(text?.trim()).ok()?;
    let sound = matches!(url.scheme(), "http" | "https") && url.has_host() && url.as_str().len() <= MAX_URL_BYTES;
    let quiet = url.username().is_empty() && url.password().is_none();
    (sound && quiet).then_some(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_web_addresses_are_linked() {
        for good in ["https://boards.example/jobs/1?a=b&c=d", "http://x.org", " https://x.org/a "] {
            assert!(outside_url(Some(good)).is_some(), "{good}");
        }
        let long = format!("https://x.org/{}", "a".repeat(5_000));
        for bad in ["javascript:alert(1)", "data:text/html,x", "mailto:a@b.org", "/jobs/1", "", "https://bank.example@evil.example/", &long]
        {
            assert!(outside_url(Some(bad)).is_none(), "{bad}");
        }
        assert!(outside_url(None).is_none());
    }
}
