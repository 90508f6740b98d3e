//! A served page over a store of its own, spoken to over real HTTP, with a clock that is moved by hand.

use std::sync::Arc;

use chrono::{DateTime, Duration, Utc};
use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use rolecall::clock::Clock;
use rolecall::compose::{Composer, ServiceNames};
use rolecall::consent::Consent;
use rolecall::domain::token::Claims;
use rolecall::domain::{
    Caps, DeliveryId, DeliveryKind, Language, Posting, Rates, Signer, SourceState, SubscriberId, SubscriptionId, TokenPurpose,
};
use rolecall::extract::Extractor;
use rolecall::pipeline::LetterDesk;
use rolecall::store::{Audience, Claimed, DatabaseSettings, FetchRecord, ReadPosting, Store};
use rolecall::web::{Listener, Serving, WebSettings, WebState, router, serve};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

/// A service with a page.
pub struct Site {
    pub url: String,
    pub store: Store,
    pub consent: Consent,
    pub signer: Signer,
    pub clock: Clock,
    pub tally: rolecall::tally::Tally,
    pub pulse: rolecall::pulse::Pulse,
    pub desk: LetterDesk,
    pub stop: CancellationToken,
    pub served: tokio::task::JoinHandle<()>,
    /// What its visitors have chosen to read.
    pub speaks: Language,
    client: reqwest::Client,
    folder: tempfile::TempDir,
}

/// An answer, read to its end.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Answer {
    /// Whether the page holds these words.
    pub fn has(&self, words: &str) -> bool {
        self.body.contains(words)
    }
}

pub fn noon() -> DateTime<Utc> {
    DateTime::parse_from_rfc3339("2026-11-22T12:00:00Z").unwrap().with_timezone(&Utc)
}

impl Site {
    pub async fn start() -> Self {
        Self::with(WebSettings::default()).await
    }

    pub async fn with(settings: WebSettings) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("rolecall.db").display());
        let store = Store::open(&DatabaseSettings { url }).await.unwrap();
        let (clock, signer) = (Clock::manual(noon()), Signer::new(b"a secret of this test"));
        let consent = Consent::new(store.clone(), clock.clone(), signer.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (tally, pulse) = (rolecall::tally::Tally::default(), rolecall::pulse::Pulse::default());
        let desk = desk(&store, &signer);
        let state = WebState {
            store: store.clone(),
            consent: consent.clone(),
            signer: signer.clone(),
            clock: clock.clone(),
            rates: Rates::default(),
            tally: tally.clone(),
            pulse: pulse.clone(),
            desk: desk.clone(),
            webhooks: Some(rolecall::domain::webhook::Reach::Public),
            service_name: "Rolecall".to_owned(),
            sources: vec![("acme".to_owned(), "greenhouse".to_owned())],
            intake: tokio::sync::mpsc::channel(1).0,
            base_url: "https://jobs.example.org/".parse().unwrap(),
        };
        let (stop, pages) = (CancellationToken::new(), router(state, &settings));
        let served = tokio::spawn({
            let stop = stop.clone();
            async move { serve(Listener::Tcp(listener).into(), watch::channel(Serving { router: pages, settings }).1, stop).await }
        });
        let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy().build().unwrap();
        Self { url, store, consent, signer, clock, tally, pulse, desk, stop, served, speaks: Language::English, client, folder }
    }

    pub async fn send(&self, method: reqwest::Method, path: &str, headers: &[(&'static str, &str)], body: String) -> Answer {
        let mut request = self.client.request(method, format!("{}{path}", self.url)).body(body);
        if self.speaks != Language::English {
            request = request.header("cookie", format!("lang={}", self.speaks));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        Answer { status, headers, body: response.text().await.unwrap() }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(reqwest::Method::GET, path, &[], String::new()).await
    }

    /// Sends a form as a browser on the page does.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let stamp = matches!(path, "/subscribe" | "/link").then(|| ("stamp", self.stamp()));
        let stamp = stamp.iter().map(|(name, stamp)| (*name, stamp.as_str()));
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields.iter().copied().chain(stamp)).finish();
        let headers = [("content-type", "application/x-www-form-urlencoded"), ("sec-fetch-site", "same-origin")];
        self.send(reqwest::Method::POST, path, &headers, body).await
    }

    /// What the page puts into a form that a person fills within ten seconds.
    pub fn stamp(&self) -> String {
        static SHOWN: std::sync::atomic::AtomicI64 = std::sync::atomic::AtomicI64::new(0);
        let number = SHOWN.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let (shown, until) = (self.clock.now() - Duration::seconds(10), self.clock.now() + Duration::hours(1));
        self.signer.sign(TokenPurpose::Form, Claims { ids: [shown.timestamp_millis(), number, 0], until: Some(until) })
    }

    /// Takes all letters out of the outbox as the mail pass would.
    pub async fn letters(&self) -> Vec<Claimed> {
        self.store.claim(self.clock.now(), self.clock.now() + Duration::minutes(5), 100).await.unwrap()
    }

    /// The token of the one confirmation letter that waits.
    pub async fn confirmation(&self) -> String {
        let letters = self.letters().await;
        let mut tokens = letters.iter().filter(|letter| letter.delivery.kind == DeliveryKind::Confirmation);
        let token = tokens.next().expect("a confirmation waits").delivery.secret.clone();
        assert!(tokens.next().is_none(), "one confirmation, not more");
        token.expect("a confirmation carries its token")
    }

    /// A confirmed subscriber with one alert.
    pub async fn subscriber(&self, email: &str) -> (SubscriberId, SubscriptionId) {
        let fields = [("email", email), ("name", "Rust in Pune"), ("skills_any", "rust"), ("frequency", "daily"), ("at", "08:00")];
        assert_eq!(self.post("/subscribe", &fields).await.status, 200);
        let token = self.confirmation().await;
        assert_eq!(self.post(&format!("/confirm/{token}"), &[]).await.status, 200);
        let subscriber = self.store.subscriber_by_email(&email.parse_email()).await.unwrap().unwrap();
        let alerts = self.store.subscriptions_of(subscriber.id).await.unwrap();
        (subscriber.id, alerts[0].id)
    }

    pub fn manage(&self, id: SubscriberId) -> String {
        format!("/manage/{}", self.consent.manage_token(id))
    }

    pub fn unsubscribe(&self, subscriber: SubscriberId, subscription: SubscriptionId) -> String {
        let claims = Claims { ids: [subscriber.0, subscription.0, 0], until: None };
        format!("/unsubscribe/{}", self.signer.sign(TokenPurpose::Unsubscribe, claims))
    }

    pub fn renew(&self, subscriber: SubscriberId) -> String {
        let claims = Claims { ids: [subscriber.0, 0, 0], until: Some(noon() + Duration::days(60)) };
        format!("/renew/{}", self.signer.sign(TokenPurpose::Renew, claims))
    }

    pub fn feedback(&self, alert: SubscriptionId, listing: i64) -> String {
        let claims = Claims { ids: [alert.0, listing, 0], until: Some(noon() + Duration::days(60)) };
        format!("/feedback/{}", self.signer.sign(TokenPurpose::Feedback, claims))
    }

    pub fn digest(&self, id: DeliveryId) -> String {
        format!("/digests/{}", self.signer.sign(TokenPurpose::Digest, Claims { ids: [id.0, 0, 0], until: None }))
    }

    /// Publishes postings as one fetch of one board.
    pub async fn publish(&self, postings: Vec<Posting>) {
        self.publish_to(Audience::Alerts, postings).await;
    }

    /// The same, quietly or not.
    pub async fn publish_to(&self, audience: Audience, postings: Vec<Posting>) {
        let extractor = Extractor::new();
        let now = self.clock.now();
        let read = postings
            .into_iter()
            .map(|posting| ReadPosting {
                row_hash: None,
                likeness: None,
                posting_hash: posting.id.clone(),
                listing: extractor.read(posting, now),
            })
            .collect();
        let state = SourceState::default();
        let record = FetchRecord { source: "acme", read, seen: vec![], missing: vec![], reread: Vec::new(), audience, state: &state, now };
        self.store.record_fetch(record).await.unwrap();
    }

    /// Closes every open listing of the board but these.
    pub async fn close_all_but(&self, kept: &[&str]) {
        let known = self.store.known_listings("acme").await.unwrap();
        let missing = known.iter().filter(|(id, _)| !kept.contains(&id.as_str())).map(|(_, listing)| listing.id).collect();
        let (state, now) = (SourceState::default(), self.clock.now());
        let audience = Audience::Alerts;
        let record = FetchRecord { source: "acme", read: vec![], seen: vec![], missing, reread: Vec::new(), audience, state: &state, now };
        self.store.record_fetch(record).await.unwrap();
    }

    /// The folder of the database and whatever lies beside it.
    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    /// Everything a person can see of the state, to tell whether a request changed something.
    pub async fn everything(&self, id: SubscriberId) -> String {
        self.consent.export(id).await.unwrap().map(|kept| kept.to_string()).unwrap_or_default()
    }
}

fn desk(store: &Store, signer: &Signer) -> LetterDesk {
    let names = ServiceNames {
        name: "Rolecall".to_owned(),
        base_url: "https://jobs.example.org/".parse().unwrap(),
        postal_address: "12 Residency Road, Bengaluru 560025, India".to_owned(),
        contact: "post@jobs.example.org".to_owned(),
        sender_domain: "example.org".to_owned(),
    };
    let composer = Composer::new(names, signer.clone()).unwrap();
    LetterDesk::new(store.clone(), Arc::new(composer), Rates::default(), Caps::default())
}

/// Reads an address in a test.
pub trait ParseEmail {
    fn parse_email(&self) -> rolecall::domain::EmailAddress;
}

impl ParseEmail for str {
    fn parse_email(&self) -> rolecall::domain::EmailAddress {
        rolecall::domain::EmailAddress::parse(self).unwrap()
    }
}

/// A posting of a board.
pub fn posting(id: &str, title: &str, location: &str, description: &str) -> Posting {
    Posting {
        id: id.to_owned(),
        source: "acme".to_owned(),
        title: title.to_owned(),
        company: Some("Acme Payments".to_owned()),
        location: Some(location.to_owned()),
        description: Some(description.to_owned()),
        url: Some(format!("https://acme.example/jobs/{id}")),
        ..Posting::default()
    }
}

/// A small board.
pub fn board() -> Vec<Posting> {
    let mut paid = posting(
        "1",
        "Senior Backend Engineer (Rust)",
        "Pune, India",
        "<p>You build payment services in Rust and PostgreSQL on Kubernetes.</p><p>5+ years of experience. Hybrid, three days in Pune.</p>",
    );
    paid.salary_text = Some("₹28,00,000 - ₹42,00,000 a year".to_owned());
    vec![
        paid,
        posting(
            "2",
            "Backend Developer, Go",
            "Berlin, Germany",
            "<p>APIs in Go with Kafka. Fully remote within Germany. €75,000 a year.</p>",
        ),
        posting("3", "PostgreSQL Database Administrator", "Bengaluru, India", "<p>Run and tune PostgreSQL clusters. On site.</p>"),
        posting("4", "Solutions Architect", "Remote", "<p>Design cloud systems on AWS with customers. Remote.</p>"),
    ]
}
