//! People sign up, confirm, pause, leave and are forgotten.

use rolecall::domain::subscriber::{ConsentEvent, SuppressionReason};
use rolecall::domain::{DeliveryEvent, DeliveryKind, Seq, SubscriberState, Window};
use rolecall::store::{Begun, Farewell, Store};

use super::delivering::{begin, end, ended};
use super::words::{address, at, consent, letter, publish, search, sign_up, somebody, subscription, welcome};

pub async fn an_address_confirms_pauses_resumes_and_leaves(store: &Store) {
    publish(store, "acme", 3).await;
    let (email, wish) = (address("Asha"), search("Rust in Pune", "daily"));
    let asked = consent(ConsentEvent::Requested, 0);
    let Begun::Queued(letter_id) = store.begin_subscription(sign_up(&email, &wish, "token", &asked)).await.unwrap() else {
        panic!("a new address gets its letter")
    };
    let claimed = store.claim(at(0), at(10), 10).await.unwrap();
    assert_eq!(claimed.len(), 1);
    assert_eq!((claimed[0].delivery.id, claimed[0].delivery.secret.as_deref()), (letter_id, Some("token")));
    assert_eq!(claimed[0].subscriber.state, SubscriberState::Pending);
    assert_eq!(claimed[0].subscription.as_ref().unwrap().preferences, wish.preferences);
    assert!(begin(store, letter_id).await);
    end(store, ended(letter_id, DeliveryEvent::Accepted, None)).await;
    assert_eq!(store.delivery(letter_id).await.unwrap().unwrap().secret, None, "a token is not kept longer than its letter");

    let id = claimed[0].subscriber.id;
    assert!(store.subscriptions_of(id).await.unwrap().is_empty(), "not confirmed yet");
    assert!(store.token_subject("token", at(47 * 60)).await.unwrap().is_some());
    assert!(store.token_subject("token", at(49 * 60)).await.unwrap().is_none());
    assert!(
        store.confirm("another", &consent(ConsentEvent::Confirmed, 2), rolecall::domain::EmailAddress::mailbox).await.unwrap().is_none()
    );
    let (subscriber, confirmed) =
        store.confirm("token", &consent(ConsentEvent::Confirmed, 2), rolecall::domain::EmailAddress::mailbox).await.unwrap().unwrap();
    assert_eq!((subscriber.state, subscriber.confirmed_at), (SubscriberState::Active, Some(at(2))));
    assert_eq!((confirmed.cursor, confirmed.welcomed), (Seq(3), false));
    assert_eq!(confirmed.due_at, wish.cadence.next_due(at(2)));
    assert!(
        store.confirm("token", &consent(ConsentEvent::Confirmed, 3), rolecall::domain::EmailAddress::mailbox).await.unwrap().is_none(),
        "a token is good once"
    );

    store.queue(&letter(id, confirmed.id, DeliveryKind::Digest, Window { after: Seq(3), until: Seq(4) }), at(3)).await.unwrap();
    let until = Some(at(3 * 24 * 60));
    assert!(store.pause(id, until, &consent(ConsentEvent::Paused, 4)).await.unwrap());
    assert!(!store.pause(id, until, &consent(ConsentEvent::Paused, 5)).await.unwrap());
    assert_eq!(store.claim(at(100), at(110), 10).await.unwrap().len(), 0, "what was queued is not sent during a pause");
    assert_eq!(store.next_subscription_due().await.unwrap(), None);
    assert!(store.resume(id, &consent(ConsentEvent::Resumed, 24 * 60)).await.unwrap());
    let resumed = subscription(store, confirmed.id).await;
    assert_eq!((resumed.due_at, resumed.cursor), (wish.cadence.next_due(at(24 * 60)), Seq(3)));

    assert!(store.end_subscription(confirmed.id, &consent(ConsentEvent::Unsubscribed, 6), Farewell::Silent).await.unwrap());
    assert!(!store.end_subscription(confirmed.id, &consent(ConsentEvent::Unsubscribed, 7), Farewell::Silent).await.unwrap());
    let left = store.subscriber_by_email(&address("aSHA")).await.unwrap().unwrap();
    assert_eq!((left.id, left.state), (id, SubscriberState::Ended));
    assert_eq!(store.subscription(confirmed.id).await.unwrap(), None);
    let record: Vec<ConsentEvent> = store.consent_record(id).await.unwrap().iter().map(|line| line.event).collect();
    let told = [ConsentEvent::Requested, ConsentEvent::Confirmed, ConsentEvent::Paused, ConsentEvent::Resumed, ConsentEvent::Unsubscribed];
    assert_eq!(record, told);

    let added = store.add_subscription(id, &search("Go", "instant"), &consent(ConsentEvent::Requested, 8)).await.unwrap();
    assert_eq!(store.subscriber(id).await.unwrap().unwrap().state, SubscriberState::Active);
    assert_eq!(subscription(store, added).await.due_at, None);
}

pub async fn a_sign_up_is_bounded_and_replaced(store: &Store) {
    let email = address("ben");
    for (n, token) in ["first", "second", "third"].into_iter().enumerate() {
        let asked = consent(ConsentEvent::Requested, 1_500 * i64::try_from(n).unwrap());
        let begun = store.begin_subscription(sign_up(&email, &search(token, "weekly"), token, &asked)).await.unwrap();
        assert!(matches!(begun, Begun::Queued(_)), "{begun:?}");
    }
    let soon = consent(ConsentEvent::Requested, 3_005);
    let begun = store.begin_subscription(sign_up(&email, &search("soon", "weekly"), "soon", &soon)).await.unwrap();
    assert_eq!(begun, Begun::TooMany, "one a day");
    let asked = consent(ConsentEvent::Requested, 4_500);
    let begun = store.begin_subscription(sign_up(&email, &search("fourth", "weekly"), "fourth", &asked)).await.unwrap();
    assert_eq!(begun, Begun::TooMany);
    assert!(store.token_subject("first", at(3_006)).await.unwrap().is_none(), "an earlier token is worth nothing");
    assert!(store.token_subject("fourth", at(3_006)).await.unwrap().is_none());
    let (subscriber, waiting) = store.token_subject("third", at(3_006)).await.unwrap().unwrap();
    assert_eq!(waiting.name, "third");
    let claimed = store.claim(at(3_006), at(3_009), 10).await.unwrap();
    assert_eq!(claimed.iter().map(|one| one.delivery.secret.clone().unwrap()).collect::<Vec<_>>(), ["third"]);
    assert_eq!(store.deliveries_of(subscriber.id, 10).await.unwrap().len(), 3);

    store.suppress("digest of the address", SuppressionReason::Complaint, at(7)).await.unwrap();
    store.suppress("digest of the address", SuppressionReason::Asked, at(8)).await.unwrap();
    assert_eq!(store.suppression("digest of the address").await.unwrap(), Some(SuppressionReason::Complaint));
    assert_eq!(store.suppression("another").await.unwrap(), None);
    let stranger = address("carla");
    let begun = store.begin_subscription(sign_up(&stranger, &search("x", "daily"), "x", &asked)).await.unwrap();
    assert_eq!(begun, Begun::Suppressed);
    assert_eq!(store.subscriber_by_email(&stranger).await.unwrap(), None, "nothing is kept of it");
}

pub async fn a_known_address_signs_up_beside_what_it_has(store: &Store) {
    let (id, first) = somebody(store, "dora", "daily").await;
    let before = subscription(store, first).await;
    store.pause(id, None, &consent(ConsentEvent::Paused, 1)).await.unwrap();
    let (email, wish, asked) = (address("DORA"), search("Go", "instant"), consent(ConsentEvent::Requested, 2));
    store.begin_subscription(sign_up(&email, &wish, "beside", &asked)).await.unwrap();
    assert_eq!(store.subscriptions_of(id).await.unwrap().len(), 1);
    let (subscriber, second) =
        store.confirm("beside", &consent(ConsentEvent::Confirmed, 3), rolecall::domain::EmailAddress::mailbox).await.unwrap().unwrap();
    assert_eq!((subscriber.id, subscriber.state), (id, SubscriberState::Paused), "a pause goes on");
    assert_eq!(second.due_at, None);
    store.end_subscription(second.id, &consent(ConsentEvent::Unsubscribed, 4), Farewell::Silent).await.unwrap();
    assert_eq!(store.subscriber(id).await.unwrap().unwrap().state, SubscriberState::Paused, "one alert is left");
    assert_eq!(subscription(store, first).await.name, before.name);
}

pub async fn what_was_never_confirmed_is_swept(store: &Store) {
    let (old, fresh) = (address("old"), address("fresh"));
    let wish = search("x", "daily");
    for (email, token, minutes) in [(&old, "a", 0), (&fresh, "b", 0), (&fresh, "c", 25 * 60)] {
        store.begin_subscription(sign_up(email, &wish, token, &consent(ConsentEvent::Requested, minutes))).await.unwrap();
    }
    let (id, kept) = somebody(store, "kept", "daily").await;
    store.begin_subscription(sign_up(&address("kept"), &wish, "d", &consent(ConsentEvent::Requested, 0))).await.unwrap();
    assert_eq!(store.sweep_unconfirmed(at(50), 1).await.unwrap(), 1);
    assert_eq!(store.sweep_unconfirmed(at(50), 100).await.unwrap(), 1);
    assert_eq!(store.sweep_unconfirmed(at(50), 100).await.unwrap(), 0);
    assert_eq!(store.subscriber_by_email(&old).await.unwrap(), None);
    assert!(store.token_subject("c", at(51)).await.unwrap().is_some());
    assert!(store.token_subject("d", at(51)).await.unwrap().is_none());
    assert_eq!(store.subscriptions_of(id).await.unwrap()[0].id, kept);
}

pub async fn an_erased_person_leaves_no_row(store: &Store) {
    let (id, alert) = somebody(store, "eve", "daily").await;
    welcome(store, alert, Some(at(60))).await;
    assert!(store.erase(id).await.unwrap());
    assert!(!store.erase(id).await.unwrap());
    assert_eq!(store.subscriber(id).await.unwrap(), None);
    assert_eq!(store.subscription(alert).await.unwrap(), None);
    assert!(store.consent_record(id).await.unwrap().is_empty());
    assert!(store.deliveries_of(id, 10).await.unwrap().is_empty());
    let (again, _) = somebody(store, "eve", "daily").await;
    assert!(again > id, "an id is never used twice");
    assert_eq!(store.subscribers(id, 10).await.unwrap().len(), 1);
}

pub async fn every_pause_ends_at_its_moment(store: &Store) {
    for (name, until) in [("one", Some(at(60))), ("two", Some(at(61))), ("three", None)] {
        let (id, _) = somebody(store, name, "daily").await;
        assert!(store.pause(id, until, &consent(ConsentEvent::Paused, 1)).await.unwrap());
    }
    assert_eq!(store.resume_due(at(59)).await.unwrap(), 0);
    assert_eq!(store.resume_due(at(60)).await.unwrap(), 1);
    let resumed = store.subscriber_by_email(&address("one")).await.unwrap().unwrap();
    assert_eq!((resumed.state, resumed.since, resumed.paused_until), (SubscriberState::Active, at(60), None));
    assert_eq!(store.consent_record(resumed.id).await.unwrap().last().unwrap().event, ConsentEvent::Resumed);
    assert_eq!(store.resume_due(at(999)).await.unwrap(), 1);
    assert_eq!(store.status(at(999)).await.unwrap().subscribers["paused"], 1);
}
