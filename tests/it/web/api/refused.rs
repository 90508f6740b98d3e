//! What is refused is refused with the right status, and says where it is wrong and how to mend it.

use chrono::Duration;
use reqwest::Method;
use rolecall::domain::api_token::{NewApiToken, Scope, ShownToken};
use rolecall::domain::token::token_digest;
use rolecall::web::WebSettings;
use serde_json::{Value, json};

use crate::web::site::{Answer, Site, noon};

/// Holds an answer to be a problem of this status at this place, with a mend.
#[expect(clippy::needless_pass_by_value, reason = "places are written where they are expected")]
fn problem(answer: &Answer, status: u16, place: Value) {
    assert_eq!(answer.status, status, "{}", answer.body);
    assert_eq!(answer.headers["content-type"], "application/problem+json");
    let told = answer.json();
    assert_eq!((&told["status"], &told["place"], &told["type"]), (&json!(status), &place, &json!("about:blank")), "{told}");
    assert!(!told["mend"].as_str().unwrap().is_empty() && !told["detail"].as_str().unwrap().is_empty() && !told["title"].is_null());
}

#[tokio::test]
async fn a_bad_request_hears_its_place_and_its_mend() {
    let site = Site::start().await;
    let (token, (subscriber, alert)) = (site.token("t", Scope::ALL).await, site.subscriber("asha@example.org").await);
    let (people, alert) = ("/api/v1/subscribers", format!("/api/v1/alerts/{}", alert.0));
    let alerts = format!("{people}/{}/alerts", subscriber.0);
    let post = async |path: &str, body: Value| site.api(&token, Method::POST, path, Some(body)).await;
    problem(&post(people, json!({"email": "a@b"})).await, 422, json!("email"));
    problem(
        &post(people, json!({"email": "a@example.org", "preferences": {"roles": ["plumber"]}})).await,
        422,
        json!("preferences.roles[0]"),
    );
    problem(&post(&alerts, json!({"preferences": {"keywords": "(a OR"}})).await, 422, json!("preferences.keywords"));
    problem(&post(&alerts, json!({"preferences": {"places": [{}]}})).await, 422, json!("preferences.places"));
    problem(&post(&alerts, json!({"delivery": {"frequency": "daily", "time_zone": "Mars/Base"}})).await, 422, json!("delivery"));
    problem(&post(&alerts, json!({"name": "x".repeat(101)})).await, 422, json!("name"));
    problem(&post(&alerts, json!({"nmae": "x"})).await, 422, json!("nmae"));
    problem(&site.api(&token, Method::PUT, &alert, Some(json!([]))).await, 422, json!("body"));
    for (query, place) in [("limit=0", "limit"), ("limit=x", "limit"), ("email=x", "email"), ("lmit=3", "lmit")] {
        problem(&site.api(&token, Method::GET, &format!("{people}?{query}"), None).await, 422, json!(place));
    }
    problem(&site.api(&token, Method::GET, "/api/v1/listings?roles=plumber", None).await, 422, json!("roles"));
    for path in ["/api/v1/listings/99", "/api/v1/listings/x", "/api/v1/alerts/%FF", "/api/v1/nothing", "/api/nothing"] {
        problem(&site.api(&token, Method::GET, path, None).await, 404, Value::Null);
    }
}

#[tokio::test]
async fn a_body_that_is_no_json_or_too_much_of_it_is_refused() {
    let site = Site::start().await;
    let token = site.token("t", Scope::ALL).await;
    let authorization = format!("Bearer {token}");
    let send = async |kind: &'static str, body: String| {
        let headers = [("authorization", authorization.as_str()), ("content-type", kind)];
        site.send(Method::POST, "/api/v1/forecast", &headers, body).await
    };
    problem(&send("application/json", "{\"roles\":".into()).await, 400, json!("body"));
    problem(&send("application/json", "{} {}".into()).await, 400, json!("body"));
    problem(&send("text/plain", "{}".into()).await, 415, json!("Content-Type"));
    problem(&send("application/json", format!("{{\"keywords\":\"{}\"}}", "x ".repeat(40_000))).await, 413, Value::Null);
    assert_eq!(send("application/json; charset=utf-8", "{}".into()).await.status, 200);
    let deep = "[".repeat(10_000);
    assert!(send("application/json", deep).await.status.is_client_error());
}

#[tokio::test]
async fn a_token_ends_at_its_end_or_when_it_is_taken_back_and_guesses_are_slowed() {
    let site = Site::with(WebSettings { trusted_proxies: vec!["127.0.0.0/8".parse().unwrap()], ..WebSettings::default() }).await;
    let secret = ShownToken::secret([9; 16]);
    let expires_at = Some(noon() + Duration::hours(1));
    let new = NewApiToken { name: "short".into(), scopes: vec![Scope::StatusRead], expires_at, digest: token_digest(&secret) };
    let id = site.store.add_api_token(&new, noon()).await.unwrap().unwrap();
    let (short, long) = (ShownToken::new(id, secret).text(), site.token("long", &[Scope::StatusRead]).await);
    let ask = async |token: &str| site.api(token, Method::GET, "/api/v1/status", None).await;
    assert!(ask(&short).await.status == 200 && ask(&long).await.status == 200);
    site.clock.set(noon() + Duration::hours(2));
    problem(&ask(&short).await, 401, json!("Authorization"));
    site.store.revoke_api_token("long", site.clock.now()).await.unwrap();
    problem(&ask(&long).await, 401, json!("Authorization"));

    let guess = async |network: &str| {
        let headers = [("authorization", "Bearer rolecall.1.AAAAAAAAAAAAAAAAAAAAAA"), ("x-forwarded-for", network)];
        site.send(Method::GET, "/api/v1/status", &headers, String::new()).await
    };
    let mut last = guess("203.0.113.9").await;
    for _ in 0..40 {
        last = guess("203.0.113.9").await;
    }
    problem(&last, 429, Value::Null);
    assert_eq!(last.headers["retry-after"], "60");
    assert_eq!(guess("198.51.100.1").await.status, 401, "others are heard");
}

#[tokio::test]
async fn a_program_that_asks_too_often_is_told_to_wait() {
    let site = Site::with(WebSettings { api_requests_per_minute: 5, ..WebSettings::default() }).await;
    let (token, other) = (site.token("t", &[Scope::StatusRead]).await, site.token("other", &[Scope::StatusRead]).await);
    let ask = async |token: &str| site.api(token, Method::GET, "/api/v1/status", None).await;
    for _ in 0..5 {
        assert_eq!(ask(&token).await.status, 200);
    }
    problem(&ask(&token).await, 429, Value::Null);
    assert_eq!(ask(&other).await.status, 200, "each token by itself");
    site.clock.set(noon() + Duration::minutes(1));
    assert_eq!(ask(&token).await.status, 200);
}

#[tokio::test]
async fn a_page_of_another_site_has_no_token_to_show() {
    let site = Site::start().await;
    let headers = [("origin", "https://evil.example"), ("sec-fetch-site", "cross-site"), ("content-type", "application/json")];
    let answer = site.send(Method::POST, "/api/v1/subscribers", &headers, json!({"email": "a@example.org"}).to_string()).await;
    problem(&answer, 401, json!("Authorization"));
    assert!(!answer.headers.contains_key("access-control-allow-origin"));
    assert_eq!(answer.headers["cache-control"], "no-store");
}
