//! The real program, killed while it posts.

use std::time::Duration;

use chrono::{DateTime, Days, Utc};
use rolecall::clock::Clock;
use rolecall::domain::subscriber::{Circumstances, ConsentEvent, ConsentRecord};
use rolecall::domain::webhook::{Reach, WebhookUrl};
use rolecall::domain::{EmailAddress, SubscriberId};
use rolecall::store::{DatabaseSettings, Store};

use super::{CONFIG, Place, posting};
use crate::receiver::{Answer, Receiver};

impl Place {
    async fn store(&self) -> Store {
        let url = format!("sqlite:{}", self.path("data/rolecall.db").display());
        Store::open(&DatabaseSettings { url }).await.unwrap()
    }
}

fn moment(days: u64, minutes: i64) -> String {
    let now: DateTime<Utc> = Clock::System.now();
    let day = now.date_naive().checked_add_days(Days::new(days)).unwrap().and_hms_opt(8, 0, 0).unwrap().and_utc();
    (day + chrono::Duration::minutes(minutes)).to_rfc3339()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_that_is_killed_while_it_posts_loses_no_call_and_posts_it_again_under_its_id() {
    let (place, receiver) = (Place::new(), Receiver::start([Answer::Silence]).await);
    let more = "[database]\nurl = \"sqlite:data/rolecall.db\"\n[webhooks]\nallow_private_addresses = true\n";
    place.write("rolecall.toml", &CONFIG.replace("[mail]", &format!("{more}[mail]")));
    place.write("alert.json", r#"{"name":"Backend","delivery":{"frequency":"daily","at":"08:00","time_zone":"UTC"}}"#);
    place.data("subscriber add ann@example.org --preferences alert.json --confirmed");
    place.data(&format!("run --now {}", moment(1, 0)));
    let store = place.store().await;
    let person: SubscriberId = store.subscriber_by_email(&EmailAddress::parse("ann@example.org").unwrap()).await.unwrap().unwrap().id;
    let alert = store.subscriptions_of(person).await.unwrap().remove(0).id;
    let url = WebhookUrl::parse(&receiver.url, Reach::Anywhere).unwrap();
    let (event, at, circumstances) = (ConsentEvent::Changed, Clock::System.now(), Circumstances::default());
    let consent = ConsentRecord { event, at, origin: "test".into(), detail: String::new(), circumstances };
    assert!(store.keep_webhook(alert, &url, "nonce", &consent).await.unwrap());
    store.close().await;

    place.write("postings.ndjson", &(place.read("postings.ndjson") + &posting("3", "Backend Engineer, Payments")));
    let mut posting = place.start(&format!("run --now {}", moment(2, 1)));
    receiver.wait_for(1).await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    posting.0.kill().unwrap();
    posting.0.wait().unwrap();
    assert_eq!(place.letters().len(), 2, "the letters were out before");
    place.data(&format!("run --now {}", moment(2, 2)));
    assert_eq!(receiver.calls().len(), 1, "its lease holds");
    place.data(&format!("run --now {}", moment(2, 4)));
    place.data(&format!("run --now {}", moment(2, 9)));
    let calls = receiver.calls();
    assert_eq!(calls.len(), 2, "once more, and never again");
    assert!(calls[0].id() == calls[1].id() && calls[0].json() == calls[1].json());
    assert_eq!(place.letters().len(), 2);
    let shown = &place.json("subscriber show ann@example.org")[0]["alerts"][0]["webhook"];
    assert!(shown["url"] == receiver.url.as_str() && shown["failures"] == 0 && shown["nonce"].is_null(), "{shown}");
    let table = place.data("subscriber show ann@example.org");
    assert!(table.contains("WEBHOOK") && table.trim_end().ends_with("well"), "{table}");
    let dry = place.data(&format!("run --dry-run --now {}", moment(3, 0)));
    assert!(receiver.calls().len() == 2, "a dry run posts nothing: {dry}");
}
