//! What the calendar brings when nobody does anything: the question whether alerts are still wanted, their end, silence, and the end
//! of sign-ups that nobody confirmed.

use chrono::Duration;
use rolecall::consent::Origin;
use rolecall::domain::feedback::{Feedback, Opinion};
use rolecall::domain::subscriber::ConsentEvent;
use rolecall::domain::{EmailAddress, Subscriber, SubscriberState, TokenPurpose};
use rolecall::pipeline::{RetentionSettings, SweepPass};

use crate::store::delivering::RULES;

use super::{DAILY_IN_PUNE, House, INSTANT, moment};

const PAGE: Origin<'_> = Origin::page("/manage", None);

async fn sweep(house: &House) {
    let (store, clock) = (house.store.clone(), house.clock.clone());
    SweepPass { store, rules: RULES, retention: RetentionSettings::default(), clock }.run().await.unwrap();
}

impl House {
    /// What the daemon does by the clock, then both passes.
    async fn day(&self, now: &str) {
        self.clock.set(moment(now));
        sweep(self).await;
        self.pass().await;
    }

    async fn person(&self, email: &str) -> Subscriber {
        self.store.subscriber_by_email(&EmailAddress::parse(email).unwrap()).await.unwrap().unwrap()
    }

    fn letters_to(&self, email: &str) -> Vec<String> {
        self.letters().into_iter().filter(|letter| letter.to.as_str() == email).map(|letter| letter.subject).collect()
    }
}

#[tokio::test]
async fn who_gives_no_sign_of_life_is_asked_once_and_ends_without_an_answer() {
    let house = House::new("2026-01-01T12:00:00Z").await;
    house.welcomed("asha@example.org", DAILY_IN_PUNE).await;
    house.welcomed("ravi@example.org", DAILY_IN_PUNE).await;
    house.day("2026-06-16T11:59:00Z").await;
    // Silence is a story of its own; it is said once a month at most.
    let asked = "Do you still want your job alerts?";
    let questions = |email: &str| house.letters_to(email).iter().filter(|subject| *subject == asked).count();
    assert_eq!((questions("asha@example.org"), questions("ravi@example.org")), (0, 0), "not before 166 days have passed");
    house.day("2026-06-16T12:00:00Z").await;
    house.day("2026-06-20T12:00:00Z").await;
    assert_eq!((questions("asha@example.org"), questions("ravi@example.org")), (1, 1), "once");

    let letter = house.letters().into_iter().rfind(|letter| letter.subject == asked && letter.to.as_str() == "asha@example.org").unwrap();
    assert!(letter.text.contains("no sign from you since 1 January 2026") && letter.text.contains("yours end on 30 June 2026"));
    assert!(letter.text.contains("* Rust, daily at 08:00 (Asia/Kolkata)"), "{}", letter.text);
    let token = letter.text.split("/renew/").nth(1).unwrap().split_whitespace().next().unwrap().to_owned();
    let signer = rolecall::domain::Signer::new(b"a secret of the house");
    let asha = house.person("asha@example.org").await;
    assert_eq!(signer.verify(TokenPurpose::Renew, &token, house.clock.now()).unwrap().ids[0], asha.id.0);
    assert!(letter.list.is_some_and(|list| list.unsubscribe_url.contains("/unsubscribe/")), "all can be ended by one click");

    assert!(house.consent.renew(asha.id, PAGE).await.unwrap());
    house.day("2026-06-30T12:01:00Z").await;
    assert_eq!(house.person("asha@example.org").await.state, SubscriberState::Active);
    let ravi = house.person("ravi@example.org").await;
    assert_eq!(ravi.state, SubscriberState::Ended);
    assert_eq!(house.store.consent_record(ravi.id).await.unwrap().last().unwrap().event, ConsentEvent::Expired);
    assert!(!house.consent.renew(ravi.id, PAGE).await.unwrap(), "too late");
    let before = house.letters_to("ravi@example.org").len();
    house.jobs(&["1"]).await;
    house.day("2026-07-01T12:00:00Z").await;
    assert_eq!(house.letters_to("ravi@example.org").len(), before, "no goodbye, and no alert");
    assert!(house.letters_to("asha@example.org").last().unwrap().starts_with("Rust Backend Engineer"));
}

#[tokio::test]
async fn whatever_a_person_does_by_hand_is_a_sign_of_life() {
    let house = House::new("2026-01-01T12:00:00Z").await;
    let said = house.welcomed("said@example.org", DAILY_IN_PUNE).await;
    house.welcomed("paused@example.org", DAILY_IN_PUNE).await;
    house.welcomed("silent@example.org", DAILY_IN_PUNE).await;
    house.jobs(&["1"]).await;
    house.day("2026-03-01T12:00:00Z").await;
    let known = house.store.known_listings("board").await.unwrap();
    let listing = house.store.listing(known["1"].id).await.unwrap().unwrap();
    let good = Feedback::on(&listing, Opinion::More, None, None, house.clock.now());
    assert!(house.consent.say(said, good).await.unwrap());
    let paused = house.person("paused@example.org").await;
    let until = moment("2026-12-01T00:00:00Z");
    assert!(house.consent.pause(paused.id, Some(until), PAGE).await.unwrap());

    house.day("2026-07-15T12:00:00Z").await;
    let asked = |email: &str| house.letters_to(email).iter().any(|subject| subject.starts_with("Do you still want"));
    assert!(asked("silent@example.org") && !asked("said@example.org"));
    house.day("2026-11-30T12:00:00Z").await;
    assert!(!asked("paused@example.org"), "a pause with an end was wished for");
    assert!(asked("said@example.org"), "166 days after the last word");
    house.day("2026-12-01T00:00:00Z").await;
    assert!(asked("paused@example.org"));
}

#[tokio::test]
async fn a_question_that_could_not_be_sent_costs_nobody_the_alerts() {
    let house = House::new("2026-01-01T12:00:00Z").await;
    house.welcomed("asha@example.org", DAILY_IN_PUNE).await;
    house.clock.set(moment("2026-06-20T12:00:00Z"));
    sweep(&house).await;
    // The mail server is away for a month: nothing is delivered.
    house.clock.set(moment("2026-07-20T12:00:00Z"));
    sweep(&house).await;
    assert_eq!(house.person("asha@example.org").await.state, SubscriberState::Active);
    house.pass().await;
    house.day("2026-08-03T11:59:00Z").await;
    assert_eq!(house.person("asha@example.org").await.state, SubscriberState::Active, "fourteen days from when it left");
    house.day("2026-08-03T12:00:00Z").await;
    assert_eq!(house.person("asha@example.org").await.state, SubscriberState::Ended);
}

#[tokio::test]
async fn an_answer_before_the_question_leaves_cancels_it() {
    let house = House::new("2026-01-01T12:00:00Z").await;
    house.welcomed("asha@example.org", DAILY_IN_PUNE).await;
    house.clock.set(moment("2026-06-20T12:00:00Z"));
    sweep(&house).await;
    house.clock.set(moment("2026-06-20T12:05:00Z"));
    assert!(house.consent.renew(house.person("asha@example.org").await.id, PAGE).await.unwrap());
    house.pass().await;
    assert!(!house.letters_to("asha@example.org").iter().any(|subject| subject.starts_with("Do you still")));
}

#[tokio::test]
async fn an_alert_that_brings_nothing_for_a_month_says_which_wish_keeps_the_most_away() {
    let house = House::new("2026-11-01T12:00:00Z").await;
    let wishes = r#"{"skills":{"any":["rust"]},"places":[{"country":"DE"}],"seniority":["lead_or_manager"]}"#;
    let text = format!(r#"{{"name":"Rust in Germany","preferences":{wishes},"delivery":{DAILY_IN_PUNE}}}"#);
    let alert: rolecall::domain::Alert = serde_json::from_str(&text).unwrap();
    let subscription =
        rolecall::domain::NewSubscription { name: alert.name, preferences: alert.preferences, cadence: alert.delivery.unwrap() };
    house.consent.add_confirmed(&EmailAddress::parse("asha@example.org").unwrap(), subscription, "test").await.unwrap();
    house.pass().await;
    house.welcomed("ravi@example.org", INSTANT).await;
    house.day("2026-11-10T12:00:00Z").await;
    house.jobs(&["1", "2", "3"]).await;
    house.day("2026-11-10T12:05:00Z").await;
    house.day("2026-12-01T11:59:00Z").await;
    let silences =
        || house.letters().into_iter().filter(|letter| letter.subject.starts_with("Nothing new for 30 days")).collect::<Vec<_>>();
    assert_eq!(silences().len(), 0, "the first month is not over");
    house.day("2026-12-01T12:00:00Z").await;
    house.day("2027-01-31T12:00:00Z").await;
    let said = silences();
    let to_asha: Vec<_> = said.iter().filter(|letter| letter.to.as_str() == "asha@example.org").collect();
    assert_eq!(to_asha.len(), 1, "it is said once");
    let letter = to_asha[0];
    assert_eq!(letter.subject, "Nothing new for 30 days: Rust in Germany");
    assert!(letter.text.contains("of 3 that\nwere published"), "{}", letter.text);
    assert!(letter.text.contains("* place: without this wish 3 jobs would have fitted"), "{}", letter.text);
    assert!(!letter.text.contains("skills: without"), "rust is not what keeps them away: {}", letter.text);
    assert!(letter.text.contains("?edit=") && letter.list.is_some());

    let to_ravi = said.iter().find(|letter| letter.to.as_str() == "ravi@example.org").unwrap();
    assert!(to_ravi.text.contains("nothing at all was published"), "{}", to_ravi.text);
    // What fits begins the month anew.
    house.jobs(&["4"]).await;
    house.day("2027-02-01T12:00:00Z").await;
    house.day("2027-02-01T12:05:00Z").await;
    assert!(house.letters_to("ravi@example.org").last().unwrap().starts_with("Rust Backend Engineer"));
    house.day("2027-03-20T12:00:00Z").await;
    assert_eq!(silences().iter().filter(|letter| letter.to.as_str() == "ravi@example.org").count(), 2);
}

#[tokio::test]
async fn who_ends_the_last_alert_by_a_button_is_told_and_who_told_a_mail_service_is_not() {
    let house = House::new("2026-11-22T12:00:00Z").await;
    let (one, other) = (house.welcomed("asha@example.org", DAILY_IN_PUNE).await, house.welcomed("asha@example.org", INSTANT).await);
    let clicked = house.welcomed("ravi@example.org", INSTANT).await;
    assert!(house.consent.unsubscribe(one, PAGE).await.unwrap());
    house.pass().await;
    assert_eq!(house.letters_to("asha@example.org").len(), 2, "another alert is on");
    assert!(house.consent.unsubscribe(other, PAGE).await.unwrap());
    assert!(house.consent.unsubscribe(clicked, "mail").await.unwrap());
    house.pass().await;
    assert_eq!(house.letters_to("asha@example.org").last().unwrap(), "Your job alerts have ended");
    assert_eq!(house.letters_to("ravi@example.org").len(), 1, "the welcome letter only");
    let goodbye = house.letters().pop().unwrap();
    assert!(goodbye.list.is_none() && goodbye.text.contains("/manage/"));
}

#[tokio::test]
async fn who_is_back_before_the_goodbye_leaves_gets_none() {
    let house = House::new("2026-11-22T12:00:00Z").await;
    let alert = house.welcomed("asha@example.org", DAILY_IN_PUNE).await;
    assert!(house.consent.unsubscribe(alert, PAGE).await.unwrap());
    house.clock.set(house.clock.now() + Duration::seconds(5));
    house.welcomed("asha@example.org", DAILY_IN_PUNE).await;
    assert_eq!(house.letters_to("asha@example.org").len(), 2, "two welcome letters");
}

#[tokio::test]
async fn a_sign_up_that_nobody_confirms_is_gone_after_seven_days() {
    let house = House::new("2026-11-01T12:00:00Z").await;
    let email = EmailAddress::parse("asha@example.org").unwrap();
    let alert: rolecall::domain::Alert = serde_json::from_str(&format!(r#"{{"name":"Rust","delivery":{DAILY_IN_PUNE}}}"#)).unwrap();
    let subscription =
        rolecall::domain::NewSubscription { name: alert.name, preferences: alert.preferences, cadence: alert.delivery.unwrap() };
    house.consent.subscribe(&email, subscription, PAGE).await.unwrap();
    house.pass().await;
    house.day("2026-11-08T12:00:00Z").await;
    assert_eq!(house.person("asha@example.org").await.state, SubscriberState::Pending, "seven days are not over");
    house.day("2026-11-08T12:00:01Z").await;
    assert!(house.store.subscriber_by_email(&email).await.unwrap().is_none());
    assert_eq!(house.letters_to("asha@example.org").len(), 1, "the confirmation mail only");
}
