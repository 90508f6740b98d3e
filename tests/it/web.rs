//! The page, told as stories over real HTTP.

#![expect(clippy::unwrap_used, reason = "a story is a test, also where it is told by functions")]

mod abuse;
mod admin;
mod api;
mod browser;
mod driver;
mod feedback;
mod feeds;
mod figures;
mod fits;
mod hostile;
mod job_ld;
mod jobs;
mod languages;
mod letters;
mod looks;
mod pages;
mod postbox;
mod renewal;
mod scanner;
mod server;
mod site;
mod spam;
mod webhooks;

use chrono::Duration;
use reqwest::Method;
use rolecall::domain::subscriber::SuppressionReason;
use rolecall::domain::{DeliveryKind, Language, SubscriberState};
use site::{ParseEmail as _, Site, noon};

const WISHES: &[(&str, &str)] = &[
    ("email", "asha@example.org"),
    ("name", "Rust in Pune"),
    ("roles", "backend_engineer"),
    ("skills_any", "rust, golang"),
    ("pay", "25 LPA"),
    ("places", "Bangalore +50 km"),
    ("frequency", "daily"),
    ("at", "07:30"),
    ("time_zone", "Asia/Kolkata"),
];

#[tokio::test]
async fn a_person_subscribes_gets_one_letter_and_is_active_only_after_the_button() {
    let site = Site::start().await;
    let answer = site.post("/subscribe", WISHES).await;
    assert!(answer.status == 200 && answer.has("Look into your mailbox"), "{}", answer.body);
    let email = "asha@example.org".parse_email();
    assert_eq!(site.store.subscriber_by_email(&email).await.unwrap().unwrap().state, SubscriberState::Pending);

    let token = site.confirmation().await;
    let page = site.get(&format!("/confirm/{token}")).await;
    assert!(page.status == 200 && page.has("Rust in Pune") && page.has("rust, go") && page.has("at least 25 LPA"), "{}", page.body);
    assert!(!page.has("asha@"), "the page tells nobody the whole address");

    let thanks = site.post(&format!("/confirm/{token}"), &[]).await;
    assert!(thanks.has("Thank you for subscribing to your personalised job alerts."), "{}", thanks.body);
    let subscriber = site.store.subscriber_by_email(&email).await.unwrap().unwrap();
    assert_eq!(subscriber.state, SubscriberState::Active);
    let alerts = site.store.subscriptions_of(subscriber.id).await.unwrap();
    assert_eq!(alerts[0].cadence.described(), "daily at 07:30 (Asia/Kolkata)");

    let record = site.store.consent_record(subscriber.id).await.unwrap();
    let told: Vec<&str> = record.iter().map(|line| line.event.as_str()).collect();
    assert_eq!(told, ["requested", "confirmed"]);
    let words = rolecall::consent::agreed_words(Language::English);
    assert!(record[0].detail.contains(&words) && site.get("/").await.has(&words));
}

#[tokio::test]
async fn a_confirmation_works_once_and_not_after_three_days() {
    let site = Site::start().await;
    site.post("/subscribe", WISHES).await;
    let token = site.confirmation().await;
    site.clock.set(noon() + Duration::hours(73));
    assert_eq!(site.post(&format!("/confirm/{token}"), &[]).await.status, 410);
    site.post("/subscribe", WISHES).await;
    let token = site.confirmation().await;
    assert_eq!(site.post(&format!("/confirm/{token}"), &[]).await.status, 200);
    let again = site.post(&format!("/confirm/{token}"), &[]).await;
    assert!(again.status == 410 && again.has("href=\"/link\""), "{}", again.body);
    assert_eq!(site.get("/confirm/nonsense").await.status, 404);
}

#[tokio::test]
async fn opening_any_link_as_often_as_one_likes_changes_nothing() {
    let site = Site::start().await;
    let (subscriber, alert) = site.subscriber("asha@example.org").await;
    site.post("/subscribe", &[("email", "new@example.org")]).await;
    let token = site.confirmation().await;
    let before = site.everything(subscriber).await;
    let manage = site.manage(subscriber);
    let links = [
        site.unsubscribe(subscriber, alert),
        format!("{manage}?edit={}", alert.0),
        format!("{manage}?add=1"),
        format!("{manage}?do=erase-now"),
        format!("{manage}/export"),
        manage,
        format!("/confirm/{token}"),
    ];
    for link in &links {
        for method in [Method::GET, Method::HEAD, Method::GET] {
            let answer = site.send(method, link, &[], String::new()).await;
            assert_eq!(answer.status, 200, "{link}");
            assert_eq!(answer.headers["cache-control"], "no-store");
            assert_eq!(answer.headers["x-robots-tag"], "noindex");
        }
        let options = site.send(Method::OPTIONS, link, &[], String::new()).await;
        assert_eq!(options.status, 405, "{link}");
    }
    assert_eq!(site.everything(subscriber).await, before);
    assert_eq!(site.post(&format!("/confirm/{token}"), &[]).await.status, 200, "the token is still good");
}

#[tokio::test]
async fn one_click_from_a_mail_service_ends_the_alert_however_it_comes_and_how_often() {
    let site = Site::start().await;
    let (subscriber, alert) = site.subscriber("asha@example.org").await;
    let link = site.unsubscribe(subscriber, alert);
    let multipart = "--b\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--b--\r\n";
    let bodies = [
        ("application/x-www-form-urlencoded", "List-Unsubscribe=One-Click"),
        ("multipart/form-data; boundary=b", multipart),
        ("text/plain", ""),
    ];
    for (kind, body) in bodies {
        let headers = [("content-type", kind), ("origin", "https://mail.example"), ("sec-fetch-site", "cross-site")];
        let answer = site.send(Method::POST, &link, &headers, body.to_owned()).await;
        assert!(answer.status == 200 && answer.has("has ended"), "{kind}: {}", answer.body);
    }
    assert!(site.store.subscriptions_of(subscriber).await.unwrap().is_empty());
    assert_eq!(site.store.subscriber(subscriber).await.unwrap().unwrap().state, SubscriberState::Ended);
    let forged = link.replace("/unsubscribe/", "/unsubscribe/A");
    assert_eq!(site.send(Method::POST, &forged, &[], String::new()).await.status, 404);
}

#[tokio::test]
async fn an_alert_is_added_changed_paused_resumed_and_ended_from_one_page() {
    let site = Site::start().await;
    let (subscriber, alert) = site.subscriber("asha@example.org").await;
    let manage = site.manage(subscriber);

    let edit = site.get(&format!("{manage}?edit={}", alert.0)).await;
    assert!(edit.has("value=\"Rust in Pune\"") && edit.has("value=\"rust\""), "{}", edit.body);
    let change =
        [("do", "change"), ("alert", &alert.0.to_string()), ("name", "Go in Pune"), ("skills_any", "go"), ("frequency", "instant")];
    assert_eq!(site.post(&manage, &change).await.headers["location"], format!("{manage}?done=changed"));
    assert_eq!(site.post(&manage, &[("do", "add"), ("name", "Second"), ("frequency", "weekly"), ("days", "fri")]).await.status, 303);
    let page = site.get(&format!("{manage}?done=added")).await;
    assert!(page.has("Go in Pune") && page.has("every Fri at 08:00") && page.has("The new alert is on."), "{}", page.body);

    let too_late = site.post(&manage, &[("do", "pause"), ("until", "2036-01-01")]).await;
    assert!(too_late.status == 422 && too_late.has("within a year"));
    assert_eq!(site.post(&manage, &[("do", "pause"), ("until", "2026-12-24")]).await.status, 303);
    let paused = site.store.subscriber(subscriber).await.unwrap().unwrap();
    assert_eq!(paused.paused_until.unwrap().to_rfc3339(), "2026-12-23T18:30:00+00:00", "midnight in Kolkata");
    assert_eq!(site.post(&manage, &[("do", "resume")]).await.status, 303);
    assert_eq!(site.store.subscriber(subscriber).await.unwrap().unwrap().state, SubscriberState::Active);

    let other = site.subscriber("other@example.org").await.1;
    site.post(&manage, &[("do", "unsubscribe"), ("alert", &other.0.to_string())]).await;
    assert!(site.store.subscription(other).await.unwrap().is_some(), "nobody ends the alert of another");
    site.post(&manage, &[("do", "unsubscribe"), ("alert", &alert.0.to_string())]).await;
    assert_eq!(site.store.subscriptions_of(subscriber).await.unwrap().len(), 1);
    site.post(&manage, &[("do", "leave")]).await;
    assert_eq!(site.store.subscriber(subscriber).await.unwrap().unwrap().state, SubscriberState::Ended);
}

#[tokio::test]
async fn everything_kept_is_handed_out_and_erased_in_two_steps() {
    let site = Site::start().await;
    let (subscriber, _) = site.subscriber("asha@example.org").await;
    let manage = site.manage(subscriber);
    let export = site.get(&format!("{manage}/export")).await;
    let kept: serde_json::Value = serde_json::from_str(&export.body).unwrap();
    assert_eq!(kept["email"], "asha@example.org");
    assert_eq!(kept["alerts"][0]["preferences"]["skills"]["any"][0], "rust");
    assert_eq!(kept["consent"].as_array().unwrap().len(), 2);
    assert_eq!(kept["deliveries"][0]["kind"], "confirmation");
    assert!(export.headers["content-disposition"].to_str().unwrap().contains("attachment"));

    let question = site.post(&manage, &[("do", "erase")]).await;
    assert!(question.has("cannot be undone") && site.store.subscriber(subscriber).await.unwrap().is_some());
    let erased = site.post(&manage, &[("do", "erase-now"), ("never", "yes")]).await;
    assert!(erased.has("is erased"), "{}", erased.body);
    assert_eq!(site.store.subscriber(subscriber).await.unwrap(), None);
    assert_eq!(site.get(&manage).await.status, 410);
    site.post("/subscribe", WISHES).await;
    assert!(site.letters().await.is_empty(), "an address that asked for it is never mailed again");
}

#[tokio::test]
async fn nobody_learns_from_the_page_whether_an_address_is_known() {
    let site = Site::start().await;
    site.subscriber("active@example.org").await;
    site.post("/subscribe", &[("email", "pending@example.org")]).await;
    let suppressed = site.signer.address_digest(&"suppressed@example.org".parse_email());
    site.store.suppress(&suppressed, SuppressionReason::Complaint, noon()).await.unwrap();
    for path in ["/subscribe", "/link"] {
        let mut answers = Vec::new();
        for name in ["active", "pending", "suppressed", "unknown"] {
            let answer = site.post(path, &[("email", &format!("{name}@example.org"))]).await;
            let mut headers = answer.headers.clone();
            headers.remove("date");
            answers.push((answer.status, headers, answer.body));
        }
        assert!(answers.iter().all(|answer| *answer == answers[0]), "{path}");
    }
}

#[tokio::test]
async fn a_lost_link_comes_by_mail_to_those_who_have_alerts_and_not_without_end() {
    let site = Site::start().await;
    site.subscriber("asha@example.org").await;
    for email in ["asha@example.org", "Asha@Example.ORG", "asha@example.org", "asha@example.org", "nobody@example.org"] {
        assert_eq!(site.post("/link", &[("email", email)]).await.status, 200);
    }
    let letters = site.letters().await;
    let links = letters.iter().filter(|letter| letter.delivery.kind == DeliveryKind::Link).count();
    assert_eq!(links, 3);
    assert!(site.post("/link", &[("email", "asha@example.org")]).await.has("The link works for 30 days."), "as the letter says");
    assert!(site.post("/link", &[("email", "not an address")]).await.has("value=\"not an address\""));
}

#[tokio::test]
async fn the_form_cannot_flood_a_stranger() {
    let site = Site::start().await;
    for _ in 0..10 {
        assert_eq!(site.post("/subscribe", WISHES).await.status, 200);
    }
    let letters = site.letters().await.len();
    assert_eq!(letters, 1, "one a day");
}

#[tokio::test]
async fn a_form_with_faults_says_so_at_each_field_and_gives_everything_back() {
    let site = Site::start().await;
    let fields = [
        ("email", "asha@nowhere"),
        ("skills_any", "rust"),
        ("pay", "a lot"),
        ("keywords", "(kafka"),
        ("places", "Atlantis"),
        ("seniority", "senior"),
        ("time_zone", "Mars/Base"),
    ];
    let answer = site.post("/subscribe", &fields).await;
    assert_eq!(answer.status, 422);
    for name in ["email", "pay", "keywords", "places", "time_zone"] {
        assert!(answer.has(&format!("id=\"{name}-fault\"")), "{name}");
    }
    for kept in ["value=\"asha@nowhere\"", "value=\"rust\"", "value=\"a lot\"", "value=\"(kafka\"", "value=\"senior\" checked"] {
        assert!(answer.has(kept), "{kept}");
    }
    assert!(answer.has("character 7"), "the place of the fault in the query: {}", answer.body);
    assert!(site.letters().await.is_empty());
}

#[tokio::test]
async fn an_address_that_mail_servers_cannot_carry_is_refused_at_sign_up_with_the_reason() {
    let site = Site::start().await;
    for foreign in ["अनिल@example.org", "josé@example.org"] {
        let answer = site.post("/subscribe", &[("email", foreign), ("skills_any", "rust")]).await;
        assert_eq!(answer.status, 422, "{foreign}");
        assert!(answer.has("id=\"email-fault\"") && answer.has("many mail servers cannot deliver to"), "{}", answer.body);
    }
    assert!(site.letters().await.is_empty());
    let answer = site.post("/subscribe", &[("email", "asha@bücher.example"), ("skills_any", "rust")]).await;
    assert_eq!(answer.status, 200, "a domain has a form that every mail server carries");
    assert_eq!(site.letters().await[0].subscriber.email.as_str(), "asha@xn--bcher-kva.example");
}

#[tokio::test]
async fn hostile_wishes_come_back_as_text() {
    let site = Site::start().await;
    let hostile = "\"><script>alert(1)</script><img src=x onerror=alert(1)>";
    let fields = [("email", hostile), ("name", hostile), ("skills_any", "rust"), ("companies_never", hostile), ("keywords", hostile)];
    for answer in [site.post("/subscribe", &fields).await, site.get(&format!("/?name={}", "%22%3E%3Cscript%3E")).await] {
        assert!(!answer.has("<script>") && !answer.has("<img"), "{}", answer.body);
    }
    let (subscriber, _) = site.subscriber("asha@example.org").await;
    site.post(&site.manage(subscriber), &[("do", "add"), ("name", hostile), ("companies_never", hostile)]).await;
    let page = site.get(&site.manage(subscriber)).await;
    assert!(page.has("&lt;script&gt;") && !page.has("<script"), "{}", page.body);
}

#[tokio::test]
async fn forms_of_other_sites_are_refused() {
    let site = Site::start().await;
    let form = "email=asha%40example.org".to_owned();
    for headers in [[("sec-fetch-site", "cross-site")], [("origin", "https://evil.example")], [("origin", "null")]] {
        let answer = site.send(Method::POST, "/subscribe", &headers, form.clone()).await;
        assert_eq!(answer.status, 403, "{headers:?}");
    }
    assert!(site.letters().await.is_empty());
    let form = format!("{form}&stamp={}", site.stamp());
    let ours = site.send(Method::POST, "/subscribe", &[("origin", "https://jobs.example.org")], form).await;
    assert_eq!(ours.status, 200);
}
