//! How long things are kept, and what a reader that stays does to the log.

use chrono::{DateTime, Duration, Utc};
use rolecall::clock::Clock;
use rolecall::domain::subscriber::ConsentEvent;
use rolecall::domain::{DeliveryEvent, DeliveryState};
use rolecall::pipeline::{RetentionSettings, SweepPass, SweepSummary};
use rolecall::store::{Ended, Farewell, Progress, Store};
use sqlx::{ConnectOptions as _, Connection as _};

use super::delivering::RULES;
use super::sqlite;
use super::words::{Fetch, at, consent, posting, publish, somebody, welcome};

async fn sweep(store: &Store, now: DateTime<Utc>) -> SweepSummary {
    let pass = SweepPass { store: store.clone(), rules: RULES, retention: RetentionSettings::default(), clock: Clock::manual(now) };
    pass.run().await.unwrap()
}

/// Delivers everything that waits; how many.
async fn deliver(store: &Store, now: DateTime<Utc>) -> usize {
    let claimed = store.claim(now, now + Duration::minutes(5), 100).await.unwrap();
    for one in &claimed {
        let id = one.delivery.id;
        store.record_progress(&[Progress { ended: None, begin: Some(id) }]).await.unwrap();
        let ended = Ended {
            delivery: id,
            from: DeliveryState::Sending,
            event: DeliveryEvent::Accepted,
            again_at: None,
            counts: true,
            detail: "taken".to_owned(),
            letter: None,
            charge: None,
            receiver: "other",
            at: now,
        };
        store.record_progress(&[Progress { ended: Some(ended), begin: None }]).await.unwrap();
    }
    claimed.len()
}

/// Letters, listings and people go when their time has come, not a day sooner; the counts by day stay.
pub async fn what_is_too_old_goes_and_the_counts_stay(store: &Store) {
    let days = |days: i64| at(0) + Duration::days(days);
    publish(store, "acme", 3).await;
    let (asha, alert) = somebody(store, "asha", "daily").await;
    let (_, other) = somebody(store, "bea", "daily").await;
    welcome(store, alert, None).await;
    welcome(store, other, None).await;
    assert_eq!(deliver(store, at(0)).await, 2);
    let known = store.known_listings("acme").await.unwrap();
    let ids: Vec<_> = known.values().map(|listing| listing.id).collect();
    Fetch { seen: vec![ids[0]], missing: ids[1..].to_vec(), minutes: 1, ..Fetch::default() }.record(store, "acme").await;
    assert!(store.end_subscription(alert, &consent(ConsentEvent::Unsubscribed, 2), Farewell::Silent).await.unwrap());

    assert_eq!(sweep(store, days(89)).await.forgotten.deliveries, 0);
    assert_eq!(sweep(store, days(91)).await.forgotten.deliveries, 2);
    assert_eq!(sweep(store, days(179)).await.forgotten.listings, 0);
    assert_eq!(sweep(store, days(181)).await.forgotten.listings, 2);
    assert_eq!(store.known_listings("acme").await.unwrap().len(), 1, "what is open stays");
    assert_eq!(sweep(store, days(3 * 365 - 1)).await.forgotten.people, 0);
    assert_eq!(sweep(store, days(3 * 365 + 1)).await.forgotten.people, 1);
    assert!(store.subscriber(asha).await.unwrap().is_none());
    assert_eq!(store.stock().await.unwrap().subscribers["active"], 1, "who did not leave stays");

    let letters = store.letters_by_day(at(0).date_naive()).await.unwrap();
    assert_eq!(letters[&at(0).date_naive()]["sent"], 2);
    assert_eq!(store.letters_by_receiver().await.unwrap(), [("sent".to_owned(), "other".to_owned(), 2)]);
    let people = store.people_by_day(days(3 * 365 + 1).date_naive()).await.unwrap();
    assert_eq!(people[&days(3 * 365 + 1).date_naive()]["active"], 1);
}

/// More than one step's worth goes in one sweep.
pub async fn a_sweep_goes_on_until_nothing_is_left(store: &Store) {
    publish(store, "acme", 1_200).await;
    let ids: Vec<_> = store.known_listings("acme").await.unwrap().values().map(|listing| listing.id).collect();
    Fetch { missing: ids, ..Fetch::default() }.record(store, "acme").await;
    assert_eq!(sweep(store, at(0) + Duration::days(200)).await.forgotten.listings, 1_200);
}

/// A source rests, beside whatever its state says.
pub async fn a_source_rests_until_it_is_resumed(store: &Store) {
    assert!(store.pause_source("acme", at(0)).await.unwrap());
    assert!(!store.pause_source("acme", at(1)).await.unwrap());
    publish(store, "acme", 1).await;
    assert_eq!(store.paused_sources().await.unwrap().into_iter().collect::<Vec<_>>(), ["acme"]);
    assert!(store.resume_source("acme").await.unwrap());
    assert!(!store.resume_source("acme").await.unwrap());
    assert_eq!(store.all_source_days(at(0).date_naive()).await.unwrap()["acme"].len(), 1);
}

#[tokio::test]
async fn a_reader_that_stays_lets_the_log_grow_only_until_it_leaves() {
    let folder = tempfile::tempdir().unwrap();
    let store = sqlite(folder.path(), "read").await;
    publish(&store, "before", 1).await;
    store.empty_log().await;
    let log = || store.file_sizes().unwrap().1;
    assert_eq!(log(), 0);
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(folder.path().join("data/read.db")).read_only(true);
    let mut reader = options.connect().await.unwrap();
    sqlx::query("BEGIN").execute(&mut reader).await.unwrap();
    let seen: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM listing").fetch_one(&mut reader).await.unwrap();
    for round in 0..6 {
        let read = (0..400).map(|n| posting(&format!("{round}-{n}"), &format!("engineer {round} {n}"))).collect();
        Fetch { read, ..Fetch::default() }.record(&store, "acme").await;
        store.empty_log().await;
    }
    let grown = log();
    assert!(grown > 1_000_000, "a reader of another program keeps it: {grown}");
    let same: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM listing").fetch_one(&mut reader).await.unwrap();
    assert_eq!(seen, same);
    reader.close().await.unwrap();
    store.empty_log().await;
    assert_eq!(log(), 0, "the next sweep empties it");
}
