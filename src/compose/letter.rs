//! What letters are written from, and why one cannot be written.

use std::sync::atomic::{AtomicU64, Ordering};

use chrono::{DateTime, Utc};
use url::Url;

use crate::domain::delivery::Delivery;
use crate::domain::digest::{Criterion, Reason};
use crate::domain::email::EmailAddress;
use crate::domain::listing::Listing;
use crate::domain::listing_event::ListingEvent;
use crate::domain::subscription::Subscription;
use crate::domain::webhook::Webhook;

/// Who sends, as the letters say it.
#[derive(Debug, Clone)]
pub struct ServiceNames {
    /// The service's name.
    pub name: String,
    /// Where its pages are.
    pub base_url: Url,
    /// The postal address in the foot of each letter; empty for none.
    pub postal_address: String,
    /// To whom readers turn with a complaint: a mail address or a page; empty for none.
    pub contact: String,
    /// The domain letters are from: the right side of each Message-ID.
    pub sender_domain: String,
}

/// Which reading of a listing from the database it is: what was read once is shown to many, and what is drawn of it is drawn once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Reading(u64);

impl Reading {
    /// Another one than all before.
    #[must_use]
    #[expect(clippy::new_without_default, reason = "no two are alike")]
    pub fn new() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        Self(NEXT.fetch_add(1, Ordering::Relaxed))
    }
}

/// A listing on its way into a letter, and why it is in it.
#[derive(Debug, Clone)]
pub struct LetterListing<'a> {
    /// The listing.
    pub listing: &'a Listing,
    /// As it was read then.
    pub reading: Reading,
    /// What the wishes said of it.
    pub reasons: Vec<Reason>,
    /// The same job in other places.
    pub also: Vec<&'a Listing>,
}

/// What an alert is written from.
#[derive(Debug, Clone)]
pub struct AlertLetter<'a> {
    /// A welcome, instant or digest delivery.
    pub delivery: &'a Delivery,
    /// To whom.
    pub to: &'a EmailAddress,
    /// For which subscription.
    pub subscription: &'a Subscription,
    /// When the reader consented.
    pub confirmed_at: Option<DateTime<Utc>>,
    /// Shown, best first.
    pub listings: Vec<LetterListing<'a>>,
    /// What became of jobs of earlier letters that the reader liked, newest first.
    pub since: Vec<(Listing, ListingEvent)>,
    /// Companies of those that fit but are not shown, and how many each has; need not be complete.
    pub more: Vec<(String, u32)>,
    /// How many fitted when the selection was made: shown, not shown and fallen out.
    pub total: u32,
    /// How many of them have fallen out since, because they were closed.
    pub closed: u32,
    /// The moment that ages are told from.
    pub now: DateTime<Utc>,
}

/// What the question is written from whether the alerts are still wanted.
#[derive(Debug, Clone)]
pub struct RenewalLetter<'a> {
    /// A renewal delivery.
    pub delivery: &'a Delivery,
    /// To whom.
    pub to: &'a EmailAddress,
    /// All alerts of the reader.
    pub alerts: &'a [Subscription],
    /// When the reader consented.
    pub confirmed_at: Option<DateTime<Utc>>,
    /// The reader's last sign of life.
    pub alive_at: DateTime<Utc>,
}

/// What is written to the owner of an alert that brought nothing for a month.
#[derive(Debug, Clone)]
pub struct SilenceLetter<'a> {
    /// A silence delivery.
    pub delivery: &'a Delivery,
    /// To whom.
    pub to: &'a EmailAddress,
    /// Of which alert.
    pub subscription: &'a Subscription,
    /// When the reader consented.
    pub confirmed_at: Option<DateTime<Utc>>,
    /// How many jobs were published meanwhile.
    pub published: u32,
    /// Wishes without which some of them would have fitted, and how many, most first.
    pub keeps_away: Vec<(Criterion, u32)>,
}

/// What is written to the owner of a webhook that was switched off.
#[derive(Debug, Clone)]
pub struct WebhookLetter<'a> {
    /// A webhook delivery.
    pub delivery: &'a Delivery,
    /// To whom.
    pub to: &'a EmailAddress,
    /// Of which alert.
    pub subscription: &'a Subscription,
    /// When the reader consented.
    pub confirmed_at: Option<DateTime<Utc>>,
    /// The webhook as it stands.
    pub webhook: &'a Webhook,
}

/// Why letters cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum ComposeError {
    /// A template does not compile, does not render, or lacks what every letter needs.
    #[error("{place}: {fault}: {mend}")]
    Template {
        /// File and line.
        place: String,
        /// What is wrong.
        fault: String,
        /// What to do.
        mend: String,
    },
    /// The base address cannot stand in a link.
    #[error("the base address {0} is no http or https address: set it to where people reach this service")]
    BaseUrl(Url),
}
