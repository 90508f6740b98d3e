//! A rendered letter.

use chrono::{DateTime, Utc};

use crate::domain::delivery::{DeliveryId, DeliveryKind};
use crate::domain::email::EmailAddress;

/// The Message-ID of a letter without angle brackets; the same on every attempt of one delivery (RFC 5322 3.6.4).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct MessageId(pub String);

/// A letter, rendered and complete; transports turn it into bytes.
#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    /// Stable over all attempts.
    pub id: MessageId,
    /// When it was written: stable over all attempts as well.
    pub date: DateTime<Utc>,
    /// To whom.
    pub to: EmailAddress,
    /// The subject, one line without control characters.
    pub subject: String,
    /// The complete text part.
    pub text: String,
    /// The HTML part.
    pub html: String,
    /// Whose letter it is: names it in the return path and the envelope; none for a letter outside the outbox.
    pub delivery: Option<DeliveryId>,
    /// The list headers, on all mail that can be unsubscribed from.
    pub list: Option<ListHeaders>,
}

/// What RFC 2369, 2919 and 8058 ask for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListHeaders {
    /// The alert's id for List-Id: the label before the domain, such as `alert-17`.
    pub id: String,
    /// The alert's name for List-Id.
    pub name: String,
    /// What the letter is for: the stream that receivers count complaints of.
    pub kind: DeliveryKind,
    /// The https (or, in a demo, http) address that takes the one-click POST.
    pub unsubscribe_url: String,
}
