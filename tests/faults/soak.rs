//! F27: weeks of work in little time. Hour after hour the clock is moved on, a board brings jobs and takes others away, the passes run, and a mail
//! server that is not always well takes the letters. At the end every job has reached everybody who wished for it, once, and memory and
//! log are as large as after the first days.
//!
//! `ROLECALL_SOAK_DAYS=30 ROLECALL_SOAK_PEOPLE=10000` is the month of the figures in `docs/FAULTS.md`; by default a day of few people.
//! The service lives in a process of its own (`soak_service.rs`), so that what it holds is its own.

use std::fmt::Write as _;
use std::process::{Command, Stdio};
use std::time::Instant;

use chrono::{DateTime, TimeDelta, Timelike as _, Utc};
use rolecall::clock::Clock;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{UnixListener, UnixStream};

use crate::soak_board::SoakBoard;
use crate::soak_post::SoakPost;
use crate::soak_service::{PLACE, plays_the_service};
use crate::{from_environment, say};

/// Whoever is weekly has to get the last jobs too: so many days without new ones follow.
const QUIET_DAYS: usize = 8;
/// Memory is compared with that after so many days.
const WARM_UP_DAYS: usize = 3;
/// It may be this much of that at the end, in hundredths, where the days are enough to tell.
const MOST_MEMORY: u64 = 105;
const ENOUGH_DAYS: usize = 7;
/// SQLite's log may grow to this size: 64 MB.
const MOST_LOG: u64 = 64 << 20;

const ZONES: [&str; 5] = ["Asia/Kolkata", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "UTC"];

/// The wishes and the rhythm of a person: most daily, some at once, some weekly.
fn person(number: usize) -> Value {
    let zone = ZONES[number % ZONES.len()];
    let delivery = match number % 10 {
        0 => json!({"frequency": "instant"}),
        1 => json!({"frequency": "weekly", "days": ["thu"], "at": "09:00", "time_zone": zone}),
        hour => json!({"frequency": "daily", "at": format!("{:02}:30", hour + 5), "time_zone": zone}),
    };
    let wish = SoakBoard::word(number);
    json!({"email": format!("person{number}@example.org"), "name": "Soak", "preferences": {"keywords": wish}, "delivery": delivery})
}

/// The other end of the service's ear.
struct Service {
    talk: BufReader<UnixStream>,
    process: std::process::Child,
}

impl Service {
    async fn start(folder: &std::path::Path) -> Self {
        let place = folder.join("place");
        let listener = UnixListener::bind(&place).unwrap();
        let mut again = Command::new(std::env::current_exe().unwrap());
        let name = "soak::weeks_of_work_lose_nothing_double_nothing_and_grow_nothing";
        again.args([name, "--exact", "--nocapture"]).env(PLACE, folder);
        let process = again.stdout(Stdio::null()).spawn().unwrap();
        let (talk, _) = listener.accept().await.unwrap();
        Self { talk: BufReader::new(talk), process }
    }

    /// Has it work at an hour; what it says of itself.
    async fn works_at(&mut self, hour: DateTime<Utc>) -> Value {
        let line = format!("{}\n", hour.to_rfc3339());
        self.talk.get_mut().write_all(line.as_bytes()).await.unwrap();
        let mut said = String::new();
        self.talk.read_line(&mut said).await.unwrap();
        serde_json::from_str(&said).unwrap_or_else(|_| panic!("the service ended at {hour}"))
    }
}

fn configure(folder: &std::path::Path, board: &str, port: u16, people: usize) {
    let data = toml::Value::String(folder.join("data").display().to_string());
    let config = format!(
        "[service]\nbase_url = \"https://alerts.example\"\ndata_dir = {data}\n[mail]\ntransport = \"smtp\"\nfrom = \"Rolecall <alerts@example.org>\"\n\
         [mail.smtp]\nurl = \"smtp://127.0.0.1:{port}\"\nconnections = 8\n[alerts]\nmax_listings = 60\nmax_per_company = 60\n\
         [fetch]\nallow_private_addresses = true\nper_host_interval = \"0s\"\nschedule = \"0 * * * *\"\n\
         [[source]]\nname = \"board\"\nkind = \"greenhouse\"\nboard = \"acme\"\nbase_url = \"{board}\"\n"
    );
    std::fs::write(folder.join("rolecall.toml"), config).unwrap();
    let mut lines = String::new();
    for number in 0..people {
        writeln!(lines, "{}", person(number)).unwrap();
    }
    std::fs::write(folder.join("people.ndjson"), lines).unwrap();
}

fn finish(folder: &std::path::Path, arguments: &[&str]) -> Vec<u8> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rolecall"));
    let done = command.args(arguments).arg("--config").arg(folder.join("rolecall.toml")).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    done.stdout
}

/// The next whole hour of the machine's clock: what was written until now lies before it.
fn next_hour() -> DateTime<Utc> {
    (Clock::System.now() + TimeDelta::hours(1)).with_minute(0).unwrap().with_second(0).unwrap().with_nanosecond(0).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn weeks_of_work_lose_nothing_double_nothing_and_grow_nothing() {
    if let Some(folder) = std::env::var_os(PLACE) {
        return plays_the_service(folder.as_ref()).await;
    }
    let (days, people) = (from_environment("ROLECALL_SOAK_DAYS", 1), from_environment("ROLECALL_SOAK_PEOPLE", 30));
    let (folder, begun) = (tempfile::tempdir().unwrap(), Instant::now());
    let (board, post) = (SoakBoard::default(), SoakPost::default());
    configure(folder.path(), &board.open().await, post.open().await, people);
    finish(folder.path(), &["run"]);
    finish(folder.path(), &["subscriber", "import", &folder.path().join("people.ndjson").display().to_string()]);
    let mut service = Service::start(folder.path()).await;
    let (mut hour, mut most_log, mut memory) = (next_hour(), 0, Vec::new());
    for day in 0..days + QUIET_DAYS {
        let mut told = Value::Null;
        // Where nothing new comes, a look every third hour is enough.
        let step = if day < days { 1 } else { 3 };
        for of_day in (0..24).step_by(step) {
            if day < days {
                board.next_hour();
            }
            // Every third night the mail server is away for two hours.
            post.away(day % 3 == 2 && (2..4).contains(&of_day));
            told = service.works_at(hour).await;
            most_log = most_log.max(told["log"].as_u64().unwrap());
            hour += TimeDelta::hours(i64::try_from(step).unwrap());
        }
        memory.push(told["memory"].as_u64().unwrap());
        if days > 1 {
            say(&format!("day {day}: {told}, letters {}, {:.0} s", post.letters(), begun.elapsed().as_secs_f64()));
        }
    }
    drop(service.talk);
    assert!(service.process.wait().unwrap().success());
    let verdict = post.judge(&board, people);
    let status: Value = serde_json::from_slice(&finish(folder.path(), &["status", "--json"])).unwrap();
    let warm = memory[WARM_UP_DAYS.min(memory.len() - 1)];
    say(&format!(
        "{} days, {people} people, {} jobs: {verdict}; memory {warm} KiB after {WARM_UP_DAYS} days and {} KiB at the end; log {} KiB at most; {:.0} s",
        days + QUIET_DAYS,
        board.jobs(),
        memory.last().unwrap(),
        most_log >> 10,
        begun.elapsed().as_secs_f64()
    ));
    assert!(verdict.lost == 0 && verdict.doubled == 0, "{verdict}");
    assert_eq!((status["pending"].as_u64(), status["failed"].as_u64()), (Some(0), Some(0)), "{status}");
    let accounted = status["delivered"].as_u64().unwrap() + status["unknown"].as_u64().unwrap_or(0);
    // What is older than its retention is gone from the rows.
    assert_eq!(accounted, verdict.letters, "{status}");
    let grown = memory.last().unwrap() * 100 > warm * MOST_MEMORY;
    assert!(days < ENOUGH_DAYS || !grown, "memory grew: {memory:?}");
    assert!(most_log <= MOST_LOG, "the log had {most_log} bytes");
}
