//! Decisions are taken once, letters claimed once, attempts ended once.

use std::collections::BTreeSet;

use rolecall::domain::subscriber::ConsentEvent;
use rolecall::domain::{DeliveryEvent, DeliveryKind, DeliveryState, Seq, SubscriptionId, Window};
use rolecall::store::{Decision, Farewell, Store};

use super::delivering::{RULES, begin, end, ended};
use super::words::{at, consent, decision, letter, publish, search, somebody, subscription, welcome};

pub async fn two_workers_decide_one_window_and_one_letter_goes_out(store: &Store) {
    let mut alerts = Vec::new();
    for n in 0..50 {
        let (_, id) = somebody(store, &format!("p{n}"), "daily").await;
        welcome(store, id, Some(at(10))).await;
        alerts.push(id);
    }
    publish(store, "acme", 4).await;
    let due = store.due_subscriptions(at(10), 100).await.unwrap();
    assert_eq!(due.iter().map(|one| one.id).collect::<Vec<_>>(), alerts);
    assert_eq!(store.next_subscription_due().await.unwrap(), Some(at(10)));
    let workers = [false, true].map(|backwards| {
        let (store, due) = (store.clone(), due.clone());
        tokio::spawn(async move {
            let mut decisions: Vec<Decision> = due.iter().map(|one| decision(one, Seq(4), DeliveryKind::Digest)).collect();
            if backwards {
                decisions.reverse();
            }
            store.commit_decisions(&decisions, at(11)).await.unwrap()
        })
    });
    let mut taken = 0;
    for worker in workers {
        taken += worker.await.unwrap().taken;
    }
    assert_eq!(taken, 50);
    let standing = subscription(store, alerts[7]).await;
    assert_eq!((standing.cursor, standing.due_at), (Seq(4), Some(at(24 * 60))));
    let letters = store.deliveries_of(standing.subscriber, 10).await.unwrap();
    assert_eq!(letters.iter().map(|one| one.kind).collect::<Vec<_>>(), [DeliveryKind::Digest, DeliveryKind::Welcome]);
    assert_eq!((letters[0].listings, letters[0].created_at), (Some(1), at(11)));
    // The belt: even by hand there is no second letter for one window.
    let window = Window { after: Seq(0), until: Seq(4) };
    assert!(store.queue(&letter(standing.subscriber, standing.id, DeliveryKind::Digest, window), at(12)).await.is_err());
}

pub async fn what_a_clock_ahead_has_reckoned_comes_by_the_right_one(store: &Store) {
    const WEEK: i64 = 7 * 24 * 60;
    let (_, daily) = somebody(store, "daily", "daily").await;
    let (_, instant) = somebody(store, "instant", "instant").await;
    let (_, soon) = somebody(store, "soon", "daily").await;
    welcome(store, daily, Some(at(WEEK))).await;
    welcome(store, instant, Some(at(WEEK))).await;
    welcome(store, soon, Some(at(6))).await;
    assert_eq!(store.bring_forward(at(5)).await.unwrap(), 2);
    // Nine in Berlin is seven in UTC: today's has passed.
    assert_eq!(subscription(store, daily).await.due_at, Some(at(24 * 60 - 60)));
    assert_eq!(subscription(store, instant).await.due_at, Some(at(5)));
    assert_eq!(subscription(store, soon).await.due_at, Some(at(6)), "what is due before is left as it is");
    assert_eq!(store.bring_forward(at(5)).await.unwrap(), 0);
}

pub async fn a_paused_person_is_not_decided(store: &Store) {
    let (id, alert) = somebody(store, "pia", "daily").await;
    welcome(store, alert, Some(at(10))).await;
    publish(store, "acme", 2).await;
    let standing = subscription(store, alert).await;
    store.pause(id, None, &consent(ConsentEvent::Paused, 1)).await.unwrap();
    assert_eq!(store.commit_decisions(&[decision(&standing, Seq(2), DeliveryKind::Digest)], at(11)).await.unwrap().taken, 0);
    assert_eq!(subscription(store, alert).await.cursor, Seq(0), "what was published meanwhile is still owed");
    assert!(store.due_subscriptions(at(999_999), 10).await.unwrap().is_empty());
    assert!(store.active_subscriptions(SubscriptionId(0), 10).await.unwrap().is_empty());
}

pub async fn instant_subscriptions_sleep_wake_and_change(store: &Store) {
    let (owner, alert) = somebody(store, "ines", "instant").await;
    assert!(store.sleeping_instant_subscriptions(SubscriptionId(0), 10).await.unwrap().is_empty(), "its welcome comes first");
    welcome(store, alert, None).await;
    publish(store, "acme", 6).await;
    assert_eq!(store.sleeping_instant_subscriptions(SubscriptionId(0), 10).await.unwrap().len(), 1);
    assert!(store.sleeping_instant_subscriptions(alert, 10).await.unwrap().is_empty());
    assert!(store.advance_instant_scanned(Seq(0), Seq(4)).await.unwrap());
    assert!(!store.advance_instant_scanned(Seq(0), Seq(5)).await.unwrap());
    assert_eq!(store.instant_scanned().await.unwrap(), Seq(4));

    let changed = consent(ConsentEvent::Changed, 5);
    assert!(store.change_subscription(alert, &search("Go", "instant"), &changed).await.unwrap());
    let standing = subscription(store, alert).await;
    assert_eq!((standing.name.as_str(), standing.cursor, standing.due_at), ("Go", Seq(4), None), "new wishes do not reach back");

    assert_eq!(store.wake_instant(&[alert, SubscriptionId(999)], Seq(5), at(6)).await.unwrap(), 1);
    assert_eq!(store.wake_instant(&[alert], Seq(6), at(7)).await.unwrap(), 0, "it is awake");
    let standing = subscription(store, alert).await;
    assert_eq!((standing.cursor, standing.due_at), (Seq(5), Some(at(6))));
    store.change_subscription(alert, &search("Go", "instant"), &changed).await.unwrap();
    assert_eq!(subscription(store, alert).await.due_at, Some(at(6)), "a hit is not lost by a change");

    let daily = search("Go", "daily");
    store.change_subscription(alert, &daily, &changed).await.unwrap();
    let standing = subscription(store, alert).await;
    assert_eq!((standing.cursor, standing.due_at), (Seq(5), daily.cadence.next_due(at(5))));
    store.change_subscription(alert, &search("Go", "instant"), &changed).await.unwrap();
    let standing = subscription(store, alert).await;
    assert_eq!((standing.cursor, standing.due_at), (Seq(5), Some(at(5))), "decided at once from its cursor");

    // Asleep again, paused while the scan goes on, resumed: looked at from where it fell asleep.
    let asleep = Decision { due_at: None, delivery: None, ..decision(&standing, Seq(5), DeliveryKind::Instant) };
    assert_eq!(store.commit_decisions(&[asleep], at(6)).await.unwrap().taken, 1);
    store.pause(owner, None, &consent(ConsentEvent::Paused, 7)).await.unwrap();
    store.advance_instant_scanned(Seq(4), Seq(6)).await.unwrap();
    store.change_subscription(alert, &search("Rust", "instant"), &changed).await.unwrap();
    store.resume(owner, &consent(ConsentEvent::Resumed, 8)).await.unwrap();
    let standing = subscription(store, alert).await;
    assert_eq!((standing.cursor, standing.due_at), (Seq(5), Some(at(8))));
}

pub async fn a_welcome_is_queued_once(store: &Store) {
    let (id, alert) = somebody(store, "wim", "daily").await;
    assert_eq!(store.next_subscription_due().await.unwrap(), Some(at(0)), "a welcome is owed");
    let owed = store.unwelcomed_subscriptions(10).await.unwrap();
    assert_eq!(owed.len(), 1);
    assert!(store.due_subscriptions(at(999_999), 10).await.unwrap().is_empty());
    let letter = decision(&owed[0], owed[0].cursor, DeliveryKind::Welcome);
    assert_eq!(store.commit_decisions(&[letter.clone(), letter], at(1)).await.unwrap().taken, 1);
    assert!(store.unwelcomed_subscriptions(10).await.unwrap().is_empty());
    assert!(subscription(store, alert).await.welcomed);
    assert_eq!(store.deliveries_of(id, 10).await.unwrap().len(), 1);
}

pub async fn attempts_end_once(store: &Store) {
    let (id, alert) = somebody(store, "olga", "daily").await;
    welcome(store, alert, Some(at(10))).await;
    assert_eq!(store.next_delivery_due().await.unwrap(), Some(at(0)));
    let claimed = store.claim(at(1), at(5), 10).await.unwrap();
    let first = &claimed[0].delivery;
    assert_eq!((first.state, first.attempts, claimed[0].subscription.as_ref().unwrap().id), (DeliveryState::Leased, 0, alert));
    assert_eq!(first.digest.as_ref().unwrap().selection.total, 1);
    let id_of = first.id;
    assert!(begin(store, id_of).await);
    end(store, ended(id_of, DeliveryEvent::Deferred, Some(7))).await;
    end(store, ended(id_of, DeliveryEvent::Refused, None)).await;
    assert_eq!(store.delivery(id_of).await.unwrap().unwrap().state, DeliveryState::Retrying, "only what is being sent can end");
    assert_eq!(store.next_delivery_due().await.unwrap(), Some(at(7)));
    assert!(store.claim(at(6), at(9), 10).await.unwrap().is_empty());
    assert_eq!(store.status(at(9)).await.unwrap().oldest_pending_seconds, Some(120));

    assert_eq!(store.claim(at(7), at(9), 10).await.unwrap()[0].delivery.attempts, 1);
    assert_eq!(store.release_claims(Some(at(8)), at(8), &RULES).await.unwrap(), 0, "its lease goes on");
    assert_eq!(store.release_claims(Some(at(9)), at(9), &RULES).await.unwrap(), 1);
    assert_eq!(store.claim(at(9), at(12), 10).await.unwrap()[0].delivery.attempts, 1, "what was not begun counts as no attempt");

    assert!(begin(store, id_of).await);
    store.end_subscription(alert, &consent(ConsentEvent::Unsubscribed, 11), Farewell::Silent).await.unwrap();
    end(store, ended(id_of, DeliveryEvent::Accepted, None)).await;
    let record = &store.deliveries_of(id, 10).await.unwrap()[0];
    assert_eq!((record.state, record.attempts, record.ended_at), (DeliveryState::Sent, 2, Some(at(2))));
    let status = store.status(at(12)).await.unwrap();
    assert_eq!((status.delivered, status.pending, status.subscriptions), (1, 0, 0));
}

pub async fn eight_workers_claim_each_delivery_once(store: &Store) {
    let (id, alert) = somebody(store, "hal", "daily").await;
    for n in 0..200 {
        let kind = if n % 10 == 0 { DeliveryKind::Instant } else { DeliveryKind::Digest };
        store.queue(&letter(id, alert, kind, Window { after: Seq(0), until: Seq(n) }), at(0)).await.unwrap();
    }
    let workers: Vec<_> = (0..8)
        .map(|_| {
            let store = store.clone();
            tokio::spawn(async move {
                let mut mine = Vec::new();
                loop {
                    let claimed = store.claim(at(1), at(9), 7).await.unwrap();
                    if claimed.is_empty() {
                        return mine;
                    }
                    mine.extend(claimed.iter().map(|one| (one.delivery.id, one.delivery.kind)));
                }
            })
        })
        .collect();
    let mut claimed = Vec::new();
    for worker in workers {
        claimed.extend(worker.await.unwrap());
    }
    let distinct: BTreeSet<_> = claimed.iter().map(|(id, _)| *id).collect();
    assert_eq!((claimed.len(), distinct.len()), (200, 200));
    assert_eq!(store.release_claims(None, at(2), &RULES).await.unwrap(), 200);
    let urgent = store.claim(at(3), at(9), 20).await.unwrap();
    assert!(urgent.iter().all(|one| one.delivery.kind == DeliveryKind::Instant), "instant alerts go before digests");
}
