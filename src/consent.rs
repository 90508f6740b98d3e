//! What a person asks for: subscribe, confirm, change, pause, leave, export, erase. The page and the command line both come here,
//! so that one question has one answer and one consent record.
//!
//! Nothing is mailed here: a letter is a row in the outbox, written by the store in the transaction that caused it.

use std::net::IpAddr;
use std::sync::Arc;

use chrono::{DateTime, Duration, Utc};
use tokio::sync::Notify;

use crate::clock::Clock;
pub use crate::compose::{CONFIRM_HOURS, MANAGE_DAYS};
use crate::domain::feedback::Feedback;
use crate::domain::preferences::PreferencesError;
use crate::domain::subscriber::{Circumstances, ConsentEvent, ConsentRecord, SuppressionReason};
use crate::domain::texts::say;
use crate::domain::token::{Claims, random_token, token_digest};
use crate::domain::{
    Alert, DeliveryKind, EmailAddress, Language, ListingId, NewDelivery, NewSubscription, Signer, Subscriber, SubscriberId,
    SubscriberState, Subscription, SubscriptionId, TokenPurpose,
};
use crate::store::{Begun, Farewell, Store, StoreError, SubscribeRequest};

/// The words a person agrees to by sending the form; the page shows them beside the button and the consent record keeps them, in the
/// language in which they were shown.
#[must_use]
pub fn agreed_words(language: Language) -> String {
    say(language, "agreed-words", &[])
}

/// The words of the confirmation page.
#[must_use]
pub fn confirmed_words(language: Language) -> String {
    say(language, "confirmed-words", &[])
}

/// Which version of [`agreed_words`] and [`confirmed_words`] this is; a new date whenever either changes in any language.
pub const WORDS_VERSION: &str = "2026-11-22";

/// How long a consent tells, by a keyed digest, from which network it came.
const CLIENT_DAYS: i64 = 30;

/// Most confirmation mails to one mailbox until one is answered; within [`MAIL_WINDOW_HOURS`] there is one at most. So the form cannot
/// be used to flood a stranger.
const MOST_UNANSWERED_MAILS: u32 = 3;

/// Most lost-link mails to one address within [`MAIL_WINDOW_HOURS`].
const MOST_LINK_MAILS: usize = 3;

/// The time in which mails to one address are counted.
const MAIL_WINDOW_HOURS: i64 = 24;

/// Most alerts of one subscriber; nobody reads more.
pub const MOST_ALERTS: usize = 50;

/// Longest name of an alert, in characters.
pub const MAX_NAME_CHARS: usize = 100;

/// Most deliveries, and mails that came back, that an export lists, newest first.
const MOST_EXPORTED_DELIVERIES: u32 = 10_000;

/// Most recent deliveries looked at when lost-link mails are counted.
const LINK_LOOK_BACK: u32 = 50;

/// What can go wrong when a person asks for something.
#[derive(Debug, thiserror::Error)]
pub enum ConsentError {
    /// The store does not answer; nothing was changed, the same may be asked again.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The wishes make no sense.
    #[error(transparent)]
    Preferences(#[from] PreferencesError),
    /// The name is too long.
    #[error("the name of an alert has at most {MAX_NAME_CHARS} characters: shorten it")]
    Name,
    /// As many alerts as one person may have.
    #[error("there are {MOST_ALERTS} alerts already: change or end one of them")]
    TooManyAlerts,
    /// The machine gives no random numbers; no token can be made.
    #[error("the system's random source does not answer: {0}")]
    Chance(getrandom::Error),
}

/// From where a person asks for something.
#[derive(Debug, Clone, Copy)]
pub struct Origin<'a> {
    from: &'a str,
    page: Option<&'a str>,
    network: Option<IpAddr>,
    language: Language,
}

impl<'a> Origin<'a> {
    /// From a page of ours, by its route, sent from a network.
    #[must_use]
    pub const fn page(page: &'a str, network: Option<IpAddr>) -> Self {
        Self { from: "web", page: Some(page), network, language: Language::English }
    }

    /// The same, where the page spoke this language.
    #[must_use]
    pub const fn in_language(self, language: Language) -> Self {
        Self { language, ..self }
    }
}

/// `cli`, `mail`, `web`.
impl<'a> From<&'a str> for Origin<'a> {
    fn from(from: &'a str) -> Self {
        Self { from, page: None, network: None, language: Language::English }
    }
}

/// The hall of consent; cheap to clone.
#[derive(Debug, Clone)]
pub struct Consent {
    store: Store,
    clock: Clock,
    signer: Signer,
    /// Notified after every change that a pass should act on at once.
    pub wake: Arc<Notify>,
}

impl Consent {
    /// Over a store, with the clock and the signer of the service.
    #[must_use]
    pub fn new(store: Store, clock: Clock, signer: Signer) -> Self {
        Self { store, clock, signer, wake: Arc::new(Notify::new()) }
    }

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
            format!("the operator vouches that the person asked for the alert {:?}", subscription.name),
        );
        let ids = self.store.add_confirmed(email, &subscription, &consent).await?;
        self.wake.notify_one();
        Ok(ids)
    }

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
        let consent = self.record(ConsentEvent::Changed, origin, format!("changed the alert {:?}", to.name));
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
        let consent = self.record(ConsentEvent::Changed, origin, format!("added the alert {name:?}, agreed to: {words}"));
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

    /// Keeps that a person still wants the alerts; false where there are none any more.
    ///
    /// # Errors
    /// The store's.
    pub async fn renew(&self, id: SubscriberId, origin: impl Into<Origin<'_>>) -> Result<bool, ConsentError> {
        let detail = format!("wants the alerts for another {} days", Subscriber::ASKED_AFTER_DAYS + Subscriber::ANSWERED_WITHIN_DAYS);
        Ok(self.store.renew(id, &self.record(ConsentEvent::Renewed, origin, detail)).await?)
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

    /// The keyed digest under which the suppression list knows an address.
    fn address_digest(&self, email: &EmailAddress) -> String {
        self.signer.address_digest(email)
    }

    /// The keyed digest under which confirmation mails to a mailbox are counted.
    fn mailbox_digest(&self, email: &EmailAddress) -> String {
        self.signer.digest("mailbox", &email.mailbox())
    }

    fn record<'a>(&self, event: ConsentEvent, origin: impl Into<Origin<'a>>, detail: String) -> ConsentRecord {
        let (at, Origin { from, page, network, language }) = (self.clock.now(), origin.into());
        let agreed = matches!(event, ConsentEvent::Requested | ConsentEvent::Confirmed) || detail.ends_with(&agreed_words(language));
        let circumstances = Circumstances {
            page: page.map(str::to_owned),
            words: agreed.then(|| WORDS_VERSION.to_owned()),
            client: network.map(|network| self.signer.digest("client", &network.to_string())),
            client_until: network.map(|_| at + Duration::days(CLIENT_DAYS)),
        };
        ConsentRecord { event, at, origin: from.to_owned(), detail, circumstances }
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

/// Checks the wishes, and gives an alert without a name one that says what it is.
fn named(mut subscription: NewSubscription) -> Result<NewSubscription, ConsentError> {
    /// What an alert is called until its owner calls it something.
    const UNNAMED: &str = "My job alert";
    subscription.preferences.check()?;
    let name = subscription.name.split_whitespace().collect::<Vec<_>>().join(" ");
    if name.chars().count() > MAX_NAME_CHARS {
        return Err(ConsentError::Name);
    }
    subscription.name = if name.is_empty() { UNNAMED.to_owned() } else { name };
    Ok(subscription)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::cadence::{Cadence, Rhythm, parse_zone};
    use crate::domain::preferences::{Facet, PlaceWish, Preferences};

    fn wishes(name: &str) -> NewSubscription {
        let cadence = Cadence::new(Rhythm::Instant, parse_zone("UTC").unwrap());
        NewSubscription { name: name.to_owned(), preferences: Preferences::default(), cadence }
    }

    #[test]
    fn a_name_is_tidied_and_never_empty() {
        assert_eq!(named(wishes("  Rust \n in  Pune ")).unwrap().name, "Rust in Pune");
        assert_eq!(named(wishes(" \t")).unwrap().name, "My job alert");
        assert!(matches!(named(wishes(&"x".repeat(101))), Err(ConsentError::Name)));
    }

    #[test]
    fn wishes_that_make_no_sense_are_refused_before_anything_is_kept() {
        let mut subscription = wishes("x");
        subscription.preferences.places = Facet::from(vec![PlaceWish { country: None, city: None, within_km: None }]);
        assert!(matches!(named(subscription), Err(ConsentError::Preferences(_))));
    }
}
