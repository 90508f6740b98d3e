//! Programs do what people do on the pages, within their rights, and hear what is wrong and how to mend it.

mod described;
mod refused;

use chrono::Duration;
use reqwest::Method;
use rolecall::domain::api_token::{NewApiToken, Scope, ShownToken};
use rolecall::domain::token::token_digest;
use rolecall::domain::{DeliveryKind, SubscriberState};
use rolecall::store::Audience;
use serde_json::{Value, json};

use super::site::{Answer, ParseEmail as _, Site, board, noon, posting};

impl Answer {
    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|fault| panic!("{fault}: {}", self.body))
    }
}

impl Site {
    /// A token with these scopes, as its holder shows it.
    pub async fn token(&self, name: &str, scopes: &[Scope]) -> String {
        let mut chance = [0_u8; 16];
        getrandom::fill(&mut chance).unwrap();
        let secret = ShownToken::secret(chance);
        let new = NewApiToken { name: name.to_owned(), scopes: scopes.to_vec(), expires_at: None, digest: token_digest(&secret) };
        let id = self.store.add_api_token(&new, self.clock.now()).await.unwrap().unwrap();
        ShownToken::new(id, secret).text()
    }

    /// Asks the API as the holder of a token, with JSON where there is any.
    pub async fn api(&self, token: &str, method: Method, path: &str, body: Option<Value>) -> Answer {
        let authorization = format!("Bearer {token}");
        let mut headers = vec![("authorization", authorization.as_str())];
        headers.extend(body.is_some().then_some(("content-type", "application/json")));
        self.send(method, path, &headers, body.map(|body| body.to_string()).unwrap_or_default()).await
    }
}

#[tokio::test]
async fn a_program_adds_a_person_and_does_with_its_alerts_what_the_page_does() {
    let site = Site::start().await;
    site.publish(board()).await;
    let token = site.token("crm", &[Scope::SubscribersRead, Scope::SubscribersWrite]).await;
    let delivery = json!({"frequency": "daily", "at": "07:30", "time_zone": "Asia/Kolkata"});
    let new = json!({"email": "Asha@example.org", "confirmed": true, "name": "Rust in Pune",
        "preferences": {"skills": {"any": ["rust"]}}, "delivery": delivery});
    let added = site.api(&token, Method::POST, "/api/v1/subscribers", Some(new)).await;
    assert_eq!(added.status, 201, "{}", added.body);
    let place = added.headers["location"].to_str().unwrap().to_owned();
    let person = site.api(&token, Method::GET, &place, None).await.json();
    assert_eq!((&person["email"], &person["state"]), (&json!("Asha@example.org"), &json!("active")));
    let found = site.api(&token, Method::GET, "/api/v1/subscribers?email=asha@EXAMPLE.org", None).await.json();
    assert_eq!(found["subscribers"], json!([person]));

    let second =
        json!({"name": "Go", "preferences": {"skills": {"any": ["go"]}}, "delivery": {"frequency": "instant", "time_zone": "UTC"}});
    let made = site.api(&token, Method::POST, &format!("{place}/alerts"), Some(second)).await;
    assert_eq!(made.status, 201, "{}", made.body);
    let alert = made.headers["location"].to_str().unwrap().to_owned();
    let edited = json!({"name": "Go in Berlin", "preferences": {"skills": {"any": ["go"]}, "places": [{"country": "DE"}]}});
    let edited = site.api(&token, Method::PUT, &alert, Some(edited)).await.json();
    assert_eq!((&edited["name"], &edited["delivery"]["frequency"]), (&json!("Go in Berlin"), &json!("daily")));
    let alerts = site.api(&token, Method::GET, &format!("{place}/alerts"), None).await.json();
    assert_eq!(alerts["alerts"].as_array().unwrap().len(), 2);
    assert_eq!(alerts["alerts"][0]["delivery"], delivery);

    assert_eq!(site.api(&token, Method::DELETE, &alert, None).await.status, 204);
    assert_eq!(site.api(&token, Method::GET, &alert, None).await.status, 404);
    assert_eq!(site.api(&token, Method::DELETE, &alert, None).await.status, 404);

    let export = site.api(&token, Method::GET, &format!("{place}/export"), None).await.json();
    let told: Vec<&Value> = export["consent"].as_array().unwrap().iter().map(|line| &line["origin"]).collect();
    assert!(told.len() >= 4 && told.iter().all(|origin| **origin == "api"), "{export}");
    assert_eq!(site.api(&token, Method::DELETE, &place, None).await.status, 204);
    assert_eq!(site.api(&token, Method::GET, &place, None).await.status, 404);
}

#[tokio::test]
async fn an_address_that_nobody_vouches_for_is_asked_by_mail_whoever_it_is() {
    let site = Site::start().await;
    let token = site.token("crm", &[Scope::SubscribersWrite]).await;
    site.subscriber("known@example.org").await;
    let mut answers = Vec::new();
    for email in ["known@example.org", "new@example.org"] {
        let answer = site.api(&token, Method::POST, "/api/v1/subscribers", Some(json!({"email": email}))).await;
        answers.push((answer.status, answer.body));
    }
    assert!(answers[0].0 == 202 && answers[0] == answers[1], "{answers:?}");
    let new = site.store.subscriber_by_email(&"new@example.org".parse_email()).await.unwrap().unwrap();
    assert_eq!(new.state, SubscriberState::Pending);
    assert!(site.letters().await.iter().any(|letter| letter.delivery.kind == DeliveryKind::Confirmation));
}

#[tokio::test]
async fn a_person_is_paused_until_a_moment_and_resumed() {
    let site = Site::start().await;
    let token = site.token("crm", &[Scope::SubscribersWrite]).await;
    let (subscriber, _) = site.subscriber("asha@example.org").await;
    let place = format!("/api/v1/subscribers/{}", subscriber.0);
    let pausing = format!("{place}/pause");
    let past = site.api(&token, Method::POST, &pausing, Some(json!({"until": "2020-01-01T00:00:00Z"}))).await;
    assert!(past.status == 422 && past.json()["place"] == "until", "{}", past.body);
    let paused = site.api(&token, Method::POST, &pausing, Some(json!({"until": "2026-12-24T00:00:00Z"}))).await.json();
    assert_eq!((&paused["state"], &paused["paused_until"]), (&json!("paused"), &json!("2026-12-24T00:00:00Z")));
    assert_eq!(site.api(&token, Method::POST, &pausing, Some(json!({}))).await.status, 409);
    let resumed = site.api(&token, Method::POST, &format!("{place}/resume"), None).await.json();
    assert_eq!(resumed["state"], "active");
    assert_eq!(site.api(&token, Method::POST, &format!("{place}/resume"), None).await.status, 409);
}

#[tokio::test]
async fn a_letter_is_previewed_forecast_and_explained_before_it_is_sent() {
    let site = Site::start().await;
    let token = site.token("crm", &[Scope::SubscribersRead, Scope::SubscribersWrite]).await;
    let (_, alert) = site.subscriber("asha@example.org").await;
    site.publish(board()).await;
    let alert = format!("/api/v1/alerts/{}", alert.0);
    let preview = site.api(&token, Method::GET, &format!("{alert}/preview"), None).await.json();
    let listing = preview["listings"][0].as_i64().unwrap();
    assert!(preview["total"] == 1 && preview["letter"]["text"].as_str().unwrap().contains("Senior Backend Engineer (Rust)"), "{preview}");
    let forecast = site.api(&token, Method::GET, &format!("{alert}/forecast"), None).await.json();
    assert_eq!((&forecast["open"], &forecast["fitting"]), (&json!(1), &json!(1)));
    let why = site.api(&token, Method::GET, &format!("{alert}/explain/{listing}"), None).await.json();
    assert!(why["fits"] == true && why["reasons"][0]["criterion"] == "skills" && why["reasons"][0]["evidence"] != "", "{why}");
    let nothing = json!({"preferences": {"skills": {"any": ["cobol"]}}});
    site.api(&token, Method::PUT, &alert, Some(nothing)).await;
    let preview = site.api(&token, Method::GET, &format!("{alert}/preview"), None).await.json();
    assert!(preview["letter"].is_null() && preview["why_not"].as_str().unwrap().contains("nothing new"), "{preview}");
}

#[tokio::test]
async fn open_jobs_are_browsed_page_by_page_with_the_wishes_of_the_form_and_their_evidence() {
    let site = Site::start().await;
    site.publish(board()).await;
    let token = site.token("reader", &[Scope::ListingsRead]).await;
    let first = site.api(&token, Method::GET, "/api/v1/listings?limit=3", None).await.json();
    assert_eq!((&first["count"], first["listings"].as_array().unwrap().len()), (&json!(4), 3));
    let next = first["next"].as_i64().unwrap();
    let rest = site.api(&token, Method::GET, &format!("/api/v1/listings?limit=3&before={next}"), None).await.json();
    assert!(rest["listings"].as_array().unwrap().len() == 1 && rest["next"].is_null(), "{rest}");
    let fitting = site.api(&token, Method::GET, "/api/v1/listings?roles=backend_engineer&skills_any=rust&pay=25+LPA", None).await.json();
    let job = &fitting["listings"][0];
    assert!(fitting["count"] == 1 && job["facts"]["evidence"]["salary"].as_str().unwrap().contains("28,00,000"), "{fitting}");
    let sheet = site.api(&token, Method::GET, &format!("/api/v1/listings/{}", job["id"]), None).await.json();
    assert!(sheet["text"].as_str().unwrap().contains("payment services") && sheet["history"] == json!([]), "{sheet}");
    assert_eq!(sheet["title"], job["title"]);
    let brings = site.api(&token, Method::POST, "/api/v1/forecast", Some(json!({"skills": {"any": ["go"]}}))).await.json();
    assert!(brings["open"] == 1 && brings["per_week"].as_f64().unwrap() > 0.0, "{brings}");
}

#[tokio::test]
async fn the_page_and_the_forecast_reckon_a_week_alike_and_a_service_of_one_day_promises_no_more_than_it_saw() {
    let site = Site::start().await;
    let token = site.token("reader", &[Scope::ListingsRead]).await;
    let job = |n: i64, day: Option<&str>| {
        let mut job = posting(&format!("n{n}"), &format!("Backend Engineer {n}"), "Pune, India", &format!("<p>MongoDB, team {n}.</p>"));
        job.posted_at = day.map(str::to_owned);
        job
    };
    // There before the source was added: nine of the last weeks, two old ones, four whose board names no day.
    let old = (0..9).map(|n| job(n, Some("2026-11-10"))).chain((9..11).map(|n| job(n, Some("2026-08-01"))));
    site.publish_to(Audience::Quiet, old.chain((11..15).map(|n| job(n, None))).collect()).await;
    // Told since, one of them closed again and one with an old day.
    site.clock.set(noon() + Duration::hours(20));
    site.publish((15..20).map(|n| job(n, Some(if n == 15 { "2026-08-01" } else { "2026-11-22" }))).collect()).await;
    let known: Vec<String> = (0..19).map(|n| format!("n{n}")).collect();
    site.close_all_but(&known.iter().map(String::as_str).collect::<Vec<_>>()).await;
    let brings = site.api(&token, Method::POST, "/api/v1/forecast", Some(json!({"skills": {"any": ["mongodb"]}}))).await.json();
    assert_eq!((&brings["open"], &brings["fitting"], &brings["days"]), (&json!(19), &json!(14), &json!(30.0)), "{brings}");
    let page = site.get("/fits?skills_any=mongodb").await;
    assert!(page.has("By the last 30 days, about 3 a week."), "{}", page.body);
}

#[tokio::test]
async fn an_address_is_suppressed_and_looked_up() {
    let site = Site::start().await;
    let token = site.token("crm", &[Scope::SubscribersRead, Scope::SubscribersWrite]).await;
    let email = json!({"email": "never@example.org"});
    assert_eq!(site.api(&token, Method::POST, "/api/v1/suppressions", Some(email.clone())).await.status, 204);
    let found = site.api(&token, Method::GET, "/api/v1/suppressions?email=never@example.org", None).await.json();
    assert_eq!(found, json!({"suppressed": true, "reason": "operator"}));
    assert_eq!(site.api(&token, Method::POST, "/api/v1/subscribers", Some(email)).await.status, 202);
    assert!(site.letters().await.is_empty());
}

#[tokio::test]
async fn the_figures_and_the_sources_are_read_by_those_who_may() {
    let site = Site::start().await;
    site.publish(board()).await;
    let token = site.token("watch", &[Scope::StatusRead, Scope::SourcesRead]).await;
    let status = site.api(&token, Method::GET, "/api/v1/status", None).await.json();
    assert_eq!(status["open_listings"], 4);
    let sources = site.api(&token, Method::GET, "/api/v1/sources", None).await.json();
    assert_eq!((&sources["sources"][0]["name"], &sources["sources"][0]["kind"]), (&json!("acme"), &json!("greenhouse")));
    let source = site.api(&token, Method::GET, "/api/v1/sources/acme?days=30", None).await.json();
    assert_eq!(source["days"][0]["new"], 4, "{source}");
    assert_eq!(site.api(&token, Method::GET, "/api/v1/sources/another", None).await.status, 404);
}
