//! One fetch cycle over many sources: `cargo bench --bench fetch_cycle [SOURCES] [HOSTS]` (5,000 and 250 unless given).
//!
//! Greenhouse boards of twenty postings each, on as many loopback addresses as there are hosts, are served by a second process
//! that counts what each host is asked. The real passes read, understand and keep them in SQLite on disk, three times: everything
//! new; a quarter of an hour later with nothing changed (a validator is honoured); and again with a new posting on each tenth
//! board. The yardstick is what politeness alone needs: the boards of one host, one after the other at the pace of
//! `[fetch] per_host_interval`. A last round asks without any pace, which shows what the machine could do.

#![expect(clippy::cast_precision_loss, reason = "figures for people")]

use std::collections::HashMap;
use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::Router;
use axum::extract::{ConnectInfo, Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use rolecall::app::App;
use rolecall::clock::Clock;
use rolecall::config::Config;

/// Postings of a board.
const POSTINGS: usize = 20;
/// The pace of the polite rounds.
const INTERVAL: Duration = Duration::from_millis(500);

fn main() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime starts");
    if std::env::args().any(|argument| argument == "boards") {
        return runtime.block_on(serve_boards());
    }
    let given: Vec<usize> = std::env::args().skip(1).filter_map(|text| text.parse().ok()).collect();
    let (sources, hosts) = (given.first().copied().unwrap_or(5_000), given.get(1).copied().unwrap_or(250).clamp(1, 250));
    let boards = Boards::start();
    let floor = INTERVAL.mul_f64((sources.div_ceil(hosts) - 1) as f64).as_secs_f64();
    println!("{sources} sources of {POSTINGS} postings on {hosts} hosts; politeness alone needs {floor:.1} s a cycle\n");
    println!(
        "| round | seconds | of politeness | sources/s | new | not modified | requests | most a host in any second | peak memory MB |"
    );
    println!("|---|---|---|---|---|---|---|---|---|");
    runtime.block_on(async {
        let folder = tempfile::tempdir().expect("a folder for temporary files");
        let mut app = app(folder.path(), boards.port, sources, hosts, INTERVAL).await;
        for (minutes, round) in ["everything is new", "nothing changed", "each tenth board has news"].into_iter().enumerate() {
            boards.say(if round.contains("tenth") { "news" } else { "same" });
            app.clock.set(start() + chrono::TimeDelta::minutes(15 * i64::try_from(minutes).unwrap_or(0)));
            line(round, &mut app, &boards, sources, floor).await;
        }
        app.store.close().await;
        let folder = tempfile::tempdir().expect("a folder for temporary files");
        let mut app = self::app(folder.path(), boards.port, sources, hosts, Duration::ZERO).await;
        boards.say("same");
        line("everything is new, no pace", &mut app, &boards, sources, floor).await;
        app.store.close().await;
    });
}

/// Runs one cycle and prints what it took.
async fn line(round: &str, app: &mut App, boards: &Boards, sources: usize, floor: f64) {
    let begun = Instant::now();
    let summary = app.run_once().await.expect("a cycle runs");
    let took = begun.elapsed().as_secs_f64();
    assert_eq!((summary.sources_asked as usize, summary.sources_failed), (sources, 0), "{round}");
    let [requests, unmodified, most] = boards.counts();
    println!(
        "| {round} | {took:.1} | {:.2} | {:.0} | {} | {unmodified} | {requests} | {most} | {:.0} |",
        took / floor,
        sources as f64 / took,
        summary.new_listings,
        peak_memory_kb() / 1_024.0
    );
}

fn start() -> chrono::DateTime<chrono::Utc> {
    chrono::DateTime::from_timestamp(1_795_000_000, 0).expect("a moment")
}

async fn app(folder: &std::path::Path, port: u16, sources: usize, hosts: usize, interval: Duration) -> App {
    let mut text = format!(
        "[service]\ndata_dir = {:?}\n[fetch]\nallow_private_addresses = true\nper_host_interval = \"{}ms\"\n",
        folder.display().to_string(),
        interval.as_millis()
    );
    for number in 0..sources {
        let host = number % hosts + 1;
        let _ = write!(
            text,
            "[[source]]\nname = \"s{number}\"\nkind = \"greenhouse\"\nboard = \"b{number}\"\nbase_url = \"http://127.0.1.{host}:{port}\"\n"
        );
    }
    let config = Config::parse("the bench", &text, &[]).expect("the configuration is right");
    App::build(config, Clock::manual(start())).await.expect("the house is built")
}

/// The most memory this process ever had, in kilobytes (proc(5), VmHWM).
fn peak_memory_kb() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
    line.split_whitespace().next().and_then(|number| number.parse().ok()).unwrap_or_default()
}

/// The process that plays the boards.
struct Boards {
    process: Child,
    port: u16,
}

impl Boards {
    fn start() -> Self {
        let program = std::env::current_exe().expect("this program has a path");
        let mut process = Command::new(program).arg("boards").stdout(Stdio::piped()).spawn().expect("the boards start");
        let mut line = String::new();
        let out = process.stdout.take().expect("it is piped");
        BufReader::new(out).read_line(&mut line).expect("the boards say their port");
        Self { process, port: line.trim().parse().expect("a port") }
    }

    fn ask(&self, path: &str) -> String {
        let out = Command::new("curl").args(["-s", &format!("http://127.0.0.1:{}{path}", self.port)]).output().expect("curl runs");
        String::from_utf8_lossy(&out.stdout).into_owned()
    }

    fn say(&self, word: &str) {
        self.ask(&format!("/say/{word}"));
    }

    /// Requests, answers "not modified", and the most requests of one host in any second, since last asked.
    fn counts(&self) -> [usize; 3] {
        let text = self.ask("/counts");
        let mut numbers = text.split_whitespace().map(|number| number.parse().expect("a number"));
        std::array::from_fn(|_| numbers.next().expect("three numbers"))
    }
}

impl Drop for Boards {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[derive(Default)]
struct Counts {
    by_host: HashMap<String, Vec<Instant>>,
    unmodified: usize,
    news: bool,
}

type Shared = Arc<Mutex<Counts>>;

async fn serve_boards() {
    let shared = Shared::default();
    let router = Router::new()
        .route("/v1/boards/{board}/jobs", get(board))
        .route("/say/{word}", get(say))
        .route("/counts", get(counts))
        .with_state(shared);
    let listener = tokio::net::TcpListener::bind("0.0.0.0:0").await.expect("a port is free");
    println!("{}", listener.local_addr().expect("a bound socket has an address").port());
    axum::serve(listener, router.into_make_service_with_connect_info::<SocketAddr>()).await.expect("the boards serve");
}

async fn say(State(shared): State<Shared>, Path(word): Path<String>) -> &'static str {
    shared.lock().expect("nobody panics").news = word == "news";
    "ok"
}

async fn counts(State(shared): State<Shared>) -> String {
    let mut counts = shared.lock().expect("nobody panics");
    let asked = std::mem::take(&mut counts.by_host);
    let requests: usize = asked.values().map(Vec::len).sum();
    let within = |moments: &Vec<Instant>| {
        let window = |from: usize| moments[from..].iter().take_while(|at| **at - moments[from] < Duration::from_secs(1)).count();
        (0..moments.len()).map(window).max().unwrap_or(0)
    };
    let most = asked.values().map(within).max().unwrap_or(0);
    format!("{requests} {} {most}", std::mem::take(&mut counts.unmodified))
}

async fn board(
    State(shared): State<Shared>,
    ConnectInfo(_): ConnectInfo<SocketAddr>,
    Path(board): Path<String>,
    headers: HeaderMap,
) -> Response {
    let number: usize = board.trim_start_matches('b').parse().unwrap_or(0);
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default().to_owned();
    let has_news = {
        let mut counts = shared.lock().expect("nobody panics");
        counts.by_host.entry(host).or_default().push(Instant::now());
        counts.news && number.is_multiple_of(10)
    };
    let tag = format!("\"{number}-{has_news}\"");
    if headers.get(header::IF_NONE_MATCH).is_some_and(|given| given == tag.as_str()) {
        shared.lock().expect("nobody panics").unmodified += 1;
        return StatusCode::NOT_MODIFIED.into_response();
    }
    ([(header::CONTENT_TYPE, "application/json".to_owned()), (header::ETAG, tag)], jobs(number, POSTINGS + usize::from(has_news)))
        .into_response()
}

/// A board in Greenhouse's shape: texts of some three kilobytes, each a little different.
fn jobs(number: usize, count: usize) -> String {
    const CITIES: [&str; 5] = ["Bengaluru, India", "Pune, India", "Berlin, Germany", "London, United Kingdom", "Remote - Europe"];
    const SKILLS: [&str; 8] = ["Rust", "Go", "Java", "Python", "Kotlin", "PostgreSQL", "Kafka", "Kubernetes"];
    let mut text = String::from("{\"jobs\":[");
    for job in 0..count {
        let (id, skill) = (number * 1_000 + job, SKILLS[(number + job) % SKILLS.len()]);
        let mut body = String::new();
        for part in 0..12 {
            let _ = write!(body, "&lt;p&gt;You build payment services and APIs in {skill} on PostgreSQL.");
            // No two teams say the same.
            for word in 0..24_usize {
                let chosen = (id * 7_919 + part * 104_729 + word * 1_299_709) % 9_973;
                let _ = write!(body, " matter{chosen}");
            }
            body.push_str(" 3+ years of experience.&lt;/p&gt;");
        }
        let comma = if job == 0 { "" } else { "," };
        let _ = write!(
            text,
            "{comma}{{\"id\":{id},\"title\":\"{skill} Backend Engineer {id}\",\"company_name\":\"Employer {number}\",\"location\":{{\"name\":\"{}\"}},\
             \"absolute_url\":\"https://board.example/{id}\",\"first_published\":\"2026-11-01T10:00:00Z\",\"content\":\"{body}\"}}",
            CITIES[id % CITIES.len()]
        );
    }
    let _ = write!(text, "],\"meta\":{{\"total\":{count}}}}}");
    text
}
