//! The states of a delivery and what moves it from one to the next; drawn in `docs/DELIVERY.md`.

use crate::domain::word::words;

words! {
    /// Where a delivery stands.
    DeliveryState, "delivery state" {
        /// Waits for its turn.
        Queued = "queued", "queued";
        /// A worker has it; nothing of it can have left.
        Leased = "leased", "taken up";
        /// From here on its final dot may be sent at any moment.
        Sending = "sending", "being sent";
        /// Waits for another attempt.
        Retrying = "retrying", "waiting for another attempt";
        /// Its final dot was sent and no answer came: it may have arrived. Waits for its one more attempt, or has ended so.
        Unknown = "unknown", "sent without an answer";
        /// Refused for a fault on our side: waits for the operator.
        Parked = "parked", "parked";
        /// Taken over by the mail server.
        Sent = "sent", "sent";
        /// Given up.
        Failed = "failed", "failed";
        /// Too old to be of use: its listings go into the next letter.
        Expired = "expired", "expired";
        /// Not to be sent any more.
        Cancelled = "cancelled", "cancelled";
    }
}

/// What happens to a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DeliveryEvent {
    /// A worker takes it up.
    Claimed,
    /// It is about to be handed over.
    Begun,
    /// The worker returns it, or was lost before it began.
    GivenBack,
    /// The mail server took it over.
    Accepted,
    /// Not now: another attempt later.
    Deferred,
    /// Never: a fault of the mailbox.
    Refused,
    /// Never as it stands: a fault on our side.
    Parked,
    /// The final dot was sent and no answer came.
    Unanswered,
    /// It is too old to be of use.
    Expired,
    /// The person, or what is true now, does not want it any more.
    Cancelled,
    /// The operator lets it go again.
    Released,
}

impl DeliveryEvent {
    /// Every event.
    pub const ALL: &'static [Self] = &[
        Self::Claimed,
        Self::Begun,
        Self::GivenBack,
        Self::Accepted,
        Self::Deferred,
        Self::Refused,
        Self::Parked,
        Self::Unanswered,
        Self::Expired,
        Self::Cancelled,
        Self::Released,
    ];
}

impl DeliveryState {
    /// The one transition function: the state after an event; none where the event has no meaning in this state, and then nothing
    /// happens.
    #[must_use]
    pub const fn after(self, event: DeliveryEvent) -> Option<Self> {
        use DeliveryEvent as E;
        Some(match (event, self) {
            (E::Claimed, Self::Queued | Self::Retrying | Self::Unknown) => Self::Leased,
            (E::Begun, Self::Leased) => Self::Sending,
            (E::GivenBack, Self::Leased) | (E::Deferred, Self::Sending) => Self::Retrying,
            (E::Accepted, Self::Sending) => Self::Sent,
            (E::Refused, Self::Sending) => Self::Failed,
            (E::Parked, Self::Leased | Self::Sending) => Self::Parked,
            (E::Unanswered, Self::Sending) => Self::Unknown,
            (E::Expired, Self::Leased | Self::Sending) => Self::Expired,
            (E::Cancelled, Self::Queued | Self::Leased | Self::Retrying | Self::Unknown | Self::Parked) => Self::Cancelled,
            (E::Released, Self::Parked | Self::Unknown) => Self::Queued,
            _ => return None,
        })
    }

    /// Whether a worker has it, under a lease.
    #[must_use]
    pub const fn is_leased(self) -> bool {
        matches!(self, Self::Leased | Self::Sending)
    }

    /// Whether nothing more is going to happen to it by itself; `unknown` may be either.
    #[must_use]
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Sent | Self::Failed | Self::Expired | Self::Cancelled)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// Every state that can be reached from one, itself included.
    fn reachable(from: DeliveryState) -> BTreeSet<DeliveryState> {
        let mut found = BTreeSet::from([from]);
        let mut edge = vec![from];
        while let Some(state) = edge.pop() {
            let next = DeliveryEvent::ALL.iter().filter_map(|event| state.after(*event));
            edge.extend(next.filter(|state| found.insert(*state)).collect::<Vec<_>>());
        }
        found
    }

    #[test]
    fn every_state_can_be_reached_and_every_letter_can_end() {
        assert_eq!(reachable(DeliveryState::Queued), DeliveryState::ALL.iter().copied().collect());
        for state in DeliveryState::ALL.iter().filter(|state| !state.is_final()) {
            assert!(reachable(*state).contains(&DeliveryState::Sent), "{state} has no way out");
        }
    }

    #[test]
    fn what_has_ended_stays_ended_and_what_may_have_left_is_never_cancelled() {
        for event in DeliveryEvent::ALL {
            for state in DeliveryState::ALL.iter().filter(|state| state.is_final()) {
                assert_eq!(state.after(*event), None, "{state} {event:?}");
            }
        }
        assert_eq!(DeliveryState::Sending.after(DeliveryEvent::Cancelled), None);
        assert_eq!(DeliveryState::Sending.after(DeliveryEvent::GivenBack), None);
    }

    #[test]
    fn only_what_was_begun_can_have_been_sent() {
        use DeliveryEvent::{Accepted, Deferred, Refused, Unanswered};
        for event in [Accepted, Deferred, Refused, Unanswered] {
            let from: Vec<_> = DeliveryState::ALL.iter().filter(|state| state.after(event).is_some()).collect();
            assert_eq!(from, [&DeliveryState::Sending], "{event:?}");
        }
    }

    #[test]
    fn the_drawing_names_every_state_and_every_event() {
        let drawing = include_str!("../../docs/DELIVERY.md");
        for state in DeliveryState::ALL {
            assert!(drawing.contains(&format!("`{state}`")), "{state} is not in the table");
        }
        for event in DeliveryEvent::ALL {
            for state in DeliveryState::ALL {
                if let Some(next) = state.after(*event) {
                    let arrow = format!("{state} --> {next}: {}", format!("{event:?}").to_lowercase());
                    assert!(drawing.contains(&arrow), "the drawing lacks: {arrow}");
                }
            }
        }
    }
}
