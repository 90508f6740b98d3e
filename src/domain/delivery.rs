//! One letter to one address, and what a transport said of it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::domain::delivery_state::DeliveryState;
use crate::domain::digest::{Selection, Window};
use crate::domain::subscriber::SubscriberId;
use crate::domain::subscription::SubscriptionId;
use crate::domain::word::words;

/// The row id of a delivery; never used twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DeliveryId(pub i64);

words! {
    /// What a letter is for.
    DeliveryKind, "delivery kind" {
        /// Asks for the confirmation of an address.
        Confirmation = "confirmation", "confirmation";
        /// Brings a lost manage link.
        Link = "link", "lost link";
        /// The first letter after the confirmation, with the best of what is open.
        Welcome = "welcome", "welcome";
        /// An instant alert.
        Instant = "instant", "instant alert";
        /// A daily, weekly or cron digest.
        Digest = "digest", "digest";
        /// Asks whether the alerts are still wanted, before they end for want of a sign of life.
        Renewal = "renewal", "renewal";
        /// Says that an alert brought nothing for a month, and which wish keeps the most away.
        Silence = "silence", "silence";
        /// Says that a webhook was switched off.
        Webhook = "webhook", "webhook off";
        /// Confirms that the last alert has ended by the person's own button.
        Goodbye = "goodbye", "goodbye";
    }
}

impl DeliveryKind {
    /// The order of the outbox: lower goes first.
    #[must_use]
    pub const fn priority(self) -> i64 {
        match self {
            Self::Confirmation | Self::Link => 0,
            Self::Welcome | Self::Goodbye => 1,
            Self::Instant => 2,
            Self::Digest | Self::Renewal | Self::Silence | Self::Webhook => 3,
        }
    }
}

/// A letter that is due, before it is rendered.
#[derive(Debug, Clone, PartialEq)]
pub struct NewDelivery {
    /// To whom.
    pub subscriber: SubscriberId,
    /// For which subscription.
    pub subscription: Option<SubscriptionId>,
    /// What for.
    pub kind: DeliveryKind,
    /// Not before this moment.
    pub due_at: DateTime<Utc>,
    /// The window and what was selected from it, for letters with listings.
    pub digest: Option<Digest>,
    /// What the letter must carry and cannot be made again later (the confirmation token); cleared when it ends.
    pub secret: Option<String>,
}

/// A selection and the window it was made from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Digest {
    /// The listings that were looked at.
    pub window: Window,
    /// Those that fit.
    pub selection: Selection,
}

/// A delivery as claimed from the outbox.
#[derive(Debug, Clone, PartialEq)]
pub struct Delivery {
    /// Row id.
    pub id: DeliveryId,
    /// To whom.
    pub subscriber: SubscriberId,
    /// For which subscription.
    pub subscription: Option<SubscriptionId>,
    /// What for.
    pub kind: DeliveryKind,
    /// Where it stands.
    pub state: DeliveryState,
    /// Attempts that ended with an answer so far.
    pub attempts: u32,
    /// How often its final dot was sent without an answer.
    pub unanswered: u32,
    /// When it was queued; with the id it makes the Message-ID and the Date stable.
    pub created_at: DateTime<Utc>,
    /// The window and selection, for letters with listings.
    pub digest: Option<Digest>,
    /// What the letter must carry.
    pub secret: Option<String>,
}

/// What a transport said of one letter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outcome {
    /// Taken over; the server's words, with its queue id.
    Accepted(String),
    /// Not now: a 4xx reply to this letter, or a fault of the connection before the final dot.
    Later(Refusal),
    /// Never: a 5xx reply to this letter.
    Never(Refusal),
    /// The link broke after the final dot was sent: it may have arrived.
    Unknown(String),
}

/// Why a letter was not taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// Where the fault lies.
    pub blame: Blame,
    /// The reply code, where a server answered to this letter.
    pub code: Option<u16>,
    /// The server's words or the fault, without addresses.
    pub text: String,
}

impl Refusal {
    /// Whether the relay could not be talked to at all, or lets nobody in: such a fault is never charged to the letter.
    #[must_use]
    pub fn is_relay_down(&self) -> bool {
        self.blame == Blame::Relay && self.code.is_none()
    }
}

words! {
    /// Where the fault of a refusal lies.
    Blame, "blame" {
        /// The mailbox: it does not exist or cannot take mail.
        Recipient = "recipient", "the recipient";
        /// The relay, or that it cannot be reached.
        Relay = "relay", "the mail server";
        /// The connection, which broke in the middle of this letter.
        Link = "link", "the connection to the mail server";
        /// The letter or its sender: our bug or the receiver's policy.
        Sender = "sender", "the letter or its sender";
    }
}
