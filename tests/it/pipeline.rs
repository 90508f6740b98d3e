//! The passes, told day by day: a house with a clock moved by hand, a real database, and a mailbox in memory.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]

mod calendar;
mod delivery;
mod expiry;
mod fairness;
mod gates;
mod webhooks;

use std::sync::Arc;

use chrono::{DateTime, Utc};
use rolecall::clock::Clock;
use rolecall::compose::{Composer, ServiceNames};
use rolecall::consent::Consent;
use rolecall::domain::delivery::{Blame, Refusal};
use rolecall::domain::feedback::{Feedback, Opinion};
use rolecall::domain::{
    Alert, EmailAddress, ListingId, Message, NewSubscription, Outcome, Posting, Rates, Signer, SourceState, SubscriptionId,
};
use rolecall::extract::Extractor;
use rolecall::mail::{Mailer, MemoryMailbox};
use rolecall::pipeline::{
    AboutAWeek, AlertPass, AlertSettings, DeliverPass, DeliverSettings, LetterDesk, WebhookPass, forecast, preview, replay,
};
use rolecall::pulse::Beat;
use rolecall::store::{Audience, DatabaseSettings, FetchRecord, ReadPosting, Store};
use tokio_util::sync::CancellationToken;

struct House {
    folder: tempfile::TempDir,
    store: Store,
    clock: Clock,
    consent: Consent,
    alert: AlertPass,
    deliver: DeliverPass,
    webhook: WebhookPass,
    mailbox: MemoryMailbox,
    extractor: Extractor,
}

fn moment(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(text).unwrap().with_timezone(&Utc)
}

impl House {
    async fn new(now: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("house.db").display());
        let store = Store::open(&DatabaseSettings { url }).await.unwrap();
        let clock = Clock::manual(moment(now));
        let signer = Signer::new(b"a secret of the house");
        let names = ServiceNames {
            name: "House".into(),
            base_url: "https://jobs.example.org".parse().unwrap(),
            postal_address: "1 Test Street".into(),
            contact: String::new(),
            sender_domain: "example.org".into(),
        };
        let composer = Arc::new(Composer::new(names, signer.clone()).unwrap());
        let (mailer, mailbox) = Mailer::memory();
        let settings = AlertSettings::default();
        let desk = LetterDesk::new(store.clone(), composer, Rates::default(), settings.caps());
        Self {
            folder,
            webhook: WebhookPass {
                store: store.clone(),
                desk: desk.clone(),
                poster: None,
                signer: signer.clone(),
                clock: clock.clone(),
                beat: Beat::default(),
            },
            consent: Consent::new(store.clone(), clock.clone(), signer),
            alert: AlertPass { store: store.clone(), rates: Rates::default(), settings, clock: clock.clone(), beat: Beat::default() },
            deliver: DeliverPass {
                store: store.clone(),
                mailer,
                desk,
                settings: DeliverSettings::default(),
                clock: clock.clone(),
                gate: rolecall::pipeline::Gate::default(),
                beat: Beat::default(),
            },
            mailbox,
            extractor: Extractor::new(),
            store,
            clock,
        }
    }

    /// Publishes rust jobs by their ids at the present moment, and closes what is missing among `gone`.
    async fn publish(&self, ids: &[&str], audience: Audience, gone: &[ListingId]) {
        let read = ids.iter().map(|id| self.job(id, None)).collect();
        self.record(read, audience, gone).await;
    }

    /// Publishes a job anew, with a pay that it had not before.
    async fn republish(&self, id: &str, pay: &str) {
        self.record(vec![self.job(id, Some(pay))], Audience::Alerts, &[]).await;
    }

    fn job(&self, id: &str, pay: Option<&str>) -> ReadPosting {
        let posting = Posting {
            id: id.to_owned(),
            source: "board".into(),
            title: format!("Rust Backend Engineer, team {id}"),
            company: Some(format!("Company {id}")),
            location: Some("Pune, India".into()),
            description: Some(format!("You build services and APIs in Rust on PostgreSQL for team {id}.")),
            salary_text: pay.map(str::to_owned),
            url: Some(format!("https://board.example/{id}")),
            ..Posting::default()
        };
        ReadPosting {
            listing: self.extractor.read(posting, self.clock.now()),
            posting_hash: format!("{id} {pay:?}"),
            row_hash: None,
            likeness: None,
        }
    }

    async fn record(&self, read: Vec<ReadPosting>, audience: Audience, gone: &[ListingId]) {
        let now = self.clock.now();
        let state = SourceState::default();
        let missing = gone.to_vec();
        let record = FetchRecord { source: "board", read, seen: Vec::new(), missing, reread: Vec::new(), audience, state: &state, now };
        self.store.record_fetch(record).await.unwrap();
    }

    async fn jobs(&self, ids: &[&str]) {
        self.publish(ids, Audience::Alerts, &[]).await;
    }

    /// A confirmed subscriber who wishes for rust, whose welcome letter is out already.
    async fn welcomed(&self, email: &str, delivery: &str) -> SubscriptionId {
        let text = format!(r#"{{"name":"Rust","preferences":{{"skills":{{"any":["rust"]}}}},"delivery":{delivery}}}"#);
        let Alert { name, preferences, delivery, .. } = serde_json::from_str(&text).unwrap();
        let subscription = NewSubscription { name, preferences, cadence: delivery.unwrap() };
        let (_, id) = self.consent.add_confirmed(&EmailAddress::parse(email).unwrap(), subscription, "test").await.unwrap();
        let before = self.letters().len();
        self.pass().await;
        assert_eq!(self.letters().len(), before + 1, "the welcome letter comes at once");
        id
    }

    /// Both passes, once.
    async fn pass(&self) {
        self.alert.run().await.unwrap();
        self.deliver.run(&CancellationToken::new()).await.unwrap();
    }

    /// Moves the clock and runs both passes.
    async fn at(&self, now: &str) {
        self.clock.set(moment(now));
        self.pass().await;
    }

    fn letters(&self) -> Vec<Message> {
        self.mailbox.messages()
    }

    /// The subjects of the letters after the first `n`.
    fn subjects_after(&self, n: usize) -> Vec<String> {
        self.letters().into_iter().skip(n).map(|message| message.subject).collect()
    }
}

const DAILY_IN_PUNE: &str = r#"{"frequency":"daily","at":"08:00","time_zone":"Asia/Kolkata"}"#;
const INSTANT: &str = r#"{"frequency":"instant"}"#;

#[tokio::test]
async fn a_daily_letter_comes_at_the_subscribers_hour_and_only_with_something_new() {
    let house = House::new("2026-11-22T12:00:00Z").await;
    house.welcomed("asha@example.org", DAILY_IN_PUNE).await;
    house.jobs(&["1"]).await;
    house.at("2026-11-23T02:29:59Z").await;
    assert_eq!(house.letters().len(), 1, "not before eight in Pune");
    house.at("2026-11-23T02:30:00Z").await;
    assert_eq!(house.letters().len(), 2);
    house.at("2026-11-23T02:31:00Z").await;
    house.at("2026-11-24T02:30:00Z").await;
    assert_eq!(house.letters().len(), 2, "nothing new, no letter; nothing twice");
}

#[tokio::test]
async fn after_three_days_of_downtime_there_is_one_digest_with_everything() {
    let house = House::new("2026-11-22T12:00:00Z").await;
    house.welcomed("asha@example.org", DAILY_IN_PUNE).await;
    house.jobs(&["1"]).await;
    house.at("2026-11-23T02:30:00Z").await;
    house.jobs(&["2", "3"]).await;
    // Nobody ran on the 24th and 25th.
    house.at("2026-11-26T09:00:00Z").await;
    house.at("2026-11-26T09:01:00Z").await;
    let letters = house.letters();
    assert_eq!(letters.len(), 3, "welcome, the 23rd, and one for the missed days");
    assert!(letters[2].text.contains("team 2") && letters[2].text.contains("team 3") && !letters[2].text.contains("team 1"));
    house.jobs(&["4"]).await;
    house.at("2026-11-27T02:30:00Z").await;
    assert_eq!(house.letters().len(), 4, "and back to its hour");
}

#[tokio::test]
async fn hits_of_an_instant_alert_within_the_grouping_time_share_a_letter() {
    let house = House::new("2026-11-22T12:00:00Z").await;
    house.welcomed("asha@example.org", INSTANT).await;
    house.pass().await;
    house.jobs(&["1"]).await;
    house.at("2026-11-22T12:00:10Z").await;
    house.clock.set(moment("2026-11-22T12:00:40Z"));
    house.jobs(&["2"]).await;
    house.at("2026-11-22T12:00:50Z").await;
    assert_eq!(house.letters().len(), 1, "the grouping time of a minute is not over");
    house.at("2026-11-22T12:01:10Z").await;
    let letters = house.letters();
    assert_eq!(letters.len(), 2);
    assert!(letters[1].text.contains("team 1") && letters[1].text.contains("team 2"));
    house.at("2026-11-22T13:00:00Z").await;
    assert_eq!(house.letters().len(), 2);
}

#[tokio::test]
async fn what_comes_between_confirmation_and_welcome_is_not_lost() {
    let house = House::new("2026-11-22T12:00:00Z").await;
    house.jobs(&["before"]).await;
    let text = format!(r#"{{"name":"Rust","preferences":{{"skills":{{"any":["rust"]}}}},"delivery":{INSTANT}}}"#);
    let Alert { name, preferences, delivery, .. } = serde_json::from_str(&text).unwrap();
    let subscription = NewSubscription { name, preferences, cadence: delivery.unwrap() };
    house.consent.add_confirmed(&EmailAddress::parse("asha@example.org").unwrap(), subscription, "test").await.unwrap();
    house.jobs(&["between"]).await;
    house.pass().await;
    house.at("2026-11-22T12:05:00Z").await;
    let letters = house.letters();
    let with = |word: &str| letters.iter().filter(|letter| letter.text.contains(word)).count();
    assert_eq!((with("team before"), with("team between")), (1, 1), "{:?}", house.subjects_after(0));
}

#[tokio::test]
async fn what_was_published_quietly_reaches_the_welcome_but_no_alert() {
    let house = House::new("2026-11-22T12:00:00Z").await;
    house.publish(&["old"], Audience::Quiet, &[]).await;
    house.welcomed("asha@example.org", INSTANT).await;
    assert!(house.letters()[0].text.contains("team old"));
    house.publish(&["quiet"], Audience::Quiet, &[]).await;
    house.at("2026-11-22T13:00:00Z").await;
    assert_eq!(house.letters().len(), 1);
}

/// A pass decides for two jobs, then the first closes: the letter tells of the second only.
async fn the_first_closes_after_the_pass(house: &House) {
    house.clock.set(moment("2026-11-23T02:30:00Z"));
    house.alert.run().await.unwrap();
    let known = house.store.known_listings("board").await.unwrap();
    house.publish(&[], Audience::Alerts, &[known["1"].id]).await;
    house.deliver.run(&CancellationToken::new()).await.unwrap();
    let letter = house.letters().pop().unwrap();
    assert!(!letter.text.contains("team 1") && letter.text.contains("team 2"), "{}", letter.text);
}

#[tokio::test]
async fn a_job_that_closes_after_a_pass_falls_out_of_the_letters_of_the_next() {
    let house = House::new("2026-11-22T12:00:00Z").await;
    house.welcomed("ravi@example.org", INSTANT).await;
    house.welcomed("asha@example.org", DAILY_IN_PUNE).await;
    house.jobs(&["1", "2"]).await;
    house.at("2026-11-22T12:05:00Z").await;
    house.at("2026-11-22T12:10:00Z").await;
    assert!(house.letters().pop().unwrap().text.contains("team 1"), "the first reader was told");
    the_first_closes_after_the_pass(&house).await;
}

#[tokio::test]
async fn a_job_that_closes_before_the_letter_goes_out_falls_out_of_it() {
    let house = House::new("2026-11-22T12:00:00Z").await;
    house.welcomed("asha@example.org", DAILY_IN_PUNE).await;
    house.jobs(&["1", "2"]).await;
    the_first_closes_after_the_pass(&house).await;
    // When all have closed, there is no letter at all.
    house.jobs(&["3"]).await;
    house.clock.set(moment("2026-11-24T02:30:00Z"));
    house.alert.run().await.unwrap();
    let known = house.store.known_listings("board").await.unwrap();
    house.publish(&[], Audience::Alerts, &[known["3"].id]).await;
    let summary = house.deliver.run(&CancellationToken::new()).await.unwrap();
    assert_eq!((summary.sent, summary.cancelled, house.letters().len()), (0, 1, 2));
}

#[tokio::test]
async fn a_digest_says_what_became_of_the_jobs_that_its_reader_liked() {
    const NEWS: &str = "What became of jobs you liked";
    let house = House::new("2026-11-22T12:00:00Z").await;
    let id = house.welcomed("asha@example.org", DAILY_IN_PUNE).await;
    house.jobs(&["1", "2", "3", "4"]).await;
    house.at("2026-11-23T02:30:00Z").await;
    let known = house.store.known_listings("board").await.unwrap();
    for liked in ["1", "2", "3"] {
        let listing = house.store.listing(known[liked].id).await.unwrap().unwrap();
        house.consent.say(id, Feedback::on(&listing, Opinion::More, None, None, house.clock.now())).await.unwrap();
    }
    house.clock.set(moment("2026-11-23T10:00:00Z"));
    house.publish(&[], Audience::Alerts, &[known["2"].id, known["4"].id]).await;
    house.republish("3", "30-40 LPA").await;
    house.at("2026-11-24T02:30:00Z").await;
    assert_eq!(house.letters().len(), 2, "it is never a mail of its own");
    house.jobs(&["5"]).await;
    house.at("2026-11-25T02:30:00Z").await;
    let letter = house.letters().pop().unwrap();
    let (_, since) = letter.text.split_once(NEWS).expect("it says what became of them");
    assert!(since.contains("* closed: Rust Backend Engineer, team 2, Company 2"), "{since}");
    assert!(since.contains("pay: 30-40 LPA, was not stated") && !since.contains("team 1"), "{since}");
    assert!(!since.contains("team 4"), "nobody said that it was good: {since}");
    assert!(letter.html.contains(NEWS) && letter.text.contains("1 new job fits"), "{}", letter.text);
    house.jobs(&["6"]).await;
    house.at("2026-11-26T02:30:00Z").await;
    assert!(!house.letters().pop().unwrap().text.contains(NEWS), "it is told once");
}

#[tokio::test]
async fn a_letter_that_may_have_arrived_goes_out_once_more_with_the_same_message_id() {
    let house = House::new("2026-11-22T12:00:00Z").await;
    house.welcomed("asha@example.org", DAILY_IN_PUNE).await;
    house.jobs(&["1"]).await;
    house.mailbox.answer_next(Outcome::Unknown("the link broke".into()));
    house.at("2026-11-23T02:30:00Z").await;
    house.at("2026-11-23T02:59:59Z").await;
    assert_eq!(house.letters().len(), 2, "not before half an hour has passed");
    house.at("2026-11-23T03:00:00Z").await;
    let letters = house.letters();
    assert_eq!(letters.len(), 3);
    assert_eq!((&letters[1].id, &letters[1].text), (&letters[2].id, &letters[2].text));
}

#[tokio::test]
async fn a_greylisted_letter_waits_and_a_refused_one_is_given_up() {
    let house = House::new("2026-11-22T12:00:00Z").await;
    house.welcomed("asha@example.org", DAILY_IN_PUNE).await;
    house.jobs(&["1"]).await;
    let refusal = |code| Refusal { blame: Blame::Recipient, code: Some(code), text: "said so".into() };
    house.mailbox.answer_next(Outcome::Later(refusal(451)));
    house.at("2026-11-23T02:30:00Z").await;
    house.at("2026-11-23T02:34:59Z").await;
    assert_eq!(house.letters().len(), 1);
    house.mailbox.answer_next(Outcome::Never(refusal(550)));
    // Five minutes, and up to a fifth more by its number.
    house.at("2026-11-23T02:36:00Z").await;
    house.at("2026-11-23T12:00:00Z").await;
    let status = house.store.status(house.clock.now()).await.unwrap();
    assert_eq!((house.letters().len(), status.failed, status.pending), (1, 1, 0));
}

#[tokio::test]
async fn a_mail_server_that_is_down_charges_nothing_to_letters() {
    let house = House::new("2026-11-22T12:00:00Z").await;
    for person in 0..5 {
        house.welcomed(&format!("p{person}@example.org"), DAILY_IN_PUNE).await;
    }
    house.jobs(&["1"]).await;
    let down = || Outcome::Later(Refusal { blame: Blame::Relay, code: None, text: "connection refused".into() });
    for minute in 30..50 {
        house.mailbox.answer_next(down());
        house.mailbox.answer_next(down());
        house.clock.set(moment(&format!("2026-11-23T02:{minute}:00Z")));
        house.alert.run().await.unwrap();
        assert!(house.deliver.run(&CancellationToken::new()).await.unwrap().relay_down);
    }
    // Answers that nobody asked for yet are used up first, one letter at a time, with longer and longer pauses.
    for step in 0..60 {
        house.at(&format!("2026-11-23T{:02}:{:02}:00Z", 4 + step / 8, step % 8 * 7)).await;
    }
    assert_eq!(house.letters().len(), 10, "each of the five got its letter once");
}

#[tokio::test]
async fn a_stop_gives_back_what_was_claimed_and_not_begun() {
    let house = House::new("2026-11-22T12:00:00Z").await;
    for person in 0..5 {
        house.welcomed(&format!("p{person}@example.org"), DAILY_IN_PUNE).await;
    }
    house.jobs(&["1"]).await;
    house.clock.set(moment("2026-11-23T02:30:00Z"));
    house.alert.run().await.unwrap();
    let stopped = CancellationToken::new();
    stopped.cancel();
    house.deliver.run(&stopped).await.unwrap();
    assert_eq!(house.letters().len(), 5);
    house.pass().await;
    assert_eq!(house.letters().len(), 10);
}

#[tokio::test]
async fn an_unsubscribed_or_paused_person_gets_nothing_that_was_queued() {
    let house = House::new("2026-11-22T12:00:00Z").await;
    let leaving = house.welcomed("leaving@example.org", DAILY_IN_PUNE).await;
    house.welcomed("pausing@example.org", DAILY_IN_PUNE).await;
    house.jobs(&["1"]).await;
    house.clock.set(moment("2026-11-23T02:30:00Z"));
    house.alert.run().await.unwrap();
    assert!(house.consent.unsubscribe(leaving, "mail").await.unwrap());
    let pausing = house.store.subscriber_by_email(&EmailAddress::parse("pausing@example.org").unwrap()).await.unwrap().unwrap();
    assert!(house.consent.pause(pausing.id, None, "web").await.unwrap());
    house.pass().await;
    assert_eq!(house.letters().len(), 2, "the two welcome letters only");
}

#[tokio::test]
async fn one_mail_shows_ten_and_counts_all() {
    let house = House::new("2026-11-22T12:00:00Z").await;
    house.welcomed("asha@example.org", DAILY_IN_PUNE).await;
    let ids: Vec<String> = (0..37).map(|n| n.to_string()).collect();
    house.jobs(&ids.iter().map(String::as_str).collect::<Vec<_>>()).await;
    house.at("2026-11-23T02:30:00Z").await;
    let letter = house.letters().pop().unwrap();
    assert_eq!(letter.text.matches("Why you see this").count(), 10);
    assert!(letter.text.contains("37 new jobs fit") && letter.text.contains("+ 27 more"), "{}", letter.text);
    assert!(letter.subject.ends_with("+ 36 more"), "{}", letter.subject);
}

#[tokio::test]
async fn preview_forecast_and_replay_ask_the_same_and_write_nothing() {
    let house = House::new("2026-11-10T12:00:00Z").await;
    let id = house.welcomed("asha@example.org", DAILY_IN_PUNE).await;
    house.jobs(&["1", "2"]).await;
    house.clock.set(moment("2026-11-10T18:00:00Z"));
    let subscription = house.store.subscription(id).await.unwrap().unwrap();
    let rates = Rates::default();
    let (_, selection) = preview(&house.store, &rates, &subscription, house.alert.settings.caps(), house.clock.now()).await.unwrap();
    assert_eq!(selection.total, 2);
    let forecast = forecast(&house.store, &rates, &subscription.preferences, moment("2026-11-17T12:00:00Z")).await.unwrap();
    assert_eq!((forecast.fitting, forecast.days, forecast.about_a_week()), (2, 30.0, AboutAWeek::Few));
    let at = moment("2026-11-11T02:30:00Z");
    let replayed = replay(&house.store, &rates, at, house.alert.settings.caps()).await.unwrap();
    assert_eq!((replayed.len(), replayed[0].total, replayed[0].subscription), (1, 2, id));
    assert_eq!(house.store.subscription(id).await.unwrap().unwrap(), subscription, "nothing moved");
    house.at("2026-11-11T02:30:00Z").await;
    assert_eq!(house.letters().len(), 2, "and the letter itself is the one that was foretold");
}
