//! How long a letter is of use: what is older is not sent any more, and its listings go into the next letter.

use chrono::{DateTime, Duration, Utc};

use crate::domain::delivery::{Delivery, DeliveryKind};

/// How long letters are of use after they were queued.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lifetimes {
    /// A confirmation: as long as its link.
    pub confirmation: Duration,
    /// What is about this hour: instant alerts, a lost link, a goodbye.
    pub instant: Duration,
    /// Digests, welcomes, and the notice that an alert brought nothing.
    pub digest: Duration,
}

impl Lifetimes {
    /// The moment from which a letter is of no use any more; none where there is no such moment. A renewal is asked for however late:
    /// nobody's alerts end without the question. A letter that may have arrived is not told in another letter, so it does not expire
    /// either: its one more attempt says the same.
    #[must_use]
    pub fn end_of(&self, delivery: &Delivery) -> Option<DateTime<Utc>> {
        let life = match delivery.kind {
            DeliveryKind::Confirmation => self.confirmation,
            DeliveryKind::Renewal => return None,
            _ if delivery.unanswered > 0 => return None,
            DeliveryKind::Instant | DeliveryKind::Link | DeliveryKind::Goodbye => self.instant,
            DeliveryKind::Digest | DeliveryKind::Welcome | DeliveryKind::Silence | DeliveryKind::Webhook => self.digest,
        };
        delivery.created_at.checked_add_signed(life)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::delivery::DeliveryId;
    use crate::domain::delivery_state::DeliveryState;
    use crate::domain::subscriber::SubscriberId;

    #[test]
    fn a_letter_lives_as_long_as_what_it_says_is_of_use() {
        let lifetimes = Lifetimes { confirmation: Duration::hours(72), instant: Duration::days(3), digest: Duration::days(7) };
        let hours = |kind, unanswered| {
            let delivery = Delivery {
                id: DeliveryId(1),
                subscriber: SubscriberId(1),
                subscription: None,
                kind,
                state: DeliveryState::Leased,
                attempts: 0,
                unanswered,
                created_at: DateTime::UNIX_EPOCH,
                digest: None,
                secret: None,
            };
            lifetimes.end_of(&delivery).map(|end| (end - DateTime::UNIX_EPOCH).num_hours())
        };
        assert_eq!((hours(DeliveryKind::Confirmation, 0), hours(DeliveryKind::Confirmation, 1)), (Some(72), Some(72)));
        assert_eq!((hours(DeliveryKind::Instant, 0), hours(DeliveryKind::Digest, 0)), (Some(72), Some(168)));
        assert_eq!((hours(DeliveryKind::Digest, 1), hours(DeliveryKind::Renewal, 0)), (None, None));
    }
}
