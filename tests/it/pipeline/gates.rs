//! When sending stops, and when it begins again.

use rolecall::domain::delivery::{Blame, Refusal};
use rolecall::domain::{DeliveryId, DeliveryState, Outcome};
use rolecall::store::ReceiverRecord;
use tokio_util::sync::CancellationToken;

use super::{DAILY_IN_PUNE, House, moment};

/// A house whose digests are due at half past two, one for each person.
async fn house_of(people: usize) -> House {
    let house = House::new("2026-11-22T12:00:00Z").await;
    for person in 0..people {
        house.welcomed(&format!("p{person}@gmail.com"), DAILY_IN_PUNE).await;
    }
    house.jobs(&["1"]).await;
    house.clock.set(moment("2026-11-23T02:30:00Z"));
    house.alert.run().await.unwrap();
    house
}

impl House {
    /// A deliver pass at a moment; how many letters it sent, and whether sending stopped.
    async fn delivers_at(&self, now: &str) -> (u64, bool) {
        self.clock.set(moment(now));
        let summary = self.deliver.run(&CancellationToken::new()).await.unwrap();
        (summary.sent, summary.relay_down)
    }
}

#[tokio::test]
async fn after_a_fault_of_the_mail_server_one_letter_shows_whether_it_is_back() {
    let down = || Outcome::Later(Refusal { blame: Blame::Relay, code: None, text: "connection refused".into() });
    let house = house_of(6).await;
    house.mailbox.answer_next(down());
    let (sent, stopped) = house.delivers_at("2026-11-23T02:30:00Z").await;
    assert!(stopped && sent < 6);
    assert_eq!(house.delivers_at("2026-11-23T02:30:04Z").await, (0, true), "nothing is tried in the pause");
    house.mailbox.answer_next(down());
    assert_eq!(house.delivers_at("2026-11-23T02:31:00Z").await, (0, true), "one letter is tried, and no other");
    assert_eq!(house.delivers_at("2026-11-23T02:31:09Z").await, (0, true), "the second pause is twice as long");
    assert_eq!(house.delivers_at("2026-11-23T02:32:00Z").await, (6 - sent, false), "one goes well, and the rest follows in the same pass");
}

#[tokio::test]
async fn ten_letters_refused_for_our_sake_stop_everything_until_one_gets_through() {
    let spam = || Outcome::Never(Refusal { blame: Blame::Sender, code: Some(550), text: "5.7.1 looks like spam".into() });
    let house = house_of(16).await;
    let parked = async || house.store.deliveries_in(DeliveryState::Parked, DeliveryId(0), 100).await.unwrap().len();
    (0..13).for_each(|_| house.mailbox.answer_next(spam()));
    assert_eq!(house.delivers_at("2026-11-23T02:30:00Z").await, (0, true));
    let first = parked().await;
    assert!((10..=11).contains(&first), "the other lane may have had one under way: {first}");
    let pause = &house.deliver.gate.pauses(house.clock.now())[0];
    assert!(pause.whom == "refusals" && pause.why.contains("delivery list"), "{pause:?}");
    assert_eq!(house.delivers_at("2026-11-23T03:29:59Z").await, (0, true), "an hour");
    house.delivers_at("2026-11-23T03:43:00Z").await;
    assert_eq!(parked().await, first + 1, "one letter is tried");
    assert_eq!(house.delivers_at("2026-11-23T05:42:00Z").await, (0, true), "then two hours");
}

#[tokio::test]
async fn what_was_sent_to_a_family_is_known_by_day() {
    let house = house_of(3).await;
    house.delivers_at("2026-11-23T02:30:00Z").await;
    let records = house.store.receiver_records(house.clock.now()).await.unwrap();
    // Three welcomes of yesterday, and today's digests.
    let google = ReceiverRecord { days: 1, today: 3, week: 6, complaints: 0 };
    assert_eq!(records.into_iter().collect::<Vec<_>>(), [("google".to_owned(), google)]);
}
