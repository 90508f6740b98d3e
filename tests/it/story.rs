//! Two days of the whole service, over real HTTP and a real mail server: every mail that is due arrives exactly once, none else.
//!
//! Five boards whose jobs open, change, come twice and close; people of every rhythm and zone who come, pause and go, in the night in
//! which the clocks of Europe change. The clock is moved by hand; at every stop two workers run the same passes at the same time.
//! What is due is computed apart (`story/ledger.rs`) and held against the files of the mail server: recipient, alert, the jobs
//! shown, and the count of all that fit.

#![expect(clippy::unwrap_used, reason = "a test may fail where it stands, its helpers too")]

mod boards;
mod ledger;
mod people;
mod postbox;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Instant;

use chrono::{DateTime, Duration, Utc};
use rolecall::clock::Clock;
use rolecall::compose::{Composer, ServiceNames};
use rolecall::consent::Consent;
use rolecall::domain::{Caps, DurationText, EmailAddress, Rates, Signer, SubscriberId, SubscriptionId};
use rolecall::extract::Extractor;
use rolecall::mail::{MailSettings, Mailer, TransportKind};
use rolecall::pipeline::{AlertPass, AlertSettings, DeliverPass, DeliverSettings, IngestPass, LetterDesk};
use rolecall::pulse::Beat;
use rolecall::sources::{FetchSettings, Fetcher, Source};
use rolecall::store::{DatabaseSettings, Store};
use tokio_util::sync::CancellationToken;

use crate::matching::draw::Chance;
use crate::store::postgres::Server;
use boards::{Answer, BOARDS, World};
use ledger::{Due, Ledger, Which};
use people::{Person, Way};
use postbox::{Postbox, Received};

/// A tick of the story, in which each board may be asked once.
const TICK_MINUTES: i64 = 15;
/// Ticks of two days.
const TICKS: i64 = 2 * 24 * 60 / TICK_MINUTES;
/// Each board is asked once in so many ticks.
const ASKED_EVERY: i64 = 4;
/// Hits of an instant alert within this time share a letter.
const GROUPING_MINUTES: i64 = 20;

/// How large a story is.
struct Size {
    people: usize,
    /// Jobs of each board when the story begins, and new ones a day.
    first: usize,
    daily: usize,
    caps: Caps,
}

/// The service and the world around it.
struct Story {
    clock: Clock,
    consent: Consent,
    ingest: IngestPass,
    alert: AlertPass,
    deliver: DeliverPass,
    world: Arc<World>,
    tick: Arc<AtomicI64>,
    sources: Vec<Source>,
    people: Vec<Person>,
    ids: BTreeMap<usize, (SubscriberId, SubscriptionId)>,
    unconfirmed: Vec<usize>,
    ledger: Ledger,
    postbox: Postbox,
}

fn start() -> DateTime<Utc> {
    // In the night to the 25th the clocks of Europe go back.
    DateTime::parse_from_rfc3339("2026-10-24T00:00:00Z").unwrap().to_utc()
}

fn end() -> DateTime<Utc> {
    start() + Duration::minutes(TICKS * TICK_MINUTES)
}

impl Story {
    async fn begin(database: &str, size: &Size, postbox: Postbox) -> Self {
        let mut chance = Chance::new(20_261_024);
        let span = usize::try_from(TICKS).unwrap();
        let world = Arc::new(World::draw(&mut chance, start(), TICKS, size.first, size.daily));
        let people = (0..size.people).map(|number| Person::draw(&mut chance, number, span)).collect();
        let tick = Arc::new(AtomicI64::new(0));
        let sources = boards::serve(Arc::clone(&world), Arc::clone(&tick)).await;

        let (clock, signer) = (Clock::manual(start()), Signer::new(b"a secret of the story alone"));
        let store = Store::open(&DatabaseSettings { url: database.to_owned() }).await.unwrap();
        let fetch =
            FetchSettings { allow_private_addresses: true, per_host_interval: DurationText::from_millis(0), ..FetchSettings::default() };
        let mut mail =
            MailSettings { transport: TransportKind::Smtp, from: "Rolecall <alerts@example.org>".into(), ..MailSettings::default() };
        mail.smtp.url.clone_from(&postbox.url);
        mail.smtp.connections = 4;
        let names = ServiceNames {
            name: "Rolecall".into(),
            base_url: postbox::SERVICE.parse().unwrap(),
            postal_address: String::new(),
            contact: String::new(),
            sender_domain: "example.org".into(),
        };
        let composer = Arc::new(Composer::new(names, signer.clone()).unwrap());
        let settings = AlertSettings {
            max_listings: size.caps.listings,
            max_per_company: size.caps.per_company,
            instant_grouping: DurationText::from_secs(60 * u64::try_from(GROUPING_MINUTES).unwrap()),
        };
        let (rates, caps) = (Rates::default(), settings.caps());
        let desk = LetterDesk::new(store.clone(), composer, rates.clone(), caps);
        Self {
            consent: Consent::new(store.clone(), clock.clone(), signer),
            ingest: IngestPass {
                store: store.clone(),
                fetcher: Fetcher::new(&fetch).unwrap(),
                extractor: Extractor::new(),
                clock: clock.clone(),
            },
            alert: AlertPass { store: store.clone(), rates, settings, clock: clock.clone(), beat: Beat::default() },
            deliver: DeliverPass {
                store,
                mailer: Mailer::new(&mail, Path::new("unused")).unwrap(),
                desk,
                settings: DeliverSettings::default(),
                clock: clock.clone(),
                gate: rolecall::pipeline::Gate::default(),
                beat: Beat::default(),
            },
            clock,
            world,
            tick,
            sources,
            people,
            ids: BTreeMap::new(),
            unconfirmed: Vec::new(),
            ledger: Ledger::new(Duration::minutes(GROUPING_MINUTES)),
            postbox,
        }
    }

    /// Every moment at which something may happen: the ticks and all moments at which a digest is due.
    fn stops(&self) -> BTreeSet<DateTime<Utc>> {
        let ticks = (0..TICKS).map(|tick| start() + Duration::minutes(tick * TICK_MINUTES));
        ticks.chain(self.people.iter().flat_map(|person| person.moments(start(), end()))).collect()
    }

    async fn play(&mut self) {
        for now in self.stops() {
            self.clock.set(now);
            let minutes = (now - start()).num_minutes();
            let tick = (minutes % TICK_MINUTES == 0).then_some(minutes / TICK_MINUTES);
            if let Some(tick) = tick {
                self.come_and_go(tick, now).await;
                self.join(tick, 1, now).await;
                self.ask(tick, now).await;
                self.join(tick, 0, now).await;
            }
            let (one, other) = tokio::join!(self.alert.run(), self.alert.run());
            one.unwrap();
            other.unwrap();
            self.ledger.decide(&self.people, now);
            self.send().await;
            self.confirm(now).await;
        }
    }

    async fn come_and_go(&mut self, tick: i64, now: DateTime<Utc>) {
        for (number, (subscriber, subscription)) in &self.ids {
            let person = &self.people[*number];
            if person.leaves == Some(tick) {
                assert!(self.consent.unsubscribe(*subscription, "web").await.unwrap());
                self.ledger.left(*number);
            }
            if person.pauses.is_some_and(|(from, _)| from == tick) {
                assert!(self.consent.pause(*subscriber, None, "web").await.unwrap());
                self.ledger.paused(*number);
            }
            if person.pauses.is_some_and(|(_, until)| until == tick) {
                assert!(self.consent.resume(*subscriber, "web").await.unwrap());
                self.ledger.resumed(*number, now);
            }
        }
    }

    /// Half of the people come before the boards are asked, half of them after.
    async fn join(&mut self, tick: i64, half: usize, now: DateTime<Utc>) {
        let coming = self.people.iter().enumerate().filter(|(number, person)| person.joins == tick && number % 2 == half);
        for (number, person) in coming {
            let (email, new) = (EmailAddress::parse(&person.email).unwrap(), person.subscription(number));
            if person.way == Way::Added {
                let ids = self.consent.add_confirmed(&email, new, "cli").await.unwrap();
                self.ids.insert(number, ids);
                self.ledger.confirmed(ids.1.0, number, person, end(), now);
            } else {
                self.consent.subscribe(&email, new, "web").await.unwrap();
                self.unconfirmed.push(number);
            }
        }
    }

    async fn ask(&mut self, tick: i64, now: DateTime<Utc>) {
        self.tick.store(tick, Ordering::SeqCst);
        for (index, source) in
            self.sources.iter().enumerate().filter(|(index, _)| (tick + i64::try_from(*index).unwrap()) % ASKED_EVERY == 0)
        {
            let summary = self.ingest.run(source).await.unwrap();
            match self.world.answer(index, tick) {
                Answer::Body(body) => {
                    assert_eq!((summary.fault, summary.bad), (None, 0));
                    self.ledger.answered(index, &BOARDS[index], &body, now);
                }
                Answer::Broken => assert!(summary.fault.is_some()),
            }
        }
    }

    async fn send(&self) {
        let stop = CancellationToken::new();
        let (one, other) = tokio::join!(self.deliver.run(&stop), self.deliver.run(&stop));
        for summary in [one.unwrap(), other.unwrap()] {
            assert_eq!((summary.retrying, summary.failed, summary.cancelled, summary.relay_down), (0, 0, 0, false), "{summary:?}");
        }
    }

    /// Those who signed up by the form follow the link in their mailbox, but for the silent.
    async fn confirm(&mut self, now: DateTime<Utc>) {
        for number in std::mem::take(&mut self.unconfirmed) {
            let person = &self.people[number];
            let mail = self.postbox.letters().find(|letter| letter.to == [person.email.clone()]).expect("the confirmation is there");
            let token = mail.token.clone().expect("it has a link");
            if person.way == Way::Confirmed {
                let (subscriber, subscription) = self.consent.confirm(&token, "web").await.unwrap().expect("the link is good");
                self.ids.insert(number, (subscriber.id, subscription.id));
                self.ledger.confirmed(subscription.id.0, number, person, end(), now);
            }
        }
    }

    /// Holds what was received against what is due; how many letters there were, how many jobs were due, and how many were shown.
    fn judge(&mut self, caps: Caps) -> (usize, usize, usize) {
        let mut faults = Vec::new();
        let mut ids = BTreeSet::new();
        let mut asked: BTreeMap<&str, usize> = BTreeMap::new();
        let mut received: BTreeMap<Which, Vec<&Received>> = BTreeMap::new();
        let mut shown = 0;
        for letter in self.postbox.letters() {
            assert!(ids.insert(letter.message_id.clone()), "{letter:?} came twice");
            assert_eq!(letter.to.len(), 1, "{letter:?}");
            shown += letter.shown.len();
            match letter.alert {
                Some(alert) => received.entry((alert, letter.date.timestamp(), letter.welcome)).or_default().push(letter),
                None => *asked.entry(&letter.to[0]).or_default() += 1,
            }
        }
        let by_form: BTreeMap<&str, usize> =
            self.people.iter().filter(|person| person.way != Way::Added).map(|person| (person.email.as_str(), 1)).collect();
        assert_eq!(asked, by_form, "each sign-up by the form is asked to confirm once");
        for which in received.keys().filter(|which| !self.ledger.due.contains_key(which)) {
            faults.push(format!("not due: {:?}", received[which]));
        }
        for (which, due) in &self.ledger.due {
            match received.get(which).map(Vec::as_slice) {
                Some([letter]) => {
                    faults.extend(wrong(letter, due, caps).map(|fault| format!("{which:?}: {fault}\n  {letter:?}\n  {due:?}")));
                }
                Some(several) => faults.push(format!("{which:?} came {} times", several.len())),
                None => faults.push(format!("lost: {which:?} {due:?}")),
            }
        }
        assert!(
            faults.is_empty(),
            "{} faults of {} letters due; the first:\n{}",
            faults.len(),
            self.ledger.due.len(),
            faults[..faults.len().min(5)].join("\n")
        );
        (ids.len(), self.ledger.due.values().map(|due| due.jobs.len()).sum(), shown)
    }
}

fn wrong(letter: &Received, due: &Due, caps: Caps) -> Option<String> {
    if letter.to != [due.to.clone()] {
        return Some("it went to somebody else".into());
    }
    if let Some(fault) = due.fault(&letter.shown(), caps) {
        return Some(fault);
    }
    if letter.total != due.jobs.len() {
        return Some(format!("it counts {}, {} are due", letter.total, due.jobs.len()));
    }
    None
}

async fn tell(name: &str, database: &str, size: Size, postbox: Postbox) {
    let begun = Instant::now();
    let mut story = Story::begin(database, &size, postbox).await;
    story.play().await;
    let (letters, due, shown) = story.judge(size.caps);
    let (published, closed) = story.ledger.figures(end());
    assert!(letters > size.people && due > letters && closed > 20 && shown > letters, "{letters} {due} {shown} {closed}: nothing happened");
    let seconds = begun.elapsed().as_secs_f64();
    crate::support::say(&format!(
        "{name}: {} people, {published} listings ({closed} closed), {letters} letters with {due} jobs due ({shown} shown): \
         0 lost, 0 doubled, 0 else; two days in {seconds:.0} s",
        size.people
    ));
    story.alert.store.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn in_two_days_a_thousand_people_get_every_mail_that_is_due_exactly_once_and_none_else() {
    let Some(postbox) = Postbox::open("the story") else { return };
    let folder = tempfile::tempdir().unwrap();
    let database = format!("sqlite:{}", folder.path().join("story.db").display());
    tell("story", &database, Size { people: 1_000, first: 24, daily: 24, caps: Caps::default() }, postbox).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_holds_on_postgres_with_every_job_shown() {
    let Some(postbox) = Postbox::open("the story on Postgres") else { return };
    let Some(server) = Server::start("the story on Postgres") else { return };
    let size = Size { people: 100, first: 10, daily: 20, caps: Caps { listings: 60, per_company: 60 } };
    tell("story on Postgres", &server.database("story"), size, postbox).await;
}

/// Three workers decide while the boards are read, so that each sees another end of the window.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn workers_that_decide_while_listings_arrive_tell_nobody_twice() {
    let Some(postbox) = Postbox::open("the rush") else { return };
    let folder = tempfile::tempdir().unwrap();
    let database = format!("sqlite:{}", folder.path().join("rush.db").display());
    let size = Size { people: 200, first: 4, daily: 60, caps: Caps { listings: 60, per_company: 60 } };
    let mut story = Story::begin(&database, &size, postbox).await;
    story.alert.settings.instant_grouping = DurationText::from_secs(0);
    for tick in 0..TICKS / 4 {
        let now = start() + Duration::minutes(tick * TICK_MINUTES);
        story.clock.set(now);
        story.tick.store(tick, Ordering::SeqCst);
        story.join(tick, 0, now).await;
        story.join(tick, 1, now).await;
        let read = async {
            for source in &story.sources {
                story.ingest.run(source).await.unwrap();
            }
        };
        let ((), one, two, three) = tokio::join!(read, story.alert.run(), story.alert.run(), story.alert.run());
        assert!(one.is_ok() && two.is_ok() && three.is_ok(), "{one:?} {two:?} {three:?}");
        // A job may close between the decision and the letter: then the letter is cancelled.
        story.deliver.run(&CancellationToken::new()).await.unwrap();
    }
    let mut told: BTreeSet<(i64, String)> = BTreeSet::new();
    for letter in story.postbox.letters().filter(|letter| !letter.welcome) {
        let alert = letter.alert.into_iter();
        for job in alert.flat_map(|alert| letter.shown.iter().map(move |job| (alert, job.clone()))) {
            assert!(told.insert(job.clone()), "{job:?} was told twice");
        }
    }
    assert!(told.len() > 1_000, "{} jobs told: nothing happened", told.len());
    crate::support::say(&format!("rush: {} jobs told by three workers while boards were read: 0 doubled", told.len()));
}
