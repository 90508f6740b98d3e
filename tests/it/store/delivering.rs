//! A delivery goes from state to state as it is drawn, on the real database.

use chrono::Duration;
use rolecall::domain::retry::{RetryRules, RetryUnknown};
use rolecall::domain::subscriber::ConsentEvent;
use rolecall::domain::{DeliveryEvent, DeliveryId, DeliveryKind, DeliveryState, Seq, SubscriberId, SubscriptionId, Window};
use rolecall::store::{Ended, Farewell, Progress, Store};

use super::words::{at, consent, letter, somebody, welcome};

pub const RULES: RetryRules = RetryRules { unknown: RetryUnknown::Once, unknown_wait: Duration::minutes(30) };

/// How the attempt of a letter that was begun ended.
pub fn ended(delivery: DeliveryId, event: DeliveryEvent, again_at: Option<i64>) -> Ended {
    let from = DeliveryState::Sending;
    Ended {
        delivery,
        from,
        event,
        again_at: again_at.map(at),
        counts: true,
        tried: true,
        detail: "451 greylisted".into(),
        letter: None,
        charge: None,
        receiver: "other",
        at: at(2),
    }
}

pub async fn begin(store: &Store, id: DeliveryId) -> bool {
    store.record_progress(&[Progress { ended: None, begin: Some(id) }]).await.unwrap()[0]
}

pub async fn end(store: &Store, ended: Ended) {
    store.record_progress(&[Progress { ended: Some(ended), begin: None }]).await.unwrap();
}

async fn state(store: &Store, id: DeliveryId) -> DeliveryState {
    store.delivery(id).await.unwrap().unwrap().state
}

/// A letter of one person, and a person of its own for each letter, so that what ends the person ends nothing else.
struct Letter {
    owner: SubscriberId,
    alert: SubscriptionId,
    id: DeliveryId,
}

impl Letter {
    async fn new(store: &Store, name: &str) -> Self {
        let (owner, alert) = somebody(store, name, "daily").await;
        welcome(store, alert, None).await;
        let welcome = store.claim(at(1), at(500), 500).await.unwrap();
        for one in welcome.iter().filter(|one| one.delivery.subscriber == owner) {
            store.cancel_deliveries(&[one.delivery.id], at(1)).await.unwrap();
        }
        let window = Window { after: Seq(0), until: Seq(1) };
        let id = store.queue(&letter(owner, alert, DeliveryKind::Digest, window), at(0)).await.unwrap();
        Self { owner, alert, id }
    }

    /// Brings the letter into a state, by the shortest way of the drawing.
    async fn into(self, store: &Store, wanted: DeliveryState) -> Self {
        use DeliveryState as S;
        let id = self.id;
        if wanted != S::Queued && wanted != S::Cancelled {
            assert!(store.claim(at(1), at(500), 500).await.unwrap().iter().any(|one| one.delivery.id == id));
        }
        if !matches!(wanted, S::Queued | S::Cancelled | S::Leased) {
            assert!(begin(store, id).await);
        }
        let event = match wanted {
            S::Retrying => Some(DeliveryEvent::Deferred),
            S::Unknown => Some(DeliveryEvent::Unanswered),
            S::Parked => Some(DeliveryEvent::Parked),
            S::Sent => Some(DeliveryEvent::Accepted),
            S::Failed => Some(DeliveryEvent::Refused),
            S::Expired => Some(DeliveryEvent::Expired),
            S::Cancelled => {
                store.cancel_deliveries(&[id], at(1)).await.unwrap();
                None
            }
            S::Queued | S::Leased | S::Sending => None,
        };
        if let Some(event) = event {
            let waits = matches!(wanted, S::Retrying | S::Unknown);
            end(store, ended(id, event, waits.then_some(3))).await;
        }
        assert_eq!(state(store, id).await, wanted);
        self
    }

    /// Lets an event happen, by every statement that does it.
    async fn meets(&self, store: &Store, event: DeliveryEvent, from: DeliveryState) {
        let reported = |event, again| Ended { from, ..ended(self.id, event, again) };
        match event {
            DeliveryEvent::Claimed => drop(store.claim(at(4), at(500), 500).await.unwrap()),
            DeliveryEvent::Begun => drop(begin(store, self.id).await),
            DeliveryEvent::Released => drop(store.release_deliveries(&[self.id], at(4)).await.unwrap()),
            DeliveryEvent::Cancelled => {
                store.end_subscription(self.alert, &consent(ConsentEvent::Unsubscribed, 4), Farewell::Silent).await.unwrap();
            }
            DeliveryEvent::GivenBack | DeliveryEvent::Deferred => end(store, reported(event, Some(9))).await,
            event => end(store, reported(event, None)).await,
        }
    }
}

pub async fn every_event_moves_a_letter_as_it_is_drawn_and_no_other(store: &Store) {
    for from in DeliveryState::ALL {
        for event in DeliveryEvent::ALL {
            let one = Letter::new(store, &format!("{from}-{event:?}").to_lowercase()).await.into(store, *from).await;
            one.meets(store, *event, *from).await;
            let expected = from.after(*event).unwrap_or(*from);
            assert_eq!(state(store, one.id).await, expected, "{from} meets {event:?}");
            store.erase(one.owner).await.unwrap();
        }
    }
}

pub async fn a_crash_gives_back_what_was_not_begun_and_doubts_what_was(store: &Store) {
    let leased = Letter::new(store, "leased").await.into(store, DeliveryState::Leased).await;
    let sending = Letter::new(store, "sending").await.into(store, DeliveryState::Sending).await;
    assert_eq!(store.release_claims(None, at(5), &RULES).await.unwrap(), 2);
    assert_eq!((state(store, leased.id).await, state(store, sending.id).await), (DeliveryState::Retrying, DeliveryState::Unknown));
    let claimed = store.claim(at(34), at(500), 10).await.unwrap();
    assert_eq!(claimed.iter().map(|one| one.delivery.id).collect::<Vec<_>>(), [leased.id], "the other one waits for half an hour");
    let claimed = store.claim(at(35), at(500), 10).await.unwrap();
    assert_eq!(claimed.iter().map(|one| (one.delivery.id, one.delivery.unanswered)).collect::<Vec<_>>(), [(sending.id, 1)]);
    // Power may be cut again before its dot: that is not the same as a mail server that does not answer twice.
    for (doubts, minute) in [(2, 80), (3, 120), (4, 160)] {
        assert!(begin(store, sending.id).await);
        store.release_claims(None, at(minute), &RULES).await.unwrap();
        let claimed = store.claim(at(minute + 30), at(500), 10).await.unwrap();
        let again: Vec<_> = claimed.iter().filter(|one| one.delivery.id == sending.id).map(|one| one.delivery.unanswered).collect();
        assert_eq!(again, [doubts]);
    }
    // In the end it has ended, and only the operator lets it go again.
    assert!(begin(store, sending.id).await);
    store.release_claims(None, at(200), &RULES).await.unwrap();
    let record = store.deliveries_in(DeliveryState::Unknown, DeliveryId(0), 10).await.unwrap().pop().unwrap();
    assert_eq!((record.id, record.ended_at), (sending.id.0, Some(at(200))));
    assert!(store.claim(at(5_000), at(9_000), 10).await.unwrap().iter().all(|one| one.delivery.id != sending.id));
    assert_eq!(store.release_deliveries(&[sending.id], at(201)).await.unwrap(), 1);
    assert!(store.claim(at(201), at(500), 10).await.unwrap().iter().any(|one| one.delivery.id == sending.id));
}

pub async fn what_a_crash_gives_back_keeps_its_place(store: &Store) {
    let first = Letter::new(store, "first").await.into(store, DeliveryState::Leased).await;
    let second = Letter::new(store, "second").await;
    store.release_claims(None, at(9), &RULES).await.unwrap();
    let claimed = store.claim(at(10), at(500), 1).await.unwrap();
    assert_eq!(claimed.iter().map(|one| one.delivery.id).collect::<Vec<_>>(), [first.id], "and not {:?}", second.id);
}

pub async fn where_it_is_set_so_a_letter_that_may_have_arrived_is_never_sent_again(store: &Store) {
    let one = Letter::new(store, "never").await.into(store, DeliveryState::Sending).await;
    let never = RetryRules { unknown: RetryUnknown::Never, ..RULES };
    store.release_claims(None, at(5), &never).await.unwrap();
    assert_eq!(state(store, one.id).await, DeliveryState::Unknown);
    assert!(store.claim(at(5_000), at(9_000), 10).await.unwrap().is_empty());
    let status = store.status(at(6)).await.unwrap();
    assert_eq!((status.unknown, status.pending), (1, 0));
}

pub async fn who_leaves_while_a_worker_has_the_letter_does_not_get_it(store: &Store) {
    let one = Letter::new(store, "leaver").await.into(store, DeliveryState::Leased).await;
    store.end_subscription(one.alert, &consent(ConsentEvent::Unsubscribed, 4), Farewell::Silent).await.unwrap();
    assert!(!begin(store, one.id).await, "the worker is told that it may not hand it over");
    assert_eq!(state(store, one.id).await, DeliveryState::Cancelled);
}

pub async fn leases_are_renewed_and_end(store: &Store) {
    let (one, other) = (Letter::new(store, "kept").await, Letter::new(store, "left").await);
    store.claim(at(1), at(10), 10).await.unwrap();
    store.renew_leases(&[one.id], at(20)).await.unwrap();
    assert_eq!(store.release_claims(Some(at(10)), at(10), &RULES).await.unwrap(), 1);
    assert_eq!((state(store, one.id).await, state(store, other.id).await), (DeliveryState::Leased, DeliveryState::Retrying));
}
