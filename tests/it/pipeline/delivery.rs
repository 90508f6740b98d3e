//! What became of letters that were under way when the process ended, and what their slips say of it.

use std::path::Path;
use std::time::Duration;

use rolecall::domain::{DeliveryState, DurationText, Outcome};
use rolecall::mail::{Lane, MailSettings, Mailer, SendmailSettings, TransportKind};
use rolecall::pipeline::Prepared;
use rolecall::store::{Claimed, Progress};
use tokio_util::sync::CancellationToken;

use super::{Audience, DAILY_IN_PUNE, House, moment};

/// The house hands letters to this shell script from now on, and notes what is under way.
fn sendmail(house: &mut House, script: &str) {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = house.folder.path().to_owned();
    let program = folder.join("sendmail");
    std::fs::write(&program, format!("#!/bin/sh\n{script}\n")).unwrap();
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
    let sendmail = SendmailSettings { program, timeout: DurationText::from_secs(60) };
    let settings =
        MailSettings { transport: TransportKind::Sendmail, from: "alerts@example.org".into(), sendmail, ..MailSettings::default() };
    house.deliver.mailer = Mailer::new(&settings, &folder).unwrap().noting_in(&folder).unwrap();
}

/// One letter, claimed and begun, and the lane that is to carry it.
async fn begun(house: &House) -> (Claimed, Lane) {
    let claimed = house.store.claim(house.clock.now(), moment("2026-11-23T04:00:00Z"), 1).await.unwrap().pop().unwrap();
    let progress = Progress { ended: None, begin: Some(claimed.delivery.id) };
    assert_eq!(house.store.record_progress(&[progress]).await.unwrap(), [true]);
    (claimed, house.deliver.mailer.noting_lane(0).unwrap())
}

/// Hands the letter over and is killed before the outcome is recorded.
async fn killed_while_sending(house: &House, lane: &mut Lane, claimed: &Claimed) -> Option<Outcome> {
    let Prepared::Letter(message) = house.deliver.desk.prepare(claimed, house.clock.now()).await.unwrap() else { panic!("a letter") };
    let parcel = lane.pack(message).unwrap();
    tokio::time::timeout(Duration::from_secs(2), lane.hand_over(&parcel)).await.ok()
}

/// A house with one letter due, and the mark of its slips in the database.
async fn house_with_a_letter(script: &str) -> House {
    let mut house = House::new("2026-11-22T12:00:00Z").await;
    house.welcomed("asha@example.org", DAILY_IN_PUNE).await;
    house.jobs(&["1", "2"]).await;
    house.clock.set(moment("2026-11-23T02:30:00Z"));
    house.alert.run().await.unwrap();
    sendmail(&mut house, script);
    assert_eq!(house.deliver.recover().await.unwrap(), 0);
    house
}

async fn state(house: &House, claimed: &Claimed) -> DeliveryState {
    house.store.delivery(claimed.delivery.id).await.unwrap().unwrap().state
}

/// The letters that a script kept, in a file each.
fn kept(folder: &Path) -> Vec<Vec<u8>> {
    let mut names: Vec<_> = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    names.retain(|path| path.extension().is_some_and(|kind| kind == "eml"));
    names.sort();
    names.iter().map(|path| std::fs::read(path).unwrap()).collect()
}

const KEEP: &str = "cat > \"$(dirname \"$0\")/$(date +%s%N).eml\"";

#[tokio::test]
async fn an_answer_that_was_read_and_not_committed_is_remembered() {
    let house = house_with_a_letter(KEEP).await;
    let (claimed, mut lane) = begun(&house).await;
    assert!(matches!(killed_while_sending(&house, &mut lane, &claimed).await, Some(Outcome::Accepted(_))));
    assert_eq!(house.deliver.recover().await.unwrap(), 1);
    assert_eq!(state(&house, &claimed).await, DeliveryState::Sent);
    house.at("2026-11-23T08:00:00Z").await;
    assert_eq!(kept(house.folder.path()).len(), 1, "and nothing goes out again");
}

#[tokio::test]
async fn of_two_letters_of_a_lane_each_is_known_for_what_it_is() {
    let mut house = House::new("2026-11-22T12:00:00Z").await;
    for person in ["asha", "ravi", "meera"] {
        house.welcomed(&format!("{person}@example.org"), DAILY_IN_PUNE).await;
    }
    house.jobs(&["1", "2"]).await;
    house.clock.set(moment("2026-11-23T02:30:00Z"));
    house.alert.run().await.unwrap();
    sendmail(&mut house, &format!("[ -e \"$0.second\" ] && sleep 60; touch \"$0.second\"; {KEEP}"));
    assert_eq!(house.deliver.recover().await.unwrap(), 0);
    let claimed = house.store.claim(house.clock.now(), moment("2026-11-23T04:00:00Z"), 3).await.unwrap();
    // As a lane does it: the next one begins while one is on its way, and the answer to that one is committed with a later beginning.
    let begin: Vec<Progress> = claimed.iter().map(|one| Progress { ended: None, begin: Some(one.delivery.id) }).collect();
    assert_eq!(house.store.record_progress(&begin).await.unwrap(), [true; 3]);
    let mut lane = house.deliver.mailer.noting_lane(0).unwrap();
    assert!(matches!(killed_while_sending(&house, &mut lane, &claimed[0]).await, Some(Outcome::Accepted(_))));
    assert_eq!(killed_while_sending(&house, &mut lane, &claimed[1]).await, None);
    assert_eq!(house.deliver.recover().await.unwrap(), 3);
    let states = [state(&house, &claimed[0]).await, state(&house, &claimed[1]).await, state(&house, &claimed[2]).await];
    assert_eq!(states, [DeliveryState::Sent, DeliveryState::Unknown, DeliveryState::Retrying], "answered, doubted, not sent");
}

#[tokio::test]
async fn a_letter_whose_dot_was_sent_goes_out_once_more_with_the_same_bytes() {
    let mut house = house_with_a_letter(&format!("{KEEP}; sleep 60")).await;
    let (claimed, mut lane) = begun(&house).await;
    assert_eq!(killed_while_sending(&house, &mut lane, &claimed).await, None);
    assert_eq!(house.deliver.recover().await.unwrap(), 1);
    assert_eq!(state(&house, &claimed).await, DeliveryState::Unknown);
    // A job of the letter closes before the second attempt, and the process is started once more.
    let known = house.store.known_listings("board").await.unwrap();
    house.publish(&[], Audience::Alerts, &[known["1"].id]).await;
    house.deliver.recover().await.unwrap();
    sendmail(&mut house, KEEP);
    house.at("2026-11-23T02:59:59Z").await;
    assert_eq!(kept(house.folder.path()).len(), 1, "not before half an hour has passed");
    house.at("2026-11-23T03:00:00Z").await;
    let letters = kept(house.folder.path());
    assert_eq!(letters.len(), 2);
    assert_eq!(String::from_utf8_lossy(&letters[0]), String::from_utf8_lossy(&letters[1]));
    assert_eq!(state(&house, &claimed).await, DeliveryState::Sent);
    house.store.forget_letters().await.unwrap();
    assert_eq!(house.store.kept_letter(claimed.delivery.id).await.unwrap(), None, "its bytes are kept no longer");
}

#[tokio::test]
async fn a_letter_that_was_begun_and_whose_dot_was_not_sent_goes_out_at_once() {
    let house = house_with_a_letter(KEEP).await;
    let (claimed, lane) = begun(&house).await;
    drop(lane);
    assert_eq!(house.deliver.recover().await.unwrap(), 1);
    let delivery = house.store.delivery(claimed.delivery.id).await.unwrap().unwrap();
    assert_eq!((delivery.state, delivery.unanswered, delivery.attempts), (DeliveryState::Retrying, 0, 0));
    assert_eq!(house.deliver.run(&CancellationToken::new()).await.unwrap().sent, 1);
}

#[tokio::test]
async fn slips_of_another_start_of_the_machine_are_not_believed() {
    let house = house_with_a_letter(KEEP).await;
    let (claimed, lane) = begun(&house).await;
    drop(lane);
    house.store.set_slips_mark(1).await.unwrap();
    assert_eq!(house.deliver.recover().await.unwrap(), 1);
    assert_eq!(state(&house, &claimed).await, DeliveryState::Unknown, "nobody knows whether its dot was sent");
}

#[tokio::test]
async fn after_a_pass_no_letter_is_kept_beside_the_database() {
    let house = house_with_a_letter(KEEP).await;
    assert_eq!(house.deliver.run(&CancellationToken::new()).await.unwrap().sent, 1);
    for entry in std::fs::read_dir(house.folder.path().join("under_way")).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        assert!(!String::from_utf8_lossy(&bytes).contains("asha"));
    }
}

#[tokio::test]
async fn a_letter_that_takes_longer_than_its_lease_stays_with_its_worker() {
    let mut house = house_with_a_letter("while [ ! -e \"$(dirname \"$0\")/go\" ]; do sleep 0.1; done").await;
    house.deliver.settings.lease = Duration::from_millis(300);
    let pass = house.deliver.clone();
    let delivering = tokio::spawn(async move { pass.run(&CancellationToken::new()).await });
    let sending = async || house.store.deliveries_in(DeliveryState::Sending, rolecall::domain::DeliveryId(0), 10).await.unwrap().len();
    while sending().await == 0 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    // Far past the first lease; many times the third of a lease after which it is renewed.
    house.clock.set(moment("2026-11-23T02:50:00Z"));
    tokio::time::sleep(Duration::from_secs(3)).await;
    let now = house.clock.now();
    assert_eq!(house.store.release_claims(Some(now), now, &house.deliver.rules()).await.unwrap(), 0, "its claim has not ended");
    std::fs::write(house.folder.path().join("go"), "").unwrap();
    assert_eq!(delivering.await.unwrap().unwrap().sent, 1);
}
