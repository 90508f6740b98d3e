//! What comes back changes what it may change, once.

use rolecall::domain::delivery::Blame;
use rolecall::domain::report::{Report, ReportKind, ReturnEffect};
use rolecall::domain::subscriber::{ConsentEvent, SuppressionReason};
use rolecall::domain::{DeliveryEvent, DeliveryKind, DeliveryState, EmailAddress, Seq, StatusCode, SubscriberId, SubscriberState, Window};
use rolecall::store::{Charge, Ended, NewReturn, Returnee, Store};

use super::delivering::{begin, end, ended};
use super::words::{at, consent, letter, publish, search, somebody};

const DAY: i64 = 24 * 60;

pub fn says(kind: ReportKind, blame: Blame) -> Report {
    let status = StatusCode::parse("5.1.1");
    Report {
        kind,
        blame,
        recipient: None,
        original_recipient: None,
        status,
        diagnostic: "550 no".into(),
        is_delay: false,
        is_opt_out: false,
    }
}

/// Records a report about somebody at a minute; the mail is told from others by its name.
async fn came_back(store: &Store, who: SubscriberId, report: &Report, mail: &str, minutes: i64) -> Option<ReturnEffect> {
    let subscriber = Some(Returnee { id: who, email_digest: "digest of who" });
    let returned = NewReturn { report, mail_digest: mail, delivery: None, subscriber, mail: None, at: at(minutes) };
    store.record_return(&returned).await.unwrap()
}

pub async fn a_mailbox_that_is_gone_is_mailed_no_more(store: &Store) {
    publish(store, "acme", 3).await;
    let (who, alert) = somebody(store, "asha", "daily").await;
    let queued = store.queue(&letter(who, alert, DeliveryKind::Digest, Window { after: Seq(3), until: Seq(4) }), at(1)).await.unwrap();
    let hard = says(ReportKind::Hard, Blame::Recipient);
    assert_eq!(came_back(store, who, &hard, "one", 2).await, Some(ReturnEffect::Suppressed));
    assert_eq!(came_back(store, who, &hard, "one", 3).await, None, "a mail that is piped in twice counts once");
    assert_eq!(store.suppression("digest of who").await.unwrap(), Some(SuppressionReason::HardBounce));
    assert_eq!(store.subscriber(who).await.unwrap().unwrap().state, SubscriberState::Ended);
    assert!(store.claim(at(DAY), at(2 * DAY), 10).await.unwrap().is_empty(), "what was queued is cancelled");
    assert_eq!(store.delivery_owner(queued).await.unwrap(), Some((who, Some(alert))));
    assert_eq!(store.consent_record(who).await.unwrap().last().unwrap().event, ConsentEvent::Unsubscribed);
    assert_eq!(store.returned_since(at(0)).await.unwrap()["hard"], 1);
    let told = store.returned_of(who, 10).await.unwrap();
    assert_eq!((told.len(), told[0].kind, told[0].effect), (1, ReportKind::Hard, ReturnEffect::Suppressed));
    assert_eq!((told[0].returned_at, told[0].status.as_deref(), told[0].diagnostic.as_str()), (at(2), Some("5.1.1"), "550 no"));
    let consent = consent(ConsentEvent::AddedByOperator, 0);
    let (there, _) =
        store.add_confirmed(&EmailAddress::parse("asha@yahoo.co.in").unwrap(), &search("Rust", "daily"), &consent).await.unwrap();
    came_back(store, there, &hard, "two", 4).await;
    let counted = [("hard".to_owned(), "other".to_owned(), 1), ("hard".to_owned(), "yahoo".to_owned(), 1)];
    assert_eq!(store.returned_by_receiver().await.unwrap(), counted);
}

pub async fn a_letter_that_its_mailbox_refuses_ends_with_what_follows_from_it_in_one_commit(store: &Store) {
    let (who, alert) = somebody(store, "refused", "daily").await;
    let window = |after| Window { after: Seq(after), until: Seq(after + 1) };
    let refused = store.queue(&letter(who, alert, DeliveryKind::Digest, window(7)), at(1)).await.unwrap();
    assert_eq!(store.claim(at(1), at(10), 10).await.unwrap().len(), 1);
    assert!(begin(store, refused).await);
    let waiting = store.queue(&letter(who, alert, DeliveryKind::Digest, window(8)), at(1)).await.unwrap();
    let report = says(ReportKind::Hard, Blame::Recipient);
    let charge = Charge { report, digest: "dialogue".into(), subscriber: who, email_digest: "digest of refused".into() };
    end(store, Ended { charge: Some(charge), ..ended(refused, DeliveryEvent::Refused, None) }).await;
    let states = [refused, waiting].map(|id| async move { store.delivery(id).await.unwrap().unwrap().state });
    let [first, second] = states;
    assert_eq!((first.await, second.await), (DeliveryState::Failed, DeliveryState::Cancelled));
    assert_eq!(store.suppression("digest of refused").await.unwrap(), Some(SuppressionReason::HardBounce));
    assert_eq!(store.subscriber(who).await.unwrap().unwrap().state, SubscriberState::Ended);
}

pub async fn failures_of_a_mailbox_are_counted_over_days(store: &Store) {
    let (who, _) = somebody(store, "ben", "daily").await;
    let soft = says(ReportKind::Soft, Blame::Recipient);
    let ours = says(ReportKind::Soft, Blame::Sender);
    let late = Report { is_delay: true, ..soft.clone() };
    for n in 0..20 {
        assert_eq!(came_back(store, who, &ours, &format!("ours {n}"), n * DAY).await, Some(ReturnEffect::None), "our fault is not charged");
        assert_eq!(came_back(store, who, &late, &format!("late {n}"), n * DAY).await, Some(ReturnEffect::None), "a delay is none");
        assert_eq!(came_back(store, who, &soft, &format!("one day {n}"), 40 * DAY + n).await, Some(ReturnEffect::Counted));
    }
    assert_eq!(came_back(store, who, &soft, "second", 41 * DAY).await, Some(ReturnEffect::Counted));
    assert_eq!(came_back(store, who, &soft, "third", 42 * DAY).await, Some(ReturnEffect::Paused));
    assert_eq!(store.subscriber(who).await.unwrap().unwrap().paused_until, Some(at(49 * DAY)));
    store.resume_due(at(49 * DAY)).await.unwrap();
    for (n, effect) in [(50, ReturnEffect::Counted), (51, ReturnEffect::Counted), (52, ReturnEffect::Suppressed)] {
        assert_eq!(came_back(store, who, &soft, &format!("after the pause {n}"), n * DAY).await, Some(effect), "day {n}");
    }
}

pub async fn what_was_not_understood_is_kept_for_a_while_and_goes_with_who_is_named_in_it(store: &Store) {
    let (who, _) = somebody(store, "eve_x", "daily").await;
    let other = says(ReportKind::Other, Blame::Relay);
    let mail = "Subject: hello\n\nWhere is Eve_X@Example.org?\n";
    let keep = |digest: &'static str| NewReturn {
        report: &other,
        mail_digest: digest,
        delivery: None,
        subscriber: None,
        mail: Some(mail),
        at: at(0),
    };
    assert_eq!(store.record_return(&keep("one")).await.unwrap(), Some(ReturnEffect::None));
    assert_eq!(store.record_return(&keep("one")).await.unwrap(), None);
    assert!(store.erase(who).await.unwrap());
    assert_eq!(store.forget_returned(at(DAY), at(-DAY), 10).await.unwrap(), 0);
    assert_eq!(store.forget_returned(at(DAY), at(DAY), 10).await.unwrap(), 1);
    assert!(store.returned_since(at(-DAY)).await.unwrap().is_empty());
}
