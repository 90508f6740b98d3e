//! The real service is killed under load, again and again: nothing is lost, and nothing comes twice but what was on its way.
//!
//! `rolecall serve` reads a board that keeps bringing jobs and mails to a server that keeps every letter. It is killed with SIGKILL at
//! random moments while letters are under way, and started again at once. At the end each job that fits an alert (by the brute-force
//! meaning of preferences) must stand in exactly one letter of that alert; a letter may have come again, with the same Message-ID, at
//! most once for each connection and kill. `ROLECALL_KILLS` says how often it is killed.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]

mod board;
#[path = "../it/oracle.rs"]
mod oracle;
mod scripted;
mod server;
mod sink;

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use chrono::DateTime;
use rolecall::domain::{DeliveryId, DeliveryState, Preferences, Rates};
use rolecall::extract::Extractor;
use rolecall::sources::read_payload;
use rolecall::store::{DatabaseSettings, Store};
use serde_json::{Value, json};

use board::{Board, FIRST};
use sink::{Received, SERVICE, Sink};

/// Kills where nobody says how many.
const KILLS: usize = 25;
/// People, each with one alert.
const PEOPLE: usize = 400;
/// Connections to the mail server.
const CONNECTIONS: usize = 4;
/// The service has to show a first letter within this time after a start.
const WAKES_WITHIN: Duration = Duration::from_mins(1);
/// It is idle once no letter came for this long: more than the grouping time and the longest rhythm.
const IDLE_AFTER: Duration = Duration::from_secs(5);
/// It has to stop on SIGTERM within this time.
const STOPS_WITHIN: Duration = Duration::from_secs(10);
/// It has to become idle within this time once no job is new.
const DRAINS_WITHIN: Duration = Duration::from_mins(5);

/// The service, its world, and its folder.
struct Stage {
    folder: tempfile::TempDir,
    board: Board,
    sink: Sink,
}

/// A running `rolecall serve`; killed when dropped.
struct Service(Child);

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Stage {
    /// Sets everything up: the first jobs are there, everybody is subscribed, nothing is running.
    async fn set() -> Self {
        let stage = Self { folder: tempfile::tempdir().unwrap(), board: Board::default(), sink: Sink::default() };
        let (board, port) = (stage.board.open().await, stage.sink.open().await);
        let data = toml::Value::String(stage.path("data").display().to_string());
        let config = format!(
            "[service]\nbase_url = \"{SERVICE}\"\ndata_dir = {data}\n[web]\nlisten = \"127.0.0.1:0\"\n\
             [mail]\ntransport = \"smtp\"\nfrom = \"Rolecall <alerts@example.org>\"\n\
             [mail.smtp]\nurl = \"smtp://127.0.0.1:{port}\"\nconnections = {CONNECTIONS}\n\
             [alerts]\nmax_listings = 5000\nmax_per_company = 5000\ninstant_grouping = \"1s\"\n[delivery]\nunknown_retry = \"0s\"\n\
             [fetch]\nallow_private_addresses = true\nper_host_interval = \"0s\"\nschedule = \"* * * * * *\"\n\
             [[source]]\nname = \"board\"\nkind = \"greenhouse\"\nboard = \"acme\"\nbase_url = \"{board}\"\n"
        );
        std::fs::write(stage.path("rolecall.toml"), config).unwrap();
        let people: Vec<String> = (0..PEOPLE).map(|number| person(number).to_string()).collect();
        std::fs::write(stage.path("people.ndjson"), people.join("\n") + "\n").unwrap();
        // The first answer of a board alerts nobody; it is taken before the first alert is there.
        stage.finish(&["run"]);
        stage.finish(&["subscriber", "import", &stage.path("people.ndjson").display().to_string()]);
        stage
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let log = || File::options().create(true).append(true).open(self.path("log")).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_rolecall"));
        command.args(arguments).arg("--config").arg(self.path("rolecall.toml"));
        command.stdin(Stdio::null()).stdout(log()).stderr(log());
        command
    }

    fn finish(&self, arguments: &[&str]) {
        let status = self.command(arguments).status().unwrap();
        assert!(status.success(), "rolecall {arguments:?}: {status}\n{}", self.log());
    }

    /// Starts the service and waits for its first letter since.
    async fn start(&self) -> Service {
        let before = self.sink.count();
        let mut service = Service(self.command(&["serve"]).spawn().unwrap());
        let until = Instant::now() + WAKES_WITHIN;
        while self.sink.count() == before {
            assert!(service.0.try_wait().unwrap().is_none(), "the service ended by itself\n{}", self.log());
            assert!(Instant::now() < until, "no letter came\n{}", self.log());
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        service
    }

    /// Ends the service by SIGTERM: with exit code 0, in time.
    async fn stop(&self, mut service: Service) {
        let begun = Instant::now();
        assert!(Command::new("kill").args(["-TERM", &service.0.id().to_string()]).status().unwrap().success());
        loop {
            if let Some(status) = service.0.try_wait().unwrap() {
                assert_eq!(status.code(), Some(0), "{}", self.log());
                return;
            }
            assert!(begun.elapsed() < STOPS_WITHIN, "it does not stop\n{}", self.log());
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// Lets the service work until nothing is left, and ends it; how many letters it gave up without an answer. Such a letter was on its
    /// way at two kills: a third copy would be worse than not knowing (`docs/DELIVERY.md`).
    async fn drain(&self, service: Service) -> usize {
        self.board.grow(false);
        let begun = Instant::now();
        let (mut seen, mut since) = (self.sink.count(), Instant::now());
        while since.elapsed() < IDLE_AFTER {
            assert!(begun.elapsed() < DRAINS_WITHIN, "it does not come to an end\n{}", self.log());
            tokio::time::sleep(Duration::from_millis(50)).await;
            if self.sink.count() != seen {
                (seen, since) = (self.sink.count(), Instant::now());
            }
        }
        self.stop(service).await;
        let url = format!("sqlite:{}", self.path("data/rolecall.db").display());
        let store = Store::open(&DatabaseSettings { url }).await.unwrap();
        let status = store.status(DateTime::UNIX_EPOCH).await.unwrap();
        let unknown = store.deliveries_in(DeliveryState::Unknown, DeliveryId(0), 1_000).await.unwrap();
        store.close().await;
        assert_eq!(status.pending, 0, "letters are left in the outbox: {:?}\n{}", status.deliveries, self.log());
        assert!(
            status.deliveries.keys().all(|state| ["sent", "unknown"].contains(&state.as_str())),
            "{:?}\n{}",
            status.deliveries,
            self.log()
        );
        assert!(unknown.iter().all(|letter| letter.attempts >= 2), "given up after one attempt: {unknown:?}\n{}", self.log());
        unknown.len()
    }

    /// The end of what the service said.
    fn log(&self) -> String {
        let text = std::fs::read_to_string(self.path("log")).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        lines[lines.len().saturating_sub(40)..].join("\n")
    }
}

/// The alert of the person with a number: two of three hear at once, the third every three seconds.
fn person(number: usize) -> Value {
    let delivery = if number % 3 == 2 { json!({"frequency": "*/3 * * * * *"}) } else { json!({"frequency": "instant"}) };
    json!({"email": address(number), "name": format!("Alert {number}"), "preferences": wishes(number), "delivery": delivery})
}

fn address(number: usize) -> String {
    format!("reader{number}@example.org")
}

fn wishes(number: usize) -> Value {
    match number % 7 {
        0 => json!({"companies": {"only": ["acme"]}}),
        1 => json!({"keywords": "title:rust OR kafka"}),
        2 => json!({"skills": {"any": ["go"]}}),
        3 => json!({"keywords": "redis", "companies": {"never": ["Tidal"]}}),
        4 => json!({"seniority": {"any": ["senior"], "unknown": "exclude"}}),
        5 => json!({"places": {"any": [{"country": "US"}]}}),
        _ => json!({"keywords": "\"backend developer\""}),
    }
}

/// What is due: for each address, the jobs of its alerts and those of its welcome.
fn due(board: &Board) -> BTreeMap<String, (BTreeSet<String>, BTreeSet<String>)> {
    let (extractor, rates) = (Extractor::new(), Rates::default());
    let reading = read_payload("greenhouse", "board", board.payload().as_bytes()).unwrap();
    let listings: Vec<_> = reading.postings.into_iter().map(|posting| extractor.read(posting, DateTime::UNIX_EPOCH)).collect();
    let of = |number: usize| {
        let preferences: Preferences = serde_json::from_value(wishes(number)).unwrap();
        let wished = oracle::Wished::new(&preferences, &rates);
        let fitting = |from: usize, to: usize| {
            let fits = listings[from..to].iter().filter(|listing| {
                let posting = &listing.posting;
                let told = oracle::Told::new(&listing.facts, &posting.title, posting.company.as_deref(), &listing.text, &rates);
                oracle::matches(&wished, &told)
            });
            fits.map(|listing| listing.posting.url.clone().unwrap()).collect()
        };
        (address(number), (fitting(FIRST, listings.len()), fitting(0, FIRST)))
    };
    (0..PEOPLE).map(of).collect()
}

/// What came of it all.
#[derive(Debug, Default)]
struct Verdict {
    /// Pairs of alert and job that were due.
    due: usize,
    /// Different letters.
    letters: usize,
    /// Letters that came again.
    repeated: usize,
    /// Due and never mailed; in two different letters; mailed and not due; and letters that are odd in themselves.
    lost: Vec<String>,
    doubled: Vec<String>,
    else_mailed: Vec<String>,
    odd: Vec<String>,
}

fn judge(received: &[Received], board: &Board) -> Verdict {
    let mut verdict = Verdict::default();
    let mut first: BTreeMap<&str, &Received> = BTreeMap::new();
    for letter in received {
        if letter.more {
            verdict.odd.push(format!("more than it shows: {letter:?}"));
        }
        if let Some(before) = first.insert(&letter.message_id, letter) {
            verdict.repeated += 1;
            if (&before.to, &before.shown, before.welcome) != (&letter.to, &letter.shown, letter.welcome) {
                verdict.odd.push(format!("one Message-ID, two letters: {before:?} {letter:?}"));
            }
        }
    }
    verdict.letters = first.len();
    let mut mailed: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    let mut welcomes: BTreeMap<&str, Vec<&BTreeSet<String>>> = BTreeMap::new();
    for letter in first.values() {
        if letter.welcome {
            welcomes.entry(&letter.to).or_default().push(&letter.shown);
        } else if letter.shown.is_empty() {
            verdict.else_mailed.push(format!("an alert without a job: {letter:?}"));
        } else {
            letter.shown.iter().for_each(|job| *mailed.entry((&letter.to, job)).or_default() += 1);
        }
    }
    let due = due(board);
    for (to, (jobs, at_first)) in &due {
        verdict.due += jobs.len();
        for job in jobs {
            match mailed.remove(&(to.as_str(), job.as_str())) {
                None => verdict.lost.push(format!("{to} {job}")),
                Some(1) => {}
                Some(times) => verdict.doubled.push(format!("{to} {job}: {times} letters")),
            }
        }
        let shown = welcomes.remove(to.as_str()).unwrap_or_default();
        if shown.is_empty() {
            verdict.lost.push(format!("welcome of {to}"));
        } else if shown != [at_first] {
            verdict.odd.push(format!("welcome of {to}: {shown:?}, {at_first:?} was due"));
        }
    }
    verdict.else_mailed.extend(mailed.keys().map(|(to, job)| format!("{to} {job}")));
    verdict.else_mailed.extend(welcomes.keys().map(|to| format!("welcome of {to}")));
    verdict
}

impl Verdict {
    /// Nothing lost, doubled or odd, and enough of it that this means something.
    fn assert_clean(&self, stage: &Stage, least_letters: usize) {
        for (what, faults) in [("lost", &self.lost), ("doubled", &self.doubled), ("not due", &self.else_mailed), ("odd", &self.odd)] {
            let some = faults.iter().take(5).cloned().collect::<Vec<_>>().join("\n");
            assert!(faults.is_empty(), "{} {what} of {} due:\n{some}\n{}", faults.len(), self.due, stage.log());
        }
        assert!(self.due > PEOPLE && self.letters >= least_letters, "too little happened: {self:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_service_killed_under_load_loses_nothing_and_repeats_only_what_was_on_its_way() {
    let kills = std::env::var("ROLECALL_KILLS").map_or(KILLS, |text| text.parse().expect("ROLECALL_KILLS is a number"));
    let begun = Instant::now();
    let stage = Stage::set().await;
    stage.board.grow(true);
    let (asked, mut kills) = (kills, 0);
    let (mut in_the_act, mut most, mut chance) = (0, 0, 20_261_122_u64);
    // On a busy machine many hit a service that has hardly begun: then there are more of them, until a quarter hit a letter.
    while kills < asked || (4 * in_the_act < kills && kills < 4 * asked) {
        kills += 1;
        let mut service = stage.start().await;
        chance = chance.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        tokio::time::sleep(Duration::from_millis((chance >> 33) % 700)).await;
        let under_way = stage.sink.under_way();
        service.0.kill().unwrap();
        service.0.wait().unwrap();
        in_the_act += usize::from(under_way > 0);
        most += under_way;
    }
    let service = stage.start().await;
    let unknown = stage.drain(service).await;
    let verdict = judge(&stage.sink.letters(), &stage.board);
    say(&format!(
        "{kills} kills ({in_the_act} with letters under way, {most} in all), {} letters, {} jobs due: {} lost, {} doubled, {} else; {} letters came again with their own Message-ID, {unknown} of them twice unanswered; {:.0} s",
        verdict.letters,
        verdict.due,
        verdict.lost.len(),
        verdict.doubled.len(),
        verdict.else_mailed.len(),
        verdict.repeated,
        begun.elapsed().as_secs_f64()
    ));
    verdict.assert_clean(&stage, 2 * PEOPLE);
    assert!(unknown <= verdict.repeated, "{unknown} letters were given up, and only {} came again", verdict.repeated);
    assert!(verdict.repeated <= CONNECTIONS * kills, "{} letters came again", verdict.repeated);
    assert!(4 * in_the_act >= kills, "only {in_the_act} of {kills} kills hit the service with a letter under way: not much of a proof");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_service_stopped_under_load_ends_in_time_and_repeats_nothing() {
    const STOPS: usize = 5;
    let stage = Stage::set().await;
    stage.board.grow(true);
    let mut in_the_act = 0;
    for _ in 0..STOPS {
        let service = stage.start().await;
        tokio::time::sleep(Duration::from_millis(600)).await;
        in_the_act += usize::from(stage.sink.under_way() > 0);
        stage.stop(service).await;
    }
    let service = stage.start().await;
    assert_eq!(stage.drain(service).await, 0, "a stop in order leaves no letter without an answer");
    let verdict = judge(&stage.sink.letters(), &stage.board);
    verdict.assert_clean(&stage, PEOPLE + PEOPLE / 2);
    assert_eq!(verdict.repeated, 0, "a stop in order repeats nothing");
    say(&format!(
        "{STOPS} stops ({in_the_act} with letters under way), {} letters, {} jobs due: 0 lost, 0 doubled, 0 came again",
        verdict.letters, verdict.due
    ));
}

/// Says a line past the test runner, which keeps what `println!` prints of a test that passes.
fn say(line: &str) {
    use std::io::Write as _;
    let _ = writeln!(std::io::stderr().lock(), "{line}");
}
