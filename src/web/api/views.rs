//! The nouns as the API shows and takes them.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::cadence::Rhythm;
use crate::domain::facts::FactsLine;
use crate::domain::line::one_line;
use crate::domain::{Cadence, Listing, NewSubscription, Preferences, Subscriber, SubscriberState, Subscription};

/// A person at one address.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Subscriber)]
pub(super) struct SubscriberView {
    /// Its number.
    id: i64,
    /// The address.
    #[schema(format = "email")]
    email: String,
    /// Where the person stands.
    state: SubscriberState,
    /// Since when.
    since: DateTime<Utc>,
    /// When a pause ends by itself.
    paused_until: Option<DateTime<Utc>>,
    /// When the address was first given.
    created_at: DateTime<Utc>,
    /// When it was confirmed.
    confirmed_at: Option<DateTime<Utc>>,
}

impl From<Subscriber> for SubscriberView {
    fn from(subscriber: Subscriber) -> Self {
        let Subscriber { id, email, state, since, paused_until, created_at, confirmed_at, .. } = subscriber;
        Self { id: id.0, email: email.as_str().to_owned(), state, since, paused_until, created_at, confirmed_at }
    }
}

/// A saved search of a subscriber.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Alert)]
pub(super) struct AlertView {
    /// Its number.
    id: i64,
    /// Whose it is.
    subscriber: i64,
    /// What it is called.
    name: String,
    /// The wishes.
    preferences: Preferences,
    /// When it is due.
    delivery: Cadence,
    /// When the next letter is due; none while nothing is.
    due_at: Option<DateTime<Utc>>,
    /// When it was made.
    created_at: DateTime<Utc>,
}

impl From<Subscription> for AlertView {
    fn from(alert: Subscription) -> Self {
        let Subscription { id, subscriber, name, preferences, cadence, due_at, created_at, .. } = alert;
        Self { id: id.0, subscriber: subscriber.0, name, preferences, delivery: cadence, due_at, created_at }
    }
}

/// An alert as it is sent to be kept.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewAlert {
    /// What it is called.
    #[serde(default)]
    #[schema(max_length = 100)]
    pub(super) name: String,
    /// The wishes.
    #[serde(default)]
    pub(super) preferences: Preferences,
    /// When it is due; daily at eight UTC where nothing is said.
    #[serde(default)]
    pub(super) delivery: Option<Cadence>,
}

impl NewAlert {
    /// As it is kept.
    pub(super) fn subscription(self) -> NewSubscription {
        let at = chrono::NaiveTime::from_hms_opt(8, 0, 0).unwrap_or_default();
        let usual = || Cadence::new(Rhythm::Daily { at, days: Vec::new() }, chrono_tz::Tz::UTC);
        NewSubscription { name: self.name, preferences: self.preferences, cadence: self.delivery.unwrap_or_else(usual) }
    }
}

/// A job with what was understood of it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Listing)]
pub(super) struct ListingView<'a> {
    /// Its number; facts have the source's own.
    id: i64,
    /// The source it was found at.
    source: &'a str,
    /// Its title.
    title: String,
    /// Who hires.
    company: String,
    /// Where, as stated.
    location: Option<String>,
    /// Where it stands; only http and https.
    url: Option<String>,
    /// Whether it can be applied to, as far as we know.
    open: bool,
    /// The moment its age is counted from.
    published_at: DateTime<Utc>,
    /// When it was first seen.
    first_seen: DateTime<Utc>,
    /// When it ends by the source's own word.
    valid_through: Option<DateTime<Utc>>,
    /// When it was found closed.
    closed_at: Option<DateTime<Utc>>,
    /// Whom the terms of its source ask to name.
    credit: Option<&'a str>,
    /// What was understood, each fact with the words it rests on.
    #[schema(value_type = FactsLine)]
    facts: FactsLine<'a>,
}

impl<'a> ListingView<'a> {
    /// A listing as it stands at `now`.
    pub(super) fn of(listing: &'a Listing, now: DateTime<Utc>) -> Self {
        /// Longest line of a title, company or place, in characters.
        const LINE: usize = 200;
        let posting = &listing.posting;
        let link = |text: &String| url::Url::parse(text.trim()).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
        Self {
            id: listing.id.0,
            source: &posting.source,
            title: one_line(&posting.title, LINE),
            company: one_line(listing.company(), LINE),
            location: posting.location.as_deref().map(|text| one_line(text, LINE)),
            url: [&posting.url, &posting.apply_url].into_iter().flatten().find_map(link).map(String::from),
            open: listing.is_open(now),
            published_at: listing.published_at(),
            first_seen: listing.first_seen,
            valid_through: listing.valid_through,
            closed_at: listing.closed_at,
            credit: posting.credit.as_deref(),
            facts: listing.facts.line(&posting.id),
        }
    }
}
