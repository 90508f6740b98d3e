//! What a person says of a listing, by the links of the letters and on the page of the alerts.

use chrono::Duration;
use reqwest::Method;
use rolecall::domain::{DeliveryKind, ListingId, Rates};
use rolecall::pipeline::{AlertPass, AlertSettings, Prepared};
use rolecall::pulse::Beat;

use super::site::{Site, noon, posting};

/// The text of the next letter of the alert; none where nothing fits.
async fn next_letter(site: &Site) -> Option<String> {
    let pass = AlertPass {
        store: site.store.clone(),
        rates: Rates::default(),
        settings: AlertSettings::default(),
        clock: site.clock.clone(),
        beat: Beat::default(),
    };
    pass.run().await.unwrap();
    for claimed in site.letters().await.iter().filter(|claimed| claimed.delivery.kind == DeliveryKind::Digest) {
        if let Prepared::Letter(message) = site.desk.prepare(claimed, site.clock.now()).await.unwrap() {
            return Some(message.text);
        }
    }
    None
}

/// A rust job of a company, by its number.
fn job(id: &str, company: &str, title: &str) -> rolecall::domain::Posting {
    let mut job = posting(id, title, "Pune, India", &format!("<p>Services in Rust and PostgreSQL, number {id}. On site.</p>"));
    job.company = Some(company.to_owned());
    job
}

#[tokio::test]
async fn what_is_said_of_a_job_bears_on_the_very_next_letter_and_can_be_taken_back() {
    let site = Site::start().await;
    let (subscriber, alert) = site.subscriber("asha@example.org").await;
    site.letters().await;
    site.publish(vec![job("1", "Acme", "Senior Backend Engineer")]).await;
    site.clock.set(noon() + Duration::days(1));
    let first = next_letter(&site).await.expect("a rust job is told");
    let link = first.split("https://jobs.example.org").find(|rest| rest.starts_with("/feedback/")).expect("each job has its link");
    let link = link.split_whitespace().next().unwrap();

    let before = site.everything(subscriber).await;
    for _ in 0..2 {
        assert!(site.get(&format!("{link}?say=not_for_me")).await.has("Why not?"));
        site.send(Method::HEAD, link, &[], String::new()).await;
    }
    assert_eq!(site.everything(subscriber).await, before, "opening it says nothing");

    let kept = site.post(link, &[("do", "not_for_me"), ("why", "level")]).await;
    assert!(kept.has("You said: not for me, because of the level."), "{}", kept.body);
    site.publish(vec![job("2", "Globex", "Senior Backend Engineer"), job("3", "Initech", "Junior Backend Engineer")]).await;
    site.clock.set(noon() + Duration::days(2));
    let second = next_letter(&site).await.expect("another level is told");
    assert!(second.contains("Initech") && !second.contains("Globex"), "{second}");

    let manage = site.manage(subscriber);
    let page = site.get(&manage).await;
    assert!(page.has("What you said of jobs (1)") && page.has("not for me, because of the level"), "{}", page.body);
    let taken_back = site.post(&manage, &[("do", "unsay"), ("alert", &alert.0.to_string()), ("listing", "1")]).await;
    assert_eq!(taken_back.headers["location"], format!("{manage}?done=unsaid"));
    site.publish(vec![job("4", "Umbrella", "Senior Backend Engineer")]).await;
    site.clock.set(noon() + Duration::days(3));
    assert!(next_letter(&site).await.expect("the level is welcome again").contains("Umbrella"));
}

#[tokio::test]
async fn a_letter_that_waits_already_heeds_what_was_said_meanwhile() {
    let site = Site::start().await;
    let (_, alert) = site.subscriber("asha@example.org").await;
    site.letters().await;
    site.publish(vec![job("1", "Acme", "Backend Engineer"), job("2", "Globex", "Backend Engineer")]).await;
    let never = site.post(&site.feedback(alert, 1), &[("do", "never_company")]).await;
    assert!(never.has("You said: never this company."), "{}", never.body);
    site.clock.set(noon() + Duration::days(1));
    let letter = next_letter(&site).await.expect("the other company is told");
    assert!(letter.contains("Globex") && !letter.contains("Acme"), "{letter}");
}

#[tokio::test]
async fn a_job_like_a_liked_one_comes_first() {
    let site = Site::start().await;
    let (_, alert) = site.subscriber("asha@example.org").await;
    site.letters().await;
    let mut kafka = job("1", "Acme", "Backend Engineer");
    kafka.description = Some("<p>Services in Rust and PostgreSQL with Kafka, Kubernetes and Redis. On site.</p>".to_owned());
    let (mut alike, plain) = (kafka.clone(), job("3", "Initech", "Backend Engineer"));
    (alike.id, alike.company) = ("2".to_owned(), Some("Globex".to_owned()));
    alike.description =
        Some("<p>Services in Rust and PostgreSQL with Kafka, Kubernetes and Redis, for another team. On site.</p>".to_owned());
    site.publish(vec![kafka]).await;
    site.post(&site.feedback(alert, 1), &[("do", "more")]).await;
    site.publish(vec![alike, plain]).await;
    site.clock.set(noon() + Duration::days(1));
    let letter = next_letter(&site).await.unwrap();
    let at = |company: &str| letter.find(company).unwrap_or(usize::MAX);
    assert!(at("Globex") < at("Initech"), "{letter}");
}

#[tokio::test]
async fn a_feedback_link_is_good_for_its_own_alert_and_job_only() {
    let site = Site::start().await;
    let (subscriber, alert) = site.subscriber("asha@example.org").await;
    site.publish(vec![job("1", "Acme", "Backend Engineer")]).await;
    let link = site.feedback(alert, 1);
    assert_eq!(site.post(&link.replace("/feedback/", "/feedback/A"), &[("do", "more")]).await.status, 404);
    assert_eq!(site.get(&link.replace("/feedback/", "/manage/")).await.status, 404);
    assert_eq!(site.post(&link, &[("do", "everything")]).await.status, 422);
    assert_eq!(site.post(&link, &[("do", "not_for_me"), ("why", "skill"), ("skill", "php")]).await.status, 422);
    assert_eq!(site.post(&link, &[("do", "not_for_me"), ("why", "skill"), ("skill", "rust")]).await.status, 200);
    let kept = site.store.subscription(alert).await.unwrap().unwrap().feedback;
    assert_eq!((kept.len(), kept[0].listing), (1, ListingId(1)));
    assert!(site.everything(subscriber).await.contains("\"why\":\"skill\""), "the export has it");
    let foreign = [("sec-fetch-site", "cross-site")];
    assert_eq!(site.send(Method::POST, &link, &foreign, "do=more".to_owned()).await.status, 403);
    site.consent.unsubscribe(alert, "test").await.unwrap();
    assert_eq!(site.post(&link, &[("do", "more")]).await.status, 410);
}
