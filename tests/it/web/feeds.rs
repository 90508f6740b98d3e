//! One alert as a private feed.

use rolecall::domain::TokenPurpose;
use rolecall::domain::token::Claims;

use super::site::{Site, board, posting};

#[tokio::test]
async fn a_feed_tells_what_fits_an_alert_to_readers_of_atom_and_of_json() {
    let site = Site::start().await;
    let (subscriber, _) = site.subscriber("asha@example.org").await;
    let mut hostile = posting("9", "Rust <script>alert(1)</script> & \u{1} Engineer", "Pune, India", "<p>Rust.</p>");
    hostile.company = Some("A & B <Ltd>".to_owned());
    site.publish(board().into_iter().chain([hostile]).collect()).await;
    let page = site.get(&site.manage(subscriber)).await;
    let link = |ending: &str| {
        let start =
            page.body.split("href=\"").find(|rest| rest.starts_with("/feeds/") && rest.split('"').next().unwrap().ends_with(ending));
        start.expect("the page of the alerts links its feeds").split('"').next().unwrap().to_owned()
    };

    let before = site.everything(subscriber).await;
    let atom = site.get(&link(".atom")).await;
    assert_eq!((atom.status.as_u16(), &atom.headers["content-type"]), (200, &"application/atom+xml; charset=utf-8".parse().unwrap()));
    let feed = feed_rs::parser::parse(atom.body.as_bytes()).unwrap();
    assert_eq!(feed.entries.len(), 2, "{}", atom.body);
    assert!(feed.entries[0].title.as_ref().unwrap().content.contains("A & B <Ltd>"), "{:?}", feed.entries[0].title);
    assert!(feed.entries[1].summary.as_ref().unwrap().content.contains("₹28"), "{:?}", feed.entries[1].summary);
    assert!(feed.entries.iter().all(|entry| entry.links[0].href.starts_with("https://jobs.example.org/jobs/")));

    let json: serde_json::Value = serde_json::from_str(&site.get(&link(".json")).await.body).unwrap();
    assert_eq!(json["version"], "https://jsonfeed.org/version/1.1");
    assert_eq!(json["items"].as_array().unwrap().len(), 2);
    let tag = atom.headers["etag"].to_str().unwrap().to_owned();
    let again = site.send(reqwest::Method::GET, &link(".atom"), &[("if-none-match", &tag)], String::new()).await;
    assert_eq!((again.status.as_u16(), again.body.len()), (304, 0));
    assert_eq!(site.everything(subscriber).await, before, "reading a feed changes nothing");
    assert_eq!(atom.headers["cache-control"], "no-store");
}

#[tokio::test]
async fn a_feed_is_for_its_own_alert_and_ends_with_it() {
    let site = Site::start().await;
    let (subscriber, alert) = site.subscriber("asha@example.org").await;
    let of = |purpose| site.signer.sign(purpose, Claims { ids: [subscriber.0, alert.0, 0], until: None });
    assert_eq!(site.get(&format!("/feeds/{}.atom", of(TokenPurpose::Feed))).await.status, 200);
    assert_eq!(site.get(&format!("/feeds/{}.atom", of(TokenPurpose::Unsubscribe))).await.status, 404);
    assert_eq!(site.get(&format!("/feeds/{}.xml", of(TokenPurpose::Feed))).await.status, 404);
    assert_eq!(site.get(&format!("/manage/{}", of(TokenPurpose::Feed))).await.status, 404);
    site.consent.unsubscribe(alert, "test").await.unwrap();
    assert_eq!(site.get(&format!("/feeds/{}.atom", of(TokenPurpose::Feed))).await.status, 410);
}
