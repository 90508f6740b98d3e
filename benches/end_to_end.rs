//! From postings to letters: `cargo bench --bench end_to_end [SUBSCRIBERS] [LISTINGS]` (5,000 and 200 unless given).
//!
//! A file source brings new listings after its quiet first fetch; confirmed instant subscribers wait in SQLite on disk; letters go by
//! SMTP to Postfix's `smtp-sink` on a loopback port. The clock runs from the start of the fetch to the last letter recorded as
//! sent. The yardstick is Postfix's own generator `smtp-source` into the same sink in the same run: as many messages of
//! the same size over as many sessions, each kept open, and nothing thought, written or kept for them.

#![expect(clippy::cast_precision_loss, reason = "figures for people")]

mod sink;

use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use rolecall::app::App;
use rolecall::clock::Clock;
use rolecall::config::Config;
use rolecall::domain::{EmailAddress, NewSubscription};
use rolecall::mail::{Mailer, Sender};
use sink::{SINK, Sink};
use tokio_util::sync::CancellationToken;

/// Rounds; figures are medians.
const ROUNDS: usize = 3;
/// SMTP sessions of both.
const SESSIONS: usize = 8;
/// Subscribers whose letters are weighed.
const SAMPLE: usize = 50;
/// Postings that are there before anybody subscribes.
const QUIET: usize = 20;
/// Program of Debian's package `postfix`.
const SOURCE: &str = "/usr/sbin/smtp-source";

const SKILLS: [&str; 12] =
    ["Rust", "Go", "Java", "Python", "Kotlin", "PostgreSQL", "Kafka", "Kubernetes", "Redis", "Scala", "Elixir", "MySQL"];
const CITIES: [&str; 5] = ["Bengaluru, India", "Pune, India", "Berlin, Germany", "London, United Kingdom", "Remote"];

fn main() {
    let given: Vec<usize> = std::env::args().skip(1).filter_map(|text| text.parse().ok()).collect();
    let (people, listings) = (given.first().copied().unwrap_or(5_000), given.get(1).copied().unwrap_or(200));
    if !Path::new(SINK).exists() || !Path::new(SOURCE).exists() {
        eprintln!("SKIPPED end_to_end: smtp-sink and smtp-source are not installed (Debian package postfix)");
        return;
    }
    let runtime = tokio::runtime::Runtime::new().expect("a runtime starts");
    let size = runtime.block_on(letter_size(listings));
    println!("{listings} new postings, {people} instant subscribers, letters of {size} bytes, {SESSIONS} sessions\n");
    println!("| round | fetch, read, keep | decide | write, send, record | letters/s from posting to sent | smtp-source/s | share |");
    println!("|---|---|---|---|---|---|---|");
    let mut rounds = Vec::new();
    for round in 1..=ROUNDS {
        let sink = Sink::start();
        let ours = runtime.block_on(ours(&sink, people, listings));
        let yardstick = yardstick(&sink, people, size);
        rounds.push(Round { ours, yardstick, people });
        println!("| {round} {}", rounds[round - 1]);
    }
    let whole = |round: &Round| round.ours.whole().as_secs_f64();
    rounds.sort_by(|a, b| whole(a).total_cmp(&whole(b)));
    println!("| median {}", rounds[ROUNDS / 2]);
}

/// How long each stage took.
struct Stages {
    ingest: Duration,
    alert: Duration,
    deliver: Duration,
}

impl Stages {
    fn whole(&self) -> Duration {
        self.ingest + self.alert + self.deliver
    }
}

struct Round {
    ours: Stages,
    yardstick: Duration,
    people: usize,
}

impl std::fmt::Display for Round {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Stages { ingest, alert, deliver } = self.ours;
        let rate = |time: Duration| self.people as f64 / time.as_secs_f64();
        let (ours, theirs) = (rate(self.ours.whole()), rate(self.yardstick));
        let [ingest, alert, deliver] = [ingest, alert, deliver].map(|stage| stage.as_secs_f64() * 1e3);
        write!(f, "| {ingest:.0} ms | {alert:.0} ms | {deliver:.0} ms | {ours:.0} | {theirs:.0} | {:.0} % |", 100.0 * ours / theirs)
    }
}

/// The generator's time for as many messages of this size.
fn yardstick(sink: &Sink, messages: usize, size: usize) -> Duration {
    let mut command = Command::new(SOURCE);
    command.args(["-d", "-s", &SESSIONS.to_string(), "-m", &messages.to_string(), "-l", &size.to_string()]);
    command.args(["-f", "alerts@jobs.example.org", "-t", "reader@example.org"]).arg(format!("127.0.0.1:{}", sink.port));
    let begun = Instant::now();
    let ended = command.stdout(Stdio::null()).status().expect("smtp-source runs");
    assert!(ended.success(), "smtp-source: {ended}");
    begun.elapsed()
}

/// The service with its subscribers welcomed, and the folder it stands on.
async fn house(port: u16, people: usize) -> (tempfile::TempDir, App) {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder on disk");
    let postings = folder.path().join("postings.ndjson");
    std::fs::write(&postings, (0..QUIET).map(posting).collect::<String>()).expect("postings are written");
    let text = format!(
        "[service]\ndata_dir = {}\n[mail]\ntransport = \"smtp\"\nfrom = \"Rolecall <alerts@jobs.example.org>\"\n\
         [mail.smtp]\nurl = \"smtp://127.0.0.1:{port}?tls=none\"\nconnections = {SESSIONS}\n[alerts]\ninstant_grouping = \"0s\"\n\
         [[source]]\nname = \"local\"\nkind = \"file\"\npath = {}\n",
        toml::Value::String(folder.path().join("data").display().to_string()),
        toml::Value::String(postings.display().to_string())
    );
    let config = Config::parse("the bench", &text, &[]).expect("a configuration that parses");
    let app = App::build(config, Clock::System).await.expect("the rooms are built");
    for number in 0..people {
        let email = EmailAddress::parse(&format!("reader{number}@example.org")).expect("an address");
        app.consent.add_confirmed(&email, subscription(number), "bench").await.expect("a subscriber is added");
    }
    app.ingest.run(&app.sources[0].source).await.expect("the first fetch");
    (folder, app)
}

/// One round of ours, measured after the welcome letters.
async fn ours(sink: &Sink, people: usize, listings: usize) -> Stages {
    let (folder, app) = house(sink.port, people).await;
    let stop = CancellationToken::new();
    app.alert.run().await.expect("welcome letters are queued");
    app.deliver.run(&stop).await.expect("welcome letters are sent");
    // The welcome wakes each instant subscription once; let them fall asleep.
    app.alert.run().await.expect("alerts are decided");
    add_postings(folder.path(), listings);

    let begun = Instant::now();
    let read = app.ingest.run(&app.sources[0].source).await.expect("the fetch");
    let ingest = begun.elapsed();
    assert_eq!(read.kept.new as usize, listings, "every posting is a new listing");
    let begun = Instant::now();
    let decided = app.alert.run().await.expect("alerts are decided");
    let alert = begun.elapsed();
    assert_eq!(decided.queued, people as u64, "everybody gets a letter");
    let begun = Instant::now();
    let sent = app.deliver.run(&stop).await.expect("letters are sent");
    let deliver = begun.elapsed();
    assert_eq!(sent.sent, people as u64, "every letter is sent");
    app.store.close().await;
    Stages { ingest, alert, deliver }
}

/// What a letter of this run weighs on average.
async fn letter_size(listings: usize) -> usize {
    let (folder, mut app) = house(25, SAMPLE).await;
    let (mailer, mailbox) = Mailer::memory();
    app.deliver.mailer = mailer;
    let stop = CancellationToken::new();
    for fresh in [0, listings] {
        add_postings(folder.path(), fresh);
        app.ingest.run(&app.sources[0].source).await.expect("the fetch");
        app.alert.run().await.expect("alerts are decided");
        app.deliver.run(&stop).await.expect("letters are kept");
        app.alert.run().await.expect("alerts are decided");
    }
    let from = Sender::parse("Rolecall <alerts@jobs.example.org>").expect("a sender");
    let letters = &mailbox.messages()[SAMPLE..];
    let bytes: usize = letters.iter().map(|letter| rolecall::mail::bytes(letter, &from).expect("a letter").len()).sum();
    bytes / letters.len()
}

fn add_postings(folder: &Path, count: usize) {
    let text: String = (0..QUIET + count).map(posting).collect();
    std::fs::write(folder.join("postings.ndjson"), text).expect("postings are written");
}

/// Every backend job with one of two skills, at once.
fn subscription(number: usize) -> NewSubscription {
    let (one, other) = (SKILLS[number % SKILLS.len()], SKILLS[number / SKILLS.len() % SKILLS.len()]);
    let preferences = serde_json::json!({ "roles": ["backend_engineer"], "skills": { "any": [one, other] } });
    NewSubscription {
        name: format!("{one} and {other}"),
        preferences: serde_json::from_value(preferences).expect("preferences"),
        cadence: serde_json::from_value(serde_json::json!({ "frequency": "instant", "time_zone": "UTC" })).expect("a cadence"),
    }
}

/// A posting of the usual length, no twin of another.
fn posting(number: usize) -> String {
    let skill = |step: usize| SKILLS[(number * 5 + step) % SKILLS.len()];
    let mut text = format!("<p>Company {number} runs ledgers for shops. You will own the services that move money.</p><ul>");
    for step in 0..12 {
        let _ = write!(text, "<li>Task {number}.{step}: design, build and run a part of the platform with care for those on call.</li>");
    }
    let _ = write!(text, "</ul><p>You know {}, {} and {}. 4+ years of experience.</p>", skill(0), skill(1), skill(2));
    let value = serde_json::json!({
        "id": number.to_string(), "title": format!("Senior Backend Engineer ({}), team {number}", skill(0)),
        "company": format!("Company {number}"), "location": CITIES[number % CITIES.len()], "description": text,
        "salary_text": format!("{}0,000 - {}0,000 EUR a year", 6 + number % 3, 9 + number % 4), "employment_type": "full time",
        "posted_at": "2026-11-20", "url": format!("https://jobs.example.com/{number}"),
    });
    format!("{value}\n")
}
