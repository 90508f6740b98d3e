//! What letters are written from, and why one cannot be written.

use chrono::{DateTime, Utc};
use url::Url;

use crate::domain::delivery::{Delivery, DeliveryKind};
use crate::domain::digest::Reason;
use crate::domain::email::EmailAddress;
use crate::domain::listing::Listing;
use crate::domain::listing_event::ListingEvent;
use crate::domain::subscription::Subscription;

/// Who sends, as the letters say it.
#[derive(Debug, Clone)]
pub struct ServiceNames {
    /// The service's name.
    pub name: String,
    /// Where its pages are.
    pub base_url: Url,
    /// The postal address in the foot of each letter; empty for none.
    pub postal_address: String,
    /// The domain letters are from: the right side of each Message-ID.
    pub sender_domain: String,
}

/// A listing on its way into a letter, and why it is in it.
#[derive(Debug, Clone)]
pub struct LetterListing<'a> {
    /// The listing.
    pub listing: &'a Listing,
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
    /// Shown, best first.
    pub listings: Vec<LetterListing<'a>>,
    /// What became of jobs told in earlier letters, newest first.
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

/// Why letters cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum ComposeError {
    /// A template does not compile or render.
    #[error("a letter cannot be rendered: {0:#}")]
    Template(#[from] minijinja::Error),
    /// A template lets the text of strangers through as markup.
    #[error("the template of the {0} mail lets markup of a listing through")]
    Unescaped(DeliveryKind),
    /// The base address cannot stand in a link.
    #[error("the base address {0} is no http or https address: set it to where people reach this service")]
    BaseUrl(Url),
}
