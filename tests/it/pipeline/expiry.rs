//! Letters that waited too long: they are not sent, and what they were to tell goes into the next letter.

use rolecall::consent::Origin;
use rolecall::domain::delivery::{Blame, Refusal};
use rolecall::domain::{Alert, DeliveryId, DeliveryState, EmailAddress, NewSubscription, Outcome};
use tokio_util::sync::CancellationToken;

use super::{DAILY_IN_PUNE, House, INSTANT, moment};

impl House {
    /// The alert pass at a moment; nothing is delivered.
    async fn decided_at(&self, now: &str) {
        self.clock.set(moment(now));
        self.alert.run().await.unwrap();
    }

    /// How many letters a deliver pass sends, and how many have expired in it.
    async fn delivered(&self) -> (u64, u64) {
        let summary = self.deliver.run(&CancellationToken::new()).await.unwrap();
        (summary.sent, summary.expired)
    }
}

#[tokio::test]
async fn instant_alerts_that_waited_three_days_are_told_in_one_letter_with_what_is_new() {
    let house = House::new("2026-11-22T12:00:00Z").await;
    house.welcomed("asha@example.org", INSTANT).await;
    house.pass().await;
    for (job, hour) in [("1", "13"), ("2", "14")] {
        house.jobs(&[job]).await;
        house.decided_at(&format!("2026-11-22T{hour}:00:00Z")).await;
        house.decided_at(&format!("2026-11-22T{hour}:01:00Z")).await;
    }
    // Nothing could be sent for three days.
    house.clock.set(moment("2026-11-25T14:01:00Z"));
    assert_eq!(house.delivered().await, (0, 2));
    let expired = house.store.deliveries_in(DeliveryState::Expired, DeliveryId(0), 10).await.unwrap();
    assert_eq!(expired.len(), 2, "`delivery list --state expired` shows them");
    house.decided_at("2026-11-25T14:01:30Z").await;
    assert_eq!(house.delivered().await, (0, 0), "what expires together is gathered for a minute");
    house.jobs(&["3"]).await;
    house.decided_at("2026-11-25T14:02:30Z").await;
    assert_eq!(house.delivered().await, (1, 0));
    let letter = house.letters().pop().unwrap();
    for team in ["team 1", "team 2", "team 3"] {
        assert!(letter.text.contains(team), "{team}: {}", letter.text);
    }
    assert!(letter.text.contains("3 new jobs fit"), "{}", letter.text);
    house.decided_at("2026-11-25T15:00:00Z").await;
    assert_eq!(house.delivered().await, (0, 0), "it is told once");
    let days = house.store.letters_by_day(moment("2026-11-22T00:00:00Z").date_naive()).await.unwrap();
    assert_eq!(days[&moment("2026-11-25T00:00:00Z").date_naive()]["expired"], 2, "and counted");
}

#[tokio::test]
async fn a_digest_that_would_be_tried_again_too_late_expires_and_the_next_one_tells_its_jobs() {
    let house = House::new("2026-11-22T12:00:00Z").await;
    house.welcomed("asha@example.org", DAILY_IN_PUNE).await;
    house.jobs(&["1"]).await;
    house.decided_at("2026-11-23T02:30:00Z").await;
    house.clock.set(moment("2026-11-30T02:28:00Z"));
    let later = Refusal { blame: Blame::Recipient, code: Some(451), text: "said so".into() };
    house.mailbox.answer_next(Outcome::Later(later));
    assert_eq!(house.delivered().await, (0, 1), "in five minutes it will be seven days old");
    house.jobs(&["2"]).await;
    house.decided_at("2026-11-30T02:30:00Z").await;
    assert_eq!(house.delivered().await, (1, 0));
    let letter = house.letters().pop().unwrap();
    assert!(letter.text.contains("team 1") && letter.text.contains("team 2"), "{}", letter.text);
}

#[tokio::test]
async fn a_letter_that_may_have_arrived_does_not_expire_into_another_one() {
    let house = House::new("2026-11-22T12:00:00Z").await;
    house.welcomed("asha@example.org", DAILY_IN_PUNE).await;
    house.jobs(&["1"]).await;
    house.mailbox.answer_next(Outcome::Unknown("the link broke".into()));
    house.at("2026-11-23T02:30:00Z").await;
    house.clock.set(moment("2026-12-10T12:00:00Z"));
    assert_eq!(house.delivered().await, (1, 0));
    let letters = house.letters();
    assert_eq!(letters[1].id, letters[2].id, "its one more attempt, with its own Message-ID");
}

#[tokio::test]
async fn a_confirmation_is_not_sent_after_its_link_has_ended() {
    let house = House::new("2026-11-01T12:00:00Z").await;
    let Alert { name, preferences, delivery, .. } =
        serde_json::from_str(&format!(r#"{{"name":"Rust","delivery":{DAILY_IN_PUNE}}}"#)).unwrap();
    let subscription = NewSubscription { name, preferences, cadence: delivery.unwrap() };
    let email = EmailAddress::parse("asha@example.org").unwrap();
    house.consent.subscribe(&email, subscription, Origin::page("/", None)).await.unwrap();
    house.clock.set(moment("2026-11-04T12:00:00Z"));
    assert_eq!(house.delivered().await, (0, 1));
    assert_eq!(house.letters().len(), 0);
}
