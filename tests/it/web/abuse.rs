//! Attacks on the forms and their outcome; what is done about tokens stands beside the tokens' own stories.

use std::time::{Duration as Span, Instant};

use chrono::Duration;
use reqwest::Method;
use rolecall::domain::DeliveryKind;
use rolecall::domain::subscriber::SuppressionReason;
use rolecall::web::WebSettings;

use super::site::{ParseEmail as _, Site, noon};
use crate::support::say;

fn behind_a_proxy() -> WebSettings {
    WebSettings { trusted_proxies: vec!["127.0.0.0/8".parse().unwrap()], ..WebSettings::default() }
}

/// Sends a sign-up as a proxy passes it on.
async fn sign_up(site: &Site, email: &str, client: &str) -> super::site::Answer {
    let fields = [("email", email), ("stamp", &site.stamp()), ("skills_any", "rust")];
    let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    site.send(Method::POST, "/subscribe", &[("sec-fetch-site", "same-origin"), ("x-forwarded-for", client)], body).await
}

async fn confirmations(site: &Site) -> usize {
    site.letters().await.iter().filter(|letter| letter.delivery.kind == DeliveryKind::Confirmation).count()
}

#[tokio::test]
async fn list_bombing_one_mailbox_in_many_spellings_from_many_networks_sends_one_letter_a_day_and_three_in_all() {
    let site = Site::with(behind_a_proxy()).await;
    let spelled = ["victim.one@gmail.com", "VictimOne@Gmail.com", "v.i.c.t.i.m.o.n.e+spam@googlemail.com", "victimone+x@gmail.com"];
    let mut sent = 0;
    for day in 0..5 {
        site.clock.set(noon() + Duration::hours(25 * day));
        for n in 0..8 {
            let answer = sign_up(&site, spelled[n % spelled.len()], &format!("198.51.{n}.7")).await;
            assert!(answer.status == 200 && answer.has("Look into your mailbox"), "{}", answer.body);
        }
        let letters = confirmations(&site).await;
        assert!(letters <= 1, "{letters} on day {day}");
        sent += letters;
    }
    assert_eq!(sent, 3);
}

#[tokio::test]
async fn one_network_with_many_addresses_is_told_to_come_back_later() {
    let site = Site::with(WebSettings { forms_per_hour: 3, ..behind_a_proxy() }).await;
    for n in 0..3 {
        assert_eq!(sign_up(&site, &format!("person{n}@example.org"), &format!("198.51.100.{n}")).await.status, 200);
    }
    let refused = sign_up(&site, "person9@example.org", "198.51.100.99").await;
    assert_eq!((refused.status.as_u16(), &refused.headers["retry-after"]), (429, &"3600".parse().unwrap()));
    assert_eq!(sign_up(&site, "person9@example.org", "203.0.113.1").await.status, 200, "another network is another one");
    assert_eq!(confirmations(&site).await, 4);
}

#[tokio::test]
async fn many_networks_are_bounded_by_domain_and_in_all() {
    let site = Site::with(WebSettings { forms_per_hour_and_domain: 2, forms_per_hour_in_all: 5, ..behind_a_proxy() }).await;
    let mut taken = Vec::new();
    for n in 0..8 {
        let domain = if n < 4 { "one.example" } else { &format!("d{n}.example") };
        taken.push(sign_up(&site, &format!("p{n}@{domain}"), &format!("198.51.{n}.7")).await.status.as_u16());
    }
    assert_eq!(taken, [200, 200, 429, 429, 200, 200, 200, 429]);
}

#[tokio::test]
async fn a_form_that_no_person_filled_sends_nothing() {
    let site = Site::start().await;
    let stamp = site.stamp();
    let (used, trapped) = (site.stamp(), site.stamp());
    let send = async |email: &str, stamp: &str, trap: &str| {
        let fields = [("email", email), ("stamp", stamp), ("leave_empty", trap), ("skills_any", "rust")];
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        site.send(Method::POST, "/subscribe", &[], body).await
    };
    for stamp in ["", "forged", &stamp[..stamp.len() - 2]] {
        let again = send("a@example.org", stamp, "").await;
        assert!(again.status == 422 && again.has("press the button once more") && again.has("value=\"a@example.org\""), "{}", again.body);
    }
    assert_eq!(send("trap@example.org", &trapped, "https://spam.example").await.status, 200, "a program learns nothing");
    assert_eq!(send("first@example.org", &used, "").await.status, 200);
    assert_eq!(send("second@example.org", &used, "").await.status, 422, "a stamp is good once");
    assert_eq!(confirmations(&site).await, 1);

    let page = site.get("/").await;
    let fresh = page.body.split("name=\"stamp\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    assert_eq!(send("fast@example.org", &fresh, "").await.status, 422, "nobody fills a form at once");
    site.clock.set(noon() + Duration::seconds(3));
    assert_eq!(send("slow@example.org", &fresh, "").await.status, 200);
}

#[tokio::test]
async fn domains_the_operator_refuses_are_refused_with_their_subdomains_only() {
    let refused_domains = vec!["throwaway.example".to_owned()];
    let site = Site::with(WebSettings { refused_domains, ..WebSettings::default() }).await;
    for (email, status) in [("a@throwaway.example", 422), ("a@sub.throwaway.example", 422), ("a@notthrowaway.example", 200)] {
        let answer = site.post("/subscribe", &[("email", email)]).await;
        assert_eq!(answer.status, status, "{email}");
        assert_eq!(answer.has("cannot get alerts here"), status == 422, "{email}");
    }
}

#[tokio::test]
async fn how_long_an_answer_takes_tells_nothing_of_an_address() {
    const ROUNDS: usize = 12;
    let site = Site::start().await;
    site.subscriber("active@example.org").await;
    let suppressed = site.signer.address_digest(&"suppressed@example.org".parse_email());
    site.store.suppress(&suppressed, SuppressionReason::Complaint, noon()).await.unwrap();
    let kinds = ["active@example.org", "suppressed@example.org", "new"];
    let mut times = vec![Vec::new(); kinds.len()];
    for round in 0..ROUNDS {
        for (kind, times) in kinds.iter().zip(&mut times) {
            let email = if *kind == "new" { format!("new{round}@example.org") } else { (*kind).to_owned() };
            let began = Instant::now();
            site.post("/subscribe", &[("email", &email), ("skills_any", "rust")]).await;
            times.push(began.elapsed());
        }
    }
    let medians: Vec<Span> = times
        .iter_mut()
        .map(|times| {
            times.sort();
            times[ROUNDS / 2]
        })
        .collect();
    say(&format!("answers of the form, medians of {ROUNDS}: known {:?}, suppressed {:?}, new {:?}", medians[0], medians[1], medians[2]));
    let (least, most) = (medians.iter().min().unwrap(), medians.iter().max().unwrap());
    assert!(most.saturating_sub(*least) < Span::from_millis(40), "{medians:?}");
}

#[tokio::test]
async fn a_consent_tells_page_words_and_network_and_forgets_the_network_in_time() {
    let site = Site::with(behind_a_proxy()).await;
    sign_up(&site, "asha@example.org", "198.51.100.7").await;
    let token = site.confirmation().await;
    let headers = [("sec-fetch-site", "same-origin"), ("x-forwarded-for", "198.51.100.9")];
    assert_eq!(site.send(Method::POST, &format!("/confirm/{token}"), &headers, String::new()).await.status, 200);
    let person = site.store.subscriber_by_email(&"asha@example.org".parse_email()).await.unwrap().unwrap();
    let record = site.store.consent_record(person.id).await.unwrap();
    let pages: Vec<Option<&str>> = record.iter().map(|line| line.circumstances.page.as_deref()).collect();
    assert_eq!(pages, [Some("/"), Some("/confirm")]);
    assert!(record.iter().all(|line| line.circumstances.words.as_deref() == Some(rolecall::consent::WORDS_VERSION)));
    let client = record[0].circumstances.client.clone().unwrap();
    assert_eq!(record[1].circumstances.client.as_deref(), Some(client.as_str()), "the same network, told apart from others only");
    assert!(!client.contains("198.51"));
    let exported = site.everything(person.id).await;
    assert!(exported.contains(&client) && exported.contains("\"page\":\"/confirm\""), "{exported}");
    site.store.forget_clients(noon() + Duration::days(29)).await.unwrap();
    assert!(site.everything(person.id).await.contains(&client));
    site.store.forget_clients(noon() + Duration::days(30)).await.unwrap();
    assert!(!site.everything(person.id).await.contains(&client));
}

#[tokio::test]
async fn no_link_leads_anywhere_but_here() {
    let site = Site::start().await;
    let (subscriber, _) = site.subscriber("asha@example.org").await;
    let manage = site.manage(subscriber);
    let done =
        site.post(&format!("{manage}?done=//evil.example&next=https://evil.example"), &[("do", "pause"), ("next", "//evil.example")]).await;
    assert_eq!(done.headers["location"], format!("{manage}?done=paused"));
    for path in ["/manage/%2F%2Fevil.example", "//evil.example/manage/x", "/manage/..%2F..%2Fevil"] {
        let answer = site.post(path, &[("do", "resume")]).await;
        assert!(answer.status == 404 && !answer.headers.contains_key("location"), "{path}: {}", answer.status);
    }
    let said = site.get(&format!("{manage}?done=%3Cscript%3E")).await;
    assert!(!said.has("&lt;script"), "a link cannot make the page say anything");
}
