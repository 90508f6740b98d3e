//! The operator's page: closed to strangers, open to who has the token, and its buttons do what the command line does.

use chrono::TimeDelta;
use reqwest::Method;
use rolecall::domain::api_token::{NewApiToken, Scope, ShownToken};
use rolecall::domain::subscriber::SuppressionReason;
use rolecall::domain::token::token_digest;
use rolecall::domain::{SourceState, SubscriberState};
use rolecall::web::WebSettings;

use super::site::{Answer, ParseEmail as _, Site, board, noon};

pub const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");
pub const HERE: (&str, &str) = ("sec-fetch-site", "same-origin");

async fn site() -> Site {
    Site::with(WebSettings { admin: true, ..WebSettings::default() }).await
}

/// A token as `rolecall token add` makes one.
pub async fn token(site: &Site, scope: Scope) -> String {
    let secret = ShownToken::secret([scope as u8; 16]);
    let new = NewApiToken { name: format!("ops {scope}"), scopes: vec![scope], expires_at: None, digest: token_digest(&secret) };
    let id = site.store.add_api_token(&new, noon()).await.unwrap().unwrap();
    ShownToken::new(id, secret).text()
}

pub async fn enter(site: &Site, token: &str) -> Answer {
    site.send(Method::POST, "/admin/session", &[FORM, HERE], format!("token={token}")).await
}

/// The cookie of an answer, as a browser sends it back.
pub fn cookie(answer: &Answer) -> String {
    answer.headers["set-cookie"].to_str().unwrap().split(';').next().unwrap().to_owned()
}

async fn signed_in(site: &Site) -> String {
    cookie(&enter(site, &token(site, Scope::Admin).await).await)
}

async fn press(site: &Site, cookie: &str, fields: &str) -> Answer {
    site.send(Method::POST, "/admin/do", &[FORM, HERE, ("cookie", cookie)], fields.to_owned()).await
}

#[tokio::test]
async fn there_is_no_operators_page_unless_it_is_asked_for() {
    let site = Site::start().await;
    for (method, path) in [(Method::GET, "/admin"), (Method::POST, "/admin/session"), (Method::POST, "/admin/do")] {
        assert_eq!(site.send(method, path, &[FORM, HERE], String::new()).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn only_a_token_of_the_right_scope_opens_it_and_its_cookie_is_for_this_page_alone() {
    let site = site().await;
    let door = site.get("/admin").await;
    assert!(door.status == 200 && door.has("token add NAME --scope admin") && !door.has("Sources"));
    let weak = token(&site, Scope::StatusRead).await;
    for wrong in ["", "rolecall.1.x", "rolecall.99.AAAAAAAAAAAAAAAAAAAAAA", &weak] {
        let refused = enter(&site, wrong).await;
        assert!(refused.status == 403 && refused.has("does not open the page") && !refused.headers.contains_key("set-cookie"), "{wrong}");
    }
    let opened = enter(&site, &token(&site, Scope::Admin).await).await;
    assert_eq!((opened.status.as_u16(), opened.headers["location"].to_str().unwrap()), (303, "/admin"));
    let line = opened.headers["set-cookie"].to_str().unwrap();
    for words in ["; Path=/admin", "; HttpOnly", "; SameSite=Strict", "; Secure", "; Max-Age=3600"] {
        assert!(line.contains(words), "{line}");
    }
    let page = site.send(Method::GET, "/admin", &[("cookie", &cookie(&opened))], String::new()).await;
    assert!(page.status == 200 && page.has("How it stands"), "{}", page.body);
    assert_eq!(page.headers["cache-control"], "no-store");
    assert!(page.headers["content-security-policy"].to_str().unwrap().starts_with("default-src 'none'"));
    assert!(!page.has("style=") && !page.has("<script"), "the strict policy would drop them");
}

#[tokio::test]
async fn a_cookie_ends_after_an_hour_with_its_token_and_when_one_leaves() {
    let site = site().await;
    let cookie = signed_in(&site).await;
    let open = async || site.send(Method::GET, "/admin", &[("cookie", &cookie)], String::new()).await.has("How it stands");
    assert!(open().await);
    site.clock.set(noon() + TimeDelta::minutes(61));
    assert!(!open().await, "an hour is over");
    site.clock.set(noon());
    assert!(site.store.revoke_api_token("ops admin", noon()).await.unwrap());
    assert!(!open().await, "the token was taken back");
    let left = site.send(Method::POST, "/admin/leave", &[FORM, HERE], String::new()).await;
    assert!(left.headers["set-cookie"].to_str().unwrap().contains("rolecall_admin=; Path=/admin; Max-Age=0"));
    for forged in ["rolecall_admin=", "rolecall_admin=AQAAAAAAAAAB", "other=1; rolecall_admin=x"] {
        assert!(site.send(Method::GET, "/admin", &[("cookie", forged)], String::new()).await.has("Token"), "{forged}");
    }
}

#[tokio::test]
async fn a_form_of_another_site_or_without_the_cookie_changes_nothing() {
    let site = site().await;
    let cookie = signed_in(&site).await;
    let press = "do=pause_source&source=acme".to_owned();
    for headers in [
        vec![FORM, ("sec-fetch-site", "cross-site"), ("cookie", &cookie)],
        vec![FORM, ("origin", "https://evil.example"), ("cookie", &cookie)],
        vec![FORM, HERE],
    ] {
        assert_eq!(site.send(Method::POST, "/admin/do", &headers, press.clone()).await.status, 403, "{headers:?}");
    }
    assert_eq!(site.send(Method::GET, "/admin/do", &[("cookie", &cookie)], String::new()).await.status, 405);
    assert!(site.store.paused_sources().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_source_is_paused_and_resumed_and_what_is_unknown_is_said_to_be() {
    let site = site().await;
    let cookie = signed_in(&site).await;
    let paused = press(&site, &cookie, "do=pause_source&source=acme").await;
    assert_eq!(paused.headers["location"], "/admin?done=paused#sources");
    assert!(site.store.paused_sources().await.unwrap().contains("acme"));
    let page = site.send(Method::GET, "/admin?done=paused", &[("cookie", &cookie)], String::new()).await;
    assert!(page.has("The source is paused") && page.has("Resume acme"), "{}", page.body);
    assert!(site.get("/metrics").await.has("rolecall_source_paused{source=\"acme\",kind=\"greenhouse\"} 1"));
    assert_eq!(press(&site, &cookie, "do=pause_source&source=nobody").await.headers["location"], "/admin?done=nothing#sources");
    assert_eq!(press(&site, &cookie, "do=resume_source&source=acme").await.headers["location"], "/admin?done=resumed#sources");
    assert!(site.store.paused_sources().await.unwrap().is_empty());
    assert_eq!(press(&site, &cookie, "do=format_disk").await.status, 422);
}

#[tokio::test]
async fn an_address_is_suppressed_with_its_alerts_and_allowed_again() {
    let site = site().await;
    let (id, _) = site.subscriber("asha@example.org").await;
    let cookie = signed_in(&site).await;
    assert_eq!(press(&site, &cookie, "do=suppress&email=nobody").await.headers["location"], "/admin?done=address#addresses");
    assert_eq!(press(&site, &cookie, "do=suppress&email=ASHA%40example.org").await.headers["location"], "/admin?done=suppressed#addresses");
    let digest = site.signer.address_digest(&"asha@example.org".parse_email());
    assert_eq!(site.store.suppression(&digest).await.unwrap(), Some(SuppressionReason::Operator));
    assert_eq!(site.store.subscriber(id).await.unwrap().unwrap().state, SubscriberState::Ended);
    assert_eq!(
        press(&site, &cookie, "do=unsuppress&email=asha%40example.org").await.headers["location"],
        "/admin?done=unsuppressed#addresses"
    );
    assert_eq!(site.store.suppression(&digest).await.unwrap(), None);
    assert_eq!(press(&site, &cookie, "do=unsuppress&email=asha%40example.org").await.headers["location"], "/admin?done=nothing#addresses");
}

#[tokio::test]
async fn every_chart_has_a_table_with_its_figures_and_every_source_its_days_in_words() {
    let site = site().await;
    site.publish(board()).await;
    site.subscriber("asha@example.org").await;
    let state = SourceState { last_attempt_at: Some(noon()), last_success_at: Some(noon()), last_yield: Some(4), ..SourceState::default() };
    site.store.save_source_state("acme", &state, noon()).await.unwrap();
    let page = site.send(Method::GET, "/admin", &[("cookie", &signed_in(&site).await)], String::new()).await;
    assert_eq!(page.body.matches("<section class=\"chart\"").count(), 4);
    assert_eq!(page.body.matches("<summary>As a table</summary>").count(), 4);
    for words in
        ["1 active, 0 paused, 0 not confirmed today", "4 new, 0 closed in 30 days", "30 days: asked 2 times, 0 without success", "1 of 1"]
    {
        assert!(page.has(words), "{words}: {}", page.body);
    }
    assert!(!page.has("asha@"), "no address stands on the page");
}
