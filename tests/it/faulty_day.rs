//! A day of the real passes against servers that fail in every way: nothing is closed falsely, nothing closed is mailed, nothing is
//! lost, each fault is named, and what is well stays well.
//!
//! Seventeen sites are well, fail for four hours, and heal; three are well all day and publish, change, close and relist by plan
//! (`faulty_day/sites.rs`). The clock is moved by hand; each source is asked every 15 minutes unless it is to be left alone. What a
//! letter shows is held against the plan at the moment it was sent.

#![expect(clippy::unwrap_used, reason = "a test may fail where it stands, its helpers too")]

mod sites;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{DateTime, TimeDelta, Utc};
use rolecall::clock::Clock;
use rolecall::compose::{Composer, ServiceNames};
use rolecall::consent::Consent;
use rolecall::domain::{Alert, DurationText, EmailAddress, FetchFault, NewSubscription, Rates, Signer};
use rolecall::extract::Extractor;
use rolecall::mail::{Mailer, MemoryMailbox};
use rolecall::pipeline::{AlertPass, AlertSettings, DeliverPass, DeliverSettings, IngestPass, LetterDesk};
use rolecall::pulse::Beat;
use rolecall::sources::{FetchSettings, Fetcher, Source};
use rolecall::store::{DatabaseSettings, Store};
use tokio_util::sync::CancellationToken;

use crate::support::{forget_peak, is_alone, memory, say};
use sites::{FAULTS, FAULTY, Fault, Shape, Site};

/// Ticks of a quarter of an hour.
const TICKS: i64 = 96;

/// What the peak of memory may grow by over the day: several answers at their bound of 16 MiB at the same time, unpacked and read.
const MOST_GROWTH_KIB: u64 = 96 * 1024;

const SERVICE: &str = "https://alerts.example";
const INSTANT: &str = "instant@example.org";

fn at(tick: i64) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339("2026-11-22T00:00:00Z").unwrap().to_utc() + TimeDelta::minutes(15 * tick)
}

/// What a faulty site was named as.
#[derive(Default)]
struct Naming {
    fetches: usize,
    named: Option<(FetchFault, usize)>,
    healed: Option<i64>,
}

struct Day {
    clock: Clock,
    store: Store,
    ingest: IngestPass,
    /// Asks nothing inside the network.
    outward: Fetcher,
    alert: AlertPass,
    deliver: DeliverPass,
    mailbox: MemoryMailbox,
    tick: Arc<AtomicI64>,
    sites: Vec<(Arc<Site>, Source)>,
    naming: BTreeMap<String, Naming>,
    /// Source and id of listings that are closed though the plan has them open.
    false_closings: BTreeSet<(String, String)>,
}

impl Day {
    async fn begin(folder: &std::path::Path) -> Self {
        let store = Store::open(&DatabaseSettings { url: format!("sqlite:{}", folder.join("day.db").display()) }).await.unwrap();
        let (clock, signer, tick) = (Clock::manual(at(0)), Signer::new(b"a secret of the day alone"), Arc::new(AtomicI64::new(0)));
        let fetch = FetchSettings {
            allow_private_addresses: true,
            per_host_interval: DurationText::from_millis(0),
            timeout: DurationText::from_secs(3),
            ..FetchSettings::default()
        };
        let names = ServiceNames {
            name: "Rolecall".into(),
            base_url: SERVICE.parse().unwrap(),
            postal_address: String::new(),
            contact: String::new(),
            sender_domain: "example.org".into(),
        };
        let settings = AlertSettings { max_listings: 200, max_per_company: 200, ..AlertSettings::default() };
        let (mailer, mailbox) = Mailer::memory();
        let composer = Arc::new(Composer::new(names, signer.clone()).unwrap());
        let desk = LetterDesk::new(store.clone(), composer, Rates::default(), settings.caps());
        subscribe(&Consent::new(store.clone(), clock.clone(), signer)).await;

        let healthy = [Shape::Greenhouse, Shape::Lever, Shape::Feed].map(Site::healthy);
        let faulty = FAULTS.map(|(name, fault, shape, named)| Site::faulty(name, fault, shape, named));
        let mut sites = Vec::new();
        for site in healthy.into_iter().chain(faulty).map(Arc::new) {
            let source = site.serve(Arc::clone(&tick)).await;
            sites.push((site, source));
        }
        Self {
            ingest: IngestPass {
                store: store.clone(),
                fetcher: Fetcher::new(&fetch).unwrap(),
                extractor: Extractor::new(),
                clock: clock.clone(),
            },
            outward: Fetcher::new(&FetchSettings { allow_private_addresses: false, ..fetch }).unwrap(),
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
            naming: BTreeMap::new(),
            false_closings: BTreeSet::new(),
            clock,
            store,
            mailbox,
            tick,
            sites,
        }
    }

    async fn play(&mut self) -> u64 {
        let mut before = 0;
        for tick in 0..TICKS {
            if tick == FAULTY.start {
                // By now every site was read and every kind of letter was written.
                before = memory("VmRSS");
                forget_peak();
            }
            self.clock.set(at(tick));
            self.tick.store(tick, Ordering::SeqCst);
            // Digests are decided before the boards are asked, so that a job may close between decision and letter.
            self.alert.run().await.unwrap();
            self.ask(tick).await;
            self.alert.run().await.unwrap();
            self.clock.set(at(tick) + TimeDelta::minutes(2));
            self.alert.run().await.unwrap();
            self.deliver.run(&CancellationToken::new()).await.unwrap();
            self.look(tick).await;
        }
        memory("VmHWM").saturating_sub(before)
    }

    /// Asks every source that is due, all at the same time.
    async fn ask(&mut self, tick: i64) {
        let mut under_way = tokio::task::JoinSet::new();
        for (site, source) in &self.sites {
            let state = self.store.source_state(source.name()).await.unwrap();
            if state.not_before.is_some_and(|until| until > at(tick)) {
                continue;
            }
            let mut ingest = self.ingest.clone();
            // A redirect inside needs a resolver of its own to be told; it is, beside the fetcher. Here the address itself is inside.
            if site.is_faulty(tick) && site.fault.is_some_and(|(fault, _)| fault == Fault::Inside) {
                ingest.fetcher = self.outward.clone();
            }
            let (site, source) = (Arc::clone(site), source.clone());
            under_way.spawn(async move {
                ingest.run(&source).await.unwrap();
                site
            });
        }
        for site in under_way.join_all().await {
            self.note(&site, tick).await;
        }
    }

    /// Notes what the source is named as after a fetch.
    async fn note(&mut self, site: &Site, tick: i64) {
        let fault = self.store.source_state(&site.name).await.unwrap().fault;
        let naming = self.naming.entry(site.name.clone()).or_default();
        if site.is_faulty(tick) {
            naming.fetches += 1;
            naming.named = naming.named.or(fault.map(|fault| (fault, naming.fetches)));
        } else {
            assert_eq!(fault, None, "{} is well at tick {tick}", site.name);
            naming.healed = naming.healed.or((tick >= FAULTY.end).then_some(tick));
        }
    }

    /// Looks at what the store holds of every site.
    async fn look(&mut self, tick: i64) {
        for (site, source) in &self.sites {
            let known = self.store.known_listings(source.name()).await.unwrap();
            for job in site.jobs.iter().filter(|job| job.is_open(tick)) {
                let id = site.id(job);
                if known.get(&id).is_some_and(|listing| !listing.open) {
                    self.false_closings.insert((site.name.clone(), id));
                }
            }
            if site.fault.is_none() {
                let state = self.store.source_state(source.name()).await.unwrap();
                assert_eq!(state.last_success_at, Some(at(tick)), "{}", site.name);
            }
        }
    }

    /// Listings that are open at the end though their whole board no longer has them.
    async fn missed_closings(&self) -> Vec<String> {
        let mut missed = Vec::new();
        for (site, source) in self.sites.iter().filter(|(site, _)| site.shape != Shape::Feed) {
            let known = self.store.known_listings(source.name()).await.unwrap();
            assert_eq!(known.len(), site.jobs.len(), "every job of {} was seen", site.name);
            let gone = site.jobs.iter().filter(|job| !job.is_open(TICKS - 1));
            missed.extend(gone.filter(|job| known[&site.id(job)].open).map(|job| format!("not closed: {job:?} of {}", site.name)));
        }
        missed
    }

    /// Holds the letters against the plan: how many jobs were told, and what went wrong.
    fn judge_letters(&self) -> (usize, Vec<String>) {
        let pages: BTreeMap<String, _> =
            self.sites.iter().flat_map(|(site, _)| site.jobs.iter().map(move |job| (site.page(job), (site, job)))).collect();
        let (mut faults, mut told) = (Vec::new(), BTreeMap::<String, usize>::new());
        for letter in self.mailbox.messages() {
            let tick = (letter.date - at(0)).num_minutes() / 15;
            let shown = letter.text.split("What became of jobs you liked").next().unwrap().lines().map(str::trim);
            for page in shown.filter(|line| line.starts_with("https://") && !line.starts_with(SERVICE)) {
                let (site, job) = pages.get(page).unwrap_or_else(|| panic!("nobody published {page}"));
                // A feed does not say what closes.
                if site.shape != Shape::Feed && !job.is_open(tick) {
                    faults.push(format!("closed job mailed: {page} at tick {tick} to {}", letter.to.as_str()));
                }
                if letter.to.as_str() == INSTANT {
                    *told.entry(page.to_owned()).or_default() += 1;
                }
            }
        }
        for (page, (_, job)) in pages {
            let due = usize::from(job.opens >= 1);
            let times = told.get(&page).copied().unwrap_or(0);
            if times != due {
                faults.push(format!("{page} was told {times} times, not {due}: {job:?}"));
            }
        }
        (told.len(), faults)
    }

    /// The table of faults; what was not named as it should be, or not soon enough.
    fn judge_naming(&self) -> Vec<String> {
        say("day: fault                  -> named as       -> after n fetches (of all) -> healed after -> false closings");
        let mut faults = Vec::new();
        for (site, _) in self.sites.iter().filter(|(site, _)| site.fault.is_some()) {
            let naming = &self.naming[&site.name];
            let closings = self.false_closings.iter().filter(|(name, _)| *name == site.name).count();
            let (name, after) = naming.named.map_or(("-", 0), |(fault, after)| (fault.as_str(), after));
            let healed = naming.healed.map_or(-1, |tick| 15 * (tick - FAULTY.end));
            say(&format!("day: {:22} -> {name:14} -> {after} ({:2}) -> {healed:3} min -> {closings}", site.name, naming.fetches));
            let expected = site.fault.and_then(|(_, named)| named);
            if naming.named.map(|(fault, _)| fault) != expected || after > 2 || naming.fetches == 0 || healed < 0 {
                faults.push(format!("{}: {name} after {after} fetches, {expected:?} is due; healed: {:?}", site.name, naming.healed));
            }
        }
        faults
    }
}

/// One who is told at once, and two who get digests during and after the faults; nobody has a letter of jobs before the day.
async fn subscribe(consent: &Consent) {
    let daily = |hour: &str| format!(r#"{{"frequency":"daily","at":"{hour}","time_zone":"Europe/London"}}"#);
    for (email, delivery) in
        [(INSTANT, r#"{"frequency":"instant"}"#.to_owned()), ("a@example.org", daily("08:00")), ("b@example.org", daily("18:00"))]
    {
        let text = format!(r#"{{"name":"Rust","preferences":{{"skills":{{"any":["rust"]}}}},"delivery":{delivery}}}"#);
        let Alert { name, preferences, delivery, .. } = serde_json::from_str(&text).unwrap();
        let subscription = NewSubscription { name, preferences, cadence: delivery.unwrap() };
        consent.add_confirmed(&EmailAddress::parse(email).unwrap(), subscription, "test").await.unwrap();
    }
}

#[test]
fn in_a_day_of_every_fault_nothing_closes_falsely_and_nothing_is_lost() {
    if !is_alone("faulty_day::in_a_day_of_every_fault_nothing_closes_falsely_and_nothing_is_lost", "day") {
        return;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let folder = tempfile::tempdir().unwrap();
        let mut day = Day::begin(folder.path()).await;
        let begun = std::time::Instant::now();
        let growth = day.play().await;
        let (told, mut faults) = day.judge_letters();
        faults.extend(day.judge_naming());
        faults.extend(day.missed_closings().await);
        faults.extend(day.false_closings.iter().map(|(name, id)| format!("closed falsely: {id} of {name}")));
        say(&format!(
            "day: {} sources, {} letters, {told} jobs told at once; {} false closings; memory +{growth} KiB at the peak; {:.0} s",
            day.sites.len(),
            day.mailbox.messages().len(),
            day.false_closings.len(),
            begun.elapsed().as_secs_f64()
        ));
        assert!(faults.is_empty(), "{} faults, the first:\n{}", faults.len(), faults[..faults.len().min(12)].join("\n"));
        assert!(told >= 90 + 3 * FAULTS.len(), "{told}: nothing happened");
        assert!(growth <= MOST_GROWTH_KIB, "memory grew by {growth} KiB");
    });
}
