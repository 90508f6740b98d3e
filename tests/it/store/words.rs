//! The words in which the stories are told.

use chrono::{DateTime, Duration, TimeZone as _, Utc};
use rolecall::domain::delivery::Digest;
use rolecall::domain::subscriber::{Circumstances, ConsentEvent, ConsentRecord};
use rolecall::domain::{
    DeliveryKind, EmailAddress, Facts, Fingerprint, Language, ListingId, NewDelivery, NewListing, NewSubscription, Posting, Preferences,
    Selection, Seq, SourceState, SubscriberId, Subscription, SubscriptionId, Window, Words,
};
use rolecall::store::{Audience, Decision, FetchRecord, FetchSummary, ReadPosting, Store, SubscribeRequest};

/// Monday, 4 May 2026, 08:00 UTC, and so many minutes.
pub fn at(minutes: i64) -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 5, 4, 8, 0, 0).unwrap() + Duration::minutes(minutes)
}

pub fn address(name: &str) -> EmailAddress {
    EmailAddress::parse(&format!("{name}@example.org")).unwrap()
}

pub fn search(name: &str, frequency: &str) -> NewSubscription {
    let preferences: Preferences = serde_json::from_str(r#"{"skills": {"any": ["rust"]}, "keywords": "kafka"}"#).unwrap();
    let delivery = format!(r#"{{"frequency": "{frequency}", "at": "09:00", "time_zone": "Europe/Berlin"}}"#);
    NewSubscription { name: name.to_owned(), preferences, cadence: serde_json::from_str(&delivery).unwrap() }
}

pub fn consent(event: ConsentEvent, minutes: i64) -> ConsentRecord {
    ConsentRecord {
        event,
        at: at(minutes),
        origin: "web".to_owned(),
        detail: "I want these alerts".to_owned(),
        circumstances: Circumstances::default(),
    }
}

/// A posting as read: the same title makes the same fingerprint.
pub fn posting(id: &str, title: &str) -> ReadPosting {
    let text = format!("{title} at Acme. We write Rust.");
    let found = |value: &str| format!(r#"{{"value": {value}, "evidence": {title:?}, "certainty": "stated"}}"#);
    let facts: Facts =
        serde_json::from_str(&format!(r#"{{"role": {}, "is_backend": {}}}"#, found("\"backend_engineer\""), found("true"))).unwrap();
    let listing = NewListing {
        posting: Posting {
            id: id.to_owned(),
            title: title.to_owned(),
            company: Some("Acme".to_owned()),
            description: Some(text.clone()),
            ..Posting::default()
        },
        facts,
        words: Words::of(title, Some("Acme"), &text),
        text,
        fingerprint: Fingerprint(format!("acme/{title}")),
        content_hash: format!("content of {title}"),
        posted_at: None,
        valid_through: None,
    };
    ReadPosting { listing, posting_hash: format!("posting {id} {title}"), row_hash: None, likeness: None }
}

/// What one fetch of a story brings.
#[derive(Default)]
pub struct Fetch {
    pub read: Vec<ReadPosting>,
    pub seen: Vec<ListingId>,
    pub missing: Vec<ListingId>,
    pub quiet: bool,
    pub minutes: i64,
}

impl Fetch {
    pub async fn record(self, store: &Store, source: &str) -> FetchSummary {
        let audience = if self.quiet { Audience::Quiet } else { Audience::Alerts };
        let state = SourceState { last_yield: Some(7), last_success_at: Some(at(self.minutes)), ..SourceState::default() };
        let Self { mut read, seen, missing, minutes, .. } = self;
        for posting in &mut read {
            source.clone_into(&mut posting.listing.posting.source);
        }
        store
            .record_fetch(FetchRecord { source, read, seen, missing, reread: Vec::new(), audience, state: &state, now: at(minutes) })
            .await
            .unwrap()
    }
}

/// Publishes so many listings.
pub async fn publish(store: &Store, source: &str, count: usize) {
    let read = (0..count).map(|n| posting(&format!("{source}-{n}"), &format!("{source} engineer {n}"))).collect();
    let summary = Fetch { read, ..Fetch::default() }.record(store, source).await;
    assert_eq!(summary.new as usize, count);
}

/// Somebody with a confirmed subscription.
pub async fn somebody(store: &Store, name: &str, frequency: &str) -> (SubscriberId, SubscriptionId) {
    let consent = consent(ConsentEvent::AddedByOperator, 0);
    store.add_confirmed(&address(name), &search("Rust", frequency), &consent).await.unwrap()
}

pub async fn subscription(store: &Store, id: SubscriptionId) -> Subscription {
    store.subscription(id).await.unwrap().expect("it has not ended")
}

/// A letter with one listing of a window.
pub fn letter(subscriber: SubscriberId, subscription: SubscriptionId, kind: DeliveryKind, window: Window) -> NewDelivery {
    let selection = Selection { shown: vec![ListingId(1)], total: 1, ..Selection::default() };
    let digest = Some(Digest { window, selection });
    NewDelivery { subscriber, subscription: Some(subscription), kind, due_at: at(0), digest, secret: None }
}

/// The decision that moves a cursor from where it stands and writes a letter.
pub fn decision(from: &Subscription, to: Seq, kind: DeliveryKind) -> Decision {
    let window = Window { after: from.cursor, until: to };
    let delivery = Some(letter(from.subscriber, from.id, kind, window));
    Decision { subscription: from.id, from: from.cursor, to, due_at: Some(at(24 * 60)), delivery, news: None, carries: Vec::new() }
}

/// Queues the welcome of a subscription, so that it is decided from now on.
pub async fn welcome(store: &Store, id: SubscriptionId, due_at: Option<DateTime<Utc>>) {
    let standing = subscription(store, id).await;
    let decision = Decision { due_at, ..decision(&standing, standing.cursor, DeliveryKind::Welcome) };
    assert_eq!(store.commit_decisions(&[decision], at(0)).await.unwrap().taken, 1);
}

/// A sign-up whose token is named.
pub fn sign_up<'a>(
    email: &'a EmailAddress,
    subscription: &'a NewSubscription,
    token: &'a str,
    consent: &'a ConsentRecord,
) -> SubscribeRequest<'a> {
    SubscribeRequest {
        email,
        email_digest: "digest of the address",
        subscription,
        token,
        token_digest: token,
        token_until: consent.at + Duration::hours(48),
        consent,
        most_unanswered: 3,
        mailbox: email.as_str(),
        mails_since: consent.at - Duration::hours(24),
        language: Language::English,
    }
}
