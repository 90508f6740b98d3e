//! A person at one address.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::domain::email::EmailAddress;
use crate::domain::language::Language;
use crate::domain::word::words;

/// The row id of a subscriber; never used twice, so that an old link can reach nobody else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SubscriberId(pub i64);

words! {
    /// Where a subscriber stands.
    SubscriberState, "subscriber state" {
        /// Signed up, not confirmed; gets the confirmation mail only.
        Pending = "pending", "waiting for confirmation";
        /// Confirmed; gets alerts.
        Active = "active", "active";
        /// Confirmed, wants no alerts for now.
        Paused = "paused", "paused";
        /// Unsubscribed from everything.
        Ended = "ended", "ended";
    }
}

words! {
    /// Why an address is never to be mailed again.
    SuppressionReason, "suppression reason" {
        /// The mailbox does not exist.
        HardBounce = "hard_bounce", "the mailbox does not exist";
        /// The person called a mail spam.
        Complaint = "complaint", "the person complained";
        /// The person asked never to be mailed.
        Asked = "asked", "the person asked for it";
        /// The operator decided.
        Operator = "operator", "the operator decided";
    }
}

/// A person at one address.
#[derive(Debug, Clone, PartialEq)]
pub struct Subscriber {
    /// Row id.
    pub id: SubscriberId,
    /// The address.
    pub email: EmailAddress,
    /// Where the person stands.
    pub state: SubscriberState,
    /// Since when.
    pub since: DateTime<Utc>,
    /// When a pause ends by itself; none for a pause without end.
    pub paused_until: Option<DateTime<Utc>>,
    /// When the address was first given.
    pub created_at: DateTime<Utc>,
    /// When it was confirmed.
    pub confirmed_at: Option<DateTime<Utc>>,
    /// When the person last did something by hand.
    pub alive_at: DateTime<Utc>,
    /// What letters and pages speak to the person.
    pub language: Language,
}

impl Subscriber {
    /// Without a sign of life for so many days a person is asked whether the alerts are still wanted.
    pub const ASKED_AFTER_DAYS: i64 = 166;
    /// Without an answer within so many days the alerts end: 180 days after the last sign of life.
    pub const ANSWERED_WITHIN_DAYS: i64 = 14;
}

words! {
    /// What happened to a consent; the record is append-only.
    ConsentEvent, "consent event" {
        /// The form was sent.
        Requested = "requested", "asked to subscribe";
        /// The confirmation was given.
        Confirmed = "confirmed", "confirmed by mail";
        /// The wishes or the hour were changed.
        Changed = "changed", "changed the wishes";
        /// The alerts were paused.
        Paused = "paused", "paused";
        /// The alerts were resumed.
        Resumed = "resumed", "resumed";
        /// The person said that the alerts are still wanted.
        Renewed = "renewed", "said that they are still wanted";
        /// The person left.
        Unsubscribed = "unsubscribed", "unsubscribed";
        /// Everything ended because there was no sign of life.
        Expired = "expired", "ended without a sign of life";
        /// The operator added the address and vouches for the consent.
        AddedByOperator = "added_by_operator", "added by the operator";
    }
}

/// One line of the consent record.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ConsentRecord {
    /// What happened.
    pub event: ConsentEvent,
    /// When.
    pub at: DateTime<Utc>,
    /// From where: `web`, `mail`, `cli`.
    pub origin: String,
    /// The words the person agreed to, or what changed.
    pub detail: String,
    /// What else proves it.
    #[serde(flatten)]
    pub circumstances: Circumstances,
}

impl ConsentRecord {
    /// Whether it shows that somebody still wants the alerts. A request proves nothing, for anybody can type an address; a pause by a
    /// mail server's word or its end by the clock is nobody's act.
    #[must_use]
    pub fn is_sign_of_life(&self) -> bool {
        use ConsentEvent as E;
        match self.event {
            E::Confirmed | E::Changed | E::Renewed | E::AddedByOperator => true,
            E::Paused | E::Resumed | E::Unsubscribed => !matches!(self.origin.as_str(), "mail" | "clock"),
            E::Requested | E::Expired => false,
        }
    }
}

/// What a consent came with, where it came over the web.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Circumstances {
    /// The page it was given on, by its route: never with a token.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page: Option<String>,
    /// The version of the words that were shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub words: Option<String>,
    /// A keyed digest of the network it was sent from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client: Option<String>,
    /// When that digest is forgotten.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_until: Option<DateTime<Utc>>,
}
