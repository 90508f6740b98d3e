//! A service with subscribers and listings, and the whole path through it.

use std::fmt::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rsa::{KeyPair, KeySize};
use base64::Engine as _;
use rolecall::app::App;
use rolecall::clock::Clock;
use rolecall::config::Config;
use rolecall::domain::{EmailAddress, NewSubscription};
use tokio_util::sync::CancellationToken;

/// Listings that are new; each letter shows ten.
const LISTINGS: usize = 40;

fn key() -> KeyPair {
    KeyPair::generate(KeySize::Rsa2048).expect("a key is made")
}

/// What one RSA-2048 signature costs here and now.
pub fn rsa_milliseconds() -> f64 {
    const TIMES: u32 = 300;
    let (key, random) = (key(), aws_lc_rs::rand::SystemRandom::new());
    let mut signature = vec![0; key.public_modulus_len()];
    let begun = cpu_time();
    for _ in 0..TIMES {
        key.sign(&aws_lc_rs::signature::RSA_PKCS1_SHA256, &random, b"a letter", &mut signature).expect("it signs");
    }
    cpu_time().saturating_sub(begun).as_secs_f64() * 1e3 / f64::from(TIMES)
}

/// The time that this process has spent on a processor, by the kernel's count.
pub fn cpu_time() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").expect("Linux tells of its processes");
    let after_name = stat.rsplit(')').next().unwrap_or_default();
    let ticks: u64 = after_name.split_whitespace().skip(11).take(2).filter_map(|field| field.parse::<u64>().ok()).sum();
    Duration::from_millis(ticks * 10)
}

/// The service with its subscribers welcomed and every new listing kept; nothing of it is decided yet.
pub async fn house(port: u16, people: usize, sessions: u16) -> (tempfile::TempDir, App) {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder on disk");
    let postings = folder.path().join("postings.ndjson");
    write_postings(&postings, 1);
    let der: Pkcs8V1Der<'_> = key().as_der().expect("a key has a form");
    let pem = base64::engine::general_purpose::STANDARD.encode(der.as_ref());
    let key_file = folder.path().join("dkim.pem");
    std::fs::write(&key_file, format!("-----BEGIN PRIVATE KEY-----\n{pem}\n-----END PRIVATE KEY-----\n")).expect("the key is written");
    let quoted = |path: &Path| toml::Value::String(path.display().to_string());
    let text = format!(
        "[service]\ndata_dir = {}\n[mail]\ntransport = \"smtp\"\nfrom = \"Rolecall <alerts@jobs.example.org>\"\n\
         [mail.smtp]\nurl = \"smtp://127.0.0.1:{port}?tls=none\"\nconnections = {sessions}\n\
         [mail.receivers]\nconnections = {sessions}\n\
         [mail.dkim]\ndomain = \"jobs.example.org\"\nkeys = [{{ selector = \"a\", file = {} }}]\n[alerts]\ninstant_grouping = \"0s\"\n\
         [[source]]\nname = \"local\"\nkind = \"file\"\npath = {}\n",
        quoted(&folder.path().join("data")),
        quoted(&key_file),
        quoted(&postings)
    );
    let config = Config::parse("the bench", &text, &[]).expect("a configuration that parses");
    let app = App::build(config, Clock::System).await.expect("the rooms are built");
    for number in 0..people {
        let email = EmailAddress::parse(&format!("reader{number}@example.org")).expect("an address");
        app.consent.add_confirmed(&email, subscription(number), "bench").await.expect("a subscriber is added");
    }
    app.ingest.run(&app.sources[0].source).await.expect("the first fetch");
    // Welcomes are decided and put out of the way: they are not what is measured.
    app.alert.run().await.expect("welcomes are queued");
    cancel_all(&app).await;
    app.alert.run().await.expect("alerts fall asleep");
    write_postings(&postings, 1 + LISTINGS);
    app.ingest.run(&app.sources[0].source).await.expect("the fetch");
    (folder, app)
}

async fn cancel_all(app: &App) {
    loop {
        let now = app.clock.now();
        let claimed = app.store.claim(now, now + chrono::Duration::minutes(5), 2_000).await.expect("letters are claimed");
        if claimed.is_empty() {
            return;
        }
        let ids: Vec<_> = claimed.iter().map(|one| one.delivery.id).collect();
        app.store.cancel_deliveries(&ids, now).await.expect("letters are cancelled");
    }
}

/// How long the whole took, and its time on processors: of all, and of the decisions alone.
pub struct Whole {
    pub took: Duration,
    pub cpu: Duration,
    pub cpu_deciding: Duration,
}

/// Decides, writes, signs, sends and records.
pub async fn whole(port: u16, people: usize, sessions: u16) -> Whole {
    let (_folder, app) = house(port, people, sessions).await;
    let (begun, cpu) = (Instant::now(), cpu_time());
    let decided = app.alert.run().await.expect("alerts are decided");
    assert_eq!(decided.queued, people as u64, "everybody gets a letter");
    let cpu_deciding = cpu_time().saturating_sub(cpu);
    let sent = app.deliver.run(&CancellationToken::new()).await.expect("letters are sent");
    assert_eq!(sent.sent, people as u64, "every letter is sent: {sent:?}");
    let whole = Whole { took: begun.elapsed(), cpu: cpu_time().saturating_sub(cpu), cpu_deciding };
    app.store.close().await;
    whole
}

/// Readers have wishes of eight kinds; all of them fit, and each kind has reasons of its own in its letters.
fn subscription(number: usize) -> NewSubscription {
    let mut preferences = serde_json::json!({ "roles": ["backend_engineer"], "skills": { "any": ["rust", "go"] } });
    if number & 1 > 0 {
        preferences["skills"] = serde_json::json!({ "any": ["rust", "go", "kafka"] });
    }
    if number & 2 > 0 {
        preferences["experience_years"] = 6.0.into();
    }
    if number & 4 > 0 {
        preferences["seniority"] = serde_json::json!(["senior"]);
    }
    NewSubscription {
        name: "Rust and Go".to_owned(),
        preferences: serde_json::from_value(preferences).expect("preferences"),
        cadence: serde_json::from_value(serde_json::json!({ "frequency": "instant", "time_zone": "UTC" })).expect("a cadence"),
    }
}

fn write_postings(file: &Path, count: usize) {
    std::fs::write(file, (0..count).map(posting).collect::<String>()).expect("postings are written");
}

/// A posting of the usual length, no twin of another.
fn posting(number: usize) -> String {
    let skill = ["Rust", "Go"][number % 2];
    let mut text = format!("<p>Company {number} runs ledgers for shops. You will own the services that move money.</p><ul>");
    for step in 0..12 {
        let _ = write!(text, "<li>Task {number}.{step}: design, build and run a part of the platform with care for those on call.</li>");
    }
    let _ = write!(text, "</ul><p>You know {skill} and Kafka. 4+ years of experience.</p>");
    let value = serde_json::json!({
        "id": number.to_string(), "title": format!("Senior Backend Engineer ({skill}), team {number}"),
        "company": format!("Company {number}"), "location": "Pune, India", "description": text,
        "salary_text": format!("{}0,000 - {}0,000 EUR a year", 6 + number % 3, 9 + number % 4), "employment_type": "full time",
        "posted_at": "2026-11-20", "url": format!("https://jobs.example.com/{number}"),
    });
    format!("{value}\n")
}
