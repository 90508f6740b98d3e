//! One letter to one address: its states, and what a transport said.

use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};

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
    }
}

impl DeliveryKind {
    /// The order of the outbox: lower goes first.
    #[must_use]
    pub const fn priority(self) -> i64 {
        match self {
            Self::Confirmation | Self::Link => 0,
            Self::Welcome => 1,
            Self::Instant => 2,
            Self::Digest => 3,
        }
    }
}

words! {
    /// Where a delivery stands.
    ///
    /// `queued -> sending -> sent | failed | retrying | cancelled`, `retrying -> sending`; a crash puts `sending` back to `retrying`.
    DeliveryState, "delivery state" {
        /// Waits for its turn.
        Queued = "queued", "queued";
        /// Claimed by a worker until its lease ends.
        Sending = "sending", "being sent";
        /// Waits for another attempt.
        Retrying = "retrying", "waiting for another attempt";
        /// Taken over by the mail server.
        Sent = "sent", "sent";
        /// Given up.
        Failed = "failed", "failed";
        /// Not to be sent any more.
        Cancelled = "cancelled", "cancelled";
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
    /// Attempts so far, the present one included once claimed.
    pub attempts: u32,
    /// When it was queued; with the id it makes the Message-ID and the Date stable.
    pub created_at: DateTime<Utc>,
    /// The window and selection, for letters with listings.
    pub digest: Option<Digest>,
    /// What the letter must carry.
    pub secret: Option<String>,
}

/// What a transport said of one letter.
#[derive(Debug, Clone, PartialEq, Eq)]
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
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Where the fault lies.
    pub blame: Blame,
    /// The reply code, where a server answered.
    pub code: Option<u16>,
    /// The server's words or the fault, without addresses.
    pub text: String,
}

impl Refusal {
    /// Whether the relay could not be talked to at all: such a fault is never charged to the letter.
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
        /// The relay or the way to it; nothing is charged to the letter.
        Relay = "relay", "the mail server";
        /// The letter or its sender: our bug or the receiver's policy.
        Sender = "sender", "the letter or its sender";
    }
}

/// What becomes of a delivery after an outcome.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Final: taken over.
    Sent,
    /// Another attempt at this moment.
    Retry(DateTime<Utc>),
    /// Final: given up.
    Failed,
}

/// The one transition function of deliveries: `attempts` counts the attempt that just ended.
#[must_use]
pub fn after_outcome(outcome: &Outcome, attempts: u32, now: DateTime<Utc>, unknown_retry: Duration) -> Verdict {
    match outcome {
        Outcome::Accepted(_) => Verdict::Sent,
        Outcome::Unknown(_) if attempts <= MAX_UNKNOWN_ATTEMPTS => Verdict::Retry(now + unknown_retry),
        Outcome::Never(_) | Outcome::Unknown(_) => Verdict::Failed,
        Outcome::Later(refusal) if refusal.is_relay_down() => Verdict::Retry(now + Duration::seconds(RELAY_RETRY_SECONDS)),
        Outcome::Later(_) => match usize::try_from(attempts).ok().and_then(|done| RETRY_MINUTES.get(done.saturating_sub(1))) {
            Some(minutes) => Verdict::Retry(now + Duration::minutes(*minutes)),
            None => Verdict::Failed,
        },
    }
}

/// Waits between attempts after a "not now", in minutes: about 20 hours in all.
pub const RETRY_MINUTES: &[i64] = &[5, 15, 30, 60, 120, 240, 480, 240];

/// Wait after the relay could not be talked to, in seconds.
pub const RELAY_RETRY_SECONDS: i64 = 30;

/// Attempts that may end without a reply after the final dot before a letter is given up.
pub const MAX_UNKNOWN_ATTEMPTS: u32 = 2;

#[cfg(test)]
mod tests {
    use super::*;

    fn later() -> Outcome {
        Outcome::Later(Refusal { blame: Blame::Relay, code: Some(451), text: "greylisted".into() })
    }

    #[test]
    fn a_greylisted_letter_is_tried_again_for_about_a_day_and_then_given_up() {
        let now = DateTime::UNIX_EPOCH;
        assert_eq!(after_outcome(&later(), 1, now, Duration::minutes(30)), Verdict::Retry(now + Duration::minutes(5)));
        let attempts = (1..100).take_while(|n| after_outcome(&later(), *n, now, Duration::minutes(30)) != Verdict::Failed).count();
        assert_eq!(attempts, RETRY_MINUTES.len());
        assert!((18 * 60..26 * 60).contains(&RETRY_MINUTES.iter().sum::<i64>()));
    }

    #[test]
    fn a_relay_that_is_down_is_never_charged_to_the_letter() {
        let down = Outcome::Later(Refusal { blame: Blame::Relay, code: None, text: "connection refused".into() });
        let now = DateTime::UNIX_EPOCH;
        for attempts in [1, 5, 5_000] {
            assert_eq!(
                after_outcome(&down, attempts, now, Duration::minutes(30)),
                Verdict::Retry(now + Duration::seconds(RELAY_RETRY_SECONDS))
            );
        }
    }

    #[test]
    fn a_letter_that_may_have_arrived_is_tried_again_only_a_few_times() {
        let unknown = Outcome::Unknown("the link broke".into());
        let now = DateTime::UNIX_EPOCH;
        assert_eq!(after_outcome(&unknown, 1, now, Duration::minutes(30)), Verdict::Retry(now + Duration::minutes(30)));
        assert_eq!(after_outcome(&unknown, MAX_UNKNOWN_ATTEMPTS + 1, now, Duration::minutes(30)), Verdict::Failed);
    }
}
