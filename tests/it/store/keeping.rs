//! How long things are kept, and what a reader that stays does to the log.

use chrono::{DateTime, Duration, Utc};
use rolecall::clock::Clock;
use rolecall::domain::delivery::Blame;
use rolecall::domain::report::ReportKind;
use rolecall::domain::subscriber::{Circumstances, ConsentEvent, ConsentRecord};
use rolecall::domain::{DeliveryEvent, DeliveryState, SourceState};
use rolecall::pipeline::{RetentionSettings, SweepPass, SweepSummary};
use rolecall::store::{Begun, Ended, Farewell, NewReturn, Progress, Store, StoreError};
use sqlx::{ConnectOptions as _, Connection as _};

use super::delivering::{RULES, begin, end, ended};
use super::returning::says;
use super::sqlite;
use super::words::{Fetch, address, at, consent, posting, publish, search, sign_up, somebody, welcome};

async fn try_to_sweep(store: &Store, now: DateTime<Utc>) -> Result<SweepSummary, StoreError> {
    let pass = SweepPass { store: store.clone(), rules: RULES, retention: RetentionSettings::default(), clock: Clock::manual(now) };
    pass.run().await
}

async fn sweep(store: &Store, now: DateTime<Utc>) -> SweepSummary {
    try_to_sweep(store, now).await.unwrap()
}

async fn run_out(store: &Store, now: DateTime<Utc>) -> Vec<String> {
    store.run_out(now, &RetentionSettings::default().too_old(now)).await.unwrap()
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
            tried: true,
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

/// At a moment these kinds have run out, not a minute sooner, and a sweep leaves nothing of them.
async fn runs_out(store: &Store, moment: DateTime<Utc>, kinds: &[&str]) {
    let before = moment - Duration::minutes(1);
    sweep(store, before).await;
    assert_eq!(run_out(store, before).await, [""; 0], "before {kinds:?}");
    assert_eq!(run_out(store, moment).await, kinds);
    sweep(store, moment).await;
    assert_eq!(run_out(store, moment).await, [""; 0], "after {kinds:?}");
}

/// Gives a letter that waits to a worker, who reports how it ended.
async fn attempt(store: &Store, minutes: i64, event: DeliveryEvent, letter: Option<Vec<u8>>) {
    let claimed = store.claim(at(minutes), at(minutes + 5), 1).await.unwrap();
    let id = claimed[0].delivery.id;
    assert!(begin(store, id).await);
    let again_at = letter.as_ref().map(|_| minutes);
    end(store, Ended { letter, at: at(minutes), ..ended(id, event, again_at) }).await;
}

/// The one question of a sweep knows each kind from the minute on in which the statement that deals with it would find something.
pub async fn each_kind_is_swept_when_it_has_run_out(store: &Store) {
    let day = |days: i64, minutes: i64| at(minutes) + Duration::days(days);
    publish(store, "acme", 1).await;
    let (asha, alert) = somebody(store, "asha", "daily").await;
    runs_out(store, at(1), &[]).await;
    let gone = store.known_listings("acme").await.unwrap().values().map(|listing| listing.id).collect();
    Fetch { missing: gone, minutes: 5, ..Fetch::default() }.record(store, "acme").await;
    welcome(store, alert, None).await;
    assert_eq!(store.claim(at(6), at(10), 1).await.unwrap().len(), 1);
    runs_out(store, at(10), &["claims"]).await;
    attempt(store, 11, DeliveryEvent::Unanswered, Some(b"as it went out".to_vec())).await;
    assert_eq!(run_out(store, at(11)).await, [""; 0]);
    attempt(store, 12, DeliveryEvent::Accepted, None).await;
    assert_eq!(run_out(store, at(12)).await, ["letters"]);

    assert!(store.pause(asha, Some(at(20)), &consent(ConsentEvent::Paused, 14)).await.unwrap());
    runs_out(store, at(20), &["pauses"]).await;
    let circumstances = Circumstances { client: Some("somewhere".into()), client_until: Some(at(30)), ..Circumstances::default() };
    let asked = ConsentRecord { circumstances, ..consent(ConsentEvent::Requested, 21) };
    let begun = store.begin_subscription(sign_up(&address("ben"), &search("x", "daily"), "token", &asked)).await.unwrap();
    assert!(matches!(begun, Begun::Queued(_)));
    assert_eq!(run_out(store, at(21)).await, ["the count of people"]);
    runs_out(store, at(30), &["clients"]).await;
    let report = says(ReportKind::Other, Blame::Relay);
    let mail = NewReturn { report: &report, mail_digest: "one", delivery: None, subscriber: None, mail: Some("Hello?"), at: at(40) };
    store.record_return(&mail).await.unwrap();

    runs_out(store, day(7, 22), &["sign-ups"]).await;
    runs_out(store, day(30, 20), &["silences"]).await;
    runs_out(store, day(30, 41), &["mails"]).await;
    runs_out(store, day(90, 6), &["events"]).await;
    runs_out(store, day(90, 13), &["deliveries"]).await;
    runs_out(store, day(90, 41), &["returned"]).await;
    runs_out(store, day(90, 16 * 60), &["days of sources", "the count of people"]).await;
    runs_out(store, day(166, 14), &["signs of life"]).await;
    assert_eq!(deliver(store, day(166, 20)).await, 2, "the question, and that the alert brought nothing");
    runs_out(store, day(180, 6), &["listings"]).await;
    runs_out(store, day(180, 20), &["answers"]).await;
    runs_out(store, day(256, 21), &["deliveries"]).await;
    runs_out(store, day(365, 22), &["mailboxes"]).await;
    runs_out(store, day(180 + 3 * 365, 21), &["people"]).await;
    assert!(store.subscriber(asha).await.unwrap().is_none());
}

#[tokio::test]
async fn a_sweep_that_finds_nothing_begins_no_transaction_that_writes() {
    let folder = tempfile::tempdir().unwrap();
    let store = sqlite(folder.path(), "quiet").await;
    somebody(&store, "asha", "daily").await;
    sweep(&store, at(1)).await;
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(folder.path().join("data/quiet.db"));
    let mut other = options.connect().await.unwrap();
    sqlx::query("BEGIN IMMEDIATE").execute(&mut other).await.unwrap();
    let patience = std::time::Duration::from_secs(1);
    let quiet = tokio::time::timeout(patience, try_to_sweep(&store, at(2))).await.expect("it waits for nobody who writes");
    assert_eq!(quiet.unwrap(), SweepSummary::default());
    let tomorrow = at(2) + Duration::days(1);
    assert!(tokio::time::timeout(patience, try_to_sweep(&store, tomorrow)).await.is_err(), "people are counted each day, which is a write");
    other.close().await.unwrap();
}

/// A source rests, beside whatever its state says.
pub async fn a_source_rests_until_it_is_resumed(store: &Store) {
    assert!(store.pause_source("acme", at(0)).await.unwrap());
    assert!(!store.pause_source("acme", at(1)).await.unwrap());
    publish(store, "acme", 1).await;
    assert_eq!(store.paused_sources().await.unwrap().into_iter().collect::<Vec<_>>(), ["acme"]);
    assert!(store.resume_source("acme", at(1)).await.unwrap());
    assert!(!store.resume_source("acme", at(1)).await.unwrap());
    let waits = SourceState { not_before: Some(at(9)), failures: 3, ..store.source_state("acme").await.unwrap() };
    store.save_source_state("acme", &waits, at(1)).await.unwrap();
    assert!(!store.resume_source("acme", at(9)).await.unwrap(), "its wait is over");
    assert!(store.resume_source("acme", at(2)).await.unwrap());
    assert_eq!(store.source_state("acme").await.unwrap(), SourceState { not_before: None, ..waits });
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
