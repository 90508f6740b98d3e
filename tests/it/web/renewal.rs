//! What letters ask for: to keep the alerts, or to end them all.

use chrono::Duration;
use reqwest::Method;
use rolecall::domain::{DeliveryKind, SubscriptionId};

use super::site::{Site, noon};

#[tokio::test]
async fn the_button_of_a_renewal_letter_keeps_the_alerts_and_opening_its_page_does_not() {
    let site = Site::start().await;
    let (subscriber, _) = site.subscriber("asha@example.org").await;
    site.clock.set(noon() + Duration::days(20));
    let (link, alive) = (site.renew(subscriber), site.store.subscriber(subscriber).await.unwrap().unwrap().alive_at);
    for method in [Method::GET, Method::HEAD, Method::GET] {
        assert_eq!(site.send(method, &link, &[], String::new()).await.status, 200);
    }
    assert!(site.get(&link).await.has("Rust in Pune"));
    assert_eq!(site.store.subscriber(subscriber).await.unwrap().unwrap().alive_at, alive);
    assert!(site.post(&link, &[]).await.has("Your alerts are kept"));
    assert_eq!(site.store.subscriber(subscriber).await.unwrap().unwrap().alive_at, noon() + Duration::days(20));
    assert_eq!(site.store.consent_record(subscriber).await.unwrap().last().unwrap().event.as_str(), "renewed");
    assert_eq!(site.get(&link.replace("/renew/", "/manage/")).await.status, 404, "it is good for nothing else");
    site.clock.set(noon() + Duration::days(61));
    assert_eq!(site.post(&link, &[]).await.status, 410);
    site.clock.set(noon() + Duration::days(21));
    site.consent.leave(subscriber, "mail").await.unwrap();
    assert!(site.post(&link, &[]).await.has("These alerts have ended"));
}

#[tokio::test]
async fn the_link_for_all_alerts_ends_all_of_them_by_button_and_by_one_click() {
    let site = Site::start().await;
    let one_click = "List-Unsubscribe=One-Click".to_owned();
    for (email, body, told) in [("asha@example.org", "scope=all".to_owned(), 1), ("ravi@example.org", one_click, 0)] {
        let (subscriber, _) = site.subscriber(email).await;
        site.post(&site.manage(subscriber), &[("do", "add"), ("name", "Second"), ("frequency", "instant")]).await;
        let link = site.unsubscribe(subscriber, SubscriptionId(0));
        let page = site.get(&link).await;
        assert!(page.has("End all your alerts?") && page.has("End all my alerts (2)"), "{}", page.body);
        let headers = [("content-type", "application/x-www-form-urlencoded")];
        assert_eq!(site.send(Method::POST, &link, &headers, body).await.status, 200);
        assert!(site.store.subscriptions_of(subscriber).await.unwrap().is_empty());
        let goodbyes = site.letters().await.iter().filter(|letter| letter.delivery.kind == DeliveryKind::Goodbye).count();
        assert_eq!(goodbyes, told, "a mail service that was told expects silence");
    }
}
