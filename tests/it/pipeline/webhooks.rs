//! Alerts that are posted to programs, by real HTTP: signed, once, again under the same id, and never in anybody's way.

use std::time::{Duration, Instant};

use rolecall::domain::webhook::{CallFault, Reach, WebhookUrl};
use rolecall::domain::{DeliveryKind, DurationText, SubscriptionId};
use rolecall::pipeline::WebhookSummary;
use rolecall::sources::{FetchSettings, Poster, WebhookSettings};
use tokio_util::sync::CancellationToken;

use super::{DAILY_IN_PUNE, House, INSTANT, moment};
use crate::receiver::{Answer, Receiver};
use crate::support::skipped;

/// Posts inside the network, and waits so long.
fn open_poster(seconds: u64) -> Option<Poster> {
    let timeout = DurationText::from_secs(seconds);
    let settings = WebhookSettings { allow_private_addresses: true, timeout, ..WebhookSettings::default() };
    Poster::new(&settings, &FetchSettings::default()).unwrap()
}

impl House {
    /// A house that posts, with one daily alert of the 22nd.
    async fn posting() -> (Self, SubscriptionId) {
        let mut house = Self::new("2026-11-22T12:00:00Z").await;
        house.webhook.poster = open_poster(2);
        let alert = house.welcomed("asha@example.org", DAILY_IN_PUNE).await;
        (house, alert)
    }

    /// Gives an alert a webhook; its secret.
    async fn hook(&self, alert: SubscriptionId, url: &str) -> String {
        let url = WebhookUrl::parse(url, Reach::Anywhere).unwrap();
        self.consent.keep_webhook(alert, &url, "test").await.unwrap().unwrap().text()
    }

    async fn post(&self) -> WebhookSummary {
        self.webhook.run(&CancellationToken::new()).await.unwrap()
    }

    /// The 23rd, eight in Pune: two jobs are due, mailed and queued for the webhook.
    async fn jobs_are_due(&self) {
        self.jobs(&["1", "2"]).await;
        self.at("2026-11-23T02:30:00Z").await;
    }

    fn later(&self, seconds: i64) {
        self.clock.set(self.clock.now() + chrono::Duration::seconds(seconds));
    }

    /// Whether a letter says that posting is off.
    async fn told_that_it_is_off(&self) -> bool {
        self.pass().await;
        self.letters().iter().any(|letter| letter.list.as_ref().is_some_and(|list| list.kind == DeliveryKind::Webhook))
    }
}

#[tokio::test]
async fn what_an_alert_brings_is_posted_once_and_signed_and_the_mail_goes_on() {
    let (house, alert) = House::posting().await;
    let receiver = Receiver::start([]).await;
    let old = house.hook(alert, &receiver.url).await;
    let secret = house.hook(alert, &receiver.url).await;
    house.jobs_are_due().await;
    assert_eq!(house.letters().len(), 2, "welcome and digest");
    assert_eq!(house.post().await, WebhookSummary { taken: 1, ..WebhookSummary::default() });
    let call = receiver.calls().remove(0);
    assert!(call.is_signed_by(&secret) && !call.is_signed_by(&old), "{call:?}");
    assert_eq!(call.header("webhook-timestamp"), house.clock.now().timestamp().to_string());
    assert!(call.header("content-type") == "application/json" && call.header("user-agent").starts_with("rolecall/"), "{call:?}");
    let body = call.json();
    assert_eq!((&body["type"], &body["data"]["alert"]["name"], &body["data"]["total"]), (&"alert.due".into(), &"Rust".into(), &2.into()));
    let listings = body["data"]["listings"].as_array().unwrap();
    assert_eq!(listings.len(), 2);
    assert!(listings[0]["page"].as_str().unwrap().starts_with("https://jobs.example.org/jobs/"), "{body}");
    assert!(listings[0]["facts"]["skills"].to_string().contains("rust") && listings[0]["fits"] == serde_json::json!(["skills"]), "{body}");
    let kept = house.store.webhook(alert).await.unwrap().unwrap();
    assert_eq!((kept.worked_at, kept.waiting, kept.fault), (Some(house.clock.now()), 0, None));

    house.at("2026-11-24T02:30:00Z").await;
    house.post().await;
    assert_eq!(receiver.calls().len(), 1, "nothing new, no call; nothing twice");
}

#[tokio::test]
async fn a_call_that_fails_is_posted_again_under_its_id_after_longer_and_longer_waits() {
    let (house, alert) = House::posting().await;
    let elsewhere = Receiver::start([]).await;
    let redirect = Answer::With(307, "location", elsewhere.url.clone());
    let asks_for_rest = Answer::With(503, "retry-after", "600".to_owned());
    let receiver = Receiver::start([redirect, Answer::Status(500), asks_for_rest, Answer::Silence]).await;
    let secret = house.hook(alert, &receiver.url).await;
    house.jobs_are_due().await;
    for (wait, calls) in [(0, 1), (9, 1), (1, 2), (59, 2), (1, 3), (599, 3), (1, 4), (30 * 60, 5), (86_400, 5)] {
        house.later(wait);
        house.post().await;
        assert_eq!(receiver.calls().len(), calls, "after {wait} s more");
        let kept = house.store.webhook(alert).await.unwrap().unwrap();
        match calls {
            1 => assert_eq!((kept.fault, kept.detail.as_deref()), (Some(CallFault::Refused), Some("HTTP 307"))),
            4 => assert_eq!((kept.fault, kept.failures), (Some(CallFault::Slow), 4)),
            5 => assert_eq!((kept.fault, kept.failures, kept.failing_since), (None, 0, None)),
            _ => {}
        }
    }
    let calls = receiver.calls();
    assert!(calls.iter().all(|call| call.id() == calls[0].id() && call.json() == calls[0].json() && call.is_signed_by(&secret)));
    assert!(elsewhere.calls().is_empty(), "a redirect is not followed");
}

#[tokio::test]
async fn gone_switches_it_off_at_once_and_its_owner_is_told_and_may_switch_it_on_again() {
    let (house, alert) = House::posting().await;
    let receiver = Receiver::start([Answer::Status(410)]).await;
    house.hook(alert, &receiver.url).await;
    house.jobs_are_due().await;
    assert_eq!(house.post().await, WebhookSummary { given_up: 1, switched_off: 1, ..WebhookSummary::default() });
    assert!(house.told_that_it_is_off().await);
    let letter = house.letters().pop().unwrap();
    assert!(
        letter.subject == "Posting is switched off: Rust" && letter.text.contains("127.0.0.1, which now says that it is gone"),
        "{letter:?}"
    );
    assert!(!letter.text.contains("s3cret") && !letter.html.contains("s3cret"), "the path may be secret");
    house.jobs(&["3"]).await;
    house.at("2026-11-24T02:30:00Z").await;
    house.post().await;
    assert_eq!(receiver.calls().len(), 1, "what comes while it is off is mailed only");

    assert!(house.consent.test_webhook(alert).await.unwrap() && house.consent.test_webhook(alert).await.unwrap());
    assert_eq!(house.post().await.taken, 1, "one test, however often the button is pressed");
    assert_eq!(receiver.calls()[1].json()["type"], "webhook.test");
    assert_eq!(house.store.webhook(alert).await.unwrap().unwrap().off_at, None);
}

#[tokio::test]
async fn one_that_takes_nothing_for_days_is_given_up_with_what_waits_and_ended_with_its_alert() {
    let (house, alert) = House::posting().await;
    let receiver = Receiver::start(vec![Answer::Status(500); 50]).await;
    house.hook(alert, &receiver.url).await;
    house.jobs_are_due().await;
    house.post().await;
    house.jobs(&["3"]).await;
    house.at("2026-11-24T02:30:00Z").await;
    assert_eq!(house.store.webhook(alert).await.unwrap().unwrap().waiting, 2);
    let mut total = WebhookSummary::default();
    while let Some(due) = house.store.next_call_due().await.unwrap() {
        house.clock.set(due.max(house.clock.now()));
        total = house.post().await;
    }
    let off = house.store.webhook(alert).await.unwrap().unwrap();
    let lasted = off.off_at.unwrap() - moment("2026-11-23T02:30:00Z");
    assert!(lasted >= chrono::Duration::days(3) && lasted < chrono::Duration::days(6), "{lasted}");
    assert_eq!((total.switched_off, off.waiting, off.detail.as_deref()), (1, 0, Some("HTTP 500")));
    assert!(house.told_that_it_is_off().await);
    assert!(receiver.calls().len() < 20, "{}", receiver.calls().len());
    house.consent.unsubscribe(alert, "test").await.unwrap();
    assert_eq!(house.store.webhook(alert).await.unwrap(), None);
}

#[tokio::test]
async fn a_slow_receiver_holds_up_neither_the_mail_nor_another_receiver_nor_another_alert_of_its_host() {
    let (mut house, slow) = House::posting().await;
    house.webhook.poster = open_poster(8);
    let fast = house.welcomed("ravi@example.org", DAILY_IN_PUNE).await;
    let (silent, receiver) = (Receiver::start(vec![Answer::Silence; 9]).await, Receiver::start([]).await);
    house.hook(slow, &silent.url).await;
    house.hook(fast, &receiver.url.replace("127.0.0.1", "localhost")).await;
    house.jobs(&["1"]).await;
    house.clock.set(moment("2026-11-23T02:30:00Z"));
    house.alert.run().await.unwrap();
    let webhook = house.webhook.clone();
    let posting = tokio::spawn(async move { webhook.run(&CancellationToken::new()).await.unwrap() });
    silent.wait_for(1).await;
    house.deliver.run(&CancellationToken::new()).await.unwrap();
    assert_eq!(house.letters().len(), 4, "two welcomes, two digests");
    receiver.wait_for(1).await;
    assert!(!posting.is_finished(), "the silent one is still waited for");
    tokio::time::sleep(Duration::from_millis(300)).await;
    let late = house.welcomed("tara@example.org", INSTANT).await;
    house.hook(late, &receiver.url).await;
    house.consent.test_webhook(late).await.unwrap();
    receiver.wait_for(2).await;
    assert!(!posting.is_finished(), "what falls due meanwhile is posted meanwhile");
    assert_eq!(posting.await.unwrap(), WebhookSummary { taken: 2, retrying: 1, ..WebhookSummary::default() });
}

#[tokio::test]
async fn calls_to_one_host_keep_a_distance_and_all_of_them_come() {
    let (house, _) = House::posting().await;
    let receiver = Receiver::start([]).await;
    for n in 0..4 {
        let alert = house.welcomed(&format!("reader{n}@example.org"), DAILY_IN_PUNE).await;
        house.hook(alert, &receiver.url).await;
    }
    house.jobs_are_due().await;
    let begun = Instant::now();
    while receiver.calls().len() < 4 {
        house.post().await;
        house.later(1);
        assert!(begun.elapsed() < Duration::from_secs(30));
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
    let at: Vec<Instant> = receiver.calls().iter().map(|call| call.at).collect();
    assert!(at.windows(2).all(|pair| pair[1] - pair[0] > Duration::from_millis(150)), "{at:?}");
}

/// A name of this machine that only its own resolver knows.
fn own_name() -> Option<String> {
    let hosts = std::fs::read_to_string("/etc/hosts").ok()?;
    let inside = hosts.lines().filter(|line| line.starts_with("127.") || line.starts_with("::1"));
    let mut names =
        inside.flat_map(|line| line.split_whitespace().skip(1)).filter(|name| !name.contains("localhost") || name.starts_with("ip6"));
    names.next().map(str::to_owned)
}

#[tokio::test]
async fn nothing_is_posted_inside_the_network_whatever_the_address_is_called() {
    let (mut house, alert) = House::posting().await;
    let listener = tokio::net::TcpListener::bind("0.0.0.0:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let settings = WebhookSettings { ports: vec![port], ..WebhookSettings::default() };
    house.webhook.poster = Poster::new(&settings, &FetchSettings::default()).unwrap();
    let literal = ["127.0.0.1", "2130706433", "[::1]", "[::ffff:127.0.0.1]", "169.254.169.254", "localhost", "10.0.0.1"];
    let mut addresses: Vec<String> = literal.iter().map(|host| format!("https://{host}:{port}/")).collect();
    match own_name() {
        Some(name) => addresses.push(format!("https://{name}:{port}/")),
        None => skipped("a name that leads inside", "/etc/hosts has none"),
    }
    addresses.push("https://example.org:25/".to_owned());
    for address in addresses {
        house.hook(alert, &address).await;
        house.consent.test_webhook(alert).await.unwrap();
        house.post().await;
        let kept = house.store.webhook(alert).await.unwrap().unwrap();
        assert_eq!(kept.fault, Some(CallFault::Forbidden), "{address}: {kept:?}");
        house.later(1);
    }
    let visit = tokio::time::timeout(Duration::from_millis(50), listener.accept()).await;
    assert!(visit.is_err(), "somebody came");
}

#[tokio::test]
async fn what_waits_during_a_pause_is_posted_after_it_and_what_has_closed_is_not() {
    let (house, alert) = House::posting().await;
    let receiver = Receiver::start([Answer::Status(500)]).await;
    house.hook(alert, &receiver.url).await;
    house.jobs_are_due().await;
    house.post().await;
    let person = house.store.subscription(alert).await.unwrap().unwrap().subscriber;
    house.consent.pause(person, None, "test").await.unwrap();
    house.later(60);
    assert_eq!((house.post().await, house.store.next_call_due().await.unwrap()), (WebhookSummary::default(), None));
    house.consent.resume(person, "test").await.unwrap();
    let open = house.store.known_listings("board").await.unwrap();
    house.publish(&[], rolecall::store::Audience::Alerts, &[open["1"].id]).await;
    assert_eq!(house.post().await.taken, 1);
    assert_eq!(receiver.calls()[1].json()["data"]["listings"].as_array().unwrap().len(), 1);
}
