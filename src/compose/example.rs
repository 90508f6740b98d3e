//! Letters as an example, for whoever wants to see one before anybody gets it: what is in them is made up.

use chrono::{DateTime, Duration, Utc};
use serde::Deserialize;

use crate::compose::letter::{AlertLetter, LetterListing, Reading, RenewalLetter, SilenceLetter, WebhookLetter};
use crate::compose::report::{OperatorReport, SourceTrouble};
use crate::compose::templates::Fault;
use crate::compose::writer::Writer;
use crate::domain::cadence::{Cadence, Rhythm};
use crate::domain::delivery::{Delivery, DeliveryId, DeliveryKind};
use crate::domain::delivery_state::DeliveryState;
use crate::domain::digest::{Criterion, Reason, Verdict};
use crate::domain::email::EmailAddress;
use crate::domain::facts::Facts;
use crate::domain::listing::{Fingerprint, Listing, ListingId, Seq};
use crate::domain::listing_event::{Difference, ListingEvent, ListingEventKind, ListingPart};
use crate::domain::message::Message;
use crate::domain::posting::Posting;
use crate::domain::source::{FetchFault, Health};
use crate::domain::subscriber::{Subscriber, SubscriberId};
use crate::domain::subscription::{Alert, Subscription, SubscriptionId};
use crate::domain::webhook::{CallFault, Webhook};
use crate::domain::words::Words;

const TEXT: &str = include_str!("example.json");
/// Every example is of this subscriber, alert and delivery: no row has the number.
const NOBODY: i64 = 0;
/// How many fit that are not shown.
const MORE: u32 = 6;

#[derive(Deserialize)]
struct Told {
    alert: Alert,
    listings: Vec<ToldListing>,
}

#[derive(Deserialize)]
struct ToldListing {
    posting: Posting,
    text: String,
    facts: Facts,
    fits: Vec<(Criterion, String)>,
    unstated: Vec<Criterion>,
    hours: i64,
}

/// The example of a kind.
pub(in crate::compose) fn letter(writer: &Writer, kind: DeliveryKind, to: &EmailAddress, now: DateTime<Utc>) -> Result<Message, Fault> {
    let told: Told = serde_json::from_str(TEXT).expect("the embedded example reads; a test writes every letter from it");
    let (delivery, mut subscription) = (delivery(kind, now), subscription(told.alert, now));
    if kind == DeliveryKind::Instant {
        subscription.cadence = Cadence::new(Rhythm::Instant, subscription.cadence.zone());
    }
    let (delivery, subscription) = (&delivery, &subscription);
    let confirmed_at = Some(now - Duration::days(200));
    match kind {
        DeliveryKind::Confirmation => writer.confirmation(delivery, to, "EXAMPLE-OF-A-TOKEN"),
        DeliveryKind::Link => writer.link(delivery, to),
        DeliveryKind::Goodbye => writer.goodbye(delivery, to),
        DeliveryKind::Renewal => {
            let alive_at = now - Duration::days(Subscriber::ASKED_AFTER_DAYS);
            writer.renewal(&RenewalLetter { delivery, to, alerts: std::slice::from_ref(subscription), confirmed_at, alive_at })
        }
        DeliveryKind::Silence => {
            let keeps_away = vec![(Criterion::Place, 31), (Criterion::Skills, 4), (Criterion::WorkMode, 1)];
            writer.silence(&SilenceLetter { delivery, to, subscription, confirmed_at, published: 412, keeps_away })
        }
        DeliveryKind::Webhook => writer.webhook(&WebhookLetter { delivery, to, subscription, confirmed_at, webhook: &webhook(now) }),
        DeliveryKind::Welcome | DeliveryKind::Instant | DeliveryKind::Digest => {
            let listings: Vec<(Listing, Vec<Reason>)> =
                told.listings.into_iter().zip(1..).map(|(told, id)| listing(told, id, now)).collect();
            let since = if kind == DeliveryKind::Digest { since(&listings[0].0, now) } else { Vec::new() };
            let mut letter = AlertLetter {
                delivery,
                to,
                subscription,
                confirmed_at,
                listings: listings
                    .iter()
                    .map(|(listing, reasons)| LetterListing { listing, reading: Reading::new(), reasons: reasons.clone(), also: vec![] })
                    .collect(),
                since,
                more: vec![("Acme Payments".to_owned(), 3), ("Globex".to_owned(), 2)],
                total: 3 + MORE,
                closed: 0,
                now,
            };
            if kind == DeliveryKind::Instant {
                letter.listings.truncate(1);
                (letter.total, letter.more) = (1, vec![]);
            }
            writer.alert(&letter)
        }
    }
}

/// The example of the report to the operator.
pub(in crate::compose) fn report(writer: &Writer, to: &EmailAddress, now: DateTime<Utc>) -> Result<Message, Fault> {
    let health = Health::Faulty { fault: FetchFault::Gone, text: "404 Not Found".to_owned(), since: now - Duration::days(2) };
    let (name, kind, last_success_at) = ("acme".to_owned(), "greenhouse".to_owned(), Some(now - Duration::days(2)));
    writer.report(&OperatorReport {
        to: to.clone(),
        now,
        sources: 12,
        wrong: vec![SourceTrouble { name, kind, health, last_success_at }],
        sending: Vec::new(),
    })
}

fn delivery(kind: DeliveryKind, now: DateTime<Utc>) -> Delivery {
    Delivery {
        id: DeliveryId(NOBODY),
        subscriber: SubscriberId(NOBODY),
        subscription: Some(SubscriptionId(NOBODY)),
        kind,
        state: DeliveryState::Sending,
        attempts: 1,
        unanswered: 0,
        created_at: now,
        digest: None,
        secret: None,
    }
}

fn subscription(alert: Alert, now: DateTime<Utc>) -> Subscription {
    Subscription {
        id: SubscriptionId(NOBODY),
        subscriber: SubscriberId(NOBODY),
        name: alert.name,
        preferences: alert.preferences,
        cadence: alert.delivery.expect("the embedded example says when it is due"),
        feedback: Vec::new(),
        cursor: Seq(0),
        due_at: None,
        welcomed: true,
        created_at: now,
    }
}

/// One that failed for three days.
fn webhook(now: DateTime<Utc>) -> Webhook {
    Webhook {
        alert: SubscriptionId(NOBODY),
        url: "https://hooks.example.org/jobs".to_owned(),
        created_at: now - Duration::days(60),
        worked_at: Some(now - Duration::days(4)),
        failures: 11,
        failing_since: Some(now - Duration::days(4)),
        fault: Some(CallFault::Refused),
        detail: Some("HTTP 500".to_owned()),
        off_at: Some(now),
        waiting: 0,
        nonce: String::new(),
    }
}

fn listing(told: ToldListing, id: i64, now: DateTime<Utc>) -> (Listing, Vec<Reason>) {
    let reason = |criterion, verdict, found| Reason { criterion, verdict, wish: String::new(), found, evidence: String::new() };
    let fits = told.fits.into_iter().map(|(criterion, found)| reason(criterion, Verdict::Holds, found));
    let unstated = told.unstated.into_iter().map(|criterion| reason(criterion, Verdict::Unknown, String::new()));
    let reasons = fits.chain(unstated).collect();
    let listing = Listing {
        id: ListingId(id),
        seq: Seq(id),
        quiet: false,
        posting: told.posting,
        text: told.text,
        words: Words::default(),
        facts: told.facts,
        fingerprint: Fingerprint(String::new()),
        first_seen: now - Duration::hours(told.hours),
        last_seen: now,
        posted_at: None,
        valid_through: None,
        closed_at: None,
    };
    (listing, reasons)
}

/// One job that closed and one whose pay changed.
fn since(listing: &Listing, now: DateTime<Utc>) -> Vec<(Listing, ListingEvent)> {
    let event = |kind, differences| ListingEvent { listing: listing.id, kind, happened_at: now, differences };
    let titled = |title: &str| {
        let mut listing = listing.clone();
        title.clone_into(&mut listing.posting.title);
        listing
    };
    let pay = Difference { part: ListingPart::Pay, before: None, after: Some("30-40 LPA".to_owned()) };
    vec![
        (titled("Ledger Engineer"), event(ListingEventKind::Closed, vec![])),
        (titled("Staff Engineer, Settlements"), event(ListingEventKind::Changed, vec![pay])),
    ]
}
